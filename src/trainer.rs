//! Algorithm 1 of Goodfellow et al. 2014: k discriminator updates, then one generator update, each on fresh minibatches.
//!
//! Nothing here draws, waits, reads the device back or looks at a clock: a step queues work and returns tensors.

use std::ops::Range;

use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use crate::config::{Experiment, RunConfig};
use crate::data::{Images, Sampler};
use crate::error::{Error, Result};
use crate::latent::{Random, Stream};
use crate::nets::{Bound, Mode, Network, PIXELS, Plan};
use crate::objective;
use crate::optim::{Optimizer, flat_gradient};
use crate::upload::{Drawn, Upload};

/// Share of the newest batch in the running statistics of batch normalisation (the default of every framework).
const STATISTICS_MOMENTUM: f64 = 0.1;

/// Share of the newest weights in the averaged generator, once there is a history: over about the last thousand steps.
const AVERAGING: f64 = 1e-3;

/// Which networks a step updates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Players {
    Both,
    Discriminator,
    Generator,
}

/// What one step leaves behind, still on the device. Which tensors are there depends on who played.
#[derive(Debug, Clone)]
pub struct StepRecord {
    /// 1 for the first step of the run.
    pub step: u32,
    /// How often D was updated.
    pub d_updates: usize,
    /// D's loss without its penalty, mean D(x), mean D(G(z)) before its last update: `[3]`.
    pub discriminator: Option<Tensor<1>>,
    /// G's loss, 0, mean D(G(z)) before its update: `[3]`.
    pub generator: Option<Tensor<1>>,
}

/// Where an update of D finds what was drawn for it.
struct DDraw {
    real: Range<usize>,
    z: Range<usize>,
    dropout: Range<usize>,
    penalty: Range<usize>,
    rates: Range<usize>,
}

/// Where an update of G finds what was drawn for it.
struct GDraw {
    /// Where the objective compares fakes with them.
    real: Option<Range<usize>>,
    z: Range<usize>,
    dropout: Range<usize>,
    rates: Range<usize>,
    averaging: Range<usize>,
}

/// A run: both networks, their optimizers and the streams of randomness. A clone is the run as it was: tensors are shared.
#[derive(Clone)]
pub struct Trainer {
    config: Experiment,
    device: Device,
    generator: Network,
    discriminator: Network,
    /// The generator averaged over its last steps (Karras et al. 2018, appendix A): it does not take part, but draws better.
    averaged: Network,
    g_optimizer: Optimizer,
    d_optimizer: Optimizer,
    noise: Random,
    dropout: Random,
    penalty: Random,
    sampler: Sampler,
    steps: u32,
}

impl Trainer {
    /// Step 0 of the run that `config` describes, on `device` (outside autodiff), over the first of `images` training images.
    pub fn new(config: Experiment, images: usize, device: &Device) -> Self {
        let seed = config.seed;
        let generator = Network::new(Plan::generator(&config), &mut Random::new(seed, Stream::GeneratorWeights), device);
        let discriminator =
            Network::new(Plan::discriminator(&config), &mut Random::new(seed, Stream::DiscriminatorWeights), device);
        Self {
            g_optimizer: Optimizer::new(config.g_optimizer, &generator.weights),
            d_optimizer: Optimizer::new(config.d_optimizer, &discriminator.weights),
            noise: Random::new(seed, Stream::Noise),
            dropout: Random::new(seed, Stream::Dropout),
            penalty: Random::new(seed, Stream::Penalty),
            sampler: Sampler::new(seed, images.min(config.train_images)),
            steps: 0,
            device: device.clone(),
            config,
            averaged: generator.clone(),
            generator,
            discriminator,
        }
    }

    /// Queues one step. Refuses, with nothing changed, while the images it needs have not arrived.
    pub fn step(&mut self, images: &Images, players: Players) -> Result<StepRecord> {
        let d_updates = if players == Players::Generator { 0 } else { self.config.d_steps };
        self.check_data(images, d_updates, players != Players::Discriminator)?;
        Ok(self.take_step(&|indices| images.batch(indices), d_updates, players != Players::Discriminator))
    }

    /// One step of a throw-away run of the same shape, on black images: the GPU compiles its programs for it, and the first real step
    /// does not wait for them. Resolve its numbers to know that they are ready.
    pub fn rehearse(&self) -> StepRecord {
        let mut stand_in = Self::new(self.config.clone(), self.config.batch, &self.device);
        // One update of D: k of them run the same programs.
        stand_in.take_step(&|indices| vec![0.0; indices.len() * PIXELS], 1, true)
    }

    fn take_step(&mut self, batch: &dyn Fn(&[u32]) -> Vec<f32>, d_updates: usize, g_plays: bool) -> StepRecord {
        self.steps += 1;
        // All that the step draws goes to the device in one write.
        let mut upload = Upload::default();
        let d_draws: Vec<DDraw> = (0..d_updates).map(|_| self.draw_for_d(batch, &mut upload)).collect();
        let g_draw = g_plays.then(|| self.draw_for_g(batch, &mut upload));
        let drawn = upload.send(&self.device);

        let mut discriminator = None;
        for draw in d_draws {
            discriminator = Some(self.d_step(&drawn, draw)); // [3]
        }
        let generator = g_draw.map(|draw| self.g_step(&drawn, draw)); // [3]
        StepRecord { step: self.steps, d_updates, discriminator, generator }
    }

    /// Updates D by the gradient of its loss on one real and one generated minibatch.
    fn d_step(&mut self, drawn: &Drawn, draw: DDraw) -> Tensor<1> {
        let RunConfig { batch: n, latent_dim, objective, real_target, d_penalty, d_penalty_weight, .. } = *self.config;
        let real = drawn.rows(&draw.real, PIXELS); // [n, 784]
        let z = drawn.rows(&draw.z, latent_dim); // [n, dim]
        let fake = self.generator.frozen().forward(z, Mode::Train); // [n, 784], no graph
        let mut d = self.discriminator.tracked().with_dropout(drawn.vector(&draw.dropout));
        let uniform = drawn.vector(&draw.penalty);
        let penalty = d_penalty.term(&self.discriminator, &d, [&real, &fake], uniform, d_penalty_weight); // [1]
        let outputs = self.judge(&mut d, [real, fake].map(Tensor::from_inner)); // [2n, 1]
        let statistics = std::mem::take(&mut d.batch_statistics);
        let mut scored = objective::score(outputs, objective.d_terms(n, real_target), penalty, self.discriminator.fused);

        let gradient = flat_gradient(&d, &mut scored.gradients); // [weights]
        drop(d);
        update(&mut self.discriminator, &mut self.d_optimizer, gradient, drawn.numbers(&draw.rates));
        self.discriminator.absorb_statistics(statistics, STATISTICS_MOMENTUM);
        scored.numbers
    }

    /// Updates G by the gradient of its loss on one generated minibatch, through a D that stays as it is.
    fn g_step(&mut self, drawn: &Drawn, draw: GDraw) -> Tensor<1> {
        let RunConfig { batch: n, latent_dim, objective, .. } = *self.config;
        let z = drawn.rows(&draw.z, latent_dim); // [n, dim]
        let mut g = self.generator.tracked();
        let fake = g.forward(Tensor::from_inner(z), Mode::Train); // [n, 784]
        let statistics = std::mem::take(&mut g.batch_statistics);
        let mut d = self.discriminator.constant().with_dropout(drawn.vector(&draw.dropout));
        let outputs = match &draw.real {
            Some(real) => self.judge(&mut d, [Tensor::from_inner(drawn.rows(real, PIXELS)), fake]), // [2n, 1]
            None => d.forward(fake, Mode::Train),                                                   // [n, 1]
        };
        let mut scored = objective::score(outputs, objective.g_terms(n), None, self.generator.fused);

        let gradient = flat_gradient(&g, &mut scored.gradients); // [weights]
        drop(g);
        update(&mut self.generator, &mut self.g_optimizer, gradient, drawn.numbers(&draw.rates));
        self.generator.absorb_statistics(statistics, STATISTICS_MOMENTUM);
        self.averaged.follow(&self.generator, drawn.numbers(&draw.averaging));
        scored.numbers
    }

    /// D's outputs on real and then on generated images. One pass for the two where no layer mixes the rows of a batch, two passes
    /// otherwise: batch statistics over real and fake together would tell D which is which (ganhacks 4).
    fn judge(&self, d: &mut Bound, both: [Tensor<2>; 2]) -> Tensor<2> {
        if self.discriminator.plan.mixes_batch() {
            Tensor::cat(both.map(|images| d.forward(images, Mode::Train)).to_vec(), 0)
        } else {
            d.forward(Tensor::cat(both.to_vec(), 0), Mode::Train)
        }
    }

    fn draw_for_d(&mut self, batch: &dyn Fn(&[u32]) -> Vec<f32>, upload: &mut Upload) -> DDraw {
        let n = self.config.batch;
        DDraw {
            real: upload.add(batch(&self.sampler.draw(n))),
            z: upload.add(self.draw_latent()),
            dropout: self.draw_dropout(2 * n, upload),
            penalty: self.draw_for_penalty(upload),
            rates: upload.add(self.d_optimizer.next(self.config.d_rates())),
        }
    }

    fn draw_for_g(&mut self, batch: &dyn Fn(&[u32]) -> Vec<f32>, upload: &mut Upload) -> GDraw {
        let n = self.config.batch;
        let compares = self.config.objective.compares();
        GDraw {
            real: compares.then(|| upload.add(batch(&self.sampler.draw(n)))),
            z: upload.add(self.draw_latent()),
            dropout: self.draw_dropout(if compares { 2 * n } else { n }, upload),
            rates: upload.add(self.g_optimizer.next(self.config.g_rates())),
            averaging: upload.add([self.averaging()]),
        }
    }

    /// The newest weights' share: large at first, so that the start values are soon forgotten.
    fn averaging(&self) -> f32 {
        AVERAGING.max(9.0 / (10.0 + f64::from(self.steps))) as f32
    }

    fn draw_latent(&mut self) -> Vec<f32> {
        let RunConfig { prior, batch, latent_dim, .. } = *self.config;
        self.noise.latent(prior, batch, latent_dim)
    }

    /// One number for each unit that dropout may drop in a pass over `rows`.
    fn draw_dropout(&mut self, rows: usize, upload: &mut Upload) -> Range<usize> {
        let n = self.discriminator.plan.dropout_units(rows);
        upload.add((0..n).map(|_| self.dropout.uniform()))
    }

    fn draw_for_penalty(&mut self, upload: &mut Upload) -> Range<usize> {
        let n = self.config.d_penalty.draws(self.config.batch, PIXELS);
        upload.add((0..n).map(|_| self.penalty.uniform()))
    }

    fn check_data(&self, images: &Images, d_updates: usize, g_plays: bool) -> Result<()> {
        let batches = d_updates + usize::from(g_plays && self.config.objective.compares());
        let (needed, available) = (self.sampler.needs(batches * self.config.batch), images.available());
        if needed > available { Err(Error::NotEnoughData { needed, available }) } else { Ok(()) }
    }

    pub fn config(&self) -> &Experiment {
        &self.config
    }

    /// Steps so far.
    pub fn steps(&self) -> u32 {
        self.steps
    }

    /// Images that the run is trained on.
    pub fn training_images(&self) -> usize {
        self.sampler.total()
    }

    pub fn device(&self) -> &Device {
        &self.device
    }

    pub fn generator(&self) -> &Network {
        &self.generator
    }

    /// The generator averaged over its last steps.
    pub fn averaged(&self) -> &Network {
        &self.averaged
    }

    pub fn discriminator(&self) -> &Network {
        &self.discriminator
    }

    /// Generator and discriminator, each with its optimizer.
    pub fn players(&self) -> [(&Network, &Optimizer); 2] {
        [(&self.generator, &self.g_optimizer), (&self.discriminator, &self.d_optimizer)]
    }

    /// Goes on with plain tensor operations instead of the kernels: for comparison.
    pub fn use_plain_operations(&mut self) {
        for network in [&mut self.generator, &mut self.discriminator, &mut self.averaged] {
            network.fused = false;
        }
    }

    /// Changes settings that may change during a run, from the next step on.
    pub fn update(&mut self, next: Experiment) -> Result<()> {
        self.config = self.config.change_to(next)?;
        Ok(())
    }
}

fn update(network: &mut Network, optimizer: &mut Optimizer, gradient: Tensor<1>, rates: Tensor<1>) {
    // Moved, not cloned: on the CPU the update then works in place.
    let stand_in = gradient.clone();
    let weights = std::mem::replace(&mut network.weights, stand_in);
    network.weights = optimizer.step(weights, gradient, rates, network.fused);
}
