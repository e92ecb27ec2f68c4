//! A run that breaks down is told of with the step and the parameters that broke.

use counterfeit::breakdown::locate;
use counterfeit::config::{HiddenUnit, RunConfig};
use counterfeit::message::Player;
use counterfeit::nets::Network;
use counterfeit::trainer::Players;

use super::support::{images, trainer, values, wait};
use crate::common;

/// The same as in the end-to-end test of the page: five layers of maxout and steps of 0.1 that forget at once how large gradients are.
fn doomed() -> RunConfig {
    let d_hidden = HiddenUnit::Maxout;
    RunConfig { d_layers: 5, g_layers: 5, d_hidden, d_lr: 0.1, d_beta1: 0.9, d_beta2: 0.0, ..common::mlp() }
}

fn finite(network: &Network) -> bool {
    values(&network.weights).iter().all(|v| v.is_finite())
}

#[test]
fn the_first_broken_parameters_are_found_by_taking_the_steps_again() {
    let start = trainer(doomed());
    let mut run = start.clone();
    let broke = (1..=300).find_map(|step| {
        run.step(images(), Players::Both).unwrap();
        match (finite(run.discriminator()), finite(run.generator())) {
            (false, _) => Some((step, Player::Discriminator)),
            (true, false) => Some((step, Player::Generator)),
            _ => None,
        }
    });
    let (step, player) = broke.expect("this run breaks down");
    let players = vec![Players::Both; step as usize + 5];
    let found = wait(locate(start.clone(), images(), &players).unwrap()).unwrap().expect("it breaks down again");
    assert_eq!((found.step, found.player), (step, player));
    let plan = if player == Player::Generator { &start.generator().plan } else { &start.discriminator().plan };
    assert!(plan.weights.slots.iter().any(|s| s.name == found.tensor) && found.of == plan.weights.slots.len());
    assert!((1..=found.of).contains(&found.broken));
    // One step less, and nothing is wrong yet.
    let players = vec![Players::Both; step as usize - 1];
    assert_eq!(wait(locate(start, images(), &players).unwrap()).unwrap(), None);
}
