//! Requests to a density run besides frames: G(z) of chosen z, the minibatch of the next update, and samples for
//! metrics.

use std::future::Future;

use super::asking::{Parts, Scored, said};
use super::read;
use crate::data::PointSet;
use crate::error::Result;
use crate::latent::{Random, Stream};
use crate::measure::SAMPLES;
use crate::message::Player;
use crate::trainer::{Minibatch, Trainer};

/// Maps z `[n, latent_dim]` through G, with D's outputs and -dL_G/dx.
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

/// The minibatch of a network's next update, with the outputs of both networks for each point on its own: D without
/// instance noise, G with running statistics.
#[derive(Debug, Clone, PartialEq)]
pub struct Walk {
    pub player: Player,
    pub width: usize,
    pub z_width: usize,
    pub real: Scored,
    pub z: Vec<f32>,
    pub forged: Scored,
    pub arrows: Vec<f32>,
    /// The network's loss from these outputs, without penalties; NaN with packing, because the points are not packed
    /// here.
    pub loss: f64,
}

/// Slow motion: returns the minibatch of a network's next update, without changing the run.
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

/// Samples for an evaluation.
#[derive(Debug, Clone, PartialEq)]
pub struct Sampled {
    pub step: u32,
    /// [`SAMPLES`] points, from the same noise each time.
    pub points: Vec<f32>,
    /// Mean D(G(z)) over some of them, and mean norm of -dL_G/dx there.
    pub on_forged: f64,
    pub slope: f64,
    /// Mean D(x) over as many real samples.
    pub on_real: f64,
    /// Mean absolute output of D over both, before the sigmoid.
    pub magnitude: f64,
}

/// Number of points for means: the standard error is then a tenth of the standard deviation.
const SOME: usize = 128;

/// Reads the samples for an evaluation.
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
