//! Settings of what can be switched on beside any game.

use super::{AUGMENTATIONS, choice, integer, real};
use crate::schema::{Field, Group};

pub fn all() -> Vec<Field> {
    let field = |key, label, values| Field::new(Group::Tricks, key, label, values);
    vec![
        field("g_half_life", "Half-life of the average", real(1.0, 100_000.0))
            .unit("steps")
            .live()
            .about(
                "The averaged generator's: after so many steps half of it is from since then. It takes no part in the game and draws better than G as it is.",
                "Karras et al. 2018; 693 steps are a share of 0.001",
            ),
        field("g_noise", "Noise in G's layers", real(0.0, 1.0)).about(
            "Standard deviation of the noise on every hidden value of G while it learns; samples are drawn without.",
            "ganhacks 13",
        ),
        field("pack", "Images in a pack", integer(1, 4)).unit("images").about(
            "D judges so many images at once, so that it sees when they are all alike. The batch must divide by it.",
            "Lin et al. 2018 (PacGAN): 2 to 4",
        ),
        field(
            "d_batch",
            "D sees of its batch",
            choice(&[("none", "nothing"), ("deviation", "how much it varies"), ("closeness", "how close each image is to the others")]),
        )
        .about(
            "A number, or fifty, beside D's features that tell it when a batch is all alike: minibatch standard deviation and minibatch discrimination. Real and generated batches are then judged apart.",
            "Karras et al. 2018; Salimans et al. 2016",
        ),
        field("g_goal", "G wants", choice(&[("game", "what the game says"), ("features", "D's features to agree")])).about(
            "Feature matching: G no longer fools D, but makes the mean of D's last features over its images that over real ones.",
            "Salimans et al. 2016",
        ),
        field("augment", "Augmentation", choice(&AUGMENTATIONS))
            .about(
                "D sees every image, real or generated, moved by up to an eighth, or also dimmed and with a square cut out, and G learns through it: for few training images.",
                "Zhao et al. 2020 (DiffAugment)",
            ),
        field("d_noise", "Instance noise", real(0.0, 2.0)).live().about(
            "Standard deviation of the noise on every value that D sees, real or generated; pixels go from -1 to 1. It makes the two distributions overlap.",
            "S\u{f8}nderby et al. 2017; Arjovsky and Bottou 2017; ganhacks 13",
        ),
        field("d_noise_steps", "Noise gone after", integer(1, 1_000_000))
            .unit("steps")
            .live()
            .about("The noise falls in a straight line to nothing at this step.", "Roth et al. 2017 anneal it too"),
        field("d_flip", "Flipped labels", real(0.0, 0.5)).live().about(
            "Share of image pairs of which D is told the opposite: the real one is called generated and the other way round. D(x) and D(G(z)) are then of what D was told.",
            "ganhacks 6",
        ),
        field("replay", "Replayed fakes", real(0.0, 0.9)).live().about(
            "Share of D's generated images that come from one of G's last 32 batches, so that D does not forget what G no longer does.",
            "ganhacks 8; Shrivastava et al. 2017",
        ),
        field("g_clip_norm", "Longest gradient of G", real(0.0, 1000.0))
            .live()
            .about("A longer gradient is shortened to this norm; 0 leaves every one as it is.", "Pascanu et al. 2013"),
        field("d_clip_norm", "Longest gradient of D", real(0.0, 1000.0))
            .live()
            .about("A longer gradient is shortened to this norm; 0 leaves every one as it is.", "Pascanu et al. 2013"),
        field(
            "schedule",
            "Learning rates",
            choice(&[("constant", "stay"), ("linear", "fall to 0 in a line"), ("cosine", "fall to 0 in a cosine"), ("halving", "halve again and again")]),
        )
        .about("How both learning rates change over the run.", "Goodfellow et al. 2014 let them fall; Loshchilov and Hutter 2017"),
        field("schedule_steps", "Over", integer(1, 1_000_000))
            .unit("steps")
            .about("When the rates have come to 0, or to one half.", "the length of a run")
            .only("schedule", &["linear", "cosine", "halving"]),
        field("history", "Historical averaging", real(0.0, 10.0)).about(
            "Weight of |\u{3b8} - mean of \u{3b8} so far|\u{b2} in both losses: it damps going round in circles, and progress too.",
            "Salimans et al. 2016",
        ),
        field("unroll", "Unrolled steps", integer(0, 10)).about(
            "G learns against a D that has gone so many steps on, which are taken back. Each costs as much as a step of D. The gradient through D's own updates is left out.",
            "Metz et al. 2017",
        ),
    ]
}
