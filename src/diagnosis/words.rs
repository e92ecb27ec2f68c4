//! Each state's name, what it means, and the thresholds by which it is told.

use super::State;

/// Title and explanation.
pub fn of(state: State) -> (&'static str, &'static str) {
    match state {
        State::Starting => ("Too early to tell", "A judgement needs three measurements: a GAN does everything once."),
        State::Learning => (
            "Learning",
            "Images already cover a fifth of what real ones do, and the kernel distance to real images still falls: the best of the last three measurements is at least 3 % below all before. The losses need not fall; each player's loss depends on how good the other one is.",
        ),
        State::Approaching => (
            "Far from real images, and coming nearer",
            "The kernel distance falls: the best of the last three measurements is at least 3 % below all before. But the images cover less than a fifth of what real ones do: it is too early to call this learning.",
        ),
        State::Plateau => (
            "Plateau, away from real images",
            "The last three measurements brought no better kernel distance, and the images cover less than half of what real ones do. Nothing in particular looks wrong, and more steps may help or not.",
        ),
        State::Settled => (
            "Steady, near real images",
            "The last three measurements brought no better kernel distance, the images cover at least half of what real ones do, and nothing looks wrong. D near 1/2 everywhere can mean equilibrium or a D that has stopped learning: the nearer coverage is to the real-data reference, the more it is the first.",
        ),
        State::Failed => (
            "Training has failed",
            "In six measurements in a row the images covered less than a twentieth of what real ones do, and the kernel distance did not fall by 3 %. What is drawn is no image of the data, and is not becoming one. Too large learning rates are the usual cause: lower them and restart.",
        ),
        State::Exploded => (
            "Training has exploded",
            "In three measurements in a row D's outputs, and with them the losses, were beyond 1,000 on average; for a critic, whose outputs have no scale of their own, beyond a million; or a layer's weights were beyond 20 (root mean square), where all begin with 1 at most. Weights that have grown so far do not come back: lower the learning rates and restart. A critic needs a bound on its slope.",
        ),
        State::Vanishing => (
            "G's gradient has vanished",
            "D is right about more than 98 % of the forgeries and gives them less than 0.02. The saturating loss log(1 - D(G(z))) has a slope of D(G(z)) there, so G is told next to nothing (Goodfellow et al. 2014, section 3; Arjovsky and Bottou 2017). The non-saturating loss keeps its slope.",
        ),
        State::DiscriminatorWins => (
            "The discriminator is winning",
            "Three times in a row D was right about more than 97 % of real and of forged images and gave forgeries less than 0.05; or it was right about more than 90 % on average while the images got no better. G still gets a gradient from the non-saturating loss, but a noisy one (Arjovsky and Bottou 2017, section 2.2).",
        ),
        State::DiscriminatorWeak => (
            "The discriminator is too weak",
            "Three times in a row D was right about fewer than 60 % of its training images and of forged ones together (a coin is right about 50 %), although coverage is below half of what real images reach. A falling G loss means little then: G fools a D that knows nothing (ganhacks 10).",
        ),
        State::Collapse => (
            "Mode collapse",
            "Three times in a row two forged images were less than half as far apart as two real ones, or their classes had less than 60 % of the real entropy, and they did not move apart by a tenth. G has found a few images that pass and draws them for every z (Goodfellow et al. 2014, section 6).",
        ),
        State::Oscillation => (
            "Going in circles",
            "Over five measurements 25 % of the forged images changed their class each time, the generator averaged over steps is one and a half times as near to real images as the generator itself, and neither gets nearer: the two players chase each other around a solution. Smaller steps, or the averaged generator, help.",
        ),
        State::Overfitting => (
            "The discriminator is learning by heart",
            "Over three measurements D was right about at least ten points more of its training images than of images it has never seen. What it tells G is then about those images, not about digits. More images, dropout, or a slower D help (Karras et al. 2020, section 2).",
        ),
        State::Memorisation => (
            "The generator copies",
            "Over three measurements forged images were less than three quarters as far from their nearest training image as real images are that nobody has trained on. G draws what it has seen and nothing new: with few training images this is what the game rewards. Open an image to see its nearest neighbour.",
        ),
        State::Divergence => (
            "The game has come apart",
            "Three times in a row the kernel distance was more than twice what it had been at its best, and 0.1 more, and fewer than half as many images looked real (precision): G had learnt something and has lost it. Too large a step is the usual cause. Or D's mean output on forgeries was beyond 1,000 three times in a row: a critic whose slope nothing holds can make its loss as small as it likes.",
        ),
        State::Misleading => (
            "G's loss falls, its images get no better",
            "Over five measurements G's loss fell by two fifths or more and the kernel distance did not. G's loss is measured by D: when D stands still or forgets, G gets better at fooling this D and at nothing else. Believe the distance, not the loss.",
        ),
    }
}
