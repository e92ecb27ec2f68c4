//! R1, R2 and both (Mescheder et al. 2018; Huang et al. 2024): D's gradient is penalised where samples are.

use burn::tensor::Tensor;

use super::{Curve, Form, GradientPenalty};

/// weight / 2 |g|^2 on real images (Mescheder et al. 2018).
pub const R1: GradientPenalty = GradientPenalty {
    draws: |_, _| 0,
    form: Form::Slopes { points: |[real, _], _| Some(real), curve: Curve::HalfSquare },
    slope: |norm| norm,
};

/// weight / 2 |g|^2 on fake images (Mescheder et al. 2018).
pub const R2: GradientPenalty =
    GradientPenalty { form: Form::Slopes { points: |[_, fake], _| Some(fake), curve: Curve::HalfSquare }, ..R1 };

/// R1 and R2 (Huang et al. 2024, R3GAN).
pub const R1_AND_R2: GradientPenalty = GradientPenalty {
    form: Form::Slopes { points: |pair, _| Some(Tensor::cat(pair.to_vec(), 0)), curve: Curve::HalfSquare },
    slope: |norm| 2.0 * norm,
    ..R1
};
