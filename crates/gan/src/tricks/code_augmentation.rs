//! Augmentation of the fake images from which D predicts the categorical code. A code that must be predicted in any
//! pose cannot encode the pose (self-augmentation, Hu et al. 2017, IMSAT; here with known codes).

use super::augmentation::Augment;

/// The augmentation of the images whose code D predicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeAugmentation {
    pub augment: Augment,
}
