//! The optimal D, and what is said of D and the losses at equilibrium.

use std::f64::consts::LN_2;

use super::super::{Objective, Output};
use super::{LOGISTIC, labels, logits, scalar};

#[test]
fn at_one_half_the_value_of_the_game_is_minus_log_4() {
    let half = || logits(&[0.0; 4]);
    for objective in LOGISTIC {
        let d = scalar(objective.d_loss(half(), half(), 1.0));
        assert!((d - 2.0 * LN_2).abs() < 1e-6);
        assert!((-d - -(4f64.ln())).abs() < 1e-6, "V(D, G) = -log 4 (theorem 1)");
    }
    assert!((scalar(Objective::NonSaturating.g_loss(half(), half())) - LN_2).abs() < 1e-6);
}

/// Where D's output is its reference, or any constant if it has none, the losses are on their reference lines,
/// and D's is flat: no constant shift of D makes it smaller.
#[test]
fn references_are_the_losses_of_the_best_d_that_cannot_tell() {
    for objective in Objective::ALL {
        for &t in labels(objective) {
            let references = objective.references(t);
            let at = |curve| references.iter().find(|r| r.curve == curve).map(|r| r.value);
            let output = at("output").map_or(0.0, |d| match objective.loss().output {
                Output::Probability => (d / (1.0 - d)).ln(),
                _ => d,
            });
            let same = |shift: f64| logits(&[(output + shift) as f32; 4]);
            let d_loss = |shift| scalar(objective.d_loss(same(shift), same(shift), t));
            // BEGAN's best D depends on its weight k.
            let line = at("d_loss").or((objective == Objective::Began).then_some(0.0)).unwrap();
            assert!((line - d_loss(0.0)).abs() < 1e-6, "{objective:?}");
            assert!([-0.1, 0.1].into_iter().all(|shift| d_loss(shift) >= d_loss(0.0) - 1e-6), "{objective:?}");
            if let Some(g) = at("g_loss") {
                assert!((g - scalar(objective.g_loss(same(0.0), same(0.0)))).abs() < 1e-6, "{objective:?}");
            }
            assert!(objective.equilibrium(t).len() > 60);
        }
    }
    let words = |o: Objective, t: f64| o.equilibrium(t);
    assert!(words(Objective::NonSaturating, 1.0).contains("D's loss is then 2 log 2 = 1.386 and G's log 2 = 0.693"));
    assert!(words(Objective::Minimax, 1.0).contains("G's \u{2212}log 2 = \u{2212}0.693"));
    let smoothed = words(Objective::NonSaturating, 0.9);
    assert!(
        smoothed.contains("real label of 0.9") && smoothed.contains("D's loss is then 1.376 and G's 0.799"),
        "{smoothed}"
    );
}

#[test]
fn a_smoothed_reference_is_the_minimum_over_constant_discriminators() {
    for t in [0.7, 0.9] {
        let loss = |d: f64| -t * d.ln() - (1.0 - t) * (1.0 - d).ln() - (1.0 - d).ln();
        let reference = &Objective::Minimax.references(t)[0];
        let best = (1..10_000).map(|i| loss(f64::from(i) / 10_000.0)).fold(f64::INFINITY, f64::min);
        assert!((reference.value - best).abs() < 1e-7, "{t}: {} {best}", reference.value);
    }
}

#[test]
fn the_decision_threshold_is_the_best_output_where_real_and_fake_are_alike() {
    for objective in Objective::ALL.into_iter().filter(|o| !o.is_relativistic()) {
        let Some(threshold) = objective.loss().output.decision_threshold() else { continue };
        let [on_real, on_fake] = (objective.loss().d_terms)(1.0);
        let loss = |a: f64| on_real.at(a).0 + on_fake.at(a).0;
        let best = loss(threshold.into());
        for i in -500..=500 {
            let a = f64::from(i) / 100.0;
            assert!(loss(a) >= best - 1e-9, "{objective:?}: {} at {a} is less than {best} at {threshold}", loss(a));
        }
    }
}

/// The optimal D minimises D's loss at every point (proposition 1 of Goodfellow et al. 2014).
#[test]
fn the_optimal_d_minimises_the_loss_at_each_point() {
    let mut found = Vec::new();
    for objective in Objective::ALL {
        for &t in labels(objective) {
            let Some(d_optimal) = objective.loss().d_optimal else { continue };
            let [on_real, on_fake] = (objective.loss().d_terms)(t);
            for densities in [[0.5, 0.5], [0.9, 0.1], [0.2, 0.7]] {
                let d = d_optimal(densities, t);
                let output = if objective.loss().output == Output::Probability { (d / (1.0 - d)).ln() } else { d };
                let slope = densities[0] * on_real.at(output).1 + densities[1] * on_fake.at(output).1;
                assert!(slope.abs() < 1e-6, "{objective:?}, {densities:?}: {slope}");
            }
            found.push(objective);
        }
    }
    found.dedup();
    assert_eq!(found, [Objective::NonSaturating, Objective::Minimax, Objective::LeastSquares]);
}

/// Of Mao et al. 2017 with a = -1, b = 1: the minimum by search, the closed form, and the same from labels 0 and 1.
#[test]
fn the_optimal_d_of_pearsons_targets_is_in_closed_form_between_minus_1_and_1() {
    let [on_real, on_fake] = (Objective::Pearson.loss().d_terms)(1.0);
    let of_labels = Objective::LeastSquares.loss().d_optimal.unwrap();
    for [p, q] in [[0.5, 0.5], [0.9, 0.1], [0.2, 0.7], [1.0, 0.0], [0.0, 0.3]] {
        let d = (p - q) / (p + q);
        assert!((-1.0..=1.0).contains(&d) && (d - (2.0 * of_labels([p, q], 1.0) - 1.0)).abs() < 1e-12);
        let loss = |a: f64| p * on_real.at(a).0 + q * on_fake.at(a).0;
        let best =
            (-3_000..=3_000).map(|i| f64::from(i) / 1_000.0).min_by(|a, b| loss(*a).total_cmp(&loss(*b))).unwrap();
        assert!((best - d).abs() < 6e-4, "p = {p}, q = {q}: {best}, {d}");
    }
    assert!(Objective::Pearson.equilibrium(1.0).contains("between \u{2212}1 and 1"));
}
