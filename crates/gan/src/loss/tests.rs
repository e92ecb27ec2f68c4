//! What a loss declares, and what its tests share. Its values and gradients: `definition.rs`; its optimum:
//! `equilibrium.rs`.

mod definition;
mod equilibrium;

use burn::tensor::{Device, Tensor, TensorData};
use counterfeit_spec::Choice;

use super::{Objective, Output};

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

/// Labels at which an objective is tried.
fn labels(objective: Objective) -> &'static [f64] {
    if objective.loss().labels { &[1.0, 0.9] } else { &[1.0] }
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
fn one_sided_label_smoothing_changes_the_losses_that_have_labels_and_no_others() {
    for objective in Objective::ALL {
        let smooth = objective.d_terms(2, 0.9) != objective.d_terms(2, 1.0);
        assert_eq!(smooth, [LOGISTIC[0], LOGISTIC[1], Objective::LeastSquares].contains(&objective), "{objective:?}");
        assert!(!objective.loss().label.is_empty() && !objective.loss().source.is_empty(), "{objective:?}");
    }
    assert_ne!(Objective::Pearson.equilibrium(1.0), Objective::LeastSquares.equilibrium(1.0));
    assert_ne!(Objective::Pearson.loss().label, Objective::LeastSquares.loss().label);
}

#[test]
fn every_loss_has_its_lines_of_algorithm_1() {
    for objective in Objective::ALL {
        for line in objective.loss().algorithm {
            assert!(line.starts_with("ascend the mean of ") || line.starts_with("descend the mean of "), "{line}");
        }
    }
}
