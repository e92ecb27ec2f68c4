//! The JavaScript interface of density runs.

use js_sys::{Array, Float32Array, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::{Device, Session, give, object, take, to_js};
use crate::data::PointSet;
use crate::diagnosis::{DensityHistory, DensityObservation};
use crate::dirac;
use crate::error::Error;
use crate::metrics::DensityReference;
use crate::nn::NetworkId;
use crate::snapshot::{self, DensityFrame, FrameRequest, Maps, ScoredPoints, Walk};
use crate::trainer::{StepKind, Trainer};

/// Data and evaluations of a density run.
pub struct DensityRun {
    set: PointSet,
    density_reference: DensityReference,
    /// Evaluations so far, oldest first.
    observations: DensityHistory,
}

/// Samples that were read from the device for an evaluation.
#[wasm_bindgen]
pub struct PointSample(snapshot::Sampled);

fn floats(values: &[f32]) -> JsValue {
    Float32Array::from(values).into()
}

#[wasm_bindgen]
impl Session {
    /// Creates a run on the density of `config`; `drawn` is the user's drawing, see `Density::of`.
    #[wasm_bindgen(js_name = onDensity)]
    pub fn on_density(config: JsValue, drawn: Option<Vec<f32>>, device: &Device) -> Result<Session, JsValue> {
        let config = device.accept(config).map_err(to_js)?;
        let set = config.points(drawn.as_deref()).map_err(|e| to_js(e.into()))?;
        let density_reference = DensityReference::new(set.density(), config.seed);
        let trainer = Trainer::new(config, set.len(), &device.device);
        Ok(Session {
            trainer,
            unread: Vec::new(),
            density_run: Some(DensityRun { set, density_reference, observations: DensityHistory::default() }),
        })
    }

    fn density_run(&self) -> Result<&DensityRun, JsValue> {
        let reason = || to_js(Error::Unreadable("this is no density run".into()));
        self.density_run.as_ref().ok_or_else(reason)
    }

    /// Queues one step of a density run and returns without waiting for it.
    #[wasm_bindgen(js_name = stepOnDensity)]
    pub fn step_on_density(&mut self, kind: JsValue) -> Result<(), JsValue> {
        let kind: StepKind = take(kind).map_err(to_js)?;
        self.density_run()?;
        let Self { trainer, unread, density_run: Some(density_run) } = self else { return Ok(()) };
        unread.push(trainer.step(&density_run.set, kind).map_err(to_js)?);
        Ok(())
    }

    /// Computes a frame. Returns a promise of the object that `give_density_frame` creates.
    #[wasm_bindgen(js_name = densityFrame)]
    pub fn density_frame(&self, request: JsValue) -> Result<Promise, JsValue> {
        let request: FrameRequest = take(request).map_err(to_js)?;
        let density_frame = snapshot::density_frame(&self.trainer, &self.density_run()?.set, request);
        Ok(future_to_promise(async move { give_density_frame(&density_frame.await.map_err(to_js)?) }))
    }

    /// Maps z `[n, latent_dim]` through G. Returns a promise of `{points, scores, arrows}`.
    pub fn map(&self, z: Vec<f32>, averaged: bool) -> Result<Promise, JsValue> {
        let width = self.trainer.config().latent_dim;
        if z.is_empty() || !z.len().is_multiple_of(width) {
            return Err(to_js(Error::Unreadable(format!("{} numbers are not rows of z, which has {width}", z.len()))));
        }
        let mapped = snapshot::mapped(&self.trainer, &self.density_run()?.set, z, averaged);
        Ok(future_to_promise(async move {
            let (ScoredPoints { points, scores }, arrows) = mapped.await.map_err(to_js)?;
            object([("points", floats(&points)), ("scores", floats(&scores)), ("arrows", floats(&arrows))])
        }))
    }

    /// Computes the minibatch, outputs and gradients of a network's next update. Returns a promise of the object that
    /// `give_walk` creates.
    pub fn walk(&self, network: JsValue) -> Result<Promise, JsValue> {
        let id: NetworkId = take(network).map_err(to_js)?;
        let walk = snapshot::walk(&self.trainer, &self.density_run()?.set, id).map_err(to_js)?;
        Ok(future_to_promise(async move { give_walk(&walk.await.map_err(to_js)?) }))
    }

    /// Reads the samples for an evaluation. Returns a promise of a [`PointSample`].
    #[wasm_bindgen(js_name = sampleDensity)]
    pub fn sample_density(&self, averaged: bool) -> Result<Promise, JsValue> {
        let sampled = snapshot::sampled(&self.trainer, &self.density_run()?.set, averaged);
        Ok(future_to_promise(async move { sampled.await.map(|s| PointSample(s).into()).map_err(to_js) }))
    }

    /// Evaluates samples. Returns `{metrics, diagnosis}`.
    #[wasm_bindgen(js_name = evaluateDensity)]
    pub fn evaluate_density(&mut self, sample: PointSample) -> Result<JsValue, JsValue> {
        let Some(density_run) = &mut self.density_run else { return Ok(JsValue::NULL) };
        let observation =
            DensityObservation::new(&sample.0, &density_run.density_reference).map_err(|e| to_js(e.into()))?;
        let metrics = observation.metrics.clone();
        density_run.observations.record(observation);
        let diagnosis = density_run.observations.diagnose(self.trainer.config());
        object([("metrics", give(&metrics)?), ("diagnosis", give(&diagnosis)?)])
    }
}

/// Computes the phase portrait of a Dirac-GAN.
#[wasm_bindgen(js_name = diracPortrait)]
pub fn dirac_portrait(request: JsValue) -> Result<JsValue, JsValue> {
    let found = dirac::portrait(&take(request).map_err(to_js)?).map_err(to_js)?;
    let circle = found.circle.map_or(JsValue::NULL, JsValue::from);
    object([
        ("path", floats(&found.path)),
        ("field", floats(&found.field)),
        ("eigenvalues", found.eigenvalues.as_ref().map_or(Ok(JsValue::NULL), give)?),
        ("circle", circle),
    ])
}

fn give_density_frame(density_frame: &DensityFrame) -> Result<JsValue, JsValue> {
    let DensityFrame { step, width, z_width, window, real, z, fake, arrows, maps, field_side, field, sheet_z, sheet } =
        density_frame;
    let Maps { side, d_output, d_optimal, p_data, p_g, exact, bandwidth, gap, value, optimal_value, divergence } = maps;
    object([
        ("step", (*step).into()),
        ("width", (*width as u32).into()),
        ("zWidth", (*z_width as u32).into()),
        ("window", window.iter().map(|&v| JsValue::from(v)).collect::<Array>().into()),
        ("real", floats(&real.points)),
        ("realScores", floats(&real.scores)),
        ("z", floats(z)),
        ("fake", floats(&fake.points)),
        ("fakeScores", floats(&fake.scores)),
        ("arrows", floats(arrows)),
        ("side", (*side as u32).into()),
        ("dOutput", floats(d_output)),
        ("dOptimal", floats(d_optimal)),
        ("pData", floats(p_data)),
        ("pG", floats(p_g)),
        ("exact", floats(exact)),
        ("bandwidth", (*bandwidth).into()),
        ("fieldSide", (*field_side as u32).into()),
        ("field", floats(field)),
        ("sheetSide", (sheet_z.len() as u32).into()),
        ("sheetZ", floats(sheet_z)),
        ("sheet", floats(sheet)),
        ("gap", (*gap).into()),
        ("value", (*value).into()),
        ("optimalValue", (*optimal_value).into()),
        ("divergence", (*divergence).into()),
    ])
}

fn give_walk(walk: &Walk) -> Result<JsValue, JsValue> {
    let Walk { network: id, width, z_width, real, z, fake, arrows, loss } = walk;
    object([
        ("network", give(id)?),
        ("width", (*width as u32).into()),
        ("zWidth", (*z_width as u32).into()),
        ("real", floats(&real.points)),
        ("realScores", floats(&real.scores)),
        ("z", floats(z)),
        ("fake", floats(&fake.points)),
        ("fakeScores", floats(&fake.scores)),
        ("arrows", floats(arrows)),
        ("loss", (*loss).into()),
    ])
}
