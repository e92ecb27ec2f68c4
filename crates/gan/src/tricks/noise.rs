//! Instance noise (Sønderby et al. 2017; Arjovsky and Bottou 2017): Gaussian noise on every value that D sees, of real
//! and of fake samples, which makes the two distributions overlap.

use std::ops::Range;

use burn::tensor::Tensor;
use counterfeit_nn::constant_for;
use counterfeit_random::StepDraws;
use counterfeit_spec::Spec;

use super::schedule::Schedule;
use super::{Start, StepContext, Trick};
use crate::upload::{Drawn, Upload};

/// Standard deviation of the noise at the start, from which it decays linearly to 0.
#[derive(Debug, Clone, Copy, PartialEq, Spec)]
pub struct InstanceNoise {
    /// Standard deviation of the Gaussian noise on D's inputs, real or generated; pixels range from -1 to 1. It makes
    /// the two distributions overlap.
    #[setting(
        key = "d_noise", label = "Instance noise", default = 0.0, range = 0.0..=2.0, live, basic,
        source = "Sønderby et al. 2017; Arjovsky and Bottou 2017; ganhacks 13",
    )]
    pub deviation: f64,
    /// The instance noise decays linearly to 0 over these steps.
    #[setting(
        key = "d_noise_steps", label = "Noise decay steps", default = 2_000, range = 1..=1_000_000, unit = "steps",
        live, source = "Roth et al. 2017 anneal it too",
    )]
    pub steps: u32,
}

impl InstanceNoise {
    /// Standard deviation in a step, from 1.
    pub fn at(&self, step: u32) -> f64 {
        self.deviation * Schedule::Linear.factor(step - 1, self.steps)
    }
}

impl Trick for InstanceNoise {
    type State = ();
    /// The noise, `[n * values]`.
    type Draw = Range<usize>;

    fn start(&self, _: &Start) {}

    fn draw_input(&self, step: &StepContext, draws: &mut StepDraws, upload: &mut Upload) -> Option<Self::Draw> {
        let deviation = self.at(step.step);
        let n = step.batch * step.shape.values();
        (deviation > 0.0).then(|| upload.add((0..n).map(|_| deviation as f32 * draws.augmentation.normal())))
    }

    fn input(&self, batch: Tensor<2>, draw: Option<Self::Draw>, drawn: &Drawn, _: &StepContext) -> Tensor<2> {
        let (dims, device) = (batch.dims(), batch.device());
        match draw.and_then(|draw| drawn.vector(&draw)) {
            Some(noise) => batch + constant_for(noise.reshape(dims), &device),
            None => batch,
        }
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;
    use counterfeit_data::SampleShape;
    use counterfeit_kernels::Operations;

    const N: usize = 4_000;

    fn noise(noise: InstanceNoise, step: u32) -> Vec<f32> {
        let mut upload = Upload::default();
        let step = StepContext { step, batch: 2, shape: SampleShape::image(1, 2), operations: Operations::Kernels };
        let step = StepContext { batch: N / step.shape.values(), ..step };
        let draw = noise.draw_input(&step, &mut StepDraws::at(3, step.step), &mut upload);
        let drawn = upload.send(&Device::flex());
        let batch = Tensor::zeros([step.batch, step.shape.values()], &Device::flex());
        noise.input(batch, draw, &drawn, &step).into_data().try_to_vec().unwrap()
    }

    #[test]
    fn noise_has_its_deviation_and_decays_to_0() {
        let spec = InstanceNoise { deviation: 0.3, steps: 10 };
        for (step, expected) in [(1, 0.3), (6, 0.15), (11, 0.0), (20, 0.0)] {
            let v = noise(spec, step);
            let deviation = (v.iter().map(|v| f64::from(v * v)).sum::<f64>() / v.len() as f64).sqrt();
            // Four standard errors: deviation / sqrt(2 n).
            assert!((deviation - expected).abs() <= 4.0 * expected / (2.0 * N as f64).sqrt(), "{step}: {deviation}");
        }
    }
}
