//! The end of a skip connection.

use burn::tensor::Tensor;
use counterfeit_kernels::Activation;

use super::{Differentiable, Module, Pass, WithTangent};
use crate::{BoundNetwork, Signal, Slot, Tangents};

/// Ends a skip connection: adds the activation of the last [`super::Fork`].
#[derive(Debug, Clone, PartialEq)]
pub struct Add;

impl Module for Add {
    fn label(&self, _: &[Slot]) -> String {
        "add skip connection".into()
    }

    fn forward(&self, net: &mut BoundNetwork, x: Signal, _: Pass) -> Signal {
        let forked = net.pop_fork();
        x.map(|x| forked.rows + x)
    }

    fn differentiable(&self) -> Option<&dyn Differentiable> {
        Some(self)
    }
}

impl Differentiable for Add {
    fn tangent(&self, pass: &mut Tangents<'_>, x: Signal, t: Tensor<2>, _: Activation) -> Option<WithTangent> {
        let t = pass.forked.pop()? + t;
        Some((pass.forward(self, x), t))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{close, output, slope_is_right};
    use super::super::{Fork, LeakyRelu};
    use super::*;
    use crate::Builder;

    #[test]
    fn a_join_adds_what_its_fork_has_kept() {
        let net = || Builder::default().layer(Fork).layer(LeakyRelu(0.5)).layer(Add);
        let x = [[2.0, -4.0]];
        close(&output(net(), &[], &x), &[4.0, -6.0]);
        slope_is_right(net(), &[], &x);
    }
}
