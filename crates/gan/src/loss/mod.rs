//! The losses of D and G, one file per loss or family of losses. Each is a numerically stable function of D's outputs
//! and states the values of losses and outputs at equilibrium.

mod began;
mod dirac;
mod hinge;
mod least_squares;
mod matching;
mod minimax;
mod output;
mod penalty;
mod relativistic;
mod state;
mod terms;
mod wasserstein;

use burn::tensor::Tensor;
use counterfeit_kernels::{Operations, Relation, Term, Terms};
use counterfeit_spec::{Alternative, Choice, Spec};
use serde::{Deserialize, Serialize};

pub use began::{Balance, BalanceSpec};
pub use matching::{GeneratorLoss, feature_matching};
pub use output::{Output, Reference};
pub use penalty::{Penalty, PenaltySpec};
pub use state::{EvaluateD, LossState};
pub use terms::{LossAndGradients, evaluate};

use terms::loss;

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
        label = "Loss (objective)", default = Objective::NonSaturating, live, basic,
        source = "a paper each, named in its file in crates/gan/src/loss",
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

    /// The updates as Algorithm 1 has them.
    pub fn algorithm(&self) -> Algorithm {
        let [discriminator, generator] = self.objective.loss().algorithm;
        let generator = match self.generator {
            GeneratorLoss::Adversarial => generator,
            GeneratorLoss::FeatureMatching => matching::ALGORITHM,
        };
        Algorithm { discriminator, generator, g_sees_real: self.g_sees_real() }
    }

    /// The optimal D of two densities at a point, real and fake; None if the loss has none.
    pub fn d_optimal(&self) -> Option<impl Fn([f64; 2]) -> f64 + use<>> {
        let target = self.real_target;
        self.objective.loss().d_optimal.map(|d_optimal| move |densities| d_optimal(densities, target))
    }

    /// D's loss, and the gradients of its sum with `also`, `[1]`, from D's outputs on n real and then n fake samples,
    /// `[2 n, 1]`. `operations` as in [`counterfeit_nn::Network`].
    pub fn evaluate_d(
        &self,
        state: &mut LossState,
        outputs: Tensor<2>,
        also: Option<Tensor<1>>,
        operations: Operations,
    ) -> LossAndGradients {
        match self.objective.loss().evaluate_d {
            Some(evaluate_d) => evaluate_d(self, state, outputs, also),
            None => {
                let n = outputs.dims()[0] / 2;
                evaluate(outputs, self.objective.d_terms(n, self.real_target), also, operations)
            }
        }
    }
}

impl LossSpec {
    /// G's loss, and the gradients of its sum with `also`, `[1]`: feature matching of D's features of real and of fake
    /// samples, `[n, features]`, or the adversarial loss of D's outputs on n fake samples `[n, 1]`, before which come n
    /// real ones if the loss is relativistic. `operations` as in [`counterfeit_nn::Network`].
    pub fn evaluate_g(
        &self,
        outputs: Tensor<2>,
        features: Option<[Tensor<2>; 2]>,
        also: Option<Tensor<1>>,
        operations: Operations,
    ) -> LossAndGradients {
        if let Some([real, fake]) = features {
            return feature_matching(real, fake, outputs, self.objective.loss().output, also);
        }
        let rows = outputs.dims()[0];
        let n = if self.objective.is_relativistic() { rows / 2 } else { rows };
        evaluate(outputs, self.objective.g_terms(n), also, operations)
    }
}

/// The two updates of Algorithm 1 (Goodfellow et al. 2014) with the losses of a run, in words for the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct Algorithm {
    pub discriminator: &'static str,
    pub generator: &'static str,
    /// Whether G's update needs real samples too.
    pub g_sees_real: bool,
}

/// A loss of D and G, as data. [`Loss::BASE`] has what most losses leave out.
pub struct Loss {
    /// Key in configurations and URLs.
    pub key: &'static str,
    pub label: &'static str,
    pub source: &'static str,
    /// The update of D and of G as a line of Algorithm 1 that the page shows.
    pub algorithm: [&'static str; 2],
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
    /// The optimal D, as D's output is shown, from the densities of real and fake samples at a point and the label of
    /// real images; None if it is not shown, because it has no closed form or is not in [0, 1].
    pub d_optimal: Option<fn([f64; 2], f64) -> f64>,
    /// Whether the loss applies to the Dirac-GAN, whose D is linear.
    pub dirac: bool,
    /// D's loss if it is more than its terms, because it has a state.
    pub evaluate_d: Option<EvaluateD>,
}

impl Loss {
    /// A pointwise loss of D's output, without label, reference lines, optimal D or state.
    const BASE: Self = Self {
        key: "",
        label: "",
        source: "",
        algorithm: [""; 2],
        output: Output::Critic,
        relation: Relation::Alone,
        d_terms: |_| [Term::NOTHING; 2],
        g_terms: [Term::NOTHING; 2],
        labels: false,
        references: |_| Vec::new(),
        equilibrium: |_| String::new(),
        d_optimal: None,
        dirac: true,
        evaluate_d: None,
    };
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

#[cfg(test)]
mod tests;
