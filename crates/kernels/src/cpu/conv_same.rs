//! Convolutions with stride 1 that preserve height and width (3x3 with padding 1, or 1x1), as matrix products.
//!
//! im2col turns the image `[from, h, w]` into patches P `[from k k, h w]`, where k is the kernel size. With the weight
//! W `[to, from k k]` and d = dL/dy `[to, h w]`, the forward pass is y = W P, the input gradient is col2im(W^T d), and
//! the weight gradient is d P^T. For k = 1 the patches are the image.

use std::borrow::Cow;

use super::super::Layer;
use super::matrix::{Matrix, add_product};

pub struct ConvSame {
    from: usize,
    to: usize,
    side: usize,
    height: usize,
    width: usize,
}

impl ConvSame {
    pub fn of(layer: Layer) -> Self {
        let [height, width] = layer.side;
        Self { from: layer.from, to: layer.to, side: layer.kernel_side(), height, width }
    }

    fn places(&self) -> usize {
        self.height * self.width
    }

    fn patch_rows(&self) -> usize {
        self.from * self.side * self.side
    }

    fn weight<'a>(&self, params: &'a [f32]) -> Matrix<'a> {
        Matrix::rows_of(params, self.to, self.patch_rows())
    }

    fn matrix<'a>(&self, patches: &'a [f32]) -> Matrix<'a> {
        Matrix::rows_of(patches, self.patch_rows(), self.places())
    }

    /// Forward pass of a batch: y += W P.
    pub fn forward(&self, x: &[f32], params: &[f32], y: &mut [f32]) {
        for (x, y) in x.chunks_exact(self.from * self.places()).zip(y.chunks_exact_mut(self.to * self.places())) {
            add_product(y, self.weight(params), self.matrix(&self.patches(x)));
        }
    }

    /// Input gradient of a batch: dx += col2im(W^T d).
    pub fn backward(&self, d: &[f32], params: &[f32], dx: &mut [f32]) {
        let transposed = self.weight(params).transposed();
        for (d, dx) in d.chunks_exact(self.to * self.places()).zip(dx.chunks_exact_mut(self.from * self.places())) {
            let d = Matrix::rows_of(d, self.to, self.places());
            if self.side == 1 {
                add_product(dx, transposed, d);
                continue;
            }
            let mut patches = vec![0.0; self.patch_rows() * self.places()];
            add_product(&mut patches, transposed, d);
            self.each_run(|patch, image| {
                dx[image].iter_mut().zip(&patches[patch]).for_each(|(to, from)| *to += from);
            });
        }
    }

    /// Weight gradient: weight += d P^T, summed over the batch.
    pub fn conv_weight_grad(&self, x: &[f32], d: &[f32], weight: &mut [f32]) {
        let weight = &mut weight[..self.to * self.patch_rows()];
        for (x, d) in x.chunks_exact(self.from * self.places()).zip(d.chunks_exact(self.to * self.places())) {
            add_product(weight, Matrix::rows_of(d, self.to, self.places()), self.matrix(&self.patches(x)).transposed());
        }
    }

    fn patches<'a>(&self, image: &'a [f32]) -> Cow<'a, [f32]> {
        if self.side == 1 {
            return Cow::Borrowed(image);
        }
        let mut patches = vec![0.0; self.patch_rows() * self.places()];
        self.each_run(|patch, at| patches[patch].copy_from_slice(&image[at]));
        Cow::Owned(patches)
    }

    /// Calls `f` with each run of consecutive patch values that lies inside the image: its range in the patches and its
    /// range in the image. im2col copies these runs; col2im adds them.
    fn each_run(&self, mut f: impl FnMut(std::ops::Range<usize>, std::ops::Range<usize>)) {
        let (side, height, width) = (self.side, self.height, self.width);
        for (row, (c, tap)) in (0..self.from).flat_map(|c| (0..side * side).map(move |tap| (c, tap))).enumerate() {
            // With padding 1, tap 0 reads the position before the output's, and tap 2 the one after it.
            let (ky, kx) = (tap / side, tap % side);
            let first = usize::from(kx == 0);
            let n = width - usize::from(kx != 1);
            for y in usize::from(ky == 0)..height - usize::from(ky == 2) {
                let patch = row * self.places() + y * width + first;
                let image = (c * height + y + ky - 1) * width + first + kx - 1;
                f(patch..patch + n, image..image + n);
            }
        }
    }
}
