//! Densities in the plane: mixtures of Gaussians, each a mode of its own or close together along a curve.

use std::f64::consts::TAU;

use super::spec::{DensityError, DensityShape, DensitySpec};
use crate::catalogue::DataSet;

/// Number of Gaussians along a curve: with the default lengths, neighbours are less than one standard deviation apart.
const NODES: usize = 256;
/// Sections of a curve that count as modes, each with about a twentieth of the data.
const SECTIONS: usize = 20;
/// Number of turns of the spiral from its centre; the innermost part, up to sqrt(0.05), is left out.
const TURNS: f64 = 1.5;
/// Share of each mode of the unbalanced ring relative to the one before: the first of 8 has half of the data, the last
/// 1/255.
const UNBALANCE: f64 = 0.5;

/// A mixture of Gaussians of equal width, each with its share of the data.
#[derive(Debug, Clone, PartialEq)]
pub struct Clouds {
    pub centres: Vec<[f64; 2]>,
    pub shares: Vec<f64>,
    /// Standard deviation along each axis.
    pub deviation: f64,
    /// Index of the mode of each Gaussian; None if the density has no modes.
    pub modes: Option<Vec<usize>>,
}

/// Points `t` in [0, 1) along a curve, at equal steps of `t`.
fn along(curve: impl Fn(f64) -> [f64; 2]) -> Vec<[f64; 2]> {
    (0..NODES).map(|i| curve((i as f64 + 0.5) / NODES as f64)).collect()
}

fn on_circle(radius: f64, turn: f64) -> [f64; 2] {
    [radius * libm::cos(TAU * turn), radius * libm::sin(TAU * turn)]
}

/// A mixture of equal Gaussians in which each Gaussian is a mode.
pub fn clouds(centres: Vec<[f64; 2]>, deviation: f64) -> Clouds {
    let n = centres.len();
    Clouds { centres, shares: vec![1.0 / n as f64; n], deviation, modes: Some((0..n).collect()) }
}

/// A mixture of equal Gaussians along a curve, with [`SECTIONS`] modes.
fn curve(centres: Vec<[f64; 2]>, deviation: f64) -> Clouds {
    let n = centres.len();
    Clouds { modes: Some((0..n).map(|i| i * SECTIONS / n).collect()), ..clouds(centres, deviation) }
}

/// The mixture of a specification; `drawn` are the points of the user's drawing.
pub fn in_plane(spec: DensitySpec, drawn: Result<&[f32], DensityError>) -> Result<Clouds, DensityError> {
    let DensitySpec { data, shape: DensityShape { modes, extent, spread, .. } } = spec;
    let ring = |n: usize| (0..n).map(|i| on_circle(extent, i as f64 / n as f64)).collect::<Vec<_>>();
    Ok(match data {
        DataSet::Grid => {
            let side = (modes as f64).sqrt().round() as usize;
            let place = |i: usize| 2.0 * extent * i as f64 / (side - 1) as f64 - extent;
            clouds((0..side * side).map(|i| [place(i % side), place(i / side)]).collect(), spread)
        }
        DataSet::Segment => curve(along(|t| [extent * (2.0 * t - 1.0), extent * (t - 0.5)]), spread),
        DataSet::Circle => curve(along(|t| on_circle(extent, t)), spread),
        DataSet::Moons => curve(
            along(|t| {
                // Two half circles, the second flipped and moved by a radius, as in scikit-learn's `make_moons`, but
                // centred.
                let (first, turn) = (t < 0.5, (2.0 * t).fract() / 2.0);
                let [x, y] = on_circle(1.0, turn);
                let [x, y] = if first { [x - 0.5, y - 0.25] } else { [0.5 - x, 0.25 - y] };
                [x * extent / 1.5, y * extent / 1.5]
            }),
            spread,
        ),
        // Equal steps of arc length, which grows with the square of the angle.
        DataSet::Spiral => curve(
            along(|t| {
                let s = (0.05 + 0.95 * t).sqrt();
                on_circle(extent * s, TURNS * s)
            }),
            spread,
        ),
        DataSet::Disjoint => clouds(ring(3), spread),
        DataSet::Unbalanced => {
            let weights: Vec<f64> = (0..modes).map(|i| UNBALANCE.powi(i as i32)).collect();
            let total: f64 = weights.iter().sum();
            Clouds { shares: weights.into_iter().map(|w| w / total).collect(), ..clouds(ring(modes), spread) }
        }
        DataSet::Drawn => {
            let centres: Vec<[f64; 2]> = drawn?.chunks_exact(2).map(|p| [f64::from(p[0]), f64::from(p[1])]).collect();
            if centres.len() < 3 || centres.iter().flatten().any(|v| !v.is_finite()) {
                return Err(DensityError::FewPoints);
            }
            Clouds { modes: None, ..clouds(centres, spread) }
        }
        // The remaining case is the ring: images and 1-D densities are handled before.
        _ => clouds(ring(modes), spread),
    })
}
