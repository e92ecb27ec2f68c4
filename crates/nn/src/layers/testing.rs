//! Networks of a few layers, for the tests of each layer.

use burn::tensor::{DType, Device, Tensor, TensorData};
use counterfeit_kernels::Operations;
use counterfeit_random::{Random, Stream};

use crate::{Builder, Mode, Network, Plan};

/// What a test may hand over: a plan, or what builds one.
pub trait IntoPlan {
    fn plan(self) -> Plan;
}

impl IntoPlan for Plan {
    fn plan(self) -> Plan {
        self
    }
}

impl IntoPlan for Builder {
    fn plan(mut self) -> Plan {
        // A network has something to train, whether its layers use it or not.
        self.parameter("unused", &[1], crate::Init::Constant(0.0));
        self.build()
    }
}

/// A network whose first parameter tensors have these values.
pub fn network(plan: impl IntoPlan, weights: &[&[f32]]) -> Network {
    let mut plan = plan.plan();
    if plan.weights.slots.is_empty() {
        let mut unused = Builder::default();
        unused.parameter("unused", &[1], crate::Init::Constant(0.0));
        plan.weights = unused.build().weights;
    }
    let mut net = Network::new(plan, &mut Random::new(1, Stream::Noise), &Device::flex());
    for (values, slot) in weights.iter().zip(net.plan.clone().weights.slots.iter()) {
        let values = Tensor::from_data(TensorData::new(values.to_vec(), [slot.len()]), &Device::flex());
        net.weights = net.weights.slice_assign([slot.range()], values);
    }
    net
}

pub fn rows<const N: usize, const W: usize>(x: &[[f32; W]; N]) -> Tensor<2> {
    Tensor::from_data(TensorData::new(x.concat(), [N, W]), &Device::flex())
}

pub fn values(t: Tensor<2>) -> Vec<f32> {
    t.into_data().try_to_vec().unwrap()
}

pub fn close(found: &[f32], expected: &[f32]) {
    let same = found.iter().zip(expected).all(|(f, e)| (f - e).abs() < 1e-5 * e.abs().max(1.0));
    assert!(found.len() == expected.len() && same, "found {found:?}, expected {expected:?}");
}

/// What the network puts out in training, by the kernels; the reference operations have to agree.
pub fn output<const N: usize, const W: usize>(plan: impl IntoPlan, weights: &[&[f32]], x: &[[f32; W]; N]) -> Vec<f32> {
    let net = network(plan, weights);
    let reference = Network { operations: Operations::Reference, ..net.clone() };
    let [kernels, reference] = [net, reference].map(|net| values(net.frozen().forward(rows(x), Mode::Train)));
    close(&reference, &kernels);
    kernels
}

/// Compares the directional derivative along some direction with a central difference in f64.
pub fn slope_is_right<const N: usize, const W: usize>(plan: impl IntoPlan, weights: &[&[f32]], x: &[[f32; W]; N]) {
    const H: f64 = 1e-6;
    let net = network(plan, weights);
    let exact = Network {
        operations: Operations::Reference,
        weights: net.weights.clone().cast(DType::F64),
        statistics: net.statistics.clone().map(|s| s.cast(DType::F64)),
        ..net.clone()
    };
    let direction: [[f32; W]; N] = std::array::from_fn(|i| std::array::from_fn(|j| 1.0 - 0.3 * (i + 2 * j) as f32));
    let [at, direction] = [rows(x), rows(&direction)];
    let moved = |h: f64| {
        let x = at.clone().cast(DType::F64) + direction.clone().cast(DType::F64) * h;
        exact.frozen().forward(x, Mode::Sample)
    };
    let difference = values(((moved(H) - moved(-H)) / (2.0 * H)).cast(DType::F32));
    for operations in [Operations::Kernels, Operations::Reference] {
        let net = Network { operations, ..net.clone() };
        let along = net.tracked().along(at.clone(), direction.clone()).expect("every layer here has a tangent");
        close(&values(along.inner()), &difference);
    }
}
