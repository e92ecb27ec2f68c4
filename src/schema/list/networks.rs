//! Settings of the two networks and of how their weights are changed.

use super::{DCGAN, choice, fraction, integer, real};
use crate::schema::{Field, Group};

/// None first.
const PENALTIES: [(&str, &str); 8] = [
    ("none", "none"),
    ("wgan", "gradient penalty, two-sided"),
    ("one-sided", "gradient penalty, one-sided"),
    ("r1", "R1: on real images"),
    ("r2", "R2: on generated images"),
    ("r1-and-r2", "R1 and R2"),
    ("dragan", "DRAGAN: around real images"),
    ("r1-differences", "R1 by differences: cheap, not exact"),
];
/// Those that both networks have.
const NORMS: [(&str, &str); 6] = [
    ("none", "none"),
    ("batch", "batch normalisation"),
    ("layer", "layer normalisation"),
    ("instance", "instance normalisation"),
    ("group", "group normalisation"),
    ("spectral", "spectral norm of the weights"),
];
const NORM_PAPERS: &str = "Ioffe and Szegedy 2015; Ba et al. 2016; Ulyanov et al. 2016; Wu and He 2018; Miyato et al. 2018; Karras et al. 2018; Salimans et al. 2016; DCGAN section 3";
/// The families whose generators may be normalised.
const NORMALISED: [&str; 2] = ["dcgan", "mlp"];

/// The fully connected layer of a convolutional network.
fn dense(group: Group, key: &'static str, help: &'static str) -> Field {
    Field::new(group, key, "Dense units", integer(0, 1024))
        .about(help, "Chen et al. 2016 (InfoGAN), appendix C.1: 1,024; DCGAN has none")
        .only("family", &["dcgan"])
}

/// How a network's weights are changed: method, learning rate, memories, decay.
fn optimizer(group: Group, keys: [&'static str; 5], rate: (&'static str, &'static str), momentum: &'static str) -> Vec<Field> {
    let [method, lr, beta1, beta2, decay] = keys;
    let methods = choice(&[
        ("adam", "Adam"),
        ("rms-prop", "RMSProp"),
        ("sgd", "gradient descent with momentum"),
        ("nesterov", "gradient descent with Nesterov's momentum"),
    ]);
    vec![
        Field::new(group, method, "Optimizer", methods).about(
            "Adam and RMSProp give every weight its own step; gradient descent takes the learning rate as it is, and needs a larger one.",
            "Kingma and Ba 2015; Tieleman and Hinton 2012; Sutskever et al. 2013",
        ),
        Field::new(group, lr, "Learning rate", real(1e-6, 1.0)).live().about(rate.0, rate.1),
        Field::new(group, beta1, "Momentum, \u{3b2}\u{2081}", fraction())
            .live()
            .about(momentum, DCGAN)
            .only(method, &["adam", "sgd", "nesterov"]),
        Field::new(group, beta2, "Memory of squares, \u{3b2}\u{2082}", fraction())
            .live()
            .about("Share of the old average of the squared gradient.", "Kingma and Ba 2015")
            .only(method, &["adam", "rms-prop"]),
        Field::new(group, decay, "Weight decay", real(0.0, 1.0)).live().about(
            "Share of each weight, times the learning rate, that an update takes away; with Adam this is AdamW.",
            "Loshchilov and Hutter 2019",
        ),
    ]
}

pub fn generator() -> Vec<Field> {
    let field = |key, label, values| Field::new(Group::Generator, key, label, values);
    vec![
        field("latent_dim", "Size of z", integer(1, 512))
            .unit("numbers")
            .about("How many random numbers the generator turns into one sample.", "100 in both papers; 64 is enough for digits, 2 for points"),
        field("prior", "z is drawn from", choice(&[("normal", "a normal, N(0, 1)"), ("uniform", "a uniform, U(-1, 1)")]))
            .about("The prior p(z).", "uniform in Goodfellow et al. 2014 and DCGAN; normal: ganhacks 3"),
        field("g_channels", "Channels", integer(2, 128))
            .about("Feature maps before the last up-sampling; twice as many one stage earlier.", DCGAN)
            .only("family", &["dcgan", "resnet", "growing", "style"]),
        dense(
            Group::Generator,
            "g_dense",
            "Units of a fully connected layer between z and the smallest feature maps; 0 leaves it out.",
        ),
        field("stages", "Stages", integer(1, 2))
            .about(
                "Doublings of the side in the generator and halvings in the discriminator: 2 goes 7, 14, 28; 1 goes 14, 28.",
                DCGAN,
            )
            .only("family", &["dcgan"]),
        field("blocks", "Residual blocks", integer(1, 4))
            .about("In each network, at 7x7 and again at 14x14.", "Huang et al. 2024 (R3GAN)")
            .only("family", &["resnet"]),
        field("grow_stage_steps", "Steps at a resolution", integer(1, 100_000))
            .unit("steps")
            .about(
                "At 7x7, and again at 14x14 after its fade, before the next resolution comes. Both optimizers start anew with each.",
                "Karras et al. 2018: 800,000 images; their code 600,000",
            )
            .only("family", &["growing"]),
        field("grow_fade_steps", "Steps of a fade", integer(0, 100_000))
            .unit("steps")
            .about(
                "While the layers of a new resolution come in, from no weight to all of it, and what real images have of that detail with them.",
                "Karras et al. 2018 (PGGAN)",
            )
            .only("family", &["growing"]),
        field("g_mapping", "Mapping layers", integer(1, 8))
            .about(
                "Fully connected layers that turn z into w, from which every convolution's style is made. They learn at a hundredth of the rate.",
                "Karras et al. 2019 (StyleGAN): 8",
            )
            .only("family", &["style"]),
        field("g_mixing", "Style mixing", real(0.0, 1.0))
            .live()
            .about(
                "Share of training images whose coarse styles come from one z and whose fine ones come from another, so that G does not rely on their going together.",
                "Karras et al. 2019 (StyleGAN): 0.9",
            )
            .only("family", &["style"]),
        field(
            "g_up",
            "Up-sampling",
            choice(&[
                ("transposed", "transposed convolution, 4x4"),
                ("nearest", "repeated values, then 3x3"),
                ("shuffle", "3x3, then pixel shuffle"),
            ]),
        )
        .about(
            "How the generator doubles the side of its maps. A transposed convolution builds in a checkerboard where its stride does not divide its kernel; here it does.",
            "Radford et al. 2016; Odena et al. 2016; Shi et al. 2016",
        )
        .only("family", &["dcgan"]),
        field(
            "attention",
            "Self-attention",
            choice(&[("none", "none"), ("generator", "in G"), ("discriminator", "in D"), ("both", "in both")]),
        )
        .about(
            "At 14x14 every place may take from all others what a convolution finds only nearby. It starts without effect and learns how much it counts.",
            "Zhang et al. 2019 (SAGAN)",
        )
        .only("family", &["dcgan"]),
        field("g_units", "Hidden units", integer(1, 2048))
            .about("Width of each hidden layer. The paper has 1,200.", "Goodfellow et al. 2014, mnist.yaml")
            .only("family", &["mlp"]),
        field("g_layers", "Hidden layers", integer(1, 5))
            .about("The paper has 2.", "Goodfellow et al. 2014, mnist.yaml")
            .only("family", &["mlp"]),
        field("g_norm", "Normalisation", choice(&[&NORMS[..], &[("pixel", "pixel norm"), ("virtual", "virtual batch normalisation")]].concat()))
            .about(
                "Batch normalisation keeps each channel at mean 0 and variance 1; without it the DCGAN generator often stalls. Layer, instance and group normalisation do so within each image; virtual batch normalisation by the image and a fixed batch that goes through G every time, at twice the cost; pixel norm keeps each place's channels at size 1; spectral norm bounds the weights, but for the last layer's.",
                NORM_PAPERS,
            )
            .only("family", &NORMALISED),
    ]
    .into_iter()
    .chain(optimizer(
        Group::Generator,
        ["g_optimizer", "g_lr", "g_beta1", "g_beta2", "g_decay"],
        (
            "Step size of the generator's optimizer. DCGAN has 0.0002; small networks learn faster with more.",
            "Chen et al. 2016 (InfoGAN) for MNIST",
        ),
        "0.9, usual elsewhere, makes GANs oscillate; 0.5 or 0 does not.",
    ))
    .collect()
}

pub fn discriminator() -> Vec<Field> {
    let field = |key, label, values| Field::new(Group::Discriminator, key, label, values);
    vec![
        field("d_channels", "Channels", integer(2, 128))
            .about("Feature maps of the first layer; the next has twice as many.", DCGAN)
            .only("family", &["dcgan", "resnet", "growing", "style"]),
        dense(Group::Discriminator, "d_dense", "Units of a fully connected layer between the smallest feature maps and the verdict; 0 leaves it out.")
            .only("family", &["dcgan", "style"]),
        field("d_units", "Hidden units", integer(1, 2048))
            .about("Width of each hidden layer. The paper has 240 maxout units.", "Goodfellow et al. 2014, mnist.yaml")
            .only("family", &["mlp"]),
        field("d_layers", "Hidden layers", integer(1, 5))
            .about("The paper has 2.", "Goodfellow et al. 2014, mnist.yaml")
            .only("family", &["mlp"]),
        field("d_form", "Output", choice(&[("verdict", "a verdict"), ("autoencoder", "how well it redraws the image")])).about(
            "A D that redraws takes an image down to as many numbers as the noise has and draws it again from them. What it learns to redraw well passes as genuine.",
            "Zhao et al. 2017 (EBGAN); Berthelot et al. 2017 (BEGAN)",
        ),
        field("d_hidden", "Hidden unit", choice(&[("leaky-relu", "leaky ReLU, 0.2"), ("maxout", "maxout, 5 pieces")]))
            .about("A maxout unit is the largest of five linear ones: five times the work.", "Goodfellow et al. 2013")
            .only("family", &["mlp"]),
        field("d_dropout", "Dropout", real(0.0, 0.9))
            .about(
                "Share of hidden units dropped in training; in fully connected networks 0.4 of it on the input. The first paper drops 0.5.",
                "Srivastava et al. 2014; Goodfellow et al. 2014",
            )
            .only("family", &NORMALISED),
        field("d_norm", "Normalisation", choice(&NORMS)).about(
            "DCGAN has batch normalisation in both networks. Real and generated batches are then normalised apart (ganhacks 4), which hides from a fully connected D any pattern that all generated pictures share: choose none there. Layer, instance and group normalisation look at one image at a time, and go with a penalty on the slope. Spectral norm divides each weight by its largest singular value, which bounds D's slope.",
            NORM_PAPERS,
        )
        .only("family", &["dcgan", "mlp", "style"]),
        field("d_penalty", "Penalty on the slope", choice(&PENALTIES))
        .about(
            "Holds how fast D changes from image to image, exactly but for the last of the list. Gradient penalties hold the slope at 1, R1 and R2 at 0; none works with batch normalisation in D. The loss curve is the game's, without it.",
            "Gulrajani et al. 2017; Mescheder et al. 2018; Huang et al. 2024; Kodali et al. 2017; Lin et al. 2025 (Seaweed-APT)",
        ),
        field("d_penalty_weight", "Weight of the penalty", real(0.0, 1000.0))
            .live()
            .about("\u{3bb} or \u{3b3}: 10 in WGAN-GP and DRAGAN; R1 has 10 at 64 pixels and more, less for small images.", "the papers of the penalties")
            .only("d_penalty", &PENALTIES.map(|(key, _)| key)[1..]),
        field("d_clip", "Largest weight", real(0.0, 10.0)).live().about(
            "After each update every weight of D is cut to this size, which bounds D's slope; 0 leaves it out. WGAN has 0.01.",
            "Arjovsky et al. 2017 (WGAN), algorithm 1",
        ),
    ]
    .into_iter()
    .chain(optimizer(
        Group::Discriminator,
        ["d_optimizer", "d_lr", "d_beta1", "d_beta2", "d_decay"],
        ("Step size of the discriminator's optimizer. DCGAN has 0.0002.", "half of the generator's: measured, see RunConfig"),
        "As the generator's.",
    ))
    .collect()
}
