//! A network in the middle of a pass: its parameters as tensors in or outside a graph, and what passes hand on to one another.

use std::ops::Range;
use std::sync::Arc;

use burn::tensor::Tensor;

use super::norm::Groups;
use super::style::Styling;
use super::{BatchStatistics, Mode, Plan, Signal, constant_for, fused};
use crate::kernels;

/// A network ready for one or more forward passes of one kind.
pub struct BoundNetwork {
    pub plan: Arc<Plan>,
    pub(super) statistics: Option<Tensor<1>>,
    /// Where each leaf lies in the flat vector.
    pub segments: Vec<Range<usize>>,
    /// One flat tensor a piece: what is learnt.
    pub leaves: Vec<Tensor<1>>,
    /// The same as layers use it: see `scale.rs`.
    pub(super) params: Vec<Tensor<1>>,
    /// Slot and direction of each spectral norm, one power iteration on.
    pub(super) directions: Vec<(usize, Tensor<1>)>,
    pub(super) fused: bool,
    /// Random numbers for the next passes, consumed from the front.
    pub(super) random: Option<Tensor<1>>,
    /// What the network is told of each row, outside any graph: `[n, numbers]`.
    pub(super) condition: Option<Tensor<2>>,
    /// What entered the last layer in the last pass.
    pub features: Option<Tensor<2>>,
    /// What each [`Layer::Fork`] of the pass that is under way remembers.
    pub(super) kept: Vec<Signal>,
    /// As in [`Network`].
    pub(super) blend: Option<Tensor<1>>,
    /// As in [`Network`].
    pub(super) noise: Option<Tensor<2>>,
    /// What a style generator is given for the next passes.
    pub(super) styling: Styling,
    /// The styles w of the pass that is under way, `[n, width]` each: of z, and of the second z.
    pub(super) styles: Vec<Tensor<2>>,
    /// What the last pass in [`Mode::Train`] leaves for the network's statistics.
    pub batch_statistics: Vec<BatchStatistics>,
}

impl BoundNetwork {
    /// Hands over what [`Plan::chances`] counts for the coming passes: uniform numbers in [0, 1) for dropout, normal ones for noise.
    pub fn with_random(mut self, numbers: Option<Tensor<1>>) -> Self {
        self.random = numbers;
        self
    }

    /// Hands over what a style generator is given beside z in the next passes.
    pub fn styled(mut self, styling: Styling) -> Self {
        self.styling = styling;
        self
    }

    /// Says what the network is told of each row of the next pass, `[n, numbers]` outside any graph.
    pub fn set_condition(&mut self, told: Option<Tensor<2>>) {
        self.condition = told;
    }

    /// Runs the layers over `x` `[n, features]`; the result has as many rows.
    pub fn forward(&mut self, x: Tensor<2>, mode: Mode) -> Tensor<2> {
        self.batch_statistics.clear();
        if mode == Mode::Train {
            let direction = |(slot, values): &(usize, Tensor<1>)| BatchStatistics::Whole { slot: *slot, values: values.clone() };
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

    /// The same with other tensors for what layers use.
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

    /// A parameter with its padding, if its piece has any.
    pub(super) fn segment(&self, slot: usize) -> Tensor<1> {
        self.segments(slot, slot)
    }

    /// Parameters that follow one another in one piece, with their padding.
    pub(super) fn segments(&self, first: usize, last: usize) -> Tensor<1> {
        let slots = &self.plan.weights.slots;
        let start = slots[first].offset;
        let at = self.segments.iter().position(|p| p.contains(&start));
        let Some(at) = at else { unreachable!("every slot lies in a piece") };
        let piece = &self.segments[at];
        let end = slots.get(last + 1).map_or(piece.end, |next| next.offset.min(piece.end));
        let params = self.params[at].clone();
        if (start, end) == (piece.start, piece.end) { params } else { params.slice([start - piece.start..end - piece.start]) }
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

    /// Rows behind those that stand in the statistics.
    pub(super) fn referred(&self, slot: usize, x: Tensor<2>) -> Tensor<2> {
        let width = x.dims()[1];
        let fixed = &self.plan.statistics.slots[slot];
        let Some(values) = self.running(slot, fixed.len()) else { unreachable!("a network with a reference keeps it") };
        let fixed = constant_for(values.reshape([fixed.len() / width, width]), &x.device());
        Tensor::cat(vec![fixed, x], 0)
    }

    /// Features with what the network is told of their rows beside them.
    pub(super) fn concat_condition(&self, x: Tensor<2>) -> Tensor<2> {
        match &self.condition {
            Some(told) => {
                let told = constant_for(told.clone(), &x.device());
                Tensor::cat(vec![x, told], 1)
            }
            None => unreachable!("a network that is told something is told before it runs"),
        }
    }

    /// The next `n` of the random numbers.
    pub(super) fn take_chance(&mut self, n: usize) -> Option<Tensor<1>> {
        let all = self.random.take()?;
        let len = all.dims()[0];
        if len > n {
            self.random = Some(all.clone().slice([n..len]));
        }
        Some(all.slice([0..n]))
    }
}
