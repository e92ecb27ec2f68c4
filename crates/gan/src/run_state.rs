//! The state of a run: what training carries from one step to the next. Everything else of a run follows from its
//! specification, its data and the step.

use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};
use counterfeit_data::Sampler;
use counterfeit_nn::{Network, Plan, Stage};
use counterfeit_random::{Random, Stream};

use crate::growth::Growth;
use crate::loss::LossState;
use crate::optim::Optimizer;
use crate::spec::TrainingSpec;
use crate::state::Visitor;
use crate::tricks::{Start, States};

/// Networks, optimizers, the states of loss and tricks, and the step. A clone is a cheap checkpoint on the device,
/// because tensors are immutable and shared.
#[derive(Debug, Clone)]
pub struct RunState {
    pub(crate) generator: Network,
    pub(crate) discriminator: Network,
    /// EMA of the generator: see [`crate::tricks::ema`].
    pub(crate) averaged: Network,
    pub(crate) g_optimizer: Optimizer,
    pub(crate) d_optimizer: Optimizer,
    pub(crate) loss: LossState,
    pub(crate) tricks: States,
    /// Stage of progressive growing, which selects the active layers. It follows from the step.
    pub(crate) stage: Stage,
    pub(crate) sampler: Sampler,
    /// Steps so far.
    pub(crate) steps: u32,
}

impl RunState {
    /// The state before the first step, on `samples` samples.
    pub fn new(spec: &TrainingSpec, samples: usize, device: &Device) -> Self {
        let stage = spec.growth(1).map_or(Stage::LAST, |growth| growth.stage);
        let [g, d] = plans(spec, stage);
        let generator = Network::new(g, &mut Random::new(spec.seed, Stream::GeneratorWeights), device);
        let discriminator = Network::new(d, &mut Random::new(spec.seed, Stream::DiscriminatorWeights), device);
        let weights = [&generator.weights, &discriminator.weights];
        Self {
            g_optimizer: Optimizer::new(spec.g_optimizer.method, &generator.weights),
            d_optimizer: Optimizer::new(spec.d_optimizer.method, &discriminator.weights),
            loss: LossState::new(device),
            tricks: spec.tricks.start(&Start { weights, batch: [spec.batch, spec.shape.values()], device }),
            stage,
            sampler: Sampler::new(spec.seed, samples.min(spec.samples)),
            steps: 0,
            averaged: generator.clone(),
            generator,
            discriminator,
        }
    }

    /// The state that a visitor restores, on `samples` samples.
    pub fn restored(spec: &TrainingSpec, samples: usize, device: &Device, visitor: &mut impl Visitor) -> Self {
        let mut state = Self::new(spec, samples, device);
        state.visit(spec, visitor);
        if let Some(growth) = spec.growth(state.steps.max(1)) {
            state.enter(spec, growth.stage);
            state.blend(Some(growth), |alpha| Tensor::from_data(TensorData::from([alpha]), device));
        }
        state
    }

    /// Visits every number and every tensor, by its name.
    pub fn visit(&mut self, spec: &TrainingSpec, visitor: &mut impl Visitor) {
        visitor.number("steps", &mut self.steps);
        let (mut samples, mut drawn) = (self.sampler.total(), self.sampler.drawn());
        visitor.number("samples", &mut samples);
        visitor.number("drawn", &mut drawn);
        if drawn != self.sampler.drawn() {
            self.sampler = Sampler::resume(spec.seed, self.sampler.total(), drawn);
        }
        let networks = self.networks().into_iter().zip(["generator", "discriminator", "averaged"]);
        for (network, name) in networks {
            visitor.tensor(&format!("{name}.weights"), &mut network.weights);
            if let Some(statistics) = &mut network.statistics {
                visitor.tensor(&format!("{name}.statistics"), statistics);
            }
        }
        let mut progress = [&self.g_optimizer, &self.d_optimizer].map(Optimizer::progress);
        visitor.number("optimizers", &mut progress);
        for (optimizer, progress) in [&mut self.g_optimizer, &mut self.d_optimizer].into_iter().zip(progress) {
            optimizer.resume(progress);
        }
        self.g_optimizer.visit("generator", visitor);
        self.d_optimizer.visit("discriminator", visitor);
        self.tricks.visit(visitor);
        self.loss.visit(visitor);
    }

    /// Number of samples that the run trains on.
    pub fn samples(&self) -> usize {
        self.sampler.total()
    }

    /// Activates the layers of a stage.
    pub(crate) fn enter(&mut self, spec: &TrainingSpec, stage: Stage) {
        let [g, d] = plans(spec, stage).map(Arc::new);
        (self.generator.plan, self.averaged.plan, self.discriminator.plan) = (g.clone(), g, d);
        self.stage = stage;
    }

    /// Gives all networks the weight of their newest layers, as a tensor `[1]` or longer, while these fade in.
    pub(crate) fn blend(&mut self, growth: Option<Growth>, alpha: impl FnOnce(f32) -> Tensor<1>) {
        let alpha = growth.filter(|growth| growth.stage.fading).map(|growth| alpha(growth.alpha));
        self.networks().into_iter().for_each(|network| network.blend = alpha.clone());
    }

    /// G, D and the EMA of G.
    pub(crate) fn networks(&mut self) -> [&mut Network; 3] {
        [&mut self.generator, &mut self.discriminator, &mut self.averaged]
    }
}

/// The generator's and the discriminator's plan at a stage.
fn plans(spec: &TrainingSpec, stage: Stage) -> [Plan; 2] {
    [Plan::generator_in(&spec.generator, stage), Plan::discriminator_in(&spec.discriminator, stage)]
}
