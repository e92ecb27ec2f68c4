//! Matrix products: the `gemm` crate natively, which finds the processor's widest SIMD at run time; in WebAssembly, where there is
//! one width, packed tiles of our own, which were 1.3 times as fast there in a prototype (in Chromium, at these sizes).

/// A matrix inside a slice.
#[derive(Clone, Copy)]
pub struct Matrix<'a> {
    values: &'a [f32],
    rows: usize,
    columns: usize,
    /// Distance of one row from the next, and of one column from the next.
    strides: [usize; 2],
}

impl<'a> Matrix<'a> {
    /// `rows` x `columns`, row after row, from the front of a slice.
    pub fn rows_of(values: &'a [f32], rows: usize, columns: usize) -> Self {
        Self { values: &values[..rows * columns], rows, columns, strides: [columns, 1] }
    }

    pub fn transposed(self) -> Self {
        let [row, column] = self.strides;
        Self { rows: self.columns, columns: self.rows, strides: [column, row], ..self }
    }
}

/// out += a b, with `out` row after row.
pub fn add_product(out: &mut [f32], a: Matrix, b: Matrix) {
    assert_eq!(a.columns, b.rows);
    assert_eq!(out.len(), a.rows * b.columns);
    if cfg!(target_arch = "wasm32") { tiled(out, a, b) } else { by_crate(out, a, b) }
}

/// A tile of the result: 4 x 8 sums are 8 SIMD registers, which leaves some of the 16 for the factors.
const ROWS: usize = 4;
const COLUMNS: usize = 8;

/// Tile by tile, from packed panels: read where they lie, rows that are a power of two apart would push each other out of the cache.
fn tiled(out: &mut [f32], a: Matrix, b: Matrix) {
    let depth = a.columns;
    let left = pack::<ROWS>(a.transposed());
    let right = pack::<COLUMNS>(b);
    for (right, column) in right.chunks_exact(depth * COLUMNS).zip((0..).step_by(COLUMNS)) {
        let width = COLUMNS.min(b.columns - column);
        for (left, row) in left.chunks_exact(depth * ROWS).zip((0..).step_by(ROWS)) {
            let sums = tile(left, right);
            for (sums, row) in sums.iter().zip(row..a.rows) {
                let out = &mut out[row * b.columns + column..][..width];
                out.iter_mut().zip(sums).for_each(|(out, sum)| *out += sum);
            }
        }
    }
}

/// The columns of a matrix, `WIDTH` at a time, row by row; the last ones are filled up with zeros.
fn pack<const WIDTH: usize>(m: Matrix) -> Vec<f32> {
    let [down, across] = m.strides;
    let mut out = vec![0.0; m.columns.next_multiple_of(WIDTH) * m.rows];
    let (panels, _) = out.as_chunks_mut::<WIDTH>();
    for (panel, first) in panels.chunks_exact_mut(m.rows).zip((0..).step_by(WIDTH)) {
        let width = WIDTH.min(m.columns - first);
        for (row, to) in panel.iter_mut().enumerate() {
            let from = &m.values[row * down + first * across..];
            if width == WIDTH && across == 1 {
                to.copy_from_slice(&from[..WIDTH]);
            } else if width == WIDTH {
                // A fixed number of values: no loop is left.
                *to = std::array::from_fn(|c| from[c * across]);
            } else {
                to[..width].iter_mut().enumerate().for_each(|(c, to)| *to = from[c * across]);
            }
        }
    }
    out
}

/// The products of a panel of rows with a panel of columns.
#[cfg(target_arch = "wasm32")]
#[allow(unsafe_code)]
fn tile(left: &[f32], right: &[f32]) -> [[f32; COLUMNS]; ROWS] {
    use std::arch::wasm32::{f32x4_add, f32x4_mul, f32x4_splat, v128, v128_load, v128_load32_splat, v128_store};
    let depth = left.len() / ROWS;
    assert_eq!((left.len(), right.len()), (depth * ROWS, depth * COLUMNS));
    let mut sums = [[f32x4_splat(0.0); 2]; ROWS];
    let mut out = [[0.0; COLUMNS]; ROWS];
    // SAFETY: `left` holds ROWS and `right` COLUMNS values for each of `depth` steps (asserted), and a row of `out` two vectors of
    // four.
    unsafe {
        let (mut a, mut b) = (left.as_ptr(), right.as_ptr());
        for _ in 0..depth {
            let columns = [v128_load(b.cast::<v128>()), v128_load(b.add(4).cast::<v128>())];
            for (r, sums) in sums.iter_mut().enumerate() {
                let row = v128_load32_splat(a.add(r).cast::<u32>());
                *sums = [f32x4_add(sums[0], f32x4_mul(row, columns[0])), f32x4_add(sums[1], f32x4_mul(row, columns[1]))];
            }
            a = a.add(ROWS);
            b = b.add(COLUMNS);
        }
        for (out, sums) in out.iter_mut().zip(sums) {
            v128_store(out.as_mut_ptr().cast::<v128>(), sums[0]);
            v128_store(out.as_mut_ptr().add(4).cast::<v128>(), sums[1]);
        }
    }
    out
}

/// The same for the tests, which run natively.
#[cfg(not(target_arch = "wasm32"))]
fn tile(left: &[f32], right: &[f32]) -> [[f32; COLUMNS]; ROWS] {
    let mut out = [[0.0; COLUMNS]; ROWS];
    for (a, b) in left.chunks_exact(ROWS).zip(right.chunks_exact(COLUMNS)) {
        for (out, a) in out.iter_mut().zip(a) {
            out.iter_mut().zip(b).for_each(|(out, b)| *out += a * b);
        }
    }
    out
}

#[cfg(target_arch = "wasm32")]
fn by_crate(_: &mut [f32], _: Matrix, _: Matrix) {
    unreachable!("the crate is for native builds")
}

#[cfg(not(target_arch = "wasm32"))]
#[allow(unsafe_code)]
fn by_crate(out: &mut [f32], a: Matrix, b: Matrix) {
    let stride = |m: Matrix, i: usize| m.strides[i] as isize;
    // SAFETY: each matrix lies within its slice (`Matrix` is only made by `rows_of`, which cuts the slice to size, and transposing
    // keeps the same cells), and `out` has been checked to hold exactly rows x columns values.
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
                    // Whole numbers below 2^24: every order of summation is exact.
                    let expected: Vec<f32> =
                        (0..m * n).map(|i| 1.0 + (0..k).map(|j| at(a, i / n, j) * at(b, j, i % n)).sum::<f32>()).collect();
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
