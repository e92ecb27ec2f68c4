//! Streaming reader of MNIST's IDX format: a magic number, big-endian dimensions, then one byte per value. Images in
//! colour have four dimensions: number, channels, rows, columns.

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
    #[error(
        "The file holds {found} entries; the data set has {expected}. It is another file, or the data set's \
         specification names another number."
    )]
    OtherCount { found: usize, expected: usize },
    #[error("The file has {found} bytes; the data set's specification says {expected}.")]
    OtherLength { found: usize, expected: usize },
    #[error("A label in the file is {found}; the data set has {classes} classes, from 0.")]
    OtherClass { found: u8, classes: usize },
    #[error("The file's checksum is not the published one (it is {found}). It was altered or damaged on the way.")]
    Altered { found: String },
}

/// The content of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Images,
    Labels,
}

/// Upper bound of a file's number of entries: gigabytes of pixels are more than a tab can use.
const LIMIT: u32 = 1_000_000;

/// A file that is parsed as its bytes arrive.
pub struct IdxReader {
    kind: Kind,
    /// Shape of an image, and its dimensions.
    shape: SampleShape,
    dims: [usize; 3],
    header: Vec<u8>,
    /// Known once the header is complete.
    count: Option<usize>,
    body: Vec<u8>,
}

impl IdxReader {
    pub fn new(kind: Kind, shape: SampleShape) -> Self {
        Self { kind, shape, dims: shape.dims(), header: Vec::new(), count: None, body: Vec::new() }
    }

    /// The dimensions of an entry, as the header has them: a grey image has none for its channel.
    fn dims(&self) -> &[usize] {
        let grey = usize::from(self.shape.channels == 1);
        if self.kind == Kind::Labels { &[] } else { &self.dims[grey..] }
    }

    /// Third byte 8: unsigned bytes. Fourth byte: number of dimensions.
    fn magic(&self) -> u32 {
        0x0801 + self.dims().len() as u32
    }

    /// Length of the header in bytes.
    fn header_bytes(&self) -> usize {
        8 + 4 * self.dims().len()
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
        let missing = self.header_bytes() - self.header.len();
        let (head, body) = bytes.split_at(missing.min(bytes.len()));
        self.header.extend_from_slice(head);
        self.check_magic()?;
        if self.count.is_none() && self.header.len() == self.header_bytes() {
            let count = self.read_header()?;
            self.body.reserve_exact(count * self.entry());
            self.count = Some(count);
        }
        if let Some(count) = self.count {
            let expected = count * self.entry();
            if self.body.len() + body.len() > expected {
                return Err(DataError::Trailing { expected: expected + self.header_bytes() });
            }
            self.body.extend_from_slice(body);
        }
        Ok(())
    }

    fn word(&self, i: usize) -> u32 {
        self.header[4 * i..4 * i + 4].iter().fold(0, |word, &byte| word << 8 | u32::from(byte))
    }

    fn check_magic(&self) -> Result<(), DataError> {
        let expected = self.magic();
        if self.header.len() >= 4 && self.word(0) != expected {
            return Err(DataError::WrongMagic { expected, found: self.word(0) });
        }
        Ok(())
    }

    fn read_header(&self) -> Result<usize, DataError> {
        let n = self.dims().len();
        if self.dims().iter().enumerate().any(|(i, &dim)| self.word(2 + i) as usize != dim) {
            // Of images: labels have no dimensions.
            return Err(DataError::WrongSize {
                rows: self.word(n),
                columns: self.word(n + 1),
                side: self.shape.height,
            });
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

    /// Bytes that have arrived.
    pub fn bytes(&self) -> usize {
        self.header.len() + self.body.len()
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
        let found = self.bytes();
        let expected = self.header_bytes() + self.count.unwrap_or(0) * self.entry();
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
    fn images_in_colour_have_a_dimension_more() {
        let shape = SampleShape::image(3, 16);
        let read = |file: &[u8]| {
            let mut reader = IdxReader::new(Kind::Images, shape);
            reader.push(file)?;
            reader.finish()
        };
        assert_eq!(read(&file(0x804, &[2, 3, 16, 16], 2 * shape.values())), Ok(2));
        assert!(matches!(read(&file(0x803, &[2, 16, 16], 512)), Err(DataError::WrongMagic { expected: 0x804, .. })));
        let wide = read(&file(0x804, &[2, 3, 16, 28], 0));
        assert_eq!(wide, Err(DataError::WrongSize { rows: 16, columns: 28, side: 16 }));
        let mut labels = IdxReader::new(Kind::Labels, shape);
        assert_eq!(labels.push(&file(0x801, &[5], 5)).and_then(|()| labels.finish()), Ok(5));
    }

    #[test]
    fn an_absurd_header_allocates_nothing() {
        let mut reader = IdxReader::new(Kind::Images, SHAPE);
        assert!(reader.push(&file(0x803, &[u32::MAX, 28, 28], 0)).is_err());
        assert_eq!(reader.body.capacity(), 0);
    }
}
