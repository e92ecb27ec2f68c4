//! Self-attention between the positions of a feature map (Zhang et al. 2019, SAGAN).
//!
//! With x `[n, channels, positions]`, W_q, W_k, W_v and W_o 1x1 convolutions: a(i, j) = softmax over j of (W_q x)(i) .
//! (W_k x)(j), and y = x + gamma W_o sum_j a(i, j) (W_v x)(j). gamma is learnt and starts at 0, so that attention is
//! initially off.

use burn::tensor::Tensor;
use burn::tensor::module::conv2d;
use counterfeit_kernels::{self as kernels, Activation, Kind};

use super::BoundNetwork;
use super::layer::keeping;

/// Channels of query and key, and of the value: an eighth and a half of all, at least two.
pub fn widths(channels: usize) -> [usize; 2] {
    [8, 2].map(|part| (channels / part).max(2))
}

/// Slots after the query's, in this order.
const KEY: usize = 1;
const VALUE: usize = 2;
const OUT: usize = 3;
pub const GAMMA: usize = 4;

/// Computes y from x, both `[n, channels, positions]`. `query` is the first of the layer's slots.
pub fn forward(net: &BoundNetwork, query: usize, x: Tensor<3>) -> Tensor<3> {
    let [q, k, v] = [query, query + KEY, query + VALUE].map(|slot| project(net, slot, x.clone()));
    let shares = kernels::softmax(product(net, q, k, [true, false]), 2); // [n, places, places]
    let taken = product(net, v, shares, [false, true]); // [n, carried, places]
    x + project(net, query + OUT, taken) * gamma(net, query)
}

/// The tangent of y for a tangent t of x, all `[n, channels, positions]`. Not linear in x, so x must be in the graph.
pub fn tangent(net: &BoundNetwork, query: usize, x: Tensor<3>, t: Tensor<3>) -> Tensor<3> {
    let of = |x: &Tensor<3>| [query, query + KEY, query + VALUE].map(|slot| project(net, slot, x.clone()));
    let ([q, k, v], [dq, dk, dv]) = (of(&x), of(&t));
    let shares = kernels::softmax(product(net, q.clone(), k.clone(), [true, false]), 2);
    let alike = product(net, dq, k, [true, false]) + product(net, q, dk, [true, false]); // [n, places, places]
    // The derivative of softmax: p (t - sum p t).
    let mean = (shares.clone() * alike.clone()).sum_dim(2);
    let change = shares.clone() * (alike - mean);
    let taken = product(net, dv, shares, [false, true]) + product(net, v, change, [false, true]);
    t + project(net, query + OUT, taken) * gamma(net, query)
}

fn gamma(net: &BoundNetwork, query: usize) -> Tensor<3> {
    net.vector(query + GAMMA).reshape([1, 1, 1])
}

/// A 1x1 convolution without bias: `[n, from, positions]` -> `[n, to, positions]`.
fn project(net: &BoundNetwork, slot: usize, x: Tensor<3>) -> Tensor<3> {
    let [n, from, places] = x.dims();
    let to = net.plan.weights.slots[slot].shape[0];
    if net.kernels() {
        let layer = kernels::Layer {
            kind: Kind::Conv1,
            activation: Activation::None,
            bias: false,
            n,
            from,
            to,
            side: [places, 1],
        };
        // Flattened to rows, because the kernel returns the gradient of its input as rows.
        return kernels::forward(x.reshape([n, from * places]), net.segment(slot), layer).reshape([n, to, places]);
    }
    let image = x.reshape([n, from, places, 1]);
    conv2d(image, net.kernel(slot), None, keeping(1)).reshape([n, to, places])
}

fn product(net: &BoundNetwork, a: Tensor<3>, b: Tensor<3>, transposed: [bool; 2]) -> Tensor<3> {
    if net.kernels() {
        return kernels::product(a, b, transposed);
    }
    let turn = |t: Tensor<3>, turned: bool| if turned { t.swap_dims(1, 2) } else { t };
    turn(a, transposed[0]).matmul(turn(b, transposed[1]))
}
