//! Each threshold from both sides, on constructed evaluations; real runs are in `tests/claims.rs`.

use super::*;
use crate::config;
use crate::config::RunConfig;
use crate::data::DataSet;
use crate::metrics::{DensityMetrics, Modes};

/// An evaluation that found the modes with non-zero `shares`.
fn observation(js: f64, shares: [f64; 8], mean_d_fake: f64, slope: f64) -> DensityObservation {
    let due = vec![0.125; 8];
    let found = shares.iter().filter(|&&share| share > 0.0).count();
    let reverse_kl = shares.iter().filter(|&&share| share > 0.0).map(|share| share * (8.0 * share).ln()).sum();
    let modes = |captured, reverse_kl, shares| {
        Some(Modes {
            captured,
            strict: captured,
            of: 8,
            high_quality: 0.9,
            reverse_kl,
            spread: 1.0,
            shares,
            due: due.clone(),
        })
    };
    let of = |modes, js| DensityMetrics { modes, js, w1: Some(js), reach: 0.8 };
    let generated = of(modes(found, reverse_kl, shares.to_vec()), js);
    let real_reference = of(modes(8, 0.0, due.clone()), 0.05);
    DensityObservation {
        metrics: DensityEvaluation { step: 1_000, n: 2_500, generated, real_reference },
        mean_d_fake,
        mean_d_real: 1.0,
        slope,
        magnitude: 3.0,
        half: 2.0,
    }
}

const ALL: [f64; 8] = [0.125; 8];
const HALF: [f64; 8] = [0.25, 0.25, 0.25, 0.25, 0.0, 0.0, 0.0, 0.0];
const OTHERS: [f64; 8] = [0.0, 0.0, 0.0, 0.0, 0.25, 0.25, 0.25, 0.25];

#[test]
fn each_state_is_told_by_what_was_seen() {
    let config = config! { data: DataSet::Ring, batch: 64, ..RunConfig::on(DataSet::Ring) };
    let steady = |shares, n: usize| vec![observation(0.3, shares, 0.4, 0.5); n];
    let falling: Vec<DensityObservation> =
        (0..8).map(|i| observation(0.5 - 0.05 * f64::from(i), ALL, 0.4, 0.5)).collect();
    let wandering: Vec<DensityObservation> =
        (0..8).map(|i| observation(0.3, if i % 2 == 0 { HALF } else { OTHERS }, 0.4, 0.5)).collect();
    for (history, expected) in [
        (vec![], State::Starting),
        (steady(ALL, AGREE), State::Starting),
        (steady(ALL, AGREE + 1), State::Plateau),
        (steady(HALF, AGREE + 1), State::Collapse),
        (falling, State::Learning),
        (wandering, State::Oscillation),
        (vec![observation(0.6, ALL, 0.001, 0.001)], State::Vanishing),
        // D is certain, but its gradient still moves G.
        (vec![observation(0.5, ALL, 0.001, 0.5); 4], State::Plateau),
    ] {
        let found = diagnose_points(&history, &config);
        assert_eq!(found.state, expected, "{}: {}", found.title, found.evidence);
        assert_eq!(found.alarm, matches!(expected, State::Collapse | State::Oscillation | State::Vanishing));
    }
}

#[test]
fn advised_noise_lasts() {
    let mut config = config! { data: DataSet::Ring, ..RunConfig::on(DataSet::Ring) };
    let advice = diagnose_points(&[observation(0.6, ALL, 0.001, 0.001)], &config).advice;
    let changes = &advice[0].changes;
    config.tricks.noise.deviation = changes["d_noise"].as_f64().unwrap();
    config.tricks.noise.steps = changes["d_noise_steps"].as_u64().unwrap() as u32;
    assert!(config.tricks.noise.at(20_000) > 0.45);
}

/// A cluster covers more of a line than of a plane, so that a falling divergence is praised later.
#[test]
fn learning_on_a_line_takes_half_of_the_way() {
    let falling =
        |to: f64| -> Vec<_> { (0..8).map(|i| observation(to + 0.02 * f64::from(7 - i), ALL, 0.4, 0.5)).collect() };
    let state = |data, to| diagnose_points(&falling(to), &config! { batch: 64, ..RunConfig::on(data) }).state;
    assert_eq!(state(DataSet::Ring, 0.4), State::Learning);
    assert_eq!(state(DataSet::Mixture, 0.4), State::Approaching);
    assert_eq!(state(DataSet::Mixture, 0.3), State::Learning);
}

/// `n` equal evaluations, changed by `change`.
fn equal(n: usize, js: f64, change: impl Fn(&mut DensityObservation)) -> Vec<DensityObservation> {
    let mut one = observation(js, ALL, 0.4, 0.5);
    change(&mut one);
    vec![one; n]
}

fn state(history: &[DensityObservation]) -> State {
    let config = config! { batch: 64, ..RunConfig::on(DataSet::Ring) };
    let found = diagnose_points(history, &config);
    assert!(!found.title.is_empty() && found.evidence.ends_with('.') && found.why.len() > 40, "{found:?}");
    assert_eq!(found.alarm, found.state.is_alarm());
    if matches!(found.state, State::Failed | State::Exploded) {
        let mut next = serde_json::to_value(&config).unwrap();
        let changes = found.advice[0].changes.as_object().unwrap();
        changes.iter().for_each(|(key, value)| next[key] = value.clone());
        let next: RunConfig = serde_json::from_value(next).unwrap();
        assert!(next != config && next.validate().is_ok());
    }
    found.state
}

#[test]
fn row_4_samples_nowhere_near_the_data_have_failed() {
    let far = LN_2 - 0.04 * (LN_2 - 0.05);
    assert_eq!(state(&equal(FAIR, far, |_| {})), State::Failed);
    // Nothing is said before a fair number of evaluations and steps, and nothing that is praise.
    assert_eq!(state(&equal(FAIR - 1, far, |_| {})), State::Starting);
    assert_eq!(state(&equal(FAIR, far, |l| l.metrics.step = FAIR_STEPS - 1)), State::Starting);
    assert_eq!(state(&equal(FAIR, LN_2 - 0.06 * (LN_2 - 0.05), |_| {})), State::Plateau);
    // On no mode at all, whatever the cells of the divergence say.
    let with =
        |share: f64| state(&equal(FAIR, 0.4, |l| l.metrics.generated.modes.as_mut().unwrap().high_quality = share));
    assert_eq!((with(0.0019), with(0.0021)), (State::Failed, State::Plateau));
    // A run that comes nearer has not failed, but is not learning yet either.
    let nearing = |share: f64| {
        let mut history = equal(FAIR, far, |l| l.metrics.generated.w1 = Some(2.0));
        history[FAIR - AGREE..].iter_mut().for_each(|l| l.metrics.generated.w1 = Some(share * 2.0));
        state(&history)
    };
    assert_eq!((nearing(0.79), nearing(0.81)), (State::Approaching, State::Failed));
}

#[test]
fn row_4_what_grows_without_end_has_exploded() {
    let with = |n, change: fn(&mut DensityObservation)| state(&equal(n, 0.3, change));
    assert_eq!(with(AGREE, |l| l.magnitude = 1_001.0), State::Exploded);
    assert_eq!(with(AGREE, |l| l.metrics.generated.reach = 10.1), State::Exploded);
    assert_eq!(with(AGREE, |l| l.magnitude = f64::INFINITY), State::Exploded);
    assert_eq!(with(AGREE + 1, |l| (l.magnitude, l.metrics.generated.reach) = (999.0, 9.9)), State::Plateau);
    assert_eq!(with(AGREE - 1, |l| l.magnitude = 1e16), State::Starting);
    // What is no number does not come back.
    assert_eq!(with(1, |l| l.magnitude = f64::NAN), State::Exploded);
    assert_eq!(with(1, |l| l.metrics.generated.reach = f64::from(f32::MAX)), State::Exploded);
    // A flat loss of 1e16 has not vanished, and a D that says 0 of everything is not sure but dead.
    assert_eq!(with(AGREE, |l| (l.magnitude, l.mean_d_fake, l.slope) = (1e16, 0.0, 0.0)), State::Exploded);
    assert_eq!(with(AGREE + 1, |l| (l.mean_d_real, l.mean_d_fake, l.slope) = (0.97, 0.0, 0.0)), State::Plateau);
    assert_eq!(with(AGREE + 1, |l| (l.mean_d_real, l.mean_d_fake, l.slope) = (0.99, 0.0, 0.0)), State::Vanishing);
}

#[test]
fn row_4_praise_needs_the_reference_to_be_near() {
    assert_eq!(state(&equal(AGREE + 1, 0.149, |l| l.metrics.generated.w1 = Some(0.24))), State::Settled);
    assert_eq!(state(&equal(AGREE + 1, 0.151, |l| l.metrics.generated.w1 = Some(0.24))), State::Plateau);
    assert_eq!(state(&equal(AGREE + 1, 0.149, |l| l.metrics.generated.w1 = Some(0.26))), State::Plateau);
    // A divergence that falls is learning once it has come a quarter of the way.
    let falling = |share: f64| {
        let mut history = equal(AGREE + 1, 0.65, |_| {});
        history.extend(equal(AGREE, LN_2 - share * (LN_2 - 0.05), |_| {}));
        state(&history)
    };
    assert_eq!((falling(0.24), falling(0.26)), (State::Approaching, State::Learning));
}

#[test]
fn row_4_a_critic_without_a_bound_is_told_how_to_be_held() {
    let config = config! { loss.objective: crate::loss::Objective::Wasserstein, ..RunConfig::on(DataSet::Ring) };
    let found = diagnose_points(&equal(AGREE, 0.3, |l| l.magnitude = 5_000.0), &config);
    assert_eq!((found.state, &found.advice[0].changes["d_penalty"]), (State::Exploded, &json!("wgan")));
}

#[test]
fn evaluations_close_together_are_no_separate_evidence() {
    let config = RunConfig::on(DataSet::Ring);
    let at = |step| {
        let mut o = observation(0.66, [0.0; 8], 0.4, 0.5);
        o.metrics.step = step;
        o
    };
    let mut history = DensityHistory::default();
    // Ten seconds of a run that makes 20 steps a second: it is too early for a diagnosis.
    for second in 0..=10 {
        history.record(at(1 + 20 * second));
        assert_eq!(history.diagnose(&config).state, State::Starting, "step {}", 1 + 20 * second);
    }
    history.record(at(301));
    assert_eq!(history.diagnose(&config).state, State::Plateau);
    assert_eq!(history.0.iter().map(|o| o.metrics.step).collect::<Vec<_>>(), [1, 101, 201, 301]);
    (4..200).for_each(|i| history.record(at(1 + 100 * i)));
    assert_eq!((history.0.len(), history.0[KEPT - 1].metrics.step), (KEPT, 19_901));
}
