//! The Dirac-GAN of Mescheder et al. 2018, section 2.1: p_data is a point mass at 0, p_g one at theta, and D(x) = psi
//! x. With two parameters the training dynamics can be drawn.
//!
//! D's output is psi theta on the fake point and 0 on the real one; D descends dL_D/dpsi and G descends dL_G/dtheta.
//! The eigenvalues of the Jacobian of this flow at the equilibrium (0, 0) determine its local behaviour. A negative
//! real part, as with R1, means convergence (section 4.1). Purely imaginary eigenvalues leave the behaviour open: a
//! zero-sum game orbits the equilibrium without converging (section 2), while the non-saturating loss converges, at a
//! rate that tends to 0, because G's gradient differs from D's.

use serde::{Deserialize, Serialize};

use crate::config::refusal;
use crate::error::{Error, Result};
use crate::loss::{Objective, Penalty, PenaltySpec};

/// Largest number of steps of a trajectory.
const MOST_STEPS: usize = 20_000;
/// Largest number of arrows along a side of the vector field.
const MOST_ARROWS: usize = 60;
/// A trajectory ends when a parameter exceeds this: it is far outside the plot and would soon overflow f32.
const LOST: f64 = 1e6;
/// Number of points of the circle through the start at which the flow is tested for being tangential.
const AROUND: usize = 64;
/// Step of the central differences of the Jacobian: the cube root of f64's precision balances rounding and curvature.
const DIFFERENCE: f64 = 6e-6;

/// The request for a portrait.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[cfg_attr(not(target_arch = "wasm32"), ts(rename = "DiracRequest"))]
pub struct DiracSettings {
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "string"))]
    pub objective: Objective,
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "string"))]
    pub penalty: Penalty,
    /// Weight of the penalty, gamma or lambda.
    pub weight: f64,
    pub lr: f64,
    pub steps: usize,
    /// Alternating updates: whether G uses D's new parameter in the same step.
    pub alternating: bool,
    /// theta and psi.
    pub start: [f64; 2],
    /// The vector field covers [-extent, extent] for theta and psi.
    pub extent: f64,
    /// Number of arrows along each side of the vector field.
    pub field: usize,
}

/// The phase portrait.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct Dirac {
    /// The trajectory: theta, psi at the start and after each step.
    #[cfg_attr(target_arch = "wasm32", serde(serialize_with = "crate::typed_array::floats"))]
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Float32Array"))]
    pub path: Vec<f32>,
    /// The direction of simultaneous descent at each arrow, in rows from the bottom.
    #[cfg_attr(target_arch = "wasm32", serde(serialize_with = "crate::typed_array::floats"))]
    #[cfg_attr(not(target_arch = "wasm32"), ts(type = "Float32Array"))]
    pub field: Vec<f32>,
    /// Eigenvalues of the flow's Jacobian at (0, 0): real and imaginary parts. None if the flow is not differentiable
    /// there.
    pub eigenvalues: Option<[[f64; 2]; 2]>,
    /// Radius of the circle through the start, if the flow is tangential to it everywhere.
    pub circle: Option<f64>,
}

/// The update directions of both parameters for a loss.
#[derive(Debug, Clone, Copy)]
struct Flow {
    objective: Objective,
    penalty: PenaltySpec,
}

impl Flow {
    /// -dL_D/dpsi.
    fn psi(&self, at: [f64; 2]) -> f64 {
        -self.objective.loss().dirac_psi(at) - self.penalty.dirac(at[1])
    }

    /// -dL_G/dtheta.
    fn theta(&self, at: [f64; 2]) -> f64 {
        -self.objective.loss().dirac_theta(at)
    }

    fn direction(&self, at: [f64; 2]) -> [f64; 2] {
        [self.theta(at), self.psi(at)]
    }

    /// The Jacobian at (0, 0), by central differences.
    fn jacobian(&self) -> [[f64; 2]; 2] {
        let column = |axis: usize| {
            let moved = |by: f64| {
                let mut at = [0.0; 2];
                at[axis] = by;
                self.direction(at)
            };
            let (after, before) = (moved(DIFFERENCE), moved(-DIFFERENCE));
            [0, 1].map(|i| (after[i] - before[i]) / (2.0 * DIFFERENCE))
        };
        [column(0), column(1)]
    }

    /// One step of gradient descent.
    fn step(&self, at: [f64; 2], lr: f64, alternating: bool) -> [f64; 2] {
        let psi = at[1] + lr * self.psi(at);
        let theta = at[0] + lr * self.theta([at[0], if alternating { psi } else { at[1] }]);
        [theta, psi]
    }
}

/// Computes the phase portrait of a loss.
pub fn portrait(settings: &DiracSettings) -> Result<Dirac> {
    let DiracSettings { objective, penalty, weight, lr, steps, alternating, start, extent, field } = *settings;
    if !objective.loss().dirac {
        let reason = "BEGAN's autoencoder D has no Dirac-GAN: choose another loss.";
        return Err(refusal("objective", reason).into());
    }
    let finite = [weight, lr, extent, start[0], start[1]].into_iter().all(f64::is_finite);
    if !finite || lr <= 0.0 || extent <= 0.0 || steps > MOST_STEPS || field > MOST_ARROWS {
        return Err(Error::Unreadable(format!(
            "a portrait takes at most {MOST_STEPS} steps, {MOST_ARROWS} arrows a side and finite numbers"
        )));
    }
    let flow = Flow { objective, penalty: PenaltySpec { penalty, weight } };
    let mut at = start;
    let mut path = vec![at[0] as f32, at[1] as f32];
    for _ in 0..steps {
        at = flow.step(at, lr, alternating);
        if at.iter().any(|v| !v.is_finite() || v.abs() > LOST) {
            break;
        }
        path.extend(at.map(|v| v as f32));
    }
    let middle = |i: usize| extent * (2.0 * (i as f64 + 0.5) / field as f64 - 1.0);
    let arrows =
        (0..field * field).flat_map(|i| flow.direction([middle(i % field), middle(i / field)]).map(|v| v as f32));
    let eigenvalues = (!flow.penalty.has_kink()).then(|| eigenvalues(flow.jacobian()));
    // In a zero-sum game theta^2 + psi^2 is constant (Mescheder et al. 2018, section 2).
    let radius = libm::hypot(start[0], start[1]);
    let level = |i: usize| {
        let (sin, cos) = libm::sincos(std::f64::consts::TAU * i as f64 / AROUND as f64);
        let [theta, psi] = [radius * cos, radius * sin];
        (flow.theta([theta, psi]) * theta + flow.psi([theta, psi]) * psi).abs() < 1e-9
    };
    let circle = (0..AROUND).all(level).then_some(radius);
    Ok(Dirac { path, field: arrows.collect(), eigenvalues, circle })
}

/// Roots of lambda^2 - trace lambda + determinant.
fn eigenvalues([[a, c], [b, d]]: [[f64; 2]; 2]) -> [[f64; 2]; 2] {
    let (half, determinant) = ((a + d) / 2.0, a * d - b * c);
    let square = half * half - determinant;
    let root = square.abs().sqrt();
    if square >= 0.0 { [[half + root, 0.0], [half - root, 0.0]] } else { [[half, root], [half, -root]] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(objective: Objective, penalty: Penalty, weight: f64) -> DiracSettings {
        DiracSettings {
            objective,
            penalty,
            weight,
            lr: 0.1,
            steps: 500,
            alternating: false,
            start: [1.0, 0.0],
            extent: 2.0,
            field: 9,
        }
    }

    fn sorted(values: [[f64; 2]; 2]) -> [[f64; 2]; 2] {
        let mut values = values;
        values.sort_by(|a, b| a[1].total_cmp(&b[1]).then(a[0].total_cmp(&b[0])));
        values
    }

    fn near(found: Option<[[f64; 2]; 2]>, wanted: [[f64; 2]; 2]) {
        let (found, wanted) = (sorted(found.unwrap()), sorted(wanted));
        let close = found.iter().flatten().zip(wanted.iter().flatten()).all(|(a, b)| (a - b).abs() < 1e-6);
        assert!(close, "{found:?} instead of {wanted:?}");
    }

    #[test]
    fn without_a_penalty_the_eigenvalues_are_imaginary() {
        // f'(0) i, with f'(0) = 1/2 for the logistic losses and 1 for Wasserstein's (Mescheder et al. 2018, section 2).
        for (objective, slope) in [
            (Objective::NonSaturating, 0.5),
            (Objective::Minimax, 0.5),
            (Objective::Wasserstein, 1.0),
            (Objective::Relativistic, 0.5),
        ] {
            near(
                portrait(&settings(objective, Penalty::None, 0.0)).unwrap().eigenvalues,
                [[0.0, slope], [0.0, -slope]],
            );
        }
    }

    #[test]
    fn r1_moves_them_to_the_left() {
        // -gamma/2 +- sqrt(gamma^2/4 - f'(0)^2) (the paper's lemma on gradient penalties in the Dirac-GAN).
        near(
            portrait(&settings(Objective::NonSaturating, Penalty::R1, 0.6)).unwrap().eigenvalues,
            [[-0.3, 0.4], [-0.3, -0.4]],
        );
        near(
            portrait(&settings(Objective::NonSaturating, Penalty::R1, 1.25)).unwrap().eigenvalues,
            [[-0.25, 0.0], [-1.0, 0.0]],
        );
    }

    #[test]
    fn r1_converges_and_nothing_else_here_does() {
        let ends = |penalty, weight, alternating| {
            let Dirac { path, .. } = portrait(&DiracSettings {
                steps: 3_000,
                alternating,
                ..settings(Objective::Wasserstein, penalty, weight)
            })
            .unwrap();
            let [.., theta, psi] = path[..] else { panic!("no path") };
            f64::from(theta.hypot(psi))
        };
        assert!(ends(Penalty::R1, 0.5, false) < 1e-3);
        // Each simultaneous step of a circular flow increases the radius by a factor of sqrt(1 + lr^2) (section 2.3).
        let Dirac { path, .. } =
            portrait(&DiracSettings { steps: 10, ..settings(Objective::Wasserstein, Penalty::None, 0.0) }).unwrap();
        let radius = f64::from(path[20].hypot(path[21]));
        assert!((radius - 1.01f64.powi(5)).abs() < 1e-5, "{radius}");
        // Alternating steps stay near the circle (section 2.3).
        assert!((0.8..1.2).contains(&ends(Penalty::None, 0.0, true)));
        // WGAN-GP does not converge to a point (figure 3).
        assert!(ends(Penalty::Wgan, 0.5, true) > 0.1);
    }

    #[test]
    fn the_circle_is_that_of_a_zero_sum_game() {
        assert_eq!(portrait(&settings(Objective::Minimax, Penalty::None, 0.0)).unwrap().circle, Some(1.0));
        assert_eq!(
            portrait(&DiracSettings { start: [1.0, 0.6], ..settings(Objective::Minimax, Penalty::None, 0.0) })
                .unwrap()
                .circle,
            Some(libm::hypot(1.0, 0.6))
        );
        // Each of these flows is tangential to the circle at its start or a quarter turn from it, but not everywhere.
        for (start, objective, penalty) in [
            ([1.0, 1.0], Objective::NonSaturating, Penalty::R1),
            ([1.0, 0.0], Objective::NonSaturating, Penalty::None),
            ([1.0, 0.6], Objective::Wasserstein, Penalty::OneSided),
            ([1.0, 0.6], Objective::Minimax, Penalty::OneSided),
            ([1.6, 0.6], Objective::Hinge, Penalty::None),
        ] {
            assert_eq!(
                portrait(&DiracSettings { start, ..settings(objective, penalty, 0.3) }).unwrap().circle,
                None,
                "{objective:?}, {penalty:?}"
            );
        }
    }

    #[test]
    fn the_non_saturating_game_comes_nearer_though_its_eigenvalues_are_imaginary() {
        // d(theta^2 + psi^2)/dt / 2 = -a tanh(a / 2) with a = theta psi.
        let Dirac { path, .. } = portrait(&DiracSettings {
            start: [1.0, 0.6],
            lr: 0.01,
            steps: 10_000,
            ..settings(Objective::NonSaturating, Penalty::None, 0.0)
        })
        .unwrap();
        let radius = |k: usize| f64::from(path[2 * k].hypot(path[2 * k + 1]));
        assert!((radius(10_000) - 0.28).abs() < 0.02 && radius(10_000) < radius(5_000), "{}", radius(10_000));
    }

    #[test]
    fn a_kink_has_no_eigenvalues() {
        assert_eq!(portrait(&settings(Objective::Wasserstein, Penalty::Wgan, 0.05)).unwrap().eigenvalues, None);
        assert!(portrait(&settings(Objective::Wasserstein, Penalty::Wgan, 0.0)).unwrap().eigenvalues.is_some());
        assert!(portrait(&settings(Objective::Wasserstein, Penalty::OneSided, 1.0)).unwrap().eigenvalues.is_some());
    }

    #[test]
    fn what_cannot_be_drawn_is_refused() {
        assert!(portrait(&settings(Objective::Began, Penalty::None, 0.0)).is_err());
        assert!(portrait(&DiracSettings { lr: f64::NAN, ..settings(Objective::Minimax, Penalty::None, 0.0) }).is_err());
        assert!(
            portrait(&DiracSettings { steps: 1_000_000, ..settings(Objective::Minimax, Penalty::None, 0.0) }).is_err()
        );
    }
}
