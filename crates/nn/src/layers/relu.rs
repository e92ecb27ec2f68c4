//! The rectifier, ReLU.

use burn::tensor::Tensor;
use burn::tensor::activation::relu;
use counterfeit_kernels::Activation;

use super::{Differentiable, Module, Pass, WithTangent};
use crate::{BoundNetwork, Signal, Slot, Tangents};

/// ReLU, the rectifier: max(0, x).
#[derive(Debug, Clone, PartialEq)]
pub struct Relu;

impl Module for Relu {
    fn label(&self, _: &[Slot]) -> String {
        "ReLU".into()
    }

    fn activation(&self) -> Option<Activation> {
        Some(Activation::Relu)
    }

    fn forward(&self, _: &mut BoundNetwork, x: Signal, _: Pass) -> Signal {
        x.map(relu)
    }

    fn differentiable(&self) -> Option<&dyn Differentiable> {
        Some(self)
    }
}

impl Differentiable for Relu {
    fn tangent(&self, pass: &mut Tangents<'_>, x: Signal, t: Tensor<2>, _: Activation) -> Option<WithTangent> {
        pass.activation(self, x, t)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{close, output, slope_is_right};
    use super::*;
    use crate::Builder;

    #[test]
    fn its_values_and_its_slope() {
        let net = || Builder::default().layer(Relu);
        let x = [[-2.0, -0.5, 0.5, 2.0]];
        close(&output(net(), &[], &x), &[0.0, 0.0, 0.5, 2.0]);
        slope_is_right(net(), &[], &x);
    }
}
