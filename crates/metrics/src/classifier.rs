//! The fixed classifier whose features the metrics use: trained once by `counterfeit classifier` and shipped as a file.
//! Its version changes with the file, so that metrics stay comparable.

use burn::tensor::{Device, Tensor, TensorData};
use counterfeit_kernels::grey;
use counterfeit_nn::lenet::{self, CLASSES, FEATURES, PIXELS};
use counterfeit_nn::{Layer, Mode, Network, Plan};
use counterfeit_random::{Random, Stream};
use half::f16;
use thiserror::Error;

use super::classes::likeliest;

/// Magic number of a classifier file.
const MAGIC: [u8; 8] = *b"CFLENET\n";
/// Bytes before the weights: the magic number, the version and the scale.
const HEADER: usize = MAGIC.len() + 4 + 4;

/// Why a file is not a classifier.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ClassifierError {
    #[error("This is not a classifier file: its first bytes differ.")]
    Magic,
    #[error(
        "The classifier file has {found} bytes instead of {expected}: it was cut off, or belongs to another version of the page."
    )]
    Length { found: usize, expected: usize },
}

/// The network whose features the metrics use: a classifier of 28x28 images into ten classes or, for other images, its
/// features alone with random weights. It runs on the CPU, so that evaluation does not wait for training on a GPU.
pub struct Classifier {
    /// Metrics of different versions are not comparable. None for random features.
    pub version: Option<u32>,
    /// Scale of the features, so that those of real images have mean square 1.
    scale: f32,
    features: Network,
    /// None for random features.
    head: Option<Network>,
}

/// Features and logits of images, row by row.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Embedding {
    /// `[n, 64]`
    pub features: Vec<f32>,
    /// `[n, 10]`; empty without a head.
    pub logits: Vec<f32>,
}

impl Classifier {
    /// Size of a classifier file in bytes.
    pub fn file_bytes() -> usize {
        HEADER + 2 * (lenet::features(0.0).weights.count() + lenet::head(0.0).weights.count())
    }

    /// Creates a classifier from networks with the plans of [`lenet`], with any dropout.
    pub fn new(version: u32, features: Network, head: Network) -> Self {
        Self { version: Some(version), scale: 1.0, features, head: Some(head) }
    }

    /// Creates the features alone, with fixed random weights, for images that no classifier knows. Naeem et al. 2020
    /// found that such features, there of a VGG-16, tell distributions apart without the bias of trained ones.
    /// [`Classifier::calibrate`] sets their scale.
    pub fn random(shape: [usize; 3]) -> Self {
        let mut rng = Random::new(0, Stream::Classifier);
        let features = Network::new(lenet::features_of(shape, 0.0), &mut rng, &Device::flex());
        Self { version: None, scale: 1.0, features, head: None }
    }

    /// Sets the scale so that the features of these images have mean square 1. Logits do not change.
    pub fn scale_to(&mut self, pixels: &[u8]) {
        self.scale = 1.0;
        self.scale = unit_scale(&self.embed(pixels).features);
    }

    /// Sets the scale of random features so that those of the training images, `embeddings[0]`, have mean square 1, and
    /// scales what has been embedded. A classifier has its scale from its file.
    pub fn calibrate(&mut self, embeddings: [&mut Embedding; 2]) {
        if self.head.is_none() {
            let factor = unit_scale(&embeddings[0].features);
            self.scale *= factor;
            embeddings.into_iter().flat_map(|e| &mut e.features).for_each(|v| *v *= factor);
        }
    }

    /// Reads a file that [`Classifier::file`] made.
    pub fn read(bytes: &[u8]) -> Result<Self, ClassifierError> {
        if !bytes.starts_with(&MAGIC) {
            return Err(ClassifierError::Magic);
        }
        let expected = Self::file_bytes();
        if bytes.len() != expected {
            return Err(ClassifierError::Length { found: bytes.len(), expected });
        }
        let (header, weights) = bytes.split_at(HEADER);
        let version = u32::from_le_bytes([header[8], header[9], header[10], header[11]]);
        let scale = f32::from_le_bytes([header[12], header[13], header[14], header[15]]);
        let mut values = weights.chunks_exact(2).map(|b| f16::from_le_bytes([b[0], b[1]]).to_f32());
        let features = restore(lenet::features(0.0), &mut values);
        let head = restore(lenet::head(0.0), &mut values);
        Ok(Self { version: Some(version), scale, features, head: Some(head) })
    }

    /// The file: magic number, version, scale, then every learnt value of features and head in half precision, little
    /// endian.
    pub fn file(&self) -> Vec<u8> {
        let mut file = MAGIC.to_vec();
        file.extend(self.version.unwrap_or_default().to_le_bytes());
        file.extend(self.scale.to_le_bytes());
        for network in std::iter::once(&self.features).chain(&self.head) {
            let weights = values(network.weights.clone());
            for slot in &network.plan.weights.slots {
                file.extend(weights[slot.range()].iter().flat_map(|&v| f16::from_f32(v).to_le_bytes()));
            }
        }
        file
    }

    /// Number of values of an image.
    fn values(&self) -> usize {
        match self.features.plan.layers.first() {
            Some(Layer::ToImage(shape)) => shape.iter().product(),
            _ => PIXELS,
        }
    }

    /// Features and logits of images, one byte a value.
    pub fn embed(&self, pixels: &[u8]) -> Embedding {
        let width = self.values();
        let n = pixels.len() / width;
        if n == 0 {
            return Embedding::default();
        }
        let images = Tensor::from_data(TensorData::new(grey::floats(pixels), [n, width]), &Device::flex());
        let features = self.features.frozen().forward(images, Mode::Sample); // [n, 64]
        let logits = self.head.as_ref().map(|head| head.frozen().forward(features.clone(), Mode::Sample)); // [n, 10]
        let features = values(features).into_iter().map(|v| self.scale * v).collect();
        Embedding { features, logits: logits.map(values).unwrap_or_default() }
    }
}

impl Embedding {
    pub fn len(&self) -> usize {
        self.features.len() / FEATURES
    }

    /// The most likely class of each image; empty without a head.
    pub fn classes(&self) -> Vec<u8> {
        self.logits.chunks_exact(CLASSES).map(|row| likeliest(row) as u8).collect()
    }

    pub fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    pub fn append(&mut self, other: Embedding) {
        self.features.extend(other.features);
        self.logits.extend(other.logits);
    }

    /// Keeps the first `n`.
    pub fn truncate(&mut self, n: usize) {
        self.features.truncate(n * FEATURES);
        self.logits.truncate(n * CLASSES);
    }
}

/// The factor that makes the mean square of these values 1.
fn unit_scale(features: &[f32]) -> f32 {
    let mean = features.iter().map(|&v| f64::from(v) * f64::from(v)).sum::<f64>() / features.len().max(1) as f64;
    (1.0 / mean.sqrt().max(f64::MIN_POSITIVE)) as f32
}

/// Loads a network's weights from the next of the given values.
fn restore(plan: Plan, values: &mut impl Iterator<Item = f32>) -> Network {
    let mut weights = vec![0.0; plan.weights.size()];
    for slot in &plan.weights.slots {
        weights[slot.range()].iter_mut().zip(&mut *values).for_each(|(w, v)| *w = v);
    }
    let mut network = Network::new(plan, &mut Random::new(0, Stream::Classifier), &Device::flex());
    let n = weights.len();
    network.weights = Tensor::from_data(TensorData::new(weights, [n]), &Device::flex());
    network
}

/// The values of a CPU tensor.
fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn untrained() -> Classifier {
        let mut rng = Random::new(1, Stream::Classifier);
        let [features, head] =
            [lenet::features(0.4), lenet::head(0.2)].map(|p| Network::new(p, &mut rng, &Device::flex()));
        Classifier::new(7, features, head)
    }

    #[test]
    fn a_file_survives_the_way_there_and_back() {
        let file = untrained().file();
        let read = Classifier::read(&file).unwrap();
        assert_eq!((read.version, file.len()), (Some(7), Classifier::file_bytes()));
        assert!(read.file() == file);
    }

    #[test]
    fn half_precision_changes_little() {
        let pixels: Vec<u8> = (0..3 * PIXELS as u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 20) as u8).collect();
        let (before, after) =
            (untrained().embed(&pixels), Classifier::read(&untrained().file()).unwrap().embed(&pixels));
        assert_eq!((before.features.len(), before.logits.len(), before.len()), (3 * FEATURES, 30, 3));
        let largest = before.logits.iter().fold(0f32, |a, l| a.max(l.abs()));
        // Half precision has 11 bits; three layers of rounded weights.
        assert!(before.logits.iter().zip(&after.logits).all(|(a, b)| (a - b).abs() < 3.0 * largest / 2048.0));
    }

    #[test]
    fn scaled_features_have_a_mean_square_of_one() {
        let pixels: Vec<u8> = (0..5 * PIXELS as u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 20) as u8).collect();
        let mut classifier = untrained();
        let logits = classifier.embed(&pixels).logits;
        classifier.scale_to(&pixels);
        let after = Classifier::read(&classifier.file()).unwrap().embed(&pixels);
        let mean = after.features.iter().map(|v| v * v).sum::<f32>() / after.features.len() as f32;
        assert!((mean - 1.0).abs() < 1e-2, "{mean}");
        assert_eq!(classifier.embed(&pixels).logits, logits);
    }

    #[test]
    fn random_features_are_the_same_every_time_and_name_no_class() {
        let (shape, values) = ([3, 32, 32], 3 * 32 * 32);
        let pixels: Vec<u8> = (0..4 * values as u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 20) as u8).collect();
        let [mut first, second] = [0; 2].map(|_| Classifier::random(shape));
        let (mut a, mut b) = (first.embed(&pixels), second.embed(&pixels));
        assert_eq!((a.len(), a.classes().len(), first.version), (4, 0, None));
        assert_eq!(a, b);
        first.calibrate([&mut a, &mut b]);
        assert_eq!(a, b);
        let mean = a.features.iter().map(|v| v * v).sum::<f32>() / a.features.len() as f32;
        assert!((mean - 1.0).abs() < 1e-3, "{mean}");
        let again = first.embed(&pixels).features;
        assert!(again.iter().zip(&a.features).all(|(x, y)| (x - y).abs() < 1e-4 * y.abs().max(1e-3)));
        // A classifier keeps its scale.
        let mut classifier = untrained();
        let mut embedded = classifier.embed(&pixels[..3 * PIXELS]);
        let before = embedded.clone();
        classifier.calibrate([&mut embedded, &mut Embedding::default()]);
        assert_eq!(embedded, before);
    }

    #[test]
    fn other_files_are_refused() {
        let file = untrained().file();
        assert_eq!(Classifier::read(b"<!doctype html>").err(), Some(ClassifierError::Magic));
        let cut = Classifier::read(&file[..1000]).err();
        assert_eq!(cut, Some(ClassifierError::Length { found: 1000, expected: file.len() }));
    }
}
