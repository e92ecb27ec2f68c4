//! Pixel shuffle.

use burn::tensor::Tensor;
use counterfeit_kernels::Activation;

use super::{Differentiable, Module, Pass, WithTangent};
use crate::{BoundNetwork, Signal, Slot, Tangents};

/// `[n, 4 c, h, w]` -> `[n, c, 2 h, 2 w]`: channel 4 c + 2 i + j goes to row i and column j of each block (Shi et al.
/// 2016).
#[derive(Debug, Clone, PartialEq)]
pub struct PixelShuffle;

/// See [`PixelShuffle`]. Linear, so that it also maps tangents.
fn shuffle(x: Tensor<4>) -> Tensor<4> {
    let [n, c, h, w] = x.dims();
    x.reshape([n, c / 4, 2, 2, h, w]).permute([0, 1, 4, 2, 5, 3]).reshape([n, c / 4, 2 * h, 2 * w])
}

impl Module for PixelShuffle {
    fn label(&self, _: &[Slot]) -> String {
        "pixel shuffle".into()
    }

    fn output_shape(&self, input: &[usize], _: &[Slot]) -> Vec<usize> {
        vec![input[0] / 4, 2 * input[1], 2 * input[2]]
    }

    fn forward(&self, _: &mut BoundNetwork, x: Signal, _: Pass) -> Signal {
        Signal::from_maps(shuffle(x.maps()))
    }

    fn differentiable(&self) -> Option<&dyn Differentiable> {
        Some(self)
    }
}

impl Differentiable for PixelShuffle {
    fn tangent(&self, _: &mut Tangents<'_>, x: Signal, t: Tensor<2>, _: Activation) -> Option<WithTangent> {
        let t = Signal { rows: t, side: x.side };
        let [x, t] = [x, t].map(|signal| Signal::from_maps(shuffle(signal.maps())));
        Some((x, t.rows))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{close, output, slope_is_right};
    use super::*;
    use crate::Builder;
    use crate::layers::ToImage;

    #[test]
    fn four_channels_fill_a_block() {
        let net = || Builder::default().layer(ToImage([4, 1, 2])).layer(PixelShuffle);
        let x = [[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]];
        close(&output(net(), &[], &x), &[1.0, 3.0, 2.0, 4.0, 5.0, 7.0, 6.0, 8.0]);
        slope_is_right(net(), &[], &x);
    }
}
