//! What each trick does to a run, beside the same run without it.

use counterfeit::config;
use counterfeit::config::RunConfig;
use counterfeit::optim::Method;
use counterfeit::trainer::{StepKind, Trainer};
use counterfeit::tricks::schedule::Schedule;

use super::support::{State, bits, images, state, steps, trainer, values};
use crate::common;

fn after(config: RunConfig, n: usize) -> State {
    let mut t = trainer(config);
    steps(&mut t, n);
    state(&t)
}

#[test]
fn every_trick_changes_the_run_and_leaves_it_finite() {
    let plain = after(common::dcgan(), 6);
    for (name, config) in common::tricks() {
        let tricked = after(config, 6);
        assert!(tricked != plain, "{name} does nothing");
        assert!(
            tricked.averaged.iter().chain(&tricked.discriminator).all(|&b| f32::from_bits(b).is_finite()),
            "{name}"
        );
    }
}

/// The half-life concerns what watches, never who plays.
#[test]
fn an_average_takes_no_part() {
    let [plain, quick] = [693.0, 3.0].map(|g_half_life| {
        after(
            config! {
                tricks.ema.half_life: g_half_life,
                ..common::dcgan()
            },
            40,
        )
    });
    assert_eq!((&plain.generator, &plain.discriminator), (&quick.generator, &quick.discriminator));
    assert_ne!(plain.averaged, quick.averaged);
}

#[test]
fn unrolled_steps_of_d_are_taken_back_and_g_learns_against_them() {
    let mut runs = [0, 3].map(|unroll| trainer(config! { tricks.unroll.steps: unroll, ..common::dcgan() }));
    for run in &mut runs {
        run.step(images(), StepKind::Both).expect("all images are there");
    }
    let [plain, unrolled] = runs.each_ref().map(state);
    assert_eq!(plain.discriminator, unrolled.discriminator, "D is not what it was before looking ahead");
    assert_ne!(plain.generator, unrolled.generator);
    // Its optimizer was taken back as well: the next update of D on the same images, by the same G, is the same.
    let moments = runs
        .each_ref()
        .map(|t| t.networks_with_optimizers().map(|(_, o)| (bits(&o.first()), bits(o.second())))[1].clone());
    assert_eq!(moments[0], moments[1]);
}

#[test]
fn a_schedule_ends_in_rest() {
    let mut t = trainer(config! {
        tricks.schedule.schedule: Schedule::Linear,
        tricks.schedule.steps: 3,
        ..common::dcgan()
    });
    steps(&mut t, 3);
    let at_the_end = state(&t);
    steps(&mut t, 2);
    let later = state(&t);
    assert_eq!((&at_the_end.generator, &at_the_end.discriminator), (&later.generator, &later.discriminator));
}

/// With gradient descent a clipped update is at most learning rate times the longest gradient.
#[test]
fn a_clipped_update_is_as_long_as_it_may_be() {
    let config = config! {
        generator.optimizer.method: Method::Sgd,
        discriminator.optimizer.method: Method::Sgd,
        generator.optimizer.beta1: 0.0,
        discriminator.optimizer.beta1: 0.0,
        generator.optimizer.lr: 0.5,
        discriminator.optimizer.lr: 0.5,
        tricks.clip.generator: 1e-3,
        tricks.clip.discriminator: 1e-3,
        ..common::mlp()
    };
    let mut t = trainer(config);
    let weights = |t: &Trainer| t.networks_with_optimizers().map(|(n, _)| values(&n.weights));
    let before = weights(&t);
    steps(&mut t, 1);
    for (a, b) in before.iter().zip(weights(&t)) {
        let moved: f64 = a.iter().zip(&b).map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>().sqrt();
        // f32 rounds weights of about 0.1 at 1e-8, over some ten thousand of them.
        assert!((moved - 5e-4).abs() < 5e-6, "{moved}");
    }
}
