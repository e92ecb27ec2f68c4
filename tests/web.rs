//! The core inside a real browser, in a dedicated worker as on the page:
//! `wasm-pack test --headless --chrome --release -- --test web --features webgpu`.
//!
//! Nothing here reads a tensor synchronously: on WebGPU that panics.
#![cfg(target_arch = "wasm32")]

mod common;
#[cfg(feature = "webgpu")]
#[path = "web/finite.rs"]
mod finite;
#[cfg(feature = "webgpu")]
#[path = "web/points.rs"]
mod points;

#[cfg(feature = "webgpu")]
use std::cell::RefCell;
use std::sync::Once;

use burn::tensor::Device;
use common::{IMAGES, experiment, images, metric_bits, varieties};
use counterfeit::config::RunConfig;
use counterfeit::data::Images;
use counterfeit::message::{Metrics, Samples};
use counterfeit::snapshot::{self, View};
use counterfeit::trainer::{Players, Trainer};
use counterfeit::web;
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
    (metrics, snapshot::forged(&trainer, false, View::Fixed).await.expect("readable"))
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
        web::open_device("cpu".into(), JsValue::NULL).await.expect("the CPU is always there");
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

/// The GPU of this worker, which opens it once.
#[cfg(feature = "webgpu")]
async fn gpu() -> Device {
    use counterfeit::device::{Kind, open};
    thread_local!(static OPEN: RefCell<Option<Device>> = const { RefCell::new(None) });
    if let Some(device) = OPEN.with_borrow(Clone::clone) {
        return device;
    }
    let device = open(Kind::Webgpu).await.expect("the flags of webdriver.json give an adapter");
    OPEN.set(Some(device.clone()));
    device
}

#[cfg(feature = "webgpu")]
mod webgpu {
    use burn::tensor::{Tensor, TensorData, Transaction};
    use counterfeit::condition::Condition;
    use counterfeit::config::{Attention, BatchFeature, Family, Goal, HiddenUnit, Norm, Upsampling};
    use counterfeit::kernels::{self, Activation, Kind as LayerKind, Layer};
    use counterfeit::latent::{Random, Stream};
    use counterfeit::nets::Initialiser;
    use counterfeit::objective::{self, Objective, Penalty};
    use counterfeit::optim::{Method, Optimizer, Rates};
    use counterfeit::tricks::seen::Augment;

    use super::*;

    /// Relative difference allowed over the first five steps. Sums are taken in another order on each device; Adam turns a
    /// gradient's sign, not its size, into a step, so that differences grow from there.
    const TOLERANCE: f32 = 1e-3;

    pub fn assert_close(name: &str, curve: &str, cpu: &[Option<f32>], gpu: &[Option<f32>]) {
        for (step, (a, b)) in cpu.iter().zip(gpu).enumerate() {
            let (a, b) = (a.expect("both play"), b.expect("both play"));
            assert!((a - b).abs() <= TOLERANCE * a.abs(), "{name}, {curve}, step {}: CPU {a}, WebGPU {b}", step + 1);
        }
    }

    /// y, dL/dx and dL/dparams of one layer, for a loss that weighs every output differently.
    async fn pass(layer: Layer, device: &Device) -> Vec<Vec<f32>> {
        let mut rng = Random::new(3, Stream::Noise);
        let mut numbers = |n: usize| (0..n).map(|_| rng.normal()).collect::<Vec<f32>>();
        let (inner, graph) = (device.clone(), device.clone().autodiff());
        let data = |values: Vec<f32>, width: usize| TensorData::new(values, [layer.n, width]);
        let x = Tensor::<2>::from_data(data(numbers(layer.n * layer.inputs()), layer.inputs()), &graph).require_grad();
        let weigh = Tensor::<2>::from_data(data(numbers(layer.n * layer.outputs()), layer.outputs()), &graph);
        let params = Tensor::<1>::from_data(TensorData::new(numbers(layer.segment()), [layer.segment()]), &inner);
        let params = Tensor::from_inner(params).require_grad();
        let y = match layer.kind {
            LayerKind::BatchNorm => kernels::batch_norm(x.clone(), None, params.clone(), layer).0,
            _ => kernels::forward(x.clone(), params.clone(), layer),
        };
        let gradients = (y.clone() * weigh).sum().backward();
        let transaction = Transaction::default()
            .register(y.inner())
            .register(x.grad(&gradients).expect("x is a leaf"))
            .register(params.grad(&gradients).expect("params are a leaf"));
        read(transaction).await
    }

    /// Loss, means and slopes of every game, for D and for G, and three updates by every optimizer.
    async fn games_and_optimizers_agree(cpu: &Device, gpu: &Device) {
        let mut rng = Random::new(4, Stream::Noise);
        let n = 70;
        let outputs: Vec<f32> = (0..2 * n).map(|_| 2.0 * rng.normal()).collect();
        for game in Objective::ALL {
            for terms in [game.d_terms(n, 0.9), game.g_terms(if game.compares() { n } else { 2 * n })] {
                let numbers = async |device: &Device| {
                    let data = TensorData::new(outputs.clone(), [2 * n, 1]);
                    let leaf = Tensor::<2>::from_data(data, &device.clone().autodiff()).require_grad();
                    let scored = objective::score(leaf.clone(), terms, None, true);
                    let slopes = leaf.grad(&scored.gradients).expect("a leaf");
                    read(Transaction::default().register(scored.numbers).register(slopes)).await
                };
                close(&format!("{terms:?}"), &numbers(cpu).await, &numbers(gpu).await);
            }
        }
        for method in [Method::Adam, Method::RmsProp, Method::Sgd, Method::Nesterov] {
            let updated = async |device: &Device| {
                let vector = |values: &[f32]| Tensor::<1>::from_data(TensorData::new(values.to_vec(), [values.len()]), device);
                let mut weights = vector(&outputs[..128]);
                let mut optimizer = Optimizer::new(method, &weights);
                for lr in [0.3, 0.1, 0.2] {
                    let rates = vector(&optimizer.next(Rates { lr, beta1: 0.5, beta2: 0.9, decay: 0.1, clip: 1.5, step: 1 }));
                    let gradient = weights.clone() * 0.5 + 0.1;
                    weights = optimizer.step(weights, gradient, rates, true);
                }
                read(Transaction::default().register(weights)).await
            };
            close(&format!("{method:?}"), &updated(cpu).await, &updated(gpu).await);
        }
    }

    pub async fn read(transaction: Transaction) -> Vec<Vec<f32>> {
        let data = transaction.execute_async().await.expect("readable");
        data.into_iter().map(|d| d.try_to_vec().expect("f32")).collect()
    }

    /// Within rounding of the largest value.
    pub fn close(what: &str, cpu: &[Vec<f32>], gpu: &[Vec<f32>]) {
        for (a, b) in cpu.iter().zip(gpu) {
            let scale = a.iter().fold(0f32, |m, v| m.max(v.abs()));
            let worst = a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(a.len() == b.len() && worst <= 1e-5 * scale, "{what}: off by {worst} of {scale}");
        }
    }

    /// Every kernel at the sizes it is written for and at sizes that no tile divides.
    async fn kernels_agree(cpu: &Device, gpu: &Device) {
        let activations = [Activation::None, Activation::Relu, Activation::LeakyRelu(0.2), Activation::Tanh];
        let sizes = [
            (LayerKind::Linear, 64, 64, 128, [1, 1]),
            (LayerKind::Linear, 7, 100, 17, [1, 1]),
            (LayerKind::Linear, 9, 1568, 1, [1, 1]),
            (LayerKind::Linear, 5, 12, 8, [1, 1]),
            (LayerKind::ConvDown, 5, 1, 16, [14, 14]),
            (LayerKind::ConvDown, 3, 16, 32, [7, 7]),
            (LayerKind::ConvDown, 2, 3, 5, [7, 7]),
            (LayerKind::ConvUp, 5, 16, 1, [14, 14]),
            (LayerKind::ConvUp, 3, 32, 16, [7, 7]),
            (LayerKind::ConvUp, 2, 5, 6, [7, 7]),
            (LayerKind::Conv3, 3, 16, 16, [14, 14]),
            (LayerKind::Conv3, 2, 8, 1, [28, 28]),
            (LayerKind::Conv3, 2, 3, 5, [7, 7]),
            (LayerKind::Conv1, 3, 16, 32, [7, 7]),
            (LayerKind::Conv1, 2, 3, 2, [196, 1]),
            (LayerKind::BatchNorm, 6, 16, 16, [14, 14]),
            (LayerKind::BatchNorm, 33, 100, 100, [1, 1]),
        ];
        for (i, (kind, n, from, to, side)) in sizes.into_iter().enumerate() {
            for (j, activation) in activations.into_iter().enumerate() {
                let bias = kind != LayerKind::BatchNorm && (i + j) % 2 == 0;
                let layer = Layer { kind, activation, bias, n, from, to, side };
                let (on_cpu, on_gpu) = (pass(layer, cpu).await, pass(layer, gpu).await);
                for (what, a, b) in [0, 1, 2].map(|i| (["y", "dx", "dparams"][i], &on_cpu[i], &on_gpu[i])) {
                    // Of the largest value: sums of up to 1,568 terms in another order, at 6e-8 a rounding.
                    let scale = a.iter().fold(0f32, |m, v| m.max(v.abs()));
                    let worst = a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
                    assert!(a.len() == b.len() && worst <= 2e-5 * scale, "{layer:?}, {what}: off by {worst} of {scale}");
                }
            }
        }
    }

    /// Products of matrices and their gradients, each factor stored either way.
    async fn products_agree(cpu: &Device, gpu: &Device) {
        let (n, rows, inner, columns) = (3, 7, 5, 65);
        for transposed in [[false, false], [false, true], [true, false], [true, true]] {
            let pass = async |device: &Device| {
                let mut rng = Random::new(5, Stream::Noise);
                let mut leaf = |shape: [usize; 2], turned: bool| {
                    let [r, c] = if turned { [shape[1], shape[0]] } else { shape };
                    let numbers = (0..n * r * c).map(|_| rng.normal()).collect::<Vec<f32>>();
                    Tensor::<3>::from_data(TensorData::new(numbers, [n, r, c]), &device.clone().autodiff()).require_grad()
                };
                let (a, b) = (leaf([rows, inner], transposed[0]), leaf([inner, columns], transposed[1]));
                let weigh = leaf([rows, columns], false);
                let y = kernels::product(a.clone(), b.clone(), transposed);
                let gradients = (y.clone() * weigh).sum().backward();
                let slopes = [a, b].map(|t| t.grad(&gradients).expect("a leaf"));
                let [a, b] = slopes;
                read(Transaction::default().register(y.inner()).register(a).register(b)).await
            };
            close(&format!("{transposed:?}"), &pass(cpu).await, &pass(gpu).await);
        }
    }

    /// Tensors one after another: fewer than one launch takes, more, and of lengths that are no multiple of four.
    async fn joins_agree(gpu: &Device) {
        for lengths in [vec![3, 3], vec![64, 128, 192], vec![8; 5], vec![4, 5, 1, 7, 2, 64, 3], vec![12; 11]] {
            let all: Vec<f32> = (0..lengths.iter().sum::<usize>()).map(|i| i as f32).collect();
            let mut rest = all.as_slice();
            let parts = lengths.iter().map(|&n| {
                let (part, after) = rest.split_at(n);
                rest = after;
                Tensor::<1>::from_data(TensorData::new(part.to_vec(), [n]), gpu)
            });
            let joined = kernels::join(parts.collect());
            assert_eq!(read(Transaction::default().register(joined)).await, [all], "{lengths:?}");
        }
    }

    /// Small networks with the layers that the large ones below do not have.
    fn small_ones() -> Vec<(&'static str, RunConfig, usize)> {
        let dcgan = RunConfig { g_channels: 4, d_channels: 4, ..common::dcgan() };
        vec![
            (
                "pixel norm, layer normalisation, equalised, gradient penalty",
                RunConfig {
                    g_norm: Norm::Pixel,
                    d_norm: Norm::Layer,
                    init: Initialiser::Equalised,
                    d_penalty: Penalty::Wgan,
                    ..dcgan.clone()
                },
                4,
            ),
            (
                "repeated values, instance and group normalisation",
                RunConfig { g_norm: Norm::Instance, d_norm: Norm::Group, g_up: Upsampling::Nearest, ..dcgan.clone() },
                4,
            ),
            (
                "shuffle, attention, spectral norm, R1",
                RunConfig {
                    g_norm: Norm::Spectral,
                    d_norm: Norm::Spectral,
                    g_up: Upsampling::Shuffle,
                    attention: Attention::Both,
                    d_penalty: Penalty::R1,
                    ..dcgan
                },
                4,
            ),
            (
                "MLP, codes, augmentation, noise, minibatch discrimination",
                RunConfig {
                    condition: Condition::Codes,
                    code_augment: Augment::Pose,
                    augment: Augment::All,
                    d_noise: 0.1,
                    d_batch: BatchFeature::Closeness,
                    ..common::mlp()
                },
                4,
            ),
            (
                "MLP, class projected, feature matching, clipped gradients",
                RunConfig { condition: Condition::Projection, g_goal: Goal::Features, d_clip_norm: 0.1, ..common::mlp() },
                4,
            ),
            ("ResNet, R1 and R2", RunConfig { d_penalty: Penalty::R1AndR2, ..common::resnet() }, 4),
        ]
    }

    /// One step, because later ones differ by what Adam makes of rounding.
    async fn average_agrees(name: &str, config: &RunConfig, images: &Images, devices: [&Device; 2]) {
        let mut averages = Vec::new();
        for device in devices {
            let mut trainer = Trainer::new(experiment(config.clone()), IMAGES, device);
            trainer.step(images, Players::Generator).expect("all images are there");
            let read = Transaction::default().register(trainer.averaged().weights.clone()).execute_async();
            averages.push(read.await.expect("readable").remove(0).try_to_vec::<f32>().expect("f32"));
        }
        let worst = averages[0].iter().zip(&averages[1]).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        // Adam's first step is the learning rate, up or down: a weight whose gradient is all rounding may go either way.
        let step = 2.0 * 9.0 / 11.0 * config.g_lr as f32;
        assert!(worst <= 1.001 * step, "{name}: averages differ by {worst}");
        let apart = averages[0].iter().zip(&averages[1]).filter(|(a, b)| (*a - *b).abs() > 1e-5).count();
        assert!(apart * 50 < averages[0].len(), "{name}: {apart} of {} averages differ", averages[0].len());
    }

    #[wasm_bindgen_test]
    async fn webgpu_and_cpu_agree() {
        start();
        let images = images();
        let gpu = gpu().await;
        let cpu = Device::flex();
        kernels_agree(&cpu, &gpu).await;
        products_agree(&cpu, &gpu).await;
        joins_agree(&gpu).await;
        games_and_optimizers_agree(&cpu, &gpu).await;
        super::points::agree(&cpu, &gpu).await;
        let default = RunConfig::default();
        let dcgan = RunConfig { g_dense: 0, d_dense: 0, g_lr: 1e-3, d_lr: 5e-4, ..default.clone() };
        let cases = [
            ("DCGAN", dcgan.clone(), 5),
            ("DCGAN, no norm in D", RunConfig { d_norm: Norm::None, ..dcgan.clone() }, 5),
            ("DCGAN, R1 and R2", RunConfig { d_norm: Norm::None, d_penalty: Penalty::R1AndR2, ..dcgan.clone() }, 5),
            ("MLP", RunConfig { family: Family::Mlp, ..dcgan.clone() }, 5),
            (
                "MLP, maxout, gradient penalty",
                RunConfig {
                    family: Family::Mlp,
                    d_norm: Norm::None,
                    d_hidden: HiddenUnit::Maxout,
                    d_penalty: Penalty::Wgan,
                    d_penalty_weight: 10.0,
                    ..dcgan
                },
                5,
            ),
            ("the default, no norm in D", RunConfig { d_norm: Norm::None, ..default.clone() }, 5),
            // Batch normalisation of fully connected layers lets rounding grow tenfold a step, on the CPU alone as
            // well: docs/decisions/numerical-agreement.md.
            ("the default", default, 2),
        ];
        let guided = common::guided().into_iter().map(|(name, config)| (name, config, 4));
        for (name, config, steps) in cases.into_iter().chain(small_ones()).chain(guided) {
            // Before training, the same weights give the same pictures, but for rounding to one grey level.
            let [(_, on_cpu), (_, on_gpu)] = [run(&config, &images, &cpu, 0).await, run(&config, &images, &gpu, 0).await];
            let worst = on_cpu.pixels.iter().zip(&on_gpu.pixels).map(|(a, b)| a.abs_diff(*b)).max();
            assert!(worst <= Some(1), "{name}: pictures differ by {worst:?} grey levels");
            let [(on_cpu, _), (on_gpu, _)] = [run(&config, &images, &cpu, steps).await, run(&config, &images, &gpu, steps).await];
            assert_close(name, "D loss", &on_cpu.d_loss, &on_gpu.d_loss);
            assert_close(name, "G loss", &on_cpu.g_loss, &on_gpu.g_loss);
            assert_close(name, "D(x)", &on_cpu.d_real, &on_gpu.d_real);
            assert_close(name, "D(G(z))", &on_cpu.d_fake, &on_gpu.d_fake);
            average_agrees(name, &config, &images, [&cpu, &gpu]).await;
        }
    }
}
