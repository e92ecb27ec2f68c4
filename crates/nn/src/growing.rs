//! The growing pair of Karras et al. 2018 (PGGAN) at 7x7, 14x14 and 28x28: leaky rectifiers, pixel norm in G, weights
//! whose learning rate is equalised. Their up- and down-sampling is fused with a convolution, as in the authors' code;
//! the image has a tanh.
//!
//! Every stage has its own list of layers over one layout of weights, in the order of the layout. Weights without a
//! layer are inactive.

use burn::tensor::Tensor;

use super::builder::Builder;
use super::layers::{
    AvgPool, ConcatCondition, Fade, Fork, Layer, LeakyRelu, Swap, Tanh, ToFlat, ToImage, UpsampleNearest, blended,
    nearest, pool,
};
use super::{DiscriminatorInput, Init, Initialiser, Norm, Plan};

/// Either network.
#[derive(Debug, Clone, PartialEq)]
pub struct GrowingNetwork {
    /// Channels at half the side: see [`channels`].
    pub channels: usize,
}

/// Number of doublings of the resolution: 7, 14, 28 for MNIST.
const DOUBLINGS: usize = 2;

/// The active layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stage {
    /// Number of doublings so far.
    pub level: usize,
    /// Whether the newest layers are fading in.
    pub fading: bool,
}

impl Stage {
    /// All layers.
    pub const LAST: Self = Self { level: DOUBLINGS, fading: false };

    /// Side of the images in pixels, of `whole` at last.
    pub fn side(self, whole: usize) -> usize {
        whole >> (DOUBLINGS - self.level)
    }
}

/// Slope of the leaky rectifiers.
const SLOPE: f64 = 0.2;
/// Side of the smallest maps.
pub(super) fn smallest(shape: [usize; 3]) -> usize {
    shape[1] >> DOUBLINGS
}

const TAPS: usize = 16;
const TAPS_UP: usize = 4;
const TAPS_SAME: usize = 9;

/// The initialisation of the papers, unless another is set.
pub(super) fn initialiser(wanted: Initialiser) -> Initialiser {
    if wanted == Initialiser::Recipe { Initialiser::Equalised } else { wanted }
}

/// Channels at 7x7, 14x14 and 28x28, from the setting. With a single channel
/// pixel norm would leave its sign only and demodulation cancel its style, so there are at least two.
pub(super) fn channels(setting: usize) -> [usize; 3] {
    [2 * setting, setting, (setting / 2).max(2)]
}

/// A leaky ReLU, followed by pixel norm in G.
fn rectified(net: Builder, norm: Norm) -> Builder {
    net.layer(LeakyRelu(SLOPE)).after(norm)
}

/// z -> maps at 7x7 (-> at 14x14 (-> at 28x28)) -> image, repeated up to 28x28 -> tanh.
pub fn generator(network: &GrowingNetwork, init: Initialiser, inputs: usize, shape: [usize; 3], stage: Stage) -> Plan {
    let maps = channels(network.channels);
    let [wide, middle, narrow] = maps;
    let (colours, smallest) = (shape[0], smallest(shape));
    let image =
        |channels| move |net: Builder| net.output().conv(channels, colours, 1, Init::he(channels), true).hidden();
    let double = |from, to| {
        move |net: Builder| {
            let net = rectified(net.conv_up(from, to, Init::he(TAPS_UP * from), true), Norm::Pixel);
            rectified(net.conv(to, to, 3, Init::he(TAPS_SAME * to), true), Norm::Pixel)
        }
    };
    let (net, trunk) = Builder::new(initialiser(init), Norm::Pixel).part(|net| {
        let net = net.after(Norm::Pixel).linear(inputs, wide * smallest * smallest, Init::he(inputs), true);
        let net = net.layer(LeakyRelu(SLOPE)).layer(ToImage([wide, smallest, smallest])).after(Norm::Pixel);
        rectified(net.conv(wide, wide, 3, Init::he(TAPS_SAME * wide), true), Norm::Pixel)
    });
    let (net, image7) = net.part(image(wide));
    let (net, to14) = net.part(double(wide, middle));
    let (net, image14) = net.part(image(middle));
    let (net, to28) = net.part(double(middle, narrow));
    let (net, image28) = net.part(image(narrow));

    let ends = [image7, image14, image28];
    let doublings = [to14, to28];
    let mut layers = trunk;
    for level in 1..=stage.level {
        let fades = stage.fading && level == stage.level;
        if fades {
            let side = smallest << (level - 1);
            layers.push(Fork.into());
            layers.extend(ends[level - 1].clone());
            let kept = [maps[level - 1], side, side];
            layers.extend([UpsampleNearest.into(), Swap(kept).into()]);
        }
        layers.extend(doublings[level - 1].clone());
    }
    layers.extend(ends[stage.level].clone());
    if stage.fading {
        layers.push(Fade.into());
    }
    layers.push(Tanh.into());
    layers.extend(std::iter::repeat_n(UpsampleNearest.into(), Stage::LAST.level - stage.level));
    layers.push(ToFlat.into());
    Plan { layers, ..net.build() }
}

/// image -> average pooling down to the stage's side -> maps (at 28x28 -> (at 14x14 ->)) at 7x7 -> fully connected ->
/// linear.
pub fn discriminator(
    network: &GrowingNetwork,
    init: Initialiser,
    of: DiscriminatorInput,
    outputs: usize,
    stage: Stage,
) -> Plan {
    let [wide, middle, narrow] = channels(network.channels);
    let (images, whole, smallest) = (of.channels(), of.shape[1], smallest(of.shape));
    let image =
        |channels| move |net: Builder| rectified(net.conv(images, channels, 1, Init::he(images), true), Norm::None);
    let halve = |from, to| {
        move |net: Builder| {
            let net = rectified(net.conv(from, from, 3, Init::he(TAPS_SAME * from), true), Norm::None);
            rectified(net.conv_down(from, to, Init::he(TAPS * from), true), Norm::None)
        }
    };
    let (net, image7) = Builder::new(initialiser(init), Norm::None).part(image(wide));
    let (net, image14) = net.part(image(middle));
    let (net, image28) = net.part(image(narrow));
    let (net, from28) = net.part(halve(narrow, middle));
    let (net, from14) = net.part(halve(middle, wide));
    let (net, logit) = net.part(|net| {
        let condition_width = of.condition;
        let net = rectified(net.conv(wide, wide, 3, Init::he(TAPS_SAME * wide), true), Norm::None).layer(ToFlat);
        let net = net.when(condition_width > 0, |net| net.layer(ConcatCondition { numbers: condition_width }));
        let (net, width) = net.batch_features(of.batch_feature, wide * smallest * smallest + condition_width);
        let net = rectified(net.linear(width, wide, Init::he(width), true), Norm::None);
        net.output().linear(wide, outputs, Init::he(wide), true)
    });

    let starts = [image7, image14, image28];
    let halvings = [from14, from28];
    let mut layers: Vec<Layer> = vec![ToImage([images, whole, whole]).into()];
    layers.extend(std::iter::repeat_n(AvgPool.into(), Stage::LAST.level - stage.level));
    if stage.fading {
        layers.extend([Fork.into(), AvgPool.into()]);
        layers.extend(starts[stage.level - 1].clone());
        layers.push(Swap([images, stage.side(whole), stage.side(whole)]).into());
    }
    layers.extend(starts[stage.level].clone());
    for level in (1..=stage.level).rev() {
        layers.extend(halvings[level - 1].clone());
        if stage.fading && level == stage.level {
            layers.push(Fade.into());
        }
    }
    layers.extend(logit);
    Plan { layers, ..net.build() }
}

/// Fades real images `[n, channels * height * width]` in: at the previous resolution for alpha 0, unchanged for 1. As in
/// the authors' code, so that D does not see detail that G cannot generate yet. `alpha` is the first value of its tensor.
pub fn faded(x: Tensor<2>, [channels, height, width]: [usize; 3], stage: Stage, alpha: Tensor<1>) -> Tensor<2> {
    let n = x.dims()[0];
    let halvings = 1 + Stage::LAST.level - stage.level;
    let image = x.clone().reshape([n, channels, height, width]);
    let coarse = (0..halvings).fold(image, |x, _| pool(x));
    let coarse = (0..halvings).fold(coarse, |x, _| nearest(x)).reshape([n, channels * height * width]);
    blended(coarse, x, alpha)
}
