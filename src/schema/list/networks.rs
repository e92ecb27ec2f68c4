//! Settings of both networks and their optimizers.

use super::{DCGAN, choice, fraction, integer, real};
use crate::schema::{Field, Group};

/// `none` is first.
const PENALTIES: [(&str, &str); 8] = [
    ("none", "none"),
    ("wgan", "WGAN-GP, two-sided"),
    ("one-sided", "WGAN-GP, one-sided"),
    ("r1", "R1 (real samples)"),
    ("r2", "R2 (generated samples)"),
    ("r1-and-r2", "R1 and R2"),
    ("dragan", "DRAGAN (around real samples)"),
    ("r1-differences", "R1, finite differences (approximate)"),
];
/// Normalisations that both networks offer.
const NORMS: [(&str, &str); 6] = [
    ("none", "none"),
    ("batch", "batch normalisation"),
    ("layer", "layer normalisation"),
    ("instance", "instance normalisation"),
    ("group", "group normalisation"),
    ("spectral", "spectral normalisation"),
];
const NORM_PAPERS: &str = "Ioffe and Szegedy 2015; Ba et al. 2016; Ulyanov et al. 2016; Wu and He 2018; Miyato et \
    al. 2018; Karras et al. 2018; Salimans et al. 2016; DCGAN section 3";
/// Architectures with optional normalisation in G.
const NORMALISED: [&str; 2] = ["dcgan", "mlp"];

/// The fully connected layer of a convolutional network.
fn dense(group: Group, key: &'static str, help: &'static str) -> Field {
    Field::new(group, key, "Dense units", integer(0, 1024))
        .about(help, "Chen et al. 2016 (InfoGAN), appendix C.1: 1,024; DCGAN has none")
        .only("family", &["dcgan"])
}

/// A network's optimizer: method, learning rate, betas, weight decay.
fn optimizer(
    group: Group,
    keys: [&'static str; 5],
    rate: (&'static str, &'static str),
    momentum: &'static str,
) -> Vec<Field> {
    let [method, lr, beta1, beta2, decay] = keys;
    let methods = choice(&[
        ("adam", "Adam"),
        ("rms-prop", "RMSProp"),
        ("sgd", "SGD with momentum"),
        ("nesterov", "SGD with Nesterov momentum"),
    ]);
    vec![
        Field::new(group, method, "Optimizer", methods).about(
            "Adam and RMSProp scale the step of each weight by its past gradients; SGD does not, and needs a larger \
             learning rate.",
            "Kingma and Ba 2015; Tieleman and Hinton 2012; Sutskever et al. 2013",
        ),
        Field::new(group, lr, "Learning rate", real(1e-6, 1.0)).live().about(rate.0, rate.1),
        Field::new(group, beta1, "Momentum \u{3b2}\u{2081}", fraction())
            .live()
            .about(momentum, DCGAN)
            .only(method, &["adam", "sgd", "nesterov"]),
        Field::new(group, beta2, "Adam \u{3b2}\u{2082}", fraction())
            .live()
            .about("Decay rate of the running mean of the squared gradient.", "Kingma and Ba 2015")
            .only(method, &["adam", "rms-prop"]),
        Field::new(group, decay, "Weight decay", real(0.0, 1.0)).live().about(
            "Each update subtracts this, times the learning rate, times the weight (decoupled decay; with Adam this \
             is AdamW).",
            "Loshchilov and Hutter 2019",
        ),
    ]
}

pub fn generator() -> Vec<Field> {
    let field = |key, label, values| Field::new(Group::Generator, key, label, values);
    vec![
        field("latent_dim", "Latent dimension", integer(1, 512)).unit("dimensions").about(
            "Length of the noise vector z that G maps to a sample.",
            "100 in both papers; 64 is enough for digits, 2 for points",
        ),
        field("prior", "Latent prior", choice(&[("normal", "normal, N(0, 1)"), ("uniform", "uniform, U(-1, 1)")]))
            .about(
                "The distribution p(z) of the noise.",
                "uniform in Goodfellow et al. 2014 and DCGAN; normal: \
                ganhacks 3",
            ),
        field("g_channels", "Channels", integer(2, 128))
            .about("Feature maps before the last upsampling layer; twice as many one stage earlier.", DCGAN)
            .only("family", &["dcgan", "resnet", "growing", "style"]),
        dense(
            Group::Generator,
            "g_dense",
            "Units of a fully connected layer between z and the smallest feature maps; 0 leaves it out.",
        ),
        field("stages", "Stages", integer(1, 2))
            .about(
                "Upsampling stages in G and downsampling stages in D, each by 2: 7, 14, 28 pixels for digits.",
                DCGAN,
            )
            .only("family", &["dcgan"]),
        field("blocks", "Residual blocks", integer(1, 4))
            .about("Per network at a quarter and at half of the side.", "Huang et al. 2024 (R3GAN)")
            .only("family", &["resnet"]),
        field("grow_stage_steps", "Steps per resolution", integer(1, 100_000))
            .unit("steps")
            .about(
                "Steps at 7x7, and at 14x14 after its fade-in, before the next resolution is added. Both optimizers \
                 are reset with each.",
                "Karras et al. 2018: 800,000 images; their code 600,000",
            )
            .only("family", &["growing"]),
        field("grow_fade_steps", "Fade-in steps", integer(0, 100_000))
            .unit("steps")
            .about(
                "Steps over which the layers of a new resolution are blended in, from weight 0 to 1, and the \
                 matching detail of real images with them.",
                "Karras et al. 2018 (PGGAN)",
            )
            .only("family", &["growing"]),
        field("g_mapping", "Mapping layers", integer(1, 8))
            .about(
                "Fully connected layers that map z to w, which sets the style of each convolution. Their learning \
                 rate is a hundredth of G's.",
                "Karras et al. 2019 (StyleGAN): 8",
            )
            .only("family", &["style"]),
        field("g_mixing", "Style mixing", real(0.0, 1.0))
            .live()
            .about(
                "Share of generated training images whose coarse and fine styles come from different z, so that G \
                 does not rely on their correlation.",
                "Karras et al. 2019 (StyleGAN): 0.9",
            )
            .only("family", &["style"]),
        field(
            "g_up",
            "Upsampling",
            choice(&[
                ("transposed", "transposed convolution, 4x4"),
                ("nearest", "nearest upsampling, then 3x3"),
                ("shuffle", "3x3, then pixel shuffle"),
            ]),
        )
        .about(
            "How G doubles the resolution. Transposed convolutions cause checkerboard artefacts where the stride \
             does not divide the kernel size; here it does.",
            "Radford et al. 2016; Odena et al. 2016; Shi et al. 2016",
        )
        .only("family", &["dcgan"]),
        field(
            "attention",
            "Self-attention",
            choice(&[("none", "none"), ("generator", "in G"), ("discriminator", "in D"), ("both", "in both")]),
        )
        .about(
            "A layer at 14x14 that relates distant places, out of a convolution's reach. Its output has a learnt \
             weight that starts at 0.",
            "Zhang et al. 2019 (SAGAN)",
        )
        .only("family", &["dcgan"]),
        field("g_units", "Hidden units", integer(1, 2048))
            .about("Width of each hidden layer; 1,200 in the paper.", "Goodfellow et al. 2014, mnist.yaml")
            .only("family", &["mlp"]),
        field("g_layers", "Hidden layers", integer(1, 5))
            .about("2 in the paper.", "Goodfellow et al. 2014, mnist.yaml")
            .only("family", &["mlp"]),
        field(
            "g_norm",
            "Normalisation",
            choice(&[&NORMS[..], &[("pixel", "pixel norm"), ("virtual", "virtual batch normalisation")]].concat()),
        )
        .about(
            "Batch normalisation keeps each channel at mean 0 and variance 1; without it the DCGAN generator often \
             stalls. Layer, instance and group normalisation do so within each image, virtual batch normalisation \
             over the image and a fixed reference batch, at twice the cost. Pixel norm scales each pixel's channels \
             to mean square 1. Spectral normalisation bounds the weights of all layers but the last.",
            NORM_PAPERS,
        )
        .only("family", &NORMALISED),
    ]
    .into_iter()
    .chain(optimizer(
        Group::Generator,
        ["g_optimizer", "g_lr", "g_beta1", "g_beta2", "g_decay"],
        (
            "Step size of G's optimizer. DCGAN uses 0.0002; small networks train faster with more.",
            "Chen et al. 2016 (InfoGAN) for MNIST",
        ),
        "0.9, the usual default, makes GANs oscillate; 0.5 or 0 does not.",
    ))
    .collect()
}

pub fn discriminator() -> Vec<Field> {
    let field = |key, label, values| Field::new(Group::Discriminator, key, label, values);
    vec![
        field("d_channels", "Channels", integer(2, 128))
            .about("Feature maps of the first layer; twice as many in the next.", DCGAN)
            .only("family", &["dcgan", "resnet", "growing", "style"]),
        dense(
            Group::Discriminator,
            "d_dense",
            "Units of a fully connected layer between the smallest feature maps and the output; 0 leaves it out.",
        )
        .only("family", &["dcgan", "style"]),
        field("d_units", "Hidden units", integer(1, 2048))
            .about("Width of each hidden layer; 240 maxout units in the paper.", "Goodfellow et al. 2014, mnist.yaml")
            .only("family", &["mlp"]),
        field("d_layers", "Hidden layers", integer(1, 5))
            .about("2 in the paper.", "Goodfellow et al. 2014, mnist.yaml")
            .only("family", &["mlp"]),
        field("d_form", "Discriminator type", choice(&[("verdict", "classifier"), ("autoencoder", "autoencoder")])).about(
            "An autoencoder compresses the image to as many numbers as z has and reconstructs it; a low error counts \
             as real.",
            "Zhao et al. 2017 (EBGAN); Berthelot et al. 2017 (BEGAN)",
        ),
        field("d_hidden", "Hidden activation", choice(&[("leaky-relu", "leaky ReLU, 0.2"), ("maxout", "maxout, 5 pieces")]))
            .about("Maxout is the maximum of five linear units, at five times the cost.", "Goodfellow et al. 2013")
            .only("family", &["mlp"]),
        field("d_dropout", "Dropout", real(0.0, 0.9))
            .about(
                "Dropout rate of hidden units; 0.4 of it on the input of fully connected networks. 0.5 in Goodfellow \
                 et al. 2014.",
                "Srivastava et al. 2014; Goodfellow et al. 2014",
            )
            .only("family", &NORMALISED),
        field("d_norm", "Normalisation", choice(&NORMS))
            .about(
                "DCGAN uses batch normalisation in both networks. Real and generated batches are then normalised \
                 separately (ganhacks 4), which hides from a fully connected D any pattern that all generated images \
                 share: choose none there. Layer, instance and group normalisation work within one image and allow a \
                 gradient penalty. Spectral normalisation divides each weight by its largest singular value, which \
                 bounds D's Lipschitz constant.",
                NORM_PAPERS,
            )
            .only("family", &["dcgan", "mlp", "style"]),
        field("d_penalty", "Gradient penalty", choice(&PENALTIES)).about(
            "Penalises the norm of D's gradient with respect to its input. WGAN-GP and DRAGAN pull the norm to 1, R1 \
             and R2 to 0; none works with batch normalisation in D. Not included in the loss curve.",
            "Gulrajani et al. 2017; Mescheder et al. 2018; Huang et al. 2024; Kodali et al. 2017; Lin et al. 2025 \
             (Seaweed-APT)",
        ),
        field("d_penalty_weight", "Gradient penalty weight", real(0.0, 1000.0))
            .live()
            .about(
                "\u{3bb} or \u{3b3}: 10 in WGAN-GP and DRAGAN; R1 uses 10 from 64 pixels on, less for small images.",
                "the papers of the penalties",
            )
            .only("d_penalty", &PENALTIES.map(|(key, _)| key)[1..]),
        field("d_clip", "Weight clipping c", real(0.0, 10.0)).live().about(
            "After each update every weight of D is clipped to [-c, c], which bounds D's Lipschitz constant; 0 turns \
             it off. WGAN uses 0.01.",
            "Arjovsky et al. 2017 (WGAN), algorithm 1",
        ),
    ]
    .into_iter()
    .chain(optimizer(
        Group::Discriminator,
        ["d_optimizer", "d_lr", "d_beta1", "d_beta2", "d_decay"],
        ("Step size of D's optimizer. DCGAN uses 0.0002.", "half of the generator's: measured, see RunConfig"),
        "As for the generator.",
    ))
    .collect()
}
