//! Matrix products from packed tiles. Every sum runs over the inner dimension in order, without fused multiplication, so
//! that its bits are the same on every processor, natively and in WebAssembly: docs/decisions/same-bits.md.

/// A matrix view of a slice, with strides, so that transposing it copies nothing.
#[derive(Clone, Copy)]
pub struct Matrix<'a> {
    values: &'a [f32],
    rows: usize,
    columns: usize,
    /// Strides in values: from one row to the next, and from one column to the next.
    strides: [usize; 2],
}

impl<'a> Matrix<'a> {
    /// The first `rows * columns` values of a slice as a row-major matrix.
    pub fn rows_of(values: &'a [f32], rows: usize, columns: usize) -> Self {
        Self { values: &values[..rows * columns], rows, columns, strides: [columns, 1] }
    }

    pub fn transposed(self) -> Self {
        let [row, column] = self.strides;
        Self { rows: self.columns, columns: self.rows, strides: [column, row], ..self }
    }
}

/// out += a b; `out` is row-major, `[a.rows, b.columns]`.
pub fn add_product(out: &mut [f32], a: Matrix, b: Matrix) {
    assert_eq!(a.columns, b.rows);
    assert_eq!(out.len(), a.rows * b.columns);
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx") {
        // SAFETY: the processor has AVX.
        #[allow(unsafe_code)]
        return unsafe { avx::tiled(out, a, b) };
    }
    #[cfg(target_arch = "wasm32")]
    tiled(out, a, b, add_tile);
    #[cfg(not(target_arch = "wasm32"))]
    tiled(out, a, b, add_tile::<COLUMNS>);
}

/// Size of an output tile with SIMD registers of four values. Its 4 x 8 sums take 8 of 16 registers and leave the rest
/// for the operands.
const ROWS: usize = 4;
const COLUMNS: usize = 8;

/// out += a b, one output tile at a time, from operands packed into panels. Unpacked rows with a stride that is a power
/// of two would evict each other from the cache. Both operands are packed, transposed or not:
/// docs/decisions/cpu-matrix-products.md. `add_tile` adds the product of a packed row panel and a packed column panel to
/// one tile, whose rows are the given number of values apart. Inlined into its callers, each with its own instructions.
#[inline(always)]
fn tiled<const COLUMNS: usize>(
    out: &mut [f32],
    a: Matrix,
    b: Matrix,
    add_tile: impl Fn(&mut [f32], usize, &[[f32; ROWS]], &[[f32; COLUMNS]]),
) {
    let depth = a.columns;
    let (left, right) = (pack::<ROWS>(a.transposed()), pack::<COLUMNS>(b));
    for (right, column) in right.chunks_exact(depth).zip((0..).step_by(COLUMNS)) {
        for (left, row) in left.chunks_exact(depth).zip((0..).step_by(ROWS)) {
            let [rows, columns] = [ROWS.min(a.rows - row), COLUMNS.min(b.columns - column)];
            let out = &mut out[row * b.columns + column..];
            if rows == ROWS && columns == COLUMNS {
                add_tile(out, b.columns, left, right);
            } else {
                // A tile at the edge is computed whole; only the part inside `out` is added.
                let mut tile = [[0.0; COLUMNS]; ROWS];
                add_tile(tile.as_flattened_mut(), COLUMNS, left, right);
                for (out, sums) in out.chunks_mut(b.columns).zip(&tile).take(rows) {
                    out.iter_mut().zip(&sums[..columns]).for_each(|(out, sum)| *out += sum);
                }
            }
        }
    }
}

/// Packs a matrix into panels of `WIDTH` columns, each stored row by row. The last panel is padded with zeros.
#[inline(always)]
fn pack<const WIDTH: usize>(m: Matrix) -> Vec<[f32; WIDTH]> {
    let [down, across] = m.strides;
    let mut out = Vec::with_capacity(m.columns.div_ceil(WIDTH) * m.rows);
    for first in (0..m.columns).step_by(WIDTH) {
        let (from, width) = (&m.values[first * across..], WIDTH.min(m.columns - first));
        if width < WIDTH {
            let value = |row, column| if column < width { from[row * down + column * across] } else { 0.0 };
            out.extend((0..m.rows).map(|row| -> [f32; WIDTH] { std::array::from_fn(|column| value(row, column)) }));
        } else if across == 1 {
            let row = |row| {
                from[row * down..]
                    .first_chunk::<WIDTH>()
                    .unwrap_or_else(|| unreachable!("the panel is within the matrix"))
            };
            out.extend((0..m.rows).map(row));
        } else {
            let panel = out.len();
            out.resize(panel + m.rows, [0.0; WIDTH]);
            turn(&mut out[panel..], std::array::from_fn(|c| &from[c * across..][..m.rows]));
        }
    }
    out
}

/// Packs contiguous columns into a row-major panel, by transposing blocks of 4 x 4.
#[inline(always)]
fn turn<const WIDTH: usize>(panel: &mut [[f32; WIDTH]], columns: [&[f32]; WIDTH]) {
    let (blocks, rest) = panel.as_chunks_mut::<4>();
    let fours = columns.map(|column| column.as_chunks::<4>().0);
    for (i, block) in blocks.iter_mut().enumerate() {
        for first in (0..WIDTH).step_by(4) {
            let rows = transposed(std::array::from_fn(|c| &fours[first + c][i]));
            block.iter_mut().zip(rows).for_each(|(to, row)| to[first..first + 4].copy_from_slice(&row));
        }
    }
    let done = 4 * blocks.len();
    rest.iter_mut().enumerate().for_each(|(row, to)| *to = columns.map(|column| column[done + row]));
}

#[cfg(target_arch = "wasm32")]
mod simd {
    use super::{COLUMNS, ROWS};
    use std::arch::wasm32::{
        f32x4_add, f32x4_mul, f32x4_splat, i32x4_shuffle, v128, v128_load, v128_load32_splat, v128_store,
    };

    #[inline(always)]
    #[allow(unsafe_code)]
    fn loaded(values: &[f32; 4]) -> v128 {
        // SAFETY: the reference covers four f32, the 16 bytes that are read.
        unsafe { v128_load(values.as_ptr().cast::<v128>()) }
    }

    #[inline(always)]
    #[allow(unsafe_code)]
    fn stored(vector: v128) -> [f32; 4] {
        let mut values = [0.0; 4];
        // SAFETY: `values` has four f32, the 16 bytes that are written.
        unsafe { v128_store(values.as_mut_ptr().cast::<v128>(), vector) };
        values
    }

    /// Transposes a 4 x 4 block: from its columns to its rows. The compiler does not generate these shuffles from
    /// plain code.
    #[inline(always)]
    pub fn transposed(columns: [&[f32; 4]; 4]) -> [[f32; 4]; 4] {
        let [a, b, c, d] = columns.map(loaded);
        let upper = [i32x4_shuffle::<0, 4, 1, 5>(a, b), i32x4_shuffle::<0, 4, 1, 5>(c, d)];
        let lower = [i32x4_shuffle::<2, 6, 3, 7>(a, b), i32x4_shuffle::<2, 6, 3, 7>(c, d)];
        let halves = [upper, lower]
            .map(|[left, right]| [i32x4_shuffle::<0, 1, 4, 5>(left, right), i32x4_shuffle::<2, 3, 6, 7>(left, right)]);
        let [[first, second], [third, fourth]] = halves;
        [first, second, third, fourth].map(stored)
    }

    /// See `tiled`.
    #[allow(unsafe_code)]
    pub fn add_tile(out: &mut [f32], stride: usize, left: &[[f32; ROWS]], right: &[[f32; COLUMNS]]) {
        let mut sums = [[f32x4_splat(0.0); 2]; ROWS];
        for (left, right) in left.iter().zip(right) {
            let (halves, _) = right.as_chunks::<4>();
            let columns = [loaded(&halves[0]), loaded(&halves[1])];
            for (sums, left) in sums.iter_mut().zip(left) {
                // SAFETY: the reference covers the one f32 that is read.
                let row = unsafe { v128_load32_splat(std::ptr::from_ref(left).cast::<u32>()) };
                *sums =
                    [f32x4_add(sums[0], f32x4_mul(row, columns[0])), f32x4_add(sums[1], f32x4_mul(row, columns[1]))];
            }
        }
        for (row, sums) in sums.into_iter().enumerate() {
            let (halves, _) = out[row * stride..][..COLUMNS].as_chunks_mut::<4>();
            halves.iter_mut().zip(sums).for_each(|(out, sum)| *out = stored(f32x4_add(loaded(out), sum)));
        }
    }
}

#[cfg(target_arch = "wasm32")]
use simd::{add_tile, transposed};

/// The same sums with registers of eight values.
#[cfg(target_arch = "x86_64")]
mod avx {
    use std::arch::x86_64::{
        __m256, _mm256_add_ps, _mm256_broadcast_ss, _mm256_loadu_ps, _mm256_mul_ps, _mm256_setzero_ps, _mm256_storeu_ps,
    };

    use super::{Matrix, ROWS};

    const COLUMNS: usize = 16;

    #[target_feature(enable = "avx")]
    pub fn tiled(out: &mut [f32], a: Matrix, b: Matrix) {
        super::tiled(out, a, b, |out, stride, left, right| add_tile(out, stride, left, right));
    }

    #[inline]
    #[target_feature(enable = "avx")]
    #[allow(unsafe_code)]
    fn loaded(values: &[f32; 8]) -> __m256 {
        // SAFETY: the reference covers the eight f32 that are read.
        unsafe { _mm256_loadu_ps(values.as_ptr()) }
    }

    #[inline]
    #[target_feature(enable = "avx")]
    #[allow(unsafe_code)]
    fn add_tile(out: &mut [f32], stride: usize, left: &[[f32; ROWS]], right: &[[f32; COLUMNS]]) {
        let mut sums = [[_mm256_setzero_ps(); 2]; ROWS];
        for (left, right) in left.iter().zip(right) {
            let (halves, _) = right.as_chunks::<8>();
            let columns = [loaded(&halves[0]), loaded(&halves[1])];
            for (sums, left) in sums.iter_mut().zip(left) {
                let row = _mm256_broadcast_ss(left);
                *sums = [
                    _mm256_add_ps(sums[0], _mm256_mul_ps(row, columns[0])),
                    _mm256_add_ps(sums[1], _mm256_mul_ps(row, columns[1])),
                ];
            }
        }
        for (row, sums) in sums.into_iter().enumerate() {
            let (halves, _) = out[row * stride..][..COLUMNS].as_chunks_mut::<8>();
            for (out, sum) in halves.iter_mut().zip(sums) {
                // SAFETY: `out` has the eight f32 that are written.
                unsafe { _mm256_storeu_ps(out.as_mut_ptr(), _mm256_add_ps(loaded(out), sum)) }
            }
        }
    }
}

/// The same sums as `simd::add_tile`, in code that the compiler vectorises.
#[cfg(not(target_arch = "wasm32"))]
#[inline(always)]
fn add_tile<const COLUMNS: usize>(out: &mut [f32], stride: usize, left: &[[f32; ROWS]], right: &[[f32; COLUMNS]]) {
    let mut sums = [[0.0; COLUMNS]; ROWS];
    for (left, right) in left.iter().zip(right) {
        for (sums, left) in sums.iter_mut().zip(left) {
            sums.iter_mut().zip(right).for_each(|(sum, right)| *sum += left * right);
        }
    }
    for (out, sums) in out.chunks_mut(stride).zip(sums) {
        out.iter_mut().zip(sums).for_each(|(out, sum)| *out += sum);
    }
}

/// Plain version of `simd::transposed`.
#[cfg(not(target_arch = "wasm32"))]
#[inline(always)]
fn transposed(columns: [&[f32; 4]; 4]) -> [[f32; 4]; 4] {
    std::array::from_fn(|row| columns.map(|column| column[row]))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    fn narrow(out: &mut [f32], a: Matrix, b: Matrix) {
        tiled(out, a, b, add_tile::<COLUMNS>);
    }

    /// Calls `f` with products of several sizes, transposed or not, of values made by `values` from a length and a seed.
    fn each_product(values: impl Fn(usize, usize) -> Vec<f32>, f: impl Fn(Matrix, Matrix)) {
        for [m, n, k] in [[1, 1, 1], [4, 8, 5], [7, 9, 3], [5, 17, 64], [33, 31, 2], [8, 48, 20]] {
            let (x, y) = (values(m * k, 7), values(k * n, 5));
            for a in [Matrix::rows_of(&x, m, k), Matrix::rows_of(&x, k, m).transposed()] {
                for b in [Matrix::rows_of(&y, k, n), Matrix::rows_of(&y, n, k).transposed()] {
                    f(a, b);
                }
            }
        }
    }

    #[test]
    fn tiles_give_what_the_definition_gives() {
        // Integers below 2^24 are exact in f32, in every order of summation.
        let values = |n: usize, step: usize| (0..n).map(|i| (i * step % 13) as f32 - 6.0).collect();
        each_product(values, |a, b| {
            let at = |m: Matrix, r: usize, c: usize| m.values[r * m.strides[0] + c * m.strides[1]];
            let [m, n, k] = [a.rows, b.columns, a.columns];
            let expected: Vec<f32> =
                (0..m * n).map(|i| 1.0 + (0..k).map(|j| at(a, i / n, j) * at(b, j, i % n)).sum::<f32>()).collect();
            for multiply in [narrow, add_product] {
                let mut out = vec![1.0; m * n];
                multiply(&mut out, a, b);
                assert_eq!(out, expected, "{m} x {n} x {k}");
            }
        });
    }

    #[test]
    fn the_width_of_the_registers_changes_no_bit() {
        let values = |n: usize, seed: usize| {
            (0..n).map(|i| ((i * 7919 + seed * 104_729) % 10_007) as f32 / 10_007.0 - 0.5).collect()
        };
        each_product(values, |a, b| {
            let of = |multiply: fn(&mut [f32], Matrix, Matrix)| {
                let mut out = vec![0.25; a.rows * b.columns];
                multiply(&mut out, a, b);
                out.into_iter().map(f32::to_bits).collect::<Vec<_>>()
            };
            assert_eq!(of(narrow), of(add_product));
        });
    }
}
