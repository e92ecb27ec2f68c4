//! What presets promise, as inequalities between a measured quantity and a number: a preset that says it loses modes has to lose them, and
//! the preset that cures it must not.
//!
//! On densities `tests/claims.rs` makes the runs. On images `examples/claims.rs` makes them once and writes `bench/claims.json`, with the
//! fingerprint of each preset, so that a test notices a preset that has changed since.

mod images;
mod points;

use std::collections::BTreeMap;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::presets;
use crate::config::RunConfig;
use crate::diagnosis::DensityObservation;
use crate::evaluator::Evaluation;
use crate::signals::total;

/// Seeds that a claim is tried on, 1 to this one.
pub const SEEDS: u32 = 5;
/// Of these, those that have to show it: a GAN's run is a matter of luck now and then.
pub const NEEDED: usize = 4;

/// What is measured of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    // Of a run on a density.
    /// Modes that have a fifth of their due or more.
    ModesCovered,
    /// Share of the samples within three deviations of a mode.
    HighQuality,
    /// Jensen-Shannon divergence from the data, in nats.
    JensenShannon,
    /// Mean |dL_G/dx| over generated samples, per unit of x.
    SampleGradient,
    /// Wasserstein's distance of order 1 from the data, in units of x.
    Wasserstein,
    // Of a run on images.
    /// Norm of the gradient of G's loss by its weights, averaged over some ten updates.
    GeneratorGradient,
    /// Mean distance between two generated images over that between two real ones, in features.
    Diversity,
    /// Share of its training images and of generated ones that D is right about; a coin is right about half.
    Accuracy,
    /// Accuracy on training images less that on images that D has never seen.
    AccuracyGap,
    /// Size of D's mean output on generated images.
    CriticOutput,
    /// Distance of generated images to their nearest training image over that of unseen real ones.
    NearestTrainingRatio,
    /// Share of the generated images that are of another class than an evaluation before.
    ClassTurnover,
    /// Fréchet distance of the generator over that of its average over steps.
    DistanceOverAveraged,
    /// Coverage over that of real images.
    Coverage,
}

impl Quantity {
    /// Its name in `bench/claims.json`.
    pub fn name(self) -> &'static str {
        match self {
            Quantity::ModesCovered => "modes covered",
            Quantity::HighQuality => "high-quality samples",
            Quantity::JensenShannon => "Jensen-Shannon divergence",
            Quantity::SampleGradient => "gradient at samples",
            Quantity::Wasserstein => "Wasserstein distance",
            Quantity::GeneratorGradient => "gradient norm of G",
            Quantity::Diversity => "diversity",
            Quantity::Accuracy => "accuracy of D",
            Quantity::AccuracyGap => "accuracy gap, training to held out",
            Quantity::CriticOutput => "mean output of D",
            Quantity::NearestTrainingRatio => "nearest-training ratio",
            Quantity::ClassTurnover => "class turnover",
            Quantity::DistanceOverAveraged => "Fréchet distance over that of the EMA",
            Quantity::Coverage => "coverage over that of real images",
        }
    }

    /// Of an evaluation on a density.
    pub fn of_points(self, observation: &DensityObservation) -> Option<f64> {
        let modes = observation.metrics.generated.modes.as_ref();
        match self {
            Quantity::ModesCovered => modes.map(|m| m.strict as f64),
            Quantity::HighQuality => modes.map(|m| m.high_quality),
            Quantity::Wasserstein => observation.metrics.generated.w1,
            Quantity::JensenShannon => Some(observation.metrics.generated.js),
            Quantity::SampleGradient => Some(observation.slope),
            _ => None,
        }
    }

    /// Of the last of some evaluations on images.
    pub fn of_images(self, history: &[Evaluation]) -> Option<f64> {
        let last = history.last()?;
        Some(match self {
            Quantity::GeneratorGradient => total(&last.signals.generator),
            Quantity::Diversity => last.raw.diversity,
            Quantity::Accuracy => (last.accuracy.training + last.accuracy.fake) / 2.0,
            Quantity::AccuracyGap => last.accuracy.training - last.accuracy.held_out,
            Quantity::CriticOutput => last.mean_d_output.fake.abs(),
            Quantity::NearestTrainingRatio => last.memorisation_ratio,
            Quantity::ClassTurnover => {
                let before = history.len().checked_sub(2).map(|i| &history[i])?;
                last.raw.shares.iter().zip(&before.raw.shares).map(|(a, b)| (a - b).abs()).sum::<f64>() / 2.0
            }
            Quantity::DistanceOverAveraged => last.raw.frechet / last.averaged.frechet.max(f64::MIN_POSITIVE),
            Quantity::Coverage => last.averaged.coverage / last.real_reference.coverage.max(f64::MIN_POSITIVE),
            _ => return None,
        })
    }
}

/// Which values hold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

impl Bound {
    pub fn holds(self, value: f64) -> bool {
        match self {
            Bound::AtMost(limit) => value <= limit,
            Bound::AtLeast(limit) => value >= limit,
        }
    }

    /// The one of two values that is further from holding; what is no number is furthest.
    fn worse(self, a: f64, b: f64) -> f64 {
        let a_is_worse = match self {
            Bound::AtMost(_) => a > b,
            Bound::AtLeast(_) => a < b,
        };
        if a.is_nan() || a_is_worse { a } else { b }
    }
}

/// At which evaluations, by steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// At one of them at least, up to a step.
    By(u32),
    /// At each of them from a step to another.
    During(u32, u32),
    /// On average over them.
    OnAverage(u32, u32),
}

/// What a quantity has to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Inequality {
    pub quantity: Quantity,
    pub bound: Bound,
    pub when: When,
}

/// Whether it holds for a run, by which value, at which step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finding {
    pub holds: bool,
    pub value: f64,
    pub step: u32,
}

impl Inequality {
    /// The first and the last step that count.
    fn from(&self) -> u32 {
        match self.when {
            When::By(_) => 0,
            When::During(from, _) | When::OnAverage(from, _) => from,
        }
    }

    pub fn until(&self) -> u32 {
        match self.when {
            When::By(last) | When::During(_, last) | When::OnAverage(_, last) => last,
        }
    }

    /// For a run of which the quantity was found at some steps, in order. Without a value in the time that counts it does not hold.
    pub fn check(&self, series: &[(u32, f64)]) -> Finding {
        let (from, until) = (self.from(), self.until());
        let inside: Vec<(u32, f64)> = series.iter().copied().filter(|(step, _)| (from..=until).contains(step)).collect();
        let nothing = Finding { holds: false, value: f64::NAN, step: until };
        let Some(&(last_step, last)) = inside.last() else { return nothing };
        let (step, value) = match self.when {
            When::By(_) => inside.iter().copied().find(|(_, v)| self.bound.holds(*v)).unwrap_or((last_step, last)),
            When::During(..) => (last_step, inside.iter().fold(last, |worst, (_, v)| self.bound.worse(worst, *v))),
            When::OnAverage(..) => (last_step, inside.iter().map(|(_, v)| v).sum::<f64>() / inside.len() as f64),
        };
        // A run that stopped early has not held out.
        let whole = matches!(self.when, When::By(_)) || series.last().is_some_and(|(step, _)| *step >= until);
        Finding { holds: whole && self.bound.holds(value), value, step }
    }
}

/// What a preset promises.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    pub preset: &'static str,
    /// In the words of the field.
    pub name: &'static str,
    /// All of them hold.
    pub all: Vec<Inequality>,
    /// Steps between two evaluations.
    pub every: u32,
    /// Runs that must not show it: a preset's name, and the settings in which the run differs from that.
    pub cured: Vec<(&'static str, Value)>,
}

impl Claim {
    /// The steps that a run takes to decide it.
    pub fn steps(&self) -> u32 {
        self.all.iter().map(Inequality::until).max().unwrap_or(0)
    }

    /// The first step at which an evaluation is of use; the one before it shows what has changed since.
    pub fn first(&self) -> u32 {
        self.all.iter().map(Inequality::from).min().unwrap_or(0).saturating_sub(self.every)
    }

    /// Whether more steps cannot change that it is shown.
    pub fn settled(&self, findings: &[Finding]) -> bool {
        self.all.iter().zip(findings).all(|(inequality, finding)| matches!(inequality.when, When::By(_)) && finding.holds)
    }
}

/// Every claim of a preset on a density.
pub fn on_points() -> Vec<Claim> {
    points::claims()
}

/// Every claim of a preset on images.
pub fn on_images() -> Vec<Claim> {
    images::claims()
}

/// A preset's configuration with some settings changed, on a seed.
pub fn configuration(preset: &str, changes: &Value, seed: u32) -> Option<RunConfig> {
    let found = presets().into_iter().find(|p| p.id == preset)?;
    let mut values = serde_json::to_value(RunConfig { seed, ..found.config }).ok()?;
    changes.as_object().into_iter().flatten().for_each(|(key, value)| values[key] = value.clone());
    serde_json::from_value(values).ok()
}

/// SHA-256 of a configuration without its seed, as JSON with sorted keys: equal for equal runs, and another as soon as a setting changes.
pub fn fingerprint(config: &RunConfig) -> String {
    let values = serde_json::to_value(config).unwrap_or_default();
    let sorted: BTreeMap<&String, &Value> = values.as_object().into_iter().flatten().filter(|(key, _)| *key != "seed").collect();
    let text = serde_json::to_string(&sorted).unwrap_or_default();
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
