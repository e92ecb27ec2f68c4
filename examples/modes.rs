//! Counts the modes that generators cover, over steps: writes bench/modes.json run by run, and continues where it was
//! interrupted.
//!
//! cargo run --release --example modes                          every run of the table that is missing
//! cargo run --release --example modes -- --preset ring --steps 2000 --seeds 3      one preset, printed only

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use burn::tensor::Device;
use clap::Parser;
use counterfeit::config::Experiment;
use counterfeit::data::PointSet;
use counterfeit::metrics::{DensityMetrics, DensityReference, SAMPLES};
use counterfeit::snapshot;
use counterfeit::trainer::{StepKind, Trainer};
use serde::{Deserialize, Serialize};
use support::{Failure, bar, configuration, share, wait};

/// Evaluations per run.
const LOOKS: u32 = 40;

#[derive(Parser)]
struct Args {
    /// Only this preset; nothing is written.
    #[arg(long)]
    preset: Option<String>,
    /// Settings that differ from the preset: --set pack=2
    #[arg(long = "set", value_name = "NAME=VALUE")]
    settings: Vec<String>,
    /// Generator steps.
    #[arg(long, default_value_t = 2_000)]
    steps: u32,
    /// Seeds 1 to this one.
    #[arg(long, default_value_t = 1)]
    seeds: u32,
    #[arg(long, default_value = "bench/modes.json")]
    out: PathBuf,
    /// Make only every n-th missing row, beginning with the i-th: I/N, so that several processes share the work, each
    /// with its own --out.
    #[arg(long, value_parser = share, default_value = "0/1")]
    share: (usize, usize),
}

/// One run: the metrics of its last evaluation, and the curve of all evaluations.
#[derive(Debug, Clone, Serialize, Deserialize)]
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
    stamp: support::Stamp,
    /// Step, modes, high-quality share, reverse KL.
    curve: Vec<(u32, usize, f64, f64)>,
}

fn main() {
    support::end(run(&Args::parse()));
}

fn run(args: &Args) -> Result<(), Failure> {
    if let Some(preset) = &args.preset {
        for seed in 1..=args.seeds {
            let row = train(preset, &args.settings, "", seed, args.steps)?;
            println!("{}", serde_json::to_string(&row)?);
        }
        return Ok(());
    }
    let mut rows = read(&args.out)?;
    let there =
        |e: &Entry, seed: u32| rows.iter().any(|r| r.preset == e.preset && r.seed == seed && r.steps == e.steps);
    let missing: Vec<(Entry, u32)> = table()
        .into_iter()
        .flat_map(|e| (1..=e.seeds).map(move |seed| (e, seed)))
        .filter(|(e, seed)| !there(e, *seed))
        .collect();
    let (first, of) = args.share;
    for (Entry { preset, method, steps, .. }, seed) in missing.into_iter().skip(first).step_by(of) {
        let row = train(preset, &[], method, seed, steps)?;
        let quality = 100.0 * row.high_quality;
        println!(
            "{preset}, seed {seed}: {} of {} modes, {quality:.1} % high-quality samples, {:.0} s",
            row.modes, row.of, row.seconds
        );
        rows.retain(|r| r.preset != preset || r.seed != seed);
        rows.push(row);
        write(&args.out, &rows)?;
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

/// The tab's short protocol on five seeds, and the published one for a tenth of its 400,000 steps, which is over an
/// hour of two cores.
fn table() -> Vec<Entry> {
    let tab = |preset, method| Entry { preset, method, seeds: 5, steps: 2_000 };
    let published = |preset, method| Entry { preset, method, seeds: 2, steps: 40_000 };
    vec![
        tab("ring-lost", "GAN"),
        tab("ring-r1", "R1"),
        tab("ring-wgan-gp", "WGAN-GP"),
        tab("ring-packed", "PacGAN4"),
        tab("ring-r3", "RpGAN+R1+R2"),
        published("pacgan-ring", "GAN"),
        published("pacgan-ring-2", "PacGAN2"),
        published("pacgan-grid", "GAN"),
        published("pacgan-grid-2", "PacGAN2"),
    ]
}

fn train(preset: &str, settings: &[String], method: &str, seed: u32, steps: u32) -> Result<Row, Failure> {
    let config: Experiment = configuration(preset, &[settings, &[format!("seed={seed}")]].concat())?;
    let points = PointSet::new(&config, None)?;
    let density_reference = DensityReference::new(points.density(), seed);
    let data = format!("{}{}", config.data.key(), config.modes);
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
        stamp: support::Stamp::now(),
        curve,
    })
}

fn read(path: &Path) -> Result<Vec<Row>, Failure> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(path)?;
    serde_json::from_str(&text).map_err(|e| format!("{}: {e}. Move it away to start over", path.display()).into())
}

/// Writes one row per line, so that diffs are readable.
fn write(path: &Path, rows: &[Row]) -> Result<(), Failure> {
    let lines = rows.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>()?;
    Ok(fs::write(path, format!("[\n{}\n]\n", lines.join(",\n")))?)
}
