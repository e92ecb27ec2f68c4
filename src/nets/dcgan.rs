//! The convolutional pair of Radford et al. 2016, fitted to 28x28: two stages 7 -> 14 -> 28, or one, 14 -> 28. Between the
//! convolutions and z or the verdict may stand a fully connected layer, as in InfoGAN's networks for MNIST (Chen et al. 2016,
//! appendix C.1).

use super::layer::Builder;
use super::{Init, Layer, Plan, SIDE};
use crate::config::{Norm, RunConfig};

/// Section 4 of the paper: every weight from N(0, 0.02^2).
const WEIGHT: Init = Init::Normal { mean: 0.0, std: 0.02 };
/// The same where a normalisation restores what such small weights take away. Without one four layers of them pass on a thousandth: D
/// then stood still for a thousand steps under R1; by He et al. 2015 it learns from the first.
fn weight(norm: bool, fan_in: usize) -> Init {
    if norm { WEIGHT } else { Init::he(fan_in) }
}

/// Taps of a 4x4 kernel, and those of them that meet in one place of the larger image at stride 2.
const TAPS: usize = 16;
const TAPS_UP: usize = 4;

/// The authors' code starts the scale of batch normalisation at N(1, 0.02^2).
const SCALE: Init = Init::Normal { mean: 1.0, std: 0.02 };
/// Section 4: slope of the leaky rectifier.
const SLOPE: f64 = 0.2;

/// z -> (fully connected ->) linear -> transposed convolutions -> tanh. Channels halve as the side doubles; the last stage has one channel.
pub fn generator(config: &RunConfig) -> Plan {
    let side = SIDE >> config.stages;
    // The width setting is that of the widest feature map but one: 16 means 32 channels at 7x7 and 16 at 14x14.
    let mut channels = config.g_channels << (config.stages - 1);
    let norm = config.g_norm == Norm::Batch;
    let (dense, mut width) = (config.g_dense, config.g_inputs());
    let mut net = Builder::default();
    if dense > 0 {
        net = net
            .linear(width, dense, weight(norm, width), !norm)
            .when(norm, |b| b.batch_norm(dense, SCALE, true))
            .layer(Layer::Relu);
        width = dense;
    }
    net = net
        .linear(width, channels * side * side, weight(norm, width), !norm)
        .layer(Layer::ToImage([channels, side, side]))
        .when(norm, |b| b.batch_norm(channels, SCALE, true))
        .layer(Layer::Relu);
    for _ in 1..config.stages {
        net = net
            .conv_up(channels, channels / 2, weight(norm, TAPS_UP * channels), !norm)
            .when(norm, |b| b.batch_norm(channels / 2, SCALE, true))
            .layer(Layer::Relu);
        channels /= 2;
    }
    // No normalisation at the output (section 3): the image needs its own mean and contrast.
    net.conv_up(channels, 1, weight(norm, TAPS_UP * channels), true).layer(Layer::Tanh).layer(Layer::ToFlat).build()
}

/// image -> strided convolutions with leaky ReLU (-> fully connected) -> linear. Channels double as the side halves.
pub fn discriminator(config: &RunConfig) -> Plan {
    let mut net = Builder::default().layer(Layer::ToImage([config.pack, SIDE, SIDE]));
    let mut channels = config.pack;
    for stage in 0..config.stages {
        let wider = config.d_channels << stage;
        // No normalisation at the input layer (section 3).
        let norm = config.d_norm == Norm::Batch && stage > 0;
        net = net
            .conv_down(channels, wider, weight(config.d_norm == Norm::Batch, TAPS * channels), !norm)
            .when(norm, |b| b.batch_norm(wider, SCALE, false))
            .layer(Layer::LeakyRelu(SLOPE));
        channels = wider;
    }
    let side = SIDE >> config.stages;
    let told = config.condition.told();
    let (dense, mut width) = (config.d_dense, channels * side * side + told);
    net = net.layer(Layer::ToFlat).when(told > 0, |b| b.layer(Layer::Told { numbers: told }));
    if dense > 0 {
        let norm = config.d_norm == Norm::Batch;
        net = net
            .linear(width, dense, weight(norm, width), !norm)
            .when(norm, |b| b.batch_norm(dense, SCALE, false))
            .layer(Layer::LeakyRelu(SLOPE));
        width = dense;
    }
    net.linear(width, config.d_outputs(), weight(config.d_norm == Norm::Batch, width), true).build()
}
