//! Least squares (Mao et al. 2017): D regresses to one target on real images and to another on fake ones, G to a third.
//! Unlike that of logistic losses, the gradient does not vanish when D is confident, and grows with the distance from
//! the target.

use counterfeit_kernels::Term;

use super::{Loss, Output, Reference, number};

/// Targets 0 and 1 of D, and 1 of G. D = (a - 0)^2 / 2 on fakes, (a - t)^2 / 2 on real images; G = (a - 1)^2 / 2. The
/// best D is t p_data / (p_data + p_g).
pub const LABELS: Loss = Loss {
    key: "least-squares",
    label: "least squares, labels 0 and 1",
    source: "Mao et al. 2017 (LSGAN)",
    algorithm: [
        "descend the mean of \u{bd}(D(x) \u{2212} 1)\u{b2} + \u{bd}D(G(z))\u{b2}",
        "descend the mean of \u{bd}(D(G(z)) \u{2212} 1)\u{b2}",
    ],
    output: Output::Score { threshold: 0.5 },
    d_terms: |t| [Term::square(t as f32).times(0.5), Term::square(0.0).times(0.5)],
    g_terms: [Term::NOTHING, Term::square(1.0).times(0.5)],
    labels: true,
    references: |t| {
        let [d, d_loss, g_loss] = level(t);
        let at = |curve, value, label: &str| Reference { curve, value, label: format!("D = {d:.2} {label}") };
        vec![at("d_loss", d_loss, "everywhere"), at("g_loss", g_loss, "on fakes"), at("output", d, "at equilibrium")]
    },
    equilibrium: |t| {
        let [d, d_loss, g_loss] = level(t);
        let (d_loss, g_loss) = (number(d_loss), number(g_loss));
        format!(
            "D's targets are {t} on real and 0 on generated samples, so at equilibrium D = {d:.2} everywhere. D's \
             loss is then {d_loss} and G's {g_loss}: the two dashed lines."
        )
    },
    d_optimal: Some(|[p, q], t| t * p / (p + q)),
    ..Loss::BASE
};

/// Targets -1 and 1 of D, and 0 of G, which makes G's loss the Pearson chi-square divergence of p_data + p_g from 2 p_g
/// (for b - c = 1 and b - a = 2).
///
/// The best D is D* = (p_data - p_g) / (p_data + p_g), in [-1, 1]: the root of p_data (a - 1) + p_g (a + 1). With r =
/// p_data / p_g it is (r - 1) / (r + 1), where the Pearson f-GAN (Nowozin et al. 2016) has T* = 2 (r - 1), which has no
/// upper bound. It is not in `d_optimal`, because the page draws D* in [0, 1].
pub const PEARSON: Loss = Loss {
    key: "pearson",
    label: "least squares, Pearson: \u{2212}1, 1, 0",
    source: "Mao et al. 2017 (LSGAN)",
    algorithm: [
        "descend the mean of \u{bd}(D(x) \u{2212} 1)\u{b2} + \u{bd}(D(G(z)) + 1)\u{b2}",
        "descend the mean of \u{bd}D(G(z))\u{b2}",
    ],
    output: Output::Score { threshold: 0.0 },
    d_terms: |_| [Term::square(1.0).times(0.5), Term::square(-1.0).times(0.5)],
    g_terms: [Term::NOTHING, Term::square(0.0).times(0.5)],
    references: |_| {
        let at = |curve, value, label: &str| Reference { curve, value, label: format!("D = 0 {label}") };
        vec![at("d_loss", 1.0, "everywhere"), at("g_loss", 0.0, "on fakes"), at("output", 0.0, "at equilibrium")]
    },
    equilibrium: |_| {
        "D's targets are 1 on real and \u{2212}1 on generated samples, so the optimal D is (p_data \u{2212} p_g)/\
         (p_data + p_g), between \u{2212}1 and 1, and at equilibrium D = 0 everywhere. D's loss is then 1 and G's 0: \
         the two dashed lines."
            .into()
    },
    ..Loss::BASE
};

/// D's output, D's loss and G's loss at equilibrium, with target `t` on real images.
fn level(t: f64) -> [f64; 3] {
    let d = t / 2.0;
    [d, t * t / 4.0, (1.0 - d).powi(2) / 2.0]
}
