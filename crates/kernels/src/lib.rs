//! Fused kernels for the hot operations: one call per layer including bias and activation, one for the loss, one for
//! the optimizer.
//!
//! A GAN step consists of many small operations, so their number limits its speed. The kernels replace the dozen tensor
//! operations of a layer's forward and backward pass by one or two. They are Burn backend extensions and support Burn's
//! autodiff. Beside each there is the same computation in plain Burn operations, for the tests and for devices without
//! kernels: [`mod@reference`] has those of the layers, the crate `gan` those of the loss and the optimizer.
//! [`Operations`] chooses between the two.

mod autodiff;
mod calls;
mod cpu;
#[cfg(all(target_arch = "wasm32", feature = "webgpu"))]
mod gpu;
pub mod grey;
pub mod lanes;
mod operations;
pub mod reference;
mod spec;
// Text only, so that its test runs where tests run.
#[cfg(any(test, all(target_arch = "wasm32", feature = "webgpu")))]
mod unroll;

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, backend_extension};
use burn::tensor::{DType, Device, Tensor};

pub use calls::*;
pub use cpu::pointwise::sigmoid;
pub use operations::Operations;
pub use spec::{Activation, Curve, Function, Kind, Layer, Product, Relation, Term, Terms, Update};

/// Epsilon of normalisations, added to the variance. 1e-5 is PyTorch's default; the 0.8 in some GAN code is a momentum
/// passed as the wrong argument.
pub const EPSILON: f64 = 1e-5;

/// Alignment of segments in flat vectors, in floats: 256 bytes, the largest alignment that WebGPU requires of a storage
/// binding. An aligned slice is a view on the GPU, not a copy.
pub const ALIGN: usize = 64;

/// Number of weights that share a record of non-finite values: those of one WebGPU workgroup.
pub const GROUP: usize = 256;

/// Length of such a record: the step of the first non-finite value (0 if there is none), its kind ([`Found`]), and the
/// largest absolute weight before the first update and after the last finite one.
pub const RECORD: usize = 4;

/// The kind of a non-finite value in a record. If an update finds several, the record has the largest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// A moment overflowed, although the gradient was finite.
    Moments = 1,
    /// A weight, before it is clipped.
    Weights,
    Gradient,
}

/// Length of the records of `size` weights, padded to [`ALIGN`], so that they are a view on the GPU.
pub fn records(size: usize) -> usize {
    (size.div_ceil(GROUP) * RECORD).next_multiple_of(ALIGN)
}

/// Whether the build has the kernels only. In the browser this keeps the plain operations, Burn's matrix products and
/// convolutions, out of the bundle: they would be a third of it.
const ONLY: bool = cfg!(target_arch = "wasm32");

/// Indices of the eight coefficients of an update. The optimizers differ only in their values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rate {
    /// Decay rate of the first moment.
    Beta1,
    /// Decay rate of the second moment; with 1 it stays 0.
    Beta2,
    /// Coefficient of the first moment.
    Step,
    /// Coefficient of the gradient.
    GradCoefficient,
    Epsilon,
    /// Factor of the weights, for weight decay.
    DecayFactor,
    /// Weight clipping: the bound on |weight|.
    Clip,
    /// The step of the run, for the record of non-finite values.
    At,
}

/// Number of coefficients of an update: two vectors of four.
pub const RATES: usize = 8;

/// Number of tensors that one call of [`Kernels::concat`] concatenates. Five are the layers with parameters of a
/// generator with two convolutions, whose gradient is then one launch; WebGPU guarantees eight bindings.
pub const CONCAT_INPUTS: usize = 5;

/// Whether these kernels run on a device: Burn's CPU backend, and WebGPU in a browser (they are written in WGSL, which
/// Burn's native GPU backends do not read).
pub fn supports(device: &Device) -> bool {
    ONLY || *device == Device::flex()
}

/// Whether these kernels take a tensor: on such a device, in f32.
fn takes<const D: usize>(x: &Tensor<D>) -> bool {
    ONLY || (supports(&x.device().inner()) && x.dtype() == DType::F32)
}

/// The kernels of a backend. All tensors are contiguous; images are `[n, channels, height, width]`.
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

    /// Mean and biased variance of each channel over batch and positions, as a segment of mean, padding, variance,
    /// padding.
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

    /// dL/dx of a normalisation by the batch's statistics; `sums` is the result of `normalise_weight_gradient`.
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

    /// f of every value.
    fn pointwise(x: FloatTensor<Self>, f: Function) -> FloatTensor<Self>;

    /// The mean of each row, `[n, width]` -> `[n, 1]`. On the CPU with eight partial sums: Burn adds one value after the
    /// other, which rounds more.
    fn mean_rows(x: FloatTensor<Self>) -> FloatTensor<Self>;

    /// The maximum over each unit's pieces, `[n, units]`, from `[n, pieces * units]`, piece by piece (Goodfellow et al.
    /// 2013, equation 2).
    fn maxout(x: FloatTensor<Self>, pieces: usize) -> FloatTensor<Self>;

    /// dL/dx from y = maxout(x) and dL/dy: the gradient goes to the largest piece, and to the last one among equals.
    fn maxout_gradient(
        x: FloatTensor<Self>,
        y: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        pieces: usize,
    ) -> FloatTensor<Self>;

    /// Translates and shears square images `[n, side^2]` by `by` `[n, 3]`: right and down in whole pixels, and shear
    /// about the middle row in pixels to the right per row down. Pixels from outside are 0. The shear is evaluated
    /// halfway between a row's old and new position, so that minus `by` is the inverse for pixels that stay inside.
    fn shift(x: FloatTensor<Self>, by: FloatTensor<Self>, side: usize) -> FloatTensor<Self>;

    /// Cross-entropy of each row, `[n]`: -sum_k code_k log softmax(logits)_k, from logits and codes `[n, classes]`.
    fn cross_entropy(logits: FloatTensor<Self>, codes: FloatTensor<Self>) -> FloatTensor<Self>;

    /// dL/dlogits from the gradient of the loss by each row `[n]`; each row of codes sums to 1.
    fn cross_entropy_backward(
        logits: FloatTensor<Self>,
        codes: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
    ) -> FloatTensor<Self>;

    /// From D's outputs `[real + fake, 1]`: `[3]` with the loss, mean D(x) and mean D(G(z)), and dloss/doutputs. Only
    /// the loss is differentiable.
    fn loss_and_grad(outputs: FloatTensor<Self>, terms: Terms) -> (FloatTensor<Self>, FloatTensor<Self>);

    /// One update by any optimizer, with coefficients `rates` `[8]`, see [`Rate`]. m and v are running means of the
    /// gradient and of its square; w <- KEEP w - (STEP m + AHEAD gradient) / (sqrt(v) + EPSILON), clipped to [-CLIP,
    /// CLIP]. The first moments are followed by the [`records`] of non-finite values; on the CPU the first record
    /// covers all weights.
    fn optimize(
        weights: FloatTensor<Self>,
        m: FloatTensor<Self>,
        v: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        rates: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);

    /// running + momentum (batch - running) for one layer's statistics within the flat vector of all.
    fn update_running_stats(running: FloatTensor<Self>, batch: FloatTensor<Self>, update: Update) -> FloatTensor<Self>;

    /// Concatenates flat tensors, the first `lengths` values of each.
    fn concat(
        a: FloatTensor<Self>,
        b: FloatTensor<Self>,
        c: FloatTensor<Self>,
        d: FloatTensor<Self>,
        e: FloatTensor<Self>,
        lengths: [usize; CONCAT_INPUTS],
    ) -> FloatTensor<Self>;

    /// EMA update: average + rate (target - average); `rate` is the first value of its tensor.
    fn ema_update(average: FloatTensor<Self>, target: FloatTensor<Self>, rate: FloatTensor<Self>) -> FloatTensor<Self>;
}
