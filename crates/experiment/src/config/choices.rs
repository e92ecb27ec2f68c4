//! Types of the configuration's fields that belong to no other file.

use counterfeit_spec::Choice;

/// The type of discriminator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum DiscriminatorType {
    /// A logit or score for each image, and the logits of the auxiliary head.
    #[choice(key = "verdict", label = "classifier")]
    Classifier,
    /// An autoencoder, whose output is minus the reconstruction error (Zhao et al. 2017; Berthelot et al. 2017).
    #[choice("autoencoder")]
    Autoencoder,
}

/// Which networks have self-attention (Zhang et al. 2019).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Attention {
    #[choice("none")]
    None,
    #[choice("in G")]
    Generator,
    #[choice("in D")]
    Discriminator,
    #[choice("in both")]
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
