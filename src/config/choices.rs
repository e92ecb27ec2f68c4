//! Types of the configuration's fields that belong to no other file.

use serde::{Deserialize, Serialize};

/// The type of discriminator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DiscriminatorType {
    /// A logit or score for each image, and the logits of the auxiliary head.
    #[serde(rename = "verdict")]
    Classifier,
    /// An autoencoder, whose output is minus the reconstruction error (Zhao et al. 2017; Berthelot et al. 2017).
    Autoencoder,
}

/// Which networks have self-attention (Zhang et al. 2019).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attention {
    None,
    Generator,
    Discriminator,
    Both,
}

impl Attention {
    pub fn generator(self) -> bool {
        matches!(self, Attention::Generator | Attention::Both)
    }

    pub fn discriminator(self) -> bool {
        matches!(self, Attention::Discriminator | Attention::Both)
    }
}
