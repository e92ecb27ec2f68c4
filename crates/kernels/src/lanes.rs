//! Reductions over slices with several accumulators. The compiler vectorises them, and the order of summation is fixed,
//! so that results have the same bits everywhere.

/// Number of accumulators: two SIMD registers of four.
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

/// The dot product a·b and the sum of a, in one pass.
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

/// |a - b|^2, computed from the differences. |a|^2 + |b|^2 - 2 a·b would round, so that equal points would not have a
/// distance of exactly 0.
pub fn squared_distance(a: &[f32], b: &[f32]) -> f32 {
    sum_of_pairs(a, b, |a, b| (a - b) * (a - b))
}

/// The dot product of two vectors.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    sum_of_pairs(a, b, |a, b| a * b)
}

/// The sum of f(a_i, b_i) over two slices of the same length.
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
