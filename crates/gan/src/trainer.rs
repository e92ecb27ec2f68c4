//! Algorithm 1 of Goodfellow et al. 2014: k discriminator updates, then one generator update, each on fresh
//! minibatches.
//!
//! A step queues work on the device and returns tensors. Rendering, waiting, reading back and timing are done
//! elsewhere.

mod d_step;
mod draw;
mod g_step;
mod source;
mod update;

use burn::tensor::{Device, Tensor};
use counterfeit_nn::{Network, NetworkId, Operations, Stage};
use counterfeit_random::StepDraws;
use serde::{Deserialize, Serialize};

use crate::discriminator_call::DiscriminatorCall;
use crate::finite::Watch;
use crate::growth::Growth;
use crate::loss::LossState;
use crate::optim::Optimizer;
use crate::run_state::RunState;
use crate::spec::TrainingSpec;
use crate::tricks::{States, StepContext};
use crate::upload::Upload;
use draw::DDraw;
pub use draw::Minibatch;
pub use source::{NotEnoughData, Source};

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

/// What unrolled D steps change: see [`Trainer::unroll`].
struct Before {
    discriminator: Network,
    d_optimizer: Optimizer,
    loss: LossState,
    tricks: States,
}

/// A moment of an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    Begins,
    Ends,
}

/// Called when an update of a network begins and ends, for a caller that times them.
pub type Observer = fn(NetworkId, Moment);

/// A run: its state, and what that follows from. A clone is a cheap checkpoint.
#[derive(Clone)]
pub struct Trainer {
    spec: TrainingSpec,
    device: Device,
    state: RunState,
    observer: Option<Observer>,
}

impl Trainer {
    /// Continues a state on `device` (without autodiff), which [`RunState::new`] begins.
    pub fn new(spec: TrainingSpec, state: RunState, device: &Device) -> Self {
        Self { spec, device: device.clone(), state, observer: None }
    }

    /// Calls `observer`, if any, when an update begins and ends.
    pub fn observe(&mut self, observer: Option<Observer>) {
        self.observer = observer;
    }

    /// Makes an update of a network, between two calls of the observer.
    fn observed<T>(&mut self, network: NetworkId, update: impl FnOnce(&mut Self) -> T) -> T {
        let Some(observer) = self.observer else { return update(self) };
        observer(network, Moment::Begins);
        let result = update(self);
        observer(network, Moment::Ends);
        result
    }

    /// Queues one step. Returns an error and changes nothing if the samples that the step needs have not arrived.
    pub fn step<'a>(&mut self, data: impl Into<Source<'a>>, kind: StepKind) -> Result<StepRecord, NotEnoughData> {
        let data = data.into();
        let d_updates = if kind == StepKind::Generator { 0 } else { self.spec.d_steps };
        self.check_data(data, d_updates, kind != StepKind::Discriminator)?;
        Ok(self.take_step(data, d_updates, kind != StepKind::Discriminator))
    }

    /// Queues one step of a temporary run of the same shape on blank samples, so that the GPU compiles its kernels
    /// before the first real step. Reading the returned record completes when the kernels are ready.
    pub fn rehearse(&self) -> (StepRecord, Watch) {
        let state = RunState::new(&self.spec, self.spec.batch, &self.device);
        let mut stand_in = Self::new(self.spec.clone(), state, &self.device);
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
        self.state.blend(growth, |_| drawn.numbers(&alpha));

        let mut record =
            StepRecord { step: self.state.steps, d_updates, discriminator: None, generator: None, entropy: None };
        for draw in d_draws {
            record.discriminator = Some(self.observed(NetworkId::Discriminator, |run| run.d_step(&drawn, draw))); // [3]
        }
        if let Some(draw) = g_draw {
            let before = (self.spec.tricks.unroll.steps > 0).then(|| self.unroll(source, &mut draws));
            let (numbers, entropy) = self.observed(NetworkId::Generator, |run| run.g_step(&drawn, draw));
            (record.generator, record.entropy) = (Some(numbers), entropy); // [3], [1]
            if let Some(before) = before {
                self.undo_d(before);
            }
        }
        record
    }

    /// The random streams of the present step.
    fn draws(&self) -> StepDraws {
        StepDraws::at(self.spec.seed, self.state.steps)
    }

    /// What the tricks may know of the present step.
    fn context(&self) -> StepContext {
        let TrainingSpec { batch, shape, .. } = self.spec;
        StepContext { step: self.state.steps, batch, shape, operations: self.state.generator.operations }
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
        self.state.enter(&self.spec, stage);
    }

    /// Makes the unrolled D steps and returns what they change, as it was: see [`crate::tricks::unroll`].
    fn unroll(&mut self, source: Source, draws: &mut StepDraws) -> Before {
        let RunState { discriminator, d_optimizer, loss, tricks, .. } = self.state.clone();
        let before = Before { discriminator, d_optimizer, loss, tricks };
        // Drawn after D's real steps, because drawing advances the optimizer's update count. It costs unrolled runs a
        // second upload.
        let mut upload = Upload::default();
        let steps = self.spec.tricks.unroll.steps;
        let ahead: Vec<DDraw> = (0..steps).map(|_| self.draw_for_d(source, draws, &mut upload)).collect();
        let drawn = upload.send(&self.device);
        ahead.into_iter().for_each(|draw| drop(self.d_step(&drawn, draw)));
        before
    }

    /// Takes D and what belongs to it back to a state before.
    fn undo_d(&mut self, Before { discriminator, d_optimizer, loss, tricks }: Before) {
        (self.state.discriminator, self.state.d_optimizer, self.state.loss) = (discriminator, d_optimizer, loss);
        self.state.tricks.undo(tricks);
    }

    /// How this run calls D: conditioning, packing and separate batches.
    pub fn d_call(&self) -> DiscriminatorCall {
        let TrainingSpec { condition, pack, .. } = self.spec;
        let separate_batches = self.state.discriminator.plan.mixes_batch();
        DiscriminatorCall { condition: condition.condition, pack, separate_batches }
    }

    pub fn spec(&self) -> &TrainingSpec {
        &self.spec
    }

    /// Changes what may change during a run, from the next step on: numbers, of which no network is built.
    pub fn update(&mut self, spec: TrainingSpec) {
        self.spec = spec;
    }

    pub fn state(&self) -> &RunState {
        &self.state
    }

    /// Steps so far.
    pub fn steps(&self) -> u32 {
        self.state.steps
    }

    /// Number of training samples of the run.
    pub fn training_images(&self) -> usize {
        self.state.samples()
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
            rates: [self.spec.g_optimizer.lr, self.spec.d_optimizer.lr],
        }
    }

    /// Resolution and fade-in of a progressively growing run; None for others.
    pub fn growth(&self) -> Option<Growth> {
        self.spec.growth(self.state.steps)
    }

    /// Switches from the kernels to plain tensor operations, to compare both.
    pub fn use_plain_operations(&mut self) {
        self.state.networks().into_iter().for_each(|network| network.operations = Operations::Reference);
    }
}
