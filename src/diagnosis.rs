//! What a run is doing, in words: one state, from its measurements, by thresholds that are stated with it.
//!
//! An alarm needs more than one measurement, because a GAN does everything once. Where a threshold has no source it is a rule of thumb
//! of ours, set between the healthy and the sick runs of `tests/real/diagnosis.rs`.

use serde::Serialize;
use serde_json::{Value, json};

use crate::config::{Family, RunConfig};
use crate::gauge::Measured;
use crate::objective::Objective;
use crate::signals::total;

/// Measurements that have to agree before an alarm is raised.
const AGREE: usize = 3;

/// What a run is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    Starting,
    Learning,
    Settled,
    Vanishing,
    DiscriminatorWins,
    DiscriminatorWeak,
    Collapse,
    Oscillation,
    Overfitting,
}

impl State {
    /// Whether something is wrong.
    pub fn is_alarm(self) -> bool {
        !matches!(self, State::Starting | State::Learning | State::Settled)
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

/// From the measurements of one run, oldest first.
pub fn diagnose(history: &[Measured], config: &RunConfig) -> Diagnosis {
    let run = Run { history, config };
    let state = run.state();
    let (title, why) = words(state);
    Diagnosis { state, alarm: state.is_alarm(), title, evidence: run.evidence(state), why, advice: run.advice(state) }
}

struct Run<'a> {
    history: &'a [Measured],
    config: &'a RunConfig,
}

impl Run<'_> {
    fn state(&self) -> State {
        if self.history.len() < AGREE {
            // A gradient that has vanished does not come back: one look is enough.
            return if self.lately(1, |m| self.vanished(m)) { State::Vanishing } else { State::Starting };
        }
        if self.lately(1, |m| self.vanished(m)) {
            State::Vanishing
        } else if self.lately(AGREE, alike) && !self.spreads() {
            State::Collapse
        } else if self.lately(AGREE, beaten) {
            State::DiscriminatorWins
        } else if self.mean(|m| m.accuracy.training - m.accuracy.held_out) > 0.1 {
            State::Overfitting
        } else if self.lately(AGREE, fooled) && !self.improves() {
            State::DiscriminatorWeak
        } else if self.turns() {
            State::Oscillation
        } else if self.improves() {
            State::Learning
        } else {
            State::Settled
        }
    }

    /// Whether the last `n` measurements all are so.
    fn lately(&self, n: usize, is: impl Fn(&Measured) -> bool) -> bool {
        self.history.len() >= n && self.history[self.history.len() - n..].iter().all(is)
    }

    /// Mean over the last measurements.
    fn mean(&self, of: impl Fn(&Measured) -> f64) -> f64 {
        self.history[self.history.len() - AGREE..].iter().map(of).sum::<f64>() / AGREE as f64
    }

    /// The slope of log(1 - D) along a logit is D: with D(G(z)) it vanishes (Goodfellow et al. 2014, section 3).
    fn vanished(&self, m: &Measured) -> bool {
        self.config.objective == Objective::Minimax && m.opinion.fake < 0.02 && m.accuracy.fake > 0.98
    }

    /// Whether the best of the last measurements is better than all before, by the kernel distance of the averaged generator: the
    /// measure without bias.
    fn improves(&self) -> bool {
        let (before, lately) = self.history.split_at(self.history.len() - AGREE);
        let best = |part: &[Measured]| part.iter().map(|m| m.averaged.kid).fold(f64::INFINITY, f64::min);
        before.is_empty() || best(lately) < 0.97 * best(before)
    }

    /// Whether forged images become less alike: at the start of every run they are fog, all the same.
    fn spreads(&self) -> bool {
        let [first, .., last] = &self.history[self.history.len() - AGREE..] else { return false };
        last.raw.spread > 1.1 * first.raw.spread
    }

    /// Whether the classes come and go, and the average is far better than what comes and goes.
    fn turns(&self) -> bool {
        const LOOKS: usize = 5;
        if self.history.len() < LOOKS {
            return false;
        }
        let last = &self.history[self.history.len() - LOOKS..];
        let moved = |pair: &[Measured]| {
            let (a, b) = (&pair[0].raw.shares, &pair[1].raw.shares);
            a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum::<f64>() / 2.0
        };
        let turned = last.windows(2).map(moved).sum::<f64>() / (LOOKS - 1) as f64;
        turned > 0.3 && self.mean(|m| m.raw.fd) > 2.0 * self.mean(|m| m.averaged.fd)
    }

    fn evidence(&self, state: State) -> String {
        let Some(m) = self.history.last() else { return "Nothing has been measured yet.".into() };
        let percent = |v: f64| format!("{:.0} %", 100.0 * v);
        let Measured { raw, averaged, floor, accuracy, opinion, signals, .. } = m;
        let gradient = total(&signals.generator);
        match state {
            State::Starting => format!("{} of {AGREE} measurements that a judgement needs.", self.history.len()),
            State::Learning | State::Settled => format!(
                "Coverage {:.2} (floor {:.2}), kernel distance {:.3} (floor {:.3}); D is right about {} of real and {} of forged images.",
                averaged.coverage,
                floor.coverage,
                averaged.kid,
                floor.kid,
                percent(accuracy.held_out),
                percent(accuracy.fake)
            ),
            State::Vanishing => format!(
                "Mean D(G(z)) is {:.4}: the saturating loss has kept that share of its slope. G's gradient has norm {gradient:.1e}.",
                opinion.fake
            ),
            State::DiscriminatorWins => format!(
                "D is right about {} of real and {} of forged images; mean D(G(z)) is {:.4}. G's gradient has norm {gradient:.1e}.",
                percent(accuracy.held_out),
                percent(accuracy.fake),
                opinion.fake
            ),
            State::DiscriminatorWeak => format!(
                "D is right about {} of real and {} of forged images, and coverage is {:.2} of {:.2}.",
                percent(accuracy.held_out),
                percent(accuracy.fake),
                averaged.coverage,
                floor.coverage
            ),
            State::Collapse => format!(
                "Two forged images are {} as far apart as two real ones; class entropy {:.2} of {:.2}; coverage {:.2}.",
                percent(raw.spread),
                raw.entropy,
                floor.entropy,
                raw.coverage
            ),
            State::Oscillation => format!(
                "The classes of forged images change from one measurement to the next; Fréchet distance {:.1}, averaged over steps {:.1}.",
                raw.fd, averaged.fd
            ),
            State::Overfitting => format!(
                "D is right about {} of its training images and {} of images it has never seen.",
                percent(accuracy.training),
                percent(accuracy.held_out)
            ),
        }
    }

    fn advice(&self, state: State) -> Vec<Advice> {
        let c = self.config;
        let live = |label: String, changes: Value| Advice { label, changes, restart: false };
        let rate = |key: &str, name: &str, value: f64| live(format!("{name} learning rate {value:.1e}"), json!({ key: value }));
        match state {
            State::Starting | State::Learning | State::Settled => vec![],
            State::Vanishing => {
                vec![live("Non-saturating loss for G".into(), json!({ "objective": Objective::NonSaturating }))]
            }
            State::DiscriminatorWins if c.d_steps > 1 => vec![live("One D step per G step".into(), json!({ "d_steps": 1 }))],
            State::DiscriminatorWins => {
                vec![rate("d_lr", "D's", c.d_lr / 4.0), live("Label real images 0.9".into(), json!({ "real_target": 0.9 }))]
            }
            State::DiscriminatorWeak => {
                vec![rate("d_lr", "D's", (2.0 * c.d_lr).min(0.1)), live("Two D steps".into(), json!({ "d_steps": 2 }))]
            }
            State::Collapse if c.d_lr < c.g_lr => {
                let label = format!("New run, D's learning rate {:.1e}", c.g_lr);
                vec![Advice { label, changes: json!({ "d_lr": c.g_lr }), restart: true }]
            }
            State::Collapse => {
                let label = format!("New run, G's learning rate {:.1e}", c.g_lr / 4.0);
                vec![Advice { label, changes: json!({ "g_lr": c.g_lr / 4.0 }), restart: true }]
            }
            State::Oscillation => {
                let (g, d) = (c.g_lr / 2.0, c.d_lr / 2.0);
                vec![live("Half of both learning rates".into(), json!({ "g_lr": g, "d_lr": d }))]
            }
            State::Overfitting if c.family == Family::Mlp && c.d_dropout == 0.0 => {
                vec![Advice { label: "New run with dropout in D".into(), changes: json!({ "d_dropout": 0.5 }), restart: true }]
            }
            State::Overfitting => vec![rate("d_lr", "D's", c.d_lr / 2.0)],
        }
    }
}

/// D is right about nearly everything. Between 55 and 75 % is usual in a healthy non-saturating game.
fn beaten(m: &Measured) -> bool {
    m.accuracy.fake > 0.97 && m.accuracy.held_out > 0.97 && m.opinion.fake < 0.05
}

/// Forged images are alike: in classes, or in features.
fn alike(m: &Measured) -> bool {
    m.raw.spread < 0.5 * m.floor.spread || m.raw.entropy < 0.6 * m.floor.entropy
}

/// D cannot tell, although there is a lot to tell.
fn fooled(m: &Measured) -> bool {
    m.accuracy.fake < 0.6 && m.accuracy.held_out < 0.6 && m.averaged.coverage < 0.5 * m.floor.coverage
}

fn words(state: State) -> (&'static str, &'static str) {
    match state {
        State::Starting => ("Too early to tell", "A judgement needs three measurements: a GAN does everything once."),
        State::Learning => (
            "Learning",
            "The kernel distance to real images still falls: the best of the last three measurements is at least 3 % below all before. The losses need not fall; each player's loss depends on how good the other one is.",
        ),
        State::Settled => (
            "Settled",
            "The last three measurements brought no better kernel distance, and nothing looks wrong. D near 1/2 everywhere can mean equilibrium or a D that has stopped learning: coverage near its floor says equilibrium.",
        ),
        State::Vanishing => (
            "G's gradient has vanished",
            "D is right about more than 98 % of the forgeries and gives them less than 0.02. The saturating loss log(1 - D(G(z))) has a slope of D(G(z)) there, so G is told next to nothing (Goodfellow et al. 2014, section 3; Arjovsky and Bottou 2017). The non-saturating loss keeps its slope.",
        ),
        State::DiscriminatorWins => (
            "The discriminator is winning",
            "Three times in a row D was right about more than 97 % of real and of forged images and gave forgeries less than 0.05. G still gets a gradient from the non-saturating loss, but a noisy one (Arjovsky and Bottou 2017, section 2.2).",
        ),
        State::DiscriminatorWeak => (
            "The discriminator is too weak",
            "Three times in a row D was right about fewer than 60 % of real and of forged images, although coverage is below half of what real images reach. A falling G loss means little then: G fools a D that knows nothing (ganhacks 10).",
        ),
        State::Collapse => (
            "Mode collapse",
            "Three times in a row two forged images were less than half as far apart as two real ones, or their classes had less than 60 % of the real entropy, and they did not move apart by a tenth. G has found a few images that pass and draws them for every z (Goodfellow et al. 2014, section 6).",
        ),
        State::Oscillation => (
            "Going in circles",
            "Over five measurements 30 % of the forged images changed their class each time, and the generator averaged over steps is twice as near to real images as the generator itself: the two players chase each other around a solution. Smaller steps, or the averaged generator, help.",
        ),
        State::Overfitting => (
            "The discriminator is learning by heart",
            "Over three measurements D was right about at least ten points more of its training images than of images it has never seen. What it tells G is then about those images, not about digits.",
        ),
    }
}
