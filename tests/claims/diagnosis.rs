//! Diagnoses of runs on densities that fail: they are never called a success.

use burn::tensor::Device;
use counterfeit::config::RunConfig;
use counterfeit::data::DataSet;
use counterfeit::diagnosis::{DensityObservation, State, diagnose_points};
use counterfeit::loss::Objective;
use counterfeit::metrics::DensityReference;
use counterfeit::optim::Method;
use counterfeit::snapshot;
use counterfeit::trainer::{StepKind, Trainer};

use counterfeit_cli::wait;

/// The diagnosed state of a density run every 100 steps.
fn states(config: RunConfig, steps: u32) -> Vec<State> {
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
    states
}

/// Asserts that a run is never diagnosed as learning or settled. Returns its states.
fn is_not_praised(config: &RunConfig) -> Vec<State> {
    let states = states(config.clone(), 1_200);
    let RunConfig { data, g_optimizer, .. } = config;
    assert!(
        states.iter().all(|s| !matches!(s, State::Settled | State::Learning)),
        "{data:?} {g_optimizer:?}: {states:?}"
    );
    states
}

/// Asserts in addition that the last state is a failure.
fn is_dead(config: RunConfig) {
    let states = is_not_praised(&config);
    let RunConfig { data, g_optimizer, .. } = config;
    assert!(matches!(states.last(), Some(State::Exploded | State::Failed)), "{data:?} {g_optimizer:?}: {states:?}");
}

/// A density's default configuration with both learning rates set to 1.
fn rates_of_1(data: DataSet, method: Method) -> RunConfig {
    RunConfig { g_lr: 1.0, d_lr: 1.0, g_optimizer: method, d_optimizer: method, ..RunConfig::on(data) }
}

#[test]
fn row_4_a_ring_with_rates_of_1_is_dead() {
    is_dead(RunConfig { spread: 0.05, ..rates_of_1(DataSet::Ring, Method::Adam) });
}

#[test]
fn row_4_sgd_with_a_rate_of_1_is_dead() {
    is_dead(rates_of_1(DataSet::Ring, Method::Sgd));
}

#[test]
fn row_4_so_are_the_other_optimizers_and_densities() {
    for data in [DataSet::Grid, DataSet::Moons] {
        for method in [Method::Adam, Method::RmsProp, Method::Nesterov] {
            is_dead(rates_of_1(data, method));
        }
    }
    // In 1-D the samples of a collapsed G may lie within the data, so that the state need not be a failure.
    for data in [DataSet::Normal, DataSet::Mixture] {
        for method in [Method::Adam, Method::RmsProp, Method::Nesterov] {
            is_not_praised(&rates_of_1(data, method));
        }
    }
}

#[test]
fn row_4_a_critic_without_a_bound_explodes() {
    is_dead(RunConfig { objective: Objective::Wasserstein, ..rates_of_1(DataSet::Ring, Method::Adam) });
}

#[test]
fn row_4_a_healthy_run_raises_no_alarm_and_is_said_to_learn() {
    let config = RunConfig { spread: 0.05, d_lr: 3e-3, g_lr: 3e-3, seed: 1, ..RunConfig::on(DataSet::Ring) };
    let states = states(config, 2_000);
    assert!(states.contains(&State::Learning) && states.iter().all(|s| !s.is_alarm()), "{states:?}");
}
