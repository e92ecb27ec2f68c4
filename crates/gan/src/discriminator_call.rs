//! Calls of D: packs images into rows, passes the condition, and extracts the logit from D's outputs.

use burn::tensor::Tensor;
use counterfeit_kernels as kernels;
use counterfeit_nn::{BoundNetwork, Mode};

use crate::condition::Condition;

/// How a run calls D.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiscriminatorCall {
    pub condition: Condition,
    /// Images per row of D's input (Lin et al. 2018, PacGAN). D classifies a row jointly, and so sees whether its
    /// images are alike.
    pub pack: usize,
    /// Whether real and fake images need separate batches, because D's layers mix the rows of a batch.
    pub separate_batches: bool,
}

impl DiscriminatorCall {
    /// Number of rows of D's input for `n` images.
    pub fn rows(&self, n: usize) -> usize {
        n / self.pack
    }

    /// Packs images `[n, pixels]` into rows of D's input, `[n / pack, pack * pixels]`.
    pub fn packed(&self, images: Tensor<2>) -> Tensor<2> {
        let [n, values] = images.dims();
        if self.pack == 1 { images } else { images.reshape([self.rows(n), self.pack * values]) }
    }

    /// D's outputs `[n / pack, 1 + aux]` on images `[n, pixels]` with their codes `[n, width]`, outside any graph.
    pub fn outputs(&self, d: &mut BoundNetwork, images: Tensor<2>, codes: Option<Tensor<2>>, mode: Mode) -> Tensor<2> {
        self.rows_outputs(d, self.packed(images), codes, mode)
    }

    /// As `outputs`, on rows of D's input.
    pub fn rows_outputs(
        &self,
        d: &mut BoundNetwork,
        rows: Tensor<2>,
        codes: Option<Tensor<2>>,
        mode: Mode,
    ) -> Tensor<2> {
        d.set_condition(codes.filter(|_| self.condition.conditions_d()));
        d.forward(rows, mode)
    }

    /// D's features of images, `[rows, features]`: the input of its last layer, in training mode.
    pub fn features(&self, d: &mut BoundNetwork, images: Tensor<2>, codes: Option<Tensor<2>>) -> Option<Tensor<2>> {
        self.outputs(d, images, codes, Mode::Train);
        d.features.take()
    }

    /// Directional derivative v . grad_x D(x) of the logit at rows `at` along `direction`, `[rows, 1]`: see
    /// [`BoundNetwork::along`].
    pub fn along(
        &self,
        d: &mut BoundNetwork,
        at: Tensor<2>,
        direction: Tensor<2>,
        codes: Option<Tensor<2>>,
    ) -> Option<Tensor<2>> {
        d.set_condition(codes.clone().filter(|_| self.condition.conditions_d()));
        // The logit is linear in the outputs, so that it maps tangents like outputs.
        Some(self.logits(d.along(at, direction)?, codes.map(Tensor::from_inner)))
    }

    /// D's outputs in training on real and then fake images, which have the same codes: `[2 rows, 1 + aux]`. One pass
    /// for both, or two if D mixes the rows of a batch: batch statistics over real and fake together would reveal which
    /// is which (ganhacks 4).
    pub fn both(&self, d: &mut BoundNetwork, [real, fake]: [Tensor<2>; 2], codes: Option<Tensor<2>>) -> Tensor<2> {
        if self.separate_batches {
            let outputs = [real, fake].map(|images| self.outputs(d, images, codes.clone(), Mode::Train));
            Tensor::cat(outputs.to_vec(), 0)
        } else {
            self.outputs(d, Tensor::cat(vec![real, fake], 0), codes.map(|c| c.repeat_dim(0, 2)), Mode::Train)
        }
    }

    /// As `both`, on images outside any graph, where they are concatenated.
    pub fn both_constant(
        &self,
        d: &mut BoundNetwork,
        [real, fake]: [Tensor<2>; 2],
        codes: Option<Tensor<2>>,
    ) -> Tensor<2> {
        if self.separate_batches {
            return self.both(d, [real, fake].map(Tensor::from_inner), codes);
        }
        let [n, pixels] = real.dims();
        let images = kernels::concat([real, fake].map(|images| images.flatten(0, 1)).to_vec()).reshape([2 * n, pixels]);
        self.outputs(d, Tensor::from_inner(images), codes.map(|c| c.repeat_dim(0, 2)), Mode::Train)
    }

    /// The logits `[rows, 1]` from D's outputs `[rows, 1 + aux]`. Linear in the outputs.
    pub fn logits(&self, outputs: Tensor<2>, codes: Option<Tensor<2>>) -> Tensor<2> {
        self.condition.logits(outputs, codes)
    }
}
