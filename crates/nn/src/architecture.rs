//! What a network is to be: the specifications from which [`Plan`]s are built. A specification holds sizes and choices
//! of one network and nothing else of a run; those of an architecture alone stand in its file.

use super::chain::{DiscriminatorChain, GeneratorChain};
use super::growing::{self, GrowingNetwork, Stage};
use super::style::{self, StyleDiscriminator, StyleGenerator};
use super::{DiscriminatorInput, Initialiser, Plan};

/// The generator: what every architecture has, and the architecture with what it alone needs.
#[derive(Debug, Clone, PartialEq)]
pub struct GeneratorSpec {
    pub init: Initialiser,
    /// Length of z.
    pub latent: usize,
    /// Length of an input row: z and the code.
    pub inputs: usize,
    /// Shape of a sample: channels, height, width. Points have their coordinates as channels.
    pub shape: [usize; 3],
    pub architecture: GeneratorArchitecture,
}

/// The architecture of a generator.
#[derive(Debug, Clone, PartialEq)]
pub enum GeneratorArchitecture {
    Chain(GeneratorChain),
    Growing(GrowingNetwork),
    Style(StyleGenerator),
}

/// The discriminator: what every architecture has, and the architecture with what it alone needs.
#[derive(Debug, Clone, PartialEq)]
pub struct DiscriminatorSpec {
    pub init: Initialiser,
    /// What an input row holds.
    pub input: DiscriminatorInput,
    /// Length of an output row: the logit and the auxiliary head.
    pub outputs: usize,
    pub architecture: DiscriminatorArchitecture,
}

/// The architecture of a discriminator.
#[derive(Debug, Clone, PartialEq)]
pub enum DiscriminatorArchitecture {
    Chain(DiscriminatorChain),
    Growing(GrowingNetwork),
    Style(StyleDiscriminator),
}

impl Plan {
    /// The generator: z and code `[n, inputs]` -> samples `[n, values]`, in [-1, 1] where they are bounded.
    pub fn generator(spec: &GeneratorSpec) -> Self {
        Self::generator_in(spec, Stage::LAST)
    }

    /// The generator in a stage of progressive growing: the weights are the same, the active layers differ.
    pub fn generator_in(spec: &GeneratorSpec, stage: Stage) -> Self {
        let GeneratorSpec { init, latent, inputs, shape, .. } = *spec;
        match &spec.architecture {
            GeneratorArchitecture::Chain(chain) => chain.plan(init, [latent, inputs], shape),
            GeneratorArchitecture::Growing(network) => growing::generator(network, init, inputs, shape, stage),
            GeneratorArchitecture::Style(network) => style::generator(network, init, [latent, inputs], shape),
        }
    }

    /// The discriminator: rows of `planes` samples, `[n, planes * values]` -> logit and auxiliary outputs, `[n,
    /// outputs]`.
    pub fn discriminator(spec: &DiscriminatorSpec) -> Self {
        Self::discriminator_in(spec, Stage::LAST)
    }

    /// The discriminator in a stage of progressive growing.
    pub fn discriminator_in(spec: &DiscriminatorSpec, stage: Stage) -> Self {
        let DiscriminatorSpec { init, input, outputs, .. } = *spec;
        match &spec.architecture {
            DiscriminatorArchitecture::Chain(chain) => chain.plan(init, input, outputs),
            DiscriminatorArchitecture::Growing(network) => growing::discriminator(network, init, input, outputs, stage),
            DiscriminatorArchitecture::Style(network) => style::discriminator(network, init, input, outputs),
        }
    }
}
