//! Each threshold from both sides, on constructed evaluations; real runs are in `tests/real/diagnosis.rs`.

use super::*;
use crate::config;
use crate::evaluator::{MeanOutput, OutputHistogram};
use crate::metrics::ImageMetrics;
use crate::signals::{LayerGradientStats, Signals};

/// An evaluation of a good generator that improves with every step.
fn healthy(step: u32) -> Evaluation {
    let real_reference = ImageMetrics {
        kid: 0.001,
        frechet: 0.1,
        coverage: 0.97,
        entropy: Some(2.3),
        diversity: 1.0,
        shares: Some([0.1; 10]),
        ..ImageMetrics::default()
    };
    let raw = ImageMetrics {
        kid: 100.0 / f64::from(step),
        frechet: 4.0,
        coverage: 0.7,
        entropy: Some(2.2),
        diversity: 0.9,
        ..real_reference
    };
    let averaged = ImageMetrics { kid: 50.0 / f64::from(step), frechet: 3.0, ..raw };
    Evaluation {
        step,
        n: 1024,
        classifier: Some(1),
        raw,
        averaged,
        real_reference,
        accuracy: Accuracy { training: 0.75, held_out: 0.74, fake: 0.8 },
        mean_d_output: MeanOutput { training: 0.6, held_out: 0.6, fake: 0.35 },
        outputs: OutputHistogram { low: 0.0, high: 1.0, real: vec![], fake: vec![], output: Output::Probability },
        magnitude: 3.0,
        g_loss: 1.0,
        memorisation_ratio: 1.0,
        codes: None,
        agreement: None,
        signals: Signals::default(),
    }
}

/// Seven evaluations, each changed by its index.
fn history(change: impl Fn(usize, &mut Evaluation)) -> Vec<Evaluation> {
    let measured = |i: usize| {
        let mut m = healthy(100 * (i as u32 + 1));
        change(i, &mut m);
        m
    };
    (0..7).map(measured).collect()
}

fn state(history: &[Evaluation]) -> State {
    let found = diagnose(history, &RunConfig::default());
    assert_eq!(found.alarm, found.state.is_alarm());
    assert!(!found.title.is_empty() && found.evidence.ends_with('.') && found.why.len() > 40, "{found:?}");
    found.state
}

#[test]
fn a_run_that_gets_better_is_learning_and_one_that_stays_is_balanced() {
    let learning = history(|_, _| {});
    assert_eq!(state(&learning), State::Learning);
    assert_eq!(state(&history(|_, m| m.averaged.kid = 0.02)), State::Settled);
    for n in 0..AGREE {
        assert_eq!(diagnose(&learning[..n], &RunConfig::default()).state, State::Starting);
    }
}

#[test]
fn an_alarm_needs_three_measurements_that_agree() {
    type FailureMode = (State, fn(&mut Evaluation));
    let failures: [FailureMode; 6] = [
        (State::Collapse, |m| m.raw.diversity = 0.49),
        (State::Collapse, |m| m.raw.entropy = Some(1.3)),
        (State::DiscriminatorWins, |m| {
            m.accuracy = Accuracy { training: 0.98, held_out: 0.98, fake: 0.98 };
            m.mean_d_output.fake = 0.04;
        }),
        (State::DiscriminatorWeak, |m| {
            m.accuracy = Accuracy { training: 1.0, held_out: 1.0, fake: 0.1 };
            (m.averaged.kid, m.averaged.coverage) = (1.0, 0.1);
        }),
        (State::Overfitting, |m| m.accuracy.training = m.accuracy.held_out + 0.11),
        (State::Memorisation, |m| m.memorisation_ratio = 0.74),
    ];
    for (expected, change) in failures {
        assert_eq!(state(&history(|_, m| change(m))), expected);
        assert_eq!(
            state(&history(|i, m| if i >= 4 {
                change(m)
            })),
            expected
        );
    }
    for (expected, change) in &failures[..4] {
        let last_two = history(|i, m| {
            if i >= 5 {
                change(m)
            }
        });
        assert_ne!(state(&last_two), *expected);
    }
}

#[test]
fn a_vanished_gradient_needs_one_look_and_the_saturating_loss() {
    let vanished = history(|i, m| {
        if i == 6 {
            (m.mean_d_output.fake, m.accuracy.fake) = (0.01, 1.0);
        }
    });
    let of = |objective| diagnose(&vanished, &config! { loss.objective: objective }).state;
    assert_eq!((of(Objective::Minimax), of(Objective::NonSaturating)), (State::Vanishing, State::Learning));
}

#[test]
fn a_generator_that_loses_what_it_had_has_come_apart() {
    let lost = |worse: f64, precision: f64, learnt: f64| {
        history(|i, m| {
            m.raw.coverage = learnt;
            (m.raw.kid, m.raw.precision) = if i < 3 { (0.2, 0.8) } else { (worse, precision) };
        })
    };
    assert_eq!(state(&lost(0.51, 0.39, 0.7)), State::Divergence);
    assert_eq!(state(&lost(0.49, 0.39, 0.7)), State::Learning);
    // A generator that keeps its precision has not diverged, nor has one that never had learnt anything.
    assert_eq!(state(&lost(0.51, 0.41, 0.7)), State::Learning);
    assert_eq!(state(&lost(0.51, 0.39, 0.19)), State::Learning);
}

#[test]
fn nothing_is_balanced_while_d_is_nearly_always_right() {
    let level = |accuracy: f64| {
        history(|_, m| {
            m.averaged.kid = 0.02;
            m.accuracy = Accuracy { training: accuracy, held_out: accuracy, fake: accuracy };
        })
    };
    assert_eq!(state(&level(0.91)), State::DiscriminatorWins);
    assert_eq!(state(&level(0.89)), State::Settled);
}

#[test]
fn a_loss_that_falls_while_images_do_not_get_better_misleads() {
    let run = |last_loss: f64| {
        history(|i, m| {
            m.g_loss = if i < 6 { 1.0 } else { last_loss };
            (m.raw.kid, m.averaged.kid) = (0.3, 0.3);
        })
    };
    assert_eq!(state(&run(0.59)), State::Misleading);
    assert_eq!(state(&run(0.61)), State::Settled);
}

#[test]
fn classes_that_come_and_go_around_a_good_average_are_circles() {
    let turning = |ratio: f64, better: f64| {
        history(|i, m| {
            // A third of all images is of one class, each time of another.
            let mut shares = [2.0 / 27.0; 10];
            shares[i % 10] = 1.0 / 3.0;
            m.raw.shares = Some(shares);
            m.raw.frechet = ratio * m.averaged.frechet;
            m.averaged.kid = if i < 4 { 0.02 } else { better };
        })
    };
    assert_eq!(state(&turning(1.6, 0.02)), State::Oscillation);
    assert_eq!(state(&turning(1.4, 0.02)), State::Settled);
    // Around an EMA that still improves, fluctuating classes are normal.
    assert_eq!(state(&turning(1.6, 0.01)), State::Learning);
}

#[test]
fn a_critic_without_a_bound_comes_apart_and_is_told_how_to_be_held() {
    let of = |objective, output: f64| {
        let history = history(|_, m| m.mean_d_output.fake = output);
        diagnose(&history, &config! { loss.objective: objective })
    };
    let found = of(Objective::Wasserstein, -1001.0);
    assert_eq!((found.state, of(Objective::Wasserstein, -999.0).state), (State::Divergence, State::Learning));
    assert_eq!(found.advice[0].changes["d_penalty"], "wgan");
}

/// Grey images that do not improve.
fn fog(m: &mut Evaluation) {
    (m.raw.coverage, m.averaged.coverage) = (0.01, 0.048);
    (m.raw.kid, m.averaged.kid) = (2.0, 2.0);
}

#[test]
fn row_4_what_never_becomes_anything_has_failed() {
    assert_eq!(state(&history(|_, m| fog(m))), State::Failed);
    // Six in a row, of which none covers anything.
    assert_ne!(
        state(&history(|i, m| if i != 3 {
            fog(m)
        })),
        State::Failed
    );
    assert_ne!(state(&history(|_, m| fog(m))[..FAIR - 1]), State::Failed);
    let covering = history(|_, m| {
        fog(m);
        m.averaged.coverage = 0.049;
    });
    assert_eq!(state(&covering), State::Plateau);
    // A run that comes nearer has not failed, but is not learning yet either.
    let nearing = |kid: f64| {
        history(|i, m| {
            fog(m);
            m.averaged.kid = if i < 6 { 2.0 } else { kid };
        })
    };
    assert_eq!((state(&nearing(1.9)), state(&nearing(1.95))), (State::Approaching, State::Failed));
}

#[test]
fn row_4_fog_has_failed_and_a_few_images_for_every_noise_are_a_collapse() {
    let alike = |kid: f64| {
        let history = history(|_, m| {
            fog(m);
            (m.raw.kid, m.averaged.kid, m.raw.diversity, m.raw.entropy) = (kid, kid, 0.1, Some(0.0));
        });
        state(&history)
    };
    assert_eq!(
        (alike(0.9), alike(1.1), alike(4.9), alike(5.1)),
        (State::Collapse, State::Failed, State::Failed, State::Collapse)
    );
}

#[test]
fn row_4_what_grows_without_end_has_exploded() {
    let of = |objective, magnitude: f64| {
        let history = history(|_, m| m.magnitude = magnitude);
        diagnose(&history, &config! { loss.objective: objective }).state
    };
    assert_eq!(of(Objective::NonSaturating, 1_001.0), State::Exploded);
    assert_eq!(of(Objective::NonSaturating, 999.0), State::Learning);
    assert_eq!(of(Objective::LeastSquares, 1_001.0), State::Exploded);
    assert_eq!(
        (of(Objective::Wasserstein, 1.1e6), of(Objective::Wasserstein, 0.9e6)),
        (State::Exploded, State::Learning)
    );
    assert_eq!(of(Objective::NonSaturating, f64::NAN), State::Exploded);
    let weights = |size: f64| {
        let pull = LayerGradientStats { name: "1 weight".into(), gradient: 1.0, ratio: 1e-3, size };
        state(&history(|_, m| m.signals.generator = vec![pull.clone()]))
    };
    assert_eq!((weights(20.1), weights(19.9)), (State::Exploded, State::Learning));
    // D is certain beyond all measure: that is worse than a gradient that has vanished.
    let certain = history(|_, m| (m.magnitude, m.mean_d_output.fake, m.accuracy.fake) = (1e16, 0.0, 1.0));
    assert_eq!(diagnose(&certain, &config! { loss.objective: Objective::Minimax }).state, State::Exploded);
    let twice = history(|i, m| {
        if i >= 5 {
            m.magnitude = 1e16
        }
    });
    assert_eq!(state(&twice), State::Learning);
}

#[test]
fn row_4_praise_needs_real_images_to_be_near() {
    let level = |coverage: f64| {
        history(|_, m| {
            (m.averaged.kid, m.raw.kid) = (0.02, 0.02);
            (m.raw.coverage, m.averaged.coverage) = (coverage, coverage);
        })
    };
    assert_eq!((state(&level(0.49)), state(&level(0.48))), (State::Settled, State::Plateau));
    let falling = |coverage: f64| history(|_, m| (m.raw.coverage, m.averaged.coverage) = (coverage, coverage));
    assert_eq!((state(&falling(0.2)), state(&falling(0.19))), (State::Learning, State::Approaching));
}

#[test]
fn every_alarm_offers_a_valid_change_that_is_one() {
    let all = [
        State::Vanishing,
        State::DiscriminatorWins,
        State::DiscriminatorWeak,
        State::Collapse,
        State::Oscillation,
        State::Overfitting,
        State::Memorisation,
        State::Divergence,
        State::Failed,
        State::Exploded,
    ];
    let config = config! { train_images: 500, loss.objective: Objective::Minimax };
    let history = history(|_, _| {});
    for state in all {
        let advice = Run { history: &history, config: &config }.advice(state);
        assert!(state.is_alarm() && !advice.is_empty(), "{state:?}");
        for Advice { changes, .. } in advice {
            let mut next = serde_json::to_value(&config).unwrap();
            changes.as_object().unwrap().iter().for_each(|(k, v)| next[k] = v.clone());
            let next: RunConfig = serde_json::from_value(next).unwrap();
            assert!(next != config && next.validate().is_ok(), "{state:?}: {changes}");
        }
    }
}
