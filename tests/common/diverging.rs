//! Runs that diverge and their reports, for the native and the browser tests.

use burn::tensor::Device;
use counterfeit::config;
use counterfeit::config::{Experiment, HiddenUnit, Norm, RunConfig};
use counterfeit::data::{DataSet, Images, PointSet};
use counterfeit::loss::Objective;
use counterfeit::message::{Divergence, Metrics, Report};
use counterfeit::nn::NetworkId;
use counterfeit::optim::Method;
use counterfeit::snapshot;
use counterfeit::trainer::{Source, StepKind, Trainer};

use super::{IMAGES, dcgan, experiment, mlp, resnet};

/// Number of steps whose metrics are read in one batch. With 7, the diverging step is not at the start or the end of
/// the batch in every run.
const AT_ONCE: u32 = 7;

/// Upper bound of the steps after which each run has diverged.
pub const WITHIN: u32 = 70;

/// Name, configuration, and the network that causes the divergence.
pub type Case = (&'static str, RunConfig, NetworkId);

fn deep() -> RunConfig {
    config! { discriminator.network.layers: 5, generator.network.layers: 5, ..mlp() }
}

/// With beta2 = 0 Adam divides the momentum by the size of the current gradient alone.
fn wild_d(c: RunConfig) -> RunConfig {
    config! {
        discriminator.optimizer.lr: 0.1,
        discriminator.optimizer.beta1: 0.9,
        discriminator.optimizer.beta2: 0.0,
        ..c
    }
}

fn units(units: usize, c: RunConfig) -> RunConfig {
    config! { generator.network.units: units, discriminator.network.units: units, ..c }
}

/// A run whose losses reach 1e19 by step 20, and which then continues until a value overflows. Where the gradient is
/// almost 0, Adam divides by a rounding error, so the step of the overflow depends on the platform: 21 natively, 34 in
/// WebAssembly and 39 on WebGPU.
pub fn chaotic() -> Case {
    let config = units(256, config! { generator.optimizer.lr: 2e-3, batch: 32, latent_dim: 64, ..deep() });
    ("five layers, leaky ReLU", wild_d(config), NetworkId::Discriminator)
}

pub fn cases() -> Vec<Case> {
    let (g, d) = (NetworkId::Generator, NetworkId::Discriminator);
    let sgd = |g_lr: f64, d_lr: f64, objective: Objective, c: RunConfig| {
        let method = Method::Sgd;
        config! {
            discriminator.optimizer.method: method,
            generator.optimizer.method: method,
            generator.optimizer.lr: g_lr,
            discriminator.optimizer.lr: d_lr,
            loss.objective: objective,
            ..c
        }
    };
    let batch = |c: RunConfig| {
        config! {
            generator.network.norm: Norm::Batch,
            discriminator.network.norm: Norm::Batch,
            ..c
        }
    };
    let ring = RunConfig::on(DataSet::Ring);
    vec![
        (
            "five layers, maxout",
            wild_d(units(16, config! { latent_dim: 8, discriminator.hidden: HiddenUnit::Maxout, ..deep() })),
            d,
        ),
        ("SGD with rate 1", sgd(1.0, 1.0, Objective::NonSaturating, deep()), d),
        ("DCGAN with ReLU", sgd(1e-3, 1.0, Objective::Wasserstein, dcgan()), d),
        (
            "images by tanh",
            config! {
                generator.optimizer.lr: 0.1,
                generator.optimizer.beta1: 0.9,
                generator.optimizer.beta2: 0.0,
                ..resnet()
            },
            g,
        ),
        (
            "RMSProp",
            config! {
                discriminator.optimizer.method: Method::RmsProp,
                discriminator.optimizer.lr: 1.0,
                blocks: 3,
                ..resnet()
            },
            d,
        ),
        ("WGAN without a bound", sgd(1e-3, 0.03, Objective::Wasserstein, deep()), d),
        ("hinge", sgd(1.0, 1.0, Objective::Hinge, deep()), d),
        ("batch normalisation", sgd(1.0, 1.0, Objective::LeastSquares, batch(deep())), d),
        ("a density", sgd(1.0, 1.0, Objective::Wasserstein, ring), d),
        ("five updates of D in a step", config! { d_steps: 5, ..sgd(1e-3, 0.01, Objective::Wasserstein, deep()) }, d),
    ]
}

enum Data<'a> {
    Images(&'a Images),
    Points(PointSet),
}

impl Data<'_> {
    fn source(&self) -> Source<'_> {
        match self {
            Data::Images(images) => Source::Images(images),
            Data::Points(points) => Source::Points(points),
        }
    }
}

/// A run that is trained until it diverges.
pub struct Doomed<'a> {
    data: Data<'a>,
    pub run: Trainer,
}

impl<'a> Doomed<'a> {
    pub fn new(config: &RunConfig, images: &'a Images, device: &Device) -> Self {
        let config: Experiment = experiment(config.clone());
        let points = (config.values() < 784).then(|| config.points(None).expect("not drawn by hand"));
        let n = points.as_ref().map_or(IMAGES, PointSet::len);
        Self { run: Trainer::new(config, n, device), data: points.map_or(Data::Images(images), Data::Points) }
    }

    /// Trains for [`AT_ONCE`] more steps and reads their metrics.
    pub async fn go_on(&mut self) -> Report {
        let records =
            (0..AT_ONCE).map(|_| self.run.step(self.data.source(), StepKind::Both).expect("all samples are there"));
        let records = records.collect();
        snapshot::report(records, self.run.watch()).await.expect("readable")
    }

    /// Trains until the run diverges, for at most [`WITHIN`] steps. Returns the divergence and the curves up to it.
    pub async fn end(&mut self) -> Option<(Divergence, Metrics)> {
        while self.run.steps() < WITHIN {
            let Report { metrics, divergence } = self.go_on().await;
            if let Some(divergence) = divergence {
                return Some((divergence, metrics));
            }
        }
        None
    }
}
