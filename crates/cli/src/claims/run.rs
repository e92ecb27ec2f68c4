//! Runs that test the claims of presets, see [`counterfeit::claims`].

use burn::tensor::Device;
use counterfeit::claims::{Claim, Finding, Inequality};
use counterfeit::config::RunConfig;
use counterfeit::data::Images;
use counterfeit::diagnosis::DensityObservation;
use counterfeit::evaluator::Evaluator;
use counterfeit::metrics::DensityReference;
use counterfeit::snapshot;
use counterfeit::trainer::{StepKind, Trainer};

use crate::{Failure, wait};

/// The value of each inequality's quantity, by step.
struct Series(Vec<Vec<(u32, f64)>>);

impl Series {
    fn of(claim: &Claim) -> Self {
        Self(vec![Vec::new(); claim.all.len()])
    }

    fn push(&mut self, claim: &Claim, step: u32, value: impl Fn(&Inequality) -> Option<f64>) {
        for (series, inequality) in self.0.iter_mut().zip(&claim.all) {
            series.extend(value(inequality).map(|value| (step, value)));
        }
    }

    fn findings(&self, claim: &Claim) -> Vec<Finding> {
        claim.all.iter().zip(&self.0).map(|(inequality, series)| inequality.check(series)).collect()
    }
}

/// Whether every inequality holds.
pub fn shown(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.holds)
}

/// A density run, as long as the claim needs.
pub fn on_points(claim: &Claim, config: RunConfig) -> Result<Vec<Finding>, Failure> {
    let config = config.validate()?;
    let set = config.points(None)?;
    let density_reference = DensityReference::new(set.density(), config.seed);
    let mut trainer = Trainer::new(config, set.len(), &Device::flex());
    let mut series = Series::of(claim);
    while trainer.steps() < claim.steps() && !claim.settled(&series.findings(claim)) {
        (0..claim.every).try_for_each(|_| trainer.step(&set, StepKind::Both).map(drop))?;
        if trainer.steps() >= claim.first() {
            let look = DensityObservation::new(&wait(snapshot::sampled(&trainer, &set, false))?, &density_reference)?;
            series.push(claim, trainer.steps(), |inequality| inequality.quantity.of_points(&look));
        }
    }
    Ok(series.findings(claim))
}

/// A run on images; `step` is called after each training step.
pub fn on_images(
    claim: &Claim,
    config: RunConfig,
    images: &Images,
    evaluator: &mut Evaluator,
    step: impl Fn(u32),
) -> Result<Vec<Finding>, Failure> {
    let mut history = Vec::new();
    let mut trainer = Trainer::new(config.validate()?, images.info().train, &Device::flex());
    let mut series = Series::of(claim);
    while trainer.steps() < claim.steps() && !claim.settled(&series.findings(claim)) {
        for _ in 0..claim.every {
            trainer.step(images, StepKind::Both)?;
            step(trainer.steps());
        }
        if trainer.steps() >= claim.first() {
            history.push(wait(evaluator.evaluate(&trainer, images))?);
            series.push(claim, trainer.steps(), |inequality| inequality.quantity.of_images(&history));
        }
    }
    Ok(series.findings(claim))
}
