//! The value of a loss and its gradients, from the terms that the loss declares: by the kernel, or by plain tensor
//! operations.

use burn::tensor::activation::{log_sigmoid, relu, sigmoid};
use burn::tensor::{Gradients, Tensor};
use counterfeit_kernels::{self as kernels, Curve, Relation, Term, Terms};

/// A loss for display, and its gradients.
pub struct LossAndGradients {
    /// The loss, mean D(x), mean D(G(z)): `[3]`, outside any graph.
    pub numbers: Tensor<1>,
    pub gradients: Gradients,
}

/// Computes the loss of D or G from D's outputs `[real + fake, 1]`, and the gradients of its sum with `also`, `[1]`.
/// `fused` as in [`counterfeit_nn::Network`].
pub fn evaluate(outputs: Tensor<2>, terms: Terms, also: Option<Tensor<1>>, fused: bool) -> LossAndGradients {
    if kernels::chosen(fused) {
        let numbers = kernels::loss_and_grad(outputs, terms); // [3], of which the loss has a gradient
        let gradients = match also {
            Some(also) => (numbers.clone().slice([0..1]) + also).backward(),
            None => numbers.backward(),
        };
        return LossAndGradients { gradients, numbers: numbers.inner() };
    }
    let (real, fake) = split(outputs, terms);
    let loss = loss(real.clone(), fake.clone(), terms);
    let gradients = match also {
        Some(also) => (loss.clone() + also).backward(),
        None => loss.backward(),
    };
    let d_real = real.map_or_else(|| loss.clone().inner().zeros_like(), |real| mean_output(real, terms.logits));
    LossAndGradients { numbers: Tensor::cat(vec![loss.inner(), d_real, mean_output(fake, terms.logits)], 0), gradients }
}

fn split(outputs: Tensor<2>, Terms { real, fake, .. }: Terms) -> (Option<Tensor<2>>, Tensor<2>) {
    let fake = outputs.clone().slice([real..real + fake]);
    ((real > 0).then(|| outputs.slice([0..real])), fake)
}

/// The loss: each term averaged over its rows.
pub(super) fn loss(real: Option<Tensor<2>>, fake: Tensor<2>, terms: Terms) -> Tensor<1> {
    let Some(real) = real else { return mean_of(terms.on_fake, fake) };
    match terms.relation {
        Relation::Alone => mean_of(terms.on_real, real) + mean_of(terms.on_fake, fake),
        Relation::Pair => mean_of(terms.on_real, real - fake),
        Relation::Average => {
            let level = |outputs: &Tensor<2>| outputs.clone().mean().reshape([1, 1]);
            let (on_real, on_fake) = (real.clone() - level(&fake), fake - level(&real));
            mean_of(terms.on_real, on_real) + mean_of(terms.on_fake, on_fake)
        }
    }
}

fn mean_of(term: Term, outputs: Tensor<2>) -> Tensor<1> {
    let x = outputs.clone().mul_scalar(term.sign).add_scalar(term.shift);
    let curve = match term.curve {
        Curve::Softplus => softplus(x),
        Curve::Square => x.square(),
        Curve::Hinge => relu(x),
    };
    curve.mean().mul_scalar(term.scale) + outputs.mean().mul_scalar(term.linear)
}

/// Mean of D over a batch, outside the graph: `[n, 1]` -> `[1]`.
pub(super) fn mean_output(outputs: Tensor<2>, logits: bool) -> Tensor<1> {
    let outputs = outputs.inner();
    if logits { sigmoid(outputs).mean() } else { outputs.mean() }
}

/// softplus(x) = log(1 + e^x) = -log sigmoid(-x), which Burn computes without overflow.
fn softplus(x: Tensor<2>) -> Tensor<2> {
    log_sigmoid(x.neg()).neg()
}
