//! The kernels as functions of tensors, for any device that has them.

use burn::backend::Dispatch;
use burn::tensor::Tensor;

use super::{CONCAT_INPUTS, Function, Kernels, Layer, Product, Terms, Update, takes};

/// Runs a layer with its activation on `x` of any shape with `n` rows, `[n, ...]` -> `[n, units]`. In a graph `x` must
/// be `[n, inputs]`, the shape of its gradient.
pub fn forward<const D: usize>(x: Tensor<D>, params: Tensor<1>, layer: Layer) -> Tensor<2> {
    Tensor::from_dispatch(<Dispatch as Kernels>::forward(x.into_dispatch(), params.into_dispatch(), layer))
}

/// Batch normalisation with its activation, by `statistics` as constants, or by those of the batch if None. Also
/// returns the statistics used, outside any graph.
pub fn batch_norm(
    x: Tensor<2>,
    statistics: Option<Tensor<1>>,
    params: Tensor<1>,
    layer: Layer,
) -> (Tensor<2>, Tensor<1>) {
    let inner = if x.device().is_autodiff() { x.clone().inner() } else { x.clone() };
    let used = statistics
        .unwrap_or_else(|| Tensor::from_dispatch(<Dispatch as Kernels>::statistics(inner.into_dispatch(), layer)));
    let constant = if x.device().is_autodiff() { Tensor::from_inner(used.clone()) } else { used.clone() };
    let y =
        <Dispatch as Kernels>::normalise(x.into_dispatch(), constant.into_dispatch(), params.into_dispatch(), layer);
    (Tensor::from_dispatch(y), used)
}

/// Batched matrix product; each factor may be stored transposed: `[n, rows, inner]` by
/// `[n, inner, columns]` gives `[n, rows, columns]`.
pub fn product(a: Tensor<3>, b: Tensor<3>, transposed: [bool; 2]) -> Tensor<3> {
    let pair = |[_, r, c]: [usize; 3], turned: bool| if turned { [c, r] } else { [r, c] };
    let ([rows, inner], [_, columns]) = (pair(a.dims(), transposed[0]), pair(b.dims(), transposed[1]));
    let product = Product { n: a.dims()[0], rows, inner, columns, transposed };
    Tensor::from_dispatch(<Dispatch as Kernels>::product(a.into_dispatch(), b.into_dispatch(), product))
}

/// f of every value, with the same bits on every platform: see [`Function`].
pub fn pointwise<const D: usize>(x: Tensor<D>, f: Function) -> Tensor<D> {
    if takes(&x) {
        return Tensor::from_dispatch(<Dispatch as Kernels>::pointwise(x.into_dispatch(), f));
    }
    match f {
        Function::Sqrt => x.sqrt(),
        Function::Exp => x.exp(),
        Function::Tanh => x.tanh(),
    }
}

pub fn sqrt<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    pointwise(x, Function::Sqrt)
}

pub fn exp<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    pointwise(x, Function::Exp)
}

pub fn tanh<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    pointwise(x, Function::Tanh)
}

/// The softmax over dimension `dim`, from [`exp`].
pub fn softmax<const D: usize>(x: Tensor<D>, dim: usize) -> Tensor<D> {
    let shares = exp(x.clone() - x.detach().max_dim(dim));
    let sum = shares.clone().sum_dim(dim);
    shares / sum
}

/// The mean of each row, `[n, width]` -> `[n, 1]`: see [`Kernels::mean_rows`].
pub fn mean_rows(x: Tensor<2>) -> Tensor<2> {
    if !takes(&x) {
        return x.mean_dim(1);
    }
    Tensor::from_dispatch(<Dispatch as Kernels>::mean_rows(x.into_dispatch()))
}

/// The maximum over each unit's pieces: see [`Kernels::maxout`].
pub fn maxout(x: Tensor<2>, pieces: usize) -> Tensor<2> {
    Tensor::from_dispatch(<Dispatch as Kernels>::maxout(x.into_dispatch(), pieces))
}

/// Translates and shears images: see [`Kernels::shift`]. `by` is constant.
pub fn shift(x: Tensor<2>, by: Tensor<2>, side: usize) -> Tensor<2> {
    Tensor::from_dispatch(<Dispatch as Kernels>::shift(x.into_dispatch(), by.into_dispatch(), side))
}

/// The cross-entropy of each row with its code, `[n]`: see [`Kernels::cross_entropy`]. `codes` are constant.
pub fn cross_entropy(logits: Tensor<2>, codes: Tensor<2>) -> Tensor<1> {
    Tensor::from_dispatch(<Dispatch as Kernels>::cross_entropy(logits.into_dispatch(), codes.into_dispatch()))
}

/// The loss of D or G and D's mean outputs: see [`Kernels::loss_and_grad`].
pub fn loss_and_grad(outputs: Tensor<2>, terms: Terms) -> Tensor<1> {
    Tensor::from_dispatch(<Dispatch as Kernels>::loss_and_grad(outputs.into_dispatch(), terms).0)
}

/// Concatenates flat tensors outside any graph in one launch; Burn's `cat` needs one per tensor. `parts` must not be
/// empty.
pub fn concat(mut parts: Vec<Tensor<1>>) -> Tensor<1> {
    if !takes(&parts[0]) {
        return Tensor::cat(parts, 0);
    }
    while parts.len() > 1 {
        parts = parts.chunks(CONCAT_INPUTS).map(concat_few).collect();
    }
    parts.remove(0)
}

fn concat_few(parts: &[Tensor<1>]) -> Tensor<1> {
    if let [one] = parts {
        return one.clone();
    }
    let lengths = std::array::from_fn(|i| parts.get(i).map_or(0, |part| part.dims()[0]));
    // Fills unused bindings with any tensor.
    let part = |i: usize| parts.get(i).unwrap_or(&parts[0]).clone().into_dispatch();
    Tensor::from_dispatch(<Dispatch as Kernels>::concat(part(0), part(1), part(2), part(3), part(4), lengths))
}

/// One optimizer update of a flat vector. Returns weights, first moment with its records, second moment. See
/// [`Kernels::optimize`].
pub fn optimize(
    weights: Tensor<1>,
    m: Tensor<1>,
    v: Tensor<1>,
    gradient: Tensor<1>,
    rates: Tensor<1>,
) -> [Tensor<1>; 3] {
    let (w, m, v) = <Dispatch as Kernels>::optimize(
        weights.into_dispatch(),
        m.into_dispatch(),
        v.into_dispatch(),
        gradient.into_dispatch(),
        rates.into_dispatch(),
    );
    [w, m, v].map(Tensor::from_dispatch)
}

/// EMA update of `average` towards `target`, of the same length, a multiple of [`crate::ALIGN`].
pub fn ema_update(average: Tensor<1>, target: Tensor<1>, rate: Tensor<1>) -> Tensor<1> {
    let (target, rate) = (target.into_dispatch(), rate.into_dispatch());
    Tensor::from_dispatch(<Dispatch as Kernels>::ema_update(average.into_dispatch(), target, rate))
}

/// Updates one layer's running statistics by those of a batch.
pub fn update_running_stats(running: Tensor<1>, batch: Tensor<1>, update: Update) -> Tensor<1> {
    Tensor::from_dispatch(<Dispatch as Kernels>::update_running_stats(
        running.into_dispatch(),
        batch.into_dispatch(),
        update,
    ))
}
