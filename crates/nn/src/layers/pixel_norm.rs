//! Pixel normalisation.

use counterfeit_kernels as kernels;

use super::{Module, Pass};
use crate::{BoundNetwork, Signal, Slot};

/// Added to a mean square before its root (Karras et al. 2018).
const EPSILON: f64 = 1e-8;

/// Divides the channels at each position by their root mean square (Karras et al. 2018).
#[derive(Debug, Clone, PartialEq)]
pub struct PixelNorm;

impl Module for PixelNorm {
    fn label(&self, _: &[Slot]) -> String {
        "pixel normalisation".into()
    }

    fn forward(&self, _: &mut BoundNetwork, x: Signal, _: Pass) -> Signal {
        x.by_position(|x| {
            let channels = x.dims()[1] as f64;
            let square = x.clone().square().sum_dim(1).div_scalar(channels); // [n, 1, positions]
            x / kernels::sqrt(square + EPSILON)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{close, output};
    use super::*;
    use crate::Builder;
    use crate::layers::ToImage;

    #[test]
    fn each_position_gets_a_mean_square_of_1() {
        let net = Builder::default().layer(ToImage([2, 1, 2])).layer(PixelNorm);
        // (3, 3) and (1, 7): root mean squares 3 and 5.
        close(&output(net, &[], &[[3.0, 1.0, 3.0, 7.0]]), &[1.0, 0.2, 1.0, 1.4]);
    }
}
