//! Reading tensors and runs back, natively.

use std::sync::OnceLock;

use burn::tensor::{Device, Tensor, TensorData};
use counterfeit::config::RunConfig;
use counterfeit::data::Images;
use counterfeit::message::Metrics;
use counterfeit::nn::{Init, Layer, Layout, Network, Plan, Scale, Slot};
use counterfeit::random::{Random, Stream};
use counterfeit::snapshot;
use counterfeit::trainer::{StepKind, StepRecord, Trainer};
pub use counterfeit_cli::wait;

use crate::common::{self, IMAGES};

/// The synthetic images, made once for all tests.
pub fn images() -> &'static Images {
    static ALL: OnceLock<Images> = OnceLock::new();
    ALL.get_or_init(common::images)
}

pub fn cpu() -> Device {
    Device::flex()
}

pub fn trainer(config: RunConfig) -> Trainer {
    Trainer::new(common::experiment(config), IMAGES, &cpu())
}

pub fn steps(trainer: &mut Trainer, n: usize) -> Vec<StepRecord> {
    (0..n).map(|_| trainer.step(images(), StepKind::Both).expect("all images are there")).collect()
}

pub fn metrics(records: Vec<StepRecord>) -> Metrics {
    wait(snapshot::metrics(records)).expect("the CPU device reads back")
}

pub fn values<const D: usize>(t: &Tensor<D>) -> Vec<f32> {
    t.clone().into_data().try_to_vec().expect("networks are f32")
}

pub fn scalar(t: Tensor<1>) -> f64 {
    t.into_scalar()
}

pub fn bits(t: &Tensor<1>) -> Vec<u32> {
    values(t).into_iter().map(f32::to_bits).collect()
}

pub fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values, shape), &cpu())
}

/// Standard normal numbers.
pub fn normal<const D: usize>(rng: &mut Random, shape: [usize; D]) -> Tensor<D> {
    tensor((0..shape.iter().product()).map(|_| rng.normal()).collect(), shape)
}

/// A layout of these shapes and start values.
pub fn layout(shapes: &[&[usize]], init: &[Init]) -> Layout {
    let mut slots: Vec<Slot> = Vec::new();
    for (shape, &init) in shapes.iter().zip(init) {
        let offset = slots.last().map_or(0, |s| s.range().end.next_multiple_of(64));
        slots.push(Slot { name: String::new(), shape: shape.to_vec(), init, scale: Scale::Stored, offset });
    }
    Layout { slots }
}

pub fn network(layers: Vec<Layer>, weights: Layout, statistics: Layout) -> Network {
    Network::new(Plan { layers, weights, statistics }, &mut Random::new(11, Stream::Noise), &cpu())
}

/// A network that has something to train, whether its layers use it or not.
pub fn bare(layers: Vec<Layer>) -> Network {
    network(layers, layout(&[&[1]], &[Init::Constant(0.0)]), Layout::default())
}

/// Everything that a run carries from step to step and that can be seen, bit by bit.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    pub generator: Vec<u32>,
    pub statistics: Option<Vec<u32>>,
    pub discriminator: Vec<u32>,
    pub averaged: Vec<u32>,
}

pub fn state(trainer: &Trainer) -> State {
    State {
        generator: bits(&trainer.generator().weights),
        statistics: trainer.generator().statistics.as_ref().map(bits),
        discriminator: bits(&trainer.discriminator().weights),
        averaged: bits(&trainer.averaged().weights),
    }
}
