//! Saved runs: what is loaded goes on as what was saved, and what is no run is refused with the reason.

use counterfeit::config;
use counterfeit::config::{Family, RunConfig};
use counterfeit::data::DataSet;
use counterfeit::error::Error;
use counterfeit::presets::presets;
use counterfeit::saved_run::{self, StateError, VERSION};
use counterfeit::trainer::{Source, StepKind, Trainer};

use super::support::{cpu, images, metrics, steps, trainer, wait};
use crate::common::{self, IMAGES, experiment, metric_bits};

fn saved(run: &Trainer) -> Vec<u8> {
    wait(run.save()).expect("the CPU device reads back")
}

/// Makes steps of every kind on either sort of data, and returns the bits of their metrics.
fn go_on(run: &mut Trainer, source: Source, n: usize) -> Vec<Option<u32>> {
    let kinds = [StepKind::Both, StepKind::Generator, StepKind::Discriminator].into_iter().cycle().take(n);
    metric_bits(&metrics(kinds.map(|kind| run.step(source, kind).expect("all samples are there")).collect()))
}

/// Saves a run in the middle, loads it, and trains both further.
fn goes_on(name: &str, config: RunConfig, before: usize, after: usize) {
    let config = experiment(config);
    let points = config.data.spec().is_none().then(|| config.points(None).expect("not drawn by hand"));
    let (source, n) = match &points {
        Some(points) => (Source::Points(points), points.len()),
        None => (Source::Images(images()), IMAGES),
    };
    let mut whole = Trainer::new(config, n, &cpu());
    go_on(&mut whole, source, before);
    let file = saved(&whole);
    let mut resumed = Trainer::resume(&file, n, &cpu()).expect("a whole file");
    assert_eq!(resumed.steps(), whole.steps(), "{name}");
    assert!(saved(&resumed) == file, "{name}: what is loaded is saved as it was");
    assert_eq!(go_on(&mut resumed, source, after), go_on(&mut whole, source, after), "{name}");
    assert!(saved(&resumed) == saved(&whole), "{name}: another state after {after} more steps");
}

#[test]
fn every_preset_goes_on_bit_for_bit() {
    for preset in presets() {
        // Points that somebody drew are in no preset.
        if preset.config.data != DataSet::Drawn {
            goes_on(preset.id, preset.config, 3, 2);
        }
    }
}

#[test]
fn every_combination_of_tricks_goes_on_bit_for_bit() {
    let mlp = common::mlp;
    let growing = config! { family: Family::Growing, growth.stage_steps: 4, growth.fade_steps: 4, ..common::dcgan() };
    for (name, config) in [
        ("replay and history", config! { tricks.replay.share: 0.5, tricks.history.weight: 0.1, ..mlp() }),
        ("unrolled", config! { tricks.unroll.steps: 2, ..mlp() }),
        ("five D steps", config! { d_steps: 5, ..mlp() }),
        ("over the end of a block", config! { batch: 256, d_steps: 5, ..mlp() }),
        ("growing, at the first resolution", config! { generator.optimizer.lr: 1e-3, ..growing.clone() }),
    ] {
        goes_on(name, config, 6, 6);
    }
    // In a fade-in, at its end, and with a new resolution in the next step.
    for before in [4, 5, 6, 8, 12] {
        goes_on(&format!("growing, at step {before}"), growing.clone(), before, 4);
    }
    for (name, config) in
        common::varieties().into_iter().chain(common::guided()).chain(common::conditions()).chain(common::tricks())
    {
        goes_on(name, config, 2, 2);
    }
}

#[test]
fn a_live_change_is_saved_with_the_run() {
    let mut run = trainer(common::mlp());
    steps(&mut run, 1);
    run.update(experiment(config! { generator.optimizer.lr: 0.0123, ..common::mlp() })).expect("a live setting");
    let resumed = Trainer::resume(&saved(&run), IMAGES, &cpu()).expect("a whole file");
    assert_eq!(resumed.config().generator.optimizer.lr, 0.0123);
}

#[test]
fn the_tensors_have_their_names_and_shapes() {
    let run = trainer(config! { tricks.replay.share: 0.5, tricks.history.weight: 0.1, ..common::mlp() });
    let names: Vec<String> = run.tensors().into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        [
            "generator.weights",
            "discriminator.weights",
            "averaged.weights",
            "generator.first_moment",
            "generator.second_moment",
            "discriminator.first_moment",
            "discriminator.second_moment",
            "generator.mean",
            "discriminator.mean",
            "balance",
        ]
    );
}

/// What loading a file says, which is no run.
fn refused(file: &[u8], samples: usize) -> StateError {
    match Trainer::resume(file, samples, &cpu()) {
        Err(Error::State(error)) => error,
        Err(error) => panic!("another error: {error}"),
        Ok(_) => panic!("this file was taken"),
    }
}

/// The file with another text in its header, of the same length.
fn replaced(file: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let at = file.windows(from.len()).position(|w| w == from.as_bytes()).expect("this text");
    [&file[..at], to.as_bytes(), &file[at + from.len()..]].concat()
}

#[test]
fn what_is_no_run_is_refused_with_the_reason() {
    let run = trainer(common::mlp());
    let file = saved(&run);
    for nothing in [&b""[..], b"{}", b"a picture, perhaps", &[255; 100]] {
        assert_eq!(refused(nothing, IMAGES), StateError::NotARun);
    }
    let foreign = replaced(&file, "\"counterfeit\"", "\"somebodyels\"");
    assert_eq!(refused(&foreign, IMAGES), StateError::NotARun);
    let version = |v: u32| format!("\\\"version\\\":{v}");
    assert_eq!(refused(&replaced(&file, &version(VERSION), &version(VERSION + 1)), IMAGES), StateError::Newer(2));
    assert_eq!(refused(&file, IMAGES - 1), StateError::OtherData { saved: IMAGES, present: IMAGES - 1 });
    for cut in [file.len() - 1, file.len() / 2] {
        assert!(matches!(refused(&file[..cut], IMAGES), StateError::NotARun | StateError::Damaged(_)), "{cut}");
    }
    let renamed = replaced(&file, "\"balance\"", "\"balancf\"");
    assert_eq!(refused(&renamed, IMAGES), StateError::Damaged("it has no balance".into()));
    let StateError::Damaged(reason) = refused(&replaced(&file, "g_units\\\":12", "g_units\\\":13"), IMAGES) else {
        panic!("another network was taken")
    };
    assert!(reason.starts_with("generator.weights is ["), "{reason}");
}

#[test]
fn a_file_says_what_it_is_without_its_tensors_being_read() {
    let mut run = trainer(common::mlp());
    steps(&mut run, 3);
    let header = saved_run::header(&saved(&run)).expect("a whole file");
    assert_eq!((header.version, header.steps, &header.config), (VERSION, 3, run.config().given()));
}
