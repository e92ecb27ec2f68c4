//! Claims of presets, as inequalities between a metric and a number: a preset for mode collapse has to lose modes, and
//! the preset that cures it must not.
//!
//! On densities `tests/claims.rs` makes the runs. On images `crates/cli/src/claims.rs` makes them once and writes
//! `bench/claims.json`, with the fingerprint of each preset, so that a test notices a preset that has changed since.

mod images;
mod points;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::config;
use crate::config::{RunConfig, fields};
use crate::diagnosis::DensityObservation;
use crate::evaluator::Evaluation;
use crate::presets::presets;
use crate::settings::{self, Field};
use crate::signals::total;

/// A claim is tested on seeds 1 to this one.
pub const SEEDS: u32 = 5;
/// Number of these seeds that have to show it, because single GAN runs vary.
pub const NEEDED: usize = 4;

/// A metric of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    // Of a density run.
    /// Modes covered: each has at least 20 % of its share.
    ModesCovered,
    /// Share of high-quality samples, within three standard deviations of a mode.
    HighQuality,
    /// Jensen-Shannon divergence from the data, in nats.
    JensenShannon,
    /// Mean |dL_G/dx| over fake samples, per unit of x.
    SampleGradient,
    /// Wasserstein-1 distance from the data, in units of x.
    Wasserstein,
    // Of a run on images.
    /// Norm of G's gradient, averaged over about ten updates.
    GeneratorGradient,
    /// Mean distance between two fake images over that between two real ones, in feature space.
    Diversity,
    /// D's accuracy on training and fake images; chance is 1/2.
    Accuracy,
    /// D's accuracy on training images minus that on held-out ones.
    AccuracyGap,
    /// |mean output of D| on fake images.
    CriticOutput,
    /// Distance of fake images to their nearest training image over that of held-out real ones.
    NearestTrainingRatio,
    /// Share of fake images that changed class since the evaluation before.
    ClassTurnover,
    /// Fréchet distance of G over that of its EMA.
    DistanceOverAveraged,
    /// Coverage over that of the real-data reference.
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

    /// Value in an evaluation of a density run.
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

    /// Value in the last evaluation of a run on images.
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
                last.raw
                    .shares
                    .iter()
                    .flatten()
                    .zip(before.raw.shares.iter().flatten())
                    .map(|(a, b)| (a - b).abs())
                    .sum::<f64>()
                    / 2.0
            }
            Quantity::DistanceOverAveraged => last.raw.frechet / last.averaged.frechet.max(f64::MIN_POSITIVE),
            Quantity::Coverage => last.averaged.coverage / last.real_reference.coverage.max(f64::MIN_POSITIVE),
            _ => return None,
        })
    }
}

/// The bound of an inequality.
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

    /// The one of two values that is further from satisfying the bound; NaN is the furthest.
    fn worse(self, a: f64, b: f64) -> f64 {
        let a_is_worse = match self {
            Bound::AtMost(_) => a > b,
            Bound::AtLeast(_) => a < b,
        };
        if a.is_nan() || a_is_worse { a } else { b }
    }
}

/// The evaluations that count, by step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// At least one, up to a step.
    By(u32),
    /// All, from a step to another.
    During(u32, u32),
    /// The mean, from a step to another.
    OnAverage(u32, u32),
}

/// A condition on a quantity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Inequality {
    pub quantity: Quantity,
    pub bound: Bound,
    pub when: When,
}

/// Whether an inequality holds for a run, and the deciding value and step.
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

    /// Evaluates the inequality on a run's series of (step, value). It does not hold without a value in the range that
    /// counts.
    pub fn check(&self, series: &[(u32, f64)]) -> Finding {
        let (from, until) = (self.from(), self.until());
        let inside: Vec<(u32, f64)> =
            series.iter().copied().filter(|(step, _)| (from..=until).contains(step)).collect();
        let nothing = Finding { holds: false, value: f64::NAN, step: until };
        let Some(&(last_step, last)) = inside.last() else { return nothing };
        let (step, value) = match self.when {
            When::By(_) => inside.iter().copied().find(|(_, v)| self.bound.holds(*v)).unwrap_or((last_step, last)),
            When::During(..) => (last_step, inside.iter().fold(last, |worst, (_, v)| self.bound.worse(worst, *v))),
            When::OnAverage(..) => (last_step, inside.iter().map(|(_, v)| v).sum::<f64>() / inside.len() as f64),
        };
        // A run that stopped early does not satisfy it.
        let whole = matches!(self.when, When::By(_)) || series.last().is_some_and(|(step, _)| *step >= until);
        Finding { holds: whole && self.bound.holds(value), value, step }
    }
}

/// A claim of a preset.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    pub preset: &'static str,
    /// Name of the effect.
    pub name: &'static str,
    /// Inequalities that all have to hold.
    pub all: Vec<Inequality>,
    /// Steps between two evaluations.
    pub every: u32,
    /// Cured runs, which must not show it: a preset, and the settings changed from it.
    pub cured: Vec<(&'static str, Value)>,
}

impl Claim {
    /// Number of steps that decide it.
    pub fn steps(&self) -> u32 {
        self.all.iter().map(Inequality::until).max().unwrap_or(0)
    }

    /// Step of the first evaluation needed; it includes one before the range, for differences.
    pub fn first(&self) -> u32 {
        self.all.iter().map(Inequality::from).min().unwrap_or(0).saturating_sub(self.every)
    }

    /// Whether the claim is already shown, whatever further steps bring.
    pub fn settled(&self, findings: &[Finding]) -> bool {
        self.all
            .iter()
            .zip(findings)
            .all(|(inequality, finding)| matches!(inequality.when, When::By(_)) && finding.holds)
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
    let mut values = serde_json::to_value(config! { seed: seed, ..found.config }).ok()?;
    changes.as_object().into_iter().flatten().for_each(|(key, value)| values[key] = value.clone());
    serde_json::from_value(values).ok()
}

/// SHA-256 of what sets a run apart, without its seed: the settings that apply and differ from the default, as JSON
/// with sorted keys. A new setting changes no fingerprint, and neither does a value that does not apply. It relies on
/// defaults that stay: `crates/experiment/tests/compatibility.rs` holds them.
pub fn fingerprint(config: &RunConfig) -> String {
    let [values, defaults] = [config, &RunConfig::default()].map(|config| settings::values(config));
    let counted = |field: &&Field| {
        field.key != "seed"
            && settings::applies(field, fields(), &values)
            && values[field.place] != defaults[field.place]
    };
    let sorted: BTreeMap<&str, Value> =
        fields().iter().filter(counted).map(|field| (field.key, json!(values[field.place]))).collect();
    let text = serde_json::to_string(&sorted).unwrap_or_default();
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
