//! The seeded random streams of a run, and the priors p(z).

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};

/// The prior over the generator's input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Prior {
    /// z ~ N(0, I).
    Normal,
    /// z ~ U(-1, 1), each coordinate on its own.
    Uniform,
}

/// The uses of randomness. Each has a stream of its own, so that displaying samples never changes training.
#[derive(Debug, Clone, Copy)]
pub enum Stream {
    GeneratorWeights = 1,
    DiscriminatorWeights,
    Batches,
    Noise,
    Dropout,
    FixedNoise,
    FixedReal,
    /// Noise of evaluated samples, and random choices of the evaluation.
    Measure,
    /// Initial weights of a classifier, and its training.
    Classifier,
    /// Points and noise of gradient penalties.
    Penalty,
    /// Classes and codes of fake samples.
    Codes,
    /// Instance noise, augmentation and label flipping.
    Augmentation,
    /// Experience replay.
    Replay,
    /// Noise in G's layers.
    Layers,
    /// Noise and mixing of a style generator.
    Style,
    /// Training samples of a density.
    Points,
    /// Samples of the real-data reference of density metrics.
    DensityReference,
}

/// A seeded source of random numbers that gives the same bits on every device and platform.
///
/// ChaCha with 8 rounds, one stream per [`Stream`]; transcendental functions from `libm`, not from the platform.
#[derive(Debug, Clone)]
pub struct Random(ChaCha8Rng);

impl Random {
    pub fn new(seed: u32, stream: Stream) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed.into());
        rng.set_stream(stream as u64);
        Self(rng)
    }

    /// Uniform in [0, 1), with the 24 bits that an f32 can hold.
    pub fn uniform(&mut self) -> f32 {
        (self.0.next_u32() >> 8) as f32 / (1u32 << 24) as f32
    }

    /// Standard normal by Box and Muller 1958.
    pub fn normal(&mut self) -> f32 {
        // 1 - u lies in (0, 1], so that the logarithm is finite.
        // A square root is exact everywhere, so the processor's own will do.
        let radius = (-2.0 * libm::log(1.0 - f64::from(self.uniform()))).sqrt();
        (radius * libm::cos(std::f64::consts::TAU * f64::from(self.uniform()))) as f32
    }

    /// `n` standard normal numbers, for where there are many: both that each pair of uniform ones makes.
    pub fn normals(&mut self, n: usize) -> Vec<f32> {
        let pairs = (0..n.div_ceil(2)).flat_map(|_| {
            let radius = (-2.0 * libm::log(1.0 - f64::from(self.uniform()))).sqrt();
            let (sin, cos) = libm::sincos(std::f64::consts::TAU * f64::from(self.uniform()));
            [(radius * cos) as f32, (radius * sin) as f32]
        });
        let mut values: Vec<f32> = pairs.collect();
        values.truncate(n);
        values
    }

    /// Uniform in 0..n, without bias worth naming for n below 2^24 (error below n / 2^32).
    pub fn below(&mut self, n: usize) -> usize {
        ((u64::from(self.0.next_u32()) * n as u64) >> 32) as usize
    }

    /// Shuffles in place (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }

    /// `n` latent vectors of dimension `dim`, row after row: `[n * dim]`.
    pub fn latent(&mut self, prior: Prior, n: usize, dim: usize) -> Vec<f32> {
        (0..n * dim)
            .map(|_| match prior {
                Prior::Normal => self.normal(),
                Prior::Uniform => 2.0 * self.uniform() - 1.0,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_a_sequence_and_streams_differ() {
        let draw = |seed, stream| Random::new(seed, stream).latent(Prior::Normal, 4, 4);
        assert_eq!(draw(7, Stream::Noise), draw(7, Stream::Noise));
        assert_ne!(draw(7, Stream::Noise), draw(8, Stream::Noise));
        assert_ne!(draw(7, Stream::Noise), draw(7, Stream::FixedNoise));
    }

    #[test]
    fn the_priors_have_their_moments() {
        let n = 100_000;
        let moments = |prior| {
            let z = Random::new(1, Stream::Noise).latent(prior, n, 1);
            let mean = z.iter().map(|&v| f64::from(v)).sum::<f64>() / n as f64;
            let var = z.iter().map(|&v| (f64::from(v) - mean).powi(2)).sum::<f64>() / n as f64;
            (mean, var, z.iter().fold(0f32, |a, v| a.max(v.abs())))
        };
        // Four standard errors of the mean and of the variance at n = 100,000.
        let (mean, var, _) = moments(Prior::Normal);
        assert!(mean.abs() < 0.0127 && (var - 1.0).abs() < 0.018, "{mean} {var}");
        let (mean, var, max) = moments(Prior::Uniform);
        assert!(mean.abs() < 0.0073 && (var - 1.0 / 3.0).abs() < 0.0038 && max <= 1.0, "{mean} {var}");
    }

    #[test]
    fn below_covers_its_range_evenly() {
        let mut rng = Random::new(3, Stream::Batches);
        let mut counts = [0f64; 10];
        (0..100_000).for_each(|_| counts[rng.below(10)] += 1.0);
        let chi2: f64 = counts.iter().map(|c| (c - 10_000.0).powi(2) / 10_000.0).sum();
        assert!(chi2 < 27.9, "chi-squared {chi2} exceeds its 99.9 % point at 9 degrees of freedom");
    }
}
