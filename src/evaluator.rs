//! Measures a run's generators piece by piece, so that training goes on in between: a piece is a few milliseconds, but for the
//! arithmetic at the end.
//!
//! A measurement is of the networks as they were when it began, and has its own noise: measuring never changes a run.

mod codes;
mod outputs;
mod real;
mod task;

use std::collections::VecDeque;

use serde::Serialize;

use codes::Codes;
pub use codes::Recognised;
use outputs::DiscriminatorOutputs;
pub use outputs::{Accuracy, MeanOutput, OutputHistogram};
use real::{Shuffled, count, nearest_train, pixels};
use task::{AVERAGED, EvalTask, RAW};
pub use task::{Reading, Sample};

use crate::classifier::{Classifier, Embedding};
use crate::condition::Condition;
use crate::config::RunConfig;
use crate::coupling::{Agreement, Pairs};
use crate::data::{Images, Part};
use crate::error::Result;
use crate::latent::{Random, Stream};
use crate::metrics::{ImageMetrics, ImageReference, Nearest, Size, memorisation_ratio};
use crate::signals::{self, Signals};
use crate::snapshot::{self, ScoredImages};
use crate::trainer::Trainer;

/// A finished measurement.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Evaluation {
    /// Steps trained when it began.
    pub step: u32,
    /// Generated images.
    pub n: usize,
    /// Numbers of different versions of the classifier do not compare.
    pub classifier: u32,
    pub raw: ImageMetrics,
    pub averaged: ImageMetrics,
    /// The same of real images that no network was trained on.
    pub real_reference: ImageMetrics,
    pub accuracy: Accuracy,
    pub mean_d_output: MeanOutput,
    pub outputs: OutputHistogram,
    /// Mean absolute raw output of D, a logit where D is a probability.
    pub magnitude: f64,
    /// -E log D(G(z)); of a D whose output is no probability, nothing to go by.
    pub g_loss: f64,
    /// See [`memorisation_ratio`]; of the averaged generator.
    pub memorisation_ratio: f64,
    /// Where the averaged generator is asked for classes or codes: whether it draws them.
    pub codes: Option<Recognised>,
    /// Of a coupled pair: whether its images belong together.
    pub agreement: Option<Agreement>,
    pub signals: Signals,
}

/// A measurement that goes on.
struct EvaluationInProgress {
    subject: Trainer,
    /// Noise, images as the classifier sees them, and results, of the raw and of the averaged generator.
    noise: [Random; 2],
    embeddings: [Embedding; 2],
    measures: [ImageMetrics; 2],
    d_outputs: DiscriminatorOutputs,
    codes: Codes,
    pairs: Pairs,
    /// The averaged generator's first images, 784 bytes each, and the training images most like them.
    generated: Vec<u8>,
    nearest: Vec<Nearest>,
    signals: Signals,
    queue: VecDeque<EvalTask>,
    total: usize,
}

/// Measures runs on one data set, at one size.
pub struct Evaluator {
    classifier: Classifier,
    size: Size,
    training: Embedding,
    held_out: Embedding,
    reference: Option<ImageReference>,
    in_progress: Option<EvaluationInProgress>,
    /// What was measured of the run so far, oldest first.
    history: Vec<Evaluation>,
    real: Shuffled,
    /// For some unseen images the most similar of so many training images: of a run, and of the next one if it has as many.
    unseen: (usize, Vec<Nearest>),
}

impl Evaluator {
    pub fn new(classifier: Classifier, size: Size) -> Self {
        Self {
            classifier,
            size,
            training: Embedding::default(),
            held_out: Embedding::default(),
            reference: None,
            in_progress: None,
            history: Vec::new(),
            real: Shuffled::default(),
            unseen: Default::default(),
        }
    }

    /// Begins to measure a run as it is now; what was being measured is forgotten. All images must have arrived.
    pub fn begin(&mut self, trainer: &Trainer) {
        if self.reference.is_none() {
            (self.training, self.held_out) = Default::default();
        }
        let queue = task::all(self.size, trainer.training_images(), self.reference.is_none());
        let used = trainer.training_images();
        if self.unseen.0 != used {
            self.unseen = (used, Vec::new());
        }
        // The same noise for both and at every step: what changes is the generator.
        let noise = Random::new(trainer.config().seed, Stream::Measure);
        self.in_progress = Some(EvaluationInProgress {
            subject: trainer.clone(),
            noise: [noise.clone(), noise],
            embeddings: Default::default(),
            measures: Default::default(),
            d_outputs: DiscriminatorOutputs::default(),
            codes: Codes::default(),
            pairs: Pairs::default(),
            generated: Vec::new(),
            nearest: Vec::new(),
            signals: Signals::default(),
            total: queue.len(),
            queue,
        });
    }

    /// Whether real images have been measured, which is done once.
    pub fn has_reference(&self) -> bool {
        self.reference.is_some()
    }

    /// Another run begins: what was measured before was of another.
    pub fn forget(&mut self) {
        self.in_progress = None;
        self.history.clear();
    }

    /// What was measured of a run, to go on with when that run does.
    pub fn take_history(&mut self) -> Vec<Evaluation> {
        self.in_progress = None;
        std::mem::take(&mut self.history)
    }

    /// A run goes on of which this was measured before.
    pub fn resume(&mut self, history: Vec<Evaluation>) {
        self.in_progress = None;
        self.history = history;
    }

    /// What was measured of the run so far, oldest first.
    pub fn history(&self) -> &[Evaluation] {
        &self.history
    }

    /// Pieces done and pieces in all of what is being measured.
    pub fn progress(&self) -> Option<(usize, usize)> {
        self.in_progress.as_ref().map(|m| (m.total - m.queue.len(), m.total))
    }

    /// Queues on the device what the next piece has to read from it; None where it reads nothing.
    pub fn sample(&mut self, images: &Images) -> Option<Reading> {
        let Self { in_progress, real, .. } = self;
        let EvaluationInProgress { subject, noise, queue, .. } = in_progress.as_mut()?;
        match *queue.front()? {
            EvalTask::Generate(RAW) => Some(Reading::Images(snapshot::generated(subject, subject.generator(), &mut noise[RAW]))),
            EvalTask::Generate(_) => {
                Some(Reading::Images(snapshot::generated(subject, subject.averaged(), &mut noise[AVERAGED])))
            }
            EvalTask::Discriminate(part, i) => {
                // The images that this run is trained on, or those that none is.
                let of = if part == Part::TrainImages { subject.training_images() } else { count(images, part) };
                let (pixels, mut classes) = (real.grid(images, part, of, i), real.classes(images, part, of, i));
                if subject.config().condition == Condition::Coupled {
                    // As they are, all are of the first kind.
                    classes.fill(0);
                }
                Some(Reading::Images(snapshot::score_images(subject, &pixels, &classes)))
            }
            EvalTask::Signals => Some(Reading::Signals(signals::read(subject))),
            EvalTask::Embed(..) | EvalTask::ImageReference | EvalTask::Measure(_) | EvalTask::NearestTrain(_) => None,
        }
    }

    /// Does the next piece with what [`Gauge::sample`] gave for it; the result, when it was the last.
    pub fn advance(&mut self, images: &Images, sample: Option<Sample>) -> Result<Option<Evaluation>> {
        let Some(in_progress) = &mut self.in_progress else { return Ok(None) };
        match (in_progress.queue.pop_front(), sample) {
            (Some(EvalTask::Embed(part, i)), _) => {
                let embeddings = if part == Part::TrainImages { &mut self.training } else { &mut self.held_out };
                embeddings.append(self.classifier.embed(&self.real.grid(images, part, count(images, part), i)));
            }
            (Some(EvalTask::ImageReference), _) => {
                let [mut training, mut held_out] = [&mut self.training, &mut self.held_out].map(std::mem::take);
                [&mut training, &mut held_out].into_iter().for_each(|embeddings| embeddings.truncate(self.size.samples));
                let labels = images.body(Part::TrainLabels);
                self.reference = Some(ImageReference::new(self.size, training, held_out, labels)?);
            }
            (Some(EvalTask::Signals), Some(Sample::Signals(signals))) => in_progress.signals = signals,
            (Some(EvalTask::Discriminate(Part::TrainImages, _)), Some(Sample::Images(j))) => {
                in_progress.d_outputs.training.extend(j.outputs)
            }
            (Some(EvalTask::Discriminate(..)), Some(Sample::Images(j))) => in_progress.d_outputs.held_out.extend(j.outputs),
            (
                Some(EvalTask::Generate(which)),
                Some(Sample::Images(ScoredImages { pixels, outputs, heads, classes, partners })),
            ) => {
                let embeddings = self.classifier.embed(&pixels);
                if which == RAW {
                    in_progress.d_outputs.fake.extend(outputs);
                } else {
                    let RunConfig { condition, coupling, .. } = **in_progress.subject.config();
                    in_progress.codes.add(&classes, &embeddings.classes(), &heads, condition.has_aux_head());
                    in_progress.pairs.add(coupling, &pixels[..partners.len()], &partners);
                    if in_progress.generated.is_empty() {
                        in_progress.generated = pixels;
                    }
                }
                in_progress.embeddings[which].append(embeddings);
            }
            (Some(EvalTask::Measure(which)), _) => {
                let embeddings = &mut in_progress.embeddings[which];
                embeddings.truncate(self.size.samples);
                if let Some(reference) = &self.reference {
                    in_progress.measures[which] = reference.measure(embeddings)?;
                }
            }
            (Some(EvalTask::NearestTrain(i)), _) => {
                let (used, unseen) = &mut self.unseen;
                if unseen.len() <= i {
                    let image = self.real.grid(images, Part::TestImages, count(images, Part::TestImages), 0);
                    unseen.extend(nearest_train(images, *used, pixels(&image, i)));
                }
                in_progress.nearest.extend(nearest_train(images, *used, pixels(&in_progress.generated, i)));
            }
            // A caller that brings the wrong sample, or one too many.
            (Some(EvalTask::Discriminate(..) | EvalTask::Generate(_) | EvalTask::Signals), _) | (None, _) => {}
        }
        let result = self.result();
        self.history.extend(result.clone());
        Ok(result)
    }

    /// A whole measurement in one go.
    pub async fn evaluate(&mut self, trainer: &Trainer, images: &Images) -> Result<Evaluation> {
        self.begin(trainer);
        loop {
            let sample = match self.sample(images) {
                Some(reading) => Some(reading.read().await?),
                None => None,
            };
            if let Some(measured) = self.advance(images, sample)? {
                return Ok(measured);
            }
        }
    }

    /// The measurement, once nothing is left to do.
    fn result(&mut self) -> Option<Evaluation> {
        let EvaluationInProgress { subject, measures: [raw, averaged], d_outputs, codes, pairs, nearest, signals, .. } =
            self.in_progress.take_if(|m| m.queue.is_empty())?;
        let output = subject.config().objective.loss().output;
        Some(Evaluation {
            step: subject.steps(),
            n: self.size.samples,
            classifier: self.classifier.version,
            raw,
            averaged,
            real_reference: self.reference.as_ref()?.real_reference,
            accuracy: d_outputs.accuracy(output),
            mean_d_output: d_outputs.mean_d_output(output),
            outputs: d_outputs.output_histogram(output),
            magnitude: d_outputs.magnitude(),
            g_loss: d_outputs.g_loss(),
            memorisation_ratio: memorisation_ratio(&nearest, &self.unseen.1)?,
            codes: codes.recognised(),
            agreement: pairs.agreement(),
            signals,
        })
    }

    /// What the classifier makes of images, 784 bytes each.
    pub fn classify(&self, pixels: &[u8]) -> Result<Classification> {
        let embeddings = self.classifier.embed(pixels);
        let realism = self.reference.as_ref().map(|r| r.realism(&embeddings)).transpose()?;
        Ok(Classification { classes: embeddings.classes(), realism })
    }
}

/// What the classifier makes of single images.
#[derive(Debug, Clone, PartialEq)]
pub struct Classification {
    /// The likeliest class of each.
    pub classes: Vec<u8>,
    /// How far inside the real distribution each lies, at least 1 if inside; None until real images have been measured.
    pub realism: Option<Vec<f32>>,
}
