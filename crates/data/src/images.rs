//! The images of a data set in memory, from the files that are being received.

use counterfeit_kernels::grey;

use super::incoming::Incoming;
use super::made::Made;
use super::{DataError, DataSet, DatasetSpec, IdxReader, Kind, Part, SampleShape};

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

    /// Finishes a file: checks that it is whole, its count against the partner file, and all that the specification
    /// says of it.
    pub fn finish(&mut self, part: Part) -> Result<(), DataError> {
        let shape = self.info.shape;
        let file = &mut self.files[part as usize];
        let reader = file.reader.get_or_insert_with(|| IdxReader::new(part.kind(), shape));
        let count = reader.finish()?;
        if let Some(other) = self.whole_count(part.partner())
            && other != count
        {
            let (images, labels) = if part.kind() == Kind::Images { (count, other) } else { (other, count) };
            return Err(DataError::CountsDiffer { images, labels });
        }
        self.check(part, count)?;
        self.files[part as usize].complete = true;
        Ok(())
    }

    /// Checks a whole file of `count` entries against the specification: its entries, its labels, its bytes.
    fn check(&mut self, part: Part, count: usize) -> Result<(), DataError> {
        let expected = self.info.entries(part);
        if count != expected {
            return Err(DataError::OtherCount { found: count, expected });
        }
        let classes = self.info.classes.len();
        if part.kind() == Kind::Labels
            && let Some(&found) = self.body(part).iter().find(|&&label| usize::from(label) >= classes)
        {
            return Err(DataError::OtherClass { found, classes });
        }
        let file = &mut self.files[part as usize];
        let bytes = file.reader.as_ref().map_or(0, IdxReader::bytes);
        let checksum = file.checksum();
        match self.info.files.iter().find(|file| file.part == part) {
            Some(info) if info.bytes != bytes => Err(DataError::OtherLength { found: bytes, expected: info.bytes }),
            Some(info) if info.sha256 == checksum => Ok(()),
            _ => Err(DataError::Altered { found: checksum }),
        }
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
    use crate::{FileInfo, IMAGE_SETS};

    const SHAPE: SampleShape = SampleShape::image(1, 28);
    const PIXELS: usize = SHAPE.values();

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

    /// The error of a file of MNIST's.
    fn refused(part: Part, file: &[u8]) -> DataError {
        let mut images = Images::new(DataSet::Mnist);
        images.push(part, file).unwrap();
        images.finish(part).unwrap_err()
    }

    #[test]
    fn an_altered_file_is_refused() {
        let labels = [idx(&[60_000], 0), vec![9; 60_000]].concat();
        assert!(matches!(refused(Part::TrainLabels, &labels), DataError::Altered { .. }));
    }

    #[test]
    fn a_file_that_is_not_as_specified_is_refused_with_the_difference() {
        let few = refused(Part::TrainLabels, &idx(&[5], 5));
        assert_eq!(few, DataError::OtherCount { found: 5, expected: 60_000 });
        assert!(few.to_string().contains("holds 5 entries; the data set has 60000"), "{few}");
        let images = refused(Part::TestImages, &idx(&[3, 28, 28], 3 * PIXELS));
        assert_eq!(images, DataError::OtherCount { found: 3, expected: 10_000 });
        let labels = [idx(&[10_000], 0), vec![10; 10_000]].concat();
        let class = refused(Part::TestLabels, &labels);
        assert_eq!(class, DataError::OtherClass { found: 10, classes: 10 });
        assert!(class.to_string().contains("is 10; the data set has 10 classes"), "{class}");
    }

    #[test]
    fn a_specification_with_another_length_is_told_from_an_altered_file() {
        let info = FileInfo { bytes: 14, ..IMAGE_SETS[0].files[Part::TrainLabels as usize].clone() };
        let spec = DatasetSpec { train: 5, files: vec![info].leak(), ..IMAGE_SETS[0].clone() };
        let info: &'static DatasetSpec = Box::leak(Box::new(spec));
        let mut images = Images { info, files: Default::default(), made: None };
        images.push(Part::TrainLabels, &idx(&[5], 5)).unwrap();
        assert_eq!(images.finish(Part::TrainLabels), Err(DataError::OtherLength { found: 13, expected: 14 }));
    }

    /// Otherwise the length in a specification would be noticed by its first visitor.
    #[test]
    fn the_bytes_of_a_specification_are_those_of_its_entries() {
        for spec in &IMAGE_SETS {
            for file in spec.files {
                let mut reader = IdxReader::new(file.part.kind(), spec.shape);
                let (entries, dims) = (spec.entries(file.part), spec.shape.dims());
                let grey = usize::from(spec.shape.channels == 1);
                let dims = if file.part.kind() == Kind::Images { &dims[grey..] } else { &[] };
                let header: Vec<u32> = std::iter::once(entries).chain(dims.iter().copied()).map(|d| d as u32).collect();
                reader.push(&idx(&header, 0)).unwrap();
                let body = entries * dims.iter().product::<usize>();
                assert_eq!(file.bytes, reader.bytes() + body, "{}, {:?}", spec.key, file.part);
            }
        }
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
