//! A run: the trainer of the crate `gan`, with the configuration that says what to train.

use std::ops::Deref;

use burn::tensor::Device;
use counterfeit_gan::run_state::RunState;
use counterfeit_gan::trainer as gan;

use crate::config::Experiment;
use crate::error::Result;
use crate::nn::NetworkId;
use crate::saved_run;
pub use gan::{Minibatch, Moment, NotEnoughData, Observer, Source, StepKind, StepRecord};

/// A configuration and its training. A clone is a cheap checkpoint.
#[derive(Clone)]
pub struct Trainer {
    config: Experiment,
    training: gan::Trainer,
}

impl Trainer {
    /// Creates a run at step 0 on `device` (without autodiff). It trains on the first `config.train_images` of `images`
    /// samples.
    pub fn new(config: Experiment, images: usize, device: &Device) -> Self {
        let spec = config.training();
        let state = RunState::new(&spec, images, device);
        Self { training: gan::Trainer::new(spec, state, device), config }
    }

    /// Calls `observer`, if any, when an update begins and ends.
    pub fn observe(&mut self, observer: Option<Observer>) {
        self.training.observe(observer);
    }

    /// Continues a run that [`Trainer::save`] wrote, with the same `images` samples. On the same device it goes on bit
    /// for bit.
    pub fn resume(file: &[u8], images: usize, device: &Device) -> Result<Self> {
        let (config, state) = saved_run::load(file, images, device)?;
        Ok(Self { training: gan::Trainer::new(config.training(), state, device), config })
    }

    /// The run as the bytes of a file: see [`crate::saved_run`].
    pub async fn save(&self) -> Result<Vec<u8>> {
        saved_run::save(&self.config, self.spec(), self.state()).await
    }

    /// Names and shapes of the tensors of its state.
    pub fn tensors(&self) -> Vec<(String, Vec<usize>)> {
        saved_run::tensors(self.spec(), self.state())
    }

    /// Queues one step: see [`gan::Trainer::step`].
    pub fn step<'a>(&mut self, data: impl Into<Source<'a>>, kind: StepKind) -> Result<StepRecord> {
        Ok(self.training.step(data, kind)?)
    }

    /// The minibatch that the next step of a network will use: see [`gan::Trainer::peek`].
    pub fn peek<'a>(&self, data: impl Into<Source<'a>>, id: NetworkId) -> Result<Minibatch> {
        Ok(self.training.peek(data, id)?)
    }

    pub fn config(&self) -> &Experiment {
        &self.config
    }

    /// Changes settings that may change during a run, from the next step on.
    pub fn update(&mut self, next: Experiment) -> Result<()> {
        self.config = self.config.change_to(next)?;
        self.training.update(self.config.training());
        Ok(())
    }

    /// Switches from the kernels to plain tensor operations, to compare both.
    pub fn use_plain_operations(&mut self) {
        self.training.use_plain_operations();
    }
}

impl Deref for Trainer {
    type Target = gan::Trainer;

    fn deref(&self) -> &gan::Trainer {
        &self.training
    }
}
