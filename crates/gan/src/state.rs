//! What the parts of a run keep from one step to the next.

use burn::tensor::Tensor;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Reads or replaces the state of a run, each part by its name. Every part that keeps tensors or numbers has a `visit`,
/// which names them once for saving, loading and copying.
pub trait Visitor {
    fn tensor<const D: usize>(&mut self, name: &str, tensor: &mut Tensor<D>);

    /// Numbers beside the tensors. A part visits them first: they may say which tensors there are.
    fn number<T: Serialize + DeserializeOwned>(&mut self, name: &str, number: &mut T);
}
