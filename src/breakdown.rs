//! What is broken in a run whose loss is no longer a number: the parameters that are not finite.

use burn::tensor::{Tensor, Transaction};
use serde::Serialize;

use crate::error::Result;
use crate::message::NetworkId;
use crate::nets::Network;
use crate::snapshot;
use crate::trainer::Trainer;

/// A network with parameters that are not finite numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Breakdown {
    pub network: NetworkId,
    /// The first of the broken parameter tensors, as [`crate::nets::Slot`] names it.
    pub tensor: String,
    /// How many parameter tensors are broken, of how many.
    pub broken: usize,
    pub of: usize,
}

/// The broken networks of a run as it is now. Empty if every parameter is finite: then a sum overflowed on the way to a loss.
///
/// It looks when it is too late, at the end of the batch of steps with the bad loss: a copy of the run before each
/// batch, to take its steps again, costs too much speed (docs/decisions/non-finite-values.md).
pub fn locate(run: &Trainer) -> impl Future<Output = Result<Vec<Breakdown>>> + use<> {
    let networks = [(NetworkId::Discriminator, run.discriminator()), (NetworkId::Generator, run.generator())];
    let transaction = networks.iter().fold(Transaction::default(), |t, (_, network)| t.register(checks(network)));
    let plans = networks.map(|(id, network)| (id, network.plan.clone()));
    async move {
        let found = snapshot::read(transaction).await?.into_iter().zip(plans).filter_map(|(checks, (id, plan))| {
            let slots = &plan.weights.slots;
            let mut broken = slots.iter().zip(checks).filter(|(_, check)| !check.is_finite()).map(|(slot, _)| slot);
            let tensor = broken.next()?.name.clone();
            Some(Breakdown { network: id, tensor, broken: 1 + broken.count(), of: slots.len() })
        });
        Ok(found.collect())
    }
}

/// One number for each parameter tensor: 0 if it is finite, since 0 times infinity is not a number.
fn checks(network: &Network) -> Tensor<1> {
    let nothing = network.weights.clone().mul_scalar(0.0); // [weights]
    Tensor::cat(network.plan.weights.slots.iter().map(|s| nothing.clone().slice([s.range()]).sum()).collect(), 0) // [slots]
}
