//! Title and explanation of each state of a density run, with its thresholds.

use crate::diagnosis::State;

/// Title and explanation.
#[expect(clippy::too_many_lines, reason = "a table of data")]
pub fn of(state: State) -> (&'static str, &'static str) {
    match state {
        State::Exploded => (
            "Training diverged (values explode)",
            "In three evaluations in a row D's outputs, and so the losses, were above 1,000 on average, or a tenth \
             of the generated points lay beyond ten times the window; or in one a value was not finite. Such weights \
             do not recover: lower the learning rates and restart. A Wasserstein critic needs a Lipschitz constraint.",
        ),
        State::Failed => (
            "Training has failed",
            "After eight evaluations and 500 steps or more the generated points are far from the data: in the last \
             three the Jensen-Shannon divergence had covered less than 5 % of the way from log 2 = 0.693, its value \
             without overlap, to the real-data reference, or no point was on a mode, and the Wasserstein distance \
             was not 20 % below the least of the run's first half. Lower the learning rates and restart.",
        ),
        State::Vanishing => (
            "G's gradient has vanished",
            "In the last evaluations, up to three, mean D(G(z)) was below 0.02, mean D(x) above 0.98, and the \
             gradient of G's loss at generated points below 0.02 per unit of x. Where the two densities do not \
             overlap, a perfect D is flat on both (Arjovsky and Bottou 2017, theorem 2.4). Instance noise makes them \
             overlap.",
        ),
        State::Oscillation => (
            "Oscillation between modes",
            "Over five evaluations 25 % of the points or more changed mode each time, on average, while the \
             Jensen-Shannon divergence did not improve: G moves to modes that D does not reject yet, and D follows \
             (Metz et al. 2017).",
        ),
        State::Collapse => (
            "Mode collapse",
            "In three evaluations in a row more than 30 % of the points were on modes, and the KL divergence of \
             their shares from the data's was above 0.25 nats (0.29 with two of eight modes missing), while the \
             Jensen-Shannon divergence did not improve. D sees points one by one, not that they are alike; a \
             gradient penalty or packing helps.",
        ),
        State::Approaching => (
            "Far from the data, improving",
            "The points are still far from the data, but nearer than before: the best Jensen-Shannon divergence of \
             the last three evaluations is at least 3 % below the fifty before, or the Wasserstein distance 20 % \
             below the least of the run's first half. Too little to call this learning: a cluster that passes the \
             data comes nearer too.",
        ),
        State::Learning => (
            "Learning",
            "The Jensen-Shannon divergence still falls: it has covered more than 25 % of the way from log 2 to the \
             real-data reference, and the best of the last three evaluations is at least 3 % below the fifty before.",
        ),
        State::Plateau => (
            "Plateau, far from the data (no improvement in the last 3 evaluations)",
            "The Jensen-Shannon divergence did not improve in the last three evaluations and is more than 0.1 nats \
             above the real-data reference, or the Wasserstein distance is above its reference by more than 5 % of \
             the window's width. More steps may or may not help; other settings may.",
        ),
        State::Settled => (
            "Plateau, near the data (no improvement in the last 3 evaluations)",
            "The Jensen-Shannon divergence did not improve in the last three evaluations, and no failure mode is \
             detected. It is within 0.1 nats of the real-data reference, the divergence of as many real samples.",
        ),
        _ => (
            "Collecting evidence",
            "Single evaluations of a GAN are noisy, so four must agree, and eight where nothing overlaps yet.",
        ),
    }
}
