//! Training samples of a known density, drawn once from the run's seed and then used like a data set of images.

use std::sync::{Arc, Mutex, PoisonError};

use counterfeit_random::{Random, Stream};

use super::Density;

/// Training samples and their density.
#[derive(Debug)]
pub struct PointSet {
    density: Arc<Density>,
    values: Vec<f32>,
    /// Cached result of [`PointSet::shares`] with its number of cells per axis. A drawing of a hundred thousand points
    /// is a mixture of as many Gaussians, too many to sum in every frame.
    shares: Mutex<Option<(usize, Arc<Vec<f64>>)>>,
}

impl PointSet {
    /// Draws `n` training samples of a density.
    pub fn new(density: Density, n: usize, seed: u32) -> Self {
        let values = density.sample(n, &mut Random::new(seed, Stream::Points));
        Self { density: Arc::new(density), values, shares: Mutex::default() }
    }

    pub fn density(&self) -> &Arc<Density> {
        &self.density
    }

    /// [`Density::shares`] over the density's window.
    pub fn shares(&self, side: usize) -> Arc<Vec<f64>> {
        let mut kept = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
        match &*kept {
            Some((of, shares)) if *of == side => shares.clone(),
            _ => {
                let shares = Arc::new(self.density.shares(self.density.window(), side));
                *kept = Some((side, shares.clone()));
                shares
            }
        }
    }

    /// Number of training samples.
    pub fn len(&self) -> usize {
        self.values.len() / self.density.width()
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// A batch of training samples, `[n, width]`.
    pub fn batch(&self, indices: &[u32]) -> Vec<f32> {
        let width = self.density.width();
        indices.iter().flat_map(|&i| &self.values[i as usize * width..(i as usize + 1) * width]).copied().collect()
    }
}
