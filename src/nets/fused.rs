//! A network's forward pass through the kernels: each layer with parameters takes the activation after it along.

use burn::tensor::Tensor;

use super::layer::{Layer, dropout, maxout};
use super::{BatchStatistics, Bound, Mode};
use crate::kernels::{self, Activation, Kind};

/// Images flow as rows, with their side remembered.
struct Flow {
    x: Tensor<2>,
    side: [usize; 2],
}

pub fn forward(net: &mut Bound, x: Tensor<2>, mode: Mode) -> Tensor<2> {
    let plan = net.plan.clone();
    let mut layers = plan.layers.iter().peekable();
    let mut flow = Flow { x, side: [1, 1] };
    // The leaves are one for each layer with parameters, in the layers' order.
    let mut leaf = 0;
    while let Some(layer) = layers.next() {
        flow = match layer.kernel(&plan.weights.slots) {
            Some(spec) => {
                let activation = layers.next_if(|l| l.activation().is_some()).and_then(Layer::activation);
                let spec = kernels::Layer { activation: activation.unwrap_or(Activation::None), ..spec };
                let params = net.leaves[leaf].clone();
                leaf += 1;
                with_parameters(net, layer, spec, params, flow, mode)
            }
            None => without_parameters(net, layer, flow, mode),
        };
    }
    flow.x
}

fn with_parameters(net: &mut Bound, layer: &Layer, spec: kernels::Layer, params: Tensor<1>, flow: Flow, mode: Mode) -> Flow {
    let (spec, side) = sized(spec, flow.x.dims()[0], flow.side);
    let x = match layer {
        Layer::BatchNorm { statistics, .. } => {
            let constants = statistics.filter(|_| mode == Mode::Sample).and_then(|s| net.running(s, spec.statistics()));
            let (y, used) = kernels::batch_norm(flow.x, constants, params, spec);
            if let (Some(slot), Mode::Train) = (statistics, mode) {
                net.batch_statistics.push(BatchStatistics { slot: *slot, values: used, count: spec.n * spec.places() });
            }
            y
        }
        _ => kernels::forward(flow.x, params, spec),
    };
    Flow { x, side }
}

/// A layer for a batch of `n` rows of a side, and the side of what it gives.
pub(super) fn sized(spec: kernels::Layer, n: usize, [h, w]: [usize; 2]) -> (kernels::Layer, [usize; 2]) {
    // A convolution's kernel names the side of the smaller image.
    let (small, side) = match spec.kind {
        Kind::ConvDown => ([h / 2, w / 2], [h / 2, w / 2]),
        Kind::ConvUp => ([h, w], [2 * h, 2 * w]),
        Kind::Linear | Kind::BatchNorm => ([h, w], [h, w]),
    };
    (kernels::Layer { n, side: small, ..spec }, side)
}

fn without_parameters(net: &mut Bound, layer: &Layer, flow: Flow, mode: Mode) -> Flow {
    let Flow { x, side } = flow;
    match layer {
        Layer::ToImage([_, h, w]) => Flow { x, side: [*h, *w] },
        Layer::ToFlat => Flow { x, side: [1, 1] },
        Layer::Told { .. } => Flow { x: net.told(x), side },
        Layer::Maxout { pieces } => Flow { x: maxout(x, *pieces), side },
        Layer::Dropout { rate, units } if mode == Mode::Train => Flow { x: dropout(net, x, *rate, *units), side },
        Layer::Dropout { .. } => Flow { x, side },
        other => Flow { x: other.pointwise(x), side },
    }
}
