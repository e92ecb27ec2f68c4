//! The messages from the core to the page: plain data.

use serde::Serialize;

use crate::data::{SampleShape, Space};
use crate::finite::What;
use crate::loss::{Algorithm, Output, Reference};
use crate::nn::NetworkId;

/// Losses and mean outputs of consecutive steps, one entry per step; None if a network was not updated.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct Metrics {
    pub step: Vec<u32>,
    pub d_loss: Vec<Option<f32>>,
    pub g_loss: Vec<Option<f32>>,
    /// Mean of D(x) over the batch.
    pub d_real: Vec<Option<f32>>,
    /// Mean of D(G(z)) over the batch.
    pub d_fake: Vec<Option<f32>>,
    /// Mean cross-entropy -log Q(class | G(z)) over the batch, if D has an auxiliary head.
    pub entropy: Vec<Option<f32>>,
}

impl Metrics {
    /// Keeps the first `steps`.
    pub fn truncate(&mut self, steps: usize) {
        self.step.truncate(steps);
        for curve in [&mut self.d_loss, &mut self.g_loss, &mut self.d_real, &mut self.d_fake, &mut self.entropy] {
            curve.truncate(steps);
        }
    }
}

/// A grid of images.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct Samples {
    /// Step of the run.
    pub step: u32,
    /// Shape of an image.
    pub shape: SampleShape,
    /// Number of images in a row of the grid.
    pub columns: usize,
    /// Image by image, channel by channel, one byte a value.
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Uint8Array<ArrayBuffer>"))]
    pub pixels: Vec<u8>,
    /// D's output for each image, a probability if D has logits.
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Float32Array"))]
    pub scores: Vec<f32>,
    /// Class or code of each image; empty without conditioning, and for real images.
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Uint8Array"))]
    pub classes: Vec<u8>,
    /// G's input, noise and code, image by image; empty for real images.
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Float32Array"))]
    pub z: Vec<f32>,
}

/// A value stopped being finite.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct Divergence {
    /// The network in whose update the first non-finite value appeared.
    pub network: NetworkId,
    pub step: u32,
    pub what: What,
    /// For a loss `NaN`, `inf` or `-inf`, as text, because JSON has none of them; otherwise `not finite`.
    pub value: String,
    /// The network that caused it, whose learning rate should be lowered. The non-finite value often appears in the
    /// other network first.
    pub cause: NetworkId,
}

/// The result of a batch of steps. Steps after a divergence are left out.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct Report {
    pub metrics: Metrics,
    pub divergence: Option<Divergence>,
}

/// Properties of a new run.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct RunInfo {
    pub g_parameters: usize,
    pub d_parameters: usize,
    pub references: Vec<Reference>,
    /// Meaning of D's output.
    pub output: Output,
    /// A sentence about D's output and the losses at equilibrium.
    pub equilibrium: String,
    /// Its updates in words.
    pub algorithm: Algorithm,
    /// Number of styles of a style generator, one per modulated layer; 0 for others.
    pub styles: usize,
    /// Type of its samples.
    pub space: Space,
}
