//! The Wasserstein distance (Arjovsky et al. 2017, equations 2 and 3): D is a critic, and E_x D(x) - E_z D(G(z)) is the
//! distance, up to a factor, if D is Lipschitz. The paper ensures this by weight clipping (algorithm 1: `d_clip`).

use counterfeit_kernels::Term;

use super::{Loss, Output, Reference};

/// D: E_z a - E_x a; G: -E_z a.
pub const LOSS: Loss = Loss {
    key: "wasserstein",
    label: "Wasserstein",
    source: "Arjovsky et al. 2017 (WGAN), algorithm 1",
    algorithm: ["ascend the mean of D(x) \u{2212} D(G(z))", "ascend the mean of D(G(z))"],
    output: Output::Critic,
    d_terms: |_| [Term::linear(-1.0), Term::linear(1.0)],
    g_terms: [Term::NOTHING, Term::linear(-1.0)],
    // A critic's output may be shifted by any constant.
    references: |_| vec![Reference { curve: "d_loss", value: 0.0, label: "0: distance estimate 0".into() }],
    equilibrium: |_| {
        "D's loss is minus its estimate of the Wasserstein distance between real and generated samples, up to a \
         factor. It should approach 0, the dashed line, as samples improve. The critic's output is defined up to a \
         constant, so neither G's loss nor D(x) has a line."
            .into()
    },
    ..Loss::BASE
};
