//! Penalties on the gradient of D with respect to its input, one file per kind. Each is added to D's loss and can be
//! combined with any loss. All but one are exact: see `tangent.rs` of the crate `nn`.

mod curve;
mod differences;
mod dragan;
mod wgan;
mod zero_centred;

use burn::tensor::Tensor;
use counterfeit_nn::{BoundNetwork, Mode, Network};
use counterfeit_spec::{Choice, Spec};

use crate::discriminator_call::DiscriminatorCall;
use curve::Curve;

/// The kind of penalty. To add one, write its [`GradientPenalty`] in a file here and add a variant below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Penalty {
    #[choice("none")]
    None,
    #[choice("WGAN-GP, two-sided")]
    Wgan,
    #[choice("WGAN-GP, one-sided")]
    OneSided,
    #[choice("R1 (real samples)")]
    R1,
    #[choice("R2 (generated samples)")]
    R2,
    #[choice("R1 and R2")]
    R1AndR2,
    #[choice("DRAGAN (around real samples)")]
    Dragan,
    #[choice("R1, finite differences (approximate)")]
    R1Differences,
}

/// The gradient penalty of a run.
#[derive(Debug, Clone, Copy, PartialEq, Spec)]
pub struct PenaltySpec {
    /// Penalises the norm of D's gradient with respect to its input. WGAN-GP and DRAGAN pull the norm to 1, R1 and R2
    /// to 0; none works with batch normalisation in D. Not included in the loss curve.
    #[setting(
        key = "d_penalty", label = "Gradient penalty", default = Penalty::None, basic,
        source = "Gulrajani et al. 2017; Mescheder et al. 2018; Huang et al. 2024; Kodali et al. 2017; Lin et al. \
            2025 (Seaweed-APT)",
    )]
    pub penalty: Penalty,
    /// λ or γ: 10 in WGAN-GP and DRAGAN; R1 uses 10 from 64 pixels on, less for small images.
    #[setting(
        key = "d_penalty_weight", label = "Gradient penalty weight", default = 1.0, range = 0.0..=1000.0, live, basic,
        only(penalty = penalties), source = "the papers of the penalties",
    )]
    pub weight: f64,
}

/// Keys of the penalties, without none.
fn penalties() -> Vec<&'static str> {
    Penalty::alternatives().iter().map(|option| option.value).filter(|&key| key != Penalty::None.key()).collect()
}

/// A gradient penalty, as data.
pub struct GradientPenalty {
    /// Number of uniform numbers per update, for rows of D's input `[n, values]`.
    pub draws: fn(usize, usize) -> usize,
    form: Form,
    /// dP/d|g| by |g|, for a weight of 1, where |g| is the same at all points, as in the Dirac-GAN.
    slope: fn(f64) -> f64,
}

/// The penalty of a batch of n rows.
enum Form {
    /// None.
    Nothing,
    /// weight / n times the sum of the curve of |g|, where g is the gradient of D's logit at each point.
    Slopes { points: Points, curve: Curve },
    /// A function of D's outputs, `[1]`.
    Outputs(fn(&mut BoundNetwork, DiscriminatorCall, Batch, f64) -> Option<Tensor<1>>),
}

/// The points at which gradients are penalised, from real and fake rows, both `[n, values]`, and uniform numbers.
type Points = fn([Tensor<2>; 2], Option<Tensor<1>>) -> Option<Tensor<2>>;

/// Real rows of D's input `[n, values]` with their codes, and uniform numbers.
struct Batch {
    real: Tensor<2>,
    codes: Option<Tensor<2>>,
    uniform: Option<Tensor<1>>,
}

const NONE: GradientPenalty = GradientPenalty { draws: |_, _| 0, form: Form::Nothing, slope: |_| 0.0 };

impl Penalty {
    /// What it is.
    pub fn penalty(self) -> &'static GradientPenalty {
        match self {
            Self::None => &NONE,
            Self::Wgan => &wgan::TWO_SIDED,
            Self::OneSided => &wgan::ONE_SIDED,
            Self::R1 => &zero_centred::R1,
            Self::R2 => &zero_centred::R2,
            Self::R1AndR2 => &zero_centred::R1_AND_R2,
            Self::Dragan => &dragan::PENALTY,
            Self::R1Differences => &differences::R1,
        }
    }

    /// Whether it is computed from D's gradient itself, for which each of D's layers needs a tangent.
    pub fn is_exact(self) -> bool {
        matches!(self.penalty().form, Form::Slopes { .. })
    }
}

impl PenaltySpec {
    /// Number of uniform numbers per update, for rows of D's input `[n, values]`.
    pub fn draws(&self, n: usize, values: usize) -> usize {
        (self.penalty.penalty().draws)(n, values)
    }

    /// The value of the penalty, `[1]`; arguments as for [`PenaltySpec::term`].
    pub fn value(
        &self,
        network: &Network,
        d_call: DiscriminatorCall,
        pair: [&Tensor<2>; 2],
        codes: Option<Tensor<2>>,
        uniform: Option<Tensor<1>>,
    ) -> Option<Tensor<1>> {
        let [real, fake] = pair.map(|images| d_call.packed(images.clone()));
        let n = real.dims()[0];
        match self.penalty.penalty().form {
            Form::Nothing => None,
            Form::Slopes { points, curve } => {
                let at = points([real, fake], uniform)?; // [points, values]
                let codes = codes_at(&at, codes);
                let norm = slopes(network, d_call, at, codes)?.square().sum_dim(1).sqrt(); // [points, 1]
                Some(curve.value(norm).sum().mul_scalar(self.weight / n as f64))
            }
            Form::Outputs(value) => value(&mut network.frozen(), d_call, Batch { real, codes, uniform }, self.weight),
        }
    }

    /// A term of D's loss, `[1]`, with the gradient of the penalty with respect to D's weights, but not its value. `d`
    /// is `network` bound with its weights as leaves; `codes` belong to the real and to the fake images.
    pub fn term(
        &self,
        network: &Network,
        d: &mut BoundNetwork,
        d_call: DiscriminatorCall,
        pair: [&Tensor<2>; 2],
        codes: Option<Tensor<2>>,
        uniform: Option<Tensor<1>>,
    ) -> Option<Tensor<1>> {
        let [real, fake] = pair.map(|images| d_call.packed(images.clone()));
        let n = real.dims()[0];
        match self.penalty.penalty().form {
            Form::Nothing => None,
            Form::Slopes { points, curve } => {
                let at = points([real, fake], uniform)?; // [points, values]
                let codes = codes_at(&at, codes);
                let slopes = slopes(network, d_call, at.clone(), codes.clone())?; // [points, values]
                let norm = slopes.clone().square().sum_dim(1).sqrt(); // [points, 1]
                let factor = curve.factor(norm, self.weight).div_scalar(n as f64);
                let along = d_call.along(d, at, slopes, codes)?; // [points, 1]
                Some((along * Tensor::from_inner(factor)).sum())
            }
            Form::Outputs(value) => {
                let (real, uniform) = (Tensor::from_inner(real), uniform.map(Tensor::from_inner));
                value(d, d_call, Batch { real, codes, uniform }, self.weight)
            }
        }
    }

    /// The derivative of the penalty with respect to psi in the Dirac-GAN, where D(x) = psi x has the gradient psi
    /// everywhere.
    pub fn dirac(&self, psi: f64) -> f64 {
        let sign = if psi == 0.0 { 0.0 } else { psi.signum() };
        self.weight * (self.penalty.penalty().slope)(psi.abs()) * sign
    }

    /// Whether that derivative is discontinuous at psi = 0: a penalty with the target |psi| = 1 pushes psi away from 0
    /// on both sides.
    pub fn has_kink(&self) -> bool {
        self.weight * (self.penalty.penalty().slope)(0.0) != 0.0
    }
}

/// The codes of the points, from those of a batch: one or several points for each row.
fn codes_at(at: &Tensor<2>, codes: Option<Tensor<2>>) -> Option<Tensor<2>> {
    codes.map(|codes| {
        let times = at.dims()[0] / codes.dims()[0];
        if times > 1 { codes.repeat_dim(0, times) } else { codes }
    })
}

/// Points at random shares of the way between the rows of two tensors, `[n, values]`.
fn between(from: Tensor<2>, to: Tensor<2>, share: Tensor<1>) -> Tensor<2> {
    let n = from.dims()[0];
    from.clone() + (to - from) * share.reshape([n, 1])
}

/// The gradients of the logit with respect to D's input at the rows `at`, `[n, values]`, outside any graph. Without
/// dropout.
fn slopes(network: &Network, d_call: DiscriminatorCall, at: Tensor<2>, codes: Option<Tensor<2>>) -> Option<Tensor<2>> {
    let place = Tensor::from_inner(at).require_grad();
    let mut d = network.constant();
    let outputs = d_call.rows_outputs(&mut d, place.clone(), codes.clone(), Mode::Sample);
    // Rows do not mix, so the gradient of the sum consists of the gradients of the rows.
    let gradients = d_call.logits(outputs, codes.map(Tensor::from_inner)).sum().backward();
    place.grad(&gradients)
}
