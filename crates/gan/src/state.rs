//! What the parts of a run keep from one step to the next.

use burn::tensor::Tensor;

/// Reads or replaces the tensors of a run's state, each by its name. Every part that keeps tensors has a `visit`, which
/// names them once for saving, loading and copying.
pub trait Visitor {
    fn tensor<const D: usize>(&mut self, name: &str, tensor: &mut Tensor<D>);
}
