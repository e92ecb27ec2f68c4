//! Runs with classes and codes: what G is asked for and what is told of it.

use counterfeit::condition::Condition;
use counterfeit::config::RunConfig;
use counterfeit::data::{DataSet, Images, Part};
use counterfeit::error::Error;
use counterfeit::snapshot::{self, View};
use counterfeit::trainer::Players;

use super::support::{images, metrics, steps, trainer, wait};
use crate::common;

/// Noise and code of each image of a view.
fn inputs(config: &RunConfig, view: View) -> (Vec<Vec<f32>>, Vec<u8>, usize) {
    let t = trainer(config.clone());
    let samples = wait(snapshot::forged(&t, false, view)).expect("readable");
    assert_eq!(samples.pixels.len(), samples.scores.len() * 784);
    (samples.z.chunks(config.g_inputs()).map(<[f32]>::to_vec).collect(), samples.classes, samples.columns)
}

#[test]
fn a_grid_of_classes_has_a_class_a_column_and_a_noise_a_row() {
    for (name, config) in common::conditions().into_iter().filter(|(_, c)| c.condition != Condition::None) {
        let (z, classes, columns) = inputs(&config, View::Classes);
        assert_eq!((z.len(), columns), (80, 10), "{name}");
        for (i, row) in z.iter().enumerate() {
            assert_eq!(usize::from(classes[i]), i % 10, "{name}");
            assert_eq!(row[..5], z[i - i % 10][..5], "{name}: the noise of a row");
            assert_eq!(row[5 + i % 10], 1.0, "{name}");
        }
        assert_ne!(z[0][..5], z[10][..5], "{name}");
    }
}

#[test]
fn a_sweep_changes_one_number_and_nothing_else() {
    let config = RunConfig { condition: Condition::Codes, ..common::mlp() };
    let (z, classes, columns) = inputs(&config, View::Sweep(1));
    assert_eq!((z.len(), columns, classes[0], classes[79]), (80, 10, 0, 7));
    for (i, row) in z.iter().enumerate() {
        let mut expected = z[i - i % 10].clone();
        expected[5 + 10 + 1] = 4.0 * (i % 10) as f32 / 9.0 - 2.0;
        assert_eq!(*row, expected);
    }
    // What a run does not have is shown as what it has.
    assert_eq!(inputs(&config, View::Sweep(2)).1, inputs(&config, View::Classes).1);
    assert_eq!(inputs(&common::mlp(), View::Classes).2, 8);
}

#[test]
fn the_entropy_of_the_codes_is_a_curve_where_d_names_them() {
    for (name, config) in common::conditions() {
        let mut t = trainer(config.clone());
        let m = metrics(steps(&mut t, 2));
        let named = config.condition.recognises();
        assert!(m.entropy.iter().all(|e| e.is_some_and(|e| e.is_finite() && e > 0.0) == named), "{name}: {:?}", m.entropy);
    }
}

/// G learns to show its code and D to name it: the entropy falls to less than half of a guess's ln 10.
#[test]
fn naming_is_learnt() {
    let mut t = trainer(RunConfig { condition: Condition::Codes, batch: 32, d_lr: 3e-3, g_lr: 3e-3, ..common::mlp() });
    let m = metrics(steps(&mut t, 300));
    let last = m.entropy[280..].iter().flatten().sum::<f32>() / 20.0;
    assert!(last < 10f32.ln() / 2.0, "{last} nats");
}

#[test]
fn classes_that_have_not_arrived_are_waited_for() {
    let mut arriving = Images::new(DataSet::Mnist);
    arriving.push(Part::TrainImages, &common::idx_file()).expect("well formed");
    let mut t = trainer(RunConfig { condition: Condition::Auxiliary, ..common::mlp() });
    assert!(matches!(t.step(&arriving, Players::Both), Err(Error::NotEnoughData { available: 0, .. })));
    assert!(snapshot::genuine(&t, &arriving).is_none());
    assert_eq!(t.steps(), 0);
    t.step(images(), Players::Both).expect("all images and classes are there");
    // Codes need no classes.
    let mut t = trainer(RunConfig { condition: Condition::Codes, ..common::mlp() });
    t.step(&arriving, Players::Both).expect("all images are there");
}
