//! The layers in which the two networks of a coupled pair differ (Liu and Tuzel 2016, CoGAN): G's last draws an image for each kind, D's
//! first sees one kind in one plane and the other in another. Everything between has the same weights for both.
//!
//! Which kind a row is of, is what the network is told of it: a row of [`DOMAINS`] numbers of which one is 1.

use burn::tensor::Tensor;

use super::{BoundNetwork, constant_for};
use crate::coupling::DOMAINS;

impl BoundNetwork {
    /// G's input without the kinds that end its rows, which are remembered: `[n, width + DOMAINS]` -> `[n, width]`.
    pub(super) fn split_domain(&mut self, x: Tensor<2>) -> Tensor<2> {
        let [n, all] = x.dims();
        let kinds = x.clone().slice([0..n, all - DOMAINS..all]);
        self.condition = Some(if kinds.device().is_autodiff() { kinds.inner() } else { kinds });
        x.slice([0..n, 0..all - DOMAINS])
    }

    /// Of the images of each row, one a kind, the one of its kind: `[n, DOMAINS * pixels]` -> `[n, pixels]`.
    pub(super) fn select_domain(&self, x: Tensor<2>) -> Tensor<2> {
        self.planes(x).reduce(|a, b| a + b).unwrap_or_else(|| unreachable!("there are kinds"))
    }

    /// Each row in the plane of its kind, the others 0: `[n, pixels]` -> `[n, DOMAINS * pixels]`.
    pub(super) fn scatter_domain(&self, x: Tensor<2>) -> Tensor<2> {
        let all = x.repeat_dim(1, DOMAINS);
        Tensor::cat(self.planes(all).collect(), 1)
    }

    /// The planes of each row, all 0 but the one of its kind.
    fn planes(&self, x: Tensor<2>) -> impl Iterator<Item = Tensor<2>> + use<> {
        let Some(kinds) = &self.condition else { unreachable!("a coupled network is told the kinds of its rows") };
        let kinds = constant_for(kinds.clone(), &x.device());
        let [n, all] = x.dims();
        let width = all / DOMAINS;
        (0..DOMAINS).map(move |k| x.clone().slice([0..n, k * width..(k + 1) * width]) * kinds.clone().slice([0..n, k..k + 1]))
    }
}
