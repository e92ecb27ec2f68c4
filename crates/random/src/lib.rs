//! The random numbers of a run: a function of (seed, [`Stream`], step, index), with the same bits on every platform, and
//! the priors p(z).
//!
//! Nothing is kept between steps, so that a step can be repeated, resumed, or drawn on another device.

mod normal;

use counterfeit_spec::Choice;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// The prior over the generator's input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Prior {
    /// z ~ N(0, I).
    #[choice("normal, N(0, 1)")]
    Normal,
    /// z ~ U(-1, 1), each coordinate on its own.
    #[choice("uniform, U(-1, 1)")]
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
    /// Images of the data sets that are drawn by code.
    Pictures,
}

/// The numbers of one seed, stream and step, in the order of their index.
///
/// ChaCha with 8 rounds (Bernstein 2008), whose block function adds, rotates and xors 32-bit integers, which WGSL has
/// too: the key is the seed, the nonce the stream, and the block counter has the step in its upper and the block in its
/// lower 32 bits. Each number takes one 32-bit word, so that number i of a step is word i, whatever was drawn before.
#[derive(Debug, Clone)]
pub struct Random(ChaCha8Rng);

/// Words in a block of ChaCha.
const BLOCK_WORDS: u128 = 16;

impl Random {
    /// The numbers of step 0, for what is drawn once in a run.
    pub fn new(seed: u32, stream: Stream) -> Self {
        Self::at(seed, stream, 0)
    }

    /// The numbers of a step, from index 0 on. Up to 2^36 of them are not those of another step.
    pub fn at(seed: u32, stream: Stream, step: u32) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed.into());
        rng.set_stream(stream as u64);
        rng.set_word_pos((u128::from(step) << 32) * BLOCK_WORDS);
        Self(rng)
    }

    /// Leaves out the next `n` numbers.
    pub fn skip(&mut self, n: usize) {
        self.0.set_word_pos(self.0.get_word_pos() + n as u128);
    }

    /// Uniform in [0, 1), with the 24 bits that an f32 can hold.
    pub fn uniform(&mut self) -> f32 {
        (self.0.next_u32() >> 8) as f32 / (1u32 << 24) as f32
    }

    /// Standard normal, by a table of its quantile function: plain f32 arithmetic, of at most 6.4 in size.
    pub fn normal(&mut self) -> f32 {
        normal::of_bits(self.0.next_u32())
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

/// The streams of one training step, each from index 0 on.
#[derive(Debug, Clone)]
pub struct StepDraws {
    /// z of the fake samples.
    pub noise: Random,
    /// D's dropout.
    pub dropout: Random,
    pub penalty: Random,
    /// Classes and codes of the fake samples.
    pub codes: Random,
    /// Instance noise, augmentation and label flipping.
    pub augmentation: Random,
    /// Experience replay.
    pub replay: Random,
    /// Noise in G's layers.
    pub layers: Random,
    /// Noise and mixing of a style generator.
    pub style: Random,
}

impl StepDraws {
    /// The streams of a step; the first step is 1.
    pub fn at(seed: u32, step: u32) -> Self {
        let stream = |stream| Random::at(seed, stream, step);
        Self {
            noise: stream(Stream::Noise),
            dropout: stream(Stream::Dropout),
            penalty: stream(Stream::Penalty),
            codes: stream(Stream::Codes),
            augmentation: stream(Stream::Augmentation),
            replay: stream(Stream::Replay),
            layers: stream(Stream::Layers),
            style: stream(Stream::Style),
        }
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

    /// ChaCha's block function written from its definition (Bernstein 2008, sections 2 and 3), as a kernel would have
    /// it: additions, rotations and xors of 32-bit integers.
    fn chacha8(key: [u32; 8], counter: u64, nonce: u64) -> [u32; 16] {
        let [c0, c1] = [counter as u32, (counter >> 32) as u32];
        let [n0, n1] = [nonce as u32, (nonce >> 32) as u32];
        let mut start = [0; 16];
        start[..4].copy_from_slice(&[0x61707865, 0x3320646e, 0x79622d32, 0x6b206574]);
        start[4..12].copy_from_slice(&key);
        start[12..].copy_from_slice(&[c0, c1, n0, n1]);
        let mut x = start;
        for round in 0..8 {
            for i in 0..4 {
                let turn = if round % 2 == 0 { 0 } else { 1 };
                let [a, b, c, d] = [i, 4 + (i + turn) % 4, 8 + (i + 2 * turn) % 4, 12 + (i + 3 * turn) % 4];
                for (shift, (into, from, twisted)) in [(16, (a, b, d)), (12, (c, d, b)), (8, (a, b, d)), (7, (c, d, b))]
                {
                    x[into] = x[into].wrapping_add(x[from]);
                    x[twisted] = (x[twisted] ^ x[into]).rotate_left(shift);
                }
            }
        }
        std::array::from_fn(|i| x[i].wrapping_add(start[i]))
    }

    #[test]
    fn a_number_is_a_function_of_seed_stream_step_and_index() {
        for (seed, step) in [(0, 0), (1, 1), (7, 123_456), (u32::MAX, u32::MAX)] {
            let key: [u8; 32] = ChaCha8Rng::seed_from_u64(seed.into()).get_seed();
            let key = std::array::from_fn(|i| u32::from_le_bytes(key[4 * i..4 * i + 4].try_into().unwrap()));
            for index in [0usize, 1, 15, 16, 1_000, 70_001] {
                let counter = (u64::from(step) << 32) + (index / 16) as u64;
                let expected = chacha8(key, counter, Stream::Penalty as u64)[index % 16];
                let mut rng = Random::at(seed, Stream::Penalty, step);
                rng.skip(index);
                assert_eq!(rng.0.next_u32(), expected, "seed {seed}, step {step}, index {index}");
            }
        }
    }

    #[test]
    fn every_number_takes_one_word() {
        let mut rng = Random::at(3, Stream::Noise, 5);
        let (uniform, normal, below) = (rng.uniform(), rng.normal(), rng.below(1_000));
        let after = |n| {
            let mut rng = Random::at(3, Stream::Noise, 5);
            rng.skip(n);
            rng
        };
        assert_eq!((uniform, normal, below), (after(0).uniform(), after(1).normal(), after(2).below(1_000)));
        assert_eq!(rng.uniform(), after(3).uniform());
    }

    #[test]
    fn steps_and_streams_do_not_repeat_each_other() {
        let first = |stream, step| Random::at(1, stream, step).latent(Prior::Uniform, 4_096, 1);
        let step = first(Stream::Noise, 1);
        for (name, other) in [("step", first(Stream::Noise, 2)), ("stream", first(Stream::Dropout, 1))] {
            let n = step.len() as f64;
            let products: f64 = step.iter().zip(&other).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum();
            // Four standard errors of the mean product of two independent numbers of variance 1/3.
            assert!((products / n).abs() < 4.0 / 3.0 / n.sqrt(), "{name}: {}", products / n);
        }
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
