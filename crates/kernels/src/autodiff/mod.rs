//! Burn's autodiff for the kernels: the tensors that each operation saves for its backward pass, and the kernels that
//! compute its gradients.

mod backward;

use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::ops::{Backward, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, AutodiffBackend, Backend, TensorMetadata};

use super::{CONCAT_INPUTS, Function, Kernels, Layer, Product, Terms, Update};
use backward::{
    CrossEntropyBackward, ForwardBackward, LossAndGradBackward, MaxoutBackward, MeanRowsBackward, NormaliseBackward,
    PointwiseBackward, ProductBackward, ShiftBackward,
};

impl<B: Backend + Kernels, C: CheckpointStrategy> Kernels for Autodiff<B, C> {
    fn forward(x: FloatTensor<Self>, params: FloatTensor<Self>, layer: Layer) -> FloatTensor<Self> {
        match ForwardBackward(layer).prepare::<C>([x.node(), params.node()]).compute_bound().stateful() {
            OpsKind::Tracked(prep) => {
                let (x, params) = (x.into_primitive(), params.into_primitive());
                let y = B::forward(x.clone(), params.clone(), layer);
                prep.finish([x, y.clone(), params], y)
            }
            OpsKind::UnTracked(prep) => prep.finish(B::forward(x.into_primitive(), params.into_primitive(), layer)),
        }
    }

    fn normalise(
        x: FloatTensor<Self>,
        statistics: FloatTensor<Self>,
        params: FloatTensor<Self>,
        layer: Layer,
    ) -> FloatTensor<Self> {
        let prep = NormaliseBackward(layer).prepare::<C>([x.node(), params.node()]).compute_bound().stateful();
        let (x, statistics, params) = (x.into_primitive(), statistics.into_primitive(), params.into_primitive());
        let y = B::normalise(x.clone(), statistics.clone(), params.clone(), layer);
        match prep {
            OpsKind::Tracked(prep) => prep.finish([x, y.clone(), statistics, params], y),
            OpsKind::UnTracked(prep) => prep.finish(y),
        }
    }

    fn product(a: FloatTensor<Self>, b: FloatTensor<Self>, product: Product) -> FloatTensor<Self> {
        let prep = ProductBackward(product).prepare::<C>([a.node(), b.node()]).compute_bound().stateful();
        let (a, b) = (a.into_primitive(), b.into_primitive());
        let c = B::product(a.clone(), b.clone(), product);
        match prep {
            OpsKind::Tracked(prep) => prep.finish([a, b], c),
            OpsKind::UnTracked(prep) => prep.finish(c),
        }
    }

    fn pointwise(x: FloatTensor<Self>, f: Function) -> FloatTensor<Self> {
        let prep = PointwiseBackward(f).prepare::<C>([x.node()]).compute_bound().stateful();
        let y = B::pointwise(x.into_primitive(), f);
        match prep {
            OpsKind::Tracked(prep) => prep.finish(y.clone(), y),
            OpsKind::UnTracked(prep) => prep.finish(y),
        }
    }

    fn mean_rows(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let prep = MeanRowsBackward.prepare::<C>([x.node()]).compute_bound().stateful();
        let x = x.into_primitive();
        let shape = x.shape();
        let y = B::mean_rows(x);
        match prep {
            OpsKind::Tracked(prep) => prep.finish(shape, y),
            OpsKind::UnTracked(prep) => prep.finish(y),
        }
    }

    fn maxout(x: FloatTensor<Self>, pieces: usize) -> FloatTensor<Self> {
        let prep = MaxoutBackward(pieces).prepare::<C>([x.node()]).compute_bound().stateful();
        let x = x.into_primitive();
        let y = B::maxout(x.clone(), pieces);
        match prep {
            OpsKind::Tracked(prep) => prep.finish([x, y.clone()], y),
            OpsKind::UnTracked(prep) => prep.finish(y),
        }
    }

    fn shift(x: FloatTensor<Self>, by: FloatTensor<Self>, side: usize) -> FloatTensor<Self> {
        let prep = ShiftBackward(side).prepare::<C>([x.node()]).compute_bound().stateful();
        let (x, by) = (x.into_primitive(), by.into_primitive());
        let moved = B::shift(x, by.clone(), side);
        match prep {
            OpsKind::Tracked(prep) => prep.finish(by, moved),
            OpsKind::UnTracked(prep) => prep.finish(moved),
        }
    }

    fn cross_entropy(logits: FloatTensor<Self>, codes: FloatTensor<Self>) -> FloatTensor<Self> {
        let prep = CrossEntropyBackward.prepare::<C>([logits.node()]).compute_bound().stateful();
        let (logits, codes) = (logits.into_primitive(), codes.into_primitive());
        let cross_entropy = B::cross_entropy(logits.clone(), codes.clone());
        match prep {
            OpsKind::Tracked(prep) => prep.finish([logits, codes], cross_entropy),
            OpsKind::UnTracked(prep) => prep.finish(cross_entropy),
        }
    }

    fn loss_and_grad(outputs: FloatTensor<Self>, terms: Terms) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let prep = LossAndGradBackward.prepare::<C>([outputs.node()]).compute_bound().stateful();
        let (numbers, grad) = B::loss_and_grad(outputs.into_primitive(), terms);
        let numbers = match prep {
            OpsKind::Tracked(prep) => prep.finish(grad.clone(), numbers),
            OpsKind::UnTracked(prep) => prep.finish(numbers),
        };
        (numbers, <Self as AutodiffBackend>::from_inner(grad))
    }

    // The following kernels are called only outside a graph, on the inner backend.

    fn input_gradient(_: FloatTensor<Self>, _: FloatTensor<Self>, _: FloatTensor<Self>, _: Layer) -> FloatTensor<Self> {
        unreachable!("a gradient of a gradient")
    }

    fn weight_gradient(
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: Layer,
    ) -> FloatTensor<Self> {
        unreachable!("a gradient of a gradient")
    }

    fn statistics(_: FloatTensor<Self>, _: Layer) -> FloatTensor<Self> {
        unreachable!("statistics are taken outside the graph")
    }

    fn normalise_weight_gradient(
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: Layer,
    ) -> FloatTensor<Self> {
        unreachable!("a gradient of a gradient")
    }

    fn normalise_input_gradient(
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: Layer,
    ) -> FloatTensor<Self> {
        unreachable!("a gradient of a gradient")
    }

    fn maxout_gradient(
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: usize,
    ) -> FloatTensor<Self> {
        unreachable!("a gradient of a gradient")
    }

    fn cross_entropy_backward(_: FloatTensor<Self>, _: FloatTensor<Self>, _: FloatTensor<Self>) -> FloatTensor<Self> {
        unreachable!("a gradient of a gradient")
    }

    fn optimize(
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        unreachable!("an optimizer works outside the graph")
    }

    fn update_running_stats(_: FloatTensor<Self>, _: FloatTensor<Self>, _: Update) -> FloatTensor<Self> {
        unreachable!("running statistics are kept outside the graph")
    }

    fn concat(
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: [usize; CONCAT_INPUTS],
    ) -> FloatTensor<Self> {
        unreachable!("what is joined lies outside the graph")
    }

    fn ema_update(_: FloatTensor<Self>, _: FloatTensor<Self>, _: FloatTensor<Self>) -> FloatTensor<Self> {
        unreachable!("averages are kept outside the graph")
    }
}
