//! Measures by nearest neighbours in feature space: precision and recall (Kynkäänniemi et al. 2019), density and coverage (Naeem et al.
//! 2020), and the realism of one sample.

use super::points::{MeasureError, Points};
use crate::kernels::lanes::squared_distance;

/// Neighbours for precision, recall and realism: the value of Kynkäänniemi et al.
const PRECISION_K: usize = 3;
/// Neighbours for density and coverage: the value of Naeem et al.
const COVERAGE_K: usize = 5;

/// How far each sample's neighbours are.
#[derive(Debug, Clone)]
pub struct Neighbourhoods {
    /// Squared distance to the 3rd and to the 5th nearest other sample.
    radii: Vec<(f32, f32)>,
    /// Of the squared distances to the 3rd.
    median: f32,
}

/// What share of one distribution lies within the other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Manifold {
    /// Share of the generated samples that lie within the real distribution. Blind to what is missing.
    pub precision: f64,
    /// Share of the real samples that lie within the generated distribution. Blind to how bad the rest is.
    pub recall: f64,
    /// How densely the generated samples lie around real ones, 1 where the distributions agree; more where they crowd.
    pub density: f64,
    /// Share of the real samples that have a generated one among their neighbours.
    pub coverage: f64,
}

impl Neighbourhoods {
    pub fn of(points: Points) -> Result<Self, MeasureError> {
        let n = points.at_least(COVERAGE_K + 1)?.len();
        let radii = (0..n).map(|i| {
            let mut nearest = [f32::INFINITY; COVERAGE_K];
            (0..n).filter(|&j| j != i).for_each(|j| insert(&mut nearest, squared_distance(points.row(i), points.row(j))));
            (nearest[PRECISION_K - 1], nearest[COVERAGE_K - 1])
        });
        let radii: Vec<(f32, f32)> = radii.collect();
        let mut sorted: Vec<f32> = radii.iter().map(|r| r.0).collect();
        sorted.sort_by(f32::total_cmp);
        Ok(Self { median: sorted[n / 2], radii })
    }

    /// How far inside the real distribution a sample lies: the largest r(x) / |y - x| over the real x whose own radius is at most the
    /// median; at least 1 inside (Kynkäänniemi et al. 2019, equation 3). `points` is what the neighbourhoods were made of.
    pub fn realism(&self, points: Points, sample: &[f32]) -> f64 {
        let ratios = self.radii.iter().zip(points.rows()).filter(|(r, _)| r.0 <= self.median);
        let largest = ratios.map(|(r, row)| f64::from(r.0) / f64::from(squared_distance(sample, row)).max(f64::MIN_POSITIVE));
        largest.fold(0.0, f64::max).sqrt()
    }
}

/// Keeps the smallest values in order.
fn insert(sorted: &mut [f32], value: f32) {
    let at = sorted.iter().position(|&v| value < v);
    if let Some(at) = at {
        sorted[at..].rotate_right(1);
        sorted[at] = value;
    }
}

/// All four, from samples and their neighbourhoods. A sample on the edge of a ball is inside.
pub fn manifold(real: Points, around_real: &Neighbourhoods, fake: Points, around_fake: &Neighbourhoods) -> Manifold {
    let (n, m) = (real.len(), fake.len());
    let (mut precise, mut inside) = (0usize, 0usize);
    let (mut recalled, mut covered) = (vec![false; n], vec![false; n]);
    for (y, &(fake_radius, _)) in fake.rows().zip(&around_fake.radii) {
        let mut any = false;
        for (i, (x, &(near, far))) in real.rows().zip(&around_real.radii).enumerate() {
            let d = squared_distance(x, y);
            any |= d <= near;
            inside += usize::from(d <= far);
            covered[i] |= d <= far;
            recalled[i] |= d <= fake_radius;
        }
        precise += usize::from(any);
    }
    let share = |flags: &[bool]| flags.iter().filter(|&&f| f).count() as f64 / n as f64;
    Manifold {
        precision: precise as f64 / m as f64,
        recall: share(&recalled),
        density: inside as f64 / (COVERAGE_K * m) as f64,
        coverage: share(&covered),
    }
}

/// The coverage to expect when both distributions are the same and continuous, with `n` real and `m` generated samples
/// (Naeem et al. 2020, section 3.3).
pub fn expected_coverage(n: usize, m: usize) -> f64 {
    1.0 - (1..=COVERAGE_K).map(|i| (n as f64 - i as f64) / ((m + n) as f64 - i as f64)).product::<f64>()
}
