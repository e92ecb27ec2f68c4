//! The architecture of a network: its layers and the layout of their parameters in one flat vector. Holds no tensors.

use std::ops::{Range, RangeInclusive};

use counterfeit_kernels::{ALIGN, Activation};
use counterfeit_random::Random;

use super::Init;
use super::layers::Layer;

/// How layers use a parameter tensor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scale {
    /// Unchanged.
    Stored,
    /// Multiplied by a constant (equalised learning rate).
    Times(f32),
    /// Divided by the largest singular value of the matrix `[first dimension, rest]` (spectral normalisation, Miyato et
    /// al. 2018). `state` is the slot of the power iteration's vector in the statistics. A transposed convolution uses
    /// the singular value of the convolution that it transposes.
    Spectral { state: usize },
}

/// One parameter tensor: name, shape, initialiser and position in the flat vector.
#[derive(Debug, Clone, PartialEq)]
pub struct Slot {
    pub name: String,
    pub shape: Vec<usize>,
    pub init: Init,
    pub scale: Scale,
    /// Index of its first value in the flat vector; a multiple of [`ALIGN`].
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

/// The layout of a flat vector: its slots.
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

    /// Length of the flat vector, including padding.
    pub fn size(&self) -> usize {
        self.slots.last().map_or(0, |s| s.range().end.next_multiple_of(ALIGN))
    }

    /// Number of parameters, without padding.
    pub fn count(&self) -> usize {
        self.slots.iter().map(Slot::len).sum()
    }

    /// Draws the initial values. Padding is zero and stays zero, because its gradient is zero.
    pub(super) fn initial(&self, rng: &mut Random) -> Vec<f32> {
        let mut values = vec![0.0; self.size()];
        for slot in &self.slots {
            Init::fill(slot, &mut values[slot.range()], rng);
        }
        values
    }
}

/// The architecture of a network.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub layers: Vec<Layer>,
    pub weights: Layout,
    /// Layout of the non-learnt state: running statistics, vectors of power iterations, reference batches, the mean of
    /// w.
    pub statistics: Layout,
}

impl Plan {
    /// Whether an output row depends on the other rows of its batch. Real and fake samples then need separate batches.
    pub fn mixes_batch(&self) -> bool {
        self.layers.iter().any(|l| l.mixes_batch())
    }

    /// Whether a layer normalises activations, other than by position.
    pub fn normalises(&self) -> bool {
        self.layers.iter().any(|l| matches!(l, Layer::BatchNorm(_) | Layer::GroupNorm(_) | Layer::VirtualNorm(_)))
    }

    /// Whether the network is not piecewise linear in its input. Its tangent then needs the activations in the graph.
    pub(super) fn has_curvature(&self) -> bool {
        self.layers.iter().filter_map(|l| l.differentiable()).any(|l| l.has_curvature())
    }

    /// The first layer without a tangent, if any: an exact gradient penalty of the network cannot be computed then.
    pub fn without_tangent(&self) -> Option<&Layer> {
        self.layers.iter().find(|l| l.differentiable().is_none())
    }

    /// The layers in the order in which they run, each with the activation after it that it applies itself.
    pub(super) fn operations(&self) -> impl Iterator<Item = (&Layer, Activation)> {
        let mut layers = self.layers.iter().peekable();
        std::iter::from_fn(move || {
            let layer = layers.next()?;
            let then = layers.next_if(|next| layer.applies_activation() && next.activation().is_some());
            Some((layer, then.and_then(|l| l.activation()).unwrap_or(Activation::None)))
        })
    }

    /// Ranges of the weights that are leaves of the autodiff graph: one per layer, whose parameters a kernel takes
    /// together.
    pub(super) fn segments(&self) -> Vec<Range<usize>> {
        let slots = &self.weights.slots;
        let ends = |own: RangeInclusive<usize>| {
            slots[*own.start()].offset..slots[*own.end()].range().end.next_multiple_of(ALIGN)
        };
        self.layers.iter().filter_map(|l| l.slots()).map(ends).collect()
    }

    /// Whether an active layer uses this slot of the weights.
    pub fn names(&self, slot: usize) -> bool {
        self.layers.iter().filter_map(|l| l.slots()).any(|own| own.contains(&slot))
    }

    /// Number of random values that a training pass over `n` rows needs: one per row and unit with dropout or noise.
    pub fn random_counts(&self, n: usize) -> usize {
        n * self.layers.iter().map(|l| l.random_values()).sum::<usize>()
    }

    /// The shape after each layer, of one row that goes in as `input`.
    pub fn shapes(&self, input: &[usize]) -> Vec<Vec<usize>> {
        let mut shape = input.to_vec();
        let after = |layer: &Layer| {
            shape = layer.output_shape(&shape, &self.weights.slots);
            shape.clone()
        };
        self.layers.iter().map(after).collect()
    }
}
