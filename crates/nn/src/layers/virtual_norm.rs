//! Virtual batch normalisation.

use std::ops::RangeInclusive;

use burn::tensor::Tensor;
use counterfeit_kernels::{self as kernels, EPSILON};

use super::{Module, Pass};
use crate::{BoundNetwork, Builder, Init, Signal, Slot};

/// Normalises each channel of each row by the mean and standard deviation over the reference rows, which come first,
/// and the row itself, then scales and shifts it (Salimans et al. 2016).
#[derive(Debug, Clone, PartialEq)]
pub struct VirtualNorm {
    pub scale: usize,
    pub shift: usize,
    /// Number of reference rows: see [`super::PrependReferenceBatch`].
    pub reference: usize,
}

impl Builder {
    /// Adds a virtual batch normalisation.
    pub fn virtual_norm(mut self, channels: usize, scale: Init) -> Self {
        let [scale, shift] = self.scale_and_shift(channels, scale);
        let reference = self.reference_rows;
        self.layer(VirtualNorm { scale, shift, reference })
    }
}

impl VirtualNorm {
    /// x as `[reference + n, channels, positions]`, with mean 0 and variance 1.
    fn normal(&self, x: Tensor<3>) -> Tensor<3> {
        let (reference, [rows, _, positions]) = (self.reference, x.dims());
        let of_row = |x: Tensor<3>| x.sum_dim(2).div_scalar(positions as f64); // [rows, channels, 1]
        // Weight of a row among itself and the reference; 0 for reference rows, which are already counted.
        let share = 1.0 / (reference as f64 + 1.0);
        let joined = |each: Tensor<3>| {
            let fixed = each.clone().slice([0..reference]);
            let level = fixed.sum_dim(0).div_scalar(reference as f64); // [1, channels, 1]
            let own = each.slice([reference..rows]).mul_scalar(share) + level.clone().mul_scalar(1.0 - share);
            Tensor::cat(vec![level.repeat_dim(0, reference), own], 0)
        };
        let mean = joined(of_row(x.clone()));
        let variance = joined(of_row(x.clone().square())) - mean.clone().square();
        let inverse = kernels::sqrt(variance.clamp_min(0.0) + EPSILON).recip();
        (x - mean) * inverse
    }
}

impl Module for VirtualNorm {
    fn label(&self, _: &[Slot]) -> String {
        "virtual batch normalisation".into()
    }

    fn slots(&self) -> Option<RangeInclusive<usize>> {
        Some(self.scale..=self.shift)
    }

    fn forward(&self, net: &mut BoundNetwork, x: Signal, _: Pass) -> Signal {
        x.by_position(|x| self.normal(x) * net.per_channel(self.scale) + net.per_channel(self.shift))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::output;
    use super::*;
    use crate::Plan;
    use crate::layers::ToImage;

    /// A row is normalised with the statistics of the reference batch and itself; the reference batch with its own.
    #[test]
    fn a_virtual_batch_is_the_reference_and_the_row() {
        // Three reference rows and two others, one channel at two positions.
        let rows = [[1.0f32, 3.0], [2.0, 0.0], [-1.0, 1.0], [5.0, 7.0], [0.5, 0.5]];
        let plan = Builder::default().layer(ToImage([1, 1, 2])).virtual_norm(1, Init::Constant(1.0)).build();
        let layers = vec![plan.layers[0].clone(), VirtualNorm { scale: 0, shift: 1, reference: 3 }.into()];
        let found = output(Plan { layers, ..plan }, &[&[2.0], &[0.5]], &rows);
        for (i, row) in rows.iter().enumerate() {
            let batch: Vec<f32> = rows[..3].iter().chain((i >= 3).then_some(row)).flatten().copied().collect();
            let mean = batch.iter().sum::<f32>() / batch.len() as f32;
            let variance = batch.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / batch.len() as f32;
            for (position, v) in row.iter().enumerate() {
                let expected = 2.0 * (v - mean) / (variance + EPSILON as f32).sqrt() + 0.5;
                assert!((found[2 * i + position] - expected).abs() < 1e-5, "{i}: {found:?}");
            }
        }
    }
}
