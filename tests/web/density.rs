//! Density runs on WebGPU against the CPU: training steps and frames.

use burn::tensor::Device;
use counterfeit::config;
use counterfeit::config::RunConfig;
use counterfeit::data::DataSet;
use counterfeit::loss::{Objective, Penalty};
use counterfeit::message::Metrics;
use counterfeit::snapshot::{self, DensityContent, DensityFrame};
use counterfeit::trainer::{StepKind, Trainer};

use crate::devices::{ROUNDING, assert_close, close, gpu};
use crate::{named, names, one_test_each};

const REQUEST: DensityContent = DensityContent { points: 70, grid: 12, field: 5, averaged: false };

fn cases() -> Vec<(&'static str, RunConfig)> {
    let on = |set: DataSet| RunConfig::on(set);
    vec![
        ("ring", on(DataSet::Ring)),
        (
            "moons, packs, relativistic, R1 and R2",
            config! {
                pack: 2,
                latent_dim: 7,
                loss.objective: Objective::Relativistic,
                penalty.penalty: Penalty::R1AndR2,
                penalty.weight: 0.1,
                ..on(DataSet::Moons)
            },
        ),
        (
            "a line, WGAN-GP, noise",
            config! {
                loss.objective: Objective::Wasserstein,
                penalty.penalty: Penalty::Wgan,
                tricks.noise.deviation: 0.3,
                ..on(DataSet::Mixture)
            },
        ),
    ]
}

/// The first frame and the metrics of five steps.
async fn run(config: &RunConfig, device: &Device) -> (DensityFrame, Metrics) {
    let config = config.clone().validate().expect("valid");
    let points = config.points(None).expect("not drawn by hand");
    let mut trainer = Trainer::new(config, points.len(), device);
    let density_frame = snapshot::density_frame(&trainer, &points, REQUEST).await.expect("readable");
    let records = (0..5).map(|_| trainer.step(&points, StepKind::Both).expect("all points are there")).collect();
    (density_frame, snapshot::metrics(records).await.expect("readable"))
}

async fn agrees(name: &str) {
    let (config, cpu, gpu) = (named(cases(), name), Device::flex(), gpu().await);
    let ((on_cpu, cpu_curves), (on_gpu, gpu_curves)) = (run(&config, &cpu).await, run(&config, &gpu).await);
    let parts = |s: DensityFrame| [s.fake, s.fake_scores, s.real_scores, s.arrows, s.field, s.sheet, s.maps.d_output];
    close(name, &parts(on_cpu), &parts(on_gpu), ROUNDING);
    assert_close(name, "D loss", &cpu_curves.d_loss, &gpu_curves.d_loss);
    assert_close(name, "G loss", &cpu_curves.g_loss, &gpu_curves.g_loss);
}

one_test_each! { agrees, names(cases());
    ring: "ring",
    moons_packs_relativistic_r1_and_r2: "moons, packs, relativistic, R1 and R2",
    #[ignore = "long"]
    a_line_wgan_gp_noise: "a line, WGAN-GP, noise",
}
