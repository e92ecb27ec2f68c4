//! The file of a saved run.
//!
//! It is a safetensors file: the tensors by the names below, and under the key [`KEY`] of its metadata a
//! [`Header`] in JSON, in which numbers that are no integers are text. Both are what [`RunState::visit`] names.
//!
//! | tensor | shape |
//! |---|---|
//! | `generator.weights`, `discriminator.weights`, `averaged.weights` | `[size]`, all layers after one another |
//! | `....statistics` | `[size]`, running statistics and vectors of power iterations, where a network has any |
//! | `generator.first_moment`, `discriminator.first_moment` | `[size + records]`: the record of non-finite values behind |
//! | `....second_moment` | `[size]` |
//! | `generator.mean`, `discriminator.mean` | `[size]`, with historical averaging |
//! | `balance` | `[1]`, BEGAN's k |
//! | `replay.0`, `replay.1`, ... | `[batch, values]`, with experience replay, oldest first |

use std::collections::HashMap;

use burn::tensor::{Device, Tensor, TensorData, Transaction};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use thiserror::Error;

use crate::config::{Experiment, RunConfig};
use crate::error::Result;
use crate::read_back;
use crate::run_state::RunState;
use crate::spec::TrainingSpec;
use crate::state::Visitor;

/// Version of the file. A larger one than this cannot be read here.
pub const VERSION: u32 = 1;
const KEY: &str = "counterfeit";

/// Why a file cannot be continued.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum StateError {
    #[error("This file is not a saved run. Choose one that was saved here.")]
    NotARun,
    #[error("This run was saved by a newer version of this program (format {0}). Update it, then open the file again.")]
    Newer(u32),
    #[error("This saved run is damaged: {0}. Choose another copy of the file.")]
    Damaged(String),
    #[error(
        "This run trains on {saved} samples, and the data set has {present}. Choose the data that it was saved with."
    )]
    OtherData { saved: usize, present: usize },
}

/// What a saved run has beside its tensors.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Header {
    pub version: u32,
    pub config: RunConfig,
    pub steps: u32,
    /// Samples of the run's data set that it trains on.
    samples: usize,
}

/// Names and shapes of all tensors of a state.
pub fn tensors(spec: &TrainingSpec, state: &RunState) -> Vec<(String, Vec<usize>)> {
    let mut list = List::default();
    state.clone().visit(spec, &mut list);
    list.tensors
}

/// Reads a state back, as the bytes of a file.
pub async fn save(config: &Experiment, spec: &TrainingSpec, state: &RunState) -> Result<Vec<u8>> {
    let mut list = List::default();
    state.clone().visit(spec, &mut list);
    let List { tensors, transaction, mut numbers } = list;
    let values = read_back::read(transaction).await?;
    let bytes: Vec<Vec<u8>> =
        values.into_iter().map(|values| values.into_iter().flat_map(f32::to_le_bytes).collect()).collect();
    let views = tensors
        .iter()
        .zip(&bytes)
        .map(|((name, shape), bytes)| Ok((name, TensorView::new(Dtype::F32, shape.clone(), bytes).map_err(damaged)?)));
    numbers.insert("version".into(), VERSION.into());
    numbers.insert("config".into(), serde_json::to_value(config.given()).map_err(damaged)?);
    let metadata = HashMap::from([(KEY.to_string(), numbers_as_text(numbers.into()).to_string())]);
    let views = views.collect::<Result<Vec<_>, StateError>>()?;
    Ok(safetensors::serialize(views, Some(metadata)).map_err(damaged)?)
}

/// The configuration and the state of a file, on `samples` samples.
pub fn load(file: &[u8], samples: usize, device: &Device) -> Result<(Experiment, RunState)> {
    let numbers = read_header(file)?;
    let Header { config, samples: saved, .. } = Header::deserialize(&numbers).map_err(damaged)?;
    let config = config.validate()?;
    let spec = config.training();
    let present = samples.min(spec.samples);
    if present != saved {
        return Err(StateError::OtherData { saved, present }.into());
    }
    let tensors = SafeTensors::deserialize(file).map_err(damaged)?;
    let mut restore = Restore { tensors, numbers, device, problem: None };
    let state = RunState::restored(&spec, samples, device, &mut restore);
    match restore.problem {
        Some(problem) => Err(problem.into()),
        None => Ok((config, state)),
    }
}

/// What a file says of its run, without reading its tensors.
pub fn header(file: &[u8]) -> Result<Header, StateError> {
    Header::deserialize(read_header(file)?).map_err(damaged)
}

/// The header of a file, if its version can be read here.
fn read_header(file: &[u8]) -> Result<Value, StateError> {
    let (_, metadata) = SafeTensors::read_metadata(file).map_err(|_| StateError::NotARun)?;
    let text = metadata.metadata().as_ref().and_then(|map| map.get(KEY)).ok_or(StateError::NotARun)?;
    /// What every version has.
    #[derive(Deserialize)]
    struct Any {
        version: u32,
    }
    let Any { version } = serde_json::from_str(text).map_err(damaged)?;
    if version > VERSION {
        return Err(StateError::Newer(version));
    }
    Ok(text_as_numbers(serde_json::from_str(text).map_err(damaged)?))
}

/// Applies a function to every value in a JSON value that has none within.
fn each_leaf(value: Value, leaf: &impl Fn(Value) -> Value) -> Value {
    match value {
        Value::Array(all) => all.into_iter().map(|value| each_leaf(value, leaf)).collect(),
        Value::Object(all) => all.into_iter().map(|(key, value)| (key, each_leaf(value, leaf))).collect(),
        value => leaf(value),
    }
}

/// Replaces numbers that are no integers by their shortest text. Rust reads that exactly; `serde_json` reads a number
/// to within its last bit, unless built with a table that would be in the page's bundle too.
fn numbers_as_text(value: Value) -> Value {
    each_leaf(value, &|value| match value.as_f64().filter(|_| value.is_f64()) {
        Some(number) => Value::String(format!("{number:?}")),
        None => value,
    })
}

/// The reverse of [`numbers_as_text`]. No other text is a number.
fn text_as_numbers(value: Value) -> Value {
    each_leaf(value, &|value| match value.as_str().and_then(|text| text.parse::<f64>().ok()) {
        Some(number) => number.into(),
        None => value,
    })
}

fn damaged(error: impl std::fmt::Display) -> StateError {
    StateError::Damaged(error.to_string())
}

/// Names and shapes, the tensors in a read-back, and the numbers.
#[derive(Default)]
struct List {
    tensors: Vec<(String, Vec<usize>)>,
    transaction: Transaction,
    numbers: Map<String, Value>,
}

impl Visitor for List {
    fn tensor<const D: usize>(&mut self, name: &str, tensor: &mut Tensor<D>) {
        self.tensors.push((name.to_string(), tensor.dims().to_vec()));
        self.transaction = std::mem::take(&mut self.transaction).register(tensor.clone());
    }

    fn number<T: Serialize + DeserializeOwned>(&mut self, name: &str, number: &mut T) {
        // Serialisation cannot fail here: the numbers are integers, reals and lists of them.
        self.numbers.insert(name.to_string(), serde_json::to_value(number).unwrap_or_default());
    }
}

/// Replaces tensors and numbers by those of a file.
struct Restore<'a> {
    tensors: SafeTensors<'a>,
    /// The header.
    numbers: Value,
    device: &'a Device,
    /// The first tensor that is missing or of another shape.
    problem: Option<StateError>,
}

impl Visitor for Restore<'_> {
    fn tensor<const D: usize>(&mut self, name: &str, tensor: &mut Tensor<D>) {
        let Ok(view) = self.tensors.tensor(name) else {
            self.problem.get_or_insert(StateError::Damaged(format!("it has no {name}")));
            return;
        };
        if view.dtype() != Dtype::F32 || view.shape() != tensor.dims() {
            let found = format!("{name} is {:?}, not {:?}", view.shape(), tensor.dims());
            self.problem.get_or_insert(StateError::Damaged(found));
            return;
        }
        let values: Vec<f32> = view.data().as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
        *tensor = Tensor::from_data(TensorData::new(values, tensor.dims()), self.device);
    }

    fn number<T: Serialize + DeserializeOwned>(&mut self, name: &str, number: &mut T) {
        match T::deserialize(&self.numbers[name]) {
            Ok(saved) => *number = saved,
            Err(error) => drop(self.problem.get_or_insert(StateError::Damaged(format!("{name}: {error}")))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_were_written() {
        // The second is read one bit too high by `serde_json` alone, the last are at the ends of the range.
        let numbers = [0.1 + 0.2, 2.638_344_616_030_823e-256, 2e-4, 1.0, -0.0, f64::MIN_POSITIVE, f64::MAX];
        let value = serde_json::json!({"numbers": numbers, "count": 3, "name": "non-saturating", "nothing": null});
        let text = numbers_as_text(value.clone()).to_string();
        let read = text_as_numbers(serde_json::from_str(&text).unwrap());
        let read_numbers: [f64; 7] = std::array::from_fn(|i| read["numbers"][i].as_f64().unwrap());
        assert_eq!(read_numbers.map(f64::to_bits), numbers.map(f64::to_bits));
        assert_eq!(
            (&read["count"], &read["name"], &read["nothing"]),
            (&value["count"], &value["name"], &value["nothing"])
        );
    }
}
