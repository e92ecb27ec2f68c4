//! The layers of all networks. A file has one layer: its parameters, its entry in [`Builder`](crate::Builder), output
//! shape, label, forward pass, tangent and test.
//!
//! A layer is written once, in terms of [`Operations`](counterfeit_kernels::Operations), which run as kernels or as
//! plain tensor operations. [`BoundNetwork::forward`] runs the layers of a network.

mod add;
mod affine;
mod attention;
mod avg_pool;
mod batch_norm;
mod concat_condition;
mod conv;
mod conv_down;
mod conv_up;
mod domain;
mod dropout;
mod fade;
mod fork;
mod group_norm;
mod leaky_relu;
mod learnt_constant;
mod linear;
mod maxout;
mod minibatch_discrimination;
mod minibatch_std_dev;
mod modulated_conv;
mod neg_reconstruction_error;
mod noise;
mod pixel_norm;
mod pixel_shuffle;
mod reference_batch;
mod relu;
mod reshape;
mod style_mixing;
mod swap;
mod tanh;
#[cfg(test)]
mod testing;
mod upsample_nearest;
mod virtual_norm;

use std::ops::{Deref, RangeInclusive};

use burn::tensor::Tensor;
use counterfeit_kernels::Activation;

use crate::{BoundNetwork, Mode, Signal, Slot, Tangents};

pub(crate) use avg_pool::pool;
pub use domain::DOMAINS;
pub(crate) use fade::blended;
pub use modulated_conv::Way;
pub(crate) use upsample_nearest::nearest;

/// What a layer knows of a pass.
#[derive(Debug, Clone, Copy)]
pub struct Pass {
    pub mode: Mode,
    /// The activation after the layer, for a layer that applies it: see [`Module::applies_activation`].
    pub activation: Activation,
}

impl Pass {
    /// A pass of a single layer.
    pub fn new(mode: Mode) -> Self {
        Self { mode, activation: Activation::None }
    }
}

/// An activation and its tangent, `[n, channels * height * width]`, after a layer.
pub type WithTangent = (Signal, Tensor<2>);

/// A layer: its name and shape for drawings, its parameters, and its passes. What most layers do not have has a default.
/// The argument `slots` is the layout of the network's weights.
pub trait Module {
    /// The name of the layer in the drawing of the network.
    fn label(&self, slots: &[Slot]) -> String;

    /// The shape of one row of the output, `[features]` or `[channels, height, width]`, from that of the input.
    fn output_shape(&self, input: &[usize], _slots: &[Slot]) -> Vec<usize> {
        input.to_vec()
    }

    /// Indices of the layer's parameters, which are consecutive; None if it has none.
    fn slots(&self) -> Option<RangeInclusive<usize>> {
        None
    }

    /// The output for the activation `x`.
    fn forward(&self, net: &mut BoundNetwork, x: Signal, pass: Pass) -> Signal;

    /// The layer's tangent. None if it has none: then no D with an exact gradient penalty may have it.
    fn differentiable(&self) -> Option<&dyn Differentiable> {
        None
    }

    /// Whether the layer's operation includes the activation after it.
    fn applies_activation(&self) -> bool {
        false
    }

    /// The activation that this layer is.
    fn activation(&self) -> Option<Activation> {
        None
    }

    /// Whether an output row depends on the other rows of its batch.
    fn mixes_batch(&self) -> bool {
        false
    }

    /// Number of random values that a row of a training pass needs.
    fn random_values(&self) -> usize {
        0
    }
}

/// A layer of which the directional derivative with respect to its input is known.
pub trait Differentiable {
    /// The output for `x` as in [`Mode::Sample`] and its directional derivative along `t`, shaped like `x`; both with
    /// the activation after the layer if [`Module::applies_activation`]. None if it joins what no layer before has left.
    fn tangent(&self, pass: &mut Tangents<'_>, x: Signal, t: Tensor<2>, then: Activation) -> Option<WithTangent>;

    /// Whether the layer is not piecewise linear, so that its tangent needs the activations in the graph.
    fn has_curvature(&self) -> bool {
        false
    }
}

/// Declares [`Layer`], an enum of the layers in the list, and re-exports them.
macro_rules! layers {
    ($($module:ident::$name:ident,)*) => {
        $(pub use $module::$name;)*

        /// One layer of a network.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Layer {
            $($name($name),)*
        }

        $(impl From<$name> for Layer {
            fn from(layer: $name) -> Self {
                Self::$name(layer)
            }
        })*

        impl Deref for Layer {
            type Target = dyn Module;

            fn deref(&self) -> &Self::Target {
                match self {
                    $(Self::$name(layer) => layer,)*
                }
            }
        }
    };
}

layers! {
    add::Add,
    attention::Attention,
    avg_pool::AvgPool,
    batch_norm::BatchNorm,
    concat_condition::ConcatCondition,
    conv::Conv,
    conv_down::ConvDown,
    conv_up::ConvUp,
    domain::ScatterDomain,
    domain::SelectDomain,
    domain::SplitDomain,
    dropout::Dropout,
    fade::Fade,
    fork::Fork,
    group_norm::GroupNorm,
    leaky_relu::LeakyRelu,
    learnt_constant::LearntConstant,
    linear::Linear,
    maxout::Maxout,
    minibatch_discrimination::MinibatchDiscrimination,
    minibatch_std_dev::MinibatchStdDev,
    modulated_conv::ModulatedConv,
    neg_reconstruction_error::NegReconstructionError,
    noise::Noise,
    pixel_norm::PixelNorm,
    pixel_shuffle::PixelShuffle,
    reference_batch::DropReferenceBatch,
    reference_batch::PrependReferenceBatch,
    relu::Relu,
    reshape::ToFlat,
    reshape::ToImage,
    style_mixing::StyleMixing,
    swap::Swap,
    tanh::Tanh,
    upsample_nearest::UpsampleNearest,
    virtual_norm::VirtualNorm,
}

impl Layer {
    /// Number of learnt parameters.
    pub fn parameters(&self, slots: &[Slot]) -> usize {
        self.slots().map_or(0, |own| slots[own].iter().map(Slot::len).sum())
    }
}
