//! Progressive growing (Karras et al. 2018, PGGAN): a run starts at 7x7, and twice the layers of the next resolution
//! are faded in.
//!
//! The stage is a function of the step alone. All weights exist from the start; those of inactive layers have no
//! gradient.

use serde::Serialize;

use crate::config::{Family, RunConfig};
use crate::data::SampleShape;
use crate::nn::Stage;

/// The stage of a run and its fade-in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Growth {
    pub stage: Stage,
    /// Weight of the newest layers, alpha: from 0 to 1 while they fade in, 1 otherwise.
    pub alpha: f32,
}

/// The same, for the page.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[cfg_attr(not(target_arch = "wasm32"), ts(rename = "Growth"))]
pub struct Shown {
    pub side: usize,
    pub alpha: f32,
}

impl Growth {
    /// The growth at a step, from 1; None for networks that do not grow. Each resolution but the first starts with a
    /// fade-in.
    pub fn at(config: &RunConfig, step: u32) -> Option<Self> {
        if config.family != Family::Growing {
            return None;
        }
        let (alone, fade) = (config.grow_stage_steps, config.grow_fade_steps);
        let still = |level| Self { stage: Stage { level, fading: false }, alpha: 1.0 };
        let Some(since) = step.saturating_sub(1).checked_sub(alone) else { return Some(still(0)) };
        let level = 1 + (since / (alone + fade)) as usize;
        let within = since % (alone + fade);
        Some(match level {
            _ if level > Stage::LAST.level => still(Stage::LAST.level),
            _ if within < fade => {
                Self { stage: Stage { level, fading: true }, alpha: (f64::from(within) / f64::from(fade)) as f32 }
            }
            _ => still(level),
        })
    }

    /// For images of this shape at last.
    pub fn shown(self, shape: SampleShape) -> Shown {
        Shown { side: self.stage.side(shape.height), alpha: self.alpha }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_grows_twice_and_fades_each_time_from_0_towards_1() {
        let config =
            RunConfig { family: Family::Growing, grow_stage_steps: 10, grow_fade_steps: 4, ..Default::default() };
        let at = |step| Growth::at(&config, step).unwrap();
        let still = |level| Growth { stage: Stage { level, fading: false }, alpha: 1.0 };
        assert!([0, 1, 10].iter().all(|&s| at(s) == still(0)));
        assert_eq!(
            [11, 12, 13, 14].map(|s| (at(s).stage, at(s).alpha)),
            [0.0, 0.25, 0.5, 0.75].map(|a| (Stage { level: 1, fading: true }, a))
        );
        assert!([15, 24].iter().all(|&s| at(s) == still(1)));
        assert_eq!((at(25).stage, at(25).alpha), (Stage { level: 2, fading: true }, 0.0));
        assert!([29, 39, 1_000_000].iter().all(|&s| at(s) == still(2)));
        assert_eq!([1, 11, 29].map(|s| at(s).stage.side(28)), [7, 14, 28]);
        let sudden = RunConfig { grow_fade_steps: 0, ..config };
        assert_eq!([10, 11, 20, 21].map(|s| Growth::at(&sudden, s).unwrap()), [0, 1, 1, 2].map(still));
        assert_eq!(Growth::at(&RunConfig::default(), 1), None);
    }
}
