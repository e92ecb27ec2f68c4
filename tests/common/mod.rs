//! Helpers for the native and the browser tests: synthetic images, small configurations, and metrics as bits.

// Each test binary compiles this file and uses only part of it.
#![allow(dead_code)]

pub mod diverging;
pub mod golden;

use counterfeit::condition::Condition;
use counterfeit::config;
use counterfeit::config::{
    Attention, BatchFeature, DiscriminatorType, Experiment, Family, GeneratorLoss, HiddenUnit, Norm, RunConfig,
    Upsampling,
};
use counterfeit::coupling::Coupling;
use counterfeit::data::{DataSet, Images, Part, SampleShape};
use counterfeit::message::Metrics;
use counterfeit::nn::Initialiser;
use counterfeit::optim::Method;
use counterfeit::random::{Random, Stream};
use counterfeit::tricks::augmentation::Augment;
use counterfeit::tricks::schedule::Schedule;

/// Shape of the synthetic images, that of MNIST.
pub const SHAPE: SampleShape = SampleShape::image(1, SIDE);
pub const SIDE: usize = 28;
pub const PIXELS: usize = SIDE * SIDE;

/// Number of synthetic images: two blocks of the first epoch, so that a run can wait for data in the middle.
pub const IMAGES: usize = 10_000;

/// An IDX file of [`IMAGES`] black images with two bright strokes each, at random positions and angles. As in the real
/// data, every pixel varies and neighbouring pixels are correlated. It is generated in milliseconds.
pub fn idx_file() -> Vec<u8> {
    let mut rng = Random::new(0, Stream::Batches);
    let mut file: Vec<u8> = [0x0803, IMAGES as u32, 28, 28].into_iter().flat_map(u32::to_be_bytes).collect();
    for _ in 0..IMAGES {
        let mut picture = [0u8; PIXELS];
        for _ in 0..2 {
            stroke(&mut picture, &mut rng);
        }
        file.extend(picture);
    }
    file
}

/// Draws a stroke: twelve steps of a round pen, two pixels wide.
fn stroke(picture: &mut [u8; PIXELS], rng: &mut Random) {
    let mut place = || 28.0 * rng.uniform();
    let (mut x, mut y) = (place(), place());
    let angle = std::f32::consts::TAU * rng.uniform();
    let ink = 128 + rng.below(128) as u8;
    for _ in 0..12 {
        for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            let at = |v: f32, d: usize| (v as usize + d) % SIDE;
            picture[at(y, dy) * SIDE + at(x, dx)] = ink;
        }
        // A stroke wraps around at the borders, so that border pixels are trained as well.
        x = (x + libm::cosf(angle)).rem_euclid(28.0);
        y = (y + libm::sinf(angle)).rem_euclid(28.0);
    }
}

/// An IDX file of labels: 0 to 9 in turn.
pub fn label_file() -> Vec<u8> {
    let head: Vec<u8> = [0x0801, IMAGES as u32].into_iter().flat_map(u32::to_be_bytes).collect();
    head.into_iter().chain((0..IMAGES).map(|i| (i % 10) as u8)).collect()
}

/// The data set of all [`IMAGES`] images with their labels, completely loaded.
pub fn images() -> Images {
    let mut images = Images::new(DataSet::Mnist);
    images.push(Part::TrainImages, &idx_file()).expect("the file is well formed");
    images.push(Part::TrainLabels, &label_file()).expect("the file is well formed");
    images
}

pub fn experiment(config: RunConfig) -> Experiment {
    config.validate().expect("a test asks for what its settings allow")
}

/// A small fully connected network without options.
pub fn mlp() -> RunConfig {
    config! {
        family: Family::Mlp,
        batch: 8,
        latent_dim: 5,
        generator.network.units: 12,
        discriminator.network.units: 11,
        generator.network.norm: Norm::None,
        discriminator.network.norm: Norm::None,
        // Large enough that a few steps change the weights noticeably.
        generator.optimizer.lr: 1e-3,
        discriminator.optimizer.lr: 1e-3,
    }
}

/// A small convolutional network without options.
pub fn dcgan() -> RunConfig {
    config! {
        family: Family::Dcgan,
        generator.network.channels: 3,
        discriminator.network.channels: 3,
        generator.network.dense: 0,
        discriminator.network.dense: 0,
        ..mlp()
    }
}

/// A small residual network.
pub fn resnet() -> RunConfig {
    config! { family: Family::Resnet, ..dcgan() }
}

/// A small progressively growing network, fully grown after a few steps. With only two channels, pixel norm would
/// amplify rounding errors where both are close to 0, so it has eight.
pub fn growing() -> RunConfig {
    config! {
        family: Family::Growing,
        growth.stage_steps: 2,
        growth.fade_steps: 3,
        generator.network.channels: 16,
        ..dcgan()
    }
}

/// A small style network.
pub fn style() -> RunConfig {
    config! { family: Family::Style, generator.mapping: 2, ..dcgan() }
}

/// Networks that need an additional input: a stage, or noise.
pub fn guided() -> Vec<(&'static str, RunConfig)> {
    vec![("growing", growing()), ("style", style())]
}

/// Small configurations that cover every kind of layer and every architectural option.
pub fn varieties() -> Vec<(&'static str, RunConfig)> {
    let batch = |c: RunConfig| {
        config! {
            generator.network.norm: Norm::Batch,
            discriminator.network.norm: Norm::Batch,
            ..c
        }
    };
    let dense = |c: RunConfig| config! { generator.network.dense: 24, discriminator.network.dense: 20, ..c };
    let normed = |c: RunConfig, g_norm, d_norm| {
        config! {
            generator.network.norm: g_norm,
            discriminator.network.norm: d_norm,
            ..c
        }
    };
    let maxout = config! { discriminator.hidden: HiddenUnit::Maxout, discriminator.dropout: 0.5, ..mlp() };
    vec![
        ("MLP, leaky ReLU", mlp()),
        ("MLP, maxout and dropout", maxout),
        ("MLP, batch normalisation and dropout", config! { discriminator.dropout: 0.3, ..batch(mlp()) }),
        ("DCGAN, two stages", dcgan()),
        ("DCGAN, one stage", config! { stages: 1, ..dcgan() }),
        ("DCGAN, two stages, batch normalisation", batch(dcgan())),
        ("DCGAN, one stage, batch normalisation", config! { stages: 1, ..batch(dcgan()) }),
        ("DCGAN, fully connected layers", dense(dcgan())),
        ("DCGAN, fully connected layers, batch normalisation", dense(batch(dcgan()))),
        ("MLP, layer normalisation, spectral norm", normed(mlp(), Norm::Layer, Norm::Spectral)),
        (
            "DCGAN, pixel norm, layer normalisation, equalised",
            config! { init: Initialiser::Equalised, ..normed(dense(dcgan()), Norm::Pixel, Norm::Layer) },
        ),
        (
            "DCGAN, repeated values, instance and group normalisation",
            config! {
                generator.upsampling: Upsampling::Nearest,
                generator.network.channels: 4,
                discriminator.network.channels: 4,
                ..normed(dense(dcgan()), Norm::Instance, Norm::Group)
            },
        ),
        (
            "DCGAN, shuffle, spectral norm, attention",
            config! {
                generator.upsampling: Upsampling::Shuffle,
                attention: Attention::Both,
                ..normed(dcgan(), Norm::Spectral, Norm::Spectral)
            },
        ),
        ("ResNet", resnet()),
        ("MLP, virtual batch normalisation", normed(mlp(), Norm::Virtual, Norm::None)),
        (
            "DCGAN, virtual batch normalisation, dropout",
            config! { discriminator.dropout: 0.3, ..normed(dense(dcgan()), Norm::Virtual, Norm::None) },
        ),
        ("MLP, D redraws", config! { discriminator.form: DiscriminatorType::Autoencoder, ..mlp() }),
        ("DCGAN, D redraws", config! { discriminator.form: DiscriminatorType::Autoencoder, ..dense(dcgan()) }),
    ]
}

/// Small configurations with every kind of conditioning and packing.
pub fn conditions() -> Vec<(&'static str, RunConfig)> {
    let dense = config! { generator.network.dense: 24, discriminator.network.dense: 20, ..dcgan() };
    let kinds = [Condition::Concatenation, Condition::Projection, Condition::Auxiliary, Condition::Codes];
    let conditional = |c: &RunConfig| {
        let c = config! { condition.weight: 0.7, ..c.clone() };
        kinds.map(|condition| config! { condition.condition: condition, ..c.clone() })
    };
    let [mlp_told, mlp_projected, mlp_named, mlp_coded] = conditional(&mlp());
    let [told, projected, named, coded] = conditional(&dense);
    let mixed = |c: RunConfig| {
        config! {
            generator.network.norm: Norm::Batch,
            discriminator.network.norm: Norm::Batch,
            ..c
        }
    };
    vec![
        ("MLP, class beside the image", mlp_told),
        ("MLP, class projected", mlp_projected),
        ("MLP, class named", mlp_named),
        ("MLP, codes", config! { condition.continuous: 0, ..mlp_coded }),
        ("DCGAN, class beside the features", told),
        ("DCGAN, class projected, batch normalisation", mixed(projected)),
        ("DCGAN, class named", named),
        ("DCGAN, codes, batch normalisation", mixed(coded)),
        (
            "MLP, coupled",
            config! {
                condition.condition: Condition::Coupled,
                condition.coupling: Coupling::Negatives,
                ..mlp()
            },
        ),
        ("DCGAN, coupled, batch normalisation", mixed(config! { condition.condition: Condition::Coupled, ..dcgan() })),
        ("MLP, packs of four", config! { pack: 4, ..mlp() }),
        ("DCGAN, packs of two", config! { pack: 2, ..dcgan() }),
    ]
}

/// Small configurations with one trick each, strong enough to have an effect within a few steps.
pub fn tricks() -> Vec<(&'static str, RunConfig)> {
    let one = dcgan();
    vec![
        ("noise in G's layers", config! { generator.noise: 0.5, ..one.clone() }),
        ("translation", config! { tricks.augmentation.augment: Augment::Translation, ..one.clone() }),
        ("pose", config! { tricks.augmentation.augment: Augment::Pose, ..one.clone() }),
        (
            "codes of posed images",
            config! {
                condition.condition: Condition::Codes,
                tricks.code_augmentation.augment: Augment::Pose,
                loss.generator: GeneratorLoss::FeatureMatching,
                ..one.clone()
            },
        ),
        ("augmentation", config! { tricks.augmentation.augment: Augment::All, ..one.clone() }),
        ("instance noise", config! { tricks.noise.deviation: 0.5, ..one.clone() }),
        ("flipped labels", config! { tricks.flip.share: 0.4, ..one.clone() }),
        ("replay", config! { tricks.replay.share: 0.5, ..one.clone() }),
        (
            "short gradients",
            config! {
                tricks.clip.generator: 1e-4,
                tricks.clip.discriminator: 1e-4,
                discriminator.optimizer.method: Method::Sgd,
                generator.optimizer.method: Method::Sgd,
                ..one.clone()
            },
        ),
        ("schedule", config! { tricks.schedule.schedule: Schedule::Linear, tricks.schedule.steps: 8, ..one.clone() }),
        ("historical averaging", config! { tricks.history.weight: 1.0, ..one.clone() }),
        ("minibatch deviation", config! { discriminator.batch_feature: BatchFeature::StdDev, ..one.clone() }),
        (
            "minibatch discrimination",
            config! {
                discriminator.batch_feature: BatchFeature::Discrimination,
                ..one.clone()
            },
        ),
        ("feature matching", config! { loss.generator: GeneratorLoss::FeatureMatching, ..one.clone() }),
        ("unrolled", config! { tricks.unroll.steps: 2, ..one.clone() }),
        ("packs", config! { pack: 2, ..one }),
    ]
}

/// All values of the curves as bits, for exact comparisons in which NaN equals itself.
pub fn metric_bits(m: &Metrics) -> Vec<Option<u32>> {
    let curves = [&m.d_loss, &m.g_loss, &m.d_real, &m.d_fake, &m.entropy];
    curves.into_iter().flatten().map(|v| v.map(f32::to_bits)).collect()
}
