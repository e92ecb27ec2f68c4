//! One update of each player: its passes, its loss, its gradient.

use burn::tensor::Tensor;

use super::Trainer;
use super::draw::{DDraw, GDraw};
use crate::config::{GeneratorLoss, RunConfig};
use crate::loss::{self, Objective, feature_matching};
use crate::metrics::CLASSES;
use crate::nets::{BoundNetwork, Mode, Network};
use crate::optim::{Optimizer, flat_gradient};
use crate::tricks::augmentation::{self, Augment, flipped};
use crate::tricks::gradient::clipped;
use crate::upload::Drawn;

/// Share of the newest batch in the running statistics of batch normalisation (the default of every framework).
const STATISTICS_MOMENTUM: f64 = 0.1;

impl Trainer {
    /// Updates D by the gradient of its loss on one real and one generated minibatch.
    pub(super) fn d_step(&mut self, drawn: &Drawn, draw: DDraw) -> Tensor<1> {
        let RunConfig { batch: n, objective, real_target, d_penalty, d_penalty_weight, d_flip, balance, balance_rate, .. } =
            *self.config;
        let (d_call, augmentation) = (self.d_call(), self.config.augmentation(self.steps));
        let real = self.fade_real(drawn.rows(&draw.real, self.config.values())); // [n, 784] of images
        let (z, codes) = self.input(drawn.rows(&draw.z, self.config.g_inputs()));
        let mut g = self.generator.frozen().with_random(drawn.vector(&draw.g_noise)).styled(draw.styling.of(drawn));
        let fake = g.forward(z, Mode::Train); // [n, 784], no graph
        let fake = self.old.mix(fake, draw.again);
        let [real, fake] = flipped([real, fake], drawn.vector(&draw.flip), d_flip);
        let [real, fake] = [(real, &draw.augmentation[0]), (fake, &draw.augmentation[1])]
            .map(|(x, draw)| augmentation.apply(x, drawn, draw, self.generator.fused));

        let mut d = self.discriminator.tracked().with_random(drawn.vector(&draw.dropout));
        let places = drawn.vector(&draw.penalty);
        let held = d_penalty.term(&self.discriminator, &mut d, d_call, [&real, &fake], codes.clone(), places, d_penalty_weight); // [1]
        let outputs = d_call.both_constant(&mut d, [real, fake.clone()], codes.clone()); // [2 rows, 1 + heads]
        let guesses = self.guesses(&mut d, outputs.clone(), Tensor::from_inner(fake), drawn, &draw.code_augmentation);
        let named = codes.clone().and_then(|codes| self.recognised(guesses, codes)); // [1]
        let statistics = std::mem::take(&mut d.batch_statistics);
        let logits = d_call.logits(outputs, codes.map(|c| Tensor::from_inner(c.repeat_dim(0, 2)))); // [2 rows, 1]
        let also = [held, named].into_iter().flatten().reduce(|a, b| a + b);
        let mut scored = if objective == Objective::Began {
            self.balance.evaluate(logits, also, balance, balance_rate)
        } else {
            loss::evaluate(logits, objective.d_terms(d_call.rows(n), real_target), also, self.discriminator.fused)
        };

        let mut gradient = clipped(flat_gradient(&d, &mut scored.gradients), self.config.d_clip_norm); // [weights]
        drop(d);
        if let Some([_, history]) = &mut self.histories {
            gradient = history.with_history(gradient, &self.discriminator.weights, self.config.history);
        }
        update(&mut self.discriminator, &mut self.d_optimizer, gradient, drawn.numbers(&draw.rates));
        self.discriminator.update_running_stats(statistics, STATISTICS_MOMENTUM);
        scored.numbers
    }

    /// Updates G by the gradient of its loss on one generated minibatch, through a D that stays as it is.
    pub(super) fn g_step(&mut self, drawn: &Drawn, draw: GDraw) -> (Tensor<1>, Option<Tensor<1>>) {
        let RunConfig { batch: n, objective, condition, code_weight, .. } = *self.config;
        let (d_call, augmentation) = (self.d_call(), self.config.augmentation(self.steps));
        let (z, codes) = self.input(drawn.rows(&draw.z, self.config.g_inputs()));
        let mut g = self.generator.tracked().with_random(drawn.vector(&draw.g_noise)).styled(draw.styling.of(drawn));
        let fake = g.forward(Tensor::from_inner(z), Mode::Train); // [n, 784]
        let statistics = std::mem::take(&mut g.batch_statistics);
        let fake = augmentation.apply(fake, drawn, &draw.augmentation, self.generator.fused);
        let mut d = self.discriminator.constant().with_random(drawn.vector(&draw.dropout));
        let constants = codes.clone().map(Tensor::from_inner);
        let real = draw
            .real
            .as_ref()
            .map(|(real, how)| (self.fade_real(drawn.rows(real, self.config.values())), how))
            .map(|(real, how)| Tensor::from_inner(augmentation.apply(real, drawn, how, self.generator.fused)));
        let matches = self.config.g_goal == GeneratorLoss::FeatureMatching;
        // Of real images the features alone, where those are what G is after.
        let wanted = real.clone().filter(|_| matches).and_then(|real| d_call.features(&mut d, real, codes.clone()));
        let (outputs, logits) = match real {
            Some(real) if !matches => {
                let outputs = d_call.both(&mut d, [real, fake.clone()], codes); // [2 rows, 1 + heads]
                let logits = d_call.logits(outputs.clone(), constants.clone().map(|c| c.repeat_dim(0, 2)));
                (outputs.slice(d_call.rows(n)..), logits)
            }
            _ => {
                let outputs = d_call.outputs(&mut d, fake.clone(), codes, Mode::Train); // [rows, 1 + heads]
                (outputs.clone(), d_call.logits(outputs, constants.clone()))
            }
        };
        let outputs = self.guesses(&mut d, outputs, fake, drawn, &draw.code_augmentation);
        let named = constants.and_then(|codes| condition.auxiliary_loss(outputs, codes, self.generator.fused));
        let (also, entropy) = named.map(|r| (r.loss.mul_scalar(code_weight), r.entropy.inner())).unzip();
        let mut scored = match (wanted, d.features.take()) {
            (Some(real), Some(fake)) => feature_matching(real, fake, logits, objective.loss().output, also),
            _ => loss::evaluate(logits, objective.g_terms(d_call.rows(n)), also, self.generator.fused),
        };

        let mut gradient = clipped(flat_gradient(&g, &mut scored.gradients), self.config.g_clip_norm); // [weights]
        drop(g);
        if let Some([history, _]) = &mut self.histories {
            gradient = history.with_history(gradient, &self.generator.weights, self.config.history);
        }
        update(&mut self.generator, &mut self.g_optimizer, gradient, drawn.numbers(&draw.rates));
        self.generator.update_running_stats(statistics, STATISTICS_MOMENTUM);
        self.averaged.ema_update(&self.generator, drawn.numbers(&draw.averaging));
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
            kinds.into_iter().filter_map(|rows| condition.auxiliary_loss(outputs.clone().slice(rows), codes.clone(), fused));
        losses.map(|r| r.loss).reduce(|a, b| a + b).map(|loss| loss.mul_scalar(code_weight))
    }

    /// D's outputs `[.., 1 + heads]`, of which the last rows are of generated images `[n, pixels]`, with what it makes of the same images
    /// in another pose in the place of its guess at which of the ten a code was: a code that has to be known by an image however it
    /// stands comes to mean something else than how it stands (self-augmentation, Hu et al. 2017, IMSAT; here the code is known). The
    /// guesses at continuous codes stay: those are to mean just that.
    fn guesses(
        &self,
        d: &mut BoundNetwork,
        outputs: Tensor<2>,
        fake: Tensor<2>,
        drawn: &Drawn,
        draw: &augmentation::Draw,
    ) -> Tensor<2> {
        if self.config.code_augmentation().augment == Augment::None {
            return outputs;
        }
        let [rows, all] = outputs.dims();
        let (n, heads) = (fake.dims()[0], 1 + CLASSES);
        // What G's goal may be is of the images as they are.
        let features = d.features.take();
        let shown = self.config.code_augmentation().apply(fake, drawn, draw, self.generator.fused);
        let classes = self.d_call().outputs(d, shown, None, Mode::Train).slice([0..n, 0..heads]);
        d.features = features;
        let numbers = outputs.clone().slice([rows - n..rows, heads..all]);
        let guesses = if all > heads { Tensor::cat(vec![classes, numbers], 1) } else { classes };
        if rows > n { Tensor::cat(vec![outputs.slice([0..rows - n, 0..all]), guesses], 0) } else { guesses }
    }

    /// G's input, and the codes in it where there are any.
    pub(super) fn input(&self, rows: Tensor<2>) -> (Tensor<2>, Option<Tensor<2>>) {
        let [n, width] = rows.dims();
        let noise = self.config.latent_dim;
        let codes = (width > noise).then(|| rows.clone().slice([0..n, noise..width]));
        (rows, codes)
    }
}

fn update(network: &mut Network, optimizer: &mut Optimizer, gradient: Tensor<1>, rates: Tensor<1>) {
    // Moved, not cloned: on the CPU the update then works in place.
    let stand_in = gradient.clone();
    let weights = std::mem::replace(&mut network.weights, stand_in);
    network.weights = optimizer.step(weights, gradient, rates, network.fused);
}
