//! An autoencoder as discriminator (Zhao et al. 2017, EBGAN; Berthelot et al. 2017, BEGAN): it compresses an image to
//! the dimension of z and reconstructs it; its output is minus the reconstruction error.
//!
//! The encoder is the architecture's discriminator, the decoder its generator with D's widths. BEGAN's networks have
//! ELUs; these have the activations of their architecture. The output has no tanh, so that the network is piecewise
//! linear, as exact penalties need.

use super::body::{DiscriminatorBody, GeneratorBody};
use super::builder::Builder;
use super::layers::{Fork, NegReconstructionError};
use super::{DiscriminatorInput, Samples};

/// The second half of an autoencoder: features -> samples.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoder {
    pub features: usize,
    pub body: GeneratorBody,
}

/// Encoder and decoder. The decoder has no noise, no code and no activation at its output.
pub fn discriminator(net: Builder, encoder: &DiscriminatorBody, of: DiscriminatorInput, decoder: &Decoder) -> Builder {
    let net = encoder.append(net.layer(Fork), of, decoder.features);
    let to = Samples { shape: of.shape, domains: None };
    decoder.body.append(net.hidden(), decoder.features, to, false).layer(NegReconstructionError)
}
