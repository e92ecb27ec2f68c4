//! The fully connected pair of Goodfellow et al. 2014 (the authors' `mnist.yaml`), with widths and depth left open.

use super::builder::Builder;
use super::{Init, Layer};
use crate::config::{HiddenUnit, RunConfig};

/// Pieces of a maxout unit, as in the paper's discriminator.
const PIECES: usize = 5;
/// Slope below zero where the discriminator is not maxout (Radford et al. 2016, section 4).
const SLOPE: f64 = 0.2;

/// Initial scale of normalisations.
const SCALE: Init = Init::Constant(1.0);

/// z -> hidden ReLU layers -> a sample. The activation that bounds pixels is added later.
pub fn build_generator(net: Builder, config: &RunConfig) -> Builder {
    let mut width = config.g_features();
    let norm = config.g_norm;
    let mut net = net.after(norm);
    for _ in 0..config.g_layers {
        net = net
            .linear(width, config.g_units, Init::he(width), !norm.shifts())
            .normalise(norm, config.g_units, SCALE, true)
            .layer(Layer::Relu)
            .after(norm)
            .noise(config.g_noise, config.g_units);
        width = config.g_units;
    }
    net.output().unbounded().linear(width, config.planes() * config.values(), Init::he(width), true)
}

/// sample -> hidden layers with dropout -> one logit.
/// Dropout is half as strong on the input, as in the paper (0.2 against 0.5).
pub fn build_discriminator(net: Builder, config: &RunConfig, outputs: usize) -> Builder {
    let rate = config.d_dropout;
    let pieces = if config.d_hidden == HiddenUnit::Maxout { PIECES } else { 1 };
    let (values, condition_width) = (config.d_planes() * config.values(), config.condition.d_condition_width());
    let mut width = values + condition_width;
    let mut net = net
        .dropout(rate / 2.5, values)
        .when(condition_width > 0, |b| b.layer(Layer::ConcatCondition { numbers: condition_width }));
    for _ in 0..config.d_layers {
        net = net.linear(width, config.d_units * pieces, Init::he(width), true);
        net = match config.d_hidden {
            HiddenUnit::Maxout => net.layer(Layer::Maxout { pieces }),
            HiddenUnit::LeakyRelu => {
                net.normalise(config.d_norm, config.d_units, SCALE, false).layer(Layer::LeakyRelu(SLOPE))
            }
        };
        net = net.dropout(rate, config.d_units);
        width = config.d_units;
    }
    (net, width) = net.batch_features(config.d_batch, width);
    net.output().linear(width, outputs, Init::he(width), true)
}
