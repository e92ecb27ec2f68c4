//! What a run trains on, images or a density, behind one interface: minibatches, frames, evaluation and diagnosis.

mod evaluation;
mod join;

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::data::{Images, Part, PointSet};
use crate::error::{Error, Result};
use crate::evaluator::nearest_train;
use crate::message::{NearestImage, Samples};
use crate::nn::NetworkId;
use crate::snapshot::{self, DensityContent, DensityFrame, ImageContent, Mapped, Walk};
use crate::trainer::{StepKind, StepRecord, Trainer};
pub use evaluation::{DensityEvaluator, Evaluation, Evaluator, History, Observation, Sample};

/// Something that is being read from the device. Its work has been queued.
pub type Pending<T> = Pin<Box<dyn Future<Output = Result<T>>>>;

/// The source of a run's samples.
pub enum Domain {
    /// A data set, which may still be arriving, and which several runs may share.
    Images(Rc<RefCell<Images>>),
    Density(PointSet),
}

/// The requested content of a frame, for a run of either kind.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct FrameRequest {
    pub images: ImageContent,
    pub density: DensityContent,
}

/// What a run looks like at one step.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "type")]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub enum Frame {
    Images {
        fake: Samples,
        /// None until enough real images have arrived.
        real: Option<Samples>,
    },
    Density(DensityFrame),
}

impl Domain {
    /// Queues one step of a run on these samples.
    pub fn step(&self, trainer: &mut Trainer, kind: StepKind) -> Result<StepRecord> {
        match self {
            Self::Images(images) => trainer.step(&*images.borrow(), kind),
            Self::Density(points) => trainer.step(points, kind),
        }
    }

    /// Queues the passes of a frame, with one read-back for each grid of images or for a density's frame.
    pub fn frame(&self, trainer: &Trainer, request: FrameRequest) -> Pending<Frame> {
        match self {
            Self::Images(images) => {
                let ImageContent { averaged, view, truncation } = request.images;
                let fake = snapshot::truncated(trainer, averaged, view, truncation);
                let real = snapshot::real_samples(trainer, &images.borrow());
                let real = async move {
                    match real {
                        Some(real) => real.await.map(Some),
                        None => Ok(None),
                    }
                };
                Box::pin(async move {
                    let (fake, real) = join::both(fake, real).await;
                    Ok(Frame::Images { fake: fake?, real: real? })
                })
            }
            Self::Density(points) => {
                let frame = snapshot::density_frame(trainer, points, request.density);
                Box::pin(async move { frame.await.map(Frame::Density) })
            }
        }
    }

    /// Slow motion: the minibatch of a network's next update. Densities only.
    pub fn walk(&self, trainer: &Trainer, id: NetworkId) -> Result<Pending<Walk>> {
        Ok(Box::pin(snapshot::walk(trainer, self.points()?, id)?))
    }

    /// Maps z `[n, latent_dim]` through G, or its EMA. Densities only.
    pub fn map(&self, trainer: &Trainer, z: Vec<f32>, averaged: bool) -> Result<Pending<Mapped>> {
        let width = trainer.config().latent_dim;
        if z.is_empty() || !z.len().is_multiple_of(width) {
            return Err(Error::Unreadable(format!("{} numbers are not rows of z, which has {width}", z.len())));
        }
        Ok(Box::pin(snapshot::mapped(trainer, self.points()?, z, averaged)))
    }

    /// The nearest neighbour of `pixels`, one byte a value, among the run's training images. None while none has
    /// arrived, and for a density.
    pub fn nearest(&self, trainer: &Trainer, pixels: &[u8]) -> Option<NearestImage> {
        let Self::Images(images) = self else { return None };
        let images = images.borrow();
        let used = images.available().min(trainer.training_images());
        let found = nearest_train(&images, used, pixels).first().copied()?;
        let label = images.body(Part::TrainLabels).get(found.index).copied();
        let pixels = images.pixels(found.index).to_vec();
        Some(NearestImage { index: found.index, distance: found.distance, label, pixels })
    }

    fn points(&self) -> Result<&PointSet> {
        match self {
            Self::Density(points) => Ok(points),
            Self::Images(_) => Err(Error::Unreadable("this is no density run".into())),
        }
    }
}
