//! Matrix products. Native builds use the `gemm` crate, which selects the widest SIMD instructions at run time.
//! WebAssembly has a single SIMD width; our packed tiles are faster there (docs/decisions/cpu-matrix-products.md).

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
    if cfg!(target_arch = "wasm32") { tiled(out, a, b) } else { by_crate(out, a, b) }
}

/// Size of an output tile. Its 4 x 8 sums take 8 of the 16 SIMD registers and leave the rest for the operands.
const ROWS: usize = 4;
const COLUMNS: usize = 8;

/// out += a b, one output tile at a time, from operands packed into panels. Unpacked rows with a stride that is a power
/// of two would evict each other from the cache. Both operands are packed, transposed or not:
/// docs/decisions/cpu-matrix-products.md.
fn tiled(out: &mut [f32], a: Matrix, b: Matrix) {
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
                let mut tile = [0.0; ROWS * COLUMNS];
                add_tile(&mut tile, COLUMNS, left, right);
                for (out, sums) in out.chunks_mut(b.columns).zip(tile.chunks_exact(COLUMNS)).take(rows) {
                    out.iter_mut().zip(&sums[..columns]).for_each(|(out, sum)| *out += sum);
                }
            }
        }
    }
}

/// Packs a matrix into panels of `WIDTH` columns, each stored row by row. The last panel is padded with zeros.
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

    /// Adds the product of a packed row panel and a packed column panel to one output tile, whose rows are `stride`
    /// values apart.
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

/// Plain version of `simd::add_tile`, for the tests, which run natively.
#[cfg(not(target_arch = "wasm32"))]
fn add_tile(out: &mut [f32], stride: usize, left: &[[f32; ROWS]], right: &[[f32; COLUMNS]]) {
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
fn transposed(columns: [&[f32; 4]; 4]) -> [[f32; 4]; 4] {
    std::array::from_fn(|row| columns.map(|column| column[row]))
}

#[cfg(target_arch = "wasm32")]
fn by_crate(_: &mut [f32], _: Matrix, _: Matrix) {
    unreachable!("the crate is for native builds")
}

#[cfg(not(target_arch = "wasm32"))]
#[allow(unsafe_code)]
fn by_crate(out: &mut [f32], a: Matrix, b: Matrix) {
    let stride = |m: Matrix, i: usize| m.strides[i] as isize;
    // SAFETY: each matrix lies within its slice: only `rows_of` creates a `Matrix`, from a slice of exactly its size,
    // and transposing addresses the same values. `add_product` has checked that `out` holds rows x columns values.
    unsafe {
        gemm::gemm(
            a.rows,
            b.columns,
            a.columns,
            out.as_mut_ptr(),
            1,
            b.columns as isize,
            true,
            a.values.as_ptr(),
            stride(a, 1),
            stride(a, 0),
            b.values.as_ptr(),
            stride(b, 1),
            stride(b, 0),
            1.0,
            1.0,
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn tiles_give_what_the_definition_gives() {
        for [m, n, k] in [[1, 1, 1], [4, 8, 5], [7, 9, 3], [5, 17, 64], [33, 31, 2]] {
            let values = |n: usize, step: usize| (0..n).map(|i| (i * step % 13) as f32 - 6.0).collect::<Vec<_>>();
            let (x, y) = (values(m * k, 7), values(k * n, 5));
            let mats = [Matrix::rows_of(&x, m, k), Matrix::rows_of(&x, k, m).transposed()];
            for a in mats {
                for b in [Matrix::rows_of(&y, k, n), Matrix::rows_of(&y, n, k).transposed()] {
                    let at = |m: Matrix, r: usize, c: usize| m.values[r * m.strides[0] + c * m.strides[1]];
                    // Integers below 2^24 are exact in f32, in every order of summation.
                    let expected: Vec<f32> = (0..m * n)
                        .map(|i| 1.0 + (0..k).map(|j| at(a, i / n, j) * at(b, j, i % n)).sum::<f32>())
                        .collect();
                    for multiply in [tiled, by_crate] {
                        let mut out = vec![1.0; m * n];
                        multiply(&mut out, a, b);
                        assert_eq!(out, expected, "{m} x {n} x {k}");
                    }
                }
            }
        }
    }
}
