//! What the two networks minimise. One file an objective; each works on D's logits, in a form that neither overflows nor loses
//! digits, and says which values mean equilibrium.

mod minimax;
mod non_saturating;

use burn::tensor::Tensor;
use burn::tensor::activation::log_sigmoid;
use serde::{Deserialize, Serialize};

/// The game that is played. To add one: a file here, a variant and its two match arms below, an entry in the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Objective {
    Minimax,
    NonSaturating,
}

/// A value that a curve should be compared with, and what it means to reach it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reference {
    /// Which curve: `d_loss`, `g_loss`, or `d_real` and `d_fake` together as `probability`.
    pub curve: &'static str,
    pub value: f64,
    pub label: String,
}

impl Objective {
    /// D's loss from its logits on real `[n, 1]` and generated `[m, 1]` images; mean over the batch, `[1]`.
    ///
    /// `real_target` is the label given to real images: 1, or a little less for one-sided smoothing (Salimans et al. 2016, 3.4).
    pub fn d_loss(self, real: Tensor<2>, fake: Tensor<2>, real_target: f64) -> Tensor<1> {
        match self {
            // The minimax game and its non-saturating variant differ in the generator's loss only.
            Objective::Minimax | Objective::NonSaturating => minimax::d_loss(real, fake, real_target),
        }
    }

    /// G's loss from D's logits on generated images `[m, 1]`; mean over the batch, `[1]`.
    pub fn g_loss(self, fake: Tensor<2>) -> Tensor<1> {
        match self {
            Objective::Minimax => minimax::g_loss(fake),
            Objective::NonSaturating => non_saturating::g_loss(fake),
        }
    }

    /// The lines that mean equilibrium.
    pub fn references(self, real_target: f64) -> Vec<Reference> {
        let g = match self {
            Objective::Minimax => minimax::g_reference(real_target),
            Objective::NonSaturating => non_saturating::g_reference(real_target),
        };
        vec![minimax::d_reference(real_target), g, minimax::probability_reference(real_target)]
    }
}

/// softplus(x) = log(1 + e^x) = -log sigmoid(-x), which Burn computes without overflow.
fn softplus(x: Tensor<2>) -> Tensor<2> {
    log_sigmoid(x.neg()).neg()
}

#[cfg(test)]
mod tests;
