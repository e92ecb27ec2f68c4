//! Relativistic losses (Jolicoeur-Martineau 2018): they depend on differences of D's outputs on real and fake images,
//! so that G's loss also falls when D's outputs on real images fall.
//!
//! r is D's output on real, f on fake images; r_bar and f_bar are their means, through which gradients flow.

use counterfeit_kernels::{Relation, Term};

use super::{Loss, Output, Reference};

/// RSGAN ("RpGAN" in Huang et al. 2024): D softplus(-(r - f)), G softplus(-(f - r)), over pairs.
pub const PAIRED: Loss = Loss {
    key: "relativistic",
    label: "relativistic, in pairs",
    source: "Jolicoeur-Martineau 2018 (RSGAN)",
    algorithm: [
        "descend the mean of softplus(D(G(z)) \u{2212} D(x))",
        "descend the mean of softplus(D(x) \u{2212} D(G(z)))",
    ],
    output: Output::Critic,
    relation: Relation::Pair,
    d_terms: |_| [Term::softplus(-1.0), Term::NOTHING],
    g_terms: [Term::softplus(1.0), Term::NOTHING],
    references: |_| equal(std::f64::consts::LN_2, "log 2"),
    equilibrium: |_| in_words("log 2 = 0.693"),
    ..Loss::BASE
};

/// RaSGAN: D [softplus(-(r - f_bar)) + softplus(f - r_bar)] / 2, and G the same with r and f exchanged.
pub const AVERAGE: Loss = Loss {
    key: "relativistic-average",
    label: "relativistic average",
    source: "Jolicoeur-Martineau 2018 (RaSGAN)",
    algorithm: [
        "descend the mean of \u{bd}softplus(\u{2212}r) + \u{bd}softplus(f), where r = D(x) \u{2212} mean D(G(z)) and \
         f = D(G(z)) \u{2212} mean D(x)",
        "descend the mean of \u{bd}softplus(r) + \u{bd}softplus(\u{2212}f)",
    ],
    relation: Relation::Average,
    d_terms: |_| [Term::softplus(-1.0).times(0.5), Term::softplus(1.0).times(0.5)],
    g_terms: [Term::softplus(1.0).times(0.5), Term::softplus(-1.0).times(0.5)],
    ..PAIRED
};

/// RaLSGAN: D (r - f_bar - 1)^2 + (f - r_bar + 1)^2.
pub const AVERAGE_LEAST_SQUARES: Loss = Loss {
    key: "relativistic-average-least-squares",
    label: "relativistic average least squares",
    source: "Jolicoeur-Martineau 2018 (RaLSGAN)",
    algorithm: [
        "descend the mean of (r \u{2212} 1)\u{b2} + (f + 1)\u{b2}, where r = D(x) \u{2212} mean D(G(z)) and \
         f = D(G(z)) \u{2212} mean D(x)",
        "descend the mean of (r + 1)\u{b2} + (f \u{2212} 1)\u{b2}",
    ],
    d_terms: |_| [Term::square(1.0), Term::square(-1.0)],
    g_terms: [Term::square(-1.0), Term::square(1.0)],
    references: |_| equal(2.0, "2"),
    equilibrium: |_| in_words("2"),
    ..AVERAGE
};

/// RaHingeGAN: D max(0, 1 - (r - f_bar)) + max(0, 1 + (f - r_bar)).
pub const AVERAGE_HINGE: Loss = Loss {
    key: "relativistic-average-hinge",
    label: "relativistic average hinge",
    source: "Jolicoeur-Martineau 2018 (RaHingeGAN)",
    algorithm: [
        "descend the mean of max(0, 1 \u{2212} r) + max(0, 1 + f), where r = D(x) \u{2212} mean D(G(z)) and \
         f = D(G(z)) \u{2212} mean D(x)",
        "descend the mean of max(0, 1 + r) + max(0, 1 \u{2212} f)",
    ],
    d_terms: |_| [Term::hinge(-1.0), Term::hinge(1.0)],
    g_terms: [Term::hinge(1.0), Term::hinge(-1.0)],
    ..AVERAGE_LEAST_SQUARES
};

/// Reference lines: both losses where r = f.
fn equal(value: f64, name: &str) -> Vec<Reference> {
    ["d_loss", "g_loss"].map(|curve| Reference { curve, value, label: format!("{name}: D(x) = D(G(z))") }).to_vec()
}

fn in_words(value: &str) -> String {
    format!(
        "Only differences D(x) \u{2212} D(G(z)) enter the loss. At equilibrium they are 0 and both losses are \
         {value}: the dashed line."
    )
}
