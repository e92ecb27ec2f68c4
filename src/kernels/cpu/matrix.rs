//! Matrix products.

use gemm::{Parallelism, gemm};

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
    product(out, a, b);
}

#[allow(unsafe_code)]
fn product(out: &mut [f32], a: Matrix, b: Matrix) {
    // SAFETY: each matrix lies within its slice (`Matrix` is only made by `rows_of`, which cuts the slice to size, and transposing
    // keeps the same cells), and `out` has been checked to hold exactly rows x columns values.
    unsafe {
        gemm(
            a.rows,
            b.columns,
            a.columns,
            out.as_mut_ptr(),
            1,
            b.columns as isize,
            true,
            a.values.as_ptr(),
            a.strides[1] as isize,
            a.strides[0] as isize,
            b.values.as_ptr(),
            b.strides[1] as isize,
            b.strides[0] as isize,
            1.0,
            1.0,
            false,
            false,
            false,
            Parallelism::None,
        );
    }
}
