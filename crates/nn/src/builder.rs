//! Builds a [`Plan`] layer by layer.

use super::init::{Init, Initialiser};
use super::plan::{Layout, Plan, Scale};
use super::{BatchFeature, Layer, Norm, attention};

/// Kernel size of convolutions with stride 2. At 4 every output pixel is covered equally often, which avoids
/// checkerboard artefacts.
const KERNEL: usize = 4;
/// Number of taps of such a kernel, and of those that contribute to one pixel of the larger image.
const TAPS: usize = KERNEL * KERNEL;
const TAPS_UP: usize = TAPS / 4;
/// Number of kernels of minibatch discrimination, and dimensions of each. The authors' code has 5 dimensions; 50
/// kernels are enough for digits.
const CLOSENESS: usize = 50;
const CLOSENESS_DEPTH: usize = 5;
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
    reference: usize,
    /// Learning-rate multiplier of the next parameters; see [`Builder::rate`].
    rate: Option<f32>,
}

impl Builder {
    /// An empty network. Its weights will be drawn by `initialiser`, and spectrally normalised if `norm` says so.
    pub fn new(initialiser: Initialiser, norm: Norm) -> Self {
        Self { initialiser, spectral: norm == Norm::Spectral, ..Self::default() }
    }

    pub fn layer(mut self, layer: Layer) -> Self {
        self.layers.push(layer);
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

    fn bias(&mut self, n: usize, wanted: bool) -> Option<usize> {
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

    pub fn linear(mut self, from: usize, to: usize, init: Init, bias: bool) -> Self {
        let weight = self.weight("weight", &[from, to], init, [from, to]);
        let bias = self.bias(to, bias);
        self.layer(Layer::Linear { weight, bias })
    }

    pub fn conv_down(mut self, from: usize, to: usize, init: Init, bias: bool) -> Self {
        let weight = self.weight("weight", &[to, from, KERNEL, KERNEL], init, [TAPS * from, TAPS_UP * to]);
        let bias = self.bias(to, bias);
        self.layer(Layer::ConvDown { weight, bias })
    }

    pub fn conv_up(mut self, from: usize, to: usize, init: Init, bias: bool) -> Self {
        let weight = self.weight("weight", &[from, to, KERNEL, KERNEL], init, [TAPS_UP * from, TAPS * to]);
        let bias = self.bias(to, bias);
        self.layer(Layer::ConvUp { weight, bias })
    }

    /// Appends the minibatch feature to `width` features, and returns the new number of features.
    pub fn batch_features(mut self, seen: BatchFeature, width: usize) -> (Self, usize) {
        match seen {
            BatchFeature::None => (self, width),
            BatchFeature::StdDev => (self.layer(Layer::MinibatchStdDev), width + 1),
            BatchFeature::Discrimination => {
                let to = CLOSENESS * CLOSENESS_DEPTH;
                let weight = self.weight("weight", &[width, to], Init::he(width), [width, to]);
                (self.layer(Layer::MinibatchDiscrimination { weight, kernels: CLOSENESS }), width + CLOSENESS)
            }
        }
    }

    /// Adds a convolution with "same" padding; `side` is its kernel size, 1 or 3.
    pub fn conv(mut self, from: usize, to: usize, side: usize, init: Init, bias: bool) -> Self {
        let fans = [side * side * from, side * side * to];
        let weight = self.weight("weight", &[to, from, side, side], init, fans);
        let bias = self.bias(to, bias);
        self.layer(Layer::Conv { weight, bias })
    }

    /// Adds a batch normalisation. `running`: keep running statistics, to generate single images.
    pub fn batch_norm(mut self, channels: usize, scale: Init, running: bool) -> Self {
        let [scale, shift] = self.scale_and_shift(channels, scale);
        let statistics = running.then(|| {
            let mean = self.statistics.push(self.name("mean"), &[channels], Init::Constant(0.0));
            self.statistics.push(self.name("variance"), &[channels], Init::Constant(1.0));
            mean
        });
        self.layer(Layer::BatchNorm { scale, shift, statistics })
    }

    fn group_norm(mut self, channels: usize, groups: usize, scale: Init) -> Self {
        let [scale, shift] = self.scale_and_shift(channels, scale);
        self.layer(Layer::GroupNorm { scale, shift, groups })
    }

    fn scale_and_shift(&mut self, channels: usize, scale: Init) -> [usize; 2] {
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
            Norm::Virtual => {
                let mut net = self;
                let [scale, shift] = net.scale_and_shift(channels, scale);
                let reference = net.reference;
                net.layer(Layer::VirtualNorm { scale, shift, reference })
            }
            Norm::None | Norm::Pixel | Norm::Spectral => self,
        }
    }

    /// Prepends a reference batch `[rows, width]` of normal numbers, drawn once, to every batch, until
    /// [`Builder::dismiss`].
    pub fn reference(mut self, rows: usize, width: usize) -> Self {
        let slot = self.statistics.push(self.name("reference"), &[rows, width], Init::Normal { mean: 0.0, std: 1.0 });
        self.reference = rows;
        self.layer(Layer::PrependReferenceBatch { slot })
    }

    /// Drops the reference batch from the activations.
    pub fn dismiss(self) -> Self {
        let rows = self.reference;
        self.layer(Layer::DropReferenceBatch { rows })
    }

    /// Adds a noise layer on `units` values, unless `deviation` is 0.
    pub fn noise(self, deviation: f64, units: usize) -> Self {
        self.when(deviation > 0.0, |b| b.layer(Layer::Noise { deviation, units }))
    }

    /// Adds dropout on `units` values, unless `rate` is 0.
    pub fn dropout(self, rate: f64, units: usize) -> Self {
        self.when(rate > 0.0, |b| b.layer(Layer::Dropout { rate, units }))
    }

    /// Adds a normalisation after an activation: pixel norm.
    pub fn after(self, norm: Norm) -> Self {
        self.when(norm == Norm::Pixel, |b| b.layer(Layer::PixelNorm))
    }

    /// Adds self-attention over feature maps of `channels` channels; `init` maps a weight's fan-in to its initialiser.
    pub fn attention(mut self, channels: usize, init: impl Fn(usize) -> Init) -> Self {
        let [compared, carried] = attention::widths(channels);
        let shapes = [
            ("query", compared, channels),
            ("key", compared, channels),
            ("value", carried, channels),
            ("out", channels, carried),
        ];
        let slots = shapes.map(|(name, to, from)| self.weight(name, &[to, from, 1, 1], init(from), [from, to]));
        self.weights.push(self.name("gamma"), &[1], Init::Constant(0.0));
        self.layer(Layer::Attention { query: slots[0] })
    }

    /// Applies `f` if `condition` holds, for optional layers.
    pub fn when(self, condition: bool, f: impl FnOnce(Self) -> Self) -> Self {
        if condition { f(self) } else { self }
    }

    pub fn build(self) -> Plan {
        Plan { layers: self.layers, weights: self.weights, statistics: self.statistics }
    }
}
