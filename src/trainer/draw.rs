//! What a step draws from the run's streams and from the data, and where it lies on its way to the device.

use std::ops::Range;

use super::Trainer;
use crate::condition::Condition;
use crate::config::RunConfig;
use crate::data::{Images, to_float};
use crate::nets::PIXELS;
use crate::tricks::replay::Again;
use crate::tricks::seen;
use crate::upload::Upload;

/// Where real images and their classes come from.
#[derive(Clone, Copy)]
pub enum Source<'a> {
    Images(&'a Images),
    /// Black images of class 0, for a rehearsal.
    Black,
}

/// Where an update of D finds what was drawn for it.
pub struct DDraw {
    pub real: Range<usize>,
    pub z: Range<usize>,
    pub g_noise: Range<usize>,
    pub dropout: Range<usize>,
    pub penalty: Range<usize>,
    pub flip: Range<usize>,
    /// Of real and of generated images.
    pub seen: [seen::Draw; 2],
    pub again: Option<Again>,
    pub rates: Range<usize>,
}

/// Where an update of G finds what was drawn for it.
pub struct GDraw {
    /// Where the objective compares fakes with them, and what D sees of them.
    pub real: Option<(Range<usize>, seen::Draw)>,
    pub z: Range<usize>,
    pub g_noise: Range<usize>,
    pub dropout: Range<usize>,
    pub seen: seen::Draw,
    pub rates: Range<usize>,
    pub averaging: Range<usize>,
}

impl Trainer {
    pub(super) fn draw_for_d(&mut self, source: Source, upload: &mut Upload) -> DDraw {
        let RunConfig { batch: n, d_flip, replay, .. } = *self.config;
        let seen = self.config.seen(self.steps);
        let indices = self.sampler.draw(n);
        let flips = if d_flip > 0.0 { n } else { 0 };
        DDraw {
            real: upload.add(self.real(source, &indices)),
            // The same classes as the real images, so that real and generated ones differ in nothing else.
            z: upload.add(self.draw_input(self.kinds(source, &indices))),
            g_noise: self.draw_g_noise(upload),
            dropout: self.draw_dropout(2 * n, upload),
            penalty: self.draw_for_penalty(upload),
            flip: upload.add((0..flips).map(|_| self.seen.uniform())),
            seen: [0, 1].map(|_| seen.draw(n, &mut self.seen, upload)),
            again: self.old.draw(n, replay, &mut self.replay),
            rates: upload.add(self.d_optimizer.next(self.config.d_rates(self.steps))),
        }
    }

    pub(super) fn draw_for_g(&mut self, source: Source, upload: &mut Upload) -> GDraw {
        let n = self.config.batch;
        let seen = self.config.seen(self.steps);
        let indices = self.config.g_sees_real().then(|| self.sampler.draw(n));
        GDraw {
            real: indices.as_ref().map(|i| (upload.add(self.real(source, i)), seen.draw(n, &mut self.seen, upload))),
            z: upload.add(self.draw_input(indices.as_ref().and_then(|i| self.kinds(source, i)))),
            g_noise: self.draw_g_noise(upload),
            dropout: self.draw_dropout(if indices.is_some() { 2 * n } else { n }, upload),
            seen: seen.draw(n, &mut self.seen, upload),
            rates: upload.add(self.g_optimizer.next(self.config.g_rates(self.steps))),
            averaging: upload.add([self.config.averaging(self.steps) as f32]),
        }
    }

    /// Real images as the run shows them.
    fn real(&self, source: Source, indices: &[u32]) -> Vec<f32> {
        let RunConfig { condition, coupling, .. } = *self.config;
        match source {
            Source::Images(images) if condition == Condition::Coupled => {
                indices.iter().flat_map(|&i| images.coupled(coupling, i)).map(to_float).collect()
            }
            Source::Images(images) => images.batch(indices),
            Source::Black => vec![0.0; indices.len() * PIXELS],
        }
    }

    /// The kinds or classes of real images, where they have any.
    fn kinds(&self, source: Source, indices: &[u32]) -> Option<Vec<u8>> {
        let Source::Images(images) = source else { return self.config.condition.sorted().then(|| vec![0; indices.len()]) };
        images.kinds(self.config.condition, indices)
    }

    /// Rows of noise and code: of these classes, or drawn.
    fn draw_input(&mut self, classes: Option<Vec<u8>>) -> Vec<f32> {
        let RunConfig { prior, batch, latent_dim, condition, code_continuous, .. } = *self.config;
        let noise = self.noise.latent(prior, batch, latent_dim);
        let codes: Vec<Vec<f32>> = match classes {
            Some(classes) => classes.into_iter().map(|c| condition.code(c, code_continuous)).collect(),
            None => (0..batch).map(|_| condition.draw(code_continuous, &mut self.codes)).collect(),
        };
        noise.chunks(latent_dim).zip(codes).flat_map(|(noise, code)| noise.iter().copied().chain(code)).collect()
    }

    /// One number for each unit that dropout may drop in a pass over so many images.
    fn draw_dropout(&mut self, images: usize, upload: &mut Upload) -> Range<usize> {
        let n = self.discriminator.plan.chances(images / self.config.pack);
        upload.add((0..n).map(|_| self.dropout.uniform()))
    }

    /// One number for each unit of G that gets noise in a pass.
    fn draw_g_noise(&mut self, upload: &mut Upload) -> Range<usize> {
        let n = self.generator.plan.chances(self.config.batch);
        upload.add((0..n).map(|_| self.layers.normal()))
    }

    fn draw_for_penalty(&mut self, upload: &mut Upload) -> Range<usize> {
        let RunConfig { batch, pack, d_penalty, .. } = *self.config;
        let n = d_penalty.draws(batch / pack, pack * PIXELS);
        upload.add((0..n).map(|_| self.penalty.uniform()))
    }
}
