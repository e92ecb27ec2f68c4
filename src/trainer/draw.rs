//! Draws the minibatches and random numbers of a step and adds them to one upload.

use std::ops::Range;

use super::Trainer;
use crate::condition::{Condition, ConditionSpec};
use crate::data::{Images, PointSet};
use crate::error::Result;
use crate::kernels::grey;
use crate::nn::style::Styling;
use crate::nn::{GeneratorSpec, NetworkId};
use crate::random::{Random, StepDraws};
use crate::spec::TrainingSpec;
use crate::tricks::augmentation;
use crate::tricks::replay::ReplayDraw;
use crate::upload::{Drawn, Upload};

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

/// Ranges of the changes of a batch that D sees.
pub struct InputDraw {
    pub noise: Range<usize>,
    pub augmentation: augmentation::Draw,
}

/// Ranges of a D step's data within the upload.
pub struct DDraw {
    pub real: Range<usize>,
    pub z: Range<usize>,
    pub g_noise: Range<usize>,
    pub styling: Styles,
    pub dropout: Range<usize>,
    pub penalty: Range<usize>,
    pub flip: Range<usize>,
    /// Changes of the real and of the fake images.
    pub inputs: [InputDraw; 2],
    pub code_augmentation: augmentation::Draw,
    pub again: Option<ReplayDraw>,
    pub rates: Range<usize>,
}

/// Ranges of a G step's data within the upload.
pub struct GDraw {
    /// Real samples and their changes, if the loss of G needs them.
    pub real: Option<(Range<usize>, InputDraw)>,
    pub z: Range<usize>,
    pub g_noise: Range<usize>,
    pub styling: Styles,
    pub dropout: Range<usize>,
    pub input: InputDraw,
    pub code_augmentation: augmentation::Draw,
    pub rates: Range<usize>,
    pub averaging: Range<usize>,
}

/// A minibatch: real samples and noise, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Minibatch {
    pub real: Vec<f32>,
    pub z: Vec<f32>,
}

/// Ranges of a style generator's noise and style mixing within the upload; empty for other generators.
pub struct Styles {
    /// Number of rows.
    n: usize,
    second: Range<usize>,
    mask: Range<usize>,
    noise: Range<usize>,
}

impl Styles {
    /// Returns these ranges as tensors.
    pub fn of(&self, drawn: &Drawn) -> Styling {
        let rows = |range: &Range<usize>| drawn.rows(range, range.len() / self.n);
        let mixed = (!self.second.is_empty()).then(|| [&self.second, &self.mask].map(rows));
        let noise = (!self.noise.is_empty()).then(|| rows(&self.noise));
        Styling { mixed, noise, truncation: None }
    }
}

impl Trainer {
    /// Returns the minibatch that the next step of a network will use, without changing the run. For G it includes as
    /// many real samples, even if G's loss does not use them.
    pub fn peek<'a>(&self, data: impl Into<Source<'a>>, id: NetworkId) -> Result<Minibatch> {
        let source = data.into();
        self.check_data(source, 1, true)?;
        let (mut next, mut upload) = (self.clone(), Upload::default());
        next.state.steps += 1;
        let mut draws = next.draws();
        let (real, z) = match id {
            NetworkId::Discriminator => {
                let draw = next.draw_for_d(source, &mut draws, &mut upload);
                (draw.real, draw.z)
            }
            NetworkId::Generator => {
                let draw = next.draw_for_g(source, &mut draws, &mut upload);
                let beside = || upload.add(next.real(source, &next.state.sampler.clone().draw(self.spec.batch)));
                (draw.real.map_or_else(beside, |(real, _)| real), draw.z)
            }
        };
        Ok(Minibatch { real: upload.at(&real).to_vec(), z: upload.at(&z).to_vec() })
    }

    pub(super) fn draw_for_d(&mut self, source: Source, draws: &mut StepDraws, upload: &mut Upload) -> DDraw {
        let TrainingSpec { batch: n, tricks, .. } = self.spec;
        let indices = self.state.sampler.draw(n);
        // Fakes get the classes of the real images, so that class frequencies do not tell them apart.
        let input = self.draw_input(self.kinds(source, &indices), draws);
        DDraw {
            real: upload.add(self.real(source, &indices)),
            styling: self.draw_styling(&input, &mut draws.style, upload),
            z: upload.add(input),
            g_noise: self.draw_g_noise(&mut draws.layers, upload),
            dropout: self.draw_dropout(2 * n, &mut draws.dropout, upload),
            penalty: self.draw_for_penalty(&mut draws.penalty, upload),
            flip: tricks.flip.draw(n, &mut draws.augmentation, upload),
            inputs: [0, 1].map(|_| self.draw_for_input(&mut draws.augmentation, upload)),
            code_augmentation: self.draw_for_codes(&mut draws.augmentation, upload),
            again: self.state.old.draw(n, tricks.replay.share, &mut draws.replay),
            rates: upload.add(self.state.d_optimizer.next(self.spec.rates(self.state.steps)[1])),
        }
    }

    pub(super) fn draw_for_g(&mut self, source: Source, draws: &mut StepDraws, upload: &mut Upload) -> GDraw {
        let n = self.spec.batch;
        let indices = self.spec.loss.g_sees_real().then(|| self.state.sampler.draw(n));
        let input = self.draw_input(indices.as_ref().and_then(|i| self.kinds(source, i)), draws);
        GDraw {
            real: indices
                .as_ref()
                .map(|i| (upload.add(self.real(source, i)), self.draw_for_input(&mut draws.augmentation, upload))),
            styling: self.draw_styling(&input, &mut draws.style, upload),
            z: upload.add(input),
            g_noise: self.draw_g_noise(&mut draws.layers, upload),
            dropout: self.draw_dropout(if indices.is_some() { 2 * n } else { n }, &mut draws.dropout, upload),
            input: self.draw_for_input(&mut draws.augmentation, upload),
            code_augmentation: self.draw_for_codes(&mut draws.augmentation, upload),
            rates: upload.add(self.state.g_optimizer.next(self.spec.rates(self.state.steps)[0])),
            averaging: upload.add([self.spec.tricks.ema.newest(self.state.steps) as f32]),
        }
    }

    /// Draws the changes of a batch that D sees.
    fn draw_for_input(&self, rng: &mut Random, upload: &mut Upload) -> InputDraw {
        let TrainingSpec { batch: n, shape, tricks, .. } = self.spec;
        InputDraw {
            noise: tricks.noise.draw(n * shape.values(), self.state.steps, rng, upload),
            augmentation: tricks.augmentation.draw(n, shape.height, rng, upload),
        }
    }

    fn draw_for_codes(&self, rng: &mut Random, upload: &mut Upload) -> augmentation::Draw {
        self.spec.code_augmentation().draw(self.spec.batch, self.spec.shape.height, rng, upload)
    }

    /// Real samples, row by row, converted to their domain in a coupled run.
    fn real(&self, source: Source, indices: &[u32]) -> Vec<f32> {
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
    fn kinds(&self, source: Source, indices: &[u32]) -> Option<Vec<u8>> {
        let Source::Images(images) = source else {
            return self.spec.condition.condition.has_domains().then(|| vec![0; indices.len()]);
        };
        self.spec.condition.condition.kinds(images, indices)
    }

    /// Draws rows of noise and code. The code is that of `classes`, or random without them.
    fn draw_input(&self, classes: Option<Vec<u8>>, draws: &mut StepDraws) -> Vec<f32> {
        let TrainingSpec { prior, batch, generator: GeneratorSpec { latent, .. }, .. } = self.spec;
        let code = self.spec.code();
        let noise = draws.noise.latent(prior, batch, latent);
        let codes: Vec<Vec<f32>> = match classes {
            Some(classes) => classes.into_iter().map(|c| code.code(c)).collect(),
            None => (0..batch).map(|_| code.draw(&mut draws.codes)).collect(),
        };
        let rows: Vec<Vec<f32>> =
            noise.chunks(latent).zip(codes).map(|(noise, code)| [noise, &code].concat()).collect();
        rows.concat()
    }

    /// Draws the noise of a style generator and, for each row of `input`, a second z with the same code and the layer
    /// from which its styles are used (style mixing, Karras et al. 2019).
    fn draw_styling(&self, input: &[f32], rng: &mut Random, upload: &mut Upload) -> Styles {
        let TrainingSpec { prior, batch: n, generator: GeneratorSpec { latent, .. }, tricks, .. } = self.spec;
        let share = tricks.style_mixing.share;
        let (styles, noise) = (self.state.generator.plan.styles(), self.state.generator.plan.noise());
        let mixed = if styles > 1 && share > 0.0 { n } else { 0 };
        let second: Vec<f32> = input
            .chunks(input.len() / n)
            .take(mixed)
            .flat_map(|row| [rng.latent(prior, 1, latent), row[latent..].to_vec()].concat())
            .collect();
        let mask: Vec<f32> = (0..mixed)
            .flat_map(|_| {
                let (mixes, from) = (f64::from(rng.uniform()) < share, 1 + rng.below(styles - 1));
                (0..styles).map(move |style| f32::from(u8::from(mixes && style >= from)))
            })
            .collect();
        Styles {
            n,
            second: upload.add(second),
            mask: upload.add(mask),
            noise: upload.add((0..n * noise).map(|_| rng.normal())),
        }
    }

    /// Draws one uniform number per dropout unit of D, for a pass over `images` images.
    fn draw_dropout(&self, images: usize, rng: &mut Random, upload: &mut Upload) -> Range<usize> {
        let n = self.state.discriminator.plan.random_counts(images / self.spec.pack);
        upload.add((0..n).map(|_| rng.uniform()))
    }

    /// Draws one normal number per unit of G with layer noise, for one pass.
    fn draw_g_noise(&self, rng: &mut Random, upload: &mut Upload) -> Range<usize> {
        let n = self.state.generator.plan.random_counts(self.spec.batch);
        upload.add((0..n).map(|_| rng.normal()))
    }

    fn draw_for_penalty(&self, rng: &mut Random, upload: &mut Upload) -> Range<usize> {
        let TrainingSpec { batch, pack, penalty, shape, .. } = self.spec;
        let n = penalty.draws(batch / pack, pack * shape.values());
        upload.add((0..n).map(|_| rng.uniform()))
    }
}
