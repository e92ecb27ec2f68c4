//! Mode coverage: the metrics of Lin et al. 2018 (PacGAN), section 4.1, for mixtures of Gaussians.

use counterfeit_data::Clouds;
use serde::Serialize;

/// Largest distance of a high-quality sample from the centre of a Gaussian, in standard deviations.
const NEAR: f64 = 3.0;
/// Fraction of its share of samples that a mode needs to count as covered in [`Modes::strict`]. A single stray sample
/// among thousands is not enough.
const DUE: f64 = 0.2;

/// PacGAN's metrics.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct Modes {
    /// Modes with at least one high-quality sample.
    pub captured: usize,
    /// Modes covered: each with at least 20 % of its share of samples.
    pub strict: usize,
    pub of: usize,
    /// Share of high-quality samples. For separate Gaussians a perfect sampler has 1 - e^(-9/2) = 98.9 % in 2-D and
    /// 99.7 % in 1-D; more along a curve, where the Gaussians overlap.
    pub high_quality: f64,
    /// Reverse KL(high-quality samples over modes || data over modes), in nats; 0 is best.
    pub reverse_kl: f64,
    /// Root mean square distance of high-quality samples from the nearest centre along one axis, in standard
    /// deviations. A perfect sampler has 0.974 in 2-D and 0.987 in 1-D, because the tails are cut off. Along a curve it
    /// has about 0.7, because a neighbouring centre is often nearer.
    pub spread: f64,
    /// Share of the high-quality samples in each mode.
    pub shares: Vec<f64>,
    /// Share of the data in each mode.
    pub due: Vec<f64>,
}

/// Computes the metrics of points `[n, width]`; None if the density has no modes.
pub fn modes(points: &[f32], width: usize, clouds: &Clouds) -> Option<Modes> {
    let of_cloud = clouds.modes.as_ref()?;
    let of = of_cloud.iter().max().map_or(0, |last| last + 1);
    let n = points.len() / width;
    let mut counts = vec![0usize; of];
    let mut squares = 0.0;
    for point in points.chunks_exact(width) {
        let square =
            |centre: &[f64; 2]| -> f64 { point.iter().zip(centre).map(|(x, c)| (f64::from(*x) - c).powi(2)).sum() };
        let nearest = clouds.centres.iter().map(square).enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((cloud, square)) = nearest.filter(|(_, square)| *square < (NEAR * clouds.deviation).powi(2)) {
            counts[of_cloud[cloud]] += 1;
            squares += square;
        }
    }
    let mut due = vec![0.0; of];
    of_cloud.iter().zip(&clouds.shares).for_each(|(&mode, share)| due[mode] += share);
    let good: usize = counts.iter().sum();
    let shares: Vec<f64> = counts.iter().map(|&count| count as f64 / good.max(1) as f64).collect();
    let kl = |(&p, &w): (&f64, &f64)| if p > 0.0 { p * libm::log(p / w) } else { 0.0 };
    Some(Modes {
        captured: counts.iter().filter(|&&count| count > 0).count(),
        strict: counts.iter().zip(&due).filter(|(count, due)| **count as f64 >= DUE * **due * n as f64).count(),
        of,
        high_quality: good as f64 / n as f64,
        reverse_kl: if good > 0 { shares.iter().zip(&due).map(kl).sum() } else { f64::INFINITY },
        spread: (squares / (good.max(1) * width) as f64).sqrt() / clouds.deviation,
        shares,
        due,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use counterfeit_data::{DataSet, Density, DensityShape, DensitySpec};
    use counterfeit_random::{Random, Stream};

    fn pacgan(data: DataSet, modes: usize, extent: f64, spread: f64) -> Density {
        Density::of(DensitySpec { data, shape: DensityShape { modes, extent, spread, offset: 0.0 } }, None).unwrap()
    }

    #[test]
    fn a_perfect_sampler_has_the_published_ceilings() {
        // Means over 40 draws of 2,500 samples. A separate simulation has 98.90 +- 0.21 % and KLs of 0.0015 and 0.0048.
        for (density, of, kl) in
            [(pacgan(DataSet::Ring, 8, 1.0, 0.01), 8, 0.0014), (pacgan(DataSet::Grid, 25, 4.0, 0.05), 25, 0.0049)]
        {
            let mut rng = Random::new(3, Stream::Points);
            let all: Vec<Modes> =
                (0..40).filter_map(|_| modes(&density.sample(2_500, &mut rng), 2, density.clouds()?)).collect();
            let mean = |f: fn(&Modes) -> f64| all.iter().map(f).sum::<f64>() / 40.0;
            assert!(all.iter().all(|m| m.captured == of && m.strict == of && m.of == of));
            // Four standard errors.
            assert!((mean(|m| m.high_quality) - 0.98889).abs() < 4.0 * 0.0021 / 40f64.sqrt());
            assert!((mean(|m| m.reverse_kl) - kl).abs() < 4.0 * kl / 40f64.sqrt(), "{}", mean(|m| m.reverse_kl));
            assert!((mean(|m| m.spread) - 0.9745).abs() < 0.004, "{}", mean(|m| m.spread));
        }
    }

    #[test]
    fn by_hand() {
        let density = pacgan(DataSet::Ring, 4, 1.0, 0.1);
        // Two points at the first centre, one a standard deviation from the second centre, one far from all.
        let found = modes(&[1.0, 0.0, 1.0, 0.0, 0.1, 1.0, 0.0, 0.0], 2, density.clouds().unwrap()).unwrap();
        assert_eq!((found.captured, found.strict, found.of, found.high_quality), (2, 2, 4, 0.75));
        let kl = 2.0 / 3.0 * libm::log(8.0 / 3.0) + 1.0 / 3.0 * libm::log(4.0 / 3.0);
        assert!((found.reverse_kl - kl).abs() < 1e-12);
        assert!((found.spread - (0.01f64 / 6.0).sqrt() / 0.1).abs() < 1e-6);
    }

    #[test]
    fn nothing_on_any_mode_is_no_number_to_be_proud_of() {
        let density = pacgan(DataSet::Ring, 8, 1.0, 0.01);
        let found = modes(&[0.0, 0.0], 2, density.clouds().unwrap()).unwrap();
        assert_eq!((found.captured, found.high_quality, found.reverse_kl), (0, 0.0, f64::INFINITY));
    }
}
