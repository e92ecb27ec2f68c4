//! WGAN-GP (Gulrajani et al. 2017): the norm of D's gradient is 1 at random points between a real and a fake sample.

use super::{Curve, Form, GradientPenalty, between};

/// weight (|g| - 1)^2 (Gulrajani et al. 2017, equation 3).
pub const TWO_SIDED: GradientPenalty = GradientPenalty {
    draws: |n, _| n,
    form: Form::Slopes { points: |[real, fake], uniform| Some(between(real, fake, uniform?)), curve: Curve::Distance },
    slope: |norm| 2.0 * (norm - 1.0),
};

/// weight max(0, |g| - 1)^2: norms below 1 are not penalised (Gulrajani et al. 2017, "two-sided penalty"; Petzka et al.
/// 2018).
pub const ONE_SIDED: GradientPenalty = GradientPenalty {
    form: Form::Slopes { points: |[real, fake], uniform| Some(between(real, fake, uniform?)), curve: Curve::Excess },
    slope: |norm| 2.0 * (norm - 1.0).max(0.0),
    ..TWO_SIDED
};
