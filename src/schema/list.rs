//! Every setting, group by group, in the order of the form.

mod networks;
mod tricks;

use super::{Alternative, Field, Group, Values};
use crate::data::{DataSet, TOYS};
use crate::loss::Objective;

/// Every setting.
pub fn all() -> Vec<Field> {
    [data(), networks::generator(), networks::discriminator(), objective(), condition(), tricks::all()].concat()
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

const GOODFELLOW: &str = "Goodfellow et al. 2014";
const DCGAN: &str = "Radford et al. 2016 (DCGAN), section 4";
const AUGMENTATIONS: [(&str, &str); 4] = [
    ("none", "as they are"),
    ("translation", "moved"),
    ("pose", "moved, slanted and stretched"),
    ("all", "dimmed, moved and cut out of"),
];

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

fn objective() -> Vec<Field> {
    let field = |key, label, values| Field::new(Group::Objective, key, label, values);
    let losses = Objective::ALL.map(Objective::loss);
    let options = losses.iter().map(|g| Alternative { value: g.key, label: g.label }).collect();
    let labelled: Vec<&str> = losses.iter().filter(|g| g.labels).map(|g| g.key).collect();
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
