//! The non-saturating game (Goodfellow et al. 2014, section 3): D as in `minimax.rs`, G maximises log D(G(z)) instead of
//! minimising log(1 - D(G(z))). Same fixed point, and the slope stays where D is sure of a fake.

use super::Reference;
use crate::kernels::Term;

/// -E_z log D(G(z)) = E_z softplus(-a).
pub fn g_term() -> Term {
    Term { sign: -1.0, scale: 1.0, linear: 0.0 }
}

pub fn g_reference(t: f64) -> Reference {
    let label = if t == 1.0 { "log 2: D says 1/2 on fakes".into() } else { format!("D says {:.2} on fakes", t / 2.0) };
    Reference { curve: "g_loss", value: -(t / 2.0).ln(), label }
}
