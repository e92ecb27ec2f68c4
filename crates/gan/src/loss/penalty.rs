//! Penalties on the gradient of D with respect to its input. Each is added to D's loss and can be combined with any
//! loss. All but one are exact: see `tangent.rs` of the crate `nn`.

use burn::tensor::Tensor;
use counterfeit_nn::{BoundNetwork, Mode, Network, constant_for};
use counterfeit_spec::{Choice, Spec};

use crate::discriminator_call::DiscriminatorCall;

/// The kind of penalty. With g = grad_x D(x) of one sample:
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Penalty {
    #[choice("none")]
    None,
    /// weight (|g| - 1)^2 at random points between a real and a fake sample (Gulrajani et al. 2017, equation 3).
    #[choice("WGAN-GP, two-sided")]
    Wgan,
    /// weight max(0, |g| - 1)^2 at such points: norms below 1 are not penalised (Gulrajani et al. 2017, "two-sided
    /// penalty"; Petzka et al. 2018).
    #[choice("WGAN-GP, one-sided")]
    OneSided,
    /// weight / 2 |g|^2 on real images (Mescheder et al. 2018).
    #[choice("R1 (real samples)")]
    R1,
    /// weight / 2 |g|^2 on fake images (Mescheder et al. 2018).
    #[choice("R2 (generated samples)")]
    R2,
    /// R1 and R2 (Huang et al. 2024, R3GAN).
    #[choice("R1 and R2")]
    R1AndR2,
    /// weight (|g| - 1)^2 at random points between a real image and a noisy copy (Kodali et al. 2017).
    #[choice("DRAGAN (around real samples)")]
    Dragan,
    /// R1 by finite differences: lambda (D(x + sigma e) - D(x))^2 on real images (Lin et al. 2025, Seaweed-APT). For
    /// small sigma its mean over the noise e is lambda sigma^2 |g|^2, so lambda = weight / (2 sigma^2).
    #[choice("R1, finite differences (approximate)")]
    R1Differences,
}

/// The gradient penalty of a run.
#[derive(Debug, Clone, Copy, PartialEq, Spec)]
pub struct PenaltySpec {
    /// Penalises the norm of D's gradient with respect to its input. WGAN-GP and DRAGAN pull the norm to 1, R1 and R2
    /// to 0; none works with batch normalisation in D. Not included in the loss curve.
    #[setting(
        key = "d_penalty", label = "Gradient penalty", default = Penalty::None,
        source = "Gulrajani et al. 2017; Mescheder et al. 2018; Huang et al. 2024; Kodali et al. 2017; Lin et al. \
            2025 (Seaweed-APT)",
    )]
    pub penalty: Penalty,
    /// λ or γ: 10 in WGAN-GP and DRAGAN; R1 uses 10 from 64 pixels on, less for small images.
    #[setting(
        key = "d_penalty_weight", label = "Gradient penalty weight", default = 1.0, range = 0.0..=1000.0, live,
        only(penalty = penalties), source = "the papers of the penalties",
    )]
    pub weight: f64,
}

/// Keys of the penalties, without none.
fn penalties() -> Vec<&'static str> {
    Penalty::alternatives().iter().map(|option| option.value).filter(|&key| key != Penalty::None.key()).collect()
}

/// sigma of [`Penalty::R1Differences`], as the authors have it. With a smaller one f32 rounding dominates, with a
/// larger one D's curvature.
const SIGMA: f64 = 0.01;

impl Penalty {
    /// Number of random values per update, for a batch `[n, pixels]`: an interpolation weight per row, and noise for
    /// some penalties.
    pub fn draws(self, n: usize, pixels: usize) -> usize {
        match self {
            Penalty::Wgan | Penalty::OneSided => n,
            Penalty::Dragan => n + n * pixels,
            Penalty::R1Differences => n * pixels,
            Penalty::None | Penalty::R1 | Penalty::R2 | Penalty::R1AndR2 => 0,
        }
    }

    /// The points at which gradients are penalised, from real and fake images, both `[n, pixels]`, and the random
    /// values that [`Penalty::draws`] counts.
    fn places(self, real: &Tensor<2>, fake: &Tensor<2>, uniform: Option<Tensor<1>>) -> Option<Tensor<2>> {
        let [n, pixels] = real.dims();
        let between = |to: Tensor<2>, share: Tensor<1>| real.clone() + (to - real.clone()) * share.reshape([n, 1]);
        match (self, uniform) {
            (Penalty::Wgan | Penalty::OneSided, Some(u)) => Some(between(fake.clone(), u)),
            (Penalty::Dragan, Some(u)) => {
                // Half the standard deviation of the whole batch (the authors' code).
                let centred = real.clone() - real.clone().mean().reshape([1, 1]);
                let deviation = centred.square().mean().sqrt().mul_scalar(0.5).reshape([1, 1]);
                let noise = u.clone().slice([n..n + n * pixels]).reshape([n, pixels]);
                Some(between(real.clone() + noise * deviation, u.slice([0..n])))
            }
            (Penalty::R1, _) => Some(real.clone()),
            (Penalty::R2, _) => Some(fake.clone()),
            (Penalty::R1AndR2, _) => Some(Tensor::cat(vec![real.clone(), fake.clone()], 0)),
            _ => None,
        }
    }

    /// The derivative dP/d(|g|^2 / 2) of the penalty P, `[n, 1]`, from the norms |g| `[n, 1]`. Times v . grad_x D with
    /// v = g held constant, it has the gradient of P.
    fn factor(self, norm: Tensor<2>, weight: f64) -> Tensor<2> {
        // d/dw of (|g| - 1)^2 is 2 (|g| - 1) / |g| times g . dg/dw.
        let held = |excess: Tensor<2>| excess / norm.clone().add_scalar(1e-12) * (2.0 * weight);
        match self {
            Penalty::OneSided => held((norm.clone() - 1.0).clamp_min(0.0)),
            Penalty::Wgan | Penalty::Dragan => held(norm.clone() - 1.0),
            _ => norm.ones_like() * weight,
        }
    }

    /// The value of the penalty, `[1]`; arguments as for [`Penalty::term`].
    pub fn value(
        self,
        network: &Network,
        d_call: DiscriminatorCall,
        [real, fake]: [&Tensor<2>; 2],
        codes: Option<Tensor<2>>,
        uniform: Option<Tensor<1>>,
        weight: f64,
    ) -> Option<Tensor<1>> {
        let [real, fake] = [real, fake].map(|images| d_call.packed(images.clone()));
        if self == Penalty::R1Differences {
            return Some(differences(&mut network.frozen(), d_call, real, codes, uniform?, weight));
        }
        let n = real.dims()[0] as f64;
        let at = self.places(&real, &fake, uniform)?;
        let norm = slopes(network, d_call, at, self.codes(codes))?.square().sum_dim(1).sqrt(); // [n, 1]
        let each = match self {
            Penalty::OneSided => (norm - 1.0).clamp_min(0.0).square() * weight,
            Penalty::Wgan | Penalty::Dragan => (norm - 1.0).square() * weight,
            _ => norm.square() * (weight / 2.0),
        };
        Some(each.sum().div_scalar(n))
    }

    /// A term of D's loss, `[1]`, with the gradient of the penalty with respect to D's weights, but not its value. `d`
    /// is `network` bound with its weights as leaves; `codes` belong to the real and to the fake images.
    #[expect(clippy::too_many_arguments, reason = "a batch as D is asked about it")]
    pub fn term(
        self,
        network: &Network,
        d: &mut BoundNetwork,
        d_call: DiscriminatorCall,
        [real, fake]: [&Tensor<2>; 2],
        codes: Option<Tensor<2>>,
        uniform: Option<Tensor<1>>,
        weight: f64,
    ) -> Option<Tensor<1>> {
        let [real, fake] = [real, fake].map(|images| d_call.packed(images.clone()));
        if self == Penalty::R1Differences {
            return Some(differences(d, d_call, Tensor::from_inner(real), codes, Tensor::from_inner(uniform?), weight));
        }
        let n = real.dims()[0];
        let (at, codes) = (self.places(&real, &fake, uniform)?, self.codes(codes));
        let slopes = slopes(network, d_call, at.clone(), codes.clone())?; // [n, pixels]
        let norm = slopes.clone().square().sum_dim(1).sqrt(); // [n, 1]
        let factor = self.factor(norm, weight).div_scalar(n as f64);
        let along = d_call.along(d, at, slopes, codes); // [n, 1]
        Some((along * Tensor::from_inner(factor)).sum())
    }

    /// The codes of the points, from those of a batch.
    fn codes(self, codes: Option<Tensor<2>>) -> Option<Tensor<2>> {
        codes.map(|c| if self == Penalty::R1AndR2 { c.repeat_dim(0, 2) } else { c })
    }
}

/// [`Penalty::R1Differences`], `[1]`, from rows of D's input `[n, pixels]` and n * pixels uniform numbers. It needs one
/// pass over both points and no gradient with respect to the input: half the work of exact R1, which it equals in the
/// mean only.
fn differences(
    d: &mut BoundNetwork,
    d_call: DiscriminatorCall,
    rows: Tensor<2>,
    codes: Option<Tensor<2>>,
    uniform: Tensor<1>,
    weight: f64,
) -> Tensor<1> {
    let [n, pixels] = rows.dims();
    // Any noise of variance 1 will do: (u - 1/2) sqrt 12.
    let noise = uniform.reshape([n, pixels]).sub_scalar(0.5).mul_scalar(SIGMA * 12f64.sqrt());
    let codes = codes.map(|c| c.repeat_dim(0, 2));
    let both = Tensor::cat(vec![rows.clone() + noise, rows], 0);
    let constants = codes.clone().map(|c| constant_for(c, &both.device()));
    let outputs = d_call.rows_outputs(d, both, codes, Mode::Sample);
    let logits = d_call.logits(outputs, constants); // [2 n, 1]
    let change = logits.clone().slice([0..n]) - logits.slice([n..2 * n]);
    change.square().sum().mul_scalar(weight / (2.0 * SIGMA * SIGMA * n as f64))
}

/// The gradients of the logit with respect to D's input at the rows `at`, `[n, pixels]`, outside any graph. Without
/// dropout.
fn slopes(network: &Network, d_call: DiscriminatorCall, at: Tensor<2>, codes: Option<Tensor<2>>) -> Option<Tensor<2>> {
    let place = Tensor::from_inner(at).require_grad();
    let mut d = network.constant();
    let outputs = d_call.rows_outputs(&mut d, place.clone(), codes.clone(), Mode::Sample);
    // Rows do not mix, so the gradient of the sum consists of the gradients of the rows.
    let gradients = d_call.logits(outputs, codes.map(Tensor::from_inner)).sum().backward();
    place.grad(&gradients)
}
