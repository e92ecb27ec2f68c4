//! Diagnosis of a density run. The density is known, so fewer criteria are needed than for images.

mod words;

use std::f64::consts::LN_2;

use serde_json::json;

use super::{AGREE, Advice, Diagnosis, LOOKS, State, TURNED, UNBOUNDED, lower_rates};
use crate::config::RunConfig;
use crate::loss::{Output, Penalty};
use crate::metrics::{DensityEvaluation, DensityReference, MeasureError};
use crate::snapshot::Sampled;

/// Mean gradient norm of G's loss at fake points, per unit of x, below which G gets no useful gradient. Adam normalises
/// gradients, but of such small ones rounding and momentum determine the sign.
const STILL: f64 = 0.02;
/// D is certain if mean D(G(z)) is below this and mean D(x) above 1 minus this.
const SURE: f64 = 0.02;
/// KL divergence of the shares of the modes from the data's, in nats, above which modes are missing: two of eight give
/// 0.29.
const MISSING: f64 = 0.25;
/// Share of high-quality samples above which the distribution over modes is meaningful.
const SOMEWHERE: f64 = 0.3;
/// Distance of the outermost tenth of the points from the middle of the window, in half sides, above which samples have
/// exploded. A window is 1.2 times as wide as the data, and an untrained generator of any preset stays within 1.
const OUTSIDE: f64 = 10.0;
/// Number of evaluations after which a run far from the data has failed; other states need half as many.
const FAIR: usize = 8;
/// Number of steps after which it has failed: the slowest working preset, PacGAN's grid, has moved its first points by
/// then.
const FAIR_STEPS: u32 = 500;
/// Share of the way of the Jensen-Shannon divergence from log 2, without overlap, to the real-data reference, below
/// which a run is far from the data. Learning rates of 1 stayed below 0.015; PacGAN's grid has 0.1 after a hundred
/// steps.
const NOWHERE: f64 = 0.05;
/// Share of high-quality samples below which no mode is found: of 2,500 points some lie on a mode by chance.
const NONE: f64 = 0.002;
/// Points come nearer if the last Wasserstein distances are all below this share of the least in the first half of the
/// evaluations. In a dead run the distance fluctuates by a tenth, sometimes more.
const NEARER: f64 = 0.8;
/// Share of that way above which a falling divergence counts as learning: a cluster of points that passes the data
/// reaches 0.1 to 0.2.
const BEGUN: f64 = 0.25;
/// The same on the line, where a cluster covers more: one beside a mode of the mixture reaches 0.36, and one mode
/// covered exactly is 0.69.
const BEGUN_ON_A_LINE: f64 = 0.5;
/// Largest excess of the divergence over the reference, in nats, of a run near the data. The ring presets end 0.1 to
/// 0.3 above it, visibly imperfect; the normal density on the line 0.01 to 0.03.
const NEAR: f64 = 0.1;
/// Largest excess of the Wasserstein distance over its reference, in half sides of the window. Unlike the divergence it
/// is sensitive to a few distant points.
const NEAR_W1: f64 = 0.1;

/// Decay steps of advised instance noise: more than any run in a tab makes.
const FOR_LONG: u32 = 1_000_000;

/// One evaluation of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct DensityObservation {
    pub metrics: DensityEvaluation,
    /// Mean D(G(z)), and mean D(x) of real samples.
    pub mean_d_fake: f64,
    pub mean_d_real: f64,
    /// Mean norm of -dL_G/dx at fake samples.
    pub slope: f64,
    /// Mean absolute output of D before the sigmoid, of the order of the losses.
    pub magnitude: f64,
    /// Half a side of the density's window, in units of x.
    pub half: f64,
}

impl DensityObservation {
    /// Computes the metrics of samples read from a run, against its density.
    pub fn new(sampled: &Sampled, density_reference: &DensityReference) -> Result<Self, MeasureError> {
        let &Sampled { step, ref points, mean_d_fake, mean_d_real, slope, magnitude } = sampled;
        // Values that are not finite count as far out, so that a diverged run is diagnosed instead of refused.
        let points: Vec<f32> = points.iter().map(|&x| if x.is_finite() { x } else { f32::MAX }).collect();
        let metrics = density_reference.measured(&points, step)?;
        Ok(Self { metrics, mean_d_fake, mean_d_real, slope, magnitude, half: density_reference.half() })
    }
}

/// Steps between two evaluations that count as separate evidence: the distance at which the thresholds were chosen. An
/// evaluation a second is closer where steps are slow, and three that agree within fifty steps say little.
const SPACING: u32 = 100;
/// Evaluations that are kept, which bounds what "before" means.
const KEPT: usize = 50;

/// The evaluations of a run that its diagnosis uses, oldest first: [`SPACING`] steps apart, and the newest.
#[derive(Debug, Clone, Default)]
pub struct DensityHistory(Vec<DensityObservation>);

impl DensityHistory {
    pub fn record(&mut self, observation: DensityObservation) {
        if let [.., before, last] = self.0.as_slice()
            && last.metrics.step < before.metrics.step + SPACING
        {
            self.0.pop();
        }
        self.0.push(observation);
        let surplus = self.0.len().saturating_sub(KEPT);
        self.0.drain(..surplus);
    }

    pub fn diagnose(&self, config: &RunConfig) -> Diagnosis {
        diagnose_points(&self.0, config)
    }
}

/// Diagnoses a density run from its evaluations, oldest first.
pub fn diagnose_points(history: &[DensityObservation], config: &RunConfig) -> Diagnosis {
    let run = Run { history, config };
    let state = run.state();
    let (title, why) = words::of(state);
    Diagnosis { state, alarm: state.is_alarm(), title, evidence: run.evidence(state), why, advice: run.advice(state) }
}

struct Run<'a> {
    history: &'a [DensityObservation],
    config: &'a RunConfig,
}

impl Run<'_> {
    fn state(&self) -> State {
        if self.history.len() >= AGREE && self.lately(exploded) || self.history.last().is_some_and(broken) {
            State::Exploded
        } else if self.lately(|l| self.vanished(l)) {
            State::Vanishing
        } else if self.history.len() <= AGREE {
            State::Starting
        } else if self.lately(nowhere) {
            self.far()
        } else if self.turns() && !self.improves() {
            State::Oscillation
        } else if self.lately(misses) && !self.improves() {
            State::Collapse
        } else if self.improves() {
            if self.lately(|l| self.begun(l)) { State::Learning } else { State::Approaching }
        } else if self.lately(near) {
            State::Settled
        } else {
            State::Plateau
        }
    }

    /// The state of a run whose samples are far from the data.
    fn far(&self) -> State {
        let fair = self.history.len() >= FAIR && self.history.last().is_some_and(|l| l.metrics.step >= FAIR_STEPS);
        if !fair {
            State::Starting
        } else if self.nears() {
            State::Approaching
        } else {
            State::Failed
        }
    }

    /// Whether D is certain about real and fake samples, and G's loss is flat at the fake ones. A D with a constant
    /// output is dead, not certain.
    fn vanished(&self, observation: &DensityObservation) -> bool {
        self.has_odds()
            && observation.mean_d_fake < SURE
            && observation.mean_d_real > 1.0 - SURE
            && observation.slope < STILL
    }

    fn has_odds(&self) -> bool {
        self.config.loss.objective.loss().output == Output::Probability
    }

    /// Whether the last evaluations, up to [`AGREE`], all satisfy `is`.
    fn lately(&self, is: impl Fn(&DensityObservation) -> bool) -> bool {
        !self.history.is_empty() && self.history[self.history.len().saturating_sub(AGREE)..].iter().all(is)
    }

    /// Whether the divergence of the last evaluations is at least 3 % below the best before.
    fn improves(&self) -> bool {
        let (before, lately) = self.history.split_at(self.history.len() - AGREE);
        let best =
            |part: &[DensityObservation]| part.iter().map(|l| l.metrics.generated.js).fold(f64::INFINITY, f64::min);
        best(lately) < 0.97 * best(before)
    }

    /// Whether samples cover more of the data than a cluster that passes it.
    fn begun(&self, observation: &DensityObservation) -> bool {
        let needed = if self.config.data.values() == 1 { BEGUN_ON_A_LINE } else { BEGUN };
        way(observation) > needed
    }

    /// Whether the Wasserstein distance has fallen during the run. Without overlap it is the only metric that shows
    /// progress. It is not defined for a density without a mean.
    fn nears(&self) -> bool {
        let distance = |l: &DensityObservation| l.metrics.generated.w1.unwrap_or(f64::INFINITY);
        let best = self.history[..self.history.len() / 2].iter().map(distance).fold(f64::INFINITY, f64::min);
        self.lately(|l| distance(l) < NEARER * best)
    }

    /// Whether points move between modes, on average over the last evaluations.
    fn turns(&self) -> bool {
        let Some(from) = self.history.len().checked_sub(LOOKS) else { return false };
        // The shares of a few stray points fluctuate.
        let somewhere =
            |l: &DensityObservation| l.metrics.generated.modes.as_ref().is_some_and(|m| m.high_quality > SOMEWHERE);
        if !self.history[from..].iter().all(somewhere) {
            return false;
        }
        let moved =
            |pair: &[DensityObservation]| match (&pair[0].metrics.generated.modes, &pair[1].metrics.generated.modes) {
                (Some(a), Some(b)) => a.shares.iter().zip(&b.shares).map(|(a, b)| (a - b).abs()).sum::<f64>() / 2.0,
                _ => 0.0,
            };
        self.history[from..].windows(2).map(moved).sum::<f64>() / (LOOKS - 1) as f64 > TURNED
    }

    fn evidence(&self, state: State) -> String {
        let Some(DensityObservation { metrics, mean_d_fake, slope, magnitude, .. }) = self.history.last() else {
            return "No evaluation yet.".into();
        };
        let (generated, real_reference) = (&metrics.generated, &metrics.real_reference);
        let divergence = format!("Jensen-Shannon divergence {:.3} (real data {:.3})", generated.js, real_reference.js);
        let found = generated.modes.as_ref().filter(|m| m.of > 1).map(|m| {
            let good = 100.0 * m.high_quality;
            let covered = if m.strict == m.of { format!("All {}", m.of) } else { format!("{} of {}", m.strict, m.of) };
            format!("{covered} modes covered (each at least 20 % of its share); {good:.0} % high-quality samples")
        });
        match (state, found) {
            (State::Starting, _) => format!("{} of {} evaluations.", self.history.len(), AGREE + 1),
            (State::Vanishing, _) => {
                format!(
                    "Mean D(G(z)) is {mean_d_fake:.4}; mean gradient norm of G's loss at generated points {slope:.1e}."
                )
            }
            (State::Exploded, _) => format!(
                "Mean size of D's outputs {magnitude:.1e}; a tenth of the points lie beyond {:.1e} times the window. {divergence}.",
                generated.reach
            ),
            (_, Some(found)) => format!("{found}. {divergence}."),
            (_, None) => format!("{divergence}."),
        }
    }

    fn advice(&self, state: State) -> Vec<Advice> {
        let c = self.config;
        let anew = |label: &str, changes| Advice { label: format!("New run, {label}"), changes, restart: true };
        match state {
            State::Vanishing => vec![Advice {
                label: "Instance noise 0.5".into(),
                // Noise that decays at the default pace would already be gone in a long run.
                changes: json!({ "d_noise": 0.5, "d_noise_steps": FOR_LONG }),
                restart: false,
            }],
            State::Collapse | State::Oscillation if c.penalty.penalty == Penalty::None => {
                let held = anew("R1 on D", json!({ "d_penalty": Penalty::R1, "d_penalty_weight": 0.1 }));
                let packed = anew("packs of 4", json!({ "pack": 4 }));
                if c.pack == 1 && c.batch.is_multiple_of(4) { vec![held, packed] } else { vec![held] }
            }
            State::Oscillation => {
                let halves =
                    json!({ "g_lr": c.generator.optimizer.lr / 2.0, "d_lr": c.discriminator.optimizer.lr / 2.0 });
                vec![Advice { label: "Half of both learning rates".into(), changes: halves, restart: false }]
            }
            State::Exploded if self.unbounded_critic() => {
                let held = json!({ "d_penalty": Penalty::Wgan, "d_penalty_weight": 0.1 });
                vec![anew("with a gradient penalty", held), lower_rates(c)]
            }
            State::Exploded | State::Failed => vec![lower_rates(c)],
            _ => vec![],
        }
    }

    /// Whether D is a critic without a Lipschitz constraint.
    fn unbounded_critic(&self) -> bool {
        self.config.loss.objective.loss().output == Output::Critic
            && self.config.penalty.penalty == Penalty::None
            && self.config.discriminator.weight_clip == 0.0
    }
}

/// Whether D's outputs, and so the losses, or the samples have exploded.
fn exploded(observation: &DensityObservation) -> bool {
    broken(observation) || observation.magnitude > UNBOUNDED || observation.metrics.generated.reach > OUTSIDE
}

/// Whether a value is not finite, or so large that f32 cannot recover.
fn broken(observation: &DensityObservation) -> bool {
    !observation.magnitude.is_finite() || observation.metrics.generated.reach > f64::from(f32::MAX).sqrt()
}

/// Share of the way of the divergence from log 2, without overlap, to the real-data reference.
fn way(observation: &DensityObservation) -> f64 {
    (LN_2 - observation.metrics.generated.js) / (LN_2 - observation.metrics.real_reference.js).max(f64::MIN_POSITIVE)
}

fn nowhere(observation: &DensityObservation) -> bool {
    let none = observation.metrics.generated.modes.as_ref().is_some_and(|m| m.high_quality < NONE);
    way(observation) < NOWHERE || none
}

/// Whether the samples are about as near to the data as other real samples.
fn near(observation: &DensityObservation) -> bool {
    let (generated, real_reference) = (&observation.metrics.generated, &observation.metrics.real_reference);
    let moved = generated
        .w1
        .zip(real_reference.w1)
        .is_none_or(|(generated, real_reference)| generated < real_reference + NEAR_W1 * observation.half);
    generated.js < real_reference.js + NEAR && moved
}

/// Whether points are on modes, but not on all of them.
fn misses(observation: &DensityObservation) -> bool {
    observation.metrics.generated.modes.as_ref().is_some_and(|m| m.high_quality > SOMEWHERE && m.reverse_kl > MISSING)
}

#[cfg(test)]
mod tests;
