//! Nearest-neighbour upsampling.

use burn::tensor::Tensor;
use counterfeit_kernels::Activation;

use super::{Differentiable, Module, Pass, WithTangent};
use crate::{BoundNetwork, Signal, Slot, Tangents};

/// `[n, c, h, w]` -> `[n, c, 2 h, 2 w]`: repeats each value twice in each direction.
#[derive(Debug, Clone, PartialEq)]
pub struct UpsampleNearest;

/// See [`UpsampleNearest`]. Linear, so that it also maps tangents.
pub fn nearest(x: Tensor<4>) -> Tensor<4> {
    let [n, c, h, w] = x.dims();
    x.reshape([n, c, h, 1, w, 1]).expand([n, c, h, 2, w, 2]).reshape([n, c, 2 * h, 2 * w])
}

impl Module for UpsampleNearest {
    fn label(&self, _: &[Slot]) -> String {
        "nearest upsampling".into()
    }

    fn output_shape(&self, input: &[usize], _: &[Slot]) -> Vec<usize> {
        vec![input[0], 2 * input[1], 2 * input[2]]
    }

    fn forward(&self, _: &mut BoundNetwork, x: Signal, _: Pass) -> Signal {
        Signal::from_maps(nearest(x.maps()))
    }

    fn differentiable(&self) -> Option<&dyn Differentiable> {
        Some(self)
    }
}

impl Differentiable for UpsampleNearest {
    fn tangent(&self, _: &mut Tangents<'_>, x: Signal, t: Tensor<2>, _: Activation) -> Option<WithTangent> {
        let t = Signal { rows: t, side: x.side };
        let [x, t] = [x, t].map(|signal| Signal::from_maps(nearest(signal.maps())));
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
    fn each_value_fills_a_block_of_four() {
        let net = || Builder::default().layer(ToImage([1, 1, 2])).layer(UpsampleNearest);
        let x = [[1.0, 2.0]];
        close(&output(net(), &[], &x), &[1.0, 1.0, 2.0, 2.0, 1.0, 1.0, 2.0, 2.0]);
        slope_is_right(net(), &[], &x);
    }
}
