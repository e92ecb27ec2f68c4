//! `counterfeit evaluate`: trains runs from several seeds, evaluates G and its EMA at report size, and writes a row for
//! each to `bench/quality.json`.

mod table;

use std::path::PathBuf;
use std::time::Instant;

use burn::tensor::Device;
use counterfeit::data::{DataSet, Images, Part};
use counterfeit::diagnosis::{Diagnosis, diagnose};
use counterfeit::evaluator::{Evaluation, Evaluator};
use counterfeit::metrics::{ImageMetrics, Size};
use counterfeit::trainer::{StepKind, Trainer};
use serde::Serialize;
use serde_json::Value;

use crate::args::{ClassifierFolder, DataFolder, Seeds, Share, preset_names};
use crate::inputs::load_classifier;
use crate::progress::bar;
use crate::stamp::Stamp;
use crate::table::Table;
use crate::{Failure, configuration, load, wait};

/// Trains generators from several seeds and evaluates them on 10,000 samples.
///
/// Makes the rows of the table that the file lacks, so that it continues after an interruption; with --preset only the
/// rows of that preset. Needs `make data` once.
#[derive(clap::Args)]
pub struct Args {
    /// Preset, by its name in the page's URL; without one, the whole table.
    #[arg(long, value_parser = preset_names())]
    preset: Option<String>,
    /// Settings that differ from the preset: --set g_lr=0.0001
    #[arg(long = "set", value_name = "NAME=VALUE", requires = "preset")]
    settings: Vec<String>,
    /// Seeds of the runs of --preset, as 1-5 or 1,2,7.
    #[arg(long, default_value = "1-5", requires = "preset")]
    seeds: Seeds,
    /// Training steps of the runs of --preset.
    #[arg(long, default_value_t = 5000, requires = "preset")]
    steps: u32,
    /// Steps between two points of the curve, which is evaluated with the sample size of a live run.
    #[arg(long, default_value_t = 500)]
    every: u32,
    /// File for the rows.
    #[arg(long, default_value = "bench/quality.json")]
    out: PathBuf,
    /// Make only every N-th missing row, beginning with the I-th, so that several processes share the work, each with
    /// its own --out.
    #[arg(long, value_name = "I/N", default_value = "0/1")]
    share: Share,
    #[command(flatten)]
    folder: DataFolder,
    #[command(flatten)]
    shipped: ClassifierFolder,
}

/// The metrics of one generator of one run.
#[derive(Serialize)]
struct Row {
    preset: String,
    settings: Vec<String>,
    dataset: &'static str,
    generator: &'static str,
    seed: u32,
    steps: u32,
    mnist_score: Option<f64>,
    mnist_score_floor: Option<f64>,
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
    min_class_share: Option<f64>,
    class_entropy: Option<f64>,
    /// Of the EMA, in conditional runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    class_accuracy: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code_purity: Option<f64>,
    /// Lower bound of the mutual information in nats, where D predicts codes.
    #[serde(skip_serializing_if = "Option::is_none")]
    information: Option<f64>,
    /// Share of pixels in which the two images of a coupled pair agree; below, the unpaired baseline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pair_agreement: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pair_agreement_shuffled: Option<f64>,
    /// Training time, without evaluation.
    seconds: f64,
    device: &'static str,
    n: usize,
    classifier: Option<u32>,
    #[serde(flatten)]
    stamp: Stamp,
    /// Step, score, Fréchet distance, KID and coverage of the EMA during training, at the smaller size.
    curve: Vec<[Option<f64>; 5]>,
}

/// One run.
struct Job {
    preset: String,
    settings: Vec<String>,
    seed: u32,
    steps: u32,
}

impl Job {
    /// Whether a row of the file is of this run.
    fn made(&self, row: &Value) -> bool {
        row["preset"] == *self.preset
            && row["settings"] == serde_json::json!(self.settings)
            && row["seed"] == self.seed
            && row["steps"] == self.steps
            && row["device"] == DEVICE
    }
}

const DEVICE: &str = "native CPU";

fn jobs(args: &Args) -> Vec<Job> {
    let Some(preset) = &args.preset else {
        let of = |e: &'static table::Entry| {
            let settings: Vec<String> = e.settings.iter().map(ToString::to_string).collect();
            e.seeds.iter().map(move |&seed| Job {
                preset: e.preset.into(),
                settings: settings.clone(),
                seed,
                steps: e.steps,
            })
        };
        return table::TABLE.iter().flat_map(of).collect();
    };
    let job = |&seed| Job { preset: preset.clone(), settings: args.settings.clone(), seed, steps: args.steps };
    args.seeds.0.iter().map(job).collect()
}

pub fn run(args: &Args) -> Result<(), Failure> {
    let mut table = Table::read(&args.out)?;
    let missing: Vec<Job> = jobs(args).into_iter().filter(|job| !table.has(|row| job.made(row))).collect();
    let mut bench = Bench::default();
    for job in args.share.of(missing.into_iter()) {
        for row in bench.run(args, &job)? {
            table.push(&row)?;
        }
        table.write()?;
    }
    Ok(())
}

/// Data and evaluators of the last run, reused by the next run on the same data.
#[derive(Default)]
struct Bench {
    prepared: Option<(DataSet, Images, [Evaluator; 2])>,
}

impl Bench {
    /// The images of a data set, and evaluators of live and of report size.
    fn prepare(&mut self, args: &Args, set: DataSet) -> Result<&mut (DataSet, Images, [Evaluator; 2]), Failure> {
        if self.prepared.as_ref().is_none_or(|(at_hand, ..)| *at_hand != set) {
            let held_out = set.spec().map_or(0, |spec| spec.test);
            let evaluator = |size: Size| {
                Ok::<_, Failure>(Evaluator::new(
                    load_classifier(&args.shipped.classifiers, set)?,
                    size.at_most(held_out),
                ))
            };
            let evaluators = [evaluator(Size::LIVE)?, evaluator(Size::REPORT)?];
            self.prepared = Some((set, load(&args.folder.data, set, &Part::ALL)?, evaluators));
        }
        self.prepared.as_mut().ok_or_else(|| "no evaluator".into())
    }

    /// Trains and evaluates one run: the rows of G and of its EMA.
    fn run(&mut self, args: &Args, job: &Job) -> Result<[Row; 2], Failure> {
        let Job { preset, settings, seed, steps } = job;
        println!("{preset} {} seed {seed}, {steps} steps", settings.join(" "));
        let config = configuration(preset, &[&settings[..], &[format!("seed={seed}")]].concat())?;
        let (set, images, [live, report]) = self.prepare(args, config.data)?;
        let mut trainer = Trainer::new(config, images.info().train, &Device::flex());
        let bar = bar(*steps as usize)?;
        let mut seconds = 0.0;
        let (mut history, mut curve) = (Vec::new(), Vec::new());
        while trainer.steps() < *steps {
            let start = Instant::now();
            for _ in 0..args.every.min(steps - trainer.steps()) {
                trainer.step(&*images, StepKind::Both)?;
                bar.inc(1);
            }
            seconds += start.elapsed().as_secs_f64();
            let m = wait(live.evaluate(&trainer, images))?;
            history.push(m.clone());
            let Diagnosis { title, evidence, .. } = diagnose(&history, trainer.config());
            let extra = found(&m);
            bar.suspend(|| println!("step {}: {}{extra}\n  {title}. {evidence}", m.step, line(&m.averaged)));
            let ImageMetrics { score, frechet, kid, coverage, .. } = m.averaged;
            curve.push([Some(f64::from(m.step)), score, Some(frechet), Some(kid), Some(coverage)]);
        }
        bar.finish();
        let measured = wait(report.evaluate(&trainer, images))?;
        let labelled = trainer.config().condition.condition.labelled();
        let finished = Finished { job, set: *set, labelled, measured, seconds, curve };
        Ok([finished.row("raw", finished.measured.raw), finished.row("averaged", finished.measured.averaged)])
    }
}

/// A run that was trained and evaluated.
struct Finished<'a> {
    job: &'a Job,
    set: DataSet,
    /// Whether G is given a class.
    labelled: bool,
    measured: Evaluation,
    /// Time of training.
    seconds: f64,
    curve: Vec<[Option<f64>; 5]>,
}

impl Finished<'_> {
    /// The row of G or of its EMA, which is printed too.
    fn row(&self, generator: &'static str, m: ImageMetrics) -> Row {
        println!("{generator}: {}{} in {:.0} s", line(&m), found(&self.measured), self.seconds);
        let floor = self.measured.real_reference;
        let codes = self.measured.codes.as_ref().filter(|_| generator == "averaged");
        let classified = codes.and_then(|c| c.classified.as_ref());
        let pairs = self.measured.agreement.filter(|_| generator == "averaged");
        Row {
            preset: self.job.preset.clone(),
            settings: self.job.settings.clone(),
            dataset: self.set.key(),
            generator,
            seed: self.job.seed,
            steps: self.job.steps,
            mnist_score: m.score,
            mnist_score_floor: floor.score,
            fd: m.frechet,
            fd_floor: floor.frechet,
            kid: m.kid,
            kid_deviation: m.kid_deviation,
            kid_floor: floor.kid,
            precision: m.precision,
            recall: m.recall,
            density: m.density,
            coverage: m.coverage,
            coverage_floor: floor.coverage,
            min_class_share: least_share(&m),
            class_entropy: m.entropy,
            class_accuracy: classified.filter(|_| self.labelled).map(|c| c.accuracy),
            code_purity: classified.filter(|_| !self.labelled).map(|c| c.purity),
            information: codes.and_then(|c| c.information),
            pair_agreement: pairs.map(|p| p.pairs),
            pair_agreement_shuffled: pairs.map(|p| p.shuffled),
            seconds: self.seconds,
            stamp: Stamp::now(),
            device: DEVICE,
            n: self.measured.n,
            classifier: self.measured.classifier,
            curve: self.curve.clone(),
        }
    }
}

/// Metrics of classes, codes or pairs, where there are any.
fn found(m: &Evaluation) -> String {
    let codes = m.codes.as_ref().map(|c| {
        let classified = c.classified.as_ref().map(|c| format!(" accuracy {:.3} purity {:.3}", c.accuracy, c.purity));
        let information = c.information.map(|i| format!(" information {i:.3}"));
        [classified, information].into_iter().flatten().collect::<String>()
    });
    let pairs = m.agreement.map(|p| format!(" pair agreement {:.4} (unpaired baseline {:.4})", p.pairs, p.shuffled));
    [codes, pairs].into_iter().flatten().collect()
}

fn line(m: &ImageMetrics) -> String {
    let score = m.score.map(|score| format!("score {score:.2} ")).unwrap_or_default();
    let least = least_share(m).map(|share| format!(" least class share {share:.3}")).unwrap_or_default();
    format!(
        "{score}FD {:.2} KID {:.4} precision {:.3} recall {:.3} density {:.3} coverage {:.3}{least} diversity {:.3}",
        m.frechet, m.kid, m.precision, m.recall, m.density, m.coverage, m.diversity
    )
}

/// Share of the rarest class; None without a classifier.
fn least_share(m: &ImageMetrics) -> Option<f64> {
    m.shares.map(|shares| shares.into_iter().fold(1.0, f64::min))
}
