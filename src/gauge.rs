//! Measures a run's generators piece by piece, so that training goes on in between: a piece is a few milliseconds, but for the
//! arithmetic at the end.
//!
//! A measurement is of the networks as they were when it began, and has its own noise: measuring never changes a run.

use std::collections::VecDeque;

use serde::Serialize;

use crate::classifier::{Classifier, Looks};
use crate::data::{Images, Part};
use crate::error::Result;
use crate::latent::{Random, Stream};
use crate::measure::{Measures, Reference, Size};
use crate::nets::PIXELS;
use crate::signals::{self, Signals};
use crate::snapshot::{self, GRID, Judged};
use crate::trainer::Trainer;

/// Grids of real images of each kind that D is asked about: 256 images, so that a share is known to 3 %.
const JUDGED: usize = 4;

/// The two generators of a run, as indices.
const RAW: usize = 0;
const AVERAGED: usize = 1;

/// What is to be done next; `i` counts grids of 64 images.
#[derive(Debug, Clone, Copy)]
enum Piece {
    /// The classifier looks at real images.
    Look(Part, usize),
    /// The arithmetic over real images.
    Reference,
    /// How strongly the layers are pulled.
    Signals,
    /// D looks at real images.
    Judge(Part, usize),
    /// A generator draws; D and the classifier look.
    Draw(usize),
    /// The arithmetic over a generator's images.
    Measure(usize),
}

/// The share of the images of each kind that D takes for what they are, at the threshold 1/2. A D that is much better on images it
/// was trained on than on others has learnt them by heart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Accuracy {
    pub training: f64,
    pub held_out: f64,
    pub fake: f64,
}

/// Mean of D over images of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Opinion {
    pub training: f64,
    pub held_out: f64,
    pub fake: f64,
}

/// A finished measurement.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Measured {
    /// Steps trained when it began.
    pub step: u32,
    /// Generated images.
    pub n: usize,
    /// Numbers of different versions of the classifier do not compare.
    pub classifier: u32,
    pub raw: Measures,
    pub averaged: Measures,
    /// The same of real images that no network was trained on.
    pub floor: Measures,
    pub accuracy: Accuracy,
    pub opinion: Opinion,
    pub signals: Signals,
}

/// What a piece has to read from the device.
pub enum Reading {
    Judged(snapshot::Reading),
    Signals(signals::Reading),
}

/// What it read.
pub enum Sample {
    Judged(Judged),
    Signals(Signals),
}

impl Reading {
    pub async fn read(self) -> Result<Sample> {
        match self {
            Reading::Judged(reading) => reading.await.map(Sample::Judged),
            Reading::Signals(reading) => reading.await.map(Sample::Signals),
        }
    }
}

/// A measurement that goes on.
struct Measuring {
    subject: Trainer,
    /// Noise, images as the classifier sees them, and results, of the raw and of the averaged generator.
    noise: [Random; 2],
    looks: [Looks; 2],
    measures: [Measures; 2],
    accuracy: Accuracy,
    opinion: Opinion,
    signals: Signals,
    queue: VecDeque<Piece>,
    total: usize,
}

/// Measures runs on one data set, at one size.
pub struct Gauge {
    classifier: Classifier,
    size: Size,
    training: Looks,
    held_out: Looks,
    reference: Option<Reference>,
    measuring: Option<Measuring>,
    /// What was measured of the run so far, oldest first.
    history: Vec<Measured>,
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
        }
    }

    /// Begins to measure a run as it is now; what was being measured is forgotten. All images must have arrived.
    pub fn begin(&mut self, trainer: &Trainer) {
        let grids = self.size.samples.div_ceil(GRID);
        let mut queue = VecDeque::new();
        if self.reference.is_none() {
            (self.training, self.held_out) = Default::default();
            let both = [Part::TrainImages, Part::TestImages];
            queue.extend(both.into_iter().flat_map(|part| (0..grids).map(move |i| Piece::Look(part, i))));
            queue.push_back(Piece::Reference);
        }
        queue.push_back(Piece::Signals);
        for part in [Part::TrainImages, Part::TestImages] {
            queue.extend((0..JUDGED).map(|i| Piece::Judge(part, i)));
        }
        for which in [RAW, AVERAGED] {
            queue.extend((0..grids).map(|_| Piece::Draw(which)));
            queue.push_back(Piece::Measure(which));
        }
        // The same noise for both and at every step: what changes is the generator.
        let noise = Random::new(trainer.config().seed, Stream::Measure);
        self.measuring = Some(Measuring {
            subject: trainer.clone(),
            noise: [noise.clone(), noise],
            looks: Default::default(),
            measures: Default::default(),
            accuracy: Accuracy::default(),
            opinion: Opinion::default(),
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
        self.measuring = None;
        self.history.clear();
    }

    /// What was measured of the run so far, oldest first.
    pub fn history(&self) -> &[Measured] {
        &self.history
    }

    /// Pieces done and pieces in all of what is being measured.
    pub fn progress(&self) -> Option<(usize, usize)> {
        self.measuring.as_ref().map(|m| (m.total - m.queue.len(), m.total))
    }

    /// Queues on the device what the next piece has to read from it; None where it reads nothing.
    pub fn sample(&mut self, images: &Images) -> Option<Reading> {
        let Measuring { subject, noise, queue, .. } = self.measuring.as_mut()?;
        match *queue.front()? {
            Piece::Draw(RAW) => Some(Reading::Judged(snapshot::generated(subject, subject.generator(), &mut noise[RAW]))),
            Piece::Draw(_) => Some(Reading::Judged(snapshot::generated(subject, subject.averaged(), &mut noise[AVERAGED]))),
            Piece::Judge(part, i) => Some(Reading::Judged(snapshot::judged(subject, &grid(images, part, i)))),
            Piece::Signals => Some(Reading::Signals(signals::read(subject))),
            Piece::Look(..) | Piece::Reference | Piece::Measure(_) => None,
        }
    }

    /// Does the next piece with what [`Gauge::sample`] gave for it; the result, when it was the last.
    pub fn advance(&mut self, images: &Images, sample: Option<Sample>) -> Result<Option<Measured>> {
        let Some(measuring) = &mut self.measuring else { return Ok(None) };
        match (measuring.queue.pop_front(), sample) {
            (Some(Piece::Look(part, i)), _) => {
                let looks = if part == Part::TrainImages { &mut self.training } else { &mut self.held_out };
                looks.append(self.classifier.look(&grid(images, part, i)));
            }
            (Some(Piece::Reference), _) => {
                let [mut training, mut held_out] = [&mut self.training, &mut self.held_out].map(std::mem::take);
                [&mut training, &mut held_out].into_iter().for_each(|looks| looks.truncate(self.size.samples));
                let labels = images.body(Part::TrainLabels);
                self.reference = Some(Reference::new(self.size, training, held_out, labels)?);
            }
            (Some(Piece::Signals), Some(Sample::Signals(signals))) => measuring.signals = signals,
            (Some(Piece::Judge(part, _)), Some(Sample::Judged(judged))) => measuring.note_real(part, &judged.scores),
            (Some(Piece::Draw(which)), Some(Sample::Judged(Judged { pixels, scores }))) => {
                measuring.looks[which].append(self.classifier.look(&pixels));
                if which == RAW {
                    measuring.note_fake(&scores, self.size.samples.div_ceil(GRID));
                }
            }
            (Some(Piece::Measure(which)), _) => {
                let looks = &mut measuring.looks[which];
                looks.truncate(self.size.samples);
                if let Some(reference) = &self.reference {
                    measuring.measures[which] = reference.measure(looks)?;
                }
            }
            // A caller that brings the wrong sample, or one too many.
            (Some(Piece::Judge(..) | Piece::Draw(_) | Piece::Signals), _) | (None, _) => {}
        }
        let result = self.result();
        self.history.extend(result.clone());
        Ok(result)
    }

    /// The measurement, once nothing is left to do.
    fn result(&mut self) -> Option<Measured> {
        let Measuring { subject, measures: [raw, averaged], accuracy, opinion, signals, .. } =
            self.measuring.take_if(|m| m.queue.is_empty())?;
        let floor = self.reference.as_ref()?.floor;
        let (step, n, classifier) = (subject.steps(), self.size.samples, self.classifier.version);
        Some(Measured { step, n, classifier, raw, averaged, floor, accuracy, opinion, signals })
    }
}

impl Measuring {
    /// D's probabilities of a grid of real images.
    fn note_real(&mut self, part: Part, scores: &[f32]) {
        let (accuracy, opinion) = match part {
            Part::TrainImages => (&mut self.accuracy.training, &mut self.opinion.training),
            _ => (&mut self.accuracy.held_out, &mut self.opinion.held_out),
        };
        *accuracy += share(scores, |p| p > 0.5) / JUDGED as f64;
        *opinion += mean(scores) / JUDGED as f64;
    }

    /// D's probabilities of one of so many grids of forged images.
    fn note_fake(&mut self, scores: &[f32], grids: usize) {
        self.accuracy.fake += share(scores, |p| p <= 0.5) / grids as f64;
        self.opinion.fake += mean(scores) / grids as f64;
    }
}

/// The `i`-th grid of a part's images in a random order, which is the same each time: files are not shuffled (the first half of
/// MNIST's test set is easier than the second).
fn grid(images: &Images, part: Part, i: usize) -> Vec<u8> {
    let body = images.body(part);
    let mut order: Vec<usize> = (0..body.len() / PIXELS).collect();
    Random::new(0, Stream::Measure).shuffle(&mut order);
    order.iter().skip(i * GRID).take(GRID).flat_map(|&k| &body[k * PIXELS..(k + 1) * PIXELS]).copied().collect()
}

fn share(scores: &[f32], is: impl Fn(f32) -> bool) -> f64 {
    scores.iter().filter(|&&p| is(p)).count() as f64 / scores.len().max(1) as f64
}

fn mean(scores: &[f32]) -> f64 {
    scores.iter().map(|&p| f64::from(p)).sum::<f64>() / scores.len().max(1) as f64
}
