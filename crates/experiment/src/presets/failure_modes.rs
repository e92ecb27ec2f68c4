//! Presets that show a failure mode each.

use super::{Preset, family};
use crate::config;
use crate::config::{Family, Norm, RunConfig};
use counterfeit_gan::loss::Objective;

const GROUP: &str = "Failure modes";

/// In the order of the list.
#[expect(clippy::too_many_lines, reason = "a table of data")]
pub fn presets() -> Vec<Preset> {
    let base = RunConfig::default();
    vec![
        Preset {
            id: "vanishing",
            group: GROUP,
            name: "Vanishing gradient (D too strong)",
            description: "D(G(z)) falls to 0 within a hundred steps. The saturating loss is flat there, so G gets no \
                gradient. Switch to the non-saturating loss, and G learns again.",
            source: "Goodfellow et al. 2014, section 3; Arjovsky and Bottou 2017",
            config: config! {
                loss.objective: Objective::Minimax,
                d_steps: 5,
                discriminator.optimizer.lr: 1e-3,
                generator.optimizer.lr: 5e-5,
                generator.network.dense: 0,
                discriminator.network.dense: 0,
                ..base.clone()
            },
        },
        Preset {
            id: "collapse",
            group: GROUP,
            name: "Mode collapse",
            description: "All 64 images become the same one to three shapes, although each has its own z. The losses look \
                normal: only the images show it. With G's learning rate, 0.001, for D too, a new run does not \
                collapse.",
            source: "Goodfellow et al. 2014, section 6: G must not be trained too much without updating D",
            config: config! {
                family: Family::Mlp,
                generator.network.norm: Norm::None,
                discriminator.network.norm: Norm::None,
                generator.optimizer.lr: 1e-3,
                discriminator.optimizer.lr: 2e-4,
                ..base.clone()
            },
        },
        Preset {
            id: "weak",
            group: GROUP,
            name: "Discriminator too weak",
            description: "D's learning rate is a hundredth of G's. G's loss falls, because this D is easily fooled, and the \
                images remain blotches: G's loss is only as meaningful as D is good.",
            source: "ganhacks 10; Goodfellow et al. 2014, section 6",
            config: config! {
                generator.optimizer.lr: 1e-3,
                discriminator.optimizer.lr: 1e-5,
                generator.network.dense: 0,
                discriminator.network.dense: 0,
                ..base.clone()
            },
        },
        Preset {
            id: "few",
            group: GROUP,
            name: "Overfitting D (1,000 images)",
            description: "D soon memorises the thousand training images: confident on those, unsure of held-out real \
                images. Its gradient then pulls G towards these images and no longer towards digits. Open a \
                generated image to see its nearest training image.",
            source: "Karras et al. 2020 (ADA), section 2",
            config: config! { train_images: 1000, ..base.clone() },
        },
        Preset {
            id: "circles",
            group: GROUP,
            name: "Oscillation",
            description: "Small networks and learning rates four times too large. Evaluate every 100 steps: from about step \
                1,000 on, the mix of digits changes with each evaluation and no metric improves. Show the EMA: it \
                stays in the middle and generates better images than G.",
            source: "measured here, see src/diagnosis.rs; Karras et al. 2018, appendix A, for the EMA",
            config: config! {
                generator.network.channels: 4,
                discriminator.network.channels: 4,
                generator.network.dense: 32,
                discriminator.network.dense: 32,
                generator.optimizer.lr: 8e-3,
                discriminator.optimizer.lr: 4e-3,
                ..base.clone()
            },
        },
        Preset {
            id: "apart",
            group: GROUP,
            name: "WGAN without a Lipschitz constraint",
            description: "The Wasserstein loss without weight clipping or gradient penalty. The critic lowers its loss \
                without limit by scaling up its outputs: within a hundred steps they are in the thousands, and G \
                follows them.",
            source: "Arjovsky et al. 2017 (WGAN): the critic has to be Lipschitz",
            config: config! {
                loss.objective: Objective::Wasserstein,
                discriminator.network.norm: Norm::None,
                ..base.clone()
            },
        },
        Preset {
            id: "copies",
            group: GROUP,
            name: "Memorisation (16 images)",
            description: "With a gradient penalty D keeps a useful gradient although it has memorised all sixteen training \
                images, and G learns to reproduce exactly those. Open generated images and compare each with its \
                nearest training image.",
            source: "Gulrajani et al. 2017, for the penalty; the sixteen images are ours",
            config: config! {
                train_images: 16,
                generator.network.channels: 8,
                discriminator.network.channels: 8,
                generator.network.dense: 64,
                discriminator.network.dense: 64,
                ..family::wgan_gp()
            },
        },
    ]
}
