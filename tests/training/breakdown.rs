//! A run that breaks down is told of with the parameters that broke.

use counterfeit::breakdown::locate;
use counterfeit::config;
use counterfeit::config::{HiddenUnit, RunConfig};
use counterfeit::nn::{Network, NetworkId, Slot};
use counterfeit::trainer::{StepKind, Trainer};

use super::support::{images, trainer, values, wait};
use crate::common;

/// The same as in the end-to-end test of the page: five layers of maxout and steps of 0.1 that forget at once how large
/// gradients are.
fn doomed() -> RunConfig {
    let d_hidden = HiddenUnit::Maxout;
    config! {
        discriminator.network.layers: 5,
        generator.network.layers: 5,
        discriminator.hidden: d_hidden,
        discriminator.optimizer.lr: 0.1,
        discriminator.optimizer.beta1: 0.9,
        discriminator.optimizer.beta2: 0.0,
        ..common::mlp()
    }
}

fn finite(network: &Network) -> bool {
    values(&network.weights).iter().all(|v| v.is_finite())
}

#[test]
fn broken_parameters_are_found_when_there_are_some() {
    let mut run = trainer(doomed());
    let broken = |run: &Trainer| wait(locate(run)).unwrap();
    assert_eq!(broken(&run), []);
    let breaks = (0..300).any(|_| {
        run.step(images(), StepKind::Both).unwrap();
        !finite(run.discriminator()) || !finite(run.generator())
    });
    assert!(breaks, "this run breaks down");
    for (id, network) in [(NetworkId::Discriminator, run.discriminator()), (NetworkId::Generator, run.generator())] {
        let all = values(&network.weights);
        let bad = |s: &&Slot| all[s.range()].iter().any(|v| !v.is_finite());
        let expected: Vec<&Slot> = network.plan.weights.slots.iter().filter(bad).collect();
        let found = broken(&run).into_iter().find(|b| b.network == id);
        assert_eq!(
            found.as_ref().map(|b| (b.tensor.as_str(), b.broken)),
            expected.first().map(|s| (s.name.as_str(), expected.len()))
        );
    }
}
