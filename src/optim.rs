//! The optimizer: one flat vector in, one flat vector out, whatever the network.

use burn::tensor::{Gradients, Tensor};

use crate::kernels;
use crate::nets::Bound;

/// Adam's epsilon: the paper's 1e-8 (Kingma and Ba 2015, algorithm 1).
const EPSILON: f64 = 1e-8;

/// Adam's state for one network (Kingma and Ba 2015, algorithm 1).
#[derive(Debug, Clone)]
pub struct Adam {
    /// First moment, `[size]`.
    m: Tensor<1>,
    /// Second moment, `[size]`.
    v: Tensor<1>,
    /// Updates so far.
    t: i32,
    /// Of the last update.
    last: Moments,
}

/// How an update was made of the moments.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Moments {
    /// 1 / (1 - beta1^t): what the first moment lacks of the gradient's average because it began at 0.
    pub first: f64,
    step: f64,
    epsilon: f64,
}

impl Moments {
    /// How far a weight was moved.
    pub fn update(&self, first: f64, second: f64) -> f64 {
        // Before the first update all are 0.
        if first == 0.0 { 0.0 } else { self.step * first / (second.sqrt() + self.epsilon) }
    }
}

/// What may change from one update to the next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates {
    pub lr: f64,
    pub beta1: f64,
    pub beta2: f64,
}

impl Adam {
    pub fn new(weights: &Tensor<1>) -> Self {
        Self { m: weights.zeros_like(), v: weights.zeros_like(), t: 0, last: Moments::default() }
    }

    /// Counts the coming update and returns what it needs, to be uploaded with the batch: beta1, beta2, step size, epsilon.
    ///
    /// The paper's faster form (end of section 2): both bias corrections in the step size and in epsilon.
    pub fn next(&mut self, Rates { lr, beta1, beta2 }: Rates) -> [f32; 4] {
        self.t += 1;
        let root = (1.0 - beta2.powi(self.t)).sqrt();
        let step = lr * root / (1.0 - beta1.powi(self.t));
        self.last = Moments { first: 1.0 / (1.0 - beta1.powi(self.t)), step, epsilon: EPSILON * root };
        [beta1 as f32, beta2 as f32, step as f32, (EPSILON * root) as f32]
    }

    /// First moment, `[size]`.
    pub fn first(&self) -> &Tensor<1> {
        &self.m
    }

    /// Second moment, `[size]`.
    pub fn second(&self) -> &Tensor<1> {
        &self.v
    }

    /// How the last update was made of them.
    pub fn moments(&self) -> Moments {
        self.last
    }

    /// One update of `weights` along `gradient`, both `[size]`; `rates` is what [`Adam::next`] gave, `[4]`. `fused` as in
    /// [`crate::nets::Network`].
    pub fn step(&mut self, weights: Tensor<1>, gradient: Tensor<1>, rates: Tensor<1>, fused: bool) -> Tensor<1> {
        // Moved out, so that the CPU's kernel is their only owner and works in place.
        let m = std::mem::replace(&mut self.m, gradient.clone());
        let v = std::mem::replace(&mut self.v, gradient.clone());
        let [weights, m, v] = if kernels::chosen(fused) {
            kernels::adam(weights, m, v, gradient, rates)
        } else {
            plain(weights, m, v, gradient, rates)
        };
        (self.m, self.v) = (m, v);
        weights
    }
}

/// The plain version of [`kernels::adam`].
fn plain(weights: Tensor<1>, m: Tensor<1>, v: Tensor<1>, gradient: Tensor<1>, rates: Tensor<1>) -> [Tensor<1>; 3] {
    let rate = |i: usize| rates.clone().slice([i..i + 1]); // [1], broadcast
    let (beta1, beta2) = (rate(0), rate(1));
    let m = m * beta1.clone() + gradient.clone() * (beta1.neg() + 1.0);
    let v = v * beta2.clone() + gradient.square() * (beta2.neg() + 1.0);
    let weights = weights - m.clone() * rate(2) / (v.clone().sqrt() + rate(3));
    [weights, m, v]
}

/// The gradients of a network's leaves as one vector as long as its weights; padding and leaves without a gradient are zero.
pub fn flat_gradient(net: &Bound, grads: &mut Gradients) -> Tensor<1> {
    let layout = &net.plan.weights;
    let device = net.leaves[0].device().inner();
    let gradients = net.leaves.iter().map(|leaf| leaf.grad_remove(grads));
    // Pieces that are whole segments lie end to end.
    let whole = net.pieces.iter().map(|p| p.len()).sum::<usize>() == layout.size();
    if whole {
        let parts = net.pieces.iter().zip(gradients).map(|(p, g)| g.unwrap_or_else(|| Tensor::zeros([p.len()], &device)));
        return Tensor::cat(parts.collect(), 0);
    }
    let empty = Tensor::zeros([layout.size()], &device);
    net.pieces.iter().zip(gradients).fold(empty, |flat, (piece, gradient)| match gradient {
        Some(gradient) => flat.slice_assign([piece.clone()], gradient),
        None => flat,
    })
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, TensorData};

    use super::*;

    fn vector(values: &[f32]) -> Tensor<1> {
        Tensor::from_data(TensorData::new(values.to_vec(), [values.len()]), &Device::flex())
    }

    /// Algorithm 1 as printed, in f64.
    fn by_the_paper(mut x: f64, gradients: &[f64], r: Rates) -> f64 {
        let (mut m, mut v) = (0.0, 0.0);
        for (i, g) in gradients.iter().enumerate() {
            let t = i as i32 + 1;
            m = r.beta1 * m + (1.0 - r.beta1) * g;
            v = r.beta2 * v + (1.0 - r.beta2) * g * g;
            let (m_hat, v_hat) = (m / (1.0 - r.beta1.powi(t)), v / (1.0 - r.beta2.powi(t)));
            x -= r.lr * m_hat / (v_hat.sqrt() + EPSILON);
        }
        x
    }

    #[test]
    fn adam_follows_algorithm_1() {
        let rates = Rates { lr: 1e-2, beta1: 0.5, beta2: 0.999 };
        let gradients = [[0.3, -2.0, 1e-3], [0.1, 4.0, 1e-3], [-0.7, 0.0, 1e-3]];
        let start = [1.0f32, -0.5, 0.25];
        for fused in [false, true] {
            let mut x = vector(&start);
            let mut adam = Adam::new(&x);
            for g in gradients {
                let numbers = vector(&adam.next(rates));
                x = adam.step(x, vector(&g.map(|v| v as f32)), numbers, fused);
            }
            let got = x.into_data().try_to_vec::<f32>().unwrap();
            for i in 0..3 {
                let expected = by_the_paper(start[i].into(), &gradients.map(|g| g[i]), rates);
                assert!((f64::from(got[i]) - expected).abs() < 1e-6, "[{i}]: {} {expected}", got[i]);
            }
        }
    }

    #[test]
    fn a_zero_gradient_moves_nothing() {
        let x = vector(&[1.0, 2.0]);
        for fused in [false, true] {
            let mut adam = Adam::new(&x);
            let numbers = vector(&adam.next(Rates { lr: 0.1, beta1: 0.9, beta2: 0.999 }));
            let moved = adam.step(x.clone(), x.zeros_like(), numbers, fused);
            assert_eq!(moved.into_data(), x.clone().into_data());
        }
    }
}
