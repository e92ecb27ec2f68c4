//! Values and gradients: against the papers' definitions, by hand, and against finite differences.

use burn::tensor::{Device, Tensor, TensorData};

use super::super::{Objective, Operations, evaluate};
use super::{labels, logits, scalar, sigmoid};

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
