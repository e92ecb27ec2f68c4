//! Trains runs of a preset from several seeds, measures both generators of each at report size, and writes a row for each to
//! `bench/quality.json`.
//!
//! `cargo run --release --example quality -- --preset dcgan --seeds 1,2,3,4,5 --steps 5000`. It needs `make data` once.

mod support;

use std::path::PathBuf;
use std::time::Instant;

use burn::tensor::Device;
use clap::Parser;
use counterfeit::classifier::Classifier;
use counterfeit::data::Part;
use counterfeit::diagnosis::{Diagnosis, diagnose};
use counterfeit::gauge::Gauge;
use counterfeit::measure::{Measures, Size};
use counterfeit::trainer::{Players, Trainer};
use serde::Serialize;
use support::{Failure, bar, configuration, load, wait};

/// Measures how good a preset's generators get.
#[derive(Parser)]
struct Args {
    /// A prepared experiment by its name in the page's address.
    #[arg(long, default_value = "dcgan")]
    preset: String,
    /// Settings that differ from the preset: --set g_lr=0.0001
    #[arg(long = "set", value_name = "NAME=VALUE")]
    settings: Vec<String>,
    #[arg(long, value_delimiter = ',', default_value = "1,2,3,4,5")]
    seeds: Vec<u32>,
    #[arg(long, default_value_t = 5000)]
    steps: u32,
    /// Steps between two points of the curve, which is measured at the size of a run that goes on.
    #[arg(long, default_value_t = 500)]
    every: u32,
    #[arg(long, default_value = "bench/quality.json")]
    out: PathBuf,
    /// Where `make data` put the data sets.
    #[arg(long, default_value = "www/public/data")]
    data: PathBuf,
    #[arg(long, default_value = "www/classifiers")]
    classifiers: PathBuf,
}

/// What one generator of one run came to.
#[derive(Serialize)]
struct Row {
    preset: String,
    settings: Vec<String>,
    dataset: &'static str,
    generator: &'static str,
    seed: u32,
    steps: u32,
    mnist_score: f64,
    mnist_score_floor: f64,
    fd: f64,
    fd_floor: f64,
    kid: f64,
    kid_deviation: f64,
    kid_floor: f64,
    precision: f64,
    recall: f64,
    density: f64,
    coverage: f64,
    coverage_floor: f64,
    min_class_share: f64,
    class_entropy: f64,
    /// Of training, measuring not included.
    seconds: f64,
    device: &'static str,
    n: usize,
    classifier: u32,
    /// Step, score, Fréchet distance, kernel distance and coverage of the averaged generator on the way, at the smaller size.
    curve: Vec<[f64; 5]>,
}

fn main() {
    support::end(run(&Args::parse()));
}

fn run(args: &Args) -> Result<(), Failure> {
    let config = configuration(&args.preset, &args.settings)?;
    let images = load(&args.data, config.data, &Part::ALL)?;
    let name = config.data.key();
    let path = args.classifiers.join(format!("{name}.bin"));
    let file = std::fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let gauge = |size| Ok::<_, Failure>(Gauge::new(Classifier::read(&file)?, size));
    let (mut live, mut report) = (gauge(Size::LIVE)?, gauge(Size::REPORT)?);
    let mut rows = Vec::new();
    for &seed in &args.seeds {
        let settings = [&args.settings[..], &[format!("seed={seed}")]].concat();
        let mut trainer = Trainer::new(configuration(&args.preset, &settings)?, images.info().train, &Device::flex());
        let bar = bar(args.steps as usize)?;
        let mut seconds = 0.0;
        live.forget();
        let mut curve = Vec::new();
        while trainer.steps() < args.steps {
            let start = Instant::now();
            for _ in 0..args.every.min(args.steps - trainer.steps()) {
                trainer.step(&images, Players::Both)?;
                bar.inc(1);
            }
            seconds += start.elapsed().as_secs_f64();
            let m = wait(live.measure(&trainer, &images))?;
            let Diagnosis { title, evidence, .. } = diagnose(live.history(), trainer.config());
            bar.suspend(|| println!("seed {seed} step {}: {}\n  {title}. {evidence}", m.step, line(&m.averaged)));
            curve.push([f64::from(m.step), m.averaged.score, m.averaged.fd, m.averaged.kid, m.averaged.coverage]);
        }
        bar.finish();
        let measured = wait(report.measure(&trainer, &images))?;
        let floor = measured.floor;
        println!("floor: {}", line(&floor));
        for (generator, m) in [("raw", measured.raw), ("averaged", measured.averaged)] {
            println!("seed {seed} {generator}: {} in {seconds:.0} s", line(&m));
            rows.push(Row {
                preset: args.preset.clone(),
                settings: args.settings.clone(),
                dataset: name,
                generator,
                seed,
                steps: args.steps,
                mnist_score: m.score,
                mnist_score_floor: floor.score,
                fd: m.fd,
                fd_floor: floor.fd,
                kid: m.kid,
                kid_deviation: m.kid_deviation,
                kid_floor: floor.kid,
                precision: m.precision,
                recall: m.recall,
                density: m.density,
                coverage: m.coverage,
                coverage_floor: floor.coverage,
                min_class_share: m.shares.iter().fold(1.0, |a, &b| a.min(b)),
                class_entropy: m.entropy,
                seconds,
                device: "native CPU",
                n: measured.n,
                classifier: measured.classifier,
                curve: curve.clone(),
            });
        }
        let lines = rows.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>()?;
        std::fs::write(&args.out, format!("[\n{}\n]\n", lines.join(",\n")))?;
    }
    Ok(())
}

fn line(m: &Measures) -> String {
    let least = m.shares.iter().fold(1.0f64, |a, &b| a.min(b));
    format!(
        "score {:.2} fd {:.2} kid {:.4} precision {:.3} recall {:.3} density {:.3} coverage {:.3} least class {:.3} spread {:.3}",
        m.score, m.fd, m.kid, m.precision, m.recall, m.density, m.coverage, least, m.spread
    )
}
