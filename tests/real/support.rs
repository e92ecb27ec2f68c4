//! Loads the real data sets and the shipped classifiers.

use std::fs;
use std::path::Path;

use counterfeit::data::{DataSet, Images, Part};
use counterfeit::metrics::Classifier;
pub use counterfeit_cli::{configuration, wait};

/// Loads parts of a data set from the folder that `make data` creates.
pub fn load(set: DataSet, parts: &[Part]) -> Images {
    counterfeit_cli::load(Path::new("www/public/data"), set, parts).unwrap_or_else(|e| panic!("{e}"))
}

/// The bytes of a shipped classifier.
pub fn file(name: &str) -> Vec<u8> {
    fs::read(format!("www/classifiers/{name}.bin")).unwrap()
}

pub fn classifier(name: &str) -> Classifier {
    Classifier::read(&file(name)).unwrap()
}
