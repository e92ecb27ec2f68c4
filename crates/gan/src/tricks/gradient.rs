//! Changes of a gradient before the optimizer: clipping and historical averaging.

use burn::tensor::Tensor;

use crate::state::Visitor;

/// Gradient clipping: scales a gradient `[size]` down to L2 norm `most` (Pascanu et al. 2013); 0 turns it off.
pub fn clipped(gradient: Tensor<1>, most: f64) -> Tensor<1> {
    if most == 0.0 {
        return gradient;
    }
    let norm = gradient.clone().square().sum().sqrt(); // [1]
    // At most 1; of a zero gradient 1, because c / 0 is infinite.
    gradient * norm.recip().mul_scalar(most).clamp_max(1.0)
}

/// The mean of a network's weights over the run (Salimans et al. 2016, historical averaging).
#[derive(Debug, Clone)]
pub struct History {
    /// `[size]`
    mean: Tensor<1>,
    /// Number of weight vectors in the mean.
    count: u32,
}

impl History {
    pub fn new(weights: &Tensor<1>) -> Self {
        Self { mean: weights.clone(), count: 1 }
    }

    pub fn visit(&mut self, name: &str, visitor: &mut impl Visitor) {
        visitor.tensor(&format!("{name}.mean"), &mut self.mean);
    }

    /// Number of weight vectors in the mean.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Continues with a mean of so many vectors, which is restored by [`History::visit`].
    pub fn resume(&mut self, count: u32) {
        self.count = count;
    }

    /// Adds the gradient of weight |theta - mean|^2, then adds the weights to the mean.
    pub fn with_history(&mut self, gradient: Tensor<1>, weights: &Tensor<1>, weight: f64) -> Tensor<1> {
        let off = weights.clone() - self.mean.clone();
        self.count += 1;
        self.mean = self.mean.clone() + off.clone().div_scalar(f64::from(self.count));
        gradient + off.mul_scalar(2.0 * weight)
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, TensorData};

    use super::*;

    fn vector(values: [f32; 2]) -> Tensor<1> {
        Tensor::from_data(TensorData::from(values), &Device::flex())
    }

    fn values(t: Tensor<1>) -> Vec<f32> {
        t.into_data().try_to_vec().unwrap()
    }

    #[test]
    fn long_gradients_are_shortened_and_short_ones_are_not() {
        assert_eq!(values(clipped(vector([3.0, 4.0]), 1.0)), [0.6, 0.8]);
        for (kept, most) in [([3.0, 4.0], 5.5), ([3.0, 4.0], 0.0), ([0.0, 0.0], 1.0)] {
            assert_eq!(values(clipped(vector(kept), most)), kept);
        }
        assert!(values(clipped(vector([f32::NAN, 1.0]), 1.0)).iter().all(|v| v.is_nan()));
    }

    #[test]
    fn weights_are_pulled_towards_their_mean_so_far() {
        let mut history = History::new(&vector([1.0, 0.0]));
        let none = vector([0.0, 0.0]);
        // From the mean of one: off by (2, 0), times 2 weight. Then the mean of 1 and 3 is 2.
        assert_eq!(values(history.with_history(none.clone(), &vector([3.0, 0.0]), 0.5)), [2.0, 0.0]);
        assert_eq!(values(history.with_history(none, &vector([2.0, 1.0]), 0.5)), [0.0, 1.0]);
    }
}
