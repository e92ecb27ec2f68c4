//! Data sets: their properties, loaded images, and densities from which samples are drawn.
//!
//! To add a set of square images: a variant in `catalogue.rs`, its specification in `image_sets.rs`, and the step in
//! `scripts/data.mjs` that makes its files. To add a density: a variant, its entry in `toy.rs` and its shape in
//! `density.rs`.

mod catalogue;
mod density;
mod idx;
mod image_sets;
mod made;
mod points;
mod sampler;
mod shape;
mod toy;

use sha2::{Digest, Sha256};

pub use catalogue::{DataSet, DatasetSpec, Fallback, FileInfo, Part, Space};
pub use density::{Clouds, Density, DensityError, DensityShape, DensitySpec};
pub use idx::{DataError, IdxReader, Kind};
pub use image_sets::IMAGE_SETS;
pub use points::PointSet;
pub use sampler::{BLOCK, Sampler};
pub use shape::{CHANNELS, SIDES, SampleShape, ShapeError};
pub use toy::{TOYS, Toy};

use counterfeit_kernels::grey;
use made::Made;
pub use made::images as drawn_images;

/// A file that is being received.
#[derive(Default)]
struct Incoming {
    reader: Option<IdxReader>,
    digest: Sha256,
    /// Number of bytes in the digest, including the header.
    digested: usize,
    complete: bool,
}

impl Incoming {
    fn push(&mut self, kind: Kind, shape: SampleShape, bytes: &[u8]) -> Result<(), DataError> {
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
    fn checksum(&mut self) -> String {
        self.digest_on(usize::MAX);
        std::mem::take(&mut self.digest).finalize().iter().map(|b| format!("{b:02x}")).collect()
    }
}

/// An image data set in memory, one byte per pixel. Training can use it while it is still being received.
pub struct Images {
    info: &'static DatasetSpec,
    files: [Incoming; 4],
    /// In place of the files, if they are drawn by code.
    made: Option<Made>,
}

impl Images {
    /// An image data set without its files, which are pushed to it, or whole if it is drawn by code; None if `set` is a
    /// density.
    pub fn of(set: DataSet) -> Option<Self> {
        Some(Self { info: set.spec()?, files: Default::default(), made: Made::of(set) })
    }

    /// The same for a set of images.
    ///
    /// # Panics
    /// Panics if `set` is a density.
    pub fn new(set: DataSet) -> Self {
        match Self::of(set) {
            Some(images) => images,
            None => panic!("{set:?} is a density and has no files"),
        }
    }

    pub fn info(&self) -> &'static DatasetSpec {
        self.info
    }

    /// Shape of an image.
    pub fn shape(&self) -> SampleShape {
        self.info.shape
    }

    /// Takes the next bytes of a decompressed file.
    pub fn push(&mut self, part: Part, bytes: &[u8]) -> Result<(), DataError> {
        let shape = self.info.shape;
        self.files[part as usize].push(part.kind(), shape, bytes)
    }

    /// Finishes a file: checks its length, its checksum, and its count against the partner file.
    pub fn finish(&mut self, part: Part) -> Result<(), DataError> {
        let shape = self.info.shape;
        let file = &mut self.files[part as usize];
        let reader = file.reader.get_or_insert_with(|| IdxReader::new(part.kind(), shape));
        let count = reader.finish()?;
        let found = file.checksum();
        if let Some(other) = self.whole_count(part.partner())
            && other != count
        {
            let (images, labels) = if part.kind() == Kind::Images { (count, other) } else { (other, count) };
            return Err(DataError::CountsDiffer { images, labels });
        }
        if !self.info.files.iter().any(|file| file.part == part && file.sha256 == found) {
            return Err(DataError::Altered { found });
        }
        self.files[part as usize].complete = true;
        Ok(())
    }

    /// Discards a file, so that it can be fetched again.
    pub fn restart(&mut self, part: Part) {
        self.files[part as usize] = Incoming::default();
    }

    /// Whether a file is complete and its checksum has been verified.
    pub fn is_complete(&self, part: Part) -> bool {
        self.made.is_some() || self.files[part as usize].complete
    }

    /// Number of entries of a file, once complete.
    fn whole_count(&self, part: Part) -> Option<usize> {
        self.files[part as usize].reader.as_ref().and_then(|r| r.finish().ok())
    }

    /// The bytes of a file that have arrived, without its header: pixels or labels.
    pub fn body(&self, part: Part) -> &[u8] {
        match &self.made {
            Some(made) => made.body(part),
            None => self.files[part as usize].reader.as_ref().map_or(&[], IdxReader::body),
        }
    }

    /// Number of training images that have arrived.
    pub fn available(&self) -> usize {
        self.count(Part::TrainImages)
    }

    /// Number of images of a part that have arrived.
    pub fn count(&self, part: Part) -> usize {
        self.body(part).len() / self.shape().values()
    }

    /// The `i`-th image of a part, one byte a value, 0 black to 255 white. `i` must be below [`Images::count`].
    pub fn image(&self, part: Part, i: usize) -> &[u8] {
        self.shape().nth(self.body(part), i)
    }

    /// The `i`-th training image.
    pub fn pixels(&self, i: usize) -> &[u8] {
        self.image(Part::TrainImages, i)
    }

    /// Number of training images that have arrived with their classes.
    pub fn labelled(&self) -> usize {
        self.available().min(self.body(Part::TrainLabels).len())
    }

    /// Classes of training images below [`Images::labelled`].
    pub fn classes(&self, indices: &[u32]) -> Vec<u8> {
        indices.iter().map(|&i| self.body(Part::TrainLabels)[i as usize]).collect()
    }

    /// A batch as floats in [-1, 1], row by row.
    pub fn batch(&self, indices: &[u32]) -> Vec<f32> {
        let images: Vec<&[u8]> = indices.iter().map(|&i| self.pixels(i as usize)).collect();
        grey::floats(&images.concat())
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
    fn images_are_usable_before_the_file_is_whole() {
        let file = idx(&[3, 28, 28], 3 * PIXELS);
        let mut images = Images::new(DataSet::Mnist);
        images.push(Part::TrainImages, &file[..16 + PIXELS + 5]).unwrap();
        assert_eq!(images.available(), 1);
        images.push(Part::TrainImages, &file[16 + PIXELS + 5..]).unwrap();
        assert_eq!(images.available(), 3);
        assert_eq!(images.pixels(2)[..3], [(2 * PIXELS) as u8, (2 * PIXELS + 1) as u8, (2 * PIXELS + 2) as u8]);
        let floats = images.batch(&[0]);
        assert_eq!((floats[0], floats[255]), (-1.0, 1.0));
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

    #[test]
    fn an_altered_file_is_refused() {
        let mut images = Images::new(DataSet::Mnist);
        images.push(Part::TrainLabels, &idx(&[5], 5)).unwrap();
        assert!(matches!(images.finish(Part::TrainLabels), Err(DataError::Altered { .. })));
    }

    #[test]
    fn counts_that_differ_are_named() {
        let mut images = Images::new(DataSet::Mnist);
        images.push(Part::TestLabels, &idx(&[5], 5)).unwrap();
        let _ = images.finish(Part::TestLabels);
        images.push(Part::TestImages, &idx(&[4, 28, 28], 4 * PIXELS)).unwrap();
        assert_eq!(images.finish(Part::TestImages), Err(DataError::CountsDiffer { images: 4, labels: 5 }));
    }

    #[test]
    fn a_file_can_be_fetched_again_after_an_error() {
        let mut images = Images::new(DataSet::Mnist);
        assert!(images.push(Part::TrainImages, b"<!doctype html>").is_err());
        images.restart(Part::TrainImages);
        images.push(Part::TrainImages, &idx(&[1, 28, 28], PIXELS)).unwrap();
        assert_eq!(images.available(), 1);
    }
}
