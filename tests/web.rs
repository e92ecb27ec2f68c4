//! The core inside a real browser, in a dedicated worker as on the page:
//! `wasm-pack test --headless --chrome --release -- --test web --features webgpu`.
//!
//! Nothing here reads a tensor synchronously: on WebGPU that panics.
#![cfg(target_arch = "wasm32")]

mod common;

use std::sync::Once;

use burn::tensor::Device;
use common::{IMAGES, experiment, images, metric_bits, varieties};
use counterfeit::config::RunConfig;
use counterfeit::data::Images;
use counterfeit::message::{Metrics, Samples};
use counterfeit::trainer::{Players, Trainer};
use counterfeit::{snapshot, web};
use js_sys::{Function, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// What the browser does when it loads the page's module. The test runner leaves start functions out, and because ours is linked
/// in, the linker calls no constructors either: without this, WebGPU's compiler finds none of its passes.
fn start() {
    static ONCE: Once = Once::new();
    ONCE.call_once(web::start);
}

/// Trains and looks: the curves, and the pictures after the last step.
async fn run(config: &RunConfig, images: &Images, device: &Device, steps: usize) -> (Metrics, Samples) {
    let mut trainer = Trainer::new(experiment(config.clone()), IMAGES, device);
    let records = (0..steps).map(|_| trainer.step(images, Players::Both).expect("all images are there")).collect();
    let metrics = snapshot::metrics(records).await.expect("readable");
    (metrics, snapshot::forged(&trainer).await.expect("readable"))
}

/// Calls an export of this module from outside, as the page does: the wrapper that would run the constructors again is on the
/// export, not on the function.
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
        web::open_device("cpu".into()).await.expect("the CPU is always there");
    }
    assert_eq!(web::constructor_runs(), 1);
}

#[wasm_bindgen_test]
async fn on_the_cpu_a_seed_is_a_run() {
    start();
    let (images, cpu) = (images(), Device::flex());
    for (name, config) in varieties() {
        let (first, second) = (run(&config, &images, &cpu, 4).await, run(&config, &images, &cpu, 4).await);
        assert!(metric_bits(&first.0) == metric_bits(&second.0), "{name}: the second run's curves differ");
        assert!(first.1 == second.1, "{name}: the second run's pictures differ");
    }
}

#[cfg(feature = "webgpu")]
mod webgpu {
    use counterfeit::config::{Family, Norm};
    use counterfeit::device::{self, Kind};

    use super::*;

    /// Relative difference allowed over the first five steps. Sums are taken in another order on each device; Adam turns a
    /// gradient's sign, not its size, into a step, so that differences grow from there.
    const TOLERANCE: f32 = 1e-3;

    fn assert_close(name: &str, curve: &str, cpu: &[Option<f32>], gpu: &[Option<f32>]) {
        for (step, (a, b)) in cpu.iter().zip(gpu).enumerate() {
            let (a, b) = (a.expect("both play"), b.expect("both play"));
            assert!((a - b).abs() <= TOLERANCE * a.abs(), "{name}, {curve}, step {}: CPU {a}, WebGPU {b}", step + 1);
        }
    }

    #[wasm_bindgen_test]
    async fn webgpu_and_cpu_agree() {
        start();
        let images = images();
        // A worker opens its GPU once.
        let gpu = device::open(Kind::Webgpu).await.expect("the flags of webdriver.json give an adapter");
        let cpu = Device::flex();
        let dcgan = RunConfig::default();
        let cases = [
            ("DCGAN", dcgan.clone()),
            ("DCGAN, no norm in D", RunConfig { d_norm: Norm::None, ..dcgan.clone() }),
            ("MLP", RunConfig { family: Family::Mlp, ..dcgan }),
        ];
        for (name, config) in cases {
            // Before training, the same weights give the same pictures, but for rounding to one grey level.
            let [(_, on_cpu), (_, on_gpu)] = [run(&config, &images, &cpu, 0).await, run(&config, &images, &gpu, 0).await];
            let worst = on_cpu.pixels.iter().zip(&on_gpu.pixels).map(|(a, b)| a.abs_diff(*b)).max();
            assert!(worst <= Some(1), "{name}: pictures differ by {worst:?} grey levels");
            let [(on_cpu, _), (on_gpu, _)] = [run(&config, &images, &cpu, 5).await, run(&config, &images, &gpu, 5).await];
            assert_close(name, "D loss", &on_cpu.d_loss, &on_gpu.d_loss);
            assert_close(name, "G loss", &on_cpu.g_loss, &on_gpu.g_loss);
            assert_close(name, "D(x)", &on_cpu.d_real, &on_gpu.d_real);
            assert_close(name, "D(G(z))", &on_cpu.d_fake, &on_gpu.d_fake);
        }
    }
}
