//! A parallel branch of a skip connection.

use burn::tensor::Tensor;
use counterfeit_kernels::Activation;

use super::{Differentiable, Module, Pass, WithTangent};
use crate::{BoundNetwork, Signal, Slot, Tangents};

/// Swaps the activation with that of the last [`super::Fork`], which has this shape: the next layers form a parallel
/// branch.
#[derive(Debug, Clone, PartialEq)]
pub struct Swap(pub [usize; 3]);

impl Module for Swap {
    fn label(&self, _: &[Slot]) -> String {
        "switch branch".into()
    }

    fn output_shape(&self, _: &[usize], _: &[Slot]) -> Vec<usize> {
        self.0.to_vec()
    }

    fn forward(&self, net: &mut BoundNetwork, x: Signal, _: Pass) -> Signal {
        let forked = net.pop_fork();
        net.forked.push(x);
        forked
    }

    fn differentiable(&self) -> Option<&dyn Differentiable> {
        Some(self)
    }
}

impl Differentiable for Swap {
    fn tangent(&self, pass: &mut Tangents<'_>, x: Signal, t: Tensor<2>, _: Activation) -> Option<WithTangent> {
        let forked = pass.forked.pop()?;
        pass.forked.push(t);
        Some((pass.forward(self, x), forked))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{close, output, slope_is_right};
    use super::super::{Add, AvgPool, Fork, ToImage, UpsampleNearest};
    use super::*;
    use crate::Builder;

    #[test]
    fn both_branches_start_at_the_fork() {
        // Nearest upsampling of the mean, plus x itself.
        let net = || {
            let net = Builder::default().layer(ToImage([1, 2, 2])).layer(Fork).layer(AvgPool).layer(UpsampleNearest);
            net.layer(Swap([1, 2, 2])).layer(Add)
        };
        let x = [[1.0, 2.0, 3.0, 6.0]];
        close(&output(net(), &[], &x), &[4.0, 5.0, 6.0, 9.0]);
        slope_is_right(net(), &[], &x);
    }
}
