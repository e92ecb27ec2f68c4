//! The frame of a density run: points, maps of D and of both densities, and gradients of G's loss at points.

use std::future::Future;

use serde::{Deserialize, Serialize};

use super::maps::{Maps, middles};
use super::parts::{Parts, display_outputs};
use crate::config::RunConfig;
use crate::data::PointSet;
use crate::error::Result;
use crate::random::{Random, Stream};
use crate::trainer::Trainer;

/// Number of fake samples from which p_g is estimated: a cell with a thousandth of them then has a
/// relative error of 1/2.
const MANY: usize = 4_096;
/// Nodes of the generator manifold along each latent dimension.
const SHEET: [usize; 2] = [65, 21];
/// Extent of the generator manifold in a normal z, which leaves out half a percent at each end. A uniform z is covered
/// fully.
const REACH: [f64; 2] = [2.5, 1.0];

/// The requested content of a frame of a density run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct DensityContent {
    /// Number of real points, and of fake points with their gradients.
    pub points: usize,
    /// Nodes per axis of the maps; 0 for none.
    pub grid: usize,
    /// Nodes per axis of the field of gradients; 0 for none.
    pub field: usize,
    /// Whether the points are those of the EMA.
    pub averaged: bool,
}

impl DensityContent {
    /// Upper bounds: 10,000 points and gradients, and maps of 100 nodes, are more than a screen shows.
    const MOST: DensityContent = DensityContent { points: 10_000, grid: 100, field: 40, averaged: true };

    fn limited(self) -> Self {
        let DensityContent { points, grid, field, averaged } = self;
        Self {
            points: points.clamp(2, Self::MOST.points),
            grid: grid.min(Self::MOST.grid),
            field: field.min(Self::MOST.field),
            averaged,
        }
    }
}

/// A frame of a density run. Points and vectors have `width` values each; vectors are -dL_G/dx, the direction in which
/// G's loss falls fastest.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct DensityFrame {
    pub step: u32,
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "1 | 2"))]
    pub width: usize,
    pub z_width: usize,
    /// Left, right, bottom, top of the part of data space that is shown.
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "[number, number, number, number]"))]
    pub window: [f64; 4],
    /// A fixed set of real points.
    #[cfg_attr(target_arch = "wasm32", serde(serialize_with = "crate::typed_array::floats"))]
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Float32Array"))]
    pub real: Vec<f32>,
    /// D's output for each.
    #[cfg_attr(target_arch = "wasm32", serde(serialize_with = "crate::typed_array::floats"))]
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Float32Array"))]
    pub real_scores: Vec<f32>,
    /// Fixed noise.
    #[cfg_attr(target_arch = "wasm32", serde(serialize_with = "crate::typed_array::floats"))]
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Float32Array"))]
    pub z: Vec<f32>,
    /// G(z).
    #[cfg_attr(target_arch = "wasm32", serde(serialize_with = "crate::typed_array::floats"))]
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Float32Array"))]
    pub fake: Vec<f32>,
    /// D's output for each.
    #[cfg_attr(target_arch = "wasm32", serde(serialize_with = "crate::typed_array::floats"))]
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Float32Array"))]
    pub fake_scores: Vec<f32>,
    /// -dL_G/dx at each fake point.
    #[cfg_attr(target_arch = "wasm32", serde(serialize_with = "crate::typed_array::floats"))]
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Float32Array"))]
    pub arrows: Vec<f32>,
    #[serde(flatten)]
    pub maps: Maps,
    /// Nodes per axis of `field`.
    pub field_side: usize,
    /// -dL_G/dx at the nodes of a grid, in the order of the maps.
    #[cfg_attr(target_arch = "wasm32", serde(serialize_with = "crate::typed_array::floats"))]
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Float32Array"))]
    pub field: Vec<f32>,
    pub sheet_side: usize,
    /// Values of a latent coordinate along one side of the generator manifold: the first two coordinates of z take all
    /// pairs of them, the others are 0.
    #[cfg_attr(target_arch = "wasm32", serde(serialize_with = "crate::typed_array::floats"))]
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Float32Array"))]
    pub sheet_z: Vec<f32>,
    /// G(z) of each, the first coordinate changing fastest; with a latent dimension of 1, `sheet_side` points.
    #[cfg_attr(target_arch = "wasm32", serde(serialize_with = "crate::typed_array::floats"))]
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Float32Array"))]
    pub sheet: Vec<f32>,
}

/// A grid over the first two latent dimensions, or the only one; the others are 0.
fn sheet(config: &RunConfig) -> (Vec<f32>, Vec<f32>) {
    let reach = REACH[config.prior as usize];
    let across = config.latent_dim.min(2);
    let side = SHEET[across - 1];
    let along: Vec<f32> = (0..side).map(|i| (reach * (2.0 * i as f64 / (side - 1) as f64 - 1.0)) as f32).collect();
    let rows = (0..side.pow(across as u32)).flat_map(|i| {
        let ends = [along[i % side], along[i / side % side]];
        (0..config.latent_dim)
            .map(move |at| ends.get(at).copied().filter(|_| at < across).unwrap_or(0.0))
            .collect::<Vec<_>>()
    });
    (rows.collect(), along)
}

/// Computes a frame. Queues all passes and their single read-back before it returns.
pub fn density_frame(
    trainer: &Trainer,
    points: &PointSet,
    request: DensityContent,
) -> impl Future<Output = Result<DensityFrame>> + use<> {
    let request = request.limited();
    let config = trainer.config().clone();
    let RunConfig { seed, prior, latent_dim, .. } = *config;
    let density = points.density().clone();
    let (width, window) = (density.width(), density.window());
    let mut parts = Parts::of(trainer);
    let generator = if request.averaged { trainer.averaged() } else { trainer.generator() };

    // Always the same noise; its first rows are the displayed points.
    let many = if request.grid > 0 { MANY.max(request.points) } else { request.points };
    let z = Random::new(seed, Stream::FixedNoise).latent(prior, many, latent_dim);
    let fake = parts.generate(generator, z.clone());
    let shown = fake.clone().slice(0..request.points);
    let real = parts.tensor(density.sample(request.points, &mut Random::new(seed, Stream::FixedReal)), width);
    let (sheet_rows, sheet_z) = sheet(&config);
    let fake_points = parts.add(fake);
    let fake_outputs = parts.add(parts.logits(shown.clone()));
    let arrows = parts.add(parts.sample_gradients(shown, &real));
    let real_points = parts.add(real.clone());
    let real_outputs = parts.add(parts.logits(real.clone()));
    let sheet = parts.add(parts.generate(generator, sheet_rows));
    // Tensors must not be empty: without maps, a map of one node is computed and not shown.
    let [grid, field] =
        [request.grid, request.field].map(|side| parts.tensor(middles(window, width, side.max(1)), width));
    let grid_outputs = parts.add(parts.logits(grid));
    let field = parts.add(parts.sample_gradients(field, &real));

    let (step, read_back, shares) = (trainer.steps(), parts.read_back, points.shares(request.grid.max(1)));
    async move {
        let mut values = read_back.read().await?;
        let [fake_scores, real_scores] =
            [fake_outputs, real_outputs].map(|outputs| display_outputs(&config, values.take(outputs)));
        let made = values.take(fake_points);
        let maps = if request.grid > 0 {
            Maps::of(&config, step, &density, &shares, &made, &values.take(grid_outputs))
        } else {
            Maps::default()
        };
        let z = z[..request.points * latent_dim].to_vec();
        Ok(DensityFrame {
            step,
            width,
            z_width: latent_dim,
            window,
            real: values.take(real_points),
            real_scores,
            z,
            fake: made[..request.points * width].to_vec(),
            fake_scores,
            arrows: values.take(arrows),
            maps,
            field_side: request.field,
            field: if request.field > 0 { values.take(field) } else { Vec::new() },
            sheet_side: sheet_z.len(),
            sheet_z,
            sheet: values.take(sheet),
        })
    }
}
