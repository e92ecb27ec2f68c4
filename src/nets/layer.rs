//! The layers: what each does to a signal, and nothing about how many there are.

use burn::tensor::activation::{leaky_relu, relu, tanh};
use burn::tensor::module::{conv_transpose2d, conv2d, linear};
use burn::tensor::ops::{ConvOptions, ConvTransposeOptions};
use burn::tensor::{Device, Tensor};

use super::{BatchStatistics, Bound, Init, Layout, Mode, Plan, Slot};
use crate::kernels::{self, ALIGN, Activation, EPSILON, Kind};

/// What flows between layers.
pub enum Signal {
    /// `[n, features]`
    Flat(Tensor<2>),
    /// `[n, channels, height, width]`
    Image(Tensor<4>),
}

/// One layer; numbers named `weight`, `bias`, ... are indices into the weights' layout.
#[derive(Debug, Clone, PartialEq)]
pub enum Layer {
    /// `[n, in]` -> `[n, out]`: x W + b
    Linear {
        weight: usize,
        bias: Option<usize>,
    },
    /// `[n, c_in, h, w]` -> `[n, c_out, h / 2, w / 2]`: 4x4, stride 2, padding 1
    ConvDown {
        weight: usize,
        bias: Option<usize>,
    },
    /// `[n, c_in, h, w]` -> `[n, c_out, 2 h, 2 w]`: 4x4, stride 2, padding 1
    ConvUp {
        weight: usize,
        bias: Option<usize>,
    },
    /// Normalises each channel over batch and place (Ioffe and Szegedy 2015). `statistics` names the running mean in the
    /// statistics' layout, the running variance follows it; None keeps none and always uses the batch's.
    BatchNorm {
        scale: usize,
        shift: usize,
        statistics: Option<usize>,
    },
    Relu,
    LeakyRelu(f64),
    Tanh,
    /// `[n, pieces * units]` -> `[n, units]`: the largest of each unit's pieces (Goodfellow et al. 2013)
    Maxout {
        pieces: usize,
    },
    /// `[n, features]` -> `[n, features + numbers]`: appends what the network is told of each row.
    Told {
        numbers: usize,
    },
    /// Drops each of `units` values a row with this probability and scales the rest up (Srivastava et al. 2014).
    Dropout {
        rate: f64,
        units: usize,
    },
    /// `[n, c h w]` -> `[n, c, h, w]`
    ToImage([usize; 3]),
    /// `[n, c, h, w]` -> `[n, c h w]`
    ToFlat,
}

impl Layer {
    /// The first of the layer's slots, for a layer that has parameters.
    pub(super) fn first_slot(&self) -> Option<usize> {
        match *self {
            Layer::Linear { weight, .. } | Layer::ConvDown { weight, .. } | Layer::ConvUp { weight, .. } => Some(weight),
            Layer::BatchNorm { scale, .. } => Some(scale),
            _ => None,
        }
    }

    /// The last of the layer's slots, for a layer that has parameters.
    pub(super) fn last_slot(&self) -> Option<usize> {
        match *self {
            Layer::Linear { weight, bias } | Layer::ConvDown { weight, bias } | Layer::ConvUp { weight, bias } => {
                bias.or(Some(weight))
            }
            Layer::BatchNorm { shift, .. } => Some(shift),
            _ => None,
        }
    }

    /// What a kernel needs to know of a layer with parameters, but for what depends on the batch and on the layer after it.
    pub(super) fn kernel(&self, slots: &[Slot]) -> Option<kernels::Layer> {
        let shape = &slots[self.first_slot()?].shape;
        let (kind, from, to, bias) = match *self {
            Layer::Linear { bias, .. } => (Kind::Linear, shape[0], shape[1], bias),
            Layer::ConvDown { bias, .. } => (Kind::ConvDown, shape[1], shape[0], bias),
            Layer::ConvUp { bias, .. } => (Kind::ConvUp, shape[0], shape[1], bias),
            _ => (Kind::BatchNorm, shape[0], shape[0], None),
        };
        Some(kernels::Layer { kind, activation: Activation::None, bias: bias.is_some(), n: 0, from, to, side: [1, 1] })
    }

    pub(super) fn activation(&self) -> Option<Activation> {
        match *self {
            Layer::Relu => Some(Activation::Relu),
            Layer::LeakyRelu(slope) => Some(Activation::LeakyRelu(slope as f32)),
            Layer::Tanh => Some(Activation::Tanh),
            _ => None,
        }
    }
}

/// Builds a [`Plan`] layer by layer.
#[derive(Default)]
pub struct Builder {
    layers: Vec<Layer>,
    weights: Layout,
    statistics: Layout,
}

/// Side of every convolution kernel: 4 with stride 2 covers each output pixel equally often, so that no checkerboard is built in.
const KERNEL: usize = 4;

impl Builder {
    pub fn layer(mut self, layer: Layer) -> Self {
        self.layers.push(layer);
        self
    }

    fn name(&self, what: &str) -> String {
        format!("{}.{what}", self.layers.len())
    }

    fn bias(&mut self, n: usize, wanted: bool) -> Option<usize> {
        wanted.then(|| self.weights.push(self.name("bias"), &[n], Init::Constant(0.0)))
    }

    pub fn linear(mut self, from: usize, to: usize, init: Init, bias: bool) -> Self {
        let weight = self.weights.push(self.name("weight"), &[from, to], init);
        let bias = self.bias(to, bias);
        self.layer(Layer::Linear { weight, bias })
    }

    pub fn conv_down(mut self, from: usize, to: usize, init: Init, bias: bool) -> Self {
        let weight = self.weights.push(self.name("weight"), &[to, from, KERNEL, KERNEL], init);
        let bias = self.bias(to, bias);
        self.layer(Layer::ConvDown { weight, bias })
    }

    pub fn conv_up(mut self, from: usize, to: usize, init: Init, bias: bool) -> Self {
        let weight = self.weights.push(self.name("weight"), &[from, to, KERNEL, KERNEL], init);
        let bias = self.bias(to, bias);
        self.layer(Layer::ConvUp { weight, bias })
    }

    /// `running` keeps running statistics, for a network that is sampled one image at a time.
    pub fn batch_norm(mut self, channels: usize, scale: Init, running: bool) -> Self {
        let scale = self.weights.push(self.name("scale"), &[channels], scale);
        let shift = self.weights.push(self.name("shift"), &[channels], Init::Constant(0.0));
        let statistics = running.then(|| {
            let mean = self.statistics.push(self.name("mean"), &[channels], Init::Constant(0.0));
            self.statistics.push(self.name("variance"), &[channels], Init::Constant(1.0));
            mean
        });
        self.layer(Layer::BatchNorm { scale, shift, statistics })
    }

    /// Applies `f` if `condition` holds: for layers that a setting switches on.
    pub fn when(self, condition: bool, f: impl FnOnce(Self) -> Self) -> Self {
        if condition { f(self) } else { self }
    }

    pub fn build(self) -> Plan {
        Plan { layers: self.layers, weights: self.weights, statistics: self.statistics }
    }
}

impl Layer {
    pub(super) fn forward(&self, net: &mut Bound, signal: Signal, mode: Mode) -> Signal {
        use Signal::{Flat, Image};
        let vector = |slot: &Option<usize>| slot.map(|s| net.vector(s));
        match (self, signal) {
            (Layer::Linear { weight, bias }, Flat(x)) => Flat(linear(x, net.matrix(*weight), vector(bias))),
            (Layer::ConvDown { weight, bias }, Image(x)) => Image(conv2d(x, net.kernel(*weight), vector(bias), halving())),
            (Layer::ConvUp { weight, bias }, Image(x)) => {
                Image(conv_transpose2d(x, net.kernel(*weight), vector(bias), doubling()))
            }
            (Layer::BatchNorm { scale, shift, statistics }, x) => batch_norm(net, *scale, *shift, *statistics, x, mode),
            (Layer::Maxout { pieces }, Flat(x)) => Flat(maxout(x, *pieces)),
            (Layer::Dropout { .. }, x) if mode == Mode::Sample => x,
            (Layer::Dropout { rate, units }, Flat(x)) => Flat(dropout(net, x, *rate, *units)),
            (Layer::ToImage([c, h, w]), Flat(x)) => {
                let n = x.dims()[0];
                Image(x.reshape([n, *c, *h, *w]))
            }
            (Layer::ToFlat, Image(x)) => Flat(x.flatten(1, 3)),
            (Layer::Told { .. }, Flat(x)) => Flat(net.told(x)),
            (Layer::Relu | Layer::LeakyRelu(_) | Layer::Tanh, x) => self.activate(x),
            // A builder's mistake, not a user's: every plan that the schema allows is run by a test.
            (layer, Flat(_)) => unreachable!("{layer:?} was given a flat signal"),
            (layer, Image(_)) => unreachable!("{layer:?} was given an image"),
        }
    }

    fn activate(&self, x: Signal) -> Signal {
        match x {
            Signal::Flat(x) => Signal::Flat(self.pointwise(x)),
            // With fusion on a GPU, Burn 0.22.1 reads a convolution's only channel with wrong strides: flat, it reads it right.
            Signal::Image(x) if x.dims()[1] == 1 => {
                let shape = x.dims();
                Signal::Image(self.pointwise(x.flatten::<2>(1, 3)).reshape(shape))
            }
            Signal::Image(x) => Signal::Image(self.pointwise(x)),
        }
    }

    pub(super) fn pointwise<const D: usize>(&self, x: Tensor<D>) -> Tensor<D> {
        match self {
            Layer::Relu => relu(x),
            Layer::LeakyRelu(slope) => leaky_relu(x, *slope),
            _ => tanh(x),
        }
    }
}

/// Stride 2, padding 1.
pub(super) fn halving() -> ConvOptions<2> {
    ConvOptions::new([2, 2], [1, 1], [1, 1], 1)
}

/// The same transposed.
pub(super) fn doubling() -> ConvTransposeOptions<2> {
    ConvTransposeOptions::new([2, 2], [1, 1], [0, 0], [1, 1], 1)
}

/// The largest of each unit's pieces. Pairwise maxima, because a maximum along an axis has no gradient without a gather.
pub(super) fn maxout(x: Tensor<2>, pieces: usize) -> Tensor<2> {
    let mut parts = x.chunk(pieces, 1).into_iter();
    match parts.next() {
        // max(a, b) = b + relu(a - b)
        Some(first) => parts.fold(first, |a, b| b.clone() + relu(a - b)),
        None => unreachable!("the schema asks for at least one piece"),
    }
}

pub(super) fn dropout(net: &mut Bound, x: Tensor<2>, rate: f64, units: usize) -> Tensor<2> {
    let [n, width] = x.dims();
    debug_assert_eq!(width, units);
    match net.take_dropout(n * width) {
        Some(uniform) => {
            let keep =
                constant_for(uniform.greater_equal_elem(rate).float().div_scalar(1.0 - rate).reshape([n, width]), &x.device());
            x * keep
        }
        None => x,
    }
}

/// A constant on the same side of the autodiff border as the tensor whose device is given.
pub fn constant_for<const D: usize>(constant: Tensor<D>, device: &Device) -> Tensor<D> {
    if device.is_autodiff() { Tensor::from_inner(constant) } else { constant }
}

fn batch_norm(net: &mut Bound, scale: usize, shift: usize, statistics: Option<usize>, x: Signal, mode: Mode) -> Signal {
    match x {
        Signal::Flat(x) => {
            let [n, c] = x.dims();
            let x = x.reshape([n, c, 1, 1]);
            Signal::Flat(normalise(net, scale, shift, statistics, x, mode).reshape([n, c]))
        }
        Signal::Image(x) => Signal::Image(normalise(net, scale, shift, statistics, x, mode)),
    }
}

fn normalise(net: &mut Bound, scale: usize, shift: usize, statistics: Option<usize>, x: Tensor<4>, mode: Mode) -> Tensor<4> {
    let [n, c, h, w] = x.dims();
    let per_channel = |t: Tensor<1>| t.reshape([1, c, 1, 1]);
    let running = statistics.and_then(|s| Some((net.running(s, c)?, net.running(s + 1, c)?)));
    let (centred, variance) = match (mode, running) {
        (Mode::Sample, Some((mean, variance))) => {
            let device = x.device();
            (x - per_channel(constant_for(mean, &device)), per_channel(constant_for(variance, &device)))
        }
        _ => {
            let count = (n * h * w) as f64;
            let mean = channel_sum(x.clone()).div_scalar(count); // [1, c, 1, 1]
            let centred = x - mean.clone(); // [n, c, h, w]
            let variance = channel_sum(centred.clone().square()).div_scalar(count); // [1, c, 1, 1]
            if let Some(slot) = statistics {
                let parts = [mean.inner().reshape([c]), variance.clone().inner().reshape([c])];
                let values = Tensor::cat(parts.map(padded).to_vec(), 0);
                net.batch_statistics.push(BatchStatistics { slot, values, count: n * h * w });
            }
            (centred, variance)
        }
    };
    let inverse = (variance + EPSILON).sqrt().recip();
    centred * (inverse * per_channel(net.vector(scale))) + per_channel(net.vector(shift))
}

/// Zeros up to the next aligned length.
fn padded(t: Tensor<1>) -> Tensor<1> {
    let n = t.dims()[0];
    t.pad([(0, n.next_multiple_of(ALIGN) - n)], 0.0)
}

/// Sums over batch and place: `[n, c, h, w]` -> `[1, c, 1, 1]`.
fn channel_sum(x: Tensor<4>) -> Tensor<4> {
    x.sum_dim(0).sum_dim(2).sum_dim(3)
}
