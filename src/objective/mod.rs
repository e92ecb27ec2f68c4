//! What the two networks minimise. One file an objective; each works on D's logits, in a form that neither overflows nor loses
//! digits, and says which values mean equilibrium.

mod minimax;
mod non_saturating;

use burn::tensor::activation::{log_sigmoid, sigmoid};
use burn::tensor::{Gradients, Tensor};
use serde::{Deserialize, Serialize};

use crate::kernels::{self, Term, Terms};

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
    /// What D minimises, from its logits on `n` real images and then `n` generated ones.
    ///
    /// `real_target` is the label given to real images: 1, or a little less for one-sided smoothing (Salimans et al. 2016, 3.4).
    pub fn d_terms(self, n: usize, real_target: f64) -> Terms {
        let [on_real, on_fake] = match self {
            // The minimax game and its non-saturating variant differ in the generator's loss only.
            Objective::Minimax | Objective::NonSaturating => minimax::d_terms(real_target),
        };
        Terms { real: n, fake: n, on_real, on_fake }
    }

    /// What G minimises, from D's logits on `n` generated images.
    pub fn g_terms(self, n: usize) -> Terms {
        let on_fake = match self {
            Objective::Minimax => minimax::g_term(),
            Objective::NonSaturating => non_saturating::g_term(),
        };
        Terms { real: 0, fake: n, on_real: on_fake, on_fake }
    }

    /// D's loss by plain tensor operations, from its logits on real `[n, 1]` and generated `[m, 1]` images, `[1]`.
    pub fn d_loss(self, real: Tensor<2>, fake: Tensor<2>, real_target: f64) -> Tensor<1> {
        let terms = self.d_terms(real.dims()[0], real_target);
        loss(Some(real), fake, terms)
    }

    /// G's loss by plain tensor operations, from D's logits on generated images `[m, 1]`, `[1]`.
    pub fn g_loss(self, fake: Tensor<2>) -> Tensor<1> {
        let terms = self.g_terms(fake.dims()[0]);
        loss(None, fake, terms)
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

/// A loss where it can be read and where it can be followed.
pub struct Scored {
    /// The loss, mean D(x), mean D(G(z)): `[3]`, outside any graph.
    pub numbers: Tensor<1>,
    pub gradients: Gradients,
}

/// The loss of D or G from D's logits `[real + fake, 1]`, and its gradients. `fused` as in [`crate::nets::Network`].
pub fn score(logits: Tensor<2>, terms: Terms, fused: bool) -> Scored {
    if kernels::chosen(fused) {
        let numbers = kernels::score(logits, terms); // [3], of which the loss has a gradient
        return Scored { gradients: numbers.backward(), numbers: numbers.inner() };
    }
    let (real, fake) = split(logits, terms);
    let loss = loss(real.clone(), fake.clone(), terms);
    let gradients = loss.backward();
    let d_real = real.map_or_else(|| loss.clone().inner().zeros_like(), mean_probability);
    Scored { numbers: Tensor::cat(vec![loss.inner(), d_real, mean_probability(fake)], 0), gradients }
}

fn split(logits: Tensor<2>, Terms { real, fake, .. }: Terms) -> (Option<Tensor<2>>, Tensor<2>) {
    let forged = logits.clone().slice([real..real + fake]);
    ((real > 0).then(|| logits.slice([0..real])), forged)
}

/// The mean of each term over its rows.
fn loss(real: Option<Tensor<2>>, fake: Tensor<2>, terms: Terms) -> Tensor<1> {
    let fake = mean_of(terms.on_fake, fake);
    match real {
        Some(real) => mean_of(terms.on_real, real) + fake,
        None => fake,
    }
}

fn mean_of(term: Term, logits: Tensor<2>) -> Tensor<1> {
    let mean = softplus(logits.clone().mul_scalar(term.sign)).mean().mul_scalar(term.scale);
    if term.linear == 0.0 { mean } else { mean + logits.mean().mul_scalar(term.linear) }
}

/// Mean of D = sigmoid(logit) over a batch, outside the graph: `[n, 1]` -> `[1]`.
fn mean_probability(logits: Tensor<2>) -> Tensor<1> {
    sigmoid(logits.inner()).mean()
}

/// softplus(x) = log(1 + e^x) = -log sigmoid(-x), which Burn computes without overflow.
fn softplus(x: Tensor<2>) -> Tensor<2> {
    log_sigmoid(x.neg()).neg()
}

#[cfg(test)]
mod tests;
