//! The shape of a network: its layers, and where their parameters lie in one flat vector. No tensors.

use std::ops::Range;

use super::builder::Builder;
use super::{Init, Layer, autoencoder, dcgan, growing, mlp, resnet, style};
use crate::condition::Condition;
use crate::config::{DiscriminatorType, Family, Norm, RunConfig};
use crate::data::Space;
use crate::growth::Stage;
use crate::kernels::ALIGN;
use crate::latent::Random;

/// How a parameter tensor is used.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scale {
    /// As it is stored.
    Stored,
    /// Times a constant.
    Times(f32),
    /// Divided by its largest singular value, as a matrix of its first dimension by the rest (Miyato et al. 2018); `state` names the
    /// direction of the power iteration in the statistics' layout. A transposed convolution is divided by the same number as the
    /// convolution that it transposes.
    Spectral { state: usize },
}

/// One parameter tensor's place in the flat vector.
#[derive(Debug, Clone, PartialEq)]
pub struct Slot {
    pub name: String,
    pub shape: Vec<usize>,
    pub init: Init,
    pub scale: Scale,
    /// First value in the flat vector; a multiple of [`ALIGN`].
    pub offset: usize,
}

impl Slot {
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn range(&self) -> Range<usize> {
        self.offset..self.offset + self.len()
    }
}

/// A flat vector's table of contents.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layout {
    pub slots: Vec<Slot>,
}

impl Layout {
    /// Appends a tensor and returns its index.
    pub(super) fn push(&mut self, name: String, shape: &[usize], init: Init) -> usize {
        let offset = self.size();
        self.slots.push(Slot { name, shape: shape.to_vec(), init, scale: Scale::Stored, offset });
        self.slots.len() - 1
    }

    /// Length of the flat vector, padding included.
    pub fn size(&self) -> usize {
        self.slots.last().map_or(0, |s| s.range().end.next_multiple_of(ALIGN))
    }

    /// Values that are learnt, padding not included.
    pub fn count(&self) -> usize {
        self.slots.iter().map(Slot::len).sum()
    }

    /// The vector's start values; padding is zero and stays zero, because its gradient is zero.
    pub(super) fn initial(&self, rng: &mut Random) -> Vec<f32> {
        let mut values = vec![0.0; self.size()];
        for slot in &self.slots {
            Init::fill(slot, &mut values[slot.range()], rng);
        }
        values
    }
}

/// The shape of a network.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub layers: Vec<Layer>,
    pub weights: Layout,
    /// Running mean and variance of each batch normalisation that keeps them, the direction of each spectral norm, the mean of w.
    pub statistics: Layout,
}

impl Plan {
    /// G: z with its code `[n, latent_dim + code]` -> images `[n, 784]` in [-1, 1], or points `[n, values]` anywhere.
    pub fn generator(config: &RunConfig) -> Self {
        Self::generator_in(config, Stage::LAST)
    }

    /// G in a stage, which matters to networks that grow: the same weights, other layers.
    pub fn generator_in(config: &RunConfig, stage: Stage) -> Self {
        match config.family {
            Family::Growing => return growing::generator(config, stage),
            Family::Style => return style::generator(config),
            Family::Mlp | Family::Dcgan | Family::Resnet => {}
        }
        let coupled = config.condition == Condition::Coupled;
        let net = Builder::new(config.init, config.norms()[0]).when(coupled, |b| b.layer(Layer::SplitDomain));
        let refers = config.norms()[0] == Norm::Virtual;
        let net = net.when(refers, |b| b.reference(config.batch, config.g_features()));
        let bound = (config.data.space() == Space::Images).then_some(Layer::Tanh);
        let net = build_generator(net, config, bound).when(refers, Builder::dismiss);
        net.when(coupled, |b| b.layer(Layer::SelectDomain)).build()
    }

    /// D: rows of as many samples as are packed, images of 784 values in [-1, 1] or points -> the verdict on each row and then what it recognises,
    /// `[n, 1 + heads]`.
    pub fn discriminator(config: &RunConfig) -> Self {
        Self::discriminator_in(config, Stage::LAST)
    }

    /// D in a stage.
    pub fn discriminator_in(config: &RunConfig, stage: Stage) -> Self {
        match config.family {
            Family::Growing => return growing::discriminator(config, stage),
            Family::Style => return style::discriminator(config),
            Family::Mlp | Family::Dcgan | Family::Resnet => {}
        }
        let net = Builder::new(config.init, config.norms()[1]);
        let net = match config.d_form {
            DiscriminatorType::Autoencoder => autoencoder::discriminator(net, config),
            DiscriminatorType::Classifier => {
                let net = net.when(config.condition == Condition::Coupled, |b| b.layer(Layer::ScatterDomain));
                build_discriminator(net, config, config.d_outputs())
            }
        };
        net.build()
    }

    /// Whether an output row depends on the other rows of its batch, so that real and fake must not share one.
    pub fn mixes_batch(&self) -> bool {
        self.layers
            .iter()
            .any(|l| matches!(l, Layer::BatchNorm { .. } | Layer::MinibatchStdDev | Layer::MinibatchDiscrimination { .. }))
    }

    /// Whether the slope of the network along a direction depends on where more than by pieces: its tangent then needs the signal itself
    /// in the graph.
    pub(super) fn has_curvature(&self) -> bool {
        self.layers.iter().any(|l| matches!(l, Layer::GroupNorm { .. } | Layer::Attention { .. }))
    }

    /// The parts of the weights that are gradients' leaves: one a layer where kernels take a layer's parameters together, one a slot
    /// otherwise.
    pub(super) fn pieces(&self, fused: bool) -> Vec<Range<usize>> {
        let slots = &self.weights.slots;
        if !fused {
            return slots.iter().map(Slot::range).collect();
        }
        let ends = |l: &Layer| Some(slots[l.first_slot()?].offset..slots[l.last_slot()?].range().end.next_multiple_of(ALIGN));
        self.layers.iter().filter_map(ends).collect()
    }

    /// Whether a layer has this one of the weights.
    pub fn names(&self, slot: usize) -> bool {
        self.layers.iter().filter_map(|l| Some(l.first_slot()?..=l.last_slot()?)).any(|slots| slots.contains(&slot))
    }

    /// Random numbers that one forward pass over `n` rows needs in training: one for each unit that can be dropped, or gets noise.
    pub fn random_counts(&self, n: usize) -> usize {
        let units = |l: &Layer| if let Layer::Dropout { units, .. } | Layer::Noise { units, .. } = l { n * units } else { 0 };
        self.layers.iter().map(units).sum()
    }
}

/// The family's generator after other layers, its pixels `[n, 784]` bounded by a last activation or not at all.
pub(super) fn build_generator(net: Builder, config: &RunConfig, bound: Option<Layer>) -> Builder {
    let net = match config.family {
        Family::Mlp => mlp::build_generator(net, config),
        Family::Dcgan => dcgan::build_generator(net, config),
        Family::Resnet => resnet::build_generator(net, config),
        Family::Growing | Family::Style => apart(config.family),
    };
    let net = bound.into_iter().fold(net, Builder::layer);
    net.when(config.family != Family::Mlp, |b| b.layer(Layer::ToFlat))
}

/// The family's discriminator after other layers, to so many outputs.
pub(super) fn build_discriminator(net: Builder, config: &RunConfig, outputs: usize) -> Builder {
    match config.family {
        Family::Mlp => mlp::build_discriminator(net, config, outputs),
        Family::Dcgan => dcgan::build_discriminator(net, config, outputs),
        Family::Resnet => resnet::build_discriminator(net, config, outputs),
        Family::Growing | Family::Style => apart(config.family),
    }
}

fn apart(family: Family) -> ! {
    unreachable!("{family:?} builds its networks by itself")
}
