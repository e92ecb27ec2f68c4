//! A seed is a run.

use counterfeit::config;
use counterfeit::config::RunConfig;
use counterfeit::snapshot::{self, View};
use counterfeit::trainer::Trainer;

use super::support::{State, images, metrics, state, steps, trainer, wait};
use crate::common::{self, metric_bits};

fn run(config: &RunConfig) -> (Vec<Option<u32>>, State) {
    let mut t = trainer(config.clone());
    let records = steps(&mut t, 6);
    (metric_bits(&metrics(records)), state(&t))
}

#[test]
fn the_same_configuration_is_the_same_run_bit_for_bit() {
    for (name, config) in [common::varieties(), common::conditions(), common::tricks(), common::guided()].concat() {
        let (first, second) = (run(&config), run(&config));
        assert_eq!(first.0.len(), 5 * 6, "{name}");
        assert!(first == second, "{name}: the second run differs from the first");
    }
}

#[test]
fn another_seed_is_another_run() {
    for (name, config) in common::varieties() {
        let (first, second) = (run(&config), run(&config! { seed: config.seed + 1, ..config.clone() }));
        assert!(first.0 != second.0, "{name}: the curves are the same for two seeds");
        assert!(first.1.generator != second.1.generator && first.1.discriminator != second.1.discriminator, "{name}");
    }
}

#[test]
fn looking_at_samples_changes_nothing() {
    let snapshots = |t: &Trainer| {
        let fake = wait(snapshot::generated_samples(t, false, View::Fixed)).expect("readable");
        let real = wait(snapshot::real_samples(t, images()).expect("enough images are there")).expect("readable");
        assert_eq!((fake.pixels.len(), real.pixels.len()), (64 * 784, 64 * 784));
        (fake, real)
    };
    for (name, config) in common::varieties().into_iter().chain(common::guided()) {
        let mut watched = trainer(config.clone());
        snapshots(&watched);
        let mut records = Vec::new();
        for _ in 0..6 {
            records.extend(steps(&mut watched, 1));
            assert_eq!(snapshots(&watched), snapshots(&watched), "{name}: two looks at the same step differ");
        }
        assert!((metric_bits(&metrics(records)), state(&watched)) == run(&config), "{name}: looking changed the run");
    }
}

#[test]
fn the_pictures_are_of_the_same_noise_and_the_same_images_throughout() {
    let mut t = trainer(common::dcgan());
    let snapshots = |t: &Trainer| {
        (
            wait(snapshot::generated_samples(t, false, View::Fixed)).unwrap(),
            wait(snapshot::real_samples(t, images()).unwrap()).unwrap(),
        )
    };
    let (fake, real) = snapshots(&t);
    steps(&mut t, 3);
    let (fake_later, real_later) = snapshots(&t);
    assert_eq!((fake.step, fake_later.step), (0, 3));
    assert_eq!((&fake.z, &real.pixels), (&fake_later.z, &real_later.pixels));
    assert!(fake.pixels != fake_later.pixels && real.scores != real_later.scores, "training shows");
}
