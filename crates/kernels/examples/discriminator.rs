//! Trains a discriminator of two layers to tell two real points from two fake ones that no line separates, with the
//! fused kernels alone: `cargo run --release --package counterfeit-kernels --example discriminator`.

use burn::tensor::{Device, Tensor, TensorData};
use counterfeit_kernels::{
    Activation, Kind, Layer, RATES, Rate, Relation, Term, Terms, forward, loss_and_grad, optimize, records,
};

const UNITS: usize = 16;
const STEPS: u32 = 300;

fn main() {
    let device = Device::flex();
    let linear =
        |from, to, activation| Layer { kind: Kind::Linear, activation, bias: true, n: 4, from, to, side: [1, 1] };
    let (hidden, out) = (linear(2, UNITS, Activation::LeakyRelu(0.2)), linear(UNITS, 1, Activation::None));

    // Both layers' parameters as one flat vector: each layer is a segment of it.
    let size = hidden.segment() + out.segment();
    let mut weights = vector((0..size).map(|i| (i as f32 * 0.7).sin()).collect());
    // The first moment is followed by the records of non-finite values.
    let (mut m, mut v) = (Tensor::zeros([size + records(size)], &device), Tensor::zeros([size], &device));

    // Real samples come first.
    let points = vec![-1.0, -1.0, 1.0, 1.0, -1.0, 1.0, 1.0, -1.0f32];
    let x = Tensor::<2>::from_data(TensorData::new(points, [4, 2]), &device);
    // -log D(x) on real samples and -log(1 - D(x)) on fake ones, of a logit (Goodfellow et al. 2014, equation 1).
    let terms = Terms {
        real: 2,
        fake: 2,
        on_real: Term::softplus(-1.0),
        on_fake: Term::softplus(1.0),
        relation: Relation::Alone,
        logits: true,
    };

    for step in 1..=STEPS {
        let tracked = Tensor::from_inner(weights.clone()).require_grad();
        let h = forward(Tensor::<2>::from_inner(x.clone()), tracked.clone().slice([0..hidden.segment()]), hidden); // [4, 16]
        let logits = forward(h, tracked.clone().slice([hidden.segment()..size]), out); // [4, 1]
        let loss = loss_and_grad(logits, terms); // [3]: loss, mean D on real samples, mean D on fake samples
        let numbers: Vec<f32> = loss.clone().inner().into_data().try_to_vec().expect("f32");
        if step % 50 == 0 {
            println!("step {step:3}: loss {:.4}, D on real {:.3}, D on fake {:.3}", numbers[0], numbers[1], numbers[2]);
        }
        let mut gradients = loss.slice([0..1]).backward();
        let gradient = tracked.grad_remove(&mut gradients).expect("every weight has a part in the loss");
        [weights, m, v] = optimize(weights, m, v, gradient, vector(adam(step)));
    }
}

/// The coefficients of Adam's update in a step (Kingma and Ba 2015, end of section 2).
fn adam(step: u32) -> Vec<f32> {
    let (lr, beta1, beta2) = (0.01f32, 0.9f32, 0.999f32);
    let second = (1.0 - beta2.powi(step as i32)).sqrt();
    let mut rates = vec![0.0; RATES];
    for (rate, value) in [
        (Rate::Beta1, beta1),
        (Rate::Beta2, beta2),
        (Rate::Step, lr * second / (1.0 - beta1.powi(step as i32))),
        (Rate::Epsilon, 1e-8 * second),
        (Rate::DecayFactor, 1.0),
        (Rate::Clip, f32::INFINITY),
        (Rate::At, step as f32),
    ] {
        rates[rate as usize] = value;
    }
    rates
}

fn vector(values: Vec<f32>) -> Tensor<1> {
    let n = values.len();
    Tensor::from_data(TensorData::new(values, [n]), &Device::flex())
}
