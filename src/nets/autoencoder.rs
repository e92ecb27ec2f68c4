//! A discriminator that redraws what it sees (Zhao et al. 2017, EBGAN; Berthelot et al. 2017, BEGAN): it takes an image down to as many
//! numbers as z has and draws it again from them, and its verdict is how well that went.
//!
//! Down go the layers of the family's own discriminator, up those of its generator in D's widths. BEGAN's networks have ELUs; these have
//! what their families have. Nothing bounds the pixels at the end, so that the slope stays constant in pieces, as an exact penalty needs.

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

/// Minus the mean absolute difference of the pixels: from images and what was drawn of them, both `[n, pixels]`, `[n, 1]`.
pub fn neg_reconstruction_error(image: Tensor<2>, drawn: Tensor<2>) -> Tensor<2> {
    (image - drawn).abs().mean_dim(1).neg()
}

/// How the likeness changes, `[n, 1]`, where the two change along `[of_image, of_drawn]`, all `[n, pixels]`.
pub fn neg_reconstruction_error_tangent(image: Tensor<2>, drawn: Tensor<2>, [of_image, of_drawn]: [Tensor<2>; 2]) -> Tensor<2> {
    let above = (image - drawn).greater_elem(0.0).float().cast(of_image.dtype());
    let sign = above.mul_scalar(2.0).sub_scalar(1.0);
    ((of_drawn - of_image) * sign).mean_dim(1)
}
