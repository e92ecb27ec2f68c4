//! Minibatch discrimination.

use std::ops::RangeInclusive;

use burn::tensor::Tensor;
use counterfeit_kernels::{self as kernels, Kind};

use super::{Module, Pass};
use crate::{BoundNetwork, Builder, Init, Signal, Slot};

/// Number of kernels, and dimensions of each. The authors' code has 5 dimensions; 50 kernels are enough for digits.
const KERNELS: usize = 50;
const DEPTH: usize = 5;

/// `[n, features]` -> `[n, features + kernels]`: appends o_b = sum over the other rows j of exp(-|M_ib - M_jb|_1), from
/// projections M `[n, kernels * depth]` (Salimans et al. 2016). They show how alike the rows of a batch are and so
/// reveal mode collapse.
#[derive(Debug, Clone, PartialEq)]
pub struct MinibatchDiscrimination {
    pub weight: usize,
    pub kernels: usize,
}

impl Builder {
    /// Adds minibatch discrimination on `width` features, and returns the new number of features.
    pub fn minibatch_discrimination(mut self, width: usize) -> (Self, usize) {
        let to = KERNELS * DEPTH;
        let weight = self.weight("weight", &[width, to], Init::he(width), [width, to]);
        (self.layer(MinibatchDiscrimination { weight, kernels: KERNELS }), width + KERNELS)
    }
}

impl Module for MinibatchDiscrimination {
    fn label(&self, _: &[Slot]) -> String {
        "minibatch discrimination".into()
    }

    fn output_shape(&self, input: &[usize], _: &[Slot]) -> Vec<usize> {
        vec![input[0] + self.kernels]
    }

    fn slots(&self) -> Option<RangeInclusive<usize>> {
        Some(self.weight..=self.weight)
    }

    fn mixes_batch(&self) -> bool {
        true
    }

    fn forward(&self, net: &mut BoundNetwork, x: Signal, _: Pass) -> Signal {
        let shape = &net.slots()[self.weight].shape;
        let layer = kernels::Layer::new(Kind::Linear, [shape[0], shape[1]], false);
        let m = net.run(layer, self.weight..=self.weight, x.clone()).rows;
        let [n, width] = m.dims();
        let depth = width / self.kernels;
        let between = m.clone().reshape([n, 1, self.kernels, depth]) - m.reshape([1, n, self.kernels, depth]);
        let close = kernels::exp(between.abs().sum_dim(3).neg()).sum_dim(1); // [n, 1, kernels, 1]
        // The distance of a row to itself is 0, so its term is 1.
        x.map(|x| Tensor::cat(vec![x, close.reshape([n, self.kernels]) - 1.0], 1))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{close, output};
    use super::*;
    use crate::Plan;

    #[test]
    fn closeness_counts_the_other_rows_by_their_distance() {
        let weights = Builder::default().linear(1, 4, Init::Constant(0.0), false).build();
        let layers = vec![MinibatchDiscrimination { weight: 0, kernels: 2 }.into()];
        // Two kernels of depth 2: in the first the rows 0 and 1 agree and row 2 is at distance 3; in the second all
        // agree.
        let out = output(Plan { layers, ..weights }, &[&[1.0, -2.0, 0.0, 0.0]], &[[7.0], [7.0], [8.0]]);
        let far = (-3f32).exp();
        close(&out, &[7.0, 1.0 + far, 2.0, 7.0, 1.0 + far, 2.0, 8.0, 2.0 * far, 2.0]);
    }
}
