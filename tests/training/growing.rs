//! Networks that grow while they are trained.

use std::sync::Arc;

use crate::common::{PIXELS, SIDE};
use burn::tensor::Tensor;
use counterfeit::config;
use counterfeit::nn::{Mode, Network, Operations, Plan, Stage, faded};
use counterfeit::random::{Random, Stream};

use super::support::{normal, steps, tensor, trainer, values};
use crate::common;

const STILL: [Stage; 3] = [still(0), still(1), still(2)];

const fn still(level: usize) -> Stage {
    Stage { level, fading: false }
}

fn fading(level: usize) -> Stage {
    Stage { level, fading: true }
}

fn rng() -> Random {
    Random::new(9, Stream::Noise)
}

/// What a network's weights make of `x` in a stage, with this share of the newest layers.
fn through(network: &Network, plan: Plan, alpha: Option<f32>, x: &Tensor<2>) -> Vec<f32> {
    let blend = alpha.map(|a| tensor(vec![a; 64], [64]));
    values(&Network { plan: Arc::new(plan), blend, ..network.clone() }.frozen().forward(x.clone(), Mode::Train))
}

#[test]
fn a_fade_begins_at_the_resolution_before_and_ends_at_its_own() {
    let config = common::growing();
    let run = trainer(config.clone());
    let g = |stage| Plan::generator_in(&config.g_spec(), stage);
    let d = |stage| Plan::discriminator_in(&config.d_spec(), stage);
    let (z, images) = (normal(&mut rng(), [4, 5]), normal(&mut rng(), [4, PIXELS]));
    for operations in [Operations::Kernels, Operations::Reference] {
        let [gen_, dis] = [run.generator(), run.discriminator()].map(|n| Network { operations, ..n.clone() });
        for level in [1, 2] {
            let both = |network: &Network, plan: &dyn Fn(Stage) -> Plan, x| {
                let at = |stage, alpha| through(network, plan(stage), alpha, x);
                let [before, own] = [level - 1, level].map(|l| at(STILL[l], None));
                let [begin, half, end] = [0.0, 0.5, 1.0].map(|a| at(fading(level), Some(a)));
                // The kernel that takes a tanh along rounds it in its own way.
                let same = |a: &[f32], b: &[f32]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-6 * (1.0 + b.abs()));
                assert!(same(&begin, &before) && same(&end, &own), "{level}, {operations:?}");
                assert!(half != before && half != own && before != own);
            };
            both(&gen_, &g, &z);
            both(&dis, &d, &images);
        }
    }
}

#[test]
fn an_image_has_its_stages_resolution() {
    let config = common::growing();
    let run = trainer(config.clone());
    for stage in STILL {
        let image =
            through(run.generator(), Plan::generator_in(&config.g_spec(), stage), None, &normal(&mut rng(), [1, 5]));
        let block = SIDE / stage.side(SIDE);
        let corner = |i: usize| (i / SIDE / block * block) * SIDE + i % SIDE / block * block;
        assert!((0..PIXELS).all(|i| image[i] == image[corner(i)]), "{stage:?}");
        assert!(image.iter().any(|v| (v - image[0]).abs() > 1e-3), "{stage:?}: nothing to see");
    }
}

#[test]
fn real_images_get_their_detail_with_the_fade() {
    let x = normal(&mut rng(), [3, PIXELS]);
    let at = |stage, alpha: f32| values(&faded(x.clone(), [1, SIDE, SIDE], stage, tensor(vec![alpha; 64], [64])));
    for (stage, block) in [(fading(1), 4), (fading(2), 2)] {
        let coarse = at(stage, 0.0);
        for (i, v) in coarse.iter().enumerate() {
            let (image, y, x0) = (i / PIXELS * PIXELS, i % PIXELS / SIDE / block * block, i % SIDE / block * block);
            let inside = (0..block * block).map(|k| image + (y + k / block) * SIDE + x0 + k % block);
            let mean = inside.map(|k| f64::from(values(&x)[k])).sum::<f64>() / (block * block) as f64;
            assert!((f64::from(*v) - mean).abs() < 1e-5);
            if i > 60 {
                break;
            }
        }
        for (part, whole) in [(at(stage, 1.0), values(&x)), (at(stage, 0.5), at(stage, 0.5))] {
            assert!(part.iter().zip(&whole).all(|(a, b)| (a - b).abs() < 1e-5));
        }
        let half = at(stage, 0.5);
        assert!(half.iter().zip(coarse.iter().zip(values(&x))).all(|(h, (c, x))| (h - (c + x) / 2.0).abs() < 1e-5));
    }
}

/// Of each network, whether each slot has moved from `before`.
fn moved(before: &[Vec<f32>; 2], run: &counterfeit::trainer::Trainer) -> [Vec<f32>; 2] {
    [0, 1].map(|i| {
        let network = run.networks_with_optimizers()[i].0;
        let now = values(&network.weights);
        let of = |range: std::ops::Range<usize>| range.map(|k| (now[k] - before[i][k]).abs()).fold(0.0, f32::max);
        network.plan.weights.slots.iter().map(|slot| of(slot.range())).collect()
    })
}

fn weights(run: &counterfeit::trainer::Trainer) -> [Vec<f32>; 2] {
    [0, 1].map(|i| values(&run.networks_with_optimizers()[i].0.weights))
}

#[test]
fn what_does_not_play_rests_and_what_comes_begins_gently() {
    let config = config! {
        growth.stage_steps: 30,
        growth.fade_steps: 2,
        discriminator.optimizer.beta1: 0.0,
        discriminator.optimizer.beta2: 0.99,
        generator.optimizer.beta1: 0.0,
        generator.optimizer.beta2: 0.99,
        ..common::growing()
    };
    let mut run = trainer(config.clone());
    let start = weights(&run);
    steps(&mut run, 30);
    let plans = |stage| [Plan::generator_in(&config.g_spec(), stage), Plan::discriminator_in(&config.d_spec(), stage)];
    let first = moved(&start, &run);
    // Slots that a list of layers has: its first and last ones name them.
    let plays = |plan: &Plan, slot: usize| plan.names(slot);
    for (moves, plan) in first.iter().zip(plans(STILL[0])) {
        for (slot, moves) in moves.iter().enumerate() {
            assert_eq!(*moves > 0.0, plays(&plan, slot), "{}", plan.weights.slots[slot].name);
        }
    }
    // The first step of a fade has alpha 0: what is new has no gradient yet. In the second it moves, and by no more
    // than Adam's first step, the learning rate.
    steps(&mut run, 1);
    let before = weights(&run);
    steps(&mut run, 1);
    for (moves, plan) in moved(&before, &run).iter().zip(plans(fading(1))) {
        for (slot, moves) in moves.iter().enumerate() {
            let name = &plan.weights.slots[slot].name;
            assert_eq!(*moves > 0.0, plays(&plan, slot), "{name}");
            assert!(*moves < 1.5e-3, "{name}: {moves}");
        }
    }
    // And on to the end.
    steps(&mut run, 40);
    assert_eq!(run.growth().unwrap().stage, Stage::LAST);
    assert!(moved(&start, &run).iter().flatten().all(|m| *m > 0.0));
}
