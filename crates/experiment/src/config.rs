//! The configuration of a run, [`RunConfig`]: every setting with its default and metadata, here or in the specification
//! of the part that has it. The form is in `form.rs`, invalid combinations in `combinations.rs`, what a configuration
//! stands for in `specs.rs`.
//!
//! The default is a DCGAN small enough to generate digits within three minutes on a CPU. Momentum, initialisation, leaky
//! ReLU slope and normalisation are the paper's (Radford et al. 2016, sections 3 and 4); the fully connected layers
//! are those of InfoGAN for MNIST (Chen et al. 2016, appendix C.1). Channels, units and batch size are a quarter of
//! theirs, for speed. Without the fully connected layers, at half these learning rates, 3,000 steps gave a Fréchet
//! distance of 9.9 instead of 0.7 (seed 7); then 32 channels gave 9.2, and a batch of 64 gave 9.1. The learning rates
//! are above InfoGAN's (2e-4 and 1e-3), which small networks allow; `bench/quality.json` has the results.

mod choices;
mod combinations;
mod form;
mod networks;
mod specs;

pub use choices::{Attention, DiscriminatorType};
pub use form::{fields, refusal};
pub use networks::{DiscriminatorConfig, GeneratorConfig};

use counterfeit_data::{DataSet, DensityShape, IMAGE_SETS};
use counterfeit_gan::condition::ConditionSpec;
use counterfeit_gan::growth::GrowthSpec;
pub use counterfeit_gan::loss::GeneratorLoss;
use counterfeit_gan::loss::{LossSpec, PenaltySpec};
use counterfeit_gan::tricks::Tricks;
pub use counterfeit_nn::{BatchFeature, Family, HiddenUnit, Initialiser, NetworkSpec, Norm, Upsampling};
use counterfeit_random::Prior;
use counterfeit_spec::{self as spec, Spec};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Error, Result};

/// A configuration with some settings changed: `config! { batch: 16, tricks.flip.share: 0.1, ..base }`. Without a base
/// they are changed from the default.
#[macro_export]
macro_rules! config {
    ($($($name:ident).+ : $value:expr),* $(,)?) => {
        $crate::config! { $($($name).+ : $value,)* ..$crate::config::RunConfig::default() }
    };
    ($($($name:ident).+ : $value:expr,)* ..$base:expr $(,)?) => {{
        let mut config: $crate::config::RunConfig = $base;
        $(config.$($name).+ = $value;)*
        config
    }};
}

/// Keys of the image data sets.
fn images() -> Vec<&'static str> {
    IMAGE_SETS.iter().map(|spec| spec.key).collect()
}

/// All settings of a run, each with its label, unit, range, help and source. Equal configurations give equal runs.
///
/// A setting that does not apply (`only`) has no effect: [`RunConfig::validate`] gives it the default of its data set.
/// Files and addresses have the settings as a flat list by key.
#[derive(Debug, Clone, PartialEq, Spec)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[cfg_attr(not(target_arch = "wasm32"), ts(rename = "Config", type = "Record<string, string | number>"))]
pub struct RunConfig {
    /// Where real samples come from, p_data: images, points in the plane, or numbers on a line.
    #[setting(label = "Data set", default = DataSet::Mnist, source = "see the picker")]
    pub data: DataSet,
    /// Of toy data, each with its own defaults: see `toy.rs` of the crate `data`.
    #[nested]
    pub density: DensityShape,
    /// Training images in use, in file order, or points drawn from the density. With a thousand images D overfits: its
    /// gradient then only helps G to imitate these.
    #[setting(
        label = "Training samples", default = 60_000, range = 8..=100_000, basic,
        source = "all of them in every paper, PacGAN's 100,000 points; few: Karras et al. 2020 (ADA)",
    )]
    pub train_images: usize,
    /// Samples per minibatch, m in Algorithm 1. Larger batches give less noisy gradients and slower steps.
    #[setting(
        label = "Batch size", default = 32, range = 2..=512, unit = "samples", basic,
        source = "DCGAN uses 128; 32 is faster on a CPU",
    )]
    pub batch: usize,
    /// Seeds the weights, batches and noise: the same seed and settings give the same run.
    #[setting(label = "Seed", default = 7, range = 0..=u32::MAX, basic, source = "ChaCha8, one stream each")]
    pub seed: u32,
    /// Length of the noise vector z that G maps to a sample.
    #[setting(
        label = "Latent dimension", default = 64, range = 1..=512, unit = "dimensions", basic,
        source = "100 in both papers; 64 is enough for digits, 2 for points",
    )]
    pub latent_dim: usize,
    /// The distribution p(z) of the noise.
    #[setting(
        label = "Latent prior", default = Prior::Normal, basic,
        source = "uniform in Goodfellow et al. 2014 and DCGAN; normal: ganhacks 3",
    )]
    pub prior: Prior,
    /// The type of both networks. Convolutions exploit that neighbouring pixels are related. A residual block adds its
    /// output, at first 0, to its input.
    #[setting(
        label = "Architecture", default = Family::Dcgan, basic, only(data = images),
        source = "Radford et al. 2016; Goodfellow et al. 2014; Huang et al. 2024 (R3GAN)",
    )]
    pub family: Family,
    /// Initial weights of both networks. With the equalised learning rate they are drawn from N(0, 1) and multiplied by
    /// He's constant at run time, so that Adam's relative step is equal in all layers. The last layer of a residual
    /// block starts at 0.
    #[setting(
        label = "Weight initialisation", default = Initialiser::Recipe,
        source = "Radford et al. 2016; He et al. 2015; Glorot and Bengio 2010; Saxe et al. 2014; Karras et al. 2018",
    )]
    pub init: Initialiser,
    /// Upsampling stages in G and downsampling stages in D, each by 2: 7, 14, 28 pixels for digits.
    #[setting(
        label = "Stages", default = 2, range = 1..=2, only(family = ["dcgan"]),
        source = "Radford et al. 2016 (DCGAN), section 4",
    )]
    pub stages: usize,
    /// Per network at a quarter and at half of the side.
    #[setting(
        label = "Residual blocks", default = 1, range = 1..=4, only(family = ["resnet"]),
        source = "Huang et al. 2024 (R3GAN)",
    )]
    pub blocks: usize,
    /// A layer at 14x14 that relates distant places, out of a convolution's reach. Its output has a learnt weight that
    /// starts at 0.
    #[setting(
        label = "Self-attention", default = Attention::None, only(family = ["dcgan"]),
        source = "Zhang et al. 2019 (SAGAN)",
    )]
    pub attention: Attention,
    #[nested(prefix = "g_")]
    pub generator: GeneratorConfig,
    #[nested(prefix = "d_")]
    pub discriminator: DiscriminatorConfig,
    #[nested]
    pub loss: LossSpec,
    /// D steps before each G step, each on a new minibatch.
    #[setting(
        label = "D steps per G step, k", default = 1, range = 1..=20, live, basic,
        source = "Goodfellow et al. 2014",
    )]
    pub d_steps: usize,
    #[nested]
    pub penalty: PenaltySpec,
    #[nested]
    pub condition: ConditionSpec,
    /// D classifies this many samples jointly, so that it sees when they are alike. Must divide the batch size.
    #[setting(
        label = "PacGAN pack size", default = 1, range = 1..=4, unit = "images",
        source = "Lin et al. 2018 (PacGAN): 2 to 4",
    )]
    pub pack: usize,
    /// Of growing networks.
    #[nested]
    pub growth: GrowthSpec,
    #[nested]
    pub tricks: Tricks,
}

impl Serialize for RunConfig {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        spec::serialize(self, fields(), serializer)
    }
}

impl<'de> Deserialize<'de> for RunConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut config = Self::default();
        spec::deserialize(&mut config, fields(), deserializer)?;
        Ok(config)
    }
}

impl RunConfig {
    /// Checks every setting by its metadata, and their combinations. An [`Experiment`] can always be built. In it, what
    /// does not apply has the default of its data set.
    pub fn validate(self) -> Result<Experiment> {
        self.check_ranges()?;
        // Before the architecture of points, which is given, takes the place of another.
        self.check_points()?;
        let applicable = self.clone().applicable();
        applicable.check_combinations()?;
        Ok(Experiment { given: self, applicable })
    }

    /// Checks each setting against its own range.
    pub fn check_ranges(&self) -> Result<()> {
        let values = spec::values(self);
        fields().iter().try_for_each(|field| field.check(values[field.place])).map_err(Error::Setting)
    }

    /// With the default of the data set in place of every setting that does not apply.
    fn applicable(mut self) -> Self {
        let [values, defaults] = [&self, &Self::on(self.data)].map(|config| spec::values(config));
        for field in fields().iter().filter(|field| !spec::applies(field, fields(), &values)) {
            // The default has the type of the setting.
            let _ = spec::assign(&mut self, field, defaults[field.place]);
        }
        self
    }
}

/// A configuration that has passed [`RunConfig::validate`]. It is read with the defaults in place of what does not apply;
/// [`Experiment::given`] has that too.
#[derive(Debug, Clone, PartialEq)]
pub struct Experiment {
    given: RunConfig,
    applicable: RunConfig,
}

impl std::ops::Deref for Experiment {
    type Target = RunConfig;

    fn deref(&self) -> &RunConfig {
        &self.applicable
    }
}

impl Experiment {
    /// The configuration as it was given, for files: a form shows again what did not apply.
    pub fn given(&self) -> &RunConfig {
        &self.given
    }

    /// Returns `next` if it differs from `self` in live settings only, which may change during a run.
    pub fn change_to(&self, next: Experiment) -> Result<Experiment> {
        match spec::difference(&self.applicable, &next.applicable, fields(), |field| !field.live) {
            Some(field) => Err(Error::NeedsRestart { key: field.key, label: field.label }),
            None => Ok(next),
        }
    }
}

#[cfg(test)]
mod tests;
