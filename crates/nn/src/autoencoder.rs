//! An autoencoder as discriminator (Zhao et al. 2017, EBGAN; Berthelot et al. 2017, BEGAN): it compresses an image to
//! the dimension of z and reconstructs it; its output is minus the reconstruction error.
//!
//! The encoder is the architecture's discriminator, the decoder its generator with D's widths. BEGAN's networks have
//! ELUs; these have the activations of their architecture. The output has no tanh, so that the network is piecewise
//! linear, as exact penalties need.

use burn::tensor::Tensor;
use counterfeit_kernels as kernels;

use super::builder::Builder;
use super::plan::{build_discriminator, build_generator};
use super::{DiscriminatorSpec, GeneratorSpec, Layer};

/// Encoder and decoder. The decoder has no noise, no code and no activation at its output.
pub fn discriminator(net: Builder, spec: &DiscriminatorSpec, decoder: &GeneratorSpec) -> Builder {
    let net = build_discriminator(net.layer(Layer::Fork), spec, decoder.inputs);
    build_generator(net.hidden(), decoder).layer(Layer::NegReconstructionError)
}

/// Minus the mean absolute error per pixel, `[n, 1]`, from images and their reconstructions, both `[n, pixels]`.
pub fn neg_reconstruction_error(image: Tensor<2>, drawn: Tensor<2>) -> Tensor<2> {
    kernels::mean_rows((image - drawn).abs()).neg()
}

/// The tangent of this, `[n, 1]`, for the tangents `[of_image, of_drawn]` of both, `[n, pixels]` each.
pub fn neg_reconstruction_error_tangent(
    image: Tensor<2>,
    drawn: Tensor<2>,
    [of_image, of_drawn]: [Tensor<2>; 2],
) -> Tensor<2> {
    let above = (image - drawn).greater_elem(0.0).float().cast(of_image.dtype());
    let sign = above.mul_scalar(2.0).sub_scalar(1.0);
    kernels::mean_rows((of_drawn - of_image) * sign)
}
