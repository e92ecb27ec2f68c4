//! Self-attention between the positions of a feature map.

use std::ops::RangeInclusive;

use burn::tensor::Tensor;
use counterfeit_kernels::{self as kernels, Activation, Kind};

use super::{Differentiable, Module, Pass, WithTangent};
use crate::{BoundNetwork, Builder, Init, Signal, Slot, Tangents};

/// Self-attention (Zhang et al. 2019, SAGAN). With x `[n, channels, positions]` and 1x1 convolutions W_q, W_k, W_v, W_o:
/// a(i, j) = softmax over j of (W_q x)(i) . (W_k x)(j), and y = x + gamma W_o sum_j a(i, j) (W_v x)(j). gamma is learnt
/// and starts at 0, so that attention is initially off.
#[derive(Debug, Clone, PartialEq)]
pub struct Attention {
    /// The first of its five slots: W_q, W_k, W_v, W_o and gamma.
    pub query: usize,
}

/// Slots after the query's.
const KEY: usize = 1;
const VALUE: usize = 2;
const OUT: usize = 3;
const GAMMA: usize = 4;

impl Builder {
    /// Adds self-attention over feature maps of `channels` channels; `init` maps a weight's fan-in to its initialiser.
    pub fn attention(mut self, channels: usize, init: impl Fn(usize) -> Init) -> Self {
        // An eighth and a half of the channels, at least two.
        let [compared, carried] = [8, 2].map(|part| (channels / part).max(2));
        let shapes = [
            ("query", compared, channels),
            ("key", compared, channels),
            ("value", carried, channels),
            ("out", channels, carried),
        ];
        let slots = shapes.map(|(name, to, from)| self.weight(name, &[to, from, 1, 1], init(from), [from, to]));
        self.parameter("gamma", &[1], Init::Constant(0.0));
        self.layer(Attention { query: slots[0] })
    }
}

impl Attention {
    /// y from x.
    fn attended(&self, net: &BoundNetwork, x: Tensor<3>) -> Tensor<3> {
        let [q, k, v] = [0, KEY, VALUE].map(|at| self.project(net, at, x.clone()));
        let product = |a, b, transposed| net.operations.product(a, b, transposed);
        let shares = kernels::softmax(product(q, k, [true, false]), 2); // [n, positions, positions]
        let taken = product(v, shares, [false, true]); // [n, carried, positions]
        x + self.project(net, OUT, taken) * self.gamma(net)
    }

    /// The tangent of y for a tangent t of x. Not linear in x, so x must be in the graph.
    fn attended_tangent(&self, net: &BoundNetwork, x: &Tensor<3>, t: Tensor<3>) -> Tensor<3> {
        let of = |x: &Tensor<3>| [0, KEY, VALUE].map(|at| self.project(net, at, x.clone()));
        let product = |a, b, transposed| net.operations.product(a, b, transposed);
        let ([q, k, v], [dq, dk, dv]) = (of(x), of(&t));
        let shares = kernels::softmax(product(q.clone(), k.clone(), [true, false]), 2);
        let alike = product(dq, k, [true, false]) + product(q, dk, [true, false]); // [n, positions, positions]
        // The derivative of softmax: p (t - sum p t).
        let mean = (shares.clone() * alike.clone()).sum_dim(2);
        let change = shares.clone() * (alike - mean);
        let taken = product(dv, shares, [false, true]) + product(v, change, [false, true]);
        t + self.project(net, OUT, taken) * self.gamma(net)
    }

    fn gamma(&self, net: &BoundNetwork) -> Tensor<3> {
        net.vector(self.query + GAMMA).reshape([1, 1, 1])
    }

    /// A 1x1 convolution without bias: `[n, from, positions]` -> `[n, to, positions]`.
    fn project(&self, net: &BoundNetwork, at: usize, x: Tensor<3>) -> Tensor<3> {
        let ([n, from, positions], slot) = (x.dims(), self.query + at);
        let to = net.slots()[slot].shape[0];
        let (layer, _) = kernels::Layer::new(Kind::Conv1, [from, to], false).on(n, [positions, 1]);
        // Flattened to rows, because the kernel returns the gradient of its input as rows.
        let rows = net.operations.forward(x.reshape([n, from * positions]), net.segment(slot..=slot), layer);
        rows.reshape([n, to, positions])
    }
}

impl Module for Attention {
    fn label(&self, _: &[Slot]) -> String {
        "self-attention".into()
    }

    fn slots(&self) -> Option<RangeInclusive<usize>> {
        Some(self.query..=self.query + GAMMA)
    }

    fn forward(&self, net: &mut BoundNetwork, x: Signal, _: Pass) -> Signal {
        x.by_position(|x| self.attended(net, x))
    }

    fn differentiable(&self) -> Option<&dyn Differentiable> {
        Some(self)
    }
}

impl Differentiable for Attention {
    fn tangent(&self, pass: &mut Tangents<'_>, x: Signal, t: Tensor<2>, _: Activation) -> Option<WithTangent> {
        let at = x.clone().positions();
        let t = Signal { rows: t, side: x.side }.by_position(|t| self.attended_tangent(pass.net, &at, t));
        Some((pass.forward(self, x), t.rows))
    }

    fn has_curvature(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{close, output, slope_is_right};
    use super::*;
    use crate::layers::ToImage;

    const X: [[f32; 4]; 1] = [[1.0, 3.0, -2.0, 0.5]];

    fn net() -> Builder {
        Builder::default().layer(ToImage([2, 1, 2])).attention(2, |_| Init::Constant(0.0))
    }

    #[test]
    fn equal_shares_take_the_mean_of_the_positions() {
        // Query and key are 0, value and output the identity: y = x + gamma mean x.
        let one = [1.0, 0.0, 0.0, 1.0];
        let weights: [&[f32]; 5] = [&[0.0; 4], &[0.0; 4], &one, &one, &[0.5]];
        close(&output(net(), &weights, &X), &[2.0, 4.0, -2.375, 0.125]);
    }

    #[test]
    fn shares_are_a_softmax_of_the_products() {
        // Only the first channel is compared: at positions 0 and 1 its products are (1, 3) and (3, 9).
        let weights: [&[f32]; 5] =
            [&[1.0, 0.0, 0.0, 0.0], &[1.0, 0.0, 0.0, 0.0], &[1.0, 0.0, 0.0, 0.0], &[1.0, 0.0, 0.0, 0.0], &[1.0]];
        let taken = |a: f32, b: f32| (a.exp() + 3.0 * b.exp()) / (a.exp() + b.exp());
        close(&output(net(), &weights, &X), &[1.0 + taken(1.0, 3.0), 3.0 + taken(3.0, 9.0), -2.0, 0.5]);
    }

    #[test]
    fn the_tangent_is_the_slope() {
        let weights: [&[f32]; 5] =
            [&[0.5, 0.1, -0.3, 0.2], &[0.4, -0.2, 0.1, 0.3], &[1.0, 0.5, -0.5, 1.0], &[0.7, 0.1, 0.2, -0.6], &[0.8]];
        slope_is_right(net(), &weights, &X);
    }
}
