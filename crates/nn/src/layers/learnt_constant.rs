//! The learnt constant with which the synthesis network of a style generator begins.

use std::ops::RangeInclusive;

use burn::tensor::Tensor;

use super::{Module, Pass};
use crate::graph::{constant_for, outside};
use crate::{BatchStatistics, BoundNetwork, Builder, Init, Mode, Signal, Slot};

/// Weight of the newest batch in the running mean of w.
const NEWEST: f64 = 0.005;

/// `[n, w]` -> `[n, c, h, w]`: stores w for the next layers, and returns the learnt constant (Karras et al. 2019).
#[derive(Debug, Clone, PartialEq)]
pub struct LearntConstant {
    pub slot: usize,
    /// The running mean of w in the layout of the statistics.
    pub mean: usize,
    pub shape: [usize; 3],
}

impl Builder {
    /// Adds a constant of this shape after w, `[n, width]`.
    pub fn learnt_constant(mut self, shape: [usize; 3], width: usize) -> Self {
        let start = Init::Normal { mean: 0.0, std: 1.0 };
        let slot = self.parameter("constant", &[shape.iter().product()], start);
        let mean = self.statistic("mean of w", &[width], Init::Constant(0.0));
        self.layer(LearntConstant { slot, mean, shape })
    }
}

impl LearntConstant {
    /// w `[rows, width]`, truncated in [`Mode::Sample`]. In [`Mode::Train`] the mean of the first n rows goes into the
    /// running mean.
    fn truncated(&self, net: &mut BoundNetwork, w: Tensor<2>, n: usize, mode: Mode) -> Tensor<2> {
        let width = w.dims()[1];
        match (mode, net.running(self.mean, width), net.styling.truncation.clone()) {
            (Mode::Sample, Some(mean), Some(psi)) => {
                let device = w.device();
                let mean = constant_for(mean, &device).reshape([1, width]);
                (w - mean.clone()) * constant_for(psi.slice([0..1]), &device).reshape([1, 1]) + mean
            }
            (Mode::Train, Some(mean), _) => {
                let seen = outside(w.clone());
                let newest = seen.slice([0..n, 0..width]).sum_dim(0).div_scalar(n as f64).reshape([width]);
                let values = mean.clone() + (newest - mean).mul_scalar(NEWEST);
                net.batch_statistics.push(BatchStatistics::Whole { slot: self.mean, values });
                w
            }
            _ => w,
        }
    }
}

impl Module for LearntConstant {
    fn label(&self, _: &[Slot]) -> String {
        "learnt constant".into()
    }

    fn output_shape(&self, _: &[usize], _: &[Slot]) -> Vec<usize> {
        self.shape.to_vec()
    }

    fn slots(&self) -> Option<RangeInclusive<usize>> {
        Some(self.slot..=self.slot)
    }

    fn forward(&self, net: &mut BoundNetwork, w: Signal, pass: Pass) -> Signal {
        let [rows, width] = w.rows.dims();
        let n = if net.styling.mixed.is_some() { rows / 2 } else { rows };
        let w = self.truncated(net, w.rows, n, pass.mode);
        net.styles =
            if n == rows { vec![w] } else { vec![w.clone().slice([0..n, 0..width]), w.slice([n..rows, 0..width])] };
        let [c, h, w] = self.shape;
        let constant = net.vector(self.slot).reshape([1, c * h * w]).expand([n, c * h * w]);
        Signal { rows: constant, side: [h, w] }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{close, network, rows, values};
    use super::*;

    #[test]
    fn every_row_is_the_constant_and_the_mean_of_w_moves() {
        let mut net = network(Builder::default().learnt_constant([1, 1, 2], 3).build(), &[&[5.0, 6.0]]);
        let mut bound = net.frozen();
        let out = bound.forward(rows(&[[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]]), Mode::Train);
        close(&values(out), &[5.0, 6.0, 5.0, 6.0]);
        net.update_running_stats(std::mem::take(&mut bound.batch_statistics), 0.1);
        let mean = net.statistics.unwrap().slice([0..3]).reshape([1, 3]);
        close(&values(mean), &[0.01, 0.01, 0.01]);
    }
}
