//! The D step and the G step: forward passes, loss, gradient, optimizer.

use burn::tensor::Tensor;

use super::Trainer;
use super::draw::{DDraw, GDraw, InputDraw};
use crate::loss::{self, GeneratorLoss, LossSpec, feature_matching};
use crate::nn::{BoundNetwork, Mode, Network, NetworkId};
use crate::optim::{Optimizer, flat_gradient};
use crate::spec::TrainingSpec;
use crate::tricks::augmentation::{self, Augment};
use crate::upload::Drawn;

/// Momentum of batch normalisation's running statistics: the weight of the newest batch (PyTorch's default).
const STATISTICS_MOMENTUM: f64 = 0.1;

impl Trainer {
    /// One D step: updates D on one real and one fake minibatch. Returns `[3]`: loss, mean D(x), mean D(G(z)).
    pub(super) fn d_step(&mut self, drawn: &Drawn, draw: DDraw) -> Tensor<1> {
        let TrainingSpec { shape, loss, penalty, tricks, .. } = self.spec;
        let d_call = self.d_call();
        let real = self.fade_real(drawn.rows(&draw.real, shape.values())); // [n, values]
        let (z, codes) = self.input(drawn.rows(&draw.z, self.spec.generator.inputs));
        let mut g =
            self.state.generator.frozen().with_random(drawn.vector(&draw.g_noise)).styled(draw.styling.of(drawn));
        let fake = g.forward(z, Mode::Train); // [n, values], no graph
        let fake = self.state.old.mix(fake, draw.again);
        let [real, fake] = tricks.flip.apply([real, fake], drawn, &draw.flip);
        let [real, fake] =
            [(real, &draw.inputs[0]), (fake, &draw.inputs[1])].map(|(x, draw)| self.as_seen(x, drawn, draw));

        let mut d = self.state.discriminator.tracked().with_random(drawn.vector(&draw.dropout));
        let penalty_draws = drawn.vector(&draw.penalty);
        let penalty =
            penalty.term(&self.state.discriminator, &mut d, d_call, [&real, &fake], codes.clone(), penalty_draws); // [1]
        let outputs = d_call.both_constant(&mut d, [real, fake.clone()], codes.clone()); // [2 rows, 1 + aux]
        let with_augmented_codes = self.with_augmented_codes(
            &mut d,
            outputs.clone(),
            Tensor::from_inner(fake),
            drawn,
            &draw.code_augmentation,
        );
        let auxiliary = codes.clone().and_then(|codes| self.auxiliary_loss(with_augmented_codes, codes)); // [1]
        let statistics = std::mem::take(&mut d.batch_statistics);
        let logits = d_call.logits(outputs, codes.map(|c| Tensor::from_inner(c.repeat_dim(0, 2)))); // [2 rows, 1]
        let extra = [penalty, auxiliary].into_iter().flatten().reduce(|a, b| a + b);
        let mut evaluated = loss.evaluate_d(&mut self.state.loss, logits, extra, self.state.discriminator.fused);

        let mut gradient = tricks.clip.apply(NetworkId::Discriminator, flat_gradient(&d, &mut evaluated.gradients)); // [weights]
        drop(d);
        if let Some([_, history]) = &mut self.state.histories {
            gradient = history.with_history(gradient, &self.state.discriminator.weights, tricks.history.weight);
        }
        update(&mut self.state.discriminator, &mut self.state.d_optimizer, gradient, drawn.numbers(&draw.rates));
        self.state.discriminator.update_running_stats(statistics, STATISTICS_MOMENTUM);
        evaluated.numbers
    }

    /// One G step: updates G on one fake minibatch, with D constant. Returns `[3]`: loss, 0, mean D(G(z)); and the
    /// cross-entropy of the auxiliary head, `[1]`.
    pub(super) fn g_step(&mut self, drawn: &Drawn, draw: GDraw) -> (Tensor<1>, Option<Tensor<1>>) {
        let TrainingSpec { batch: n, shape, loss: LossSpec { objective, generator, .. }, condition, tricks, .. } =
            self.spec;
        let d_call = self.d_call();
        let (z, codes) = self.input(drawn.rows(&draw.z, self.spec.generator.inputs));
        let mut g =
            self.state.generator.tracked().with_random(drawn.vector(&draw.g_noise)).styled(draw.styling.of(drawn));
        let fake = g.forward(Tensor::from_inner(z), Mode::Train); // [n, values]
        let statistics = std::mem::take(&mut g.batch_statistics);
        let fake = self.as_seen(fake, drawn, &draw.input);
        let mut d = self.state.discriminator.constant().with_random(drawn.vector(&draw.dropout));
        let constants = codes.clone().map(Tensor::from_inner);
        let real = draw
            .real
            .as_ref()
            .map(|(real, how)| (self.fade_real(drawn.rows(real, shape.values())), how))
            .map(|(real, how)| Tensor::from_inner(self.as_seen(real, drawn, how)));
        let matches_features = generator == GeneratorLoss::FeatureMatching;
        // With feature matching, real images only contribute their features.
        let real_features =
            real.clone().filter(|_| matches_features).and_then(|real| d_call.features(&mut d, real, codes.clone()));
        let (outputs, logits) = match real {
            Some(real) if !matches_features => {
                let outputs = d_call.both(&mut d, [real, fake.clone()], codes); // [2 rows, 1 + aux]
                let logits = d_call.logits(outputs.clone(), constants.clone().map(|c| c.repeat_dim(0, 2)));
                (outputs.slice(d_call.rows(n)..), logits)
            }
            _ => {
                let outputs = d_call.outputs(&mut d, fake.clone(), codes, Mode::Train); // [rows, 1 + aux]
                (outputs.clone(), d_call.logits(outputs, constants.clone()))
            }
        };
        let outputs = self.with_augmented_codes(&mut d, outputs, fake, drawn, &draw.code_augmentation);
        let auxiliary =
            constants.and_then(|codes| self.spec.code().auxiliary_loss(outputs, codes, self.state.generator.fused));
        let (extra, entropy) = auxiliary.map(|r| (r.loss.mul_scalar(condition.weight), r.entropy.inner())).unzip();
        let mut evaluated = match (real_features, d.features.take()) {
            (Some(real), Some(fake)) => feature_matching(real, fake, logits, objective.loss().output, extra),
            _ => loss::evaluate(logits, objective.g_terms(d_call.rows(n)), extra, self.state.generator.fused),
        };

        let mut gradient = tricks.clip.apply(NetworkId::Generator, flat_gradient(&g, &mut evaluated.gradients)); // [weights]
        drop(g);
        if let Some([history, _]) = &mut self.state.histories {
            gradient = history.with_history(gradient, &self.state.generator.weights, tricks.history.weight);
        }
        update(&mut self.state.generator, &mut self.state.g_optimizer, gradient, drawn.numbers(&draw.rates));
        self.state.generator.update_running_stats(statistics, STATISTICS_MOMENTUM);
        self.state.averaged.ema_update(&self.state.generator, drawn.numbers(&draw.averaging));
        (evaluated.numbers, entropy)
    }

    /// A batch `[n, values]` as D sees it.
    fn as_seen(&self, x: Tensor<2>, drawn: &Drawn, draw: &InputDraw) -> Tensor<2> {
        let TrainingSpec { shape, tricks, .. } = self.spec;
        let x = tricks.noise.apply(x, drawn, &draw.noise);
        tricks.augmentation.apply(x, shape, drawn, &draw.augmentation, self.state.generator.fused)
    }

    /// D's weighted auxiliary loss, `[1]`, from its outputs on real and then fake images, `[2 n, 1 + aux]`. Real
    /// images count only if they have a class.
    fn auxiliary_loss(&self, outputs: Tensor<2>, codes: Tensor<2>) -> Option<Tensor<1>> {
        let TrainingSpec { batch: n, condition, .. } = self.spec;
        let (codes, code) = (Tensor::from_inner(codes), self.spec.code());
        let fused = self.state.discriminator.fused;
        let kinds = if condition.condition.labelled() { vec![0..n, n..2 * n] } else { vec![n..2 * n] };
        let losses =
            kinds.into_iter().filter_map(|rows| code.auxiliary_loss(outputs.clone().slice(rows), codes.clone(), fused));
        losses.map(|r| r.loss).reduce(|a, b| a + b).map(|loss| loss.mul_scalar(condition.weight))
    }

    /// Replaces, in D's outputs `[.., 1 + aux]`, the class logits of the fake images `[n, pixels]` by those on
    /// augmented copies. The fakes are the last rows. A categorical code that must be predicted in any pose cannot
    /// encode the pose (self-augmentation, Hu et al. 2017, IMSAT; here with known codes). Predictions of continuous
    /// codes remain those on the image itself, because they may encode the pose.
    fn with_augmented_codes(
        &self,
        d: &mut BoundNetwork,
        outputs: Tensor<2>,
        fake: Tensor<2>,
        drawn: &Drawn,
        draw: &augmentation::Draw,
    ) -> Tensor<2> {
        if self.spec.code_augmentation().augment == Augment::None {
            return outputs;
        }
        let [rows, all] = outputs.dims();
        let (n, aux) = (fake.dims()[0], 1 + self.spec.code().one_hot());
        // Feature matching uses the features of the images without this augmentation.
        let features = d.features.take();
        let augmented =
            self.spec.code_augmentation().apply(fake, self.spec.shape, drawn, draw, self.state.generator.fused);
        let classes = self.d_call().outputs(d, augmented, None, Mode::Train).slice([0..n, 0..aux]);
        d.features = features;
        let numbers = outputs.clone().slice([rows - n..rows, aux..all]);
        let with_augmented_codes = if all > aux { Tensor::cat(vec![classes, numbers], 1) } else { classes };
        if rows > n {
            Tensor::cat(vec![outputs.slice([0..rows - n, 0..all]), with_augmented_codes], 0)
        } else {
            with_augmented_codes
        }
    }

    /// Splits the codes `[n, width]` from G's input `[n, latent_dim + width]`; None if there are none. Returns the
    /// input with them.
    pub(super) fn input(&self, rows: Tensor<2>) -> (Tensor<2>, Option<Tensor<2>>) {
        let [n, width] = rows.dims();
        let noise = self.spec.generator.latent;
        let codes = (width > noise).then(|| rows.clone().slice([0..n, noise..width]));
        (rows, codes)
    }
}

fn update(network: &mut Network, optimizer: &mut Optimizer, gradient: Tensor<1>, rates: Tensor<1>) {
    // Moved, not cloned, so that the CPU kernel owns the tensor and updates it in place.
    let stand_in = gradient.clone();
    let weights = std::mem::replace(&mut network.weights, stand_in);
    network.weights = optimizer.step(weights, gradient, rates, network.fused);
}
