//! How the work of a layer is cut among threads.

use super::super::Layer;
use super::super::unroll::Letter;
use super::kernel::Kernel;

/// How much of a layer one thread computes: the more, the more products each value that is read serves, and the fewer
/// threads there are. Shaped for a software adapter, where reading is dear, and small enough that a GPU keeps the sums
/// in registers (docs/decisions/own-kernels.md).
#[derive(Debug, Clone, Copy)]
pub struct Tile {
    /// Rows of a batch.
    pub rows: usize,
    /// Columns of a matrix, in fours.
    pub columns: usize,
    /// Inputs of a matrix, in fours.
    pub inputs: usize,
    /// Channels of an image.
    pub channels: usize,
    /// Places in a row of the smaller image.
    pub run: usize,
    /// Side of a convolution's kernel.
    pub kernel: usize,
}

/// The first that divides `n`.
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
            // The sums of a workgroup meet in 64 threads x 4 channels x 16 taps x 4 bytes: the 16 KiB that WebGPU
            // guarantees.
            _ => divisor(small, [4, 2]),
        };
        Self {
            rows: 8,
            columns: 1,
            inputs: if kernel == Kernel::LinearWeightGradient { divisor(layer.from / 4, [2]) } else { 1 },
            channels,
            // Sides are 28, halved once or twice.
            run: divisor(layer.side[1], [7]),
            kernel: layer.kernel_side(),
        }
    }

    /// What the letters in a kernel's text go through.
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
