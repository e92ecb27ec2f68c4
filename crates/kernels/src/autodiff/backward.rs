//! The backward passes: what each saves, and the kernels that compute its gradients.

use burn::backend::Backend;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops};
use burn::backend::tensor::FloatTensor;
use burn::tensor::Shape;

use crate::{Function, Kernels, Layer, Product};

/// Backward pass of [`Kernels::forward`]. Saves x, y and params.
#[derive(Debug)]
pub struct ForwardBackward(pub Layer);

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
pub struct NormaliseBackward(pub Layer);

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
pub struct ProductBackward(pub Product);

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
pub struct PointwiseBackward(pub Function);

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
pub struct MeanRowsBackward;

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
pub struct MaxoutBackward(pub usize);

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
pub struct ShiftBackward(pub usize);

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
pub struct CrossEntropyBackward;

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
pub struct LossAndGradBackward;

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
