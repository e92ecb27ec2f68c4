//! The configuration of a run, [`RunConfig`], and its defaults. Ranges, labels and sources are in `schema.rs`, the
//! types of its fields in `choices.rs` and where they are used, invalid combinations in `combinations.rs`, what its
//! networks are built from in `specs.rs`.

mod choices;
mod combinations;
mod specs;

pub use choices::{Attention, DiscriminatorType, GeneratorLoss};

use serde::{Deserialize, Serialize};

use crate::condition::{CodeSpec, Condition};
use crate::coupling::Coupling;
use crate::data::{DataSet, SampleShape};
use crate::error::{Error, Result};
use crate::loss::{Objective, Penalty};
use crate::nn::DOMAINS;
pub use crate::nn::{BatchFeature, Family, HiddenUnit, Initialiser, Norm, Upsampling};
use crate::optim::{Method, Rates};
use crate::random::Prior;
use crate::schema::{self, Field};
use crate::tricks::augmentation::{Augment, Augmentation};
use crate::tricks::schedule::Schedule;

/// All settings of a run. Equal configurations give equal runs.
///
/// The fields' meaning, unit, range and source are in [`schema::fields`]; the page builds its form and its URL from
/// there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[cfg_attr(not(target_arch = "wasm32"), ts(rename = "Config", type = "Record<string, string | number>"))]
pub struct RunConfig {
    pub data: DataSet,
    pub modes: usize,
    pub extent: f64,
    pub spread: f64,
    pub offset: f64,
    pub train_images: usize,
    pub seed: u32,
    pub batch: usize,
    pub family: Family,
    pub latent_dim: usize,
    pub prior: Prior,
    pub g_units: usize,
    pub g_layers: usize,
    pub d_units: usize,
    pub d_layers: usize,
    pub d_form: DiscriminatorType,
    pub d_hidden: HiddenUnit,
    pub d_dropout: f64,
    pub g_channels: usize,
    pub d_channels: usize,
    pub g_dense: usize,
    pub d_dense: usize,
    pub stages: usize,
    pub blocks: usize,
    pub grow_stage_steps: u32,
    pub grow_fade_steps: u32,
    pub g_mapping: usize,
    pub g_mixing: f64,
    pub g_up: Upsampling,
    pub attention: Attention,
    pub init: Initialiser,
    pub g_norm: Norm,
    pub d_norm: Norm,
    pub condition: Condition,
    pub coupling: Coupling,
    pub code_continuous: usize,
    pub code_weight: f64,
    pub code_augment: Augment,
    pub objective: Objective,
    pub balance: f64,
    pub balance_rate: f64,
    pub d_steps: usize,
    pub real_target: f64,
    pub d_optimizer: Method,
    pub d_lr: f64,
    pub d_beta1: f64,
    pub d_beta2: f64,
    pub d_decay: f64,
    pub d_clip: f64,
    pub d_penalty: Penalty,
    pub d_penalty_weight: f64,
    pub g_optimizer: Method,
    pub g_lr: f64,
    pub g_beta1: f64,
    pub g_beta2: f64,
    pub g_decay: f64,
    pub g_half_life: f64,
    pub g_noise: f64,
    pub g_clip_norm: f64,
    pub d_clip_norm: f64,
    pub schedule: Schedule,
    pub schedule_steps: u32,
    pub d_noise: f64,
    pub d_noise_steps: u32,
    pub d_flip: f64,
    pub augment: Augment,
    pub pack: usize,
    pub d_batch: BatchFeature,
    pub g_goal: GeneratorLoss,
    pub replay: f64,
    pub history: f64,
    pub unroll: usize,
}

impl Default for RunConfig {
    /// A DCGAN small enough to generate digits within three minutes on a CPU. Momentum, initialisation, leaky ReLU
    /// slope and normalisation are the paper's (Radford et al. 2016, sections 3 and 4); the fully connected layers are
    /// those of InfoGAN for MNIST (Chen et al. 2016, appendix C.1). Channels, units and batch size are a quarter of
    /// theirs, for speed. Without the fully connected layers, at half these learning rates, 3,000 steps gave a Fréchet
    /// distance of 9.9 instead of 0.7 (seed 7); then 32 channels gave 9.2, and a batch of 64 gave 9.1. The learning
    /// rates are above InfoGAN's (2e-4 and 1e-3), which small networks allow; `bench/quality.json` has the results.
    fn default() -> Self {
        Self {
            data: DataSet::Mnist,
            // Only used by toy data, each with its own defaults: see `toy.rs` of the crate `data`.
            modes: 8,
            extent: 1.0,
            spread: 0.1,
            offset: 0.0,
            train_images: 60_000,
            seed: 7,
            batch: 32,
            family: Family::Dcgan,
            latent_dim: 64,
            prior: Prior::Normal,
            g_units: 256,
            g_layers: 2,
            d_units: 256,
            d_layers: 2,
            d_form: DiscriminatorType::Classifier,
            d_hidden: HiddenUnit::LeakyRelu,
            d_dropout: 0.0,
            g_channels: 16,
            d_channels: 16,
            g_dense: 256,
            d_dense: 256,
            stages: 2,
            blocks: 1,
            grow_stage_steps: 150,
            grow_fade_steps: 150,
            g_mapping: 4,
            g_mixing: 0.9,
            g_up: Upsampling::Transposed,
            attention: Attention::None,
            init: Initialiser::Recipe,
            g_norm: Norm::Batch,
            d_norm: Norm::Batch,
            condition: Condition::None,
            coupling: Coupling::Edges,
            code_continuous: 2,
            code_weight: 1.0,
            code_augment: Augment::None,
            objective: Objective::NonSaturating,
            // As in the authors' code.
            balance: 0.5,
            balance_rate: 0.001,
            d_steps: 1,
            real_target: 1.0,
            d_optimizer: Method::Adam,
            d_lr: 1e-3,
            d_beta1: 0.5,
            d_beta2: 0.999,
            d_decay: 0.0,
            d_clip: 0.0,
            d_penalty: Penalty::None,
            d_penalty_weight: 1.0,
            g_optimizer: Method::Adam,
            g_lr: 2e-3,
            g_beta1: 0.5,
            g_beta2: 0.999,
            g_decay: 0.0,
            // EMA decay 0.999: an average over about the last thousand steps.
            g_half_life: 693.0,
            g_noise: 0.0,
            g_clip_norm: 0.0,
            d_clip_norm: 0.0,
            schedule: Schedule::Constant,
            schedule_steps: 5_000,
            d_noise: 0.0,
            d_noise_steps: 2_000,
            d_flip: 0.0,
            augment: Augment::None,
            pack: 1,
            d_batch: BatchFeature::None,
            g_goal: GeneratorLoss::Adversarial,
            replay: 0.0,
            history: 0.0,
            unroll: 0,
        }
    }
}

impl RunConfig {
    /// Checks every field against the schema, and their combinations. An [`Experiment`] can always be built.
    pub fn validate(self) -> Result<Experiment> {
        let values = serde_json::to_value(&self).map_err(|e| Error::Unreadable(e.to_string()))?;
        for field in schema::fields() {
            field.check(&values[field.key])?;
        }
        self.check_combinations()?;
        Ok(Experiment(self))
    }

    /// Hyperparameters of G's update in a step; `step` starts at 1.
    pub fn g_rates(&self, step: u32) -> Rates {
        let Self { g_lr, g_beta1: beta1, g_beta2: beta2, g_decay: decay, .. } = *self;
        Rates {
            lr: g_lr * self.schedule.factor(step - 1, self.schedule_steps),
            beta1,
            beta2,
            decay,
            clip: f64::INFINITY,
            step,
        }
    }

    /// Hyperparameters of D's update in a step; `step` starts at 1.
    pub fn d_rates(&self, step: u32) -> Rates {
        let Self { d_lr, d_beta1: beta1, d_beta2: beta2, d_decay: decay, .. } = *self;
        let clip = if self.d_clip > 0.0 { self.d_clip } else { f64::INFINITY };
        Rates { lr: d_lr * self.schedule.factor(step - 1, self.schedule_steps), beta1, beta2, decay, clip, step }
    }

    /// Weight of the newest generator in the EMA after a step: 1 - decay, and more in early steps, so that the EMA soon
    /// forgets the initial weights.
    pub fn averaging(&self, step: u32) -> f64 {
        let share = 1.0 - libm::exp2(-1.0 / self.g_half_life);
        share.max(9.0 / (10.0 + f64::from(step)))
    }

    /// Instance noise and augmentation of D's input in a step; `step` starts at 1.
    pub fn augmentation(&self, step: u32) -> Augmentation {
        Augmentation {
            noise: self.d_noise * Schedule::Linear.factor(step - 1, self.d_noise_steps),
            shape: self.shape(),
            augment: self.augment,
        }
    }

    /// Augmentation of fake images from which D predicts the categorical code.
    pub fn code_augmentation(&self) -> Augmentation {
        let augment = if self.condition == Condition::Codes { self.code_augment } else { Augment::None };
        Augmentation { noise: 0.0, shape: self.shape(), augment }
    }

    /// Whether a G step needs real images: with relativistic losses and feature matching.
    pub fn g_sees_real(&self) -> bool {
        self.objective.is_relativistic() || self.g_goal == GeneratorLoss::FeatureMatching
    }

    /// The code in G's input.
    pub fn code(&self) -> CodeSpec {
        CodeSpec { condition: self.condition, classes: self.data.categories(), continuous: self.code_continuous }
    }

    /// Length of G's input: noise and code.
    pub fn g_inputs(&self) -> usize {
        self.latent_dim + self.code().width()
    }

    /// Number of samples in a row of D's input: the pack size times the number of domains.
    pub fn d_planes(&self) -> usize {
        self.pack * if self.condition == Condition::Coupled { DOMAINS } else { 1 }
    }

    /// Shape of a sample.
    pub fn shape(&self) -> SampleShape {
        self.data.shape()
    }

    /// Number of values of a sample.
    pub fn values(&self) -> usize {
        self.data.values()
    }

    /// Normalisation of G and of D; none in residual networks.
    pub fn norms(&self) -> [Norm; 2] {
        if self.family == Family::Resnet { [Norm::None; 2] } else { [self.g_norm, self.d_norm] }
    }

    /// Number of D's outputs: the logit and the auxiliary heads.
    pub fn d_outputs(&self) -> usize {
        1 + self.code().aux_width()
    }
}

/// A configuration that has passed [`RunConfig::validate`].
#[derive(Debug, Clone, PartialEq)]
pub struct Experiment(RunConfig);

impl std::ops::Deref for Experiment {
    type Target = RunConfig;

    fn deref(&self) -> &RunConfig {
        &self.0
    }
}

impl Experiment {
    /// Fields in which two configurations differ.
    fn differences(&self, other: &Self) -> Vec<&'static Field> {
        // Serialisation cannot fail here: both were serialised when they were validated.
        let [a, b] = [self, other].map(|c| serde_json::to_value(&c.0).unwrap_or_default());
        schema::fields().iter().filter(|f| a[f.key] != b[f.key]).collect()
    }

    /// Returns `next` if it differs from `self` in live settings only, which may change during a run.
    pub fn change_to(&self, next: Experiment) -> Result<Experiment> {
        match self.differences(&next).iter().find(|f| !f.live) {
            Some(field) => Err(Error::NeedsRestart { key: field.key.into(), label: field.label.into() }),
            None => Ok(next),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_valid() {
        assert!(RunConfig::default().validate().is_ok());
    }

    #[test]
    fn an_out_of_range_value_is_refused_with_its_label_and_range() {
        let error = RunConfig { d_lr: 5.0, ..Default::default() }.validate().unwrap_err();
        assert_eq!(error.key(), Some("d_lr"));
        assert!(error.to_string().contains("between"), "{error}");
        let nan = RunConfig { g_lr: f64::NAN, ..Default::default() }.validate().unwrap_err();
        assert_eq!(nan.key(), Some("g_lr"));
    }

    #[test]
    fn learning_rates_change_live_and_widths_do_not() {
        let run = RunConfig::default().validate().unwrap();
        let faster = RunConfig { g_lr: 1e-3, d_steps: 3, ..Default::default() }.validate().unwrap();
        assert_eq!(run.change_to(faster.clone()), Ok(faster));
        let wider = RunConfig { g_channels: 32, ..Default::default() }.validate().unwrap();
        assert_eq!(run.change_to(wider).unwrap_err().key(), Some("g_channels"));
    }

    #[test]
    fn unknown_keys_are_an_error_and_missing_ones_take_the_default() {
        assert!(serde_json::from_str::<RunConfig>(r#"{"learning_rate": 1}"#).is_err());
        assert_eq!(serde_json::from_str::<RunConfig>("{}").unwrap(), RunConfig::default());
    }
}
