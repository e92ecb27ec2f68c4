//! Instance noise (Sønderby et al. 2017; Arjovsky and Bottou 2017): Gaussian noise on every value that D sees, of real
//! and of fake samples, which makes the two distributions overlap.

use std::ops::Range;

use burn::tensor::Tensor;
use counterfeit_nn::constant_for;
use counterfeit_random::Random;
use counterfeit_spec::Spec;

use super::schedule::Schedule;
use crate::upload::{Drawn, Upload};

/// Standard deviation of the noise at the start, from which it decays linearly to 0.
#[derive(Debug, Clone, Copy, PartialEq, Spec)]
pub struct InstanceNoise {
    /// Standard deviation of the Gaussian noise on D's inputs, real or generated; pixels range from -1 to 1. It makes
    /// the two distributions overlap.
    #[setting(
        key = "d_noise", label = "Instance noise", default = 0.0, range = 0.0..=2.0, live,
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

    /// Draws the noise of `n` values.
    pub fn draw(&self, n: usize, step: u32, rng: &mut Random, upload: &mut Upload) -> Range<usize> {
        let deviation = self.at(step);
        let n = if deviation > 0.0 { n } else { 0 };
        upload.add((0..n).map(|_| deviation as f32 * rng.normal()))
    }

    /// Adds the noise to samples `[n, values]`.
    pub fn apply(&self, samples: Tensor<2>, drawn: &Drawn, draw: &Range<usize>) -> Tensor<2> {
        let (dims, device) = (samples.dims(), samples.device());
        match drawn.vector(draw) {
            Some(noise) => samples + constant_for(noise.reshape(dims), &device),
            None => samples,
        }
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;
    use counterfeit_random::Stream;

    const N: usize = 4_000;

    fn noise(noise: InstanceNoise, step: u32) -> Vec<f32> {
        let mut upload = Upload::default();
        let draw = noise.draw(N, step, &mut Random::new(3, Stream::Augmentation), &mut upload);
        let drawn = upload.send(&Device::flex());
        noise.apply(Tensor::zeros([2, N / 2], &Device::flex()), &drawn, &draw).into_data().try_to_vec().unwrap()
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
