//! The convolutional pair of Radford et al. 2016, fitted to 28x28: two stages 7 -> 14 -> 28, or one, 14 -> 28. Between
//! the convolutions and z or the logit there may be a fully connected layer, as in InfoGAN's networks for MNIST (Chen
//! et al. 2016, appendix C.1).

use super::builder::Builder;
use super::layers::{ConcatCondition, Layer, LeakyRelu, PixelShuffle, Relu, ToFlat, ToImage, UpsampleNearest};
use super::{DiscriminatorInput, DomainHead, Init, Norm, Samples, Upsampling};

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
/// Number of halvings of the side down to the feature maps with attention. At the whole side it would cost sixteen times
/// as much; a quarter is within reach of a convolution.
const ATTENDED: usize = 1;

/// Number of features per position from which a coupled pair's images are generated.
const STROKES: usize = 16;

/// Initialisation of batch normalisation's scale, N(1, 0.02^2) as in the authors' code.
const SCALE: Init = Init::Normal { mean: 1.0, std: 0.02 };
/// Section 4: slope of the leaky rectifier.
const SLOPE: f64 = 0.2;

/// The generator.
#[derive(Debug, Clone, PartialEq)]
pub struct DcganGenerator {
    /// Channels of the widest feature map but one.
    pub channels: usize,
    /// Units of the fully connected layer before the convolutions; 0 for none.
    pub dense: usize,
    /// Number of doublings of the side.
    pub stages: usize,
    pub upsampling: Upsampling,
    /// Whether there is self-attention.
    pub attention: bool,
    pub norm: Norm,
    /// Standard deviation of the noise added after each activation.
    pub noise: f64,
}

/// The discriminator.
#[derive(Debug, Clone, PartialEq)]
pub struct DcganDiscriminator {
    /// Channels after the first convolution.
    pub channels: usize,
    /// Units of the fully connected layer after the convolutions; 0 for none.
    pub dense: usize,
    /// Number of halvings of the side.
    pub stages: usize,
    /// Whether there is self-attention.
    pub attention: bool,
    pub norm: Norm,
    pub dropout: f64,
}

/// Normalisation of a fully connected layer: instance normalisation would set its units, channels of one position, to
/// 0.
fn of_units(norm: Norm) -> Norm {
    if norm == Norm::Instance { Norm::None } else { norm }
}

/// `inputs` numbers -> (fully connected ->) linear -> up-sampling convolutions. Channels halve as the side doubles; the
/// last stage has one a kind of image. What bounds the pixels is not here.
pub fn build_generator(net: Builder, spec: &DcganGenerator, inputs: usize, to: Samples) -> Builder {
    let [image, whole, _] = to.shape;
    let mut side = whole >> spec.stages;
    // The width setting is that of the widest feature map but one: 16 means 32 channels at 7x7 and 16 at 14x14.
    let mut channels = spec.channels << (spec.stages - 1);
    let norm = spec.norm;
    let attends = spec.attention;
    let (dense, mut width) = (spec.dense, inputs);
    // z, too, is normalised by pixel (Karras et al. 2018).
    let mut net = net.after(norm);
    if dense > 0 {
        let norm = of_units(norm);
        net = net
            .linear(width, dense, weight(norm, width), !norm.shifts())
            .normalise(norm, dense, SCALE, true)
            .layer(Relu)
            .after(norm)
            .noise(spec.noise, dense);
        width = dense;
    }
    net = net
        .linear(width, channels * side * side, weight(norm, width), !norm.shifts())
        .layer(ToImage([channels, side, side]))
        .normalise(norm, channels, SCALE, true)
        .layer(Relu)
        .after(norm)
        .noise(spec.noise, channels * side * side)
        .when(attends && side == whole >> ATTENDED, |b| b.attention(channels, |fan_in| weight(norm, fan_in)));
    for _ in 1..spec.stages {
        let wider = channels;
        (channels, side) = (wider / 2, 2 * side);
        net = up(net, spec.upsampling, norm, [wider, channels], !norm.shifts())
            .normalise(norm, channels, SCALE, true)
            .layer(Relu)
            .after(norm)
            .noise(spec.noise, channels * side * side)
            .when(attends && side == whole >> ATTENDED, |b| b.attention(channels, |fan_in| weight(norm, fan_in)));
    }
    // No normalisation at the output (section 3): the image needs its own mean and contrast.
    let net = net.output();
    match to.domains {
        None => up(net.unbounded(), spec.upsampling, norm, [channels, image], true),
        Some(head) => domains(
            up(net, spec.upsampling, norm, [channels, image], true).hidden(),
            head,
            [image, to.planes() * image],
        ),
    }
}

/// From one drawing to an image of each domain, which differ in the last layer alone, as with Liu and Tuzel 2016. The
/// drawing has one number per position, so that the domains cannot choose among different features of it
/// (docs/decisions/cogan.md).
fn domains(net: Builder, DomainHead { kernel, leaky }: DomainHead, [from, to]: [usize; 2]) -> Builder {
    let rectified: Layer = if leaky { LeakyRelu(SLOPE).into() } else { Relu.into() };
    // Not normalised: batch normalisation here halves the score of edges (docs/decisions/cogan.md).
    let net =
        net.conv(from, STROKES, kernel, Init::he(kernel * kernel * from), true).layer(rectified).output().unbounded();
    net.conv(STROKES, to, 1, Init::he(STROKES), true)
}

/// Doubles the side and goes from so many channels to so many.
fn up(net: Builder, way: Upsampling, norm: Norm, [from, to]: [usize; 2], bias: bool) -> Builder {
    match way {
        Upsampling::Transposed => net.conv_up(from, to, weight(norm, TAPS_UP * from), bias),
        Upsampling::Nearest => net.layer(UpsampleNearest).conv(from, to, 3, weight(norm, TAPS_SAME * from), bias),
        Upsampling::Shuffle => net.conv(from, 4 * to, 3, weight(norm, TAPS_SAME * from), bias).layer(PixelShuffle),
    }
}

/// image -> strided convolutions with leaky ReLU (-> fully connected) -> linear. Channels double as the side halves.
pub fn build_discriminator(net: Builder, spec: &DcganDiscriminator, of: DiscriminatorInput, outputs: usize) -> Builder {
    let norm = spec.norm;
    let whole = of.shape[1];
    let mut channels = of.channels();
    let mut net = net.layer(ToImage([channels, whole, whole]));
    for stage in 0..spec.stages {
        let wider = spec.channels << stage;
        // No normalisation at the input layer (section 3).
        let here = if stage > 0 { norm } else { Norm::None };
        net = net
            .conv_down(channels, wider, weight(norm, TAPS * channels), !here.shifts())
            .normalise(here, wider, SCALE, false)
            .layer(LeakyRelu(SLOPE))
            .dropout(spec.dropout, wider * (whole >> (stage + 1)).pow(2))
            .when(spec.attention && stage + 1 == ATTENDED, |b| b.attention(wider, |fan_in| weight(norm, fan_in)));
        channels = wider;
    }
    let side = whole >> spec.stages;
    let condition_width = of.condition;
    let (dense, mut width) = (spec.dense, channels * side * side + condition_width);
    net = net.layer(ToFlat).when(condition_width > 0, |b| b.layer(ConcatCondition { numbers: condition_width }));
    if dense > 0 {
        let norm = of_units(norm);
        net = net
            .linear(width, dense, weight(norm, width), !norm.shifts())
            .normalise(norm, dense, SCALE, false)
            .layer(LeakyRelu(SLOPE))
            .dropout(spec.dropout, dense);
        width = dense;
    }
    (net, width) = net.batch_features(of.batch_feature, width);
    net.output().linear(width, outputs, weight(norm, width), true)
}
