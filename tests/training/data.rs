//! Training on data that is still arriving.

use counterfeit::config;
use counterfeit::config::RunConfig;
use counterfeit::data::{BLOCK, DataSet, Images, Part};
use counterfeit::error::Error;
use counterfeit::snapshot;
use counterfeit::trainer::{StepKind, Trainer};

use super::support::{images, metrics, state, steps, trainer};
use crate::common::{self, IMAGES, idx_file, metric_bits};

/// 1,250 images a step, so that the fifth step needs the second block.
fn hungry() -> RunConfig {
    config! {
        batch: 250,
        d_steps: 5,
        discriminator.network.units: 2,
        discriminator.network.layers: 1,
        generator.network.units: 2,
        generator.network.layers: 1,
        ..common::mlp()
    }
}

/// The bytes of the first `n` images, header included.
fn until(n: usize) -> usize {
    16 + n * 784
}

#[test]
fn a_run_that_has_to_wait_is_the_run_that_had_everything() {
    let file = idx_file();
    let mut arriving = Images::new(DataSet::Mnist);
    let mut sent = 0;
    let mut fed = trainer(hungry());
    let (mut records, mut refusals) = (Vec::new(), 0);
    while fed.steps() < 9 {
        let before = (fed.steps(), state(&fed));
        match fed.step(&arriving, StepKind::Both) {
            Ok(record) => records.push(record),
            Err(error) => {
                let needed = if fed.steps() < 4 { BLOCK } else { IMAGES };
                assert_eq!(error, Error::NotEnoughData { needed, available: arriving.available() });
                assert_eq!((fed.steps(), state(&fed)), before, "a refused step changed something");
                refusals += 1;
                // A piece that ends in the middle of an image.
                let end = (sent + until(1_499) + 100).min(file.len());
                arriving.push(Part::TrainImages, &file[sent..end]).unwrap();
                sent = end;
            }
        }
    }
    assert!(refusals > 5, "the data came too fast to test anything");
    let mut whole = trainer(hungry());
    let expected = steps(&mut whole, 9);
    assert_eq!(metric_bits(&metrics(records)), metric_bits(&metrics(expected)));
    assert!(state(&fed) == state(&whole));
}

#[test]
fn one_image_short_is_refused_and_the_exact_number_is_enough() {
    let file = idx_file();
    let mut arriving = Images::new(DataSet::Mnist);
    arriving.push(Part::TrainImages, &file[..until(BLOCK) - 1]).unwrap();
    let mut t = trainer(common::mlp());
    let refused = t.step(&arriving, StepKind::Both).unwrap_err();
    assert_eq!(refused, Error::NotEnoughData { needed: BLOCK, available: BLOCK - 1 });
    assert!(snapshot::real_samples(&t, &arriving).is_none());
    arriving.push(Part::TrainImages, &file[until(BLOCK) - 1..until(BLOCK)]).unwrap();
    t.step(&arriving, StepKind::Both).unwrap();
    assert!(snapshot::real_samples(&t, &arriving).is_some());
    let mut whole = trainer(common::mlp());
    steps(&mut whole, 1);
    assert!(state(&t) == state(&whole));
}

#[test]
fn the_generator_alone_needs_no_images() {
    let mut t = trainer(common::mlp());
    t.step(&Images::new(DataSet::Mnist), StepKind::Generator).unwrap();
    assert_eq!(t.steps(), 1);
}

/// A step that draws more than all the data has goes on into the next pass.
#[test]
fn steps_cross_the_ends_of_blocks_and_passes() {
    // 20 x 256 = 5,120 images a step: the first crosses a block, the second the end of the first pass.
    let config = common::experiment(config! { batch: 256, d_steps: 20, ..hungry() });
    let mut t = Trainer::new(config, IMAGES, &super::support::cpu());
    let m = metrics(steps(&mut t, 3));
    assert!(m.d_loss.iter().all(|v| v.is_some_and(f32::is_finite)));
    assert_eq!(images().available(), IMAGES);
}
