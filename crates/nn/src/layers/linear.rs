//! The fully connected layer.

use std::ops::RangeInclusive;

use burn::tensor::Tensor;
use counterfeit_kernels::{self as kernels, Activation, Kind};

use super::{Module, Pass, WithTangent};
use crate::{BoundNetwork, Builder, Init, Signal, Slot, Tangents};

/// The fully connected layer, `[n, in]` -> `[n, out]`: x W + b, with W `[in, out]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Linear {
    pub weight: usize,
    pub bias: Option<usize>,
}

impl Builder {
    /// Adds a fully connected layer.
    pub fn linear(mut self, from: usize, to: usize, init: Init, bias: bool) -> Self {
        let weight = self.weight("weight", &[from, to], init, [from, to]);
        let bias = self.bias(to, bias);
        self.layer(Linear { weight, bias })
    }
}

impl Linear {
    fn own(&self) -> RangeInclusive<usize> {
        self.weight..=self.bias.unwrap_or(self.weight)
    }

    fn kernel(&self, slots: &[Slot], activation: Activation) -> kernels::Layer {
        let shape = &slots[self.weight].shape;
        let layer = kernels::Layer::new(Kind::Linear, [shape[0], shape[1]], self.bias.is_some());
        kernels::Layer { activation, ..layer }
    }
}

impl Module for Linear {
    fn label(&self, _: &[Slot]) -> String {
        "fully connected".into()
    }

    fn output_shape(&self, _: &[usize], slots: &[Slot]) -> Vec<usize> {
        vec![slots[self.weight].shape[1]]
    }

    fn slots(&self) -> Option<RangeInclusive<usize>> {
        Some(self.own())
    }

    fn applies_activation(&self) -> bool {
        true
    }

    fn forward(&self, net: &mut BoundNetwork, x: Signal, pass: Pass) -> Signal {
        net.run(self.kernel(net.slots(), pass.activation), self.own(), x)
    }

    fn tangent(&self, pass: &mut Tangents<'_>, x: Signal, t: Tensor<2>, then: Activation) -> Option<WithTangent> {
        Some(pass.run(self.kernel(pass.net.slots(), then), self.own(), x, t))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{close, output, slope_is_right};
    use super::*;

    #[test]
    fn a_row_times_the_matrix_and_the_bias() {
        let net = || Builder::default().linear(2, 3, Init::Constant(0.0), true);
        let weights: [&[f32]; 2] = [&[1.0, 2.0, 3.0, -1.0, 0.5, 4.0], &[0.5, 0.0, -1.0]];
        close(&output(net(), &weights, &[[2.0, -2.0]]), &[4.5, 3.0, -3.0]);
        slope_is_right(net(), &weights, &[[2.0, -2.0]]);
    }
}
