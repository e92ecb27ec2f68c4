//! Launches the kernels of the layers with weights: which kernel, and how many threads.

use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;

use super::kernel::Kernel;
use super::program::{Grid, Program};
use super::tile::Tile;
use super::{empty, launch};
use crate::{Kind, Layer};

/// Whether the tiled kernels, which read `vec4<f32>`, support a linear layer.
fn tiles(layer: &Layer) -> bool {
    layer.from.is_multiple_of(4) && layer.to.is_multiple_of(4)
}

fn apart(kind: Kind) -> ! {
    unreachable!("{kind:?} has its own kernels")
}

/// The output of a layer with weights, with its activation.
pub(super) fn forward(x: CubeTensor, params: CubeTensor, layer: Layer) -> CubeTensor {
    let y = empty(&x, [layer.n, layer.outputs()]);
    match layer.kind {
        Kind::Linear if tiles(&layer) => {
            let tile = Tile::of(Kernel::LinearForward, &layer);
            let threads = layer.n.div_ceil(tile.rows) * (layer.to / 4 / tile.columns);
            launch(&Program::layer(Kernel::LinearForward, layer), Grid::Threads(threads), [x, params], [&y]);
        }
        Kind::Linear => {
            launch(
                &Program::layer(Kernel::LinearForwardAny, layer),
                Grid::Groups(layer.n * layer.to),
                [x, params],
                [&y],
            );
        }
        Kind::ConvDown => convolve(Kernel::ConvDownForward, layer, params, [x], &y),
        Kind::ConvUp => convolve(Kernel::ConvTransposeForward, layer, params, [x], &y),
        Kind::Conv3 | Kind::Conv1 => convolve(Kernel::ConvSameForward, layer, params, [x], &y),
        Kind::BatchNorm => apart(layer.kind),
    }
    y
}

/// The gradient with respect to the layer's input, from its output `y` and the gradient there.
pub(super) fn input_gradient(y: CubeTensor, gradient: CubeTensor, params: CubeTensor, layer: Layer) -> CubeTensor {
    let dx = empty(&y, [layer.n, layer.inputs()]);
    match layer.kind {
        Kind::Linear if tiles(&layer) => {
            let tile = Tile::of(Kernel::LinearInputGradient, &layer);
            let threads = layer.n.div_ceil(tile.rows) * (layer.from / 4 / tile.inputs);
            let program = Program::layer(Kernel::LinearInputGradient, layer);
            launch(&program, Grid::Threads(threads), [y, gradient, params], [&dx]);
        }
        Kind::Linear => {
            let program = Program::layer(Kernel::LinearInputGradientAny, layer);
            launch(&program, Grid::Threads(layer.n * layer.from), [y, gradient, params], [&dx]);
        }
        Kind::ConvDown => convolve(Kernel::ConvTransposeBackward, layer, params, [y, gradient], &dx),
        Kind::ConvUp => convolve(Kernel::ConvDownBackward, layer, params, [y, gradient], &dx),
        Kind::Conv3 | Kind::Conv1 => convolve(Kernel::ConvSameBackward, layer, params, [y, gradient], &dx),
        Kind::BatchNorm => apart(layer.kind),
    }
    dx
}

/// The gradient with respect to the layer's segment of the parameters.
pub(super) fn weight_gradient(x: CubeTensor, y: CubeTensor, gradient: CubeTensor, layer: Layer) -> CubeTensor {
    let segment = empty(&x, [layer.segment()]);
    let inputs = [x, y, gradient];
    match layer.kind {
        Kind::Linear if tiles(&layer) => {
            let tile = Tile::of(Kernel::LinearWeightGradient, &layer);
            let tiles = layer.from / 4 / tile.inputs * (layer.to / 4 / tile.columns);
            let rest = (layer.segment() - layer.weights()) / 4;
            let program = Program::layer(Kernel::LinearWeightGradient, layer);
            launch(&program, Grid::Threads(tiles + rest), inputs, [&segment]);
        }
        Kind::Linear => {
            let program = Program::layer(Kernel::LinearWeightGradientAny, layer);
            launch(&program, Grid::Threads(layer.segment()), inputs, [&segment]);
        }
        Kind::ConvDown | Kind::ConvUp => conv_weight_grad(layer, inputs, &segment),
        Kind::Conv3 | Kind::Conv1 => {
            let bias = if layer.bias { layer.to } else { 0 };
            let groups = layer.to * layer.from + bias + 1;
            launch(&Program::layer(Kernel::ConvSameWeightGrad, layer), Grid::Groups(groups), inputs, [&segment]);
        }
        Kind::BatchNorm => apart(layer.kind),
    }
    segment
}

/// Launches the weight gradient of a convolution with stride 2. With enough threads, each computes its part of the
/// gradient without a reduction; with fewer, the threads of a workgroup split the sum over positions.
fn conv_weight_grad(layer: Layer, inputs: [CubeTensor; 3], segment: &CubeTensor) {
    const ENOUGH: usize = 256;
    let (small, large) = layer.channels();
    let pairs = small / Tile::of(Kernel::ConvWeightGrad, &layer).channels * large;
    // The bias gradient of a transposed convolution is a sum over the large image, which no single thread reads whole.
    let alone = 4 * pairs >= ENOUGH && (layer.kind == Kind::ConvDown || !layer.bias);
    if alone {
        let threads = 4 * pairs + layer.segment() - layer.weights();
        launch(&Program::layer(Kernel::ConvWeightGradRows, layer), Grid::Threads(threads), inputs, [segment]);
    } else {
        let bias = if layer.bias { layer.to } else { 0 };
        launch(&Program::layer(Kernel::ConvWeightGrad, layer), Grid::Groups(pairs + bias + 1), inputs, [segment]);
    }
}

/// Launches a convolution, forward or backward. `source` is `[x]` forward and `[y, gradient]` backward.
fn convolve<const S: usize>(
    kernel: Kernel,
    layer: Layer,
    params: CubeTensor,
    source: [CubeTensor; S],
    out: &CubeTensor,
) {
    let (small, large) = layer.channels();
    let channels = match kernel {
        Kernel::ConvDownForward | Kernel::ConvDownBackward => small,
        Kernel::ConvSameForward => layer.to,
        Kernel::ConvSameBackward => layer.from,
        _ => large,
    };
    let tile = Tile::of(kernel, &layer);
    let threads = layer.n * (layer.places() / tile.run) * (channels / tile.channels);
    let program = Program::layer(kernel, layer);
    // The output is binding 1, so that its index does not depend on the number of sources.
    let source = source.map(into_contiguous);
    program.launch_with(
        &out.client.clone(),
        Grid::Threads(threads),
        [into_contiguous(params)],
        [out.handle.clone()],
        source,
    );
}
