//! The toy data sets of the page: known densities and their default shapes.

use serde::Serialize;

use super::{DataSet, DensityShape, DensitySpec, Space};

/// A density on the line or in the plane.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct Toy {
    #[serde(skip)]
    pub set: DataSet,
    /// Key in configurations and URLs.
    #[serde(rename = "id")]
    pub key: &'static str,
    pub name: &'static str,
    pub about: &'static str,
    pub space: Space,
    /// Whether the user draws it.
    pub drawn: bool,
    /// Its number of modes, extent and spread by default.
    #[serde(skip)]
    shape: (usize, f64, f64),
}

/// Ring with a radius of 2 and a standard deviation of 0.02 (Gulrajani et al. 2017, `gan_toy.py`), scaled so that the
/// data has a standard deviation of 1 along each axis.
const RING: (usize, f64, f64) = (8, std::f64::consts::SQRT_2, 0.014_142);
/// Grid with a spacing of 2 and a standard deviation of 0.05 (Lin et al. 2018, PacGAN), divided by 2.83, the standard
/// deviation of its centres.
const GRID: (usize, f64, f64) = (25, std::f64::consts::SQRT_2, 0.017_678);

const fn plane(
    set: DataSet,
    key: &'static str,
    name: &'static str,
    about: &'static str,
    shape: (usize, f64, f64),
) -> Toy {
    Toy { set, key, name, about, space: Space::Plane, drawn: false, shape }
}

const fn line(
    set: DataSet,
    key: &'static str,
    name: &'static str,
    about: &'static str,
    shape: (usize, f64, f64),
) -> Toy {
    Toy { space: Space::Line, ..plane(set, key, name, about, shape) }
}

/// Every density, in the order of the picker.
pub const TOYS: [Toy; 15] = [
    plane(DataSet::Ring, "ring", "ring of Gaussians", "Equal Gaussians on a circle: which modes does G cover?", RING),
    plane(DataSet::Grid, "grid", "grid of Gaussians", "Equal Gaussians in rows and columns", GRID),
    plane(DataSet::Segment, "segment", "line", "A straight line with Gaussian noise", (1, 1.5, 0.05)),
    plane(DataSet::Circle, "circle", "circle", "A circle with Gaussian noise", (1, 1.4, 0.05)),
    plane(DataSet::Moons, "moons", "two moons", "Two interleaved half circles", (1, 1.8, 0.06)),
    plane(DataSet::Spiral, "spiral", "spiral", "An Archimedean spiral of little more than one turn", (1, 1.8, 0.05)),
    plane(DataSet::Disjoint, "disjoint", "three clusters", "Three Gaussians far apart", (3, 1.4, 0.15)),
    plane(
        DataSet::Unbalanced,
        "unbalanced",
        "unbalanced ring",
        "Each mode has half the share of the one before",
        (8, 1.414, 0.05),
    ),
    Toy {
        drawn: true,
        ..plane(DataSet::Drawn, "drawn", "your own points", "Drawn by hand, or loaded from JSON or CSV", (1, 1.0, 0.05))
    },
    line(DataSet::Normal, "normal", "normal", "The Gaussian of figure 1", (1, 1.0, 0.5)),
    line(DataSet::Mixture, "mixture", "Gaussian mixture", "Equally spaced Gaussians", (2, 1.5, 0.3)),
    line(DataSet::Uniform, "uniform", "uniform", "Constant on an interval", (1, 1.0, 0.5)),
    line(DataSet::Exponential, "exponential", "exponential", "A sharp edge and a long tail", (1, 1.0, 0.5)),
    line(DataSet::HeavyTail, "heavy-tail", "Cauchy", "So heavy-tailed that it has no mean", (1, 1.0, 0.3)),
    Toy { drawn: true, ..line(DataSet::Curve, "curve", "your own density", "A density drawn by hand", (1, 1.0, 0.5)) },
];

impl DataSet {
    /// Its toy data, or None for images.
    pub fn toy(self) -> Option<&'static Toy> {
        TOYS.iter().find(|toy| toy.set == self)
    }
}

impl Toy {
    /// The density by default.
    pub fn density(&self) -> DensitySpec {
        let (modes, extent, spread) = self.shape;
        DensitySpec { data: self.set, shape: DensityShape { modes, extent, spread, offset: 0.0 } }
    }
}
