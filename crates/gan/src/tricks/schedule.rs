//! Learning-rate schedules.

use counterfeit_spec::{Choice, Spec};

use super::{Start, Trick};

/// The factor of both learning rates, over N steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Schedule {
    #[choice("constant")]
    Constant,
    /// 1 - t / N, then 0.
    #[choice("linear decay")]
    Linear,
    /// (1 + cos(pi t / N)) / 2, then 0 (Loshchilov and Hutter 2017).
    #[choice("cosine decay")]
    Cosine,
    /// 2^(-t / N): halved every N steps.
    #[choice("exponential decay")]
    Halving,
}

/// The schedule of both learning rates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Spec)]
pub struct RateSchedule {
    /// How both learning rates change during the run.
    #[setting(
        label = "Learning-rate schedule", default = Schedule::Constant,
        source = "Goodfellow et al. 2014 decay them; Loshchilov and Hutter 2017",
    )]
    pub schedule: Schedule,
    /// Steps until the rates reach 0, or one half in exponential decay.
    #[setting(
        key = "schedule_steps", label = "Decay steps", default = 5_000, range = 1..=1_000_000, unit = "steps",
        only(schedule = ["linear", "cosine", "halving"]), source = "the length of a run",
    )]
    pub steps: u32,
}

impl Trick for RateSchedule {
    type State = ();
    type Draw = ();

    fn start(&self, _: &Start) {}

    fn rate(&self, step: u32) -> f64 {
        self.schedule.factor(step - 1, self.steps)
    }
}

impl Schedule {
    /// The factor after `step` steps of a schedule over `steps`.
    pub fn factor(self, step: u32, steps: u32) -> f64 {
        let t = f64::from(step) / f64::from(steps.max(1));
        match self {
            Schedule::Constant => 1.0,
            Schedule::Linear => (1.0 - t).max(0.0),
            // Through libm, so that every platform takes the same step.
            Schedule::Cosine => (1.0 + libm::cos(std::f64::consts::PI * t.min(1.0))) / 2.0,
            Schedule::Halving => libm::exp2(-t),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_begin_at_1_and_end_where_they_say() {
        for (schedule, half, end, after) in [
            (Schedule::Constant, 1.0, 1.0, 1.0),
            (Schedule::Linear, 0.5, 0.0, 0.0),
            (Schedule::Cosine, 0.5, 0.0, 0.0),
            (Schedule::Halving, 0.5f64.sqrt(), 0.5, 0.25),
        ] {
            let at = |step| schedule.factor(step, 100);
            assert_eq!(at(0), 1.0);
            for (step, expected) in [(50, half), (100, end), (200, after)] {
                assert!((at(step) - expected).abs() < 1e-15, "{schedule:?} at {step}: {}", at(step));
            }
        }
    }
}
