//! Constants of autodiff graphs.

use burn::tensor::{Device, Tensor};

/// Moves a constant into an autodiff graph if `device` is an autodiff device.
pub fn constant_for<const D: usize>(constant: Tensor<D>, device: &Device) -> Tensor<D> {
    if device.is_autodiff() { Tensor::from_inner(constant) } else { constant }
}

/// Takes a tensor out of its graph if it is in one.
pub fn outside<const D: usize>(t: Tensor<D>) -> Tensor<D> {
    if t.device().is_autodiff() { t.inner() } else { t }
}

/// Turns a tensor, inside a graph or not, into a constant of a graph.
pub fn constant<const D: usize>(t: Tensor<D>) -> Tensor<D> {
    Tensor::from_inner(outside(t))
}
