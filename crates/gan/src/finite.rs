//! Detection of non-finite values in a run, and of the network that caused them.
//!
//! The loss is not sufficient: `max`, `min` and `clamp` may drop NaN on a GPU, so that a run with NaN weights can show
//! normal losses. Therefore the optimizer, which reads every gradient and weight, keeps a record of non-finite values.
//! It is stored behind the first moments in the same tensor, so that it needs no launch, binding or read-back of its
//! own.
//!
//! A record covers a [`GROUP`] of weights, or all of them: see [`RECORD`].

use burn::tensor::{Bool, Tensor};
use counterfeit_kernels::{Found, GROUP, RECORD};
use counterfeit_nn::NetworkId;
use serde::{Deserialize, Serialize};

/// The kind of value that stopped being finite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub enum What {
    /// The optimizer's first or second moment overflowed, although the gradient was finite.
    Moments,
    Weights,
    Gradient,
    /// A loss; not in the optimizers' records.
    Loss,
}

/// The optimizers' records of both networks, on the device, with sizes and learning rates.
#[derive(Debug, Clone)]
pub struct Watch {
    /// Records of generator and discriminator: see [`crate::optim::Optimizer::record`].
    pub records: [Tensor<1>; 2],
    /// Number of weights of each.
    pub sizes: [usize; 2],
    /// Learning rates of each.
    pub rates: [f64; 2],
}

/// One network's record, read back.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trace {
    /// Step and kind of the first non-finite value.
    pub first: Option<(u32, What)>,
    /// Largest absolute weight divided by that before the first update; None before the first update.
    pub growth: Option<f32>,
}

impl Trace {
    /// Parses the record of `size` weights, which may be followed by padding.
    pub fn of(record: &[f32], size: usize) -> Self {
        let groups = || record.chunks_exact(RECORD).take(size.div_ceil(GROUP));
        let largest = |at: usize| groups().map(|group| group[at]).filter(|v| v.is_finite()).fold(0f32, f32::max);
        let at = groups().filter(|group| group[0] > 0.0).map(|group| group[0] as u32).min();
        let what = |step: u32| groups().filter(|g| g[0] as u32 == step).map(|g| what(g[1])).max();
        let (start, end) = (largest(2), largest(3));
        Self {
            first: at.and_then(|step| Some((step, what(step)?))),
            // Relative growth of weights that all start at 0 is unbounded.
            growth: (end > 0.0).then(|| end / start.max(f32::MIN_POSITIVE)),
        }
    }
}

fn what(code: f32) -> What {
    [(Found::Moments, What::Moments), (Found::Weights, What::Weights)]
        .into_iter()
        .find_map(|(found, what)| (code as u32 == found as u32).then_some(what))
        .unwrap_or(What::Gradient)
}

/// Growths that differ by less than this factor do not identify the cause.
const CLEAR: f32 = 4.0;
/// Growth of weights in no healthy run, where they grow by 10 at most.
const EXPLODED: f32 = 100.0;

/// The network that caused the divergence, from the traces and learning rates of generator and discriminator.
///
/// The network with the first non-finite value is often not the cause: if generated samples overflow, the
/// discriminator's gradient does too. The cause is the network whose weights grew by a much larger factor before that.
/// The factors differ by orders of magnitude, so the result is the same on every device. If both networks grew alike, or
/// both exploded, where the one that grew more is the one that was hit last, the one with the higher learning rate is
/// returned; if the rates are equal too, the discriminator, which is updated first.
pub fn cause([generator, discriminator]: [&Trace; 2], rates: [f64; 2]) -> NetworkId {
    let faster = if rates[0] > rates[1] { NetworkId::Generator } else { NetworkId::Discriminator };
    match (generator.growth, discriminator.growth) {
        (Some(g), Some(d)) if g.min(d) > EXPLODED => faster,
        (Some(g), Some(d)) if g > CLEAR * d => NetworkId::Generator,
        (Some(g), Some(d)) if d > CLEAR * g => NetworkId::Discriminator,
        (Some(_), None) => NetworkId::Generator,
        (None, Some(_)) => NetworkId::Discriminator,
        _ => faster,
    }
}

/// The tensors of an optimizer update, each `[size]`.
pub struct Parts<'a> {
    pub gradient: &'a Tensor<1>,
    pub moments: [&'a Tensor<1>; 2],
    pub before: &'a Tensor<1>,
    /// Before weight clipping, which would make infinity finite.
    pub after: &'a Tensor<1>,
}

/// Updates the record of an optimizer with plain tensor operations: the reference for
/// [`counterfeit_kernels::Kernels::optimize`]. The first [`RECORD`] values cover all weights.
pub fn recorded(record: Tensor<1>, Parts { gradient, moments, before, after }: Parts, step: Tensor<1>) -> Tensor<1> {
    let number = |i: usize| record.clone().slice([i..i + 1]); // [1]
    let (at, what, start, size) = (number(0), number(1), number(2), number(3));
    let broken = |t: &Tensor<1>, found: Found| t.clone().is_finite().bool_not().any().float().mul_scalar(found as u8); // [1]
    let [m, v] = moments.map(|t| broken(t, Found::Moments));
    let found = broken(gradient, Found::Gradient).max_pair(broken(after, Found::Weights)).max_pair(m.max_pair(v));
    let bad = found.clone().greater_elem(0.0);
    let finite_so_far: Tensor<1, Bool> = at.clone().equal_elem(0.0);
    let start = start.mask_where(size.clone().equal_elem(0.0), before.clone().max_abs());
    let size = size.mask_where(finite_so_far.clone().bool_and(bad.clone().bool_not()), after.clone().max_abs());
    let at = at.mask_where(finite_so_far.clone().bool_and(bad), step);
    let what = what.mask_where(finite_so_far, found);
    let rest = record.clone().slice([RECORD..record.dims()[0]]);
    Tensor::cat(vec![at, what, start, size, rest], 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trace(growth: f32) -> Trace {
        Trace { first: None, growth: Some(growth) }
    }

    #[test]
    fn a_trace_is_the_earliest_of_its_groups_and_ignores_padding() {
        let record =
            [0.0, 0.0, 0.5, 2.0, 8.0, 2.0, 0.25, 4.0, 7.0, 1.0, 0.0, 1.0, 7.0, 3.0, 0.0, 0.0, 1.0, 3.0, 9.0, f32::NAN];
        assert_eq!(Trace::of(&record, 4 * GROUP), Trace { first: Some((7, What::Gradient)), growth: Some(8.0) });
        assert_eq!(Trace::of(&record, GROUP), Trace { first: None, growth: Some(4.0) });
        assert_eq!(Trace::of(&[0.0; 4], 1), Trace { first: None, growth: None });
    }

    #[test]
    fn the_network_that_grew_is_to_blame_then_the_higher_rate_then_the_discriminator() {
        let (g, d) = (NetworkId::Generator, NetworkId::Discriminator);
        for (growths, rates, expected) in [
            ([1e6, 3.0], [0.1, 0.2], g),
            ([3.0, 1e6], [0.2, 0.1], d),
            ([3.0, 2.0], [0.2, 0.1], g),
            ([3.0, 2.0], [0.1, 0.2], d),
            ([2.0, 3.0], [0.1, 0.1], d),
            // WGAN without a Lipschitz constraint: the critic's gradient overflows a slow generator. And the reverse.
            ([1e19, 1e4], [1e-5, 0.03], d),
            ([1e4, 1e19], [0.03, 1e-5], g),
            ([1e19, 1e4], [1.0, 1.0], d),
        ] {
            let [a, b] = growths.map(trace);
            assert_eq!(cause([&a, &b], rates), expected, "{growths:?} {rates:?}");
        }
        let unmoved = Trace { first: None, growth: None };
        assert_eq!(cause([&trace(2.0), &unmoved], [0.1, 0.9]), g);
        assert_eq!(cause([&unmoved, &trace(2.0)], [0.9, 0.1]), d);
    }
}
