//! What D step and G step have in common.

use burn::tensor::Tensor;
use counterfeit_nn::{BatchStatistics, BoundNetwork, Mode, NetworkId, faded};

use super::Trainer;
use crate::run_state::RunState;
use crate::tricks::augmentation::{self, Augment};
use crate::tricks::code_augmentation::with_augmented_codes;
use crate::upload::Drawn;

/// Momentum of batch normalisation's running statistics: the weight of the newest batch (PyTorch's default).
const STATISTICS_MOMENTUM: f64 = 0.1;

impl Trainer {
    /// Splits the codes `[n, width]` from G's input `[n, latent + width]`; None if there are none. Returns the input
    /// with them.
    pub(super) fn input(&self, rows: Tensor<2>) -> (Tensor<2>, Option<Tensor<2>>) {
        let [n, width] = rows.dims();
        let noise = self.spec.generator.latent;
        let codes = (width > noise).then(|| rows.clone().slice([0..n, noise..width]));
        (rows, codes)
    }

    /// Blends real images with their lower resolution while a new resolution fades in.
    pub(super) fn fade_real(&self, x: Tensor<2>) -> Tensor<2> {
        match &self.state.discriminator.blend {
            Some(alpha) => faded(x, self.spec.shape.dims(), self.state.stage, alpha.clone()),
            None => x,
        }
    }

    /// D's outputs `[.., 1 + aux]` from which the codes are read: with augmentation of codes, those of the fake images
    /// `[n, values]`, which are the last rows, come from augmented copies.
    pub(super) fn code_outputs(
        &self,
        d: &mut BoundNetwork,
        outputs: Tensor<2>,
        fake: Tensor<2>,
        drawn: &Drawn,
        draw: &augmentation::Draw,
    ) -> Tensor<2> {
        let augmentation = self.spec.code_augmentation();
        if augmentation.augment == Augment::None {
            return outputs;
        }
        let augmented = augmentation.apply(fake, self.spec.shape, drawn, draw, self.state.generator.fused);
        let augmented = self.d_call().outputs(d, augmented, None, Mode::Train);
        with_augmented_codes(outputs, augmented, self.spec.code().one_hot())
    }

    /// D's weighted auxiliary loss, `[1]`, from its outputs on real and then fake images, `[2 n, 1 + aux]`. Real
    /// images count only if they have a class.
    pub(super) fn d_auxiliary_loss(&self, outputs: Tensor<2>, codes: Tensor<2>) -> Option<Tensor<1>> {
        let (n, condition, code) = (self.spec.batch, self.spec.condition, self.spec.code());
        let (codes, fused) = (Tensor::from_inner(codes), self.state.discriminator.fused);
        let kinds = if condition.condition.labelled() { vec![0..n, n..2 * n] } else { vec![n..2 * n] };
        let losses =
            kinds.into_iter().filter_map(|rows| code.auxiliary_loss(outputs.clone().slice(rows), codes.clone(), fused));
        losses.map(|r| r.loss).reduce(|a, b| a + b).map(|loss| loss.mul_scalar(condition.weight))
    }

    /// Updates a network by a gradient `[size]` and its running statistics by those of the batch.
    pub(super) fn update_network(
        &mut self,
        id: NetworkId,
        gradient: Tensor<1>,
        rates: Tensor<1>,
        statistics: Vec<BatchStatistics>,
    ) {
        let RunState { generator, discriminator, g_optimizer, d_optimizer, tricks, .. } = &mut self.state;
        let (network, optimizer) = match id {
            NetworkId::Generator => (generator, g_optimizer),
            NetworkId::Discriminator => (discriminator, d_optimizer),
        };
        let gradient = self.spec.tricks.gradient(tricks, id, gradient, &network.weights);
        // Moved, not cloned, so that the CPU kernel owns the tensor and updates it in place.
        let stand_in = gradient.clone();
        let weights = std::mem::replace(&mut network.weights, stand_in);
        network.weights = optimizer.step(weights, gradient, rates, network.fused);
        network.update_running_stats(statistics, STATISTICS_MOMENTUM);
    }
}
