//! Shapes and parameter counts that layers tell without running them are those of the networks that run.

use crate::common::{self, PIXELS};
use burn::tensor::Tensor;
use counterfeit::config;
use counterfeit::config::{Family, HiddenUnit, RunConfig};
use counterfeit::nn::{Mode, Network, Pass, Plan, Signal};
use counterfeit::outline::Outline;
use counterfeit::presets::presets;
use counterfeit::random::{Random, Stream};
use counterfeit::trainer::Trainer;

use super::support::cpu;

/// Runs the layers one by one and records each output's shape.
fn seen(plan: &Plan, input: usize) -> Vec<Vec<usize>> {
    let device = cpu();
    let network = Network::new(plan.clone(), &mut Random::new(1, Stream::GeneratorWeights), &device);
    let mut bound = network.frozen();
    bound.set_condition(Some(Tensor::zeros([2, 10], &device)));
    let mut signal = Signal::features(Tensor::<2>::zeros([2, input], &device));
    let mut shapes = Vec::new();
    for layer in &plan.layers {
        signal = layer.forward(&mut bound, signal, Pass::new(Mode::Train));
        shapes.push(signal.shape());
    }
    shapes
}

/// Every preset, and every kind of layer.
fn configs() -> Vec<RunConfig> {
    let varieties = common::varieties().into_iter().map(|(_, config)| config);
    let mut all: Vec<_> = presets().into_iter().map(|p| p.config).chain(varieties).collect();
    let odd = config! {
        stages: 1,
        generator.network.channels: 3,
        discriminator.network.channels: 5,
        generator.network.dense: 0,
        discriminator.network.dense: 7,
    };
    let deep = config! {
        generator.network.layers: 3,
        discriminator.network.layers: 1,
        discriminator.hidden: HiddenUnit::Maxout,
        discriminator.dropout: 0.3,
        ..all[1].clone()
    };
    all.extend([odd, deep]);
    all
}

#[test]
fn shapes_are_those_that_the_networks_really_put_out() {
    for config in configs() {
        for (plan, input) in [
            (Plan::generator(&config.g_spec()), config.g_inputs()),
            (Plan::discriminator(&config.d_spec()), config.pack * config.values()),
        ] {
            assert_eq!(plan.shapes(&[input]), seen(&plan, input), "{config:?}");
        }
    }
}

#[test]
fn the_layers_parameters_are_all_there_are() {
    for config in configs() {
        for plan in [Plan::generator(&config.g_spec()), Plan::discriminator(&config.d_spec())] {
            let sum: usize = plan.layers.iter().map(|l| l.parameters(&plan.weights.slots)).sum();
            // The images of smaller resolutions are made and read by layers of their own, which the last stage does
            // not have.
            if config.family != Family::Growing {
                assert_eq!(sum, plan.weights.count(), "{config:?}");
            }
        }
    }
}

#[test]
fn a_count_by_hand() {
    let config = config! { discriminator.network.channels: 4, stages: 1, discriminator.network.dense: 0 };
    let plan = Plan::discriminator(&config.d_spec());
    let counts: Vec<_> = plan.layers.iter().map(|l| l.parameters(&plan.weights.slots)).collect();
    // 4 kernels of 1 x 4 x 4 with a bias each; 4 x 14 x 14 weights and a bias.
    assert_eq!(counts, [0, 4 * 16 + 4, 0, 0, 4 * 14 * 14 + 1]);
    assert_eq!(plan.shapes(&[PIXELS]), [vec![1, 28, 28], vec![4, 14, 14], vec![4, 14, 14], vec![784], vec![1]]);
}

#[test]
fn the_drawn_networks_have_the_parameters_of_a_run() {
    for preset in presets() {
        let outline = Outline::of(&preset.config).unwrap();
        let t = Trainer::new(preset.config.validate().unwrap(), 60_000, &cpu());
        assert_eq!(outline.generator.parameters, t.generator().plan.weights.count(), "{}", preset.id);
        assert_eq!(outline.discriminator.parameters, t.discriminator().plan.weights.count(), "{}", preset.id);
        assert_eq!(outline.problem, None);
    }
}
