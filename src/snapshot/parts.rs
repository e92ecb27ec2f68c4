//! Runs both networks of a density run on points and collects the results for one read-back.

use burn::tensor::{Tensor, TensorData};

use crate::config::RunConfig;
use crate::loss::evaluate;
use crate::nn::{Mode, Network};
use crate::read_back::{Name, ReadBack};
use crate::trainer::Trainer;

/// Collects the parts of a frame on the device, for one read-back.
pub struct Parts<'a> {
    pub trainer: &'a Trainer,
    pub read_back: ReadBack,
}

impl<'a> Parts<'a> {
    pub fn of(trainer: &'a Trainer) -> Self {
        Self { trainer, read_back: ReadBack::default() }
    }

    pub fn tensor(&self, values: Vec<f32>, width: usize) -> Tensor<2> {
        let n = values.len() / width;
        Tensor::from_data(TensorData::new(values, [n, width]), self.trainer.device())
    }

    /// Adds a tensor to the read-back.
    pub fn add<const D: usize>(&mut self, t: Tensor<D>) -> Name {
        self.read_back.add(t)
    }

    /// D's logit for each point; with packing, that of a row of copies.
    pub fn logits(&self, points: Tensor<2>) -> Tensor<2> {
        let d_call = self.trainer.d_call();
        d_call.rows_outputs(
            &mut self.trainer.discriminator().frozen(),
            points.repeat_dim(1, d_call.pack),
            None,
            Mode::Sample,
        )
    }

    /// -dL_G/dx of each point, with as many real points if the loss is relativistic.
    pub fn sample_gradients(&self, points: Tensor<2>, real: &Tensor<2>) -> Tensor<2> {
        let objective = self.trainer.config().loss.objective;
        let d_call = self.trainer.d_call();
        let [n, _] = points.dims();
        let x = Tensor::from_inner(points).require_grad();
        let fake = x.clone().repeat_dim(1, d_call.pack);
        let rows = match objective.is_relativistic() {
            true => {
                let copies = n.div_ceil(real.dims()[0]);
                let real = real.clone().repeat_dim(0, copies).slice(0..n).repeat_dim(1, d_call.pack);
                Tensor::cat(vec![Tensor::from_inner(real), fake], 0)
            }
            false => fake,
        };
        let mut d = self.trainer.discriminator().constant();
        let outputs = d_call.rows_outputs(&mut d, rows, None, Mode::Sample);
        let scored = evaluate(outputs, objective.g_terms(n), None, self.trainer.discriminator().operations);
        // The loss is a mean, so the gradient of a point has a factor 1 / n.
        let pull = x.grad(&scored.gradients).map(|slope| slope.mul_scalar(-(n as f64)));
        pull.unwrap_or_else(|| x.inner().zeros_like())
    }

    pub fn generate(&self, generator: &Network, z: Vec<f32>) -> Tensor<2> {
        let z = self.tensor(z, self.trainer.config().latent_dim);
        generator.frozen().forward(z, Mode::Sample)
    }
}

/// D's outputs as the page shows them.
pub fn display_outputs(config: &RunConfig, outputs: Vec<f32>) -> Vec<f32> {
    let output = config.loss.objective.loss().output;
    outputs.into_iter().map(|a| output.to_probability(a)).collect()
}
