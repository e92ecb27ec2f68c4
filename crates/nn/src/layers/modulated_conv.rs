//! The modulated convolution of a style generator.

use std::ops::{Range, RangeInclusive};

use burn::tensor::Tensor;
use counterfeit_kernels::{self as kernels, Kind};

use super::{Module, Pass};
use crate::graph::constant_for;
use crate::style::KEPT;
use crate::{BoundNetwork, Builder, Init, Signal, Slot};

/// Added to a sum of squares before its root.
const TINY: f64 = 1e-8;
/// Taps of a transposed kernel of stride 2 per tap that contributes to one pixel of the larger image.
const SPREAD: f64 = 4.0;

/// The kind of convolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// 3x3
    Same,
    /// 4x4, transposed, stride 2
    Double,
    /// 1x1, not demodulated and without noise: the last
    Image,
}

/// `[n, from, h, w]` -> `[n, to, h', w']`: a convolution whose weights W are modulated by a style s = A w + b (Karras
/// et al. 2020): W_oik s_i, divided by sqrt(sum_ik (W_oik s_i)^2 + 1e-8) where they are demodulated; then noise, one
/// map for all channels times a learnt strength, and a bias.
///
/// Scaling an image's input channels by s and its output channels by one over that root is equivalent, and needs only
/// one convolution for the whole batch.
#[derive(Debug, Clone, PartialEq)]
pub struct ModulatedConv {
    /// The first of its slots: style's weight `[w, from]` and bias `[from]`, weight, bias `[to]`, and, where it has
    /// noise, its strength `[1]`.
    pub first: usize,
    pub way: Way,
    /// Index of its style.
    pub style: usize,
    /// Its range within a row of noise; empty without noise.
    pub noise: Range<usize>,
}

/// Slots after the first.
const STYLE_BIAS: usize = 1;
const WEIGHT: usize = 2;
const BIAS: usize = 3;
const STRENGTH: usize = 4;

impl Builder {
    /// Adds a modulated convolution after w, `[n, width]`, and its slots; `first` is set here.
    pub fn modulated_conv(mut self, width: usize, [from, to]: [usize; 2], layer: ModulatedConv) -> Self {
        let (shape, taps) = match layer.way {
            Way::Same => ([to, from, 3, 3], 9),
            Way::Double => ([from, to, 4, 4], 4),
            Way::Image => ([to, from, 1, 1], 1),
        };
        let first = self.straight("style weight", &[width, from], [width, from]);
        // Initially all scales are 1 (Karras et al. 2020).
        self.parameter("style bias", &[from], Init::Constant(1.0));
        self.weight("weight", &shape, Init::he(taps * from), [taps * from, taps * to]);
        self.parameter("bias", &[to], Init::Constant(0.0));
        if !layer.noise.is_empty() {
            self.parameter("noise strength", &[1], Init::Constant(0.0));
        }
        self.layer(ModulatedConv { first, ..layer })
    }
}

impl ModulatedConv {
    /// The w of this layer, `[n, width]`: that of z, or of the second z where the mask says so.
    fn latent(&self, net: &BoundNetwork, n: usize) -> Tensor<2> {
        match (net.styles.as_slice(), &net.styling.mixed) {
            ([first, second, ..], Some([_, mask])) => {
                let share = mask.clone().slice([0..n, self.style..self.style + 1]);
                let share = constant_for(share, &first.device());
                first.clone() + (second.clone() - first.clone()) * share
            }
            (styles, _) => styles[0].clone(),
        }
    }

    /// s = A w + b, `[n, from]`.
    fn scales(&self, net: &BoundNetwork, n: usize) -> Tensor<2> {
        let shape = &net.slots()[self.first].shape;
        let layer = kernels::Layer::new(Kind::Linear, [shape[0], shape[1]], true);
        net.run(layer, self.first..=self.first + STYLE_BIAS, Signal::features(self.latent(net, n))).rows
    }

    /// The convolution without modulation.
    fn convolved(&self, net: &BoundNetwork, x: Signal) -> Signal {
        let slot = self.first + WEIGHT;
        let shape = &net.slots()[slot].shape;
        let (kind, from, to) = match self.way {
            Way::Same => (Kind::Conv3, shape[1], shape[0]),
            Way::Double => (Kind::ConvUp, shape[0], shape[1]),
            Way::Image => (Kind::Conv1, shape[1], shape[0]),
        };
        net.run(kernels::Layer::new(kind, [from, to], false), slot..=slot, x)
    }

    /// Demodulation: 1 / sqrt(sum over inputs and taps per pixel of (W s)^2 + 1e-8), `[n, to]`.
    fn demodulation(&self, net: &BoundNetwork, s: Tensor<2>) -> Tensor<2> {
        let kernel = net.kernel(self.first + WEIGHT);
        let [a, b, side, _] = kernel.dims();
        let squares = kernel.square().reshape([a, b, side * side]).sum_dim(2).reshape([1, a, b]);
        let (squares, turned, to) = match self.way {
            Way::Double => (squares.div_scalar(SPREAD), false, b),
            _ => (squares, true, a),
        };
        let [n, from] = s.dims();
        let s = s.square().reshape([1, n, from]);
        let sums = net.operations.product(s, squares, [false, turned]);
        kernels::sqrt(sums.reshape([n, to]).add_scalar(TINY)).recip()
    }

    /// The layer's noise, `[n, 1, positions]`; None if it has none.
    fn noise(&self, net: &BoundNetwork, n: usize, like: &Tensor<3>) -> Option<Tensor<3>> {
        let kept = || Some(net.noise.clone()?.repeat_dim(0, n.div_ceil(KEPT)));
        let rows = net.styling.noise.clone().or_else(kept).filter(|_| !self.noise.is_empty())?;
        Some(constant_for(rows.slice([0..n, self.noise.clone()]), &like.device()).reshape([n, 1, self.noise.len()]))
    }
}

impl Module for ModulatedConv {
    fn label(&self, slots: &[Slot]) -> String {
        let side = slots[self.first + WEIGHT].shape[3];
        let doubles = if self.way == Way::Double { "transposed " } else { "" };
        format!("{doubles}convolution, {side}x{side}, style {}", self.style + 1)
    }

    fn output_shape(&self, input: &[usize], slots: &[Slot]) -> Vec<usize> {
        let shape = &slots[self.first + WEIGHT].shape;
        let (to, scale) = if self.way == Way::Double { (shape[1], 2) } else { (shape[0], 1) };
        vec![to, scale * input[1], scale * input[2]]
    }

    fn slots(&self) -> Option<RangeInclusive<usize>> {
        Some(self.first..=self.first + if self.noise.is_empty() { BIAS } else { STRENGTH })
    }

    fn forward(&self, net: &mut BoundNetwork, x: Signal, _: Pass) -> Signal {
        let n = x.len();
        let s = self.scales(net, n); // [n, from]
        let from = s.dims()[1];
        let x = x.by_position(|x| x * s.clone().reshape([n, from, 1]));
        let y = self.convolved(net, x);
        let to = y.rows.dims()[1] / (y.side[0] * y.side[1]);
        y.by_position(|y| {
            let y = match self.way {
                Way::Image => y,
                _ => y * self.demodulation(net, s).reshape([n, to, 1]),
            };
            let mut added = net.vector(self.first + BIAS).reshape([1, to, 1]);
            if let Some(noise) = self.noise(net, n, &y) {
                added = added + noise * net.vector(self.first + STRENGTH).reshape([1, 1, 1]);
            }
            y + added
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{close, output};
    use super::*;

    /// w -> a constant of two channels of 2x2 -> one channel.
    fn net(way: Way) -> Builder {
        let layer = ModulatedConv { first: 0, way, style: 0, noise: 0..0 };
        Builder::default().learnt_constant([2, 2, 2], 1).modulated_conv(1, [2, 1], layer)
    }

    #[test]
    fn the_style_scales_the_inputs_and_demodulation_divides_by_their_norm() {
        // The constant is 1 in the first channel and -1 in the second; the style is s = w (3, 0) + (0, 4).
        let constant = [1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0];
        let run =
            |way, kernel: &[f32]| output(net(way), &[&constant, &[3.0, 0.0], &[0.0, 4.0], kernel, &[0.5]], &[[1.0]]);
        // W = (2, 1) and s = (3, 4): 2 3 1 - 1 4 1, and the bias.
        close(&run(Way::Image, &[2.0, 1.0]), &[2.5; 4]);
        // Only the middle taps are not 0: W s = (3, 4), of norm 5.
        let mut kernel = [0.0; 18];
        (kernel[4], kernel[13]) = (1.0, 1.0);
        close(&run(Way::Same, &kernel), &[-0.2 + 0.5; 4]);
        // Four of the 16 taps of a transposed kernel meet in a position, of norm 5 again; fewer at the border.
        let [one, two, four] = [1.0, 2.0, 4.0].map(|taps| taps * -0.5 / 5.0 + 0.5);
        let [edge, inside] = [[one, two, two, one], [two, four, four, two]];
        close(&run(Way::Double, &[0.5; 32]), &[edge, inside, inside, edge].concat());
    }
}
