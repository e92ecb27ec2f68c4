//! Maxout.

use burn::tensor::Tensor;
use counterfeit_kernels::Activation;

use super::{Differentiable, Module, Pass, WithTangent};
use crate::graph::constant;
use crate::{BoundNetwork, Signal, Slot, Tangents};

/// `[n, pieces * units]` -> `[n, units]`: the maximum over each unit's pieces (Goodfellow et al. 2013). Piece k of a
/// unit is k * units after its first.
#[derive(Debug, Clone, PartialEq)]
pub struct Maxout {
    pub pieces: usize,
}

impl Module for Maxout {
    fn label(&self, _: &[Slot]) -> String {
        format!("maxout, {} pieces", self.pieces)
    }

    fn output_shape(&self, input: &[usize], _: &[Slot]) -> Vec<usize> {
        vec![input[0] / self.pieces]
    }

    fn forward(&self, net: &mut BoundNetwork, x: Signal, _: Pass) -> Signal {
        x.map(|x| net.operations.maxout(x, self.pieces))
    }

    fn differentiable(&self) -> Option<&dyn Differentiable> {
        Some(self)
    }
}

impl Differentiable for Maxout {
    /// The tangent of the largest piece.
    fn tangent(&self, _: &mut Tangents<'_>, x: Signal, t: Tensor<2>, _: Activation) -> Option<WithTangent> {
        let (values, tangents) = (x.rows.chunk(self.pieces, 1), t.chunk(self.pieces, 1));
        let both = values.into_iter().zip(tangents).reduce(|(a, s), (b, t)| {
            let second = b.clone().greater(a.clone()).float().cast(a.dtype());
            let choose = constant(second);
            (a.max_pair(b), s.clone() + (t - s) * choose)
        });
        both.map(|(rows, t)| (Signal { rows, side: x.side }, t))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{close, output, slope_is_right};
    use super::*;
    use crate::Builder;

    #[test]
    fn a_unit_is_its_largest_piece() {
        let net = || Builder::default().layer(Maxout { pieces: 3 });
        let x = [[1.0, -1.0, 3.0, -4.0, 2.0, -2.0]];
        close(&output(net(), &[], &x), &[3.0, -1.0]);
        slope_is_right(net(), &[], &x);
    }
}
