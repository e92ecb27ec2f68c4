//! Evaluates G and its EMA in small tasks of a few milliseconds, so that training continues in between. Only the final
//! computation of the metrics takes longer.
//!
//! An evaluation uses copies of the networks from when it began, and its own random stream, so it never changes a run.

mod codes;
mod outputs;
mod real;
mod task;

use std::collections::VecDeque;

use serde::Serialize;

pub use codes::CodeRecognition;
use codes::Codes;
use outputs::DiscriminatorOutputs;
pub use outputs::{Accuracy, MeanOutput, OutputHistogram};
use real::Shuffled;
pub(crate) use real::nearest_train;
use task::{AVERAGED, EvalTask, RAW};
pub use task::{Reading, Sample};

use crate::condition::{Condition, ConditionSpec};
use crate::coupling::{Agreement, Pairs};
use crate::data::{Images, Part};
use crate::error::Result;
use crate::metrics::{Classifier, Embedding};
use crate::metrics::{ImageMetrics, ImageReference, Nearest, Size, memorisation_ratio};
use crate::random::{Random, Stream};
use crate::signals::{self, Signals};
use crate::snapshot::{self, ScoredImages};
use crate::trainer::Trainer;

/// The result of an evaluation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[cfg_attr(not(target_arch = "wasm32"), ts(rename = "ImageEvaluation"))]
pub struct Evaluation {
    /// Step of the run when the evaluation began.
    pub step: u32,
    /// Number of generated images.
    pub n: usize,
    /// Version of the classifier; None if the features are those of a network with random weights, because no
    /// classifier knows the data set. Metrics of different versions or features are not comparable.
    pub classifier: Option<u32>,
    pub raw: ImageMetrics,
    pub averaged: ImageMetrics,
    /// Real-data reference: the same metrics of held-out real images.
    pub real_reference: ImageMetrics,
    pub accuracy: Accuracy,
    pub mean_d_output: MeanOutput,
    pub outputs: OutputHistogram,
    /// Mean absolute output of D before the sigmoid.
    pub magnitude: f64,
    /// -E log D(G(z)). Meaningless if D's output is not a logit.
    pub g_loss: f64,
    /// [`memorisation_ratio`] of the EMA.
    pub memorisation_ratio: f64,
    /// How well the EMA follows classes or codes, in conditional runs.
    pub codes: Option<CodeRecognition>,
    /// Agreement of the two images of a pair, in coupled runs.
    pub agreement: Option<Agreement>,
    pub signals: Signals,
}

/// An evaluation in progress.
struct EvaluationInProgress {
    subject: Trainer,
    /// Noise, embeddings and results of G and of the EMA.
    noise: [Random; 2],
    embeddings: [Embedding; 2],
    measures: [ImageMetrics; 2],
    d_outputs: DiscriminatorOutputs,
    codes: Codes,
    pairs: Pairs,
    /// The first images of the EMA, one byte a value, and their nearest training images.
    generated: Vec<u8>,
    nearest: Vec<Nearest>,
    signals: Signals,
    queue: VecDeque<EvalTask>,
    total: usize,
}

/// Evaluates runs on one data set, with one sample size.
pub struct Evaluator {
    classifier: Classifier,
    size: Size,
    training: Embedding,
    held_out: Embedding,
    reference: Option<ImageReference>,
    in_progress: Option<EvaluationInProgress>,
    /// Evaluations of the run so far, oldest first.
    history: Vec<Evaluation>,
    real: Shuffled,
    /// Number of training images, and the nearest of these to some held-out images. Reused by a next run with the same
    /// number.
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

    /// Begins an evaluation of the run at its current step; discards one in progress. All images must have arrived.
    pub fn begin(&mut self, trainer: &Trainer) {
        if self.reference.is_none() {
            (self.training, self.held_out) = Default::default();
        }
        let queue = task::all(self.size, trainer.training_images(), self.reference.is_none());
        let used = trainer.training_images();
        if self.unseen.0 != used {
            self.unseen = (used, Vec::new());
        }
        // The same noise for G and the EMA and at every step, so that only the generator differs.
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

    /// Whether the real-data reference has been computed, which is done once.
    pub fn has_reference(&self) -> bool {
        self.reference.is_some()
    }

    /// Discards the evaluations, because another run begins.
    pub fn forget(&mut self) {
        self.in_progress = None;
        self.history.clear();
    }

    /// Takes the evaluations out, to be restored by `resume` when their run continues.
    pub fn take_history(&mut self) -> Vec<Evaluation> {
        self.in_progress = None;
        std::mem::take(&mut self.history)
    }

    /// Restores the evaluations of a run that continues.
    pub fn resume(&mut self, history: Vec<Evaluation>) {
        self.in_progress = None;
        self.history = history;
    }

    /// Evaluations of the run so far, oldest first.
    pub fn history(&self) -> &[Evaluation] {
        &self.history
    }

    /// Tasks done and total of the evaluation in progress.
    pub fn progress(&self) -> Option<(usize, usize)> {
        self.in_progress.as_ref().map(|m| (m.total - m.queue.len(), m.total))
    }

    /// Queues the device work and read-back of the next task; None if it needs none.
    pub fn sample(&mut self, images: &Images) -> Option<Reading> {
        let Self { in_progress, real, .. } = self;
        let EvaluationInProgress { subject, noise, queue, .. } = in_progress.as_mut()?;
        match *queue.front()? {
            EvalTask::Generate(RAW) => {
                Some(Reading::Images(snapshot::generated(subject, subject.generator(), &mut noise[RAW])))
            }
            EvalTask::Generate(_) => {
                Some(Reading::Images(snapshot::generated(subject, subject.averaged(), &mut noise[AVERAGED])))
            }
            EvalTask::Discriminate(part, i) => {
                // The run's training images, or the held-out ones.
                let of = if part == Part::TrainImages { subject.training_images() } else { images.count(part) };
                let (pixels, mut classes) = (real.grid(images, part, of, i), real.classes(images, part, of, i));
                if subject.config().condition.condition == Condition::Coupled {
                    // Unconverted images are all of the first domain.
                    classes.fill(0);
                }
                Some(Reading::Images(snapshot::score_images(subject, &pixels, &classes)))
            }
            EvalTask::Signals => Some(Reading::Signals(signals::read(subject))),
            EvalTask::Embed(..) | EvalTask::ImageReference | EvalTask::Measure(_) | EvalTask::NearestTrain(_) => None,
        }
    }

    /// Runs the next task on the values read for it by [`Evaluator::sample`]. Returns the result after the last task.
    pub fn advance(&mut self, images: &Images, sample: Option<Sample>) -> Result<Option<Evaluation>> {
        let Some(in_progress) = &mut self.in_progress else { return Ok(None) };
        match (in_progress.queue.pop_front(), sample) {
            (Some(EvalTask::Embed(part, i)), _) => {
                let embeddings = if part == Part::TrainImages { &mut self.training } else { &mut self.held_out };
                embeddings.append(self.classifier.embed(&self.real.grid(images, part, images.count(part), i)));
            }
            (Some(EvalTask::ImageReference), _) => {
                let [mut training, mut held_out] = [&mut self.training, &mut self.held_out].map(std::mem::take);
                [&mut training, &mut held_out]
                    .into_iter()
                    .for_each(|embeddings| embeddings.truncate(self.size.samples));
                self.classifier.calibrate([&mut training, &mut held_out]);
                let labels = images.body(Part::TrainLabels);
                self.reference = Some(ImageReference::new(self.size, training, held_out, labels)?);
            }
            (Some(EvalTask::Signals), Some(Sample::Signals(signals))) => in_progress.signals = signals,
            (Some(EvalTask::Discriminate(Part::TrainImages, _)), Some(Sample::Images(j))) => {
                in_progress.d_outputs.training.extend(j.outputs)
            }
            (Some(EvalTask::Discriminate(..)), Some(Sample::Images(j))) => {
                in_progress.d_outputs.held_out.extend(j.outputs)
            }
            (
                Some(EvalTask::Generate(which)),
                Some(Sample::Images(ScoredImages { pixels, outputs, heads, classes, partners })),
            ) => {
                let embeddings = self.classifier.embed(&pixels);
                if which == RAW {
                    in_progress.d_outputs.fake.extend(outputs);
                } else {
                    let ConditionSpec { condition, coupling, .. } = in_progress.subject.config().condition;
                    let values = in_progress.subject.config().code().one_hot();
                    let predicted = condition.has_aux_head().then_some(values);
                    in_progress.codes.add(&classes, &embeddings.classes(), &heads, predicted);
                    in_progress.pairs.add(
                        coupling,
                        in_progress.subject.config().shape(),
                        &pixels[..partners.len()],
                        &partners,
                    );
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
                    let image = self.real.grid(images, Part::TestImages, images.count(Part::TestImages), 0);
                    unseen.extend(nearest_train(images, *used, images.shape().nth(&image, i)));
                }
                in_progress.nearest.extend(nearest_train(images, *used, images.shape().nth(&in_progress.generated, i)));
            }
            // The caller passed a sample of another task, or after the last one.
            (Some(EvalTask::Discriminate(..) | EvalTask::Generate(_) | EvalTask::Signals), _) | (None, _) => {}
        }
        let result = self.result();
        self.history.extend(result.clone());
        Ok(result)
    }

    /// Runs a whole evaluation.
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

    /// The result, once no task is left.
    fn result(&mut self) -> Option<Evaluation> {
        let EvaluationInProgress {
            subject, measures: [raw, averaged], d_outputs, codes, pairs, nearest, signals, ..
        } = self.in_progress.take_if(|m| m.queue.is_empty())?;
        let output = subject.config().loss.objective.loss().output;
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

    /// Class and realism of images, one byte a value.
    pub fn classify(&self, pixels: &[u8]) -> Result<Classification> {
        let embeddings = self.classifier.embed(pixels);
        let realism = self.reference.as_ref().map(|r| r.realism(&embeddings)).transpose()?;
        Ok(Classification { classes: embeddings.classes(), realism })
    }
}

/// Class and realism of single images.
#[derive(Debug, Clone, PartialEq)]
pub struct Classification {
    /// Most likely class of each image; empty without a classifier.
    pub classes: Vec<u8>,
    /// Realism of each image, at least 1 inside the real distribution; None before the real-data reference has been
    /// computed.
    pub realism: Option<Vec<f32>>,
}
