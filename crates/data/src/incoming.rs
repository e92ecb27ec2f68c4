//! A file that is being received, with its checksum.

use sha2::{Digest, Sha256};

use super::{BLOCK, DataError, IdxReader, Kind, SampleShape};

/// A file that is being received.
#[derive(Default)]
pub(super) struct Incoming {
    pub reader: Option<IdxReader>,
    digest: Sha256,
    /// Number of bytes in the digest, including the header.
    digested: usize,
    /// Whether it has come whole and was as specified.
    pub complete: bool,
}

impl Incoming {
    /// Takes the next bytes of a decompressed file.
    pub fn push(&mut self, kind: Kind, shape: SampleShape, bytes: &[u8]) -> Result<(), DataError> {
        let reader = self.reader.get_or_insert_with(|| IdxReader::new(kind, shape));
        reader.push(bytes)?;
        // Training starts as soon as a block of images is here, and hashing it first would delay that by a tenth of a
        // second. The checksum is needed only at the end: two bytes are hashed per received byte after the block, until
        // the digest has caught up.
        if reader.body().len() > BLOCK * shape.values() {
            self.digest_on(2 * bytes.len());
        }
        Ok(())
    }

    /// Hashes up to `most` more bytes.
    fn digest_on(&mut self, most: usize) {
        let Some(reader) = &self.reader else { return };
        let header = reader.header();
        if self.digested < header.len() {
            self.digest.update(header);
            self.digested = header.len();
        }
        let next = &reader.body()[self.digested - header.len()..];
        let next = &next[..most.min(next.len())];
        self.digest.update(next);
        self.digested += next.len();
    }

    /// SHA-256 of all bytes received, in hexadecimal.
    pub fn checksum(&mut self) -> String {
        self.digest_on(usize::MAX);
        std::mem::take(&mut self.digest).finalize().iter().map(|b| format!("{b:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: SampleShape = SampleShape::image(1, 28);
    const PIXELS: usize = SHAPE.values();
    const UNCHECKED: usize = BLOCK * PIXELS;

    fn idx(dims: &[u32], body: usize) -> Vec<u8> {
        let mut file = vec![0, 0, 8, dims.len() as u8];
        dims.iter().for_each(|d| file.extend(d.to_be_bytes()));
        file.extend((0..body).map(|i| i as u8));
        file
    }

    #[test]
    fn the_checksum_is_of_the_whole_file_whatever_the_pieces() {
        let file = idx(&[BLOCK as u32 + 2, 28, 28], UNCHECKED + 2 * PIXELS);
        let expected: String = Sha256::digest(&file).iter().map(|b| format!("{b:02x}")).collect();
        for piece in [700_001, UNCHECKED + 16, file.len()] {
            let mut incoming = Incoming::default();
            file.chunks(piece).for_each(|bytes| incoming.push(Kind::Images, SHAPE, bytes).unwrap());
            incoming.push(Kind::Images, SHAPE, &[]).unwrap();
            assert_eq!(incoming.checksum(), expected, "in pieces of {piece}");
        }
        let mut incoming = Incoming::default();
        incoming.push(Kind::Images, SHAPE, &file[..UNCHECKED + 16]).unwrap();
        assert_eq!(incoming.digested, 0, "the first block was looked at before more had come");
    }
}
