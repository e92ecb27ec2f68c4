//! The methods, each of which is one update with other coefficients.

use counterfeit_spec::Choice;

use super::Rates;

/// Adam's and RMSProp's epsilon: the paper's 1e-8 (Kingma and Ba 2015, algorithm 1).
pub(super) const EPSILON: f64 = 1e-8;

/// The optimizer's method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Method {
    /// Kingma and Ba 2015, algorithm 1; with weight decay it is AdamW (Loshchilov and Hutter 2019, algorithm 2).
    #[choice("Adam")]
    Adam,
    /// Tieleman and Hinton 2012, lecture 6e: the gradient divided by the root of its running mean square, which decays
    /// by beta2.
    #[choice("RMSProp")]
    RmsProp,
    /// SGD with momentum beta1: m = beta1 m + gradient (Sutskever et al. 2013, section 2).
    #[choice("SGD with momentum")]
    Sgd,
    /// SGD with Nesterov momentum, in the form that needs the gradient at the current weights only: gradient + beta1 m
    /// (as in PyTorch).
    #[choice("SGD with Nesterov momentum")]
    Nesterov,
}

/// The coefficients of an update, which adds the gradient to both moments and moves a weight by
/// (step * m + ahead * gradient) / (sqrt(v) + epsilon).
pub struct Coefficients {
    /// Decay rates of m, the mean of gradients, and of v, the mean of their squares.
    pub beta1: f64,
    pub beta2: f64,
    pub step: f64,
    pub ahead: f64,
    pub epsilon: f64,
}

/// The sum of the weights that t gradients have in a mean of this decay rate, which starts at 0; Adam divides by it.
/// Not `powi`, whose last bits are the platform's.
pub fn bias_correction(beta: f64, t: i32) -> f64 {
    1.0 - libm::pow(beta, f64::from(t))
}

impl Method {
    /// The coefficients of update `t`, from 1.
    pub fn coefficients(self, t: i32, Rates { lr, beta1, beta2, .. }: Rates) -> Coefficients {
        let [first, second] = [beta1, beta2].map(|beta| bias_correction(beta, t));
        let [beta1, beta2, step, ahead, epsilon] = match self {
            // The efficient form of the paper (end of section 2): bias correction within the step size and epsilon.
            Method::Adam => [beta1, beta2, lr * second.sqrt() / first, 0.0, EPSILON * second.sqrt()],
            Method::RmsProp => [0.0, beta2, lr, 0.0, EPSILON],
            // The kernel's m is (1 - beta1) times SGD's momentum buffer. Its v stays 0, so that sqrt(v) + epsilon = 1.
            Method::Sgd => [beta1, 1.0, lr / (1.0 - beta1), 0.0, 1.0],
            Method::Nesterov => [beta1, 1.0, lr * beta1 / (1.0 - beta1), lr, 1.0],
        };
        Coefficients { beta1, beta2, step, ahead, epsilon }
    }
}
