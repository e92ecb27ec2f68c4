//! Label flipping (ganhacks 6): for some rows, D gets the wrong label of the real and of the fake sample.

use std::ops::Range;

use burn::tensor::Tensor;
use counterfeit_random::Random;
use counterfeit_spec::Spec;

use crate::upload::{Drawn, Upload};

/// Probability that the real and the fake sample of a row change places.
#[derive(Debug, Clone, Copy, PartialEq, Spec)]
pub struct LabelFlip {
    /// Share of pairs whose labels are swapped for D: the real sample is labelled generated and vice versa. D(x) and
    /// D(G(z)) then go by these labels.
    #[setting(key = "d_flip", label = "Label flipping", default = 0.0, range = 0.0..=0.5, live, source = "ganhacks 6")]
    pub share: f64,
}

impl LabelFlip {
    /// Draws one uniform number for each of `n` rows.
    pub fn draw(&self, n: usize, rng: &mut Random, upload: &mut Upload) -> Range<usize> {
        let n = if self.share > 0.0 { n } else { 0 };
        upload.add((0..n).map(|_| rng.uniform()))
    }

    /// Swaps the real and the fake sample of some rows, both `[n, values]`.
    pub fn apply(&self, [real, fake]: [Tensor<2>; 2], drawn: &Drawn, draw: &Range<usize>) -> [Tensor<2>; 2] {
        let Some(uniform) = drawn.vector(draw) else { return [real, fake] };
        let n = uniform.dims()[0];
        let swapped = uniform.lower_elem(self.share).float().cast(real.dtype()).reshape([n, 1]);
        let difference = (fake.clone() - real.clone()) * swapped;
        [real + difference.clone(), fake - difference]
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;

    #[test]
    fn flipped_rows_change_places() {
        let device = Device::flex();
        let [real, fake] = [1.0f32, -1.0].map(|v| Tensor::<2>::full([3, 2], v, &device));
        let mut upload = Upload::default();
        let draw = upload.add([0.1, 0.3, 0.2]);
        let flipped = LabelFlip { share: 0.25 }.apply([real, fake], &upload.send(&device), &draw);
        let [a, b] = flipped.map(|t| t.into_data().try_to_vec::<f32>().unwrap());
        assert_eq!(a, [-1.0, -1.0, 1.0, 1.0, -1.0, -1.0]);
        assert_eq!(b, [1.0, 1.0, -1.0, -1.0, 1.0, 1.0]);
    }
}
