//! Presets on known densities: figure 1, and the published protocols for mode collapse.

use super::Preset;
use crate::config;
use crate::config::{HiddenUnit, Norm, RunConfig};
use counterfeit_data::DataSet;
use counterfeit_gan::loss::{Objective, Penalty};
use counterfeit_gan::optim::Method;
use counterfeit_nn::Initialiser;

const FIRST: &str = "2-D toy data: first runs";
const COVERAGE: &str = "2-D toy data: mode coverage";
const LINE: &str = "1-D toy data: figure 1";

/// The default configuration of a density.
fn on(set: DataSet) -> RunConfig {
    RunConfig::on(set)
}

/// The networks, optimizer and data of Lin et al. 2018 (PacGAN), from the authors' code: `synthetic_data_experiments`.
fn pacgan(set: DataSet, pack: usize) -> RunConfig {
    let (modes, extent, spread) = if set == DataSet::Ring { (8, 1.0, 0.01) } else { (25, 4.0, 0.05) };
    config! {
        density.modes: modes,
        density.extent: extent,
        density.spread: spread,
        train_images: 100_000,
        // Their batch size counts packs.
        batch: 100 * pack,
        pack: pack,
        generator.network.units: 400,
        generator.network.layers: 4,
        generator.network.norm: Norm::Batch,
        discriminator.network.units: 200,
        discriminator.network.layers: 3,
        discriminator.hidden: HiddenUnit::Maxout,
        init: Initialiser::Dcgan,
        discriminator.optimizer.lr: 1e-4,
        generator.optimizer.lr: 1e-4,
        discriminator.optimizer.beta1: 0.8,
        generator.optimizer.beta1: 0.8,
        ..on(set)
    }
}

/// In the order of the list.
pub fn presets() -> Vec<Preset> {
    [first(), coverage(), published(), line()].concat()
}

fn first() -> Vec<Preset> {
    let toy = |set: DataSet, config: RunConfig, id, name, description| Preset {
        id,
        group: FIRST,
        name,
        description,
        source: "Goodfellow et al. 2014; networks small enough for a tab",
        config: config! { data: set, ..config },
    };
    vec![
        toy(
            DataSet::Ring,
            wide_ring(),
            "ring",
            "Ring of 8 Gaussians",
            "Generated points (orange) start as one cluster in the middle and move to the real ones (green): within \
             two thousand steps to all eight modes, or all but one or two. The colour shows D(x). The points follow \
             its gradient, and D follows the points.",
        ),
        toy(
            DataSet::Moons,
            on(DataSet::Moons),
            "moons",
            "Two moons",
            "The generator manifold is stretched and folded until it covers both curves. A thin thread of points \
             remains between them: a continuous G cannot tear the manifold.",
        ),
        toy(
            DataSet::Unbalanced,
            on(DataSet::Unbalanced),
            "unbalanced",
            "Unbalanced ring",
            "Each mode has half the share of the one before. The three largest, seven eighths of the data, are \
             covered within two thousand steps. The KL divergence in the table compares the shares of generated \
             points with those of the data.",
        ),
    ]
}

/// The ring with Gaussians wide enough for small networks, and learning rates that cover it within seconds.
fn wide_ring() -> RunConfig {
    config! {
        density.spread: 0.05,
        discriminator.optimizer.lr: 3e-3,
        generator.optimizer.lr: 3e-3,
        ..on(DataSet::Ring)
    }
}

/// A configuration that loses modes: five D steps per G step, and 32 latent dimensions, with which G starts as one
/// small cluster. Five of five seeds ended on one or two of eight modes (`bench/modes.json`).
fn losing() -> RunConfig {
    config! { latent_dim: 32, d_steps: 5, ..wide_ring() }
}

fn coverage() -> Vec<Preset> {
    let cure =
        |id, name, description, source, config| Preset { id, group: COVERAGE, name, description, source, config };
    vec![
        cure(
            "ring-lost",
            "Ring, plain GAN: mode collapse",
            "All points move to one or two modes and stay there, or move on together: D learns to reject that mode \
             only after G has left it. The four presets below keep the networks, the rates and the five D steps, \
             change D's loss or input, and cover all eight modes, or at least six with packing.",
            "Metz et al. 2017; the recipe after public runs of 5,000 steps with five D steps",
            losing(),
        ),
        cure(
            "ring-r1",
            "Ring + R1",
            "R1 keeps D's gradient on real samples small, so that D never pushes all points to one mode: the heat \
             map stays smooth, and all eight modes are covered.",
            "Mescheder et al. 2018",
            config! { penalty.penalty: Penalty::R1, penalty.weight: 0.1, ..losing() },
        ),
        cure(
            "ring-wgan-gp",
            "Ring + WGAN-GP",
            "D is a critic with gradient norm 1 between real and generated points, so that its gradient never \
             vanishes. Points flow to all modes from the start.",
            "Gulrajani et al. 2017, gan_toy.py: a weight of 0.1 on points",
            config! {
                loss.objective: Objective::Wasserstein,
                penalty.penalty: Penalty::Wgan,
                penalty.weight: 0.1,
                ..losing()
            },
        ),
        cure(
            "ring-packed",
            "Ring + PacGAN (packs of 4)",
            "D classifies four points jointly, and four points on one mode are easily told from real ones: six to \
             eight modes are covered. Nothing else has changed.",
            "Lin et al. 2018 (PacGAN)",
            config! { pack: 4, ..losing() },
        ),
        cure(
            "ring-r3",
            "Ring + relativistic loss + R1 + R2",
            "Every generated point is compared with a real one, so that missing a mode always costs, and both \
             penalties keep D smooth.",
            "Huang et al. 2024 (R3GAN)",
            config! {
                loss.objective: Objective::Relativistic,
                penalty.penalty: Penalty::R1AndR2,
                penalty.weight: 0.1,
                ..losing()
            },
        ),
    ]
}

fn published() -> Vec<Preset> {
    let paper = |id, name, description, set, pack| Preset {
        id,
        group: COVERAGE,
        name,
        description,
        source: "Lin et al. 2018 (PacGAN), section 4.1 and the authors' code",
        config: pacgan(set, pack),
    };
    vec![
        paper(
            "pacgan-ring",
            "PacGAN ring, plain GAN",
            "The exact published protocol: much wider networks and 400,000 steps, of which a tab makes a few per \
             second. Published: 6.3 of 8 modes.",
            DataSet::Ring,
            1,
        ),
        paper(
            "pacgan-ring-2",
            "PacGAN ring, packs of 2",
            "D classifies two points jointly. Published after 400,000 steps: 7.9 of 8 modes.",
            DataSet::Ring,
            2,
        ),
        paper(
            "pacgan-grid",
            "PacGAN grid, plain GAN",
            "25 narrow Gaussians, not scaled: coordinates range from -4 to 4. Published after 400,000 steps: 17.3 of \
             25 modes.",
            DataSet::Grid,
            1,
        ),
        paper(
            "pacgan-grid-2",
            "PacGAN grid, packs of 2",
            "D classifies two points jointly. Published after 400,000 steps: 23.8 of 25 modes.",
            DataSet::Grid,
            2,
        ),
    ]
}

/// Two densities without overlap and the minimax loss, whose gradient then vanishes. G uses SGD, because Adam
/// normalises even tiny gradients. G starts as a narrow cluster, and D is certain within about ten steps. With the
/// usual initial weights G's outermost points reached the data before that, and within 1,500 steps all others followed.
fn apart() -> RunConfig {
    config! {
        loss.objective: Objective::Minimax,
        density.offset: 6.0,
        density.spread: 0.25,
        init: Initialiser::Dcgan,
        d_steps: 5,
        discriminator.optimizer.lr: 1e-2,
        generator.optimizer.method: Method::Sgd,
        generator.optimizer.lr: 5e-2,
        ..on(DataSet::Normal)
    }
}

fn line() -> Vec<Preset> {
    let figure = |id, name, description, source, config| Preset { id, group: LINE, name, description, source, config };
    vec![
        figure(
            "figure-1",
            "Figure 1, interactive",
            "Green is p_data, orange p_g, blue D(x), dashed the optimal D*. Train D to its optimum, then take a G \
             step, to go through the panels of the figure.",
            "Goodfellow et al. 2014, figure 1",
            on(DataSet::Normal),
        ),
        figure(
            "two-humps",
            "Two Gaussians",
            "G must map one interval of z to two modes: the lines from z to x part, and few samples fall in between. \
             Compare the value V(D, G) with its optimum, -log 4.",
            "Goodfellow et al. 2014, section 4",
            on(DataSet::Mixture),
        ),
        figure(
            "pulled-apart",
            "Disjoint supports: vanishing gradient",
            "Real and generated samples do not overlap: D classifies all correctly within a hundred steps, and the \
             minimax loss is flat at the generated samples, which stop moving however long D trains. Add instance \
             noise, and the gradient returns.",
            "Arjovsky and Bottou 2017, theorem 2.4",
            apart(),
        ),
        figure(
            "pulled-apart-noise",
            "Disjoint supports + instance noise",
            "Noise on all inputs of D makes the distributions overlap, so that D's gradient reaches G: within a \
             thousand steps the generated samples lie on the data. So much noise hides the width of the data; it \
             decays during training.",
            "Arjovsky and Bottou 2017, section 3; Huszár 2016",
            config! { tricks.noise.deviation: 2.0, tricks.noise.steps: 4_000, ..apart() },
        ),
    ]
}
