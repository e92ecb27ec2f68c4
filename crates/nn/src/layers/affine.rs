//! What the fully connected layer and the convolutions share: weights and an optional bias, and a kernel that applies
//! the activation after the layer too.

use std::ops::RangeInclusive;

use burn::tensor::Tensor;
use counterfeit_kernels::{self as kernels, Activation, Kind};

use super::{Differentiable, Module, Pass, WithTangent};
use crate::{BoundNetwork, Signal, Slot, Tangents};

/// A layer A x + b, with A linear. Its [`Module`] follows.
pub trait Affine {
    /// Indices of the weights and of the bias, which is the next parameter.
    fn parameters(&self) -> (usize, Option<usize>);

    /// The kernel and the number of input and output channels, from the shape of the weights.
    fn kind(&self, weights: &[usize]) -> (Kind, [usize; 2]);

    /// As [`Module::label`], from the shape of the weights.
    fn name(&self, weights: &[usize]) -> String;

    /// As [`Module::output_shape`], with `channels` output channels.
    fn shape(&self, input: &[usize], channels: usize) -> Vec<usize>;
}

/// Indices of a layer's parameters.
fn own(layer: &impl Affine) -> RangeInclusive<usize> {
    let (weight, bias) = layer.parameters();
    weight..=bias.unwrap_or(weight)
}

/// The kernel of a layer with the activation after it.
fn kernel(layer: &impl Affine, slots: &[Slot], activation: Activation) -> kernels::Layer {
    let (weight, bias) = layer.parameters();
    let (kind, channels) = layer.kind(&slots[weight].shape);
    kernels::Layer { activation, ..kernels::Layer::new(kind, channels, bias.is_some()) }
}

impl<T: Affine> Module for T {
    fn label(&self, slots: &[Slot]) -> String {
        self.name(&slots[self.parameters().0].shape)
    }

    fn output_shape(&self, input: &[usize], slots: &[Slot]) -> Vec<usize> {
        let (_, [_, channels]) = self.kind(&slots[self.parameters().0].shape);
        self.shape(input, channels)
    }

    fn slots(&self) -> Option<RangeInclusive<usize>> {
        Some(own(self))
    }

    fn applies_activation(&self) -> bool {
        true
    }

    fn forward(&self, net: &mut BoundNetwork, x: Signal, pass: Pass) -> Signal {
        net.run(kernel(self, net.slots(), pass.activation), own(self), x)
    }

    fn differentiable(&self) -> Option<&dyn Differentiable> {
        Some(self)
    }
}

impl<T: Affine> Differentiable for T {
    fn tangent(&self, pass: &mut Tangents<'_>, x: Signal, t: Tensor<2>, then: Activation) -> Option<WithTangent> {
        Some(pass.run(kernel(self, pass.net.slots(), then), own(self), x, t))
    }
}
