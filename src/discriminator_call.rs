//! How images come before D and how its outputs are read: several images at once where they are packed, with what D is told of them,
//! and which of its outputs is the verdict.

use burn::tensor::Tensor;

use crate::condition::Condition;
use crate::kernels;
use crate::nets::{BoundNetwork, Mode};

/// A run's way of asking D.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiscriminatorCall {
    pub condition: Condition,
    /// Images in a row of D's input (Lin et al. 2018, PacGAN): D sees that they are alike, if they are.
    pub pack: usize,
    /// Whether rows of a batch have to be of one kind, because D mixes them.
    pub separate_batches: bool,
}

impl DiscriminatorCall {
    /// Rows of D's input for `n` images.
    pub fn rows(&self, n: usize) -> usize {
        n / self.pack
    }

    /// Images `[n, pixels]` as rows of D's input.
    pub fn packed(&self, images: Tensor<2>) -> Tensor<2> {
        let [n, values] = images.dims();
        if self.pack == 1 { images } else { images.reshape([self.rows(n), self.pack * values]) }
    }

    /// D's outputs `[n / pack, 1 + heads]` on images `[n, pixels]` with their codes `[n, width]`, outside any graph.
    pub fn outputs(&self, d: &mut BoundNetwork, images: Tensor<2>, codes: Option<Tensor<2>>, mode: Mode) -> Tensor<2> {
        self.rows_outputs(d, self.packed(images), codes, mode)
    }

    /// The same on rows of D's input.
    pub fn rows_outputs(&self, d: &mut BoundNetwork, rows: Tensor<2>, codes: Option<Tensor<2>>, mode: Mode) -> Tensor<2> {
        d.set_condition(codes.filter(|_| self.condition.conditions_d()));
        d.forward(rows, mode)
    }

    /// What D makes of images before its last layer, `[rows, features]`, in training.
    pub fn features(&self, d: &mut BoundNetwork, images: Tensor<2>, codes: Option<Tensor<2>>) -> Option<Tensor<2>> {
        self.outputs(d, images, codes, Mode::Train);
        d.features.take()
    }

    /// v . grad of D's verdict on rows `at` of its input along v, `[rows, 1]`: see [`Bound::along`].
    pub fn along(&self, d: &mut BoundNetwork, at: Tensor<2>, direction: Tensor<2>, codes: Option<Tensor<2>>) -> Tensor<2> {
        d.set_condition(codes.clone().filter(|_| self.condition.conditions_d()));
        // The verdict is linear in the outputs, so that a tangent goes through it as they do.
        self.logits(d.along(at, direction), codes.map(Tensor::from_inner))
    }

    /// The same in training for real and then for generated images, which have the same codes. One pass for the two where no layer mixes
    /// the rows of a batch, two passes otherwise: batch statistics over real and fake together would tell D which is which (ganhacks 4).
    pub fn both(&self, d: &mut BoundNetwork, [real, fake]: [Tensor<2>; 2], codes: Option<Tensor<2>>) -> Tensor<2> {
        if self.separate_batches {
            let outputs = [real, fake].map(|images| self.outputs(d, images, codes.clone(), Mode::Train));
            Tensor::cat(outputs.to_vec(), 0)
        } else {
            self.outputs(d, Tensor::cat(vec![real, fake], 0), codes.map(|c| c.repeat_dim(0, 2)), Mode::Train)
        }
    }

    /// The same on images outside any graph, which are put beside each other there.
    pub fn both_constant(&self, d: &mut BoundNetwork, [real, fake]: [Tensor<2>; 2], codes: Option<Tensor<2>>) -> Tensor<2> {
        if self.separate_batches {
            return self.both(d, [real, fake].map(Tensor::from_inner), codes);
        }
        let [n, pixels] = real.dims();
        let images = kernels::concat([real, fake].map(|images| images.flatten(0, 1)).to_vec()).reshape([2 * n, pixels]);
        self.outputs(d, Tensor::from_inner(images), codes.map(|c| c.repeat_dim(0, 2)), Mode::Train)
    }

    /// D's verdicts `[rows, 1]` among its outputs `[rows, 1 + heads]`. Linear in the outputs.
    pub fn logits(&self, outputs: Tensor<2>, codes: Option<Tensor<2>>) -> Tensor<2> {
        self.condition.logits(outputs, codes)
    }
}
