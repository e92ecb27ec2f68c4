//! The D step.

use burn::tensor::Tensor;
use counterfeit_nn::{Mode, NetworkId};

use super::Trainer;
use super::draw::DDraw;
use crate::optim::flat_gradient;
use crate::upload::Drawn;

impl Trainer {
    /// One D step: updates D on one real and one fake minibatch. Returns `[3]`: loss, mean D(x), mean D(G(z)).
    pub(super) fn d_step(&mut self, drawn: &Drawn, draw: DDraw) -> Tensor<1> {
        let (tricks, d_call, context) = (self.spec.tricks, self.d_call(), self.context());
        let real = self.fade_real(drawn.rows(&draw.real, context.shape.values())); // [n, values]
        let (z, codes) = self.input(drawn.rows(&draw.z, self.spec.generator.inputs)); // [n, inputs], [n, code]
        let mut g =
            self.state.generator.frozen().with_random(drawn.vector(&draw.g_noise)).styled(draw.styles.of(drawn));
        let fake = g.forward(z, Mode::Train); // [n, values], no graph
        let [real, fake] = tricks.pair(&mut self.state.tricks, [real, fake], draw.pair, drawn);
        let [of_real, of_fake] = draw.inputs;
        let [real, fake] = [(real, of_real), (fake, of_fake)].map(|(x, draw)| tricks.input(x, draw, drawn, &context));

        let mut d = self.state.discriminator.tracked().with_random(drawn.vector(&draw.dropout));
        let penalty = self.spec.penalty.term(
            &self.state.discriminator,
            &mut d,
            d_call,
            [&real, &fake],
            codes.clone(),
            drawn.vector(&draw.penalty),
        ); // [1]
        let outputs = d_call.both_constant(&mut d, [real, fake.clone()], codes.clone()); // [2 rows, 1 + aux]
        let fake = Tensor::from_inner(fake);
        let code_outputs = self.code_outputs(&mut d, outputs.clone(), fake, drawn, &draw.codes); // [2 rows, 1 + aux]
        let auxiliary = codes.clone().and_then(|codes| self.d_auxiliary_loss(code_outputs, codes)); // [1]
        let statistics = std::mem::take(&mut d.batch_statistics);
        let logits = d_call.logits(outputs, codes.map(|c| Tensor::from_inner(c.repeat_dim(0, 2)))); // [2 rows, 1]
        let also = [penalty, auxiliary].into_iter().flatten().reduce(|a, b| a + b);
        let fused = self.state.discriminator.fused;
        let mut evaluated = self.spec.loss.evaluate_d(&mut self.state.loss, logits, also, fused);

        let gradient = flat_gradient(&d, &mut evaluated.gradients); // [weights]
        drop(d);
        self.update_network(NetworkId::Discriminator, gradient, drawn.numbers(&draw.rates), statistics);
        evaluated.numbers
    }
}
