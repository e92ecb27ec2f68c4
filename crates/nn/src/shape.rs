//! Names, output shapes and parameter counts of layers, without running them.

use super::coupled::DOMAINS;
use super::{Layer, Plan, Slot};

impl Layer {
    /// The shape of one row of the output, without its batch: `[features]` or `[channels, height, width]`.
    pub fn output_shape(&self, input: &[usize], slots: &[Slot]) -> Vec<usize> {
        let image = |channels, scale: fn(usize) -> usize| vec![channels, scale(input[1]), scale(input[2])];
        match self {
            Layer::Linear { weight, .. } => vec![slots[*weight].shape[1]],
            Layer::ConvDown { weight, .. } => image(slots[*weight].shape[0], |s| s / 2),
            Layer::ConvUp { weight, .. } => image(slots[*weight].shape[1], |s| 2 * s),
            Layer::Conv { weight, .. } => image(slots[*weight].shape[0], |s| s),
            Layer::UpsampleNearest => image(input[0], |s| 2 * s),
            Layer::PixelShuffle => image(input[0] / 4, |s| 2 * s),
            Layer::AvgPool => image(input[0], |s| s / 2),
            Layer::Maxout { pieces } => vec![input[0] / pieces],
            Layer::ToImage(shape) | Layer::Swap(shape) => shape.to_vec(),
            Layer::ToFlat => vec![input.iter().product()],
            Layer::Style(part) => part.output_shape(input, slots),
            Layer::ConcatCondition { numbers } => vec![input[0] + numbers],
            Layer::NegReconstructionError => vec![1],
            Layer::SplitDomain => vec![input[0] - DOMAINS],
            Layer::SelectDomain => vec![input[0] / DOMAINS],
            Layer::ScatterDomain => vec![input[0] * DOMAINS],
            Layer::MinibatchStdDev => vec![input[0] + 1],
            Layer::MinibatchDiscrimination { kernels, .. } => vec![input[0] + kernels],
            Layer::BatchNorm { .. } | Layer::GroupNorm { .. } | Layer::VirtualNorm { .. } | Layer::PixelNorm => {
                input.to_vec()
            }
            Layer::Attention { .. }
            | Layer::Noise { .. }
            | Layer::PrependReferenceBatch { .. }
            | Layer::DropReferenceBatch { .. } => input.to_vec(),
            Layer::Fork
            | Layer::Add
            | Layer::Fade
            | Layer::Relu
            | Layer::LeakyRelu(_)
            | Layer::Tanh
            | Layer::Dropout { .. } => input.to_vec(),
        }
    }

    /// The name of the layer in the drawing of the network.
    pub fn label(&self, slots: &[Slot]) -> String {
        match self {
            Layer::Linear { .. } => "fully connected".into(),
            Layer::ConvDown { .. } => "convolution, 4x4, stride 2".into(),
            Layer::ConvUp { .. } => "transposed convolution, 4x4, stride 2".into(),
            Layer::Conv { weight, .. } => {
                let side = slots[*weight].shape[3];
                format!("convolution, {side}x{side}")
            }
            Layer::BatchNorm { .. } => "batch normalisation".into(),
            Layer::GroupNorm { groups: 1, .. } => "layer normalisation".into(),
            Layer::GroupNorm { scale, groups, .. } if slots[*scale].len() == *groups => "instance normalisation".into(),
            Layer::GroupNorm { groups, .. } => format!("group normalisation, {groups} groups"),
            Layer::PixelNorm => "pixel normalisation".into(),
            Layer::Attention { .. } => "self-attention".into(),
            Layer::UpsampleNearest => "nearest upsampling".into(),
            Layer::PixelShuffle => "pixel shuffle".into(),
            Layer::AvgPool => "2x2 average pooling".into(),
            Layer::Fork => "skip connection starts".into(),
            Layer::Add => "add skip connection".into(),
            Layer::SplitDomain => "split off the domain".into(),
            Layer::SelectDomain => "select the domain".into(),
            Layer::ScatterDomain => "scatter by domain".into(),
            Layer::Noise { deviation, .. } => format!("noise, {deviation}"),
            Layer::PrependReferenceBatch { .. } => "prepend reference batch".into(),
            Layer::DropReferenceBatch { .. } => "drop reference batch".into(),
            Layer::VirtualNorm { .. } => "virtual batch normalisation".into(),
            Layer::NegReconstructionError => "negative reconstruction error".into(),
            Layer::Swap(_) => "switch branch".into(),
            Layer::Style(part) => part.label(slots),
            Layer::Fade => "fade-in".into(),
            Layer::Relu => "ReLU".into(),
            Layer::LeakyRelu(slope) => format!("leaky ReLU, {slope}"),
            Layer::Tanh => "tanh".into(),
            Layer::Maxout { pieces } => format!("maxout, {pieces} pieces"),
            Layer::Dropout { rate, .. } => format!("dropout, {}", (rate * 100.0).round() / 100.0),
            Layer::ToImage(_) => "reshape".into(),
            Layer::ToFlat => "flatten".into(),
            Layer::MinibatchStdDev => "minibatch standard deviation".into(),
            Layer::MinibatchDiscrimination { .. } => "minibatch discrimination".into(),
            Layer::ConcatCondition { .. } => "concatenate class".into(),
        }
    }

    /// Number of learnt parameters.
    pub fn parameters(&self, slots: &[Slot]) -> usize {
        let range = self.first_slot().zip(self.last_slot());
        range.map_or(0, |(first, last)| slots[first..=last].iter().map(Slot::len).sum())
    }
}

impl Plan {
    /// The shape after each layer, of one row that goes in as `input`.
    pub fn shapes(&self, input: &[usize]) -> Vec<Vec<usize>> {
        let mut shape = input.to_vec();
        let mut after = |layer: &Layer| {
            shape = layer.output_shape(&shape, &self.weights.slots);
            shape.clone()
        };
        self.layers.iter().map(&mut after).collect()
    }
}
