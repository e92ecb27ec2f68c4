//! The choice between the kernels and the reference operations.

use burn::tensor::{Device, Tensor};

use super::{Layer, ONLY, Update, reference, supports};

/// Which operations a network runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operations {
    /// The fused kernels of this crate.
    Kernels,
    /// Plain Burn operations, which compute the same on every device and in every dtype. A build for the browser does
    /// not contain them and runs the kernels instead.
    Reference,
}

impl Operations {
    /// The kernels where they run, else the reference operations.
    pub fn on(device: &Device) -> Self {
        if supports(device) { Self::Kernels } else { Self::Reference }
    }

    /// Whether these are the kernels: a constant in a build for the browser, which drops the rest.
    #[inline]
    pub const fn kernels(self) -> bool {
        ONLY || matches!(self, Self::Kernels)
    }

    /// A layer with its activation, `[n, inputs]` -> `[n, outputs]`. See [`super::forward`].
    pub fn forward(self, x: Tensor<2>, params: Tensor<1>, layer: Layer) -> Tensor<2> {
        if self.kernels() { super::forward(x, params, layer) } else { reference::forward(x, params, layer) }
    }

    /// Batch normalisation with its activation. See [`super::batch_norm`].
    pub fn batch_norm(
        self,
        x: Tensor<2>,
        statistics: Option<Tensor<1>>,
        params: Tensor<1>,
        layer: Layer,
    ) -> (Tensor<2>, Tensor<1>) {
        if self.kernels() {
            super::batch_norm(x, statistics, params, layer)
        } else {
            reference::batch_norm(x, statistics, params, layer)
        }
    }

    /// Batched matrix product of `a` and `b`, each of which may be stored transposed. See [`super::product`].
    pub fn product(self, a: Tensor<3>, b: Tensor<3>, transposed: [bool; 2]) -> Tensor<3> {
        if self.kernels() { super::product(a, b, transposed) } else { reference::product(a, b, transposed) }
    }

    /// The maximum over each unit's pieces, `[n, pieces * units]` -> `[n, units]`. See [`super::maxout`].
    pub fn maxout(self, x: Tensor<2>, pieces: usize) -> Tensor<2> {
        if self.kernels() { super::maxout(x, pieces) } else { reference::maxout(x, pieces) }
    }

    /// Updates one layer's running statistics by those of a batch. See [`super::update_running_stats`].
    pub fn update_running_stats(self, running: Tensor<1>, batch: Tensor<1>, update: Update) -> Tensor<1> {
        if self.kernels() {
            super::update_running_stats(running, batch, update)
        } else {
            reference::update_running_stats(running, batch, update)
        }
    }

    /// EMA update: average + rate (target - average). See [`super::ema_update`].
    pub fn ema_update(self, average: Tensor<1>, target: Tensor<1>, rate: Tensor<1>) -> Tensor<1> {
        if self.kernels() {
            super::ema_update(average, target, rate)
        } else {
            average.clone() + (target - average) * rate.slice([0..1])
        }
    }
}
