//! The losses of D and G, one file per loss or family of losses. Each is a numerically stable function of D's outputs
//! and states the values of losses and outputs at equilibrium.

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

pub use began::{Balance, BalanceSpec};
pub use matching::{GeneratorLoss, feature_matching};
pub use penalty::{Penalty, PenaltySpec};

use counterfeit_kernels::{self as kernels, Curve, Relation, Term, Terms};
use counterfeit_spec::{Alternative, Choice, Spec};

/// The loss of a run. To add one, write its [`Loss`] in a file here and add a variant below.
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

/// The losses of both networks.
#[derive(Debug, Clone, Copy, PartialEq, Spec)]
pub struct LossSpec {
    /// What both networks minimise. With the original minimax loss G's gradient vanishes when D is confident; the
    /// non-saturating loss has the same fixed point and avoids this. The others change what D's output means.
    #[setting(
        label = "Loss (objective)", default = Objective::NonSaturating, live,
        source = "a paper each, named in its file in src/loss",
    )]
    pub objective: Objective,
    /// Feature matching: instead of fooling D, G matches the mean of D's last features to that of real samples.
    #[setting(
        key = "g_goal", label = "Generator loss", default = GeneratorLoss::Adversarial,
        source = "Salimans et al. 2016",
    )]
    pub generator: GeneratorLoss,
    /// D's target on real samples. A value slightly below 1 (one-sided label smoothing) keeps D from being
    /// overconfident; at equilibrium D is half of it.
    #[setting(
        label = "Real label", default = 1.0, range = 0.5..=1.0, live, only(objective = labelled),
        source = "Salimans et al. 2016, section 3.4",
    )]
    pub real_target: f64,
    /// For BEGAN.
    #[nested]
    pub balance: BalanceSpec,
}

/// Keys of the losses whose real label can be smoothed.
fn labelled() -> Vec<&'static str> {
    Objective::ALL.iter().map(|o| o.loss()).filter(|loss| loss.labels).map(|loss| loss.key).collect()
}

impl LossSpec {
    /// Whether a G step needs real images: for D's outputs on them, or for its features of them.
    pub fn g_sees_real(&self) -> bool {
        self.objective.is_relativistic() || self.generator == GeneratorLoss::FeatureMatching
    }

    /// Reference lines: the values at equilibrium.
    pub fn references(&self) -> Vec<Reference> {
        self.objective.references(self.real_target)
    }

    /// A sentence about the equilibrium.
    pub fn equilibrium(&self) -> String {
        self.objective.equilibrium(self.real_target)
    }
}

/// The meaning of D's output.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub enum Output {
    /// A logit; sigmoid gives the probability D(x) that x is real, and 1/2 is the decision threshold.
    Probability,
    /// A score, larger for real images, with a decision threshold.
    Score { threshold: f32 },
    /// A critic's score, of which only differences between images are meaningful.
    Critic,
}

impl Output {
    /// Converts an output to what the page shows: the probability for logits, the output itself otherwise.
    pub fn to_probability(self, a: f32) -> f32 {
        if self == Output::Probability { kernels::sigmoid(a) } else { a }
    }

    /// The decision threshold of the raw output; None for a critic.
    pub fn decision_threshold(self) -> Option<f32> {
        match self {
            Output::Probability => Some(0.0),
            Output::Score { threshold: border } => Some(border),
            Output::Critic => None,
        }
    }
}

/// A reference line of a chart: the value of a curve at equilibrium.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct Reference {
    /// The curve: `d_loss`, `g_loss`, or `output` for both `d_real` and `d_fake`.
    pub curve: &'static str,
    pub value: f64,
    pub label: String,
}

/// A loss of D and G.
pub struct Loss {
    /// Key in configurations and URLs.
    pub key: &'static str,
    pub label: &'static str,
    pub source: &'static str,
    pub output: Output,
    pub relation: Relation,
    /// D's loss terms on real and on fake images. The argument is the label of real images: 1, or slightly less with
    /// one-sided label smoothing (Salimans et al. 2016, 3.4).
    pub d_terms: fn(f64) -> [Term; 2],
    /// G's loss terms on real images, used by relativistic losses only, and on fake images.
    pub g_terms: [Term; 2],
    /// Whether the loss has a label of real images, which can be smoothed.
    pub labels: bool,
    /// Reference lines: values at equilibrium, by the label of real images.
    pub references: fn(f64) -> Vec<Reference>,
    /// A sentence about D's output and the losses at equilibrium.
    pub equilibrium: fn(f64) -> String,
}

impl Objective {
    /// All losses, in the order of the form.
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

    /// D's loss, a function of its outputs on `n` real and then `n` fake images.
    pub fn d_terms(self, n: usize, real_target: f64) -> Terms {
        self.terms(n, n, (self.loss().d_terms)(real_target))
    }

    /// G's loss, a function of D's outputs on `n` fake images; before them come `n` real ones if
    /// [`Objective::is_relativistic`].
    pub fn g_terms(self, n: usize) -> Terms {
        self.terms(if self.is_relativistic() { n } else { 0 }, n, self.loss().g_terms)
    }

    /// Whether the loss is relativistic, so that G's loss needs D's outputs on real images too.
    pub fn is_relativistic(self) -> bool {
        self.loss().relation != Relation::Alone
    }

    fn terms(self, real: usize, fake: usize, [on_real, on_fake]: [Term; 2]) -> Terms {
        let Loss { relation, output, .. } = *self.loss();
        Terms { real, fake, on_real, on_fake, relation, logits: output == Output::Probability }
    }

    /// D's loss `[1]` in plain tensor operations, from its outputs on real `[n, 1]` and on fake `[n, 1]` images.
    pub fn d_loss(self, real: Tensor<2>, fake: Tensor<2>, real_target: f64) -> Tensor<1> {
        let terms = self.d_terms(real.dims()[0], real_target);
        loss(Some(real), fake, terms)
    }

    /// G's loss `[1]` in plain tensor operations, from D's outputs on real images, used if
    /// [`Objective::is_relativistic`], and on fake images, both `[n, 1]`.
    pub fn g_loss(self, real: Tensor<2>, fake: Tensor<2>) -> Tensor<1> {
        let terms = self.g_terms(fake.dims()[0]);
        loss(self.is_relativistic().then_some(real), fake, terms)
    }

    /// Reference lines: the values at equilibrium.
    pub fn references(self, real_target: f64) -> Vec<Reference> {
        (self.loss().references)(self.label(real_target))
    }

    /// A sentence about the equilibrium.
    pub fn equilibrium(self, real_target: f64) -> String {
        (self.loss().equilibrium)(self.label(real_target))
    }

    /// The label of real images; 1 if the loss has no label.
    fn label(self, real_target: f64) -> f64 {
        if self.loss().labels { real_target } else { 1.0 }
    }
}

impl Choice for Objective {
    fn alternatives() -> Vec<Alternative> {
        Self::ALL.iter().map(|o| o.loss()).map(|loss| Alternative { value: loss.key, label: loss.label }).collect()
    }

    fn key(self) -> &'static str {
        self.loss().key
    }

    fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|objective| objective.key() == key)
    }
}

/// Formats a value with three digits and a typographic minus sign.
fn number(value: f64) -> String {
    format!("{value:.3}").replace('-', "\u{2212}")
}

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
