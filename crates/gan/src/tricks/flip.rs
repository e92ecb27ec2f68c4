//! Label flipping (ganhacks 6): for some rows, D gets the wrong label of the real and of the fake sample.

use std::ops::Range;

use burn::tensor::Tensor;
use counterfeit_random::StepDraws;
use counterfeit_spec::Spec;

use super::{Start, StepContext, Trick};
use crate::upload::{Drawn, Upload};

/// Probability that the real and the fake sample of a row change places.
#[derive(Debug, Clone, Copy, PartialEq, Spec)]
pub struct LabelFlip {
    /// Share of pairs whose labels are swapped for D: the real sample is labelled generated and vice versa. D(x) and
    /// D(G(z)) then go by these labels.
    #[setting(key = "d_flip", label = "Label flipping", default = 0.0, range = 0.0..=0.5, live, source = "ganhacks 6")]
    pub share: f64,
}

impl Trick for LabelFlip {
    type State = ();
    /// A uniform number for each row, `[n]`.
    type Draw = Range<usize>;

    fn start(&self, _: &Start) {}

    fn draw_pair(&self, (): &(), step: &StepContext, draws: &mut StepDraws, upload: &mut Upload) -> Option<Self::Draw> {
        (self.share > 0.0).then(|| upload.add((0..step.batch).map(|_| draws.augmentation.uniform())))
    }

    /// Swaps the real and the fake sample of some rows.
    fn pair(
        &self,
        (): &mut (),
        [real, fake]: [Tensor<2>; 2],
        draw: Option<Self::Draw>,
        drawn: &Drawn,
    ) -> [Tensor<2>; 2] {
        let Some(uniform) = draw.and_then(|draw| drawn.vector(&draw)) else { return [real, fake] };
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
        let flipped = LabelFlip { share: 0.25 }.pair(&mut (), [real, fake], Some(draw), &upload.send(&device));
        let [a, b] = flipped.map(|t| t.into_data().try_to_vec::<f32>().unwrap());
        assert_eq!(a, [-1.0, -1.0, 1.0, 1.0, -1.0, -1.0]);
        assert_eq!(b, [1.0, 1.0, -1.0, -1.0, 1.0, 1.0]);
    }
}
