//! Maps of densities and of D over the cells of a window, and their comparison.

use serde::Serialize;

use crate::config::RunConfig;
use crate::data::Density;
use crate::loss::Output;
use crate::metrics::{best_discriminator, counted, jensen_shannon, smoothed};

/// Standard deviation of the smoothing, as a share of the window, so that narrow modes are visible.
const SMOOTH: f64 = 0.015;

/// Maps over the cells of a window, row by row from the bottom: `side` cells per axis.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct Maps {
    pub side: usize,
    /// D at the centre of each cell.
    #[cfg_attr(target_arch = "wasm32", serde(serialize_with = "crate::typed_array::floats"))]
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Float32Array"))]
    pub d_output: Vec<f32>,
    /// The optimal D*, of the densities with D's instance noise, and with packing for a pack of copies. Empty if the
    /// loss has none.
    #[cfg_attr(target_arch = "wasm32", serde(serialize_with = "crate::typed_array::floats"))]
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Float32Array"))]
    pub d_optimal: Vec<f32>,
    /// p_data and p_g, with the same smoothing.
    #[cfg_attr(target_arch = "wasm32", serde(serialize_with = "crate::typed_array::floats"))]
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Float32Array"))]
    pub p_data: Vec<f32>,
    #[cfg_attr(target_arch = "wasm32", serde(serialize_with = "crate::typed_array::floats"))]
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Float32Array"))]
    pub p_g: Vec<f32>,
    /// p_data without smoothing, in 1-D.
    #[cfg_attr(target_arch = "wasm32", serde(serialize_with = "crate::typed_array::floats"))]
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Float32Array"))]
    pub exact: Vec<f32>,
    /// Standard deviation of the smoothing, in units of x.
    pub bandwidth: f64,
    /// Mean |D - D*| under (p_data + p_g) / 2; NaN if there is no D*.
    pub gap: f64,
    /// The value E log D(x) + E log(1 - D(G(z))) on the smoothed densities with D's instance noise, with D* outside the
    /// window; NaN if D's output is not a logit, or with packing.
    pub value: f64,
    /// The value with D* everywhere: 2 JS - log 4 (Goodfellow et al. 2014, theorem 1's proof).
    pub optimal_value: f64,
    /// Jensen-Shannon divergence of the smoothed densities, in nats.
    pub divergence: f64,
}

/// The centres of `side` equal cells per axis of a window, as points of `width` values.
pub fn middles([left, right, bottom, top]: [f64; 4], width: usize, side: usize) -> Vec<f32> {
    let middle = |low: f64, high: f64, i: usize| (low + (high - low) * (i as f64 + 0.5) / side as f64) as f32;
    (0..side.pow(width as u32))
        .flat_map(|i| [middle(left, right, i % side), middle(bottom, top, i / side)].into_iter().take(width))
        .collect()
}

impl Maps {
    /// Computes the maps from D's outputs at the centres of the cells, the density and its cell probabilities, and fake
    /// points `[n, width]`.
    pub fn of(
        config: &RunConfig,
        step: u32,
        density: &Density,
        shares: &[f64],
        generated: &[f32],
        outputs: &[f32],
    ) -> Self {
        let (width, window) = (density.width(), density.window());
        let side = if width == 1 { outputs.len() } else { outputs.len().isqrt() };
        let cell = (window[1] - window[0]) / side as f64;
        let noise = config.tricks.noise.at(step.max(1));
        let blurred =
            |shares: &[f64], noise: f64| smoothed(shares, width, side, libm::hypot(SMOOTH * side as f64, noise / cell));
        let p_g = counted(generated, width, window, side);
        // The densities as D sees them, with instance noise, and without it.
        let seen = [shares, &p_g].map(|shares| blurred(shares, noise));
        let [p_data, p_g] = [shares, &p_g].map(|shares| blurred(shares, 0.0));
        let output = config.loss.objective.loss().output;
        let d_output: Vec<f64> = outputs.iter().map(|&a| f64::from(output.to_probability(a))).collect();
        let d_optimal = d_optimal(config, &seen);
        let (value, optimal_value) = match output {
            Output::Probability if config.pack == 1 => {
                (value(&seen, outputs), 2.0 * jensen_shannon(&seen[0], &seen[1]) - libm::log(4.0))
            }
            _ => (f64::NAN, f64::NAN),
        };
        let size = cell.powi(width as i32);
        let exact = match width {
            1 => middles(window, 1, side).into_iter().map(|x| density.at(&[x.into()]) as f32).collect(),
            _ => Vec::new(),
        };
        Self {
            side,
            gap: if d_optimal.is_empty() { f64::NAN } else { gap(&p_data, &p_g, &d_output, &d_optimal) },
            value,
            optimal_value,
            divergence: jensen_shannon(&p_data, &p_g),
            bandwidth: SMOOTH * (window[1] - window[0]),
            exact,
            d_output: narrow(d_output),
            d_optimal: narrow(d_optimal),
            p_data: narrow(p_data.into_iter().map(|share| share / size).collect()),
            p_g: narrow(p_g.into_iter().map(|share| share / size).collect()),
        }
    }
}

fn narrow(values: Vec<f64>) -> Vec<f32> {
    values.into_iter().map(|v| v as f32).collect()
}

/// D* in each cell, if the loss has one. For a pack of m copies the densities are p^m and q^m.
fn d_optimal(config: &RunConfig, [data, p_g]: &[Vec<f64>; 2]) -> Vec<f64> {
    let Some(d_optimal) = config.loss.d_optimal() else { return Vec::new() };
    let of_pack = |d: f64| d_optimal([d, 1.0 - d].map(|share| share.powi(config.pack as i32)));
    best_discriminator(data, p_g, 1.0).into_iter().map(of_pack).collect()
}

/// E log D(x) + E log(1 - D(G(z))) (Goodfellow et al. 2014, equation 1), of logits: log D = -softplus(-a). Everything
/// outside the window is one more cell, as in the divergence; there D* stands in for D, which is not evaluated.
fn value([data, p_g]: &[Vec<f64>; 2], outputs: &[f32]) -> f64 {
    let softplus = |a: f64| a.max(0.0) + libm::log1p(libm::exp(-a.abs()));
    let sum =
        data.iter().zip(p_g).zip(outputs).map(|((p, q), &a)| p * softplus(-f64::from(a)) + q * softplus(a.into()));
    let [p, q] = [data, p_g].map(|cells| (1.0 - cells.iter().sum::<f64>()).max(0.0));
    let share = |a: f64, b: f64| if a > 0.0 { a * libm::log(a / (a + b)) } else { 0.0 };
    share(p, q) + share(q, p) - sum.sum::<f64>()
}

fn gap(data: &[f64], p_g: &[f64], d_output: &[f64], d_optimal: &[f64]) -> f64 {
    let (mut sum, mut weight) = (0.0, 0.0);
    for i in (0..data.len()).filter(|&i| !d_optimal[i].is_nan()) {
        let share = (data[i] + p_g[i]) / 2.0;
        sum += share * (d_output[i] - d_optimal[i]).abs();
        weight += share;
    }
    sum / weight
}
