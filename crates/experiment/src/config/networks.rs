//! Settings of the two networks and their optimizers. What both have stands in `NetworkSpec` and `OptimizerSpec`.

use counterfeit_gan::optim::OptimizerSpec;
use counterfeit_nn::{BatchFeature, HiddenUnit, NetworkSpec, Upsampling};
use counterfeit_spec::Spec;

use super::DiscriminatorType;

/// The generator.
#[derive(Debug, Clone, Copy, PartialEq, Spec)]
pub struct GeneratorConfig {
    #[nested]
    pub network: NetworkSpec,
    /// Fully connected layers that map z to w, which sets the style of each convolution. Their learning rate is a
    /// hundredth of G's.
    #[setting(
        label = "Mapping layers", default = 4, range = 1..=8, only(family = ["style"]),
        source = "Karras et al. 2019 (StyleGAN): 8",
    )]
    pub mapping: usize,
    /// How G doubles the resolution. Transposed convolutions cause checkerboard artefacts where the stride does not
    /// divide the kernel size; here it does.
    #[setting(
        key = "up", label = "Upsampling", default = Upsampling::Transposed, only(family = ["dcgan"]),
        source = "Radford et al. 2016; Odena et al. 2016; Shi et al. 2016",
    )]
    pub upsampling: Upsampling,
    /// Standard deviation of the Gaussian noise on G's hidden activations in training; samples are drawn without it.
    #[setting(label = "Layer noise in G", default = 0.0, range = 0.0..=1.0, source = "ganhacks 13")]
    pub noise: f64,
    #[nested(default = OptimizerSpec { lr: 2e-3, ..OptimizerSpec::default() })]
    pub optimizer: OptimizerSpec,
}

/// The discriminator.
#[derive(Debug, Clone, Copy, PartialEq, Spec)]
pub struct DiscriminatorConfig {
    #[nested(change(
        channels(
            help = "Feature maps of the first layer; twice as many in the next.",
        ),
        dense(
            help = "Units of a fully connected layer between the smallest feature maps and the output; 0 leaves it \
                out.",
            only(family = ["dcgan", "style"]),
        ),
        units(
            help = "Width of each hidden layer; 240 maxout units in the paper.",
        ),
        norm(
            help = "DCGAN uses batch normalisation in both networks, but not in D's first layer. Real and generated \
                batches are then normalised separately (ganhacks 4), which hides from a fully connected D any pattern \
                that all generated images share: choose none there. Layer, instance and group normalisation work \
                within one image and allow a gradient penalty. Spectral normalisation divides each weight by its \
                largest singular value, which bounds D's Lipschitz constant.",
            only(family = ["dcgan", "mlp", "style"]),
            except = ["pixel", "virtual"],
        ),
    ))]
    pub network: NetworkSpec,
    /// An autoencoder compresses the image to as many numbers as z has and reconstructs it; a low error counts as real.
    #[setting(
        label = "Discriminator type", default = DiscriminatorType::Classifier,
        source = "Zhao et al. 2017 (EBGAN); Berthelot et al. 2017 (BEGAN)",
    )]
    pub form: DiscriminatorType,
    /// Maxout is the maximum of five linear units, at five times the cost.
    #[setting(
        label = "Hidden activation", default = HiddenUnit::LeakyRelu, only(family = ["mlp"]),
        source = "Goodfellow et al. 2013",
    )]
    pub hidden: HiddenUnit,
    /// Dropout rate of hidden units; 0.4 of it on the input of fully connected networks. 0.5 in Goodfellow et al. 2014.
    #[setting(
        label = "Dropout", default = 0.0, range = 0.0..=0.9, only(family = ["dcgan", "mlp", "style"]),
        source = "Srivastava et al. 2014; Goodfellow et al. 2014",
    )]
    pub dropout: f64,
    /// Statistics of the batch, 1 or 50 numbers, appended to D's features, so that D sees when samples are alike. Real
    /// and generated batches then pass through D separately.
    #[setting(
        key = "batch", label = "Minibatch feature", default = BatchFeature::None,
        source = "Karras et al. 2018; Salimans et al. 2016",
    )]
    pub batch_feature: BatchFeature,
    #[nested(change(
        lr(
            help = "Step size of D's optimizer. DCGAN uses 0.0002.",
            source = "half of the generator's: measured, see RunConfig",
        ),
        beta1(help = "As for the generator.",),
    ))]
    pub optimizer: OptimizerSpec,
    /// After each update every weight of D is clipped to [-c, c], which bounds D's Lipschitz constant; 0 turns it off.
    /// WGAN uses 0.01.
    #[setting(
        key = "clip", label = "Weight clipping c", default = 0.0, range = 0.0..=10.0, live,
        source = "Arjovsky et al. 2017 (WGAN), algorithm 1",
    )]
    pub weight_clip: f64,
}
