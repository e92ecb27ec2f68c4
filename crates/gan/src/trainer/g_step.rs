//! The G step.

use burn::tensor::Tensor;
use counterfeit_nn::{BoundNetwork, Mode, NetworkId};

use super::Trainer;
use super::draw::GDraw;
use crate::loss::GeneratorLoss;
use crate::optim::flat_gradient;
use crate::upload::Drawn;

/// D's outputs in a G step.
struct DOutputs {
    /// Its outputs on the fake samples, `[rows, 1 + aux]`.
    outputs: Tensor<2>,
    /// Its logits: on real and then on fake samples, `[2 rows, 1]`, or on fake ones, `[rows, 1]`.
    logits: Tensor<2>,
    /// Its features of real and of fake samples, `[rows, features]` each, for feature matching.
    features: Option<[Tensor<2>; 2]>,
}

impl Trainer {
    /// One G step: updates G on one fake minibatch, with D constant. Returns `[3]`: loss, 0, mean D(G(z)); and the
    /// cross-entropy of the auxiliary head, `[1]`.
    pub(super) fn g_step(&mut self, drawn: &Drawn, draw: GDraw) -> (Tensor<1>, Option<Tensor<1>>) {
        let (tricks, context) = (self.spec.tricks, self.context());
        let (z, codes) = self.input(drawn.rows(&draw.z, self.spec.generator.inputs)); // [n, inputs], [n, code]
        let mut g =
            self.state.generator.tracked().with_random(drawn.vector(&draw.g_noise)).styled(draw.styles.of(drawn));
        let fake = g.forward(Tensor::from_inner(z), Mode::Train); // [n, values]
        let statistics = std::mem::take(&mut g.batch_statistics);
        let fake = tricks.input(fake, draw.input, drawn, &context);
        let mut d = self.state.discriminator.constant().with_random(drawn.vector(&draw.dropout));
        let real = draw.real.map(|(real, draw)| {
            let real = self.fade_real(drawn.rows(&real, context.shape.values())); // [n, values], no graph
            Tensor::from_inner(tricks.input(real, draw, drawn, &context))
        });

        let DOutputs { outputs, logits, features } = self.d_outputs(&mut d, real, fake.clone(), codes.clone());
        let code_outputs = self.code_outputs(&mut d, outputs, fake, drawn, &draw.codes); // [rows, 1 + aux]
        let operations = self.state.generator.operations;
        let codes = codes.map(Tensor::from_inner); // [n, code]
        let auxiliary = codes.and_then(|codes| self.spec.code().auxiliary_loss(code_outputs, codes, operations)); // [1]
        let (also, entropy) =
            auxiliary.map(|a| (a.loss.mul_scalar(self.spec.condition.weight), a.entropy.inner())).unzip();
        let mut evaluated = self.spec.loss.evaluate_g(logits, features, also, operations);

        let gradient = flat_gradient(&g, &mut evaluated.gradients); // [weights]
        // The features that D keeps hold its graph, and so memory of the device.
        drop((g, d));
        self.update_network(NetworkId::Generator, gradient, drawn.numbers(&draw.rates), statistics);
        tricks.ema.apply(&mut self.state.averaged, &self.state.generator, drawn, &draw.averaging);
        (evaluated.numbers, entropy)
    }

    /// The outputs of D on fake samples `[n, values]`, and on real ones if the loss needs them.
    fn d_outputs(
        &self,
        d: &mut BoundNetwork,
        real: Option<Tensor<2>>,
        fake: Tensor<2>,
        codes: Option<Tensor<2>>,
    ) -> DOutputs {
        let d_call = self.d_call();
        let constants = codes.clone().map(Tensor::from_inner);
        if self.spec.loss.generator == GeneratorLoss::FeatureMatching {
            // Real images only contribute their features.
            let of_real = real.and_then(|real| d_call.features(d, real, codes.clone()));
            let outputs = d_call.outputs(d, fake, codes, Mode::Train); // [rows, 1 + aux]
            let features = of_real.and_then(|real| Some([real, d.features.take()?]));
            return DOutputs { logits: d_call.logits(outputs.clone(), constants), outputs, features };
        }
        match real {
            Some(real) => {
                let rows = d_call.rows(fake.dims()[0]);
                let outputs = d_call.both(d, [real, fake], codes); // [2 rows, 1 + aux]
                let logits = d_call.logits(outputs.clone(), constants.map(|c| c.repeat_dim(0, 2)));
                DOutputs { logits, outputs: outputs.slice(rows..), features: None }
            }
            None => {
                let outputs = d_call.outputs(d, fake, codes, Mode::Train); // [rows, 1 + aux]
                DOutputs { logits: d_call.logits(outputs.clone(), constants), outputs, features: None }
            }
        }
    }
}
