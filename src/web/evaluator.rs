//! The JavaScript interface of evaluations.

use js_sys::{Float32Array, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::{Data, Session, give, object, take, to_js};
use crate::data::DataSet;
use crate::diagnosis::diagnose;
use crate::evaluator;
use crate::metrics::Classifier;
use crate::metrics::Size;

/// Evaluates runs in small tasks: see `evaluator.rs`.
#[wasm_bindgen]
pub struct Evaluator(evaluator::Evaluator);

/// Evaluations of a run that is suspended while another one trains.
#[wasm_bindgen]
pub struct History(Vec<evaluator::Evaluation>);

/// Values that were read from the device for a task.
#[wasm_bindgen]
pub struct Sample(evaluator::Sample);

#[wasm_bindgen]
impl Evaluator {
    /// Creates an evaluator from a classifier file. With `report` it evaluates ten times as many images.
    #[wasm_bindgen(constructor)]
    pub fn new(classifier: &[u8], report: bool) -> std::result::Result<Evaluator, JsValue> {
        let classifier = Classifier::read(classifier).map_err(|e| to_js(e.into()))?;
        Ok(Evaluator(evaluator::Evaluator::new(classifier, if report { Size::REPORT } else { Size::LIVE })))
    }

    /// Creates an evaluator for a data set that no classifier knows, on features with random weights.
    #[wasm_bindgen(js_name = onRandomFeatures)]
    pub fn on_random_features(set: JsValue, report: bool) -> std::result::Result<Evaluator, JsValue> {
        let set: DataSet = take(set).map_err(to_js)?;
        let size = if report { Size::REPORT } else { Size::LIVE }.at_most(set.spec().map_or(0, |spec| spec.test));
        Ok(Evaluator(evaluator::Evaluator::new(Classifier::random(set.shape().dims()), size)))
    }

    /// Begins an evaluation of a run at its current step.
    pub fn begin(&mut self, session: &Session) {
        self.0.begin(&session.trainer);
    }

    /// Discards the evaluations when a new run starts.
    pub fn forget(&mut self) {
        self.0.forget();
    }

    /// Takes out the evaluations of a run that is being suspended.
    #[wasm_bindgen(js_name = takeHistory)]
    pub fn take_history(&mut self) -> History {
        History(self.0.take_history())
    }

    /// Restores the evaluations of a suspended run.
    pub fn resume(&mut self, history: History) {
        self.0.resume(history.0);
    }

    /// Diagnosis of the run from all its evaluations.
    pub fn diagnosis(&self, session: &Session) -> std::result::Result<JsValue, JsValue> {
        give(&diagnose(self.0.history(), session.trainer.config()))
    }

    /// Classifies images. Returns `{classes, realism}`; `realism` is null until the real-data reference has been
    /// computed.
    pub fn classify(&self, pixels: &[u8]) -> std::result::Result<JsValue, JsValue> {
        let evaluator::Classification { classes, realism } = self.0.classify(pixels).map_err(to_js)?;
        let realism = realism.map_or(JsValue::NULL, |r| Float32Array::from(r.as_slice()).into());
        object([("classes", Uint8Array::from(classes.as_slice()).into()), ("realism", realism)])
    }

    /// Whether the real-data reference has been computed. The first evaluation computes it.
    #[wasm_bindgen(getter, js_name = hasReference)]
    pub fn has_reference(&self) -> bool {
        self.0.has_reference()
    }

    /// Number of finished tasks and total number, `[done, total]`.
    pub fn progress(&self) -> Vec<u32> {
        self.0.progress().map_or(vec![1, 1], |(done, of)| vec![done as u32, of as u32])
    }

    /// Reads the values that the next task needs. Returns a promise of a [`Sample`], or of undefined if it needs none.
    pub fn sample(&mut self, data: &Data) -> Promise {
        let reading = self.0.sample(&data.0);
        future_to_promise(async move {
            match reading {
                Some(reading) => reading.read().await.map(|s| Sample(s).into()).map_err(to_js),
                None => Ok(JsValue::UNDEFINED),
            }
        })
    }

    /// Runs the next task. Returns the evaluation after the last task, and undefined before.
    pub fn advance(&mut self, data: &Data, sample: Option<Sample>) -> std::result::Result<JsValue, JsValue> {
        match self.0.advance(&data.0, sample.map(|s| s.0)).map_err(to_js)? {
            Some(measured) => give(&measured),
            None => Ok(JsValue::UNDEFINED),
        }
    }
}
