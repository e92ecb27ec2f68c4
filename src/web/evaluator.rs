//! The JavaScript interface of evaluations.

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::session::Session;
use super::{give, take, to_js};
use crate::data::DataSet;
use crate::domain::{self, DensityEvaluator, Domain};
use crate::evaluator;
use crate::metrics::Classifier;
use crate::metrics::Size;

/// Evaluates runs in small tasks: see `evaluator.rs`.
#[wasm_bindgen]
pub struct Evaluator(pub(super) domain::Evaluator);

/// Values that were read from the device for a task.
#[wasm_bindgen]
pub struct Sample(pub(super) domain::Sample);

#[wasm_bindgen]
impl Evaluator {
    /// Creates an evaluator of images from a classifier file. With `report` it evaluates ten times as many images.
    #[wasm_bindgen(constructor)]
    pub fn new(classifier: &[u8], report: bool) -> std::result::Result<Evaluator, JsValue> {
        let classifier = Classifier::read(classifier).map_err(|e| to_js(e.into()))?;
        Ok(Self::on_images(classifier, size(report)))
    }

    /// Creates an evaluator for a data set that no classifier knows, on features with random weights.
    #[wasm_bindgen(js_name = onRandomFeatures)]
    pub fn on_random_features(set: JsValue, report: bool) -> std::result::Result<Evaluator, JsValue> {
        let set: DataSet = take(set).map_err(to_js)?;
        let size = size(report).at_most(set.spec().map_or(0, |spec| spec.test));
        Ok(Self::on_images(Classifier::random(set.shape().dims()), size))
    }

    fn on_images(classifier: Classifier, size: Size) -> Evaluator {
        Evaluator(domain::Evaluator::Images(Box::new(evaluator::Evaluator::new(classifier, size))))
    }

    /// Creates the evaluator of a density run; undefined for a run on images.
    #[wasm_bindgen(js_name = ofDensity)]
    pub fn of_density(session: &Session) -> Option<Evaluator> {
        let Domain::Density(points) = &session.domain else { return None };
        let evaluator = DensityEvaluator::new(points, session.trainer.config().seed);
        Some(Evaluator(domain::Evaluator::Density(Box::new(evaluator))))
    }

    /// Begins an evaluation of a run at its current step. On a density it is of the EMA if `averaged`.
    pub fn begin(&mut self, session: &Session, averaged: bool) {
        self.0.begin(&session.trainer, averaged);
    }

    /// Discards the evaluation in progress.
    pub fn cancel(&mut self) {
        self.0.cancel();
    }

    /// Reads the values that the next task needs. Returns a promise of a [`Sample`], or of undefined if it needs none.
    pub fn sample(&mut self, session: &Session) -> Promise {
        let reading = self.0.sample(&session.domain);
        future_to_promise(async move {
            match reading {
                Some(reading) => reading.await.map(|s| Sample(s).into()).map_err(to_js),
                None => Ok(JsValue::UNDEFINED),
            }
        })
    }

    /// Classifies images. Returns `{classes, realism}`; `realism` is null until the real-data reference has been
    /// computed. Undefined for an evaluator of a density.
    pub fn classify(&self, pixels: &[u8]) -> std::result::Result<JsValue, JsValue> {
        let domain::Evaluator::Images(evaluator) = &self.0 else { return Ok(JsValue::UNDEFINED) };
        give(&evaluator.classify(pixels).map_err(to_js)?)
    }

    /// Whether the real-data reference has been computed. For images the first evaluation computes it.
    #[wasm_bindgen(getter, js_name = hasReference)]
    pub fn has_reference(&self) -> bool {
        match &self.0 {
            domain::Evaluator::Images(evaluator) => evaluator.has_reference(),
            domain::Evaluator::Density(_) => true,
        }
    }
}

fn size(report: bool) -> Size {
    if report { Size::REPORT } else { Size::LIVE }
}
