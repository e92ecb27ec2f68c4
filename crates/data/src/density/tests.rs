use counterfeit_random::Stream;

use super::*;
use crate::{Space, TOYS};

/// The share of points in each of `side` cells along each axis of a window.
fn counted(points: &[f32], width: usize, window: [f64; 4], side: usize) -> Vec<f64> {
    let mut cells = vec![0.0; side.pow(width as u32)];
    let place = |x: f32, low: f64, high: f64| ((f64::from(x) - low) / (high - low) * side as f64).floor();
    for point in points.chunks_exact(width) {
        let column = place(point[0], window[0], window[1]);
        let row = if width == 2 { place(point[1], window[2], window[3]) } else { 0.0 };
        if [column, row].iter().all(|at| (0.0..side as f64).contains(at)) {
            cells[row as usize * side + column as usize] += width as f64 / points.len() as f64;
        }
    }
    cells
}

/// Every density with its default configuration, and an example drawing for the drawn ones.
fn all() -> Vec<(DataSet, Density)> {
    let points = [0.0, 0.0, 1.0, 0.5, -0.5, 1.0, 0.2, -0.8];
    let heights = [0.0, 1.0, 3.0, 0.0, 2.0, 2.0, 0.0, 1.0];
    let drawn = |set| if set == DataSet::Curve { Some(&heights[..]) } else { Some(&points[..]) };
    TOYS.iter().map(|toy| (toy.set, Density::of(toy.density(), drawn(toy.set)).unwrap())).collect()
}

#[test]
fn a_density_integrates_to_its_shares() {
    for (set, density) in all() {
        let (window, width) = (density.window(), density.width());
        // Cells are a third of a standard deviation wide, so that the density at a cell's centre is its mean density
        // within a few thousandths.
        let side = if width == 1 { 4_000 } else { 900 };
        let shares = density.shares(window, side);
        let size = ((window[1] - window[0]) / side as f64).powi(width as i32);
        let whole: f64 = shares.iter().sum();
        let expected = if set == DataSet::HeavyTail { 0.9 } else { 0.985 };
        assert!((expected..=1.0 + 1e-9).contains(&whole), "{set:?}: {whole}");
        let middle = |i: usize, low: f64, high: f64| low + (high - low) * (i as f64 + 0.5) / side as f64;
        let sum: f64 = shares
            .iter()
            .enumerate()
            .step_by(if width == 1 { 1 } else { 7 })
            .map(|(i, share)| {
                let x = [middle(i % side, window[0], window[1]), middle(i / side, window[2], window[3])];
                (density.at(&x[..width]) * size - share).abs()
            })
            .sum();
        let sum = if width == 1 { sum } else { 7.0 * sum };
        assert!(sum < 0.01, "{set:?}: density and shares differ by {sum} in all");
    }
}

#[test]
fn samples_fall_where_the_density_says() {
    for (set, density) in all() {
        let (n, side, width) = (20_000, 16, density.width());
        let samples = density.sample(n, &mut Random::new(5, Stream::Points));
        let window = density.window();
        let counted = counted(&samples, width, window, side);
        let shares = density.shares(window, side);
        // Pearson's chi-squared test over the cells with at least five expected samples.
        let expected: Vec<f64> = shares.iter().map(|s| s * n as f64).collect();
        let good: Vec<usize> = (0..expected.len()).filter(|&i| expected[i] >= 5.0).collect();
        let chi2: f64 = good.iter().map(|&i| (counted[i] * n as f64 - expected[i]).powi(2) / expected[i]).sum();
        let freedom = good.len() as f64;
        // Five standard deviations above the statistic's mean.
        assert!(chi2 < freedom + 5.0 * (2.0 * freedom).sqrt(), "{set:?}: {chi2} over {freedom} cells");
    }
}

#[test]
fn quantiles_undo_shares_below() {
    for (set, density) in all().into_iter().filter(|(set, _)| set.space() == Space::Line) {
        for u in [0.001, 0.1, 0.37, 0.5, 0.9, 0.999] {
            let found = density.below(density.quantile(u));
            assert!((found - u).abs() < 1e-9, "{set:?}: {found} instead of {u}");
        }
    }
}

#[test]
fn rings_and_grids_are_pacgans() {
    let of = |data, modes, extent| {
        let spec = DensitySpec { data, shape: DensityShape { modes, extent, spread: 0.01, offset: 0.0 } };
        Density::of(spec, None).unwrap().clouds().unwrap().centres.clone()
    };
    let ring = of(DataSet::Ring, 8, 1.0);
    let half = std::f64::consts::FRAC_1_SQRT_2;
    assert!(ring.len() == 8 && (ring[1][0] - half).abs() < 1e-12 && (ring[1][1] - half).abs() < 1e-12);
    let grid = of(DataSet::Grid, 25, 4.0);
    assert_eq!([grid[0], grid[1], grid[24]], [[-4.0, -4.0], [-2.0, -4.0], [4.0, 4.0]]);
}

#[test]
fn nothing_drawn_is_refused_with_what_to_do() {
    for data in [DataSet::Drawn, DataSet::Curve] {
        let spec = data.toy().unwrap().density();
        for drawn in [None, Some(&[][..]), Some(&[0.0, 0.0][..])] {
            let error = Density::of(spec, drawn).unwrap_err();
            assert!(error.to_string().contains("draw"), "{error}");
        }
        assert!(Density::of(spec, Some(&[f32::NAN; 8])).is_err());
    }
}
