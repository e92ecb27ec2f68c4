//! The configuration of a run, [`RunConfig`]: every setting with its metadata, and the defaults. The form is in `form.rs`,
//! the types of its fields in `choices.rs` and where they are used, invalid combinations in `combinations.rs`, the
//! specifications of its parts in `specs.rs`.

mod choices;
mod combinations;
mod form;
mod only;
mod specs;

pub use choices::{Attention, DiscriminatorType};
pub use form::{fields, refusal};

use counterfeit_spec::{self as spec, Spec};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use counterfeit_data::DataSet;
use counterfeit_gan::condition::Condition;
use counterfeit_gan::coupling::Coupling;
pub use counterfeit_gan::loss::GeneratorLoss;
use counterfeit_gan::loss::{Objective, Penalty};
use counterfeit_gan::optim::Method;
use counterfeit_gan::tricks::augmentation::Augment;
use counterfeit_gan::tricks::schedule::Schedule;
pub use counterfeit_nn::{BatchFeature, Family, HiddenUnit, Initialiser, Norm, Upsampling};
use counterfeit_random::Prior;

use crate::error::{Error, Result};
use only::{densities, images, labelled, penalties, sized, spread};

/// All settings of a run, each with its label, unit, range, help and source. Equal configurations give equal runs.
///
/// A setting that does not apply (`only`) has no effect: [`RunConfig::validate`] gives it the default of its data set.
/// Files and addresses have the settings as a flat list by key.
#[derive(Debug, Clone, PartialEq, Spec)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[cfg_attr(not(target_arch = "wasm32"), ts(rename = "Config", type = "Record<string, string | number>"))]
pub struct RunConfig {
    /// Where real samples come from, p_data: images, points in the plane, or numbers on a line.
    #[setting(label = "Data set", source = "see the picker")]
    pub data: DataSet,
    /// Number of Gaussian components of the density, all of the same width.
    #[setting(
        label = "Modes", range = 1..=64, only(data = ["ring", "grid", "unbalanced", "mixture"]),
        source = "Lin et al. 2018 (PacGAN): a ring of 8, a grid of 25",
    )]
    pub modes: usize,
    /// Radius of a ring, circle or spiral; half the side of a grid; half the length of a line; mean of the exponential.
    #[setting(
        label = "Scale (radius)", range = 0.1..=10.0, only(data = sized),
        source = "Gulrajani et al. 2017: data scaled to standard deviation 1; PacGAN: 1 and 4, not scaled",
    )]
    pub extent: f64,
    /// Width of each Gaussian, or of the noise around a curve.
    #[setting(label = "Standard deviation", range = 0.001..=2.0, only(data = spread), source = "PacGAN: 0.01 and 0.05")]
    pub spread: f64,
    /// Shifts the data along x. Far from where G starts, D separates real from generated samples perfectly and gives G
    /// no gradient.
    #[setting(
        label = "Offset", range = -10.0..=10.0, only(data = densities), source = "Arjovsky and Bottou 2017, section 2",
    )]
    pub offset: f64,
    /// Training images in use, in file order, or points drawn from the density. With a thousand images D overfits: its
    /// gradient then only helps G to imitate these.
    #[setting(
        label = "Training samples", range = 8..=100_000,
        source = "all of them in every paper, PacGAN's 100,000 points; few: Karras et al. 2020 (ADA)",
    )]
    pub train_images: usize,
    /// The type of both networks. Convolutions exploit that neighbouring pixels are related. A residual block adds its
    /// output, at first 0, to its input.
    #[setting(
        label = "Architecture", only(data = images),
        source = "Radford et al. 2016; Goodfellow et al. 2014; Huang et al. 2024 (R3GAN)",
    )]
    pub family: Family,
    /// Initial weights of both networks. With the equalised learning rate they are drawn from N(0, 1) and multiplied by
    /// He's constant at run time, so that Adam's relative step is equal in all layers. The last layer of a residual
    /// block starts at 0.
    #[setting(
        label = "Weight initialisation",
        source = "Radford et al. 2016; He et al. 2015; Glorot and Bengio 2010; Saxe et al. 2014; Karras et al. 2018"
    )]
    pub init: Initialiser,
    /// Samples per minibatch, m in Algorithm 1. Larger batches give less noisy gradients and slower steps.
    #[setting(
        label = "Batch size", range = 2..=512, unit = "samples", source = "DCGAN uses 128; 32 is faster on a CPU",
    )]
    pub batch: usize,
    /// Seeds the weights, batches and noise: the same seed and settings give the same run.
    #[setting(label = "Seed", range = 0..=u32::MAX, source = "ChaCha8, one stream each")]
    pub seed: u32,
    /// Length of the noise vector z that G maps to a sample.
    #[setting(
        label = "Latent dimension", range = 1..=512, unit = "dimensions",
        source = "100 in both papers; 64 is enough for digits, 2 for points",
    )]
    pub latent_dim: usize,
    /// The distribution p(z) of the noise.
    #[setting(label = "Latent prior", source = "uniform in Goodfellow et al. 2014 and DCGAN; normal: ganhacks 3")]
    pub prior: Prior,
    /// Feature maps before the last upsampling layer; twice as many one stage earlier.
    #[setting(
        label = "Channels", range = 2..=128, only(family = ["dcgan", "resnet", "growing", "style"]),
        source = "Radford et al. 2016 (DCGAN), section 4",
    )]
    pub g_channels: usize,
    /// Units of a fully connected layer between z and the smallest feature maps; 0 leaves it out.
    #[setting(
        label = "Dense units", range = 0..=1024, only(family = ["dcgan"]),
        source = "Chen et al. 2016 (InfoGAN), appendix C.1: 1,024; DCGAN has none",
    )]
    pub g_dense: usize,
    /// Upsampling stages in G and downsampling stages in D: 2 for 7, 14, 28 pixels; 1 for 14, 28.
    #[setting(
        label = "Stages", range = 1..=2, only(family = ["dcgan"]), source = "Radford et al. 2016 (DCGAN), section 4",
    )]
    pub stages: usize,
    /// Per network at each of 7x7 and 14x14.
    #[setting(
        label = "Residual blocks", range = 1..=4, only(family = ["resnet"]), source = "Huang et al. 2024 (R3GAN)",
    )]
    pub blocks: usize,
    /// Steps at 7x7, and at 14x14 after its fade-in, before the next resolution is added. Both optimizers are reset
    /// with each.
    #[setting(
        label = "Steps per resolution", range = 1..=100_000, unit = "steps", only(family = ["growing"]),
        source = "Karras et al. 2018: 800,000 images; their code 600,000",
    )]
    pub grow_stage_steps: u32,
    /// Steps over which the layers of a new resolution are blended in, from weight 0 to 1, and the matching detail of
    /// real images with them.
    #[setting(
        label = "Fade-in steps", range = 0..=100_000, unit = "steps", only(family = ["growing"]),
        source = "Karras et al. 2018 (PGGAN)",
    )]
    pub grow_fade_steps: u32,
    /// Fully connected layers that map z to w, which sets the style of each convolution. Their learning rate is a
    /// hundredth of G's.
    #[setting(
        label = "Mapping layers", range = 1..=8, only(family = ["style"]), source = "Karras et al. 2019 (StyleGAN): 8",
    )]
    pub g_mapping: usize,
    /// Share of generated training images whose coarse and fine styles come from different z, so that G does not rely
    /// on their correlation.
    #[setting(
        label = "Style mixing", range = 0.0..=1.0, live, only(family = ["style"]),
        source = "Karras et al. 2019 (StyleGAN): 0.9",
    )]
    pub g_mixing: f64,
    /// How G doubles the resolution. Transposed convolutions cause checkerboard artefacts where the stride does not
    /// divide the kernel size; here it does.
    #[setting(
        label = "Upsampling", only(family = ["dcgan"]),
        source = "Radford et al. 2016; Odena et al. 2016; Shi et al. 2016",
    )]
    pub g_up: Upsampling,
    /// A layer at 14x14 that relates distant places, out of a convolution's reach. Its output has a learnt weight that
    /// starts at 0.
    #[setting(label = "Self-attention", only(family = ["dcgan"]), source = "Zhang et al. 2019 (SAGAN)")]
    pub attention: Attention,
    /// Width of each hidden layer; 1,200 in the paper.
    #[setting(
        label = "Hidden units", range = 1..=2048, only(family = ["mlp"]),
        source = "Goodfellow et al. 2014, mnist.yaml",
    )]
    pub g_units: usize,
    /// 2 in the paper.
    #[setting(
        label = "Hidden layers", range = 1..=5, only(family = ["mlp"]), source = "Goodfellow et al. 2014, mnist.yaml",
    )]
    pub g_layers: usize,
    /// Batch normalisation keeps each channel at mean 0 and variance 1; without it the DCGAN generator often stalls.
    /// Layer, instance and group normalisation do so within each image, virtual batch normalisation over the image and
    /// a fixed reference batch, at twice the cost. Pixel norm scales each pixel's channels to mean square 1. Spectral
    /// normalisation bounds the weights of all layers but the last.
    #[setting(
        label = "Normalisation", only(family = ["dcgan", "mlp"]),
        source = "Ioffe and Szegedy 2015; Ba et al. 2016; Ulyanov et al. 2016; Wu and He 2018; Miyato et al. 2018; \
            Karras et al. 2018; Salimans et al. 2016; DCGAN section 3",
    )]
    pub g_norm: Norm,
    /// Adam and RMSProp scale the step of each weight by its past gradients; SGD does not, and needs a larger learning
    /// rate.
    #[setting(label = "Optimizer", source = "Kingma and Ba 2015; Tieleman and Hinton 2012; Sutskever et al. 2013")]
    pub g_optimizer: Method,
    /// Step size of G's optimizer. DCGAN uses 0.0002; small networks train faster with more.
    #[setting(label = "Learning rate", range = 1e-6..=1.0, live, source = "Chen et al. 2016 (InfoGAN) for MNIST")]
    pub g_lr: f64,
    /// 0.9, the usual default, makes GANs oscillate; 0.5 or 0 does not.
    #[setting(
        label = "Momentum β₁", range = 0.0..1.0, live, only(g_optimizer = ["adam", "sgd", "nesterov"]),
        source = "Radford et al. 2016 (DCGAN), section 4",
    )]
    pub g_beta1: f64,
    /// Decay rate of the running mean of the squared gradient.
    #[setting(
        label = "Adam β₂", range = 0.0..1.0, live, only(g_optimizer = ["adam", "rms-prop"]),
        source = "Kingma and Ba 2015",
    )]
    pub g_beta2: f64,
    /// Each update subtracts this, times the learning rate, times the weight (decoupled decay; with Adam this is
    /// AdamW).
    #[setting(label = "Weight decay", range = 0.0..=1.0, live, source = "Loshchilov and Hutter 2019")]
    pub g_decay: f64,
    /// Feature maps of the first layer; twice as many in the next.
    #[setting(
        label = "Channels", range = 2..=128, only(family = ["dcgan", "resnet", "growing", "style"]),
        source = "Radford et al. 2016 (DCGAN), section 4",
    )]
    pub d_channels: usize,
    /// Units of a fully connected layer between the smallest feature maps and the output; 0 leaves it out.
    #[setting(
        label = "Dense units", range = 0..=1024, only(family = ["dcgan", "style"]),
        source = "Chen et al. 2016 (InfoGAN), appendix C.1: 1,024; DCGAN has none",
    )]
    pub d_dense: usize,
    /// Width of each hidden layer; 240 maxout units in the paper.
    #[setting(
        label = "Hidden units", range = 1..=2048, only(family = ["mlp"]),
        source = "Goodfellow et al. 2014, mnist.yaml",
    )]
    pub d_units: usize,
    /// 2 in the paper.
    #[setting(
        label = "Hidden layers", range = 1..=5, only(family = ["mlp"]), source = "Goodfellow et al. 2014, mnist.yaml",
    )]
    pub d_layers: usize,
    /// An autoencoder compresses the image to as many numbers as z has and reconstructs it; a low error counts as real.
    #[setting(label = "Discriminator type", source = "Zhao et al. 2017 (EBGAN); Berthelot et al. 2017 (BEGAN)")]
    pub d_form: DiscriminatorType,
    /// Maxout is the maximum of five linear units, at five times the cost.
    #[setting(label = "Hidden activation", only(family = ["mlp"]), source = "Goodfellow et al. 2013")]
    pub d_hidden: HiddenUnit,
    /// Dropout rate of hidden units; 0.4 of it on the input of fully connected networks. 0.5 in Goodfellow et al. 2014.
    #[setting(
        label = "Dropout", range = 0.0..=0.9, only(family = ["dcgan", "mlp"]),
        source = "Srivastava et al. 2014; Goodfellow et al. 2014",
    )]
    pub d_dropout: f64,
    /// DCGAN uses batch normalisation in both networks. Real and generated batches are then normalised separately
    /// (ganhacks 4), which hides from a fully connected D any pattern that all generated images share: choose none
    /// there. Layer, instance and group normalisation work within one image and allow a gradient penalty. Spectral
    /// normalisation divides each weight by its largest singular value, which bounds D's Lipschitz constant.
    #[setting(
        label = "Normalisation", only(family = ["dcgan", "mlp", "style"]), except = ["pixel", "virtual"],
        source = "Ioffe and Szegedy 2015; Ba et al. 2016; Ulyanov et al. 2016; Wu and He 2018; Miyato et al. 2018; \
            Karras et al. 2018; Salimans et al. 2016; DCGAN section 3",
    )]
    pub d_norm: Norm,
    /// Penalises the norm of D's gradient with respect to its input. WGAN-GP and DRAGAN pull the norm to 1, R1 and R2
    /// to 0; none works with batch normalisation in D. Not included in the loss curve.
    #[setting(
        label = "Gradient penalty",
        source = "Gulrajani et al. 2017; Mescheder et al. 2018; Huang et al. 2024; Kodali et al. 2017; Lin et al. \
            2025 (Seaweed-APT)"
    )]
    pub d_penalty: Penalty,
    /// λ or γ: 10 in WGAN-GP and DRAGAN; R1 uses 10 from 64 pixels on, less for small images.
    #[setting(
        label = "Gradient penalty weight", range = 0.0..=1000.0, live, only(d_penalty = penalties),
        source = "the papers of the penalties",
    )]
    pub d_penalty_weight: f64,
    /// After each update every weight of D is clipped to [-c, c], which bounds D's Lipschitz constant; 0 turns it off.
    /// WGAN uses 0.01.
    #[setting(
        label = "Weight clipping c", range = 0.0..=10.0, live, source = "Arjovsky et al. 2017 (WGAN), algorithm 1",
    )]
    pub d_clip: f64,
    /// Adam and RMSProp scale the step of each weight by its past gradients; SGD does not, and needs a larger learning
    /// rate.
    #[setting(label = "Optimizer", source = "Kingma and Ba 2015; Tieleman and Hinton 2012; Sutskever et al. 2013")]
    pub d_optimizer: Method,
    /// Step size of D's optimizer. DCGAN uses 0.0002.
    #[setting(
        label = "Learning rate", range = 1e-6..=1.0, live, source = "half of the generator's: measured, see RunConfig",
    )]
    pub d_lr: f64,
    /// As for the generator.
    #[setting(
        label = "Momentum β₁", range = 0.0..1.0, live, only(d_optimizer = ["adam", "sgd", "nesterov"]),
        source = "Radford et al. 2016 (DCGAN), section 4",
    )]
    pub d_beta1: f64,
    /// Decay rate of the running mean of the squared gradient.
    #[setting(
        label = "Adam β₂", range = 0.0..1.0, live, only(d_optimizer = ["adam", "rms-prop"]),
        source = "Kingma and Ba 2015",
    )]
    pub d_beta2: f64,
    /// Each update subtracts this, times the learning rate, times the weight (decoupled decay; with Adam this is
    /// AdamW).
    #[setting(label = "Weight decay", range = 0.0..=1.0, live, source = "Loshchilov and Hutter 2019")]
    pub d_decay: f64,
    /// What both networks minimise. With the original minimax loss G's gradient vanishes when D is confident; the
    /// non-saturating loss has the same fixed point and avoids this. The others change what D's output means.
    #[setting(label = "Loss (objective)", live, source = "a paper each, named in its file in src/loss")]
    pub objective: Objective,
    /// Target ratio of D's reconstruction error on generated images to that on real ones. Lower values give sharper,
    /// less diverse images.
    #[setting(
        label = "BEGAN γ (diversity ratio)", range = 0.0..=1.0, live, only(objective = ["began"]),
        source = "Berthelot et al. 2017 (BEGAN): 0.5 in the authors' code, 0.75 for MNIST in collections",
    )]
    pub balance: f64,
    /// Learning rate of k, the weight of generated images in D's loss, which keeps the ratio at γ.
    #[setting(
        label = "BEGAN λ_k", range = 0.0..=1.0, live, only(objective = ["began"]),
        source = "Berthelot et al. 2017 (BEGAN): 0.001",
    )]
    pub balance_rate: f64,
    /// D steps before each G step, each on a new minibatch.
    #[setting(label = "D steps per G step, k", range = 1..=20, live, source = "Goodfellow et al. 2014")]
    pub d_steps: usize,
    /// D's target on real samples. A value slightly below 1 (one-sided label smoothing) keeps D from being
    /// overconfident; at equilibrium D is half of it.
    #[setting(
        label = "Real label", range = 0.5..=1.0, live, only(objective = labelled),
        source = "Salimans et al. 2016, section 3.4",
    )]
    pub real_target: f64,
    /// G's input besides z. Given a class, G generates it. InfoGAN's codes have no given meaning: maximising their
    /// mutual information with the image makes them encode its main variations.
    #[setting(
        label = "Conditioning",
        source = "Mirza and Osindero 2014; Miyato and Koyama 2018; Odena et al. 2017; Chen et al. 2016; Liu and \
            Tuzel 2016"
    )]
    pub condition: Condition,
    /// Every second training image is converted to this domain; none is shown in both. G generates both domains from
    /// each z and shares all layers but the last between them.
    #[setting(label = "Second domain", only(condition = ["coupled"]), source = "Liu and Tuzel 2016 (CoGAN)")]
    pub coupling: Coupling,
    /// Number of codes in [-1, 1], besides the categorical code of ten; the paper uses 2 on MNIST.
    #[setting(
        label = "Continuous codes", range = 0..=4, only(condition = ["codes"]),
        source = "Chen et al. 2016 (InfoGAN), appendix C.1",
    )]
    pub code_continuous: usize,
    /// Weight, in both networks' losses, of the loss with which D predicts the class or code.
    #[setting(
        label = "Auxiliary loss weight λ", range = 0.0..=10.0, live, only(condition = ["auxiliary", "codes"]),
        source = "1 in both papers",
    )]
    pub code_weight: f64,
    /// Q, D's head for the codes, predicts the categorical code from the transformed image, so that it encodes shape
    /// and not pose. The continuous codes are predicted from the image itself.
    #[setting(
        label = "Augmentation of Q's input", only(condition = ["codes"]),
        source = "after Hu et al. 2017 (IMSAT), self-augmentation; Zhao et al. 2020 (DiffAugment) for the transforms",
    )]
    pub code_augment: Augment,
    /// Half-life of the exponential moving average of G's weights. The EMA has no effect on training and generates
    /// better samples than G itself.
    #[setting(
        label = "EMA half-life", range = 1.0..=100_000.0, unit = "steps", live,
        source = "Karras et al. 2018; 693 steps: decay 0.999",
    )]
    pub g_half_life: f64,
    /// Standard deviation of the Gaussian noise on G's hidden activations in training; samples are drawn without it.
    #[setting(label = "Layer noise in G", range = 0.0..=1.0, source = "ganhacks 13")]
    pub g_noise: f64,
    /// D classifies this many samples jointly, so that it sees when they are alike. Must divide the batch size.
    #[setting(label = "PacGAN pack size", range = 1..=4, unit = "images", source = "Lin et al. 2018 (PacGAN): 2 to 4")]
    pub pack: usize,
    /// Statistics of the batch, 1 or 50 numbers, appended to D's features, so that D sees when samples are alike. Real
    /// and generated batches then pass through D separately.
    #[setting(label = "Minibatch feature", source = "Karras et al. 2018; Salimans et al. 2016")]
    pub d_batch: BatchFeature,
    /// Feature matching: instead of fooling D, G matches the mean of D's last features to that of real samples.
    #[setting(label = "Generator loss", source = "Salimans et al. 2016")]
    pub g_goal: GeneratorLoss,
    /// Differentiable transforms of all images that D sees, real or generated: translation by up to an eighth, or also
    /// brightness, contrast and cutout. For small training sets.
    #[setting(label = "Augmentation", source = "Zhao et al. 2020 (DiffAugment)")]
    pub augment: Augment,
    /// Standard deviation of the Gaussian noise on D's inputs, real or generated; pixels range from -1 to 1. It makes
    /// the two distributions overlap.
    #[setting(
        label = "Instance noise", range = 0.0..=2.0, live,
        source = "Sønderby et al. 2017; Arjovsky and Bottou 2017; ganhacks 13",
    )]
    pub d_noise: f64,
    /// The instance noise decays linearly to 0 over these steps.
    #[setting(
        label = "Noise decay steps", range = 1..=1_000_000, unit = "steps", live,
        source = "Roth et al. 2017 anneal it too",
    )]
    pub d_noise_steps: u32,
    /// Share of pairs whose labels are swapped for D: the real sample is labelled generated and vice versa. D(x) and
    /// D(G(z)) then go by these labels.
    #[setting(label = "Label flipping", range = 0.0..=0.5, live, source = "ganhacks 6")]
    pub d_flip: f64,
    /// Share of D's generated samples that come from G's last 32 batches, so that D does not forget past fakes.
    #[setting(label = "Experience replay", range = 0.0..=0.9, live, source = "ganhacks 8; Shrivastava et al. 2017")]
    pub replay: f64,
    /// Scales a longer gradient down to this L2 norm; 0 turns it off.
    #[setting(label = "Gradient clipping (max norm), G", range = 0.0..=1000.0, live, source = "Pascanu et al. 2013")]
    pub g_clip_norm: f64,
    /// Scales a longer gradient down to this L2 norm; 0 turns it off.
    #[setting(label = "Gradient clipping (max norm), D", range = 0.0..=1000.0, live, source = "Pascanu et al. 2013")]
    pub d_clip_norm: f64,
    /// How both learning rates change during the run.
    #[setting(
        label = "Learning-rate schedule",
        source = "Goodfellow et al. 2014 decay them; Loshchilov and Hutter 2017"
    )]
    pub schedule: Schedule,
    /// Steps until the rates reach 0, or one half in exponential decay.
    #[setting(
        label = "Decay steps", range = 1..=1_000_000, unit = "steps", only(schedule = ["linear", "cosine", "halving"]),
        source = "the length of a run",
    )]
    pub schedule_steps: u32,
    /// Weight of |θ - mean of θ so far|² in both losses: damps oscillation, and progress too.
    #[setting(label = "Historical averaging", range = 0.0..=10.0, source = "Salimans et al. 2016")]
    pub history: f64,
    /// G trains against D after this many further D steps, which are then undone. Each costs as much as a D step. The
    /// gradient through D's updates is left out.
    #[setting(label = "Unrolled steps", range = 0..=10, source = "Metz et al. 2017")]
    pub unroll: usize,
}

impl Default for RunConfig {
    /// A DCGAN small enough to generate digits within three minutes on a CPU. Momentum, initialisation, leaky ReLU
    /// slope and normalisation are the paper's (Radford et al. 2016, sections 3 and 4); the fully connected layers are
    /// those of InfoGAN for MNIST (Chen et al. 2016, appendix C.1). Channels, units and batch size are a quarter of
    /// theirs, for speed. Without the fully connected layers, at half these learning rates, 3,000 steps gave a Fréchet
    /// distance of 9.9 instead of 0.7 (seed 7); then 32 channels gave 9.2, and a batch of 64 gave 9.1. The learning
    /// rates are above InfoGAN's (2e-4 and 1e-3), which small networks allow; `bench/quality.json` has the results.
    fn default() -> Self {
        Self {
            data: DataSet::Mnist,
            // Only used by toy data, each with its own defaults: see `toy.rs` of the crate `data`.
            modes: 8,
            extent: 1.0,
            spread: 0.1,
            offset: 0.0,
            train_images: 60_000,
            seed: 7,
            batch: 32,
            family: Family::Dcgan,
            latent_dim: 64,
            prior: Prior::Normal,
            g_units: 256,
            g_layers: 2,
            d_units: 256,
            d_layers: 2,
            d_form: DiscriminatorType::Classifier,
            d_hidden: HiddenUnit::LeakyRelu,
            d_dropout: 0.0,
            g_channels: 16,
            d_channels: 16,
            g_dense: 256,
            d_dense: 256,
            stages: 2,
            blocks: 1,
            grow_stage_steps: 150,
            grow_fade_steps: 150,
            g_mapping: 4,
            g_mixing: 0.9,
            g_up: Upsampling::Transposed,
            attention: Attention::None,
            init: Initialiser::Recipe,
            g_norm: Norm::Batch,
            d_norm: Norm::Batch,
            condition: Condition::None,
            coupling: Coupling::Edges,
            code_continuous: 2,
            code_weight: 1.0,
            code_augment: Augment::None,
            objective: Objective::NonSaturating,
            // As in the authors' code.
            balance: 0.5,
            balance_rate: 0.001,
            d_steps: 1,
            real_target: 1.0,
            d_optimizer: Method::Adam,
            d_lr: 1e-3,
            d_beta1: 0.5,
            d_beta2: 0.999,
            d_decay: 0.0,
            d_clip: 0.0,
            d_penalty: Penalty::None,
            d_penalty_weight: 1.0,
            g_optimizer: Method::Adam,
            g_lr: 2e-3,
            g_beta1: 0.5,
            g_beta2: 0.999,
            g_decay: 0.0,
            // EMA decay 0.999: an average over about the last thousand steps.
            g_half_life: 693.0,
            g_noise: 0.0,
            g_clip_norm: 0.0,
            d_clip_norm: 0.0,
            schedule: Schedule::Constant,
            schedule_steps: 5_000,
            d_noise: 0.0,
            d_noise_steps: 2_000,
            d_flip: 0.0,
            augment: Augment::None,
            pack: 1,
            d_batch: BatchFeature::None,
            g_goal: GeneratorLoss::Adversarial,
            replay: 0.0,
            history: 0.0,
            unroll: 0,
        }
    }
}

impl Serialize for RunConfig {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        spec::serialize(self, fields(), serializer)
    }
}

impl<'de> Deserialize<'de> for RunConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut config = Self::default();
        spec::deserialize(&mut config, fields(), deserializer)?;
        Ok(config)
    }
}

impl RunConfig {
    /// Checks every setting by its metadata, and their combinations. An [`Experiment`] can always be built. In it, what
    /// does not apply has the default of its data set.
    pub fn validate(self) -> Result<Experiment> {
        self.check_ranges()?;
        // Before the architecture of points, which is given, takes the place of another.
        self.check_points()?;
        let applicable = self.applicable();
        applicable.check_combinations()?;
        Ok(Experiment(applicable))
    }

    /// Checks every setting by itself.
    pub fn check_ranges(&self) -> Result<()> {
        let values = spec::values(self);
        fields().iter().try_for_each(|field| field.check(values[field.place])).map_err(Error::Setting)
    }

    /// With the default of the data set in place of every setting that does not apply.
    fn applicable(mut self) -> Self {
        let [values, defaults] = [&self, &Self::on(self.data)].map(|config| spec::values(config));
        for field in fields().iter().filter(|field| !spec::applies(field, fields(), &values)) {
            // The default has the type of the setting.
            let _ = spec::assign(&mut self, field, defaults[field.place]);
        }
        self
    }
}

/// A configuration that has passed [`RunConfig::validate`]. Two that differ only in settings that do not apply are equal.
#[derive(Debug, Clone, PartialEq)]
pub struct Experiment(RunConfig);

impl std::ops::Deref for Experiment {
    type Target = RunConfig;

    fn deref(&self) -> &RunConfig {
        &self.0
    }
}

impl Experiment {
    /// Returns `next` if it differs from `self` in live settings only, which may change during a run.
    pub fn change_to(&self, next: Experiment) -> Result<Experiment> {
        match spec::difference(&self.0, &next.0, fields(), |field| !field.live) {
            Some(field) => Err(Error::NeedsRestart { key: field.key, label: field.label }),
            None => Ok(next),
        }
    }
}

#[cfg(test)]
mod tests {
    use counterfeit_spec::{Value, Values};
    use serde_json::json;

    use super::*;

    #[test]
    fn the_default_is_valid() {
        assert!(RunConfig::default().validate().is_ok());
    }

    #[test]
    fn an_out_of_range_value_is_refused_with_its_label_and_range() {
        let error = RunConfig { d_lr: 5.0, ..Default::default() }.validate().unwrap_err();
        assert_eq!(error.key(), Some("d_lr"));
        assert!(error.to_string().contains("between"), "{error}");
        let nan = RunConfig { g_lr: f64::NAN, ..Default::default() }.validate().unwrap_err();
        assert_eq!(nan.key(), Some("g_lr"));
    }

    #[test]
    fn learning_rates_change_live_and_widths_do_not() {
        let run = RunConfig::default().validate().unwrap();
        let faster = RunConfig { g_lr: 1e-3, d_steps: 3, ..Default::default() }.validate().unwrap();
        assert_eq!(run.change_to(faster.clone()), Ok(faster));
        let wider = RunConfig { g_channels: 32, ..Default::default() }.validate().unwrap();
        assert_eq!(run.change_to(wider).unwrap_err().key(), Some("g_channels"));
    }

    #[test]
    fn unknown_keys_are_an_error_and_missing_ones_take_the_default() {
        assert!(serde_json::from_str::<RunConfig>(r#"{"learning_rate": 1}"#).is_err());
        assert_eq!(serde_json::from_str::<RunConfig>("{}").unwrap(), RunConfig::default());
    }

    #[test]
    fn every_setting_has_its_place_in_the_form_and_is_explained() {
        let mut keys: Vec<_> = form::FORM.iter().flat_map(|(_, keys)| *keys).collect();
        assert_eq!(keys.len(), fields().len(), "the form names every setting");
        for field in fields() {
            assert_eq!(keys.remove(0), &field.key, "once");
            assert!(!field.label.is_empty() && !field.help.is_empty() && !field.source.is_empty(), "{}", field.key);
        }
    }

    #[test]
    fn conditions_name_choices_and_a_live_one_has_only_live_settings() {
        for field in fields() {
            let Some((key, values)) = &field.only else { continue };
            let other = fields().iter().find(|f| f.key == *key).unwrap_or_else(|| panic!("{key} is a setting"));
            values.iter().for_each(|v| other.check(Value::Key(v)).unwrap());
            // Otherwise a live change would change what does not apply, and need a restart.
            assert!(field.live || !other.live, "{}", field.key);
        }
    }

    #[test]
    fn every_choice_is_a_variant_that_the_configuration_reads() {
        for field in fields() {
            let Values::Choice { options } = &field.values else { continue };
            for option in options {
                let config: RunConfig = serde_json::from_value(json!({ field.key: option.value })).unwrap();
                assert_eq!(spec::values(&config)[field.place], Value::Key(option.value));
            }
        }
    }

    #[test]
    fn what_does_not_apply_makes_no_difference() {
        for preset in crate::presets::presets() {
            let values = spec::values(&preset.config);
            let experiment = preset.config.clone().validate().unwrap();
            assert_eq!(experiment.0.clone().validate().as_ref(), Ok(&experiment), "{}: twice is once", preset.id);
            for field in fields().iter().filter(|f| !spec::applies(f, fields(), &values)) {
                let others = match &field.values {
                    // Points have one architecture, and say so when another is asked for.
                    Values::Choice { .. } if field.key == "family" => vec![],
                    Values::Choice { options } => options.iter().map(|o| Value::Key(o.value)).collect(),
                    Values::Integer { min, max } => vec![Value::Integer(*min), Value::Integer(*max)],
                    Values::Real { min, .. } => vec![Value::Real(*min)],
                };
                for other in others {
                    let mut config = preset.config.clone();
                    spec::assign(&mut config, field, other).unwrap();
                    match config.validate() {
                        Ok(same) => assert_eq!(same, experiment, "{}: {}", preset.id, field.key),
                        Err(error) => panic!("{}: {error}", preset.id),
                    }
                }
            }
        }
    }
}
