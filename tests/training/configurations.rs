//! Everything that the settings allow can be built, trained and looked at.

use std::collections::BTreeSet;

use counterfeit::config;
use counterfeit::config::{Family, Norm, RunConfig, fields};
use counterfeit::loss::Output;
use counterfeit::nn::layers::LeakyRelu;
use counterfeit::nn::{Mode, Plan};
use counterfeit::random::{Random, Stream};
use counterfeit::settings::{Field, Group, Values};
use counterfeit::snapshot::{self, View};
use counterfeit::trainer::StepKind;
use serde_json::{Value, json};

use super::support::{images, metrics, normal, trainer, values, wait};
use crate::common;

/// The values that are tried of a field: each alternative of a choice, and the ends of what makes networks longer or
/// shorter.
fn tried(field: &Field) -> Vec<Value> {
    match (&field.values, field.key) {
        // The images are handed over apart: the trainer does not look at their name.
        (_, "data") => vec![],
        // A game that compares images and one that does not; the others differ in numbers, and optimizers and schedules in
        // numbers alone.
        (_, "objective") => vec![json!("non-saturating"), json!("relativistic")],
        (_, "g_optimizer" | "d_optimizer" | "schedule") => vec![],
        // Whatever else is chosen, they do the same: `every_choice_trains_by_itself` has them.
        _ if field.group == Group::Tricks => vec![],
        (_, "g_goal" | "d_batch") => vec![],
        // A class that D is told, which changes its layers; the others add outputs.
        (_, "condition") => vec![json!("none"), json!("concatenation")],
        // The others have choices of their own alone: `every_choice_trains_by_itself` has them.
        (_, "family") => vec![json!("mlp"), json!("dcgan"), json!("resnet")],
        // These change one layer at a time: tried by themselves.
        (_, "init" | "g_up" | "attention" | "d_form" | "coupling") => vec![],
        (_, "g_norm") => vec![json!("none"), json!("batch")],
        // One that mixes the batch, one that is curved.
        (_, "d_norm") => vec![json!("none"), json!("batch"), json!("group")],
        // One place of slopes, and two.
        (_, "d_penalty") => vec![json!("none"), json!("r1-and-r2")],
        (Values::Choice { options }, _) => options.iter().map(|o| o.value.into()).collect(),
        (_, "d_dropout") => vec![json!(0.0), json!(0.5)],
        (Values::Integer { min, max }, "stages" | "g_layers" | "d_layers" | "blocks") => vec![json!(min), json!(max)],
        (_, "g_dense" | "d_dense") => vec![json!(0), json!(3)],
        _ => vec![],
    }
}

/// The cross product, without varying a field where its metadata says that it does not matter.
fn configurations() -> Vec<RunConfig> {
    let small = config! {
        batch: 4,
        latent_dim: 2,
        generator.network.units: 3,
        discriminator.network.units: 3,
        generator.network.channels: 2,
        discriminator.network.channels: 2,
    };
    let start = vec![serde_json::to_value(small).unwrap()];
    // Choices first: a later field's condition can be told only once the field it names has its value.
    let mut fields: Vec<_> = fields().iter().collect();
    fields.sort_by_key(|f| f.only.is_some());
    let all = fields.into_iter().fold(start, |configs, field| {
        let vary = |config: Value| {
            let matters = field.only.as_ref().is_none_or(|(key, value)| value.iter().any(|v| config[key] == *v));
            let values = if matters { tried(field) } else { vec![] };
            if values.is_empty() {
                return vec![config];
            }
            let with = |value| {
                let mut next = config.clone();
                next[field.key] = value;
                next
            };
            values.into_iter().map(with).collect()
        };
        configs.into_iter().flat_map(vary).collect()
    });
    let all = all.into_iter().map(|v| serde_json::from_value(v).unwrap());
    // Some combinations are refused, with a reason.
    all.filter(|c: &RunConfig| c.clone().validate().is_ok()).collect()
}

fn trains(config: &RunConfig) {
    let mut t = trainer(config.clone());
    // Two: the second uses what the first left.
    let records = (0..2).map(|_| t.step(images(), StepKind::Both).unwrap()).collect();
    let m = metrics(records);
    for curve in [&m.d_loss, &m.g_loss, &m.d_real, &m.d_fake] {
        assert!(curve.iter().all(|v| v.is_some_and(f32::is_finite)), "{config:?}: {m:?}");
    }
    let fake = wait(snapshot::generated_samples(&t, false, View::Fixed)).unwrap();
    let real = wait(snapshot::real_samples(&t, images()).unwrap()).unwrap();
    for samples in [&fake, &real] {
        assert_eq!((samples.pixels.len(), samples.scores.len()), (64 * 784, 64));
        let odds = config.loss.objective.loss().output == Output::Probability;
        let fine = |p: &f32| if odds { (0.0..=1.0).contains(p) } else { p.is_finite() };
        assert!(samples.scores.iter().all(fine), "{config:?}: {:?}", samples.scores);
    }
    assert_eq!(fake.z.len(), 64 * config.g_inputs());
}

#[test]
fn every_combination_of_choices_trains() {
    let all = configurations();
    // 2 norms of G, 2 of D, 2 priors and 2 objectives; times 2 stages, or 2 hidden units, 2 rates of dropout and 4
    // depths. More choices make more combinations, never fewer.
    let count = |family| all.iter().filter(|c| c.family == family).count();
    assert!(count(Family::Dcgan) >= 16 * 2 && count(Family::Mlp) >= 16 * 16, "{}", all.len());
    all.iter().for_each(trains);
}

#[test]
fn every_choice_trains_by_itself() {
    // Data sets are no part of it: another one changes no code of images, and `points.rs` has a run on every density.
    for family in [Family::Mlp, Family::Dcgan, Family::Resnet, Family::Growing, Family::Style] {
        let start = config! {
            family: family,
            batch: 4,
            generator.network.units: 3,
            discriminator.network.units: 3,
            generator.network.channels: 2,
            discriminator.network.channels: 2,
            generator.network.dense: 3,
            discriminator.network.dense: 3,
        };
        for field in fields().iter().filter(|f| !["family", "data"].contains(&f.key)) {
            let Values::Choice { options } = &field.values else { continue };
            for option in options {
                let mut config = serde_json::to_value(&start).unwrap();
                config[field.key] = json!(option.value);
                if option.value == "began" {
                    config["d_form"] = json!("autoencoder");
                }
                // Neither goes together with batch normalisation.
                if field.key == "d_penalty" || option.value == "maxout" {
                    config["d_norm"] = json!("none");
                }
                let config: RunConfig = serde_json::from_value(config).unwrap();
                // What a family has nothing to do with is refused, with a reason, and only there.
                if let Err(error) = config.clone().validate() {
                    let refused = match family {
                        Family::Mlp => option.value == "instance",
                        Family::Growing | Family::Style => ["autoencoder", "coupled", "began"].contains(&option.value),
                        _ => false,
                    };
                    // A game that needs a form is refused for its form.
                    assert!(
                        refused && (error.key() == Some(field.key) || option.value == "began"),
                        "{family:?}: {error}"
                    );
                    continue;
                }
                trains(&config);
            }
        }
    }
}

#[test]
fn the_smallest_value_of_every_number_trains() {
    for family in [Family::Mlp, Family::Dcgan, Family::Resnet] {
        let mut config = serde_json::to_value(config! { family: family }).unwrap();
        for field in fields() {
            match &field.values {
                Values::Integer { min, .. } => config[field.key] = json!(min),
                Values::Real { min, .. } => config[field.key] = json!(min),
                Values::Choice { .. } => {}
            }
        }
        trains(&serde_json::from_value(config).unwrap());
    }
}

/// A small value of a number whose 0 is off, and is its default.
fn barely_on(field: &Field, default: &Value) -> Option<Value> {
    match &field.values {
        Values::Real { min: 0.0, max, .. } if default == &json!(0.0) => Some(json!(max.min(0.125))),
        Values::Integer { min: 0, .. } if default == &json!(0) => Some(json!(1)),
        _ => None,
    }
}

#[test]
fn every_number_that_can_be_off_trains_when_it_is_on() {
    let defaults = serde_json::to_value(RunConfig::default()).unwrap();
    let mut tried = BTreeSet::new();
    for family in [Family::Mlp, Family::Dcgan, Family::Resnet, Family::Growing, Family::Style] {
        let plain = config! { family: family, ..common::dcgan() };
        let values = serde_json::to_value(&plain).unwrap();
        for field in fields() {
            let Some(value) = barely_on(field, &defaults[field.key]) else { continue };
            let applies = field.only.as_ref().is_none_or(|(key, of)| of.iter().any(|v| values[key] == *v));
            let mut on = values.clone();
            on[field.key] = value;
            let on: RunConfig = serde_json::from_value(on).unwrap();
            // Growing and style-based generators have no place for layer noise, and say so.
            if !applies || (on.generator.noise > 0.0 && matches!(family, Family::Growing | Family::Style)) {
                continue;
            }
            trains(&on);
            tried.insert(field.key);
        }
    }
    let all = [
        "d_clip",
        "d_clip_norm",
        "d_decay",
        "d_dropout",
        "d_flip",
        "d_noise",
        "g_clip_norm",
        "g_decay",
        "g_noise",
        "history",
        "replay",
        "unroll",
    ];
    assert!(tried.iter().copied().eq(all), "{tried:?}");
}

/// Counted on paper, layer by layer.
#[test]
fn the_default_dcgan_has_the_parameters_of_a_hand_count() {
    let default = RunConfig::default();
    assert_eq!((default.family, default.generator.network.norm), (Family::Dcgan, Norm::Batch));
    let g = [
        64 * 256,           // z to 256 units; no bias before batch normalisation
        256 + 256,          // scale and shift
        256 * (32 * 7 * 7), // to 32 maps of 7x7
        32 + 32,            // scale and shift
        32 * 16 * 4 * 4,    // 7x7 to 14x14
        16 + 16,            // scale and shift
        16 * 4 * 4 + 1,     // 14x14 to 28x28, bias
    ];
    let d = [
        16 * 4 * 4 + 16,  // 28x28 to 14x14, bias
        16 * 32 * 4 * 4,  // 14x14 to 7x7
        32 + 32,          // scale and shift with batch normalisation
        32 * 7 * 7 * 256, // to 256 units
        256 + 256,        // scale and shift with batch normalisation
        256 + 1,          // to the logit, bias
    ];
    assert_eq!((g.iter().sum(), d.iter().sum()), (426_849, 410_705));
    // Without it a bias takes the place of the shift, and there is no scale.
    for (d_norm, d_parameters) in [(Norm::Batch, 410_705), (Norm::None, 410_705 - 32 - 256)] {
        let t = trainer(config! { discriminator.network.norm: d_norm, ..default.clone() });
        let info = snapshot::run_info(&t);
        assert_eq!((info.g_parameters, info.d_parameters), (426_849, d_parameters));
        // Mean and variance of 256 units, 32 and 16 channels are kept, not learnt; D keeps none.
        assert_eq!(t.generator().plan.statistics.count(), 2 * (256 + 32 + 16));
        assert_eq!(t.discriminator().plan.statistics.count(), 0);
    }
}

/// N(0, 0.02^2) everywhere but in the scales, N(1, 0.02^2), and in biases and shifts, 0 (Radford et al. 2016, section
/// 4, and code).
#[test]
fn the_default_dcgan_starts_at_the_papers_weights() {
    let t = trainer(RunConfig::default());
    for network in [t.generator(), t.discriminator()] {
        let all = values(&network.weights);
        for slot in &network.plan.weights.slots {
            let v: Vec<f64> = all[slot.range()].iter().map(|&w| w.into()).collect();
            let n = v.len() as f64;
            let mean = v.iter().sum::<f64>() / n;
            let std = (v.iter().map(|w| (w - mean).powi(2)).sum::<f64>() / n).sqrt();
            let kind = slot.name.split('.').next_back().unwrap();
            let (expected_mean, expected_std) = match kind {
                "weight" => (0.0, 0.02),
                "scale" => (1.0, 0.02),
                _ => (0.0, 0.0),
            };
            // Four standard errors.
            assert!((mean - expected_mean).abs() <= 4.0 * expected_std / n.sqrt(), "{}: mean {mean}", slot.name);
            assert!(
                (std - expected_std).abs() <= 4.0 * expected_std / (2.0 * n).sqrt(),
                "{}: deviation {std}",
                slot.name
            );
        }
    }
    let slopes = |plan: &Plan| plan.layers.iter().filter(|l| **l == LeakyRelu(0.2).into()).count();
    assert_eq!((slopes(&t.generator().plan), slopes(&t.discriminator().plan)), (0, 3));
}

#[test]
fn segments_of_the_flat_vectors_are_aligned_and_do_not_overlap() {
    for config in configurations() {
        for layout in [Plan::generator(&config.g_spec()), Plan::discriminator(&config.d_spec())].map(|p| p.weights) {
            let mut end = 0;
            for slot in &layout.slots {
                assert!(slot.offset >= end && slot.offset % 64 == 0 && !slot.is_empty(), "{slot:?}");
                end = slot.range().end;
            }
            assert!(layout.size() >= end && layout.size() % 64 == 0);
        }
    }
}

#[test]
fn images_are_784_values_between_minus_1_and_1_and_opinions_are_one_value() {
    let mut rng = Random::new(5, Stream::Noise);
    for (name, config) in common::varieties() {
        let t = trainer(config);
        for n in [2, 7] {
            for mode in [Mode::Train, Mode::Sample] {
                // Ten times the usual noise: tanh is driven to its ends.
                let z = normal(&mut rng, [n, 5]).mul_scalar(10.0);
                let images = t.generator().frozen().forward(z, mode);
                assert_eq!(images.dims(), [n, 784], "{name}");
                assert!(values(&images).iter().all(|v| v.abs() <= 1.0), "{name}");
                assert_eq!(t.discriminator().frozen().forward(images, mode).dims(), [n, 1], "{name}");
            }
        }
    }
}
