//! Requests to a density run besides frames: G(z) of chosen z, the minibatch of the next update, and samples for
//! metrics.

use std::future::Future;

use serde::Serialize;

use super::parts::{Parts, display_outputs};
use crate::data::PointSet;
use crate::error::Result;
use crate::metrics::SAMPLES;
use crate::nn::NetworkId;
use crate::random::{Random, Stream};
use crate::trainer::{Minibatch, Trainer};

/// G(z) of some z, `width` values a point, with D's output and -dL_G/dx for each.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct Mapped {
    #[cfg_attr(target_arch = "wasm32", serde(serialize_with = "crate::typed_array::floats"))]
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Float32Array"))]
    pub points: Vec<f32>,
    #[cfg_attr(target_arch = "wasm32", serde(serialize_with = "crate::typed_array::floats"))]
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Float32Array"))]
    pub scores: Vec<f32>,
    #[cfg_attr(target_arch = "wasm32", serde(serialize_with = "crate::typed_array::floats"))]
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Float32Array"))]
    pub arrows: Vec<f32>,
}

/// Maps z `[n, latent_dim]` through G.
pub fn mapped(
    trainer: &Trainer,
    points: &PointSet,
    z: Vec<f32>,
    averaged: bool,
) -> impl Future<Output = Result<Mapped>> + use<> {
    let mut parts = Parts::of(trainer);
    let generator = if averaged { trainer.averaged() } else { trainer.generator() };
    let config = trainer.config().clone();
    let density = points.density();
    let n = z.len() / config.latent_dim;
    let real = parts.tensor(density.sample(n, &mut Random::new(config.seed, Stream::FixedReal)), density.width());
    let fake = parts.generate(generator, z);
    let points = parts.add(fake.clone());
    let outputs = parts.add(parts.logits(fake.clone()));
    let arrows = parts.add(parts.sample_gradients(fake, &real));
    let read_back = parts.read_back;
    async move {
        let mut values = read_back.read().await?;
        let scores = display_outputs(&config, values.take(outputs));
        Ok(Mapped { points: values.take(points), scores, arrows: values.take(arrows) })
    }
}

/// The minibatch of a network's next update, with the outputs of both networks for each point on its own: D without
/// instance noise, G with running statistics.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct Walk {
    pub network: NetworkId,
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "1 | 2"))]
    pub width: usize,
    pub z_width: usize,
    #[cfg_attr(target_arch = "wasm32", serde(serialize_with = "crate::typed_array::floats"))]
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Float32Array"))]
    pub real: Vec<f32>,
    #[cfg_attr(target_arch = "wasm32", serde(serialize_with = "crate::typed_array::floats"))]
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Float32Array"))]
    pub real_scores: Vec<f32>,
    #[cfg_attr(target_arch = "wasm32", serde(serialize_with = "crate::typed_array::floats"))]
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Float32Array"))]
    pub z: Vec<f32>,
    #[cfg_attr(target_arch = "wasm32", serde(serialize_with = "crate::typed_array::floats"))]
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Float32Array"))]
    pub fake: Vec<f32>,
    #[cfg_attr(target_arch = "wasm32", serde(serialize_with = "crate::typed_array::floats"))]
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Float32Array"))]
    pub fake_scores: Vec<f32>,
    #[cfg_attr(target_arch = "wasm32", serde(serialize_with = "crate::typed_array::floats"))]
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Float32Array"))]
    pub arrows: Vec<f32>,
    /// The network's loss from these outputs, without penalties; NaN with packing, because the points are not packed
    /// here.
    pub loss: f64,
}

/// Slow motion: returns the minibatch of a network's next update, without changing the run.
pub fn walk(trainer: &Trainer, points: &PointSet, id: NetworkId) -> Result<impl Future<Output = Result<Walk>> + use<>> {
    let Minibatch { real, z } = trainer.peek(points, id)?;
    let config = trainer.config().clone();
    let (width, n) = (points.density().width(), config.batch);
    let mut parts = Parts::of(trainer);
    let fake = parts.generate(trainer.generator(), z.clone());
    let real_points = parts.tensor(real, width);
    let made = parts.add(fake.clone());
    let fake_outputs = parts.add(parts.logits(fake.clone()));
    let arrows = parts.add(parts.sample_gradients(fake, &real_points));
    let drawn = parts.add(real_points.clone());
    let real_outputs = parts.add(parts.logits(real_points));
    let read_back = parts.read_back;
    Ok(async move {
        let mut values = read_back.read().await?;
        let [on_real, on_fake, real, fake, arrows] =
            [real_outputs, fake_outputs, drawn, made, arrows].map(|name| values.take(name));
        let terms = match id {
            NetworkId::Discriminator => config.loss.objective.d_terms(n, config.loss.real_target),
            NetworkId::Generator => config.loss.objective.g_terms(n),
        };
        let loss = if config.pack == 1 { terms.loss(&on_real, &on_fake) } else { f64::NAN };
        let [real_scores, fake_scores] = [on_real, on_fake].map(|outputs| display_outputs(&config, outputs));
        let z_width = config.latent_dim;
        Ok(Walk { network: id, width, z_width, real, real_scores, z, fake, fake_scores, arrows, loss })
    })
}

/// Samples for an evaluation.
#[derive(Debug, Clone, PartialEq)]
pub struct Sampled {
    pub step: u32,
    /// [`SAMPLES`] points, from the same noise each time.
    pub points: Vec<f32>,
    /// Mean D(G(z)) over some of them, and mean norm of -dL_G/dx there.
    pub mean_d_fake: f64,
    pub slope: f64,
    /// Mean D(x) over as many real samples.
    pub mean_d_real: f64,
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
    let points = parts.generate(generator, z);
    let (some, width) = (points.clone().slice(0..SOME), set.density().width());
    let real = parts.tensor(set.density().sample(SOME, &mut Random::new(config.seed, Stream::FixedReal)), width);
    let points = parts.add(points);
    let fake_outputs = parts.add(parts.logits(some.clone()));
    let arrows = parts.add(parts.sample_gradients(some, &real));
    let real_outputs = parts.add(parts.logits(real));
    let (step, read_back) = (trainer.steps(), parts.read_back);
    async move {
        let mut values = read_back.read().await?;
        let [points, outputs, arrows, real] =
            [points, fake_outputs, arrows, real_outputs].map(|name| values.take(name));
        let mean = |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>() / SOME as f64;
        let length = |arrow: &[f32]| arrow.iter().map(|&v| f64::from(v).powi(2)).sum::<f64>().sqrt();
        let magnitude = mean(&mut outputs.iter().chain(&real).map(|&a| f64::from(a).abs() / 2.0));
        let [mean_d_fake, mean_d_real] =
            [outputs, real].map(|outputs| mean(&mut display_outputs(&config, outputs).into_iter().map(f64::from)));
        Ok(Sampled {
            step,
            points,
            mean_d_fake,
            slope: mean(&mut arrows.chunks(width).map(length)),
            mean_d_real,
            magnitude,
        })
    }
}
