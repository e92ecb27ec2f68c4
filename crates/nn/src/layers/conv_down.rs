//! The convolution that halves height and width.

use counterfeit_kernels::Kind;

use super::affine::Affine;
use crate::{Builder, Init};

/// `[n, c_in, h, w]` -> `[n, c_out, h / 2, w / 2]`: kernel `[c_out, c_in, 4, 4]`, stride 2, padding 1.
#[derive(Debug, Clone, PartialEq)]
pub struct ConvDown {
    pub weight: usize,
    pub bias: Option<usize>,
}

/// Kernel size. At 4 every input position is covered equally often.
const SIDE: usize = 4;
/// Number of taps of the kernel, and of those that contribute to one input position.
const TAPS: usize = SIDE * SIDE;
const TAPS_UP: usize = TAPS / 4;

impl Builder {
    /// Adds a convolution of stride 2.
    pub fn conv_down(mut self, from: usize, to: usize, init: Init, bias: bool) -> Self {
        let weight = self.weight("weight", &[to, from, SIDE, SIDE], init, [TAPS * from, TAPS_UP * to]);
        let bias = self.bias(to, bias);
        self.layer(ConvDown { weight, bias })
    }
}

impl Affine for ConvDown {
    fn parameters(&self) -> (usize, Option<usize>) {
        (self.weight, self.bias)
    }

    fn kind(&self, weights: &[usize]) -> (Kind, [usize; 2]) {
        (Kind::ConvDown, [weights[1], weights[0]])
    }

    fn name(&self, _: &[usize]) -> String {
        "convolution, 4x4, stride 2".into()
    }

    fn shape(&self, input: &[usize], channels: usize) -> Vec<usize> {
        vec![channels, input[1] / 2, input[2] / 2]
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{close, output, slope_is_right};
    use super::*;
    use crate::layers::ToImage;

    #[test]
    fn of_ones_it_counts_the_taps_that_meet_the_image() {
        let net = || Builder::default().layer(ToImage([1, 4, 4])).conv_down(1, 1, Init::Constant(0.0), true);
        // The padding hides a row and a column of the kernel at each corner.
        close(&output(net(), &[&[1.0; 16], &[0.5]], &[[1.0; 16]]), &[9.5; 4]);
        // A single tap, second row and third column: position (2 y, 2 z + 1) of the image.
        let tap: [f32; 16] = std::array::from_fn(|i| f32::from(u8::from(i == 6)));
        let image: [f32; 16] = std::array::from_fn(|i| i as f32);
        close(&output(net(), &[&tap, &[0.0]], &[image]), &[1.0, 3.0, 9.0, 11.0]);
        slope_is_right(net(), &[&image, &[0.5]], &[[1.0; 16]]);
    }
}
