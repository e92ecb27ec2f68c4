//! Types of the configuration's fields that belong to no other file.

use serde::{Deserialize, Serialize};

/// The architecture of both networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// Fully connected, after Goodfellow et al. 2014.
    Mlp,
    /// Transposed convolutions against strided convolutions, after Radford et al. 2016.
    Dcgan,
    /// Residual blocks without normalisation, after Huang et al. 2024 (R3GAN).
    Resnet,
    /// Progressive growing, after Karras et al. 2018 (PGGAN).
    Growing,
    /// A mapping network and modulated convolutions, after Karras et al. 2019 and 2020 (StyleGAN).
    Style,
}

/// The normalisation of activations or weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Norm {
    None,
    /// Each channel over batch and positions (Ioffe and Szegedy 2015).
    Batch,
    /// All of an image's values in a layer (Ba et al. 2016).
    Layer,
    /// Each channel of each image over its positions (Ulyanov et al. 2016).
    Instance,
    /// Groups of channels of each image (Wu and He 2018).
    Group,
    /// Each position over its channels, after the activation (Karras et al. 2018).
    Pixel,
    /// Each channel of each image over its positions and those of a reference batch (Salimans et al. 2016).
    Virtual,
    /// Each weight divided by its largest singular value (Miyato et al. 2018).
    Spectral,
}

impl Norm {
    /// Whether it has a learnt shift, so that a bias before it would be redundant.
    pub fn shifts(self) -> bool {
        matches!(self, Norm::Batch | Norm::Layer | Norm::Instance | Norm::Group | Norm::Virtual)
    }

    /// Whether it makes the scale of the weights before it irrelevant.
    pub fn restores(self) -> bool {
        self.shifts() || self == Norm::Pixel
    }
}

/// How a convolutional generator doubles the resolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Upsampling {
    /// A transposed 4x4 convolution of stride 2 (Radford et al. 2016).
    Transposed,
    /// Nearest-neighbour upsampling, then a 3x3 convolution (Odena et al. 2016).
    Nearest,
    /// A 3x3 convolution to four times the channels, then pixel shuffle (Shi et al. 2016).
    Shuffle,
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

/// Minibatch feature appended to D's features.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BatchFeature {
    None,
    /// Minibatch standard deviation (Karras et al. 2018, section 3).
    #[serde(rename = "deviation")]
    StdDev,
    /// Minibatch discrimination (Salimans et al. 2016, section 3.2).
    #[serde(rename = "closeness")]
    Discrimination,
}

/// The loss of G.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GeneratorLoss {
    /// The generator's term of the adversarial loss.
    #[serde(rename = "game")]
    Adversarial,
    /// Feature matching: the squared distance between the mean features of real and fake images (Salimans et al. 2016,
    /// section 3.1).
    #[serde(rename = "features")]
    FeatureMatching,
}

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

/// The hidden non-linearity of the fully connected discriminator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HiddenUnit {
    LeakyRelu,
    Maxout,
}
