//! Runs with classes and codes: what G is asked for and what is told of it.

use counterfeit::condition::Condition;
use counterfeit::config;
use counterfeit::config::RunConfig;
use counterfeit::coupling::Coupling;
use counterfeit::data::{DataSet, Images, Part};
use counterfeit::error::Error;
use counterfeit::nn::Mode;
use counterfeit::snapshot::{self, View};
use counterfeit::trainer::StepKind;
use counterfeit::tricks::augmentation::Augment;

use super::support::{images, metrics, state, steps, tensor, trainer, values, wait};
use crate::common::{self, SHAPE};

/// Noise and code of each image of a view.
fn inputs(config: &RunConfig, view: View) -> (Vec<Vec<f32>>, Vec<u8>, usize) {
    let t = trainer(config.clone());
    let samples = wait(snapshot::generated_samples(&t, false, view)).expect("readable");
    assert_eq!(samples.pixels.len(), samples.scores.len() * 784);
    (samples.z.chunks(config.g_inputs()).map(<[f32]>::to_vec).collect(), samples.classes, samples.columns)
}

#[test]
fn a_grid_of_classes_has_a_class_a_column_and_a_noise_a_row() {
    for (name, config) in common::conditions().into_iter().filter(|(_, c)| c.code().one_hot() == 10) {
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

/// Both kinds of a noise stand side by side, drawn by weights of which only the last layer's differ; D is told which it
/// sees.
#[test]
fn a_coupled_pair_draws_two_kinds_of_each_noise() {
    let config = config! {
        condition.condition: Condition::Coupled,
        condition.coupling: Coupling::Negatives,
        ..common::dcgan()
    };
    let (z, classes, columns) = inputs(&config, View::Classes);
    assert_eq!((z.len(), columns), (64, 8));
    for (i, row) in z.iter().enumerate() {
        assert_eq!((usize::from(classes[i]), row[5 + i % 2], row[6 - i % 2]), (i % 2, 1.0, 0.0));
        assert_eq!(row[..5], z[i - i % 2][..5]);
    }
    assert_ne!(z[0][..5], z[2][..5]);
    // The real grid has both kinds too: some images are as they are, the others turned.
    let real = |config: &RunConfig| {
        let t = trainer(config.clone());
        wait(snapshot::real_samples(&t, images()).expect("all are here")).expect("readable").pixels
    };
    let (plain, shown) = (real(&common::dcgan()), real(&config));
    let turned = |i: usize| {
        let (plain, shown) = (&plain[i * 784..][..784], &shown[i * 784..][..784]);
        assert!(
            plain == shown || config.condition.coupling.second(plain, SHAPE) == shown,
            "image {i} is of neither kind"
        );
        plain != shown
    };
    assert!((16..=48).contains(&(0..64).filter(|i| turned(*i)).count()));
    // The first layers are shared: with the last layer's planes made equal, the two kinds are one image.
    let t = trainer(config.clone());
    let plan = t.generator().plan.clone();
    let [weight, bias] =
        [plan.weights.slots.len() - 2, plan.weights.slots.len() - 1].map(|i| plan.weights.slots[i].clone());
    let mut network = t.generator().clone();
    let mut flat = values(&network.weights);
    // [2, from, 1, 1] and [2].
    let of_a_kind = weight.len() / 2;
    flat[weight.range()].copy_within(..of_a_kind, of_a_kind);
    flat[bias.range()].fill(0.1);
    network.weights = tensor(flat, [plan.weights.size()]);
    let rows: Vec<f32> = z[..2].concat();
    let drawn = values(&network.frozen().forward(tensor(rows, [2, 7]), Mode::Sample));
    assert_eq!(drawn[..784], drawn[784..]);
}

#[test]
fn a_sweep_changes_one_number_and_nothing_else() {
    let config = config! { condition.condition: Condition::Codes, ..common::mlp() };
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
        let named = config.condition.condition.has_aux_head();
        assert!(
            m.entropy.iter().all(|e| e.is_some_and(|e| e.is_finite() && e > 0.0) == named),
            "{name}: {:?}",
            m.entropy
        );
    }
}

/// G learns to show its code and D to name it: the entropy falls to less than half of a guess's ln 10.
#[test]
fn naming_is_learnt() {
    let mut t = trainer(config! {
        condition.condition: Condition::Codes,
        batch: 32,
        discriminator.optimizer.lr: 3e-3,
        generator.optimizer.lr: 3e-3,
        ..common::mlp()
    });
    let m = metrics(steps(&mut t, 300));
    let last = m.entropy[280..].iter().flatten().sum::<f32>() / 20.0;
    assert!(last < 10f32.ln() / 2.0, "{last} nats");
}

/// Before anything is updated, D's logits are the same whether codes are guessed of images in another pose or not; what
/// is learnt is not.
#[test]
fn a_code_is_guessed_of_an_image_in_another_pose_and_judged_as_it_is() {
    let config = config! { condition.condition: Condition::Codes, ..common::dcgan() };
    let [plain, posed] = [Augment::None, Augment::Pose].map(|code_augment| {
        let mut t = trainer(config! { tricks.code_augmentation.augment: code_augment, ..config.clone() });
        (metrics(steps(&mut t, 1)), state(&t))
    });
    assert_eq!((plain.0.d_loss, plain.0.d_real, plain.0.d_fake), (posed.0.d_loss, posed.0.d_real, posed.0.d_fake));
    assert_ne!(plain.0.entropy, posed.0.entropy);
    assert_ne!(plain.1.discriminator, posed.1.discriminator);
}

#[test]
fn classes_that_have_not_arrived_are_waited_for() {
    let mut arriving = Images::new(DataSet::Mnist);
    arriving.push(Part::TrainImages, &common::idx_file()).expect("well formed");
    let mut t = trainer(config! { condition.condition: Condition::Auxiliary, ..common::mlp() });
    assert!(matches!(t.step(&arriving, StepKind::Both), Err(Error::NotEnoughData { available: 0, .. })));
    assert!(snapshot::real_samples(&t, &arriving).is_none());
    assert_eq!(t.steps(), 0);
    t.step(images(), StepKind::Both).expect("all images and classes are there");
    // Codes need no classes.
    let mut t = trainer(config! { condition.condition: Condition::Codes, ..common::mlp() });
    t.step(&arriving, StepKind::Both).expect("all images are there");
}
