//! The core inside a real browser, in a dedicated worker as on the page:
//! `wasm-pack test --headless --chrome --release -- --test web --features webgpu`.
//!
//! Nothing here reads a tensor synchronously: on WebGPU that panics.
#![cfg(target_arch = "wasm32")]

mod common;
#[path = "web/cpu.rs"]
mod cpu;
#[cfg(feature = "webgpu")]
#[path = "web/density.rs"]
mod density;
#[cfg(feature = "webgpu")]
#[path = "web/devices.rs"]
mod devices;
#[cfg(feature = "webgpu")]
#[path = "web/finite.rs"]
mod finite;
#[path = "web/golden.rs"]
mod golden;
#[cfg(feature = "webgpu")]
#[path = "web/kernels.rs"]
mod kernels;
#[cfg(feature = "webgpu")]
#[path = "web/networks.rs"]
mod networks;

use std::sync::Once;

use burn::tensor::Device;
use common::{IMAGES, experiment};
use counterfeit::config::RunConfig;
use counterfeit::data::Images;
use counterfeit::message::{Metrics, Samples};
use counterfeit::snapshot::{self, View};
use counterfeit::trainer::{StepKind, Trainer};
use counterfeit::web;
use js_sys::{Function, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// What the browser does when it loads the page's module. The test runner leaves start functions out, and because ours
/// is linked in, the linker calls no constructors either: without this, WebGPU's compiler finds none of its passes.
fn start() {
    static ONCE: Once = Once::new();
    ONCE.call_once(web::start);
}

/// Trains and looks: the curves, and the pictures after the last step.
async fn run(config: &RunConfig, images: &Images, device: &Device, steps: usize) -> (Metrics, Samples) {
    let mut trainer = Trainer::new(experiment(config.clone()), IMAGES, device);
    let records = (0..steps).map(|_| trainer.step(images, StepKind::Both).expect("all images are there")).collect();
    let metrics = snapshot::metrics(records).await.expect("readable");
    (metrics, snapshot::generated_samples(&trainer, false, View::Fixed).await.expect("readable"))
}

/// Calls an export of this module from outside, as the page does: the wrapper that would run the constructors again is
/// on the export, not on the function.
fn call_export(name: &str) -> JsValue {
    let export = Reflect::get(&wasm_bindgen::exports(), &name.into()).expect("exports are an object");
    Function::from(export).call0(&JsValue::NULL).expect("a function without arguments")
}

#[wasm_bindgen_test]
async fn constructors_run_once() {
    start();
    for _ in 0..5 {
        assert_eq!(call_export("constructorRuns"), JsValue::from(1));
        // Strings and promises come in through exports as well.
        drop(web::catalog().expect("serialisable"));
        web::open_device("cpu".into(), JsValue::NULL).await.expect("the CPU is always there");
    }
    assert_eq!(web::constructor_runs(), 1);
}

/// A test of each case by its name, so that a failure names it, and one that fails when a case has none.
macro_rules! one_test_each {
    ($run:path, $names:expr; $($(#[$($mark:tt)*])* $test:ident: $name:literal,)*) => {
        $(#[wasm_bindgen_test::wasm_bindgen_test]
        $(#[$($mark)*])*
        async fn $test() {
            crate::start();
            $run($name).await;
        })*

        #[wasm_bindgen_test::wasm_bindgen_test]
        fn every_case_has_its_test() {
            let (mut tested, mut listed): (Vec<&str>, Vec<&str>) = (vec![$($name),*], $names);
            tested.sort_unstable();
            listed.sort_unstable();
            assert_eq!(tested, listed);
        }
    };
}
use one_test_each;

/// The case of a name.
fn named<T>(cases: Vec<(&'static str, T)>, name: &str) -> T {
    cases.into_iter().find(|case| case.0 == name).map(|case| case.1).expect("a case of that name")
}

fn names<T>(cases: Vec<(&'static str, T)>) -> Vec<&'static str> {
    cases.into_iter().map(|case| case.0).collect()
}
