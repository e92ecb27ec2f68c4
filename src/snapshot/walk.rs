//! What is asked of a run on points between its frames: where a z goes, what the next update will use, what is measured.

use std::future::Future;

use super::parts::{Parts, ScoredPoints, display_outputs};
use super::read;
use crate::data::PointSet;
use crate::error::Result;
use crate::latent::{Random, Stream};
use crate::message::NetworkId;
use crate::metrics::SAMPLES;
use crate::trainer::{Minibatch, Trainer};

/// Where G takes some z `[n, latent_dim]`, what D says there, and where G's loss wants them to go.
pub fn mapped(
    trainer: &Trainer,
    points: &PointSet,
    z: Vec<f32>,
    averaged: bool,
) -> impl Future<Output = Result<(ScoredPoints, Vec<f32>)>> + use<> {
    let mut parts = Parts::of(trainer);
    let generator = if averaged { trainer.averaged() } else { trainer.generator() };
    let config = trainer.config().clone();
    let density = points.density();
    let n = z.len() / config.latent_dim;
    let real = parts.tensor(density.sample(n, &mut Random::new(config.seed, Stream::FixedReal)), density.width());
    let fake = parts.generate(generator, z);
    parts.add(fake.clone());
    parts.add(parts.logits(fake.clone()));
    parts.add(parts.sample_gradients(fake, &real));
    let transaction = parts.transaction;
    async move {
        let [points, outputs, arrows] = <[_; 3]>::try_from(read(transaction).await?).unwrap_or_default();
        Ok((ScoredPoints { points, scores: display_outputs(&config, outputs) }, arrows))
    }
}

/// The minibatch that the next update of a network will use, and what both networks make of each of its points by itself: D without
/// instance noise, G with the running statistics of a normalisation.
#[derive(Debug, Clone, PartialEq)]
pub struct Walk {
    pub network: NetworkId,
    pub width: usize,
    pub z_width: usize,
    pub real: ScoredPoints,
    pub z: Vec<f32>,
    pub fake: ScoredPoints,
    pub arrows: Vec<f32>,
    /// The player's loss by those scores, penalties left out; not a number where D judges packs, whose members these are not.
    pub loss: f64,
}

/// Slow motion: what the next update of a network is about to use. The run stays as it is.
pub fn walk(trainer: &Trainer, points: &PointSet, id: NetworkId) -> Result<impl Future<Output = Result<Walk>> + use<>> {
    let Minibatch { real, z } = trainer.peek(points, id)?;
    let config = trainer.config().clone();
    let (width, n) = (points.density().width(), config.batch);
    let mut parts = Parts::of(trainer);
    let fake = parts.generate(trainer.generator(), z.clone());
    let real_points = parts.tensor(real, width);
    parts.add(fake.clone());
    parts.add(parts.logits(fake.clone()));
    parts.add(parts.sample_gradients(fake, &real_points));
    parts.add(real_points.clone());
    parts.add(parts.logits(real_points));
    let transaction = parts.transaction;
    Ok(async move {
        let [points, mean_d_fake, arrows, real, on_real] = <[_; 5]>::try_from(read(transaction).await?).unwrap_or_default();
        let terms = match id {
            NetworkId::Discriminator => config.objective.d_terms(n, config.real_target),
            NetworkId::Generator => config.objective.g_terms(n),
        };
        let loss = if config.pack == 1 { terms.loss(&on_real, &mean_d_fake) } else { f64::NAN };
        let [real, fake] = [(real, on_real), (points, mean_d_fake)]
            .map(|(points, outputs)| ScoredPoints { points, scores: display_outputs(&config, outputs) });
        Ok(Walk { network: id, width, z_width: config.latent_dim, real, z, fake, arrows, loss })
    })
}

/// Points that are to be measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Sampled {
    pub step: u32,
    /// [`SAMPLES`] of them, of the same noise each time.
    pub points: Vec<f32>,
    /// Mean of D(G(z)) over some of them, and mean length of -dL_G/dx there.
    pub mean_d_fake: f64,
    pub slope: f64,
    /// Mean of D(x) over as many real samples.
    pub mean_d_real: f64,
    /// Mean absolute raw output of D over both, a logit where D is a probability.
    pub magnitude: f64,
}

/// Points of which means over a run are taken: their error is then a tenth of their spread.
const SOME: usize = 128;

/// Reads what a measurement needs.
pub fn sampled(trainer: &Trainer, set: &PointSet, averaged: bool) -> impl Future<Output = Result<Sampled>> + use<> {
    let config = trainer.config().clone();
    let mut parts = Parts::of(trainer);
    let generator = if averaged { trainer.averaged() } else { trainer.generator() };
    let z = Random::new(config.seed, Stream::Measure).latent(config.prior, SAMPLES, config.latent_dim);
    let points = parts.generate(generator, z);
    let (some, width) = (points.clone().slice(0..SOME), set.density().width());
    let real = parts.tensor(set.density().sample(SOME, &mut Random::new(config.seed, Stream::FixedReal)), width);
    parts.add(points);
    parts.add(parts.logits(some.clone()));
    parts.add(parts.sample_gradients(some, &real));
    parts.add(parts.logits(real));
    let (step, transaction) = (trainer.steps(), parts.transaction);
    async move {
        let [points, outputs, arrows, real] = <[_; 4]>::try_from(read(transaction).await?).unwrap_or_default();
        let mean = |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>() / SOME as f64;
        let length = |arrow: &[f32]| arrow.iter().map(|&v| f64::from(v).powi(2)).sum::<f64>().sqrt();
        let magnitude = mean(&mut outputs.iter().chain(&real).map(|&a| f64::from(a).abs() / 2.0));
        let [mean_d_fake, mean_d_real] =
            [outputs, real].map(|outputs| mean(&mut display_outputs(&config, outputs).into_iter().map(f64::from)));
        Ok(Sampled { step, points, mean_d_fake, slope: mean(&mut arrows.chunks(width).map(length)), mean_d_real, magnitude })
    }
}
