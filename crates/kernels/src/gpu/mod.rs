//! The WebGPU kernels, written in WGSL. Each call is one launch. The core only generates text, without a shader
//! compiler of its own, and every size is a constant that the browser's compiler can use.

mod kernel;
mod layer;
mod program;
mod source;
mod tile;

use burn::backend::TensorMetadata;
use burn::backend::ops::FloatTensorOps;
use burn_cubecl::CubeBackend;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::ops::numeric::empty_device_contiguous_dtype;
use burn_cubecl::tensor::CubeTensor;

use super::{CONCAT_INPUTS, Function, Kernels, Layer, Product, Terms, Update};
use kernel::Kernel;
use program::{Grid, Program, vector};

/// An uninitialised tensor with the device and dtype of `like`.
fn empty<const D: usize>(like: &CubeTensor, shape: [usize; D]) -> CubeTensor {
    empty_device_contiguous_dtype(like.client.clone(), like.device.clone(), shape.into(), like.dtype)
}

/// Launches a program with its inputs and outputs in the order of its bindings.
fn launch<const I: usize, const O: usize>(
    program: &Program,
    grid: Grid,
    inputs: [CubeTensor; I],
    outputs: [&CubeTensor; O],
) {
    let inputs = inputs.map(into_contiguous);
    let client = outputs[0].client.clone();
    program.launch(&client, grid, inputs, outputs.map(|o| o.handle.clone()));
}

impl Kernels for CubeBackend {
    fn forward(x: CubeTensor, params: CubeTensor, layer: Layer) -> CubeTensor {
        layer::forward(x, params, layer)
    }

    fn input_gradient(y: CubeTensor, gradient: CubeTensor, params: CubeTensor, layer: Layer) -> CubeTensor {
        layer::input_gradient(y, gradient, params, layer)
    }

    fn weight_gradient(x: CubeTensor, y: CubeTensor, gradient: CubeTensor, layer: Layer) -> CubeTensor {
        layer::weight_gradient(x, y, gradient, layer)
    }

    fn statistics(x: CubeTensor, layer: Layer) -> CubeTensor {
        let out = empty(&x, [layer.statistics()]);
        launch(&Program::layer(Kernel::Statistics, layer), Grid::Groups(layer.to), [x], [&out]);
        out
    }

    fn normalise(x: CubeTensor, statistics: CubeTensor, params: CubeTensor, layer: Layer) -> CubeTensor {
        let y = empty(&x, [layer.n, layer.outputs()]);
        let threads = layer.n * layer.outputs();
        launch(&Program::layer(Kernel::Normalise, layer), Grid::Threads(threads), [x, statistics, params], [&y]);
        y
    }

    fn normalise_weight_gradient(
        x: CubeTensor,
        y: CubeTensor,
        gradient: CubeTensor,
        statistics: CubeTensor,
        layer: Layer,
    ) -> CubeTensor {
        let segment = empty(&x, [layer.segment()]);
        let program = Program::layer(Kernel::NormaliseWeightGradient, layer);
        launch(&program, Grid::Groups(layer.to + 1), [x, y, gradient, statistics], [&segment]);
        segment
    }

    fn normalise_input_gradient(
        x: CubeTensor,
        y: CubeTensor,
        gradient: CubeTensor,
        statistics: CubeTensor,
        params: CubeTensor,
        sums: CubeTensor,
        layer: Layer,
    ) -> CubeTensor {
        let dx = empty(&x, [layer.n, layer.inputs()]);
        let program = Program::layer(Kernel::NormaliseInputGradient, layer);
        let threads = layer.n * layer.inputs();
        launch(&program, Grid::Threads(threads), [x, y, gradient, statistics, params, sums], [&dx]);
        dx
    }

    fn product(a: CubeTensor, b: CubeTensor, product: Product) -> CubeTensor {
        let Product { n, rows, columns, .. } = product;
        let out = empty(&a, [n, rows, columns]);
        launch(&Program::product(product), Grid::Threads(n * rows * columns), [a, b], [&out]);
        out
    }

    fn pointwise(x: CubeTensor, f: Function) -> CubeTensor {
        match f {
            Function::Sqrt => Self::float_sqrt(x),
            Function::Exp => Self::float_exp(x),
            Function::Tanh => Self::float_tanh(x),
        }
    }

    fn mean_rows(x: CubeTensor) -> CubeTensor {
        Self::float_mean_dim(x, 1)
    }

    fn maxout(x: CubeTensor, pieces: usize) -> CubeTensor {
        let [n, width] = x.shape().dims();
        let units = width / pieces;
        let y = empty(&x, [n, units]);
        launch(&Program::pieces(Kernel::Maxout, n, units, pieces), Grid::Threads(n * units), [x], [&y]);
        y
    }

    fn maxout_gradient(x: CubeTensor, y: CubeTensor, gradient: CubeTensor, pieces: usize) -> CubeTensor {
        let [n, units] = y.shape().dims();
        let dx = empty(&x, [n, pieces * units]);
        launch(
            &Program::pieces(Kernel::MaxoutGradient, n, units, pieces),
            Grid::Threads(n * units),
            [x, y, gradient],
            [&dx],
        );
        dx
    }

    fn shift(x: CubeTensor, by: CubeTensor, side: usize) -> CubeTensor {
        let n = x.shape().num_elements() / (side * side);
        let out = empty(&x, [n, side * side]);
        launch(&Program::rows(Kernel::Shift, n, side), Grid::Threads(n * side * side), [x, by], [&out]);
        out
    }

    fn cross_entropy(logits: CubeTensor, codes: CubeTensor) -> CubeTensor {
        let [n, classes] = logits.shape().dims();
        let out = empty(&logits, [n]);
        launch(&Program::rows(Kernel::CrossEntropy, n, classes), Grid::Threads(n), [logits, codes], [&out]);
        out
    }

    fn cross_entropy_backward(logits: CubeTensor, codes: CubeTensor, gradient: CubeTensor) -> CubeTensor {
        let [n, classes] = logits.shape().dims();
        let out = empty(&logits, [n, classes]);
        launch(
            &Program::rows(Kernel::CrossEntropyBackward, n, classes),
            Grid::Threads(n),
            [logits, codes, gradient],
            [&out],
        );
        out
    }

    fn loss_and_grad(outputs: CubeTensor, terms: Terms) -> (CubeTensor, CubeTensor) {
        let (out, slopes) = (empty(&outputs, [3]), empty(&outputs, [terms.real + terms.fake, 1]));
        launch(&Program::terms(terms), Grid::Groups(1), [outputs], [&out, &slopes]);
        (out, slopes)
    }

    fn optimize(
        weights: CubeTensor,
        m: CubeTensor,
        v: CubeTensor,
        gradient: CubeTensor,
        rates: CubeTensor,
    ) -> (CubeTensor, CubeTensor, CubeTensor) {
        let size = weights.shape().num_elements();
        // Not in place: a frame that is still being rendered may read the old weights.
        let [w, second] = [(); 2].map(|()| empty(&weights, [size]));
        let first = empty(&weights, [m.shape().num_elements()]);
        let program = Program::sized(Kernel::Optimize, size);
        launch(&program, Grid::Threads(size / 4), [weights, m, v, gradient, rates], [&w, &first, &second]);
        (w, first, second)
    }

    fn update_running_stats(running: CubeTensor, batch: CubeTensor, update: Update) -> CubeTensor {
        let size = running.shape().num_elements();
        let out = empty(&running, [size]);
        launch(&Program::update(size, update), Grid::Threads(size), [running, batch], [&out]);
        out
    }

    fn concat(
        a: CubeTensor,
        b: CubeTensor,
        c: CubeTensor,
        d: CubeTensor,
        e: CubeTensor,
        lengths: [usize; CONCAT_INPUTS],
    ) -> CubeTensor {
        let size = lengths.iter().sum();
        let out = empty(&a, [size]);
        launch(&Program::concat(lengths), Grid::Threads(size / vector(&lengths)), [a, b, c, d, e], [&out]);
        out
    }

    fn ema_update(average: CubeTensor, target: CubeTensor, rate: CubeTensor) -> CubeTensor {
        let size = average.shape().num_elements();
        let out = empty(&average, [size]);
        launch(&Program::sized(Kernel::EmaUpdate, size), Grid::Threads(size / 4), [average, target, rate], [&out]);
        out
    }
}
