//! Historical averaging (Salimans et al. 2016, section 3.3): both losses have a term that pulls the weights to their
//! mean over the run.

use burn::tensor::Tensor;
use counterfeit_nn::NetworkId;
use counterfeit_spec::Spec;

use super::{Start, Trick};
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
    fn new(weights: &Tensor<1>) -> Self {
        Self { mean: weights.clone(), count: 1 }
    }

    /// Adds the gradient of weight |theta - mean|^2, then adds the weights to the mean.
    fn with_history(&mut self, gradient: Tensor<1>, weights: &Tensor<1>, weight: f64) -> Tensor<1> {
        let off = weights.clone() - self.mean.clone();
        self.count += 1;
        self.mean = self.mean.clone() + off.clone().div_scalar(f64::from(self.count));
        gradient + off.mul_scalar(2.0 * weight)
    }
}

impl Trick for HistoricalAveraging {
    /// Of G and of D, in a run that starts with a weight.
    type State = Option<[WeightMean; 2]>;
    type Draw = ();

    fn start(&self, start: &Start) -> Self::State {
        (self.weight > 0.0).then(|| start.weights.map(WeightMean::new))
    }

    fn visit(state: &mut Self::State, visitor: &mut impl Visitor) {
        let mut counts = state.as_ref().map(|means| means.each_ref().map(|mean| mean.count));
        visitor.number("histories", &mut counts);
        let names = ["generator.mean", "discriminator.mean"];
        for ((i, mean), name) in state.iter_mut().flatten().enumerate().zip(names) {
            mean.count = counts.map_or(mean.count, |counts| counts[i]);
            visitor.tensor(name, &mut mean.mean);
        }
    }

    fn gradient(&self, state: &mut Self::State, id: NetworkId, gradient: Tensor<1>, weights: &Tensor<1>) -> Tensor<1> {
        let Some([generator, discriminator]) = state else { return gradient };
        let mean = match id {
            NetworkId::Generator => generator,
            NetworkId::Discriminator => discriminator,
        };
        mean.with_history(gradient, weights, self.weight)
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
