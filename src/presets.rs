//! Named experiments: what each changes from the default, where it comes from, what to look for.

use serde::Serialize;

use crate::config::{Family, HiddenUnit, Norm, RunConfig};
use crate::latent::Prior;
use crate::objective::Objective;

/// A prepared experiment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Preset {
    /// Stands in the URL.
    pub id: &'static str,
    pub name: &'static str,
    /// What to look for, in two or three sentences.
    pub look: &'static str,
    pub source: &'static str,
    pub config: RunConfig,
}

/// Every preset; the first is the one a visitor starts with.
pub fn presets() -> Vec<Preset> {
    let base = RunConfig::default();
    vec![
        Preset {
            id: "dcgan",
            name: "DCGAN, a good start",
            look: "Grey fog becomes strokes after some hundred steps and digits after a thousand or so. The losses never settle: D and G improve together.",
            source: "Radford et al. 2016, scaled down for a tab",
            config: base.clone(),
        },
        Preset {
            id: "goodfellow",
            name: "MLP after Goodfellow",
            look: "The paper's fully connected pair: maxout and dropout in D, uniform noise. Digits are speckled because nothing tells the network that pixels have neighbours.",
            source: "Goodfellow et al. 2014, mnist.yaml; narrower, and Adam instead of SGD with momentum",
            config: RunConfig {
                family: Family::Mlp,
                prior: Prior::Uniform,
                latent_dim: 100,
                batch: 64,
                g_norm: Norm::None,
                d_norm: Norm::None,
                d_units: 64,
                d_hidden: HiddenUnit::Maxout,
                d_dropout: 0.5,
                d_lr: 2e-4,
                g_lr: 2e-4,
                ..base.clone()
            },
        },
        Preset {
            id: "vanishing",
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
            name: "Discriminator too weak",
            look: "D learns a hundred times more slowly than G. G's loss falls, because this D is easily fooled, and the pictures stay blotches: a loss is only as good as its judge.",
            source: "ganhacks 10; Goodfellow et al. 2014, section 6",
            config: RunConfig { g_lr: 1e-3, d_lr: 1e-5, g_dense: 0, d_dense: 0, ..base.clone() },
        },
        Preset {
            id: "few",
            name: "A thousand images",
            look: "D soon knows the thousand training images by heart: sure of those, unsure of real images it has never seen. What it teaches G is then about these images and no longer about digits. Open a forged one and look at its nearest training image.",
            source: "Karras et al. 2020 (ADA), section 2",
            config: RunConfig { train_images: 1000, ..base },
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_are_valid_distinct_and_explained() {
        let all = presets();
        for (i, p) in all.iter().enumerate() {
            p.config.clone().validate().unwrap_or_else(|e| panic!("{}: {e}", p.id));
            assert!(p.look.len() > 40 && !p.source.is_empty());
            assert!(all[..i].iter().all(|q| q.id != p.id && q.config != p.config), "{}", p.id);
        }
        assert_eq!(all[0].config, RunConfig::default());
    }
}
