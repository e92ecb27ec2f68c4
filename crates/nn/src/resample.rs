//! Resampling without parameters. Each operation is linear, so that it also maps tangents.

use burn::tensor::Tensor;

/// Nearest-neighbour upsampling: `[n, c, h, w]` -> `[n, c, 2 h, 2 w]`.
pub fn nearest(x: Tensor<4>) -> Tensor<4> {
    let [n, c, h, w] = x.dims();
    x.reshape([n, c, h, 1, w, 1]).expand([n, c, h, 2, w, 2]).reshape([n, c, 2 * h, 2 * w])
}

/// Pixel shuffle: `[n, 4 c, h, w]` -> `[n, c, 2 h, 2 w]`, with channel 4 c + 2 i + j at row i
/// and column j of each block (Shi et al. 2016).
pub fn shuffle(x: Tensor<4>) -> Tensor<4> {
    let [n, c, h, w] = x.dims();
    x.reshape([n, c / 4, 2, 2, h, w]).permute([0, 1, 4, 2, 5, 3]).reshape([n, c / 4, 2 * h, 2 * w])
}

/// 2x2 average pooling: `[n, c, 2 h, 2 w]` -> `[n, c, h, w]`.
pub fn pool(x: Tensor<4>) -> Tensor<4> {
    let [n, c, h, w] = x.dims();
    let blocks = x.reshape([n * c * h / 2, 2, w / 2, 2]);
    blocks.sum_dim(3).sum_dim(1).mul_scalar(0.25).reshape([n, c, h / 2, w / 2])
}
