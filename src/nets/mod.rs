//! Networks as lists of layers over one flat parameter vector. `mlp.rs` and `dcgan.rs` build the lists, this file runs them.
//!
//! A [`Plan`] is the shape of a network: it holds no tensors and can be drawn or counted. A [`Network`] adds the parameters on a
//! device: one vector for the weights, one for the running statistics, so that an optimizer or a comparison is one operation.

mod dcgan;
mod fused;
mod layer;
mod mlp;

use std::ops::Range;
use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};

use crate::config::{Family, RunConfig};
use crate::kernels::{self, ALIGN, Update};
use crate::latent::Random;
pub use layer::{Layer, Signal};

/// One row of 28 pixels, and how many rows there are.
pub const SIDE: usize = 28;
/// Values in one image: 28 x 28 x 1.
pub const PIXELS: usize = SIDE * SIDE;

/// How a parameter tensor starts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Init {
    /// Every entry the same.
    Constant(f32),
    /// N(mean, std^2).
    Normal { mean: f32, std: f32 },
    /// U(-range, range).
    Uniform { range: f32 },
}

/// One parameter tensor's place in the flat vector.
#[derive(Debug, Clone, PartialEq)]
pub struct Slot {
    pub name: String,
    pub shape: Vec<usize>,
    pub init: Init,
    /// First value in the flat vector; a multiple of [`ALIGN`].
    pub offset: usize,
}

impl Slot {
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn range(&self) -> Range<usize> {
        self.offset..self.offset + self.len()
    }
}

/// A flat vector's table of contents.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layout {
    pub slots: Vec<Slot>,
}

impl Layout {
    /// Appends a tensor and returns its index.
    fn push(&mut self, name: String, shape: &[usize], init: Init) -> usize {
        let offset = self.size();
        self.slots.push(Slot { name, shape: shape.to_vec(), init, offset });
        self.slots.len() - 1
    }

    /// Length of the flat vector, padding included.
    pub fn size(&self) -> usize {
        self.slots.last().map_or(0, |s| s.range().end.next_multiple_of(ALIGN))
    }

    /// Values that are learnt, padding not included.
    pub fn count(&self) -> usize {
        self.slots.iter().map(Slot::len).sum()
    }

    /// The vector's start values; padding is zero and stays zero, because its gradient is zero.
    fn initial(&self, rng: &mut Random) -> Vec<f32> {
        let mut values = vec![0.0; self.size()];
        for slot in &self.slots {
            for value in &mut values[slot.range()] {
                *value = match slot.init {
                    Init::Constant(c) => c,
                    Init::Normal { mean, std } => mean + std * rng.normal(),
                    Init::Uniform { range } => range * (2.0 * rng.uniform() - 1.0),
                };
            }
        }
        values
    }
}

/// The shape of a network.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub layers: Vec<Layer>,
    pub weights: Layout,
    /// Running mean and variance of each batch normalisation that keeps them.
    pub statistics: Layout,
}

impl Plan {
    /// G: z `[n, latent_dim]` -> images `[n, 784]` in [-1, 1].
    pub fn generator(config: &RunConfig) -> Self {
        match config.family {
            Family::Mlp => mlp::generator(config),
            Family::Dcgan => dcgan::generator(config),
        }
    }

    /// D: images `[n, 784]` in [-1, 1] -> logits `[n, 1]`, the log-odds that the image is genuine.
    pub fn discriminator(config: &RunConfig) -> Self {
        match config.family {
            Family::Mlp => mlp::discriminator(config),
            Family::Dcgan => dcgan::discriminator(config),
        }
    }

    /// Whether an output row depends on the other rows of its batch, so that real and fake must not share one.
    pub fn mixes_batch(&self) -> bool {
        self.layers.iter().any(|l| matches!(l, Layer::BatchNorm { .. }))
    }

    /// The parts of the weights that are gradients' leaves: one a layer where kernels take a layer's parameters together, one a slot
    /// otherwise.
    fn pieces(&self, fused: bool) -> Vec<Range<usize>> {
        let slots = &self.weights.slots;
        if !fused {
            return slots.iter().map(Slot::range).collect();
        }
        let ends = |l: &Layer| Some(slots[l.first_slot()?].offset..slots[l.last_slot()?].range().end.next_multiple_of(ALIGN));
        self.layers.iter().filter_map(ends).collect()
    }

    /// Random numbers that one forward pass over `n` rows needs for dropout, one per unit that can be dropped.
    pub fn dropout_units(&self, n: usize) -> usize {
        self.layers.iter().map(|l| if let Layer::Dropout { units, .. } = l { n * units } else { 0 }).sum()
    }
}

/// How a forward pass treats layers that behave differently in training.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Batch statistics, dropout.
    Train,
    /// Running statistics where there are any, no dropout.
    Sample,
}

/// A network with its parameters on a device, outside any autodiff graph.
#[derive(Debug, Clone)]
pub struct Network {
    pub plan: Arc<Plan>,
    /// `[plan.weights.size()]`
    pub weights: Tensor<1>,
    /// `[plan.statistics.size()]`; None where the plan keeps no statistics.
    pub statistics: Option<Tensor<1>>,
    /// Whether layers run through [`kernels`]; the plain operations compute the same.
    pub fused: bool,
}

/// What a batch normalisation saw.
#[derive(Debug, Clone)]
pub struct BatchStatistics {
    /// Slot of the running mean, which the running variance follows.
    slot: usize,
    /// Mean, padding, biased variance, padding.
    values: Tensor<1>,
    /// Values in each mean.
    count: usize,
}

impl Network {
    pub fn new(plan: Plan, rng: &mut Random, device: &Device) -> Self {
        let mut upload = |layout: &Layout| {
            let values = layout.initial(rng);
            Tensor::from_data(TensorData::new(values, [layout.size()]), device)
        };
        let weights = upload(&plan.weights);
        let statistics = (!plan.statistics.slots.is_empty()).then(|| upload(&plan.statistics));
        Self { plan: Arc::new(plan), weights, statistics, fused: kernels::supports(device) }
    }

    /// The weights as constants: nothing is recorded for them.
    pub fn frozen(&self) -> Bound {
        self.bind(|t| t)
    }

    /// The weights as constants inside an autodiff graph: gradients flow through to the input, none are made for the weights.
    pub fn constant(&self) -> Bound {
        self.bind(Tensor::from_inner)
    }

    /// The weights as leaves of an autodiff graph.
    pub fn tracked(&self) -> Bound {
        self.bind(|t| Tensor::from_inner(t).require_grad())
    }

    /// Moves the running statistics towards a batch's: running <- (1 - momentum) running + momentum batch.
    pub fn absorb_statistics(&mut self, batch: Vec<BatchStatistics>, momentum: f64) {
        let Some(mut running) = self.statistics.take() else { return };
        for BatchStatistics { slot, values, count } in batch {
            let slot = &self.plan.statistics.slots[slot];
            let (n, offset, channels) = (count as f64, slot.offset, slot.len());
            // The running variance is the unbiased one, as in every framework.
            let update = Update { offset, channels, momentum: momentum as f32, unbiased: (n / (n - 1.0).max(1.0)) as f32 };
            running = if kernels::chosen(self.fused) {
                kernels::absorb(running, values, update)
            } else {
                absorb(running, values, update)
            };
        }
        self.statistics = Some(running);
    }

    fn bind(&self, wrap: impl Fn(Tensor<1>) -> Tensor<1>) -> Bound {
        let pieces = self.plan.pieces(self.fused);
        Bound {
            plan: self.plan.clone(),
            statistics: self.statistics.clone(),
            leaves: pieces.iter().map(|p| wrap(self.weights.clone().slice([p.clone()]))).collect(),
            pieces,
            fused: self.fused,
            dropout: None,
            batch_statistics: Vec::new(),
        }
    }
}

/// The plain version of [`kernels::absorb`].
fn absorb(running: Tensor<1>, batch: Tensor<1>, u: Update) -> Tensor<1> {
    let follow = |running: Tensor<1>, from: usize, factor: f32| {
        let (at, part) = (u.offset + from..u.offset + from + u.channels, from..from + u.channels);
        let (old, new) = (running.clone().slice([at.clone()]), batch.clone().slice([part]).mul_scalar(factor));
        running.slice_assign([at], old.clone() + (new - old).mul_scalar(u.momentum))
    };
    let running = follow(running, 0, 1.0);
    follow(running, u.channels.next_multiple_of(ALIGN), u.unbiased)
}

/// A network ready for one or more forward passes of one kind.
pub struct Bound {
    pub plan: Arc<Plan>,
    statistics: Option<Tensor<1>>,
    /// Where each leaf lies in the flat vector.
    pub pieces: Vec<Range<usize>>,
    /// One flat tensor a piece.
    pub leaves: Vec<Tensor<1>>,
    fused: bool,
    /// Keep-or-drop factors for the next passes, consumed from the front.
    dropout: Option<Tensor<1>>,
    /// What each batch normalisation that keeps statistics saw in the last pass in [`Mode::Train`].
    pub batch_statistics: Vec<BatchStatistics>,
}

impl Bound {
    /// Hands over uniform numbers in [0, 1), one for each unit that dropout may drop in the coming passes.
    pub fn with_dropout(mut self, uniform: Option<Tensor<1>>) -> Self {
        self.dropout = uniform;
        self
    }

    /// Runs the layers over `x` `[n, features]`; the result has as many rows.
    pub fn forward(&mut self, x: Tensor<2>, mode: Mode) -> Tensor<2> {
        self.batch_statistics.clear();
        if kernels::chosen(self.fused) {
            return fused::forward(self, x, mode);
        }
        let plan = self.plan.clone();
        let out = plan.layers.iter().fold(Signal::Flat(x), |signal, layer| layer.forward(self, signal, mode));
        match out {
            Signal::Flat(t) => t,
            Signal::Image(t) => t.flatten(1, 3),
        }
    }

    fn leaf(&self, slot: usize) -> (Tensor<1>, &[usize]) {
        (self.leaves[slot].clone(), &self.plan.weights.slots[slot].shape)
    }

    fn matrix(&self, slot: usize) -> Tensor<2> {
        let (t, s) = self.leaf(slot);
        t.reshape([s[0], s[1]])
    }

    fn kernel(&self, slot: usize) -> Tensor<4> {
        let (t, s) = self.leaf(slot);
        t.reshape([s[0], s[1], s[2], s[3]])
    }

    fn vector(&self, slot: usize) -> Tensor<1> {
        self.leaves[slot].clone()
    }

    /// The parameters of a layer that has some, as its kernel takes them.
    fn segment(&self, layer: &Layer) -> Tensor<1> {
        let start = layer.first_slot().map(|s| self.plan.weights.slots[s].offset);
        let index = self.pieces.iter().position(|p| Some(p.start) == start);
        // Every layer with parameters has its piece: both come from the same plan.
        self.leaves[index.unwrap_or_default()].clone()
    }

    /// The first `n` running statistics from a slot on.
    fn running(&self, slot: usize, n: usize) -> Option<Tensor<1>> {
        let start = self.plan.statistics.slots[slot].offset;
        self.statistics.clone().map(|t| t.slice([start..start + n]))
    }

    /// The next `n` of the dropout numbers.
    fn take_dropout(&mut self, n: usize) -> Option<Tensor<1>> {
        let all = self.dropout.take()?;
        let len = all.dims()[0];
        if len > n {
            self.dropout = Some(all.clone().slice([n..len]));
        }
        Some(all.slice([0..n]))
    }
}
