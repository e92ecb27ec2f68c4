//! Title and explanation of each state, with its thresholds.

use super::State;

/// Title and explanation.
#[expect(clippy::too_many_lines, reason = "a table of data")]
pub fn of(state: State) -> (&'static str, &'static str) {
    match state {
        State::Starting => ("Collecting evidence", "Single evaluations of a GAN are noisy, so three must agree."),
        State::Learning => (
            "Learning",
            "Coverage is at least 20 % of the real-data reference, and KID still falls: the best of the last three \
             evaluations is at least 3 % below all before. The losses need not fall, because each depends on how \
             good the other network is.",
        ),
        State::Approaching => (
            "Far from real images, improving",
            "KID falls: the best of the last three evaluations is at least 3 % below all before. But coverage is \
             below 20 % of the real-data reference, too little to call this learning.",
        ),
        State::Plateau => (
            "Plateau, far from real images (no improvement in the last 3 evaluations)",
            "KID did not improve in the last three evaluations, and coverage is below half of the real-data \
             reference. No failure mode is detected; more steps may or may not help.",
        ),
        State::Settled => (
            "Plateau, near real images (no improvement in the last 3 evaluations)",
            "KID did not improve in the last three evaluations, coverage is at least half of the real-data \
             reference, and no failure mode is detected. D near 1/2 everywhere means equilibrium, or a D that has \
             stopped learning; coverage close to the reference speaks for equilibrium.",
        ),
        State::Failed => (
            "Training has failed",
            "In six evaluations in a row coverage was below 5 % of the real-data reference, and KID did not fall by \
             3 %: the images do not resemble the data and are not improving. The usual cause is a learning rate that \
             is too large: lower it and restart.",
        ),
        State::Exploded => (
            "Training diverged (values explode)",
            "In three evaluations in a row D's outputs, and so the losses, were above 1,000 on average (for a \
             critic, whose outputs have no fixed scale, above a million), or the weights of a layer were above 20 \
             (root mean square; at most 1 at the start). Such weights do not recover: lower the learning rates and \
             restart. A critic needs a Lipschitz constraint.",
        ),
        State::Vanishing => (
            "G's gradient has vanished",
            "D classifies more than 98 % of the generated images correctly, and mean D(G(z)) is below 0.02. The \
             gradient of the saturating loss log(1 - D(G(z))) with respect to the logit is -D(G(z)), so G gets \
             almost none (Goodfellow et al. 2014, section 3; Arjovsky and Bottou 2017). The non-saturating loss \
             avoids this.",
        ),
        State::DiscriminatorWins => (
            "The discriminator is too strong",
            "In three evaluations in a row D's accuracy was above 97 % on real and on generated images, and mean \
             D(G(z)) below 0.05; or its accuracy was above 90 % on average while the images did not improve. The \
             non-saturating loss still gives G a gradient, but a noisy one (Arjovsky and Bottou 2017, section 2.2).",
        ),
        State::DiscriminatorWeak => (
            "The discriminator is too weak",
            "In three evaluations in a row D's accuracy on training and generated images was below 60 % (chance: 50 \
             %), although coverage is below half of the real-data reference. A falling G loss then means little, \
             because D is easily fooled (ganhacks 10).",
        ),
        State::Collapse => (
            "Mode collapse",
            "In three evaluations in a row the mean distance between two generated images was below half of that \
             between real ones, or their class entropy below 60 % of the real one, and diversity did not rise by 10 \
             %. G maps every z to a few images that fool D (Goodfellow et al. 2014, section 6).",
        ),
        State::Oscillation => (
            "Oscillation",
            "Over five evaluations 25 % of the generated images changed class each time, G's Fréchet distance is \
             more than 1.5 times the EMA's, and neither improves: G and D move around a solution. Smaller learning \
             rates help, or the EMA.",
        ),
        State::Overfitting => (
            "The discriminator is overfitting",
            "Over three evaluations D's accuracy on training images was at least 10 points above that on held-out \
             real images. Its gradient then pulls G towards the training images. More images, dropout or a lower D \
             learning rate help (Karras et al. 2020, section 2).",
        ),
        State::Memorisation => (
            "Memorisation",
            "Over three evaluations the distance of generated images to their nearest training image was below 75 % \
             of that of held-out real images: G reproduces training images. With few of them the loss rewards this. \
             Open an image to see its nearest neighbour.",
        ),
        State::Divergence => (
            "Training diverged",
            "In three evaluations in a row KID was more than twice its best value plus 0.1, and precision below half \
             of its value then: G has lost what it had learnt, usually because a learning rate is too large. Or the \
             critic's mean output on generated images was beyond 1,000: without a Lipschitz constraint its loss has \
             no lower bound.",
        ),
        State::Misleading => (
            "G's loss falls, its images do not improve",
            "Over five evaluations G's loss fell by 40 % or more and KID did not. G's loss is relative to D: when D \
             stops learning or forgets, G only becomes better at fooling this D. Trust KID, not the loss.",
        ),
    }
}
