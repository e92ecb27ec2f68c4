//! Runs both networks of a density run on points and collects the results for one read-back.

use burn::tensor::{Tensor, TensorData, Transaction};

use crate::config::RunConfig;
use crate::nets::{Mode, Network};
use crate::objective::score;
use crate::trainer::Trainer;

/// Points with D's outputs, `width` values per point, point by point.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scored {
    pub points: Vec<f32>,
    pub scores: Vec<f32>,
}

/// Ranges of the parts of a frame in the read-back.
pub struct Parts<'a> {
    pub trainer: &'a Trainer,
    pub transaction: Transaction,
}

impl<'a> Parts<'a> {
    pub fn of(trainer: &'a Trainer) -> Self {
        Self { trainer, transaction: Transaction::default() }
    }

    pub fn tensor(&self, values: Vec<f32>, width: usize) -> Tensor<2> {
        let n = values.len() / width;
        Tensor::from_data(TensorData::new(values, [n, width]), self.trainer.device())
    }

    pub fn add<const D: usize>(&mut self, t: Tensor<D>) {
        self.transaction = std::mem::take(&mut self.transaction).register(t);
    }

    /// D's logit for each point; with packing, that of a row of copies.
    pub fn verdicts(&self, points: Tensor<2>) -> Tensor<2> {
        let judging = self.trainer.judging();
        judging.rows_outputs(&mut self.trainer.discriminator().frozen(), points.repeat_dim(1, judging.pack), None, Mode::Sample)
    }

    /// -dL_G/dx of each point, with as many real points if the loss is relativistic.
    pub fn pull(&self, points: Tensor<2>, real: &Tensor<2>) -> Tensor<2> {
        let RunConfig { objective, .. } = **self.trainer.config();
        let judging = self.trainer.judging();
        let [n, _] = points.dims();
        let x = Tensor::from_inner(points).require_grad();
        let forged = x.clone().repeat_dim(1, judging.pack);
        let rows = match objective.compares() {
            true => {
                let copies = n.div_ceil(real.dims()[0]);
                let real = real.clone().repeat_dim(0, copies).slice(0..n).repeat_dim(1, judging.pack);
                Tensor::cat(vec![Tensor::from_inner(real), forged], 0)
            }
            false => forged,
        };
        let mut d = self.trainer.discriminator().constant();
        let outputs = judging.rows_outputs(&mut d, rows, None, Mode::Sample);
        let scored = score(outputs, objective.g_terms(n), None, self.trainer.discriminator().fused);
        // The loss is a mean, so the gradient of a point has a factor 1 / n.
        let pull = x.grad(&scored.gradients).map(|slope| slope.mul_scalar(-(n as f64)));
        pull.unwrap_or_else(|| x.inner().zeros_like())
    }

    pub fn draw(&self, generator: &Network, z: Vec<f32>) -> Tensor<2> {
        let z = self.tensor(z, self.trainer.config().latent_dim);
        generator.frozen().forward(z, Mode::Sample)
    }
}

/// D's outputs as the page shows them.
pub fn said(config: &RunConfig, outputs: Vec<f32>) -> Vec<f32> {
    let output = config.objective.game().output;
    outputs.into_iter().map(|a| output.says(a)).collect()
}
