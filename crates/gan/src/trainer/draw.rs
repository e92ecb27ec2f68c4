//! Draws the minibatches and random numbers of a step and adds them to one upload.

use std::ops::Range;

use counterfeit_nn::NetworkId;
use counterfeit_random::{Random, StepDraws};

use super::Trainer;
use super::source::{NotEnoughData, Source};
use crate::tricks::style_mixing::{Rows, Styles};
use crate::tricks::{self, augmentation};
use crate::upload::Upload;

/// Ranges of a D step's data within the upload.
pub struct DDraw {
    pub real: Range<usize>,
    pub z: Range<usize>,
    pub g_noise: Range<usize>,
    pub styles: Styles,
    pub dropout: Range<usize>,
    pub penalty: Range<usize>,
    /// What the tricks drew: for both batches, for the real and for the fake one.
    pub pair: tricks::Draws,
    pub inputs: [tricks::Draws; 2],
    pub codes: augmentation::Draw,
    pub rates: Range<usize>,
}

/// Ranges of a G step's data within the upload.
pub struct GDraw {
    /// Real samples and what the tricks drew for them, if the loss of G needs them.
    pub real: Option<(Range<usize>, tricks::Draws)>,
    pub z: Range<usize>,
    pub g_noise: Range<usize>,
    pub styles: Styles,
    pub dropout: Range<usize>,
    /// What the tricks drew for the fake batch.
    pub input: tricks::Draws,
    pub codes: augmentation::Draw,
    pub rates: Range<usize>,
    pub averaging: Range<usize>,
}

/// A minibatch: real samples and noise, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Minibatch {
    pub real: Vec<f32>,
    pub z: Vec<f32>,
}

impl Trainer {
    /// Returns the minibatch that the next step of a network will use, without changing the run. For G it includes as
    /// many real samples, even if G's loss does not use them.
    pub fn peek<'a>(&self, data: impl Into<Source<'a>>, id: NetworkId) -> Result<Minibatch, NotEnoughData> {
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
        let (n, tricks, context) = (self.spec.batch, self.spec.tricks, self.context());
        let indices = self.state.sampler.draw(n);
        // Fakes get the classes of the real images, so that class frequencies do not tell them apart.
        let input = self.draw_input(self.kinds(source, &indices), draws);
        DDraw {
            real: upload.add(self.real(source, &indices)),
            styles: self.draw_styles(&input, &mut draws.style, upload),
            z: upload.add(input),
            g_noise: self.draw_g_noise(&mut draws.layers, upload),
            dropout: self.draw_dropout(2 * n, &mut draws.dropout, upload),
            penalty: self.draw_for_penalty(&mut draws.penalty, upload),
            pair: tricks.draw_pair(&self.state.tricks, &context, draws, upload),
            inputs: [0, 1].map(|_| tricks.draw_input(&context, draws, upload)),
            codes: self.draw_for_codes(&mut draws.augmentation, upload),
            rates: upload.add(self.state.d_optimizer.next(self.spec.rates(self.state.steps)[1])),
        }
    }

    pub(super) fn draw_for_g(&mut self, source: Source, draws: &mut StepDraws, upload: &mut Upload) -> GDraw {
        let (n, tricks, context) = (self.spec.batch, self.spec.tricks, self.context());
        let indices = self.spec.loss.g_sees_real().then(|| self.state.sampler.draw(n));
        let input = self.draw_input(indices.as_ref().and_then(|i| self.kinds(source, i)), draws);
        GDraw {
            real: indices
                .as_ref()
                .map(|i| (upload.add(self.real(source, i)), tricks.draw_input(&context, draws, upload))),
            styles: self.draw_styles(&input, &mut draws.style, upload),
            z: upload.add(input),
            g_noise: self.draw_g_noise(&mut draws.layers, upload),
            dropout: self.draw_dropout(if indices.is_some() { 2 * n } else { n }, &mut draws.dropout, upload),
            input: tricks.draw_input(&context, draws, upload),
            codes: self.draw_for_codes(&mut draws.augmentation, upload),
            rates: upload.add(self.state.g_optimizer.next(self.spec.rates(self.state.steps)[0])),
            averaging: tricks.ema.draw(self.state.steps, upload),
        }
    }

    /// Draws rows of noise and code. The code is that of `classes`, or random without them.
    fn draw_input(&self, classes: Option<Vec<u8>>, draws: &mut StepDraws) -> Vec<f32> {
        let (batch, latent, code) = (self.spec.batch, self.spec.generator.latent, self.spec.code());
        let noise = draws.noise.latent(self.spec.prior, batch, latent);
        let codes: Vec<Vec<f32>> = match classes {
            Some(classes) => classes.into_iter().map(|c| code.code(c)).collect(),
            None => (0..batch).map(|_| code.draw(&mut draws.codes)).collect(),
        };
        let rows: Vec<Vec<f32>> =
            noise.chunks(latent).zip(codes).map(|(noise, code)| [noise, &code].concat()).collect();
        rows.concat()
    }

    fn draw_styles(&self, input: &[f32], rng: &mut Random, upload: &mut Upload) -> Styles {
        let rows =
            Rows { values: input, n: self.spec.batch, latent: self.spec.generator.latent, prior: self.spec.prior };
        self.spec.tricks.style_mixing.draw(&self.state.generator.plan, rows, rng, upload)
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
        let pack = self.spec.pack;
        let n = self.spec.penalty.draws(self.spec.batch / pack, pack * self.spec.shape.values());
        upload.add((0..n).map(|_| rng.uniform()))
    }

    fn draw_for_codes(&self, rng: &mut Random, upload: &mut Upload) -> augmentation::Draw {
        self.spec.code_augmentation().draw(self.spec.batch, self.spec.shape.height, rng, upload)
    }
}
