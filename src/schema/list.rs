//! Every setting, group by group, in the order of the form.

mod networks;
mod tricks;

use super::{Alternative, Field, Group, Values};
use crate::data::{DataSet, IMAGE_SETS, TOYS};
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

/// The data sets: images, then toy data.
fn data_options() -> Values {
    let images = IMAGE_SETS.iter().map(|spec| Alternative { value: spec.key, label: spec.name });
    let densities = TOYS.iter().map(|toy| Alternative { value: toy.key, label: toy.name });
    Values::Choice { options: images.chain(densities).collect() }
}

const GOODFELLOW: &str = "Goodfellow et al. 2014";
const DCGAN: &str = "Radford et al. 2016 (DCGAN), section 4";
const AUGMENTATIONS: [(&str, &str); 4] = [
    ("none", "none"),
    ("translation", "translation"),
    ("pose", "translation, shear, scaling"),
    ("all", "brightness, contrast, translation, cutout"),
];

/// Keys of the image data sets.
fn images() -> Vec<&'static str> {
    IMAGE_SETS.iter().map(|spec| spec.key).collect()
}

/// Keys of all densities except `but`.
fn densities(but: &[DataSet]) -> Vec<&'static str> {
    TOYS.iter().filter(|toy| !but.contains(&toy.set)).map(|toy| toy.key).collect()
}

fn data() -> Vec<Field> {
    let field = |key, label, values| Field::new(Group::Data, key, label, values);
    vec![
        field("data", "Data set", data_options()).about(
            "Where real samples come from, p_data: images, points in the plane, or numbers on a line.",
            "see the picker",
        ),
        field("modes", "Modes", integer(1, 64))
            .about(
                "Number of Gaussian components of the density, all of the same width.",
                "Lin et al. 2018 (PacGAN): a ring of 8, a grid of 25",
            )
            .only("data", &["ring", "grid", "unbalanced", "mixture"]),
        field("extent", "Scale (radius)", real(0.1, 10.0))
            .about(
                "Radius of a ring, circle or spiral; half the side of a grid; half the length of a line; mean of the \
                 exponential.",
                "Gulrajani et al. 2017: data scaled to standard deviation 1; PacGAN: 1 and 4, not scaled",
            )
            .only("data", &densities(&[DataSet::Normal, DataSet::HeavyTail, DataSet::Drawn, DataSet::Curve])),
        field("spread", "Standard deviation", real(0.001, 2.0))
            .about("Width of each Gaussian, or of the noise around a curve.", "PacGAN: 0.01 and 0.05")
            .only("data", &densities(&[DataSet::Uniform, DataSet::Exponential, DataSet::Curve])),
        field("offset", "Offset", real(-10.0, 10.0))
            .about(
                "Shifts the data along x. Far from where G starts, D separates real from generated samples perfectly \
                 and gives G no gradient.",
                "Arjovsky and Bottou 2017, section 2",
            )
            .only("data", &densities(&[])),
        field("train_images", "Training samples", integer(8, 100_000)).about(
            "Training images in use, in file order, or points drawn from the density. With a thousand images D \
             overfits: its gradient then only helps G to imitate these.",
            "all of them in every paper, PacGAN's 100,000 points; few: Karras et al. 2020 (ADA)",
        ),
        field(
            "family",
            "Architecture",
            choice(&[
                ("dcgan", "DCGAN (convolutional)"),
                ("mlp", "MLP (fully connected)"),
                ("resnet", "ResNet (residual blocks, no normalisation)"),
                ("growing", "Progressive growing (a quarter, half, all of the side)"),
                ("style", "Style-based (z modulates each convolution)"),
            ]),
        )
        .about(
            "The type of both networks. Convolutions exploit that neighbouring pixels are related. A residual block \
             adds its output, at first 0, to its input.",
            "Radford et al. 2016; Goodfellow et al. 2014; Huang et al. 2024 (R3GAN)",
        )
        .only("data", &images()),
        field(
            "init",
            "Weight initialisation",
            choice(&[
                ("recipe", "as in the architecture's paper"),
                ("dcgan", "normal, \u{3c3} = 0.02"),
                ("he", "He (Kaiming)"),
                ("xavier", "Xavier (Glorot)"),
                ("orthogonal", "orthogonal"),
                ("equalised", "equalised learning rate"),
            ]),
        )
        .about(
            "Initial weights of both networks. With the equalised learning rate they are drawn from N(0, 1) and \
             multiplied by He's constant at run time, so that Adam's relative step is equal in all layers. The last \
             layer of a residual block starts at 0.",
            "Radford et al. 2016; He et al. 2015; Glorot and Bengio 2010; Saxe et al. 2014; Karras et al. 2018",
        ),
        field("batch", "Batch size", integer(2, 512)).unit("samples").about(
            "Samples per minibatch, m in Algorithm 1. Larger batches give less noisy gradients and slower steps.",
            "DCGAN uses 128; 32 is faster on a CPU",
        ),
        field("seed", "Seed", integer(0, u32::MAX.into())).about(
            "Seeds the weights, batches and noise: the same seed and settings give the same run.",
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
        field("objective", "Loss (objective)", Values::Choice { options }).live().about(
            "What both networks minimise. With the original minimax loss G's gradient vanishes when D is confident; \
             the non-saturating loss has the same fixed point and avoids this. The others change what D's output \
             means.",
            "a paper each, named in its file in src/loss",
        ),
        field("balance", "BEGAN \u{3b3} (diversity ratio)", real(0.0, 1.0))
            .live()
            .about(
                "Target ratio of D's reconstruction error on generated images to that on real ones. Lower values \
                 give sharper, less diverse images.",
                "Berthelot et al. 2017 (BEGAN): 0.5 in the authors' code, 0.75 for MNIST in collections",
            )
            .only("objective", &["began"]),
        field("balance_rate", "BEGAN \u{3bb}_k", real(0.0, 1.0))
            .live()
            .about(
                "Learning rate of k, the weight of generated images in D's loss, which keeps the ratio at \u{3b3}.",
                "Berthelot et al. 2017 (BEGAN): 0.001",
            )
            .only("objective", &["began"]),
        field("d_steps", "D steps per G step, k", integer(1, 20))
            .live()
            .about("D steps before each G step, each on a new minibatch.", GOODFELLOW),
        field("real_target", "Real label", real(0.5, 1.0))
            .live()
            .about(
                "D's target on real samples. A value slightly below 1 (one-sided label smoothing) keeps D from being \
                 overconfident; at equilibrium D is half of it.",
                "Salimans et al. 2016, section 3.4",
            )
            .only("objective", &labelled),
    ]
}

fn condition() -> Vec<Field> {
    let field = |key, label, values| Field::new(Group::Condition, key, label, values);
    let weighted = ["auxiliary", "codes"];
    vec![
        field(
            "condition",
            "Conditioning",
            choice(&[
                ("none", "none"),
                ("concatenation", "class, concatenated to D's features"),
                ("projection", "class, projection discriminator"),
                ("auxiliary", "class, auxiliary classifier (ACGAN)"),
                ("codes", "latent codes (InfoGAN)"),
                ("coupled", "two domains from one z (CoGAN)"),
            ]),
        )
        .about(
            "G's input besides z. Given a class, G generates it. InfoGAN's codes have no given meaning: maximising \
             their mutual information with the image makes them encode its main variations.",
            "Mirza and Osindero 2014; Miyato and Koyama 2018; Odena et al. 2017; Chen et al. 2016; Liu and Tuzel 2016",
        ),
        field("coupling", "Second domain", choice(&[("edges", "edges of the digit"), ("negatives", "negative")]))
            .about(
                "Every second training image is converted to this domain; none is shown in both. G generates both \
                 domains from each z and shares all layers but the last between them.",
                "Liu and Tuzel 2016 (CoGAN)",
            )
            .only("condition", &["coupled"]),
        field("code_continuous", "Continuous codes", integer(0, 4))
            .about(
                "Number of codes in [-1, 1], besides the categorical code of ten; the paper uses 2 on MNIST.",
                "Chen et al. 2016 (InfoGAN), appendix C.1",
            )
            .only("condition", &["codes"]),
        field("code_weight", "Auxiliary loss weight \u{3bb}", real(0.0, 10.0))
            .live()
            .about(
                "Weight, in both networks' losses, of the loss with which D predicts the class or code.",
                "1 in both papers",
            )
            .only("condition", &weighted),
        field("code_augment", "Augmentation of Q's input", choice(&AUGMENTATIONS))
            .about(
                "Q, D's head for the codes, predicts the categorical code from the transformed image, so that it \
                 encodes shape and not pose. The continuous codes are predicted from the image itself.",
                "after Hu et al. 2017 (IMSAT), self-augmentation; Zhao et al. 2020 (DiffAugment) for the transforms",
            )
            .only("condition", &["codes"]),
    ]
}
