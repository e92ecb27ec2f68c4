//! The runs of `bench/quality.json`: every loss with its recipe, every architecture and conditional model.

/// A preset with settings that differ from it, its seeds and its length.
pub struct Entry {
    pub preset: &'static str,
    pub settings: &'static [&'static str],
    pub seeds: &'static [u32],
    pub steps: u32,
}

const FIVE: &[u32] = &[1, 2, 3, 4, 5];
const TWO: &[u32] = &[1, 2];

/// Two seeds, as many steps as the default preset needs for digits.
const fn member(preset: &'static str, settings: &'static [&'static str]) -> Entry {
    Entry { preset, settings, seeds: TWO, steps: 2000 }
}

pub const TABLE: &[Entry] = &[
    Entry { preset: "dcgan", settings: &[], seeds: FIVE, steps: 5000 },
    Entry { preset: "infogan", settings: &[], seeds: FIVE, steps: 3000 },
    member("acgan", &[]),
    // Class accuracy of the worse of two seeds: 95.8 % after 2,000 steps; both were above 97 % after 3,000.
    Entry { preset: "cgan", settings: &[], seeds: TWO, steps: 3000 },
    member("projection", &[]),
    Entry { preset: "cogan-edges", settings: &[], seeds: TWO, steps: 3000 },
    Entry { preset: "cogan-negatives", settings: &[], seeds: TWO, steps: 3000 },
    member("dcgan", &[]),
    member("dcgan", &["objective=minimax"]),
    member("lsgan", &[]),
    member("dcgan", &["objective=pearson"]),
    member("hinge", &[]),
    Entry { preset: "sngan", settings: &[], seeds: TWO, steps: 3000 },
    member("wgan", &[]),
    member("wgan-gp", &[]),
    member("wgan-gp", &["d_penalty=one-sided"]),
    member("r1", &[]),
    member("r3gan", &[]),
    member("dragan", &[]),
    member("dcgan", &["objective=relativistic"]),
    member("dcgan", &["objective=relativistic-average"]),
    member("dcgan", &["objective=relativistic-average-least-squares"]),
    member("dcgan", &["objective=relativistic-average-hinge"]),
    member("r3gan-mini", &[]),
    member("began", &[]),
    member("growing", &[]),
    member("style", &[]),
    // Fully connected networks need more steps, and their steps are short.
    Entry { preset: "goodfellow", settings: &[], seeds: TWO, steps: 10_000 },
    member("dcgan", &["attention=both"]),
    member("dcgan", &["g_up=nearest"]),
    // With weights of size 1, learning rates are relative step sizes. The default's, about a tenth of these, gave one
    // image for every z.
    member("dcgan", &["init=equalised", "g_lr=0.02", "d_lr=0.008"]),
    member("dcgan", &["pack=2"]),
    member("dcgan", &["g_norm=virtual"]),
    member("dcgan", &["g_noise=0.1"]),
    member("dcgan", &["d_dropout=0.3"]),
];
