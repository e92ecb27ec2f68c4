//! Streaming reader of MNIST's IDX format: a magic number, big-endian dimensions, then one byte per value.

use thiserror::Error;

use super::SampleShape;

/// An error in a data file, with a message for readers who do not know IDX.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DataError {
    #[error(
        "This is not an MNIST file: it should begin with {expected:#010x} and begins with {found:#010x}. The server \
         probably sent something else, such as a web page."
    )]
    WrongMagic { expected: u32, found: u32 },
    #[error("The images in this file are {rows}x{columns} pixels; they should be {side}x{side}.")]
    WrongSize { rows: u32, columns: u32, side: usize },
    #[error(
        "The file claims to hold {count} entries, more than any data set here has ({limit}). Its header is \
        damaged."
    )]
    Absurd { count: u32, limit: u32 },
    #[error("The file ends too early: {found} of {expected} bytes arrived. The download was cut off.")]
    Truncated { expected: usize, found: usize },
    #[error(
        "The file continues after its last entry ({expected} bytes expected). It is damaged or not the right \
        file."
    )]
    Trailing { expected: usize },
    #[error("There are {images} images but {labels} labels. The two files do not belong together.")]
    CountsDiffer { images: usize, labels: usize },
    #[error("The file's checksum is not the published one (it is {found}). It was altered or damaged on the way.")]
    Altered { found: String },
}

/// The content of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Images,
    Labels,
}

impl Kind {
    /// Third byte 8: unsigned bytes. Fourth byte: number of dimensions.
    fn magic(self) -> u32 {
        match self {
            Kind::Images => 0x0803,
            Kind::Labels => 0x0801,
        }
    }

    fn header(self) -> usize {
        match self {
            Kind::Images => 16,
            Kind::Labels => 8,
        }
    }
}

/// Upper bound of a file's number of entries: 784 MB of pixels are more than a tab can use.
const LIMIT: u32 = 1_000_000;

/// A file that is parsed as its bytes arrive.
pub struct IdxReader {
    kind: Kind,
    /// Shape of an image, of one channel.
    shape: SampleShape,
    header: Vec<u8>,
    /// Known once the header is complete.
    count: Option<usize>,
    body: Vec<u8>,
}

impl IdxReader {
    pub fn new(kind: Kind, shape: SampleShape) -> Self {
        Self { kind, shape, header: Vec::new(), count: None, body: Vec::new() }
    }

    /// Bytes of an entry.
    fn entry(&self) -> usize {
        match self.kind {
            Kind::Images => self.shape.values(),
            Kind::Labels => 1,
        }
    }

    /// Takes the next bytes; returns an error as soon as the file cannot be valid.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), DataError> {
        let missing = self.kind.header() - self.header.len();
        let (head, body) = bytes.split_at(missing.min(bytes.len()));
        self.header.extend_from_slice(head);
        self.check_magic()?;
        if self.count.is_none() && self.header.len() == self.kind.header() {
            let count = self.read_header()?;
            self.body.reserve_exact(count * self.entry());
            self.count = Some(count);
        }
        if let Some(count) = self.count {
            let expected = count * self.entry();
            if self.body.len() + body.len() > expected {
                return Err(DataError::Trailing { expected: expected + self.kind.header() });
            }
            self.body.extend_from_slice(body);
        }
        Ok(())
    }

    fn word(&self, i: usize) -> u32 {
        self.header[4 * i..4 * i + 4].iter().fold(0, |word, &byte| word << 8 | u32::from(byte))
    }

    fn check_magic(&self) -> Result<(), DataError> {
        let expected = self.kind.magic();
        if self.header.len() >= 4 && self.word(0) != expected {
            return Err(DataError::WrongMagic { expected, found: self.word(0) });
        }
        Ok(())
    }

    fn read_header(&self) -> Result<usize, DataError> {
        let [rows, columns] = [self.shape.height, self.shape.width].map(|side| side as u32);
        if self.kind == Kind::Images && [self.word(2), self.word(3)] != [rows, columns] {
            return Err(DataError::WrongSize { rows: self.word(2), columns: self.word(3), side: self.shape.height });
        }
        match self.word(1) {
            count if count > LIMIT => Err(DataError::Absurd { count, limit: LIMIT }),
            count => Ok(count as usize),
        }
    }

    /// Number of entries that have arrived completely.
    pub fn available(&self) -> usize {
        self.body.len() / self.entry()
    }

    /// The bytes of the header that have arrived.
    pub fn header(&self) -> &[u8] {
        &self.header
    }

    /// The values so far, without the header.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Checks that the file is complete and returns the number of entries.
    pub fn finish(&self) -> Result<usize, DataError> {
        let found = self.header.len() + self.body.len();
        let expected = self.kind.header() + self.count.unwrap_or(0) * self.entry();
        match self.count {
            Some(count) if found == expected => Ok(count),
            _ => Err(DataError::Truncated { expected, found }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: SampleShape = SampleShape::image(1, 28);
    const PIXELS: usize = SHAPE.values();

    fn file(magic: u32, dims: &[u32], body: usize) -> Vec<u8> {
        let words = std::iter::once(&magic).chain(dims);
        words.flat_map(|w| w.to_be_bytes()).chain(std::iter::repeat_n(9, body)).collect()
    }

    fn read(kind: Kind, bytes: &[u8]) -> Result<usize, DataError> {
        let mut reader = IdxReader::new(kind, SHAPE);
        reader.push(bytes)?;
        reader.finish()
    }

    #[test]
    fn well_formed_files_are_read_in_pieces_of_any_size() {
        let images = file(0x803, &[2, 28, 28], 2 * PIXELS);
        for size in [1, 3, 16, 17, 1000, 4000] {
            let mut reader = IdxReader::new(Kind::Images, SHAPE);
            images.chunks(size).for_each(|c| reader.push(c).unwrap());
            assert_eq!(reader.finish(), Ok(2), "in pieces of {size}");
            assert_eq!(reader.body(), &images[16..]);
        }
        assert_eq!(read(Kind::Labels, &file(0x801, &[5], 5)), Ok(5));
        assert_eq!(read(Kind::Labels, &file(0x801, &[0], 0)), Ok(0));
    }

    #[test]
    fn every_defect_has_its_own_error() {
        let wrong = read(Kind::Images, b"<!doctype html><html>");
        assert!(matches!(wrong, Err(DataError::WrongMagic { found: 0x3c21646f, .. })));
        // A label file instead of an image file.
        assert!(matches!(read(Kind::Images, &file(0x801, &[5], 5)), Err(DataError::WrongMagic { .. })));
        assert_eq!(
            read(Kind::Images, &file(0x803, &[1, 32, 28], 896)),
            Err(DataError::WrongSize { rows: 32, columns: 28, side: 28 })
        );
        assert_eq!(
            read(Kind::Images, &file(0x803, &[2, 28, 28], PIXELS)),
            Err(DataError::Truncated { expected: 1584, found: 800 })
        );
        assert_eq!(read(Kind::Labels, &file(0x801, &[], 0)), Err(DataError::Truncated { expected: 8, found: 4 }));
        assert_eq!(read(Kind::Labels, &[]), Err(DataError::Truncated { expected: 8, found: 0 }));
        assert_eq!(read(Kind::Labels, &file(0x801, &[5], 6)), Err(DataError::Trailing { expected: 13 }));
        assert_eq!(
            read(Kind::Images, &file(0x803, &[4_000_000_000, 28, 28], 0)),
            Err(DataError::Absurd { count: 4_000_000_000, limit: LIMIT })
        );
    }

    #[test]
    fn an_absurd_header_allocates_nothing() {
        let mut reader = IdxReader::new(Kind::Images, SHAPE);
        assert!(reader.push(&file(0x803, &[u32::MAX, 28, 28], 0)).is_err());
        assert_eq!(reader.body.capacity(), 0);
    }
}
