//! What one frame shows. The only place that reads the device back: always asynchronously, many values at a time.

use burn::tensor::activation::sigmoid;
use burn::tensor::{Tensor, TensorData, Transaction};

use crate::data::{BLOCK, Images, to_byte};
use crate::error::{Error, Result};
use crate::latent::{Random, Stream};
use crate::message::{Divergence, Metrics, Player, Report, Samples};
use crate::nets::{Mode, PIXELS};
use crate::trainer::{StepRecord, Trainer};

/// Images in a grid: 8 x 8.
pub const GRID: usize = 64;

async fn read(transaction: Transaction) -> Result<Vec<Vec<f32>>> {
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

/// Queues the pass of D over `images` `[GRID, 784]` and of the read-back; what the future gives is D's probability of each.
fn scored(trainer: &Trainer, images: Tensor<2>) -> Transaction {
    let logits = trainer.discriminator().frozen().forward(images.clone(), Mode::Sample); // [GRID, 1]
    Transaction::default().register(images).register(sigmoid(logits))
}

async fn samples(transaction: Transaction, step: u32, z: Vec<f32>) -> Result<Samples> {
    let mut values = read(transaction).await?;
    let (scores, pixels) = (values.pop().unwrap_or_default(), values.pop().unwrap_or_default());
    Ok(Samples { step, pixels: pixels.into_iter().map(to_byte).collect(), scores, z })
}

/// The generator's pictures of the run's fixed noise, with D's opinion of each. The pass is queued before this returns.
pub fn forged(trainer: &Trainer) -> impl Future<Output = Result<Samples>> + use<> {
    let config = trainer.config();
    let z = Random::new(config.seed, Stream::FixedNoise).latent(config.prior, GRID, config.latent_dim);
    let input = Tensor::from_data(TensorData::new(z.clone(), [GRID, config.latent_dim]), trainer.device());
    let images = trainer.generator().frozen().forward(input, Mode::Sample); // [GRID, 784]
    samples(scored(trainer, images), trainer.steps(), z)
}

/// The run's fixed real images, with D's opinion of each; None until enough have arrived.
pub fn genuine(trainer: &Trainer, images: &Images) -> Option<impl Future<Output = Result<Samples>> + use<>> {
    if images.available() < BLOCK {
        return None;
    }
    let mut rng = Random::new(trainer.config().seed, Stream::FixedReal);
    let indices: Vec<u32> = (0..GRID).map(|_| rng.below(BLOCK) as u32).collect();
    let batch = Tensor::from_data(TensorData::new(images.batch(&indices), [GRID, PIXELS]), trainer.device());
    Some(samples(scored(trainer, batch), trainer.steps(), Vec::new()))
}
