//! How a network's output changes along a direction of its input, as a tensor that has a gradient for the weights.
//!
//! A gradient penalty needs the gradient, for D's weights, of a gradient for D's input. First-order autodiff is enough: for a direction
//! v held fixed, v . grad_x D(x) is a forward pass of tangents (Pearlmutter 1994), and with v = grad_x D(x) the gradient of that number
//! is half the gradient of |grad_x D(x)|^2. Every activation here is linear in pieces, so which piece is a constant.

use burn::tensor::Tensor;
use burn::tensor::module::{conv_transpose2d, conv2d, linear};

use super::fused::sized;
use super::layer::{Layer, doubling, halving};
use super::{Bound, Signal};
use crate::kernels::{self, Activation};

impl Bound {
    /// v . grad_x of each row's outputs: from places `at` and directions v, both `[n, features]` outside any graph, `[n, outputs]` in
    /// the graph of the weights. Without dropout. For networks without normalisation whose activations are linear in pieces: every
    /// discriminator that [`crate::config::RunConfig::validate`] lets a penalty be taken of.
    pub fn along(&self, at: Tensor<2>, direction: Tensor<2>) -> Tensor<2> {
        let direction = Tensor::from_inner(direction);
        if kernels::chosen(self.fused) { self.along_kernels(at, direction) } else { self.along_plain(at, direction) }
    }

    fn along_kernels(&self, mut x: Tensor<2>, mut t: Tensor<2>) -> Tensor<2> {
        let mut layers = self.plan.layers.iter().peekable();
        let mut leaves = self.leaves.iter();
        let mut side = [1, 1];
        while let Some(layer) = layers.next() {
            let Some(spec) = layer.kernel(&self.plan.weights.slots) else {
                match layer {
                    Layer::ToImage([_, h, w]) => side = [*h, *w],
                    Layer::ToFlat => side = [1, 1],
                    Layer::Maxout { pieces } => (x, t) = largest(x, t, *pieces),
                    Layer::Dropout { .. } => {}
                    Layer::Told { numbers } => {
                        x = self.told(x);
                        t = still(t, *numbers);
                    }
                    other => unreachable!("{other:?} in a network that has no tangent"),
                }
                continue;
            };
            let Some(leaf) = leaves.next() else { unreachable!("every layer with parameters has a leaf") };
            let activation = layers.next_if(|l| l.activation().is_some()).and_then(Layer::activation).unwrap_or(Activation::None);
            let (spec, next) = sized(spec, x.dims()[0], side);
            // A tangent has no bias, and its segment ends before it.
            let straight = kernels::Layer { bias: false, ..spec };
            x = kernels::forward(x, leaf.clone().inner(), kernels::Layer { activation, ..spec });
            t = kernels::forward(t, leaf.clone().slice([0..straight.segment()]), straight);
            if let Some(slope) = slope(&x, activation) {
                t = t * Tensor::from_inner(slope);
            }
            side = next;
        }
        t
    }

    fn along_plain(&self, x: Tensor<2>, t: Tensor<2>) -> Tensor<2> {
        // The same weights as constants.
        let mut constant = Bound { leaves: self.leaves.iter().map(|l| l.clone().inner()).collect(), ..self.without_leaves() };
        let (mut x, mut t) = (Signal::Flat(x), Signal::Flat(t));
        for layer in &self.plan.layers {
            t = match (layer, t) {
                (Layer::Linear { weight, .. }, Signal::Flat(t)) => Signal::Flat(linear(t, self.matrix(*weight), None)),
                (Layer::ConvDown { weight, .. }, Signal::Image(t)) => {
                    Signal::Image(conv2d(t, self.kernel(*weight), None, halving()))
                }
                (Layer::ConvUp { weight, .. }, Signal::Image(t)) => {
                    Signal::Image(conv_transpose2d(t, self.kernel(*weight), None, doubling()))
                }
                (Layer::Maxout { pieces }, Signal::Flat(t)) => {
                    let Signal::Flat(flat) = x else { unreachable!("maxout is between flat signals") };
                    let (y, t) = largest(flat, t, *pieces);
                    x = Signal::Flat(y);
                    Signal::Flat(t)
                }
                (Layer::Told { numbers }, Signal::Flat(t)) => Signal::Flat(still(t, *numbers)),
                (layer, t) => match layer.activation() {
                    Some(activation) => bend(&x, t, activation),
                    // Shapes, and dropout, which is left out.
                    None => layer.forward(&mut constant, t, super::Mode::Sample),
                },
            };
            if !matches!(layer, Layer::Maxout { .. }) {
                x = layer.forward(&mut constant, x, super::Mode::Sample);
            }
        }
        match t {
            Signal::Flat(t) => t,
            Signal::Image(t) => t.flatten(1, 3),
        }
    }
}

/// The slope of an activation by the sign of its argument or of its result, which are the same; None where it is 1.
fn slope<const D: usize>(y: &Tensor<D>, activation: Activation) -> Option<Tensor<D>> {
    let below = match activation {
        Activation::None => return None,
        Activation::Relu => 0.0,
        Activation::LeakyRelu(slope) => slope,
        Activation::Tanh => unreachable!("a curve has no constant slope"),
    };
    Some(y.clone().greater_elem(0.0).float().cast(y.dtype()).mul_scalar(1.0 - below).add_scalar(below))
}

fn bend(x: &Signal, t: Signal, activation: Activation) -> Signal {
    match (x, t) {
        (Signal::Flat(x), Signal::Flat(t)) => Signal::Flat(match slope(x, activation) {
            Some(slope) => t * Tensor::from_inner(slope),
            None => t,
        }),
        (Signal::Image(x), Signal::Image(t)) => Signal::Image(match slope(x, activation) {
            Some(slope) => t * Tensor::from_inner(slope),
            None => t,
        }),
        _ => unreachable!("a signal and its tangent have one shape"),
    }
}

/// A tangent beside numbers that do not move with the input.
fn still(t: Tensor<2>, numbers: usize) -> Tensor<2> {
    let rest = Tensor::<2>::zeros([t.dims()[0], numbers], &t.device()).cast(t.dtype());
    Tensor::cat(vec![t, rest], 1)
}

/// The largest of each unit's pieces, and the tangent of that piece.
fn largest(x: Tensor<2>, t: Tensor<2>, pieces: usize) -> (Tensor<2>, Tensor<2>) {
    let (values, tangents) = (x.chunk(pieces, 1), t.chunk(pieces, 1));
    let both = values.into_iter().zip(tangents).reduce(|(a, s), (b, t)| {
        let second = b.clone().greater(a.clone()).float().cast(a.dtype());
        let choose = Tensor::from_inner(second);
        (a.max_pair(b), s.clone() + (t - s) * choose)
    });
    both.unwrap_or_else(|| unreachable!("the schema asks for at least one piece"))
}
