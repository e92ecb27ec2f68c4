//! Densities as histograms: probabilities of the equal cells of a window, in rows from the bottom.
//!
//! Densities that are compared use the same cells and the same smoothing kernel.

use std::f64::consts::LN_2;

/// Histogram of points `[n, width]` over `side` cells along each axis of a window (left, right, bottom, top).
pub fn counted(points: &[f32], width: usize, [left, right, bottom, top]: [f64; 4], side: usize) -> Vec<f64> {
    let mut cells = vec![0.0; side.pow(width as u32)];
    let each = width as f64 / points.len() as f64;
    let place = |x: f32, low: f64, high: f64| {
        let at = (f64::from(x) - low) / (high - low) * side as f64;
        // NaN belongs to no cell.
        (at >= 0.0 && at < side as f64).then_some(at as usize)
    };
    for point in points.chunks_exact(width) {
        let column = place(point[0], left, right);
        let row = if width == 2 { place(point[1], bottom, top) } else { Some(0) };
        if let (Some(column), Some(row)) = (column, row) {
            cells[row * side + column] += each;
        }
    }
    cells
}

/// Smooths a histogram with a Gaussian whose standard deviation is given in cells. Probability outside the window is
/// lost.
pub fn smoothed(cells: &[f64], width: usize, side: usize, deviation: f64) -> Vec<f64> {
    let reach = (4.0 * deviation).ceil() as usize;
    let bell: Vec<f64> = (0..=reach).map(|i| libm::exp(-(i as f64 / deviation).powi(2) / 2.0)).collect();
    let total = bell[0] + 2.0 * bell[1..].iter().sum::<f64>();
    let along = |cells: &[f64], step: usize, at: usize, place: usize| -> f64 {
        let near = place.saturating_sub(reach)..(place + reach + 1).min(side);
        near.map(|i| bell[i.abs_diff(place)] * cells[at + i * step - place * step]).sum::<f64>() / total
    };
    let once: Vec<f64> = (0..cells.len()).map(|i| along(cells, 1, i, i % side)).collect();
    if width == 1 { once } else { (0..cells.len()).map(|i| along(&once, side, i, i / side)).collect() }
}

/// The Jensen-Shannon divergence of two densities over the same cells, in nats: 0 if they are equal, log 2 without
/// overlap. The probability outside the window counts as one more cell.
pub fn jensen_shannon(p: &[f64], q: &[f64]) -> f64 {
    let outside = |cells: &[f64]| (1.0 - cells.iter().sum::<f64>()).max(0.0);
    let half = |a: f64, b: f64| if a > 0.0 { a * libm::log(2.0 * a / (a + b)) } else { 0.0 };
    let pairs = p.iter().copied().zip(q.iter().copied()).chain([(outside(p), outside(q))]);
    (pairs.map(|(a, b)| half(a, b) + half(b, a)).sum::<f64>() / 2.0).clamp(0.0, LN_2)
}

/// The optimal discriminator D* = label p / (p + q) in each cell (Goodfellow et al. 2014, proposition 1; the label as
/// in Salimans et al. 2016, 3.4); NaN where both are 0.
pub fn best_discriminator(p: &[f64], q: &[f64], label: f64) -> Vec<f64> {
    // Probabilities below 1e-12 count as 0: rounding in the smoothing would dominate.
    let nothing = |a: f64, b: f64| a + b < 1e-12;
    p.iter().zip(q).map(|(&a, &b)| if nothing(a, b) { f64::NAN } else { label * a / (a + b) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: [f64; 4] = [-1.0, 1.0, -1.0, 1.0];

    #[test]
    fn points_are_counted_in_their_cells_and_nowhere_else() {
        let cells = counted(&[-0.9, -0.9, 0.9, -0.9, 0.9, 0.9, 5.0, 0.0], 2, WINDOW, 2);
        assert_eq!(cells, [0.25, 0.25, 0.0, 0.25]);
        assert_eq!(counted(&[-1.0, 0.0, 0.99, f32::NAN], 1, WINDOW, 4), [0.25, 0.0, 0.25, 0.25]);
    }

    #[test]
    fn smoothing_keeps_the_mass_and_widens_by_its_deviation() {
        let side = 101;
        let mut cells = vec![0.0; side];
        cells[50] = 1.0;
        let wide = smoothed(&cells, 1, side, 3.0);
        let moment =
            |power: i32| -> f64 { wide.iter().enumerate().map(|(i, v)| v * (i as f64 - 50.0).powi(power)).sum() };
        assert!((moment(0) - 1.0).abs() < 1e-12 && moment(1).abs() < 1e-12);
        // The kernel is cut off at four standard deviations, which reduces its variance by a thousandth.
        assert!((moment(2).sqrt() - 3.0).abs() < 0.01, "{}", moment(2).sqrt());
        let mut plane = vec![0.0; side * side];
        plane[50 * side + 50] = 1.0;
        let wide = smoothed(&plane, 2, side, 3.0);
        assert!(
            (wide.iter().sum::<f64>() - 1.0).abs() < 1e-12
                && (wide[50 * side + 53] - wide[53 * side + 50]).abs() < 1e-15
        );
    }

    #[test]
    fn the_divergence_is_0_with_itself_and_log_2_with_a_stranger() {
        let (p, q) = ([0.5, 0.5, 0.0, 0.0], [0.0, 0.0, 0.25, 0.75]);
        assert_eq!(jensen_shannon(&p, &p), 0.0);
        assert!((jensen_shannon(&p, &q) - LN_2).abs() < 1e-15);
        // By hand: p = (1, 0), q = (1/2, 1/2) gives (log 4/3 + (1/2) log 2/3 + (1/2) log 2) / 2.
        let expected = (libm::log(4.0 / 3.0) + 0.5 * libm::log(2.0 / 3.0) + 0.5 * LN_2) / 2.0;
        assert!((jensen_shannon(&[1.0, 0.0], &[0.5, 0.5]) - expected).abs() < 1e-15);
        // Everything outside the window is one more cell.
        assert!((jensen_shannon(&[1.0, 0.0], &[0.5, 0.0]) - expected).abs() < 1e-15);
    }

    #[test]
    fn the_best_discriminator_is_proposition_1() {
        let best = best_discriminator(&[0.2, 0.0, 0.1, 0.0], &[0.2, 0.3, 0.0, 0.0], 1.0);
        assert_eq!(best[..3], [0.5, 0.0, 1.0]);
        assert!(best[3].is_nan());
        assert_eq!(best_discriminator(&[0.2], &[0.2], 0.9), [0.45]);
    }
}
