//! Burn's autodiff for the kernels: the tensors that each operation saves for its backward pass, and the kernels that
//! compute its gradients.

use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, AutodiffBackend, Backend, TensorMetadata};
use burn::tensor::Shape;

use super::{CONCAT_INPUTS, Function, Kernels, Layer, Product, Terms, Update};

/// Backward pass of [`Kernels::forward`]. Saves x, y and params.
#[derive(Debug)]
struct ForwardBackward(Layer);

impl<B: Backend + Kernels> Backward<B, 2> for ForwardBackward {
    type State = [FloatTensor<B>; 3];

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, _: &mut Checkpointer) {
        let [input, weights] = ops.parents;
        let gradient = grads.consume::<B>(&ops.node);
        let [x, y, params] = ops.state;
        if let Some(node) = weights {
            grads.register::<B>(node.id, B::weight_gradient(x, y.clone(), gradient.clone(), self.0));
        }
        if let Some(node) = input {
            grads.register::<B>(node.id, B::input_gradient(y, gradient, params, self.0));
        }
    }
}

/// Backward pass of [`Kernels::normalise`]. Saves x, y, statistics and params.
#[derive(Debug)]
struct NormaliseBackward(Layer);

impl<B: Backend + Kernels> Backward<B, 2> for NormaliseBackward {
    type State = [FloatTensor<B>; 4];

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, _: &mut Checkpointer) {
        let [input, weights] = ops.parents;
        let gradient = grads.consume::<B>(&ops.node);
        let [x, y, statistics, params] = ops.state;
        let sums = B::normalise_weight_gradient(x.clone(), y.clone(), gradient.clone(), statistics.clone(), self.0);
        if let Some(node) = input {
            let dx = B::normalise_input_gradient(x, y, gradient, statistics, params, sums.clone(), self.0);
            grads.register::<B>(node.id, dx);
        }
        if let Some(node) = weights {
            grads.register::<B>(node.id, sums);
        }
    }
}

/// Backward pass of [`Kernels::product`]. Saves a and b.
#[derive(Debug)]
struct ProductBackward(Product);

impl<B: Backend + Kernels> Backward<B, 2> for ProductBackward {
    type State = [FloatTensor<B>; 2];

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, _: &mut Checkpointer) {
        let [left, right] = ops.parents;
        let g = grads.consume::<B>(&ops.node);
        let [a, b] = ops.state;
        let Product { n, rows, inner, columns, transposed: [turned_a, turned_b] } = self.0;
        // With C = A B and G = dL/dC: dA = G B^T and dB = A^T G. A gradient is stored transposed if its matrix is.
        if let Some(node) = left {
            let of = |rows, columns, inner, transposed| Product { n, rows, inner, columns, transposed };
            let da = if turned_a {
                B::product(b.clone(), g.clone(), of(inner, rows, columns, [turned_b, true]))
            } else {
                B::product(g.clone(), b.clone(), of(rows, inner, columns, [false, !turned_b]))
            };
            grads.register::<B>(node.id, da);
        }
        if let Some(node) = right {
            let of = |rows, columns, transposed| Product { n, rows, inner: self.0.rows, columns, transposed };
            let db = if turned_b {
                B::product(g, a, of(columns, inner, [true, turned_a]))
            } else {
                B::product(a, g, of(inner, columns, [!turned_a, false]))
            };
            grads.register::<B>(node.id, db);
        }
    }
}

/// Backward pass of [`Kernels::pointwise`]. Saves y.
#[derive(Debug)]
struct PointwiseBackward(Function);

impl<B: Backend + Kernels> Backward<B, 1> for PointwiseBackward {
    type State = FloatTensor<B>;

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let [input] = ops.parents;
        let gradient = grads.consume::<B>(&ops.node);
        let y = ops.state;
        let Some(node) = input else { return };
        let dx = match self.0 {
            // 1 / (2 sqrt x)
            Function::Sqrt => B::float_div(B::float_mul_scalar(gradient, 0.5.into()), y),
            Function::Exp => B::float_mul(gradient, y),
            // 1 - tanh^2
            Function::Tanh => {
                let square = B::float_mul(y.clone(), y);
                B::float_mul(gradient, B::float_add_scalar(B::float_neg(square), 1.0.into()))
            }
        };
        grads.register::<B>(node.id, dx);
    }
}

/// Backward pass of [`Kernels::mean_rows`]. Saves the shape of x.
#[derive(Debug)]
struct MeanRowsBackward;

impl<B: Backend + Kernels> Backward<B, 1> for MeanRowsBackward {
    type State = Shape;

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let [input] = ops.parents;
        let gradient = grads.consume::<B>(&ops.node);
        if let Some(node) = input {
            let [_, width] = ops.state.dims();
            let each = B::float_mul_scalar(gradient, (1.0 / width as f64).into());
            grads.register::<B>(node.id, B::float_expand(each, ops.state));
        }
    }
}

/// Backward pass of [`Kernels::maxout`] with this number of pieces. Saves x and y.
#[derive(Debug)]
struct MaxoutBackward(usize);

impl<B: Backend + Kernels> Backward<B, 1> for MaxoutBackward {
    type State = [FloatTensor<B>; 2];

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let [input] = ops.parents;
        let gradient = grads.consume::<B>(&ops.node);
        let [x, y] = ops.state;
        if let Some(node) = input {
            grads.register::<B>(node.id, B::maxout_gradient(x, y, gradient, self.0));
        }
    }
}

/// Backward pass of [`Kernels::shift`] for images with this side. Saves `by`: the gradient is shifted by its negative.
#[derive(Debug)]
struct ShiftBackward(usize);

impl<B: Backend + Kernels> Backward<B, 1> for ShiftBackward {
    type State = FloatTensor<B>;

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let [images] = ops.parents;
        let gradient = grads.consume::<B>(&ops.node);
        if let Some(node) = images {
            grads.register::<B>(node.id, B::shift(gradient, B::float_neg(ops.state), self.0));
        }
    }
}

/// Backward pass of [`Kernels::cross_entropy`]. Saves logits and codes.
#[derive(Debug)]
struct CrossEntropyBackward;

impl<B: Backend + Kernels> Backward<B, 1> for CrossEntropyBackward {
    type State = [FloatTensor<B>; 2];

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let [outputs] = ops.parents;
        let gradient = grads.consume::<B>(&ops.node);
        let [logits, codes] = ops.state;
        if let Some(node) = outputs {
            grads.register::<B>(node.id, B::cross_entropy_backward(logits, codes, gradient));
        }
    }
}

/// Backward pass of [`Kernels::loss_and_grad`]. Saves dloss/doutputs, which the forward pass has computed.
#[derive(Debug)]
struct LossAndGradBackward;

impl<B: Backend + Kernels> Backward<B, 1> for LossAndGradBackward {
    type State = FloatTensor<B>;

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let [outputs] = ops.parents;
        // The backward pass starts at the loss, so the incoming gradient is 1.
        let _ = grads.consume::<B>(&ops.node);
        if let Some(node) = outputs {
            grads.register::<B>(node.id, ops.state);
        }
    }
}

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
