//! The optimizer: one flat vector in, one flat vector out, whatever the network.

use burn::tensor::{Gradients, Tensor};

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
        Self { m: weights.zeros_like(), v: weights.zeros_like(), t: 0 }
    }

    /// One update of `weights` along `gradient`, both `[size]`.
    pub fn step(&mut self, weights: Tensor<1>, gradient: Tensor<1>, rates: Rates) -> Tensor<1> {
        let Rates { lr, beta1, beta2 } = rates;
        self.t += 1;
        self.m = self.m.clone().mul_scalar(beta1) + gradient.clone().mul_scalar(1.0 - beta1);
        self.v = self.v.clone().mul_scalar(beta2) + gradient.square().mul_scalar(1.0 - beta2);
        // The paper's faster form (end of section 2): both bias corrections in the step size and in epsilon.
        let root = (1.0 - beta2.powi(self.t)).sqrt();
        let step = lr * root / (1.0 - beta1.powi(self.t));
        weights - self.m.clone().mul_scalar(step) / self.v.clone().sqrt().add_scalar(EPSILON * root)
    }
}

/// Collects the gradients of a network's leaves into one vector as long as its weights; padding and leaves without a gradient
/// are zero.
pub fn flat_gradient(net: &Bound, grads: &mut Gradients) -> Tensor<1> {
    let layout = &net.plan.weights;
    let device = net.leaves[0].device().inner();
    let empty = Tensor::zeros([layout.size()], &device);
    layout.slots.iter().zip(&net.leaves).fold(empty, |flat, (slot, leaf)| match leaf.grad_remove(grads) {
        Some(gradient) => flat.slice_assign([slot.range()], gradient),
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
        let mut x = vector(&start);
        let mut adam = Adam::new(&x);
        for g in gradients {
            x = adam.step(x, vector(&g.map(|v| v as f32)), rates);
        }
        let got = x.into_data().try_to_vec::<f32>().unwrap();
        for i in 0..3 {
            let expected = by_the_paper(start[i].into(), &gradients.map(|g| g[i]), rates);
            assert!((f64::from(got[i]) - expected).abs() < 1e-6, "[{i}]: {} {expected}", got[i]);
        }
    }

    #[test]
    fn a_zero_gradient_moves_nothing() {
        let x = vector(&[1.0, 2.0]);
        let moved = Adam::new(&x).step(x.clone(), x.zeros_like(), Rates { lr: 0.1, beta1: 0.9, beta2: 0.999 });
        assert_eq!(moved.into_data(), x.into_data());
    }
}
