//! Training samples of a known density: drawn once, from the run's seed, and then used like a data set's images.

use super::Density;
use crate::config::RunConfig;
use crate::error::Result;
use crate::latent::{Random, Stream};

/// Fixed samples and what they come from.
#[derive(Debug, Clone, PartialEq)]
pub struct PointSet {
    density: Density,
    values: Vec<f32>,
}

impl PointSet {
    /// The training samples of a configuration on points; `drawn` as for [`Density::of`].
    pub fn new(config: &RunConfig, drawn: Option<&[f32]>) -> Result<Self> {
        let density = Density::of(config, drawn)?;
        let values = density.sample(config.train_images, &mut Random::new(config.seed, Stream::Points));
        Ok(Self { density, values })
    }

    pub fn density(&self) -> &Density {
        &self.density
    }

    /// Samples in all.
    pub fn len(&self) -> usize {
        self.values.len() / self.density.width()
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// A batch, row after row.
    pub fn batch(&self, indices: &[u32]) -> Vec<f32> {
        let width = self.density.width();
        indices.iter().flat_map(|&i| &self.values[i as usize * width..(i as usize + 1) * width]).copied().collect()
    }
}
