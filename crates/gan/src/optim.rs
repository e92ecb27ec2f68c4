//! The optimizers, on flat vectors of weights. All use the same update kernel with different coefficients, see
//! [`kernels::Rate`].

use burn::tensor::{Gradients, Tensor};
use counterfeit_kernels::{self as kernels, RATES, Rate};
use counterfeit_nn::BoundNetwork;
use counterfeit_spec::{Choice, Spec};
use serde::{Deserialize, Serialize};

use crate::finite::{self, Parts};
use crate::state::Visitor;

/// Adam's and RMSProp's epsilon: the paper's 1e-8 (Kingma and Ba 2015, algorithm 1).
const EPSILON: f64 = 1e-8;

/// The optimizer's method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Method {
    /// Kingma and Ba 2015, algorithm 1; with weight decay it is AdamW (Loshchilov and Hutter 2019, algorithm 2).
    #[choice("Adam")]
    Adam,
    /// Tieleman and Hinton 2012, lecture 6e: the gradient divided by the root of its running mean square, which decays
    /// by beta2.
    #[choice("RMSProp")]
    RmsProp,
    /// SGD with momentum beta1: m = beta1 m + gradient (Sutskever et al. 2013, section 2).
    #[choice("SGD with momentum")]
    Sgd,
    /// SGD with Nesterov momentum, in the form that needs the gradient at the current weights only: gradient + beta1 m
    /// (as in PyTorch).
    #[choice("SGD with Nesterov momentum")]
    Nesterov,
}

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
        label = "Learning rate", default = 1e-3, range = 1e-6..=1.0, live,
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
    pub fn next(&mut self, Rates { lr, beta1, beta2, decay, clip, step: at }: Rates) -> [f32; RATES] {
        self.t += 1;
        // Adam's bias correction divides by this. Not `powi`, whose last bits are the platform's.
        let correction = |beta: f64| 1.0 - libm::pow(beta, f64::from(self.t));
        let (first, second) = (correction(beta1), correction(beta2));
        // beta1, beta2, coefficient of the first moment, coefficient of the gradient, epsilon
        let [beta1, beta2, step, ahead, epsilon] = match self.method {
            // The efficient form of the paper (end of section 2): bias correction within the step size and epsilon.
            Method::Adam => [beta1, beta2, lr * second.sqrt() / first, 0.0, EPSILON * second.sqrt()],
            Method::RmsProp => [0.0, beta2, lr, 0.0, EPSILON],
            // The kernel's m is (1 - beta1) times SGD's momentum buffer. Its v stays 0, so that sqrt(v) + epsilon = 1.
            Method::Sgd => [beta1, 1.0, lr / (1.0 - beta1), 0.0, 1.0],
            Method::Nesterov => [beta1, 1.0, lr * beta1 / (1.0 - beta1), lr, 1.0],
        };
        self.last = Moments { first: 1.0 / correction(beta1), step: step + ahead, epsilon };
        let mut rates = [0.0; RATES];
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
            rates[rate as usize] = value as f32;
        }
        rates
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

    /// Updates `weights` by `gradient`, both `[size]`. `rates` `[8]` comes from [`Optimizer::next`]. `fused` as in
    /// [`counterfeit_nn::Network`].
    pub fn step(&mut self, weights: Tensor<1>, gradient: Tensor<1>, rates: Tensor<1>, fused: bool) -> Tensor<1> {
        // Moved out, so that the CPU kernel is their only owner and updates in place.
        let m = std::mem::replace(&mut self.m, gradient.clone());
        let v = std::mem::replace(&mut self.v, gradient.clone());
        let [weights, m, v] = if kernels::chosen(fused) {
            kernels::optimize(weights, m, v, gradient, rates)
        } else {
            plain(weights, m, v, gradient, rates)
        };
        (self.m, self.v) = (m, v);
        weights
    }
}

/// The plain version of [`kernels::optimize`].
fn plain(weights: Tensor<1>, m: Tensor<1>, v: Tensor<1>, gradient: Tensor<1>, rates: Tensor<1>) -> [Tensor<1>; 3] {
    let rate = |r: Rate| rates.clone().slice([r as usize..r as usize + 1]); // [1], broadcast
    let (beta1, beta2) = (rate(Rate::Beta1), rate(Rate::Beta2));
    let size = weights.dims()[0];
    let record = m.clone().slice([size..m.dims()[0]]);
    let m = m.slice([0..size]) * beta1.clone() + gradient.clone() * (beta1.neg() + 1.0);
    let v = v * beta2.clone() + gradient.clone().square() * (beta2.neg() + 1.0);
    let along = m.clone() * rate(Rate::Step) + gradient.clone() * rate(Rate::GradCoefficient);
    let next = weights.clone() * rate(Rate::DecayFactor) - along / (v.clone().sqrt() + rate(Rate::Epsilon));
    let parts = Parts { gradient: &gradient, moments: [&m, &v], before: &weights, after: &next };
    let m = Tensor::cat(vec![m.clone(), finite::recorded(record, parts, rate(Rate::At))], 0);
    let clip = rate(Rate::Clip).expand(next.dims());
    [next.min_pair(clip.clone()).max_pair(clip.neg()), m, v]
}

/// The gradients of a network's leaves as one flat vector, `[size]`. Padding and leaves without a gradient are 0.
pub fn flat_gradient(net: &BoundNetwork, grads: &mut Gradients) -> Tensor<1> {
    let layout = &net.plan.weights;
    let device = net.leaves[0].device().inner();
    let gradients = net.leaves.iter().map(|leaf| leaf.grad_remove(grads));
    let nothing = |n| Tensor::zeros([n], &device);
    let mut parts = Vec::new();
    let mut end = 0;
    // Leaves are in the order of the vector. Gaps between them are inactive layers or padding.
    for (piece, gradient) in net.segments.iter().zip(gradients) {
        parts.extend((piece.start > end).then(|| nothing(piece.start - end)));
        parts.push(gradient.unwrap_or_else(|| nothing(piece.len())));
        end = piece.end;
    }
    parts.extend((layout.size() > end).then(|| nothing(layout.size() - end)));
    kernels::concat(parts)
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, TensorData};

    use super::*;

    fn vector(values: &[f32]) -> Tensor<1> {
        Tensor::from_data(TensorData::new(values.to_vec(), [values.len()]), &Device::flex())
    }

    const RATES: Rates = Rates { lr: 1e-2, beta1: 0.5, beta2: 0.9, decay: 0.0, clip: f64::INFINITY, step: 1 };

    /// Each optimizer by the formulas of its paper, in f64.
    fn by_the_paper(method: Method, mut x: f64, gradients: &[f64], r: Rates) -> f64 {
        let (mut m, mut v) = (0.0, 0.0);
        for (i, g) in gradients.iter().enumerate() {
            let t = i as i32 + 1;
            let update = match method {
                Method::Adam => {
                    m = r.beta1 * m + (1.0 - r.beta1) * g;
                    v = r.beta2 * v + (1.0 - r.beta2) * g * g;
                    let (m_hat, v_hat) = (m / (1.0 - r.beta1.powi(t)), v / (1.0 - r.beta2.powi(t)));
                    m_hat / (v_hat.sqrt() + EPSILON)
                }
                Method::RmsProp => {
                    v = r.beta2 * v + (1.0 - r.beta2) * g * g;
                    g / (v.sqrt() + EPSILON)
                }
                Method::Sgd => {
                    m = r.beta1 * m + g;
                    m
                }
                Method::Nesterov => {
                    m = r.beta1 * m + g;
                    g + r.beta1 * m
                }
            };
            x = x - r.lr * r.decay * x - r.lr * update;
        }
        x
    }

    /// The weights after three updates.
    fn moved(
        mut optimizer: Optimizer,
        start: [f32; 3],
        gradients: [[f64; 3]; 3],
        rates: Rates,
        fused: bool,
    ) -> Vec<f32> {
        let mut x = vector(&start);
        for g in gradients {
            let numbers = vector(&optimizer.next(rates));
            x = optimizer.step(x, vector(&g.map(|v| v as f32)), numbers, fused);
        }
        x.into_data().try_to_vec().unwrap()
    }

    const GRADIENTS: [[f64; 3]; 3] = [[0.3, -2.0, 1e-3], [0.1, 4.0, 1e-3], [-0.7, 0.0, 1e-3]];
    const START: [f32; 3] = [1.0, -0.5, 0.25];

    #[test]
    fn every_optimizer_is_its_papers() {
        for method in [Method::Adam, Method::RmsProp, Method::Sgd, Method::Nesterov] {
            for (decay, fused) in [(0.0, false), (0.0, true), (0.1, false), (0.1, true)] {
                let rates = Rates { decay, ..RATES };
                let got = moved(Optimizer::new(method, &vector(&START)), START, GRADIENTS, rates, fused);
                for i in 0..3 {
                    let expected = by_the_paper(method, START[i].into(), &GRADIENTS.map(|g| g[i]), rates);
                    assert!((f64::from(got[i]) - expected).abs() < 1e-6, "{method:?} [{i}]: {} {expected}", got[i]);
                }
            }
        }
    }

    #[test]
    fn clipped_weights_stay_within_their_bound_and_what_is_not_finite_stays_so() {
        for fused in [false, true] {
            let clipped = Optimizer::new(Method::RmsProp, &vector(&START));
            let got = moved(clipped, START, GRADIENTS, Rates { clip: 0.3, ..RATES }, fused);
            assert!(got[0] == 0.3 && got[1] == -0.3 && got[2].abs() < 0.3, "{got:?}");
            let wild = moved(
                Optimizer::new(Method::Sgd, &vector(&START)),
                [f32::INFINITY, f32::NAN, 0.0],
                GRADIENTS,
                RATES,
                fused,
            );
            assert!(wild[0].is_infinite() && wild[1].is_nan() && wild[2].is_finite(), "{wild:?}");
        }
    }

    #[test]
    fn a_zero_gradient_moves_nothing() {
        let x = vector(&[1.0, 2.0]);
        for fused in [false, true] {
            let mut adam = Optimizer::new(Method::Adam, &x);
            let numbers = vector(&adam.next(RATES));
            let moved = adam.step(x.clone(), x.zeros_like(), numbers, fused);
            assert_eq!(moved.into_data(), x.clone().into_data());
        }
    }

    #[test]
    fn the_last_update_of_a_weight_follows_from_its_moments() {
        let number = |t: Tensor<1>| f64::from(t.into_data().try_to_vec::<f32>().unwrap()[0]);
        for method in [Method::Adam, Method::RmsProp, Method::Sgd] {
            let mut optimizer = Optimizer::new(method, &vector(&[1.0]));
            assert_eq!(optimizer.moments().update(0.0, 0.0), 0.0, "none yet");
            let mut x = vector(&[1.0]);
            let (mut t, beta1) = (0, if method == Method::RmsProp { 0.0 } else { RATES.beta1 });
            for gradient in [0.3, -0.1, 0.7] {
                let rates = vector(&optimizer.next(RATES));
                let before = number(x.clone());
                x = optimizer.step(x, vector(&[gradient]), rates, false);
                let moved = before - number(x.clone());
                let (first, second) = (number(optimizer.first()), number(optimizer.second().clone()));
                let reported = optimizer.moments().update(first, second);
                // The bias correction undoes the start at 0: with equal gradients it would give the gradient itself.
                t += 1;
                let weights_of_gradients: f64 = (0..t).map(|i| (1.0 - beta1) * beta1.powi(i)).sum();
                assert!((optimizer.moments().first * weights_of_gradients - 1.0).abs() < 1e-12, "{method:?}");
                assert!((reported - moved).abs() < 1e-6, "{method:?}: {reported}, moved by {moved}");
            }
        }
    }
}
