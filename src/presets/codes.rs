//! Experiments in which images are asked for by class or code, or come in two kinds.

use super::Preset;
use crate::condition::Condition;
use crate::config::{Norm, RunConfig};
use crate::coupling::Coupling;
use crate::latent::Prior;
use crate::tricks::augmentation::Augment;

const GROUP: &str = "Classes and codes";

/// In the order of the list.
pub fn presets() -> Vec<Preset> {
    let base = RunConfig::default();
    vec![
        Preset {
            id: "cgan",
            group: GROUP,
            name: "Conditional GAN",
            look: "Each column asks for one digit, each row has one noise: the row keeps its slant and stroke across the digits. D is told the digit beside its features. For a thousand steps G does not listen; after 3,000 some 98 % of its images are what was asked for.",
            source: "Mirza and Osindero 2014; networks of the first experiment",
            config: RunConfig { condition: Condition::Concatenation, ..base.clone() },
        },
        Preset {
            id: "projection",
            group: GROUP,
            name: "Projection discriminator",
            look: "The same task: D adds to its verdict how well its features agree with the digit's embedding.",
            source: "Miyato and Koyama 2018; networks of the first experiment",
            // With batch normalisation D wins and G learns nothing: docs/decisions/preset-learning-rates.md.
            config: RunConfig { condition: Condition::Projection, d_norm: Norm::None, ..base.clone() },
        },
        Preset {
            id: "cogan-edges",
            group: GROUP,
            name: "CoGAN: digits and edges",
            look: "Two kinds of images, and never a pair of the same digit. Because all layers but the last are shared, and hand it one drawing, both pictures of a noise come to be the same digit: each pair stands side by side, and how well they fit is measured beside. It takes one to two thousand steps; without weight decay pairs drift apart again.",
            source: "Liu and Tuzel 2016 (CoGAN); networks of the first experiment, G with two layers more",
            // Of a batch of 32 only 16 are of one kind; edges need the wider networks. Without weight decay, which the
            // paper's code has as well, pairs drift apart as pictures get better; more binds them and costs quality:
            // docs/decisions/cogan.md.
            config: RunConfig {
                condition: Condition::Coupled,
                batch: 64,
                g_channels: 40,
                d_channels: 24,
                g_decay: 0.4,
                d_decay: 0.4,
                ..base.clone()
            },
        },
        Preset {
            id: "cogan-negatives",
            group: GROUP,
            name: "CoGAN: digits and negatives",
            look: "The same with white for black. The kinds have hardly a pixel in common, and still go together.",
            source: "Liu and Tuzel 2016 (CoGAN); networks of the first experiment, G with two layers more",
            config: RunConfig { condition: Condition::Coupled, coupling: Coupling::Negatives, batch: 64, ..base.clone() },
        },
        Preset {
            id: "acgan",
            group: GROUP,
            name: "ACGAN",
            look: "D names the digit of every image, and both players gain when it is right. Digits become very clear, and more alike within a class: compare the coverage with the conditional GAN's.",
            source: "Odena et al. 2017 (ACGAN); networks of the first experiment",
            config: RunConfig { condition: Condition::Auxiliary, ..base.clone() },
        },
        Preset {
            id: "infogan",
            group: GROUP,
            name: "InfoGAN",
            look: "Nobody tells what the ten codes mean, and after 500 steps most columns are a digit, some still two. Two that share a pair of digits sort it out between them later: after 3,000 steps 94 to 99 % of a code's images are of one digit. Choose a continuous code to see slant and width follow it.",
            source: "Chen et al. 2016 (InfoGAN), appendix C.1, a quarter as wide; the code guessed of an image in another pose, after Hu et al. 2017 (IMSAT)",
            // The paper's weight of 1 fixes the codes' meaning while images are still fog. Slant and width make as good
            // a code as the digit; a guess of another pose cannot use them. The code must weigh something beside the
            // noise then, so there are 16 numbers of noise, not 62: docs/decisions/infogan.md.
            config: RunConfig {
                condition: Condition::Codes,
                latent_dim: 16,
                prior: Prior::Uniform,
                code_weight: 0.1,
                code_augment: Augment::Pose,
                ..base.clone()
            },
        },
    ]
}
