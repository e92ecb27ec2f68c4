//! Minibatch features of D, which show how alike the rows of a batch are and so reveal mode collapse.

use burn::tensor::Tensor;
use counterfeit_kernels as kernels;

/// Group size of the minibatch standard deviation (Karras et al. 2018, section 3).
const GROUP: usize = 4;
/// Added to a variance before its root (the authors' code).
const TINY: f64 = 1e-8;

/// Minibatch standard deviation: appends to features `[n, f]` the standard deviation over a group of rows, averaged
/// over the features. Groups have four rows if four divides the batch, otherwise all.
pub fn append_std_dev(x: Tensor<2>) -> Tensor<2> {
    let [n, f] = x.dims();
    let group = if n.is_multiple_of(GROUP) { GROUP } else { n };
    let rows = x.clone().reshape([group, n / group, f]);
    let centred = rows.clone() - rows.mean_dim(0);
    let deviation = kernels::sqrt(centred.square().mean_dim(0).add_scalar(TINY)).mean_dim(2); // [1, n / group, 1]
    let each = deviation.repeat_dim(0, group).reshape([n, 1]);
    Tensor::cat(vec![x, each], 1)
}

/// Minibatch discrimination (Salimans et al. 2016): appends `kernels` numbers to features `[n, f]`, o_b = sum over the
/// other rows j of exp(-|M_ib - M_jb|_1), from projections `m` `[n, kernels * depth]`.
pub fn append_discrimination(x: Tensor<2>, m: Tensor<2>, kernels: usize) -> Tensor<2> {
    let [n, width] = m.dims();
    let depth = width / kernels;
    let between = m.clone().reshape([n, 1, kernels, depth]) - m.reshape([1, n, kernels, depth]);
    let close = kernels::exp(between.abs().sum_dim(3).neg()).sum_dim(1); // [n, 1, kernels, 1]
    // The distance of a row to itself is 0, so its term is 1.
    Tensor::cat(vec![x, close.reshape([n, kernels]) - 1.0], 1)
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, TensorData};

    use super::*;

    fn rows<const N: usize, const W: usize>(values: [[f32; W]; N]) -> Tensor<2> {
        Tensor::from_data(TensorData::from(values), &Device::flex())
    }

    fn values(t: Tensor<2>) -> Vec<f32> {
        t.into_data().try_to_vec().unwrap()
    }

    #[test]
    fn a_deviation_is_that_of_every_fourth_row() {
        // Eight rows make two groups: the even rows, which are alike, and the odd ones, 0 and 2 in turn in one of two
        // features.
        let x = rows([[1.0, 5.0], [0.0, 3.0], [1.0, 5.0], [2.0, 3.0], [1.0, 5.0], [0.0, 3.0], [1.0, 5.0], [2.0, 3.0]]);
        let out = values(append_std_dev(x));
        for (i, row) in out.chunks(3).enumerate() {
            let expected = if i % 2 == 0 { 1e-4 } else { f32::midpoint(1.0, 1e-4) };
            assert!((row[2] - expected).abs() < 1e-6, "{i}: {row:?}");
        }
        // Three rows are one group.
        let out = values(append_std_dev(rows([[0.0], [0.0], [3.0]])));
        assert!(out.chunks(2).all(|r| (r[1] - 2f32.sqrt()).abs() < 1e-6), "{out:?}");
    }

    #[test]
    fn closeness_counts_the_other_rows_by_their_distance() {
        let x = rows([[7.0], [8.0], [9.0]]);
        // Two kernels of depth 2: in the first the rows 0 and 1 agree and row 2 is at distance 3; in the second all
        // agree.
        let m = rows([[0.0, 0.0, 1.0, 1.0], [0.0, 0.0, 1.0, 1.0], [1.0, -2.0, 1.0, 1.0]]);
        let out = values(append_discrimination(x, m, 2));
        let far = (-3f32).exp();
        let expected = [7.0, 1.0 + far, 2.0, 8.0, 1.0 + far, 2.0, 9.0, 2.0 * far, 2.0];
        assert!(out.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{out:?}");
    }
}
