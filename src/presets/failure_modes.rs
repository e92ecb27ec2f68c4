//! Experiments in which something goes wrong.

use super::{Preset, family};
use crate::config::{Family, Norm, RunConfig};
use crate::loss::Objective;

const GROUP: &str = "What goes wrong";

/// In the order of the list.
pub fn presets() -> Vec<Preset> {
    let base = RunConfig::default();
    vec![
        Preset {
            id: "vanishing",
            group: GROUP,
            name: "Discriminator too strong",
            look: "D(G(z)) falls to 0 within a hundred steps and the saturating loss goes flat with it: no slope, no learning. Switch the generator's loss to non-saturating and watch it wake up.",
            source: "Goodfellow et al. 2014, section 3; Arjovsky and Bottou 2017",
            config: RunConfig {
                objective: Objective::Minimax,
                d_steps: 5,
                d_lr: 1e-3,
                g_lr: 5e-5,
                g_dense: 0,
                d_dense: 0,
                ..base.clone()
            },
        },
        Preset {
            id: "collapse",
            group: GROUP,
            name: "Mode collapse",
            look: "All 64 pictures become the same one to three shapes, bright or faint, although each has its own noise. The losses look no worse than usual: only the pictures tell. Start again with the generator's learning rate, 0.001, for D too, and it does not happen.",
            source: "Goodfellow et al. 2014, section 6: G must not be trained too much without updating D",
            config: RunConfig {
                family: Family::Mlp,
                g_norm: Norm::None,
                d_norm: Norm::None,
                g_lr: 1e-3,
                d_lr: 2e-4,
                ..base.clone()
            },
        },
        Preset {
            id: "weak",
            group: GROUP,
            name: "Discriminator too weak",
            look: "D learns a hundred times more slowly than G. G's loss falls, because this D is easily fooled, and the pictures stay blotches: a loss is only as good as its judge.",
            source: "ganhacks 10; Goodfellow et al. 2014, section 6",
            config: RunConfig { g_lr: 1e-3, d_lr: 1e-5, g_dense: 0, d_dense: 0, ..base.clone() },
        },
        Preset {
            id: "few",
            group: GROUP,
            name: "A thousand images",
            look: "D soon knows the thousand training images by heart: sure of those, unsure of real images it has never seen. What it teaches G is then about these images and no longer about digits. Open a forged one and look at its nearest training image.",
            source: "Karras et al. 2020 (ADA), section 2",
            config: RunConfig { train_images: 1000, ..base.clone() },
        },
        Preset {
            id: "circles",
            group: GROUP,
            name: "Going in circles",
            look: "Small networks and steps four times too large. Let the run be measured every 100 steps: from about step 1,000 on the mixture of digits changes from look to look and nothing gets better. Show the averaged generator: it stands still in the middle, and draws better than any of the others.",
            source: "measured here, see src/diagnosis.rs; Karras et al. 2018, appendix A, for the average",
            config: RunConfig { g_channels: 4, d_channels: 4, g_dense: 32, d_dense: 32, g_lr: 8e-3, d_lr: 4e-3, ..base.clone() },
        },
        Preset {
            id: "apart",
            group: GROUP,
            name: "A critic without a bound",
            look: "The Wasserstein game with nothing that holds D's slope. D makes its loss as small as it likes by making its outputs large: within a hundred steps they are in the thousands, and G runs after them.",
            source: "Arjovsky et al. 2017 (WGAN): the critic has to be Lipschitz",
            config: RunConfig { objective: Objective::Wasserstein, d_norm: Norm::None, ..base.clone() },
        },
        Preset {
            id: "copies",
            group: GROUP,
            name: "Sixteen images",
            look: "A D that is held by a gradient penalty goes on teaching although it knows all sixteen training images by heart, and G learns to draw those and nothing else. Open forged images one after the other and look at the training image beside each.",
            source: "Gulrajani et al. 2017, for the penalty; the sixteen images are ours",
            config: RunConfig { train_images: 16, g_channels: 8, d_channels: 8, g_dense: 64, d_dense: 64, ..family::wgan_gp() },
        },
    ]
}
