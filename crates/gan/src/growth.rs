//! Progressive growing (Karras et al. 2018, PGGAN): a run starts at 7x7, and twice the layers of the next resolution
//! are faded in.
//!
//! The stage is a function of the step alone. All weights exist from the start; those of inactive layers have no
//! gradient.

use counterfeit_data::SampleShape;
use counterfeit_nn::Stage;
use counterfeit_spec::Spec;
use serde::Serialize;

/// How long a run stays at each resolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Spec)]
pub struct GrowthSpec {
    /// Steps at 7x7, and at 14x14 after its fade-in, before the next resolution is added. Both optimizers are reset
    /// with each.
    #[setting(
        key = "grow_stage_steps", label = "Steps per resolution", default = 150, range = 1..=100_000, unit = "steps",
        only(family = ["growing"]), source = "Karras et al. 2018: 800,000 images; their code 600,000",
    )]
    pub stage_steps: u32,
    /// Steps over which the layers of a new resolution are blended in, from weight 0 to 1, and the matching detail of
    /// real images with them.
    #[setting(
        key = "grow_fade_steps", label = "Fade-in steps", default = 150, range = 0..=100_000, unit = "steps",
        only(family = ["growing"]), source = "Karras et al. 2018 (PGGAN)",
    )]
    pub fade_steps: u32,
}

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

impl GrowthSpec {
    /// The growth at a step, from 1. Each resolution but the first starts with a fade-in.
    pub fn at(&self, step: u32) -> Growth {
        let Self { stage_steps: alone, fade_steps: fade } = *self;
        let still = |level| Growth { stage: Stage { level, fading: false }, alpha: 1.0 };
        let Some(since) = step.saturating_sub(1).checked_sub(alone) else { return still(0) };
        let level = 1 + (since / (alone + fade)) as usize;
        let within = since % (alone + fade);
        match level {
            _ if level > Stage::LAST.level => still(Stage::LAST.level),
            _ if within < fade => {
                Growth { stage: Stage { level, fading: true }, alpha: (f64::from(within) / f64::from(fade)) as f32 }
            }
            _ => still(level),
        }
    }
}

impl Growth {
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
        let spec = GrowthSpec { stage_steps: 10, fade_steps: 4 };
        let at = |step| spec.at(step);
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
        let sudden = GrowthSpec { fade_steps: 0, ..spec };
        assert_eq!([10, 11, 20, 21].map(|s| sudden.at(s)), [0, 1, 1, 2].map(still));
    }
}
