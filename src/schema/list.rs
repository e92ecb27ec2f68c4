//! Every setting, group by group, in the order of the form.

mod tricks;

use super::{Alternative, Field, Group, Values};
use crate::data::{DataSet, TOYS};
use crate::objective::Objective;

/// Every setting.
pub fn all() -> Vec<Field> {
    [data(), generator(), discriminator(), objective(), condition(), tricks::all()].concat()
}

fn choice(options: &[(&'static str, &'static str)]) -> Values {
    Values::Choice { options: options.iter().map(|&(value, label)| Alternative { value, label }).collect() }
}

fn integer(min: u64, max: u64) -> Values {
    Values::Integer { min, max }
}

fn real(min: f64, max: f64) -> Values {
    Values::Real { min, max, open: false }
}

/// From 0 up to, but not including, 1.
fn fraction() -> Values {
    Values::Real { min: 0.0, max: 1.0, open: true }
}

/// The name under which a data set stands in configurations.
fn data_options() -> Values {
    let images = DataSet::IMAGES.iter().filter_map(|set| Some(Alternative { value: set.key(), label: set.info()?.name }));
    let densities = TOYS.iter().map(|toy| Alternative { value: toy.key, label: toy.name });
    Values::Choice { options: images.chain(densities).collect() }
}

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

const GOODFELLOW: &str = "Goodfellow et al. 2014";
const DCGAN: &str = "Radford et al. 2016 (DCGAN), section 4";
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
const AUGMENTATIONS: [(&str, &str); 4] = [
    ("none", "as they are"),
    ("translation", "moved"),
    ("pose", "moved, slanted and stretched"),
    ("all", "dimmed, moved and cut out of"),
];
const NORM_PAPERS: &str = "Ioffe and Szegedy 2015; Ba et al. 2016; Ulyanov et al. 2016; Wu and He 2018; Miyato et al. 2018; Karras et al. 2018; Salimans et al. 2016; DCGAN section 3";
/// The families whose generators may be normalised.
const NORMALISED: [&str; 2] = ["dcgan", "mlp"];

/// Data sets of images.
const IMAGES: [&str; 2] = ["mnist", "fashion"];

/// The densities but for some.
fn densities(but: &[DataSet]) -> Vec<&'static str> {
    TOYS.iter().filter(|toy| !but.contains(&toy.set)).map(|toy| toy.key).collect()
}

fn data() -> Vec<Field> {
    let field = |key, label, values| Field::new(Group::Data, key, label, values);
    vec![
        field("data", "Data set", data_options()).about("The genuine samples, p_data: images, points of the plane, or numbers on a line.", "see the picker"),
        field("modes", "Modes", integer(1, 64))
            .about("Clouds that the data is made of, of the same size.", "Lin et al. 2018 (PacGAN): a ring of 8, a grid of 25")
            .only("data", &["ring", "grid", "unbalanced", "mixture"]),
        field("extent", "Half its size", real(0.1, 10.0))
            .about(
                "Radius of a ring, circle or spiral, half the side of a grid, half the length of a line; of the exponential, its mean.",
                "Gulrajani et al. 2017: scaled so that the data's deviation is 1; PacGAN: 1 and 4, not scaled",
            )
            .only("data", &densities(&[DataSet::Normal, DataSet::HeavyTail, DataSet::Drawn, DataSet::Curve])),
        field("spread", "Spread", real(0.001, 2.0))
            .about("Standard deviation of each cloud, or of the noise around a curve.", "PacGAN: 0.01 and 0.05")
            .only("data", &densities(&[DataSet::Uniform, DataSet::Exponential, DataSet::Curve])),
        field("offset", "Distance", real(-10.0, 10.0))
            .about(
                "How far the data is moved to the right. Far from where G begins D has no doubt, and nothing to teach.",
                "Arjovsky and Bottou 2017, section 2",
            )
            .only("data", &densities(&[])),
        field("train_images", "Training samples", integer(8, 100_000)).about(
            "How many of the training images are used, from the first on, or how many points are drawn of the density. D learns a thousand images by heart, and what it teaches G is then about those.",
            "all of them in every paper, PacGAN's 100,000 points; few: Karras et al. 2020 (ADA)",
        ),
        field("family", "Networks", choice(&[
                ("dcgan", "DCGAN: convolutions"),
                ("mlp", "MLP: fully connected"),
                ("resnet", "ResNet: residual blocks, no normalisation"),
                ("growing", "growing: 7, 14, 28 pixels one after the other"),
                ("style", "style: z modulates every convolution"),
            ]))
        .about(
            "Which pair of networks plays. Convolutions know that neighbouring pixels belong together. A residual block adds to what it is given, and at first adds nothing.",
            "Radford et al. 2016; Goodfellow et al. 2014; Huang et al. 2024 (R3GAN)",
        )
        .only("data", &IMAGES),
        field(
            "init",
            "Start of the weights",
            choice(&[
                ("recipe", "as the networks' papers"),
                ("dcgan", "normal, 0.02"),
                ("he", "He: for rectifiers"),
                ("xavier", "Xavier"),
                ("orthogonal", "orthogonal"),
                ("equalised", "equalised learning rate"),
            ]),
        )
        .about(
            "What both networks' weights are at first. With the equalised learning rate they are stored at size 1 and scaled by He's constant where they are used, so that Adam moves every layer by the same share. What a block ends in stays at 0.",
            "Radford et al. 2016; He et al. 2015; Glorot and Bengio 2010; Saxe et al. 2014; Karras et al. 2018",
        ),
        field("batch", "Batch size", integer(2, 512)).unit("samples").about(
            "Samples in each minibatch, m in Algorithm 1. Larger is smoother and slower a step.",
            "DCGAN uses 128; 32 is faster on a CPU",
        ),
        field("seed", "Seed", integer(0, u32::MAX.into())).about(
            "The same seed and settings give the same run: weights, batches and noise come from it.",
            "ChaCha8, one stream each",
        ),
    ]
}

fn generator() -> Vec<Field> {
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

fn discriminator() -> Vec<Field> {
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

fn objective() -> Vec<Field> {
    let field = |key, label, values| Field::new(Group::Objective, key, label, values);
    let games = Objective::ALL.map(Objective::game);
    let options = games.iter().map(|g| Alternative { value: g.key, label: g.label }).collect();
    let labelled: Vec<&str> = games.iter().filter(|g| g.labels).map(|g| g.key).collect();
    vec![
        field("objective", "Game", Values::Choice { options }).live().about(
            "What the two minimise. Minimax is the game as defined: G's slope vanishes when D is sure. Non-saturating has the same fixed point and keeps its slope. The others change what D's output means.",
            "one paper each; its file in src/objective names it",
        ),
        field("balance", "Balance, \u{3b3}", real(0.0, 1.0))
            .live()
            .about(
                "The error with which D redraws generated images, as a share of that for real ones, that the game is held at: lower makes clearer images that are more alike.",
                "Berthelot et al. 2017 (BEGAN): 0.5 in the authors' code, 0.75 for MNIST in collections",
            )
            .only("objective", &["began"]),
        field("balance_rate", "Pace of the balance, \u{3bb}", real(0.0, 1.0))
            .live()
            .about("How fast the weight k of generated images in D's loss follows the balance.", "Berthelot et al. 2017 (BEGAN): 0.001")
            .only("objective", &["began"]),
        field("d_steps", "D steps per G step, k", integer(1, 20))
            .live()
            .about("How often the discriminator learns before the generator does, each time on fresh images.", GOODFELLOW),
        field("real_target", "Label of real images", real(0.5, 1.0))
            .live()
            .about("1, or a little less: one-sided label smoothing keeps D from being over-confident. Equilibrium moves to half of it.", "Salimans et al. 2016, section 3.4")
            .only("objective", &labelled),
    ]
}

fn condition() -> Vec<Field> {
    let field = |key, label, values| Field::new(Group::Condition, key, label, values);
    let weighted = ["auxiliary", "codes"];
    vec![
        field(
            "condition",
            "Class or code",
            choice(&[
                ("none", "none"),
                ("concatenation", "class, beside D's features"),
                ("projection", "class, projected on D's features"),
                ("auxiliary", "class, which D names too (ACGAN)"),
                ("codes", "codes that D guesses (InfoGAN)"),
                ("coupled", "two kinds of images of one noise (CoGAN)"),
            ]),
        )
        .about(
            "What G is told beside noise. With classes it draws what it is asked for; with codes nobody says what they mean, and they come to mean what tells images apart.",
            "Mirza and Osindero 2014; Miyato and Koyama 2018; Odena et al. 2017; Chen et al. 2016; Liu and Tuzel 2016",
        ),
        field("coupling", "Second kind", choice(&[("edges", "the digit's edges"), ("negatives", "its negative")]))
            .about(
                "Every second training image is shown as this, and no image as both. G draws both kinds of each noise; all its layers but the last are the same for the two.",
                "Liu and Tuzel 2016 (CoGAN)",
            )
            .only("condition", &["coupled"]),
        field("code_continuous", "Continuous codes", integer(0, 4))
            .about("Numbers in [-1, 1] beside the code of ten; the paper has 2 for MNIST.", "Chen et al. 2016 (InfoGAN), appendix C.1")
            .only("condition", &["codes"]),
        field("code_weight", "Weight of naming", real(0.0, 10.0))
            .live()
            .about("Of the second loss, in which D names the class or the code, for both players.", "1 in both papers")
            .only("condition", &weighted),
        field("code_augment", "The code is guessed from images", choice(&AUGMENTATIONS))
            .about(
                "D guesses which of the ten a code was after the image has been moved, or also slanted and stretched. Codes then come to mean shapes, not how they stand; the continuous codes are guessed from the image as it is.",
                "after Hu et al. 2017 (IMSAT), self-augmentation; Zhao et al. 2020 (DiffAugment) for the moves",
            )
            .only("condition", &["codes"]),
    ]
}
