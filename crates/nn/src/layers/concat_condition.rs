//! Concatenation of a class.

use burn::tensor::Tensor;
use counterfeit_kernels::Activation;

use super::{Differentiable, Module, Pass, WithTangent};
use crate::{BoundNetwork, Signal, Slot, Tangents};

/// `[n, features]` -> `[n, features + numbers]`: appends the condition of each row, a one-hot class.
#[derive(Debug, Clone, PartialEq)]
pub struct ConcatCondition {
    pub numbers: usize,
}

impl Module for ConcatCondition {
    fn label(&self, _: &[Slot]) -> String {
        "concatenate class".into()
    }

    fn output_shape(&self, input: &[usize], _: &[Slot]) -> Vec<usize> {
        vec![input[0] + self.numbers]
    }

    fn forward(&self, net: &mut BoundNetwork, x: Signal, _: Pass) -> Signal {
        x.map(|x| {
            let condition = net.condition_for(&x);
            Tensor::cat(vec![x, condition], 1)
        })
    }

    fn differentiable(&self) -> Option<&dyn Differentiable> {
        Some(self)
    }
}

impl Differentiable for ConcatCondition {
    /// The class does not depend on the input.
    fn tangent(&self, pass: &mut Tangents<'_>, x: Signal, t: Tensor<2>, _: Activation) -> Option<WithTangent> {
        let rest = Tensor::<2>::zeros([t.dims()[0], self.numbers], &t.device()).cast(t.dtype());
        Some((pass.forward(self, x), Tensor::cat(vec![t, rest], 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{network, rows, values};
    use super::*;
    use crate::{Builder, Mode};

    #[test]
    fn the_class_follows_the_features() {
        let net = network(Builder::default().layer(ConcatCondition { numbers: 2 }).build(), &[]);
        let mut bound = net.frozen();
        bound.set_condition(Some(rows(&[[0.0, 1.0]])));
        assert_eq!(values(bound.forward(rows(&[[5.0, 6.0]]), Mode::Train)), [5.0, 6.0, 0.0, 1.0]);
    }
}
