//! Augmentation of the fake images from which D predicts the categorical code. A code that must be predicted in any
//! pose cannot encode the pose (self-augmentation, Hu et al. 2017, IMSAT; here with known codes).

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
