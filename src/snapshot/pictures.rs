//! Generated and real images, with D's output for each.

use std::pin::Pin;

use burn::tensor::{Tensor, TensorData};
use serde::{Deserialize, Serialize};

use crate::condition::{Condition, ConditionSpec};
use crate::config::{Family, RunConfig};
use crate::data::{BLOCK, Images, SampleShape};
use crate::error::Result;
use crate::kernels::grey;
use crate::loss::Output;
use crate::message::Samples;
use crate::nn::style::Styling;
use crate::nn::{DOMAINS, Mode, Network};
use crate::random::{Random, Stream};
use crate::read_back::ReadBack;
use crate::trainer::Trainer;

/// Number of images in a grid: 8 x 8.
pub const GRID: usize = GRID_SIDE * GRID_SIDE;
const GRID_SIDE: usize = 8;
/// Values of a continuous code along a row.
const SWEEP: usize = 10;

/// Images with their classes or codes and D's outputs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ScoredImages {
    /// Image by image, one byte a value.
    pub pixels: Vec<u8>,
    /// D's logits.
    pub outputs: Vec<f32>,
    /// D's auxiliary outputs, one row per image; empty if it has none.
    pub heads: Vec<f32>,
    /// Requested class or code of each image; empty without conditioning.
    pub classes: Vec<u8>,
    /// Images of the second domain from the same z, in coupled runs; empty otherwise.
    pub partners: Vec<u8>,
}

/// A pending read-back of images.
pub type Reading = Pin<Box<dyn Future<Output = Result<ScoredImages>>>>;

/// Queues D's pass over `images` `[n, values]` with their codes, and the read-back, before it returns.
fn evaluate(trainer: &Trainer, images: Tensor<2>, codes: Option<Tensor<2>>, classes: Vec<u8>) -> Reading {
    let (d_call, n) = (trainer.d_call(), images.dims()[0]);
    // The last pack is filled up with the first images.
    let missing = n.next_multiple_of(d_call.pack) - n;
    let whole = if missing == 0 {
        images.clone()
    } else {
        Tensor::cat(vec![images.clone(), images.clone().slice(0..missing)], 0)
    };
    let outputs = d_call.outputs(&mut trainer.discriminator().frozen(), whole, codes.clone(), Mode::Sample); // [rows, 1 + aux]
    let width = outputs.dims()[1];
    let logits = d_call.logits(outputs.clone(), codes); // [rows, 1]
    let mut read_back = ReadBack::default();
    let (pixels, logits, outputs) = (read_back.add(images), read_back.add(logits), read_back.add(outputs));
    Box::pin(async move {
        let mut values = read_back.read().await?;
        let [pixels, logits, outputs] = [pixels, logits, outputs].map(|name| values.take(name));
        // Every image of a pack gets the logit of the pack.
        let each = logits.into_iter().flat_map(|v| std::iter::repeat_n(v, d_call.pack)).take(n).collect();
        let heads = outputs.chunks(width).flat_map(|row| &row[1..]).copied().collect();
        Ok(ScoredImages { pixels: grey::bytes(&pixels), outputs: each, heads, classes, partners: Vec::new() })
    })
}

/// Input of a generator: rows of noise and code, and the class of each code.
#[derive(Debug, Clone, PartialEq)]
pub struct Inputs {
    z: Vec<f32>,
    classes: Vec<u8>,
    /// Second input rows for style mixing, and the layer from which they are used.
    fine: Option<(Vec<f32>, usize)>,
}

impl Inputs {
    /// Draws `n` rows, the noise and then the codes, from `rng`.
    fn drawn(config: &RunConfig, n: usize, rng: &mut Random) -> Self {
        let noise = rng.latent(config.prior, n, config.latent_dim);
        let codes = (0..n).map(|_| config.code().draw(rng)).collect();
        Self::of(config, noise, codes)
    }

    /// Rows from noise, row by row, and the code of each.
    fn of(config: &RunConfig, noise: Vec<f32>, codes: Vec<Vec<f32>>) -> Self {
        let class = |code: &Vec<f32>| code.iter().position(|&v| v == 1.0).map(|c| c as u8);
        let classes = codes.iter().filter_map(class).collect();
        let rows = noise.chunks(config.latent_dim).zip(codes);
        Self { z: rows.flat_map(|(noise, code)| noise.iter().copied().chain(code)).collect(), classes, fine: None }
    }

    fn rows(&self, config: &RunConfig) -> usize {
        self.z.len() / config.g_inputs()
    }
}

/// Generates images from inputs, with D's output for each.
fn drawn(trainer: &Trainer, generator: &Network, inputs: Inputs, truncation: Option<f32>) -> Reading {
    let config = trainer.config();
    let (n, width, styles) = (inputs.rows(config), config.g_inputs(), generator.plan.styles());
    let rows =
        |values: Vec<f32>, width: usize| Tensor::from_data(TensorData::new(values, [n, width]), trainer.device());
    let input = rows(inputs.z, width);
    let mixed = inputs.fine.filter(|_| styles > 0).map(|(z, from)| {
        let mask = (0..n * styles).map(|i| f32::from(u8::from(i % styles >= from))).collect();
        [rows(z, width), rows(mask, styles)]
    });
    let truncation = truncation.map(|psi| Tensor::from_data(TensorData::new(vec![psi], [1]), trainer.device()));
    let codes = (width > config.latent_dim).then(|| input.clone().slice([0..n, config.latent_dim..width]));
    let styling = Styling { mixed, noise: None, truncation };
    let images = generator.frozen().styled(styling).forward(input, Mode::Sample); // [n, values]
    evaluate(trainer, images, codes, inputs.classes)
}

/// Generates the next [`GRID`] images, with noise and codes drawn from `noise`. In coupled runs these are of the first
/// domain, with their partners of the second.
pub fn generated(trainer: &Trainer, generator: &Network, noise: &mut Random) -> Reading {
    let config = trainer.config();
    if config.condition.condition != Condition::Coupled {
        return drawn(trainer, generator, Inputs::drawn(config, GRID, noise), None);
    }
    let noise = noise.latent(config.prior, GRID, config.latent_dim);
    let [first, second] = [0, 1].map(|kind| Inputs::of(config, noise.clone(), vec![config.code().code(kind); GRID]));
    let (first, second) = (drawn(trainer, generator, first, None), drawn(trainer, generator, second, None));
    Box::pin(async move { Ok(ScoredImages { partners: second.await?.pixels, classes: Vec::new(), ..first.await? }) })
}

/// Real images, one byte a value, with D's output for each; `classes` are their classes or domains.
pub fn score_images(trainer: &Trainer, pixels: &[u8], classes: &[u8]) -> Reading {
    let (config, width) = (trainer.config(), trainer.config().values());
    let (n, code) = (pixels.len() / width, config.code());
    let rows =
        |values: Vec<f32>, width: usize| Tensor::from_data(TensorData::new(values, [n, width]), trainer.device());
    let images = rows(grey::floats(pixels), width);
    let codes = config.condition.condition.has_domains().then(|| {
        let codes: Vec<f32> = classes.iter().flat_map(|&c| code.code(c)).collect();
        rows(codes, code.width())
    });
    evaluate(trainer, images, codes, Vec::new())
}

async fn samples(
    score_images: Reading,
    shape: SampleShape,
    output: Output,
    step: u32,
    z: Vec<f32>,
    columns: usize,
) -> Result<Samples> {
    let ScoredImages { pixels, outputs, classes, .. } = score_images.await?;
    let scores = outputs.into_iter().map(|a| output.to_probability(a)).collect();
    Ok(Samples { step, shape, columns, pixels, scores, classes, z })
}

/// The content of a grid of generated images.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "type", content = "code")]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub enum View {
    /// Fixed noise and codes, 8 x 8.
    #[default]
    Fixed,
    /// One class or categorical code per column, one noise vector per row.
    Classes,
    /// One continuous code from -2 to 2 along each row (Chen et al. 2016, figure 2), one categorical code per row.
    Sweep(usize),
    /// Style mixing (Karras et al. 2019): styles before this layer from one z per row, later ones from one z per
    /// column. Rows and columns use the same z, so the diagonal shows the unmixed images.
    Mixing(usize),
}

/// The inputs of a view and its number of columns. All views use the run's fixed noise.
fn viewed(config: &RunConfig, view: View) -> (Inputs, usize) {
    let RunConfig { seed, prior, latent_dim, condition: ConditionSpec { condition, continuous, .. }, .. } = *config;
    let (spec, classes) = (config.code(), config.code().one_hot());
    let mut rng = Random::new(seed, Stream::FixedNoise);
    if let (View::Mixing(from), Family::Style) = (view, config.family) {
        return (mixed(config, from, &mut rng), GRID_SIDE);
    }
    let (view, code) = match view {
        _ if condition == Condition::None => (View::Fixed, None),
        View::Sweep(i) if i < continuous && condition == Condition::Codes => (view, Some(classes + i)),
        View::Sweep(_) => (View::Classes, None),
        View::Mixing(_) => (View::Fixed, None),
        other => (other, None),
    };
    if view == View::Fixed {
        return (Inputs::drawn(config, GRID, &mut rng), GRID_SIDE);
    }
    if condition == Condition::Coupled {
        // Both domains of a z side by side.
        let noises = rng.latent(prior, GRID / DOMAINS, latent_dim);
        let each = noises.chunks(latent_dim).flat_map(|z| z.repeat(DOMAINS)).collect();
        let codes = (0..GRID).map(|i| spec.code((i % DOMAINS) as u8)).collect();
        return (Inputs::of(config, each, codes), GRID_SIDE);
    }
    let noises = rng.latent(prior, GRID_SIDE, latent_dim);
    let mut noise = Vec::new();
    let mut codes = Vec::new();
    // A row of a sweep has one categorical code.
    let (rows, columns) = if code.is_some() { (GRID_SIDE.min(classes), SWEEP) } else { (GRID_SIDE, classes) };
    for row in 0..rows {
        for column in 0..columns {
            let class = if code.is_some() { row } else { column };
            let mut next = spec.code(class as u8);
            if let Some(at) = code {
                next[at] = swept(column);
            }
            codes.push(next);
            // A sweep keeps its noise, so that nothing else changes.
            let which = if code.is_some() { 0 } else { row };
            noise.extend(&noises[which * latent_dim..(which + 1) * latent_dim]);
        }
    }
    (Inputs::of(config, noise, codes), columns)
}

/// The value of a continuous code in a column of a sweep, from -2 to 2: twice as far as it is drawn.
fn swept(column: usize) -> f32 {
    4.0 * column as f32 / (SWEEP - 1) as f32 - 2.0
}

/// Values of a continuous code in the columns of a sweep.
pub fn sweep() -> Vec<f32> {
    (0..SWEEP).map(swept).collect()
}

/// All pairs of the first noise vectors: the coarse one in `z`, with the code, the fine one in `fine`.
fn mixed(config: &RunConfig, from: usize, rng: &mut Random) -> Inputs {
    let sources = Inputs::drawn(config, GRID_SIDE, rng);
    let row = |i: usize| sources.z[i * config.g_inputs()..(i + 1) * config.g_inputs()].iter().copied();
    let pairs = || (0..GRID).map(|i| [i / GRID_SIDE, i % GRID_SIDE]);
    Inputs {
        z: pairs().flat_map(|[coarse, _]| row(coarse)).collect(),
        classes: pairs().filter_map(|[coarse, _]| sources.classes.get(coarse).copied()).collect(),
        fine: Some((pairs().flat_map(|[_, fine]| row(fine)).collect(), from)),
    }
}

/// The requested content of a frame of a run on images.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[cfg_attr(not(target_arch = "wasm32"), ts(optional_fields))]
pub struct ImageContent {
    /// Whether the images are those of the EMA.
    pub averaged: bool,
    pub view: View,
    /// For a style generator: psi, which scales the distance of w from its mean.
    pub truncation: Option<f32>,
}

/// Images of a view by G or its EMA, with D's output for each.
pub fn generated_samples(
    trainer: &Trainer,
    averaged: bool,
    view: View,
) -> impl Future<Output = Result<Samples>> + use<> {
    truncated(trainer, averaged, view, None)
}

/// As [`generated_samples`], with truncation psi of a style generator's w: 0 gives its mean, 1 leaves w unchanged.
pub fn truncated(
    trainer: &Trainer,
    averaged: bool,
    view: View,
    psi: Option<f32>,
) -> impl Future<Output = Result<Samples>> + use<> {
    let (inputs, columns) = viewed(trainer.config(), view);
    let generator = if averaged { trainer.averaged() } else { trainer.generator() };
    let z = inputs.z.clone();
    samples(
        drawn(trainer, generator, inputs, psi),
        trainer.config().shape(),
        trainer.config().loss.objective.loss().output,
        trainer.steps(),
        z,
        columns,
    )
}

/// The run's fixed real images, with D's output for each; None until enough have arrived.
pub fn real_samples(trainer: &Trainer, images: &Images) -> Option<impl Future<Output = Result<Samples>> + use<>> {
    let labelled = trainer.config().condition.condition.labelled();
    // A small set is less than a block.
    let block = BLOCK.min(trainer.training_images());
    if (if labelled { images.labelled() } else { images.available() }) < block {
        return None;
    }
    let mut rng = Random::new(trainer.config().seed, Stream::FixedReal);
    let indices: Vec<u32> = (0..GRID).map(|_| rng.below(block) as u32).collect();
    let ConditionSpec { condition, coupling, .. } = trainer.config().condition;
    let shown = |&i: &u32| {
        if condition == Condition::Coupled { coupling.image(images, i) } else { images.pixels(i as usize).to_vec() }
    };
    let pixels: Vec<u8> = indices.iter().flat_map(shown).collect();
    let classes = condition.kinds(images, &indices).unwrap_or_default();
    let output = trainer.config().loss.objective.loss().output;
    let shape = trainer.config().shape();
    Some(samples(score_images(trainer, &pixels, &classes), shape, output, trainer.steps(), Vec::new(), GRID_SIDE))
}
