//! Minibatch standard deviation.

use burn::tensor::Tensor;
use counterfeit_kernels as kernels;

use super::{Module, Pass};
use crate::{BoundNetwork, Signal, Slot};

/// Group size (Karras et al. 2018, section 3).
const GROUP: usize = 4;
/// Added to a variance before its root (the authors' code).
const TINY: f64 = 1e-8;

/// `[n, features]` -> `[n, features + 1]`: appends the standard deviation over a group of rows, averaged over the
/// features, which shows how alike the rows of a batch are and so reveals mode collapse (Karras et al. 2018). Groups
/// have four rows if four divides the batch, otherwise all.
#[derive(Debug, Clone, PartialEq)]
pub struct MinibatchStdDev;

impl Module for MinibatchStdDev {
    fn label(&self, _: &[Slot]) -> String {
        "minibatch standard deviation".into()
    }

    fn output_shape(&self, input: &[usize], _: &[Slot]) -> Vec<usize> {
        vec![input[0] + 1]
    }

    fn mixes_batch(&self) -> bool {
        true
    }

    fn forward(&self, _: &mut BoundNetwork, x: Signal, _: Pass) -> Signal {
        x.map(|x| {
            let [n, f] = x.dims();
            let group = if n.is_multiple_of(GROUP) { GROUP } else { n };
            let rows = x.clone().reshape([group, n / group, f]);
            let centred = rows.clone() - rows.mean_dim(0);
            let deviations = kernels::sqrt(centred.square().mean_dim(0).add_scalar(TINY)); // [1, n / group, f]
            let each = deviations.mean_dim(2).repeat_dim(0, group).reshape([n, 1]);
            Tensor::cat(vec![x, each], 1)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::output;
    use super::*;
    use crate::Builder;

    #[test]
    fn a_deviation_is_that_of_every_fourth_row() {
        let net = || Builder::default().layer(MinibatchStdDev);
        // Eight rows make two groups: the even rows, which are alike, and the odd ones, 0 and 2 in turn in one of two
        // features.
        let x = [[1.0, 5.0], [0.0, 3.0], [1.0, 5.0], [2.0, 3.0], [1.0, 5.0], [0.0, 3.0], [1.0, 5.0], [2.0, 3.0]];
        for (i, row) in output(net(), &[], &x).chunks(3).enumerate() {
            let expected = if i % 2 == 0 { 1e-4 } else { f32::midpoint(1.0, 1e-4) };
            assert!((row[2] - expected).abs() < 1e-6, "{i}: {row:?}");
        }
        // Three rows are one group.
        let out = output(net(), &[], &[[0.0], [0.0], [3.0]]);
        assert!(out.chunks(2).all(|r| (r[1] - 2f32.sqrt()).abs() < 1e-6), "{out:?}");
    }
}
