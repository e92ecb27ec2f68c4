//! R1 by finite differences (Lin et al. 2025, Seaweed-APT): lambda (D(x + sigma e) - D(x))^2 on real images. For small
//! sigma its mean over the noise e is lambda sigma^2 |g|^2, so lambda = weight / (2 sigma^2).

use burn::tensor::Tensor;
use counterfeit_nn::{BoundNetwork, Mode, constant_for};

use super::{Batch, Form, GradientPenalty};
use crate::discriminator_call::DiscriminatorCall;

/// sigma, as the authors have it. With a smaller one f32 rounding dominates, with a larger one D's curvature.
const SIGMA: f64 = 0.01;

pub const R1: GradientPenalty =
    GradientPenalty { draws: |n, values| n * values, form: Form::Outputs(differences), slope: |norm| norm };

/// The penalty, `[1]`, from n * values uniform numbers. It needs one pass over both points and no gradient with respect
/// to the input: half the work of exact R1, which it equals in the mean only.
fn differences(d: &mut BoundNetwork, d_call: DiscriminatorCall, batch: Batch, weight: f64) -> Option<Tensor<1>> {
    let Batch { real, codes, uniform } = batch;
    let [n, values] = real.dims();
    // Any noise of variance 1 will do: (u - 1/2) sqrt 12.
    let noise = uniform?.reshape([n, values]).sub_scalar(0.5).mul_scalar(SIGMA * 12f64.sqrt());
    let codes = codes.map(|c| c.repeat_dim(0, 2));
    let both = Tensor::cat(vec![real.clone() + noise, real], 0);
    let constants = codes.clone().map(|c| constant_for(c, &both.device()));
    let outputs = d_call.rows_outputs(d, both, codes, Mode::Sample);
    let logits = d_call.logits(outputs, constants); // [2 n, 1]
    let change = logits.clone().slice([0..n]) - logits.slice([n..2 * n]);
    Some(change.square().sum().mul_scalar(weight / (2.0 * SIGMA * SIGMA * n as f64)))
}
