//! Algorithm 1 of Goodfellow et al. 2014: k discriminator updates, then one generator update, each on fresh minibatches.
//!
//! Nothing here draws, waits, reads the device back or looks at a clock: a step queues work and returns tensors.

use burn::tensor::activation::sigmoid;
use burn::tensor::{Device, Tensor, TensorData};
use serde::{Deserialize, Serialize};

use crate::config::{Experiment, RunConfig};
use crate::data::{Images, Sampler};
use crate::error::{Error, Result};
use crate::latent::{Random, Stream};
use crate::nets::{Bound, Mode, Network, PIXELS, Plan};
use crate::optim::{Adam, Rates, flat_gradient};

/// Share of the newest batch in the running statistics of batch normalisation (the default of every framework).
const STATISTICS_MOMENTUM: f64 = 0.1;

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
    /// D's loss, mean D(x), mean D(G(z)) before its last update: `[3]`.
    pub discriminator: Option<Tensor<1>>,
    /// G's loss before its update: `[1]`.
    pub generator: Option<Tensor<1>>,
}

/// A run: both networks, their optimizers and the streams of randomness.
pub struct Trainer {
    config: Experiment,
    device: Device,
    generator: Network,
    discriminator: Network,
    g_adam: Adam,
    d_adam: Adam,
    noise: Random,
    dropout: Random,
    sampler: Sampler,
    steps: u32,
}

impl Trainer {
    /// Step 0 of the run that `config` describes, on `device` (outside autodiff), over `images` training images in all.
    pub fn new(config: Experiment, images: usize, device: &Device) -> Self {
        let seed = config.seed;
        let generator = Network::new(Plan::generator(&config), &mut Random::new(seed, Stream::GeneratorWeights), device);
        let discriminator =
            Network::new(Plan::discriminator(&config), &mut Random::new(seed, Stream::DiscriminatorWeights), device);
        Self {
            g_adam: Adam::new(&generator.weights),
            d_adam: Adam::new(&discriminator.weights),
            noise: Random::new(seed, Stream::Noise),
            dropout: Random::new(seed, Stream::Dropout),
            sampler: Sampler::new(seed, images),
            steps: 0,
            device: device.clone(),
            config,
            generator,
            discriminator,
        }
    }

    /// Queues one step. Refuses, with nothing changed, while the images it needs have not arrived.
    pub fn step(&mut self, images: &Images, players: Players) -> Result<StepRecord> {
        let d_updates = if players == Players::Generator { 0 } else { self.config.d_steps };
        self.check_data(images, d_updates)?;
        self.steps += 1;
        let mut discriminator = None;
        for _ in 0..d_updates {
            discriminator = Some(self.d_step(images)); // [3]
        }
        let generator = (players != Players::Discriminator).then(|| self.g_step()); // [1]
        Ok(StepRecord { step: self.steps, d_updates, discriminator, generator })
    }

    /// Updates D by the gradient of its loss on one real and one generated minibatch.
    fn d_step(&mut self, images: &Images) -> Tensor<1> {
        let real = self.real_batch(images); // [n, 784]
        let z = self.latent_batch(); // [n, dim]
        let fake = self.generator.frozen().forward(z, Mode::Train); // [n, 784], no graph
        let (d, real_logits, fake_logits) = self.judge(real, fake); // [n, 1] each
        let loss = self.config.objective.d_loss(real_logits.clone(), fake_logits.clone(), self.config.real_target); // [1]

        let mut grads = loss.backward();
        let gradient = flat_gradient(&d, &mut grads); // [weights]
        let weights = self.d_adam.step(self.discriminator.weights.clone(), gradient, d_rates(&self.config));
        self.discriminator.weights = weights;
        Tensor::cat(vec![loss.inner(), mean_probability(real_logits), mean_probability(fake_logits)], 0)
    }

    /// Updates G by the gradient of its loss on one generated minibatch, through a D that stays as it is.
    fn g_step(&mut self) -> Tensor<1> {
        let z = self.latent_batch(); // [n, dim]
        let mut g = self.generator.tracked();
        let fake = g.forward(Tensor::from_inner(z), Mode::Train); // [n, 784]
        let statistics = std::mem::take(&mut g.batch_statistics);
        let uniform = self.dropout_batch(self.config.batch);
        let logits = self.discriminator.constant().with_dropout(uniform).forward(fake, Mode::Train); // [n, 1]
        let loss = self.config.objective.g_loss(logits); // [1]

        let mut grads = loss.backward();
        let gradient = flat_gradient(&g, &mut grads); // [weights]
        let weights = self.g_adam.step(self.generator.weights.clone(), gradient, g_rates(&self.config));
        self.generator.weights = weights;
        self.generator.absorb_statistics(statistics, STATISTICS_MOMENTUM);
        loss.inner()
    }

    /// D's logits on both batches, with D's weights tracked. One pass for the two where no layer mixes the rows of a batch, two
    /// passes otherwise: batch statistics over real and fake together would tell D which is which (ganhacks 4).
    fn judge(&mut self, real: Tensor<2>, fake: Tensor<2>) -> (Bound, Tensor<2>, Tensor<2>) {
        let n = self.config.batch;
        let uniform = self.dropout_batch(2 * n);
        let mut d = self.discriminator.tracked().with_dropout(uniform);
        let [real, fake] = [real, fake].map(Tensor::from_inner);
        if self.discriminator.plan.mixes_batch() {
            let real_logits = d.forward(real, Mode::Train);
            let fake_logits = d.forward(fake, Mode::Train);
            (d, real_logits, fake_logits)
        } else {
            let logits = d.forward(Tensor::cat(vec![real, fake], 0), Mode::Train); // [2n, 1]
            let (real_logits, fake_logits) = (logits.clone().slice([0..n]), logits.slice([n..2 * n]));
            (d, real_logits, fake_logits)
        }
    }

    fn check_data(&self, images: &Images, d_updates: usize) -> Result<()> {
        let (needed, available) = (self.sampler.needs(d_updates * self.config.batch), images.available());
        if needed > available { Err(Error::NotEnoughData { needed, available }) } else { Ok(()) }
    }

    fn upload(&self, values: Vec<f32>, width: usize) -> Tensor<2> {
        let rows = values.len() / width;
        Tensor::from_data(TensorData::new(values, [rows, width]), &self.device)
    }

    fn real_batch(&mut self, images: &Images) -> Tensor<2> {
        let indices = self.sampler.draw(self.config.batch);
        self.upload(images.batch(&indices), PIXELS)
    }

    fn latent_batch(&mut self) -> Tensor<2> {
        let RunConfig { prior, batch, latent_dim, .. } = *self.config;
        let values = self.noise.latent(prior, batch, latent_dim);
        self.upload(values, latent_dim)
    }

    fn dropout_batch(&mut self, rows: usize) -> Option<Tensor<1>> {
        let n = self.discriminator.plan.dropout_units(rows);
        let values: Vec<f32> = (0..n).map(|_| self.dropout.uniform()).collect();
        (n > 0).then(|| Tensor::from_data(TensorData::new(values, [n]), &self.device))
    }

    pub fn config(&self) -> &Experiment {
        &self.config
    }

    /// Steps so far.
    pub fn steps(&self) -> u32 {
        self.steps
    }

    pub fn device(&self) -> &Device {
        &self.device
    }

    pub fn generator(&self) -> &Network {
        &self.generator
    }

    pub fn discriminator(&self) -> &Network {
        &self.discriminator
    }

    /// Changes settings that may change during a run, from the next step on.
    pub fn update(&mut self, next: Experiment) -> Result<()> {
        self.config = self.config.change_to(next)?;
        Ok(())
    }
}

fn d_rates(c: &RunConfig) -> Rates {
    Rates { lr: c.d_lr, beta1: c.d_beta1, beta2: c.d_beta2 }
}

fn g_rates(c: &RunConfig) -> Rates {
    Rates { lr: c.g_lr, beta1: c.g_beta1, beta2: c.g_beta2 }
}

/// Mean of D = sigmoid(logit) over a batch, outside the graph: `[n, 1]` -> `[1]`.
fn mean_probability(logits: Tensor<2>) -> Tensor<1> {
    sigmoid(logits.inner()).mean()
}
