//! Metrics from nearest neighbours in feature space: precision and recall (Kynkäänniemi et al. 2019), density and
//! coverage (Naeem et al. 2020), and the realism of one sample.

use counterfeit_kernels::lanes::squared_distance;

use super::points::{MeasureError, Points};

/// Number of neighbours for precision, recall and realism: the value of Kynkäänniemi et al.
const PRECISION_K: usize = 3;
/// Number of neighbours for density and coverage: the value of Naeem et al.
const COVERAGE_K: usize = 5;

/// Distances of each sample to its k-th nearest neighbours in the same set.
#[derive(Debug, Clone)]
pub struct Neighbourhoods {
    /// Squared distances to the 3rd and to the 5th nearest other sample.
    radii: Vec<(f32, f32)>,
    /// Median of the squared distances to the 3rd nearest.
    median: f32,
}

/// Precision, recall, density and coverage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Manifold {
    /// Share of fake samples within the real distribution. Insensitive to missing modes.
    pub precision: f64,
    /// Share of real samples within the fake distribution. Insensitive to bad samples.
    pub recall: f64,
    /// Mean number of fake samples in a real sample's neighbourhood, relative to k: 1 for equal distributions, more if
    /// fake samples concentrate.
    pub density: f64,
    /// Share of real samples with at least one fake sample in their neighbourhood.
    pub coverage: f64,
}

impl Neighbourhoods {
    pub fn of(points: Points) -> Result<Self, MeasureError> {
        let n = points.at_least(COVERAGE_K + 1)?.len();
        let radii = (0..n).map(|i| {
            let mut nearest = [f32::INFINITY; COVERAGE_K];
            (0..n)
                .filter(|&j| j != i)
                .for_each(|j| insert(&mut nearest, squared_distance(points.row(i), points.row(j))));
            (nearest[PRECISION_K - 1], nearest[COVERAGE_K - 1])
        });
        let radii: Vec<(f32, f32)> = radii.collect();
        let mut sorted: Vec<f32> = radii.iter().map(|r| r.0).collect();
        sorted.sort_by(f32::total_cmp);
        Ok(Self { median: sorted[n / 2], radii })
    }

    /// Realism of a sample y: the maximum of r(x) / |y - x| over the real samples x whose radius r(x) is at most the
    /// median. It is at least 1 inside the real distribution (Kynkäänniemi et al. 2019, equation 3). `points` are the
    /// real samples.
    pub fn realism(&self, points: Points, sample: &[f32]) -> f64 {
        let ratios = self.radii.iter().zip(points.rows()).filter(|(r, _)| r.0 <= self.median);
        let largest =
            ratios.map(|(r, row)| f64::from(r.0) / f64::from(squared_distance(sample, row)).max(f64::MIN_POSITIVE));
        largest.fold(0.0, f64::max).sqrt()
    }
}

/// Inserts a value into the sorted list of the smallest values so far.
fn insert(sorted: &mut [f32], value: f32) {
    let at = sorted.iter().position(|&v| value < v);
    if let Some(at) = at {
        sorted[at..].rotate_right(1);
        sorted[at] = value;
    }
}

/// Computes all four metrics from samples and their neighbourhoods. A neighbourhood includes its boundary.
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

/// Expected coverage of two equal continuous distributions, with `n` real and `m` generated samples
/// (Naeem et al. 2020, section 3.3).
pub fn expected_coverage(n: usize, m: usize) -> f64 {
    1.0 - (1..=COVERAGE_K).map(|i| (n as f64 - i as f64) / ((m + n) as f64 - i as f64)).product::<f64>()
}
