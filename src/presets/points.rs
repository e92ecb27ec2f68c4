//! Experiments on known densities: figure 1 alive, and the published protocols for mode collapse.

use super::Preset;
use crate::config::{HiddenUnit, Norm, RunConfig};
use crate::data::DataSet;
use crate::loss::{Objective, Penalty};
use crate::nets::Initialiser;
use crate::optim::Method;

const FIRST: &str = "Points: see it work";
const COVERAGE: &str = "Points: finding every mode";
const LINE: &str = "Numbers: figure 1";

/// The settings under which a density is shown.
fn on(set: DataSet) -> RunConfig {
    set.toy().map(|toy| toy.config()).unwrap_or_default()
}

/// The networks, optimizer and data of Lin et al. 2018 (PacGAN), from the authors' code: `synthetic_data_experiments`.
fn pacgan(set: DataSet, pack: usize) -> RunConfig {
    let (modes, extent, spread) = if set == DataSet::Ring { (8, 1.0, 0.01) } else { (25, 4.0, 0.05) };
    RunConfig {
        modes,
        extent,
        spread,
        train_images: 100_000,
        // Their batch counts rows of D's input.
        batch: 100 * pack,
        pack,
        g_units: 400,
        g_layers: 4,
        g_norm: Norm::Batch,
        d_units: 200,
        d_layers: 3,
        d_hidden: HiddenUnit::Maxout,
        init: Initialiser::Dcgan,
        d_lr: 1e-4,
        g_lr: 1e-4,
        d_beta1: 0.8,
        g_beta1: 0.8,
        ..on(set)
    }
}

/// In the order of the list.
pub fn presets() -> Vec<Preset> {
    [first(), coverage(), published(), line()].concat()
}

fn first() -> Vec<Preset> {
    let toy = |set: DataSet, config: RunConfig, id, name, look| Preset {
        id,
        group: FIRST,
        name,
        look,
        source: "Goodfellow et al. 2014; networks small enough for a tab",
        config: RunConfig { data: set, ..config },
    };
    vec![
        toy(
            DataSet::Ring,
            wide_ring(),
            "ring",
            "A ring of eight clouds",
            "Orange points begin as one heap in the middle and run to the green clouds: within two thousand steps to all eight, or to all but one or two. The colour says where D believes data to be: watch it chase the points, and the points follow its slope.",
        ),
        toy(
            DataSet::Moons,
            on(DataSet::Moons),
            "moons",
            "Two moons",
            "The sheet of all z is pulled, bent and folded until it lies on two curves. Where they are apart, a thin thread of points remains between them: a continuous G cannot tear the sheet.",
        ),
        toy(
            DataSet::Unbalanced,
            on(DataSet::Unbalanced),
            "unbalanced",
            "An unbalanced ring",
            "Each cloud has half as many points as the one before. The three largest, seven eighths of the data, are found within two thousand steps; compare how many of the points each cloud gets with its due, by the KL in the table.",
        ),
    ]
}

/// The ring with clouds wide enough for small networks to fill, and learning rates at which that takes seconds.
fn wide_ring() -> RunConfig {
    RunConfig { spread: 0.05, d_lr: 3e-3, g_lr: 3e-3, ..on(DataSet::Ring) }
}

/// A pair that loses modes: five updates of D to one of G, and a z of 32 numbers, which starts G as one small heap
/// (docs/decisions/mode-collapse.md).
fn losing() -> RunConfig {
    RunConfig { latent_dim: 32, d_steps: 5, ..wide_ring() }
}

fn coverage() -> Vec<Preset> {
    let cure = |id, name, look, source, config| Preset { id, group: COVERAGE, name, look, source, config };
    vec![
        cure(
            "ring-lost",
            "A plain GAN loses modes",
            "All points rush to one or two of the clouds and stay there, or move on together: D learns to suspect that cloud only after G has gone. The four experiments below leave the networks, the rates and the five updates of D as they are, change what D learns by, and find all eight, or in packs at least six.",
            "Metz et al. 2017; the recipe after public runs of 5,000 steps with five updates of D",
            losing(),
        ),
        cure(
            "ring-r1",
            "The same with R1",
            "R1 keeps D's slope on the data small, so that D is never steep enough to chase all points to one place: the heat map stays soft and all eight clouds are found.",
            "Mescheder et al. 2018",
            RunConfig { d_penalty: Penalty::R1, d_penalty_weight: 0.1, ..losing() },
        ),
        cure(
            "ring-wgan-gp",
            "The same as WGAN-GP",
            "D is a critic whose slope is held at 1 between data and forgeries: it says how far to go, not whether to go. Points flow to all clouds from the start.",
            "Gulrajani et al. 2017, gan_toy.py: a weight of 0.1 on points",
            RunConfig { objective: Objective::Wasserstein, d_penalty: Penalty::Wgan, d_penalty_weight: 0.1, ..losing() },
        ),
        cure(
            "ring-packed",
            "The same in packs of four",
            "D judges four points at once, and four points of one cloud give G away: six to eight clouds are found. Nothing else has changed.",
            "Lin et al. 2018 (PacGAN)",
            RunConfig { pack: 4, ..losing() },
        ),
        cure(
            "ring-r3",
            "The same, relativistic with R1 and R2",
            "Every forged point is compared with a genuine one, so that leaving a cloud without points never pays, and both penalties keep D smooth.",
            "Huang et al. 2024 (R3GAN)",
            RunConfig { objective: Objective::Relativistic, d_penalty: Penalty::R1AndR2, d_penalty_weight: 0.1, ..losing() },
        ),
    ]
}

fn published() -> Vec<Preset> {
    let paper = |id, name, look, set, pack| Preset {
        id,
        group: COVERAGE,
        name,
        look,
        source: "Lin et al. 2018 (PacGAN), section 4.1 and the authors' code",
        config: pacgan(set, pack),
    };
    vec![
        paper(
            "pacgan-ring",
            "PacGAN's ring, plain GAN",
            "The published protocol, exactly: far wider networks, and 400,000 steps, of which a tab makes a few a second. Published: 6.3 of 8 modes.",
            DataSet::Ring,
            1,
        ),
        paper(
            "pacgan-ring-2",
            "PacGAN's ring, packs of 2",
            "The same with D judging two points at once. Published after 400,000 steps: 7.9 of 8 modes.",
            DataSet::Ring,
            2,
        ),
        paper(
            "pacgan-grid",
            "PacGAN's grid, plain GAN",
            "Twenty-five narrow clouds, not scaled: coordinates go from -4 to 4. Published after 400,000 steps: 17.3 of 25 modes.",
            DataSet::Grid,
            1,
        ),
        paper(
            "pacgan-grid-2",
            "PacGAN's grid, packs of 2",
            "The same with D judging two points at once. Published after 400,000 steps: 23.8 of 25 modes.",
            DataSet::Grid,
            2,
        ),
    ]
}

/// Two densities that do not touch, under the loss that then has no slope. Adam divides by the size of the gradients,
/// so that it walks on however small they are: G has SGD here. It starts as a narrow heap, so that none of its points
/// is at the data before D is sure, within some ten steps (docs/decisions/vanishing-gradient.md).
fn apart() -> RunConfig {
    RunConfig {
        objective: Objective::Minimax,
        offset: 6.0,
        spread: 0.25,
        init: Initialiser::Dcgan,
        d_steps: 5,
        d_lr: 1e-2,
        g_optimizer: Method::Sgd,
        g_lr: 5e-2,
        ..on(DataSet::Normal)
    }
}

fn line() -> Vec<Preset> {
    let figure = |id, name, look, source, config| Preset { id, group: LINE, name, look, source, config };
    vec![
        figure(
            "figure-1",
            "Figure 1, alive",
            "Green is the data, orange what G makes of z, blue what D says, dashed the best D there is. Train D to its optimum, then let G take a step, and walk through the panels of the figure.",
            "Goodfellow et al. 2014, figure 1",
            on(DataSet::Normal),
        ),
        figure(
            "two-humps",
            "Two humps",
            "G must cut its line of z in two: the lines between z and x part, and the few that lie between carry no data. Compare the value with its optimum, -log 4.",
            "Goodfellow et al. 2014, section 4",
            on(DataSet::Mixture),
        ),
        figure(
            "pulled-apart",
            "Pulled apart: nothing to learn from",
            "Data and generated points do not overlap, D is right about all within a hundred steps, and the loss as the game defines it is flat where G's points are: they stand still, however long D trains. Give D some instance noise and watch the slope come back.",
            "Arjovsky and Bottou 2017, theorem 2.4",
            apart(),
        ),
        figure(
            "pulled-apart-noise",
            "The same with instance noise",
            "Noise on everything that D sees makes the two overlap, so that D's doubt reaches G and shows the way: within a thousand steps G's heap stands on the data. How wide the data is so much noise hides; it is taken away over the steps.",
            "Arjovsky and Bottou 2017, section 3; Huszár 2016",
            RunConfig { d_noise: 2.0, d_noise_steps: 4_000, ..apart() },
        ),
    ]
}
