//! The JavaScript interface of a run, on images or on a density.

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::evaluator::{Evaluator, Sample};
use super::{Data, Device, experiment, give, marks, promise, take, to_js};
use crate::breakdown::locate;
use crate::config::Experiment;
use crate::diagnosis::Diagnosis;
use crate::domain::{Domain, Evaluation, FrameRequest, History};
use crate::nn::NetworkId;
use crate::snapshot;
use crate::trainer::{StepKind, StepRecord, Trainer};

/// A run.
#[wasm_bindgen]
pub struct Session {
    pub(super) trainer: Trainer,
    pub(super) domain: Domain,
    /// Steps whose losses have not been read back yet.
    unread: Vec<StepRecord>,
    history: History,
}

/// How far an evaluation has come, and its result.
#[derive(serde::Serialize)]
struct Progress {
    done: usize,
    of: usize,
    /// None before the last task.
    evaluation: Option<Evaluation>,
    /// None before the last task, and if the result does not become part of the run's history.
    diagnosis: Option<Diagnosis>,
}

#[wasm_bindgen]
impl Session {
    /// Creates a run on images, which may arrive later.
    #[wasm_bindgen(constructor)]
    pub fn new(config: JsValue, data: &Data, device: &Device) -> Result<Session, JsValue> {
        let config = device.accept(config).map_err(to_js)?;
        let samples = data.0.borrow().info().train;
        Ok(Self::on(Domain::Images(data.0.clone()), config, samples, device))
    }

    /// Creates a run on the density of `config`; `drawn` is the user's drawing, see `Density::of`.
    #[wasm_bindgen(js_name = onDensity)]
    pub fn on_density(config: JsValue, drawn: Option<Vec<f32>>, device: &Device) -> Result<Session, JsValue> {
        let config = device.accept(config).map_err(to_js)?;
        let points = config.points(drawn.as_deref()).map_err(|e| to_js(e.into()))?;
        let samples = points.len();
        Ok(Self::on(Domain::Density(points), config, samples, device))
    }

    fn on(domain: Domain, config: Experiment, samples: usize, device: &Device) -> Session {
        let trainer = Trainer::new(config, samples, &device.device);
        Session { trainer, domain, unread: Vec::new(), history: History::default() }
    }

    /// Properties of the run: see [`crate::message::RunInfo`].
    pub fn info(&self) -> Result<JsValue, JsValue> {
        give(&snapshot::run_info(&self.trainer))
    }

    /// Changes live settings. Throws if another setting differs.
    pub fn update(&mut self, config: JsValue) -> Result<(), JsValue> {
        experiment(config).and_then(|next| self.trainer.update(next)).map_err(to_js)
    }

    /// Queues one step and returns at once.
    pub fn step(&mut self, kind: JsValue) -> Result<(), JsValue> {
        let kind: StepKind = take(kind).map_err(to_js)?;
        // Of each batch the first step is marked: marks of every step would take a twentieth of a small network's time.
        self.trainer.observe(self.unread.is_empty().then_some(marks::mark));
        self.unread.push(self.domain.step(&mut self.trainer, kind).map_err(to_js)?);
        Ok(())
    }

    /// Steps queued so far.
    #[wasm_bindgen(getter)]
    pub fn steps(&self) -> u32 {
        self.trainer.steps()
    }

    /// Resolution and fade-in of a progressively growing run, `{side, alpha}`; null for others.
    pub fn growth(&self) -> Result<JsValue, JsValue> {
        give(&self.trainer.growth().map(|growth| growth.shown(self.trainer.config().shape())))
    }

    /// Compiles the GPU kernels: returns a promise that resolves when the first step need not wait for them.
    pub fn rehearse(&self) -> Promise {
        let (record, watch) = self.trainer.rehearse();
        future_to_promise(async move {
            snapshot::report(vec![record], watch).await.map(|_| JsValue::UNDEFINED).map_err(to_js)
        })
    }

    /// Reads the losses of all steps since the last call: a promise of `{metrics, divergence}`.
    pub fn metrics(&mut self) -> Promise {
        let (records, watch) = (std::mem::take(&mut self.unread), self.trainer.watch());
        promise(Box::pin(snapshot::report(records, watch)))
    }

    /// The networks whose parameters are not finite, after a divergence: a promise of a list.
    pub fn breakdown(&self) -> Promise {
        promise(Box::pin(locate(&self.trainer)))
    }

    /// A promise of a frame: see [`crate::domain::Frame`].
    pub fn frame(&self, request: JsValue) -> Result<Promise, JsValue> {
        let request: FrameRequest = take(request).map_err(to_js)?;
        Ok(promise(self.domain.frame(&self.trainer, request)))
    }

    /// The minibatch of a network's next update, on a density: a promise of a [`crate::snapshot::Walk`].
    pub fn walk(&self, network: JsValue) -> Result<Promise, JsValue> {
        let id: NetworkId = take(network).map_err(to_js)?;
        Ok(promise(self.domain.walk(&self.trainer, id).map_err(to_js)?))
    }

    /// G(z), or that of the EMA, on a density; `z` is `[n, latent_dim]`. A promise of a [`crate::snapshot::Mapped`].
    pub fn map(&self, z: Vec<f32>, averaged: bool) -> Result<Promise, JsValue> {
        Ok(promise(self.domain.map(&self.trainer, z, averaged).map_err(to_js)?))
    }

    /// The nearest neighbour of an image among the run's training images, a [`crate::message::NearestImage`]; null
    /// while none has arrived.
    pub fn nearest(&self, pixels: &[u8]) -> Result<JsValue, JsValue> {
        give(&self.domain.nearest(&self.trainer, pixels))
    }

    /// Runs the next task of an evaluation on what [`Evaluator::sample`] has read for it. Returns `{done, of,
    /// evaluation, diagnosis}`. With `record` the result becomes part of the run's history, from which it is diagnosed.
    pub fn evaluate(
        &mut self,
        evaluator: &mut Evaluator,
        sample: Option<Sample>,
        record: bool,
    ) -> Result<JsValue, JsValue> {
        let observation = evaluator.0.advance(&self.domain, sample.map(|s| s.0)).map_err(to_js)?;
        let (done, of) = evaluator.0.progress();
        let evaluation = observation.as_ref().map(|observation| observation.evaluation());
        let diagnosis = observation.filter(|_| record).map(|observation| {
            self.history.record(observation);
            self.history.diagnose(&self.domain, self.trainer.config())
        });
        give(&Progress { done, of, evaluation, diagnosis })
    }
}
