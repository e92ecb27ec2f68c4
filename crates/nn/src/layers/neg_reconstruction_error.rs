//! The output of an autoencoder as discriminator.

use burn::tensor::Tensor;
use counterfeit_kernels::{self as kernels, Activation};

use super::{Differentiable, Module, Pass, WithTangent};
use crate::graph::constant;
use crate::{BoundNetwork, Signal, Slot, Tangents};

/// `[n, pixels]` -> `[n, 1]`: minus the mean absolute error per pixel against the image of the last [`super::Fork`].
/// See `autoencoder.rs`.
#[derive(Debug, Clone, PartialEq)]
pub struct NegReconstructionError;

impl Module for NegReconstructionError {
    fn label(&self, _: &[Slot]) -> String {
        "negative reconstruction error".into()
    }

    fn output_shape(&self, _: &[usize], _: &[Slot]) -> Vec<usize> {
        vec![1]
    }

    fn forward(&self, net: &mut BoundNetwork, x: Signal, _: Pass) -> Signal {
        let image = net.pop_fork();
        x.map(|drawn| kernels::mean_rows((image.rows - drawn).abs()).neg())
    }

    fn differentiable(&self) -> Option<&dyn Differentiable> {
        Some(self)
    }
}

impl Differentiable for NegReconstructionError {
    /// The activation that comes back is that before the layer, which is the last.
    fn tangent(&self, pass: &mut Tangents<'_>, x: Signal, t: Tensor<2>, _: Activation) -> Option<WithTangent> {
        let (image, of_image) = (pass.signal.forked.pop()?, pass.forked.pop()?);
        let above = (constant(image.rows) - constant(x.rows.clone())).greater_elem(0.0);
        let sign = above.float().cast(of_image.dtype()).mul_scalar(2.0).sub_scalar(1.0);
        Some((x, kernels::mean_rows((t - of_image) * sign)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{close, output, slope_is_right};
    use super::super::{Fork, LeakyRelu};
    use super::*;
    use crate::Builder;

    #[test]
    fn minus_the_mean_distance_to_the_fork() {
        let net = || Builder::default().layer(Fork).layer(LeakyRelu(0.5)).layer(NegReconstructionError);
        // 1 stays, -4 becomes -2.
        close(&output(net(), &[], &[[1.0, -4.0]]), &[-1.0]);
        slope_is_right(net(), &[], &[[-2.0, -4.0]]);
    }
}
