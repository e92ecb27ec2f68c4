//! `counterfeit modes`: counts the modes that generators cover, over steps, and writes `bench/modes.json` run by run.

use std::path::PathBuf;
use std::time::Instant;

use burn::tensor::Device;
use counterfeit::config::Experiment;
use counterfeit::metrics::{DensityMetrics, DensityReference, SAMPLES};
use counterfeit::snapshot;
use counterfeit::trainer::{StepKind, Trainer};
use serde::Serialize;
use serde_json::Value;

use crate::args::{Seeds, Share, preset_names};
use crate::progress::bar;
use crate::stamp::Stamp;
use crate::table::Table;
use crate::{Failure, configuration, wait};

/// Evaluations per run.
const LOOKS: u32 = 40;

/// Counts the modes that generators of known densities cover.
///
/// Makes the rows of the table that the file lacks, so that it continues after an interruption. With --preset it prints
/// the rows of that preset instead and writes no file.
#[derive(clap::Args)]
pub struct Args {
    /// Preset, by its name in the page's URL; its rows are printed, not written.
    #[arg(long, value_parser = preset_names())]
    preset: Option<String>,
    /// Settings that differ from the preset: --set pack=2
    #[arg(long = "set", value_name = "NAME=VALUE", requires = "preset")]
    settings: Vec<String>,
    /// Training steps of the runs of --preset.
    #[arg(long, default_value_t = 2_000, requires = "preset")]
    steps: u32,
    /// Seeds of the runs of --preset, as 1-5 or 1,2,7.
    #[arg(long, default_value = "1", requires = "preset")]
    seeds: Seeds,
    /// File for the rows of the table.
    #[arg(long, default_value = "bench/modes.json")]
    out: PathBuf,
    /// Make only every N-th missing row, beginning with the I-th, so that several processes share the work, each with
    /// its own --out.
    #[arg(long, value_name = "I/N", default_value = "0/1")]
    share: Share,
}

/// One run: the metrics of its last evaluation, and the curve of all evaluations.
#[derive(Serialize)]
struct Row {
    preset: String,
    /// ring8 or grid25.
    data: String,
    method: String,
    seed: u32,
    steps: u32,
    modes: usize,
    /// Modes covered: each has at least 20 % of its share.
    strict: usize,
    of: usize,
    high_quality: f64,
    reverse_kl: f64,
    spread: f64,
    js: f64,
    w1: Option<f64>,
    seconds: f64,
    #[serde(flatten)]
    stamp: Stamp,
    /// Step, modes, high-quality share, reverse KL.
    curve: Vec<(u32, usize, f64, f64)>,
}

pub fn run(args: &Args) -> Result<(), Failure> {
    if let Some(preset) = &args.preset {
        for &seed in &args.seeds.0 {
            let row = train(preset, &args.settings, "", seed, args.steps)?;
            println!("{}", serde_json::to_string(&row)?);
        }
        return Ok(());
    }
    let mut rows = Table::read(&args.out)?;
    let same = |row: &Value, preset: &str, seed: u32| row["preset"] == *preset && row["seed"] == seed;
    let there = |e: &Entry, seed: u32| rows.has(|row| same(row, e.preset, seed) && row["steps"] == e.steps);
    let missing: Vec<(Entry, u32)> = TABLE
        .iter()
        .flat_map(|e| (1..=e.seeds).map(move |seed| (*e, seed)))
        .filter(|(e, seed)| !there(e, *seed))
        .collect();
    for (Entry { preset, method, steps, .. }, seed) in args.share.of(missing.into_iter()) {
        let row = train(preset, &[], method, seed, steps)?;
        let quality = 100.0 * row.high_quality;
        println!(
            "{preset}, seed {seed}: {} of {} modes, {quality:.1} % high-quality samples, {:.0} s",
            row.modes, row.of, row.seconds
        );
        rows.retain(|row| !same(row, preset, seed));
        rows.push(&row)?;
        rows.write()?;
    }
    Ok(())
}

/// A row that the file should have.
#[derive(Clone, Copy)]
struct Entry {
    preset: &'static str,
    method: &'static str,
    seeds: u32,
    steps: u32,
}

/// The tab's short protocol on five seeds.
const fn tab(preset: &'static str, method: &'static str) -> Entry {
    Entry { preset, method, seeds: 5, steps: 2_000 }
}

/// The published protocol for a tenth of its 400,000 steps, which is over an hour of two cores.
const fn published(preset: &'static str, method: &'static str) -> Entry {
    Entry { preset, method, seeds: 2, steps: 40_000 }
}

const TABLE: [Entry; 9] = [
    tab("ring-lost", "GAN"),
    tab("ring-r1", "R1"),
    tab("ring-wgan-gp", "WGAN-GP"),
    tab("ring-packed", "PacGAN4"),
    tab("ring-r3", "RpGAN+R1+R2"),
    published("pacgan-ring", "GAN"),
    published("pacgan-ring-2", "PacGAN2"),
    published("pacgan-grid", "GAN"),
    published("pacgan-grid-2", "PacGAN2"),
];

fn train(preset: &str, settings: &[String], method: &str, seed: u32, steps: u32) -> Result<Row, Failure> {
    let config: Experiment = configuration(preset, &[settings, &[format!("seed={seed}")]].concat())?;
    let points = config.points(None)?;
    let density_reference = DensityReference::new(points.density(), seed);
    let data = format!("{}{}", config.data.key(), config.density.modes);
    let mut trainer = Trainer::new(config, points.len(), &Device::flex());
    let bar = bar(steps as usize)?;
    let start = Instant::now();
    let mut curve = Vec::new();
    let mut last: Option<DensityMetrics> = None;
    while trainer.steps() < steps {
        trainer.step(&points, StepKind::Both)?;
        bar.inc(1);
        let step = trainer.steps();
        if step.is_multiple_of((steps / LOOKS).max(1)) || step == steps {
            let found = density_reference.measure(&wait(snapshot::sampled(&trainer, &points, false))?.points)?;
            if let Some(modes) = &found.modes {
                curve.push((step, modes.captured, modes.high_quality, modes.reverse_kl));
                bar.set_message(format!("{} of {} modes", modes.captured, modes.of));
            }
            last = Some(found);
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    bar.finish_and_clear();
    let DensityMetrics { modes, js, w1, .. } = last.ok_or("--steps is 0")?;
    let modes = modes.ok_or_else(|| format!("{preset} has no modes to count in {SAMPLES} samples"))?;
    Ok(Row {
        preset: preset.into(),
        data,
        method: method.into(),
        seed,
        steps,
        modes: modes.captured,
        strict: modes.strict,
        of: modes.of,
        high_quality: modes.high_quality,
        reverse_kl: modes.reverse_kl,
        spread: modes.spread,
        js,
        w1,
        seconds,
        stamp: Stamp::now(),
        curve,
    })
}
