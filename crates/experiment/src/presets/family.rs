//! A preset for each GAN variant: other losses, other architectures.

use super::Preset;
use crate::config;
use crate::config::{BatchFeature, DiscriminatorType, Family, Norm, RunConfig};
use counterfeit_gan::loss::{Objective, Penalty};
use counterfeit_gan::optim::Method;
use counterfeit_random::Prior;

const GROUP: &str = "GAN variants";

/// Algorithm 1 of Gulrajani et al. 2017 with the networks of the default preset.
pub(super) fn wgan_gp() -> RunConfig {
    config! {
        loss.objective: Objective::Wasserstein,
        d_steps: 5,
        penalty.penalty: Penalty::Wgan,
        penalty.weight: 10.0,
        discriminator.network.norm: Norm::None,
    }
}

/// In the order of the list.
#[expect(clippy::too_many_lines, reason = "a table of data")]
pub fn presets() -> Vec<Preset> {
    let base = RunConfig::default();
    vec![
        Preset {
            id: "lsgan",
            group: GROUP,
            name: "Least squares (LSGAN)",
            description: "D regresses to 1 on real and to 0 on generated images, and G pulls it to 1. The gradient does not \
                vanish however confident D is.",
            source: "Mao et al. 2017 (LSGAN); networks and rates of the default preset",
            config: config! { loss.objective: Objective::LeastSquares, ..base.clone() },
        },
        Preset {
            id: "wgan",
            group: GROUP,
            name: "WGAN (weight clipping)",
            description: "D is a critic. Its negative loss estimates the distance between real and generated images and \
                should shrink as they improve: the one loss here that reflects image quality. Every weight of D is \
                clipped to 0.05.",
            source: "Arjovsky et al. 2017 (WGAN), algorithm 1; a wider clip and larger rates, for runs a hundred \
                times as short",
            config: config! {
                loss.objective: Objective::Wasserstein,
                d_steps: 5,
                // The paper's clip of 0.01 and rate of 5e-5 are for 10^5 steps and more: after 2,000 the score was 2.2.
                // With these it was 7.8 (seed 1); with a clip of 0.03 and half these rates 5.8 after 1,000, with a clip
                // of 0.1 it diverged.
                discriminator.weight_clip: 0.05,
                discriminator.optimizer.method: Method::RmsProp,
                generator.optimizer.method: Method::RmsProp,
                discriminator.optimizer.beta2: 0.99,
                generator.optimizer.beta2: 0.99,
                discriminator.optimizer.lr: 1e-3,
                generator.optimizer.lr: 2e-3,
                ..base.clone()
            },
        },
        Preset {
            id: "wgan-gp",
            group: GROUP,
            name: "WGAN-GP (gradient penalty)",
            description: "Instead of clipping weights, D's gradient norm is held near 1 between real and generated images. \
                The weights are otherwise free, and the distance falls faster.",
            source: "Gulrajani et al. 2017 (WGAN-GP), algorithm 1",
            config: wgan_gp(),
        },
        Preset {
            id: "hinge",
            group: GROUP,
            name: "Hinge loss",
            description: "D learns only from images within a margin of 1. Its loss is 2 at equilibrium, and near 0 when it \
                is confident.",
            source: "Lim and Ye 2017; networks and rates of the default preset",
            config: config! { loss.objective: Objective::Hinge, ..base.clone() },
        },
        Preset {
            id: "sngan",
            group: GROUP,
            name: "SNGAN (spectral normalisation)",
            description: "Each weight matrix of D is divided by its largest singular value, which bounds D's Lipschitz \
                constant. Unlike with batch normalisation, D's output on an image does not depend on the rest of the \
                batch; but training is slower.",
            source: "Miyato et al. 2018 (SNGAN), spectral normalisation and hinge loss; a faster D after Heusel et \
                al. 2017, rates in proportion as in Zhang et al. 2019 (SAGAN)",
            // With the default networks G collapsed to one image within 1,000 steps in a dozen settings: both losses,
            // one to five D steps, rates from 1e-4 to 2e-3, D without its fully connected layer, weights scaled by two
            // to four. Without that layer in either network, with batches of 64, SAGAN's rates of 4e-4 and 1e-4 gave a
            // score of 4.4 after 3,000 steps, and these 6.5 (seed 1). Which of the changes matters was not tested.
            config: config! {
                loss.objective: Objective::Hinge,
                discriminator.network.norm: Norm::Spectral,
                generator.network.dense: 0,
                discriminator.network.dense: 0,
                batch: 64,
                discriminator.optimizer.beta1: 0.0,
                discriminator.optimizer.beta2: 0.9,
                generator.optimizer.beta1: 0.0,
                generator.optimizer.beta2: 0.9,
                discriminator.optimizer.lr: 1e-3,
                generator.optimizer.lr: 3e-4,
                ..base.clone()
            },
        },
        Preset {
            id: "r1",
            group: GROUP,
            name: "Non-saturating + R1",
            description: "R1 pulls D's gradient norm to 0 on real images. D is then flat at equilibrium, and training \
                converges locally instead of oscillating. StyleGAN uses it.",
            source: "Mescheder et al. 2018",
            config: config! {
                penalty.penalty: Penalty::R1,
                penalty.weight: 1.0,
                discriminator.network.norm: Norm::None,
                ..base.clone()
            },
        },
        Preset {
            id: "r3gan",
            group: GROUP,
            name: "Relativistic + R1 + R2",
            description: "D estimates how much more realistic a real image is than a generated one, with gradient penalties \
                on both. Nothing else is added.",
            source: "Huang et al. 2024 (R3GAN), loss and penalties; Jolicoeur-Martineau 2018",
            config: config! {
                loss.objective: Objective::Relativistic,
                penalty.penalty: Penalty::R1AndR2,
                penalty.weight: 1.0,
                discriminator.network.norm: Norm::None,
                ..base.clone()
            },
        },
        Preset {
            id: "dragan",
            group: GROUP,
            name: "DRAGAN",
            description: "The non-saturating loss with D's gradient norm held near 1 around real images, where it would \
                otherwise be largest.",
            source: "Kodali et al. 2017 (DRAGAN)",
            config: config! {
                penalty.penalty: Penalty::Dragan,
                penalty.weight: 10.0,
                discriminator.network.norm: Norm::None,
                ..base.clone()
            },
        },
        Preset {
            id: "r3gan-mini",
            group: GROUP,
            name: "Mini R3GAN (residual blocks)",
            description: "The relativistic loss with R1 and R2 on residual networks without normalisation: each block adds \
                its output, at first 0, to its input. Steps take longer than elsewhere.",
            source: "Huang et al. 2024 (R3GAN), loss, penalties and blocks; narrower, with larger rates, a smaller \
                penalty, and without its schedules",
            config: config! {
                family: Family::Resnet,
                loss.objective: Objective::Relativistic,
                penalty.penalty: Penalty::R1AndR2,
                // The paper's rates of 2e-4 with a penalty weight of 1 gave a score of 4 after 2,000 steps; these 6.7
                // after 1,000 (seed 1).
                penalty.weight: 0.1,
                discriminator.optimizer.beta1: 0.0,
                discriminator.optimizer.beta2: 0.9,
                generator.optimizer.beta1: 0.0,
                generator.optimizer.beta2: 0.9,
                discriminator.optimizer.lr: 2e-3,
                generator.optimizer.lr: 2e-3,
                ..base.clone()
            },
        },
        Preset {
            id: "began",
            group: GROUP,
            name: "BEGAN (autoencoder D)",
            description: "D is an autoencoder; its output is minus the reconstruction error. The loss holds the error on \
                generated images at a fixed ratio to that on real ones. After 400 steps there are soft digits of all \
                classes (coverage 0.29), after 2,000 more diverse ones (0.5 to 0.6). The ratio does not enforce \
                diversity: networks without normalisation, as in the paper, reached it here with one image for every \
                z.",
            source: "Berthelot et al. 2017 (BEGAN); \u{3b3}, bottleneck, normalisation and ratio of rates as in \
                collections for MNIST; networks of the default preset, a larger \u{3bb}_k",
            config: config! {
                loss.objective: Objective::Began,
                discriminator.form: DiscriminatorType::Autoencoder,
                loss.balance.gamma: 0.75,
                // Ten times the paper's, for shorter runs.
                loss.balance.rate: 0.01,
                // The rest is from a collection for MNIST (hwalsuklee's BEGAN.py), at about twice its rates: batch
                // normalisation in both networks, 32 latent dimensions, and a learning rate of G five times D's (four
                // here). Without normalisation, with 64 dimensions and equal rates, G collapsed to one image in six
                // settings. With all changes it generated digits of all classes within 400 steps (score 5.1, coverage
                // 0.29, seed 7). Which of the changes matters was not tested.
                prior: Prior::Uniform,
                latent_dim: 32,
                discriminator.optimizer.lr: 5e-4,
                generator.optimizer.lr: 2e-3,
                ..base.clone()
            },
        },
        Preset {
            id: "growing",
            group: GROUP,
            name: "Progressive growing (PGGAN)",
            description: "Images grow from 7x7 to 14x14 and 28x28 pixels, each resolution faded in during training: first \
                blobs, then strokes, then sharp edges. The losses jump where a fade-in starts.",
            source: "Karras et al. 2018 (PGGAN), narrower and with fewer steps; the non-saturating loss",
            config: config! {
                family: Family::Growing,
                discriminator.batch_feature: BatchFeature::StdDev,
                discriminator.optimizer.beta1: 0.0,
                discriminator.optimizer.beta2: 0.99,
                generator.optimizer.beta1: 0.0,
                generator.optimizer.beta2: 0.99,
                // The paper's rate, 0.001 for weights of size 1, is for runs a thousand times as long:
                // docs/decisions/preset-learning-rates.md.
                generator.optimizer.lr: 0.02,
                discriminator.optimizer.lr: 0.008,
                ..base.clone()
            },
        },
        Preset {
            id: "style",
            group: GROUP,
            name: "Mini StyleGAN",
            description: "A mapping network turns z into w, and w scales the channels of every convolution. Truncation \
                pulls w towards its mean: digits become cleaner and less diverse. Style mixing combines the coarse \
                layers of one digit with the fine layers of another.",
            source: "Karras et al. 2019 and 2020 (StyleGAN, StyleGAN2): mapping, demodulation, noise, mixing and \
                loss; narrower, R1 in every step, and no path length penalty",
            config: config! {
                family: Family::Style,
                discriminator.network.norm: Norm::None,
                penalty.penalty: Penalty::R1,
                penalty.weight: 1.0,
                discriminator.optimizer.beta1: 0.0,
                discriminator.optimizer.beta2: 0.99,
                generator.optimizer.beta1: 0.0,
                generator.optimizer.beta2: 0.99,
                // The paper's rate, 0.002 for weights of size 1, is for much longer runs.
                discriminator.optimizer.lr: 0.008,
                generator.optimizer.lr: 0.016,
                ..base.clone()
            },
        },
    ]
}
