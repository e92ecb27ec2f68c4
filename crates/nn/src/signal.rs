//! An activation, passed from layer to layer.

use burn::tensor::Tensor;

/// An activation, passed from layer to layer: a batch of feature maps, stored as rows. Features are maps of one
/// position.
#[derive(Debug, Clone)]
pub struct Signal {
    /// `[n, channels * height * width]`
    pub rows: Tensor<2>,
    /// Height and width.
    pub side: [usize; 2],
}

impl Signal {
    /// Features, `[n, features]`.
    pub fn features(rows: Tensor<2>) -> Self {
        Self { rows, side: [1, 1] }
    }

    /// Feature maps, `[n, channels, height, width]`.
    pub fn from_maps(maps: Tensor<4>) -> Self {
        let [n, c, h, w] = maps.dims();
        Self { rows: maps.reshape([n, c * h * w]), side: [h, w] }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.dims()[0]
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The shape of a row: `[features]`, or `[channels, height, width]` if the maps have more than one position.
    pub fn shape(&self) -> Vec<usize> {
        let ([_, width], [h, w]) = (self.rows.dims(), self.side);
        if self.side == [1, 1] { vec![width] } else { vec![width / (h * w), h, w] }
    }

    /// `[n, channels, height, width]`
    pub fn maps(self) -> Tensor<4> {
        let ([n, width], [h, w]) = (self.rows.dims(), self.side);
        self.rows.reshape([n, width / (h * w), h, w])
    }

    /// `[n, channels, positions]`
    pub fn positions(self) -> Tensor<3> {
        let ([n, width], [h, w]) = (self.rows.dims(), self.side);
        self.rows.reshape([n, width / (h * w), h * w])
    }

    /// The same positions with other values: `f` of the rows.
    pub fn map(self, f: impl FnOnce(Tensor<2>) -> Tensor<2>) -> Self {
        Self { rows: f(self.rows), side: self.side }
    }

    /// Applies `f` to `[n, channels, positions]`, which keeps its shape.
    pub fn by_position(self, f: impl FnOnce(Tensor<3>) -> Tensor<3>) -> Self {
        let (shape, side) = (self.rows.dims(), self.side);
        Self { rows: f(self.positions()).reshape(shape), side }
    }
}
