//! The start of a skip connection.

use burn::tensor::Tensor;
use counterfeit_kernels::Activation;

use super::{Differentiable, Module, Pass, WithTangent};
use crate::{BoundNetwork, Signal, Slot, Tangents};

/// Starts a skip connection: pushes the activation to a stack. [`super::Add`] and others pop it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fork;

impl Module for Fork {
    fn label(&self, _: &[Slot]) -> String {
        "skip connection starts".into()
    }

    fn forward(&self, net: &mut BoundNetwork, x: Signal, _: Pass) -> Signal {
        net.forked.push(x.clone());
        x
    }

    fn differentiable(&self) -> Option<&dyn Differentiable> {
        Some(self)
    }
}

impl Differentiable for Fork {
    fn tangent(&self, pass: &mut Tangents<'_>, x: Signal, t: Tensor<2>, _: Activation) -> Option<WithTangent> {
        pass.forked.push(t.clone());
        Some((pass.forward(self, x), t))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{close, output, slope_is_right};
    use super::super::{Add, Relu};
    use super::*;
    use crate::Builder;

    #[test]
    fn forks_nest() {
        // Two blocks, x + f(x) + f(x + f(x)) for f the rectifier, inside an outer fork, which adds x again.
        let block = |net: Builder| net.layer(Fork).layer(Relu).layer(Add);
        let net = || block(block(Builder::default().layer(Fork))).layer(Add);
        let x = [[1.5, -2.0]];
        close(&output(net(), &[], &x), &[7.5, -4.0]);
        slope_is_right(net(), &[], &x);
    }
}
