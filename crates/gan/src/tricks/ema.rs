//! The exponential moving average of G's weights (Karras et al. 2018, appendix A). Training does not use it; it
//! generates better samples.

use std::ops::Range;

use counterfeit_nn::Network;
use counterfeit_spec::Spec;

use crate::upload::{Drawn, Upload};

/// The EMA's half-life, in steps.
#[derive(Debug, Clone, Copy, PartialEq, Spec)]
pub struct Ema {
    /// Half-life of the exponential moving average of G's weights. The EMA has no effect on training and generates
    /// better samples than G itself.
    #[setting(
        key = "g_half_life", label = "EMA half-life", default = 693.0, range = 1.0..=100_000.0, unit = "steps", live,
        source = "Karras et al. 2018; 693 steps: decay 0.999",
    )]
    pub half_life: f64,
}

impl Ema {
    /// Weight of the newest generator in the EMA after a step, from 1: 1 - decay, and more in early steps, so that the
    /// EMA soon forgets the initial weights.
    pub fn newest(&self, step: u32) -> f64 {
        let share = 1.0 - libm::exp2(-1.0 / self.half_life);
        share.max(9.0 / (10.0 + f64::from(step)))
    }

    /// Adds the weight of a step to the upload.
    pub fn draw(&self, step: u32, upload: &mut Upload) -> Range<usize> {
        upload.add([self.newest(step) as f32])
    }

    /// Moves the average towards the generator after its update.
    pub fn apply(&self, average: &mut Network, generator: &Network, drawn: &Drawn, draw: &Range<usize>) {
        average.ema_update(generator, drawn.numbers(draw));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_average_forgets_half_in_its_half_life() {
        let ema = Ema { half_life: 20.0 };
        // Once its share is below that of the start: what was there n steps ago weighs 2^(-n / 20).
        let remaining: f64 = (1000..1040).map(|step| 1.0 - ema.newest(step)).product();
        assert!((remaining - 0.25).abs() < 1e-12, "{remaining}");
        assert_eq!(ema.newest(1), 9.0 / 11.0);
    }
}
