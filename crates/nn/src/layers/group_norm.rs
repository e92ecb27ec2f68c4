//! Group normalisation, of which layer and instance normalisation are cases.

use std::ops::RangeInclusive;

use burn::tensor::Tensor;
use counterfeit_kernels::{self as kernels, Activation, EPSILON};

use super::{Differentiable, Module, Pass, WithTangent};
use crate::{BoundNetwork, Builder, Init, Signal, Slot, Tangents};

/// Normalises each group of channels of each image over its channels and positions, then scales and shifts channels.
/// One group is layer normalisation (Ba et al. 2016), as many groups as channels instance normalisation (Ulyanov et al.
/// 2016), in between is group normalisation (Wu and He 2018).
#[derive(Debug, Clone, PartialEq)]
pub struct GroupNorm {
    pub scale: usize,
    pub shift: usize,
    pub groups: usize,
}

impl Builder {
    /// Adds a group normalisation; `groups` divides `channels`.
    pub fn group_norm(mut self, channels: usize, groups: usize, scale: Init) -> Self {
        let [scale, shift] = self.scale_and_shift(channels, scale);
        self.layer(GroupNorm { scale, shift, groups })
    }
}

impl GroupNorm {
    /// Normalises x to mean 0 and variance 1 in each group, `[n, groups, values]`, and 1 / sqrt(variance + epsilon),
    /// `[n, groups, 1]`.
    fn normal(&self, x: Tensor<3>) -> [Tensor<3>; 2] {
        let x = self.grouped(x);
        let centred = x.clone() - mean(x);
        let inverse = kernels::sqrt(mean(centred.clone().square()) + EPSILON).recip();
        [centred * inverse.clone(), inverse]
    }

    /// `[n, channels, positions]` -> `[n, groups, values]`
    fn grouped(&self, x: Tensor<3>) -> Tensor<3> {
        let [n, channels, positions] = x.dims();
        x.reshape([n, self.groups, channels / self.groups * positions])
    }
}

impl Module for GroupNorm {
    fn label(&self, slots: &[Slot]) -> String {
        match self.groups {
            1 => "layer normalisation".into(),
            groups if slots[self.scale].len() == groups => "instance normalisation".into(),
            groups => format!("group normalisation, {groups} groups"),
        }
    }

    fn slots(&self) -> Option<RangeInclusive<usize>> {
        Some(self.scale..=self.shift)
    }

    fn forward(&self, net: &mut BoundNetwork, x: Signal, _: Pass) -> Signal {
        x.by_position(|x| {
            let shape = x.dims();
            let [normal, _] = self.normal(x);
            normal.reshape(shape) * net.per_channel(self.scale) + net.per_channel(self.shift)
        })
    }

    fn differentiable(&self) -> Option<&dyn Differentiable> {
        Some(self)
    }
}

impl Differentiable for GroupNorm {
    fn tangent(&self, pass: &mut Tangents<'_>, x: Signal, t: Tensor<2>, _: Activation) -> Option<WithTangent> {
        let t = Signal { rows: t, side: x.side }.by_position(|t| {
            let shape = t.dims();
            let t = self.grouped(t);
            let [normal, inverse] = self.normal(x.clone().positions());
            // x_hat' = inverse (t - mean t - x_hat mean(x_hat t))
            let along = mean(normal.clone() * t.clone());
            let change = (t.clone() - mean(t) - normal * along) * inverse;
            change.reshape(shape) * pass.net.per_channel(self.scale)
        });
        Some((pass.forward(self, x), t.rows))
    }

    fn has_curvature(&self) -> bool {
        true
    }
}

/// Over the last dimension.
fn mean(x: Tensor<3>) -> Tensor<3> {
    let values = x.dims()[2] as f64;
    x.sum_dim(2).div_scalar(values)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{close, output, slope_is_right};
    use super::*;
    use crate::layers::ToImage;

    #[test]
    fn each_group_is_centred_and_divided_by_its_deviation() {
        let net = |groups| Builder::default().layer(ToImage([2, 1, 2])).group_norm(2, groups, Init::Constant(1.0));
        let weights: [&[f32]; 2] = [&[1.0, 2.0], &[0.0, 0.5]];
        // As one group: mean 4, deviation 3. Channel by channel: means 1 and 7.
        close(&output(net(1), &weights, &[[1.0, 1.0, 7.0, 7.0]]), &[-1.0, -1.0, 2.5, 2.5]);
        close(&output(net(2), &weights, &[[0.0, 2.0, 4.0, 10.0]]), &[-1.0, 1.0, -1.5, 2.5]);
        slope_is_right(net(1), &weights, &[[1.0, 2.0, 4.0, 7.0]]);
        slope_is_right(net(2), &weights, &[[1.0, 2.0, 4.0, 7.0]]);
    }
}
