//! An autoencoder as discriminator (Zhao et al. 2017, EBGAN; Berthelot et al. 2017, BEGAN): it compresses an image to
//! the dimension of z and reconstructs it; its output is minus the reconstruction error.
//!
//! The encoder is the architecture's discriminator, the decoder its generator with D's widths. BEGAN's networks have
//! ELUs; these have the activations of their architecture. The output has no tanh, so that the network is piecewise
//! linear, as exact penalties need.

use super::builder::Builder;
use super::layers::{Fork, NegReconstructionError};
use super::plan::{build_discriminator, build_generator};
use super::{DiscriminatorSpec, GeneratorSpec};

/// Encoder and decoder. The decoder has no noise, no code and no activation at its output.
pub fn discriminator(net: Builder, spec: &DiscriminatorSpec, decoder: &GeneratorSpec) -> Builder {
    let net = build_discriminator(net.layer(Fork), spec, decoder.inputs);
    build_generator(net.hidden(), decoder).layer(NegReconstructionError)
}
