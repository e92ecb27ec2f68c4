//! What a configuration stands for: the specifications of its parts. Only this file says which field goes where.

use super::form::refusal;
use super::{DiscriminatorType, RunConfig};
use crate::config;
use crate::error::Result;
use counterfeit_data::{DataSet, Density, DensitySpec, PointSet, SampleShape, Space, Toy};
use counterfeit_gan::condition::{CodeSpec, Condition};
use counterfeit_gan::spec::TrainingSpec;
use counterfeit_nn::{DOMAINS, DiscriminatorSpec, Family, GeneratorSpec, Norm};

impl RunConfig {
    /// The default configuration on a data set.
    pub fn on(set: DataSet) -> Self {
        set.toy().map_or(config! { data: set }, Self::on_toy)
    }

    /// The default configuration on a density: MLPs with two hidden layers of 32 units, small enough for hundreds of
    /// steps per second in a tab, and a normal z with as many dimensions as a sample. There is no normalisation, so that
    /// every gradient penalty is allowed. The momentum is that of DCGAN.
    pub fn on_toy(toy: &Toy) -> Self {
        config! {
            data: toy.set,
            density: toy.density().shape,
            family: Family::Mlp,
            batch: 128,
            latent_dim: toy.set.values(),
            generator.network.units: 32,
            discriminator.network.units: 32,
            generator.network.norm: Norm::None,
            discriminator.network.norm: Norm::None,
            discriminator.optimizer.lr: 1e-3,
            generator.optimizer.lr: 1e-3,
            // Unit: steps. 100 steps take a second or less.
            tricks.ema.half_life: 100.0,
        }
    }

    /// Training samples of the configuration's density; `drawn` as for [`Density::of`].
    pub fn points(&self, drawn: Option<&[f32]>) -> Result<PointSet> {
        let spec = DensitySpec { data: self.data, shape: self.density };
        let density = Density::of(spec, drawn).map_err(|e| refusal("data", e.to_string()))?;
        Ok(PointSet::new(density, self.train_images, self.seed))
    }

    /// What training reads.
    pub fn training(&self) -> TrainingSpec {
        TrainingSpec {
            seed: self.seed,
            shape: self.shape(),
            classes: self.data.categories(),
            samples: self.train_images,
            batch: self.batch,
            d_steps: self.d_steps,
            prior: self.prior,
            generator: self.g_spec(),
            discriminator: self.d_spec(),
            condition: self.condition,
            pack: self.pack,
            loss: self.loss,
            penalty: self.penalty,
            g_optimizer: self.generator.optimizer,
            d_optimizer: self.discriminator.optimizer,
            weight_clip: self.discriminator.weight_clip,
            growth: (self.family == Family::Growing).then_some(self.growth),
            tricks: self.tricks,
        }
    }

    /// The code in G's input.
    pub fn code(&self) -> CodeSpec {
        self.condition.code(self.data.categories())
    }

    /// Length of G's input: noise and code.
    pub fn g_inputs(&self) -> usize {
        self.latent_dim + self.code().width()
    }

    /// Number of samples in a row of D's input: the pack size times the number of domains.
    pub fn d_planes(&self) -> usize {
        self.pack * if self.condition.condition == Condition::Coupled { DOMAINS } else { 1 }
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
        if self.family == Family::Resnet {
            [Norm::None; 2]
        } else {
            [self.generator.network.norm, self.discriminator.network.norm]
        }
    }

    /// Number of D's outputs: the logit and the auxiliary heads.
    pub fn d_outputs(&self) -> usize {
        1 + self.code().aux_width()
    }

    /// What G is built from.
    pub fn g_spec(&self) -> GeneratorSpec {
        let coupled = self.condition.condition == Condition::Coupled;
        GeneratorSpec {
            family: self.family,
            init: self.init,
            norm: self.norms()[0],
            latent: self.latent_dim,
            inputs: self.g_inputs(),
            shape: self.shape().dims(),
            bounded: self.data.space() == Space::Images,
            domains: coupled.then(|| self.condition.coupling.head()),
            units: self.generator.network.units,
            layers: self.generator.network.layers,
            channels: self.generator.network.channels,
            dense: self.generator.network.dense,
            stages: self.stages,
            blocks: self.blocks,
            mapping: self.generator.mapping,
            upsampling: self.generator.upsampling,
            attention: self.attention.generator(),
            noise: self.generator.noise,
            reference: self.batch,
        }
    }

    /// What D is built from.
    pub fn d_spec(&self) -> DiscriminatorSpec {
        let autoencoder = self.discriminator.form == DiscriminatorType::Autoencoder;
        DiscriminatorSpec {
            family: self.family,
            init: self.init,
            norm: self.norms()[1],
            shape: self.shape().dims(),
            planes: self.d_planes(),
            coupled: self.condition.condition == Condition::Coupled,
            condition: self.code().d_condition_width(),
            outputs: self.d_outputs(),
            decoder: autoencoder.then(|| self.decoder()),
            units: self.discriminator.network.units,
            layers: self.discriminator.network.layers,
            hidden: self.discriminator.hidden,
            channels: self.discriminator.network.channels,
            dense: self.discriminator.network.dense,
            stages: self.stages,
            blocks: self.blocks,
            attention: self.attention.discriminator(),
            dropout: self.discriminator.dropout,
            batch_feature: self.discriminator.batch_feature,
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
            units: self.discriminator.network.units,
            layers: self.discriminator.network.layers,
            channels: self.discriminator.network.channels,
            dense: self.discriminator.network.dense,
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
        assert_eq!(RunConfig::on(DataSet::Ring).density.modes, 8);
    }
}
