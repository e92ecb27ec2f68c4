//! Noise on activations.

use burn::tensor::Tensor;
use counterfeit_kernels::Activation;

use super::{Differentiable, Module, Pass, WithTangent};
use crate::graph::constant_for;
use crate::{BoundNetwork, Builder, Mode, Signal, Slot, Tangents};

/// In training, adds normal noise of this standard deviation to the `units` values of each row.
#[derive(Debug, Clone, PartialEq)]
pub struct Noise {
    pub deviation: f64,
    pub units: usize,
}

impl Builder {
    /// Adds a noise layer on `units` values, unless `deviation` is 0.
    pub fn noise(self, deviation: f64, units: usize) -> Self {
        self.when(deviation > 0.0, |b| b.layer(Noise { deviation, units }))
    }
}

impl Module for Noise {
    fn label(&self, _: &[Slot]) -> String {
        format!("noise, {}", self.deviation)
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
            let noise = constant_for(numbers.mul_scalar(self.deviation), &x.device());
            x + noise
        })
    }

    fn differentiable(&self) -> Option<&dyn Differentiable> {
        Some(self)
    }
}

impl Differentiable for Noise {
    fn tangent(&self, _: &mut Tangents<'_>, x: Signal, t: Tensor<2>, _: Activation) -> Option<WithTangent> {
        Some((x, t))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{close, network, rows, values};
    use super::*;

    #[test]
    fn the_numbers_are_added() {
        let net = network(Builder::default().noise(0.5, 4).build(), &[]);
        assert_eq!(net.plan.random_counts(3), 12);
        let run = |mode| {
            let numbers = Some(Tensor::from_data([-1.0, 0.0, 0.5, 2.0], &net.weights.device()));
            values(net.frozen().with_random(numbers).forward(rows(&[[1.0, 2.0, 3.0, 4.0]]), mode))
        };
        close(&run(Mode::Train), &[0.5, 2.0, 3.25, 5.0]);
        close(&run(Mode::Sample), &[1.0, 2.0, 3.0, 4.0]);
    }
}
