//! The hot operations as kernels of our own: one call a layer with its bias and activation, one for the loss, one for the
//! optimizer.
//!
//! A GAN step is many small operations, so it is bound by how many there are. These replace the dozen tensor operations of each
//! layer's forward and backward pass by one or two; they are Burn backend extensions, so Burn's autodiff runs through them. The plain
//! versions stay in `nets/layer.rs`, `loss/` and `optim.rs`: they define what is computed, run on every other Burn device, and
//! are what the tests compare these with.

mod autodiff;
mod cpu;
#[cfg(all(target_arch = "wasm32", feature = "webgpu"))]
mod gpu;
pub mod grey;
pub mod lanes;
mod spec;
// Text only, so that its test runs where tests run.
#[cfg(any(test, all(target_arch = "wasm32", feature = "webgpu")))]
mod unroll;

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, backend_extension};
use burn::tensor::{Device, Tensor};

pub use cpu::pointwise::sigmoid;
pub use spec::{Activation, Curve, Kind, Layer, Product, Relation, Term, Terms, Update};

/// Added to a variance before its root. The value of the batch normalisation paper's code and of every framework; 0.8, which some
/// GAN code passes in its place, is a momentum that slipped into the wrong argument.
pub const EPSILON: f64 = 1e-5;

/// Segments of flat vectors start at multiples of 64 floats = 256 bytes, the largest alignment WebGPU asks of a storage binding: a
/// slice that starts there is a view on the GPU, not a copy.
pub const ALIGN: usize = 64;

/// Weights that share a record of what was not finite: those of one workgroup on WebGPU.
pub const GROUP: usize = 256;

/// Numbers in such a record: the step at which something was not finite first (0 while all is), what it was ([`Found`]), the largest
/// absolute weight before the first update and after the last finite one.
pub const RECORD: usize = 4;

/// What an update found not to be finite, as its record has it. The largest of several counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// A moment, of a finite gradient: its square overflowed.
    Moments = 1,
    /// A weight, before it is clipped.
    Weights,
    Gradient,
}

/// Length of the records of so many weights with their padding, which makes a view of them on the GPU.
pub fn records(size: usize) -> usize {
    (size.div_ceil(GROUP) * RECORD).next_multiple_of(ALIGN)
}

/// In a browser there is nothing else than these kernels, and the plain operations stay out of the bundle: Burn's own
/// matrix products and convolutions would be a third of it (docs/decisions/wasm-size.md).
const ONLY: bool = cfg!(target_arch = "wasm32");

/// Where the numbers of an update stand among the eight that it takes: which optimizer it is, is in them alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rate {
    /// Memory of the first moment.
    Beta1,
    /// Memory of the second moment; with 1 it stays 0.
    Beta2,
    /// On the first moment.
    Step,
    /// On the gradient itself.
    GradCoefficient,
    Epsilon,
    /// Share of the weight that stays: weight decay.
    DecayFactor,
    /// The largest absolute weight.
    Clip,
    /// The step of the run, for the record of what was not finite.
    At,
}

/// Numbers of an update: two vectors of four.
pub const RATES: usize = 8;

/// Tensors that one call of [`Kernels::concat`] takes: the layers with parameters of the generator with two convolutions, so that its
/// gradient is one launch; WebGPU guarantees eight bindings.
pub const CONCAT_INPUTS: usize = 5;

/// Whether these kernels run on a device: Burn's CPU backend, and WebGPU in a browser (they are written in WGSL, which Burn's native
/// GPU backends do not read).
pub fn supports(device: &Device) -> bool {
    ONLY || *device == Device::flex()
}

/// Whether to take the kernels where both ways are possible.
pub fn chosen(fused: bool) -> bool {
    ONLY || fused
}

/// What a backend has to offer. All tensors are contiguous; images are `[n, channels, height, width]`.
#[backend_extension(Autodiff, Flex, Cube: cfg(all(target_arch = "wasm32", feature = "webgpu")))]
pub trait Kernels: Backend {
    /// act(layer(x)); `params` is the layer's segment of the flat vector: weight, padding, bias, padding.
    fn forward(x: FloatTensor<Self>, params: FloatTensor<Self>, layer: Layer) -> FloatTensor<Self>;

    /// From y = forward(x) and dL/dy: dL/dx, shaped like x.
    fn input_gradient(
        y: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        params: FloatTensor<Self>,
        layer: Layer,
    ) -> FloatTensor<Self>;

    /// From x, y = forward(x) and dL/dy: dL/dparams, shaped like the segment, 0 in its padding.
    fn weight_gradient(
        x: FloatTensor<Self>,
        y: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        layer: Layer,
    ) -> FloatTensor<Self>;

    /// Mean and (biased) variance of each channel over batch and place: a segment of mean, padding, variance, padding.
    fn statistics(x: FloatTensor<Self>, layer: Layer) -> FloatTensor<Self>;

    /// act(scale (x - mean) / sqrt(variance + epsilon) + shift) (Ioffe and Szegedy 2015, algorithm 1).
    fn normalise(
        x: FloatTensor<Self>,
        statistics: FloatTensor<Self>,
        params: FloatTensor<Self>,
        layer: Layer,
    ) -> FloatTensor<Self>;

    /// dL/dscale and dL/dshift, shaped like `params`.
    fn normalise_weight_gradient(
        x: FloatTensor<Self>,
        y: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        statistics: FloatTensor<Self>,
        layer: Layer,
    ) -> FloatTensor<Self>;

    /// dL/dx through a normalisation by the batch's own statistics; `sums` is what `normalise_weight_gradient` gave.
    fn normalise_input_gradient(
        x: FloatTensor<Self>,
        y: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        statistics: FloatTensor<Self>,
        params: FloatTensor<Self>,
        sums: FloatTensor<Self>,
        layer: Layer,
    ) -> FloatTensor<Self>;

    /// The product of two batches of matrices, `[n, rows, columns]`.
    fn product(a: FloatTensor<Self>, b: FloatTensor<Self>, product: Product) -> FloatTensor<Self>;

    /// The largest of each unit's pieces, `[n, units]`, from `[n, pieces units]`, piece after piece (Goodfellow et al. 2013, equation 2).
    fn maxout(x: FloatTensor<Self>, pieces: usize) -> FloatTensor<Self>;

    /// dL/dx from y = maxout(x) and dL/dy: all of it to the piece that was the largest, and to the last of equals.
    fn maxout_gradient(
        x: FloatTensor<Self>,
        y: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        pieces: usize,
    ) -> FloatTensor<Self>;

    /// Square images `[n, side^2]`, each moved by its row of `by` `[n, 3]`: right and down in whole pixels, and slanted about its middle
    /// row, to the right by this much for each row further down. What comes from outside is 0. A slant is measured between where a row
    /// was and where it goes, so that minus `by` moves every pixel back that is still inside.
    fn shift(x: FloatTensor<Self>, by: FloatTensor<Self>, side: usize) -> FloatTensor<Self>;

    /// -sum_k code_k log softmax(logits)_k of each row, `[n]`, from `[n, classes]` both.
    fn cross_entropy(logits: FloatTensor<Self>, codes: FloatTensor<Self>) -> FloatTensor<Self>;

    /// dL/dlogits from the gradient of the loss by each row `[n]`; each row of codes sums to 1.
    fn cross_entropy_backward(
        logits: FloatTensor<Self>,
        codes: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
    ) -> FloatTensor<Self>;

    /// From D's outputs `[real + fake, 1]`: the loss, mean D(x) and mean D(G(z)), `[3]`, and dloss/doutputs. Of the three only the loss
    /// has a gradient.
    fn loss_and_grad(outputs: FloatTensor<Self>, terms: Terms) -> (FloatTensor<Self>, FloatTensor<Self>);

    /// One update by any of the optimizers; `rates` is `[8]`, by [`Rate`]: m and v are running means of the gradient and of its square,
    /// and w becomes KEEP w - (STEP m + AHEAD gradient) / (sqrt(v) + EPSILON), within -CLIP and CLIP. Behind the first moments come the
    /// [`records`] of what was not finite; on the CPU the first of them is that of all weights.
    fn optimize(
        weights: FloatTensor<Self>,
        m: FloatTensor<Self>,
        v: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        rates: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);

    /// running + momentum (batch - running) for one layer's statistics within the flat vector of all.
    fn update_running_stats(running: FloatTensor<Self>, batch: FloatTensor<Self>, update: Update) -> FloatTensor<Self>;

    /// Flat tensors one after another: as many values of each as `lengths` says.
    fn concat(
        a: FloatTensor<Self>,
        b: FloatTensor<Self>,
        c: FloatTensor<Self>,
        d: FloatTensor<Self>,
        e: FloatTensor<Self>,
        lengths: [usize; CONCAT_INPUTS],
    ) -> FloatTensor<Self>;

    /// average + rate (target - average); `rate` is the first of its tensor.
    fn ema_update(average: FloatTensor<Self>, target: FloatTensor<Self>, rate: FloatTensor<Self>) -> FloatTensor<Self>;
}

/// A layer with its activation: `x` of any shape with `n` rows, `[n, ...]`; the result is `[n, units]`. In a graph `x` is `[n, inputs]`, as
/// its gradient is.
pub fn forward<const D: usize>(x: Tensor<D>, params: Tensor<1>, layer: Layer) -> Tensor<2> {
    Tensor::from_dispatch(<Dispatch as Kernels>::forward(x.into_dispatch(), params.into_dispatch(), layer))
}

/// Batch normalisation with its activation; `statistics` are constants if they are given, the batch's own otherwise. The second
/// value is the statistics that were used, outside any graph.
pub fn batch_norm(x: Tensor<2>, statistics: Option<Tensor<1>>, params: Tensor<1>, layer: Layer) -> (Tensor<2>, Tensor<1>) {
    let inner = if x.device().is_autodiff() { x.clone().inner() } else { x.clone() };
    let used =
        statistics.unwrap_or_else(|| Tensor::from_dispatch(<Dispatch as Kernels>::statistics(inner.into_dispatch(), layer)));
    let constant = if x.device().is_autodiff() { Tensor::from_inner(used.clone()) } else { used.clone() };
    let y = <Dispatch as Kernels>::normalise(x.into_dispatch(), constant.into_dispatch(), params.into_dispatch(), layer);
    (Tensor::from_dispatch(y), used)
}

/// For each row of a batch the product of two matrices, either of which may be stored transposed: `[n, rows, inner]` by
/// `[n, inner, columns]` gives `[n, rows, columns]`.
pub fn product(a: Tensor<3>, b: Tensor<3>, transposed: [bool; 2]) -> Tensor<3> {
    let pair = |[_, r, c]: [usize; 3], turned: bool| if turned { [c, r] } else { [r, c] };
    let ([rows, inner], [_, columns]) = (pair(a.dims(), transposed[0]), pair(b.dims(), transposed[1]));
    let product = Product { n: a.dims()[0], rows, inner, columns, transposed };
    Tensor::from_dispatch(<Dispatch as Kernels>::product(a.into_dispatch(), b.into_dispatch(), product))
}

/// The largest of each unit's pieces: see [`Kernels::maxout`].
pub fn maxout(x: Tensor<2>, pieces: usize) -> Tensor<2> {
    Tensor::from_dispatch(<Dispatch as Kernels>::maxout(x.into_dispatch(), pieces))
}

/// Images moved: see [`Kernels::shift`]. `by` is constant.
pub fn shift(x: Tensor<2>, by: Tensor<2>, side: usize) -> Tensor<2> {
    Tensor::from_dispatch(<Dispatch as Kernels>::shift(x.into_dispatch(), by.into_dispatch(), side))
}

/// The cross-entropy of each row with its code, `[n]`: see [`Kernels::cross_entropy`]. `codes` are constant.
pub fn cross_entropy(logits: Tensor<2>, codes: Tensor<2>) -> Tensor<1> {
    Tensor::from_dispatch(<Dispatch as Kernels>::cross_entropy(logits.into_dispatch(), codes.into_dispatch()))
}

/// The loss of D or G and what D thinks: see [`Kernels::loss_and_grad`].
pub fn loss_and_grad(outputs: Tensor<2>, terms: Terms) -> Tensor<1> {
    Tensor::from_dispatch(<Dispatch as Kernels>::loss_and_grad(outputs.into_dispatch(), terms).0)
}

/// Flat tensors one after another, outside any graph. Burn's own `cat` would be a launch for each of them. `parts` is not empty.
pub fn concat(mut parts: Vec<Tensor<1>>) -> Tensor<1> {
    if !supports(&parts[0].device()) {
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
    // Where there is no more, any tensor will do.
    let part = |i: usize| parts.get(i).unwrap_or(&parts[0]).clone().into_dispatch();
    Tensor::from_dispatch(<Dispatch as Kernels>::concat(part(0), part(1), part(2), part(3), part(4), lengths))
}

/// One update of a flat vector: weights, first moment with its records, second moment. See [`Kernels::optimize`].
pub fn optimize(weights: Tensor<1>, m: Tensor<1>, v: Tensor<1>, gradient: Tensor<1>, rates: Tensor<1>) -> [Tensor<1>; 3] {
    let (w, m, v) = <Dispatch as Kernels>::optimize(
        weights.into_dispatch(),
        m.into_dispatch(),
        v.into_dispatch(),
        gradient.into_dispatch(),
        rates.into_dispatch(),
    );
    [w, m, v].map(Tensor::from_dispatch)
}

/// Moves an average towards a target of the same length, a multiple of [`ALIGN`].
pub fn ema_update(average: Tensor<1>, target: Tensor<1>, rate: Tensor<1>) -> Tensor<1> {
    let (target, rate) = (target.into_dispatch(), rate.into_dispatch());
    Tensor::from_dispatch(<Dispatch as Kernels>::ema_update(average.into_dispatch(), target, rate))
}

/// Moves one layer's running statistics towards a batch's.
pub fn update_running_stats(running: Tensor<1>, batch: Tensor<1>, update: Update) -> Tensor<1> {
    Tensor::from_dispatch(<Dispatch as Kernels>::update_running_stats(running.into_dispatch(), batch.into_dispatch(), update))
}
