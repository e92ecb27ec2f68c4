//! Settings of what can be combined with any loss.

use super::{AUGMENTATIONS, choice, integer, real};
use crate::schema::{Field, Group};

pub fn all() -> Vec<Field> {
    let field = |key, label, values| Field::new(Group::Tricks, key, label, values);
    vec![
        field("g_half_life", "EMA half-life", real(1.0, 100_000.0)).unit("steps").live().about(
            "Half-life of the exponential moving average of G's weights. The EMA has no effect on training and \
             generates better samples than G itself.",
            "Karras et al. 2018; 693 steps: decay 0.999",
        ),
        field("g_noise", "Layer noise in G", real(0.0, 1.0)).about(
            "Standard deviation of the Gaussian noise on G's hidden activations in training; samples are drawn \
             without it.",
            "ganhacks 13",
        ),
        field("pack", "PacGAN pack size", integer(1, 4)).unit("images").about(
            "D classifies this many samples jointly, so that it sees when they are alike. Must divide the batch size.",
            "Lin et al. 2018 (PacGAN): 2 to 4",
        ),
        field(
            "d_batch",
            "Minibatch feature",
            choice(&[("none", "none"), ("deviation", "standard deviation"), ("closeness", "discrimination")]),
        )
        .about(
            "Statistics of the batch, 1 or 50 numbers, appended to D's features, so that D sees when samples are \
             alike. Real and generated batches then pass through D separately.",
            "Karras et al. 2018; Salimans et al. 2016",
        ),
        field("g_goal", "Generator loss", choice(&[("game", "adversarial"), ("features", "feature matching")])).about(
            "Feature matching: instead of fooling D, G matches the mean of D's last features to that of real samples.",
            "Salimans et al. 2016",
        ),
        field("augment", "Augmentation", choice(&AUGMENTATIONS)).about(
            "Differentiable transforms of all images that D sees, real or generated: translation by up to an eighth, \
             or also brightness, contrast and cutout. For small training sets.",
            "Zhao et al. 2020 (DiffAugment)",
        ),
        field("d_noise", "Instance noise", real(0.0, 2.0)).live().about(
            "Standard deviation of the Gaussian noise on D's inputs, real or generated; pixels range from -1 to 1. \
             It makes the two distributions overlap.",
            "S\u{f8}nderby et al. 2017; Arjovsky and Bottou 2017; ganhacks 13",
        ),
        field("d_noise_steps", "Noise decay steps", integer(1, 1_000_000))
            .unit("steps")
            .live()
            .about("The instance noise decays linearly to 0 over these steps.", "Roth et al. 2017 anneal it too"),
        field("d_flip", "Label flipping", real(0.0, 0.5)).live().about(
            "Share of pairs whose labels are swapped for D: the real sample is labelled generated and vice versa. \
             D(x) and D(G(z)) then go by these labels.",
            "ganhacks 6",
        ),
        field("replay", "Experience replay", real(0.0, 0.9)).live().about(
            "Share of D's generated samples that come from G's last 32 batches, so that D does not forget past fakes.",
            "ganhacks 8; Shrivastava et al. 2017",
        ),
        field("g_clip_norm", "Gradient clipping (max norm), G", real(0.0, 1000.0))
            .live()
            .about("Scales a longer gradient down to this L2 norm; 0 turns it off.", "Pascanu et al. 2013"),
        field("d_clip_norm", "Gradient clipping (max norm), D", real(0.0, 1000.0))
            .live()
            .about("Scales a longer gradient down to this L2 norm; 0 turns it off.", "Pascanu et al. 2013"),
        field(
            "schedule",
            "Learning-rate schedule",
            choice(&[
                ("constant", "constant"),
                ("linear", "linear decay"),
                ("cosine", "cosine decay"),
                ("halving", "exponential decay"),
            ]),
        )
        .about(
            "How both learning rates change during the run.",
            "Goodfellow et al. 2014 decay them; Loshchilov and \
            Hutter 2017",
        ),
        field("schedule_steps", "Decay steps", integer(1, 1_000_000))
            .unit("steps")
            .about("Steps until the rates reach 0, or one half in exponential decay.", "the length of a run")
            .only("schedule", &["linear", "cosine", "halving"]),
        field("history", "Historical averaging", real(0.0, 10.0)).about(
            "Weight of |\u{3b8} - mean of \u{3b8} so far|\u{b2} in both losses: damps oscillation, and progress too.",
            "Salimans et al. 2016",
        ),
        field("unroll", "Unrolled steps", integer(0, 10)).about(
            "G trains against D after this many further D steps, which are then undone. Each costs as much as a D \
             step. The gradient through D's updates is left out.",
            "Metz et al. 2017",
        ),
    ]
}
