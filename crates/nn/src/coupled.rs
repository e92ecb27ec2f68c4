//! The domain-specific layers of CoGAN (Liu and Tuzel 2016): G's last layer generates an image per domain, D's first
//! layer has an input plane per domain. All layers in between share their weights.
//!
//! The domain of a row is a one-hot row of [`DOMAINS`] numbers, the condition of the network.

use burn::tensor::Tensor;

use super::{BoundNetwork, constant_for};

/// Number of domains.
pub const DOMAINS: usize = 2;

impl BoundNetwork {
    /// Splits off and keeps the domains at the end of G's input rows: `[n, width + DOMAINS]` -> `[n, width]`.
    pub(super) fn split_domain(&mut self, x: Tensor<2>) -> Tensor<2> {
        let [n, all] = x.dims();
        let kinds = x.clone().slice([0..n, all - DOMAINS..all]);
        self.condition = Some(if kinds.device().is_autodiff() { kinds.inner() } else { kinds });
        x.slice([0..n, 0..all - DOMAINS])
    }

    /// Selects the image of each row's domain: `[n, DOMAINS * pixels]` -> `[n, pixels]`.
    pub(super) fn select_domain(&self, x: Tensor<2>) -> Tensor<2> {
        self.planes(x).reduce(|a, b| a + b).unwrap_or_else(|| unreachable!("there are kinds"))
    }

    /// Puts each row into the plane of its domain; the others are 0: `[n, pixels]` -> `[n, DOMAINS * pixels]`.
    pub(super) fn scatter_domain(&self, x: Tensor<2>) -> Tensor<2> {
        let all = x.repeat_dim(1, DOMAINS);
        Tensor::cat(self.planes(all).collect(), 1)
    }

    /// The planes of each row, masked except that of its domain.
    fn planes(&self, x: Tensor<2>) -> impl Iterator<Item = Tensor<2>> + use<> {
        let Some(kinds) = &self.condition else { unreachable!("a coupled network is told the kinds of its rows") };
        let kinds = constant_for(kinds.clone(), &x.device());
        let [n, all] = x.dims();
        let width = all / DOMAINS;
        (0..DOMAINS)
            .map(move |k| x.clone().slice([0..n, k * width..(k + 1) * width]) * kinds.clone().slice([0..n, k..k + 1]))
    }
}
