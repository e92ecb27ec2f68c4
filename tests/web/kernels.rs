//! Kernels, losses and optimizers on WebGPU against the CPU.

use burn::tensor::{Device, Tensor, TensorData, Transaction};
use counterfeit::kernels::{self, Activation, Kind as LayerKind, Layer, Operations};
use counterfeit::loss::{self, Objective};
use counterfeit::optim::{Method, Optimizer, Rates};
use counterfeit::random::{Random, Stream};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::devices::{ROUNDING, close, gpu, read};
use crate::start;

async fn devices() -> (Device, Device) {
    start();
    (Device::flex(), gpu().await)
}

/// y, dL/dx and dL/dparams of one layer, for a loss with a different weight for every output.
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

/// Value, mean outputs and gradient of every loss, for D and for G.
#[wasm_bindgen_test]
async fn losses_agree() {
    let (cpu, gpu) = devices().await;
    let mut rng = Random::new(4, Stream::Noise);
    let n = 70;
    let outputs: Vec<f32> = (0..2 * n).map(|_| 2.0 * rng.normal()).collect();
    for objective in Objective::ALL {
        for terms in [objective.d_terms(n, 0.9), objective.g_terms(if objective.is_relativistic() { n } else { 2 * n })]
        {
            let numbers = async |device: &Device| {
                let data = TensorData::new(outputs.clone(), [2 * n, 1]);
                let leaf = Tensor::<2>::from_data(data, &device.clone().autodiff()).require_grad();
                let scored = loss::evaluate(leaf.clone(), terms, None, Operations::Kernels);
                let slopes = leaf.grad(&scored.gradients).expect("a leaf");
                read(Transaction::default().register(scored.numbers).register(slopes)).await
            };
            close(&format!("{terms:?}"), &numbers(&cpu).await, &numbers(&gpu).await, ROUNDING);
        }
    }
}

/// Three updates with every optimizer.
#[wasm_bindgen_test]
async fn optimizers_agree() {
    let (cpu, gpu) = devices().await;
    let mut rng = Random::new(4, Stream::Noise);
    let start: Vec<f32> = (0..128).map(|_| 2.0 * rng.normal()).collect();
    for method in [Method::Adam, Method::RmsProp, Method::Sgd, Method::Nesterov] {
        let updated = async |device: &Device| {
            let vector =
                |values: &[f32]| Tensor::<1>::from_data(TensorData::new(values.to_vec(), [values.len()]), device);
            let mut weights = vector(&start);
            let mut optimizer = Optimizer::new(method, &weights);
            for lr in [0.3, 0.1, 0.2] {
                let rates =
                    vector(&optimizer.next(Rates { lr, beta1: 0.5, beta2: 0.9, decay: 0.1, clip: 1.5, step: 1 }));
                let gradient = weights.clone() * 0.5 + 0.1;
                weights = optimizer.step(weights, gradient, rates, Operations::Kernels);
            }
            read(Transaction::default().register(weights)).await
        };
        close(&format!("{method:?}"), &updated(&cpu).await, &updated(&gpu).await, ROUNDING);
    }
}

/// Every kernel, at sizes that are multiples of its tile and at sizes that are not: each size with two activations, each
/// kernel with all four, because all pairs take a minute on a software GPU.
#[wasm_bindgen_test]
async fn kernels_agree() {
    let (cpu, gpu) = devices().await;
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
        for j in 0..2 {
            let activation = activations[(i + 2 * j) % 4];
            let bias = kind != LayerKind::BatchNorm && (i + j) % 2 == 0;
            let layer = Layer { kind, activation, bias, n, from, to, side };
            let (on_cpu, on_gpu) = (pass(layer, &cpu).await, pass(layer, &gpu).await);
            // y, dL/dx and dL/dparams. Sums of up to 1,568 terms in another order, rounded at 6e-8.
            close(&format!("{layer:?}"), &on_cpu, &on_gpu, 2e-5);
        }
    }
}

/// Matrix products and their gradients, with each factor stored plainly or transposed.
#[wasm_bindgen_test]
async fn products_agree() {
    let (cpu, gpu) = devices().await;
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
        close(&format!("{transposed:?}"), &pass(&cpu).await, &pass(&gpu).await, ROUNDING);
    }
}

/// Concatenation of fewer tensors than one launch takes, of more, and of lengths that are not multiples of 4.
#[wasm_bindgen_test]
async fn concatenations_agree() {
    let (_, gpu) = devices().await;
    for lengths in [vec![3, 3], vec![64, 128, 192], vec![8; 5], vec![4, 5, 1, 7, 2, 64, 3], vec![12; 11]] {
        let all: Vec<f32> = (0..lengths.iter().sum::<usize>()).map(|i| i as f32).collect();
        let mut rest = all.as_slice();
        let parts = lengths.iter().map(|&n| {
            let (part, after) = rest.split_at(n);
            rest = after;
            Tensor::<1>::from_data(TensorData::new(part.to_vec(), [n]), &gpu)
        });
        let joined = kernels::concat(parts.collect());
        assert_eq!(read(Transaction::default().register(joined)).await, [all], "{lengths:?}");
    }
}
