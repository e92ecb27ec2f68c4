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

    /// The rows from the `first` on.
    fn below(self, first: usize) -> Self {
        Self { values: &self.values[first * self.strides[0]..], rows: self.rows - first, ..self }
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

/// Tile by tile. The right factor is packed into panels of columns: read where they lie, rows that are a power of two apart would push
/// each other out of the cache. A left factor whose rows lie in one piece is read in place, four rows at once: with four steps in a
/// turn of the loop that was a tenth faster than from a packed panel, and the packing is saved.
fn tiled(out: &mut [f32], a: Matrix, b: Matrix) {
    let (depth, [down, across]) = (a.columns, a.strides);
    let right = pack::<COLUMNS>(b);
    let in_place = if across == 1 { a.rows - a.rows % ROWS } else { 0 };
    let left = pack::<ROWS>(a.below(in_place).transposed());
    for (right, column) in right.chunks_exact(depth).zip((0..).step_by(COLUMNS)) {
        let mut add = |row: usize, sums: [[f32; COLUMNS]; ROWS]| {
            for (sums, row) in sums.iter().zip(row..a.rows) {
                let out = &mut out[row * b.columns + column..];
                match out.first_chunk_mut::<COLUMNS>() {
                    Some(out) if b.columns - column >= COLUMNS => out.iter_mut().zip(sums).for_each(|(out, sum)| *out += sum),
                    _ => out.iter_mut().zip(&sums[..COLUMNS.min(b.columns - column)]).for_each(|(out, sum)| *out += sum),
                }
            }
        };
        for row in (0..in_place).step_by(ROWS) {
            add(row, tile(std::array::from_fn(|r| &a.values[(row + r) * down..][..depth]), right));
        }
        for (left, row) in left.chunks_exact(depth).zip((in_place..).step_by(ROWS)) {
            add(row, packed_tile(left, right));
        }
    }
}

/// The columns of a matrix, `WIDTH` at a time, row by row; the last ones are filled up with zeros.
fn pack<const WIDTH: usize>(m: Matrix) -> Vec<[f32; WIDTH]> {
    let [down, across] = m.strides;
    let mut out = vec![[0.0; WIDTH]; m.columns.div_ceil(WIDTH) * m.rows];
    for (panel, first) in out.chunks_exact_mut(m.rows).zip((0..).step_by(WIDTH)) {
        let from = &m.values[first * across..];
        if m.columns - first < WIDTH {
            for (row, to) in panel.iter_mut().enumerate() {
                to.iter_mut().take(m.columns - first).enumerate().for_each(|(c, to)| *to = from[row * down + c * across]);
            }
        } else if across == 1 {
            panel.iter_mut().enumerate().for_each(|(row, to)| to.copy_from_slice(&from[row * down..][..WIDTH]));
        } else {
            turn(panel, std::array::from_fn(|c| &from[c * across..][..m.rows]));
        }
    }
    out
}

/// Writes columns that each lie in one piece beside each other.
fn turn<const WIDTH: usize>(panel: &mut [[f32; WIDTH]], columns: [&[f32]; WIDTH]) {
    let (blocks, rest) = panel.as_chunks_mut::<4>();
    let fours = columns.map(|column| column.as_chunks::<4>().0);
    for (i, block) in blocks.iter_mut().enumerate() {
        // Four values of each column at a time, so that they are read as one vector.
        let values = fours.map(|column| column[i]);
        block.iter_mut().enumerate().for_each(|(row, to)| *to = values.map(|four| four[row]));
    }
    let done = 4 * blocks.len();
    rest.iter_mut().enumerate().for_each(|(row, to)| *to = columns.map(|column| column[done + row]));
}

#[cfg(target_arch = "wasm32")]
mod simd {
    use super::{COLUMNS, ROWS};
    use std::arch::wasm32::{f32x4_add, f32x4_mul, f32x4_splat, v128, v128_load, v128_load32_splat, v128_store};

    /// Steps in a turn of the loop over rows in place: what a turn costs besides is shared by them.
    const STEPS: usize = 4;

    type Sums = [[v128; 2]; ROWS];

    /// Adds one step's products: a value of each row, and `COLUMNS` of the panel.
    ///
    /// # Safety
    /// Each of `left` points to a value and `right` to [`COLUMNS`].
    #[inline(always)]
    #[allow(unsafe_code)]
    unsafe fn step(sums: &mut Sums, left: [*const f32; ROWS], right: *const f32) {
        // SAFETY: the caller's.
        unsafe {
            let columns = [v128_load(right.cast::<v128>()), v128_load(right.add(4).cast::<v128>())];
            for (sums, left) in sums.iter_mut().zip(left) {
                let row = v128_load32_splat(left.cast::<u32>());
                *sums = [f32x4_add(sums[0], f32x4_mul(row, columns[0])), f32x4_add(sums[1], f32x4_mul(row, columns[1]))];
            }
        }
    }

    #[inline(always)]
    #[allow(unsafe_code)]
    fn stored(sums: Sums) -> [[f32; COLUMNS]; ROWS] {
        let mut out = [[0.0; COLUMNS]; ROWS];
        for (out, sums) in out.iter_mut().zip(sums) {
            // SAFETY: a row of `out` is two vectors of four.
            unsafe {
                v128_store(out.as_mut_ptr().cast::<v128>(), sums[0]);
                v128_store(out.as_mut_ptr().add(4).cast::<v128>(), sums[1]);
            }
        }
        out
    }

    /// The products of rows, where they lie, with a panel of columns.
    #[allow(unsafe_code)]
    pub fn tile(left: [&[f32]; ROWS], right: &[[f32; COLUMNS]]) -> [[f32; COLUMNS]; ROWS] {
        let depth = right.len();
        assert!(left.iter().all(|row| row.len() == depth));
        let mut sums = [[f32x4_splat(0.0); 2]; ROWS];
        // SAFETY: every row and the panel have `depth` steps (asserted), and each is visited once.
        unsafe {
            let (mut a, mut b) = (left.map(<[f32]>::as_ptr), right.as_ptr().cast::<f32>());
            for _ in 0..depth / STEPS {
                for i in 0..STEPS {
                    step(&mut sums, a.map(|row| row.add(i)), b.add(i * COLUMNS));
                }
                (a, b) = (a.map(|row| row.add(STEPS)), b.add(STEPS * COLUMNS));
            }
            for i in 0..depth % STEPS {
                step(&mut sums, a.map(|row| row.add(i)), b.add(i * COLUMNS));
            }
        }
        stored(sums)
    }

    /// The products of a packed panel of rows with a panel of columns.
    #[allow(unsafe_code)]
    pub fn packed_tile(left: &[[f32; ROWS]], right: &[[f32; COLUMNS]]) -> [[f32; COLUMNS]; ROWS] {
        let mut sums = [[f32x4_splat(0.0); 2]; ROWS];
        for (left, right) in left.iter().zip(right) {
            let left = left.as_ptr();
            // SAFETY: `left` has ROWS values and `right` COLUMNS.
            unsafe { step(&mut sums, std::array::from_fn(|r| left.add(r)), right.as_ptr()) };
        }
        stored(sums)
    }
}

#[cfg(target_arch = "wasm32")]
use simd::{packed_tile, tile};

/// The same for the tests, which run natively.
#[cfg(not(target_arch = "wasm32"))]
fn packed_tile(left: &[[f32; ROWS]], right: &[[f32; COLUMNS]]) -> [[f32; COLUMNS]; ROWS] {
    let mut out = [[0.0; COLUMNS]; ROWS];
    for (a, b) in left.iter().zip(right) {
        for (out, a) in out.iter_mut().zip(a) {
            out.iter_mut().zip(b).for_each(|(out, b)| *out += a * b);
        }
    }
    out
}

#[cfg(not(target_arch = "wasm32"))]
fn tile(left: [&[f32]; ROWS], right: &[[f32; COLUMNS]]) -> [[f32; COLUMNS]; ROWS] {
    let left: Vec<_> = (0..right.len()).map(|i| left.map(|row| row[i])).collect();
    packed_tile(&left, right)
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
