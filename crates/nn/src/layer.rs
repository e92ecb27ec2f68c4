//! The layers of all networks and their forward passes in plain tensor operations, the reference for the kernels.

use burn::tensor::Tensor;
use burn::tensor::activation::{leaky_relu, relu};
use burn::tensor::module::{conv_transpose2d, conv2d, linear};
use burn::tensor::ops::{ConvOptions, ConvTransposeOptions};
use counterfeit_kernels::{self as kernels, Activation, Kind};

use super::growing::blended;
use super::minibatch::{append_discrimination, append_std_dev};
use super::norm::{batch_norm, constant_for};
use super::{BoundNetwork, Mode, Slot, attention, autoencoder, norm, resample, style};

/// An activation, passed from layer to layer.
#[derive(Debug, Clone)]
pub enum Signal {
    /// `[n, features]`
    Flat(Tensor<2>),
    /// `[n, channels, height, width]`
    Image(Tensor<4>),
}

/// One layer. The fields `weight`, `bias`, ... are indices of slots in the layout of the weights.
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
    /// Normalises each channel over the batch and all positions (Ioffe and Szegedy 2015). `statistics` is the slot of
    /// the running mean; the running variance is in the next slot. None: no running statistics, those of the batch are
    /// always used.
    BatchNorm {
        scale: usize,
        shift: usize,
        statistics: Option<usize>,
    },
    /// `[n, c_in, h, w]` -> `[n, c_out, h, w]`: 3x3 with padding 1, or 1x1
    Conv {
        weight: usize,
        bias: Option<usize>,
    },
    /// Normalises each group of channels of each image over its channels and positions; see [`norm::Groups`].
    GroupNorm {
        scale: usize,
        shift: usize,
        groups: usize,
    },
    /// Divides the channels at each position by their root mean square (Karras et al. 2018).
    PixelNorm,
    /// Self-attention over a feature map. `query` is the first of its five slots. See `attention.rs`.
    Attention {
        query: usize,
    },
    /// `[n, c, h, w]` -> `[n, c, 2 h, 2 w]`: nearest-neighbour upsampling
    UpsampleNearest,
    /// `[n, 4 c, h, w]` -> `[n, c, 2 h, 2 w]`: pixel shuffle, four channels to one of twice the side
    PixelShuffle,
    /// `[n, c, 2 h, 2 w]` -> `[n, c, h, w]`: 2x2 average pooling
    AvgPool,
    /// Starts a skip connection: pushes the activation to a stack. [`Layer::Add`] and others pop it.
    Fork,
    /// Ends a skip connection: adds the activation of the last [`Layer::Fork`].
    Add,
    /// `[n, width + 2]` -> `[n, width]`: splits off each row's domain, for the next two layers (CoGAN, see
    /// `coupled.rs`).
    SplitDomain,
    /// `[n, 2 pixels]` -> `[n, pixels]`: selects the image of the row's domain.
    SelectDomain,
    /// `[n, pixels]` -> `[n, 2 pixels]`: puts the image into the half of its domain; the other half is 0.
    ScatterDomain,
    /// `[n, pixels]` -> `[n, 1]`: minus the reconstruction error against the image of the last [`Layer::Fork`]. See
    /// `autoencoder.rs`.
    NegReconstructionError,
    /// Swaps the activation with that of the last [`Layer::Fork`], which has this shape: the next layers form a
    /// parallel branch.
    Swap([usize; 3]),
    /// A layer that only style generators have.
    Style(style::Part),
    /// Fade-in: blends the activation with that of the last [`Layer::Fork`] by the weight of the new layers. See
    /// `growing.rs`.
    Fade,
    Relu,
    LeakyRelu(f64),
    Tanh,
    /// `[n, pieces * units]` -> `[n, units]`: the maximum over each unit's pieces (Goodfellow et al. 2013)
    Maxout {
        pieces: usize,
    },
    /// `[n, features]` -> `[n, features + 1]`: appends the minibatch standard deviation (Karras et al. 2018).
    MinibatchStdDev,
    /// `[n, features]` -> `[n, features + kernels]`: appends minibatch discrimination features (Salimans et al. 2016).
    MinibatchDiscrimination {
        weight: usize,
        kernels: usize,
    },
    /// `[n, features]` -> `[n, features + numbers]`: appends the condition of each row, a one-hot class.
    ConcatCondition {
        numbers: usize,
    },
    /// Dropout: sets each of the `units` values of a row to 0 with probability `rate` and scales the others up
    /// (Srivastava et al. 2014).
    Dropout {
        rate: f64,
        units: usize,
    },
    /// In training, adds normal noise of this standard deviation to the `units` values of each row.
    Noise {
        deviation: f64,
        units: usize,
    },
    /// Prepends the reference batch of virtual batch normalisation, stored in this slot of the statistics.
    PrependReferenceBatch {
        slot: usize,
    },
    /// Drops the first rows, those that [`Layer::PrependReferenceBatch`] prepended.
    DropReferenceBatch {
        rows: usize,
    },
    /// Virtual batch normalisation: normalises each channel of a row over this row and the first `reference` rows
    /// (Salimans et al. 2016).
    VirtualNorm {
        scale: usize,
        shift: usize,
        reference: usize,
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
            Layer::Linear { weight, .. }
            | Layer::ConvDown { weight, .. }
            | Layer::ConvUp { weight, .. }
            | Layer::Conv { weight, .. }
            | Layer::MinibatchDiscrimination { weight, .. } => Some(weight),
            Layer::BatchNorm { scale, .. } | Layer::GroupNorm { scale, .. } | Layer::VirtualNorm { scale, .. } => {
                Some(scale)
            }
            Layer::Attention { query } => Some(query),
            Layer::Style(ref part) => part.first_slot(),
            _ => None,
        }
    }

    /// The last of the layer's slots, for a layer that has parameters.
    pub(super) fn last_slot(&self) -> Option<usize> {
        match *self {
            Layer::Linear { weight, bias }
            | Layer::ConvDown { weight, bias }
            | Layer::ConvUp { weight, bias }
            | Layer::Conv { weight, bias } => bias.or(Some(weight)),
            Layer::MinibatchDiscrimination { weight, .. } => Some(weight),
            Layer::BatchNorm { shift, .. } | Layer::GroupNorm { shift, .. } | Layer::VirtualNorm { shift, .. } => {
                Some(shift)
            }
            Layer::Attention { query } => Some(query + attention::GAMMA),
            Layer::Style(ref part) => part.last_slot(),
            _ => None,
        }
    }

    /// The kernel's description of this layer, or None if there is no kernel for it. Batch size and activation are
    /// filled in later.
    pub(super) fn kernel(&self, slots: &[Slot]) -> Option<kernels::Layer> {
        let shape = &slots[self.first_slot()?].shape;
        let (kind, from, to, bias) = match *self {
            Layer::Linear { bias, .. } => (Kind::Linear, shape[0], shape[1], bias),
            Layer::MinibatchDiscrimination { .. } => (Kind::Linear, shape[0], shape[1], None),
            Layer::ConvDown { bias, .. } => (Kind::ConvDown, shape[1], shape[0], bias),
            Layer::ConvUp { bias, .. } => (Kind::ConvUp, shape[0], shape[1], bias),
            Layer::Conv { bias, .. } => {
                (if shape[2] == 1 { Kind::Conv1 } else { Kind::Conv3 }, shape[1], shape[0], bias)
            }
            Layer::BatchNorm { .. } => (Kind::BatchNorm, shape[0], shape[0], None),
            _ => return None,
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

impl Layer {
    pub fn forward(&self, net: &mut BoundNetwork, signal: Signal, mode: Mode) -> Signal {
        use Signal::{Flat, Image};
        let vector = |slot: &Option<usize>| slot.map(|s| net.vector(s));
        match (self, signal) {
            (Layer::Linear { weight, bias }, Flat(x)) => Flat(linear(x, net.matrix(*weight), vector(bias))),
            (Layer::ConvDown { weight, bias }, Image(x)) => {
                Image(conv2d(x, net.kernel(*weight), vector(bias), halving()))
            }
            (Layer::ConvUp { weight, bias }, Image(x)) => {
                Image(conv_transpose2d(x, net.kernel(*weight), vector(bias), doubling()))
            }
            (Layer::Conv { weight, bias }, Image(x)) => {
                let kernel = net.kernel(*weight);
                let options = keeping(kernel.dims()[3]);
                Image(conv2d(x, kernel, vector(bias), options))
            }
            (Layer::BatchNorm { scale, shift, statistics }, x) => batch_norm(net, *scale, *shift, *statistics, x, mode),
            (Layer::Maxout { pieces }, Flat(x)) => Flat(maxout(x, *pieces)),
            (Layer::Dropout { .. } | Layer::Noise { .. }, x) if mode == Mode::Sample => x,
            (Layer::Dropout { .. } | Layer::Noise { .. }, Flat(x)) => Flat(self.chance(net, x)),
            (Layer::Dropout { .. } | Layer::Noise { .. }, Image(x)) => {
                let shape = x.dims();
                Image(self.chance(net, x.flatten(1, 3)).reshape(shape))
            }
            (Layer::PrependReferenceBatch { slot }, Flat(x)) => Flat(net.referred(*slot, x)),
            (Layer::DropReferenceBatch { rows }, Flat(x)) => {
                let n = x.dims()[0];
                Flat(x.slice([*rows..n]))
            }
            (Layer::ToImage([c, h, w]), Flat(x)) => {
                let n = x.dims()[0];
                Image(x.reshape([n, *c, *h, *w]))
            }
            (Layer::ToFlat, Image(x)) => Flat(x.flatten(1, 3)),
            (Layer::ConcatCondition { .. }, Flat(x)) => Flat(net.concat_condition(x)),
            (Layer::SplitDomain, Flat(x)) => Flat(net.split_domain(x)),
            (Layer::SelectDomain, Flat(x)) => Flat(net.select_domain(x)),
            (Layer::ScatterDomain, Flat(x)) => Flat(net.scatter_domain(x)),
            (Layer::MinibatchStdDev, Flat(x)) => Flat(append_std_dev(x)),
            (Layer::MinibatchDiscrimination { weight, kernels }, Flat(x)) => {
                let projected = linear(x.clone(), net.matrix(*weight), None);
                Flat(append_discrimination(x, projected, *kernels))
            }
            (Layer::Style(part), x) => styled(part, net, x, mode),
            (Layer::Relu | Layer::LeakyRelu(_) | Layer::Tanh, x) => self.activate(x),
            (Layer::Fork | Layer::Add | Layer::NegReconstructionError | Layer::Swap(_) | Layer::Fade, x) => {
                self.skip(net, x)
            }
            (
                Layer::GroupNorm { .. } | Layer::VirtualNorm { .. } | Layer::PixelNorm | Layer::Attention { .. },
                Flat(x),
            ) => {
                let [n, width] = x.dims();
                Flat(self.by_place(net, x.reshape([n, width, 1])).reshape([n, width]))
            }
            (
                Layer::GroupNorm { .. } | Layer::VirtualNorm { .. } | Layer::PixelNorm | Layer::Attention { .. },
                Image(x),
            ) => {
                let [n, c, h, w] = x.dims();
                Image(self.by_place(net, x.reshape([n, c, h * w])).reshape([n, c, h, w]))
            }
            (Layer::UpsampleNearest | Layer::PixelShuffle | Layer::AvgPool, Image(x)) => Image(self.resample(x)),
            // A bug in a builder: a test runs every plan that the schema allows.
            (layer, Flat(_)) => unreachable!("{layer:?} was given a flat signal"),
            (layer, Image(_)) => unreachable!("{layer:?} was given an image"),
        }
    }

    /// Runs [`Layer::Fork`] and the layers that pop its activation.
    pub(super) fn skip(&self, net: &mut BoundNetwork, x: Signal) -> Signal {
        if *self == Layer::Fork {
            net.kept.push(x.clone());
            return x;
        }
        match (x, net.kept.pop()) {
            (x, Some(kept)) if matches!(self, Layer::Swap(_)) => {
                net.kept.push(x);
                kept
            }
            (Signal::Flat(x), Some(Signal::Flat(kept))) if *self == Layer::NegReconstructionError => {
                Signal::Flat(autoencoder::neg_reconstruction_error(kept, x))
            }
            (Signal::Flat(x), Some(Signal::Flat(kept))) => Signal::Flat(self.meet(net, kept, x)),
            (Signal::Image(x), Some(Signal::Image(kept))) => Signal::Image(self.meet(net, kept, x)),
            _ => unreachable!("a join has a fork of the same shape"),
        }
    }

    /// Runs [`Layer::Add`] or [`Layer::Fade`]. Both are linear, so they also apply to tangents.
    pub(super) fn meet<const D: usize>(&self, net: &BoundNetwork, kept: Tensor<D>, x: Tensor<D>) -> Tensor<D> {
        match (self, net.blend.clone()) {
            (Layer::Fade, Some(alpha)) => blended(kept, x, alpha),
            (Layer::Fade, None) => x,
            _ => kept + x,
        }
    }

    /// Runs the layers that take an image as `[n, channels, positions]`.
    pub(super) fn by_place(&self, net: &BoundNetwork, x: Tensor<3>) -> Tensor<3> {
        match *self {
            Layer::GroupNorm { scale, shift, groups } => net.groups(scale, shift, groups).forward(x),
            Layer::VirtualNorm { scale, shift, reference } => {
                norm::by_reference(x, reference, [net.vector(scale), net.vector(shift)])
            }
            Layer::Attention { query } => attention::forward(net, query, x),
            _ => norm::pixel(x),
        }
    }

    /// Applies [`Layer::Dropout`] or [`Layer::Noise`] in training. Without random numbers, returns `x` unchanged.
    pub(super) fn chance(&self, net: &mut BoundNetwork, x: Tensor<2>) -> Tensor<2> {
        let [n, width] = x.dims();
        let Some(numbers) = net.take_chance(n * width) else { return x };
        let numbers = numbers.reshape([n, width]);
        match *self {
            Layer::Dropout { rate, .. } => {
                let keep = numbers.greater_equal_elem(rate).float().div_scalar(1.0 - rate);
                let keep = constant_for(keep, &x.device());
                x * keep
            }
            Layer::Noise { deviation, .. } => {
                let noise = constant_for(numbers.mul_scalar(deviation), &x.device());
                x + noise
            }
            _ => x,
        }
    }

    /// Runs the layers that change the resolution.
    pub(super) fn resample(&self, x: Tensor<4>) -> Tensor<4> {
        match self {
            Layer::UpsampleNearest => resample::nearest(x),
            Layer::PixelShuffle => resample::shuffle(x),
            _ => resample::pool(x),
        }
    }

    fn activate(&self, x: Signal) -> Signal {
        match x {
            Signal::Flat(x) => Signal::Flat(self.pointwise(x)),
            // With fusion on a GPU, Burn 0.22.1 uses wrong strides for a convolution output of one channel. Flattening
            // avoids this.
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
            _ => kernels::tanh(x),
        }
    }
}

/// Runs a layer of a style generator, which takes flat rows.
fn styled(part: &style::Part, net: &mut BoundNetwork, x: Signal, mode: Mode) -> Signal {
    let (x, side) = match x {
        Signal::Flat(x) => (x, [1, 1]),
        Signal::Image(x) => {
            let [_, _, h, w] = x.dims();
            (x.flatten(1, 3), [h, w])
        }
    };
    match part.forward(net, x, side, mode) {
        (x, [1, 1]) => Signal::Flat(x),
        (x, [h, w]) => {
            let [n, width] = x.dims();
            Signal::Image(x.reshape([n, width / (h * w), h, w]))
        }
    }
}

/// Stride 2, padding 1.
pub(super) fn halving() -> ConvOptions<2> {
    ConvOptions::new([2, 2], [1, 1], [1, 1], 1)
}

/// The transposed convolution with stride 2 and padding 1.
pub(super) fn doubling() -> ConvTransposeOptions<2> {
    ConvTransposeOptions::new([2, 2], [1, 1], [0, 0], [1, 1], 1)
}

/// Stride 1 and "same" padding, for a kernel of odd side.
pub(super) fn keeping(side: usize) -> ConvOptions<2> {
    ConvOptions::new([1, 1], [side / 2, side / 2], [1, 1], 1)
}

/// The maximum over each unit's pieces. Computed pairwise, because the gradient of a maximum along an axis needs a
/// gather.
fn maxout(x: Tensor<2>, pieces: usize) -> Tensor<2> {
    let mut parts = x.chunk(pieces, 1).into_iter();
    match parts.next() {
        // max(a, b) = b + relu(a - b)
        Some(first) => parts.fold(first, |a, b| b.clone() + relu(a - b)),
        None => unreachable!("the schema asks for at least one piece"),
    }
}
