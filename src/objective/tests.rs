//! Each loss against hand values, its closed-form gradient against finite differences, and the game's value at its optimum.

use std::f64::consts::LN_2;

use burn::tensor::{Device, Tensor, TensorData};

use super::{Objective, score};

const ALL: [Objective; 2] = [Objective::Minimax, Objective::NonSaturating];

fn logits(values: &[f32]) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values.to_vec(), [values.len(), 1]), &Device::flex())
}

fn scalar(t: Tensor<1>) -> f64 {
    t.into_scalar::<f32>().into()
}

fn sigmoid(a: f64) -> f64 {
    1.0 / (1.0 + (-a).exp())
}

/// The definitions themselves, with logarithms of probabilities, in f64.
fn by_definition(objective: Objective, real: &[f64], fake: &[f64], t: f64) -> (f64, f64) {
    let mean = |v: &[f64], f: &dyn Fn(f64) -> f64| v.iter().map(|&a| f(a)).sum::<f64>() / v.len() as f64;
    let d =
        -mean(real, &|a| t * sigmoid(a).ln() + (1.0 - t) * (1.0 - sigmoid(a)).ln()) - mean(fake, &|a| (1.0 - sigmoid(a)).ln());
    let g = match objective {
        Objective::Minimax => mean(fake, &|a| (1.0 - sigmoid(a)).ln()),
        Objective::NonSaturating => -mean(fake, &|a| sigmoid(a).ln()),
    };
    (d, g)
}

#[test]
fn losses_equal_their_definition() {
    let (real, fake) = ([0.5, -1.0, 2.0], [-0.3, 0.7]);
    let f32s = |v: &[f64]| v.iter().map(|&a| a as f32).collect::<Vec<_>>();
    for objective in ALL {
        for t in [1.0, 0.9] {
            let (d, g) = by_definition(objective, &real, &fake, t);
            assert!((scalar(objective.d_loss(logits(&f32s(&real)), logits(&f32s(&fake)), t)) - d).abs() < 1e-6);
            assert!((scalar(objective.g_loss(logits(&f32s(&fake)))) - g).abs() < 1e-6);
        }
    }
}

#[test]
fn hand_values() {
    // D(x) = 0.8 and D(G(z)) = 0.25, that is logits ln 4 and -ln 3: -ln 0.8 - ln 0.75 = 0.51083.
    let (real, fake) = (logits(&[4f32.ln()]), logits(&[-(3f32.ln())]));
    assert!((scalar(Objective::Minimax.d_loss(real, fake.clone(), 1.0)) - 0.510826).abs() < 1e-6);
    assert!((scalar(Objective::Minimax.g_loss(fake.clone())) - -0.287682).abs() < 1e-6);
    assert!((scalar(Objective::NonSaturating.g_loss(fake)) - 1.386294).abs() < 1e-6);
}

#[test]
fn at_one_half_the_value_of_the_game_is_minus_log_4() {
    let half = || logits(&[0.0; 4]);
    for objective in ALL {
        let d = scalar(objective.d_loss(half(), half(), 1.0));
        assert!((d - 2.0 * LN_2).abs() < 1e-6);
        assert!((-d - -(4f64.ln())).abs() < 1e-6, "V(D, G) = -log 4 (theorem 1)");
        for reference in objective.references(1.0) {
            let expected = match reference.curve {
                "d_loss" => d,
                "g_loss" => scalar(objective.g_loss(half())),
                _ => 0.5,
            };
            assert!((reference.value - expected).abs() < 1e-6, "{objective:?} {reference:?}");
        }
    }
    assert!((scalar(Objective::NonSaturating.g_loss(half())) - LN_2).abs() < 1e-6);
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
    for objective in ALL {
        for a in [-1e4f32, -90.0, 90.0, 1e4] {
            let d = scalar(objective.d_loss(logits(&[a]), logits(&[a]), 0.9));
            let g = scalar(objective.g_loss(logits(&[a])));
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
    // 0 is where a careless softplus has a wrong slope.
    let (real, fake) = ([0.0, -1.5, 3.0], [0.0, 2.0, -4.0]);
    for objective in ALL {
        for t in [1.0, 0.9] {
            let (r, f) = (leaf(&real), leaf(&fake));
            let d_grads = objective.d_loss(r.clone(), f.clone(), t).backward();
            let g_leaf = leaf(&fake);
            let g_grads = objective.g_loss(g_leaf.clone()).backward();
            let value = |x: &Tensor<2>, g: &burn::tensor::Gradients| x.grad(g).unwrap().into_data().try_to_vec::<f32>().unwrap();
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
                let close = |a: f32, b: f64| assert!((f64::from(a) - b).abs() < 1e-6, "{objective:?} t={t} [{i}]: {a} {b}");
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
    let run = |terms, fused| {
        let data = TensorData::new(all.to_vec(), [8, 1]);
        let leaf = Tensor::<2>::from_data(data, &device).require_grad();
        let scored = score(leaf.clone(), terms, fused);
        let values = |d: TensorData| d.try_to_vec::<f32>().unwrap();
        [values(scored.numbers.into_data()), values(leaf.grad(&scored.gradients).unwrap().into_data())].concat()
    };
    for objective in ALL {
        for terms in [objective.d_terms(4, 1.0), objective.d_terms(4, 0.9), objective.g_terms(8)] {
            let (plain, kernel) = (run(terms, false), run(terms, true));
            assert!(
                plain.iter().zip(&kernel).all(|(p, k)| (p - k).abs() <= 1e-6 * p.abs().max(1.0)),
                "{terms:?}: {plain:?} {kernel:?}"
            );
        }
    }
}
