//! Sums over slices in a fixed order, in several lanes at once, so that the compiler makes SIMD of them.

/// Sums in this many lanes: two SIMD registers of four, and a fixed order of summation.
const LANES: usize = 8;

/// The sum of f over a slice.
pub fn sum(values: &[f32], f: impl Fn(f32) -> f32) -> f32 {
    let mut lanes = [0.0; LANES];
    let chunks = values.chunks_exact(LANES);
    let rest: f32 = chunks.remainder().iter().map(|&v| f(v)).sum();
    for chunk in chunks {
        lanes.iter_mut().zip(chunk).for_each(|(lane, &v)| *lane += f(v));
    }
    lanes.iter().sum::<f32>() + rest
}

/// The sum of a b, and of a.
pub fn dot_and_sum(a: &[f32], b: &[f32]) -> (f32, f32) {
    let (mut dot, mut sum) = ([0.0; LANES], [0.0; LANES]);
    let (a_chunks, b_chunks) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest = a_chunks.remainder().iter().zip(b_chunks.remainder());
    let (rest_dot, rest_sum) = rest.fold((0.0, 0.0), |(d, s), (a, b)| (d + a * b, s + a));
    for (a, b) in a_chunks.zip(b_chunks) {
        for i in 0..LANES {
            dot[i] += a[i] * b[i];
            sum[i] += a[i];
        }
    }
    (dot.iter().sum::<f32>() + rest_dot, sum.iter().sum::<f32>() + rest_sum)
}

/// The square of the distance between two points: by differences, not by |a|^2 + |b|^2 - 2 a b, so that equal ones are
/// exactly 0 apart.
pub fn squared_distance(a: &[f32], b: &[f32]) -> f32 {
    sum_of_pairs(a, b, |a, b| (a - b) * (a - b))
}

/// The dot product of two vectors.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    sum_of_pairs(a, b, |a, b| a * b)
}

/// The sum of f over two slices of the same length.
fn sum_of_pairs(a: &[f32], b: &[f32], f: impl Fn(f32, f32) -> f32) -> f32 {
    let mut lanes = [0.0; LANES];
    let (a_chunks, b_chunks) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest: f32 = a_chunks.remainder().iter().zip(b_chunks.remainder()).map(|(&a, &b)| f(a, b)).sum();
    for (a, b) in a_chunks.zip(b_chunks) {
        for i in 0..LANES {
            lanes[i] += f(a[i], b[i]);
        }
    }
    lanes.iter().sum::<f32>() + rest
}
