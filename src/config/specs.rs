//! What a configuration stands for: the specifications of its networks and of its density.

use super::{DiscriminatorType, RunConfig};
use crate::condition::Condition;
use crate::data::{DataSet, Density, DensitySpec, PointSet, Space, Toy};
use crate::error::Result;
use crate::nn::{DiscriminatorSpec, Family, GeneratorSpec, Norm};

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
        let density = Density::of(DensitySpec { data, modes, extent, spread, offset }, drawn)?;
        Ok(PointSet::new(density, self.train_images, self.seed))
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
