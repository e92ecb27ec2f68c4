//! The fade-in of progressive growing.

use burn::tensor::Tensor;
use counterfeit_kernels::Activation;

use super::{Differentiable, Module, Pass, WithTangent};
use crate::graph::constant_for;
use crate::{BoundNetwork, Signal, Slot, Tangents};

/// Fade-in: blends the activation with that of the last [`super::Fork`] by the weight of the new layers. See
/// `growing.rs`.
#[derive(Debug, Clone, PartialEq)]
pub struct Fade;

/// old + alpha (new - old), for the first value of `alpha`.
pub fn blended(old: Tensor<2>, new: Tensor<2>, alpha: Tensor<1>) -> Tensor<2> {
    let alpha = constant_for(alpha.slice([0..1]), &new.device()).reshape([1, 1]);
    old.clone() + (new - old) * alpha
}

/// Linear, so that it also maps tangents.
fn faded(net: &BoundNetwork, old: Tensor<2>, new: Tensor<2>) -> Tensor<2> {
    match net.blend.clone() {
        Some(alpha) => blended(old, new, alpha),
        None => new,
    }
}

impl Module for Fade {
    fn label(&self, _: &[Slot]) -> String {
        "fade-in".into()
    }

    fn forward(&self, net: &mut BoundNetwork, x: Signal, _: Pass) -> Signal {
        let forked = net.pop_fork();
        x.map(|x| faded(net, forked.rows, x))
    }

    fn differentiable(&self) -> Option<&dyn Differentiable> {
        Some(self)
    }
}

impl Differentiable for Fade {
    fn tangent(&self, pass: &mut Tangents<'_>, x: Signal, t: Tensor<2>, _: Activation) -> Option<WithTangent> {
        let forked = pass.forked.pop()?;
        let t = faded(pass.net, forked, t);
        Some((pass.forward(self, x), t))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{close, network, rows, values};
    use super::super::{Fork, Relu};
    use super::*;
    use crate::{Builder, Mode};

    #[test]
    fn a_quarter_of_the_new_and_the_rest_of_the_old() {
        let mut net = network(Builder::default().layer(Fork).layer(Relu).layer(Fade).build(), &[]);
        let x = || rows(&[[-4.0, 2.0]]);
        close(&values(net.frozen().forward(x(), Mode::Train)), &[0.0, 2.0]);
        net.blend = Some(Tensor::from_data([0.25], &net.weights.device()));
        close(&values(net.frozen().forward(x(), Mode::Train)), &[-3.0, 2.0]);
    }
}
