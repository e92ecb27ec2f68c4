//! What D's output means, and where the curves are at equilibrium.

use counterfeit_kernels as kernels;
use serde::Serialize;

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
