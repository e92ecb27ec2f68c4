//! The optimizers, on flat vectors of weights. All use the same update kernel with different coefficients, see
//! [`kernels::Rate`].

mod gradient;
mod method;
mod plain;

use burn::tensor::Tensor;
use counterfeit_kernels::{self as kernels, Operations, RATES, Rate};
use counterfeit_spec::Spec;
use serde::{Deserialize, Serialize};

use crate::state::Visitor;
pub use gradient::flat_gradient;
pub use method::Method;
use method::{Coefficients, bias_correction};
use plain::plain;

/// The optimizer of a network.
#[derive(Debug, Clone, Copy, PartialEq, Spec)]
pub struct OptimizerSpec {
    /// Adam and RMSProp scale the step of each weight by its past gradients; SGD does not, and needs a larger learning
    /// rate.
    #[setting(
        key = "optimizer", label = "Optimizer", default = Method::Adam,
        source = "Kingma and Ba 2015; Tieleman and Hinton 2012; Sutskever et al. 2013",
    )]
    pub method: Method,
    /// Step size of G's optimizer. DCGAN uses 0.0002; small networks train faster with more.
    #[setting(
        label = "Learning rate", default = 1e-3, range = 1e-6..=1.0, live, basic,
        source = "Chen et al. 2016 (InfoGAN) for MNIST",
    )]
    pub lr: f64,
    /// 0.9, the usual default, makes GANs oscillate; 0.5 or 0 does not.
    #[setting(
        label = "Momentum β₁", default = 0.5, range = 0.0..1.0, live, only(method = ["adam", "sgd", "nesterov"]),
        source = "Radford et al. 2016 (DCGAN), section 4",
    )]
    pub beta1: f64,
    /// Decay rate of the running mean of the squared gradient.
    #[setting(
        label = "Adam β₂", default = 0.999, range = 0.0..1.0, live, only(method = ["adam", "rms-prop"]),
        source = "Kingma and Ba 2015",
    )]
    pub beta2: f64,
    /// Each update subtracts this, times the learning rate, times the weight (decoupled decay; with Adam this is
    /// AdamW).
    #[setting(label = "Weight decay", default = 0.0, range = 0.0..=1.0, live, source = "Loshchilov and Hutter 2019")]
    pub decay: f64,
}

impl OptimizerSpec {
    /// Hyperparameters of the update in a step, from 1, with the learning rate times `factor`. Every weight is then
    /// clipped to [-clip, clip]; 0 turns it off.
    pub fn rates(&self, step: u32, factor: f64, clip: f64) -> Rates {
        let Self { lr, beta1, beta2, decay, .. } = *self;
        let clip = if clip > 0.0 { clip } else { f64::INFINITY };
        Rates { lr: lr * factor, beta1, beta2, decay, clip, step }
    }
}

/// Hyperparameters of one update.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates {
    pub lr: f64,
    pub beta1: f64,
    pub beta2: f64,
    /// Decoupled weight decay: an update subtracts lr * decay * weight.
    pub decay: f64,
    /// Weight clipping: the bound on |weight| (Arjovsky et al. 2017, algorithm 1); infinity without clipping.
    pub clip: f64,
    /// The step of the run, from 1, for the record of non-finite values.
    pub step: u32,
}

/// An optimizer and its state for one network.
#[derive(Debug, Clone)]
pub struct Optimizer {
    method: Method,
    /// First moment, `[size]`, followed by the record of non-finite values, `[kernels::records(size)]`.
    m: Tensor<1>,
    /// Second moment, `[size]`.
    v: Tensor<1>,
    /// Number of updates so far.
    t: i32,
    /// Coefficients of the last update.
    last: Moments,
}

/// Coefficients with which an update was computed from the moments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Moments {
    /// Bias correction 1 / (1 - beta1^t) of the first moment, which starts at 0.
    pub first: f64,
    step: f64,
    epsilon: f64,
}

/// What an optimizer keeps beside its tensors.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    updates: i32,
    last: Moments,
}

impl Moments {
    /// The last update of a weight, from its moments. Approximate for Nesterov, where the first moment stands in for
    /// the last gradient. Without weight decay and clipping.
    pub fn update(&self, first: f64, second: f64) -> f64 {
        // Before the first update both moments are 0.
        if first == 0.0 { 0.0 } else { self.step * first / (second.sqrt() + self.epsilon) }
    }
}

impl Optimizer {
    pub fn new(method: Method, weights: &Tensor<1>) -> Self {
        let size = weights.dims()[0];
        let m = Tensor::zeros([size + kernels::records(size)], &weights.device());
        Self { method, m, v: weights.zeros_like(), t: 0, last: Moments::default() }
    }

    /// Returns the optimizer with its moments reset and its record of non-finite values kept.
    pub fn anew(&self) -> Self {
        let m = kernels::concat(vec![self.v.zeros_like(), self.record()]);
        Self { method: self.method, m, v: self.v.zeros_like(), t: 0, last: Moments::default() }
    }

    /// Counts the next update and returns its coefficients, `[8]`, to be uploaded with the batch.
    pub fn next(&mut self, rates: Rates) -> [f32; RATES] {
        self.t += 1;
        let Coefficients { beta1, beta2, step, ahead, epsilon } = self.method.coefficients(self.t, rates);
        self.last = Moments { first: 1.0 / bias_correction(beta1, self.t), step: step + ahead, epsilon };
        let Rates { lr, decay, clip, step: at, .. } = rates;
        let mut numbers = [0.0; RATES];
        for (rate, value) in [
            (Rate::Beta1, beta1),
            (Rate::Beta2, beta2),
            (Rate::Step, step),
            (Rate::GradCoefficient, ahead),
            (Rate::Epsilon, epsilon),
            (Rate::DecayFactor, 1.0 - lr * decay),
            (Rate::Clip, clip),
            (Rate::At, at.into()),
        ] {
            numbers[rate as usize] = value as f32;
        }
        numbers
    }

    /// Visits both moments; the first has the record of non-finite values behind it.
    pub fn visit(&mut self, name: &str, visitor: &mut impl Visitor) {
        visitor.tensor(&format!("{name}.first_moment"), &mut self.m);
        visitor.tensor(&format!("{name}.second_moment"), &mut self.v);
    }

    pub fn progress(&self) -> Progress {
        Progress { updates: self.t, last: self.last }
    }

    /// Continues at a progress whose moments are restored by [`Optimizer::visit`].
    pub fn resume(&mut self, Progress { updates, last }: Progress) {
        (self.t, self.last) = (updates, last);
    }

    /// First moment, `[size]`.
    pub fn first(&self) -> Tensor<1> {
        self.m.clone().slice([0..self.v.dims()[0]])
    }

    /// Record of non-finite values, `[kernels::records(size)]`, a view of the first moment's tensor. See
    /// [`crate::finite`].
    pub fn record(&self) -> Tensor<1> {
        self.m.clone().slice([self.v.dims()[0]..self.m.dims()[0]])
    }

    /// Second moment, `[size]`.
    pub fn second(&self) -> &Tensor<1> {
        &self.v
    }

    /// Coefficients of the last update.
    pub fn moments(&self) -> Moments {
        self.last
    }

    /// Updates `weights` by `gradient`, both `[size]`. `rates` `[8]` comes from [`Optimizer::next`]. `operations` as in
    /// [`counterfeit_nn::Network`].
    pub fn step(
        &mut self,
        weights: Tensor<1>,
        gradient: Tensor<1>,
        rates: Tensor<1>,
        operations: Operations,
    ) -> Tensor<1> {
        // Moved out, so that the CPU kernel is their only owner and updates in place.
        let m = std::mem::replace(&mut self.m, gradient.clone());
        let v = std::mem::replace(&mut self.v, gradient.clone());
        let [weights, m, v] = if operations.kernels() {
            kernels::optimize(weights, m, v, gradient, rates)
        } else {
            plain(weights, m, v, gradient, rates)
        };
        (self.m, self.v) = (m, v);
        weights
    }
}

#[cfg(test)]
mod tests;
