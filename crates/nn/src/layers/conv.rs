//! The convolution that keeps height and width.

use counterfeit_kernels::Kind;

use super::affine::Affine;
use crate::{Builder, Init};

/// `[n, c_in, h, w]` -> `[n, c_out, h, w]`: kernel `[c_out, c_in, 3, 3]` with padding 1, or `[c_out, c_in, 1, 1]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Conv {
    pub weight: usize,
    pub bias: Option<usize>,
}

impl Builder {
    /// Adds a convolution with "same" padding; `side` is its kernel size, 1 or 3.
    pub fn conv(mut self, from: usize, to: usize, side: usize, init: Init, bias: bool) -> Self {
        let fans = [side * side * from, side * side * to];
        let weight = self.weight("weight", &[to, from, side, side], init, fans);
        let bias = self.bias(to, bias);
        self.layer(Conv { weight, bias })
    }
}

impl Affine for Conv {
    fn parameters(&self) -> (usize, Option<usize>) {
        (self.weight, self.bias)
    }

    fn kind(&self, weights: &[usize]) -> (Kind, [usize; 2]) {
        (if weights[2] == 1 { Kind::Conv1 } else { Kind::Conv3 }, [weights[1], weights[0]])
    }

    fn name(&self, weights: &[usize]) -> String {
        format!("convolution, {0}x{0}", weights[3])
    }

    fn shape(&self, input: &[usize], channels: usize) -> Vec<usize> {
        vec![channels, input[1], input[2]]
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{close, output, slope_is_right};
    use super::*;
    use crate::layers::ToImage;

    #[test]
    fn a_kernel_of_three_sums_neighbours_and_one_of_one_mixes_channels() {
        let net = || Builder::default().layer(ToImage([1, 2, 2])).conv(1, 1, 3, Init::Constant(0.0), true);
        close(&output(net(), &[&[1.0; 9], &[0.5]], &[[1.0, 2.0, 3.0, 4.0]]), &[10.5; 4]);
        // The tap to the right of the middle: what stands there, 0 beyond the border.
        let right: [f32; 9] = std::array::from_fn(|i| f32::from(u8::from(i == 5)));
        close(&output(net(), &[&right, &[0.0]], &[[1.0, 2.0, 3.0, 4.0]]), &[2.0, 0.0, 4.0, 0.0]);
        slope_is_right(net(), &[&[0.5; 9], &[0.5]], &[[1.0, 2.0, 3.0, 4.0]]);
        let net = || Builder::default().layer(ToImage([2, 1, 2])).conv(2, 1, 1, Init::Constant(0.0), false);
        close(&output(net(), &[&[2.0, -1.0]], &[[1.0, 2.0, 3.0, 4.0]]), &[-1.0, 0.0]);
        slope_is_right(net(), &[&[2.0, -1.0]], &[[1.0, 2.0, 3.0, 4.0]]);
    }
}
