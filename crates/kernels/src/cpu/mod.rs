//! The CPU kernels: loops over slices that the compiler vectorises. Convolutions and linear layers are matrix products,
//! see `matrix.rs`.

mod by_row;
mod conv_same;
mod convolution;
mod loss_and_grad;
mod matrix;
mod normalisation;
pub mod pointwise;

use std::borrow::Cow;

use burn::backend::tensor::FloatTensor;
use burn::backend::{Flex, TensorMetadata};
use burn::tensor::TensorData;

use crate::lanes;

use super::{ALIGN, CONCAT_INPUTS, Function, Kernels, Kind, Layer, Product, Terms, Update};
use conv_same::ConvSame;
use convolution::Convolution;
use matrix::{Matrix, add_product};
use pointwise::{add_sum_of_rows, derivative};

type F = FloatTensor<Flex>;

/// The values of a tensor in row-major order; copied only if the tensor is not contiguous.
fn values(tensor: &F) -> Cow<'_, [f32]> {
    match tensor.as_slice() {
        Some(slice) => Cow::Borrowed(slice),
        None => Cow::Owned(tensor.to_contiguous().storage().to_vec()),
    }
}

fn vector(values: Vec<f32>) -> F {
    let n = values.len();
    F::from_data(TensorData::new(values, [n]))
}

fn rows(values: Vec<f32>, n: usize) -> F {
    let width = values.len() / n;
    F::from_data(TensorData::new(values, [n, width]))
}

/// An output batch `[n, outputs]` initialised with each channel's bias, to which the products are added.
fn biased(params: &[f32], layer: Layer) -> Vec<f32> {
    let per_channel = layer.outputs() / layer.to;
    let mut row = vec![0.0; layer.outputs()];
    if layer.bias {
        let bias = &params[layer.bias_at()..][..layer.to];
        row.chunks_exact_mut(per_channel).zip(bias).for_each(|(channel, b)| channel.fill(*b));
    }
    row.repeat(layer.n)
}

impl Kernels for Flex {
    fn forward(x: F, params: F, layer: Layer) -> F {
        let (x, params) = (values(&x), values(&params));
        let mut y = biased(&params, layer);
        match layer.kind {
            Kind::Linear => {
                let weight = Matrix::rows_of(&params, layer.from, layer.to);
                add_product(&mut y, Matrix::rows_of(&x, layer.n, layer.from), weight);
            }
            Kind::ConvDown => Convolution::of(layer).conv_down(&x, &params, &mut y),
            Kind::ConvUp => Convolution::of(layer).conv_transpose(&x, &params, &mut y),
            Kind::Conv3 | Kind::Conv1 => ConvSame::of(layer).forward(&x, &params, &mut y),
            Kind::BatchNorm => unreachable!("normalisation has its own kernels"),
        }
        pointwise::activate(&mut y, layer.activation);
        rows(y, layer.n)
    }

    fn input_gradient(y: F, gradient: F, params: F, layer: Layer) -> F {
        let (y, gradient, params) = (values(&y), values(&gradient), values(&params));
        let d = derivative(&gradient, &y, layer.activation);
        let mut dx = vec![0.0; layer.n * layer.inputs()];
        match layer.kind {
            Kind::Linear => {
                let weight = Matrix::rows_of(&params, layer.from, layer.to);
                add_product(&mut dx, Matrix::rows_of(&d, layer.n, layer.to), weight.transposed());
            }
            Kind::ConvDown => Convolution::of(layer).conv_transpose(&d, &params, &mut dx),
            Kind::ConvUp => Convolution::of(layer).conv_down(&d, &params, &mut dx),
            Kind::Conv3 | Kind::Conv1 => ConvSame::of(layer).backward(&d, &params, &mut dx),
            Kind::BatchNorm => unreachable!("normalisation has its own kernels"),
        }
        rows(dx, layer.n)
    }

    fn weight_gradient(x: F, y: F, gradient: F, layer: Layer) -> F {
        let (x, y, gradient) = (values(&x), values(&y), values(&gradient));
        let d = derivative(&gradient, &y, layer.activation);
        let mut segment = vec![0.0; layer.segment()];
        let (weight, tail) = segment.split_at_mut(layer.bias_at());
        match layer.kind {
            Kind::Linear => {
                let x = Matrix::rows_of(&x, layer.n, layer.from).transposed();
                add_product(&mut weight[..layer.weights()], x, Matrix::rows_of(&d, layer.n, layer.to));
            }
            Kind::ConvDown => Convolution::of(layer).conv_weight_grad(&d, &x, weight),
            Kind::ConvUp => Convolution::of(layer).conv_weight_grad(&x, &d, weight),
            Kind::Conv3 | Kind::Conv1 => ConvSame::of(layer).conv_weight_grad(&x, &d, weight),
            Kind::BatchNorm => unreachable!("normalisation has its own kernels"),
        }
        if layer.bias {
            add_sum_of_rows(&mut tail[..layer.to], &d, layer.outputs());
        }
        vector(segment)
    }

    fn statistics(x: F, layer: Layer) -> F {
        vector(normalisation::statistics(&values(&x), layer))
    }

    fn normalise(x: F, statistics: F, params: F, layer: Layer) -> F {
        let mut y = normalisation::normalise(&values(&x), &values(&statistics), &values(&params), layer);
        pointwise::activate(&mut y, layer.activation);
        rows(y, layer.n)
    }

    fn normalise_weight_gradient(x: F, y: F, gradient: F, statistics: F, layer: Layer) -> F {
        let (x, y, gradient) = (values(&x), values(&y), values(&gradient));
        let d = derivative(&gradient, &y, layer.activation);
        vector(normalisation::weight_gradient(&x, &d, &values(&statistics), layer))
    }

    fn normalise_input_gradient(x: F, y: F, gradient: F, statistics: F, params: F, sums: F, layer: Layer) -> F {
        let (x, y, gradient) = (values(&x), values(&y), values(&gradient));
        let d = derivative(&gradient, &y, layer.activation);
        rows(
            normalisation::input_gradient(&x, &d, &values(&statistics), &values(&params), &values(&sums), layer),
            layer.n,
        )
    }

    fn product(a: F, b: F, p: Product) -> F {
        let (a, b) = (values(&a), values(&b));
        let mut out = vec![0.0; p.n * p.rows * p.columns];
        let pairs = a.chunks_exact(p.rows * p.inner).zip(b.chunks_exact(p.inner * p.columns));
        for (out, (a, b)) in out.chunks_exact_mut(p.rows * p.columns).zip(pairs) {
            add_product(
                out,
                matrix(a, [p.rows, p.inner], p.transposed[0]),
                matrix(b, [p.inner, p.columns], p.transposed[1]),
            );
        }
        F::from_data(TensorData::new(out, [p.n, p.rows, p.columns]))
    }

    fn pointwise(x: F, f: Function) -> F {
        // The root is exact in IEEE 754.
        let f = match f {
            Function::Sqrt => f32::sqrt,
            Function::Exp => libm::expf,
            Function::Tanh => pointwise::tanh,
        };
        let y: Vec<f32> = values(&x).iter().map(|&x| f(x)).collect();
        F::from_data(TensorData::new(y, x.shape()))
    }

    fn mean_rows(x: F) -> F {
        let [n, width] = x.shape().dims();
        let mean = |row: &[f32]| lanes::sum(row, |v| v) / width as f32;
        rows(values(&x).chunks_exact(width).map(mean).collect(), n)
    }

    fn maxout(x: F, pieces: usize) -> F {
        let [n, width] = x.shape().dims();
        rows(by_row::maxout(&values(&x), width / pieces, pieces), n)
    }

    fn maxout_gradient(x: F, y: F, gradient: F, pieces: usize) -> F {
        let [n, units] = y.shape().dims();
        rows(by_row::maxout_gradient(&values(&x), &values(&y), &values(&gradient), units, pieces), n)
    }

    fn shift(x: F, by: F, side: usize) -> F {
        let (x, by) = (values(&x), values(&by));
        rows(by_row::shift(&x, &by, side), by.len() / 3)
    }

    fn cross_entropy(logits: F, codes: F) -> F {
        let classes = logits.shape().dims::<2>()[1];
        let (logits, codes) = (values(&logits), values(&codes));
        vector(by_row::cross_entropy(&logits, &codes, classes))
    }

    fn cross_entropy_backward(logits: F, codes: F, gradient: F) -> F {
        let (logits, codes, gradient) = (values(&logits), values(&codes), values(&gradient));
        rows(by_row::cross_entropy_backward(&logits, &codes, &gradient, logits.len() / gradient.len()), gradient.len())
    }

    fn loss_and_grad(outputs: F, terms: Terms) -> (F, F) {
        let outputs = values(&outputs);
        (
            vector(loss_and_grad::loss_and_grad(&outputs, terms).to_vec()),
            rows(loss_and_grad::gradient(&outputs, terms), terms.real + terms.fake),
        )
    }

    fn optimize(weights: F, m: F, v: F, gradient: F, rates: F) -> (F, F, F) {
        let (rates, gradient) = (values(&rates), values(&gradient));
        let (mut w, mut m, mut v) = (weights, m, v);
        pointwise::optimize(w.storage_mut(), m.storage_mut(), v.storage_mut(), &gradient, &rates);
        (w, m, v)
    }

    fn update_running_stats(running: F, batch: F, update: Update) -> F {
        let (mut running, batch) = (running, values(&batch));
        let half = update.channels.next_multiple_of(ALIGN);
        let flat: &mut [f32] = running.storage_mut();
        let mut ema_update =
            |i: usize, target: f32| flat[update.offset + i] += update.momentum * (target - flat[update.offset + i]);
        for c in 0..update.channels {
            ema_update(c, batch[c]);
            ema_update(half + c, update.unbiased * batch[half + c]);
        }
        running
    }

    fn concat(a: F, b: F, c: F, d: F, e: F, lengths: [usize; CONCAT_INPUTS]) -> F {
        let mut out = Vec::with_capacity(lengths.iter().sum());
        [a, b, c, d, e].iter().zip(lengths).for_each(|(part, n)| out.extend_from_slice(&values(part)[..n]));
        vector(out)
    }

    fn ema_update(average: F, target: F, rate: F) -> F {
        let (mut average, target, rate) = (average, values(&target), values(&rate)[0]);
        let flat: &mut [f32] = average.storage_mut();
        flat.iter_mut().zip(target.iter()).for_each(|(a, t)| *a += rate * (t - *a));
        average
    }
}

/// A `[rows, columns]` matrix, which may be stored transposed.
fn matrix(values: &[f32], [rows, columns]: [usize; 2], transposed: bool) -> Matrix<'_> {
    if transposed {
        Matrix::rows_of(values, columns, rows).transposed()
    } else {
        Matrix::rows_of(values, rows, columns)
    }
}
