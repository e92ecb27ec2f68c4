//! The kernels against the plain operations that define them, through whole networks: pictures, logits, gradients,
//! statistics, and a run of steps.

use crate::common::PIXELS;
use burn::tensor::Tensor;
use counterfeit::config::{DiscriminatorType, Family};
use counterfeit::kernels::{self, Function};
use counterfeit::loss::evaluate;
use counterfeit::nn::{Initialiser, Mode, Network, Operations};
use counterfeit::optim::flat_gradient;
use counterfeit::random::{Random, Stream};

use super::support::{metrics, normal, steps, tensor, trainer, values};
use crate::common;

/// Of the largest value. f32 rounds at 6e-8, and the sums here have some thousand terms in another order: the two are at
/// most 2e-6 apart.
const TOLERANCE: f32 = 5e-6;
/// With pixel and layer normalisation over weights of size 1. There the gradient of the plain operations is 4.1e-5 from
/// that in f64, and that of the kernels 1.4e-5.
const EQUALISED: f32 = 5e-5;

fn assert_close(what: &str, plain: &[f32], kernel: &[f32], tolerance: f32) {
    let scale = plain.iter().fold(0f32, |m, v| m.max(v.abs()));
    let worst = plain.iter().zip(kernel).map(|(p, k)| (p - k).abs()).fold(0.0, f32::max);
    assert!(plain.len() == kernel.len() && worst <= tolerance * scale, "{what}: off by {worst} of {scale}");
}

fn as_plain(network: &Network) -> Network {
    Network { operations: Operations::Reference, ..network.clone() }
}

/// What a network makes of `x`, the gradient of its weights along `direction`, and its statistics after the pass.
fn pass(network: &Network, x: &Tensor<2>, direction: &Tensor<2>, dropout: &Tensor<1>) -> [Vec<f32>; 3] {
    let mut bound = network.tracked().with_random(Some(dropout.clone()));
    let y = bound.forward(Tensor::from_inner(x.clone()), Mode::Train);
    let statistics = std::mem::take(&mut bound.batch_statistics);
    let loss = (y.clone() * Tensor::from_inner(direction.clone())).sum();
    let gradient = flat_gradient(&bound, &mut loss.backward());
    let mut after = network.clone();
    after.update_running_stats(statistics, 0.3);
    [values(&y.inner()), values(&gradient), after.statistics.as_ref().map(values).unwrap_or_default()]
}

#[test]
fn every_network_computes_what_plain_operations_compute() {
    for (name, config) in common::varieties().into_iter().chain(common::guided()) {
        let t = trainer(config.clone());
        assert!(
            [t.generator(), t.discriminator()].iter().all(|n| n.operations == Operations::Kernels),
            "the CPU has kernels"
        );
        let tolerance = if config.init == Initialiser::Equalised { EQUALISED } else { TOLERANCE };
        let mut rng = Random::new(5, Stream::Noise);
        let rows = 6;
        for (which, network, width) in [("G", t.generator(), config.latent_dim), ("D", t.discriminator(), PIXELS)] {
            let x = normal(&mut rng, [rows, width]);
            let outputs = if which == "G" { PIXELS } else { 1 };
            let direction = normal(&mut rng, [rows, outputs]);
            let uniform = (0..network.plan.random_counts(rows).max(1)).map(|_| rng.uniform()).collect::<Vec<f32>>();
            let dropout = tensor(uniform.clone(), [uniform.len()]);
            let (plain, kernel) =
                (pass(&as_plain(network), &x, &direction, &dropout), pass(network, &x, &direction, &dropout));
            for (what, p, k) in [0, 1, 2].map(|i| (["output", "gradient", "statistics"][i], &plain[i], &kernel[i])) {
                assert_close(&format!("{name}, {which}, {what}"), p, k, tolerance);
            }
            let sample = |n: &Network| values(&n.frozen().forward(x.clone(), Mode::Sample));
            assert_close(
                &format!("{name}, {which}, a sample"),
                &sample(&as_plain(network)),
                &sample(network),
                tolerance,
            );
        }
    }
}

#[test]
fn joined_tensors_lie_one_after_another() {
    for lengths in [vec![3], vec![3, 3], vec![4, 5, 1, 7, 2, 64, 3], vec![12; 11]] {
        let parts = lengths.iter().enumerate().map(|(i, &n)| tensor(vec![i as f32; n], [n])).collect();
        let expected: Vec<f32> = lengths.iter().enumerate().flat_map(|(i, &n)| vec![i as f32; n]).collect();
        assert_eq!(values(&kernels::concat(parts)), expected, "{lengths:?}");
    }
}

#[test]
fn functions_of_one_value_and_means_have_their_values_and_gradients() {
    let x = [0.04f32, 0.5, 1.0, 2.5, 9.0, 16.0];
    type Pair = fn(f64) -> f64;
    let cases: [(Function, Pair, Pair); 3] = [
        (Function::Sqrt, f64::sqrt, |x| 0.5 / x.sqrt()),
        (Function::Exp, f64::exp, f64::exp),
        (Function::Tanh, f64::tanh, |x| 1.0 - x.tanh().powi(2)),
    ];
    for (f, value, slope) in cases {
        let leaf = Tensor::from_inner(tensor::<1>(x.to_vec(), [6])).require_grad();
        let y = kernels::pointwise(leaf.clone(), f);
        let gradient = values(&leaf.grad(&y.clone().sum().backward()).expect("a leaf"));
        for ((&x, &y), &g) in x.iter().zip(&values(&y.inner())).zip(&gradient) {
            let x = f64::from(x);
            assert!((f64::from(y) - value(x)).abs() < 1e-6 * value(x).abs(), "{f:?} {x}: {y}");
            assert!((f64::from(g) - slope(x)).abs() < 1e-6 * slope(x).abs().max(1.0), "{f:?} {x}, gradient: {g}");
        }
    }
    let leaf = Tensor::from_inner(tensor::<2>(x.to_vec(), [2, 3])).require_grad();
    let weights = Tensor::from_inner(tensor::<2>(vec![2.0, -1.0], [2, 1]));
    let mean = kernels::mean_rows(leaf.clone());
    let gradient = leaf.grad(&(mean.clone() * weights).sum().backward()).expect("a leaf");
    assert_close("mean of rows", &[1.54 / 3.0, 27.5 / 3.0], &values(&mean.inner()), TOLERANCE);
    let third = 1.0 / 3.0;
    assert_close("its gradient", &[2.0, 2.0, 2.0, -1.0, -1.0, -1.0].map(|g| g * third), &values(&gradient), TOLERANCE);
}

#[test]
fn a_loss_has_the_same_numbers_either_way() {
    for (name, config) in common::varieties() {
        let logits = normal::<2>(&mut Random::new(2, Stream::Noise), [12, 1]);
        for terms in [
            config.loss.objective.d_terms(6, config.loss.real_target),
            config.loss.objective.g_terms(if config.loss.objective.is_relativistic() { 6 } else { 12 }),
        ] {
            let numbers = |operations| {
                let leaf = Tensor::from_inner(logits.clone()).require_grad();
                let scored = evaluate(leaf.clone(), terms, None, operations);
                [values(&scored.numbers), values(&leaf.grad(&scored.gradients).expect("a leaf"))].concat()
            };
            assert_close(name, &numbers(Operations::Reference), &numbers(Operations::Kernels), TOLERANCE);
        }
    }
}

/// The core with kernels and the core without are the same core. How many steps stay together depends on the network:
/// with batch normalisation rounding grows faster, because Adam turns the rounding errors of biases without effect into
/// whole steps, and when that begins depends on the processor's own order of sums. Steps and tolerances below are what
/// was measured, with room: see `docs/decisions/numerical-agreement.md`.
#[test]
fn two_hundred_steps_agree() {
    for (name, config) in common::varieties().into_iter().chain(common::guided()) {
        let (mut fused, mut plain) = (trainer(config.clone()), trainer(config.clone()));
        plain.use_plain_operations();
        let normalised = config.generator.network.norm.restores();
        let (n, tolerance) = match (normalised, config.generator.network.dense) {
            // A likeness is not smooth: they agree to 1e-6 until a pixel's difference has another sign in one of the
            // two.
            _ if config.discriminator.form == DiscriminatorType::Autoencoder => {
                (if config.family == Family::Mlp { 50 } else { 40 }, 1e-3)
            }
            // With pixel and layer normalisation over weights of size 1.
            _ if config.init == Initialiser::Equalised => (15, 1e-3),
            _ if matches!(config.family, Family::Growing | Family::Style) => (12, 1e-3),
            (false, 0) if config.family == Family::Resnet => (60, 1e-3),
            (false, 0) => (200, 1e-3),
            (false, _) if config.family == Family::Mlp => (200, 1e-3),
            (false, _) => (40, 1e-3),
            (true, 0) => (48, 1e-3),
            (true, _) => (40, 1e-2),
        };
        let (a, b) = (metrics(steps(&mut fused, n)), metrics(steps(&mut plain, n)));
        for (a, b) in [(&a.d_loss, &b.d_loss), (&a.g_loss, &b.g_loss), (&a.d_real, &b.d_real), (&a.d_fake, &b.d_fake)] {
            for (step, (a, b)) in a.iter().zip(b).enumerate() {
                let (a, b) = (a.expect("both play"), b.expect("both play"));
                assert!((a - b).abs() <= tolerance * b.abs(), "{name}, step {}: {a} {b}", step + 1);
            }
        }
    }
}
