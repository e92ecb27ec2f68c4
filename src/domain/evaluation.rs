//! Evaluation and diagnosis of a run on images or on a density.

use serde::Serialize;

use super::{Domain, Pending};
use crate::config::RunConfig;
use crate::data::PointSet;
use crate::diagnosis::{DensityHistory, DensityObservation, Diagnosis, diagnose};
use crate::error::{Error, Result};
use crate::evaluator::{self, Evaluation as ImageEvaluation};
use crate::metrics::{DensityEvaluation, DensityReference};
use crate::snapshot::{self, Sampled};
use crate::trainer::Trainer;

/// The result of an evaluation, as the page shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "type")]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub enum Evaluation {
    Images(Box<ImageEvaluation>),
    Density(Box<DensityEvaluation>),
}

/// The result of an evaluation, as the diagnosis uses it.
pub enum Observation {
    Images(Box<ImageEvaluation>),
    Density(Box<DensityObservation>),
}

impl Observation {
    /// What the page shows of it.
    pub fn evaluation(&self) -> Evaluation {
        match self {
            Self::Images(evaluation) => Evaluation::Images(evaluation.clone()),
            Self::Density(observation) => Evaluation::Density(Box::new(observation.metrics.clone())),
        }
    }
}

/// The evaluations of a run so far.
#[derive(Default)]
pub struct History {
    images: Vec<ImageEvaluation>,
    density: DensityHistory,
}

impl History {
    pub fn record(&mut self, observation: Observation) {
        match observation {
            Observation::Images(evaluation) => self.images.push(*evaluation),
            Observation::Density(observation) => self.density.record(*observation),
        }
    }

    pub fn diagnose(&self, domain: &Domain, config: &RunConfig) -> Diagnosis {
        match domain {
            Domain::Images(_) => diagnose(&self.images, config),
            Domain::Density(_) => self.density.diagnose(config),
        }
    }
}

/// Evaluates runs in tasks: [`Evaluator::begin`], then [`Evaluator::sample`] and [`Evaluator::advance`] in turn until
/// there is a result.
pub enum Evaluator {
    Images(Box<evaluator::Evaluator>),
    Density(Box<DensityEvaluator>),
}

/// Values that were read for a task.
pub enum Sample {
    Images(evaluator::Sample),
    Density(Sampled),
}

impl Evaluator {
    /// Begins an evaluation of a run at its current step; discards one in progress. On a density it is of the EMA if
    /// `averaged`; on images it is of both.
    pub fn begin(&mut self, run: &Trainer, averaged: bool) {
        match self {
            Self::Images(evaluator) => evaluator.begin(run),
            Self::Density(evaluator) => evaluator.subject = Some((run.clone(), averaged)),
        }
    }

    /// Discards the evaluation in progress.
    pub fn cancel(&mut self) {
        match self {
            Self::Images(evaluator) => evaluator.cancel(),
            Self::Density(evaluator) => evaluator.subject = None,
        }
    }

    /// Queues the device work and read-back of the next task; None if it needs none.
    pub fn sample(&mut self, domain: &Domain) -> Option<Pending<Sample>> {
        match (self, domain) {
            (Self::Images(evaluator), Domain::Images(images)) => {
                let reading = evaluator.sample(&images.borrow())?;
                Some(Box::pin(async move { reading.read().await.map(Sample::Images) }))
            }
            (Self::Density(evaluator), Domain::Density(points)) => {
                let (run, averaged) = evaluator.subject.as_ref()?;
                let sampled = snapshot::sampled(run, points, *averaged);
                Some(Box::pin(async move { sampled.await.map(Sample::Density) }))
            }
            _ => None,
        }
    }

    /// Runs the next task on the values read for it. Returns the result after the last task.
    pub fn advance(&mut self, domain: &Domain, sample: Option<Sample>) -> Result<Option<Observation>> {
        match (self, domain, sample) {
            (Self::Images(evaluator), Domain::Images(images), sample) => {
                let sample =
                    sample.and_then(|sample| if let Sample::Images(read) = sample { Some(read) } else { None });
                let found = evaluator.advance(&images.borrow(), sample)?;
                Ok(found.map(|evaluation| Observation::Images(Box::new(evaluation))))
            }
            (Self::Density(evaluator), Domain::Density(_), Some(Sample::Density(sample))) => {
                evaluator.subject = None;
                let observation = DensityObservation::new(&sample, &evaluator.reference)?;
                Ok(Some(Observation::Density(Box::new(observation))))
            }
            _ => Err(Error::Unreadable("the evaluator is of another kind of data".into())),
        }
    }

    /// Tasks done and in all; (1, 1) if no evaluation is in progress.
    pub fn progress(&self) -> (usize, usize) {
        match self {
            Self::Images(evaluator) => evaluator.progress().unwrap_or((1, 1)),
            Self::Density(evaluator) => (usize::from(evaluator.subject.is_none()), 1),
        }
    }
}

/// Evaluates runs on one density, in one task.
pub struct DensityEvaluator {
    reference: DensityReference,
    /// The run that is being evaluated, and whether its EMA is.
    subject: Option<(Trainer, bool)>,
}

impl DensityEvaluator {
    /// Computes the real-data reference; `seed` is the run's.
    pub fn new(points: &PointSet, seed: u32) -> Self {
        Self { reference: DensityReference::new(points.density(), seed), subject: None }
    }
}
