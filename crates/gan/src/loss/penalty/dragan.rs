//! DRAGAN (Kodali et al. 2017): weight (|g| - 1)^2 at random points between a real image and a noisy copy.

use burn::tensor::Tensor;

use super::{Curve, Form, GradientPenalty, between};

pub const PENALTY: GradientPenalty = GradientPenalty {
    draws: |n, values| n + n * values,
    form: Form::Slopes { points: |[real, _], uniform| Some(around(real, uniform?)), curve: Curve::Distance },
    slope: |norm| 2.0 * (norm - 1.0),
};

/// Points around real rows `[n, values]`, from n + n * values uniform numbers.
fn around(real: Tensor<2>, uniform: Tensor<1>) -> Tensor<2> {
    let [n, values] = real.dims();
    // Half the standard deviation of the whole batch (the authors' code).
    let centred = real.clone() - real.clone().mean().reshape([1, 1]);
    let deviation = centred.square().mean().sqrt().mul_scalar(0.5).reshape([1, 1]);
    let noise = uniform.clone().slice([n..n + n * values]).reshape([n, values]);
    between(real.clone(), real + noise * deviation, uniform.slice([0..n]))
}
