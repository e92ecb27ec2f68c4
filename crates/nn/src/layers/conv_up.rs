//! The transposed convolution that doubles height and width.

use counterfeit_kernels::Kind;

use super::affine::Affine;
use crate::{Builder, Init};

/// `[n, c_in, h, w]` -> `[n, c_out, 2 h, 2 w]`: kernel `[c_in, c_out, 4, 4]`, stride 2, padding 1.
#[derive(Debug, Clone, PartialEq)]
pub struct ConvUp {
    pub weight: usize,
    pub bias: Option<usize>,
}

/// Kernel size. At 4 every output position is covered equally often, which avoids checkerboard artefacts.
const SIDE: usize = 4;
/// Number of taps of the kernel, and of those that contribute to one output position.
const TAPS: usize = SIDE * SIDE;
const TAPS_UP: usize = TAPS / 4;

impl Builder {
    /// Adds a transposed convolution of stride 2.
    pub fn conv_up(mut self, from: usize, to: usize, init: Init, bias: bool) -> Self {
        let weight = self.weight("weight", &[from, to, SIDE, SIDE], init, [TAPS_UP * from, TAPS * to]);
        let bias = self.bias(to, bias);
        self.layer(ConvUp { weight, bias })
    }
}

impl Affine for ConvUp {
    fn parameters(&self) -> (usize, Option<usize>) {
        (self.weight, self.bias)
    }

    fn kind(&self, weights: &[usize]) -> (Kind, [usize; 2]) {
        (Kind::ConvUp, [weights[0], weights[1]])
    }

    fn name(&self, _: &[usize]) -> String {
        "transposed convolution, 4x4, stride 2".into()
    }

    fn shape(&self, input: &[usize], channels: usize) -> Vec<usize> {
        vec![channels, 2 * input[1], 2 * input[2]]
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{close, output, slope_is_right};
    use super::*;
    use crate::layers::ToImage;

    #[test]
    fn the_value_of_a_position_is_spread_by_the_kernel() {
        let net = || Builder::default().layer(ToImage([1, 2, 2])).conv_up(1, 1, Init::Constant(0.0), true);
        let kernel: [f32; 16] = std::array::from_fn(|i| i as f32);
        // The padding hides the kernel's first row and column at the first position.
        let spread = [[10.5, 12.5, 14.5, 0.5], [18.5, 20.5, 22.5, 0.5], [26.5, 28.5, 30.5, 0.5], [0.5; 4]];
        close(&output(net(), &[&kernel, &[0.5]], &[[2.0, 0.0, 0.0, 0.0]]), &spread.concat());
        slope_is_right(net(), &[&kernel, &[0.5]], &[[2.0, 1.0, 0.0, -1.0]]);
    }

    #[test]
    fn each_output_position_has_four_taps() {
        let net = Builder::default().layer(ToImage([1, 2, 2])).conv_up(1, 1, Init::Constant(0.0), false);
        let at = |c: f32, side: f32, middle: f32| [[c, side, side, c], [side, middle, middle, side]];
        let [edge, inside] = at(1.0, 2.0, 4.0);
        close(&output(net, &[&[1.0; 16]], &[[1.0; 4]]), &[edge, inside, inside, edge].concat());
    }
}
