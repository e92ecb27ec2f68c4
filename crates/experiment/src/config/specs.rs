//! What a configuration stands for: the specifications of its parts. Only this file says which field goes where.

use super::form::refusal;
use super::{DiscriminatorConfig, DiscriminatorType, GeneratorConfig, NetworkSpec, RunConfig};
use crate::config;
use crate::error::Result;
use counterfeit_data::{DataSet, Density, DensitySpec, PointSet, SampleShape, Space, Toy};
use counterfeit_gan::condition::{CodeSpec, Condition};
use counterfeit_gan::spec::TrainingSpec;
use counterfeit_nn::{
    DOMAINS, DcganDiscriminator, DcganGenerator, Decoder, DiscriminatorArchitecture, DiscriminatorBody,
    DiscriminatorChain, DiscriminatorInput, DiscriminatorSpec, Family, GeneratorArchitecture, GeneratorBody,
    GeneratorChain, GeneratorSpec, GrowingNetwork, MlpDiscriminator, MlpGenerator, Norm, ResnetDiscriminator,
    ResnetGenerator, StyleDiscriminator, StyleGenerator,
};

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
        let GeneratorConfig { network, mapping, noise, .. } = self.generator;
        let channels = network.channels;
        let chain = |body| {
            let coupled = self.condition.condition == Condition::Coupled;
            GeneratorArchitecture::Chain(GeneratorChain {
                body,
                bounded: self.data.space() == Space::Images,
                domains: coupled.then(|| self.condition.coupling.head()),
                reference: self.batch,
            })
        };
        GeneratorSpec {
            init: self.init,
            latent: self.latent_dim,
            inputs: self.g_inputs(),
            shape: self.shape().dims(),
            architecture: match self.family {
                Family::Mlp => chain(GeneratorBody::Mlp(mlp_generator(&network, noise))),
                Family::Dcgan => chain(GeneratorBody::Dcgan(self.dcgan_generator(&network, noise))),
                Family::Resnet => chain(GeneratorBody::Resnet(self.resnet_generator(&network, noise))),
                Family::Growing => GeneratorArchitecture::Growing(GrowingNetwork { channels }),
                Family::Style => GeneratorArchitecture::Style(StyleGenerator { channels, mapping }),
            },
        }
    }

    fn dcgan_generator(&self, network: &NetworkSpec, noise: f64) -> DcganGenerator {
        let NetworkSpec { channels, dense, norm, .. } = *network;
        let (stages, upsampling) = (self.stages, self.generator.upsampling);
        DcganGenerator { channels, dense, stages, upsampling, attention: self.attention.generator(), norm, noise }
    }

    fn resnet_generator(&self, network: &NetworkSpec, noise: f64) -> ResnetGenerator {
        ResnetGenerator { channels: network.channels, blocks: self.blocks, noise }
    }

    /// What D is built from.
    pub fn d_spec(&self) -> DiscriminatorSpec {
        let DiscriminatorConfig { network, hidden, dropout, batch_feature, .. } = self.discriminator;
        let NetworkSpec { channels, dense, units, layers, norm } = network;
        let (stages, blocks, attention) = (self.stages, self.blocks, self.attention.discriminator());
        // The decoder of an autoencoder is the architecture's generator with D's widths, without noise.
        let architecture = match self.family {
            Family::Mlp => self.d_chain(
                DiscriminatorBody::Mlp(MlpDiscriminator { units, layers, norm, hidden, dropout }),
                GeneratorBody::Mlp(mlp_generator(&network, 0.0)),
            ),
            Family::Dcgan => self.d_chain(
                DiscriminatorBody::Dcgan(DcganDiscriminator { channels, dense, stages, attention, norm, dropout }),
                GeneratorBody::Dcgan(self.dcgan_generator(&network, 0.0)),
            ),
            Family::Resnet => self.d_chain(
                DiscriminatorBody::Resnet(ResnetDiscriminator { channels, blocks }),
                GeneratorBody::Resnet(self.resnet_generator(&network, 0.0)),
            ),
            Family::Growing => DiscriminatorArchitecture::Growing(GrowingNetwork { channels }),
            Family::Style => DiscriminatorArchitecture::Style(StyleDiscriminator { channels, dense, norm, dropout }),
        };
        DiscriminatorSpec {
            init: self.init,
            input: DiscriminatorInput {
                shape: self.shape().dims(),
                planes: self.d_planes(),
                condition: self.code().d_condition_width(),
                batch_feature,
            },
            outputs: self.d_outputs(),
            architecture,
        }
    }

    /// A discriminator of one list of layers, which `decoder` follows, with as many features as z has, if it is an
    /// autoencoder. Not bounded, so that the network is piecewise linear, as exact penalties need.
    fn d_chain(&self, body: DiscriminatorBody, decoder: GeneratorBody) -> DiscriminatorArchitecture {
        let autoencoder = self.discriminator.form == DiscriminatorType::Autoencoder;
        DiscriminatorArchitecture::Chain(DiscriminatorChain {
            body,
            coupled: self.condition.condition == Condition::Coupled,
            decoder: autoencoder.then_some(Decoder { features: self.latent_dim, body: decoder }),
        })
    }
}

fn mlp_generator(network: &NetworkSpec, noise: f64) -> MlpGenerator {
    let NetworkSpec { units, layers, norm, .. } = *network;
    MlpGenerator { units, layers, norm, noise }
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
