//! Reshaping between features and feature maps.

use burn::tensor::Tensor;
use counterfeit_kernels::Activation;

use super::{Differentiable, Module, Pass, WithTangent};
use crate::{BoundNetwork, Signal, Slot, Tangents};

/// `[n, c h w]` -> `[n, c, h, w]`
#[derive(Debug, Clone, PartialEq)]
pub struct ToImage(pub [usize; 3]);

/// `[n, c, h, w]` -> `[n, c h w]`
#[derive(Debug, Clone, PartialEq)]
pub struct ToFlat;

impl Module for ToImage {
    fn label(&self, _: &[Slot]) -> String {
        "reshape".into()
    }

    fn output_shape(&self, _: &[usize], _: &[Slot]) -> Vec<usize> {
        self.0.to_vec()
    }

    fn forward(&self, _: &mut BoundNetwork, x: Signal, _: Pass) -> Signal {
        let [_, h, w] = self.0;
        Signal { side: [h, w], ..x }
    }

    fn differentiable(&self) -> Option<&dyn Differentiable> {
        Some(self)
    }
}

impl Differentiable for ToImage {
    fn tangent(&self, pass: &mut Tangents<'_>, x: Signal, t: Tensor<2>, _: Activation) -> Option<WithTangent> {
        Some((pass.forward(self, x), t))
    }
}

impl Module for ToFlat {
    fn label(&self, _: &[Slot]) -> String {
        "flatten".into()
    }

    fn output_shape(&self, input: &[usize], _: &[Slot]) -> Vec<usize> {
        vec![input.iter().product()]
    }

    fn forward(&self, _: &mut BoundNetwork, x: Signal, _: Pass) -> Signal {
        Signal::features(x.rows)
    }

    fn differentiable(&self) -> Option<&dyn Differentiable> {
        Some(self)
    }
}

impl Differentiable for ToFlat {
    fn tangent(&self, pass: &mut Tangents<'_>, x: Signal, t: Tensor<2>, _: Activation) -> Option<WithTangent> {
        Some((pass.forward(self, x), t))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{network, rows};
    use super::*;
    use crate::{Builder, Mode};

    #[test]
    fn the_values_stay_and_the_shape_changes() {
        let net = network(Builder::default().layer(ToImage([2, 1, 2])).build(), &[]);
        let mut bound = net.frozen();
        let x = ToImage([2, 1, 2]).forward(&mut bound, Signal::features(rows(&[[1.0; 4]])), Pass::new(Mode::Train));
        assert_eq!(x.shape(), [2, 1, 2]);
        assert_eq!(ToFlat.forward(&mut bound, x, Pass::new(Mode::Train)).shape(), [4]);
    }
}
