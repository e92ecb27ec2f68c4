//! The data sets and their properties. What each set of images is, with its files: `image_sets.rs`.

use counterfeit_spec::{Alternative, Choice};
use serde::{Deserialize, Serialize};

use super::image_sets::IMAGE_SETS;
use super::{Kind, SampleShape, TOYS};

/// The source of real samples: files of images that the page can fetch, or a known density (see `density.rs`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DataSet {
    Mnist,
    Fashion,
    /// Discs, squares and triangles, drawn by code.
    Shapes,
    /// Coloured balls, drawn by code.
    Marbles,
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

/// The specification of a set of images: all that the core, the loader and the picker know about it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct DatasetSpec {
    #[serde(skip)]
    pub set: DataSet,
    /// Key in configurations, URLs and files.
    #[serde(rename = "id")]
    pub key: &'static str,
    pub name: &'static str,
    pub about: &'static str,
    /// Shape of an image, with which [`SampleShape::check_image`] agrees.
    pub shape: SampleShape,
    /// Number of training images and of test images.
    pub train: usize,
    pub test: usize,
    /// Names of the classes, by label; empty if images have none.
    pub classes: &'static [&'static str],
    /// Whether `counterfeit classifier` has made a classifier of these images, from which the metrics of classes come.
    pub classifier: bool,
    pub source: &'static str,
    pub source_url: &'static str,
    pub licence: &'static str,
    /// By part; empty if the images are drawn by code (`made.rs`).
    pub files: &'static [FileInfo],
    pub fallback: Option<Fallback>,
}

impl DatasetSpec {
    /// Number of entries of a file: images, or labels.
    pub fn entries(&self, part: Part) -> usize {
        match part {
            Part::TrainImages | Part::TrainLabels => self.train,
            Part::TestImages | Part::TestLabels => self.test,
        }
    }
}

/// Values of InfoGAN's categorical code on images without classes: ten, as for each code on CelebA (Chen et al. 2016,
/// appendix C).
const CATEGORIES: usize = 10;

impl DataSet {
    /// Key in configurations, URLs and files.
    pub fn key(self) -> &'static str {
        self.spec().map(|spec| spec.key).or(self.toy().map(|toy| toy.key)).unwrap_or_default()
    }

    /// The type of its samples.
    pub fn space(self) -> Space {
        self.toy().map_or(Space::Images, |toy| toy.space)
    }

    /// Shape of a sample.
    pub fn shape(self) -> SampleShape {
        match self.spec() {
            Some(spec) => spec.shape,
            None => SampleShape::point(if self.space() == Space::Plane { 2 } else { 1 }),
        }
    }

    /// Number of values of a sample.
    pub fn values(self) -> usize {
        self.shape().values()
    }

    /// Number of classes; 0 for densities and for images without labels.
    pub fn classes(self) -> usize {
        self.spec().map_or(0, |spec| spec.classes.len())
    }

    /// Number of values of InfoGAN's categorical code: one for each class.
    pub fn categories(self) -> usize {
        if self.classes() > 0 { self.classes() } else { CATEGORIES }
    }

    /// The specification of a set of images; None for a density.
    pub fn spec(self) -> Option<&'static DatasetSpec> {
        IMAGE_SETS.iter().find(|spec| spec.set == self)
    }
}

impl Choice for DataSet {
    /// Images, then toy data.
    fn alternatives() -> Vec<Alternative> {
        let images = IMAGE_SETS.iter().map(|spec| Alternative { value: spec.key, label: spec.name });
        images.chain(TOYS.iter().map(|toy| Alternative { value: toy.key, label: toy.name })).collect()
    }

    fn key(self) -> &'static str {
        DataSet::key(self)
    }

    fn from_key(key: &str) -> Option<Self> {
        let mut sets = IMAGE_SETS.iter().map(|spec| spec.set).chain(TOYS.iter().map(|toy| toy.set));
        sets.find(|set| set.key() == key)
    }
}
