//! Evaluating a run: it leaves the run alone, is the same each time, and real images get the real-data reference.

use crate::common::PIXELS;
use counterfeit::config;
use counterfeit::data::{DataSet, Images, Part};
use counterfeit::evaluator::{Evaluation, Evaluator};
use counterfeit::metrics::Classifier;
use counterfeit::metrics::{Size, memorisation_ratio, nearest};
use counterfeit::nn::{Network, lenet};
use counterfeit::random::{Random, Stream};
use counterfeit::trainer::{StepKind, Trainer};

use super::support::{cpu, steps, trainer, values, wait};
use crate::common;

pub const SIZE: Size = Size { samples: 200, neighbours: 150, subset: 100, subsets: 3, copies: 4 };

/// Untrained: what it sees in an image is arbitrary, but always the same.
pub fn classifier() -> Classifier {
    let mut rng = Random::new(1, Stream::Classifier);
    let [features, head] = [lenet::features(0.0), lenet::head(0.0)].map(|plan| Network::new(plan, &mut rng, &cpu()));
    Classifier::new(1, features, head)
}

/// Training and held-out images, and labels from 0 to 9 in turn.
pub fn images() -> Images {
    let mut images = Images::new(DataSet::Mnist);
    let file = common::idx_file();
    let mut labels: Vec<u8> = [0x0801, common::IMAGES as u32].into_iter().flat_map(u32::to_be_bytes).collect();
    labels.extend((0..common::IMAGES).map(|i| (i % 10) as u8));
    images.push(Part::TrainImages, &file).expect("well formed");
    images.push(Part::TestImages, &file).expect("well formed");
    images.push(Part::TrainLabels, &labels).expect("well formed");
    images
}

#[test]
fn a_measured_run_is_the_same_run() {
    let images = images();
    let mut evaluator = Evaluator::new(classifier(), SIZE);
    let (mut alone, mut watched) = (trainer(common::dcgan()), trainer(common::dcgan()));
    for _ in 0..3 {
        alone.step(&images, StepKind::Both).expect("all images are there");
        watched.step(&images, StepKind::Both).expect("all images are there");
        wait(evaluator.evaluate(&watched, &images)).expect("readable and finite");
    }
    assert!(super::support::state(&alone) == super::support::state(&watched));
}

#[test]
fn a_measurement_is_of_the_run_as_it_was() {
    let images = images();
    let mut run = trainer(common::mlp());
    steps(&mut run, 5);
    let mut evaluator = Evaluator::new(classifier(), SIZE);
    let expected = wait(evaluator.evaluate(&run, &images)).expect("readable and finite");
    assert_eq!((expected.step, expected.n), (5, 200));
    // The second time the reference is there already, and between two pieces the run goes on.
    evaluator.begin(&run);
    let mut pieces = 0;
    let found = loop {
        let sample = evaluator.sample(&images).map(|r| wait(r.read())).transpose().expect("readable");
        run.step(&images, StepKind::Both).expect("all images are there");
        if let Some(measured) = evaluator.advance(&images, sample).expect("finite") {
            break measured;
        }
        pieces += 1;
        assert_eq!(evaluator.progress().expect("it goes on").0, pieces);
    };
    assert!(pieces > 10 && evaluator.progress().is_none());
    assert_eq!(found, expected);
    let Evaluation { raw, real_reference, accuracy, .. } = found;
    assert!(
        raw.frechet > real_reference.frechet && raw.kid > real_reference.kid && raw.coverage < real_reference.coverage,
        "{raw:?} {real_reference:?}"
    );
    for share in [accuracy.training, accuracy.held_out, accuracy.fake, raw.precision, raw.recall, raw.coverage] {
        assert!((0.0..=1.0).contains(&share), "{share}");
    }
    assert!((raw.shares.iter().flatten().sum::<f64>() - 1.0).abs() < 1e-9);
}

#[test]
fn the_averaged_generator_follows_by_its_rule() {
    let mut run = trainer(config! { generator.network.norm: counterfeit::config::Norm::Batch, ..common::dcgan() });
    let mut weights: Vec<f64> = values(&run.generator().weights).into_iter().map(f64::from).collect();
    let mut statistics: Vec<f64> = running(&run).into_iter().map(f64::from).collect();
    for step in 1..=4 {
        steps(&mut run, 1);
        let rate = 9.0 / (10.0 + f64::from(step));
        let follow = |average: &mut Vec<f64>, target: Vec<f32>| {
            average.iter_mut().zip(target).for_each(|(a, t)| *a += rate * (f64::from(t) - *a));
        };
        follow(&mut weights, values(&run.generator().weights));
        follow(&mut statistics, running(&run));
    }
    let averaged = run.averaged();
    let found = [values(&averaged.weights), values(averaged.statistics.as_ref().expect("it is normalised"))].concat();
    let expected = [weights, statistics].concat();
    let worst = found.iter().zip(&expected).map(|(f, e)| (f64::from(*f) - e).abs()).fold(0.0, f64::max);
    // A few roundings of numbers around 1.
    assert!(worst < 1e-6, "{worst}");
}

fn running(run: &Trainer) -> Vec<f32> {
    values(run.generator().statistics.as_ref().expect("it is normalised"))
}

#[test]
fn a_generator_of_training_images_is_seen_to_copy() {
    let images = images();
    // The run is trained on 64 images; what it is asked about is the measure alone, so the images stand in for a
    // generator's.
    let used = &images.body(Part::TrainImages)[..64 * PIXELS];
    let unseen = &images.body(Part::TestImages)[5_000 * PIXELS..5_032 * PIXELS];
    let far = nearest(unseen, used, PIXELS);
    assert_eq!(memorisation_ratio(&nearest(&used[..16 * PIXELS], used, PIXELS), &far), Some(0.0));
    assert_eq!(memorisation_ratio(&far, &far), Some(1.0));
}

#[test]
fn single_images_get_their_class_and_after_a_measurement_their_realism() {
    let images = images();
    let mut evaluator = Evaluator::new(classifier(), SIZE);
    let real = &images.body(Part::TrainImages)[..20 * PIXELS];
    let before = evaluator.classify(real).expect("finite");
    assert!(before.classes.len() == 20 && before.classes.iter().all(|&c| c < 10) && before.realism.is_none());
    wait(evaluator.evaluate(&trainer(common::mlp()), &images)).expect("readable and finite");
    let [of_real, of_noise] = [real, &noise(20)[..]]
        .map(|pixels| evaluator.classify(pixels).expect("finite").realism.expect("there is a reference"));
    let (worst, best) =
        (of_real.iter().copied().fold(f32::MAX, f32::min), of_noise.iter().copied().fold(0.0, f32::max));
    assert!(worst > best && best < 1.0, "{of_real:?} {of_noise:?}");
}

/// Images without any strokes.
fn noise(n: usize) -> Vec<u8> {
    let mut rng = Random::new(3, Stream::Batches);
    (0..n * PIXELS).map(|_| rng.below(256) as u8).collect()
}

#[test]
fn a_run_on_few_images_is_judged_by_those() {
    let images = images();
    let measured = |train_images| {
        let mut run = trainer(config! { train_images: train_images, ..common::mlp() });
        assert_eq!(run.training_images(), train_images);
        steps(&mut run, 20);
        wait(Evaluator::new(classifier(), SIZE).evaluate(&run, &images)).expect("readable and finite")
    };
    let (few, all) = (measured(64), measured(common::IMAGES));
    // One grid is all there is: the share is a number of its images.
    assert_eq!((64.0 * few.accuracy.training).fract(), 0.0);
    // Nothing that was not trained on is taken for a training image.
    assert!(
        few.memorisation_ratio.is_finite() && few.memorisation_ratio != all.memorisation_ratio,
        "{} {}",
        few.memorisation_ratio,
        all.memorisation_ratio
    );
    for m in [few, all] {
        assert!(
            (m.outputs.real.iter().sum::<f32>() - 1.0).abs() < 1e-5 && m.outputs.real.len() == m.outputs.fake.len()
        );
    }
}
