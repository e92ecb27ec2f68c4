//! Each state's name on points, what it means, and the thresholds by which it is found.

use crate::diagnosis::State;

/// Title and explanation.
pub fn of(state: State) -> (&'static str, &'static str) {
    match state {
        State::Exploded => (
            "Training has exploded",
            "In three evaluations in a row D's outputs, and with them the losses, were beyond 1,000 on average, or a tenth of the generated points lay ten times as far out as the window reaches; or in one something was no number any more. Weights that have grown so far do not come back: lower the learning rates and restart. A Wasserstein critic needs a bound on its slope.",
        ),
        State::Failed => (
            "Training has failed",
            "After eight evaluations and 500 steps or more the generated points are nowhere near the data: in the last three the Jensen-Shannon divergence had come less than a twentieth of the way from log 2 = 0.693, its value where nothing overlaps, to the real-data reference, or no point was on a mode, and Wasserstein's distance was not a fifth below the least of the run's first half. Lower the learning rates and restart.",
        ),
        State::Vanishing => (
            "G's gradient has vanished",
            "In the last looks, up to three, D gave generated points less than 0.02 and real ones more than 0.98, and G's loss was flat at the generated ones, below 0.02 a unit of x. Where the two densities do not overlap a perfect D is flat on both (Arjovsky and Bottou 2017, theorem 2.4). Noise on what D sees makes them overlap.",
        ),
        State::Oscillation => (
            "Points wander from mode to mode",
            "On average over five looks a quarter of the points or more changed their mode from one look to the next, while the divergence from the data got no better: G runs to where D is not looking, and D follows (Metz et al. 2017).",
        ),
        State::Collapse => (
            "Modes are missing",
            "Three looks in a row more than 30 % of the points were on modes, and their distribution over the modes was more than 0.25 nats from the data's (two of eight missing are 0.29), while the divergence got no better. D judges points one by one and does not see that they are alike; a penalty on its slope, or packing, helps.",
        ),
        State::Approaching => (
            "Far from the data, and coming nearer",
            "The points are still far from the data, and nearer than before: the Jensen-Shannon divergence of the last three evaluations is at least 3 % below all of the fifty before, or Wasserstein's distance a fifth below the least of the run's first half. It is too early to call this learning: a heap of points that runs past the data comes nearer too.",
        ),
        State::Learning => (
            "Learning",
            "The Jensen-Shannon divergence from the data still falls: it has come more than a quarter of the way from log 2 to the real-data reference, and the best of the last three looks is at least 3 % below all of the fifty before.",
        ),
        State::Plateau => (
            "Plateau, away from the data",
            "The last three evaluations brought no smaller divergence, and it is not near the real-data reference: more than 0.1 nats above it, or by Wasserstein's distance a tenth of the window. Whether more steps help cannot be seen from here; other settings may.",
        ),
        State::Settled => (
            "Steady, near the data",
            "The last three looks brought no smaller divergence from the data, and no sign of missing or changing modes. The divergence is within 0.1 nats of the real-data reference, which is that of as many real samples.",
        ),
        _ => (
            "Too early to tell",
            "A judgement needs four looks, because single evaluations of a GAN are noisy, and eight where nothing overlaps yet.",
        ),
    }
}
