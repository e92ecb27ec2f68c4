//! Whether the generator has learnt images by heart: the training image nearest to each sample (Goodfellow et al. 2014, figure 2).

/// The training image nearest to a sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nearest {
    pub index: usize,
    /// Euclidean distance between the pixels, 0 to 255 each.
    pub distance: f64,
}

/// For each of `samples` the nearest of `images`, both rows of `width` bytes.
pub fn nearest(samples: &[u8], images: &[u8], width: usize) -> Vec<Nearest> {
    let squared = |a: &[u8], b: &[u8]| -> u32 {
        a.iter()
            .zip(b)
            .map(|(&a, &b)| {
                let d = i32::from(a) - i32::from(b);
                (d * d) as u32
            })
            .sum()
    };
    let best = |sample: &[u8]| {
        let distances = images.chunks_exact(width).map(|image| squared(sample, image)).enumerate();
        distances.min_by_key(|&(_, d)| d).map(|(index, d)| Nearest { index, distance: f64::from(d).sqrt() })
    };
    samples.chunks_exact(width).filter_map(best).collect()
}

/// Median distance of generated samples to the training set over that of real images it has not seen: well below 1 where the
/// generator copies, about 1 where it does not, above where its images are unlike any.
pub fn ratio(generated: &[Nearest], held_out: &[Nearest]) -> Option<f64> {
    let middle = |of: &[Nearest]| {
        let mut d: Vec<f64> = of.iter().map(|n| n.distance).collect();
        d.sort_by(f64::total_cmp);
        d.get(d.len() / 2).copied()
    };
    Some(middle(generated)? / middle(held_out)?.max(f64::MIN_POSITIVE))
}
