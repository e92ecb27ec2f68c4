//! Runs with a known illness get its name, and a healthy one is never called ill.

use std::pin::pin;
use std::sync::OnceLock;
use std::task::{Context, Poll, Waker};

use burn::tensor::Device;
use counterfeit::data::{DataSet, Images, Part};
use counterfeit::diagnosis::{Diagnosis, State, diagnose};
use counterfeit::gauge::Gauge;
use counterfeit::measure::Size;
use counterfeit::presets::presets;
use counterfeit::trainer::{Players, Trainer};

use super::support::{classifier, load};

fn images() -> &'static Images {
    static ALL: OnceLock<Images> = OnceLock::new();
    ALL.get_or_init(|| load(DataSet::Mnist, &Part::ALL))
}

/// On the CPU device nothing ever waits for an event.
fn wait<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the CPU device made a read wait"),
    }
}

/// What is said of a preset at every hundredth step, until `enough`.
fn said(preset: &str, steps: u32, enough: impl Fn(State) -> bool) -> Vec<(u32, Diagnosis)> {
    let preset = presets().into_iter().find(|p| p.id == preset).expect("a preset");
    let config = preset.config.validate().expect("a preset is valid");
    let mut trainer = Trainer::new(config, images().info().train, &Device::flex());
    let mut gauge = Gauge::new(classifier("mnist"), Size::LIVE);
    let mut all = Vec::new();
    while trainer.steps() < steps {
        (0..100).for_each(|_| drop(trainer.step(images(), Players::Both).expect("all images are there")));
        gauge.begin(&trainer);
        while gauge.progress().is_some() {
            let sample = gauge.sample(images()).map(|r| wait(r.read())).transpose().expect("readable");
            gauge.advance(images(), sample).expect("finite");
        }
        all.push((trainer.steps(), diagnose(gauge.history(), trainer.config())));
        if all.last().is_some_and(|(_, d)| enough(d.state)) {
            break;
        }
    }
    all
}

fn lines(said: &[(u32, Diagnosis)]) -> String {
    said.iter().map(|(step, d)| format!("{step}: {}. {}\n", d.title, d.evidence)).collect()
}

#[test]
fn a_vanished_gradient_is_named() {
    let all = said("vanishing", 500, |s| s == State::Vanishing);
    let (_, last) = all.last().expect("something was said");
    assert_eq!(last.state, State::Vanishing, "{}", lines(&all));
    assert_eq!(last.advice[0].changes, serde_json::json!({ "objective": "non-saturating" }));
}

#[test]
fn a_collapse_is_named() {
    let all = said("collapse", 2000, |s| s == State::Collapse);
    let (_, last) = all.last().expect("something was said");
    assert_eq!(last.state, State::Collapse, "{}", lines(&all));
    assert!(last.alarm && last.advice[0].restart);
}

#[test]
fn a_healthy_run_of_3000_steps_raises_no_alarm() {
    let all = said("dcgan", 3000, |_| false);
    assert!(all.iter().all(|(_, d)| !d.alarm), "{}", lines(&all));
    assert!(all.iter().any(|(_, d)| d.state == State::Learning), "{}", lines(&all));
}
