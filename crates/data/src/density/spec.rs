//! What a density is made from: its kind and its sizes, which are settings.

use counterfeit_spec::Spec;
use thiserror::Error;

use crate::catalogue::DataSet;
use crate::toy::TOYS;

/// Sizes of a density. Those that its kind does not have are ignored.
#[derive(Debug, Clone, Copy, PartialEq, Spec)]
pub struct DensityShape {
    /// Number of Gaussian components of the density, all of the same width.
    #[setting(
        label = "Modes", default = 8, range = 1..=64, basic, only(data = ["ring", "grid", "unbalanced", "mixture"]),
        source = "Lin et al. 2018 (PacGAN): a ring of 8, a grid of 25",
    )]
    pub modes: usize,
    /// Radius of a ring, circle or spiral; half the side of a grid; half the length of a line; mean of the exponential.
    #[setting(
        label = "Scale (radius)", default = 1.0, range = 0.1..=10.0, only(data = sized),
        source = "Gulrajani et al. 2017: data scaled to standard deviation 1; PacGAN: 1 and 4, not scaled",
    )]
    pub extent: f64,
    /// Width of each Gaussian, or of the noise around a curve.
    #[setting(
        label = "Standard deviation", default = 0.1, range = 0.001..=2.0, only(data = spread),
        source = "PacGAN: 0.01 and 0.05",
    )]
    pub spread: f64,
    /// Shifts the data along x. Far from where G starts, D separates real from generated samples perfectly and gives G
    /// no gradient.
    #[setting(
        label = "Offset", default = 0.0, range = -10.0..=10.0, only(data = densities),
        source = "Arjovsky and Bottou 2017, section 2",
    )]
    pub offset: f64,
}

/// What a density is made from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DensitySpec {
    pub data: DataSet,
    pub shape: DensityShape,
}

/// Keys of all densities.
fn densities() -> Vec<&'static str> {
    densities_but(&[])
}

/// Keys of the densities with a scale.
fn sized() -> Vec<&'static str> {
    densities_but(&[DataSet::Normal, DataSet::HeavyTail, DataSet::Drawn, DataSet::Curve])
}

/// Keys of the densities with a standard deviation.
fn spread() -> Vec<&'static str> {
    densities_but(&[DataSet::Uniform, DataSet::Exponential, DataSet::Curve])
}

fn densities_but(but: &[DataSet]) -> Vec<&'static str> {
    TOYS.iter().filter(|toy| !but.contains(&toy.set)).map(|toy| toy.key).collect()
}

/// Why there is no such density; each message says what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DensityError {
    #[error("nothing has been drawn or dropped in yet: draw something, or choose another data set.")]
    NothingDrawn,
    #[error("at least three points with finite coordinates are needed: draw more.")]
    FewPoints,
    #[error("images have no known density: choose toy data.")]
    Images,
}
