//! Convolutions and transposed convolutions with kernel size 4, stride 2 and padding 1, as matrix products.
//!
//! Both connect a small image `[small, h, w]` and a large image `[large, 2 h, 2 w]`. im2col turns the large image into
//! patches P `[large * 16, h * w]`; the weight is W `[small, large * 16]`. The convolution is small = W P, the
//! transposed convolution is large = col2im(W^T small), and the weight gradient of either is small P^T. Each of the
//! first two is also the other one's input gradient.

use super::super::Layer;
use super::super::spec::TAPS;
use super::matrix::{Matrix, add_product};

pub struct Convolution {
    n: usize,
    small: usize,
    large: usize,
    height: usize,
    width: usize,
}

impl Convolution {
    pub fn of(layer: Layer) -> Self {
        let (small, large) = layer.channels();
        let [height, width] = layer.side;
        Self { n: layer.n, small, large, height, width }
    }

    fn places(&self) -> usize {
        self.height * self.width
    }

    fn patch_rows(&self) -> usize {
        self.large * TAPS
    }

    fn weight<'a>(&self, params: &'a [f32]) -> Matrix<'a> {
        Matrix::rows_of(params, self.small, self.patch_rows())
    }

    /// small += W P: the convolution's forward pass, or the transposed convolution's input gradient.
    pub fn conv_down(&self, large: &[f32], params: &[f32], small: &mut [f32]) {
        let mut patches = vec![0.0; self.patch_rows() * self.places()];
        for (large, small) in self.images(large).zip(small.chunks_exact_mut(self.small * self.places())) {
            self.take_patches(large, &mut patches);
            add_product(small, self.weight(params), Matrix::rows_of(&patches, self.patch_rows(), self.places()));
        }
    }

    /// large += col2im(W^T small): the transposed convolution's forward pass, or the convolution's input gradient.
    pub fn conv_transpose(&self, small: &[f32], params: &[f32], large: &mut [f32]) {
        let mut patches = vec![0.0; self.patch_rows() * self.places()];
        let size = self.large * 4 * self.places();
        for (small, large) in small.chunks_exact(self.small * self.places()).zip(large.chunks_exact_mut(size)) {
            patches.fill(0.0);
            add_product(
                &mut patches,
                self.weight(params).transposed(),
                Matrix::rows_of(small, self.small, self.places()),
            );
            self.add_patches(&patches, large);
        }
    }

    /// Weight gradient: weight += small P^T, summed over the batch.
    pub fn conv_weight_grad(&self, small: &[f32], large: &[f32], weight: &mut [f32]) {
        let weight = &mut weight[..self.small * self.patch_rows()];
        let mut patches = vec![0.0; self.patch_rows() * self.places()];
        for (small, large) in small.chunks_exact(self.small * self.places()).zip(self.images(large)) {
            self.take_patches(large, &mut patches);
            let patches = Matrix::rows_of(&patches, self.patch_rows(), self.places());
            add_product(weight, Matrix::rows_of(small, self.small, self.places()), patches.transposed());
        }
    }

    fn images<'a>(&self, large: &'a [f32]) -> impl Iterator<Item = &'a [f32]> {
        debug_assert_eq!(large.len(), self.n * self.large * 4 * self.places());
        large.chunks_exact(self.large * 4 * self.places())
    }

    /// Calls `f` for each row of P and each row of the small image, with three values: the offset of these `w` values
    /// in P, the offset of the large image's row that they come from (None in the padding), and the tap's column kx.
    fn each_row(&self, mut f: impl FnMut(usize, Option<usize>, usize)) {
        let (height, width) = (2 * self.height, 2 * self.width);
        for c in 0..self.large {
            for ky in 0..4 {
                for kx in 0..4 {
                    let row = (c * TAPS + ky * 4 + kx) * self.places();
                    for y in 0..self.height {
                        // With padding 1, the patch at y starts at row 2 y - 1. `above` is the row plus 1.
                        let above = 2 * y + ky;
                        let inside = (1..=height).contains(&above);
                        f(row + y * self.width, inside.then(|| (c * height + above.wrapping_sub(1)) * width), kx);
                    }
                }
            }
        }
    }

    /// The columns x of the small image whose source column 2 x - 1 + kx lies inside the large image, and the first of
    /// these source columns.
    fn columns(&self, kx: usize) -> (std::ops::Range<usize>, usize) {
        let first = usize::from(kx == 0);
        let last = if kx == 3 { self.width - 1 } else { self.width };
        (first..last, 2 * first + kx - 1)
    }

    /// im2col: overwrites `patches` with those of `large`, with 0 in the padding.
    fn take_patches(&self, large: &[f32], patches: &mut [f32]) {
        self.each_row(|at, source, kx| {
            let row = &mut patches[at..at + self.width];
            let Some(source) = source else { return row.fill(0.0) };
            let (range, first) = self.columns(kx);
            let n = range.len();
            row[..range.start].fill(0.0);
            row[range.end..].fill(0.0);
            let from = &large[source + first..source + first + 2 * n - 1];
            row[range].iter_mut().zip(from.iter().step_by(2)).for_each(|(to, from)| *to = *from);
        });
    }

    /// col2im: adds `patches` to the pixels of `large` that they come from.
    fn add_patches(&self, patches: &[f32], large: &mut [f32]) {
        self.each_row(|at, target, kx| {
            let Some(target) = target else { return };
            let (range, first) = self.columns(kx);
            let n = range.len();
            let to = &mut large[target + first..target + first + 2 * n - 1];
            to.iter_mut().step_by(2).zip(&patches[at..at + self.width][range]).for_each(|(to, from)| *to += from);
        });
    }
}
