//! A network's gradient as one vector.

use burn::tensor::{Gradients, Tensor};
use counterfeit_kernels as kernels;
use counterfeit_nn::BoundNetwork;

/// The gradients of a network's leaves as one flat vector, `[size]`. Padding and leaves without a gradient are 0.
pub fn flat_gradient(net: &BoundNetwork, grads: &mut Gradients) -> Tensor<1> {
    let layout = &net.plan.weights;
    let device = net.leaves[0].device().inner();
    let gradients = net.leaves.iter().map(|leaf| leaf.grad_remove(grads));
    let nothing = |n| Tensor::zeros([n], &device);
    let mut parts = Vec::new();
    let mut end = 0;
    // Leaves are in the order of the vector. Gaps between them are inactive layers or padding.
    for (piece, gradient) in net.segments.iter().zip(gradients) {
        parts.extend((piece.start > end).then(|| nothing(piece.start - end)));
        parts.push(gradient.unwrap_or_else(|| nothing(piece.len())));
        end = piece.end;
    }
    parts.extend((layout.size() > end).then(|| nothing(layout.size() - end)));
    kernels::concat(parts)
}
