//! The minimax loss of Goodfellow et al. 2014, equation 1:
//! min_G max_D V(D, G) = E_x log D(x) + E_z log(1 - D(G(z))),
//! and its non-saturating variant (section 3), in which G maximises log D(G(z)) instead.
//!
//! With logits a, D = sigmoid(a), so log D = -softplus(-a) and log(1 - D) = -softplus(a). G's minimax loss saturates:
//! where D is confident about a fake, its gradient vanishes. The non-saturating one has the same fixed point and avoids
//! this.

use counterfeit_kernels::Term;

use super::{Loss, Output, Reference, number};

/// E_z log(1 - D(G(z))) = -E_z softplus(a)
pub const SATURATING: Loss = Loss {
    key: "minimax",
    label: "minimax (saturating): log(1 \u{2212} D(G(z)))",
    source: "Goodfellow et al. 2014, equation 1",
    algorithm: [D_UPDATE, "descend the mean of log(1 \u{2212} D(G(z)))"],
    g_terms: [Term::NOTHING, Term::softplus(1.0).times(-1.0)],
    references: |t| references(t, (1.0 - best(t)).ln(), "\u{2212}log 2"),
    equilibrium: |t| equilibrium(t, (1.0 - best(t)).ln(), "\u{2212}log 2"),
    ..NON_SATURATING
};

/// -E_z log D(G(z)) = E_z softplus(-a)
pub const NON_SATURATING: Loss = Loss {
    key: "non-saturating",
    label: "non-saturating: \u{2212}log D(G(z))",
    source: "Goodfellow et al. 2014, section 3",
    algorithm: [D_UPDATE, "ascend the mean of log D(G(z)), which has the same fixed point and a stronger gradient"],
    output: Output::Probability,
    d_terms,
    g_terms: [Term::NOTHING, Term::softplus(-1.0)],
    labels: true,
    references: |t| references(t, -best(t).ln(), "log 2"),
    equilibrium: |t| equilibrium(t, -best(t).ln(), "log 2"),
    // Proposition 1.
    d_optimal: Some(|[p, q], t| t * p / (p + q)),
    ..Loss::BASE
};

const D_UPDATE: &str = "ascend the mean of log D(x) + log(1 \u{2212} D(G(z)))";

/// -V with the label `t` on real images: E_x[softplus(-a) + (1 - t) a] + E_z softplus(a).
///
/// The cross-entropy -t log D - (1 - t) log(1 - D) = t softplus(-a) + (1 - t) softplus(a), and softplus(a) = a +
/// softplus(-a).
fn d_terms(t: f64) -> [Term; 2] {
    [Term { linear: (1.0 - t) as f32, ..Term::softplus(-1.0) }, Term::softplus(1.0)]
}

/// The optimal discriminator at equilibrium, where both distributions are equal: t p / (p + p) = t / 2.
fn best(t: f64) -> f64 {
    t / 2.0
}

/// D's loss at equilibrium.
fn d_loss(t: f64) -> f64 {
    let d = best(t);
    -t * d.ln() - (1.0 - t) * (1.0 - d).ln() - (1.0 - d).ln()
}

/// The sentence about the equilibrium; `g` is G's loss there.
fn equilibrium(t: f64, g: f64, g_name: &str) -> String {
    let (d, g) = (number(d_loss(t)), number(g));
    if t == 1.0 {
        format!(
            "At equilibrium D = 1/2 on every sample. D's loss is then 2 log 2 = {d} and G's {g_name} = {g}: the two \
             dashed lines."
        )
    } else {
        format!(
            "With a real label of {t}, D = {:.2}, half of it, on every sample at equilibrium. D's loss is then {d} \
             and G's {g}: the two dashed lines.",
            best(t)
        )
    }
}

/// Reference lines; `g` is G's loss at equilibrium, `g_name` its formula for t = 1.
fn references(t: f64, g: f64, g_name: &str) -> Vec<Reference> {
    let (d, d_loss) = (best(t), d_loss(t));
    let labels = if t == 1.0 {
        ["2 log 2: D = 1/2 everywhere".into(), format!("{g_name}: D = 1/2 on fakes"), "1/2: equilibrium".into()]
    } else {
        [format!("D = {d:.2} everywhere"), format!("D = {d:.2} on fakes"), format!("{d:.2}: equilibrium")]
    };
    let curves = [("d_loss", d_loss), ("g_loss", g), ("output", d)];
    curves.into_iter().zip(labels).map(|((curve, value), label)| Reference { curve, value, label }).collect()
}
