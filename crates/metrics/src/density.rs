//! Metrics of fake points against a known density in 1-D or 2-D, with the real-data reference: the same metrics of
//! equally many real points.

use counterfeit_data::Density;
use counterfeit_random::{Random, Stream};
use serde::Serialize;

use super::cells::{counted, jensen_shannon};
use super::modes::{Modes, modes};
use super::points::MeasureError;

/// Number of points of an evaluation, as in PacGAN and VEEGAN.
pub const SAMPLES: usize = 2_500;
/// Number of cells along each axis for the Jensen-Shannon divergence, in 1-D and in 2-D.
const CELLS: [usize; 2] = [128, 32];
/// Number of directions of the sliced Wasserstein distance, equally spaced over half a turn.
const DIRECTIONS: usize = 16;

/// Metrics of points against a density.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct DensityMetrics {
    pub modes: Option<Modes>,
    /// Jensen-Shannon divergence over equal cells of the window, in nats.
    pub js: f64,
    /// Wasserstein-1 distance in units of x; in 2-D sliced, the mean over [`DIRECTIONS`] projections (Bonneel et al.
    /// 2015). None if the density has no mean.
    pub w1: Option<f64>,
    /// 90th percentile of the samples' maximum-norm distance from the centre of the window, in units of half its side:
    /// 1 is the edge.
    pub reach: f64,
}

/// The result of an evaluation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct DensityEvaluation {
    /// Step of the run.
    pub step: u32,
    pub n: usize,
    pub generated: DensityMetrics,
    pub real_reference: DensityMetrics,
}

/// A density with its reference samples and real-data reference.
#[derive(Debug, Clone)]
pub struct DensityReference {
    density: Density,
    cells: Vec<f64>,
    /// For each direction, [`SAMPLES`] sorted projections of real points: exact quantiles in 1-D, a sample in 2-D.
    places: Vec<Vec<f64>>,
    real_reference: Option<DensityMetrics>,
}

impl DensityReference {
    /// Draws two sets of real points from a seed: the reference samples, and one that is evaluated like generated
    /// points, for the real-data reference.
    pub fn new(density: &Density, seed: u32) -> Self {
        let mut rng = Random::new(seed, Stream::DensityReference);
        let width = density.width();
        let places = if width == 1 {
            vec![(0..SAMPLES).map(|i| density.quantile((i as f64 + 0.5) / SAMPLES as f64)).collect()]
        } else {
            let reference = density.sample(SAMPLES, &mut rng);
            (0..DIRECTIONS).map(|i| projected(&reference, i)).collect()
        };
        let cells = density.shares(density.window(), CELLS[width - 1]);
        let mut density_reference = Self { density: density.clone(), cells, places, real_reference: None };
        // Cannot fail: real points are finite.
        density_reference.real_reference = density_reference.measure(&density.sample(SAMPLES, &mut rng)).ok();
        density_reference
    }

    /// Half the side of the density's window, in units of x.
    pub fn half(&self) -> f64 {
        let [left, right, ..] = self.density.window();
        (right - left) / 2.0
    }

    /// Computes the metrics of points `[n, width]`, n = [`SAMPLES`].
    pub fn measure(&self, points: &[f32]) -> Result<DensityMetrics, MeasureError> {
        let width = self.density.width();
        if points.len() != SAMPLES * width {
            return Err(MeasureError::TooFew { n: points.len() / width, needed: SAMPLES });
        }
        if points.iter().any(|x| !x.is_finite()) {
            return Err(MeasureError::NotFinite);
        }
        let cells = counted(points, width, self.density.window(), CELLS[width - 1]);
        let distance = |(i, places): (usize, &Vec<f64>)| {
            let found =
                if width == 1 { sorted(points.iter().map(|&x| f64::from(x)).collect()) } else { projected(points, i) };
            found.iter().zip(places).map(|(a, b)| (a - b).abs()).sum::<f64>() / SAMPLES as f64
        };
        let w1 = self.places.iter().enumerate().map(distance).sum::<f64>() / self.places.len() as f64;
        Ok(DensityMetrics {
            modes: self.density.clouds().and_then(|clouds| modes(points, width, clouds)),
            js: jensen_shannon(&self.cells, &cells),
            w1: self.density.has_mean().then_some(w1),
            reach: reach(points, width, self.density.window()),
        })
    }

    /// Computes the metrics of fake points at a step, with the real-data reference.
    pub fn measured(&self, points: &[f32], step: u32) -> Result<DensityEvaluation, MeasureError> {
        let generated = self.measure(points)?;
        Ok(DensityEvaluation {
            step,
            n: SAMPLES,
            real_reference: self.real_reference.clone().unwrap_or_else(|| generated.clone()),
            generated,
        })
    }
}

/// Computes [`DensityMetrics::reach`].
fn reach(points: &[f32], width: usize, [left, right, bottom, top]: [f64; 4]) -> f64 {
    let axes = [(left, right), (bottom, top)];
    let out = |(x, (low, high)): (&f32, &(f64, f64))| (f64::from(*x) - (low + high) / 2.0).abs() / ((high - low) / 2.0);
    let distances = points.chunks_exact(width).map(|point| point.iter().zip(&axes).map(out).fold(0.0, f64::max));
    let distances = sorted(distances.collect());
    distances[distances.len() * 9 / 10]
}

fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_unstable_by(f64::total_cmp);
    values
}

/// Sorted projections of 2-D points on the i-th direction.
fn projected(points: &[f32], i: usize) -> Vec<f64> {
    let (sin, cos) = libm::sincos(std::f64::consts::PI * i as f64 / DIRECTIONS as f64);
    sorted(points.chunks_exact(2).map(|p| f64::from(p[0]) * cos + f64::from(p[1]) * sin).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use counterfeit_data::{DataSet, TOYS};

    fn density(set: DataSet) -> Density {
        Density::of(set.toy().unwrap().density(), None).unwrap()
    }

    #[test]
    fn genuine_points_are_as_far_away_as_the_floor() {
        for toy in TOYS.iter().filter(|toy| !toy.drawn) {
            let density = density(toy.set);
            let found = DensityReference::new(&density, 1)
                .measured(&density.sample(SAMPLES, &mut Random::new(9, Stream::Points)), 0)
                .unwrap();
            assert!(
                found.generated.js < 2.0 * found.real_reference.js + 0.01,
                "{}: {} of {}",
                toy.key,
                found.generated.js,
                found.real_reference.js
            );
            if let (Some(generated), Some(real_reference)) = (found.generated.w1, found.real_reference.w1) {
                assert!(generated < 3.0 * real_reference + 0.02, "{}: {generated} of {real_reference}", toy.key);
            }
            assert_eq!(found.generated.w1.is_none(), toy.set == DataSet::HeavyTail);
        }
    }

    #[test]
    fn a_shift_is_its_own_distance() {
        // W1 between a density and its translation by d is d. Sliced W1 is d times the mean of |cos|, 2 / pi.
        let moved = |set: DataSet, by: f32| {
            let density = density(set);
            let mut points = density.sample(SAMPLES, &mut Random::new(2, Stream::Points));
            points.iter_mut().step_by(density.width()).for_each(|x| *x += by);
            DensityReference::new(&density, 4).measure(&points).unwrap().w1.unwrap()
        };
        assert!((moved(DataSet::Normal, 3.0) - 3.0).abs() < 0.05);
        let mean_cosine =
            (0..DIRECTIONS).map(|i| libm::cos(std::f64::consts::PI * i as f64 / DIRECTIONS as f64).abs()).sum::<f64>()
                / DIRECTIONS as f64;
        assert!((moved(DataSet::Disjoint, 5.0) - 5.0 * mean_cosine).abs() < 0.1);
        assert!((mean_cosine - std::f64::consts::FRAC_2_PI).abs() < 0.005);
    }

    #[test]
    fn what_never_meets_is_log_2_apart() {
        for set in [DataSet::Normal, DataSet::Ring] {
            let density = density(set);
            let mut points = density.sample(SAMPLES, &mut Random::new(2, Stream::Points));
            points.iter_mut().for_each(|x| *x += 50.0);
            let found = DensityReference::new(&density, 4).measure(&points).unwrap();
            assert!((found.js - std::f64::consts::LN_2).abs() < 1e-2, "{set:?}: {}", found.js);
            assert_eq!(found.modes.map(|m| m.captured), Some(0));
        }
    }

    #[test]
    fn what_cannot_be_measured_is_refused() {
        let density_reference = DensityReference::new(&density(DataSet::Ring), 1);
        assert!(matches!(density_reference.measure(&[0.0; 10]), Err(MeasureError::TooFew { n: 5, .. })));
        assert_eq!(density_reference.measure(&vec![f32::NAN; 2 * SAMPLES]), Err(MeasureError::NotFinite));
    }
}
