//! Augmentation of the fake images from which D predicts the categorical code. A code that must be predicted in any
//! pose cannot encode the pose (self-augmentation, Hu et al. 2017, IMSAT; here with known codes). Predictions of
//! continuous codes remain those on the image itself, because they may encode the pose.

use burn::tensor::Tensor;
use counterfeit_spec::Spec;

use super::augmentation::Augment;

/// The augmentation of the images whose code D predicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Spec)]
pub struct CodeAugmentation {
    /// Q, D's head for the codes, predicts the categorical code from the transformed image, so that it encodes shape
    /// and not pose. The continuous codes are predicted from the image itself.
    #[setting(
        key = "code_augment", label = "Augmentation of Q's input", default = Augment::None,
        only(condition = ["codes"]),
        source = "after Hu et al. 2017 (IMSAT), self-augmentation; Zhao et al. 2020 (DiffAugment) for the transforms",
    )]
    pub augment: Augment,
}

/// Replaces, in D's outputs `[.., 1 + one-hot + continuous]` on images of which fakes are the last rows, the class
/// logits of the fakes by those in `augmented`, D's outputs `[n, ..]` on their augmented copies.
pub fn with_augmented_codes(outputs: Tensor<2>, augmented: Tensor<2>, one_hot: usize) -> Tensor<2> {
    let ([rows, all], [n, _], aux) = (outputs.dims(), augmented.dims(), 1 + one_hot);
    let classes = augmented.slice([0..n, 0..aux]);
    let continuous = outputs.clone().slice([rows - n..rows, aux..all]);
    let fakes = if all > aux { Tensor::cat(vec![classes, continuous], 1) } else { classes };
    if rows > n { Tensor::cat(vec![outputs.slice([0..rows - n, 0..all]), fakes], 0) } else { fakes }
}
