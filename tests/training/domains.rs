//! Images and densities through their common interface: steps, frames, evaluation and diagnosis.

use std::cell::RefCell;
use std::rc::Rc;

use counterfeit::config::RunConfig;
use counterfeit::data::DataSet;
use counterfeit::diagnosis::State;
use counterfeit::domain::{DensityEvaluator, Domain, Evaluation, Evaluator, Frame, FrameRequest, History};
use counterfeit::evaluator;
use counterfeit::nn::NetworkId;
use counterfeit::snapshot::{DensityContent, ImageContent, View};
use counterfeit::trainer::{StepKind, Trainer};

use super::evaluator::{SIZE, classifier, images};
use super::support::{cpu, wait};
use crate::common::{self, experiment};

const REQUEST: FrameRequest = FrameRequest {
    images: ImageContent { averaged: false, view: View::Fixed, truncation: None },
    density: DensityContent { points: 10, grid: 0, field: 0, averaged: false },
};

/// A run of each kind after a step, with its evaluator.
fn runs() -> [(Trainer, Domain, Evaluator); 2] {
    let on_images = Domain::Images(Rc::new(RefCell::new(images())));
    let of_images = Evaluator::Images(Box::new(evaluator::Evaluator::new(classifier(), SIZE)));
    let config = experiment(RunConfig { batch: 16, train_images: 500, ..RunConfig::on(DataSet::Ring) });
    let points = config.points(None).unwrap();
    let of_points = Evaluator::Density(Box::new(DensityEvaluator::new(&points, config.seed)));
    let on_points = Domain::Density(points);
    let runs = [
        (Trainer::new(experiment(common::mlp()), common::IMAGES, &cpu()), on_images, of_images),
        (Trainer::new(config, 500, &cpu()), on_points, of_points),
    ];
    runs.map(|(mut trainer, domain, evaluator)| {
        domain.step(&mut trainer, StepKind::Both).expect("all samples are there");
        (trainer, domain, evaluator)
    })
}

#[test]
fn a_frame_is_of_the_kind_of_its_run() {
    let [images, points] = runs().map(|(trainer, domain, _)| wait(domain.frame(&trainer, REQUEST)).unwrap());
    let Frame::Images { fake, real: Some(real) } = images else { panic!("no images") };
    assert_eq!([fake.step, real.step], [1, 1]);
    assert_eq!([fake.pixels.len(), real.pixels.len()], [64 * common::PIXELS; 2]);
    let Frame::Density(frame) = points else { panic!("no points") };
    assert_eq!((frame.step, frame.fake.len()), (1, 20));
}

#[test]
fn an_evaluation_is_recorded_and_diagnosed() {
    for (trainer, domain, mut evaluator) in runs() {
        evaluator.begin(&trainer, false);
        let mut tasks = 0;
        let observation = loop {
            let sample = evaluator.sample(&domain).map(|reading| wait(reading).unwrap());
            tasks += 1;
            if let Some(observation) = evaluator.advance(&domain, sample).unwrap() {
                break observation;
            }
            assert_eq!(evaluator.progress().0, tasks);
        };
        match (observation.evaluation(), &domain) {
            (Evaluation::Images(found), Domain::Images(_)) => assert_eq!((found.step, found.n), (1, SIZE.samples)),
            (Evaluation::Density(found), Domain::Density(_)) => assert_eq!((found.step, tasks), (1, 1)),
            _ => panic!("of the other kind"),
        }
        let mut history = History::default();
        history.record(observation);
        assert_eq!(history.diagnose(&domain, trainer.config()).state, State::Starting);
    }
}

#[test]
fn what_only_a_density_or_only_images_have_is_refused_or_absent() {
    let [(trainer, images, _), (on_points, points, mut of_points)] = runs();
    assert!(images.walk(&trainer, NetworkId::Generator).is_err());
    assert!(images.map(&trainer, vec![0.0; 5], false).is_err());
    assert!(points.map(&on_points, Vec::new(), false).is_err(), "no rows of z");
    assert!(points.nearest(&on_points, &[0; 2]).is_none());
    assert!(images.nearest(&trainer, &[0; common::PIXELS]).is_some_and(|found| found.label.is_some()));
    of_points.begin(&on_points, false);
    assert!(of_points.sample(&images).is_none() && of_points.advance(&images, None).is_err());
}
