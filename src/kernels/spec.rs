//! What a kernel is told besides its tensors. Everything that shapes a kernel's code is here, so that one value names
//! one pipeline.

use super::ALIGN;

/// What follows a layer, in the same kernel. Each derivative can be had from the activation's result.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Activation {
    None,
    Relu,
    /// Slope below zero.
    LeakyRelu(f32),
    Tanh,
}

/// The layers that have parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// `[n, from]` -> `[n, to]`; weight `[from, to]`
    Linear,
    /// 4x4, stride 2, padding 1: `[n, from, 2 h, 2 w]` -> `[n, to, h, w]`; weight `[to, from, 4, 4]`
    ConvDown,
    /// 4x4, stride 2, padding 1, transposed: `[n, from, h, w]` -> `[n, to, 2 h, 2 w]`; weight `[from, to, 4, 4]`
    ConvUp,
    /// `[n, to, h, w]` -> the same; scale and shift `[to]`
    BatchNorm,
    /// 3x3, stride 1, padding 1: `[n, from, h, w]` -> `[n, to, h, w]`; weight `[to, from, 3, 3]`
    Conv3,
    /// 1x1: `[n, from, h, w]` -> `[n, to, h, w]`; weight `[to, from, 1, 1]`
    Conv1,
}

/// One layer with its activation, for one batch size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Layer {
    pub kind: Kind,
    pub activation: Activation,
    /// Whether a bias follows the weight in the segment. Normalisation has a shift instead.
    pub bias: bool,
    /// Rows.
    pub n: usize,
    pub from: usize,
    pub to: usize,
    /// Height and width: of the smaller image of a convolution that halves or doubles, of the only one of a convolution
    /// that keeps the size and of a normalisation, 1 of a linear layer.
    pub side: [usize; 2],
}

/// Taps of the kernel of a convolution that halves or doubles: 4 x 4.
pub const TAPS: usize = 16;

impl Layer {
    /// Values in one channel of the smaller image.
    pub fn places(&self) -> usize {
        self.side[0] * self.side[1]
    }

    /// Side of the kernel of a convolution.
    pub fn kernel_side(&self) -> usize {
        match self.kind {
            Kind::ConvDown | Kind::ConvUp => 4,
            Kind::Conv3 => 3,
            Kind::Conv1 | Kind::Linear | Kind::BatchNorm => 1,
        }
    }

    /// Channels of the smaller and of the larger image of a convolution that halves or doubles.
    pub fn channels(&self) -> (usize, usize) {
        if self.kind == Kind::ConvDown { (self.to, self.from) } else { (self.from, self.to) }
    }

    /// Values of the weight, or of the scale.
    pub fn weights(&self) -> usize {
        match self.kind {
            Kind::Linear => self.from * self.to,
            Kind::ConvDown | Kind::ConvUp | Kind::Conv3 | Kind::Conv1 => {
                self.from * self.to * self.kernel_side().pow(2)
            }
            Kind::BatchNorm => self.to,
        }
    }

    /// Where the bias, or the shift, starts in the segment.
    pub fn bias_at(&self) -> usize {
        self.weights().next_multiple_of(ALIGN)
    }

    /// Length of the segment.
    pub fn segment(&self) -> usize {
        let tail = if self.bias || self.kind == Kind::BatchNorm { self.to.next_multiple_of(ALIGN) } else { 0 };
        self.bias_at() + tail
    }

    /// Length of the statistics of a normalisation: mean, padding, variance, padding.
    pub fn statistics(&self) -> usize {
        2 * self.to.next_multiple_of(ALIGN)
    }

    /// Values in a row of the input.
    pub fn inputs(&self) -> usize {
        match self.kind {
            Kind::Linear => self.from,
            Kind::ConvDown => self.from * 4 * self.places(),
            Kind::ConvUp | Kind::Conv3 | Kind::Conv1 => self.from * self.places(),
            Kind::BatchNorm => self.to * self.places(),
        }
    }

    /// Values in a row of the output.
    pub fn outputs(&self) -> usize {
        match self.kind {
            Kind::Linear => self.to,
            Kind::ConvUp => self.to * 4 * self.places(),
            Kind::ConvDown | Kind::Conv3 | Kind::Conv1 | Kind::BatchNorm => self.to * self.places(),
        }
    }
}

/// A product of matrices for each row of a batch: `[n, rows, inner]` by `[n, inner, columns]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Product {
    pub n: usize,
    pub rows: usize,
    pub inner: usize,
    pub columns: usize,
    /// Whether the first, or the second, is stored the other way round.
    pub transposed: [bool; 2],
}

/// The curve that a term of a loss follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Curve {
    /// log(1 + e^x)
    Softplus,
    /// x^2
    Square,
    /// max(0, x)
    Hinge,
}

/// What one row adds to a loss: scale curve(sign a + shift) + linear a, of D's output a. With a logit, -log D =
/// softplus(-a) and
/// -log(1 - D) = softplus(a), in forms that neither overflow nor lose digits.
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

    pub const fn times(self, factor: f32) -> Self {
        Self { scale: self.scale * factor, linear: self.linear * factor, ..self }
    }
}

/// What a term is taken of (Jolicoeur-Martineau 2018).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// D's output on one image.
    Alone,
    /// Relativistic: a real row's output minus that of the fake row of the same index. There is no term on fake rows.
    Pair,
    /// A row's output less the mean over the other kind.
    Average,
}

/// A loss over D's outputs: the mean of one term over real rows plus the mean of another over fake ones.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// Number of real rows, which come first; may be 0 for losses that are not relativistic.
    pub real: usize,
    /// Number of fake rows, which follow.
    pub fake: usize,
    pub on_real: Term,
    pub on_fake: Term,
    pub relation: Relation,
    /// Whether the outputs are logits, whose mean probability is worth knowing; otherwise the mean output is.
    pub logits: bool,
}

impl Term {
    /// Its value and its slope at an output of D.
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
    /// The loss in f64, from D's outputs on real and on fake rows.
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

/// How running statistics move.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Update {
    /// Where the layer's statistics start in the flat vector.
    pub offset: usize,
    pub channels: usize,
    /// Share of the batch.
    pub momentum: f32,
    /// n / (n - 1): the running variance is the unbiased one, as in every framework.
    pub unbiased: f32,
}
