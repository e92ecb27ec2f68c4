//! The leaky rectifier.

use burn::tensor::Tensor;
use burn::tensor::activation::leaky_relu;
use counterfeit_kernels::Activation;

use super::{Differentiable, Module, Pass, WithTangent};
use crate::{BoundNetwork, Signal, Slot, Tangents};

/// The leaky rectifier: x where it is positive, else x times the slope.
#[derive(Debug, Clone, PartialEq)]
pub struct LeakyRelu(pub f64);

impl Module for LeakyRelu {
    fn label(&self, _: &[Slot]) -> String {
        format!("leaky ReLU, {}", self.0)
    }

    fn activation(&self) -> Option<Activation> {
        Some(Activation::LeakyRelu(self.0 as f32))
    }

    fn forward(&self, _: &mut BoundNetwork, x: Signal, _: Pass) -> Signal {
        x.map(|x| leaky_relu(x, self.0))
    }

    fn differentiable(&self) -> Option<&dyn Differentiable> {
        Some(self)
    }
}

impl Differentiable for LeakyRelu {
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
        let net = || Builder::default().layer(LeakyRelu(0.2));
        let x = [[-2.0, -0.5, 0.5, 2.0]];
        close(&output(net(), &[], &x), &[-0.4, -0.1, 0.5, 2.0]);
        slope_is_right(net(), &[], &x);
    }
}
