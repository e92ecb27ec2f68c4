//! Where a run broke down: its last steps, taken again from a copy of the run, until a parameter is no longer a finite number.

use burn::tensor::{Tensor, Transaction};
use serde::Serialize;

use crate::data::Images;
use crate::error::Result;
use crate::message::Player;
use crate::nets::Network;
use crate::snapshot;
use crate::trainer::{Players, Trainer};

/// The first update that left parameters that are not finite numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Breakdown {
    pub step: u32,
    pub player: Player,
    /// The first of the broken parameter tensors, as [`crate::nets::Slot`] names it.
    pub tensor: String,
    /// How many parameter tensors are broken, of how many.
    pub broken: usize,
    pub of: usize,
}

/// Queues the steps that `players` took, from `run` on, and reads what they left. None if every parameter is finite after the last:
/// then a sum overflowed on the way to a loss.
pub fn locate(
    mut run: Trainer,
    images: &Images,
    players: &[Players],
) -> Result<impl Future<Output = Result<Option<Breakdown>>> + use<>> {
    let (mut transaction, first) = (Transaction::default(), run.steps() + 1);
    for &player in players {
        run.step(images, player)?;
        // Within a step D is updated first.
        transaction = transaction.register(checks(run.discriminator())).register(checks(run.generator()));
    }
    let networks = [(Player::Discriminator, run.discriminator()), (Player::Generator, run.generator())];
    let plans = networks.map(|(player, network)| (player, network.plan.clone()));
    Ok(async move {
        let values = snapshot::read(transaction).await?;
        let updates = values.iter().enumerate().map(|(i, checks)| (first + i as u32 / 2, &plans[i % 2], checks));
        let broken = |checks: &[f32]| checks.iter().filter(|c| !c.is_finite()).count();
        Ok(updates.into_iter().find(|(.., checks)| broken(checks) > 0).and_then(|(step, (player, plan), checks)| {
            let slots = &plan.weights.slots;
            let tensor = slots.iter().zip(checks).find(|(_, c)| !c.is_finite())?.0.name.clone();
            Some(Breakdown { step, player: *player, tensor, broken: broken(checks), of: slots.len() })
        }))
    })
}

/// One number for each parameter tensor: 0 if it is finite, since 0 times infinity is not a number.
fn checks(network: &Network) -> Tensor<1> {
    let nothing = network.weights.clone().mul_scalar(0.0); // [weights]
    Tensor::cat(network.plan.weights.slots.iter().map(|s| nothing.clone().slice([s.range()]).sum()).collect(), 0) // [slots]
}
