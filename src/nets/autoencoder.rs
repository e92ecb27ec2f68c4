//! An autoencoder as discriminator (Zhao et al. 2017, EBGAN; Berthelot et al. 2017, BEGAN): it compresses an image to
//! the dimension of z and reconstructs it; its output is minus the reconstruction error.
//!
//! The encoder is the architecture's discriminator, the decoder its generator with D's widths. BEGAN's networks have
//! ELUs; these have the activations of their architecture. The output has no tanh, so that the network is piecewise
//! linear, as exact penalties need.

use burn::tensor::Tensor;

use super::Layer;
use super::builder::Builder;
use super::plan::{build_discriminator, build_generator};
use crate::condition::Condition;
use crate::config::RunConfig;

pub fn discriminator(net: Builder, config: &RunConfig) -> Builder {
    let up = RunConfig {
        g_units: config.d_units,
        g_layers: config.d_layers,
        g_channels: config.d_channels,
        g_dense: config.d_dense,
        g_norm: config.d_norm,
        g_noise: 0.0,
        condition: Condition::None,
        ..config.clone()
    };
    let net = build_discriminator(net.layer(Layer::Fork), config, config.latent_dim);
    build_generator(net.hidden(), &up, None).layer(Layer::NegReconstructionError)
}

/// Minus the mean absolute error per pixel, `[n, 1]`, from images and their reconstructions, both `[n, pixels]`.
pub fn neg_reconstruction_error(image: Tensor<2>, drawn: Tensor<2>) -> Tensor<2> {
    (image - drawn).abs().mean_dim(1).neg()
}

/// The tangent of this, `[n, 1]`, for the tangents `[of_image, of_drawn]` of both, `[n, pixels]` each.
pub fn neg_reconstruction_error_tangent(
    image: Tensor<2>,
    drawn: Tensor<2>,
    [of_image, of_drawn]: [Tensor<2>; 2],
) -> Tensor<2> {
    let above = (image - drawn).greater_elem(0.0).float().cast(of_image.dtype());
    let sign = above.mul_scalar(2.0).sub_scalar(1.0);
    ((of_drawn - of_image) * sign).mean_dim(1)
}
