//! Uploads many small arrays to the device in one write, because each upload costs a buffer and a call, whatever its
//! size.

use std::ops::Range;

use burn::tensor::{Device, Tensor, TensorData};
use counterfeit_kernels::ALIGN;

/// Arrays collected for an upload.
#[derive(Debug, Default)]
pub struct Upload {
    values: Vec<f32>,
}

impl Upload {
    /// Appends an array at an aligned offset and returns its range.
    pub fn add(&mut self, values: impl IntoIterator<Item = f32>) -> Range<usize> {
        let start = self.values.len();
        self.values.extend(values);
        let range = start..self.values.len();
        self.values.resize(range.end.next_multiple_of(ALIGN), 0.0);
        range
    }

    /// The values of a range.
    pub fn at(&self, range: &Range<usize>) -> &[f32] {
        &self.values[range.clone()]
    }

    pub fn send(self, device: &Device) -> Drawn {
        let n = self.values.len();
        Drawn { all: Tensor::from_data(TensorData::new(self.values, [n]), device) }
    }
}

/// Uploaded arrays; each is a view of one tensor.
pub struct Drawn {
    all: Tensor<1>,
}

impl Drawn {
    /// `[len / width, width]`
    pub fn rows(&self, range: &Range<usize>, width: usize) -> Tensor<2> {
        self.all.clone().slice([range.clone()]).reshape([range.len() / width, width])
    }

    /// `[len]`; None if there is nothing.
    pub fn vector(&self, range: &Range<usize>) -> Option<Tensor<1>> {
        (!range.is_empty()).then(|| self.all.clone().slice([range.clone()]))
    }

    /// A few values with their padding, which avoids a copy: at least `[len]`.
    pub fn numbers(&self, range: &Range<usize>) -> Tensor<1> {
        self.all.clone().slice([range.start..range.end.next_multiple_of(ALIGN)])
    }
}
