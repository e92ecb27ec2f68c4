//! An experiment for each member of the family: other games, other networks.

use super::Preset;
use crate::config::{BatchFeature, DiscriminatorType, Family, Norm, RunConfig};
use crate::latent::Prior;
use crate::loss::{Objective, Penalty};
use crate::optim::Method;

const GROUP: &str = "The family";

/// Algorithm 1 of Gulrajani et al. 2017 on the first experiment's networks.
pub(super) fn wgan_gp() -> RunConfig {
    RunConfig {
        objective: Objective::Wasserstein,
        d_steps: 5,
        d_penalty: Penalty::Wgan,
        d_penalty_weight: 10.0,
        d_norm: Norm::None,
        ..RunConfig::default()
    }
}

/// In the order of the list.
pub fn presets() -> Vec<Preset> {
    let base = RunConfig::default();
    vec![
        Preset {
            id: "lsgan",
            group: GROUP,
            name: "Least squares",
            look: "D's output is a number, pulled to 1 for real images and to 0 for fakes, and G pulls it to 1. However sure D is, there is a slope.",
            source: "Mao et al. 2017 (LSGAN); networks and rates of the first experiment",
            config: RunConfig { objective: Objective::LeastSquares, ..base.clone() },
        },
        Preset {
            id: "wgan",
            group: GROUP,
            name: "Wasserstein, clipped weights",
            look: "D is a critic. Its loss with the sign changed is the distance that it finds between real and forged images, and it should shrink as they get better: the one loss here that says something of the images. Every weight of D stays within 0.05.",
            source: "Arjovsky et al. 2017 (WGAN), algorithm 1; a wider clip and larger rates, for runs a hundred times as short",
            config: RunConfig {
                objective: Objective::Wasserstein,
                d_steps: 5,
                // The paper's clip of 0.01 and rate of 5e-5 are for 10^5 steps and more, these for 2,000; a clip of 0.1
                // diverges: docs/decisions/preset-learning-rates.md.
                d_clip: 0.05,
                d_optimizer: Method::RmsProp,
                g_optimizer: Method::RmsProp,
                d_beta2: 0.99,
                g_beta2: 0.99,
                d_lr: 1e-3,
                g_lr: 2e-3,
                ..base.clone()
            },
        },
        Preset {
            id: "wgan-gp",
            group: GROUP,
            name: "Wasserstein, gradient penalty",
            look: "As the clipped one, but D's slope itself is held near 1 between real and forged images. D may then use its weights as it likes, and the distance falls faster.",
            source: "Gulrajani et al. 2017 (WGAN-GP), algorithm 1",
            config: wgan_gp(),
        },
        Preset {
            id: "hinge",
            group: GROUP,
            name: "Hinge",
            look: "D learns only from images within 1 of its border. Its loss is 2 where it cannot tell, and the closer to 0, the surer it is.",
            source: "Lim and Ye 2017; networks and rates of the first experiment",
            config: RunConfig { objective: Objective::Hinge, ..base.clone() },
        },
        Preset {
            id: "sngan",
            group: GROUP,
            name: "Spectral norm",
            look: "Each of D's weights, as a matrix, is divided by its largest singular value, which bounds how steep D can be. Unlike with batch normalisation, what D says of a picture depends on no other picture of the batch; but pictures come more slowly.",
            source: "Miyato et al. 2018 (SNGAN), spectral norm and hinge loss; a faster D after Heusel et al. 2017, rates in proportion as in Zhang et al. 2019 (SAGAN)",
            // The first experiment's networks give one picture for every noise; without the fully connected layer, in
            // batches of 64 and at larger rates than SAGAN's, these learn: docs/decisions/preset-learning-rates.md.
            config: RunConfig {
                objective: Objective::Hinge,
                d_norm: Norm::Spectral,
                g_dense: 0,
                d_dense: 0,
                batch: 64,
                d_beta1: 0.0,
                d_beta2: 0.9,
                g_beta1: 0.0,
                g_beta2: 0.9,
                d_lr: 1e-3,
                g_lr: 3e-4,
                ..base.clone()
            },
        },
        Preset {
            id: "r1",
            group: GROUP,
            name: "Non-saturating with R1",
            look: "D's slope is held to 0 on real images. At equilibrium D is then flat, and the two stop going round each other: the theory's cure, and what StyleGAN uses.",
            source: "Mescheder et al. 2018",
            config: RunConfig { d_penalty: Penalty::R1, d_penalty_weight: 1.0, d_norm: Norm::None, ..base.clone() },
        },
        Preset {
            id: "r3gan",
            group: GROUP,
            name: "Relativistic with R1 and R2",
            look: "D only says how much more genuine one image is than another, and its slope is held on both kinds. No trick besides.",
            source: "Huang et al. 2024 (R3GAN), loss and penalties; Jolicoeur-Martineau 2018",
            config: RunConfig {
                objective: Objective::Relativistic,
                d_penalty: Penalty::R1AndR2,
                d_penalty_weight: 1.0,
                d_norm: Norm::None,
                ..base.clone()
            },
        },
        Preset {
            id: "dragan",
            group: GROUP,
            name: "DRAGAN",
            look: "The non-saturating game with D's slope held near 1 around real images, where it would otherwise be steepest.",
            source: "Kodali et al. 2017 (DRAGAN)",
            config: RunConfig { d_penalty: Penalty::Dragan, d_penalty_weight: 10.0, d_norm: Norm::None, ..base.clone() },
        },
        Preset {
            id: "r3gan-mini",
            group: GROUP,
            name: "R3GAN in small: residual blocks",
            look: "The relativistic game with R1 and R2 on networks that have no normalisation at all: each block adds to what it is given, and at first adds nothing. A step takes longer than the others'.",
            source: "Huang et al. 2024 (R3GAN), loss, penalties and blocks; narrower, with larger rates, a smaller penalty, and without its schedules",
            config: RunConfig {
                family: Family::Resnet,
                objective: Objective::Relativistic,
                d_penalty: Penalty::R1AndR2,
                // The paper's rates of 2e-4 and its penalty are for much longer runs:
                // docs/decisions/preset-learning-rates.md.
                d_penalty_weight: 0.1,
                d_beta1: 0.0,
                d_beta2: 0.9,
                g_beta1: 0.0,
                g_beta2: 0.9,
                d_lr: 2e-3,
                g_lr: 2e-3,
                ..base.clone()
            },
        },
        Preset {
            id: "began",
            group: GROUP,
            name: "BEGAN: D redraws",
            look: "D takes every image apart and draws it again; its output is minus the error. The game holds the error of forged images at a share of that of real ones. After 400 steps there are soft digits of all classes (coverage 0.29), after 2,000 ones that are twice as varied (0.5 to 0.6). That they differ is not what the balance asks for: networks without normalisation, as the paper has, met it here with one image for every noise.",
            source: "Berthelot et al. 2017 (BEGAN); balance, bottleneck, normalisation and ratio of rates as in collections for MNIST, the first experiment's networks, and a faster balance",
            config: RunConfig {
                objective: Objective::Began,
                d_form: DiscriminatorType::Autoencoder,
                balance: 0.75,
                // Ten times the paper's, for runs that are as much shorter.
                balance_rate: 0.01,
                // From here on a collection's for MNIST (hwalsuklee's BEGAN.py), at about twice its rates: batch
                // normalisation in both, 32 numbers, and a G four times as fast as D (five there). The paper's networks
                // without normalisation draw one image for every noise here: docs/decisions/began.md.
                prior: Prior::Uniform,
                latent_dim: 32,
                d_lr: 5e-4,
                g_lr: 2e-3,
                ..base.clone()
            },
        },
        Preset {
            id: "growing",
            group: GROUP,
            name: "Progressive growing",
            look: "Blocks of 7x7 become 14x14 and then 28x28 pixels, each resolution faded in while the run goes on: first where ink is, then strokes, then their edges. The losses jump where a fade begins.",
            source: "Karras et al. 2018 (PGGAN), narrower and with stages of steps that fit a tab; the non-saturating loss",
            config: RunConfig {
                family: Family::Growing,
                d_batch: BatchFeature::StdDev,
                d_beta1: 0.0,
                d_beta2: 0.99,
                g_beta1: 0.0,
                g_beta2: 0.99,
                // The paper's rate, 0.001 for weights of size 1, is for runs a thousand times as long:
                // docs/decisions/preset-learning-rates.md.
                g_lr: 0.02,
                d_lr: 0.008,
                ..base.clone()
            },
        },
        Preset {
            id: "style",
            group: GROUP,
            name: "StyleGAN in small",
            look: "z does not become an image: it becomes w, and w scales the channels of every convolution. Truncation pulls w towards its mean, and digits become plainer and more alike. Style mixing takes the coarse layers of one digit and the fine ones of another.",
            source: "Karras et al. 2019 and 2020 (StyleGAN, StyleGAN2): mapping, demodulation, noise, mixing and loss; narrower, R1 in every step, and no path length penalty",
            config: RunConfig {
                family: Family::Style,
                d_norm: Norm::None,
                d_penalty: Penalty::R1,
                d_penalty_weight: 1.0,
                d_beta1: 0.0,
                d_beta2: 0.99,
                g_beta1: 0.0,
                g_beta2: 0.99,
                // The paper's rate, 0.002 for weights of size 1, is for much longer runs.
                d_lr: 0.008,
                g_lr: 0.016,
                ..base.clone()
            },
        },
    ]
}
