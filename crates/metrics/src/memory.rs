//! Memorisation: the nearest training image of each sample (Goodfellow et al. 2014, figure 2).

/// The training image nearest to a sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nearest {
    pub index: usize,
    /// Euclidean distance between the pixels, 0 to 255 each.
    pub distance: f64,
}

/// For each sample the nearest image, by brute force; both arguments are `[n, width]` bytes.
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

/// Median distance of fake samples to the training set, divided by that of held-out real images. Well below 1 it
/// indicates memorisation; about 1, none; above 1, samples unlike the data.
pub fn ratio(generated: &[Nearest], held_out: &[Nearest]) -> Option<f64> {
    let middle = |of: &[Nearest]| {
        let mut d: Vec<f64> = of.iter().map(|n| n.distance).collect();
        d.sort_by(f64::total_cmp);
        d.get(d.len() / 2).copied()
    };
    Some(middle(generated)? / middle(held_out)?.max(f64::MIN_POSITIVE))
}
