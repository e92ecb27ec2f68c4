//! Historical averaging (Salimans et al. 2016, section 3.3): both losses have a term that pulls the weights to their
//! mean over the run.

use burn::tensor::Tensor;
use counterfeit_spec::Spec;

use crate::state::Visitor;

/// The term `weight` |theta - mean|^2 in both losses; 0 for none.
#[derive(Debug, Clone, Copy, PartialEq, Spec)]
pub struct HistoricalAveraging {
    /// Weight of |θ - mean of θ so far|² in both losses: damps oscillation, and progress too.
    #[setting(
        key = "history", label = "Historical averaging", default = 0.0, range = 0.0..=10.0,
        source = "Salimans et al. 2016",
    )]
    pub weight: f64,
}

/// The mean of a network's weights over the run.
#[derive(Debug, Clone)]
pub struct WeightMean {
    /// `[size]`
    mean: Tensor<1>,
    /// Number of weight vectors in the mean.
    count: u32,
}

impl WeightMean {
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

    /// Continues with a mean of so many vectors, which is restored by [`WeightMean::visit`].
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
    use burn::tensor::Device;

    use super::*;

    fn vector(values: [f32; 2]) -> Tensor<1> {
        Tensor::from_data(values, &Device::flex())
    }

    fn values(t: Tensor<1>) -> Vec<f32> {
        t.into_data().try_to_vec().unwrap()
    }

    #[test]
    fn weights_are_pulled_towards_their_mean_so_far() {
        let mut history = WeightMean::new(&vector([1.0, 0.0]));
        let none = vector([0.0, 0.0]);
        // From the mean of one: off by (2, 0), times 2 weight. Then the mean of 1 and 3 is 2.
        assert_eq!(values(history.with_history(none.clone(), &vector([3.0, 0.0]), 0.5)), [2.0, 0.0]);
        assert_eq!(values(history.with_history(none, &vector([2.0, 1.0]), 0.5)), [0.0, 1.0]);
    }
}
