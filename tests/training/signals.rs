//! What is reported of each layer is what the optimizer did to it.

use std::array::from_fn;

use counterfeit::config;
use counterfeit::nn::{Layer, Network};
use counterfeit::signals::{self, LayerGradientStats, Signals};
use counterfeit::trainer::{StepKind, Trainer};

use super::by_hand::ByHand;
use super::support::{images, steps, trainer, values, wait};
use crate::common;

/// One rounding in f32, relative to the result.
const ROUNDING: f64 = 1.0 / (1u32 << 24) as f64;
/// Exact in f32, and so is 1 - beta1.
const BETA1: f64 = 0.5;

fn norm(values: impl IntoIterator<Item = f64>) -> f64 {
    values.into_iter().map(|v| v * v).sum::<f64>().sqrt()
}

/// Of G and D.
fn read(run: &Trainer) -> [Vec<LayerGradientStats>; 2] {
    let Signals { generator, discriminator } = wait(signals::read(run)).expect("the CPU device reads back");
    [generator, discriminator]
}

/// Weights of G and D.
fn weights(run: &Trainer) -> [Vec<f64>; 2] {
    run.networks_with_optimizers().map(|(network, _)| wide(values(&network.weights)))
}

fn wide(values: Vec<f32>) -> Vec<f64> {
    values.into_iter().map(f64::from).collect()
}

/// The share of each of `n` updates' gradients in their average, oldest first: Adam's first moment, corrected for its
/// start.
fn shares(n: usize) -> Vec<f64> {
    let share = |i: usize| (1.0 - BETA1) * BETA1.powi((n - 1 - i) as i32) / (1.0 - BETA1.powi(n as i32));
    (0..n).map(share).collect()
}

/// Whether there are weights that have no gradient before the first update, because one after them starts at 0.
fn starts_closed(network: &Network) -> bool {
    network.plan.layers.iter().any(|l| matches!(l, Layer::Attention(_) | Layer::Add(_)))
}

#[test]
fn a_ratio_is_the_step_just_made_over_the_weights() {
    for (name, config) in common::varieties() {
        let mut run = trainer(config);
        for step in 1..=3 {
            let before = weights(&run);
            steps(&mut run, 1);
            let (after, stats) = (weights(&run), read(&run));
            for (id, (network, _)) in run.networks_with_optimizers().into_iter().enumerate() {
                let slots = &network.plan.weights.slots;
                assert_eq!(slots.len(), stats[id].len());
                for (slot, stat) in slots.iter().zip(&stats[id]) {
                    assert_eq!(slot.name, stat.name);
                    let made = norm(slot.range().map(|i| after[id][i] - before[id][i]));
                    let size = norm(slot.range().map(|i| after[id][i]));
                    // The update is rounded at step size, epsilon, product, root, sum and quotient; then each weight
                    // is.
                    let allowed = ROUNDING * (6.0 * made + size);
                    let what = format!("{name}, step {step}, network {id}, {}", slot.name);
                    assert!((stat.ratio * size - made).abs() <= allowed, "{what}: {} {made} {size}", stat.ratio);
                    let waits = step == 1 && made == 0.0 && starts_closed(network);
                    // So that two digits are compared at least.
                    assert!(made > 100.0 * allowed || waits, "{what}: too small to tell: {made} of {allowed}");
                }
            }
        }
    }
}

#[test]
fn a_gradient_is_the_average_of_those_so_far() {
    for (name, config) in common::varieties() {
        let config = config! { generator.optimizer.beta1: BETA1, discriminator.optimizer.beta1: BETA1, ..config };
        let (mut by_hand, mut run) = (ByHand::new(config.clone()), trainer(config));
        // After one update the average is that update's gradient.
        for n in 1..=3 {
            steps(&mut run, 1);
            by_hand.step(StepKind::Both);
            let stats = read(&run);
            for (id, (network, _)) in run.networks_with_optimizers().into_iter().enumerate() {
                let gradients: Vec<Vec<f64>> = by_hand.gradients[id].iter().map(|g| wide(values(g))).collect();
                let check = |what: &str, found: f64, range: std::ops::Range<usize>| {
                    let average = |i: usize| gradients.iter().zip(shares(n)).map(|(g, share)| share * g[i]).sum();
                    let expected = norm(range.clone().map(average));
                    // Each update rounds two products and their sum: at worst all the same way.
                    let sizes = gradients
                        .iter()
                        .zip(shares(n))
                        .map(|(g, share)| share * norm(g[range.clone()].iter().copied()));
                    let allowed = 3.0 * n as f64 * ROUNDING * sizes.sum::<f64>();
                    let what = format!("{name}, step {n}, network {id}, {what}");
                    assert!((found - expected).abs() <= allowed, "{what}: {found} {expected}");
                    assert!(expected > 0.0 || n == 1 && starts_closed(network), "{what}: nothing to tell");
                };
                let layout = &network.plan.weights;
                for (slot, stat) in layout.slots.iter().zip(&stats[id]) {
                    check(&slot.name, stat.gradient, slot.range());
                }
                check("all layers", signals::total(&stats[id]), 0..layout.size());
            }
        }
    }
}

#[test]
fn a_network_that_rests_keeps_its_last_signals() {
    let mut run = trainer(common::dcgan());
    assert!(read(&run).iter().flatten().all(|p| p.gradient == 0.0 && p.ratio == 0.0), "nothing was updated yet");
    steps(&mut run, 1);
    let resting = [StepKind::Discriminator, StepKind::Generator];
    for (id, kind) in resting.into_iter().enumerate() {
        let before = read(&run);
        run.step(images(), kind).expect("all images are there");
        let after = read(&run);
        let same: [bool; 2] = from_fn(|i| before[i] == after[i]);
        assert!(same[id] && !same[1 - id], "{kind:?}");
    }
}
