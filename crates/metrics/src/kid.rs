//! KID (Binkowski et al. 2018, section 3): the squared maximum mean discrepancy with a polynomial kernel. Unlike the
//! Fréchet distance it is unbiased at every sample size, and therefore sometimes negative.

use counterfeit_kernels::lanes::dot;
use counterfeit_random::Random;

use super::points::{MeasureError, Points};

/// Mean and standard deviation of the KID over pairs of subsets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    pub mean: f64,
    pub deviation: f64,
}

/// k(x, y) = (x y / d + 1)^3
fn kernel(x: &[f32], y: &[f32]) -> f64 {
    (f64::from(dot(x, y)) / x.len() as f64 + 1.0).powi(3)
}

/// Estimates the KID over `rounds` pairs of random subsets. Each subset has `size` different samples, or all of them if
/// there are fewer.
pub fn distance(
    real: Points,
    fake: Points,
    size: usize,
    rounds: usize,
    rng: &mut Random,
) -> Result<Estimate, MeasureError> {
    let (real, fake) = (real.at_least(2)?, fake.at_least(2)?);
    let values: Vec<f64> = (0..rounds)
        .map(|_| {
            let (x, y) = (subset(real.len(), size, rng), subset(fake.len(), size, rng));
            unbiased(&rows(real, &x), &rows(fake, &y))
        })
        .collect();
    let mean = values.iter().sum::<f64>() / rounds as f64;
    let spread: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
    Ok(Estimate { mean, deviation: (spread / (rounds.max(2) - 1) as f64).sqrt() })
}

fn rows<'a>(points: Points<'a>, indices: &[usize]) -> Vec<&'a [f32]> {
    indices.iter().map(|&i| points.row(i)).collect()
}

/// Draws `size` different indices below n, or all of them.
fn subset(n: usize, size: usize, rng: &mut Random) -> Vec<usize> {
    let mut all: Vec<usize> = (0..n).collect();
    for i in 0..size.min(n) {
        let other = i + rng.below(n - i);
        all.swap(i, other);
    }
    all.truncate(size);
    all
}

/// The unbiased estimator of equation 4, which leaves out the pairs of a sample with itself.
fn unbiased(x: &[&[f32]], y: &[&[f32]]) -> f64 {
    let within = |p: &[&[f32]]| {
        let sum: f64 = p.iter().enumerate().map(|(i, a)| p[..i].iter().map(|b| kernel(a, b)).sum::<f64>()).sum();
        2.0 * sum / (p.len() * (p.len() - 1)) as f64
    };
    let between: f64 = x.iter().map(|a| y.iter().map(|b| kernel(a, b)).sum::<f64>()).sum();
    within(x) + within(y) - 2.0 * between / (x.len() * y.len()) as f64
}
