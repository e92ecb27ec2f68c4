//! A network prepared for forward passes: its parameters as tensors, inside or outside an autodiff graph, and per-pass
//! state.

use std::ops::Range;
use std::sync::Arc;

use burn::tensor::Tensor;
use counterfeit_kernels as kernels;

use super::norm::Groups;
use super::style::Styling;
use super::{BatchStatistics, Mode, Plan, Signal, constant_for, fused};

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
    pub(super) fused: bool,
    /// Random numbers for the next passes, consumed from the front.
    pub(super) random: Option<Tensor<1>>,
    /// The condition of each row, `[n, numbers]`, outside any graph.
    pub(super) condition: Option<Tensor<2>>,
    /// Input of the last layer in the last pass, for feature matching.
    pub features: Option<Tensor<2>>,
    /// Stack of the activations saved by [`super::Layer::Fork`] in the current pass.
    pub(super) kept: Vec<Signal>,
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
    pub fn set_condition(&mut self, told: Option<Tensor<2>>) {
        self.condition = told;
    }

    /// Runs the layers over `x` `[n, features]`; the result has as many rows.
    pub fn forward(&mut self, x: Tensor<2>, mode: Mode) -> Tensor<2> {
        self.batch_statistics.clear();
        if mode == Mode::Train {
            let direction =
                |(slot, values): &(usize, Tensor<1>)| BatchStatistics::Whole { slot: *slot, values: values.clone() };
            self.batch_statistics.extend(self.directions.iter().map(direction));
        }
        if kernels::chosen(self.fused) {
            return fused::forward(self, x, mode);
        }
        let plan = self.plan.clone();
        let last = plan.layers.len() - 1;
        let out = plan.layers.iter().enumerate().fold(Signal::Flat(x), |signal, (i, layer)| {
            if let (true, Signal::Flat(features)) = (i == last, &signal) {
                self.features = Some(features.clone());
            }
            layer.forward(self, signal, mode)
        });
        match out {
            Signal::Flat(t) => t,
            Signal::Image(t) => t.flatten(1, 3),
        }
    }

    /// Whether layers run through the kernels.
    pub(super) fn kernels(&self) -> bool {
        kernels::chosen(self.fused)
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
            fused: self.fused,
            random: None,
            condition: self.condition.clone(),
            features: None,
            kept: Vec::new(),
            blend: self.blend.clone(),
            noise: None,
            styling: Styling::default(),
            styles: Vec::new(),
            batch_statistics: Vec::new(),
        }
    }

    /// One parameter as a flat tensor, with its padding if the range has any.
    pub(super) fn segment(&self, slot: usize) -> Tensor<1> {
        self.segments(slot, slot)
    }

    /// Consecutive parameters of one range as a flat tensor, with their padding.
    pub(super) fn segments(&self, first: usize, last: usize) -> Tensor<1> {
        let slots = &self.plan.weights.slots;
        let start = slots[first].offset;
        let at = self.segments.iter().position(|p| p.contains(&start));
        let Some(at) = at else { unreachable!("every slot lies in a piece") };
        let piece = &self.segments[at];
        let end = slots.get(last + 1).map_or(piece.end, |next| next.offset.min(piece.end));
        let params = self.params[at].clone();
        if (start, end) == (piece.start, piece.end) {
            params
        } else {
            params.slice([start - piece.start..end - piece.start])
        }
    }

    pub(super) fn leaf(&self, slot: usize) -> (Tensor<1>, &[usize]) {
        let all = &self.plan.weights.slots[slot];
        let segment = self.segment(slot);
        let exact = if segment.dims()[0] == all.len() { segment } else { segment.slice([0..all.len()]) };
        (exact, &all.shape)
    }

    pub(super) fn matrix(&self, slot: usize) -> Tensor<2> {
        let (t, s) = self.leaf(slot);
        t.reshape([s[0], s[1]])
    }

    pub(super) fn kernel(&self, slot: usize) -> Tensor<4> {
        let (t, s) = self.leaf(slot);
        t.reshape([s[0], s[1], s[2], s[3]])
    }

    pub(super) fn vector(&self, slot: usize) -> Tensor<1> {
        self.leaf(slot).0
    }

    pub(super) fn groups(&self, scale: usize, shift: usize, groups: usize) -> Groups {
        Groups { groups, scale: self.vector(scale), shift: self.vector(shift) }
    }

    /// The first `n` running statistics from a slot on.
    pub(super) fn running(&self, slot: usize, n: usize) -> Option<Tensor<1>> {
        let start = self.plan.statistics.slots[slot].offset;
        self.statistics.clone().map(|t| t.slice([start..start + n]))
    }

    /// Prepends the reference batch, stored in the statistics, to the rows of `x`.
    pub(super) fn referred(&self, slot: usize, x: Tensor<2>) -> Tensor<2> {
        let width = x.dims()[1];
        let fixed = &self.plan.statistics.slots[slot];
        let Some(values) = self.running(slot, fixed.len()) else { unreachable!("a network with a reference keeps it") };
        let fixed = constant_for(values.reshape([fixed.len() / width, width]), &x.device());
        Tensor::cat(vec![fixed, x], 0)
    }

    /// Concatenates the condition of each row to the features `x`.
    pub(super) fn concat_condition(&self, x: Tensor<2>) -> Tensor<2> {
        match &self.condition {
            Some(told) => {
                let told = constant_for(told.clone(), &x.device());
                Tensor::cat(vec![x, told], 1)
            }
            None => unreachable!("a network that is told something is told before it runs"),
        }
    }

    /// Takes the next `n` random numbers.
    pub(super) fn take_chance(&mut self, n: usize) -> Option<Tensor<1>> {
        let all = self.random.take()?;
        let len = all.dims()[0];
        if len > n {
            self.random = Some(all.clone().slice([n..len]));
        }
        Some(all.slice([0..n]))
    }
}
