//! `counterfeit classifier`: trains the classifier whose features the metrics use, and writes its file. Seeded. Raise
//! `VERSION` when the file changes: numbers of different versions do not compare.

use std::path::PathBuf;

use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Tensor, TensorData};
use counterfeit::data::{DataSet, DatasetSpec, IMAGE_SETS, Images, Part};
use counterfeit::metrics;
use counterfeit::metrics::Classifier;
use counterfeit::nn::lenet::{self, CLASSES, PIXELS, SIDE};
use counterfeit::nn::{Mode, Network};
use counterfeit::optim::{Method, Optimizer, Rates, flat_gradient};
use counterfeit::random::{Random, Stream};

use crate::args::DataFolder;
use crate::progress::bar;
use crate::{Failure, load};

const VERSION: u32 = 1;
const BATCH: usize = 128;
/// Peak of the learning rate; it falls to zero along a cosine (Loshchilov and Hutter 2017).
const LEARNING_RATE: f64 = 2e-3;
/// One minus the EMA's decay: an average over about the last thousand steps, two epochs.
const AVERAGING: f32 = 1e-3;
/// Number of training images that set the scale of the features.
const SCALED: usize = 10_000;

/// Trains the classifier whose features the metrics use.
///
/// Takes 10 to 15 minutes on one core. Needs `make data` once.
#[derive(clap::Args)]
pub struct Args {
    /// Data set, by its key: mnist or fashion.
    #[arg(long, default_value = "mnist", value_parser = data_set)]
    data_set: DataSet,
    /// Passes over the training set.
    #[arg(long, default_value_t = 20)]
    epochs: usize,
    /// Seed of the weights and of the order of the images.
    #[arg(long, default_value_t = 1)]
    seed: u32,
    /// Dropout rate between the convolutions and the features; half of it after them.
    #[arg(long, default_value_t = 0.4)]
    dropout: f64,
    /// File for the classifier, as www/classifiers/mnist.bin.
    #[arg(long)]
    out: PathBuf,
    #[command(flatten)]
    folder: DataFolder,
}

fn data_set(key: &str) -> Result<DataSet, String> {
    let fits = |spec: &&DatasetSpec| (spec.shape.dims(), spec.classes.len()) == (lenet::SHAPE, CLASSES);
    let sets = || IMAGE_SETS.iter().filter(fits);
    let keys: Vec<_> = sets().map(|spec| spec.key).collect();
    sets().find(|spec| spec.key == key).map(|spec| spec.set).ok_or(format!("choose {}", keys.join(" or ")))
}

pub fn run(args: &Args) -> Result<(), Failure> {
    let images = load(&args.folder.data, args.data_set, &Part::ALL)?;
    let mut rng = Random::new(args.seed, Stream::Classifier);
    let mut parts =
        [lenet::features(args.dropout), lenet::head(args.dropout / 2.0)].map(|plan| Learner::new(plan, &mut rng));
    let mut order: Vec<usize> = (0..images.info().train).collect();
    let steps = args.epochs * (order.len() / BATCH);
    let bar = bar(steps)?;
    for epoch in 0..args.epochs {
        rng.shuffle(&mut order);
        let mut loss = 0.0;
        for batch in order.chunks_exact(BATCH) {
            let done = bar.position() as f64 / steps as f64;
            let lr = LEARNING_RATE * 0.5 * (1.0 + (std::f64::consts::PI * done).cos());
            loss +=
                f64::from(step(&mut parts, &images, batch, lr, args.data_set, &mut rng)) / (order.len() / BATCH) as f64;
            bar.inc(1);
        }
        let percent = accuracy(&classifier(&parts), &images);
        bar.suspend(|| println!("epoch {}: loss {loss:.4}, test accuracy {percent:.2} %", epoch + 1));
    }
    bar.finish();
    // The accuracy is that of the shipped file, after rounding to half precision.
    let mut shipped = Classifier::read(&classifier(&parts).file())?;
    shipped.scale_to(&images.body(Part::TrainImages)[..SCALED * PIXELS]);
    let file = shipped.file();
    println!("test accuracy of the file: {:.2} %, {} bytes", accuracy(&shipped, &images), file.len());
    Ok(std::fs::write(&args.out, file).map_err(|e| format!("{}: {e}", args.out.display()))?)
}

/// One of the two networks, its optimizer and its EMA.
struct Learner {
    network: Network,
    adam: Optimizer,
    average: Network,
}

impl Learner {
    fn new(plan: counterfeit::nn::Plan, rng: &mut Random) -> Self {
        let network = Network::new(plan, rng, &Device::flex());
        Self { adam: Optimizer::new(Method::Adam, &network.weights), average: network.clone(), network }
    }

    fn update(&mut self, gradient: Tensor<1>, lr: f64) {
        let rates = Rates { lr, beta1: 0.9, beta2: 0.999, decay: 0.0, clip: f64::INFINITY, step: 1 };
        let rates = vector(self.adam.next(rates).to_vec());
        self.network.weights = self.adam.step(self.network.weights.clone(), gradient, rates, true);
        self.average.ema_update(&self.network, vector(vec![AVERAGING]));
    }
}

fn classifier(parts: &[Learner; 2]) -> Classifier {
    let [features, head] = parts.each_ref().map(|p| p.average.clone());
    Classifier::new(VERSION, features, head)
}

/// One optimizer step on the cross-entropy of a batch; returns the loss.
fn step(parts: &mut [Learner; 2], images: &Images, batch: &[usize], lr: f64, set: DataSet, rng: &mut Random) -> f32 {
    let mut pixels = Vec::with_capacity(batch.len() * PIXELS);
    let mut classes = vec![0.0; batch.len() * CLASSES];
    for (row, &i) in batch.iter().enumerate() {
        pixels.extend(moved(images.pixels(i), set, rng));
        classes[row * CLASSES + usize::from(images.body(Part::TrainLabels)[i])] = 1.0;
    }
    let mut bound = [0, 1].map(|i| {
        let units = parts[i].network.plan.random_counts(batch.len());
        let uniform = (units > 0).then(|| vector((0..units).map(|_| rng.uniform()).collect()));
        parts[i].network.tracked().with_random(uniform)
    });
    let n = batch.len();
    let constant = |values, width: usize| {
        Tensor::<2>::from_inner(Tensor::from_data(TensorData::new(values, [n, width]), &Device::flex()))
    };
    let features = bound[0].forward(constant(pixels, PIXELS), Mode::Train); // [n, 64]
    let logits = bound[1].forward(features, Mode::Train); // [n, 10]
    let loss = (log_softmax(logits, 1) * constant(classes, CLASSES)).sum().div_scalar(-(n as f64));
    let value = loss.clone().inner().into_scalar();
    let mut gradients = loss.backward();
    for (part, bound) in parts.iter_mut().zip(&bound) {
        let gradient = flat_gradient(bound, &mut gradients);
        part.update(gradient, lr);
    }
    value
}

fn vector(values: Vec<f32>) -> Tensor<1> {
    let n = values.len();
    Tensor::from_data(TensorData::new(values, [n]), &Device::flex())
}

/// Augments an image: a small random rotation, scaling, shear and shift; clothes are also mirrored with probability
/// 1/2. Values in [-1, 1].
fn moved(pixels: &[u8], set: DataSet, rng: &mut Random) -> Vec<f32> {
    let digits = set == DataSet::Mnist;
    let mut about = |range: f32| range * (2.0 * rng.uniform() - 1.0);
    let (angle, scale) = if digits { (about(0.2), 1.0 + about(0.12)) } else { (about(0.05), 1.0 + about(0.06)) };
    let (shear, dx, dy) = if digits { (about(0.15), about(2.0), about(2.0)) } else { (0.0, about(1.5), about(1.5)) };
    let mirror = if !digits && about(1.0) > 0.0 { -1.0 } else { 1.0 };
    let (sin, cos) = (angle.sin() / scale, angle.cos() / scale);
    let middle = (SIDE - 1) as f32 / 2.0;
    let at = |x: i32, y: i32| {
        let inside = (0..SIDE as i32).contains(&x) && (0..SIDE as i32).contains(&y);
        if inside { f32::from(pixels[y as usize * SIDE + x as usize]) } else { 0.0 }
    };
    let value = |i: usize| {
        let (u, v) = ((i % SIDE) as f32 - middle, (i / SIDE) as f32 - middle);
        let x = middle + mirror * (cos * u - sin * v + shear * v) + dx;
        let y = middle + sin * u + cos * v + dy;
        let (left, top) = (x.floor(), y.floor());
        let (fx, fy) = (x - left, y - top);
        let (l, t) = (left as i32, top as i32);
        let row = |y: i32| (1.0 - fx) * at(l, y) + fx * at(l + 1, y);
        ((1.0 - fy) * row(t) + fy * row(t + 1)) / 127.5 - 1.0
    };
    (0..PIXELS).map(value).collect()
}

/// Accuracy on the test set, in per cent.
fn accuracy(classifier: &Classifier, images: &Images) -> f64 {
    let labels = images.body(Part::TestLabels);
    let chunks = images.body(Part::TestImages).chunks(500 * PIXELS);
    let logits: Vec<f32> = chunks.flat_map(|pixels| classifier.embed(pixels).logits).collect();
    100.0 * metrics::accuracy(&logits, labels)
}
