//! Presets to start with.

use super::Preset;
use crate::config;
use crate::config::{Family, HiddenUnit, Norm, RunConfig};
use counterfeit_nn::Initialiser;
use counterfeit_random::Prior;

const GROUP: &str = "Getting started";

/// In the order of the list.
pub fn presets() -> Vec<Preset> {
    let base = RunConfig::default();
    vec![
        Preset {
            id: "dcgan",
            group: GROUP,
            name: "DCGAN",
            description: "Grey noise becomes strokes after some hundred steps and digits after about a thousand. The losses \
                never settle, because D and G improve together.",
            source: "Radford et al. 2016, scaled down for a tab",
            config: base.clone(),
        },
        Preset {
            id: "goodfellow",
            group: GROUP,
            name: "MLP (Goodfellow et al. 2014)",
            description: "The paper's fully connected networks: maxout and dropout in D, a uniform prior. Digits are \
                speckled, because the networks do not know which pixels are neighbours. Steps are short but many are \
                needed: all ten digits appear after some 10,000.",
            source: "Goodfellow et al. 2014, mnist.yaml; narrower, weights initialised with 0.02, and Adam instead \
                of SGD with momentum",
            config: config! {
                family: Family::Mlp,
                prior: Prior::Uniform,
                latent_dim: 100,
                batch: 64,
                generator.network.norm: Norm::None,
                discriminator.network.norm: Norm::None,
                discriminator.network.units: 64,
                discriminator.hidden: HiddenUnit::Maxout,
                discriminator.dropout: 0.5,
                // With He initialisation the maximum of five pieces grows from layer to layer: the score after 2,000
                // steps was 1.2, one image for every z. The paper's weights are 0.05 in G and 0.005 in D.
                init: Initialiser::Dcgan,
                discriminator.optimizer.lr: 5e-4,
                generator.optimizer.lr: 1e-3,
                ..base.clone()
            },
        },
    ]
}
