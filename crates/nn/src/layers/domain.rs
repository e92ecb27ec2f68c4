//! The domain-specific layers of CoGAN (Liu and Tuzel 2016): G's last layer generates an image per domain, D's first
//! layer has an input plane per domain. All layers in between share their weights.
//!
//! The domain of a row is a one-hot row of [`DOMAINS`] numbers, the condition of the network.

use burn::tensor::Tensor;
use counterfeit_kernels::Activation;

use super::{Differentiable, Module, Pass, WithTangent};
use crate::graph::outside;
use crate::{BoundNetwork, Signal, Slot, Tangents};

/// Number of domains.
pub const DOMAINS: usize = 2;

/// `[n, width + DOMAINS]` -> `[n, width]`: splits off each row's domain, for the layers after it.
#[derive(Debug, Clone, PartialEq)]
pub struct SplitDomain;

/// `[n, DOMAINS * pixels]` -> `[n, pixels]`: selects the image of the row's domain.
#[derive(Debug, Clone, PartialEq)]
pub struct SelectDomain;

/// `[n, pixels]` -> `[n, DOMAINS * pixels]`: puts the image into the plane of its domain; the others are 0.
#[derive(Debug, Clone, PartialEq)]
pub struct ScatterDomain;

/// The planes of each row, masked except that of its domain.
fn planes(net: &BoundNetwork, x: &Tensor<2>) -> [Tensor<2>; DOMAINS] {
    let domains = net.condition_for(x);
    let [n, all] = x.dims();
    let width = all / DOMAINS;
    std::array::from_fn(|k| {
        x.clone().slice([0..n, k * width..(k + 1) * width]) * domains.clone().slice([0..n, k..k + 1])
    })
}

fn scattered(net: &BoundNetwork, x: Tensor<2>) -> Tensor<2> {
    Tensor::cat(planes(net, &x.repeat_dim(1, DOMAINS)).to_vec(), 1)
}

impl Module for SplitDomain {
    fn label(&self, _: &[Slot]) -> String {
        "split off the domain".into()
    }

    fn output_shape(&self, input: &[usize], _: &[Slot]) -> Vec<usize> {
        vec![input[0] - DOMAINS]
    }

    fn forward(&self, net: &mut BoundNetwork, x: Signal, _: Pass) -> Signal {
        x.map(|x| {
            let [n, all] = x.dims();
            net.set_condition(Some(outside(x.clone().slice([0..n, all - DOMAINS..all]))));
            x.slice([0..n, 0..all - DOMAINS])
        })
    }
}

impl Module for SelectDomain {
    fn label(&self, _: &[Slot]) -> String {
        "select the domain".into()
    }

    fn output_shape(&self, input: &[usize], _: &[Slot]) -> Vec<usize> {
        vec![input[0] / DOMAINS]
    }

    fn forward(&self, net: &mut BoundNetwork, x: Signal, _: Pass) -> Signal {
        x.map(|x| {
            let [first, second] = planes(net, &x);
            first + second
        })
    }
}

impl Module for ScatterDomain {
    fn label(&self, _: &[Slot]) -> String {
        "scatter by domain".into()
    }

    fn output_shape(&self, input: &[usize], _: &[Slot]) -> Vec<usize> {
        vec![input[0] * DOMAINS]
    }

    fn forward(&self, net: &mut BoundNetwork, x: Signal, _: Pass) -> Signal {
        x.map(|x| scattered(net, x))
    }

    fn differentiable(&self) -> Option<&dyn Differentiable> {
        Some(self)
    }
}

impl Differentiable for ScatterDomain {
    fn tangent(&self, pass: &mut Tangents<'_>, x: Signal, t: Tensor<2>, _: Activation) -> Option<WithTangent> {
        let x = pass.forward(self, x);
        Some((x, scattered(pass.net, t)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{network, output, rows, values};
    use super::*;
    use crate::{Builder, Mode};

    #[test]
    fn a_row_keeps_the_image_of_its_domain() {
        // Two pixels in two domains; the last two numbers say which.
        let net = Builder::default().layer(SplitDomain).layer(SelectDomain);
        let x = [[1.0, 2.0, 3.0, 4.0, 1.0, 0.0], [1.0, 2.0, 3.0, 4.0, 0.0, 1.0]];
        assert_eq!(output(net, &[], &x), [1.0, 2.0, 3.0, 4.0]);
    }

    #[test]
    fn an_image_goes_to_the_plane_of_its_domain() {
        let net = network(Builder::default().layer(ScatterDomain).build(), &[]);
        let mut bound = net.frozen();
        bound.set_condition(Some(rows(&[[1.0, 0.0], [0.0, 1.0]])));
        let out = bound.forward(rows(&[[5.0, 6.0], [7.0, 8.0]]), Mode::Train);
        assert_eq!(values(out), [5.0, 6.0, 0.0, 0.0, 0.0, 0.0, 7.0, 8.0]);
    }
}
