//! Tile sizes: how the output of a layer is split among threads.

use super::super::Layer;
use super::super::unroll::Letter;
use super::kernel::Kernel;

/// The part of a layer's output that one thread computes. Larger tiles reuse each loaded value in more products, but
/// leave fewer threads. The sizes are chosen for a software adapter, where loads are expensive, and are small enough
/// for a GPU to keep the accumulators in registers (docs/decisions/own-kernels.md).
#[derive(Debug, Clone, Copy)]
pub struct Tile {
    /// Samples of the batch.
    pub rows: usize,
    /// Output features, in units of 4.
    pub columns: usize,
    /// Input features, in units of 4.
    pub inputs: usize,
    /// Output channels of a convolution; for a weight gradient, channels of the smaller image.
    pub channels: usize,
    /// Consecutive positions in a row of the image (of the smaller one if the stride is 2).
    pub run: usize,
    /// Kernel size of the convolution along one side.
    pub kernel: usize,
}

/// The first candidate that divides `n`, or 1.
fn divisor<const C: usize>(n: usize, candidates: [usize; C]) -> usize {
    candidates.into_iter().find(|c| n.is_multiple_of(*c)).unwrap_or(1)
}

impl Tile {
    pub fn of(kernel: Kernel, layer: &Layer) -> Self {
        let (small, large) = layer.channels();
        let channels = match kernel {
            Kernel::ConvDownForward | Kernel::ConvDownBackward => divisor(small, [4, 2]),
            Kernel::ConvTransposeForward | Kernel::ConvTransposeBackward => divisor(large, [2]),
            Kernel::ConvSameForward => divisor(layer.to, [4, 2]),
            Kernel::ConvSameBackward => divisor(layer.from, [4, 2]),
            // The partial sums of 64 threads x 4 channels x 16 taps x 4 bytes take the 16 KiB of workgroup memory that
            // WebGPU guarantees.
            _ => divisor(small, [4, 2]),
        };
        Self {
            rows: 8,
            columns: 1,
            inputs: if kernel == Kernel::LinearWeightGradient { divisor(layer.from / 4, [2]) } else { 1 },
            channels,
            // Images are 28 pixels wide, or 14 or 7 after strides of 2: all multiples of 7.
            run: divisor(layer.side[1], [7]),
            kernel: layer.kernel_side(),
        }
    }

    /// The ranges of the loop variables in a kernel's text.
    pub fn letters(&self) -> Vec<Letter> {
        vec![
            ('r', 0..self.rows),
            ('c', 0..self.columns),
            ('i', 0..self.inputs),
            ('t', 0..self.channels),
            ('p', 0..self.run),
            ('q', 0..2 * self.run),
            ('e', 0..self.run + 2),
            ('k', 0..4),
            ('j', 0..4),
            ('a', 0..self.kernel),
            ('b', 0..self.kernel),
            ('P', self.run..self.run + 1),
            ('Q', 2 * self.run..2 * self.run + 1),
        ]
    }
}
