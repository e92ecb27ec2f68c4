//! The hinge loss (Lim and Ye 2017; Miyato et al. 2018): D only learns from images within a margin of 1, G maximises
//! D's output.

use counterfeit_kernels::Term;

use super::{Loss, Output, Reference};

/// D: E_x max(0, 1 - a) + E_z max(0, 1 + a); G: -E_z a.
pub const LOSS: Loss = Loss {
    key: "hinge",
    label: "hinge",
    source: "Lim and Ye 2017 (geometric GAN); Miyato et al. 2018",
    algorithm: ["descend the mean of max(0, 1 \u{2212} D(x)) + max(0, 1 + D(G(z)))", "ascend the mean of D(G(z))"],
    output: Output::Score { threshold: 0.0 },
    d_terms: |_| [Term::hinge(-1.0), Term::hinge(1.0)],
    g_terms: [Term::NOTHING, Term::linear(-1.0)],
    // At equilibrium D's output is any constant in [-1, 1], so that neither G's loss nor D's output has a reference.
    references: |_| vec![Reference { curve: "d_loss", value: 2.0, label: "2: equilibrium".into() }],
    equilibrium: |_| {
        "At equilibrium D's output is a constant between \u{2212}1 and 1 and its loss is 2, the dashed line. G's \
         loss is minus that constant, so it has no line."
            .into()
    },
    ..Loss::BASE
};
