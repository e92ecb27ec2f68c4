//! The pieces that a measurement is cut into, each short enough for a frame of the page.

use std::collections::VecDeque;

use crate::data::Part;
use crate::error::Result;
use crate::metrics::Size;
use crate::signals::{self, Signals};
use crate::snapshot::{self, GRID, ScoredImages};

/// Grids of real images of each kind that D is asked about: 256 images, so that a share is known to 3 %.
const JUDGED: usize = 4;

/// The two generators of a run, as indices.
pub const RAW: usize = 0;
pub const AVERAGED: usize = 1;

/// What is to be done next; `i` counts grids of 64 images.
#[derive(Debug, Clone, Copy)]
pub enum EvalTask {
    /// The classifier looks at real images.
    Embed(Part, usize),
    /// The arithmetic over real images.
    ImageReference,
    /// How strongly the layers are pulled.
    Signals,
    /// D looks at real images.
    Discriminate(Part, usize),
    /// A generator draws; D and the classifier look.
    Generate(usize),
    /// The arithmetic over a generator's images.
    Measure(usize),
    /// The training images most like one unseen image, and one forged.
    NearestTrain(usize),
}

/// All of a measurement. `training` is the number of images that the run is trained on; `reference` is whether real images have to be
/// measured first.
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
        // A run may be trained on fewer images than that.
        let there = if part == Part::TrainImages { training.div_ceil(GRID) } else { JUDGED };
        queue.extend((0..JUDGED.min(there)).map(|i| EvalTask::Discriminate(part, i)));
    }
    for which in [RAW, AVERAGED] {
        queue.extend((0..grids).map(|_| EvalTask::Generate(which)));
        queue.push_back(EvalTask::Measure(which));
    }
    queue.extend((0..size.copies).map(EvalTask::NearestTrain));
    queue
}

/// What a piece has to read from the device.
pub enum Reading {
    Images(snapshot::Reading),
    Signals(signals::Reading),
}

/// What it read.
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
