//! Samples as a matrix, one row per sample.

use counterfeit_kernels::lanes::squared_distance;
use thiserror::Error;

/// Why a metric cannot be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MeasureError {
    #[error("This metric needs at least {needed} samples, and there are {n}.")]
    TooFew { n: usize, needed: usize },
    #[error("Some samples hold values that are not finite numbers: the generator has diverged.")]
    NotFinite,
}

/// A view of samples `[n, width]` whose values are finite: features, logits or coordinates.
#[derive(Debug, Clone, Copy)]
pub struct Points<'a> {
    values: &'a [f32],
    width: usize,
}

impl<'a> Points<'a> {
    /// Checks row-major `values` `[n, width]`. Returns an error if one is not finite.
    pub fn new(values: &'a [f32], width: usize) -> Result<Self, MeasureError> {
        debug_assert!(values.len().is_multiple_of(width));
        if values.iter().all(|v| v.is_finite()) { Ok(Self { values, width }) } else { Err(MeasureError::NotFinite) }
    }

    pub fn len(&self) -> usize {
        self.values.len() / self.width
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    pub fn width(&self) -> usize {
        self.width
    }

    pub fn row(&self, i: usize) -> &'a [f32] {
        &self.values[i * self.width..(i + 1) * self.width]
    }

    pub fn rows(&self) -> impl Iterator<Item = &'a [f32]> + use<'a> {
        self.values.chunks_exact(self.width)
    }

    /// Returns `self` if it has at least `needed` rows, else an error.
    pub fn at_least(self, needed: usize) -> Result<Self, MeasureError> {
        if self.len() >= needed { Ok(self) } else { Err(MeasureError::TooFew { n: self.len(), needed }) }
    }

    /// The first `n` rows, or all if there are fewer.
    pub fn first(self, n: usize) -> Self {
        Self { values: &self.values[..self.values.len().min(n * self.width)], width: self.width }
    }

    /// Mean Euclidean distance over all pairs of different rows.
    pub fn mean_distance(&self) -> Result<f64, MeasureError> {
        let n = self.at_least(2)?.len();
        let pairs = (0..n).flat_map(|i| (0..i).map(move |j| (i, j)));
        let sum: f64 = pairs.map(|(i, j)| f64::from(squared_distance(self.row(i), self.row(j))).sqrt()).sum();
        Ok(sum / (n * (n - 1) / 2) as f64)
    }
}
