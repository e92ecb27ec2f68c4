//! The parameters of a kernel besides its tensors: sizes, activation, loss terms. They determine the generated WGSL
//! completely, so that each value corresponds to one GPU pipeline.

use super::ALIGN;

/// A function of one value, for which Burn takes the platform's mathematics on the CPU, or does so in its gradient: the
/// power -1/2 in that of the square root. Ours has the same bits on every platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    Sqrt,
    Exp,
    Tanh,
}

/// The activation function fused into a layer's kernel. The derivative of each can be computed from its output, so that
/// the backward pass needs y only.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Activation {
    None,
    Relu,
    /// Contains the negative slope.
    LeakyRelu(f32),
    Tanh,
}

/// The kinds of layers with parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// `[n, from]` -> `[n, to]`; weight `[from, to]`
    Linear,
    /// Convolution, kernel size 4, stride 2, padding 1: `[n, from, 2 h, 2 w]` -> `[n, to, h, w]`; weight
    /// `[to, from, 4, 4]`
    ConvDown,
    /// Transposed convolution, kernel size 4, stride 2, padding 1: `[n, from, h, w]` -> `[n, to, 2 h, 2 w]`; weight
    /// `[from, to, 4, 4]`
    ConvUp,
    /// Batch normalisation: `[n, to, h, w]` -> `[n, to, h, w]`; scale and shift `[to]`
    BatchNorm,
    /// Convolution, kernel size 3, stride 1, padding 1: `[n, from, h, w]` -> `[n, to, h, w]`; weight `[to, from, 3, 3]`
    Conv3,
    /// Convolution, kernel size 1: `[n, from, h, w]` -> `[n, to, h, w]`; weight `[to, from, 1, 1]`
    Conv1,
}

/// The shape of one layer with its activation, at one batch size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Layer {
    pub kind: Kind,
    pub activation: Activation,
    /// Whether the segment contains a bias after the weight. Normalisation has a shift instead.
    pub bias: bool,
    /// Batch size.
    pub n: usize,
    /// Input channels, or input features.
    pub from: usize,
    /// Output channels, or output features.
    pub to: usize,
    /// Height and width of the image. For convolutions with stride 2 those of the smaller image; for linear layers 1.
    pub side: [usize; 2],
}

/// Number of taps of the 4x4 kernels with stride 2.
pub const TAPS: usize = 16;

impl Layer {
    /// A layer without activation, of a single row whose maps have one position. [`Layer::on`] gives it its size.
    pub const fn new(kind: Kind, [from, to]: [usize; 2], bias: bool) -> Self {
        Self { kind, activation: Activation::None, bias, n: 1, from, to, side: [1, 1] }
    }

    /// The same layer on `n` rows whose maps have this height and width, and the height and width of its output.
    pub fn on(self, n: usize, [h, w]: [usize; 2]) -> (Self, [usize; 2]) {
        let (small, side) = match self.kind {
            Kind::ConvDown => ([h / 2, w / 2], [h / 2, w / 2]),
            Kind::ConvUp => ([h, w], [2 * h, 2 * w]),
            Kind::Linear | Kind::BatchNorm | Kind::Conv3 | Kind::Conv1 => ([h, w], [h, w]),
        };
        (Self { n, side: small, ..self }, side)
    }

    /// Number of positions in one channel (of the smaller image): height times width.
    pub fn places(&self) -> usize {
        self.side[0] * self.side[1]
    }

    /// Kernel size of a convolution along one side.
    pub fn kernel_side(&self) -> usize {
        match self.kind {
            Kind::ConvDown | Kind::ConvUp => 4,
            Kind::Conv3 => 3,
            Kind::Conv1 | Kind::Linear | Kind::BatchNorm => 1,
        }
    }

    /// Channels of the smaller and of the larger image of a convolution with stride 2.
    pub fn channels(&self) -> (usize, usize) {
        if self.kind == Kind::ConvDown { (self.to, self.from) } else { (self.from, self.to) }
    }

    /// Number of values in the weight, or in the scale of a normalisation.
    pub fn weights(&self) -> usize {
        match self.kind {
            Kind::Linear => self.from * self.to,
            Kind::ConvDown | Kind::ConvUp | Kind::Conv3 | Kind::Conv1 => {
                self.from * self.to * self.kernel_side().pow(2)
            }
            Kind::BatchNorm => self.to,
        }
    }

    /// Offset of the bias, or of the shift, in the segment.
    pub fn bias_at(&self) -> usize {
        self.weights().next_multiple_of(ALIGN)
    }

    /// Length of the segment: weight, padding, bias, padding.
    pub fn segment(&self) -> usize {
        let tail = if self.bias || self.kind == Kind::BatchNorm { self.to.next_multiple_of(ALIGN) } else { 0 };
        self.bias_at() + tail
    }

    /// Length of a normalisation's statistics: mean, padding, variance, padding.
    pub fn statistics(&self) -> usize {
        2 * self.to.next_multiple_of(ALIGN)
    }

    /// Number of input values per sample.
    pub fn inputs(&self) -> usize {
        match self.kind {
            Kind::Linear => self.from,
            Kind::ConvDown => self.from * 4 * self.places(),
            Kind::ConvUp | Kind::Conv3 | Kind::Conv1 => self.from * self.places(),
            Kind::BatchNorm => self.to * self.places(),
        }
    }

    /// Number of output values per sample.
    pub fn outputs(&self) -> usize {
        match self.kind {
            Kind::Linear => self.to,
            Kind::ConvUp => self.to * 4 * self.places(),
            Kind::ConvDown | Kind::Conv3 | Kind::Conv1 | Kind::BatchNorm => self.to * self.places(),
        }
    }
}

/// The shape of a batched matrix product: `[n, rows, inner]` by `[n, inner, columns]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Product {
    pub n: usize,
    pub rows: usize,
    pub inner: usize,
    pub columns: usize,
    /// Whether the first and the second factor are stored transposed.
    pub transposed: [bool; 2],
}

/// The nonlinear function of a loss term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Curve {
    /// log(1 + e^x)
    Softplus,
    /// x^2
    Square,
    /// max(0, x)
    Hinge,
}

/// The loss of one of D's outputs a: scale curve(sign a + shift) + linear a. For a logit, -log D = softplus(-a) and
/// -log(1 - D) = softplus(a); these forms neither overflow nor lose digits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Term {
    pub curve: Curve,
    /// 1 or -1.
    pub sign: f32,
    pub shift: f32,
    pub scale: f32,
    pub linear: f32,
}

impl Term {
    pub const NOTHING: Self = Self::linear(0.0);

    /// log(1 + e^(sign a))
    pub const fn softplus(sign: f32) -> Self {
        Self { curve: Curve::Softplus, sign, shift: 0.0, scale: 1.0, linear: 0.0 }
    }

    /// (a - target)^2
    pub const fn square(target: f32) -> Self {
        Self { curve: Curve::Square, sign: 1.0, shift: -target, scale: 1.0, linear: 0.0 }
    }

    /// max(0, 1 + sign a)
    pub const fn hinge(sign: f32) -> Self {
        Self { curve: Curve::Hinge, sign, shift: 1.0, scale: 1.0, linear: 0.0 }
    }

    /// slope a
    pub const fn linear(slope: f32) -> Self {
        Self { curve: Curve::Softplus, sign: 1.0, shift: 0.0, scale: 0.0, linear: slope }
    }

    /// The term multiplied by a factor.
    pub const fn times(self, factor: f32) -> Self {
        Self { scale: self.scale * factor, linear: self.linear * factor, ..self }
    }
}

/// The argument of a loss term: D's output, or its difference from other outputs in relativistic losses
/// (Jolicoeur-Martineau 2018).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// D's output for one sample.
    Alone,
    /// Relativistic: the output for a real sample minus that for the fake sample with the same index. There is no term
    /// for fake samples.
    Pair,
    /// Relativistic average: the output minus the mean output of the other kind, fake or real.
    Average,
}

/// A loss of D's outputs: the mean of `on_real` over real samples plus the mean of `on_fake` over fake samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// Number of real samples, which come first. It may be 0 if the loss is not relativistic.
    pub real: usize,
    /// Number of fake samples, which follow.
    pub fake: usize,
    pub on_real: Term,
    pub on_fake: Term,
    pub relation: Relation,
    /// Whether the outputs are logits. The reported D(x) and D(G(z)) are then mean probabilities, else mean outputs.
    pub logits: bool,
}

impl Term {
    /// The term's value and derivative at D's output `a`, in f64.
    pub fn at(&self, a: f64) -> (f64, f64) {
        let (sign, scale, linear) = (f64::from(self.sign), f64::from(self.scale), f64::from(self.linear));
        let x = sign * a + f64::from(self.shift);
        let (curve, slope) = match self.curve {
            Curve::Softplus => (x.max(0.0) + libm::log1p(libm::exp(-x.abs())), 1.0 / (1.0 + libm::exp(-x))),
            Curve::Square => (x * x, 2.0 * x),
            Curve::Hinge => (x.max(0.0), f64::from(u8::from(x > 0.0))),
        };
        (scale * curve + linear * a, scale * sign * slope + linear)
    }
}

impl Terms {
    /// The loss in f64, from D's outputs for real and for fake samples.
    pub fn loss(&self, real: &[f32], fake: &[f32]) -> f64 {
        let mean = |values: &[f32]| values.iter().map(|&a| f64::from(a)).sum::<f64>() / values.len() as f64;
        let of = |term: Term, values: &[f32], less: f64| {
            values.iter().map(|&a| term.at(f64::from(a) - less).0).sum::<f64>() / values.len() as f64
        };
        match self.relation {
            Relation::Alone => of(self.on_real, real, 0.0) + of(self.on_fake, fake, 0.0),
            Relation::Pair => {
                let pairs = real.iter().zip(fake).map(|(&a, &b)| self.on_real.at(f64::from(a) - f64::from(b)).0);
                pairs.sum::<f64>() / real.len() as f64
            }
            Relation::Average => of(self.on_real, real, mean(fake)) + of(self.on_fake, fake, mean(real)),
        }
    }
}

/// The parameters of an update of running statistics: running + momentum (batch - running).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Update {
    /// Offset of the layer's statistics in the flat vector.
    pub offset: usize,
    pub channels: usize,
    /// Weight of the batch's statistics, as in PyTorch.
    pub momentum: f32,
    /// Bessel's correction n / (n - 1): the running variance is unbiased, as in PyTorch.
    pub unbiased: f32,
}
