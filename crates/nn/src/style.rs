//! A small style-based generator: Karras et al. 2019 (StyleGAN) with the modulated convolutions of Karras et al. 2020
//! (StyleGAN2).
//!
//! A mapping network turns z into w. Each convolution of the synthesis network, which begins with a learnt constant at
//! 7x7, is modulated by a style s = A w + b: its weights are W_oik s_i, divided by sqrt(sum_ik (W_oik s_i)^2 + 1e-8)
//! where they are demodulated. Scaling an image's input channels by s and its output channels by one over that root is
//! equivalent, and needs only one convolution for the whole batch. Noise, one map for all channels times a learnt
//! strength, and a bias follow.
//!
//! Up-sampling is the transposed 4x4 convolution; there are no skips from each resolution to the image, and no path
//! length penalty. D is the DCGAN's. With that of progressive growing, as in StyleGAN, a step with R1 took 176 ms of
//! processor time instead of 108, mostly for its convolutions at 28x28.

use std::ops::Range;

use burn::tensor::Tensor;
use burn::tensor::module::{conv_transpose2d, conv2d, linear};
use counterfeit_kernels::{self as kernels, Activation, Kind};

use super::builder::Builder;
use super::growing;
use super::layer::{doubling, keeping};
use super::{
    BatchStatistics, BoundNetwork, DiscriminatorSpec, GeneratorSpec, Init, Layer, Mode, Norm, Plan, Slot, constant_for,
    dcgan,
};

/// Slope of the leaky rectifiers.
const SLOPE: f64 = 0.2;
/// Learning-rate multiplier of the mapping network.
const SLOW: f32 = 0.01;
/// Weight of the newest batch in the running mean of w.
const NEWEST: f64 = 0.005;
/// Added to a sum of squares before its root.
const TINY: f64 = 1e-8;
/// Taps of a transposed kernel of stride 2 per tap that contributes to one pixel of the larger image.
const SPREAD: f64 = 4.0;
/// Rows of fixed noise for displayed samples: as many as a grid has.
pub(super) const KEPT: usize = 64;

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

/// A modulated convolution.
#[derive(Debug, Clone, PartialEq)]
pub struct Modulated {
    /// The first of its slots: style's weight `[w, from]` and bias `[from]`, weight, bias `[to]`, and, where it has
    /// noise, its strength `[1]`.
    pub first: usize,
    pub way: Way,
    /// Index of its style.
    pub style: usize,
    /// Its range within a row of noise; empty without noise.
    pub noise: Range<usize>,
}

/// A layer of a style generator.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// Appends the second z of each row, if styles are mixed.
    Pair,
    /// `[n, w]` -> `[n, c, h, w]`: stores w for the next layers, and returns the learnt constant. `mean` is the running
    /// mean of w in the statistics' layout.
    Constant { slot: usize, mean: usize, shape: [usize; 3] },
    /// `[n, from, h, w]` -> `[n, to, h', w']`
    Modulated(Modulated),
}

const STYLE_BIAS: usize = 1;
const WEIGHT: usize = 2;
const BIAS: usize = 3;
const STRENGTH: usize = 4;

impl Part {
    pub(super) fn first_slot(&self) -> Option<usize> {
        match self {
            Part::Pair => None,
            Part::Constant { slot, .. } => Some(*slot),
            Part::Modulated(m) => Some(m.first),
        }
    }

    pub(super) fn last_slot(&self) -> Option<usize> {
        match self {
            Part::Modulated(m) => Some(m.first + if m.noise.is_empty() { BIAS } else { STRENGTH }),
            other => other.first_slot(),
        }
    }
}

impl Part {
    /// As [`Layer::output_shape`].
    pub(super) fn output_shape(&self, input: &[usize], slots: &[Slot]) -> Vec<usize> {
        match self {
            Part::Pair => input.to_vec(),
            Part::Constant { shape, .. } => shape.to_vec(),
            Part::Modulated(m) => {
                let shape = &slots[m.first + WEIGHT].shape;
                let (to, scale) = if m.way == Way::Double { (shape[1], 2) } else { (shape[0], 1) };
                vec![to, scale * input[1], scale * input[2]]
            }
        }
    }

    /// As [`Layer::label`].
    pub(super) fn label(&self, slots: &[Slot]) -> String {
        match self {
            Part::Pair => "second z for style mixing".into(),
            Part::Constant { .. } => "learnt constant".into(),
            Part::Modulated(m) => {
                let side = slots[m.first + WEIGHT].shape[3];
                let doubles = if m.way == Way::Double { "transposed " } else { "" };
                format!("{doubles}convolution, {side}x{side}, style {}", m.style + 1)
            }
        }
    }
}

/// Input of a pass besides z, outside any graph.
#[derive(Debug, Clone, Default)]
pub struct Styling {
    /// A second z for each row, `[n, z]`, and a mask `[n, styles]`, 1 where a layer's style is from the second z.
    pub mixed: Option<[Tensor<2>; 2]>,
    /// `[n, positions]`; without it the generator uses its fixed noise.
    pub noise: Option<Tensor<2>>,
    /// Truncation psi, the first value of its tensor: w' = mean + psi (w - mean). Only in [`Mode::Sample`].
    pub truncation: Option<Tensor<1>>,
}

/// z, normalised -> fully connected layers, slowly -> w; a constant at 7x7 -> 14x14 -> 28x28 -> tanh.
pub fn generator(spec: &GeneratorSpec) -> Plan {
    let [wide, middle, narrow] = growing::channels(spec.channels);
    let width = spec.latent;
    let smallest = growing::smallest(spec.shape);
    let mut net = Builder::new(growing::initialiser(spec.init), Norm::None)
        .layer(Layer::Style(Part::Pair))
        .layer(Layer::PixelNorm);
    net = net.rate(SLOW);
    for i in 0..spec.mapping {
        let from = if i == 0 { spec.inputs } else { width };
        net = net.linear(from, width, Init::he(from), true).layer(Layer::LeakyRelu(SLOPE));
    }
    net = net.rate(1.0).learnt_constant([wide, smallest, smallest], width);
    let steps = [
        (Way::Same, wide, wide, smallest),
        (Way::Double, wide, middle, 2 * smallest),
        (Way::Same, middle, middle, 2 * smallest),
        (Way::Double, middle, narrow, 4 * smallest),
        (Way::Same, narrow, narrow, 4 * smallest),
    ];
    let mut noise = 0;
    for (style, (way, from, to, side)) in steps.into_iter().enumerate() {
        let places = noise..noise + side * side;
        noise = places.end;
        net = net
            .modulated(width, [from, to], Modulated { first: 0, way, style, noise: places })
            .layer(Layer::LeakyRelu(SLOPE));
    }
    let last = Modulated { first: 0, way: Way::Image, style: steps.len(), noise: 0..0 };
    net.output().modulated(width, [narrow, spec.shape[0]], last).layer(Layer::Tanh).layer(Layer::ToFlat).build()
}

/// The DCGAN discriminator with two stages.
pub fn discriminator(spec: &DiscriminatorSpec) -> Plan {
    let init = growing::initialiser(spec.init);
    let plain = DiscriminatorSpec { attention: false, stages: 2, ..spec.clone() };
    dcgan::build_discriminator(Builder::new(init, spec.norm), &plain, spec.outputs).build()
}

impl Builder {
    fn learnt_constant(mut self, shape: [usize; 3], width: usize) -> Self {
        let start = Init::Normal { mean: 0.0, std: 1.0 };
        let slot = self.parameter("constant", &[shape.iter().product()], start);
        let mean = self.statistic("mean of w", &[width], Init::Constant(0.0));
        self.layer(Layer::Style(Part::Constant { slot, mean, shape }))
    }

    /// Adds a modulated convolution and its slots.
    fn modulated(mut self, width: usize, [from, to]: [usize; 2], m: Modulated) -> Self {
        let (shape, taps) = match m.way {
            Way::Same => ([to, from, 3, 3], 9),
            Way::Double => ([from, to, 4, 4], 4),
            Way::Image => ([to, from, 1, 1], 1),
        };
        let first = self.straight("style weight", &[width, from], [width, from]);
        // Initially all scales are 1 (Karras et al. 2020).
        self.parameter("style bias", &[from], Init::Constant(1.0));
        self.weight("weight", &shape, Init::he(taps * from), [taps * from, taps * to]);
        self.parameter("bias", &[to], Init::Constant(0.0));
        if !m.noise.is_empty() {
            self.parameter("noise strength", &[1], Init::Constant(0.0));
        }
        self.layer(Layer::Style(Part::Modulated(Modulated { first, ..m })))
    }
}

impl Plan {
    /// Number of styles per row, one per modulated convolution; 0 for other networks.
    pub fn styles(&self) -> usize {
        self.modulated().count()
    }

    /// Number of noise values per row.
    pub fn noise(&self) -> usize {
        self.modulated().map(|m| m.noise.len()).sum()
    }

    fn modulated(&self) -> impl Iterator<Item = &Modulated> {
        self.layers.iter().filter_map(|l| if let Layer::Style(Part::Modulated(m)) = l { Some(m) } else { None })
    }
}

impl Part {
    /// Runs the layer on flat rows of images of side `side`.
    pub(super) fn forward(
        &self,
        net: &mut BoundNetwork,
        x: Tensor<2>,
        side: [usize; 2],
        mode: Mode,
    ) -> (Tensor<2>, [usize; 2]) {
        match self {
            Part::Pair => (pair(net, x), side),
            Part::Constant { slot, mean, shape: [c, h, w] } => {
                let n = keep_styles(net, x, *mean, mode);
                (net.vector(*slot).reshape([1, c * h * w]).expand([n, c * h * w]), [*h, *w])
            }
            Part::Modulated(m) => modulated(net, m, x, side),
        }
    }
}

fn pair(net: &BoundNetwork, z: Tensor<2>) -> Tensor<2> {
    match &net.styling.mixed {
        Some([second, _]) => {
            let second = constant_for(second.clone(), &z.device());
            Tensor::cat(vec![z, second], 0)
        }
        None => z,
    }
}

/// Stores the styles w of a pass, `[n, width]` or `[2 n, width]`, updates or applies their mean, and returns n.
fn keep_styles(net: &mut BoundNetwork, w: Tensor<2>, slot: usize, mode: Mode) -> usize {
    let [rows, width] = w.dims();
    let n = if net.styling.mixed.is_some() { rows / 2 } else { rows };
    let mean = net.running(slot, width);
    let w = match (mode, mean, net.styling.truncation.clone()) {
        (Mode::Sample, Some(mean), Some(psi)) => {
            let device = w.device();
            let mean = constant_for(mean, &device).reshape([1, width]);
            (w - mean.clone()) * constant_for(psi.slice([0..1]), &device).reshape([1, 1]) + mean
        }
        (Mode::Train, Some(mean), _) => {
            let seen = if w.device().is_autodiff() { w.clone().inner() } else { w.clone() };
            let newest = seen.slice([0..n, 0..width]).sum_dim(0).div_scalar(n as f64).reshape([width]);
            let values = mean.clone() + (newest - mean).mul_scalar(NEWEST);
            net.batch_statistics.push(BatchStatistics::Whole { slot, values });
            w
        }
        _ => w,
    };
    net.styles =
        if n == rows { vec![w] } else { vec![w.clone().slice([0..n, 0..width]), w.slice([n..rows, 0..width])] };
    n
}

/// The w of a layer, `[n, width]`.
fn style(net: &BoundNetwork, which: usize) -> Tensor<2> {
    match (net.styles.as_slice(), &net.styling.mixed) {
        ([first, second], Some([_, mask])) => {
            let n = first.dims()[0];
            let share = constant_for(mask.clone().slice([0..n, which..which + 1]), &first.device());
            first.clone() + (second.clone() - first.clone()) * share
        }
        ([first], _) => first.clone(),
        _ => unreachable!("a style generator keeps its styles before it uses them"),
    }
}

fn modulated(net: &BoundNetwork, m: &Modulated, x: Tensor<2>, side: [usize; 2]) -> (Tensor<2>, [usize; 2]) {
    let n = x.dims()[0];
    let s = affine(net, m.first, style(net, m.style)); // [n, from]
    let from = s.dims()[1];
    let places = side[0] * side[1];
    let x = (x.reshape([n, from, places]) * s.clone().reshape([n, from, 1])).reshape([n, from * places]);
    let (y, side) = convolved(net, m.first + WEIGHT, m.way, x, side);
    let places = side[0] * side[1];
    let to = y.dims()[1] / places;
    let mut y = y.reshape([n, to, places]);
    if m.way != Way::Image {
        y = y * demodulation(net, m.first + WEIGHT, m.way, s).reshape([n, to, 1]);
    }
    let mut added = net.vector(m.first + BIAS).reshape([1, to, 1]);
    if !m.noise.is_empty() {
        added = added + noise(net, m, n, &y) * net.vector(m.first + STRENGTH).reshape([1, 1, 1]);
    }
    ((y + added).reshape([n, to * places]), side)
}

/// A layer's noise, `[n, 1, positions]`.
fn noise(net: &BoundNetwork, m: &Modulated, n: usize, like: &Tensor<3>) -> Tensor<3> {
    let rows = match (&net.styling.noise, &net.noise) {
        (Some(noise), _) => noise.clone(),
        (None, Some(kept)) => kept.clone().repeat_dim(0, n.div_ceil(KEPT)),
        (None, None) => unreachable!("a network with noise keeps some"),
    };
    constant_for(rows.slice([0..n, m.noise.clone()]), &like.device()).reshape([n, 1, m.noise.len()])
}

/// s = A w + b, `[n, from]`.
fn affine(net: &BoundNetwork, slot: usize, w: Tensor<2>) -> Tensor<2> {
    let shape = &net.plan.weights.slots[slot].shape;
    if !net.kernels() {
        return linear(w, net.matrix(slot), Some(net.vector(slot + STYLE_BIAS)));
    }
    let (n, from, to) = (w.dims()[0], shape[0], shape[1]);
    let layer =
        kernels::Layer { kind: Kind::Linear, activation: Activation::None, bias: true, n, from, to, side: [1, 1] };
    kernels::forward(w, net.segments(slot, slot + STYLE_BIAS), layer)
}

/// The convolution without modulation, on flat rows of images.
fn convolved(net: &BoundNetwork, slot: usize, way: Way, x: Tensor<2>, [h, w]: [usize; 2]) -> (Tensor<2>, [usize; 2]) {
    let shape = &net.plan.weights.slots[slot].shape;
    let n = x.dims()[0];
    let (kind, from, to, side) = match way {
        Way::Same => (Kind::Conv3, shape[1], shape[0], [h, w]),
        Way::Double => (Kind::ConvUp, shape[0], shape[1], [2 * h, 2 * w]),
        Way::Image => (Kind::Conv1, shape[1], shape[0], [h, w]),
    };
    if net.kernels() {
        let layer = kernels::Layer { kind, activation: Activation::None, bias: false, n, from, to, side: [h, w] };
        return (kernels::forward(x, net.segment(slot), layer), side);
    }
    let (x, kernel) = (x.reshape([n, from, h, w]), net.kernel(slot));
    let y = match way {
        Way::Double => conv_transpose2d(x, kernel, None, doubling()),
        _ => conv2d(x, kernel, None, keeping(shape[3])),
    };
    (y.flatten(1, 3), side)
}

/// Demodulation: 1 / sqrt(sum over inputs and taps per pixel of (W s)^2 + 1e-8), `[n, to]`.
fn demodulation(net: &BoundNetwork, slot: usize, way: Way, s: Tensor<2>) -> Tensor<2> {
    let kernel = net.kernel(slot);
    let [a, b, side, _] = kernel.dims();
    let squares = kernel.square().reshape([a, b, side * side]).sum_dim(2).reshape([1, a, b]);
    let (squares, turned, to) = match way {
        Way::Double => (squares.div_scalar(SPREAD), false, b),
        _ => (squares, true, a),
    };
    let [n, from] = s.dims();
    let s = s.square().reshape([1, n, from]);
    let sums = if net.kernels() {
        kernels::product(s, squares, [false, turned])
    } else {
        s.matmul(if turned { squares.swap_dims(1, 2) } else { squares })
    };
    kernels::sqrt(sums.reshape([n, to]).add_scalar(TINY)).recip()
}
