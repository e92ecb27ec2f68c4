//! Gradient and update statistics of each layer, computed from the optimizer's moments. They cost nothing during a
//! step.
//!
//! The bias-corrected first moment is the gradient averaged over about 1 / (1 - beta1) updates. With the second moment
//! it gives the last update exactly (Kingma and Ba 2015, algorithm 1), except for Nesterov momentum, weight decay and
//! clipping.

use std::pin::Pin;

use burn::tensor::Transaction;
use serde::Serialize;

use crate::error::Result;
use crate::nn::Network;
use crate::optim::{Moments, Optimizer};
use crate::read_back;
use crate::trainer::Trainer;

/// One parameter of a network.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct LayerGradientStats {
    /// Index of its layer, and its role.
    pub name: String,
    /// Euclidean norm of the averaged gradient.
    pub gradient: f64,
    /// Norm of the last update over the norm of the weights; about 1e-3 is usual.
    pub ratio: f64,
    /// Root mean square of the weights.
    pub size: f64,
}

/// Both networks.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct Signals {
    pub generator: Vec<LayerGradientStats>,
    pub discriminator: Vec<LayerGradientStats>,
}

/// A pending read-back of signals.
pub type Reading = Pin<Box<dyn Future<Output = Result<Signals>>>>;

/// Queues the read-back before it returns.
pub fn read(trainer: &Trainer) -> Reading {
    let mut transaction = Transaction::default();
    for (network, optimizer) in trainer.networks_with_optimizers() {
        for tensor in [network.weights.clone(), optimizer.first(), optimizer.second().clone()] {
            transaction = transaction.register(tensor);
        }
    }
    let [generator, discriminator] =
        trainer.networks_with_optimizers().map(|(network, optimizer)| layer_gradient_stats(network, optimizer));
    Box::pin(async move {
        let values = read_back::read(transaction).await?;
        let (g, d) = values.split_at(3);
        Ok(Signals { generator: generator(g), discriminator: discriminator(d) })
    })
}

/// Returns a function that computes the statistics from a network's weights and moments.
fn layer_gradient_stats(
    network: &Network,
    optimizer: &Optimizer,
) -> impl Fn(&[Vec<f32>]) -> Vec<LayerGradientStats> + use<> {
    let (plan, moments) = (network.plan.clone(), optimizer.moments());
    move |values| {
        let [weights, first, second] = [&values[0], &values[1], &values[2]];
        let pull = |slot: &crate::nn::Slot| {
            let range = slot.range();
            let norm = |values: &mut dyn Iterator<Item = f64>| values.map(|v| v * v).sum::<f64>().sqrt();
            let Moments { first: correct, .. } = moments;
            let gradient = norm(&mut first[range.clone()].iter().map(|&m| correct * f64::from(m)));
            let update = norm(&mut range.clone().map(|i| moments.update(first[i].into(), second[i].into())));
            let count = range.len().max(1) as f64;
            let length = norm(&mut weights[range].iter().map(|&w| f64::from(w)));
            let ratio = update / length.max(f64::MIN_POSITIVE);
            LayerGradientStats { name: slot.name.clone(), gradient, ratio, size: length / count.sqrt() }
        };
        plan.weights.slots.iter().map(pull).collect()
    }
}

/// The largest root mean square of a layer's weights.
pub fn largest(pulls: &[LayerGradientStats]) -> f64 {
    pulls.iter().map(|p| p.size).fold(0.0, f64::max)
}

/// The norm over all layers.
pub fn total(pulls: &[LayerGradientStats]) -> f64 {
    pulls.iter().map(|p| p.gradient * p.gradient).sum::<f64>().sqrt()
}
