//! Algorithm 1 of Goodfellow et al. 2014: k discriminator updates, then one generator update, each on fresh
//! minibatches.
//!
//! A step queues work on the device and returns tensors. Rendering, waiting, reading back and timing are done
//! elsewhere.

mod draw;
mod updates;

use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use crate::browser::measured;
use crate::config::{Experiment, RunConfig};
use crate::discriminator_call::DiscriminatorCall;
use crate::error::{Error, Result};
use crate::finite::Watch;
use crate::growth::Growth;
use crate::loss::Balance;

use crate::nn::{Network, Stage, faded};
use crate::optim::Optimizer;
use crate::random::StepDraws;
use crate::run_state::RunState;
use crate::tricks::gradient::History;
use crate::upload::Upload;
use draw::DDraw;
pub use draw::{Minibatch, Source};

/// Which networks a step updates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[cfg_attr(not(target_arch = "wasm32"), ts(rename = "Networks"))]
pub enum StepKind {
    Both,
    Discriminator,
    Generator,
}

/// The losses and mean outputs of one step, as tensors on the device. A network that was not updated has None.
#[derive(Debug, Clone)]
pub struct StepRecord {
    /// 1 for the first step of the run.
    pub step: u32,
    /// Number of D steps.
    pub d_updates: usize,
    /// `[3]`: D's loss without its penalty, mean D(x) and mean D(G(z)), all before D's last update.
    pub discriminator: Option<Tensor<1>>,
    /// `[3]`: G's loss, 0, and mean D(G(z)), before G's update.
    pub generator: Option<Tensor<1>>,
    /// `[1]`: mean cross-entropy -log Q(class | G(z)) before G's update, if D has an auxiliary head.
    pub entropy: Option<Tensor<1>>,
}

/// A run: its state, and what that follows from. A clone is a cheap checkpoint.
#[derive(Clone)]
pub struct Trainer {
    config: Experiment,
    device: Device,
    state: RunState,
}

impl Trainer {
    /// Creates a run at step 0 on `device` (without autodiff). It trains on the first `config.train_images` of `images`
    /// samples.
    pub fn new(config: Experiment, images: usize, device: &Device) -> Self {
        Self { state: RunState::new(&config, images, device), device: device.clone(), config }
    }

    /// Continues a run that [`Trainer::save`] wrote, with the same `images` samples. On the same device it goes on bit
    /// for bit.
    pub fn resume(file: &[u8], images: usize, device: &Device) -> Result<Self> {
        let (config, state) = RunState::load(file, images, device)?;
        Ok(Self { config, device: device.clone(), state })
    }

    /// The run as the bytes of a file: see [`crate::run_state`].
    pub async fn save(&self) -> Result<Vec<u8>> {
        self.state.save(&self.config).await
    }

    /// Names and shapes of the tensors of its state.
    pub fn tensors(&self) -> Vec<(String, Vec<usize>)> {
        self.state.tensors()
    }

    /// Queues one step. Returns an error and changes nothing if the images that the step needs have not arrived.
    pub fn step<'a>(&mut self, data: impl Into<Source<'a>>, kind: StepKind) -> Result<StepRecord> {
        let data = data.into();
        let d_updates = if kind == StepKind::Generator { 0 } else { self.config.d_steps };
        self.check_data(data, d_updates, kind != StepKind::Discriminator)?;
        Ok(self.take_step(data, d_updates, kind != StepKind::Discriminator))
    }

    /// Queues one step of a temporary run of the same shape on blank samples, so that the GPU compiles its kernels
    /// before the first real step. Reading the returned record completes when the kernels are ready.
    pub fn rehearse(&self) -> (StepRecord, Watch) {
        let mut stand_in = Self::new(self.config.clone(), self.config.batch, &self.device);
        // One D step is enough: all k run the same kernels.
        (stand_in.take_step(Source::Blank, 1, true), stand_in.watch())
    }

    fn take_step(&mut self, source: Source, d_updates: usize, g_plays: bool) -> StepRecord {
        self.state.steps += 1;
        let growth = self.growth();
        self.enter(growth.map_or(Stage::LAST, |growth| growth.stage));
        // All random numbers and samples of the step are uploaded in one write.
        let (mut upload, mut draws) = (Upload::default(), self.draws());
        let alpha = upload.add(growth.filter(|growth| growth.stage.fading).map(|growth| growth.alpha));
        let d_draws: Vec<DDraw> = (0..d_updates).map(|_| self.draw_for_d(source, &mut draws, &mut upload)).collect();
        let g_draw = g_plays.then(|| self.draw_for_g(source, &mut draws, &mut upload));
        let drawn = upload.send(&self.device);
        let alpha = (!alpha.is_empty()).then(|| drawn.numbers(&alpha));
        self.state.networks().into_iter().for_each(|network| network.blend = alpha.clone());

        let mut record =
            StepRecord { step: self.state.steps, d_updates, discriminator: None, generator: None, entropy: None };
        for draw in d_draws {
            record.discriminator = Some(measured("D step", || self.d_step(&drawn, draw))); // [3]
        }
        if let Some(draw) = g_draw {
            let present = (self.config.unroll > 0).then(|| self.unroll(source, &mut draws));
            let (numbers, entropy) = measured("G step", || self.g_step(&drawn, draw));
            (record.generator, record.entropy) = (Some(numbers), entropy); // [3], [1]
            if let Some(present) = present {
                let RunState { discriminator, d_optimizer, histories, balance, .. } = &mut self.state;
                (*discriminator, *d_optimizer, *histories, *balance) = present;
            }
        }
        record
    }

    /// The random streams of the present step.
    fn draws(&self) -> StepDraws {
        StepDraws::at(self.config.seed, self.state.steps)
    }

    /// Activates the layers of a stage. A new resolution resets both optimizers, as in the authors' code: the new
    /// layers have no moments, and Adam's bias correction at a late step would not compensate for that.
    fn enter(&mut self, stage: Stage) {
        if stage == self.state.stage {
            return;
        }
        if stage.level != self.state.stage.level {
            let RunState { g_optimizer, d_optimizer, .. } = &mut self.state;
            (*g_optimizer, *d_optimizer) = (g_optimizer.anew(), d_optimizer.anew());
        }
        self.state.enter(&self.config, stage);
    }

    /// Blends real images with their lower resolution while a new resolution fades in.
    fn fade_real(&self, x: Tensor<2>) -> Tensor<2> {
        match &self.state.discriminator.blend {
            Some(alpha) => faded(x, self.config.shape().dims(), self.state.stage, alpha.clone()),
            None => x,
        }
    }

    /// Makes `config.unroll` D steps and returns D's state before them. These are the unrolled steps of Metz et al.
    /// 2017, without the gradient through D's updates, which needs second derivatives.
    fn unroll(&mut self, source: Source, draws: &mut StepDraws) -> (Network, Optimizer, Option<[History; 2]>, Balance) {
        let RunState { discriminator, d_optimizer, histories, balance, .. } = self.state.clone();
        // Drawn after D's real steps, because drawing advances the optimizer's update count. It costs unrolled runs a
        // second upload.
        let mut upload = Upload::default();
        let ahead: Vec<DDraw> = (0..self.config.unroll).map(|_| self.draw_for_d(source, draws, &mut upload)).collect();
        let drawn = upload.send(&self.device);
        ahead.into_iter().for_each(|draw| drop(self.d_step(&drawn, draw)));
        (discriminator, d_optimizer, histories, balance)
    }

    /// How this run calls D: conditioning, packing and separate batches.
    pub fn d_call(&self) -> DiscriminatorCall {
        let RunConfig { condition, pack, .. } = *self.config;
        DiscriminatorCall { condition, pack, separate_batches: self.state.discriminator.plan.mixes_batch() }
    }

    fn check_data(&self, data: Source, d_updates: usize, g_plays: bool) -> Result<()> {
        let g_draws = usize::from(g_plays && self.config.g_sees_real());
        let batches = d_updates + g_draws + if g_plays { self.config.unroll } else { 0 };
        let needed = self.state.sampler.needs(batches * self.config.batch);
        let available = data.available(self.config.condition.labelled());
        if needed > available { Err(Error::NotEnoughData { needed, available }) } else { Ok(()) }
    }

    pub fn config(&self) -> &Experiment {
        &self.config
    }

    /// Steps so far.
    pub fn steps(&self) -> u32 {
        self.state.steps
    }

    /// Number of training samples of the run.
    pub fn training_images(&self) -> usize {
        self.state.sampler.total()
    }

    pub fn device(&self) -> &Device {
        &self.device
    }

    pub fn generator(&self) -> &Network {
        &self.state.generator
    }

    /// The EMA of the generator.
    pub fn averaged(&self) -> &Network {
        &self.state.averaged
    }

    pub fn discriminator(&self) -> &Network {
        &self.state.discriminator
    }

    /// Generator and discriminator, each with its optimizer.
    pub fn networks_with_optimizers(&self) -> [(&Network, &Optimizer); 2] {
        [(&self.state.generator, &self.state.g_optimizer), (&self.state.discriminator, &self.state.d_optimizer)]
    }

    /// The optimizers' records of values that were not finite.
    pub fn watch(&self) -> Watch {
        let networks = self.networks_with_optimizers();
        Watch {
            records: networks.map(|(_, optimizer)| optimizer.record()),
            sizes: networks.map(|(network, _)| network.plan.weights.size()),
            rates: [self.config.g_lr, self.config.d_lr],
        }
    }

    /// Resolution and fade-in of a progressively growing run; None for others.
    pub fn growth(&self) -> Option<Growth> {
        Growth::at(&self.config, self.state.steps)
    }

    /// Switches from the kernels to plain tensor operations, to compare both.
    pub fn use_plain_operations(&mut self) {
        self.state.networks().into_iter().for_each(|network| network.fused = false);
    }

    /// Changes settings that may change during a run, from the next step on.
    pub fn update(&mut self, next: Experiment) -> Result<()> {
        self.config = self.config.change_to(next)?;
        Ok(())
    }
}
