//! Elementwise operations and the optimizer's update, written so that the compiler vectorises them.

use std::borrow::Cow;

use super::super::{Activation, Found, Rate};
use crate::lanes;

/// Adds to each channel the sum of its values over all rows `[width]`: the bias gradient.
pub fn add_sum_of_rows(channels: &mut [f32], values: &[f32], width: usize) {
    let places = width / channels.len();
    for row in values.chunks_exact(width) {
        if places == 1 {
            channels.iter_mut().zip(row).for_each(|(c, v)| *c += v);
        } else {
            channels.iter_mut().zip(row.chunks_exact(places)).for_each(|(c, v)| *c += lanes::sum(v, |v| v));
        }
    }
}

/// tanh as a ratio of polynomials, which vectorises; the library function does not and took a tenth of a DCGAN step.
/// The error is at most 4e-7: up to 2.6e-7 where x is clamped, and rounding. That is less than a ten-thousandth of a
/// grey level. The coefficients are those of Eigen (`generic_fast_tanh_float`).
pub fn tanh(x: f32) -> f32 {
    const ODD: [f32; 7] =
        [-2.760_768_5e-16, 2.000_188e-13, -8.604_672e-11, 5.122_297e-8, 1.485_722_4e-5, 6.372_619_3e-4, 4.893_524_6e-3];
    const EVEN: [f32; 4] = [1.198_258_4e-6, 1.185_347_1e-4, 2.268_434_6e-3, 4.893_525_3e-3];
    let x = x.clamp(-7.905_311, 7.905_311);
    let square = x * x;
    let odd = ODD.iter().fold(0.0, |sum, c| sum * square + c);
    let even = EVEN.iter().fold(0.0, |sum, c| sum * square + c);
    x * odd / even
}

/// log(1 + e^l), without overflow.
pub fn softplus(l: f32) -> f32 {
    // Propagates NaN: `max` drops it, but the exponential of NaN is NaN.
    l.max(0.0) + libm::log1pf(libm::expf(-l.abs()))
}

/// 1 / (1 + e^-l), without overflow.
pub fn sigmoid(l: f32) -> f32 {
    // e^-|l| is at most 1.
    let e = libm::expf(-l.abs());
    if l >= 0.0 { 1.0 / (1.0 + e) } else { e / (1.0 + e) }
}

/// Applies an activation in place.
pub fn activate(values: &mut [f32], activation: Activation) {
    match activation {
        Activation::None => {}
        // `f32::max` compiles to a function call in WebAssembly and drops NaN.
        Activation::Relu => values.iter_mut().for_each(|v| *v = if *v <= 0.0 { 0.0 } else { *v }),
        Activation::LeakyRelu(slope) => values.iter_mut().for_each(|v| *v = if *v > 0.0 { *v } else { slope * *v }),
        Activation::Tanh => values.iter_mut().for_each(|v| *v = tanh(*v)),
    }
}

/// dL/dx of y = act(x), from dL/dy and y.
pub fn derivative<'a>(gradient: &'a [f32], y: &[f32], activation: Activation) -> Cow<'a, [f32]> {
    let each = |f: fn(f32, f32, f32) -> f32, slope: f32| {
        Cow::Owned(gradient.iter().zip(y).map(|(&g, &y)| f(g, y, slope)).collect())
    };
    match activation {
        Activation::None => Cow::Borrowed(gradient),
        Activation::Relu => each(|g, y, _| if y > 0.0 { g } else { 0.0 }, 0.0),
        Activation::LeakyRelu(slope) => each(|g, y, slope| if y > 0.0 { g } else { slope * g }, slope),
        Activation::Tanh => each(|g, y, _| g * (1.0 - y * y), 0.0),
    }
}

/// Threshold below which a moment is set to 0. It would change a weight by less than 1e-20, and arithmetic with
/// subnormal numbers costs about a hundred cycles each.
const TINY: f32 = 1e-30;

/// The bits of |x| as an integer. They sort like the values; the bits of NaN are above those of infinity.
fn magnitude(x: f32) -> u32 {
    x.to_bits() & 0x7fff_ffff
}

/// One optimizer update. `rates`, and the record that follows the moments in `m`, are those of `Kernels::optimize`.
pub fn optimize(w: &mut [f32], m: &mut [f32], v: &mut [f32], gradient: &[f32], rates: &[f32]) {
    let (m, record) = m.split_at_mut(w.len());
    if record[3] == 0.0 {
        record[2] = f32::from_bits(w.iter().fold(0, |most, &w| most.max(magnitude(w))));
    }
    let [gradient, weights, moments] = update(w, m, v, gradient, rates);
    if record[0] != 0.0 {
        return;
    }
    let broken = |bits: u32| !f32::from_bits(bits).is_finite();
    let found = [(gradient, Found::Gradient), (weights, Found::Weights), (moments, Found::Moments)];
    match found.into_iter().find(|&(bits, _)| broken(bits)) {
        Some((_, what)) => (record[0], record[1]) = (rates[Rate::At as usize], f32::from(what as u8)),
        None => record[3] = f32::from_bits(weights),
    }
}

/// Updates `w`, `m` and `v`. Returns the largest [`magnitude`] among the gradients, the new weights before clipping,
/// and the new moments.
fn update(w: &mut [f32], m: &mut [f32], v: &mut [f32], gradient: &[f32], rates: &[f32]) -> [u32; 3] {
    let rate = |r: Rate| rates[r as usize];
    let (beta1, beta2, step, ahead) =
        (rate(Rate::Beta1), rate(Rate::Beta2), rate(Rate::Step), rate(Rate::GradCoefficient));
    let (epsilon, keep, clip) = (rate(Rate::Epsilon), rate(Rate::DecayFactor), rate(Rate::Clip));
    let flush = |x: f32| if x.abs() < TINY { 0.0 } else { x };
    let mut most = [0; 3];
    for (((w, m), v), &g) in w.iter_mut().zip(m).zip(v).zip(gradient) {
        *m = flush(beta1 * *m + (1.0 - beta1) * g);
        *v = flush(beta2 * *v + (1.0 - beta2) * g * g);
        let next = keep * *w - (step * *m + ahead * g) / (v.sqrt() + epsilon);
        most = [most[0].max(magnitude(g)), most[1].max(magnitude(next)), most[2].max(magnitude(*m)).max(magnitude(*v))];
        // `f32::clamp` compiles to function calls in WebAssembly.
        *w = if next > clip {
            clip
        } else if next < -clip {
            -clip
        } else {
            next
        };
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tanh_is_tanh() {
        for i in -20_000..=20_000 {
            let x = i as f32 / 1000.0;
            assert!((f64::from(tanh(x)) - f64::from(x).tanh()).abs() < 4e-7, "{x}");
        }
        assert!(tanh(f32::NAN).is_nan());
    }

    #[test]
    fn the_logistic_functions_neither_overflow_nor_lose_digits() {
        for l in [-200.0f32, -20.0, -1.0, 0.0, 1.0, 20.0, 200.0] {
            let exact = f64::from(l);
            assert!(
                (f64::from(softplus(l)) - (exact.max(0.0) + (-exact.abs()).exp().ln_1p())).abs()
                    <= 1e-6 * exact.abs().max(1.0)
            );
            assert!((f64::from(sigmoid(l)) - 1.0 / (1.0 + (-exact).exp())).abs() < 1e-7);
        }
        assert!(softplus(-30.0) > 0.0);
    }
}
