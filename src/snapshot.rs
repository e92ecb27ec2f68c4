//! The content of a frame, read back from the device.

mod density_frame;
mod maps;
mod parts;
mod pictures;
mod walk;

use burn::tensor::{Tensor, Transaction};

use crate::error::Result;
use crate::finite::{self, Trace, Watch, What};
use crate::kernels::{self, CONCAT_INPUTS};
use crate::message::{Divergence, Metrics, Report, RunInfo};
use crate::nn::NetworkId;
use crate::read_back::read;
use crate::trainer::{StepRecord, Trainer};
pub use density_frame::{DensityContent, DensityFrame, density_frame};
pub use maps::{Maps, middles};
pub use pictures::{
    GRID, ImageContent, Reading, ScoredImages, View, generated, generated_samples, real_samples, score_images,
    truncated,
};
pub use walk::{Mapped, Sampled, Walk, mapped, sampled, walk};

/// Properties of a run.
pub fn run_info(trainer: &Trainer) -> RunInfo {
    let config = trainer.config();
    let codes = config.code().one_hot();
    RunInfo {
        g_parameters: trainer.generator().plan.weights.count(),
        d_parameters: trainer.discriminator().plan.weights.count(),
        references: config.loss.references(),
        output: config.loss.objective.loss().output,
        equilibrium: config.loss.equilibrium(),
        algorithm: config.loss.algorithm(),
        styles: trainer.generator().plan.styles(),
        space: config.data.space(),
        // A class or a code is drawn with equal shares.
        code_entropy: libm::log(codes.max(1) as f64),
        sweep: pictures::sweep(),
    }
}

/// Concatenates tensors of equal length into at most `most` tensors, padded with copies of the first. The padding keeps
/// the lengths the same for any number of steps, because the GPU compiles a kernel for each list of lengths.
fn blocks(mut parts: Vec<Tensor<1>>, most: usize) -> Vec<Tensor<1>> {
    let filled = |parts: &[Tensor<1>], n: usize| {
        parts.iter().chain(std::iter::repeat(&parts[0])).take(n).cloned().collect::<Vec<_>>()
    };
    while parts.len() > most {
        parts = parts.chunks(CONCAT_INPUTS).map(|chunk| kernels::concat(filled(chunk, CONCAT_INPUTS))).collect();
    }
    if parts.is_empty() { parts } else { filled(&parts, most) }
}

/// Reads the losses of many steps and the optimizers' records of non-finite values, in one read-back.
async fn read_steps(steps: &[StepRecord], watch: Option<Watch>) -> Result<(Metrics, Option<[Trace; 2]>)> {
    let numbers: Vec<Tensor<1>> =
        steps.iter().flat_map(|r| r.discriminator.iter().chain(&r.generator)).cloned().collect();
    if numbers.is_empty() {
        return Ok((Metrics::default(), None));
    }
    let entropies: Vec<Tensor<1>> = steps.iter().filter_map(|r| r.entropy.clone()).collect();
    // At most as many parts as one kernel launch can concatenate, with both optimizers' records.
    let mut parts = blocks(numbers, if entropies.is_empty() { 3 } else { 2 });
    let length = |parts: &[Tensor<1>]| parts.iter().map(|part| part.dims()[0]).sum::<usize>();
    let entropies_at = length(&parts);
    parts.extend(blocks(entropies, 1));
    let records_at = length(&parts);
    let sizes = watch.as_ref().map(|watch| watch.sizes);
    parts.extend(watch.into_iter().flat_map(|watch| watch.records));
    // Drops the concatenated parts before waiting.
    let values = read(Transaction::default().register(kernels::concat(parts))).await?.concat();
    let traces = sizes.map(|[g, d]| {
        let (generator, discriminator) = values[records_at..].split_at(kernels::records(g));
        [Trace::of(generator, g), Trace::of(discriminator, d)]
    });
    Ok((curves(steps, &values[..entropies_at], &values[entropies_at..records_at]), traces))
}

fn curves(steps: &[StepRecord], numbers: &[f32], entropies: &[f32]) -> Metrics {
    let (mut numbers, mut entropies) = (numbers.iter().copied(), entropies.iter().copied());
    let mut out = Metrics::default();
    for record in steps {
        // A curve has a gap where its network was not updated.
        let mut next = |played: bool| if played { numbers.next() } else { None };
        let d = record.discriminator.is_some();
        out.step.push(record.step);
        out.d_loss.push(next(d));
        out.d_real.push(next(d));
        out.d_fake.push(next(d));
        let g = record.generator.is_some();
        out.g_loss.push(next(g));
        // The G step's mean D(G(z)) is not shown: the curve has the D step's, one update older.
        let _ = (next(g), next(g));
        out.entropy.push(record.entropy.is_some().then(|| entropies.next()).flatten());
    }
    out
}

/// Reads the losses of many steps in one read-back.
pub async fn metrics(records: Vec<StepRecord>) -> Result<Metrics> {
    Ok(read_steps(&records, None).await?.0)
}

/// Returns the first non-finite value. Within one update an optimizer's record counts before the loss.
fn divergence(metrics: &Metrics, traces: [Trace; 2], rates: [f64; 2]) -> Option<Divergence> {
    let [generator, discriminator] = &traces;
    let recorded = [(NetworkId::Discriminator, discriminator), (NetworkId::Generator, generator)]
        .into_iter()
        .filter_map(|(id, trace)| trace.first.map(|(step, what)| (step, id, what, "not finite".into())));
    let losses = metrics.step.iter().enumerate().flat_map(|(i, &step)| {
        [(NetworkId::Discriminator, metrics.d_loss[i]), (NetworkId::Generator, metrics.g_loss[i])]
            .into_iter()
            .filter_map(move |(id, loss)| Some((step, id, What::Loss, loss.filter(|v| !v.is_finite())?.to_string())))
    });
    // In the order of the updates: D before G in each step.
    let (step, id, what, value) = recorded
        .chain(losses)
        .min_by_key(|&(step, id, what, _)| (step, id == NetworkId::Generator, what == What::Loss))?;
    Some(Divergence { network: id, step, what, value, cause: finite::cause([generator, discriminator], rates) })
}

/// Reads the losses of many steps and, if a value stopped being finite, where and why. `watch` is taken from the run
/// after them.
pub async fn report(records: Vec<StepRecord>, watch: Watch) -> Result<Report> {
    let rates = watch.rates;
    let (mut metrics, traces) = read_steps(&records, Some(watch)).await?;
    let divergence = traces.and_then(|traces| divergence(&metrics, traces, rates));
    if let Some(Divergence { step, .. }) = divergence {
        metrics.truncate(metrics.step.partition_point(|&at| at <= step));
    }
    Ok(Report { divergence, metrics })
}
