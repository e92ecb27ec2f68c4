//! A small style-based generator: Karras et al. 2019 (StyleGAN) with the modulated convolutions of Karras et al. 2020
//! (StyleGAN2).
//!
//! A mapping network turns z into w. Each convolution of the synthesis network, which begins with a learnt constant at
//! 7x7, is modulated by a style, which is an affine function of w: see `layers/modulated_conv.rs`.
//!
//! Up-sampling is the transposed 4x4 convolution; there are no skips from each resolution to the image, and no path
//! length penalty. D is the DCGAN's. With that of progressive growing, as in StyleGAN, a step with R1 took 176 ms of
//! processor time instead of 108, mostly for its convolutions at 28x28.

use burn::tensor::Tensor;

use super::builder::Builder;
use super::dcgan::{self, DcganDiscriminator};
use super::layers::{Layer, LeakyRelu, ModulatedConv, PixelNorm, StyleMixing, Tanh, ToFlat, Way};
use super::{DiscriminatorInput, Init, Initialiser, Norm, Plan, growing};

/// Slope of the leaky rectifiers.
const SLOPE: f64 = 0.2;
/// Learning-rate multiplier of the mapping network.
const SLOW: f32 = 0.01;
/// Rows of fixed noise for displayed samples: as many as a grid has.
pub(super) const KEPT: usize = 64;

/// The generator.
#[derive(Debug, Clone, PartialEq)]
pub struct StyleGenerator {
    /// Channels at half the side.
    pub channels: usize,
    /// Layers of the mapping network.
    pub mapping: usize,
}

/// The discriminator: a DCGAN's of two stages.
#[derive(Debug, Clone, PartialEq)]
pub struct StyleDiscriminator {
    /// Channels after the first convolution.
    pub channels: usize,
    /// Units of the fully connected layer after the convolutions; 0 for none.
    pub dense: usize,
    pub norm: Norm,
    pub dropout: f64,
}

/// Input of a pass besides z, outside any graph.
#[derive(Debug, Clone, Default)]
pub struct Styling {
    /// A second z for each row, `[n, z]`, and a mask `[n, styles]`, 1 where a layer's style is from the second z.
    pub mixed: Option<[Tensor<2>; 2]>,
    /// `[n, positions]`; without it the generator uses its fixed noise.
    pub noise: Option<Tensor<2>>,
    /// Truncation psi, the first value of its tensor: w' = mean + psi (w - mean). Only in [`super::Mode::Sample`].
    pub truncation: Option<Tensor<1>>,
}

/// z, normalised -> fully connected layers, slowly -> w; a constant at 7x7 -> 14x14 -> 28x28 -> tanh.
pub fn generator(network: &StyleGenerator, init: Initialiser, [width, inputs]: [usize; 2], shape: [usize; 3]) -> Plan {
    let [wide, middle, narrow] = growing::channels(network.channels);
    let smallest = growing::smallest(shape);
    let mut net = Builder::new(growing::initialiser(init), Norm::None).layer(StyleMixing).layer(PixelNorm);
    net = net.rate(SLOW);
    for i in 0..network.mapping {
        let from = if i == 0 { inputs } else { width };
        net = net.linear(from, width, Init::he(from), true).layer(LeakyRelu(SLOPE));
    }
    net = net.rate(1.0).learnt_constant([wide, smallest, smallest], width);
    let steps = [
        (Way::Same, wide, wide, smallest),
        (Way::Double, wide, middle, 2 * smallest),
        (Way::Same, middle, middle, 2 * smallest),
        (Way::Double, middle, narrow, 4 * smallest),
        (Way::Same, narrow, narrow, 4 * smallest),
    ];
    let mut noise = 0;
    for (style, (way, from, to, side)) in steps.into_iter().enumerate() {
        let places = noise..noise + side * side;
        noise = places.end;
        net = net
            .modulated_conv(width, [from, to], ModulatedConv { first: 0, way, style, noise: places })
            .layer(LeakyRelu(SLOPE));
    }
    let last = ModulatedConv { first: 0, way: Way::Image, style: steps.len(), noise: 0..0 };
    net.output().modulated_conv(width, [narrow, shape[0]], last).layer(Tanh).layer(ToFlat).build()
}

/// The DCGAN discriminator with two stages.
pub fn discriminator(network: &StyleDiscriminator, init: Initialiser, of: DiscriminatorInput, outputs: usize) -> Plan {
    let StyleDiscriminator { channels, dense, norm, dropout } = *network;
    let body = DcganDiscriminator { channels, dense, norm, dropout, stages: 2, attention: false };
    let net = Builder::new(growing::initialiser(init), norm);
    dcgan::build_discriminator(net, &body, of, outputs).build()
}

impl Plan {
    /// Number of styles per row, one per modulated convolution; 0 for other networks.
    pub fn styles(&self) -> usize {
        self.modulated().count()
    }

    /// Number of noise values per row.
    pub fn noise(&self) -> usize {
        self.modulated().map(|m| m.noise.len()).sum()
    }

    fn modulated(&self) -> impl Iterator<Item = &ModulatedConv> {
        self.layers.iter().filter_map(|l| if let Layer::ModulatedConv(m) = l { Some(m) } else { None })
    }
}
