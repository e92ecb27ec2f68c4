//! Metrics of predicted classes: the MNIST score and the shares of the ten classes.

use counterfeit_nn::lenet::CLASSES;

use super::points::{MeasureError, Points};

/// Statistics of predicted classes; entropies in nats.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClassReport {
    /// MNIST score, from 1 to 10: exp E KL(p(y|x) || p(y)), where p(y) is the mean of p(y|x) over all samples (the
    /// Inception score of Salimans et al. 2016 with our classifier).
    pub score: f64,
    /// Share of samples in each class, by the most likely class.
    pub shares: [f64; CLASSES],
    /// Entropy of the shares: ln 10 = 2.303 when all are equal, 0 when there is one class.
    pub entropy: f64,
    /// KL(shares || shares of the training set), in nats. For n samples of the data it is about 9 / (2 n), not 0.
    pub divergence: f64,
}

/// Computes the statistics from logits `[n, 10]`; `training` contains the training set's shares.
pub fn report(logits: Points, training: &[f64; CLASSES]) -> Result<ClassReport, MeasureError> {
    let n = logits.at_least(1)?.len() as f64;
    let mut mean = [0.0; CLASSES];
    let mut counts = [0.0; CLASSES];
    let mut uncertainty = 0.0;
    for row in logits.rows() {
        let p = softmax(row);
        mean.iter_mut().zip(p).for_each(|(m, p)| *m += p / n);
        counts[likeliest(row)] += 1.0;
        uncertainty += entropy(&p) / n;
    }
    let shares = counts.map(|c| c / n);
    // E KL(p(y|x) || p(y)) = H(p(y)) - E H(p(y|x))
    let score = (entropy(&mean) - uncertainty).max(0.0).exp();
    Ok(ClassReport { score, shares, entropy: entropy(&shares), divergence: divergence(&shares, training) })
}

/// The most likely class of a row of logits.
pub fn likeliest(logits: &[f32]) -> usize {
    logits.iter().enumerate().fold(0, |best, (i, l)| if *l > logits[best] { i } else { best })
}

/// Accuracy of logits `[n, 10]` against labels.
pub fn accuracy(logits: &[f32], labels: &[u8]) -> f64 {
    let right =
        logits.chunks_exact(CLASSES).zip(labels).filter(|(row, label)| likeliest(row) == usize::from(**label)).count();
    right as f64 / labels.len().max(1) as f64
}

/// Shares of labels 0 to 9.
pub fn shares(labels: &[u8]) -> [f64; CLASSES] {
    let mut counts = [0.0; CLASSES];
    labels.iter().for_each(|&l| counts[usize::from(l)] += 1.0);
    counts.map(|c| c / labels.len().max(1) as f64)
}

fn softmax(logits: &[f32]) -> [f64; CLASSES] {
    let largest = logits.iter().fold(f32::NEG_INFINITY, |a, &b| a.max(b));
    let mut p = [0.0; CLASSES];
    p.iter_mut().zip(logits).for_each(|(p, &l)| *p = f64::from(l - largest).exp());
    let sum: f64 = p.iter().sum();
    p.map(|p| p / sum)
}

/// -sum p ln p, with 0 ln 0 = 0.
fn entropy(p: &[f64]) -> f64 {
    p.iter().filter(|p| **p > 0.0).map(|p| p * p.recip().ln()).sum()
}

/// sum p ln(p / q)
fn divergence(p: &[f64], q: &[f64]) -> f64 {
    p.iter().zip(q).filter(|(p, _)| **p > 0.0).map(|(p, q)| p * (p / q).ln()).sum()
}
