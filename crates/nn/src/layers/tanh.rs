//! The hyperbolic tangent.

use burn::tensor::Tensor;
use counterfeit_kernels::{self as kernels, Activation};

use super::{Differentiable, Module, Pass, WithTangent};
use crate::{BoundNetwork, Signal, Slot, Tangents};

/// The hyperbolic tangent, in (-1, 1).
#[derive(Debug, Clone, PartialEq)]
pub struct Tanh;

impl Module for Tanh {
    fn label(&self, _: &[Slot]) -> String {
        "tanh".into()
    }

    fn activation(&self) -> Option<Activation> {
        Some(Activation::Tanh)
    }

    fn forward(&self, _: &mut BoundNetwork, x: Signal, _: Pass) -> Signal {
        x.map(kernels::tanh)
    }

    fn differentiable(&self) -> Option<&dyn Differentiable> {
        Some(self)
    }
}

impl Differentiable for Tanh {
    fn tangent(&self, pass: &mut Tangents<'_>, x: Signal, t: Tensor<2>, _: Activation) -> Option<WithTangent> {
        pass.activation(self, x, t)
    }

    fn has_curvature(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{close, output, slope_is_right};
    use super::*;
    use crate::Builder;

    #[test]
    fn its_values_and_its_slope() {
        let net = || Builder::default().layer(Tanh);
        let x = [[-2.0, -0.5, 0.5, 2.0]];
        close(&output(net(), &[], &x), &[-2f32, -0.5, 0.5, 2.0].map(f32::tanh));
        slope_is_right(net(), &[], &x);
    }
}
