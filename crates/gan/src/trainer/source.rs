//! Real samples.

use counterfeit_data::{Images, PointSet};
use counterfeit_kernels::grey;

use super::Trainer;
use crate::condition::{Condition, ConditionSpec};

/// The source of real samples and their classes.
#[derive(Clone, Copy)]
pub enum Source<'a> {
    Images(&'a Images),
    Points(&'a PointSet),
    /// Samples that are all 0, of class 0: to compile the kernels before data has arrived.
    Blank,
}

impl<'a> From<&'a Images> for Source<'a> {
    fn from(images: &'a Images) -> Self {
        Self::Images(images)
    }
}

impl<'a> From<&'a PointSet> for Source<'a> {
    fn from(points: &'a PointSet) -> Self {
        Self::Points(points)
    }
}

impl Source<'_> {
    /// Number of samples that have arrived, with their classes if `labelled`.
    pub fn available(&self, labelled: bool) -> usize {
        match self {
            Source::Images(images) if labelled => images.labelled(),
            Source::Images(images) => images.available(),
            Source::Points(points) => points.len(),
            Source::Blank => usize::MAX,
        }
    }
}

/// More samples are needed than have arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotEnoughData {
    pub needed: usize,
    pub available: usize,
}

impl Trainer {
    /// Real samples, row by row, converted to their domain in a coupled run.
    pub(super) fn real(&self, source: Source, indices: &[u32]) -> Vec<f32> {
        let ConditionSpec { condition, coupling, .. } = self.spec.condition;
        match source {
            Source::Images(images) if condition == Condition::Coupled => {
                let images: Vec<Vec<u8>> = indices.iter().map(|&i| coupling.image(images, i)).collect();
                grey::floats(&images.concat())
            }
            Source::Images(images) => images.batch(indices),
            Source::Points(points) => points.batch(indices),
            Source::Blank => vec![0.0; indices.len() * self.spec.shape.values()],
        }
    }

    /// Classes or domains of the real images; None if the run has neither.
    pub(super) fn kinds(&self, source: Source, indices: &[u32]) -> Option<Vec<u8>> {
        let Source::Images(images) = source else {
            return self.spec.condition.condition.has_domains().then(|| vec![0; indices.len()]);
        };
        self.spec.condition.condition.kinds(images, indices)
    }

    /// Checks that all samples of a step's batches have arrived.
    pub(super) fn check_data(&self, data: Source, d_updates: usize, g_plays: bool) -> Result<(), NotEnoughData> {
        let g_draws = usize::from(g_plays && self.spec.loss.g_sees_real());
        let batches = d_updates + g_draws + if g_plays { self.spec.tricks.unroll.steps } else { 0 };
        let needed = self.state.sampler.needs(batches * self.spec.batch);
        let available = data.available(self.spec.condition.condition.labelled());
        if needed > available { Err(NotEnoughData { needed, available }) } else { Ok(()) }
    }
}
