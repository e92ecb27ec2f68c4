//! The real data, and what is shipped for it.

use std::fs::{self, File};
use std::io::Read;

use counterfeit::classifier::Classifier;
use counterfeit::data::{DataSet, Images, Part};
use flate2::read::GzDecoder;

/// The named parts, from where `make data` puts them.
pub fn load(set: DataSet, parts: &[Part]) -> Images {
    let mut images = Images::new(set);
    for &part in parts {
        let path = format!("www/public/{}", images.info().files[part as usize].path);
        let file = File::open(&path).unwrap_or_else(|e| panic!("{path}: {e}. Run `make data` first"));
        let mut bytes = Vec::new();
        GzDecoder::new(file).read_to_end(&mut bytes).unwrap();
        images.push(part, &bytes).unwrap();
        images.finish(part).unwrap();
    }
    images
}

/// The file of a shipped classifier.
pub fn file(name: &str) -> Vec<u8> {
    fs::read(format!("www/classifiers/{name}.bin")).unwrap()
}

pub fn classifier(name: &str) -> Classifier {
    Classifier::read(&file(name)).unwrap()
}
