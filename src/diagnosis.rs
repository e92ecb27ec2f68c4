//! Diagnosis of a run: one state, found from its evaluations by thresholds that the explanation states.
//!
//! An alarm needs several evaluations that agree, because single ones are noisy. A threshold without a source is ours:
//! it lies between the healthy and the failing runs of `tests/real/diagnosis.rs`.

mod advice;
mod points;
mod words;

pub use points::{DensityHistory, DensityObservation, diagnose_points};
use serde::Serialize;
use serde_json::{Value, json};

use crate::config::RunConfig;
use crate::evaluator::{Accuracy, Evaluation};
use crate::loss::{Objective, Output};
use crate::optim::Method;
use crate::signals::largest;

/// Number of evaluations that have to agree for an alarm.
const AGREE: usize = 3;
/// Number of evaluations over which a trend is computed.
const LOOKS: usize = 5;
/// Coverage, relative to the real-data reference, above which a generator has learnt something.
const LEARNT: f64 = 0.2;
/// Share of images that change class between evaluations above which a generator oscillates. A generator that did not
/// train came to 2 to 6 %.
const TURNED: f64 = 0.25;
/// Mean output above which a critic lacks a Lipschitz constraint: critics with a gradient penalty stayed below 100, one
/// without reached 4,000 after 100 steps. For other losses such outputs have exploded: a logit of 20 is already a
/// probability of 1 to seven digits.
const UNBOUNDED: f64 = 1000.0;
/// Mean output above which a critic has exploded: f32 no longer resolves changes of 0.1 there.
const EXPLODED: f64 = 1e6;
/// Number of evaluations after which a run far from the data has failed; other states need half as many.
const FAIR: usize = 6;
/// Range of KID of featureless grey images: 1.2 for an untrained DCGAN, 2 with a vanished gradient. A collapse to a few
/// digits is below 1, the speckle of fully connected networks in the hundreds.
const FOG: std::ops::Range<f64> = 1.0..5.0;
/// Root mean square of a layer's weights above which they have exploded. Initialisers give 1 at most, and Adam at a
/// learning rate of 2e-3 moves a weight by at most about 10 in 5,000 steps.
const HUGE: f64 = 20.0;
/// Coverage, relative to the real-data reference, below which a generator covers nothing: grey images have 0.01 to
/// 0.02.
const NOTHING: f64 = 0.05;
/// Coverage, relative to the real-data reference, above which a generator is near the data: the default has 0.9 after
/// 2,000 steps.
const NEAR: f64 = 0.5;
/// Ratio of nearest-neighbour distances below which a generator memorises: trained runs on 60,000 images stayed above
/// 0.85, runs on 16 came to 0.3 to 0.65.
const COPIES: f64 = 0.75;

/// The state of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[cfg_attr(not(target_arch = "wasm32"), ts(rename = "DiagnosisState"))]
pub enum State {
    Starting,
    /// Far from the data, improving.
    Approaching,
    Learning,
    /// No improvement, far from the data.
    Plateau,
    /// No improvement, near the data.
    Settled,
    /// Far from the data after six evaluations, eight in density runs.
    Failed,
    /// Outputs, weights or samples have grown out of range.
    Exploded,
    Vanishing,
    DiscriminatorWins,
    DiscriminatorWeak,
    Collapse,
    Overfitting,
    Memorisation,
    Oscillation,
    Divergence,
    /// G's loss falls, but its images do not improve.
    Misleading,
}

impl State {
    /// Whether the state is a failure mode.
    pub fn is_alarm(self) -> bool {
        !matches!(self, State::Starting | State::Approaching | State::Learning | State::Plateau | State::Settled)
    }
}

/// A suggested change of settings.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct Advice {
    pub label: String,
    /// Settings and their new values.
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Record<string, string | number>"))]
    pub changes: Value,
    /// Whether the change needs a new run.
    pub restart: bool,
}

/// A diagnosis, as the page shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct Diagnosis {
    pub state: State,
    pub alarm: bool,
    pub title: &'static str,
    /// The evidence, with numbers.
    pub evidence: String,
    /// Explanation, with the thresholds.
    pub why: &'static str,
    pub advice: Vec<Advice>,
}

/// Advises a new run with a quarter of the learning rates, capped at the data set's defaults.
fn lower_rates(config: &RunConfig) -> Advice {
    let usual = RunConfig::on(config.data);
    // SGD does not normalise gradients and needs about ten times Adam's learning rate (0.1 in Goodfellow et al. 2014).
    let scale = |method| if matches!(method, Method::Sgd | Method::Nesterov) { 10.0 } else { 1.0 };
    let g_lr = (config.generator.optimizer.lr / 4.0)
        .min(scale(config.generator.optimizer.method) * usual.generator.optimizer.lr);
    let d_lr = (config.discriminator.optimizer.lr / 4.0)
        .min(scale(config.discriminator.optimizer.method) * usual.discriminator.optimizer.lr);
    let label = format!("New run, learning rates {g_lr:.1e} for G and {d_lr:.1e} for D");
    Advice { label, changes: json!({ "g_lr": g_lr, "d_lr": d_lr }), restart: true }
}

/// Diagnoses a run on images from its evaluations, oldest first.
pub fn diagnose(history: &[Evaluation], config: &RunConfig) -> Diagnosis {
    let run = Run { history, config };
    let state = run.state();
    let (title, why) = words::of(state);
    Diagnosis { state, alarm: state.is_alarm(), title, evidence: run.evidence(state), why, advice: run.advice(state) }
}

struct Run<'a> {
    history: &'a [Evaluation],
    config: &'a RunConfig,
}

impl Run<'_> {
    fn state(&self) -> State {
        if self.lately(AGREE, |m| self.exploded(m)) {
            State::Exploded
        } else if self.lately(1, |m| self.vanished(m)) {
            // A vanished gradient does not recover, so one evaluation is enough.
            State::Vanishing
        } else if self.history.len() < AGREE {
            State::Starting
        } else if self.loses() || self.lately(AGREE, |m| self.unbounded(m)) {
            State::Divergence
        } else if self.turns() && !self.improves() {
            State::Oscillation
        } else if self.lately(AGREE, fooled) && !self.improves() {
            State::DiscriminatorWeak
        } else if self.failed() && self.lately(AGREE, fog) {
            // Grey images are alike too, but this is not mode collapse.
            State::Failed
        } else if self.lately(AGREE, alike) && !self.spreads() {
            State::Collapse
        } else if self.has_odds() && self.lately(AGREE, beaten) {
            State::DiscriminatorWins
        } else if self.failed() {
            State::Failed
        } else if self.lately(AGREE, learnt) && self.mean(|m| m.memorisation_ratio) < COPIES {
            State::Memorisation
        } else if self.mean(|m| m.accuracy.training - m.accuracy.held_out) > 0.1 {
            State::Overfitting
        } else if self.misleads() {
            State::Misleading
        } else if self.improves() {
            if self.lately(1, |m| covers(m, LEARNT)) { State::Learning } else { State::Approaching }
        } else if self.has_odds() && self.mean(|m| (m.accuracy.held_out + m.accuracy.fake) / 2.0) > 0.9 {
            // Out of balance: a lower threshold applies once the images no longer improve.
            State::DiscriminatorWins
        } else if self.lately(AGREE, |m| covers(m, NEAR)) {
            State::Settled
        } else {
            State::Plateau
        }
    }

    /// Whether D's outputs, and so the losses, or a layer's weights have exploded, or are NaN.
    fn exploded(&self, m: &Evaluation) -> bool {
        let limit = if self.config.loss.objective.loss().output == Output::Critic { EXPLODED } else { UNBOUNDED };
        let weights = largest(&m.signals.generator).max(largest(&m.signals.discriminator));
        m.magnitude.is_nan() || m.magnitude > limit || weights > HUGE
    }

    /// Whether neither G nor its EMA covers any of the data, and neither improves.
    fn failed(&self) -> bool {
        let nothing = |m: &Evaluation| m.raw.coverage.max(m.averaged.coverage) < NOTHING * m.real_reference.coverage;
        self.lately(FAIR, nothing) && !self.improves()
    }

    /// The last `n` evaluations; None if there are fewer.
    fn last(&self, n: usize) -> Option<&[Evaluation]> {
        self.history.len().checked_sub(n).map(|from| &self.history[from..])
    }

    /// Whether all of the last `n` evaluations satisfy `is`.
    fn lately(&self, n: usize, is: impl Fn(&Evaluation) -> bool) -> bool {
        self.last(n).is_some_and(|last| last.iter().all(is))
    }

    /// Mean over the last [`AGREE`] evaluations.
    fn mean(&self, of: impl Fn(&Evaluation) -> f64) -> f64 {
        self.history[self.history.len() - AGREE..].iter().map(of).sum::<f64>() / AGREE as f64
    }

    /// Whether D's output is a probability. A critic may classify everything correctly and still give a useful
    /// gradient.
    fn has_odds(&self) -> bool {
        self.config.loss.objective.loss().output == Output::Probability
    }

    /// Whether G's gradient has vanished: that of log(1 - D) with respect to the logit is -D, small with D(G(z))
    /// (Goodfellow et al. 2014, section 3).
    fn vanished(&self, m: &Evaluation) -> bool {
        self.config.loss.objective == Objective::Minimax && m.mean_d_output.fake < 0.02 && m.accuracy.fake > 0.98
    }

    /// Whether the best KID of the EMA in the last evaluations is 3 % below all earlier ones. KID is the metric without
    /// bias.
    fn improves(&self) -> bool {
        let (before, lately) = self.history.split_at(self.history.len() - AGREE);
        let best = |part: &[Evaluation]| part.iter().map(|m| m.averaged.kid).fold(f64::INFINITY, f64::min);
        before.is_empty() || best(lately) < 0.97 * best(before)
    }

    /// Whether diversity rises: at the start of every run all images are the same grey.
    fn spreads(&self) -> bool {
        let [first, .., last] = &self.history[self.history.len() - AGREE..] else { return false };
        last.raw.diversity > 1.1 * first.raw.diversity
    }

    /// The evaluation with G's best KID.
    fn best(&self) -> Option<&Evaluation> {
        self.history.iter().min_by(|a, b| a.raw.kid.total_cmp(&b.raw.kid))
    }

    /// Whether G had learnt something and has been much worse since: by KID, and by less than half of its precision
    /// then. A generator that keeps precision on a few images has collapsed instead.
    fn loses(&self) -> bool {
        let Some(best) = self.best() else { return false };
        let unreal =
            |m: &Evaluation| m.raw.kid > 2.0 * best.raw.kid + 0.1 && m.raw.precision < 0.5 * best.raw.precision;
        learnt(best) && self.lately(AGREE, unreal)
    }

    /// Whether the outputs of a critic have grown without bound, as they do without a Lipschitz constraint.
    fn unbounded(&self, m: &Evaluation) -> bool {
        !self.has_odds() && m.mean_d_output.fake.abs() > UNBOUNDED
    }

    /// Whether G's loss falls by 40 % without an improvement of the generator.
    fn misleads(&self) -> bool {
        let Some(last) = self.last(LOOKS) else { return false };
        let (first, last) = (&last[0], &last[LOOKS - 1]);
        self.has_odds() && last.g_loss < 0.6 * first.g_loss && last.raw.kid >= first.raw.kid && !self.improves()
    }

    /// Whether the classes of G's images fluctuate while the EMA is much better than G. Without a classifier, no class
    /// is known to change.
    fn turns(&self) -> bool {
        let Some(last) = self.last(LOOKS) else { return false };
        let moved = |pair: &[Evaluation]| {
            let [a, b] = [0, 1].map(|i| pair[i].raw.shares.iter().flatten());
            a.zip(b).map(|(a, b)| (a - b).abs()).sum::<f64>() / 2.0
        };
        let turned = last.windows(2).map(moved).sum::<f64>() / (LOOKS - 1) as f64;
        turned > TURNED && self.mean(|m| m.raw.frechet) > 1.5 * self.mean(|m| m.averaged.frechet)
    }
}

/// Whether G's or the EMA's coverage is at least `share` of the real-data reference.
fn covers(m: &Evaluation, share: f64) -> bool {
    m.raw.coverage.max(m.averaged.coverage) >= share * m.real_reference.coverage
}

/// Whether the images are grey and featureless.
fn fog(m: &Evaluation) -> bool {
    FOG.contains(&m.raw.kid)
}

/// Whether the images show content; grey images have no quality to lose.
fn learnt(m: &Evaluation) -> bool {
    m.raw.coverage > LEARNT * m.real_reference.coverage
}

/// Whether D's accuracy is nearly 100 %. Between 55 and 75 % is usual in healthy training with the non-saturating loss.
fn beaten(m: &Evaluation) -> bool {
    m.accuracy.fake > 0.97 && m.accuracy.held_out > 0.97 && m.mean_d_output.fake < 0.05
}

/// Whether fake images are alike, by diversity or, if a classifier names classes, by their entropy.
fn alike(m: &Evaluation) -> bool {
    let (raw, real) = (&m.raw, &m.real_reference);
    raw.diversity < 0.5 * real.diversity || raw.entropy.zip(real.entropy).is_some_and(|(a, b)| a < 0.6 * b)
}

/// Whether D's accuracy is near chance although real and fake images differ a lot.
fn fooled(m: &Evaluation) -> bool {
    // A D that gives every image the same label has an accuracy of 50 %. An overfitted D is not weak, so training
    // images count here.
    let Accuracy { training, fake, .. } = m.accuracy;
    (training + fake) / 2.0 < 0.6 && m.averaged.coverage < 0.5 * m.real_reference.coverage
}

#[cfg(test)]
mod tests;
