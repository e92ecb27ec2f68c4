//! Networks as lists of layers over one flat parameter vector. `mlp.rs`, `dcgan.rs` and `resnet.rs` build the lists
//! from `layers/`, and `bound.rs` runs them.
//!
//! A [`Plan`] is the shape of a network: it holds no tensors and can be drawn or counted. A [`Network`] adds the
//! parameters on a device: one vector for the weights, one for the running statistics, so that an optimizer or a
//! comparison is one operation.

mod architecture;
mod autoencoder;
mod body;
mod bound;
mod builder;
mod chain;
mod dcgan;
mod graph;
mod growing;
mod init;
pub mod layers;
pub mod lenet;
mod mlp;
mod plan;
mod resnet;
mod scale;
mod signal;
mod spec;
pub mod style;
mod tangent;

use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};
use counterfeit_kernels::Update;
use counterfeit_random::Random;
use serde::{Deserialize, Serialize};

use scale::Scaled;
use style::Styling;

pub use architecture::{DiscriminatorArchitecture, DiscriminatorSpec, GeneratorArchitecture, GeneratorSpec};
pub use autoencoder::Decoder;
pub use body::{DiscriminatorBody, GeneratorBody};
pub use bound::BoundNetwork;
pub use builder::Builder;
pub use chain::{DiscriminatorChain, GeneratorChain};
pub use counterfeit_kernels::Operations;
pub use dcgan::{DcganDiscriminator, DcganGenerator};
pub use graph::constant_for;
pub use growing::{GrowingNetwork, Stage, faded};
pub use init::{Init, Initialiser};
pub use layers::{DOMAINS, Layer, Module, Pass};
pub use mlp::{MlpDiscriminator, MlpGenerator};
pub use plan::{Layout, Plan, Scale, Slot};
pub use resnet::{ResnetDiscriminator, ResnetGenerator};
pub use signal::Signal;
pub use spec::{
    BatchFeature, DiscriminatorInput, DomainHead, Family, HiddenUnit, NetworkSpec, Norm, Samples, Upsampling,
};
pub use style::{StyleDiscriminator, StyleGenerator};
pub use tangent::Tangents;

/// One of the two networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub enum NetworkId {
    Generator,
    Discriminator,
}

/// How a forward pass treats layers that behave differently in training.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Batch statistics, dropout.
    Train,
    /// Running statistics where there are any, no dropout.
    Sample,
}

/// A network with its parameters on a device, outside any autodiff graph.
#[derive(Debug, Clone)]
pub struct Network {
    pub plan: Arc<Plan>,
    /// `[plan.weights.size()]`
    pub weights: Tensor<1>,
    /// `[plan.statistics.size()]`; None where the plan keeps no statistics.
    pub statistics: Option<Tensor<1>>,
    /// What its layers run on.
    pub operations: Operations,
    /// Weight of the newest layers during their fade-in: the first value of this tensor. See `growing.rs`.
    pub blend: Option<Tensor<1>>,
    /// Fixed noise for displayed samples, `[rows, values]`, if the plan has noise layers.
    pub noise: Option<Tensor<2>>,
}

/// Batch statistics of a training pass, from which the running statistics are updated.
#[derive(Debug, Clone)]
pub enum BatchStatistics {
    /// Moments of one batch normalisation layer.
    Moments {
        /// Slot of the running mean; the next slot is the running variance.
        slot: usize,
        /// Flat: mean, padding, biased variance, padding.
        values: Tensor<1>,
        /// Number of values per channel that were averaged.
        count: usize,
    },
    /// New content of a slot: the vector of a spectral normalisation's power iteration, or a running mean that a layer
    /// keeps itself.
    Whole { slot: usize, values: Tensor<1> },
}

impl Network {
    pub fn new(plan: Plan, rng: &mut Random, device: &Device) -> Self {
        let upload = |values: Vec<f32>| {
            let n = values.len();
            Tensor::from_data(TensorData::new(values, [n]), device)
        };
        let weights = upload(plan.weights.initial(rng));
        let statistics = (!plan.statistics.slots.is_empty()).then(|| upload(plan.statistics.initial(rng)));
        let values = plan.noise();
        let noise = (values > 0)
            .then(|| upload((0..style::KEPT * values).map(|_| rng.normal()).collect()).reshape([style::KEPT, values]));
        Self { plan: Arc::new(plan), weights, statistics, operations: Operations::on(device), blend: None, noise }
    }

    /// Binds the weights as constants without an autodiff graph: no gradients.
    pub fn frozen(&self) -> BoundNetwork {
        self.bind(|t| t)
    }

    /// Binds the weights as constants inside an autodiff graph: gradients with respect to the input only.
    pub fn constant(&self) -> BoundNetwork {
        self.bind(Tensor::from_inner)
    }

    /// Binds the weights as leaves of an autodiff graph: gradients with respect to the weights.
    pub fn tracked(&self) -> BoundNetwork {
        self.bind(|t| Tensor::from_inner(t).require_grad())
    }

    /// Updates the running statistics: running <- (1 - momentum) running + momentum batch. Vectors of power iterations
    /// are replaced.
    pub fn update_running_stats(&mut self, batch: Vec<BatchStatistics>, momentum: f64) {
        let Some(mut running) = self.statistics.take() else { return };
        for seen in batch {
            let (slot, values, count) = match seen {
                BatchStatistics::Moments { slot, values, count } => (slot, values, count),
                BatchStatistics::Whole { slot, values } => {
                    running = running.slice_assign([self.plan.statistics.slots[slot].range()], values);
                    continue;
                }
            };
            let slot = &self.plan.statistics.slots[slot];
            let (n, offset, channels) = (count as f64, slot.offset, slot.len());
            // The running variance is unbiased, as in PyTorch.
            let update =
                Update { offset, channels, momentum: momentum as f32, unbiased: (n / (n - 1.0).max(1.0)) as f32 };
            running = self.operations.update_running_stats(running, values, update);
        }
        self.statistics = Some(running);
    }

    /// EMA update of weights and statistics towards those of `target`, which has the same plan: self <- self + rate
    /// (target - self). `rate` is the first value of its tensor.
    pub fn ema_update(&mut self, target: &Network, rate: Tensor<1>) {
        let operations = self.operations;
        let moved = |average: Tensor<1>, target: Tensor<1>| operations.ema_update(average, target, rate.clone());
        // Moved out, so that the CPU kernel is the only owner and updates in place.
        let average = std::mem::replace(&mut self.weights, rate.clone());
        self.weights = moved(average, target.weights.clone());
        if let (Some(average), Some(target)) = (self.statistics.take(), &target.statistics) {
            self.statistics = Some(moved(average, target.clone()));
        }
    }

    fn bind(&self, wrap: impl Fn(Tensor<1>) -> Tensor<1>) -> BoundNetwork {
        let segments = self.plan.segments();
        let leaves: Vec<_> = segments.iter().map(|p| wrap(self.weights.clone().slice([p.clone()]))).collect();
        let Scaled { params, directions } = scale::scaled(&self.plan, &segments, &leaves, self.statistics.as_ref());
        BoundNetwork {
            plan: self.plan.clone(),
            statistics: self.statistics.clone(),
            leaves,
            params,
            directions,
            segments,
            operations: self.operations,
            random: None,
            condition: None,
            features: None,
            forked: Vec::new(),
            batch_statistics: Vec::new(),
            blend: self.blend.clone(),
            noise: self.noise.clone(),
            styling: Styling::default(),
            styles: Vec::new(),
        }
    }
}
