//! Diagnoses of runs on densities that fail: they are never called a success.

use burn::tensor::Device;
use counterfeit::config;
use counterfeit::config::RunConfig;
use counterfeit::data::DataSet;
use counterfeit::diagnosis::{DensityObservation, State, diagnose_points};
use counterfeit::loss::Objective;
use counterfeit::metrics::DensityReference;
use counterfeit::optim::Method;
use counterfeit::snapshot;
use counterfeit::trainer::{StepKind, Trainer};

use counterfeit_cli::wait;

/// The evaluations of a density run, one every 100 steps, and the state diagnosed at each.
fn diagnosed(config: RunConfig, steps: u32) -> (Vec<DensityObservation>, Vec<State>) {
    let config = config.validate().unwrap();
    let set = config.points(None).unwrap();
    let density_reference = DensityReference::new(set.density(), config.seed);
    let mut trainer = Trainer::new(config, set.len(), &Device::flex());
    let (mut looks, mut states) = (Vec::new(), Vec::new());
    while trainer.steps() < steps {
        (0..100).for_each(|_| drop(trainer.step(&set, StepKind::Both).unwrap()));
        looks.push(
            DensityObservation::new(&wait(snapshot::sampled(&trainer, &set, false)).unwrap(), &density_reference)
                .unwrap(),
        );
        states.push(diagnose_points(&looks, trainer.config()).state);
    }
    (looks, states)
}

/// Asserts that a run is never diagnosed as learning or settled. Returns its states.
fn is_not_praised(config: &RunConfig) -> Vec<State> {
    let (_, states) = diagnosed(config.clone(), 1_200);
    let (data, method) = (config.data, config.generator.optimizer.method);
    assert!(states.iter().all(|s| !matches!(s, State::Settled | State::Learning)), "{data:?} {method:?}: {states:?}");
    states
}

/// Asserts in addition that the last state is a failure.
fn is_dead(config: RunConfig) {
    let states = is_not_praised(&config);
    let (data, method) = (config.data, config.generator.optimizer.method);
    assert!(matches!(states.last(), Some(State::Exploded | State::Failed)), "{data:?} {method:?}: {states:?}");
}

/// A density's default configuration with both learning rates set to 1.
fn rates_of_1(data: DataSet, method: Method) -> RunConfig {
    config! {
        generator.optimizer.lr: 1.0,
        discriminator.optimizer.lr: 1.0,
        generator.optimizer.method: method,
        discriminator.optimizer.method: method,
        ..RunConfig::on(data)
    }
}

#[test]
fn row_4_a_ring_with_rates_of_1_is_dead() {
    is_dead(config! { density.spread: 0.05, ..rates_of_1(DataSet::Ring, Method::Adam) });
}

#[test]
fn row_4_sgd_with_a_rate_of_1_is_dead() {
    is_dead(rates_of_1(DataSet::Ring, Method::Sgd));
}

#[test]
fn row_4_so_are_the_other_optimizers_and_densities() {
    for method in [Method::Adam, Method::RmsProp, Method::Nesterov] {
        for seed in 1..=3 {
            is_dead(config! { seed: seed, ..rates_of_1(DataSet::Grid, method) });
            // With Adam one run in six on the moons stays on a part of them, which is no failure, but no praise either.
            is_not_praised(&config! { seed: seed, ..rates_of_1(DataSet::Moons, method) });
        }
    }
}

/// In one dimension such a run may come back to the data, so praise is held against a metric that it is not derived
/// from.
#[test]
fn row_4_in_one_dimension_only_a_run_near_the_data_is_praised() {
    for seed in 1..=3 {
        for data in [DataSet::Normal, DataSet::Mixture] {
            for method in [Method::Adam, Method::RmsProp, Method::Nesterov] {
                let (looks, states) = diagnosed(config! { seed: seed, ..rates_of_1(data, method) }, 1_200);
                for (look, state) in looks.iter().zip(&states) {
                    let distance = look.metrics.generated.w1.unwrap() / look.half;
                    let praised = matches!(state, State::Settled | State::Learning);
                    assert!(!praised || distance < 0.2, "{data:?} {method:?} {seed}: {state:?} at {distance}");
                }
            }
        }
    }
}

#[test]
fn row_4_a_critic_without_a_bound_explodes() {
    is_dead(config! { loss.objective: Objective::Wasserstein, ..rates_of_1(DataSet::Ring, Method::Adam) });
}

#[test]
fn row_4_a_healthy_run_raises_no_alarm_and_is_said_to_learn() {
    let config = config! {
        density.spread: 0.05,
        discriminator.optimizer.lr: 3e-3,
        generator.optimizer.lr: 3e-3,
        seed: 1,
        ..RunConfig::on(DataSet::Ring)
    };
    let (_, states) = diagnosed(config, 2_000);
    assert!(states.contains(&State::Learning) && states.iter().all(|s| !s.is_alarm()), "{states:?}");
}
