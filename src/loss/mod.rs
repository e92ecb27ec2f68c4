//! What the two networks minimise. One file an objective, or a family of them; each works on D's outputs, in a form that neither
//! overflows nor loses digits, and says which values mean equilibrium.

mod began;
mod hinge;
mod least_squares;
mod matching;
mod minimax;
mod penalty;
mod relativistic;
mod wasserstein;

use burn::tensor::activation::{log_sigmoid, relu, sigmoid};
use burn::tensor::{Gradients, Tensor};
use serde::{Deserialize, Serialize};

pub use began::Balance;
pub use matching::feature_matching;
pub use penalty::Penalty;

use crate::kernels::{self, Curve, Relation, Term, Terms};

/// Which game is played. To add one: its [`Game`] in a file here, and a variant with its name and its game below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Objective {
    NonSaturating,
    Minimax,
    LeastSquares,
    Pearson,
    Hinge,
    Wasserstein,
    Relativistic,
    RelativisticAverage,
    RelativisticAverageLeastSquares,
    RelativisticAverageHinge,
    Began,
}

/// What D's output means.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Output {
    /// A logit: D is the probability that an image is genuine, and 1/2 is the border.
    Probability,
    /// A number, larger for a genuine image, with a border.
    Score { threshold: f32 },
    /// A number of which only differences between images mean anything.
    Critic,
}

impl Output {
    /// What the page shows of an output: D itself.
    pub fn to_probability(self, a: f32) -> f32 {
        if self == Output::Probability { kernels::sigmoid(a) } else { a }
    }

    /// The output between genuine and forged, if it has one.
    pub fn decision_threshold(self) -> Option<f32> {
        match self {
            Output::Probability => Some(0.0),
            Output::Score { threshold: border } => Some(border),
            Output::Critic => None,
        }
    }
}

/// A value that a curve should be compared with, and what it means to reach it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reference {
    /// Which curve: `d_loss`, `g_loss`, or `d_real` and `d_fake` together as `output`.
    pub curve: &'static str,
    pub value: f64,
    pub label: String,
}

/// One member of the family.
pub struct Loss {
    /// The name in configurations and addresses.
    pub key: &'static str,
    pub label: &'static str,
    pub source: &'static str,
    pub output: Output,
    pub relation: Relation,
    /// What D minimises on real and on generated images. The argument is the label given to real images: 1, or a little less for
    /// one-sided smoothing (Salimans et al. 2016, 3.4), where the game has labels.
    pub d_terms: fn(f64) -> [Term; 2],
    /// What G minimises on real images, which matter only where outputs are compared, and on its own.
    pub g_terms: [Term; 2],
    /// Whether real images have a label that can be smoothed.
    pub labels: bool,
    /// The values that mean equilibrium, where there are such values.
    pub references: fn(f64) -> Vec<Reference>,
    /// What D says where it cannot tell, and what the losses then are, in words.
    pub equilibrium: fn(f64) -> String,
}

impl Objective {
    /// Every one, in the order of the form.
    pub const ALL: [Self; 11] = [
        Self::NonSaturating,
        Self::Minimax,
        Self::LeastSquares,
        Self::Pearson,
        Self::Hinge,
        Self::Wasserstein,
        Self::Relativistic,
        Self::RelativisticAverage,
        Self::RelativisticAverageLeastSquares,
        Self::RelativisticAverageHinge,
        Self::Began,
    ];

    pub fn loss(self) -> &'static Loss {
        match self {
            Self::NonSaturating => &minimax::NON_SATURATING,
            Self::Minimax => &minimax::SATURATING,
            Self::LeastSquares => &least_squares::LABELS,
            Self::Pearson => &least_squares::PEARSON,
            Self::Hinge => &hinge::LOSS,
            Self::Wasserstein => &wasserstein::LOSS,
            Self::Relativistic => &relativistic::PAIRED,
            Self::RelativisticAverage => &relativistic::AVERAGE,
            Self::RelativisticAverageLeastSquares => &relativistic::AVERAGE_LEAST_SQUARES,
            Self::RelativisticAverageHinge => &relativistic::AVERAGE_HINGE,
            Self::Began => &began::LOSS,
        }
    }

    /// What D minimises, from its outputs on `n` real images and then on `n` generated ones.
    pub fn d_terms(self, n: usize, real_target: f64) -> Terms {
        self.terms(n, n, (self.loss().d_terms)(real_target))
    }

    /// What G minimises, from D's outputs on `n` generated images, after those on `n` real ones where [`Objective::compares`].
    pub fn g_terms(self, n: usize) -> Terms {
        self.terms(if self.is_relativistic() { n } else { 0 }, n, self.loss().g_terms)
    }

    /// Whether outputs on real and on generated images are compared, so that G's loss needs both.
    pub fn is_relativistic(self) -> bool {
        self.loss().relation != Relation::Alone
    }

    fn terms(self, real: usize, fake: usize, [on_real, on_fake]: [Term; 2]) -> Terms {
        let Loss { relation, output, .. } = *self.loss();
        Terms { real, fake, on_real, on_fake, relation, logits: output == Output::Probability }
    }

    /// D's loss by plain tensor operations, from its outputs on real `[n, 1]` and on generated `[n, 1]` images, `[1]`.
    pub fn d_loss(self, real: Tensor<2>, fake: Tensor<2>, real_target: f64) -> Tensor<1> {
        let terms = self.d_terms(real.dims()[0], real_target);
        loss(Some(real), fake, terms)
    }

    /// G's loss by plain tensor operations, from D's outputs on real (used where [`Objective::compares`]) and on generated images,
    /// both `[n, 1]`, `[1]`.
    pub fn g_loss(self, real: Tensor<2>, fake: Tensor<2>) -> Tensor<1> {
        let terms = self.g_terms(fake.dims()[0]);
        loss(self.is_relativistic().then_some(real), fake, terms)
    }

    /// The values that mean equilibrium.
    pub fn references(self, real_target: f64) -> Vec<Reference> {
        (self.loss().references)(self.label(real_target))
    }

    /// The same in words.
    pub fn equilibrium(self, real_target: f64) -> String {
        (self.loss().equilibrium)(self.label(real_target))
    }

    /// The label of real images; 1 where the game has none.
    fn label(self, real_target: f64) -> f64 {
        if self.loss().labels { real_target } else { 1.0 }
    }
}

/// For people: three digits and a true minus sign.
fn number(value: f64) -> String {
    format!("{value:.3}").replace('-', "\u{2212}")
}

/// A loss where it can be read and where it can be followed.
pub struct LossAndGradients {
    /// The loss, mean D(x), mean D(G(z)): `[3]`, outside any graph.
    pub numbers: Tensor<1>,
    pub gradients: Gradients,
}

/// The loss of D or G from D's outputs `[real + fake, 1]`, and the gradients of it and of what else is to be minimised, `[1]`.
/// `fused` as in [`crate::nets::Network`].
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

/// The mean of each term over its rows.
fn loss(real: Option<Tensor<2>>, fake: Tensor<2>, terms: Terms) -> Tensor<1> {
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
fn mean_output(outputs: Tensor<2>, logits: bool) -> Tensor<1> {
    let outputs = outputs.inner();
    if logits { sigmoid(outputs).mean() } else { outputs.mean() }
}

/// softplus(x) = log(1 + e^x) = -log sigmoid(-x), which Burn computes without overflow.
fn softplus(x: Tensor<2>) -> Tensor<2> {
    log_sigmoid(x.neg()).neg()
}

#[cfg(test)]
mod tests;
