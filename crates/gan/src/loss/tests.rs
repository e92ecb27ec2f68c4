//! Each loss against hand values, its closed-form gradient against finite differences, and the value at the optimum.

use std::f64::consts::LN_2;

use burn::tensor::{Device, Tensor, TensorData};
use counterfeit_spec::Choice;

use super::{Objective, Operations, Output, evaluate};

/// The logistic losses, in which D is a probability.
const LOGISTIC: [Objective; 2] = [Objective::Minimax, Objective::NonSaturating];

fn logits(values: &[f32]) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values.to_vec(), [values.len(), 1]), &Device::flex())
}

fn scalar(t: Tensor<1>) -> f64 {
    t.into_scalar::<f32>().into()
}

fn sigmoid(a: f64) -> f64 {
    1.0 / (1.0 + (-a).exp())
}

/// The definitions themselves, as the papers print them, in f64: D's and G's loss.
fn by_definition(objective: Objective, real: &[f64], fake: &[f64], t: f64) -> (f64, f64) {
    let mean = |v: &[f64], f: &dyn Fn(f64) -> f64| v.iter().map(|&a| f(a)).sum::<f64>() / v.len() as f64;
    let hinge = |x: f64| x.max(0.0);
    let (level_r, level_f) = (mean(real, &|a| a), mean(fake, &|a| a));
    // What the average relativistic losses take their terms of.
    let above = |f: &dyn Fn(f64) -> f64| mean(real, &|a| f(a - level_f));
    let below = |f: &dyn Fn(f64) -> f64| mean(fake, &|a| f(a - level_r));
    let differences: Vec<f64> = real.iter().zip(fake).map(|(r, f)| r - f).collect();
    match objective {
        Objective::Minimax | Objective::NonSaturating => {
            let on_real = mean(real, &|a| t * sigmoid(a).ln() + (1.0 - t) * (1.0 - sigmoid(a)).ln());
            let d = -on_real - mean(fake, &|a| (1.0 - sigmoid(a)).ln());
            let saturating = mean(fake, &|a| (1.0 - sigmoid(a)).ln());
            (d, if objective == Objective::Minimax { saturating } else { -mean(fake, &|a| sigmoid(a).ln()) })
        }
        Objective::LeastSquares => {
            let d = (mean(real, &|a| (a - t).powi(2)) + mean(fake, &|a| a.powi(2))) / 2.0;
            (d, mean(fake, &|a| (a - 1.0).powi(2)) / 2.0)
        }
        Objective::Pearson => {
            let d = (mean(real, &|a| (a - 1.0).powi(2)) + mean(fake, &|a| (a + 1.0).powi(2))) / 2.0;
            (d, mean(fake, &|a| a.powi(2)) / 2.0)
        }
        Objective::Hinge => (mean(real, &|a| hinge(1.0 - a)) + mean(fake, &|a| hinge(1.0 + a)), -level_f),
        // BEGAN's with the weight k at 1.
        Objective::Wasserstein | Objective::Began => (level_f - level_r, -level_f),
        Objective::Relativistic => {
            (-mean(&differences, &|a| sigmoid(a).ln()), -mean(&differences, &|a| sigmoid(-a).ln()))
        }
        Objective::RelativisticAverage => {
            let d = -above(&|a| sigmoid(a).ln()) - below(&|a| (1.0 - sigmoid(a)).ln());
            let g = -above(&|a| (1.0 - sigmoid(a)).ln()) - below(&|a| sigmoid(a).ln());
            (d / 2.0, g / 2.0)
        }
        Objective::RelativisticAverageLeastSquares => {
            let d = above(&|a| (a - 1.0).powi(2)) + below(&|a| (a + 1.0).powi(2));
            (d, above(&|a| (a + 1.0).powi(2)) + below(&|a| (a - 1.0).powi(2)))
        }
        Objective::RelativisticAverageHinge => {
            let d = above(&|a| hinge(1.0 - a)) + below(&|a| hinge(1.0 + a));
            (d, above(&|a| hinge(1.0 + a)) + below(&|a| hinge(1.0 - a)))
        }
    }
}

/// Labels at which an objective is tried.
fn labels(objective: Objective) -> &'static [f64] {
    if objective.loss().labels { &[1.0, 0.9] } else { &[1.0] }
}

#[test]
fn losses_equal_their_definition() {
    let (real, fake) = ([0.5, -1.0, 2.0], [-0.3, 0.7, 1.4]);
    let f32s = |v: &[f64]| logits(&v.iter().map(|&a| a as f32).collect::<Vec<_>>());
    for objective in Objective::ALL {
        for &t in labels(objective) {
            let (d, g) = by_definition(objective, &real, &fake, t);
            let found = scalar(objective.d_loss(f32s(&real), f32s(&fake), t));
            assert!((found - d).abs() < 1e-6, "{objective:?}, D: {found} {d}");
            let found = scalar(objective.g_loss(f32s(&real), f32s(&fake)));
            assert!((found - g).abs() < 1e-6, "{objective:?}, G: {found} {g}");
        }
    }
}

#[test]
fn names_are_those_of_configurations() {
    for objective in Objective::ALL {
        assert_eq!(serde_json::to_value(objective).unwrap(), objective.loss().key);
        assert_eq!(Objective::from_key(objective.loss().key), Some(objective));
        assert!(!objective.loss().label.is_empty() && !objective.loss().source.is_empty());
    }
}

#[test]
fn hand_values() {
    // D(x) = 0.8 and D(G(z)) = 0.25, that is logits ln 4 and -ln 3: -ln 0.8 - ln 0.75 = 0.51083.
    let (real, fake) = (logits(&[4f32.ln()]), logits(&[-(3f32.ln())]));
    assert!((scalar(Objective::Minimax.d_loss(real, fake.clone(), 1.0)) - 0.510826).abs() < 1e-6);
    let none = || logits(&[0.0]);
    assert!((scalar(Objective::Minimax.g_loss(none(), fake.clone())) - -0.287682).abs() < 1e-6);
    assert!((scalar(Objective::NonSaturating.g_loss(none(), fake)) - 1.386294).abs() < 1e-6);
    // r = 0.5, 2; f = -0.5, 1. Half of (0.5^2 + 1)/2 and of (0.25 + 1)/2; hinge (0.5 + 0)/2 + (0.5 + 2)/2; distance
    // 1.25 - 0.25; pairs 1 and 1: softplus(-1); levels 0.25 and 1.25: r - f_bar = 0.25, 1.75, f - r_bar = -1.75, -0.25.
    let pair = |o: Objective| scalar(o.d_loss(logits(&[0.5, 2.0]), logits(&[-0.5, 1.0]), 1.0));
    for (objective, expected) in [
        (Objective::LeastSquares, 0.625),
        (Objective::Pearson, ((0.25 + 1.0) / 2.0 + (0.25 + 4.0) / 2.0) / 2.0),
        (Objective::Hinge, 1.5),
        (Objective::Wasserstein, -1.0),
        (Objective::Relativistic, 0.313262),
        (Objective::RelativisticAverageLeastSquares, (0.5625 + 0.5625) / 2.0 * 2.0),
        (Objective::RelativisticAverageHinge, 0.375 + 0.375),
    ] {
        assert!((pair(objective) - expected).abs() < 1e-6, "{objective:?}: {} {expected}", pair(objective));
    }
}

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
fn losses_stay_finite_at_extreme_logits() {
    for objective in Objective::ALL {
        for a in [-1e4f32, -90.0, 90.0, 1e4] {
            let d = scalar(objective.d_loss(logits(&[a]), logits(&[-a]), 0.9));
            let g = scalar(objective.g_loss(logits(&[a]), logits(&[-a])));
            assert!(d.is_finite() && g.is_finite(), "{objective:?} at {a}: {d} {g}");
        }
    }
}

#[test]
fn gradients_match_finite_differences() {
    let device = Device::flex().autodiff();
    let leaf = |values: &[f64]| {
        let data = TensorData::new(values.iter().map(|&a| a as f32).collect::<Vec<_>>(), [values.len(), 1]);
        Tensor::<2>::from_data(data, &device).require_grad()
    };
    // 0 is where a careless softplus has a wrong slope; no value is at the corner of a hinge.
    let (real, fake) = ([0.0, -1.5, 3.0], [0.0, 2.2, -4.0]);
    for objective in Objective::ALL {
        for &t in labels(objective) {
            let (r, f) = (leaf(&real), leaf(&fake));
            let d_grads = objective.d_loss(r.clone(), f.clone(), t).backward();
            let g_leaf = leaf(&fake);
            let g_grads = objective.g_loss(leaf(&real), g_leaf.clone()).backward();
            let value = |x: &Tensor<2>, g: &burn::tensor::Gradients| {
                x.grad(g).unwrap().into_data().try_to_vec::<f32>().unwrap()
            };
            // Central differences of the definition in f64: error of order h^2 = 1e-8.
            let h = 1e-4;
            let slope = |i: usize, on_real: bool, which: fn((f64, f64)) -> f64| {
                let at = |delta: f64| {
                    let (mut r, mut f) = (real, fake);
                    if on_real {
                        r[i] += delta
                    } else {
                        f[i] += delta
                    }
                    which(by_definition(objective, &r, &f, t))
                };
                (at(h) - at(-h)) / (2.0 * h)
            };
            for i in 0..3 {
                let close =
                    |a: f32, b: f64| assert!((f64::from(a) - b).abs() < 1e-6, "{objective:?} t={t} [{i}]: {a} {b}");
                close(value(&r, &d_grads)[i], slope(i, true, |l| l.0));
                close(value(&f, &d_grads)[i], slope(i, false, |l| l.0));
                close(value(&g_leaf, &g_grads)[i], slope(i, false, |l| l.1));
            }
        }
    }
}

#[test]
fn the_kernel_is_the_plain_version() {
    let all = [0.0, -1.5, 3.0, 40.0, 0.5, 2.0, -4.0, -40.0];
    let device = Device::flex().autodiff();
    let run = |terms, operations| {
        let data = TensorData::new(all.to_vec(), [8, 1]);
        let leaf = Tensor::<2>::from_data(data, &device).require_grad();
        let scored = evaluate(leaf.clone(), terms, None, operations);
        let values = |d: TensorData| d.try_to_vec::<f32>().unwrap();
        [values(scored.numbers.into_data()), values(leaf.grad(&scored.gradients).unwrap().into_data())].concat()
    };
    for objective in Objective::ALL {
        let g_rows = if objective.is_relativistic() { 4 } else { 8 };
        for terms in [objective.d_terms(4, 1.0), objective.d_terms(4, 0.9), objective.g_terms(g_rows)] {
            let (plain, kernel) = (run(terms, Operations::Reference), run(terms, Operations::Kernels));
            assert!(
                plain.iter().zip(&kernel).all(|(p, k)| (p - k).abs() <= 1e-6 * p.abs().max(1.0)),
                "{terms:?}: {plain:?} {kernel:?}"
            );
        }
    }
}

#[test]
fn an_output_is_shown_as_a_probability_only_if_it_is_a_logit() {
    for (output, shown, threshold) in [
        (Output::Probability, sigmoid(1.5), Some(0.0)),
        (Output::Score { threshold: 0.25 }, 1.5, Some(0.25)),
        (Output::Critic, 1.5, None),
    ] {
        assert!((f64::from(output.to_probability(1.5)) - shown).abs() < 1e-6, "{output:?}");
        assert_eq!(output.decision_threshold(), threshold, "{output:?}");
    }
    // At the threshold a logit is the probability one half.
    assert_eq!(Output::Probability.to_probability(0.0), 0.5);
}

#[test]
fn losses_of_differences_are_the_relativistic_ones() {
    for objective in Objective::ALL {
        let name = objective.loss().key;
        assert_eq!(objective.is_relativistic(), name.starts_with("relativistic"), "{name}");
        // D's mean outputs are reported as probabilities where D's output is a logit.
        assert_eq!(objective.d_terms(2, 1.0).logits, LOGISTIC.contains(&objective), "{name}");
    }
}

#[test]
fn a_term_beside_the_loss_has_its_own_gradient() {
    for operations in [Operations::Reference, Operations::Kernels] {
        let outputs = Tensor::<2>::from_inner(logits(&[0.5, -1.0])).require_grad();
        let weight = Tensor::<1>::from_inner(Tensor::from_data([3.0f32], &Device::flex())).require_grad();
        let penalty = weight.clone() * weight.clone();
        let terms = Objective::NonSaturating.d_terms(1, 1.0);
        let mut found = evaluate(outputs.clone(), terms, Some(penalty), operations);
        let of_weight = scalar(weight.grad_remove(&mut found.gradients).unwrap());
        assert!((of_weight - 6.0).abs() < 1e-6, "d(w^2)/dw at 3 is {of_weight}");
        let of_real = outputs.grad_remove(&mut found.gradients).unwrap().into_data().try_to_vec::<f32>().unwrap()[0];
        assert!((f64::from(of_real) - (sigmoid(0.5) - 1.0)).abs() < 1e-6, "{of_real}");
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

#[test]
fn one_sided_label_smoothing_changes_the_losses_that_have_labels_and_no_others() {
    for objective in Objective::ALL {
        let smooth = objective.d_terms(2, 0.9) != objective.d_terms(2, 1.0);
        assert_eq!(smooth, [LOGISTIC[0], LOGISTIC[1], Objective::LeastSquares].contains(&objective), "{objective:?}");
        assert!(!objective.loss().label.is_empty() && !objective.loss().source.is_empty(), "{objective:?}");
    }
    assert_ne!(Objective::Pearson.equilibrium(1.0), Objective::LeastSquares.equilibrium(1.0));
    assert_ne!(Objective::Pearson.loss().label, Objective::LeastSquares.loss().label);
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

#[test]
fn every_loss_has_its_lines_of_algorithm_1() {
    for objective in Objective::ALL {
        for line in objective.loss().algorithm {
            assert!(line.starts_with("ascend the mean of ") || line.starts_with("descend the mean of "), "{line}");
        }
    }
}
