//! An update by plain tensor operations.

use burn::tensor::Tensor;
use counterfeit_kernels::Rate;

use crate::finite::{self, Parts};

/// The plain version of [`counterfeit_kernels::optimize`].
pub fn plain(weights: Tensor<1>, m: Tensor<1>, v: Tensor<1>, gradient: Tensor<1>, rates: Tensor<1>) -> [Tensor<1>; 3] {
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
