//! Tests the claims of presets on images: writes bench/claims.json run by run, and continues where it was interrupted.
//! Runs of a preset that has changed since are repeated.
//!
//! cargo run --release --example claims                                    every run that is missing, 40 minutes of one
//! core in all cargo run --release --example claims -- --preset vanishing --seeds 2    two seeds of one preset
//!
//! It needs `make data` once.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Parser;
use counterfeit::classifier::Classifier;
use counterfeit::data::{DataSet, Images, Part};
use counterfeit::evaluator::Evaluator;
use counterfeit::metrics::Size;
use counterfeit::presets::claims::{self, Bound, Claim, Finding, Inequality, SEEDS, When};
use serde_json::{Value, json};
use support::{Failure, bar, claims::shown, load};

/// Tests the claims of presets on images.
#[derive(Parser)]
struct Args {
    /// Only this preset.
    #[arg(long)]
    preset: Option<String>,
    /// Seeds 1 to this one.
    #[arg(long, default_value_t = SEEDS)]
    seeds: u32,
    #[arg(long, default_value = "bench/claims.json")]
    out: PathBuf,
    /// Where `make data` put the data sets.
    #[arg(long, default_value = "www/public/data")]
    data: PathBuf,
    #[arg(long, default_value = "www/classifiers")]
    classifiers: PathBuf,
}

/// A run to be made.
struct Job<'a> {
    claim: &'a Claim,
    /// Whether this is a cured variant, which must not show the claim.
    cured: bool,
    preset: &'static str,
    changes: Value,
    seed: u32,
}

fn main() {
    support::end(run(&Args::parse()));
}

fn run(args: &Args) -> Result<(), Failure> {
    let all = claims::on_images();
    let known = || all.iter().map(|c| c.preset).collect::<Vec<_>>().join(", ");
    if let Some(name) = args.preset.as_ref().filter(|name| all.iter().all(|c| c.preset != name.as_str())) {
        return Err(format!("no preset on images named {name:?} makes a claim; choose one of {}", known()).into());
    }
    let chosen = all.iter().filter(|c| args.preset.as_ref().is_none_or(|name| name == c.preset));
    let todo: Vec<Job> = chosen.flat_map(|claim| jobs(claim, args.seeds)).collect();
    let mut rows = read(&args.out)?;
    // Drops the rows of runs that no claim needs any more.
    let wanted: Vec<Job> = all.iter().flat_map(|claim| jobs(claim, SEEDS.max(args.seeds))).collect();
    rows.retain(|row| wanted.iter().any(|job| job.head().is_ok_and(|head| is_of(row, &head))));
    let images = load(&args.data, DataSet::Mnist, &Part::ALL)?;
    let path = args.classifiers.join("mnist.bin");
    let file = fs::read(&path).map_err(|e| format!("{}: {e}. Name its folder with --classifiers", path.display()))?;
    let mut evaluator = Evaluator::new(Classifier::read(&file)?, Size::LIVE);
    let count = todo.len();
    for (i, job) in todo.iter().enumerate() {
        let head = job.head()?;
        if rows.iter().any(|row| is_of(row, &head)) {
            continue;
        }
        let row = job.run(head, &images, &mut evaluator)?;
        println!("{} of {count}: {}", i + 1, row);
        rows.push(row);
        write(&args.out, &rows)?;
    }
    Ok(())
}

/// The runs of a preset, and those of its cured variants.
fn jobs(claim: &Claim, seeds: u32) -> Vec<Job<'_>> {
    let own = (claim.preset, json!({}), false);
    let cured = claim.cured.iter().map(|(preset, changes)| (*preset, changes.clone(), true));
    let runs = std::iter::once(own).chain(cured);
    runs.flat_map(|(preset, changes, cured)| {
        (1..=seeds).map(move |seed| Job { claim, cured, preset, changes: changes.clone(), seed })
    })
    .collect()
}

impl Job<'_> {
    /// The columns of its row that are known before the run.
    fn head(&self) -> Result<Value, Failure> {
        let config = claims::configuration(self.preset, &self.changes, self.seed)
            .ok_or("a claim names no valid configuration")?;
        Ok(json!({
            "preset": self.preset,
            "changes": self.changes,
            "claim": self.claim.name,
            "cured": self.cured,
            "seed": self.seed,
            "inequalities": self.claim.all.iter().map(words).collect::<Vec<_>>(),
            "hash": claims::fingerprint(&config),
        }))
    }

    fn run(&self, mut row: Value, images: &Images, evaluator: &mut Evaluator) -> Result<Value, Failure> {
        let config = claims::configuration(self.preset, &self.changes, self.seed)
            .ok_or("a claim names no valid configuration")?;
        let bar = bar(self.claim.steps() as usize)?;
        bar.set_message(format!("{}{}, seed {}", self.preset, if self.cured { ", cured" } else { "" }, self.seed));
        let start = Instant::now();
        let findings =
            support::claims::on_images(self.claim, config, images, evaluator, |step| bar.set_position(step.into()))
                .map_err(|e| format!("{}, seed {}: {e}", self.preset, self.seed))?;
        bar.finish_and_clear();
        row["shown"] = shown(&findings).into();
        row["figures"] = findings.iter().zip(&self.claim.all).map(figure).collect();
        row["seconds"] = start.elapsed().as_secs().into();
        let stamp = serde_json::to_value(support::Stamp::now())?;
        row.as_object_mut().into_iter().for_each(|row| row.extend(stamp.as_object().cloned().unwrap_or_default()));
        Ok(row)
    }
}

/// An inequality as text.
fn words(Inequality { quantity, bound, when }: &Inequality) -> String {
    let (relation, limit) = match bound {
        Bound::AtMost(limit) => ("at most", limit),
        Bound::AtLeast(limit) => ("at least", limit),
    };
    let when = match when {
        When::By(last) => format!("by step {last}"),
        When::During(from, last) => format!("from step {from} to {last}"),
        When::OnAverage(from, last) => format!("on average from step {from} to {last}"),
    };
    format!("{} {relation} {limit} {when}", quantity.name())
}

fn figure((finding, inequality): (&Finding, &Inequality)) -> Value {
    // Four digits are more than two runs on different machines have in common.
    let value = format!("{:.3e}", finding.value).parse::<f64>().unwrap_or(f64::NAN);
    json!({ "quantity": inequality.quantity.name(), "value": value, "step": finding.step, "holds": finding.holds })
}

/// Whether a row belongs to the run that a head describes.
fn is_of(row: &Value, head: &Value) -> bool {
    head.as_object().into_iter().flatten().all(|(key, value)| row[key] == *value)
}

fn read(path: &Path) -> Result<Vec<Value>, Failure> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(path)?;
    serde_json::from_str(&text).map_err(|e| format!("{}: {e}. Move it away to start over", path.display()).into())
}

/// Writes one row per line, so that diffs are readable.
fn write(path: &Path, rows: &[Value]) -> Result<(), Failure> {
    let lines = rows.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>()?;
    fs::write(path, format!("[\n{}\n]\n", lines.join(",\n"))).map_err(|e| format!("{}: {e}", path.display()).into())
}
