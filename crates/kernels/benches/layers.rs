//! Forward and backward passes of the default DCGAN's layers on the CPU: the fused kernels beside Burn's operations, in
//! turn in one process: `cargo bench --package counterfeit-kernels`. The ratio is what counts; times are of this
//! machine.

use std::time::Instant;

use burn::tensor::activation::leaky_relu;
use burn::tensor::module::{conv_transpose2d, conv2d};
use burn::tensor::ops::{ConvOptions, ConvTransposeOptions};
use burn::tensor::{Device, Tensor, TensorData};
use counterfeit_kernels::{Activation, Kind, Layer, forward};

/// Timed passes of each version; the median is reported.
const PASSES: usize = 30;
const SLOPE: f32 = 0.2;

fn main() {
    let layer = |kind, from, to, side| Layer {
        kind,
        activation: Activation::LeakyRelu(SLOPE),
        bias: true,
        n: 64,
        from,
        to,
        side: [side, side],
    };
    let cases = [
        ("linear, 784 to 256", layer(Kind::Linear, 784, 256, 1)),
        ("convolution 4x4, stride 2, 16 to 32 channels, 7x7", layer(Kind::ConvDown, 16, 32, 7)),
        ("transposed convolution 4x4, stride 2, 32 to 16 channels, 7x7", layer(Kind::ConvUp, 32, 16, 7)),
        ("convolution 3x3, 16 to 16 channels, 14x14", layer(Kind::Conv3, 16, 16, 14)),
    ];
    println!("median ms of a forward and backward pass, batch of 64:   fused   plain   plain / fused");
    for (name, layer) in cases {
        let x = values(layer.n * layer.inputs(), 1).reshape([layer.n, layer.inputs()]);
        let params = values(layer.segment(), 2);
        let (mut fused, mut plain) = (Vec::new(), Vec::new());
        for pass in 0..PASSES + 3 {
            let times =
                [timed(&x, &params, |x, p| forward(x, p, layer)), timed(&x, &params, |x, p| reference(x, p, layer))];
            // The first passes allocate.
            if pass >= 3 {
                fused.push(times[0]);
                plain.push(times[1]);
            }
        }
        let (fused, plain) = (median(fused), median(plain));
        println!("{name:62} {fused:6.2} {plain:7.2} {:8.1}", plain / fused);
    }
}

/// The layer by Burn's operations. `params` is the weight, padding, the bias, padding.
fn reference(x: Tensor<2>, params: Tensor<1>, layer: Layer) -> Tensor<2> {
    let Layer { kind, n, from, to, side: [h, w], .. } = layer;
    let k = layer.kernel_side();
    let weight = params.clone().slice([0..layer.weights()]);
    let bias = params.slice([layer.bias_at()..layer.bias_at() + to]);
    let y = match kind {
        Kind::Linear => x.matmul(weight.reshape([from, to])) + bias.unsqueeze(),
        Kind::ConvUp => {
            let options = ConvTransposeOptions::new([2, 2], [1, 1], [0, 0], [1, 1], 1);
            let y = conv_transpose2d(x.reshape([n, from, h, w]), weight.reshape([from, to, k, k]), Some(bias), options);
            y.reshape([n, layer.outputs()])
        }
        _ => {
            let stride = if kind == Kind::ConvDown { 2 } else { 1 };
            let options = ConvOptions::new([stride, stride], [1, 1], [1, 1], 1);
            let x = x.reshape([n, from, stride * h, stride * w]);
            conv2d(x, weight.reshape([to, from, k, k]), Some(bias), options).reshape([n, layer.outputs()])
        }
    };
    leaky_relu(y, f64::from(SLOPE))
}

/// Milliseconds of a forward and a backward pass, to the gradients of input and parameters.
fn timed(x: &Tensor<2>, params: &Tensor<1>, layer: impl Fn(Tensor<2>, Tensor<1>) -> Tensor<2>) -> f64 {
    let x = Tensor::<2>::from_inner(x.clone()).require_grad();
    let params = Tensor::<1>::from_inner(params.clone()).require_grad();
    let start = Instant::now();
    let gradients = layer(x.clone(), params.clone()).sum().backward();
    assert!(x.grad(&gradients).is_some() && params.grad(&gradients).is_some());
    1e3 * start.elapsed().as_secs_f64()
}

/// Any values do: those of a linear congruential generator, in [-0.5, 0.5).
fn values(n: usize, seed: u32) -> Tensor<1> {
    let next = |state: &u32| Some(state.wrapping_mul(747_796_405).wrapping_add(2_891_336_453));
    let states = std::iter::successors(Some(seed), next).skip(1).take(n);
    let values: Vec<f32> = states.map(|state| (state >> 8) as f32 / 16_777_216.0 - 0.5).collect();
    Tensor::from_data(TensorData::new(values, [n]), &Device::flex())
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
