//! The tasks of an evaluation, each short enough for a frame of the page.

use std::collections::VecDeque;

use crate::data::Part;
use crate::error::Result;
use crate::metrics::Size;
use crate::signals::{self, Signals};
use crate::snapshot::{self, GRID, ScoredImages};

/// Number of grids of training and of held-out images for D's accuracy: 256 images give a standard error of 3 %.
const JUDGED: usize = 4;

/// Indices of G and its EMA.
pub const RAW: usize = 0;
pub const AVERAGED: usize = 1;

/// A task; `i` counts grids of 64 images.
#[derive(Debug, Clone, Copy)]
pub enum EvalTask {
    /// Embeds real images.
    Embed(Part, usize),
    /// Computes the real-data reference.
    ImageReference,
    /// Reads gradient statistics of the layers.
    Signals,
    /// Runs D on real images.
    Discriminate(Part, usize),
    /// Generates images and runs D and the classifier on them.
    Generate(usize),
    /// Computes the metrics of a generator's images.
    Measure(usize),
    /// Finds the nearest training images of a held-out and of a fake image.
    NearestTrain(usize),
}

/// All tasks of an evaluation. `training` is the number of training images; `reference` is whether the real-data
/// reference has to be computed first.
pub fn all(size: Size, training: usize, reference: bool) -> VecDeque<EvalTask> {
    let grids = size.samples.div_ceil(GRID);
    let mut queue = VecDeque::new();
    let parts = [Part::TrainImages, Part::TestImages];
    if reference {
        queue.extend(parts.into_iter().flat_map(|part| (0..grids).map(move |i| EvalTask::Embed(part, i))));
        queue.push_back(EvalTask::ImageReference);
    }
    queue.push_back(EvalTask::Signals);
    for part in parts {
        // A run may be trained on fewer images than that, and fewer may be held out.
        let there = if part == Part::TrainImages { training.div_ceil(GRID) } else { grids };
        queue.extend((0..JUDGED.min(there)).map(|i| EvalTask::Discriminate(part, i)));
    }
    for which in [RAW, AVERAGED] {
        queue.extend((0..grids).map(|_| EvalTask::Generate(which)));
        queue.push_back(EvalTask::Measure(which));
    }
    queue.extend((0..size.copies).map(EvalTask::NearestTrain));
    queue
}

/// A pending read-back for a task.
pub enum Reading {
    Images(snapshot::Reading),
    Signals(signals::Reading),
}

/// The values read.
pub enum Sample {
    Images(ScoredImages),
    Signals(Signals),
}

impl Reading {
    pub async fn read(self) -> Result<Sample> {
        match self {
            Reading::Images(reading) => reading.await.map(Sample::Images),
            Reading::Signals(reading) => reading.await.map(Sample::Signals),
        }
    }
}
