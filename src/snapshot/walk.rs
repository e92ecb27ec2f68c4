//! What is asked of a run on points between its frames: where a z goes, what the next update will use, what is measured.

use std::future::Future;

use super::parts::{Parts, Scored, said};
use super::read;
use crate::data::PointSet;
use crate::error::Result;
use crate::latent::{Random, Stream};
use crate::message::Player;
use crate::metrics::SAMPLES;
use crate::trainer::{Minibatch, Trainer};

/// Where G takes some z `[n, latent_dim]`, what D says there, and where G's loss wants them to go.
pub fn mapped(
    trainer: &Trainer,
    points: &PointSet,
    z: Vec<f32>,
    averaged: bool,
) -> impl Future<Output = Result<(Scored, Vec<f32>)>> + use<> {
    let mut parts = Parts::of(trainer);
    let generator = if averaged { trainer.averaged() } else { trainer.generator() };
    let config = trainer.config().clone();
    let density = points.density();
    let n = z.len() / config.latent_dim;
    let real = parts.tensor(density.sample(n, &mut Random::new(config.seed, Stream::FixedReal)), density.width());
    let forged = parts.draw(generator, z);
    parts.add(forged.clone());
    parts.add(parts.verdicts(forged.clone()));
    parts.add(parts.pull(forged, &real));
    let transaction = parts.transaction;
    async move {
        let [points, outputs, arrows] = <[_; 3]>::try_from(read(transaction).await?).unwrap_or_default();
        Ok((Scored { points, scores: said(&config, outputs) }, arrows))
    }
}

/// The minibatch that the next update of a network will use, and what both networks make of each of its points by itself: D without
/// instance noise, G with the running statistics of a normalisation.
#[derive(Debug, Clone, PartialEq)]
pub struct Walk {
    pub player: Player,
    pub width: usize,
    pub z_width: usize,
    pub real: Scored,
    pub z: Vec<f32>,
    pub forged: Scored,
    pub arrows: Vec<f32>,
    /// The player's loss by those scores, penalties left out; not a number where D judges packs, whose members these are not.
    pub loss: f64,
}

/// Slow motion: what the next update of a network is about to use. The run stays as it is.
pub fn walk(trainer: &Trainer, points: &PointSet, player: Player) -> Result<impl Future<Output = Result<Walk>> + use<>> {
    let Minibatch { real, z } = trainer.peek(points, player)?;
    let config = trainer.config().clone();
    let (width, n) = (points.density().width(), config.batch);
    let mut parts = Parts::of(trainer);
    let forged = parts.draw(trainer.generator(), z.clone());
    let genuine = parts.tensor(real, width);
    parts.add(forged.clone());
    parts.add(parts.verdicts(forged.clone()));
    parts.add(parts.pull(forged, &genuine));
    parts.add(genuine.clone());
    parts.add(parts.verdicts(genuine));
    let transaction = parts.transaction;
    Ok(async move {
        let [points, on_forged, arrows, real, on_real] = <[_; 5]>::try_from(read(transaction).await?).unwrap_or_default();
        let terms = match player {
            Player::Discriminator => config.objective.d_terms(n, config.real_target),
            Player::Generator => config.objective.g_terms(n),
        };
        let loss = if config.pack == 1 { terms.loss(&on_real, &on_forged) } else { f64::NAN };
        let [real, forged] =
            [(real, on_real), (points, on_forged)].map(|(points, outputs)| Scored { points, scores: said(&config, outputs) });
        Ok(Walk { player, width, z_width: config.latent_dim, real, z, forged, arrows, loss })
    })
}

/// Points that are to be measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Sampled {
    pub step: u32,
    /// [`SAMPLES`] of them, of the same noise each time.
    pub points: Vec<f32>,
    /// Mean of D(G(z)) over some of them, and mean length of -dL_G/dx there.
    pub on_forged: f64,
    pub slope: f64,
    /// Mean of D(x) over as many real samples.
    pub on_real: f64,
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
    let points = parts.draw(generator, z);
    let (some, width) = (points.clone().slice(0..SOME), set.density().width());
    let real = parts.tensor(set.density().sample(SOME, &mut Random::new(config.seed, Stream::FixedReal)), width);
    parts.add(points);
    parts.add(parts.verdicts(some.clone()));
    parts.add(parts.pull(some, &real));
    parts.add(parts.verdicts(real));
    let (step, transaction) = (trainer.steps(), parts.transaction);
    async move {
        let [points, outputs, arrows, real] = <[_; 4]>::try_from(read(transaction).await?).unwrap_or_default();
        let mean = |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>() / SOME as f64;
        let length = |arrow: &[f32]| arrow.iter().map(|&v| f64::from(v).powi(2)).sum::<f64>().sqrt();
        let magnitude = mean(&mut outputs.iter().chain(&real).map(|&a| f64::from(a).abs() / 2.0));
        let [on_forged, on_real] = [outputs, real].map(|outputs| mean(&mut said(&config, outputs).into_iter().map(f64::from)));
        Ok(Sampled { step, points, on_forged, slope: mean(&mut arrows.chunks(width).map(length)), on_real, magnitude })
    }
}
