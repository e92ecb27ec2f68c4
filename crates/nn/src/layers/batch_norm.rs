//! Batch normalisation.

use std::ops::RangeInclusive;

use counterfeit_kernels::{self as kernels, Kind};

use super::{Module, Pass};
use crate::{BatchStatistics, BoundNetwork, Builder, Init, Mode, Signal, Slot};

/// Normalises each channel over the batch and all positions, then scales and shifts it (Ioffe and Szegedy 2015).
#[derive(Debug, Clone, PartialEq)]
pub struct BatchNorm {
    pub scale: usize,
    pub shift: usize,
    /// Slot of the running mean; the running variance is in the next slot. None: no running statistics, those of the
    /// batch are always used.
    pub statistics: Option<usize>,
}

impl Builder {
    /// Adds a batch normalisation. `running`: keep running statistics, to generate single images.
    pub fn batch_norm(mut self, channels: usize, scale: Init, running: bool) -> Self {
        let [scale, shift] = self.scale_and_shift(channels, scale);
        let statistics = running.then(|| {
            let mean = self.statistic("mean", &[channels], Init::Constant(0.0));
            self.statistic("variance", &[channels], Init::Constant(1.0));
            mean
        });
        self.layer(BatchNorm { scale, shift, statistics })
    }
}

impl Module for BatchNorm {
    fn label(&self, _: &[Slot]) -> String {
        "batch normalisation".into()
    }

    fn slots(&self) -> Option<RangeInclusive<usize>> {
        Some(self.scale..=self.shift)
    }

    fn applies_activation(&self) -> bool {
        true
    }

    fn mixes_batch(&self) -> bool {
        true
    }

    fn forward(&self, net: &mut BoundNetwork, x: Signal, pass: Pass) -> Signal {
        let channels = net.slots()[self.scale].len();
        let layer = kernels::Layer::new(Kind::BatchNorm, [channels, channels], false);
        let (layer, side) = kernels::Layer { activation: pass.activation, ..layer }.on(x.len(), x.side);
        let running = self.statistics.filter(|_| pass.mode == Mode::Sample);
        let running = running.and_then(|slot| net.running(slot, layer.statistics()));
        let params = net.segment(self.scale..=self.shift);
        let (rows, used) = net.operations.batch_norm(x.rows, running, params, layer);
        if let (Some(slot), Mode::Train) = (self.statistics, pass.mode) {
            let count = layer.n * layer.places();
            net.batch_statistics.push(BatchStatistics::Moments { slot, values: used, count });
        }
        Signal { rows, side }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{close, network, output, values};
    use super::*;
    use crate::layers::ToImage;

    #[test]
    fn each_channel_is_centred_and_divided_by_its_deviation() {
        let net = || Builder::default().batch_norm(2, Init::Constant(1.0), false);
        // Means 2 and 0, deviations 1 and 3.
        close(&output(net(), &[&[1.0, 2.0], &[0.0, 0.5]], &[[1.0, 3.0], [3.0, -3.0]]), &[-1.0, 2.5, 1.0, -1.5]);
        let net = Builder::default().layer(ToImage([1, 1, 2])).batch_norm(1, Init::Constant(1.0), false);
        close(&output(net, &[&[1.0], &[0.0]], &[[1.0, 1.0], [3.0, 3.0]]), &[-1.0, -1.0, 1.0, 1.0]);
    }

    #[test]
    fn running_statistics_move_by_the_momentum_and_are_what_a_sample_is_normalised_by() {
        let mut net = network(Builder::default().batch_norm(1, Init::Constant(1.0), true).build(), &[&[1.0], &[0.0]]);
        let mut bound = net.frozen();
        bound.forward(super::super::testing::rows(&[[1.0], [3.0]]), Mode::Train);
        net.update_running_stats(std::mem::take(&mut bound.batch_statistics), 0.5);
        // Mean 2, and the unbiased variance 2, half-way from 0 and 1.
        let sample = net.frozen().forward(super::super::testing::rows(&[[1.0], [2.0]]), Mode::Sample);
        close(&values(sample), &[0.0, 1.5f32.sqrt().recip()]);
    }
}
