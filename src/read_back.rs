//! Reading tensors back from the device: asynchronously, and many at a time.

use burn::tensor::{TensorData, Transaction};

use crate::error::{Error, Result};

/// Reads all registered tensors back, in order.
pub async fn read(transaction: Transaction) -> Result<Vec<Vec<f32>>> {
    let data =
        transaction.execute_async().await.map_err(|e| Error::Device(format!("Reading results back failed: {e:?}.")))?;
    data.into_iter()
        .map(|d: TensorData| d.try_to_vec().map_err(|e| Error::Device(format!("Results could not be read: {e:?}."))))
        .collect()
}
