//! Residual networks without normalisation, after R3GAN (Huang et al. 2024), of a size for 28x28 and a tab: 7 -> 14 ->
//! 28 and back, with residual blocks at 7x7 and 14x14.
//!
//! A block adds the result of a 1x1, a 3x3 and a 1x1 convolution to its input. The last one starts at 0, so that a
//! block is initially the identity; the others start at He's deviation times L^(-1/4) for L blocks (Zhang et al. 2019,
//! Fixup). R3GAN's convolutions are grouped and wider inside, resampling is bilinear, and the output is unbounded; here
//! images are bounded to [-1, 1].

use super::builder::Builder;
use super::layers::{Add, AvgPool, ConcatCondition, Fork, LeakyRelu, ToFlat, ToImage, UpsampleNearest};
use super::{DiscriminatorInput, Init, Samples};

/// Slope of the leaky rectifier, in both networks.
const SLOPE: f64 = 0.2;
/// Number of resolutions with blocks.
const SIZES: usize = 2;

/// The generator.
#[derive(Debug, Clone, PartialEq)]
pub struct ResnetGenerator {
    /// Channels at half the side; twice as many at a quarter.
    pub channels: usize,
    /// Residual blocks at each of both.
    pub blocks: usize,
    /// Standard deviation of the noise added after the blocks of a side.
    pub noise: f64,
}

/// The discriminator.
#[derive(Debug, Clone, PartialEq)]
pub struct ResnetDiscriminator {
    /// Channels at half the side; twice as many at a quarter.
    pub channels: usize,
    /// Residual blocks at each of both.
    pub blocks: usize,
}

/// He's deviation times the share of `blocks` in all.
fn fixup(fan_in: usize, blocks: usize) -> Init {
    let share = 1.0 / ((SIZES * blocks) as f32).sqrt().sqrt();
    Init::Normal { mean: 0.0, std: share * (2.0 / fan_in as f32).sqrt() }
}

/// `blocks` residual blocks one after the other.
fn residual(net: Builder, channels: usize, blocks: usize) -> Builder {
    (0..blocks).fold(net, |net, _| {
        net.layer(Fork)
            .conv(channels, channels, 1, fixup(channels, blocks), true)
            .layer(LeakyRelu(SLOPE))
            .conv(channels, channels, 3, fixup(9 * channels, blocks), true)
            .layer(LeakyRelu(SLOPE))
            .conv(channels, channels, 1, Init::Constant(0.0), true)
            .layer(Add)
    })
}

/// `inputs` numbers -> linear -> blocks at 7x7 -> 1x1 to half the channels, up -> blocks at 14x14 -> up, 3x3. The
/// activation that bounds pixels is added later.
pub fn build_generator(net: Builder, spec: &ResnetGenerator, inputs: usize, to: Samples) -> Builder {
    let (narrow, wide) = (spec.channels, 2 * spec.channels);
    let [image, side, _] = to.shape;
    let smallest = side >> SIZES;
    let mut net = net
        .linear(inputs, wide * smallest * smallest, Init::he(inputs), true)
        .layer(ToImage([wide, smallest, smallest]));
    net = residual(net, wide, spec.blocks)
        .noise(spec.noise, wide * smallest * smallest)
        .conv(wide, narrow, 1, Init::he(wide), true)
        .layer(UpsampleNearest);
    net = residual(net, narrow, spec.blocks)
        .layer(LeakyRelu(SLOPE))
        .noise(spec.noise, narrow * 4 * smallest * smallest)
        .layer(UpsampleNearest);
    net.output().conv(narrow, to.planes() * image, 3, Init::he(9 * narrow), true)
}

/// image -> 3x3, average pooling -> blocks at 14x14 -> average pooling, 1x1 to twice the channels -> blocks at 7x7 ->
/// linear.
pub fn build_discriminator(
    net: Builder,
    spec: &ResnetDiscriminator,
    of: DiscriminatorInput,
    outputs: usize,
) -> Builder {
    let (narrow, wide) = (spec.channels, 2 * spec.channels);
    let side = of.shape[1];
    let (images, smallest) = (of.channels(), side >> SIZES);
    let mut net = net
        .layer(ToImage([images, side, side]))
        .conv(images, narrow, 3, Init::he(9 * images), true)
        .layer(LeakyRelu(SLOPE))
        .layer(AvgPool);
    net = residual(net, narrow, spec.blocks).layer(AvgPool).conv(narrow, wide, 1, Init::he(narrow), true);
    net = residual(net, wide, spec.blocks).layer(LeakyRelu(SLOPE)).layer(ToFlat);
    let condition_width = of.condition;
    let width = wide * smallest * smallest + condition_width;
    net = net.when(condition_width > 0, |b| b.layer(ConcatCondition { numbers: condition_width }));
    let (net, width) = net.batch_features(of.batch_feature, width);
    net.output().linear(width, outputs, Init::he(width), true)
}
