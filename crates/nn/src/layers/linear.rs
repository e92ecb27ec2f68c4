//! The fully connected layer.

use counterfeit_kernels::Kind;

use super::affine::Affine;
use crate::{Builder, Init};

/// The fully connected layer, `[n, in]` -> `[n, out]`: x W + b, with W `[in, out]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Linear {
    pub weight: usize,
    pub bias: Option<usize>,
}

impl Builder {
    /// Adds a fully connected layer.
    pub fn linear(mut self, from: usize, to: usize, init: Init, bias: bool) -> Self {
        let weight = self.weight("weight", &[from, to], init, [from, to]);
        let bias = self.bias(to, bias);
        self.layer(Linear { weight, bias })
    }
}

impl Affine for Linear {
    fn parameters(&self) -> (usize, Option<usize>) {
        (self.weight, self.bias)
    }

    fn kind(&self, weights: &[usize]) -> (Kind, [usize; 2]) {
        (Kind::Linear, [weights[0], weights[1]])
    }

    fn name(&self, _: &[usize]) -> String {
        "fully connected".into()
    }

    fn shape(&self, _: &[usize], channels: usize) -> Vec<usize> {
        vec![channels]
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{close, output, slope_is_right};
    use super::*;

    #[test]
    fn a_row_times_the_matrix_and_the_bias() {
        let net = || Builder::default().linear(2, 3, Init::Constant(0.0), true);
        let weights: [&[f32]; 2] = [&[1.0, 2.0, 3.0, -1.0, 0.5, 4.0], &[0.5, 0.0, -1.0]];
        close(&output(net(), &weights, &[[2.0, -2.0]]), &[4.5, 3.0, -3.0]);
        slope_is_right(net(), &weights, &[[2.0, -2.0]]);
    }
}
