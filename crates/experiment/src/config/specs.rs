//! What a configuration stands for: the specifications of its parts. Only this file says which field goes where.

use super::form::refusal;
use super::{DiscriminatorType, RunConfig};
use crate::error::Result;
use counterfeit_data::{DataSet, Density, DensitySpec, PointSet, SampleShape, Space, Toy};
use counterfeit_gan::condition::{CodeSpec, Condition, ConditionSpec};
use counterfeit_gan::growth::GrowthSpec;
use counterfeit_gan::loss::{BalanceSpec, LossSpec, PenaltySpec};
use counterfeit_gan::optim::OptimizerSpec;
use counterfeit_gan::spec::TrainingSpec;
use counterfeit_gan::tricks::{
    Augmentation, CodeAugmentation, Ema, GradientClip, HistoricalAveraging, InstanceNoise, LabelFlip, RateSchedule,
    Replay, StyleMixing, Tricks, Unroll,
};
use counterfeit_nn::{DOMAINS, DiscriminatorSpec, Family, GeneratorSpec, Norm};

impl RunConfig {
    /// The default configuration on a data set.
    pub fn on(set: DataSet) -> Self {
        set.toy().map_or(Self { data: set, ..Self::default() }, Self::on_toy)
    }

    /// The default configuration on a density: MLPs with two hidden layers of 32 units, small enough for hundreds of
    /// steps per second in a tab, and a normal z with as many dimensions as a sample. There is no normalisation, so that
    /// every gradient penalty is allowed. The momentum is that of DCGAN.
    pub fn on_toy(toy: &Toy) -> Self {
        let DensitySpec { data, modes, extent, spread, offset } = toy.density();
        Self {
            data,
            modes,
            extent,
            spread,
            offset,
            family: Family::Mlp,
            batch: 128,
            latent_dim: toy.set.values(),
            g_units: 32,
            d_units: 32,
            g_norm: Norm::None,
            d_norm: Norm::None,
            d_lr: 1e-3,
            g_lr: 1e-3,
            // Unit: steps. 100 steps take a second or less.
            g_half_life: 100.0,
            ..Self::default()
        }
    }

    /// Training samples of the configuration's density; `drawn` as for [`Density::of`].
    pub fn points(&self, drawn: Option<&[f32]>) -> Result<PointSet> {
        let Self { data, modes, extent, spread, offset, .. } = *self;
        let spec = DensitySpec { data, modes, extent, spread, offset };
        let density = Density::of(spec, drawn).map_err(|e| refusal("data", e.to_string()))?;
        Ok(PointSet::new(density, self.train_images, self.seed))
    }

    /// What training reads.
    pub fn training(&self) -> TrainingSpec {
        let [g_optimizer, d_optimizer] = self.optimizers();
        TrainingSpec {
            seed: self.seed,
            shape: self.shape(),
            classes: self.data.classes(),
            samples: self.train_images,
            batch: self.batch,
            d_steps: self.d_steps,
            prior: self.prior,
            generator: self.g_spec(),
            discriminator: self.d_spec(),
            condition: self.conditioning(),
            pack: self.pack,
            loss: self.loss(),
            penalty: PenaltySpec { penalty: self.d_penalty, weight: self.d_penalty_weight },
            g_optimizer,
            d_optimizer,
            growth: (self.family == Family::Growing)
                .then_some(GrowthSpec { stage_steps: self.grow_stage_steps, fade_steps: self.grow_fade_steps }),
            tricks: self.tricks(),
        }
    }

    /// The losses of both networks.
    pub fn loss(&self) -> LossSpec {
        LossSpec {
            objective: self.objective,
            generator: self.g_goal,
            real_target: self.real_target,
            balance: BalanceSpec { gamma: self.balance, rate: self.balance_rate },
        }
    }

    /// The optimizers of G and of D.
    pub fn optimizers(&self) -> [OptimizerSpec; 2] {
        [
            OptimizerSpec {
                method: self.g_optimizer,
                lr: self.g_lr,
                beta1: self.g_beta1,
                beta2: self.g_beta2,
                decay: self.g_decay,
                clip: 0.0,
            },
            OptimizerSpec {
                method: self.d_optimizer,
                lr: self.d_lr,
                beta1: self.d_beta1,
                beta2: self.d_beta2,
                decay: self.d_decay,
                clip: self.d_clip,
            },
        ]
    }

    /// What can be combined with any loss.
    pub fn tricks(&self) -> Tricks {
        Tricks {
            replay: Replay { share: self.replay },
            flip: LabelFlip { share: self.d_flip },
            noise: InstanceNoise { deviation: self.d_noise, steps: self.d_noise_steps },
            augmentation: Augmentation { augment: self.augment },
            clip: GradientClip { generator: self.g_clip_norm, discriminator: self.d_clip_norm },
            history: HistoricalAveraging { weight: self.history },
            schedule: RateSchedule { schedule: self.schedule, steps: self.schedule_steps },
            ema: Ema { half_life: self.g_half_life },
            unroll: Unroll { steps: self.unroll },
            style_mixing: StyleMixing { share: self.g_mixing },
            code_augmentation: CodeAugmentation { augment: self.code_augment },
        }
    }

    /// Classes, codes or domains.
    pub fn conditioning(&self) -> ConditionSpec {
        ConditionSpec {
            condition: self.condition,
            coupling: self.coupling,
            continuous: self.code_continuous,
            weight: self.code_weight,
        }
    }

    /// The code in G's input.
    pub fn code(&self) -> CodeSpec {
        self.conditioning().code(self.data.classes())
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

    /// What G is built from.
    pub fn g_spec(&self) -> GeneratorSpec {
        let coupled = self.condition == Condition::Coupled;
        GeneratorSpec {
            family: self.family,
            init: self.init,
            norm: self.norms()[0],
            latent: self.latent_dim,
            inputs: self.g_inputs(),
            shape: self.shape().dims(),
            bounded: self.data.space() == Space::Images,
            domains: coupled.then(|| self.coupling.head()),
            units: self.g_units,
            layers: self.g_layers,
            channels: self.g_channels,
            dense: self.g_dense,
            stages: self.stages,
            blocks: self.blocks,
            mapping: self.g_mapping,
            upsampling: self.g_up,
            attention: self.attention.generator(),
            noise: self.g_noise,
            reference: self.batch,
        }
    }

    /// What D is built from.
    pub fn d_spec(&self) -> DiscriminatorSpec {
        let autoencoder = self.d_form == DiscriminatorType::Autoencoder;
        DiscriminatorSpec {
            family: self.family,
            init: self.init,
            norm: self.norms()[1],
            shape: self.shape().dims(),
            planes: self.d_planes(),
            coupled: self.condition == Condition::Coupled,
            condition: self.code().d_condition_width(),
            outputs: self.d_outputs(),
            decoder: autoencoder.then(|| self.decoder()),
            units: self.d_units,
            layers: self.d_layers,
            hidden: self.d_hidden,
            channels: self.d_channels,
            dense: self.d_dense,
            stages: self.stages,
            blocks: self.blocks,
            attention: self.attention.discriminator(),
            dropout: self.d_dropout,
            batch_feature: self.d_batch,
        }
    }

    /// The second half of an autoencoder: the architecture's generator with D's widths, from as many features as z has.
    /// Not bounded, so that the network is piecewise linear, as exact penalties need.
    fn decoder(&self) -> GeneratorSpec {
        GeneratorSpec {
            norm: self.norms()[1],
            inputs: self.latent_dim,
            bounded: false,
            domains: None,
            units: self.d_units,
            layers: self.d_layers,
            channels: self.d_channels,
            dense: self.d_dense,
            noise: 0.0,
            ..self.g_spec()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_density_that_cannot_be_is_refused_at_its_setting() {
        for set in [DataSet::Drawn, DataSet::Curve, DataSet::Mnist] {
            let error = RunConfig::on(set).points(None).err().unwrap();
            assert_eq!(error.key(), Some("data"), "{error}");
        }
    }

    #[test]
    fn a_data_set_has_its_own_default() {
        assert_eq!(RunConfig::on(DataSet::Mnist), RunConfig::default());
        assert_eq!(RunConfig::on(DataSet::Fashion).data, DataSet::Fashion);
        assert_eq!(RunConfig::on(DataSet::Ring).modes, 8);
    }
}
