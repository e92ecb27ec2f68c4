//! What a frame of a run on points shows: the points, what D says everywhere, where G's loss wants its points to go, and both densities.

use std::future::Future;

use burn::tensor::{Tensor, TensorData, Transaction};
use serde::Deserialize;

use super::maps::{Maps, middles};
use super::read;
use crate::config::RunConfig;
use crate::data::PointSet;
use crate::error::Result;
use crate::latent::{Random, Stream};
use crate::measure::SAMPLES;
use crate::message::Player;
use crate::nets::{Mode, Network};
use crate::objective::score;
use crate::trainer::{Minibatch, Trainer};

/// Generated samples of which p_g is made: in a cell that holds a thousandth of them the error is then half of that.
const MANY: usize = 4_096;
/// Nodes of the sheet along each number of z.
const SHEET: [usize; 2] = [65, 21];
/// The sheet reaches so far in a normal z, which leaves out half a percent at each end, and to the ends of a uniform one.
const REACH: [f64; 2] = [2.5, 1.0];

/// What a scene is to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Wish {
    /// Genuine points, and generated ones with their arrows.
    pub points: usize,
    /// Nodes along each axis of the maps; 0 leaves them out.
    pub grid: usize,
    /// The same of the field of arrows.
    pub field: usize,
    /// Whether the points are the averaged generator's.
    pub averaged: bool,
}

impl Wish {
    /// The largest of each: ten thousand points and arrows, and maps of a hundred nodes, are more than a screen shows.
    const MOST: Wish = Wish { points: 10_000, grid: 100, field: 40, averaged: true };

    fn limited(self) -> Self {
        let Wish { points, grid, field, averaged } = self;
        Self {
            points: points.clamp(2, Self::MOST.points),
            grid: grid.min(Self::MOST.grid),
            field: field.min(Self::MOST.field),
            averaged,
        }
    }
}

/// Points with what D says of each. `width` numbers a point, one point after the other.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scored {
    pub points: Vec<f32>,
    pub scores: Vec<f32>,
}

/// A frame. Vectors point where G's loss falls fastest, and are as long as its slope there.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    pub step: u32,
    pub width: usize,
    pub z_width: usize,
    pub window: [f64; 4],
    pub real: Scored,
    pub z: Vec<f32>,
    pub forged: Scored,
    pub arrows: Vec<f32>,
    pub maps: Maps,
    pub field_side: usize,
    pub field: Vec<f32>,
    pub sheet_z: Vec<f32>,
    pub sheet: Vec<f32>,
}

/// Where the parts of a scene are on the device.
struct Parts<'a> {
    trainer: &'a Trainer,
    transaction: Transaction,
}

impl Parts<'_> {
    fn tensor(&self, values: Vec<f32>, width: usize) -> Tensor<2> {
        let n = values.len() / width;
        Tensor::from_data(TensorData::new(values, [n, width]), self.trainer.device())
    }

    fn add<const D: usize>(&mut self, t: Tensor<D>) {
        self.transaction = std::mem::take(&mut self.transaction).register(t);
    }

    /// D's verdict on each of some points: of a pack, that on a row of copies.
    fn verdicts(&self, points: Tensor<2>) -> Tensor<2> {
        let judging = self.trainer.judging();
        judging.rows_outputs(&mut self.trainer.discriminator().frozen(), points.repeat_dim(1, judging.pack), None, Mode::Sample)
    }

    /// -dL_G/dx of each point by itself, with as many genuine ones beside it where the game compares the two.
    fn pull(&self, points: Tensor<2>, real: &Tensor<2>) -> Tensor<2> {
        let RunConfig { objective, .. } = **self.trainer.config();
        let judging = self.trainer.judging();
        let [n, _] = points.dims();
        let x = Tensor::from_inner(points).require_grad();
        let forged = x.clone().repeat_dim(1, judging.pack);
        let rows = match objective.compares() {
            true => {
                let copies = n.div_ceil(real.dims()[0]);
                let real = real.clone().repeat_dim(0, copies).slice(0..n).repeat_dim(1, judging.pack);
                Tensor::cat(vec![Tensor::from_inner(real), forged], 0)
            }
            false => forged,
        };
        let mut d = self.trainer.discriminator().constant();
        let outputs = judging.rows_outputs(&mut d, rows, None, Mode::Sample);
        let scored = score(outputs, objective.g_terms(n), None, self.trainer.discriminator().fused);
        // The loss is a mean, of which each point has its share.
        let pull = x.grad(&scored.gradients).map(|slope| slope.mul_scalar(-(n as f64)));
        pull.unwrap_or_else(|| x.inner().zeros_like())
    }

    fn draw(&self, generator: &Network, z: Vec<f32>) -> Tensor<2> {
        let z = self.tensor(z, self.trainer.config().latent_dim);
        generator.frozen().forward(z, Mode::Sample)
    }
}

/// All pairs of the first two numbers of z, or all values of its only one; the others are 0.
fn sheet(config: &RunConfig) -> (Vec<f32>, Vec<f32>) {
    let reach = REACH[config.prior as usize];
    let across = config.latent_dim.min(2);
    let side = SHEET[across - 1];
    let along: Vec<f32> = (0..side).map(|i| (reach * (2.0 * i as f64 / (side - 1) as f64 - 1.0)) as f32).collect();
    let rows = (0..side.pow(across as u32)).flat_map(|i| {
        let ends = [along[i % side], along[i / side % side]];
        (0..config.latent_dim).map(move |at| ends.get(at).copied().filter(|_| at < across).unwrap_or(0.0)).collect::<Vec<_>>()
    });
    (rows.collect(), along)
}

/// A frame of a run. Queues the passes and their one read before it returns.
pub fn scene(trainer: &Trainer, points: &PointSet, wish: Wish) -> impl Future<Output = Result<Scene>> + use<> {
    let wish = wish.limited();
    let config = trainer.config().clone();
    let RunConfig { seed, prior, latent_dim, .. } = *config;
    let density = points.density().clone();
    let (width, window) = (density.width(), density.window());
    let mut parts = Parts { trainer, transaction: Transaction::default() };
    let generator = if wish.averaged { trainer.averaged() } else { trainer.generator() };

    // The same noise always, of which the first are the points that are shown.
    let many = if wish.grid > 0 { MANY.max(wish.points) } else { wish.points };
    let z = Random::new(seed, Stream::FixedNoise).latent(prior, many, latent_dim);
    let forged = parts.draw(generator, z.clone());
    let shown = forged.clone().slice(0..wish.points);
    let real = parts.tensor(density.sample(wish.points, &mut Random::new(seed, Stream::FixedReal)), width);
    let (sheet_rows, sheet_z) = sheet(&config);
    parts.add(forged);
    parts.add(parts.verdicts(shown.clone()));
    parts.add(parts.pull(shown, &real));
    parts.add(real.clone());
    parts.add(parts.verdicts(real.clone()));
    parts.add(parts.draw(generator, sheet_rows));
    // A tensor is never empty: without maps there is a map of one node, which nobody sees.
    let [grid, field] = [wish.grid, wish.field].map(|side| parts.tensor(middles(window, width, side.max(1)), width));
    parts.add(parts.verdicts(grid));
    parts.add(parts.pull(field, &real));

    let (step, transaction, shares) = (trainer.steps(), parts.transaction, points.shares(wish.grid.max(1)));
    async move {
        let mut values = read(transaction).await?.into_iter();
        let mut next = || values.next().unwrap_or_default();
        let says = |outputs: Vec<f32>| said(&config, outputs);
        let made = next();
        let forged = Scored { points: made[..wish.points * width].to_vec(), scores: says(next()) };
        let arrows = next();
        let real = Scored { points: next(), scores: says(next()) };
        let sheet = next();
        let outputs = next();
        let field = if wish.field > 0 { next() } else { Vec::new() };
        let maps = if wish.grid > 0 { Maps::of(&config, &density, &shares, &made, &outputs) } else { Maps::default() };
        let z = z[..wish.points * latent_dim].to_vec();
        Ok(Scene {
            step,
            width,
            z_width: latent_dim,
            window,
            real,
            z,
            forged,
            arrows,
            maps,
            field_side: wish.field,
            field,
            sheet_z,
            sheet,
        })
    }
}

/// D's outputs as the page shows them.
fn said(config: &RunConfig, outputs: Vec<f32>) -> Vec<f32> {
    let output = config.objective.game().output;
    outputs.into_iter().map(|a| output.says(a)).collect()
}

/// Where G takes some z `[n, latent_dim]`, what D says there, and where G's loss wants them to go.
pub fn mapped(
    trainer: &Trainer,
    points: &PointSet,
    z: Vec<f32>,
    averaged: bool,
) -> impl Future<Output = Result<(Scored, Vec<f32>)>> + use<> {
    let mut parts = Parts { trainer, transaction: Transaction::default() };
    let generator = if averaged { trainer.averaged() } else { trainer.generator() };
    let config = trainer.config().clone();
    let density = points.density();
    let n = z.len() / config.latent_dim;
    let real = parts.tensor(density.sample(n, &mut Random::new(config.seed, Stream::FixedReal)), density.width());
    let forged = parts.draw(generator, z);
    parts.add(forged.clone());
    parts.add(parts.verdicts(forged.clone()));
    parts.add(parts.pull(forged, &real));
    let transaction = parts.transaction;
    async move {
        let [points, outputs, arrows] = <[_; 3]>::try_from(read(transaction).await?).unwrap_or_default();
        Ok((Scored { points, scores: said(&config, outputs) }, arrows))
    }
}

/// The minibatch that the next update of a network will use, as both networks see it before that update.
#[derive(Debug, Clone, PartialEq)]
pub struct Walk {
    pub player: Player,
    pub width: usize,
    pub z_width: usize,
    /// Empty where G's update needs no genuine samples.
    pub real: Scored,
    pub z: Vec<f32>,
    pub forged: Scored,
    pub arrows: Vec<f32>,
    /// The player's loss, penalties and smoothing left out.
    pub loss: f64,
}

/// Slow motion: what the next update of a network is about to use. The run stays as it is.
pub fn walk(trainer: &Trainer, points: &PointSet, player: Player) -> Result<impl Future<Output = Result<Walk>> + use<>> {
    let Minibatch { real, z } = trainer.peek(points, player)?;
    let config = trainer.config().clone();
    let (width, n) = (points.density().width(), config.batch);
    let mut parts = Parts { trainer, transaction: Transaction::default() };
    let forged = parts.draw(trainer.generator(), z.clone());
    let genuine = parts.tensor(real, width);
    parts.add(forged.clone());
    parts.add(parts.verdicts(forged.clone()));
    parts.add(parts.pull(forged, &genuine));
    parts.add(genuine.clone());
    parts.add(parts.verdicts(genuine));
    let transaction = parts.transaction;
    Ok(async move {
        let [points, on_forged, arrows, real, on_real] = <[_; 5]>::try_from(read(transaction).await?).unwrap_or_default();
        let terms = match player {
            Player::Discriminator => config.objective.d_terms(n, config.real_target),
            Player::Generator => config.objective.g_terms(n),
        };
        let loss = terms.loss(&on_real, &on_forged);
        let [real, forged] =
            [(real, on_real), (points, on_forged)].map(|(points, outputs)| Scored { points, scores: said(&config, outputs) });
        Ok(Walk { player, width, z_width: config.latent_dim, real, z, forged, arrows, loss })
    })
}

/// Points that are to be measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Sampled {
    pub step: u32,
    /// [`SAMPLES`] of them, of the same noise each time.
    pub points: Vec<f32>,
    /// Mean of what D says of some of them, and mean length of -dL_G/dx there.
    pub on_forged: f64,
    pub slope: f64,
}

/// Points of which means over a run are taken: their error is then a tenth of their spread.
const SOME: usize = 128;

/// Reads what a measurement needs.
pub fn sampled(trainer: &Trainer, set: &PointSet, averaged: bool) -> impl Future<Output = Result<Sampled>> + use<> {
    let config = trainer.config().clone();
    let mut parts = Parts { trainer, transaction: Transaction::default() };
    let generator = if averaged { trainer.averaged() } else { trainer.generator() };
    let z = Random::new(config.seed, Stream::Measure).latent(config.prior, SAMPLES, config.latent_dim);
    let points = parts.draw(generator, z);
    let (some, width) = (points.clone().slice(0..SOME), set.density().width());
    let real = parts.tensor(set.density().sample(SOME, &mut Random::new(config.seed, Stream::FixedReal)), width);
    parts.add(points);
    parts.add(parts.verdicts(some.clone()));
    parts.add(parts.pull(some, &real));
    let (step, transaction) = (trainer.steps(), parts.transaction);
    async move {
        let [points, outputs, arrows] = <[_; 3]>::try_from(read(transaction).await?).unwrap_or_default();
        let mean = |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>() / SOME as f64;
        let length = |arrow: &[f32]| arrow.iter().map(|&v| f64::from(v).powi(2)).sum::<f64>().sqrt();
        let on_forged = mean(&mut said(&config, outputs).into_iter().map(f64::from));
        Ok(Sampled { step, points, on_forged, slope: mean(&mut arrows.chunks(width).map(length)) })
    }
}
