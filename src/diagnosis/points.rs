//! What a run on points is doing. The density is known, so that fewer signs are enough than for images.

use serde_json::json;

use super::{AGREE, Advice, Diagnosis, LOOKS, State, TURNED};
use crate::config::RunConfig;
use crate::measure::LowMeasured;
use crate::objective::{Output, Penalty};

/// Mean slope of G's loss at its points, per unit of x, below which it is not moved: at a learning rate of Adam it is the sign that
/// counts, but rounding and momentum then decide it.
const STILL: f64 = 0.02;
/// Mean D(G(z)) below which D has no doubt.
const SURE: f64 = 0.02;
/// KL of the found modes to the data's, in nats, from which on modes are missing: two of eight are 0.29.
const MISSING: f64 = 0.25;
/// Share of points of high quality from which on they are anywhere at all.
const SOMEWHERE: f64 = 0.3;

/// Steps over which advised noise fades: no run in a tab gets that far.
const FOR_LONG: u32 = 1_000_000;

/// One look at a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    pub low: LowMeasured,
    /// Mean of what D says of generated points.
    pub on_forged: f64,
    /// Mean length of -dL_G/dx there.
    pub slope: f64,
}

/// From the looks at one run, oldest first.
pub fn diagnose_points(history: &[Look], config: &RunConfig) -> Diagnosis {
    let run = Run { history, config };
    let state = run.state();
    let (title, why) = words(state);
    Diagnosis { state, alarm: state.is_alarm(), title, evidence: run.evidence(state), why, advice: run.advice(state) }
}

struct Run<'a> {
    history: &'a [Look],
    config: &'a RunConfig,
}

impl Run<'_> {
    fn state(&self) -> State {
        if self.lately(|l| self.has_odds() && l.on_forged < SURE && l.slope < STILL) {
            State::Vanishing
        } else if self.history.len() <= AGREE {
            State::Starting
        } else if self.turns() && !self.improves() {
            State::Oscillation
        } else if self.lately(misses) && !self.improves() {
            State::Collapse
        } else if self.improves() {
            State::Learning
        } else {
            State::Settled
        }
    }

    fn has_odds(&self) -> bool {
        self.config.objective.game().output == Output::Probability
    }

    /// Whether the last looks, or the only ones, are all so.
    fn lately(&self, is: impl Fn(&Look) -> bool) -> bool {
        !self.history.is_empty() && self.history[self.history.len().saturating_sub(AGREE)..].iter().all(is)
    }

    /// Whether the divergence of the last looks is at least 3 % below the best before.
    fn improves(&self) -> bool {
        let (before, lately) = self.history.split_at(self.history.len() - AGREE);
        let best = |part: &[Look]| part.iter().map(|l| l.low.made.js).fold(f64::INFINITY, f64::min);
        best(lately) < 0.97 * best(before)
    }

    /// Whether points wander from mode to mode, on average over the last looks.
    fn turns(&self) -> bool {
        let Some(from) = self.history.len().checked_sub(LOOKS) else { return false };
        let moved = |pair: &[Look]| match (&pair[0].low.made.modes, &pair[1].low.made.modes) {
            (Some(a), Some(b)) => a.shares.iter().zip(&b.shares).map(|(a, b)| (a - b).abs()).sum::<f64>() / 2.0,
            _ => 0.0,
        };
        self.history[from..].windows(2).map(moved).sum::<f64>() / (LOOKS - 1) as f64 > TURNED
    }

    fn evidence(&self, state: State) -> String {
        let Some(Look { low, on_forged, slope }) = self.history.last() else { return "Nothing has been measured yet.".into() };
        let (made, floor) = (&low.made, &low.floor);
        let divergence = format!("Jensen-Shannon divergence {:.3} (floor {:.3})", made.js, floor.js);
        let found = made.modes.as_ref().filter(|m| m.of > 1).map(|m| {
            let good = 100.0 * m.high_quality;
            format!(
                "{} of {} modes have a fifth of their due or more; {good:.0} % of the points are within three deviations of one",
                m.strict, m.of
            )
        });
        match (state, found) {
            (State::Starting, _) => format!("{} of {} looks that a judgement needs.", self.history.len(), AGREE + 1),
            (State::Vanishing, _) => {
                format!("Mean D(G(z)) is {on_forged:.4}, and the slope of G's loss at its points {slope:.1e} on average.")
            }
            (_, Some(found)) => format!("{found}. {divergence}."),
            (_, None) => format!("{divergence}."),
        }
    }

    fn advice(&self, state: State) -> Vec<Advice> {
        let c = self.config;
        let anew = |label: &str, changes| Advice { label: format!("New run, {label}"), changes, restart: true };
        match state {
            State::Vanishing => vec![Advice {
                label: "Instance noise 0.5 on what D sees".into(),
                // Noise that faded would leave a run of thousands of steps as it was.
                changes: json!({ "d_noise": 0.5, "d_noise_steps": FOR_LONG }),
                restart: false,
            }],
            State::Collapse | State::Oscillation if c.d_penalty == Penalty::None => {
                let held = anew("R1 on D", json!({ "d_penalty": Penalty::R1, "d_penalty_weight": 0.1 }));
                let packed = anew("packs of 4", json!({ "pack": 4 }));
                if c.pack == 1 && c.batch.is_multiple_of(4) { vec![held, packed] } else { vec![held] }
            }
            State::Oscillation => {
                let halves = json!({ "g_lr": c.g_lr / 2.0, "d_lr": c.d_lr / 2.0 });
                vec![Advice { label: "Half of both learning rates".into(), changes: halves, restart: false }]
            }
            _ => vec![],
        }
    }
}

/// Points are on modes, and not on all of them.
fn misses(look: &Look) -> bool {
    look.low.made.modes.as_ref().is_some_and(|m| m.high_quality > SOMEWHERE && m.reverse_kl > MISSING)
}

fn words(state: State) -> (&'static str, &'static str) {
    match state {
        State::Vanishing => (
            "G's gradient has vanished",
            "In the last looks, up to three, D gave forged points less than 0.02 and G's loss was flat where they are, below 0.02 a unit of x. Where the two densities do not overlap a perfect D is flat on both (Arjovsky and Bottou 2017, theorem 2.4). Noise on what D sees makes them overlap.",
        ),
        State::Oscillation => (
            "Points wander from mode to mode",
            "On average over five looks a quarter of the points or more changed their mode from one look to the next, while the divergence from the data got no better: G runs to where D is not looking, and D follows (Metz et al. 2017).",
        ),
        State::Collapse => (
            "Modes are missing",
            "Three looks in a row more than 30 % of the points were on modes, and their distribution over the modes was more than 0.25 nats from the data's (two of eight missing are 0.29), while the divergence got no better. D judges points one by one and does not see that they are alike; a penalty on its slope, or packing, helps.",
        ),
        State::Learning => (
            "Learning",
            "The Jensen-Shannon divergence from the data still falls: the best of the last three looks is at least 3 % below all of the fifty before.",
        ),
        State::Settled => (
            "Steady",
            "The last three looks brought no smaller divergence from the data, and no sign of missing or changing modes. Beside its floor the divergence says whether this is equilibrium.",
        ),
        _ => ("Too early to tell", "A judgement needs four looks: a GAN does everything once."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RunConfig;
    use crate::data::DataSet;
    use crate::measure::{LowMeasures, Modes};

    /// A look that saw all eight modes, unless it is told otherwise.
    fn look(js: f64, shares: [f64; 8], on_forged: f64, slope: f64) -> Look {
        let due = vec![0.125; 8];
        let found = shares.iter().filter(|&&share| share > 0.0).count();
        let reverse_kl = shares.iter().filter(|&&share| share > 0.0).map(|share| share * (8.0 * share).ln()).sum();
        let modes = |captured, reverse_kl, shares| {
            Some(Modes {
                captured,
                strict: captured,
                of: 8,
                high_quality: 0.9,
                reverse_kl,
                spread: 1.0,
                shares,
                due: due.clone(),
            })
        };
        let of = |modes, js| LowMeasures { modes, js, w1: None };
        let made = of(modes(found, reverse_kl, shares.to_vec()), js);
        let floor = of(modes(8, 0.0, due.clone()), 0.05);
        Look { low: LowMeasured { step: 0, n: 2_500, made, floor }, on_forged, slope }
    }

    const ALL: [f64; 8] = [0.125; 8];
    const HALF: [f64; 8] = [0.25, 0.25, 0.25, 0.25, 0.0, 0.0, 0.0, 0.0];
    const OTHERS: [f64; 8] = [0.0, 0.0, 0.0, 0.0, 0.25, 0.25, 0.25, 0.25];

    #[test]
    fn each_state_is_told_by_what_was_seen() {
        let config = RunConfig { data: DataSet::Ring, batch: 64, ..DataSet::Ring.toy().unwrap().config() };
        let steady = |shares, n: usize| vec![look(0.3, shares, 0.4, 0.5); n];
        let falling: Vec<Look> = (0..8).map(|i| look(0.5 - 0.05 * f64::from(i), ALL, 0.4, 0.5)).collect();
        let wandering: Vec<Look> = (0..8).map(|i| look(0.3, if i % 2 == 0 { HALF } else { OTHERS }, 0.4, 0.5)).collect();
        for (history, expected) in [
            (vec![], State::Starting),
            (steady(ALL, AGREE), State::Starting),
            (steady(ALL, AGREE + 1), State::Settled),
            (steady(HALF, AGREE + 1), State::Collapse),
            (falling, State::Learning),
            (wandering, State::Oscillation),
            (vec![look(0.6, ALL, 0.001, 0.001)], State::Vanishing),
            // D is sure, but its slope still moves G.
            (vec![look(0.6, ALL, 0.001, 0.5); 4], State::Settled),
        ] {
            let found = diagnose_points(&history, &config);
            assert_eq!(found.state, expected, "{}: {}", found.title, found.evidence);
            assert_eq!(found.alarm, matches!(expected, State::Collapse | State::Oscillation | State::Vanishing));
        }
    }

    #[test]
    fn advised_noise_lasts() {
        let mut config = RunConfig { data: DataSet::Ring, ..DataSet::Ring.toy().unwrap().config() };
        let advice = diagnose_points(&[look(0.6, ALL, 0.001, 0.001)], &config).advice;
        let changes = &advice[0].changes;
        config.d_noise = changes["d_noise"].as_f64().unwrap();
        config.d_noise_steps = changes["d_noise_steps"].as_u64().unwrap() as u32;
        assert!(config.seen(20_000).noise > 0.45);
    }
}
