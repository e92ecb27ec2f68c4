//! What is not finite is found in gradients, weights and moments, told with its step, and blamed on the network that
//! diverged.

use counterfeit::breakdown::locate;
use counterfeit::finite::{Trace, What};
use counterfeit::nn::Operations;
use counterfeit::optim::{Method, Optimizer, Rates};

use super::support::{images, tensor, values, wait};
use crate::common::diverging::{Doomed, WITHIN, cases, chaotic};

const RATES: Rates = Rates { lr: 0.1, beta1: 0.5, beta2: 0.9, decay: 0.0, clip: f64::INFINITY, step: 0 };

/// What is on record after an update in each step, from 1 on, with these gradients, of weights that start at these
/// values.
fn trace(method: Method, start: [f32; 3], gradients: &[[f32; 3]], rates: Rates, operations: Operations) -> Trace {
    let mut weights = tensor(start.to_vec(), [3]);
    let mut optimizer = Optimizer::new(method, &weights);
    for (step, gradient) in (1..).zip(gradients) {
        let numbers = tensor(optimizer.next(Rates { step, ..rates }).to_vec(), [8]);
        weights = optimizer.step(weights, tensor(gradient.to_vec(), [3]), numbers, operations);
    }
    assert_eq!(optimizer.first().dims(), [3]);
    Trace::of(&values(&optimizer.record()), 3)
}

const FINE: [f32; 3] = [0.1, -0.2, 0.0];
const START: [f32; 3] = [1.0, -4.0, 0.5];

#[test]
fn row_3_an_optimizer_records_the_first_step_at_which_something_was_not_finite_and_what() {
    let gradient = |bad: f32| [[0.1, bad, 0.0]];
    for operations in [Operations::Reference, Operations::Kernels] {
        for method in [Method::Adam, Method::RmsProp, Method::Sgd, Method::Nesterov] {
            let first = |start, gradients: &[[f32; 3]], rates| trace(method, start, gradients, rates, operations).first;
            assert_eq!(first(START, &[FINE; 3], RATES), None, "{method:?}");
            for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                let gradients = [&[FINE; 2][..], &gradient(bad), &[FINE; 2]].concat();
                assert_eq!(first(START, &gradients, RATES), Some((3, What::Gradient)), "{method:?}, {bad}, sticky");
                assert_eq!(first([1.0, bad, 1.0], &[FINE; 2], RATES), Some((1, What::Weights)), "{method:?}, {bad}");
                // What weight clipping would make finite.
                let clipped = Rates { clip: 0.01, ..RATES };
                assert_eq!(
                    first([1.0, bad, 1.0], &[FINE], clipped),
                    Some((1, What::Weights)),
                    "{method:?}, {bad}, clipped"
                );
            }
        }
        let overflow = [FINE, [1e25, 0.0, 0.0]];
        assert_eq!(
            trace(Method::Adam, START, &overflow, RATES, operations).first,
            Some((2, What::Moments)),
            "a square overflows"
        );
        let leap = Rates { lr: 1e30, ..RATES };
        assert_eq!(trace(Method::Sgd, START, &[[1e20, 0.0, 0.0]], leap, operations).first, Some((1, What::Weights)));
    }
}

#[test]
fn row_3_an_optimizer_records_how_much_the_weights_grew_up_to_the_last_finite_update() {
    for operations in [Operations::Reference, Operations::Kernels] {
        let rates = Rates { beta1: 0.0, lr: 1.0, ..RATES };
        let grown = |gradients: &[[f32; 3]]| trace(Method::Sgd, START, gradients, rates, operations).growth;
        assert_eq!(grown(&[]), None);
        assert_eq!(grown(&[[0.0, 4.0, 0.0]]), Some(2.0));
        assert_eq!(grown(&[[0.0, 4.0, 0.0], [-15.0, 0.0, 0.0]]), Some(4.0));
        assert_eq!(grown(&[[0.0, 4.0, 0.0], [f32::NAN, 0.0, 0.0], [-15.0, 0.0, 0.0]]), Some(2.0));
    }
}

#[test]
fn row_3_a_new_start_of_an_optimizer_keeps_its_record() {
    let weights = tensor(START.to_vec(), [3]);
    let mut optimizer = Optimizer::new(Method::Adam, &weights);
    let numbers = tensor(optimizer.next(Rates { step: 5, ..RATES }).to_vec(), [8]);
    optimizer.step(weights, tensor(vec![f32::NAN, 1.0, 1.0], [3]), numbers, Operations::Kernels);
    let anew = optimizer.anew();
    assert_eq!(values(&anew.first()), [0.0; 3]);
    assert_eq!(Trace::of(&values(&anew.record()), 3).first, Some((5, What::Gradient)));
}

#[test]
fn row_3_ten_runs_that_diverge_are_told_with_the_network_to_blame() {
    for (name, config, cause) in cases().into_iter().chain([chaotic()]) {
        let mut doomed = Doomed::new(&config, images(), &super::support::cpu());
        let Some((divergence, metrics)) = wait(doomed.end()) else { panic!("{name}: nothing within {WITHIN} steps") };
        assert_eq!(divergence.cause, cause, "{name}: {divergence:?}");
        assert_eq!(metrics.step.last(), Some(&divergence.step), "{name}: curves end where training did");
        assert!(metrics.d_loss.iter().rev().skip(1).all(|v| v.unwrap().is_finite()), "{name}: {:?}", metrics.d_loss);
        // It was no false alarm: parameters break, at once or within the next steps; and what is told stays.
        let again = wait(doomed.go_on());
        assert_eq!(again.divergence.as_ref().map(|d| (d.step, d.cause)), Some((divergence.step, cause)), "{name}");
        assert_eq!(again.metrics.step.len(), 0, "{name}");
        let moments = divergence.what == What::Moments;
        assert!(moments || !wait(locate(&doomed.run)).unwrap().is_empty(), "{name}: every parameter is finite");
    }
}

#[test]
fn row_3_healthy_runs_raise_no_alarm() {
    for (name, config) in [("MLP", crate::common::mlp()), ("DCGAN", crate::common::dcgan())] {
        let mut run = Doomed::new(&config, images(), &super::support::cpu());
        assert_eq!(wait(run.go_on()).divergence, None, "{name}");
    }
}
