//! What the kernels compute, in plain Burn operations.

use burn::tensor::activation::{leaky_relu, relu};
use burn::tensor::module::{conv_transpose2d, conv2d, linear};
use burn::tensor::ops::{ConvOptions, ConvTransposeOptions};
use burn::tensor::{Device, Tensor};

use super::{ALIGN, Activation, EPSILON, Kind, Layer, Update, tanh};

/// act(layer(x)), `[n, inputs]` -> `[n, outputs]`. A batch normalisation normalises by the statistics of the batch.
pub fn forward(x: Tensor<2>, params: Tensor<1>, layer: Layer) -> Tensor<2> {
    let Layer { kind, activation, n, from, to, side: [h, w], .. } = layer;
    let weight = params.clone().slice([0..layer.weights()]);
    let bias = layer.bias.then(|| params.clone().slice([layer.bias_at()..layer.bias_at() + to]));
    let k = layer.kernel_side();
    let y = match kind {
        Kind::Linear => linear(x, weight.reshape([from, to]), bias),
        Kind::ConvDown => {
            let x = x.reshape([n, from, 2 * h, 2 * w]);
            conv2d(x, weight.reshape([to, from, k, k]), bias, ConvOptions::new([2, 2], [1, 1], [1, 1], 1)).flatten(1, 3)
        }
        Kind::ConvUp => {
            let options = ConvTransposeOptions::new([2, 2], [1, 1], [0, 0], [1, 1], 1);
            conv_transpose2d(x.reshape([n, from, h, w]), weight.reshape([from, to, k, k]), bias, options).flatten(1, 3)
        }
        Kind::Conv3 | Kind::Conv1 => {
            let options = ConvOptions::new([1, 1], [k / 2, k / 2], [1, 1], 1);
            conv2d(x.reshape([n, from, h, w]), weight.reshape([to, from, k, k]), bias, options).flatten(1, 3)
        }
        Kind::BatchNorm => return batch_norm(x, None, params, layer).0,
    };
    activated(y, activation)
}

/// The activation function.
pub fn activated(x: Tensor<2>, activation: Activation) -> Tensor<2> {
    match activation {
        Activation::None => x,
        Activation::Relu => relu(x),
        Activation::LeakyRelu(slope) => leaky_relu(x, slope.into()),
        Activation::Tanh => tanh(x),
    }
}

/// act(scale (x - mean) / sqrt(variance + epsilon) + shift), by `statistics` as constants, or by those of the batch if
/// None, and the statistics used, outside any graph: mean, padding, variance, padding.
pub fn batch_norm(
    x: Tensor<2>,
    statistics: Option<Tensor<1>>,
    params: Tensor<1>,
    layer: Layer,
) -> (Tensor<2>, Tensor<1>) {
    let (n, c, places) = (layer.n, layer.to, layer.places());
    let second = c.next_multiple_of(ALIGN);
    let per_channel = |t: Tensor<1>| t.reshape([1, c, 1]);
    let x = x.reshape([n, c, places]);
    let (centred, variance, used) = if let Some(used) = statistics {
        let part = |from: usize| per_channel(constant_for(used.clone().slice([from..from + c]), &x.device()));
        (x.clone() - part(0), part(second), used)
    } else {
        let count = (n * places) as f64;
        let mean = x.clone().sum_dim(0).sum_dim(2).div_scalar(count); // [1, c, 1]
        let centred = x - mean.clone();
        let variance = centred.clone().square().sum_dim(0).sum_dim(2).div_scalar(count); // [1, c, 1]
        let parts = [mean, variance.clone()].map(|t| {
            let t = if t.device().is_autodiff() { t.inner() } else { t };
            t.reshape([c]).pad([(0, second - c)], 0.0)
        });
        (centred, variance, Tensor::cat(parts.to_vec(), 0))
    };
    let [scale, shift] = [0, layer.bias_at()].map(|from| per_channel(params.clone().slice([from..from + c])));
    let y = centred * ((variance + EPSILON).sqrt().recip() * scale) + shift;
    (activated(y.reshape([n, c * places]), layer.activation), used)
}

/// Batched matrix product; each factor may be stored transposed.
pub fn product(a: Tensor<3>, b: Tensor<3>, transposed: [bool; 2]) -> Tensor<3> {
    let turn = |t: Tensor<3>, turned: bool| if turned { t.swap_dims(1, 2) } else { t };
    turn(a, transposed[0]).matmul(turn(b, transposed[1]))
}

/// The maximum over each unit's pieces. Computed pairwise, because the gradient of a maximum along an axis needs a
/// gather.
pub fn maxout(x: Tensor<2>, pieces: usize) -> Tensor<2> {
    // max(a, b) = b + relu(a - b)
    let largest = x.clone().chunk(pieces, 1).into_iter().reduce(|a, b| b.clone() + relu(a - b));
    largest.unwrap_or(x)
}

/// running + momentum (batch - running) of one layer's mean and variance within the flat vector of all.
pub fn update_running_stats(running: Tensor<1>, batch: Tensor<1>, u: Update) -> Tensor<1> {
    let follow = |running: Tensor<1>, from: usize, factor: f32| {
        let (at, part) = (u.offset + from..u.offset + from + u.channels, from..from + u.channels);
        let (old, new) = (running.clone().slice([at.clone()]), batch.clone().slice([part]).mul_scalar(factor));
        running.slice_assign([at], old.clone() + (new - old).mul_scalar(u.momentum))
    };
    let running = follow(running, 0, 1.0);
    follow(running, u.channels.next_multiple_of(ALIGN), u.unbiased)
}

fn constant_for(constant: Tensor<1>, device: &Device) -> Tensor<1> {
    if device.is_autodiff() { Tensor::from_inner(constant) } else { constant }
}
