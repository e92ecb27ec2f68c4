//! Every optimizer beside its paper's update.

use burn::tensor::{Device, Tensor, TensorData};

use super::method::EPSILON;
use super::{Method, Optimizer, Rates};

fn vector(values: &[f32]) -> Tensor<1> {
    Tensor::from_data(TensorData::new(values.to_vec(), [values.len()]), &Device::flex())
}

const RATES: Rates = Rates { lr: 1e-2, beta1: 0.5, beta2: 0.9, decay: 0.0, clip: f64::INFINITY, step: 1 };

/// Each optimizer by the formulas of its paper, in f64.
fn by_the_paper(method: Method, mut x: f64, gradients: &[f64], r: Rates) -> f64 {
    let (mut m, mut v) = (0.0, 0.0);
    for (i, g) in gradients.iter().enumerate() {
        let t = i as i32 + 1;
        let update = match method {
            Method::Adam => {
                m = r.beta1 * m + (1.0 - r.beta1) * g;
                v = r.beta2 * v + (1.0 - r.beta2) * g * g;
                let (m_hat, v_hat) = (m / (1.0 - r.beta1.powi(t)), v / (1.0 - r.beta2.powi(t)));
                m_hat / (v_hat.sqrt() + EPSILON)
            }
            Method::RmsProp => {
                v = r.beta2 * v + (1.0 - r.beta2) * g * g;
                g / (v.sqrt() + EPSILON)
            }
            Method::Sgd => {
                m = r.beta1 * m + g;
                m
            }
            Method::Nesterov => {
                m = r.beta1 * m + g;
                g + r.beta1 * m
            }
        };
        x = x - r.lr * r.decay * x - r.lr * update;
    }
    x
}

/// The weights after three updates.
fn moved(mut optimizer: Optimizer, start: [f32; 3], gradients: [[f64; 3]; 3], rates: Rates, fused: bool) -> Vec<f32> {
    let mut x = vector(&start);
    for g in gradients {
        let numbers = vector(&optimizer.next(rates));
        x = optimizer.step(x, vector(&g.map(|v| v as f32)), numbers, fused);
    }
    x.into_data().try_to_vec().unwrap()
}

const GRADIENTS: [[f64; 3]; 3] = [[0.3, -2.0, 1e-3], [0.1, 4.0, 1e-3], [-0.7, 0.0, 1e-3]];
const START: [f32; 3] = [1.0, -0.5, 0.25];

#[test]
fn every_optimizer_is_its_papers() {
    for method in [Method::Adam, Method::RmsProp, Method::Sgd, Method::Nesterov] {
        for (decay, fused) in [(0.0, false), (0.0, true), (0.1, false), (0.1, true)] {
            let rates = Rates { decay, ..RATES };
            let got = moved(Optimizer::new(method, &vector(&START)), START, GRADIENTS, rates, fused);
            for i in 0..3 {
                let expected = by_the_paper(method, START[i].into(), &GRADIENTS.map(|g| g[i]), rates);
                assert!((f64::from(got[i]) - expected).abs() < 1e-6, "{method:?} [{i}]: {} {expected}", got[i]);
            }
        }
    }
}

#[test]
fn clipped_weights_stay_within_their_bound_and_what_is_not_finite_stays_so() {
    for fused in [false, true] {
        let clipped = Optimizer::new(Method::RmsProp, &vector(&START));
        let got = moved(clipped, START, GRADIENTS, Rates { clip: 0.3, ..RATES }, fused);
        assert!(got[0] == 0.3 && got[1] == -0.3 && got[2].abs() < 0.3, "{got:?}");
        let wild = moved(
            Optimizer::new(Method::Sgd, &vector(&START)),
            [f32::INFINITY, f32::NAN, 0.0],
            GRADIENTS,
            RATES,
            fused,
        );
        assert!(wild[0].is_infinite() && wild[1].is_nan() && wild[2].is_finite(), "{wild:?}");
    }
}

#[test]
fn a_zero_gradient_moves_nothing() {
    let x = vector(&[1.0, 2.0]);
    for fused in [false, true] {
        let mut adam = Optimizer::new(Method::Adam, &x);
        let numbers = vector(&adam.next(RATES));
        let moved = adam.step(x.clone(), x.zeros_like(), numbers, fused);
        assert_eq!(moved.into_data(), x.clone().into_data());
    }
}

#[test]
fn the_last_update_of_a_weight_follows_from_its_moments() {
    let number = |t: Tensor<1>| f64::from(t.into_data().try_to_vec::<f32>().unwrap()[0]);
    for method in [Method::Adam, Method::RmsProp, Method::Sgd] {
        let mut optimizer = Optimizer::new(method, &vector(&[1.0]));
        assert_eq!(optimizer.moments().update(0.0, 0.0), 0.0, "none yet");
        let mut x = vector(&[1.0]);
        let (mut t, beta1) = (0, if method == Method::RmsProp { 0.0 } else { RATES.beta1 });
        for gradient in [0.3, -0.1, 0.7] {
            let rates = vector(&optimizer.next(RATES));
            let before = number(x.clone());
            x = optimizer.step(x, vector(&[gradient]), rates, false);
            let moved = before - number(x.clone());
            let (first, second) = (number(optimizer.first()), number(optimizer.second().clone()));
            let reported = optimizer.moments().update(first, second);
            // The bias correction undoes the start at 0: with equal gradients it would give the gradient itself.
            t += 1;
            let weights_of_gradients: f64 = (0..t).map(|i| (1.0 - beta1) * beta1.powi(i)).sum();
            assert!((optimizer.moments().first * weights_of_gradients - 1.0).abs() < 1e-12, "{method:?}");
            assert!((reported - moved).abs() < 1e-6, "{method:?}: {reported}, moved by {moved}");
        }
    }
}
