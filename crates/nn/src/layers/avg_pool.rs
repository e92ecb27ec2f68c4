//! Average pooling.

use burn::tensor::Tensor;
use counterfeit_kernels::Activation;

use super::{Differentiable, Module, Pass, WithTangent};
use crate::{BoundNetwork, Signal, Slot, Tangents};

/// `[n, c, 2 h, 2 w]` -> `[n, c, h, w]`: the mean of each block of 2x2.
#[derive(Debug, Clone, PartialEq)]
pub struct AvgPool;

/// See [`AvgPool`]. Linear, so that it also maps tangents.
pub fn pool(x: Tensor<4>) -> Tensor<4> {
    let [n, c, h, w] = x.dims();
    let blocks = x.reshape([n * c * h / 2, 2, w / 2, 2]);
    blocks.sum_dim(3).sum_dim(1).mul_scalar(0.25).reshape([n, c, h / 2, w / 2])
}

impl Module for AvgPool {
    fn label(&self, _: &[Slot]) -> String {
        "2x2 average pooling".into()
    }

    fn output_shape(&self, input: &[usize], _: &[Slot]) -> Vec<usize> {
        vec![input[0], input[1] / 2, input[2] / 2]
    }

    fn forward(&self, _: &mut BoundNetwork, x: Signal, _: Pass) -> Signal {
        Signal::from_maps(pool(x.maps()))
    }

    fn differentiable(&self) -> Option<&dyn Differentiable> {
        Some(self)
    }
}

impl Differentiable for AvgPool {
    fn tangent(&self, _: &mut Tangents<'_>, x: Signal, t: Tensor<2>, _: Activation) -> Option<WithTangent> {
        let t = Signal { rows: t, side: x.side };
        let [x, t] = [x, t].map(|signal| Signal::from_maps(pool(signal.maps())));
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
    fn a_block_of_four_becomes_its_mean() {
        let net = || Builder::default().layer(ToImage([1, 2, 4])).layer(AvgPool);
        let x = [[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]];
        close(&output(net(), &[], &x), &[3.5, 5.5]);
        slope_is_right(net(), &[], &x);
    }
}
