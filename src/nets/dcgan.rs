//! The convolutional pair of Radford et al. 2016, fitted to 28x28: two stages 7 -> 14 -> 28, or one, 14 -> 28. Between
//! the convolutions and z or the logit there may be a fully connected layer, as in InfoGAN's networks for MNIST (Chen
//! et al. 2016, appendix C.1).

use super::builder::Builder;
use super::{Init, Layer, SIDE};
use crate::config::{Norm, RunConfig, Upsampling};
use crate::coupling::Coupling;

/// Section 4 of the paper: every weight from N(0, 0.02^2).
const WEIGHT: Init = Init::Normal { mean: 0.0, std: 0.02 };
/// The paper's initialisation if a normalisation follows, He's otherwise. Without normalisation, four layers of such
/// small weights scale a signal by a thousandth: D did not learn for a thousand steps with R1. With He et al. 2015 it
/// learns from the first step.
fn weight(norm: Norm, fan_in: usize) -> Init {
    if norm.restores() { WEIGHT } else { Init::he(fan_in) }
}

/// Taps of a 4x4 kernel, and those of them that meet in one place of the larger image at stride 2; taps of a 3x3
/// kernel.
const TAPS: usize = 16;
const TAPS_UP: usize = 4;
const TAPS_SAME: usize = 9;
/// Side of the feature maps with attention. At 28 it would cost sixteen times as much; 7 is within reach of a
/// convolution.
const ATTENDED: usize = SIDE / 2;

/// Number of features per position from which a coupled pair's images are generated.
const STROKES: usize = 16;

/// Initialisation of batch normalisation's scale, N(1, 0.02^2) as in the authors' code.
const SCALE: Init = Init::Normal { mean: 1.0, std: 0.02 };
/// Section 4: slope of the leaky rectifier.
const SLOPE: f64 = 0.2;

/// Normalisation of a fully connected layer: instance normalisation would set its units, channels of one position, to
/// 0.
fn of_units(norm: Norm) -> Norm {
    if norm == Norm::Instance { Norm::None } else { norm }
}

/// z -> (fully connected ->) linear -> up-sampling convolutions. Channels halve as the side doubles; the last
/// stage has one a kind of image. What bounds the pixels is not here.
pub fn build_generator(net: Builder, config: &RunConfig) -> Builder {
    let mut side = SIDE >> config.stages;
    // The width setting is that of the widest feature map but one: 16 means 32 channels at 7x7 and 16 at 14x14.
    let mut channels = config.g_channels << (config.stages - 1);
    let norm = config.g_norm;
    let attends = config.attention.generator();
    let (dense, mut width) = (config.g_dense, config.g_features());
    // z, too, is normalised by pixel (Karras et al. 2018).
    let mut net = net.after(norm);
    if dense > 0 {
        let norm = of_units(norm);
        net = net
            .linear(width, dense, weight(norm, width), !norm.shifts())
            .normalise(norm, dense, SCALE, true)
            .layer(Layer::Relu)
            .after(norm)
            .noise(config.g_noise, dense);
        width = dense;
    }
    net = net
        .linear(width, channels * side * side, weight(norm, width), !norm.shifts())
        .layer(Layer::ToImage([channels, side, side]))
        .normalise(norm, channels, SCALE, true)
        .layer(Layer::Relu)
        .after(norm)
        .noise(config.g_noise, channels * side * side)
        .when(attends && side == ATTENDED, |b| b.attention(channels, |fan_in| weight(norm, fan_in)));
    for _ in 1..config.stages {
        let wider = channels;
        (channels, side) = (wider / 2, 2 * side);
        net = up(net, config.g_up, norm, [wider, channels], !norm.shifts())
            .normalise(norm, channels, SCALE, true)
            .layer(Layer::Relu)
            .after(norm)
            .noise(config.g_noise, channels * side * side)
            .when(attends && side == ATTENDED, |b| b.attention(channels, |fan_in| weight(norm, fan_in)));
    }
    // No normalisation at the output (section 3): the image needs its own mean and contrast.
    let net = net.output();
    match config.planes() {
        1 => up(net.unbounded(), config.g_up, norm, [channels, 1], true),
        kinds => {
            let net = up(net, config.g_up, norm, [channels, 1], true).hidden();
            kinds_of(net, config.coupling, kinds)
        }
    }
}

/// From one drawing to an image of each kind, which differ in the last layer alone, as with Liu and Tuzel 2016. The
/// drawing is one number a place, so that the kinds cannot choose among different features of it: see
/// `docs/decisions/cogan.md`.
fn kinds_of(net: Builder, coupling: Coupling, kinds: usize) -> Builder {
    // An edge is a matter of a place's neighbours, a negative is not. Leaky for edges, whose features do not come back
    // once all are 0; not for negatives, whose pairs then no longer agree (docs/decisions/cogan.md).
    let (side, rectified) = match coupling {
        Coupling::Edges => (3, Layer::LeakyRelu(SLOPE)),
        Coupling::Negatives => (1, Layer::Relu),
    };
    // Not normalised: batch normalisation here halves the score of edges (docs/decisions/cogan.md).
    net.conv(1, STROKES, side, Init::he(side * side), true).layer(rectified).output().unbounded().conv(
        STROKES,
        kinds,
        1,
        Init::he(STROKES),
        true,
    )
}

/// Doubles the side and goes from so many channels to so many.
fn up(net: Builder, way: Upsampling, norm: Norm, [from, to]: [usize; 2], bias: bool) -> Builder {
    match way {
        Upsampling::Transposed => net.conv_up(from, to, weight(norm, TAPS_UP * from), bias),
        Upsampling::Nearest => {
            net.layer(Layer::UpsampleNearest).conv(from, to, 3, weight(norm, TAPS_SAME * from), bias)
        }
        Upsampling::Shuffle => {
            net.conv(from, 4 * to, 3, weight(norm, TAPS_SAME * from), bias).layer(Layer::PixelShuffle)
        }
    }
}

/// image -> strided convolutions with leaky ReLU (-> fully connected) -> linear. Channels double as the side halves.
pub fn build_discriminator(net: Builder, config: &RunConfig, outputs: usize) -> Builder {
    let norm = config.d_norm;
    let mut net = net.layer(Layer::ToImage([config.d_planes(), SIDE, SIDE]));
    let mut channels = config.d_planes();
    for stage in 0..config.stages {
        let wider = config.d_channels << stage;
        // No normalisation at the input layer (section 3).
        let here = if stage > 0 { norm } else { Norm::None };
        net = net
            .conv_down(channels, wider, weight(norm, TAPS * channels), !here.shifts())
            .normalise(here, wider, SCALE, false)
            .layer(Layer::LeakyRelu(SLOPE))
            .dropout(config.d_dropout, wider * (SIDE >> (stage + 1)).pow(2))
            .when(config.attention.discriminator() && SIDE >> (stage + 1) == ATTENDED, |b| {
                b.attention(wider, |fan_in| weight(norm, fan_in))
            });
        channels = wider;
    }
    let side = SIDE >> config.stages;
    let condition_width = config.condition.d_condition_width();
    let (dense, mut width) = (config.d_dense, channels * side * side + condition_width);
    net = net
        .layer(Layer::ToFlat)
        .when(condition_width > 0, |b| b.layer(Layer::ConcatCondition { numbers: condition_width }));
    if dense > 0 {
        let norm = of_units(norm);
        net = net
            .linear(width, dense, weight(norm, width), !norm.shifts())
            .normalise(norm, dense, SCALE, false)
            .layer(Layer::LeakyRelu(SLOPE))
            .dropout(config.d_dropout, dense);
        width = dense;
    }
    (net, width) = net.batch_features(config.d_batch, width);
    net.output().linear(width, outputs, weight(norm, width), true)
}
