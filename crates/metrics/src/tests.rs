//! Compares the metrics with closed forms, with their definitions, and with values from independent implementations.

use counterfeit_random::{Prior, Random, Stream};
use nalgebra::{DMatrix, DVector};

use super::*;

fn normal(seed: u32, n: usize, width: usize) -> Vec<f32> {
    Random::new(seed, Stream::Noise).latent(Prior::Normal, n, width)
}

fn points(values: &[f32], width: usize) -> Points<'_> {
    Points::new(values, width).unwrap()
}

fn vector(values: &[f64]) -> DVector<f64> {
    DVector::from_column_slice(values)
}

/// A 2 x 2 matrix.
fn square(values: &[f64]) -> DMatrix<f64> {
    DMatrix::from_row_slice(2, 2, values)
}

fn manifold_of(real: Points, fake: Points) -> Manifold {
    manifold(real, &Neighbourhoods::of(real).unwrap(), fake, &Neighbourhoods::of(fake).unwrap())
}

fn close(got: f64, expected: f64, relative: f64) {
    assert!((got - expected).abs() <= relative * expected.abs(), "{got}, expected {expected}");
}

/// The expected values are computed by tests/oracle/measures.py.
#[test]
fn numpy_scipy_and_scikit_learn_agree() {
    let oracle: serde_json::Value = serde_json::from_str(include_str!("../../../tests/oracle/measures.json")).unwrap();
    let expected = |name: &str| oracle[name].as_f64().unwrap();
    let (x, y) = (by_the_oracle(1, 60, 6, 1.0, 0.0), by_the_oracle(2, 50, 6, 0.8, 0.05));
    let few = by_the_oracle(3, 4, 6, 1.0, 0.1);
    let (x, y, few) = (points(&x, 6), points(&y, 6), points(&few, 6));
    let [gx, gy, gfew] = [x, y, few].map(|p| Gaussian::fit(p).unwrap());
    close(gx.distance(&gy), expected("frechet"), 1e-9);
    // SciPy's sqrtm of a singular product loses half the digits.
    close(gx.distance(&gfew), expected("frechet_fewer_than_dimensions"), 1e-6);
    let mut rng = Random::new(0, Stream::Noise);
    // The dot products are in f32, and the kernel's large terms cancel.
    close(kernel_distance(x, y, 100, 1, &mut rng).unwrap().mean, expected("kernel_distance"), 1e-5);
    let m = manifold_of(x, y);
    close(m.precision, expected("precision"), 1e-12);
    close(m.recall, expected("recall"), 1e-12);
    close(m.density, expected("density"), 1e-12);
    close(m.coverage, expected("coverage"), 1e-12);
    close(Neighbourhoods::of(x).unwrap().realism(x, y.row(0)), expected("realism_of_first_fake"), 1e-6);
    let training: [f64; 10] = std::array::from_fn(|i| (i + 1) as f64 / 55.0);
    let classes = class_report(points(&by_the_oracle(4, 40, 10, 4.0, 0.1), 10), &training).unwrap();
    close(classes.score, expected("score"), 1e-9);
    close(classes.entropy, expected("entropy"), 1e-12);
    close(classes.divergence, expected("divergence"), 1e-12);
}

/// Pseudorandom points, generated as by `points` in tests/oracle/measures.py.
fn by_the_oracle(mut seed: u64, n: usize, width: usize, scale: f64, shift: f64) -> Vec<f32> {
    let mut next = || {
        seed = (1_664_525 * seed + 1_013_904_223) % (1 << 32);
        seed as f64 / (1u64 << 32) as f64
    };
    (0..n * width).map(|i| (scale * (next() + next() + next() - 1.5) + shift * (i % width) as f64) as f32).collect()
}

#[test]
fn identical_samples_are_as_near_as_can_be() {
    let values = normal(1, 200, 8);
    let p = points(&values, 8);
    let gaussian = Gaussian::fit(p).unwrap();
    assert!(gaussian.distance(&gaussian) < 1e-12);
    let m = manifold_of(p, p);
    assert_eq!([m.precision, m.recall, m.coverage], [1.0; 3]);
    // Each real sample's neighbourhood contains the sample and its five neighbours.
    close(m.density, 6.0 / 5.0, 1e-12);
}

#[test]
fn disjoint_samples_share_nothing() {
    let (x, y) = (normal(1, 100, 4), normal(2, 100, 4).iter().map(|v| v + 100.0).collect::<Vec<_>>());
    let m = manifold_of(points(&x, 4), points(&y, 4));
    assert_eq!([m.precision, m.recall, m.density, m.coverage], [0.0; 4]);
}

#[test]
fn samples_of_one_place_are_covered_by_themselves_alone() {
    let (x, y) = (vec![1.0; 40], vec![2.0; 40]);
    let (x, y) = (points(&x, 4), points(&y, 4));
    assert_eq!(manifold_of(x, x), Manifold { precision: 1.0, recall: 1.0, density: 2.0, coverage: 1.0 });
    assert_eq!(manifold_of(x, y).precision, 0.0);
    let [a, b] = [x, y].map(|p| Gaussian::fit(p).unwrap());
    close(a.distance(&b), 4.0, 1e-12);
}

#[test]
fn the_frechet_distance_of_known_gaussians() {
    // Commuting covariances: |m1 - m2|^2 + sum (sqrt a - sqrt b)^2.
    let a = Gaussian::of(vector(&[0.0, 1.0]), square(&[4.0, 0.0, 0.0, 9.0]));
    let b = Gaussian::of(vector(&[1.0, 3.0]), square(&[1.0, 0.0, 0.0, 16.0]));
    close(a.distance(&b), 5.0 + 1.0 + 1.0, 1e-12);
    // For any 2 x 2 covariances: tr (S1 S2)^1/2 = sqrt(tr(S1 S2) + 2 sqrt(det(S1 S2))).
    let (s, t) = (square(&[2.0, 0.5, 0.5, 1.0]), square(&[1.0, -0.3, -0.3, 3.0]));
    let product = &s * &t;
    let root = (product.trace() + 2.0 * product.determinant().sqrt()).sqrt();
    let zero = DVector::zeros(2);
    let distance = Gaussian::of(zero.clone(), s.clone()).distance(&Gaussian::of(zero, t.clone()));
    close(distance, s.trace() + t.trace() - 2.0 * root, 1e-12);
}

/// An implementation that computes both covariances from the same set returns only the mean term, as ddprism's
/// did.
#[test]
fn a_set_and_its_double_differ_by_more_than_their_means() {
    let x = normal(3, 300, 5);
    let doubled: Vec<f32> = x.iter().map(|v| 2.0 * v).collect();
    let [a, b] = [&x, &doubled].map(|v| Gaussian::fit(points(v, 5)).unwrap());
    let point = Gaussian::fit(points(&[0.0; 50], 5)).unwrap();
    let trace = a.distance(&point) - a.mean_term(&point);
    // sum (2 sqrt l - sqrt l)^2 = tr S
    close(a.distance(&b) - a.mean_term(&b), trace, 1e-9);
    assert!(trace > 4.0);
}

#[test]
fn singular_covariances_have_a_distance() {
    // Three samples in twenty dimensions, and samples that vary along one dimension only.
    let (few, many) = (normal(4, 3, 20), normal(5, 100, 20));
    let line: Vec<f32> = (0..2000).map(|i| if i % 20 == 0 { i as f32 / 1000.0 } else { 0.5 }).collect();
    let sets = [few, many, line].map(|v| Gaussian::fit(points(&v, 20)).unwrap());
    for a in &sets {
        for b in &sets {
            let (there, back) = (a.distance(b), b.distance(a));
            assert!(there.is_finite() && there >= 0.0);
            assert!((there - back).abs() < 1e-6 * there.max(1.0), "{there} {back}");
        }
    }
}

#[test]
fn equal_distributions_have_density_one_and_the_expected_coverage() {
    // 1 - 2^-5 for many samples (Naeem et al. 2020, section 3.3).
    close(expected_coverage(100_000, 100_000), 1.0 - 1.0 / 32.0, 1e-4);
    let runs: Vec<Manifold> = (0..10)
        .map(|seed| manifold_of(points(&normal(2 * seed, 500, 8), 8), points(&normal(2 * seed + 1, 500, 8), 8)))
        .collect();
    for (name, expected, of) in [
        ("density", 1.0, (|m| m.density) as fn(&Manifold) -> f64),
        ("coverage", expected_coverage(500, 500), |m| m.coverage),
    ] {
        let values: Vec<f64> = runs.iter().map(of).collect();
        let mean = values.iter().sum::<f64>() / 10.0;
        let error = (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / 9.0 / 10.0).sqrt();
        assert!((mean - expected).abs() < 4.0 * error, "{name}: {mean} +- {error}, expected {expected}");
        assert!(error < 0.02, "{name}: {error}");
    }
}

#[test]
fn the_kernel_distance_is_unbiased() {
    let mut rng = Random::new(6, Stream::Noise);
    let values: Vec<f64> = (0..300)
        .map(|seed| {
            let (x, y) = (normal(2 * seed, 30, 4), normal(2 * seed + 1, 30, 4));
            kernel_distance(points(&x, 4), points(&y, 4), 30, 1, &mut rng).unwrap().mean
        })
        .collect();
    let mean = values.iter().sum::<f64>() / 300.0;
    let error = (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / 299.0 / 300.0).sqrt();
    assert!(mean.abs() < 4.0 * error, "{mean} +- {error}");
    assert!(values.iter().any(|v| *v < 0.0));
}

#[test]
fn the_kernel_distance_by_hand() {
    // One dimension, x = 0, 1 and y = 2, 3: k(0, 1) = 1, k(2, 3) = 343, k(x, y) = 1, 1, 27, 64.
    let distance =
        kernel_distance(points(&[0.0, 1.0], 1), points(&[2.0, 3.0], 1), 2, 3, &mut Random::new(0, Stream::Noise));
    let Estimate { mean, deviation } = distance.unwrap();
    close(mean, 1.0 + 343.0 - 2.0 * 93.0 / 4.0, 1e-12);
    assert_eq!(deviation, 0.0);
}

#[test]
fn the_score_goes_from_one_to_ten() {
    let even = [0.1; 10];
    let sure = |class: usize| (0..10).map(move |c| if c == class { 50.0 } else { 0.0 });
    let all: Vec<f32> = (0..10).flat_map(sure).collect();
    let report = class_report(points(&all, 10), &even).unwrap();
    close(report.score, 10.0, 1e-9);
    close(report.entropy, 10f64.ln(), 1e-12);
    assert!(report.divergence.abs() < 1e-12);
    let one: Vec<f32> = (0..10).flat_map(|_| sure(3)).collect();
    let report = class_report(points(&one, 10), &even).unwrap();
    close(report.score, 1.0, 1e-9);
    assert_eq!((report.entropy, report.shares[3]), (0.0, 1.0));
    close(report.divergence, 10f64.ln(), 1e-12);
    // Uniform predictions give the lowest score, whatever the shares.
    close(class_report(points(&[0.0; 100], 10), &even).unwrap().score, 1.0, 1e-9);
}

#[test]
fn real_samples_are_realistic_and_far_ones_are_not() {
    let x = normal(7, 300, 4);
    let p = points(&x, 4);
    let around = Neighbourhoods::of(p).unwrap();
    assert!(around.realism(p, &[0.0; 4]) > 1.0);
    assert!(around.realism(p, &[20.0; 4]) < 0.2);
}

#[test]
fn copies_are_found() {
    let images: Vec<u8> = (0..100u32 * 16).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let held_out: Vec<u8> = (0..20u32 * 16).map(|i| (i.wrapping_mul(2_246_822_519) >> 11) as u8).collect();
    let copies = nearest(&images[5 * 16..9 * 16], &images, 16);
    assert_eq!(copies.iter().map(|n| n.index).collect::<Vec<_>>(), [5, 6, 7, 8]);
    let reference = nearest(&held_out, &images, 16);
    assert_eq!(memorisation_ratio(&copies, &reference), Some(0.0));
    assert_eq!(memorisation_ratio(&reference, &reference), Some(1.0));
    assert_eq!(memorisation_ratio(&[], &reference), None);
}

#[test]
fn what_cannot_be_measured_says_why() {
    assert_eq!(Points::new(&[1.0, f32::NAN], 2).unwrap_err(), MeasureError::NotFinite);
    let two = [0.0, 1.0];
    assert_eq!(Gaussian::fit(points(&two, 2)).unwrap_err(), MeasureError::TooFew { n: 1, needed: 2 });
    assert_eq!(Neighbourhoods::of(points(&two, 1)).unwrap_err(), MeasureError::TooFew { n: 2, needed: 6 });
}

#[test]
fn the_mean_distance_of_three_points() {
    close(points(&[0.0, 0.0, 3.0, 4.0, 0.0, 8.0], 2).mean_distance().unwrap(), (5.0 + 8.0 + 5.0) / 3.0, 1e-6);
}
