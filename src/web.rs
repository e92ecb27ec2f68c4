//! The JavaScript API: converts and delegates. No maths, no loops over pixels, nothing that panics.

mod density;
mod evaluator;
mod failure;
mod outline;

use js_sys::{Float32Array, Object, Promise, Reflect, Uint8Array};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use crate::breakdown::locate;
use crate::catalog::Catalog;
use crate::config::{Experiment, RunConfig};
use crate::data::{DataSet, Images, Part};
use crate::demand::{Capacity, Demand};
use crate::device::{self, AdapterReport, DevicePreference, Kind};
use crate::error::{Error, Result};
use crate::evaluator::nearest_train;
use crate::message::Samples;
use crate::snapshot::{self, View};
use crate::trainer::{StepKind, StepRecord, Trainer};

/// Runs once when the module is loaded.
#[wasm_bindgen(start)]
pub fn start() {
    run_constructors();
    failure::watch();
}

/// Runs the module's constructors, once, by name.
///
/// CubeCL registers its compiler passes in constructors. If nothing calls this function, the linker treats the module
/// as a "command" and runs all constructors again in every exported call, which costs half a second per step and leaks.
#[allow(unsafe_code)]
fn run_constructors() {
    unsafe extern "C" {
        fn __wasm_call_ctors();
    }
    // SAFETY: made by the linker for every module, without arguments or result; called once, before anything else.
    unsafe { __wasm_call_ctors() }
}

/// How often the module's constructors have run. Any number but 1 means that the problem of `run_constructors` has come
/// back.
#[wasm_bindgen(js_name = constructorRuns)]
pub fn constructor_runs() -> u32 {
    constructors::runs()
}

#[allow(unsafe_code)]
mod constructors {
    use std::sync::atomic::{AtomicU32, Ordering};

    static RUNS: AtomicU32 = AtomicU32::new(0);

    extern "C" fn count() {
        RUNS.fetch_add(1, Ordering::Relaxed);
    }

    // SAFETY: the section holds pointers to functions without arguments, which is what this is.
    #[used]
    #[unsafe(link_section = ".init_array")]
    static COUNT: extern "C" fn() = count;

    pub fn runs() -> u32 {
        RUNS.load(Ordering::Relaxed)
    }
}

/// Converts an error to a JavaScript `Error` with the fields `kind` and `key`, on which the page branches.
fn to_js(error: Error) -> JsValue {
    let js = js_sys::Error::new(&error.to_string());
    let key = error.key().map_or(JsValue::NULL, JsValue::from);
    // Setting a property of a fresh object cannot fail.
    let _ = Reflect::set(&js, &"kind".into(), &error.kind().into());
    let _ = Reflect::set(&js, &"key".into(), &key);
    js.into()
}

fn give(value: &impl Serialize) -> std::result::Result<JsValue, JsValue> {
    let plain = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&plain).map_err(|e| to_js(Error::Unreadable(e.to_string())))
}

/// Builds a JavaScript object from JavaScript values. [`give`] would convert typed arrays to plain arrays.
fn object<const N: usize>(entries: [(&str, JsValue); N]) -> std::result::Result<JsValue, JsValue> {
    let object = Object::new();
    for (key, value) in entries {
        Reflect::set(&object, &key.into(), &value)?;
    }
    Ok(object.into())
}

fn take<T: DeserializeOwned>(value: JsValue) -> Result<T> {
    serde_wasm_bindgen::from_value(value).map_err(|e| Error::Unreadable(e.to_string()))
}

/// A valid configuration.
fn experiment(config: JsValue) -> Result<Experiment> {
    Ok(take::<RunConfig>(config)?.validate()?)
}

/// Everything from which the page builds its form and menus: schema, defaults, presets and data sets.
#[wasm_bindgen]
pub fn catalog() -> std::result::Result<JsValue, JsValue> {
    give(&Catalog::default())
}

/// Chooses the device of a run from the user's wish, the configuration and the browser's adapter report. Returns null
/// if the choice depends on a report that is missing. `avoid` is the reason not to try the GPU again. Throws if the
/// configuration is not valid.
#[wasm_bindgen(js_name = chooseDevice)]
pub fn choose_device(
    preference: JsValue,
    config: JsValue,
    report: JsValue,
    avoid: Option<String>,
) -> std::result::Result<JsValue, JsValue> {
    let preference: DevicePreference = take(preference).map_err(to_js)?;
    let config = experiment(config).map_err(to_js)?;
    let report: Option<AdapterReport> = take(report).map_err(to_js)?;
    give(&device::choose(preference, &Demand::of(&config), report.as_ref(), avoid.as_deref()))
}

/// Opens a device; call it once per module. `report` describes the adapter; null for the CPU.
#[wasm_bindgen(js_name = openDevice)]
pub async fn open_device(kind: JsValue, report: JsValue) -> std::result::Result<Device, JsValue> {
    let kind: Kind = take(kind).map_err(to_js)?;
    let report: Option<AdapterReport> = take(report).map_err(to_js)?;
    let capacity = report.map_or(Capacity::CPU, |report| Capacity::of_gpu(report.largest_binding));
    let device = device::open(kind).await.map_err(to_js)?;
    Ok(Device { device, capacity })
}

/// Opens the CPU device, which is always available.
#[wasm_bindgen(js_name = openCpu)]
pub fn open_cpu() -> Device {
    Device { device: burn::tensor::Device::flex(), capacity: Capacity::CPU }
}

/// An open device and its memory capacity.
#[wasm_bindgen]
pub struct Device {
    device: burn::tensor::Device,
    capacity: Capacity,
}

impl Device {
    /// Validates a configuration and checks that its run fits into memory.
    fn accept(&self, config: JsValue) -> Result<Experiment> {
        let config = experiment(config)?;
        Demand::check(&config, self.capacity)?;
        Ok(config)
    }
}

/// A data set in this worker's memory.
#[wasm_bindgen]
pub struct Data(Images);

#[wasm_bindgen]
impl Data {
    #[wasm_bindgen(constructor)]
    pub fn new(set: JsValue) -> std::result::Result<Data, JsValue> {
        let set: DataSet = take(set).map_err(to_js)?;
        let none = || to_js(Error::Unreadable(format!("{} is a density and has no files", set.key())));
        Images::of(set).map(Data).ok_or_else(none)
    }

    /// Takes the next decompressed bytes of a file.
    pub fn push(&mut self, part: JsValue, bytes: &[u8]) -> std::result::Result<(), JsValue> {
        let part: Part = take(part).map_err(to_js)?;
        self.0.push(part, bytes).map_err(|e| to_js(e.into()))
    }

    /// Checks a finished file.
    pub fn finish(&mut self, part: JsValue) -> std::result::Result<(), JsValue> {
        let part: Part = take(part).map_err(to_js)?;
        self.0.finish(part).map_err(|e| to_js(e.into()))
    }

    /// Forgets a file.
    pub fn restart(&mut self, part: JsValue) -> std::result::Result<(), JsValue> {
        self.0.restart(take(part).map_err(to_js)?);
        Ok(())
    }

    /// Whether a file has arrived completely and passed its checks.
    #[wasm_bindgen(js_name = isComplete)]
    pub fn is_complete(&self, part: JsValue) -> std::result::Result<bool, JsValue> {
        Ok(self.0.is_complete(take(part).map_err(to_js)?))
    }

    /// The nearest neighbour of `pixels` among the run's training images, `{index, distance, label, pixels}`; undefined
    /// while none has arrived.
    pub fn nearest(&self, session: &Session, pixels: &[u8]) -> std::result::Result<JsValue, JsValue> {
        let used = self.0.available().min(session.trainer.training_images());
        let Some(found) = nearest_train(&self.0, used, pixels).first().copied() else {
            return Ok(JsValue::UNDEFINED);
        };
        let label = self.0.body(Part::TrainLabels).get(found.index).copied().map_or(JsValue::UNDEFINED, JsValue::from);
        object([
            ("index", (found.index as u32).into()),
            ("distance", found.distance.into()),
            ("label", label),
            ("pixels", Uint8Array::from(self.0.pixels(found.index)).into()),
        ])
    }

    /// Training images that have arrived.
    #[wasm_bindgen(getter)]
    pub fn available(&self) -> usize {
        self.0.available()
    }
}

/// A run.
#[wasm_bindgen]
pub struct Session {
    trainer: Trainer,
    /// Steps whose losses have not been read back yet.
    unread: Vec<StepRecord>,
    /// Data and metrics of a density run; None for images.
    density_run: Option<density::DensityRun>,
}

#[wasm_bindgen]
impl Session {
    #[wasm_bindgen(constructor)]
    pub fn new(config: JsValue, data: &Data, device: &Device) -> std::result::Result<Session, JsValue> {
        let config = device.accept(config).map_err(to_js)?;
        let trainer = Trainer::new(config, data.0.info().train, &device.device);
        Ok(Session { trainer, unread: Vec::new(), density_run: None })
    }

    /// Properties of the run: see [`crate::message::RunInfo`].
    pub fn info(&self) -> std::result::Result<JsValue, JsValue> {
        give(&snapshot::run_info(&self.trainer))
    }

    /// Changes live settings. Throws if another setting differs.
    pub fn update(&mut self, config: JsValue) -> std::result::Result<(), JsValue> {
        experiment(config).and_then(|next| self.trainer.update(next)).map_err(to_js)
    }

    /// Queues one step and returns at once.
    pub fn step(&mut self, data: &Data, kind: JsValue) -> std::result::Result<(), JsValue> {
        let kind: StepKind = take(kind).map_err(to_js)?;
        self.unread.push(self.trainer.step(&data.0, kind).map_err(to_js)?);
        Ok(())
    }

    /// Steps queued so far.
    #[wasm_bindgen(getter)]
    pub fn steps(&self) -> u32 {
        self.trainer.steps()
    }

    /// Resolution and fade-in of a progressively growing run, `{side, alpha}`; null for others.
    pub fn growth(&self) -> std::result::Result<JsValue, JsValue> {
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
        future_to_promise(async move { give(&snapshot::report(records, watch).await.map_err(to_js)?) })
    }

    /// The networks whose parameters are not finite, after a divergence: a promise of a list.
    pub fn breakdown(&self) -> Promise {
        let located = locate(&self.trainer);
        future_to_promise(async move { give(&located.await.map_err(to_js)?) })
    }

    /// Generated images of a view, by the EMA if `averaged`. `truncation` applies to style generators. A promise of
    /// samples.
    #[wasm_bindgen(js_name = generatedSamples)]
    pub fn generated_samples(
        &self,
        averaged: bool,
        view: JsValue,
        truncation: Option<f32>,
    ) -> std::result::Result<Promise, JsValue> {
        let view: View = take(view).map_err(to_js)?;
        let samples = snapshot::truncated(&self.trainer, averaged, view, truncation);
        Ok(future_to_promise(async move { give_samples(samples.await.map_err(to_js)?) }))
    }

    /// The fixed real images: a promise of samples, or of null while too few have arrived.
    #[wasm_bindgen(js_name = realSamples)]
    pub fn real_samples(&self, data: &Data) -> Promise {
        let samples = snapshot::real_samples(&self.trainer, &data.0);
        future_to_promise(async move {
            match samples {
                Some(samples) => give_samples(samples.await.map_err(to_js)?),
                None => Ok(JsValue::NULL),
            }
        })
    }
}

/// Converts samples to typed arrays, which are transferred to the page without copies of single values.
fn give_samples(samples: Samples) -> std::result::Result<JsValue, JsValue> {
    object([
        ("step", samples.step.into()),
        ("shape", give(&samples.shape)?),
        ("columns", (samples.columns as u32).into()),
        ("classes", Uint8Array::from(samples.classes.as_slice()).into()),
        ("pixels", Uint8Array::from(samples.pixels.as_slice()).into()),
        ("scores", Float32Array::from(samples.scores.as_slice()).into()),
        ("z", Float32Array::from(samples.z.as_slice()).into()),
    ])
}
