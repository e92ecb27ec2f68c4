//! The classifier of the metrics: of the size of LeNet-5 (LeCun et al. 1998), with the strided convolutions that have
//! kernels.

use super::builder::Builder;
use super::layers::{Relu, ToFlat, ToImage};
use super::{Init, Plan};

/// Dimension of the features: small, because the bias of the Fréchet distance grows with its square.
pub const FEATURES: usize = 64;
/// Channels at 14x14 and at 7x7: as many as half precision fits into 500 KB.
const CHANNELS: [usize; 2] = [32, 64];
/// Side of the grey images that it classifies.
pub const SIDE: usize = 28;
/// Values of such an image.
pub const PIXELS: usize = SIDE * SIDE;
/// Their channels, height and width.
pub const SHAPE: [usize; 3] = [1, SIDE, SIDE];
/// Classes that it tells apart: those of MNIST and of Fashion-MNIST.
pub const CLASSES: usize = 10;

/// He et al. 2015: keeps the variance through a rectifier.
fn he(inputs: usize) -> Init {
    Init::Normal { mean: 0.0, std: (2.0 / inputs as f32).sqrt() }
}

/// Images `[n, 784]` in [-1, 1] -> features `[n, 64]`, at least 0. `dropout` is for training.
pub fn features(dropout: f64) -> Plan {
    features_of(SHAPE, dropout)
}

/// The same for images of another shape, `[n, values]`, whose side four divides.
pub fn features_of(shape: [usize; 3], dropout: f64) -> Plan {
    let [channels, height, width] = shape;
    // Values that the second convolution leaves.
    let flat = CHANNELS[1] * height * width / 16;
    Builder::default()
        .layer(ToImage(shape))
        .conv_down(channels, CHANNELS[0], he(16 * channels), true)
        .layer(Relu)
        .conv_down(CHANNELS[0], CHANNELS[1], he(16 * CHANNELS[0]), true)
        .layer(Relu)
        .layer(ToFlat)
        .dropout(dropout, flat)
        .linear(flat, FEATURES, he(flat), true)
        .layer(Relu)
        .build()
}

/// Features `[n, 64]` -> logits of the ten classes `[n, 10]`.
pub fn head(dropout: f64) -> Plan {
    Builder::default().dropout(dropout, FEATURES).linear(FEATURES, CLASSES, he(FEATURES), true).build()
}
