//! A network prepared for forward passes: its parameters as tensors, inside or outside an autodiff graph, and per-pass
//! state.

use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use burn::tensor::Tensor;
use counterfeit_kernels::{self as kernels, Operations};

use super::graph::constant_for;
use super::layers::Pass;
use super::style::Styling;
use super::{BatchStatistics, Mode, Plan, Signal, Slot};

/// A network prepared for forward passes, with its weights as constants or as leaves of an autodiff graph.
pub struct BoundNetwork {
    pub plan: Arc<Plan>,
    pub(super) statistics: Option<Tensor<1>>,
    /// Range of each leaf in the flat vector of weights.
    pub segments: Vec<Range<usize>>,
    /// One flat tensor per range: the tensors that receive gradients.
    pub leaves: Vec<Tensor<1>>,
    /// The leaves after scaling or spectral normalisation, as layers use them: see `scale.rs`.
    pub(super) params: Vec<Tensor<1>>,
    /// Slot and singular vector of each spectral normalisation after one more power iteration.
    pub(super) directions: Vec<(usize, Tensor<1>)>,
    /// What its layers run on.
    pub(super) operations: Operations,
    /// Random numbers for the next passes, consumed from the front.
    pub(super) random: Option<Tensor<1>>,
    /// The condition of each row, `[n, numbers]`, outside any graph.
    pub(super) condition: Option<Tensor<2>>,
    /// Input of the last layer in the last pass, for feature matching.
    pub features: Option<Tensor<2>>,
    /// Stack of the activations that [`super::layers::Fork`] has pushed in the current pass.
    pub(super) forked: Vec<Signal>,
    /// As in [`super::Network`].
    pub(super) blend: Option<Tensor<1>>,
    /// As in [`super::Network`].
    pub(super) noise: Option<Tensor<2>>,
    /// Input of a style generator besides z, for the next passes.
    pub(super) styling: Styling,
    /// The styles w of the current pass, `[n, width]` each: of z, and of the second z if styles are mixed.
    pub(super) styles: Vec<Tensor<2>>,
    /// Batch statistics of the last pass in [`Mode::Train`], from which the running statistics are updated.
    pub batch_statistics: Vec<BatchStatistics>,
}

impl BoundNetwork {
    /// Sets the random numbers of the next passes, as many as [`Plan::random_counts`] counts: uniform in [0, 1) for
    /// dropout, normal for noise.
    pub fn with_random(mut self, numbers: Option<Tensor<1>>) -> Self {
        self.random = numbers;
        self
    }

    /// Sets the input of a style generator besides z for the next passes.
    pub fn styled(mut self, styling: Styling) -> Self {
        self.styling = styling;
        self
    }

    /// Sets the condition of each row for the next pass, `[n, numbers]` outside any graph.
    pub fn set_condition(&mut self, condition: Option<Tensor<2>>) {
        self.condition = condition;
    }

    /// Runs the layers over `x` `[n, features]`; the result has as many rows.
    pub fn forward(&mut self, x: Tensor<2>, mode: Mode) -> Tensor<2> {
        self.batch_statistics.clear();
        if mode == Mode::Train {
            let direction =
                |(slot, values): &(usize, Tensor<1>)| BatchStatistics::Whole { slot: *slot, values: values.clone() };
            self.batch_statistics.extend(self.directions.iter().map(direction));
        }
        let plan = self.plan.clone();
        let mut signal = Signal::features(x);
        for (layer, activation) in plan.operations() {
            if plan.layers.last().is_some_and(|last| std::ptr::eq(last, layer)) {
                self.features = Some(signal.rows.clone());
            }
            signal = layer.forward(self, signal, Pass { mode, activation });
        }
        signal.rows
    }

    /// Runs a layer that has a kernel, with its activation, on `x`. `slots` are its parameters; `layer` need not know
    /// the size of the batch.
    pub(super) fn run(&self, layer: kernels::Layer, slots: RangeInclusive<usize>, x: Signal) -> Signal {
        let (layer, side) = layer.on(x.len(), x.side);
        Signal { rows: self.operations.forward(x.rows, self.segment(slots), layer), side }
    }

    /// Returns a copy that uses `params` in place of its own parameters.
    pub(super) fn using(&self, params: Vec<Tensor<1>>) -> BoundNetwork {
        BoundNetwork {
            plan: self.plan.clone(),
            statistics: self.statistics.clone(),
            segments: self.segments.clone(),
            leaves: Vec::new(),
            params,
            directions: Vec::new(),
            operations: self.operations,
            random: None,
            condition: self.condition.clone(),
            features: None,
            forked: Vec::new(),
            blend: self.blend.clone(),
            noise: None,
            styling: Styling::default(),
            styles: Vec::new(),
            batch_statistics: Vec::new(),
        }
    }

    /// The layout of the weights.
    pub(super) fn slots(&self) -> &[Slot] {
        &self.plan.weights.slots
    }

    /// Consecutive parameters of one layer as a flat tensor, with their padding.
    pub(super) fn segment(&self, own: RangeInclusive<usize>) -> Tensor<1> {
        let slots = self.slots();
        let start = slots[*own.start()].offset;
        let at = self.segments.iter().position(|s| s.contains(&start));
        let Some(at) = at else { unreachable!("every slot lies in the segment of its layer") };
        let segment = &self.segments[at];
        let end = slots.get(own.end() + 1).map_or(segment.end, |next| next.offset.min(segment.end));
        let params = self.params[at].clone();
        if (start, end) == (segment.start, segment.end) {
            params
        } else {
            params.slice([start - segment.start..end - segment.start])
        }
    }

    /// One parameter tensor, `[values]`.
    pub(super) fn vector(&self, slot: usize) -> Tensor<1> {
        let (segment, values) = (self.segment(slot..=slot), self.slots()[slot].len());
        if segment.dims()[0] == values { segment } else { segment.slice([0..values]) }
    }

    /// The kernel of a convolution, in the shape of its slot.
    pub(super) fn kernel(&self, slot: usize) -> Tensor<4> {
        let shape = &self.slots()[slot].shape;
        self.vector(slot).reshape([shape[0], shape[1], shape[2], shape[3]])
    }

    /// A parameter of each channel, `[1, channels, 1]`.
    pub(super) fn per_channel(&self, slot: usize) -> Tensor<3> {
        let values = self.vector(slot);
        let channels = values.dims()[0];
        values.reshape([1, channels, 1])
    }

    /// The first `n` running statistics from a slot on.
    pub(super) fn running(&self, slot: usize, n: usize) -> Option<Tensor<1>> {
        let start = self.plan.statistics.slots[slot].offset;
        self.statistics.clone().map(|t| t.slice([start..start + n]))
    }

    /// The condition of each row, `[n, numbers]`, in the graph of `x`.
    pub(super) fn condition_for(&self, x: &Tensor<2>) -> Tensor<2> {
        match &self.condition {
            Some(condition) => constant_for(condition.clone(), &x.device()),
            None => unreachable!("set_condition precedes the pass of a network with a condition"),
        }
    }

    /// The activation of the last [`super::layers::Fork`].
    pub(super) fn pop_fork(&mut self) -> Signal {
        match self.forked.pop() {
            Some(signal) => signal,
            None => unreachable!("a builder forks before it joins"),
        }
    }

    /// Takes the next `n` random numbers.
    pub(super) fn take_random(&mut self, n: usize) -> Option<Tensor<1>> {
        let all = self.random.take()?;
        let len = all.dims()[0];
        if len > n {
            self.random = Some(all.clone().slice([n..len]));
        }
        Some(all.slice([0..n]))
    }
}
