//! The shipped classifiers on the real test sets.

use std::io::Write;

use counterfeit::data::{DataSet, Images, Part};
use counterfeit::metrics::Embedding;
use counterfeit::metrics::{self, Points, class_report, shares};
use counterfeit::nn::lenet::{CLASSES, PIXELS};
use flate2::{Compression, write::GzEncoder};

use super::support::{classifier, file, load};

/// A shipped classifier, its data set, and its embeddings of the test images.
struct Shipped {
    file: Vec<u8>,
    images: Images,
    looks: Embedding,
}

fn shipped(set: DataSet, name: &str) -> Shipped {
    let images = load(set, &[Part::TestImages, Part::TestLabels]);
    let classifier = classifier(name);
    let mut looks = Embedding::default();
    images.body(Part::TestImages).chunks(500 * PIXELS).for_each(|pixels| looks.append(classifier.embed(pixels)));
    Shipped { file: file(name), images, looks }
}

fn compressed(bytes: &[u8]) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap().len()
}

#[test]
fn the_classifiers_are_as_good_and_as_small_as_promised() {
    for (set, name, least) in [(DataSet::Mnist, "mnist", 99.3), (DataSet::Fashion, "fashion", 91.5)] {
        let s = shipped(set, name);
        // In percent.
        let accuracy = 100.0 * metrics::accuracy(&s.looks.logits, s.images.body(Part::TestLabels));
        let bytes = compressed(&s.file);
        println!("{name}: {accuracy:.2} %, {bytes} bytes compressed");
        assert!(accuracy >= least, "{name}: {accuracy} %");
        assert!(bytes < 500_000, "{name}: {bytes} bytes");
    }
}

#[test]
fn the_real_test_set_gets_its_own_histogram_and_a_high_score() {
    let s = shipped(DataSet::Mnist, "mnist");
    let truth = shares(s.images.body(Part::TestLabels));
    let report = class_report(Points::new(&s.looks.logits, CLASSES).unwrap(), &truth).unwrap();
    // Fewer than 70 of 10,000 images are misclassified.
    assert!(report.shares.iter().zip(truth).all(|(a, b)| (a - b).abs() < 0.004), "{:?}", report.shares);
    assert!(report.divergence < 1e-3, "{}", report.divergence);
    // LeNet's score of the test set is 9.78 (Binkowski et al. 2018, table 3).
    assert!((9.7..10.0).contains(&report.score), "{}", report.score);
}
