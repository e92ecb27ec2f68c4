//! A network's forward pass through the kernels. Each kernel includes the activation after its layer.

use burn::tensor::Tensor;
use counterfeit_kernels::{self as kernels, Activation, Kind};

use super::layer::Layer;
use super::minibatch::{append_discrimination, append_std_dev};
use super::{BatchStatistics, BoundNetwork, Mode, Signal};

/// Images are flat rows with their side.
#[derive(Clone)]
pub(super) struct Flow {
    pub x: Tensor<2>,
    pub side: [usize; 2],
}

pub fn forward(net: &mut BoundNetwork, x: Tensor<2>, mode: Mode) -> Tensor<2> {
    let plan = net.plan.clone();
    let mut layers = plan.layers.iter().peekable();
    let mut flow = Flow { x, side: [1, 1] };
    // The leaves are one for each layer with parameters, in the layers' order.
    let mut leaf = 0;
    while let Some(layer) = layers.next() {
        if layers.peek().is_none() {
            net.features = Some(flow.x.clone());
        }
        let params = layer.first_slot().map(|_| net.params[leaf].clone());
        leaf += usize::from(params.is_some());
        flow = match (layer.kernel(&plan.weights.slots), params) {
            (Some(spec), Some(params)) => {
                let activation = layers.next_if(|l| l.activation().is_some()).and_then(Layer::activation);
                let spec = kernels::Layer { activation: activation.unwrap_or(Activation::None), ..spec };
                with_kernel(net, layer, spec, params, flow, mode)
            }
            _ => without_kernel(net, layer, flow, mode),
        };
    }
    flow.x
}

fn with_kernel(
    net: &mut BoundNetwork,
    layer: &Layer,
    spec: kernels::Layer,
    params: Tensor<1>,
    flow: Flow,
    mode: Mode,
) -> Flow {
    let (spec, side) = sized(spec, flow.x.dims()[0], flow.side);
    let x = match layer {
        Layer::BatchNorm { statistics, .. } => {
            let constants = statistics.filter(|_| mode == Mode::Sample).and_then(|s| net.running(s, spec.statistics()));
            let (y, used) = kernels::batch_norm(flow.x, constants, params, spec);
            if let (Some(slot), Mode::Train) = (statistics, mode) {
                let count = spec.n * spec.places();
                net.batch_statistics.push(BatchStatistics::Moments { slot: *slot, values: used, count });
            }
            y
        }
        Layer::MinibatchDiscrimination { kernels, .. } => {
            let projected = kernels::forward(flow.x.clone(), params, spec);
            append_discrimination(flow.x, projected, *kernels)
        }
        _ => kernels::forward(flow.x, params, spec),
    };
    Flow { x, side }
}

/// The kernel's layer for a batch of `n` rows of a side, and the side of its output.
pub(super) fn sized(spec: kernels::Layer, n: usize, [h, w]: [usize; 2]) -> (kernels::Layer, [usize; 2]) {
    // A convolution's kernel takes the side of the smaller image.
    let (small, side) = match spec.kind {
        Kind::ConvDown => ([h / 2, w / 2], [h / 2, w / 2]),
        Kind::ConvUp => ([h, w], [2 * h, 2 * w]),
        Kind::Linear | Kind::BatchNorm | Kind::Conv3 | Kind::Conv1 => ([h, w], [h, w]),
    };
    (kernels::Layer { n, side: small, ..spec }, side)
}

pub(super) fn without_kernel(net: &mut BoundNetwork, layer: &Layer, flow: Flow, mode: Mode) -> Flow {
    let Flow { x, side } = flow;
    match layer {
        Layer::ToImage([_, h, w]) => Flow { x, side: [*h, *w] },
        Layer::ToFlat => Flow { x, side: [1, 1] },
        Layer::SplitDomain => Flow { x: net.split_domain(x), side },
        Layer::SelectDomain => Flow { x: net.select_domain(x), side },
        Layer::ScatterDomain => Flow { x: net.scatter_domain(x), side },
        Layer::MinibatchStdDev => Flow { x: append_std_dev(x), side },
        Layer::ConcatCondition { .. } => Flow { x: net.concat_condition(x), side },
        Layer::Maxout { pieces } => Flow { x: kernels::maxout(x, *pieces), side },
        Layer::Dropout { .. } | Layer::Noise { .. } if mode == Mode::Train => Flow { x: layer.chance(net, x), side },
        Layer::Dropout { .. } | Layer::Noise { .. } => Flow { x, side },
        Layer::PrependReferenceBatch { slot } => Flow { x: net.referred(*slot, x), side },
        Layer::DropReferenceBatch { rows } => {
            let n = x.dims()[0];
            Flow { x: x.slice([*rows..n]), side }
        }
        Layer::GroupNorm { .. } | Layer::VirtualNorm { .. } | Layer::PixelNorm | Layer::Attention { .. } => {
            let rows = x.dims();
            let x = layer.by_place(net, by_place(x, side));
            Flow { x: x.reshape(rows), side }
        }
        Layer::UpsampleNearest | Layer::PixelShuffle | Layer::AvgPool => rows(layer.resample(image(x, side))),
        Layer::Fork | Layer::Add | Layer::NegReconstructionError | Layer::Swap(_) | Layer::Fade => {
            match layer.skip(net, Signal::Flat(x)) {
                Signal::Flat(x) => Flow { x, side: if let Layer::Swap([_, h, w]) = layer { [*h, *w] } else { side } },
                Signal::Image(_) => unreachable!("rows stay rows"),
            }
        }
        Layer::Style(part) => {
            let (x, side) = part.forward(net, x, side, mode);
            Flow { x, side }
        }
        other => Flow { x: other.pointwise(x), side },
    }
}

/// Rows as `[n, channels, positions]`.
pub(super) fn by_place(x: Tensor<2>, [h, w]: [usize; 2]) -> Tensor<3> {
    let [n, width] = x.dims();
    x.reshape([n, width / (h * w), h * w])
}

/// Rows as `[n, channels, h, w]`.
pub(super) fn image(x: Tensor<2>, [h, w]: [usize; 2]) -> Tensor<4> {
    let [n, width] = x.dims();
    x.reshape([n, width / (h * w), h, w])
}

fn rows(x: Tensor<4>) -> Flow {
    let [n, c, h, w] = x.dims();
    Flow { x: x.reshape([n, c * h * w]), side: [h, w] }
}
