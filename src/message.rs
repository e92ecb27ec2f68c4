//! What the core tells the page: plain data, one tagged enum for things that happen by themselves.

use serde::{Deserialize, Serialize};

use crate::data::Space;
use crate::finite::What;
use crate::loss::{Output, Reference};
use crate::trainer::Trainer;

/// One of the two networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NetworkId {
    Generator,
    Discriminator,
}

/// The numbers of consecutive steps, one entry a step; None where a network did not play.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Metrics {
    pub step: Vec<u32>,
    pub d_loss: Vec<Option<f32>>,
    pub g_loss: Vec<Option<f32>>,
    /// Mean of D(x) over the batch.
    pub d_real: Vec<Option<f32>>,
    /// Mean of D(G(z)) over the batch.
    pub d_fake: Vec<Option<f32>>,
    /// Mean -log Q(class | G(z)) over the batch, where D names classes or codes.
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
pub struct Samples {
    /// Steps trained when it was made.
    pub step: u32,
    /// Images in a row of it.
    pub columns: usize,
    /// 784 bytes an image.
    pub pixels: Vec<u8>,
    /// D's probability that each is genuine.
    pub scores: Vec<f32>,
    /// The class or code that each was asked for; empty where there is none, and for real images.
    pub classes: Vec<u8>,
    /// What G was given, noise and code of one image after another; empty for real images.
    pub z: Vec<f32>,
}

/// Something stopped being a finite number.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Divergence {
    /// The network in whose update it showed first.
    pub network: NetworkId,
    pub step: u32,
    pub what: What,
    /// Of a loss `NaN`, `inf` or `-inf`, as text, because JSON has none of them; `not finite` of all else.
    pub value: String,
    /// The network to blame, whose learning rate is the one to lower: a broken network often shows first in the other one.
    pub cause: NetworkId,
}

/// What the page gets for a batch of steps. Steps after a divergence have no numbers: what they would show is no training.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    pub metrics: Metrics,
    pub divergence: Option<Divergence>,
}

/// What a new run is made of.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunInfo {
    pub g_parameters: usize,
    pub d_parameters: usize,
    pub references: Vec<Reference>,
    /// What D's output means.
    pub output: Output,
    /// What D says where it cannot tell, and what the losses then are.
    pub equilibrium: String,
    /// Styles of a style generator, one a layer that has one; 0 for others.
    pub styles: usize,
    /// What its samples are.
    pub space: Space,
}

impl RunInfo {
    pub fn of(trainer: &Trainer) -> Self {
        let config = trainer.config();
        Self {
            g_parameters: trainer.generator().plan.weights.count(),
            d_parameters: trainer.discriminator().plan.weights.count(),
            references: config.objective.references(config.real_target),
            output: config.objective.loss().output,
            equilibrium: config.objective.equilibrium(config.real_target),
            styles: trainer.generator().plan.styles(),
            space: config.data.space(),
        }
    }
}
