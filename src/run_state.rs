//! The state of a run: what training carries from one step to the next. Everything else of a run follows from its
//! configuration, its data and the step.
//!
//! A saved run is a safetensors file: the tensors by the names below, and under the key [`KEY`] of its metadata a
//! [`Header`] in JSON, in which numbers that are no integers are text.
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
use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use crate::config::{Experiment, RunConfig};
use crate::data::Sampler;
use crate::error::Result;
use crate::loss::LossState;
use crate::nn::{Network, Plan, Stage};
use crate::optim::{Optimizer, Progress};
use crate::random::{Random, Stream};
use crate::read_back;
use crate::spec::TrainingSpec;
use crate::state::Visitor;
use crate::tricks::history::WeightMean;
use crate::tricks::replay::ReplayBuffer;

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

/// Networks, optimizers, the tricks' states and the step. A clone is a cheap checkpoint on the device, because tensors
/// are immutable and shared.
#[derive(Debug, Clone)]
pub struct RunState {
    pub(crate) generator: Network,
    pub(crate) discriminator: Network,
    /// EMA of the generator's weights (Karras et al. 2018, appendix A). Training does not use it; it generates better
    /// samples.
    pub(crate) averaged: Network,
    pub(crate) g_optimizer: Optimizer,
    pub(crate) d_optimizer: Optimizer,
    /// Running means of G's and D's weights, for historical averaging.
    pub(crate) histories: Option<[WeightMean; 2]>,
    pub(crate) old: ReplayBuffer,
    pub(crate) loss: LossState,
    /// Stage of progressive growing, which selects the active layers. It follows from the step.
    pub(crate) stage: Stage,
    pub(crate) sampler: Sampler,
    /// Steps so far.
    pub(crate) steps: u32,
}

/// What a saved run has beside its tensors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    pub version: u32,
    pub config: RunConfig,
    pub steps: u32,
    /// Samples of the run's data set that it trains on.
    samples: usize,
    /// Samples drawn so far.
    drawn: u64,
    /// Of G and D.
    optimizers: [Progress; 2],
    /// Number of weight vectors in the means of G's and D's weights.
    histories: Option<[u32; 2]>,
    /// Number of old batches.
    replay: usize,
}

impl RunState {
    /// The state before the first step, on `samples` samples.
    pub(crate) fn new(spec: &TrainingSpec, samples: usize, device: &Device) -> Self {
        let stage = spec.growth(1).map_or(Stage::LAST, |growth| growth.stage);
        let [g, d] = plans(spec, stage);
        let generator = Network::new(g, &mut Random::new(spec.seed, Stream::GeneratorWeights), device);
        let discriminator = Network::new(d, &mut Random::new(spec.seed, Stream::DiscriminatorWeights), device);
        Self {
            g_optimizer: Optimizer::new(spec.g_optimizer.method, &generator.weights),
            d_optimizer: Optimizer::new(spec.d_optimizer.method, &discriminator.weights),
            histories: (spec.tricks.history.weight > 0.0)
                .then(|| [&generator, &discriminator].map(|network| WeightMean::new(&network.weights))),
            old: ReplayBuffer::default(),
            loss: LossState::new(device),
            stage,
            sampler: Sampler::new(spec.seed, samples.min(spec.samples)),
            steps: 0,
            averaged: generator.clone(),
            generator,
            discriminator,
        }
    }

    /// Activates the layers of a stage.
    pub(crate) fn enter(&mut self, spec: &TrainingSpec, stage: Stage) {
        let [g, d] = plans(spec, stage).map(std::sync::Arc::new);
        (self.generator.plan, self.averaged.plan, self.discriminator.plan) = (g.clone(), g, d);
        self.stage = stage;
    }

    /// G, D and the EMA of G.
    pub(crate) fn networks(&mut self) -> [&mut Network; 3] {
        [&mut self.generator, &mut self.discriminator, &mut self.averaged]
    }

    /// Visits every tensor, by its name.
    fn visit(&mut self, visitor: &mut impl Visitor) {
        let networks = self.networks().into_iter().zip(["generator", "discriminator", "averaged"]);
        for (network, name) in networks {
            visitor.tensor(&format!("{name}.weights"), &mut network.weights);
            if let Some(statistics) = &mut network.statistics {
                visitor.tensor(&format!("{name}.statistics"), statistics);
            }
        }
        self.g_optimizer.visit("generator", visitor);
        self.d_optimizer.visit("discriminator", visitor);
        if let Some([g, d]) = &mut self.histories {
            g.visit("generator", visitor);
            d.visit("discriminator", visitor);
        }
        self.loss.visit(visitor);
        self.old.visit(visitor);
    }

    fn header(&self, config: &Experiment) -> Header {
        Header {
            version: VERSION,
            config: (**config).clone(),
            steps: self.steps,
            samples: self.sampler.total(),
            drawn: self.sampler.drawn(),
            optimizers: [&self.g_optimizer, &self.d_optimizer].map(Optimizer::progress),
            histories: self.histories.as_ref().map(|all| all.each_ref().map(WeightMean::count)),
            replay: self.old.len(),
        }
    }

    /// Names and shapes of all tensors.
    pub fn tensors(&self) -> Vec<(String, Vec<usize>)> {
        let mut list = List::default();
        self.clone().visit(&mut list);
        list.tensors
    }

    /// Reads the state back, as the bytes of a file.
    pub(crate) async fn save(&self, config: &Experiment) -> Result<Vec<u8>> {
        let mut list = List::default();
        self.clone().visit(&mut list);
        let values = read_back::read(list.transaction).await?;
        let bytes: Vec<Vec<u8>> =
            values.into_iter().map(|values| values.into_iter().flat_map(f32::to_le_bytes).collect()).collect();
        let views = list.tensors.iter().zip(&bytes).map(|((name, shape), bytes)| {
            Ok((name, TensorView::new(Dtype::F32, shape.clone(), bytes).map_err(damaged)?))
        });
        let header = numbers_as_text(serde_json::to_value(self.header(config)).map_err(damaged)?);
        let metadata = HashMap::from([(KEY.to_string(), header.to_string())]);
        let views = views.collect::<Result<Vec<_>, StateError>>()?;
        Ok(safetensors::serialize(views, Some(metadata)).map_err(damaged)?)
    }

    /// The state of a file, on `samples` samples.
    pub(crate) fn load(file: &[u8], samples: usize, device: &Device) -> Result<(Experiment, Self)> {
        let Header { config, steps, samples: saved, drawn, optimizers, histories, replay, .. } = header(file)?;
        let config = config.validate()?;
        let spec = config.training();
        let mut state = Self::new(&spec, samples, device);
        if state.sampler.total() != saved {
            return Err(StateError::OtherData { saved, present: state.sampler.total() }.into());
        }
        if histories.is_some() != state.histories.is_some() {
            return Err(StateError::Damaged("its numbers are not those of its settings".into()).into());
        }
        state.steps = steps;
        state.sampler = Sampler::resume(spec.seed, saved, drawn);
        state.g_optimizer.resume(optimizers[0]);
        state.d_optimizer.resume(optimizers[1]);
        for (history, count) in state.histories.iter_mut().flatten().zip(histories.into_iter().flatten()) {
            history.resume(count);
        }
        state.old = ReplayBuffer::blank(replay, [spec.batch, spec.shape.values()], device);
        if let Some(growth) = spec.growth(steps.max(1)) {
            state.enter(&spec, growth.stage);
            let alpha = growth.stage.fading.then(|| Tensor::from_data(TensorData::from([growth.alpha]), device));
            state.networks().into_iter().for_each(|network| network.blend = alpha.clone());
        }
        let tensors = SafeTensors::deserialize(file).map_err(damaged)?;
        let mut restored = Restore { tensors, device, problem: None };
        state.visit(&mut restored);
        match restored.problem {
            Some(problem) => Err(problem.into()),
            None => Ok((config, state)),
        }
    }
}

/// The generator's and the discriminator's plan at a stage.
fn plans(spec: &TrainingSpec, stage: Stage) -> [Plan; 2] {
    [Plan::generator_in(&spec.generator, stage), Plan::discriminator_in(&spec.discriminator, stage)]
}

/// What a file says of its run, without reading its tensors.
pub fn header(file: &[u8]) -> Result<Header, StateError> {
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
    serde_json::from_value(text_as_numbers(serde_json::from_str(text).map_err(damaged)?)).map_err(damaged)
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

/// Names and shapes, and the tensors in a read-back.
#[derive(Default)]
struct List {
    tensors: Vec<(String, Vec<usize>)>,
    transaction: Transaction,
}

impl Visitor for List {
    fn tensor<const D: usize>(&mut self, name: &str, tensor: &mut Tensor<D>) {
        self.tensors.push((name.to_string(), tensor.dims().to_vec()));
        self.transaction = std::mem::take(&mut self.transaction).register(tensor.clone());
    }
}

/// Replaces tensors by those of a file.
struct Restore<'a> {
    tensors: SafeTensors<'a>,
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
