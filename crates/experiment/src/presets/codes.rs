//! Presets of conditional generation: by class, by latent code, or in two domains.

use super::Preset;
use crate::config;
use crate::config::{Norm, RunConfig};
use counterfeit_gan::condition::Condition;
use counterfeit_gan::coupling::Coupling;
use counterfeit_gan::tricks::augmentation::Augment;
use counterfeit_random::Prior;

const GROUP: &str = "Conditioning";

/// In the order of the list.
#[expect(clippy::too_many_lines, reason = "a table of data")]
pub fn presets() -> Vec<Preset> {
    let base = RunConfig::default();
    vec![
        Preset {
            id: "cgan",
            group: GROUP,
            name: "Conditional GAN",
            description: "Each column is one class, each row one z: slant and stroke stay the same across a row. D receives \
                the class with its features. For a thousand steps G ignores the class; after 3,000 some 98 % of its \
                images are of the requested one.",
            source: "Mirza and Osindero 2014; networks of the default preset",
            config: config! { condition.condition: Condition::Concatenation, ..base.clone() },
        },
        Preset {
            id: "projection",
            group: GROUP,
            name: "Projection discriminator",
            description: "The same task: D adds to its output the inner product of its features with the embedding of the \
                class.",
            source: "Miyato and Koyama 2018; networks of the default preset",
            // With batch normalisation in D, D was too strong: two of two seeds learnt nothing within 2,000 steps.
            config: config! {
                condition.condition: Condition::Projection,
                discriminator.network.norm: Norm::None,
                ..base.clone()
            },
        },
        Preset {
            id: "cogan-edges",
            group: GROUP,
            name: "CoGAN: digits and edges",
            description: "Two domains without paired examples. All layers of G but the last are shared, so both images of \
                one z come to show the same digit. Pairs are shown side by side, with their agreement as a metric. \
                It takes one to two thousand steps; without weight decay pairs drift apart again.",
            source: "Liu and Tuzel 2016 (CoGAN); networks of the default preset, two more layers in G",
            // A batch of 32 has only 16 images of each domain. The channels date from an earlier version of G's last
            // layers: with 16 channels no edges appeared (score 3.3 after 1,500 steps), with 40 they did after 900.
            // Without weight decay, which the paper's code also has, pairs drifted apart as images improved: with a
            // ReLU on G's last features, seed 1 had an agreement of 95.5 % after 1,000 steps and of 91.8 % after 3,500.
            // A decay of 0.6 raised agreement and cost quality (96.2 and 96.6 % after 3,000 steps, scores 8.2 and 7.7).
            config: config! {
                condition.condition: Condition::Coupled,
                batch: 64,
                generator.network.channels: 40,
                discriminator.network.channels: 24,
                generator.optimizer.decay: 0.4,
                discriminator.optimizer.decay: 0.4,
                ..base.clone()
            },
        },
        Preset {
            id: "cogan-negatives",
            group: GROUP,
            name: "CoGAN: digits and negatives",
            description: "The second domain is the inverted image. The domains share hardly a pixel, and pairs still agree.",
            source: "Liu and Tuzel 2016 (CoGAN); networks of the default preset, two more layers in G",
            config: config! {
                condition.condition: Condition::Coupled,
                condition.coupling: Coupling::Negatives,
                batch: 64,
                ..base.clone()
            },
        },
        Preset {
            id: "acgan",
            group: GROUP,
            name: "ACGAN",
            description: "D also classifies every image, and both networks minimise this auxiliary loss. Digits become very \
                clear, but less diverse within a class: compare the coverage with the conditional GAN's.",
            source: "Odena et al. 2017 (ACGAN); networks of the default preset",
            config: config! { condition.condition: Condition::Auxiliary, ..base.clone() },
        },
        Preset {
            id: "infogan",
            group: GROUP,
            name: "InfoGAN",
            description: "The ten values of the categorical code have no given meaning; after 500 steps most columns are \
                one digit, some still two. After 3,000 steps 94 to 99 % of a code's images are of one digit. Choose \
                a continuous code to see slant and width follow it.",
            source: "Chen et al. 2016 (InfoGAN), appendix C.1, a quarter as wide; Q's input in another pose, after \
                Hu et al. 2017 (IMSAT)",
            // The paper's weight of 1 fixes the meaning of the codes while images are still grey: after 2,000 steps
            // (seed 7) coverage was 0.79 and purity 0.71. With 0.1 they were 0.90 and 0.82; with 0.03 the codes had no
            // meaning. These runs had no augmentation of Q's input and the paper's 62 noise dimensions. Purity was 0.71
            // to 0.81 in five seeds, because slant and width are as good a code as the digit; augmentation prevents
            // that. The code must then be large relative to the noise: with 62 normal dimensions it was ignored for
            // 1,500 steps. After as many (seed 1, translation and shear only) purity was 0.85 with 16 dimensions in
            // [-1, 1], 0.80 with three times the weight, and 0.65 without augmentation. Without scaling seed 1 reached
            // 0.90 after 4,000 steps, with it 0.99 after 3,000.
            config: config! {
                condition.condition: Condition::Codes,
                latent_dim: 16,
                prior: Prior::Uniform,
                condition.weight: 0.1,
                tricks.code_augmentation.augment: Augment::Pose,
                ..base.clone()
            },
        },
    ]
}
