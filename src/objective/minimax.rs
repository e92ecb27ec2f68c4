//! The minimax game of Goodfellow et al. 2014, equation 1:
//! min_G max_D V(D, G) = E_x log D(x) + E_z log(1 - D(G(z))).
//!
//! With logits a, D = sigmoid(a), so log D = -softplus(-a) and log(1 - D) = -softplus(a). G's loss saturates: where D is sure of
//! a fake, its slope vanishes.

use std::f64::consts::LN_2;

use super::Reference;
use crate::kernels::Term;

/// -V with the label `t` on real images: E_x[softplus(-a) + (1 - t) a] + E_z softplus(a).
///
/// The cross-entropy -t log D - (1 - t) log(1 - D) = t softplus(-a) + (1 - t) softplus(a), and softplus(a) = a + softplus(-a).
pub fn d_terms(t: f64) -> [Term; 2] {
    [Term { sign: -1.0, scale: 1.0, linear: (1.0 - t) as f32 }, Term { sign: 1.0, scale: 1.0, linear: 0.0 }]
}

/// E_z log(1 - D(G(z))) = -E_z softplus(a).
pub fn g_term() -> Term {
    Term { sign: 1.0, scale: -1.0, linear: 0.0 }
}

/// What the best discriminator says everywhere when the two distributions are equal: t p / (p + p) = t / 2.
fn equilibrium(t: f64) -> f64 {
    t / 2.0
}

pub fn d_reference(t: f64) -> Reference {
    let d = equilibrium(t);
    let value = -t * d.ln() - (1.0 - t) * (1.0 - d).ln() - (1.0 - d).ln();
    let label = if t == 1.0 { "2 log 2: D says 1/2 everywhere".into() } else { format!("D says {d:.2} everywhere") };
    debug_assert!(t != 1.0 || (value - 2.0 * LN_2).abs() < 1e-12);
    Reference { curve: "d_loss", value, label }
}

pub fn g_reference(t: f64) -> Reference {
    let label = if t == 1.0 { "-log 2: D says 1/2 on fakes".into() } else { format!("D says {:.2} on fakes", equilibrium(t)) };
    Reference { curve: "g_loss", value: (1.0 - equilibrium(t)).ln(), label }
}

pub fn probability_reference(t: f64) -> Reference {
    let label = if t == 1.0 { "1/2: cannot tell".into() } else { format!("{:.2}: cannot tell", equilibrium(t)) };
    Reference { curve: "probability", value: equilibrium(t), label }
}
