//! The fully connected pair of Goodfellow et al. 2014 (the authors' `mnist.yaml`), with widths and depth left open.

use super::builder::Builder;
use super::layers::{ConcatCondition, LeakyRelu, Maxout, Relu};
use super::{DiscriminatorSpec, GeneratorSpec, HiddenUnit, Init};

/// Pieces of a maxout unit, as in the paper's discriminator.
const PIECES: usize = 5;
/// Slope below zero where the discriminator is not maxout (Radford et al. 2016, section 4).
const SLOPE: f64 = 0.2;

/// Initial scale of normalisations.
const SCALE: Init = Init::Constant(1.0);

/// z -> hidden ReLU layers -> a sample. The activation that bounds pixels is added later.
pub fn build_generator(net: Builder, spec: &GeneratorSpec) -> Builder {
    let mut width = spec.features();
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
    net.output().unbounded().linear(width, spec.planes() * spec.shape.iter().product::<usize>(), Init::he(width), true)
}

/// sample -> hidden layers with dropout -> one logit.
/// Dropout is half as strong on the input, as in the paper (0.2 against 0.5).
pub fn build_discriminator(net: Builder, spec: &DiscriminatorSpec, outputs: usize) -> Builder {
    let rate = spec.dropout;
    let pieces = if spec.hidden == HiddenUnit::Maxout { PIECES } else { 1 };
    let (values, condition_width) = (spec.planes * spec.shape.iter().product::<usize>(), spec.condition);
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
    (net, width) = net.batch_features(spec.batch_feature, width);
    net.output().linear(width, outputs, Init::he(width), true)
}
