//! Builds a [`Plan`] layer by layer. Each layer with parameters adds its own method: see `layers/`.

use super::init::{Init, Initialiser};
use super::layers::{Layer, MinibatchStdDev, PixelNorm};
use super::plan::{Layout, Plan, Scale};
use super::{BatchFeature, Norm};

/// Maximum number of groups of a group normalisation. Wu and He 2018 use 32 in networks with hundreds of channels.
const GROUPS: usize = 8;

/// Gain of an equalised weight before a ReLU (Karras et al. 2018); before other activations it is 1.
const GAIN: f32 = std::f32::consts::SQRT_2;

/// Builds a [`Plan`] layer by layer.
#[derive(Default)]
pub struct Builder {
    layers: Vec<Layer>,
    weights: Layout,
    statistics: Layout,
    initialiser: Initialiser,
    spectral: bool,
    output: bool,
    /// Rows of the reference batch of virtual batch normalisation.
    pub(super) reference_rows: usize,
    /// Learning-rate multiplier of the next parameters; see [`Builder::rate`].
    rate: Option<f32>,
}

impl Builder {
    /// An empty network. Its weights will be drawn by `initialiser`, and spectrally normalised if `norm` says so.
    pub fn new(initialiser: Initialiser, norm: Norm) -> Self {
        Self { initialiser, spectral: norm == Norm::Spectral, ..Self::default() }
    }

    /// Adds a layer.
    pub fn layer(mut self, layer: impl Into<Layer>) -> Self {
        self.layers.push(layer.into());
        self
    }

    /// The next weights are not followed by a ReLU: their gain is 1.
    pub fn output(mut self) -> Self {
        self.output = true;
        self
    }

    /// The next weights are followed by a ReLU again: their gain is sqrt 2.
    pub fn hidden(mut self) -> Self {
        self.output = false;
        self
    }

    /// Sets a learning-rate multiplier for the next parameters (Karras et al. 2019). They are stored divided by `share`
    /// and multiplied by it where they are used, so that Adam moves their effective values at `share` of its learning
    /// rate.
    pub fn rate(mut self, share: f32) -> Self {
        self.rate = Some(share).filter(|s| *s != 1.0);
        self
    }

    /// Adds a parameter tensor without scaling.
    pub fn parameter(&mut self, what: &str, shape: &[usize], init: Init) -> usize {
        self.weights.push(self.name(what), shape, init)
    }

    /// Adds a tensor that is not learnt, such as a running mean.
    pub fn statistic(&mut self, what: &str, shape: &[usize], init: Init) -> usize {
        self.statistics.push(self.name(what), shape, init)
    }

    /// Adds a weight `[from, to]` that is not followed by a ReLU, whatever the others are.
    pub fn straight(&mut self, what: &str, shape: &[usize], fans: [usize; 2]) -> usize {
        let before = std::mem::replace(&mut self.output, true);
        let start = Init::Normal { mean: 0.0, std: 1.0 / (fans[0] as f32).sqrt() };
        let slot = self.weight(what, shape, start, fans);
        self.output = before;
        slot
    }

    /// Builds `f` and returns its layers separately, for networks in which only some layers are active at a time.
    pub fn part(self, f: impl FnOnce(Self) -> Self) -> (Self, Vec<Layer>) {
        let from = self.layers.len();
        let all = f(self);
        let part = all.layers[from..].to_vec();
        (all, part)
    }

    /// The next weights are not spectrally normalised, whatever the norm.
    pub fn unbounded(mut self) -> Self {
        self.spectral = false;
        self
    }

    fn name(&self, what: &str) -> String {
        format!("{}.{what}", self.layers.len())
    }

    /// Adds a bias that starts at 0, if it is wanted.
    pub fn bias(&mut self, n: usize, wanted: bool) -> Option<usize> {
        wanted.then(|| {
            let slot = self.parameter("bias", &[n], Init::Constant(0.0));
            self.slow_down(slot);
            slot
        })
    }

    /// Adds a weight. `init` is the initialisation of the architecture's paper; `fans` is `[fan_in, fan_out]`.
    pub fn weight(&mut self, what: &str, shape: &[usize], init: Init, fans: [usize; 2]) -> usize {
        let slot = self.weights.push(self.name(what), shape, self.initialiser.start(init, fans));
        self.weights.slots[slot].scale = if self.spectral {
            let start = Init::Normal { mean: 0.0, std: 1.0 };
            Scale::Spectral { state: self.statistics.push(self.name(&format!("{what} direction")), &shape[..1], start) }
        } else if self.initialiser == Initialiser::Equalised {
            let gain = if self.output { 1.0 } else { GAIN };
            Scale::Times(gain / (fans[0] as f32).sqrt())
        } else {
            Scale::Stored
        };
        self.slow_down(slot);
        slot
    }

    /// See [`Builder::rate`].
    fn slow_down(&mut self, slot: usize) {
        let Some(rate) = self.rate else { return };
        let slot = &mut self.weights.slots[slot];
        slot.init = slot.init.times(1.0 / rate);
        slot.scale = match slot.scale {
            Scale::Stored => Scale::Times(rate),
            Scale::Times(factor) => Scale::Times(factor * rate),
            other => other,
        };
    }

    /// Appends the minibatch feature to `width` features, and returns the new number of features.
    pub fn batch_features(self, seen: BatchFeature, width: usize) -> (Self, usize) {
        match seen {
            BatchFeature::None => (self, width),
            BatchFeature::StdDev => (self.layer(MinibatchStdDev), width + 1),
            BatchFeature::Discrimination => self.minibatch_discrimination(width),
        }
    }

    /// Adds the scale and the shift of each channel after a normalisation.
    pub fn scale_and_shift(&mut self, channels: usize, scale: Init) -> [usize; 2] {
        let scale = self.weights.push(self.name("scale"), &[channels], scale);
        [scale, self.weights.push(self.name("shift"), &[channels], Init::Constant(0.0))]
    }

    /// Adds a normalisation between a layer and its activation; nothing for pixel and spectral norm. `running` as for
    /// batch normalisation.
    pub fn normalise(self, norm: Norm, channels: usize, scale: Init, running: bool) -> Self {
        match norm {
            Norm::Batch => self.batch_norm(channels, scale, running),
            Norm::Layer => self.group_norm(channels, 1, scale),
            // At least two channels per group: normalising a single value always gives 0.
            Norm::Group => {
                let groups = (1..=GROUPS.min(channels / 2)).rev().find(|g| channels.is_multiple_of(*g)).unwrap_or(1);
                self.group_norm(channels, groups, scale)
            }
            Norm::Instance => self.group_norm(channels, channels, scale),
            Norm::Virtual => self.virtual_norm(channels, scale),
            Norm::None | Norm::Pixel | Norm::Spectral => self,
        }
    }

    /// Adds a normalisation after an activation: pixel norm.
    pub fn after(self, norm: Norm) -> Self {
        self.when(norm == Norm::Pixel, |b| b.layer(PixelNorm))
    }

    /// Applies `f` if `condition` holds, for optional layers.
    pub fn when(self, condition: bool, f: impl FnOnce(Self) -> Self) -> Self {
        if condition { f(self) } else { self }
    }

    pub fn build(self) -> Plan {
        Plan { layers: self.layers, weights: self.weights, statistics: self.statistics }
    }
}
