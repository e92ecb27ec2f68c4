//! `counterfeit claims`: tests the claims of presets on images and writes `bench/claims.json` run by run.

mod run;

use std::path::PathBuf;
use std::time::Instant;

use clap::builder::PossibleValuesParser;
use counterfeit::claims::{self, Bound, Claim, Finding, Inequality, SEEDS, When};
use counterfeit::data::{DataSet, Images, Part};
use counterfeit::evaluator::Evaluator;
use counterfeit::metrics::Size;
use serde_json::{Value, json};

use crate::args::{ClassifierFolder, DataFolder, Seeds};
use crate::inputs::load_classifier;
use crate::progress::bar;
use crate::stamp::Stamp;
use crate::table::Table;
use crate::{Failure, load};

pub use run::{on_images, on_points, shown};

/// Tests whether presets on images show what they claim.
///
/// Makes the runs that the file lacks, so that it continues after an interruption; runs of a preset that has changed
/// are made again. All of them take 40 minutes of one core. Needs `make data` once.
#[derive(clap::Args)]
pub struct Args {
    /// Only this preset.
    #[arg(long, value_parser = PossibleValuesParser::new(claims::on_images().into_iter().map(|c| c.preset)))]
    preset: Option<String>,
    /// Seeds of the runs, as 1-5 or 1,2,7.
    #[arg(long, default_value_t = Seeds((1..=SEEDS).collect()))]
    seeds: Seeds,
    /// File for the rows.
    #[arg(long, default_value = "bench/claims.json")]
    out: PathBuf,
    #[command(flatten)]
    folder: DataFolder,
    #[command(flatten)]
    shipped: ClassifierFolder,
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

pub fn run(args: &Args) -> Result<(), Failure> {
    let all = claims::on_images();
    let chosen = all.iter().filter(|c| args.preset.as_ref().is_none_or(|name| name == c.preset));
    let todo: Vec<Job> = chosen.flat_map(|claim| jobs(claim, &args.seeds.0)).collect();
    let mut rows = Table::read(&args.out)?;
    // Drops the rows of runs that no claim needs any more.
    let seeds: Vec<u32> = (1..=SEEDS).chain(args.seeds.0.iter().copied()).collect();
    let wanted = all.iter().flat_map(|claim| jobs(claim, &seeds));
    let wanted = wanted.map(|job| job.head()).collect::<Result<Vec<_>, _>>()?;
    rows.retain(|row| wanted.iter().any(|head| is_of(row, head)));
    let images = load(&args.folder.data, DataSet::Mnist, &Part::ALL)?;
    let mut evaluator = Evaluator::new(load_classifier(&args.shipped.classifiers, DataSet::Mnist)?, Size::LIVE);
    let count = todo.len();
    for (i, job) in todo.iter().enumerate() {
        let head = job.head()?;
        if rows.has(|row| is_of(row, &head)) {
            continue;
        }
        let row = job.run(head, &images, &mut evaluator)?;
        println!("{} of {count}: {row}", i + 1);
        rows.push(&row)?;
        rows.write()?;
    }
    Ok(())
}

/// The runs of a preset, and those of its cured variants.
fn jobs<'a>(claim: &'a Claim, seeds: &[u32]) -> Vec<Job<'a>> {
    let own = (claim.preset, json!({}), false);
    let cured = claim.cured.iter().map(|(preset, changes)| (*preset, changes.clone(), true));
    let runs = std::iter::once(own).chain(cured);
    runs.flat_map(|(preset, changes, cured)| {
        seeds.iter().map(move |&seed| Job { claim, cured, preset, changes: changes.clone(), seed }).collect::<Vec<_>>()
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
        let findings = on_images(self.claim, config, images, evaluator, |step| bar.set_position(step.into()))
            .map_err(|e| format!("{}, seed {}: {e}", self.preset, self.seed))?;
        bar.finish_and_clear();
        row["shown"] = shown(&findings).into();
        row["figures"] = findings.iter().zip(&self.claim.all).map(figure).collect();
        row["seconds"] = start.elapsed().as_secs().into();
        let stamp = serde_json::to_value(Stamp::now())?;
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
