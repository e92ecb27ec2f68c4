//! Dropout.

use burn::tensor::Tensor;
use counterfeit_kernels::Activation;

use super::{Differentiable, Module, Pass, WithTangent};
use crate::graph::constant_for;
use crate::{BoundNetwork, Builder, Mode, Signal, Slot, Tangents};

/// Dropout: in training, sets each of the `units` values of a row to 0 with probability `rate` and scales the others up
/// (Srivastava et al. 2014).
#[derive(Debug, Clone, PartialEq)]
pub struct Dropout {
    pub rate: f64,
    pub units: usize,
}

impl Builder {
    /// Adds dropout on `units` values, unless `rate` is 0.
    pub fn dropout(self, rate: f64, units: usize) -> Self {
        self.when(rate > 0.0, |b| b.layer(Dropout { rate, units }))
    }
}

impl Module for Dropout {
    fn label(&self, _: &[Slot]) -> String {
        format!("dropout, {}", (self.rate * 100.0).round() / 100.0)
    }

    fn random_values(&self) -> usize {
        self.units
    }

    /// Without random numbers, returns `x` unchanged.
    fn forward(&self, net: &mut BoundNetwork, x: Signal, pass: Pass) -> Signal {
        if pass.mode == Mode::Sample {
            return x;
        }
        x.map(|x| {
            let [n, width] = x.dims();
            let Some(numbers) = net.take_random(n * width) else { return x };
            let numbers = numbers.reshape([n, width]);
            let keep = numbers.greater_equal_elem(self.rate).float().div_scalar(1.0 - self.rate);
            let keep = constant_for(keep, &x.device());
            x * keep
        })
    }

    fn differentiable(&self) -> Option<&dyn Differentiable> {
        Some(self)
    }
}

impl Differentiable for Dropout {
    fn tangent(&self, _: &mut Tangents<'_>, x: Signal, t: Tensor<2>, _: Activation) -> Option<WithTangent> {
        Some((x, t))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{close, network, rows, values};
    use super::*;

    #[test]
    fn values_below_the_rate_go_and_the_others_grow() {
        let net = network(Builder::default().dropout(0.5, 4).build(), &[]);
        assert_eq!(net.plan.random_counts(3), 12);
        let run = |mode| {
            let numbers = Some(Tensor::from_data([0.0, 0.3, 0.5, 0.9], &net.weights.device()));
            values(net.frozen().with_random(numbers).forward(rows(&[[1.0, 2.0, 3.0, 4.0]]), mode))
        };
        close(&run(Mode::Train), &[0.0, 0.0, 6.0, 8.0]);
        close(&run(Mode::Sample), &[1.0, 2.0, 3.0, 4.0]);
    }
}
