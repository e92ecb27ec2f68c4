//! Algorithm 1 of Goodfellow et al. 2014: k discriminator updates, then one generator update, each on fresh minibatches.
//!
//! Nothing here draws, waits, reads the device back or looks at a clock: a step queues work and returns tensors.

mod draw;

use std::sync::Arc;

use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use crate::config::{Experiment, Goal, RunConfig};
use crate::data::Sampler;
use crate::error::{Error, Result};
use crate::growth::{Growth, Stage};
use crate::judging::Judging;
use crate::latent::{Random, Stream};
use crate::measure::CLASSES;
use crate::nets::{Bound, Mode, Network, Plan, faded};
use crate::objective::{self, Balance, Objective, score_features};
use crate::optim::{Optimizer, flat_gradient};
use crate::tricks::gradient::{History, clipped};
use crate::tricks::replay::Replay;
use crate::tricks::seen::{self, Augment, flipped};
use crate::upload::{Drawn, Upload};
use draw::{DDraw, GDraw};
pub use draw::{Minibatch, Source};

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
    /// D's loss without its penalty, mean D(x), mean D(G(z)) before its last update: `[3]`.
    pub discriminator: Option<Tensor<1>>,
    /// G's loss, 0, mean D(G(z)) before its update: `[3]`.
    pub generator: Option<Tensor<1>>,
    /// Mean -log Q(class | G(z)) before that update, `[1]`, where D names classes or codes.
    pub entropy: Option<Tensor<1>>,
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
    /// The means of G's and of D's weights, where they are asked for.
    histories: Option<[History; 2]>,
    old: Replay,
    /// BEGAN's weight of generated images.
    balance: Balance,
    /// Which layers play.
    stage: Stage,
    noise: Random,
    dropout: Random,
    penalty: Random,
    codes: Random,
    seen: Random,
    replay: Random,
    layers: Random,
    style: Random,
    sampler: Sampler,
    steps: u32,
}

impl Trainer {
    /// Step 0 of the run that `config` describes, on `device` (outside autodiff), over the first of `images` training samples.
    pub fn new(config: Experiment, images: usize, device: &Device) -> Self {
        let seed = config.seed;
        let stage = Growth::at(&config, 1).map_or(Stage::LAST, |growth| growth.stage);
        let generator =
            Network::new(Plan::generator_in(&config, stage), &mut Random::new(seed, Stream::GeneratorWeights), device);
        let discriminator =
            Network::new(Plan::discriminator_in(&config, stage), &mut Random::new(seed, Stream::DiscriminatorWeights), device);
        Self {
            g_optimizer: Optimizer::new(config.g_optimizer, &generator.weights),
            d_optimizer: Optimizer::new(config.d_optimizer, &discriminator.weights),
            histories: (config.history > 0.0).then(|| [&generator, &discriminator].map(|n| History::new(&n.weights))),
            old: Replay::default(),
            balance: Balance::new(device),
            stage,
            noise: Random::new(seed, Stream::Noise),
            dropout: Random::new(seed, Stream::Dropout),
            penalty: Random::new(seed, Stream::Penalty),
            codes: Random::new(seed, Stream::Codes),
            seen: Random::new(seed, Stream::Seen),
            replay: Random::new(seed, Stream::Replay),
            layers: Random::new(seed, Stream::Layers),
            style: Random::new(seed, Stream::Style),
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
    pub fn step<'a>(&mut self, data: impl Into<Source<'a>>, players: Players) -> Result<StepRecord> {
        let data = data.into();
        let d_updates = if players == Players::Generator { 0 } else { self.config.d_steps };
        self.check_data(data, d_updates, players != Players::Discriminator)?;
        Ok(self.take_step(data, d_updates, players != Players::Discriminator))
    }

    /// One step of a throw-away run of the same shape, on blank samples: the GPU compiles its programs for it, and the first real step
    /// does not wait for them. Resolve its numbers to know that they are ready.
    pub fn rehearse(&self) -> StepRecord {
        let mut stand_in = Self::new(self.config.clone(), self.config.batch, &self.device);
        // One update of D: k of them run the same programs.
        stand_in.take_step(Source::Blank, 1, true)
    }

    fn take_step(&mut self, source: Source, d_updates: usize, g_plays: bool) -> StepRecord {
        self.steps += 1;
        let growth = self.growth();
        self.enter(growth.map_or(Stage::LAST, |growth| growth.stage));
        // All that the step draws goes to the device in one write.
        let mut upload = Upload::default();
        let alpha = upload.add(growth.filter(|growth| growth.stage.fading).map(|growth| growth.alpha));
        let d_draws: Vec<DDraw> = (0..d_updates).map(|_| self.draw_for_d(source, &mut upload)).collect();
        let g_draw = g_plays.then(|| self.draw_for_g(source, &mut upload));
        let drawn = upload.send(&self.device);
        let alpha = (!alpha.is_empty()).then(|| drawn.numbers(&alpha));
        self.networks().into_iter().for_each(|network| network.blend = alpha.clone());

        let mut record = StepRecord { step: self.steps, d_updates, discriminator: None, generator: None, entropy: None };
        for draw in d_draws {
            record.discriminator = Some(self.d_step(&drawn, draw)); // [3]
        }
        if let Some(draw) = g_draw {
            let present = (self.config.unroll > 0).then(|| self.look_ahead(source));
            let (numbers, entropy) = self.g_step(&drawn, draw);
            (record.generator, record.entropy) = (Some(numbers), entropy); // [3], [1]
            if let Some(present) = present {
                (self.discriminator, self.d_optimizer, self.histories, self.balance) = present;
            }
        }
        record
    }

    /// Lets the layers of a stage play. With a new resolution both optimizers start anew, as in the authors' code: the memory of those
    /// that were not there would be too short for Adam's first steps with them.
    fn enter(&mut self, stage: Stage) {
        if stage == self.stage {
            return;
        }
        let [g, d] = [Plan::generator_in(&self.config, stage), Plan::discriminator_in(&self.config, stage)].map(Arc::new);
        (self.generator.plan, self.averaged.plan, self.discriminator.plan) = (g.clone(), g, d);
        if stage.level != self.stage.level {
            self.g_optimizer = Optimizer::new(self.config.g_optimizer, &self.generator.weights);
            self.d_optimizer = Optimizer::new(self.config.d_optimizer, &self.discriminator.weights);
        }
        self.stage = stage;
    }

    /// Real images as D gets to see them while a resolution fades in.
    fn genuine(&self, x: Tensor<2>) -> Tensor<2> {
        match &self.discriminator.blend {
            Some(alpha) => faded(x, self.stage, alpha.clone()),
            None => x,
        }
    }

    /// Updates D as often as is unrolled, and returns what it was before. These are the steps of Metz et al. 2017 without the gradient
    /// through D's updates themselves, for which first derivatives are not enough.
    fn look_ahead(&mut self, source: Source) -> (Network, Optimizer, Option<[History; 2]>, Balance) {
        let present = (self.discriminator.clone(), self.d_optimizer.clone(), self.histories.clone(), self.balance.clone());
        // Drawn only now, because drawing counts the optimizer's updates: a second write, which only unrolled runs need.
        let mut upload = Upload::default();
        let draws: Vec<DDraw> = (0..self.config.unroll).map(|_| self.draw_for_d(source, &mut upload)).collect();
        let drawn = upload.send(&self.device);
        draws.into_iter().for_each(|draw| drop(self.d_step(&drawn, draw)));
        present
    }

    /// Updates D by the gradient of its loss on one real and one generated minibatch.
    fn d_step(&mut self, drawn: &Drawn, draw: DDraw) -> Tensor<1> {
        let RunConfig { batch: n, objective, real_target, d_penalty, d_penalty_weight, d_flip, balance, balance_rate, .. } =
            *self.config;
        let (judging, seen) = (self.judging(), self.config.seen(self.steps));
        let real = self.genuine(drawn.rows(&draw.real, self.config.values())); // [n, 784] of images
        let (z, codes) = self.input(drawn.rows(&draw.z, self.config.g_inputs()));
        let mut g = self.generator.frozen().with_chance(drawn.vector(&draw.g_noise)).styled(draw.styling.of(drawn));
        let fake = g.forward(z, Mode::Train); // [n, 784], no graph
        let fake = self.old.mix(fake, draw.again);
        let [real, fake] = flipped([real, fake], drawn.vector(&draw.flip), d_flip);
        let [real, fake] =
            [(real, &draw.seen[0]), (fake, &draw.seen[1])].map(|(x, draw)| seen.show(x, drawn, draw, self.generator.fused));

        let mut d = self.discriminator.tracked().with_chance(drawn.vector(&draw.dropout));
        let places = drawn.vector(&draw.penalty);
        let held = d_penalty.term(&self.discriminator, &mut d, judging, [&real, &fake], codes.clone(), places, d_penalty_weight); // [1]
        let outputs = judging.both_constant(&mut d, [real, fake.clone()], codes.clone()); // [2 rows, 1 + heads]
        let guesses = self.guesses(&mut d, outputs.clone(), Tensor::from_inner(fake), drawn, &draw.guessed);
        let named = codes.clone().and_then(|codes| self.recognised(guesses, codes)); // [1]
        let statistics = std::mem::take(&mut d.batch_statistics);
        let verdicts = judging.verdicts(outputs, codes.map(|c| Tensor::from_inner(c.repeat_dim(0, 2)))); // [2 rows, 1]
        let also = [held, named].into_iter().flatten().reduce(|a, b| a + b);
        let mut scored = if objective == Objective::Began {
            self.balance.score(verdicts, also, balance, balance_rate)
        } else {
            objective::score(verdicts, objective.d_terms(judging.rows(n), real_target), also, self.discriminator.fused)
        };

        let mut gradient = clipped(flat_gradient(&d, &mut scored.gradients), self.config.d_clip_norm); // [weights]
        drop(d);
        if let Some([_, history]) = &mut self.histories {
            gradient = history.pulled(gradient, &self.discriminator.weights, self.config.history);
        }
        update(&mut self.discriminator, &mut self.d_optimizer, gradient, drawn.numbers(&draw.rates));
        self.discriminator.absorb_statistics(statistics, STATISTICS_MOMENTUM);
        scored.numbers
    }

    /// Updates G by the gradient of its loss on one generated minibatch, through a D that stays as it is.
    fn g_step(&mut self, drawn: &Drawn, draw: GDraw) -> (Tensor<1>, Option<Tensor<1>>) {
        let RunConfig { batch: n, objective, condition, code_weight, .. } = *self.config;
        let (judging, seen) = (self.judging(), self.config.seen(self.steps));
        let (z, codes) = self.input(drawn.rows(&draw.z, self.config.g_inputs()));
        let mut g = self.generator.tracked().with_chance(drawn.vector(&draw.g_noise)).styled(draw.styling.of(drawn));
        let fake = g.forward(Tensor::from_inner(z), Mode::Train); // [n, 784]
        let statistics = std::mem::take(&mut g.batch_statistics);
        let fake = seen.show(fake, drawn, &draw.seen, self.generator.fused);
        let mut d = self.discriminator.constant().with_chance(drawn.vector(&draw.dropout));
        let constants = codes.clone().map(Tensor::from_inner);
        let real = draw
            .real
            .as_ref()
            .map(|(real, how)| (self.genuine(drawn.rows(real, self.config.values())), how))
            .map(|(real, how)| Tensor::from_inner(seen.show(real, drawn, how, self.generator.fused)));
        let matches = self.config.g_goal == Goal::Features;
        // Of real images the features alone, where those are what G is after.
        let wanted = real.clone().filter(|_| matches).and_then(|real| judging.features(&mut d, real, codes.clone()));
        let (outputs, verdicts) = match real {
            Some(real) if !matches => {
                let outputs = judging.both(&mut d, [real, fake.clone()], codes); // [2 rows, 1 + heads]
                let verdicts = judging.verdicts(outputs.clone(), constants.clone().map(|c| c.repeat_dim(0, 2)));
                (outputs.slice(judging.rows(n)..), verdicts)
            }
            _ => {
                let outputs = judging.outputs(&mut d, fake.clone(), codes, Mode::Train); // [rows, 1 + heads]
                (outputs.clone(), judging.verdicts(outputs, constants.clone()))
            }
        };
        let outputs = self.guesses(&mut d, outputs, fake, drawn, &draw.guessed);
        let named = constants.and_then(|codes| condition.recognition(outputs, codes, self.generator.fused));
        let (also, entropy) = named.map(|r| (r.loss.mul_scalar(code_weight), r.entropy.inner())).unzip();
        let mut scored = match (wanted, d.features.take()) {
            (Some(real), Some(fake)) => score_features(real, fake, verdicts, objective.game().output, also),
            _ => objective::score(verdicts, objective.g_terms(judging.rows(n)), also, self.generator.fused),
        };

        let mut gradient = clipped(flat_gradient(&g, &mut scored.gradients), self.config.g_clip_norm); // [weights]
        drop(g);
        if let Some([history, _]) = &mut self.histories {
            gradient = history.pulled(gradient, &self.generator.weights, self.config.history);
        }
        update(&mut self.generator, &mut self.g_optimizer, gradient, drawn.numbers(&draw.rates));
        self.generator.absorb_statistics(statistics, STATISTICS_MOMENTUM);
        self.averaged.follow(&self.generator, drawn.numbers(&draw.averaging));
        (scored.numbers, entropy)
    }

    /// How well D names classes or codes, from its outputs on real and then on generated images `[2 n, 1 + heads]`: of both kinds where
    /// real images have a class, of generated ones otherwise.
    fn recognised(&self, outputs: Tensor<2>, codes: Tensor<2>) -> Option<Tensor<1>> {
        let RunConfig { batch: n, condition, code_weight, .. } = *self.config;
        let codes = Tensor::from_inner(codes);
        let fused = self.discriminator.fused;
        let kinds = if condition.labelled() { vec![0..n, n..2 * n] } else { vec![n..2 * n] };
        let losses =
            kinds.into_iter().filter_map(|rows| condition.recognition(outputs.clone().slice(rows), codes.clone(), fused));
        losses.map(|r| r.loss).reduce(|a, b| a + b).map(|loss| loss.mul_scalar(code_weight))
    }

    /// D's outputs `[.., 1 + heads]`, of which the last rows are of generated images `[n, pixels]`, with what it makes of the same images
    /// in another pose in the place of its guess at which of the ten a code was: a code that has to be known by an image however it
    /// stands comes to mean something else than how it stands (self-augmentation, Hu et al. 2017, IMSAT; here the code is known). The
    /// guesses at continuous codes stay: those are to mean just that.
    fn guesses(&self, d: &mut Bound, outputs: Tensor<2>, fake: Tensor<2>, drawn: &Drawn, draw: &seen::Draw) -> Tensor<2> {
        if self.config.guessed().augment == Augment::None {
            return outputs;
        }
        let [rows, all] = outputs.dims();
        let (n, heads) = (fake.dims()[0], 1 + CLASSES);
        // What G's goal may be is of the images as they are.
        let features = d.features.take();
        let shown = self.config.guessed().show(fake, drawn, draw, self.generator.fused);
        let classes = self.judging().outputs(d, shown, None, Mode::Train).slice([0..n, 0..heads]);
        d.features = features;
        let numbers = outputs.clone().slice([rows - n..rows, heads..all]);
        let guesses = if all > heads { Tensor::cat(vec![classes, numbers], 1) } else { classes };
        if rows > n { Tensor::cat(vec![outputs.slice([0..rows - n, 0..all]), guesses], 0) } else { guesses }
    }

    /// G's input, and the codes in it where there are any.
    fn input(&self, rows: Tensor<2>) -> (Tensor<2>, Option<Tensor<2>>) {
        let [n, width] = rows.dims();
        let noise = self.config.latent_dim;
        let codes = (width > noise).then(|| rows.clone().slice([0..n, noise..width]));
        (rows, codes)
    }

    /// How D is asked.
    pub fn judging(&self) -> Judging {
        let RunConfig { condition, pack, .. } = *self.config;
        Judging { condition, pack, apart: self.discriminator.plan.mixes_batch() }
    }

    fn check_data(&self, data: Source, d_updates: usize, g_plays: bool) -> Result<()> {
        let g_draws = usize::from(g_plays && self.config.g_sees_real());
        let batches = d_updates + g_draws + if g_plays { self.config.unroll } else { 0 };
        let needed = self.sampler.needs(batches * self.config.batch);
        let available = data.available(self.config.condition.labelled());
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

    fn networks(&mut self) -> [&mut Network; 3] {
        [&mut self.generator, &mut self.discriminator, &mut self.averaged]
    }

    /// Where a run whose networks grow stands.
    pub fn growth(&self) -> Option<Growth> {
        Growth::at(&self.config, self.steps)
    }

    /// Goes on with plain tensor operations instead of the kernels: for comparison.
    pub fn use_plain_operations(&mut self) {
        self.networks().into_iter().for_each(|network| network.fused = false);
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
