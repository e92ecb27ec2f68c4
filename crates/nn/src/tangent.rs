//! Directional derivatives of a network with respect to its input, differentiable with respect to the weights.
//!
//! A gradient penalty needs the gradient with respect to D's weights of the gradient with respect to D's input.
//! First-order autodiff is sufficient: for a constant direction v, v . grad_x D(x) is a forward pass of tangents
//! (Pearlmutter 1994), and with v = grad_x D(x) its gradient is half that of |grad_x D(x)|^2. Where a layer is
//! piecewise linear, the active piece is a constant. Normalisation and attention are not, and there the activations are
//! in the graph beside the tangents.

use std::ops::RangeInclusive;

use burn::tensor::Tensor;
use counterfeit_kernels::{self as kernels, Activation};

use super::graph::constant;
use super::layers::{Module, Pass, WithTangent};
use super::{BoundNetwork, Mode, Signal};

/// A pass of activations and of their tangents beside them.
pub struct Tangents<'a> {
    /// The network, with its weights in the graph: for the tangents.
    pub net: &'a BoundNetwork,
    /// The same network for the activations. Its weights are constants, unless the network has curvature.
    pub signal: BoundNetwork,
    /// Stack of the tangents of the activations that [`super::layers::Fork`] has pushed.
    pub forked: Vec<Tensor<2>>,
}

impl BoundNetwork {
    /// v . grad_x of each row's outputs, `[n, outputs]` in the graph of the weights, from points `at` and directions v,
    /// both `[n, features]` outside any graph. Without dropout. None if a layer has no tangent. The rows of the network
    /// must not mix, and [`Plan::without_tangent`](crate::Plan::without_tangent) must name no layer, as in every
    /// discriminator for which a configuration allows a penalty.
    pub fn along(&self, at: Tensor<2>, direction: Tensor<2>) -> Option<Tensor<2>> {
        let mut t = Tensor::from_inner(direction);
        // If the network is not piecewise linear, the activations need gradients with respect to the weights too.
        let (signal, at) = if self.plan.has_curvature() {
            (self.using(self.params.clone()), Tensor::from_inner(at))
        } else {
            (self.using(self.params.iter().map(|p| p.clone().inner()).collect()), at)
        };
        let mut pass = Tangents { net: self, signal, forked: Vec::new() };
        let mut x = Signal::features(at);
        for (layer, activation) in self.plan.operations() {
            (x, t) = layer.differentiable()?.tangent(&mut pass, x, t, activation)?;
        }
        Some(t)
    }
}

impl Tangents<'_> {
    /// The activation after a layer.
    pub fn forward(&mut self, layer: &dyn Module, x: Signal) -> Signal {
        layer.forward(&mut self.signal, x, Pass::new(Mode::Sample))
    }

    /// As [`BoundNetwork::run`], for a layer that is linear up to its bias and its activation.
    pub fn run(&self, layer: kernels::Layer, slots: RangeInclusive<usize>, x: Signal, t: Tensor<2>) -> WithTangent {
        let (layer, side) = layer.on(x.len(), x.side);
        // Tangents have no bias, so the segment ends before it.
        let straight = kernels::Layer { bias: false, activation: Activation::None, ..layer };
        let operations = self.net.operations;
        let rows = operations.forward(x.rows, self.signal.segment(slots.clone()), layer);
        let t = operations.forward(t, self.net.segment(slots).slice([0..straight.segment()]), straight);
        let t = bent(&rows, t, layer.activation);
        (Signal { rows, side }, t)
    }

    /// For a layer that is an activation.
    pub fn activation(&mut self, layer: &dyn Module, x: Signal, t: Tensor<2>) -> Option<WithTangent> {
        let activation = layer.activation()?;
        let x = self.forward(layer, x);
        let t = bent(&x.rows, t, activation);
        Some((x, t))
    }
}

/// The tangent after an activation with result `y`. The sign of the result is that of the argument.
fn bent(y: &Tensor<2>, t: Tensor<2>, activation: Activation) -> Tensor<2> {
    let below = match activation {
        Activation::None => return t,
        Activation::Relu => 0.0,
        Activation::LeakyRelu(slope) => slope,
        Activation::Tanh => return t.clone() - t * y.clone().square(),
    };
    let slope = y.clone().greater_elem(0.0).float().cast(y.dtype()).mul_scalar(1.0 - below).add_scalar(below);
    t * constant(slope)
}
