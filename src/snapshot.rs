//! What one frame shows. The only place that reads the device back: always asynchronously, many values at a time.

mod asking;
mod maps;
mod pictures;
mod scene;
mod walk;

use burn::tensor::{Tensor, TensorData, Transaction};

use crate::error::{Error, Result};
use crate::kernels::{self, JOINED};
use crate::message::{Divergence, Metrics, Player, Report};
use crate::trainer::StepRecord;
pub use asking::Scored;
pub use maps::{Maps, middles};
pub use pictures::{GRID, Judged, Reading, View, forged, generated, genuine, judged, truncated};
pub use scene::{Scene, Wish, scene};
pub use walk::{Sampled, Walk, mapped, sampled, walk};

/// Reads everything that was registered, in order.
pub async fn read(transaction: Transaction) -> Result<Vec<Vec<f32>>> {
    let data = transaction.execute_async().await.map_err(|e| Error::Device(format!("Reading results back failed: {e:?}.")))?;
    data.into_iter()
        .map(|d: TensorData| d.try_to_vec().map_err(|e| Error::Device(format!("Results could not be read: {e:?}."))))
        .collect()
}

/// Many small tensors as one. Joined in blocks of one size as far as there are whole ones, because each list of lengths is a program of
/// its own, and how many steps are read at once changes all the time.
fn all(mut parts: Vec<Tensor<1>>) -> Tensor<1> {
    while parts.len() >= JOINED {
        let (blocks, rest) = parts.as_chunks::<JOINED>();
        parts = blocks.iter().map(|block| kernels::join(block.to_vec())).chain(rest.iter().cloned()).collect();
    }
    if parts.len() == 1 { parts.remove(0) } else { Tensor::cat(parts, 0) }
}

/// Reads the numbers of many steps in one go.
pub async fn metrics(records: Vec<StepRecord>) -> Result<Metrics> {
    let tensors = records.iter().flat_map(|r| r.discriminator.iter().chain(&r.generator).chain(&r.entropy));
    let tensors: Vec<Tensor<1>> = tensors.cloned().collect();
    let mut values = match tensors.is_empty() {
        true => Vec::new(),
        false => read(Transaction::default().register(all(tensors))).await?.concat(),
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
        out.entropy.push(next(record.entropy.is_some()));
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
