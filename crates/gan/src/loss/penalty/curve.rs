//! Penalties as functions of the norm |g| of D's gradient at a point.

use burn::tensor::Tensor;

#[derive(Clone, Copy)]
pub enum Curve {
    /// |g|^2 / 2.
    HalfSquare,
    /// (|g| - 1)^2.
    Distance,
    /// max(0, |g| - 1)^2.
    Excess,
}

impl Curve {
    /// The penalty of each point, `[n, 1]`, from the norms `[n, 1]`.
    pub fn value(self, norm: Tensor<2>) -> Tensor<2> {
        match self {
            Curve::HalfSquare => norm.square() / 2.0,
            Curve::Distance => (norm - 1.0).square(),
            Curve::Excess => (norm - 1.0).clamp_min(0.0).square(),
        }
    }

    /// The derivative dP/d(|g|^2 / 2) of the penalty P, `[n, 1]`, from the norms `[n, 1]`. Times v . grad_x D with
    /// v = g held constant, it has the gradient of P.
    pub fn factor(self, norm: Tensor<2>, weight: f64) -> Tensor<2> {
        // d/dw of (|g| - 1)^2 is 2 (|g| - 1) / |g| times g . dg/dw.
        let held = |excess: Tensor<2>| excess / norm.clone().add_scalar(1e-12) * (2.0 * weight);
        match self {
            Curve::HalfSquare => norm.ones_like() * weight,
            Curve::Distance => held(norm.clone() - 1.0),
            Curve::Excess => held((norm.clone() - 1.0).clamp_min(0.0)),
        }
    }
}
