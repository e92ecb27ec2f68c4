//! Experiments to begin with.

use super::Preset;
use crate::config::{Family, HiddenUnit, Norm, RunConfig};
use crate::latent::Prior;
use crate::nets::Initialiser;

const GROUP: &str = "To begin with";

/// In the order of the list.
pub fn presets() -> Vec<Preset> {
    let base = RunConfig::default();
    vec![
        Preset {
            id: "dcgan",
            group: GROUP,
            name: "DCGAN, a good start",
            look: "Grey fog becomes strokes after some hundred steps and digits after a thousand or so. The losses never settle: D and G improve together.",
            source: "Radford et al. 2016, scaled down for a tab",
            config: base.clone(),
        },
        Preset {
            id: "goodfellow",
            group: GROUP,
            name: "MLP after Goodfellow",
            look: "The paper's fully connected pair: maxout and dropout in D, uniform noise. Digits are speckled because nothing tells the network that pixels have neighbours. Steps are short, and it needs many: all ten digits after some 10,000.",
            source: "Goodfellow et al. 2014, mnist.yaml; narrower, start weights of 0.02, and Adam instead of SGD with momentum",
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
                // The largest of five pieces of He's size grows from layer to layer, to one picture for every noise.
                // The paper's are 0.05 in G and 0.005 in D: docs/decisions/preset-learning-rates.md.
                init: Initialiser::Dcgan,
                d_lr: 5e-4,
                g_lr: 1e-3,
                ..base.clone()
            },
        },
    ]
}
