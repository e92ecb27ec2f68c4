//! The fully connected pair of Goodfellow et al. 2014 (the authors' `mnist.yaml`), with widths and depth left open.

use super::builder::Builder;
use super::layers::{ConcatCondition, LeakyRelu, Maxout, Relu};
use super::{DiscriminatorInput, HiddenUnit, Init, Norm, Samples};

/// Pieces of a maxout unit, as in the paper's discriminator.
const PIECES: usize = 5;
/// Slope below zero where the discriminator is not maxout (Radford et al. 2016, section 4).
const SLOPE: f64 = 0.2;

/// Initial scale of normalisations.
const SCALE: Init = Init::Constant(1.0);

/// The generator.
#[derive(Debug, Clone, PartialEq)]
pub struct MlpGenerator {
    /// Units of a hidden layer, and number of these layers.
    pub units: usize,
    pub layers: usize,
    pub norm: Norm,
    /// Standard deviation of the noise added after each activation.
    pub noise: f64,
}

/// The discriminator.
#[derive(Debug, Clone, PartialEq)]
pub struct MlpDiscriminator {
    /// Units of a hidden layer, and number of these layers.
    pub units: usize,
    pub layers: usize,
    pub norm: Norm,
    pub hidden: HiddenUnit,
    pub dropout: f64,
}

/// `inputs` numbers -> hidden ReLU layers -> samples. The activation that bounds pixels is added later.
pub fn build_generator(net: Builder, spec: &MlpGenerator, inputs: usize, to: Samples) -> Builder {
    let mut width = inputs;
    let norm = spec.norm;
    let mut net = net.after(norm);
    for _ in 0..spec.layers {
        net = net
            .linear(width, spec.units, Init::he(width), !norm.shifts())
            .normalise(norm, spec.units, SCALE, true)
            .layer(Relu)
            .after(norm)
            .noise(spec.noise, spec.units);
        width = spec.units;
    }
    net.output().unbounded().linear(width, to.values(), Init::he(width), true)
}

/// samples -> hidden layers with dropout -> `outputs` numbers.
/// Dropout is half as strong on the input, as in the paper (0.2 against 0.5).
pub fn build_discriminator(net: Builder, spec: &MlpDiscriminator, of: DiscriminatorInput, outputs: usize) -> Builder {
    let rate = spec.dropout;
    let pieces = if spec.hidden == HiddenUnit::Maxout { PIECES } else { 1 };
    let (values, condition_width) = (of.values(), of.condition);
    let mut width = values + condition_width;
    let mut net = net
        .dropout(rate / 2.5, values)
        .when(condition_width > 0, |b| b.layer(ConcatCondition { numbers: condition_width }));
    for _ in 0..spec.layers {
        net = net.linear(width, spec.units * pieces, Init::he(width), true);
        net = match spec.hidden {
            HiddenUnit::Maxout => net.layer(Maxout { pieces }),
            HiddenUnit::LeakyRelu => net.normalise(spec.norm, spec.units, SCALE, false).layer(LeakyRelu(SLOPE)),
        };
        net = net.dropout(rate, spec.units);
        width = spec.units;
    }
    (net, width) = net.batch_features(of.batch_feature, width);
    net.output().linear(width, outputs, Init::he(width), true)
}
