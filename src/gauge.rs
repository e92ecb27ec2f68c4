//! Evaluates G and its EMA in small tasks of a few milliseconds, so that training continues in between. Only the final
//! computation of the metrics takes longer.
//!
//! An evaluation uses copies of the networks from when it began, and its own random stream, so it never changes a run.

mod codes;
mod judgement;
mod piece;
mod real;

use std::collections::VecDeque;

use serde::Serialize;

use codes::Codes;
pub use codes::Recognised;
use judgement::Judgement;
pub use judgement::{Accuracy, Opinion, Spread};
use piece::{AVERAGED, Piece, RAW};
pub use piece::{Reading, Sample};
use real::{Shuffled, copied, count, pixels};

use crate::classifier::{Classifier, Looks};
use crate::condition::Condition;
use crate::config::RunConfig;
use crate::coupling::{Agreement, Pairs};
use crate::data::{Images, Part};
use crate::error::Result;
use crate::latent::{Random, Stream};
use crate::measure::{Measures, Nearest, Reference, Size, memorisation_ratio};
use crate::signals::{self, Signals};
use crate::snapshot::{self, Judged};
use crate::trainer::Trainer;

/// The result of an evaluation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Measured {
    /// Step of the run when the evaluation began.
    pub step: u32,
    /// Number of generated images.
    pub n: usize,
    /// Version of the classifier. Metrics of different versions are not comparable.
    pub classifier: u32,
    pub raw: Measures,
    pub averaged: Measures,
    /// Real-data reference: the same metrics of held-out real images.
    pub floor: Measures,
    pub accuracy: Accuracy,
    pub opinion: Opinion,
    pub outputs: Spread,
    /// Mean absolute output of D before the sigmoid.
    pub magnitude: f64,
    /// -E log D(G(z)). Meaningless if D's output is not a logit.
    pub g_loss: f64,
    /// [`memorisation_ratio`] of the EMA.
    pub copying: f64,
    /// How well the EMA follows classes or codes, in conditional runs.
    pub codes: Option<Recognised>,
    /// Agreement of the two images of a pair, in coupled runs.
    pub agreement: Option<Agreement>,
    pub signals: Signals,
}

/// An evaluation in progress.
struct Measuring {
    subject: Trainer,
    /// Noise, embeddings and results of G and of the EMA.
    noise: [Random; 2],
    looks: [Looks; 2],
    measures: [Measures; 2],
    judgement: Judgement,
    codes: Codes,
    pairs: Pairs,
    /// The first images of the EMA, 784 bytes each, and their nearest training images.
    forged: Vec<u8>,
    nearest: Vec<Nearest>,
    signals: Signals,
    queue: VecDeque<Piece>,
    total: usize,
}

/// Evaluates runs on one data set, with one sample size.
pub struct Gauge {
    classifier: Classifier,
    size: Size,
    training: Looks,
    held_out: Looks,
    reference: Option<Reference>,
    measuring: Option<Measuring>,
    /// Evaluations of the run so far, oldest first.
    history: Vec<Measured>,
    real: Shuffled,
    /// Number of training images, and the nearest of these to some held-out images. Reused by a next run with the same
    /// number.
    unseen: (usize, Vec<Nearest>),
}

impl Gauge {
    pub fn new(classifier: Classifier, size: Size) -> Self {
        Self {
            classifier,
            size,
            training: Looks::default(),
            held_out: Looks::default(),
            reference: None,
            measuring: None,
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
        let queue = piece::all(self.size, trainer.training_images(), self.reference.is_none());
        let used = trainer.training_images();
        if self.unseen.0 != used {
            self.unseen = (used, Vec::new());
        }
        // The same noise for G and the EMA and at every step, so that only the generator differs.
        let noise = Random::new(trainer.config().seed, Stream::Measure);
        self.measuring = Some(Measuring {
            subject: trainer.clone(),
            noise: [noise.clone(), noise],
            looks: Default::default(),
            measures: Default::default(),
            judgement: Judgement::default(),
            codes: Codes::default(),
            pairs: Pairs::default(),
            forged: Vec::new(),
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
        self.measuring = None;
        self.history.clear();
    }

    /// Takes the evaluations out, to be restored by `resume` when their run continues.
    pub fn take_history(&mut self) -> Vec<Measured> {
        self.measuring = None;
        std::mem::take(&mut self.history)
    }

    /// Restores the evaluations of a run that continues.
    pub fn resume(&mut self, history: Vec<Measured>) {
        self.measuring = None;
        self.history = history;
    }

    /// Evaluations of the run so far, oldest first.
    pub fn history(&self) -> &[Measured] {
        &self.history
    }

    /// Tasks done and total of the evaluation in progress.
    pub fn progress(&self) -> Option<(usize, usize)> {
        self.measuring.as_ref().map(|m| (m.total - m.queue.len(), m.total))
    }

    /// Queues the device work and read-back of the next task; None if it needs none.
    pub fn sample(&mut self, images: &Images) -> Option<Reading> {
        let Self { measuring, real, .. } = self;
        let Measuring { subject, noise, queue, .. } = measuring.as_mut()?;
        match *queue.front()? {
            Piece::Draw(RAW) => Some(Reading::Judged(snapshot::generated(subject, subject.generator(), &mut noise[RAW]))),
            Piece::Draw(_) => Some(Reading::Judged(snapshot::generated(subject, subject.averaged(), &mut noise[AVERAGED]))),
            Piece::Judge(part, i) => {
                // The run's training images, or the held-out ones.
                let of = if part == Part::TrainImages { subject.training_images() } else { count(images, part) };
                let (pixels, mut classes) = (real.grid(images, part, of, i), real.classes(images, part, of, i));
                if subject.config().condition == Condition::Coupled {
                    // Unconverted images are all of the first domain.
                    classes.fill(0);
                }
                Some(Reading::Judged(snapshot::judged(subject, &pixels, &classes)))
            }
            Piece::Signals => Some(Reading::Signals(signals::read(subject))),
            Piece::Look(..) | Piece::Reference | Piece::Measure(_) | Piece::Copies(_) => None,
        }
    }

    /// Runs the next task on the values read for it by [`Gauge::sample`]. Returns the result after the last task.
    pub fn advance(&mut self, images: &Images, sample: Option<Sample>) -> Result<Option<Measured>> {
        let Some(measuring) = &mut self.measuring else { return Ok(None) };
        match (measuring.queue.pop_front(), sample) {
            (Some(Piece::Look(part, i)), _) => {
                let looks = if part == Part::TrainImages { &mut self.training } else { &mut self.held_out };
                looks.append(self.classifier.look(&self.real.grid(images, part, count(images, part), i)));
            }
            (Some(Piece::Reference), _) => {
                let [mut training, mut held_out] = [&mut self.training, &mut self.held_out].map(std::mem::take);
                [&mut training, &mut held_out].into_iter().for_each(|looks| looks.truncate(self.size.samples));
                let labels = images.body(Part::TrainLabels);
                self.reference = Some(Reference::new(self.size, training, held_out, labels)?);
            }
            (Some(Piece::Signals), Some(Sample::Signals(signals))) => measuring.signals = signals,
            (Some(Piece::Judge(Part::TrainImages, _)), Some(Sample::Judged(j))) => measuring.judgement.training.extend(j.outputs),
            (Some(Piece::Judge(..)), Some(Sample::Judged(j))) => measuring.judgement.held_out.extend(j.outputs),
            (Some(Piece::Draw(which)), Some(Sample::Judged(Judged { pixels, outputs, heads, classes, partners }))) => {
                let looks = self.classifier.look(&pixels);
                if which == RAW {
                    measuring.judgement.fake.extend(outputs);
                } else {
                    let RunConfig { condition, coupling, .. } = **measuring.subject.config();
                    measuring.codes.add(&classes, &looks.classes(), &heads, condition.recognises());
                    measuring.pairs.add(coupling, &pixels[..partners.len()], &partners);
                    if measuring.forged.is_empty() {
                        measuring.forged = pixels;
                    }
                }
                measuring.looks[which].append(looks);
            }
            (Some(Piece::Measure(which)), _) => {
                let looks = &mut measuring.looks[which];
                looks.truncate(self.size.samples);
                if let Some(reference) = &self.reference {
                    measuring.measures[which] = reference.measure(looks)?;
                }
            }
            (Some(Piece::Copies(i)), _) => {
                let (used, unseen) = &mut self.unseen;
                if unseen.len() <= i {
                    let image = self.real.grid(images, Part::TestImages, count(images, Part::TestImages), 0);
                    unseen.extend(copied(images, *used, pixels(&image, i)));
                }
                measuring.nearest.extend(copied(images, *used, pixels(&measuring.forged, i)));
            }
            // The caller passed a sample of another task, or after the last one.
            (Some(Piece::Judge(..) | Piece::Draw(_) | Piece::Signals), _) | (None, _) => {}
        }
        let result = self.result();
        self.history.extend(result.clone());
        Ok(result)
    }

    /// Runs a whole evaluation.
    pub async fn measure(&mut self, trainer: &Trainer, images: &Images) -> Result<Measured> {
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
    fn result(&mut self) -> Option<Measured> {
        let Measuring { subject, measures: [raw, averaged], judgement, codes, pairs, nearest, signals, .. } =
            self.measuring.take_if(|m| m.queue.is_empty())?;
        let output = subject.config().objective.game().output;
        Some(Measured {
            step: subject.steps(),
            n: self.size.samples,
            classifier: self.classifier.version,
            raw,
            averaged,
            floor: self.reference.as_ref()?.floor,
            accuracy: judgement.accuracy(output),
            opinion: judgement.opinion(output),
            outputs: judgement.spread(output),
            magnitude: judgement.magnitude(),
            g_loss: judgement.g_loss(),
            copying: memorisation_ratio(&nearest, &self.unseen.1)?,
            codes: codes.recognised(),
            agreement: pairs.agreement(),
            signals,
        })
    }

    /// Class and realism of images, 784 bytes each.
    pub fn marks(&self, pixels: &[u8]) -> Result<Marks> {
        let looks = self.classifier.look(pixels);
        let realism = self.reference.as_ref().map(|r| r.realism(&looks)).transpose()?;
        Ok(Marks { classes: looks.classes(), realism })
    }
}

/// Class and realism of single images.
#[derive(Debug, Clone, PartialEq)]
pub struct Marks {
    /// Most likely class of each image.
    pub classes: Vec<u8>,
    /// Realism of each image, at least 1 inside the real distribution; None before the real-data reference has been
    /// computed.
    pub realism: Option<Vec<f32>>,
}
