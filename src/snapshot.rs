//! What one frame shows. The only place that reads the device back: always asynchronously, many values at a time.

use std::pin::Pin;

use burn::tensor::{Tensor, TensorData, Transaction};

use crate::data::{BLOCK, Images, to_byte, to_float};
use crate::error::{Error, Result};
use crate::latent::{Random, Stream};
use crate::message::{Divergence, Metrics, Player, Report, Samples};
use crate::nets::{Mode, Network, PIXELS};
use crate::objective::Output;
use crate::trainer::{StepRecord, Trainer};

/// Images in a grid: 8 x 8.
pub const GRID: usize = 64;

/// Reads everything that was registered, in order.
pub async fn read(transaction: Transaction) -> Result<Vec<Vec<f32>>> {
    let data = transaction.execute_async().await.map_err(|e| Error::Device(format!("Reading results back failed: {e:?}.")))?;
    data.into_iter()
        .map(|d: TensorData| d.try_to_vec().map_err(|e| Error::Device(format!("Results could not be read: {e:?}."))))
        .collect()
}

/// Reads the numbers of many steps in one go.
pub async fn metrics(records: Vec<StepRecord>) -> Result<Metrics> {
    let tensors: Vec<Tensor<1>> = records.iter().flat_map(|r| r.discriminator.iter().chain(&r.generator)).cloned().collect();
    let mut values = match tensors.is_empty() {
        true => Vec::new(),
        false => read(Transaction::default().register(Tensor::cat(tensors, 0))).await?.concat(),
    }
    .into_iter();
    let mut out = Metrics::default();
    for record in &records {
        // A curve has a gap where its network did not play.
        let mut next = |played: bool| if played { values.next() } else { None };
        let d = record.discriminator.is_some();
        out.step.push(record.step);
        out.d_loss.push(next(d));
        out.d_real.push(next(d));
        out.d_fake.push(next(d));
        let g = record.generator.is_some();
        out.g_loss.push(next(g));
        // G's own view of D(G(z)) is not drawn: D's comes from the same step, one update earlier.
        let _ = (next(g), next(g));
    }
    Ok(out)
}

/// The first loss that is not a finite number. `d_updates` is k: with more than one, D itself was updated last before its loss.
fn divergence(metrics: &Metrics, d_updates: usize) -> Option<Divergence> {
    let bad = |v: &Option<f32>| v.filter(|v| !v.is_finite());
    metrics.step.iter().enumerate().find_map(|(i, &step)| {
        let (d, g) = (&metrics.d_loss[i], &metrics.g_loss[i]);
        // Who played the step before; the first of a batch of steps is taken to follow its like.
        let g_before = metrics.g_loss[i.saturating_sub(1)].is_some();
        let (player, value, cause) = match (bad(d), bad(g)) {
            (Some(v), _) if g_before && d_updates == 1 => (Player::Discriminator, v, Player::Generator),
            (Some(v), _) => (Player::Discriminator, v, Player::Discriminator),
            (None, Some(v)) if d.is_some() => (Player::Generator, v, Player::Discriminator),
            (None, Some(v)) => (Player::Generator, v, Player::Generator),
            (None, None) => return None,
        };
        Some(Divergence { player, step, value: value.to_string(), cause })
    })
}

/// The numbers of many steps and, if they show it, where the run broke down.
pub async fn report(records: Vec<StepRecord>) -> Result<Report> {
    let d_updates = records.iter().map(|r| r.d_updates).max().unwrap_or(0);
    let metrics = metrics(records).await?;
    Ok(Report { divergence: divergence(&metrics, d_updates), metrics })
}

/// Images, and what D puts out for each.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Judged {
    /// 784 bytes an image.
    pub pixels: Vec<u8>,
    pub outputs: Vec<f32>,
}

/// Images on their way from the device.
pub type Reading = Pin<Box<dyn Future<Output = Result<Judged>>>>;

/// Queues the pass of D over `images` `[n, 784]` and the read-back before it returns.
fn score(trainer: &Trainer, images: Tensor<2>) -> Reading {
    let outputs = trainer.discriminator().frozen().forward(images.clone(), Mode::Sample); // [n, 1]
    let transaction = Transaction::default().register(images).register(outputs);
    Box::pin(async move {
        let mut values = read(transaction).await?;
        let (outputs, pixels) = (values.pop().unwrap_or_default(), values.pop().unwrap_or_default());
        Ok(Judged { pixels: pixels.into_iter().map(to_byte).collect(), outputs })
    })
}

/// A generator's images of some noise `[GRID * latent_dim]`, with D's opinion of each.
fn drawn(trainer: &Trainer, generator: &Network, z: Vec<f32>) -> Reading {
    let input = Tensor::from_data(TensorData::new(z, [GRID, trainer.config().latent_dim]), trainer.device());
    let images = generator.frozen().forward(input, Mode::Sample); // [GRID, 784]
    score(trainer, images)
}

/// The next [`GRID`] images of a generator of the run, of noise that `noise` draws.
pub fn generated(trainer: &Trainer, generator: &Network, noise: &mut Random) -> Reading {
    drawn(trainer, generator, noise.latent(trainer.config().prior, GRID, trainer.config().latent_dim))
}

/// Real images, 784 bytes each, with D's opinion of each.
pub fn judged(trainer: &Trainer, pixels: &[u8]) -> Reading {
    let values: Vec<f32> = pixels.iter().map(|&b| to_float(b)).collect();
    let n = values.len() / PIXELS;
    score(trainer, Tensor::from_data(TensorData::new(values, [n, PIXELS]), trainer.device()))
}

async fn samples(judged: Reading, output: Output, step: u32, z: Vec<f32>) -> Result<Samples> {
    let Judged { pixels, outputs } = judged.await?;
    let scores = outputs.into_iter().map(|a| output.says(a)).collect();
    Ok(Samples { step, pixels, scores, z })
}

/// Pictures of the run's fixed noise by its generator or by the averaged one, with D's opinion of each.
pub fn forged(trainer: &Trainer, averaged: bool) -> impl Future<Output = Result<Samples>> + use<> {
    let config = trainer.config();
    let z = Random::new(config.seed, Stream::FixedNoise).latent(config.prior, GRID, config.latent_dim);
    let generator = if averaged { trainer.averaged() } else { trainer.generator() };
    samples(drawn(trainer, generator, z.clone()), config.objective.game().output, trainer.steps(), z)
}

/// The run's fixed real images, with D's opinion of each; None until enough have arrived.
pub fn genuine(trainer: &Trainer, images: &Images) -> Option<impl Future<Output = Result<Samples>> + use<>> {
    if images.available() < BLOCK {
        return None;
    }
    let mut rng = Random::new(trainer.config().seed, Stream::FixedReal);
    let pixels: Vec<u8> = (0..GRID).flat_map(|_| images.pixels(rng.below(BLOCK))).copied().collect();
    Some(samples(judged(trainer, &pixels), trainer.config().objective.game().output, trainer.steps(), Vec::new()))
}
