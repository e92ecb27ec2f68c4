//! Choices and sizes of networks that several architectures share: what their specifications are made of.

use counterfeit_spec::{Choice, Spec};

use super::DOMAINS;

/// The architecture of both networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Family {
    /// Transposed convolutions against strided convolutions, after Radford et al. 2016.
    #[choice("DCGAN (convolutional)")]
    Dcgan,
    /// Fully connected, after Goodfellow et al. 2014.
    #[choice("MLP (fully connected)")]
    Mlp,
    /// Residual blocks without normalisation, after Huang et al. 2024 (R3GAN).
    #[choice("ResNet (residual blocks, no normalisation)")]
    Resnet,
    /// Progressive growing, after Karras et al. 2018 (PGGAN).
    #[choice("Progressive growing (a quarter, half, all of the side)")]
    Growing,
    /// A mapping network and modulated convolutions, after Karras et al. 2019 and 2020 (StyleGAN).
    #[choice("Style-based (z modulates each convolution)")]
    Style,
}

/// The normalisation of activations or weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Norm {
    #[choice("none")]
    None,
    /// Each channel over batch and positions (Ioffe and Szegedy 2015).
    #[choice("batch normalisation")]
    Batch,
    /// All of an image's values in a layer (Ba et al. 2016).
    #[choice("layer normalisation")]
    Layer,
    /// Each channel of each image over its positions (Ulyanov et al. 2016).
    #[choice("instance normalisation")]
    Instance,
    /// Groups of channels of each image (Wu and He 2018).
    #[choice("group normalisation")]
    Group,
    /// Each weight divided by its largest singular value (Miyato et al. 2018).
    #[choice("spectral normalisation")]
    Spectral,
    /// Each position over its channels, after the activation (Karras et al. 2018).
    #[choice("pixel norm")]
    Pixel,
    /// Each channel of each image over its positions and those of a reference batch (Salimans et al. 2016).
    #[choice("virtual batch normalisation")]
    Virtual,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Upsampling {
    /// A transposed 4x4 convolution of stride 2 (Radford et al. 2016).
    #[choice("transposed convolution, 4x4")]
    Transposed,
    /// Nearest-neighbour upsampling, then a 3x3 convolution (Odena et al. 2016).
    #[choice("nearest upsampling, then 3x3")]
    Nearest,
    /// A 3x3 convolution to four times the channels, then pixel shuffle (Shi et al. 2016).
    #[choice("3x3, then pixel shuffle")]
    Shuffle,
}

/// Minibatch feature appended to D's features.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum BatchFeature {
    #[choice("none")]
    None,
    /// Minibatch standard deviation (Karras et al. 2018, section 3).
    #[choice(key = "deviation", label = "standard deviation")]
    StdDev,
    /// Minibatch discrimination (Salimans et al. 2016, section 3.2).
    #[choice(key = "closeness", label = "discrimination")]
    Discrimination,
}

/// The hidden non-linearity of the fully connected discriminator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum HiddenUnit {
    #[choice("leaky ReLU, 0.2")]
    LeakyRelu,
    #[choice("maxout, 5 pieces")]
    Maxout,
}

/// What the settings of both networks have in common: sizes and normalisation. Each architecture uses some.
#[derive(Debug, Clone, Copy, PartialEq, Spec)]
pub struct NetworkSpec {
    /// Feature maps before the last upsampling layer; twice as many one stage earlier.
    #[setting(
        label = "Channels", default = 16, range = 2..=128, basic,
        only(family = ["dcgan", "resnet", "growing", "style"]),
        source = "Radford et al. 2016 (DCGAN), section 4",
    )]
    pub channels: usize,
    /// Units of a fully connected layer between z and the smallest feature maps; 0 leaves it out.
    #[setting(
        label = "Dense units", default = 256, range = 0..=1024, only(family = ["dcgan"]),
        source = "Chen et al. 2016 (InfoGAN), appendix C.1: 1,024; DCGAN has none",
    )]
    pub dense: usize,
    /// Width of each hidden layer; 1,200 in the paper.
    #[setting(
        label = "Hidden units", default = 256, range = 1..=2048, basic, only(family = ["mlp"]),
        source = "Goodfellow et al. 2014, mnist.yaml",
    )]
    pub units: usize,
    /// 2 in the paper.
    #[setting(
        label = "Hidden layers", default = 2, range = 1..=5, basic, only(family = ["mlp"]),
        source = "Goodfellow et al. 2014, mnist.yaml",
    )]
    pub layers: usize,
    /// Batch normalisation keeps each channel at mean 0 and variance 1; without it the DCGAN generator often stalls.
    /// Layer, instance and group normalisation do so within each image, virtual batch normalisation over the image and
    /// a fixed reference batch, at twice the cost. Pixel norm scales each pixel's channels to mean square 1. Spectral
    /// normalisation bounds the weights of all layers but the last.
    #[setting(
        label = "Normalisation", default = Norm::Batch, basic, only(family = ["dcgan", "mlp"]),
        source = "Ioffe and Szegedy 2015; Ba et al. 2016; Ulyanov et al. 2016; Wu and He 2018; Miyato et al. 2018; \
            Karras et al. 2018; Salimans et al. 2016; DCGAN section 3",
    )]
    pub norm: Norm,
}

/// What a body generates per row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Samples {
    /// Channels, height, width of one.
    pub shape: [usize; 3],
    /// Two images per row, with these layers of their own.
    pub domains: Option<DomainHead>,
}

impl Samples {
    /// Number of images per row.
    pub fn planes(&self) -> usize {
        if self.domains.is_some() { DOMAINS } else { 1 }
    }

    /// Values per row.
    pub fn values(&self) -> usize {
        self.planes() * self.shape.iter().product::<usize>()
    }
}

/// The last, domain-specific layers of a coupled generator: a hidden convolution and its activation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DomainHead {
    /// Kernel size, 1 or 3.
    pub kernel: usize,
    /// Whether the rectifier is leaky.
    pub leaky: bool,
}

/// What a discriminator sees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DiscriminatorInput {
    /// Shape of a sample: channels, height, width. Points have their coordinates as channels.
    pub shape: [usize; 3],
    /// Samples in an input row: the pack size times the number of domains.
    pub planes: usize,
    /// Length of the class that is concatenated to the features; 0 for none.
    pub condition: usize,
    /// Minibatch feature appended to the features.
    pub batch_feature: BatchFeature,
}

impl DiscriminatorInput {
    /// Channels of all samples of a row.
    pub fn channels(&self) -> usize {
        self.planes * self.shape[0]
    }

    /// Values of a row.
    pub fn values(&self) -> usize {
        self.planes * self.shape.iter().product::<usize>()
    }
}
