//! The JavaScript API: converts and delegates. No maths, no loops over pixels, nothing that panics.

mod evaluator;
mod failure;
mod marks;
mod outline;
mod session;

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Promise, Reflect};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use crate::catalog::Catalog;
use crate::config::{Experiment, RunConfig};
use crate::data::{DataSet, Images, Part};
use crate::demand::{Capacity, Demand};
use crate::device::{self, AdapterReport, DevicePreference, Kind};
use crate::dirac;
use crate::domain::Pending;
use crate::error::{Error, Result};

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

/// A promise of a message that is being read from the device.
fn promise<T: Serialize + 'static>(pending: Pending<T>) -> Promise {
    future_to_promise(async move { give(&pending.await.map_err(to_js)?) })
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

/// A data set in this worker's memory, which several runs may share.
#[wasm_bindgen]
pub struct Data(Rc<RefCell<Images>>);

#[wasm_bindgen]
impl Data {
    #[wasm_bindgen(constructor)]
    pub fn new(set: JsValue) -> std::result::Result<Data, JsValue> {
        let set: DataSet = take(set).map_err(to_js)?;
        let none = || to_js(Error::Unreadable(format!("{} is a density and has no files", set.key())));
        Images::of(set).map(|images| Data(Rc::new(RefCell::new(images)))).ok_or_else(none)
    }

    /// Takes the next decompressed bytes of a file.
    pub fn push(&self, part: JsValue, bytes: &[u8]) -> std::result::Result<(), JsValue> {
        let part: Part = take(part).map_err(to_js)?;
        self.0.borrow_mut().push(part, bytes).map_err(|e| to_js(e.into()))
    }

    /// Checks a finished file.
    pub fn finish(&self, part: JsValue) -> std::result::Result<(), JsValue> {
        let part: Part = take(part).map_err(to_js)?;
        self.0.borrow_mut().finish(part).map_err(|e| to_js(e.into()))
    }

    /// Forgets a file.
    pub fn restart(&self, part: JsValue) -> std::result::Result<(), JsValue> {
        self.0.borrow_mut().restart(take(part).map_err(to_js)?);
        Ok(())
    }

    /// Whether a file has arrived completely and passed its checks.
    #[wasm_bindgen(js_name = isComplete)]
    pub fn is_complete(&self, part: JsValue) -> std::result::Result<bool, JsValue> {
        Ok(self.0.borrow().is_complete(take(part).map_err(to_js)?))
    }

    /// Training images that have arrived.
    #[wasm_bindgen(getter)]
    pub fn available(&self) -> usize {
        self.0.borrow().available()
    }
}

/// Computes the phase portrait of a Dirac-GAN.
#[wasm_bindgen(js_name = diracPortrait)]
pub fn dirac_portrait(request: JsValue) -> std::result::Result<JsValue, JsValue> {
    give(&dirac::portrait(&take(request).map_err(to_js)?).map_err(to_js)?)
}
