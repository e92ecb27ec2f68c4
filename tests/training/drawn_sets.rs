//! Data sets of other shapes: 16x16 grey with three classes, 32x32 in colour without. Every family trains on them, and
//! they are evaluated on features with random weights.

use std::sync::OnceLock;

use burn::tensor::{Tensor, TensorData};
use counterfeit::condition::Condition;
use counterfeit::config;
use counterfeit::config::RunConfig;
use counterfeit::data::{CHANNELS, DataSet, Images, Part, SIDES, SampleShape};
use counterfeit::evaluator::Evaluator;
use counterfeit::metrics::{Classifier, Size};
use counterfeit::nn::{DiscriminatorInput, DiscriminatorSpec, GeneratorSpec, Mode, Network, Operations, Plan};
use counterfeit::random::{Random, Stream};
use counterfeit::snapshot::{self, View};
use counterfeit::trainer::{StepKind, Trainer};
use counterfeit::tricks::augmentation::Augment;

use super::support::{cpu, metrics, wait};
use crate::common;

const SETS: [DataSet; 2] = [DataSet::Shapes, DataSet::Marbles];
const SIZE: Size = Size { samples: 200, neighbours: 150, subset: 100, subsets: 3, copies: 4 };

fn images(set: DataSet) -> &'static Images {
    static ALL: OnceLock<[Images; 2]> = OnceLock::new();
    &ALL.get_or_init(|| SETS.map(Images::new))[SETS.iter().position(|&s| s == set).expect("one of them")]
}

fn run(config: RunConfig) -> Trainer {
    let samples = images(config.data).available();
    Trainer::new(common::experiment(config), samples, &cpu())
}

#[test]
fn every_family_trains_on_every_shape_and_kernels_agree_with_plain_operations() {
    let families = [common::mlp(), common::dcgan(), common::resnet(), common::growing(), common::style()];
    for set in SETS {
        for config in families.iter().cloned().chain([
            config! { tricks.augmentation.augment: Augment::All, ..common::dcgan() },
            config! { tricks.augmentation.augment: Augment::Pose, ..common::mlp() },
            config! { condition.condition: Condition::Coupled, ..common::dcgan() },
        ]) {
            let config = config! { data: set, ..config };
            let what = format!("{set:?}, {:?}, {:?}", config.family, config.tricks.augmentation.augment);
            let (mut fused, mut plain) = (run(config.clone()), run(config));
            plain.use_plain_operations();
            let images = images(set);
            let four = |run: &mut Trainer| {
                metrics((0..4).map(|_| run.step(images, StepKind::Both).expect("all images are there")).collect())
            };
            let (a, b) = (four(&mut fused), four(&mut plain));
            for (a, b) in a.d_loss.iter().chain(&a.g_loss).zip(b.d_loss.iter().chain(&b.g_loss)) {
                let (a, b) = (a.expect("both play"), b.expect("both play"));
                assert!(a.is_finite() && (a - b).abs() <= 1e-3 * b.abs(), "{what}: {a} {b}");
            }
            let shown = wait(snapshot::generated_samples(&fused, true, View::Fixed)).expect("readable");
            assert_eq!(shown.shape, set.shape(), "{what}");
            assert_eq!(shown.pixels.len(), shown.scores.len() * set.shape().values(), "{what}");
        }
    }
}

/// G makes images of every possible shape, and D reads them; kernels agree with plain operations.
#[test]
fn networks_are_built_for_every_side_and_number_of_channels() {
    let families = [common::mlp(), common::dcgan(), common::resnet(), common::growing(), common::style()];
    let shapes = SIDES.into_iter().flat_map(|side| CHANNELS.map(|channels| SampleShape::image(channels, side)));
    for (shape, config) in shapes.flat_map(|shape| families.iter().map(move |config| (shape, config))) {
        let what = format!("{shape:?}, {:?}", config.family);
        let g = GeneratorSpec { shape: shape.dims(), ..config.g_spec() };
        let d = config.d_spec();
        let d = DiscriminatorSpec { input: DiscriminatorInput { shape: shape.dims(), ..d.input }, ..d };
        let mut rng = Random::new(1, Stream::GeneratorWeights);
        let [mut g, mut d] = [Plan::generator(&g), Plan::discriminator(&d)].map(|p| Network::new(p, &mut rng, &cpu()));
        let z = rng.latent(config.prior, 2, config.latent_dim);
        let z = Tensor::<2>::from_data(TensorData::new(z, [2, config.latent_dim]), &cpu());
        let mut pass = |operations| {
            (g.operations, d.operations) = (operations, operations);
            let images = g.frozen().forward(z.clone(), Mode::Sample);
            assert_eq!(images.dims(), [2, shape.values()], "{what}");
            let logits = d.frozen().forward(images, Mode::Sample);
            logits.into_data().try_to_vec::<f32>().expect("f32")
        };
        let (kernels, plain) = (pass(Operations::Kernels), pass(Operations::Reference));
        assert!(kernels.iter().zip(&plain).all(|(a, b)| (a - b).abs() <= 1e-4 * (1.0 + b.abs())), "{what}");
    }
}

#[test]
fn three_classes_are_conditioned_on_and_none_are_refused() {
    for condition in [Condition::Concatenation, Condition::Projection, Condition::Auxiliary, Condition::Codes] {
        let config = config! { data: DataSet::Shapes, condition.condition: condition, ..common::dcgan() };
        let continuous = if condition == Condition::Codes { config.condition.continuous } else { 0 };
        assert_eq!(config.code().width(), 3 + continuous, "{condition:?}");
        let mut run = run(config.clone());
        run.step(images(DataSet::Shapes), StepKind::Both).expect("all images are there");
        let shown = wait(snapshot::generated_samples(&run, false, View::Classes)).expect("readable");
        assert_eq!((shown.columns, shown.scores.len()), (3, 3 * 8), "{condition:?}");
        let unlabelled = config! { data: DataSet::Marbles, ..config };
        if condition == Condition::Codes {
            // What has no classes still has categories.
            assert_eq!(unlabelled.code().width(), 10 + continuous);
            assert!(unlabelled.validate().is_ok());
        } else {
            assert_eq!(unlabelled.validate().unwrap_err().key(), Some("condition"));
        }
    }
}

/// Held-out images are nearer to the training images than an untrained generator's, by every metric; what needs a
/// classifier is left out.
#[test]
fn random_features_tell_images_from_noise() {
    for set in SETS {
        let images = images(set);
        let mut evaluator = Evaluator::new(Classifier::random(set.shape().dims()), SIZE);
        let run = run(config! { data: set, ..common::dcgan() });
        let found = wait(evaluator.evaluate(&run, images)).expect("readable and finite");
        let (fake, real) = (found.averaged, found.real_reference);
        assert_eq!(found.classifier, None);
        assert!(fake.frechet > 5.0 * real.frechet && fake.kid > 10.0 * real.kid.abs(), "{set:?}: {fake:?} {real:?}");
        assert!(fake.coverage < 0.1 && real.coverage > 0.8, "{set:?}: {fake:?} {real:?}");
        assert!(fake.recall < 0.1 && real.recall > 0.6 && real.precision > 0.6, "{set:?}: {fake:?} {real:?}");
        assert!(fake.score.is_none() && real.entropy.is_none() && fake.shares.is_none() && found.codes.is_none());
        assert!(found.memorisation_ratio.is_finite() && found.memorisation_ratio > 0.0);
    }
}

/// Fewer images than a block of the sampler and than an evaluation's grids, from files, half of each class.
fn few_digits(train: usize, test: usize) -> Images {
    let mut images = Images::new(DataSet::Mnist);
    let head = |dims: &[usize]| {
        let sizes = dims.iter().flat_map(|&d| (d as u32).to_be_bytes());
        [0, 0, 8, dims.len() as u8].into_iter().chain(sizes).collect::<Vec<u8>>()
    };
    let mut rng = Random::new(1, Stream::Pictures);
    for (part, labels, n) in [(Part::TrainImages, Part::TrainLabels, train), (Part::TestImages, Part::TestLabels, test)]
    {
        let pixels = (0..n * images.shape().values()).map(|_| rng.below(256) as u8).collect();
        images.push(part, &[head(&[n, 28, 28]), pixels].concat()).expect("well formed");
        images.push(labels, &[head(&[n]), (0..n).map(|i| (2 * i / n) as u8).collect()].concat()).expect("well formed");
    }
    images
}

#[test]
fn a_set_of_few_images_is_trained_on_shown_and_evaluated() {
    let images = few_digits(300, 40);
    let config = config! { condition.condition: Condition::Projection, ..common::dcgan() };
    let mut run = Trainer::new(common::experiment(config), images.available(), &cpu());
    run.step(&images, StepKind::Both).expect("all images are there");
    let real = snapshot::real_samples(&run, &images).expect("all images are there");
    assert_eq!(wait(real).expect("readable").pixels.len(), 64 * DataSet::Mnist.values());
    let size = Size::REPORT.at_most(images.count(Part::TestImages));
    let found = wait(Evaluator::new(Classifier::random([1, 28, 28]), size).evaluate(&run, &images)).expect("readable");
    assert!(found.averaged.frechet.is_finite());
}
