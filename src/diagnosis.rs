//! What a run is doing, in words: one state, from its measurements, by thresholds that are stated with it.
//!
//! An alarm needs more than one measurement, because a GAN does everything once. Where a threshold has no source it is a rule of thumb
//! of ours, set between the healthy and the sick runs of `tests/real/diagnosis.rs`.

mod advice;
mod points;
mod words;

pub use points::{DensityObservation, diagnose_points};
use serde::Serialize;
use serde_json::{Value, json};

use crate::config::RunConfig;
use crate::evaluator::{Accuracy, Evaluation};
use crate::loss::{Objective, Output};
use crate::optim::Method;
use crate::signals::largest;

/// Measurements that have to agree before an alarm is raised.
const AGREE: usize = 3;
/// Measurements over which a movement is judged.
const LOOKS: usize = 5;
/// Share of the coverage of real images from which on a generator has learnt something.
const LEARNT: f64 = 0.2;
/// Share of the images that change their class from one measurement to the next where a generator goes in circles. A generator that stood
/// still came to 2 to 6 %.
const TURNED: f64 = 0.25;
/// Mean output of a critic that has no bound: critics with a gradient penalty stayed below 100, one without was at 4,000 after 100 steps.
/// Of any other D, whose outputs have no reason to grow, it is an explosion: a logit of 20 is certainty to seven digits.
const UNBOUNDED: f64 = 1000.0;
/// Mean output of a critic from which on it has exploded: in f32 a step of a weight no longer changes it by 0.1.
const EXPLODED: f64 = 1e6;
/// Measurements after which a run that is nowhere near the data has failed; a judgement of anything else needs half as many.
const FAIR: usize = 6;
/// Kernel distances between which images are grey fog: an untrained DCGAN's are at 1.2, those of one whose gradient has vanished at 2, a few
/// digits for every noise below 1, and the speckle of fully connected networks at hundreds.
const FOG: std::ops::Range<f64> = 1.0..5.0;
/// Root mean square of a layer's weights from which on they have exploded: every initialiser begins with 1 at most, and Adam at a rate of
/// 2e-3 moves a weight by 10 at most in 5,000 steps, were they all to go one way.
const HUGE: f64 = 20.0;
/// Share of the coverage of real images below which a generator draws nothing of them: fog has 0.01 to 0.02.
const NOTHING: f64 = 0.05;
/// Share of the coverage of real images from which on a generator is near them: the default experiment has 0.9 after 2,000 steps.
const NEAR: f64 = 0.5;
/// Memorisation ratio below which a generator copies: runs on 60,000 training images that had learnt something stayed above
/// 0.85, on 16 they came to 0.3 to 0.65.
const COPIES: f64 = 0.75;

/// What a run is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    Starting,
    /// Far from the data, and coming nearer.
    Approaching,
    Learning,
    /// No longer getting better, and not near the data.
    Plateau,
    /// No longer getting better, and near the data.
    Settled,
    /// Nowhere near the data after a fair number of evaluations.
    Failed,
    /// Losses, weights or samples grow without end.
    Exploded,
    Vanishing,
    DiscriminatorWins,
    DiscriminatorWeak,
    Collapse,
    Overfitting,
    Memorisation,
    Oscillation,
    Divergence,
    /// G's loss falls and its images do not get better.
    Misleading,
}

impl State {
    /// Whether something is wrong.
    pub fn is_alarm(self) -> bool {
        !matches!(self, State::Starting | State::Approaching | State::Learning | State::Plateau | State::Settled)
    }
}

/// A change of settings that may help.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Advice {
    pub label: String,
    /// Settings and their new values.
    pub changes: Value,
    /// Whether it takes a new run.
    pub restart: bool,
}

/// The line that the page shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Diagnosis {
    pub state: State,
    pub alarm: bool,
    pub title: &'static str,
    /// What it was seen by, with the numbers.
    pub evidence: String,
    /// What it means, and the thresholds.
    pub why: &'static str,
    pub advice: Vec<Advice>,
}

/// A new run at rates from which training can recover: a quarter of these, and no more than the data set's own experiment has.
fn lower_rates(config: &RunConfig) -> Advice {
    let usual = config.data.toy().map_or_else(RunConfig::default, |toy| toy.config());
    // Without Adam's division by the gradients' size steps are shorter: ten times its rate is usual for SGD (Goodfellow et al. 2014, 0.1).
    let scale = |method| if matches!(method, Method::Sgd | Method::Nesterov) { 10.0 } else { 1.0 };
    let g_lr = (config.g_lr / 4.0).min(scale(config.g_optimizer) * usual.g_lr);
    let d_lr = (config.d_lr / 4.0).min(scale(config.d_optimizer) * usual.d_lr);
    let label = format!("New run, learning rates {g_lr:.1e} for G and {d_lr:.1e} for D");
    Advice { label, changes: json!({ "g_lr": g_lr, "d_lr": d_lr }), restart: true }
}

/// From the measurements of one run, oldest first.
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
            // A gradient that has vanished does not come back: one look is enough.
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
            // All alike too, but what they show is no image that passes.
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
            // Not balanced, although not as sure as an alarm asks for while images still get better.
            State::DiscriminatorWins
        } else if self.lately(AGREE, |m| covers(m, NEAR)) {
            State::Settled
        } else {
            State::Plateau
        }
    }

    /// Whether D's outputs, and with them the losses, or a layer's weights are beyond all measure. What is no number is too.
    fn exploded(&self, m: &Evaluation) -> bool {
        let limit = if self.config.objective.loss().output == Output::Critic { EXPLODED } else { UNBOUNDED };
        let weights = largest(&m.signals.generator).max(largest(&m.signals.discriminator));
        m.magnitude.is_nan() || m.magnitude > limit || weights > HUGE
    }

    /// Whether neither generator has come to draw anything of the data, and neither is on its way.
    fn failed(&self) -> bool {
        let nothing = |m: &Evaluation| m.raw.coverage.max(m.averaged.coverage) < NOTHING * m.real_reference.coverage;
        self.lately(FAIR, nothing) && !self.improves()
    }

    /// The last `n` measurements, if there are as many.
    fn last(&self, n: usize) -> Option<&[Evaluation]> {
        self.history.len().checked_sub(n).map(|from| &self.history[from..])
    }

    /// Whether the last `n` measurements all are so.
    fn lately(&self, n: usize, is: impl Fn(&Evaluation) -> bool) -> bool {
        self.last(n).is_some_and(|last| last.iter().all(is))
    }

    /// Mean over the last measurements.
    fn mean(&self, of: impl Fn(&Evaluation) -> f64) -> f64 {
        self.history[self.history.len() - AGREE..].iter().map(of).sum::<f64>() / AGREE as f64
    }

    /// Whether D's output is a probability. A critic may be right about everything and still teach.
    fn has_odds(&self) -> bool {
        self.config.objective.loss().output == Output::Probability
    }

    /// The slope of log(1 - D) along a logit is D: with D(G(z)) it vanishes (Goodfellow et al. 2014, section 3).
    fn vanished(&self, m: &Evaluation) -> bool {
        self.config.objective == Objective::Minimax && m.mean_d_output.fake < 0.02 && m.accuracy.fake > 0.98
    }

    /// Whether the best of the last measurements is better than all before, by the kernel distance of the averaged generator: the
    /// measure without bias.
    fn improves(&self) -> bool {
        let (before, lately) = self.history.split_at(self.history.len() - AGREE);
        let best = |part: &[Evaluation]| part.iter().map(|m| m.averaged.kid).fold(f64::INFINITY, f64::min);
        before.is_empty() || best(lately) < 0.97 * best(before)
    }

    /// Whether forged images become less alike: at the start of every run they are fog, all the same.
    fn spreads(&self) -> bool {
        let [first, .., last] = &self.history[self.history.len() - AGREE..] else { return false };
        last.raw.diversity > 1.1 * first.raw.diversity
    }

    /// When the generator was at its best, by the kernel distance.
    fn best(&self) -> Option<&Evaluation> {
        self.history.iter().min_by(|a, b| a.raw.kid.total_cmp(&b.raw.kid))
    }

    /// Whether the generator had learnt something, and has been far worse ever since: by the kernel distance, and because half of the
    /// images that looked real no longer do. A generator that fell back on a few good images has collapsed instead.
    fn loses(&self) -> bool {
        let Some(best) = self.best() else { return false };
        let unreal = |m: &Evaluation| m.raw.kid > 2.0 * best.raw.kid + 0.1 && m.raw.precision < 0.5 * best.raw.precision;
        learnt(best) && self.lately(AGREE, unreal)
    }

    /// Whether D's outputs have grown beyond all measure, as a critic's do whose slope nothing holds.
    fn unbounded(&self, m: &Evaluation) -> bool {
        !self.has_odds() && m.mean_d_output.fake.abs() > UNBOUNDED
    }

    /// Whether G's loss falls by two fifths while the generator gets no better.
    fn misleads(&self) -> bool {
        let Some(last) = self.last(LOOKS) else { return false };
        let (first, last) = (&last[0], &last[LOOKS - 1]);
        self.has_odds() && last.g_loss < 0.6 * first.g_loss && last.raw.kid >= first.raw.kid && !self.improves()
    }

    /// Whether the classes come and go, and the average is far better than what comes and goes.
    fn turns(&self) -> bool {
        let Some(last) = self.last(LOOKS) else { return false };
        let moved = |pair: &[Evaluation]| {
            let (a, b) = (&pair[0].raw.shares, &pair[1].raw.shares);
            a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum::<f64>() / 2.0
        };
        let turned = last.windows(2).map(moved).sum::<f64>() / (LOOKS - 1) as f64;
        turned > TURNED && self.mean(|m| m.raw.frechet) > 1.5 * self.mean(|m| m.averaged.frechet)
    }
}

/// Whether either generator's images cover such a share of what real images do.
fn covers(m: &Evaluation, share: f64) -> bool {
    m.raw.coverage.max(m.averaged.coverage) >= share * m.real_reference.coverage
}

/// Whether the images are grey, with nothing on them.
fn fog(m: &Evaluation) -> bool {
    FOG.contains(&m.raw.kid)
}

/// Whether the images are of something: fog is near every image, and has nothing to lose.
fn learnt(m: &Evaluation) -> bool {
    m.raw.coverage > LEARNT * m.real_reference.coverage
}

/// D is right about nearly everything. Between 55 and 75 % is usual in a healthy non-saturating game.
fn beaten(m: &Evaluation) -> bool {
    m.accuracy.fake > 0.97 && m.accuracy.held_out > 0.97 && m.mean_d_output.fake < 0.05
}

/// Forged images are alike: in classes, or in features.
fn alike(m: &Evaluation) -> bool {
    m.raw.diversity < 0.5 * m.real_reference.diversity || m.raw.entropy < 0.6 * m.real_reference.entropy
}

/// D cannot tell, although there is a lot to tell.
fn fooled(m: &Evaluation) -> bool {
    // A D that calls everything genuine, or everything forged, is right about half of all. One that knows nothing but its own training
    // images is not weak.
    let Accuracy { training, fake, .. } = m.accuracy;
    (training + fake) / 2.0 < 0.6 && m.averaged.coverage < 0.5 * m.real_reference.coverage
}

#[cfg(test)]
mod tests;
