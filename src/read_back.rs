//! Reading tensors back from the device: asynchronously, and many at a time.

use burn::tensor::{Tensor, TensorData, Transaction};

use crate::error::{Error, Result};

/// Reads all registered tensors back, in order.
pub async fn read(transaction: Transaction) -> Result<Vec<Vec<f32>>> {
    let data =
        transaction.execute_async().await.map_err(|e| Error::Device(format!("Reading results back failed: {e:?}.")))?;
    data.into_iter()
        .map(|d: TensorData| d.try_to_vec().map_err(|e| Error::Device(format!("Results could not be read: {e:?}."))))
        .collect()
}

/// Tensors that are read back at once, each under a name of its own.
#[derive(Default)]
pub struct ReadBack {
    transaction: Transaction,
    count: usize,
}

/// The name of a tensor in its read-back.
#[derive(Debug, Clone, Copy)]
pub struct Name(usize);

/// The values that were read.
pub struct Values(Vec<Vec<f32>>);

impl ReadBack {
    /// Adds a tensor.
    pub fn add<const D: usize>(&mut self, tensor: Tensor<D>) -> Name {
        self.transaction = std::mem::take(&mut self.transaction).register(tensor);
        self.count += 1;
        Name(self.count - 1)
    }

    /// Reads all tensors.
    pub async fn read(self) -> Result<Values> {
        read(self.transaction).await.map(Values)
    }
}

impl Values {
    /// Takes the values of a tensor out; empty the second time.
    pub fn take(&mut self, name: Name) -> Vec<f32> {
        self.0.get_mut(name.0).map(std::mem::take).unwrap_or_default()
    }
}
