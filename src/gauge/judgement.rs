//! What D makes of images: how often it is right, what it says on average, and how its logits are spread.

use serde::Serialize;

use crate::kernels::sigmoid;

/// D's logits on images of each kind.
#[derive(Debug, Default)]
pub struct Judgement {
    /// Images it is trained on.
    pub training: Vec<f32>,
    /// Real images it has never seen.
    pub held_out: Vec<f32>,
    /// By the generator as it is.
    pub fake: Vec<f32>,
}

/// The share of the images of each kind that D takes for what they are, at the threshold 1/2. A D that is much better on images it
/// was trained on than on others has learnt them by heart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Accuracy {
    pub training: f64,
    pub held_out: f64,
    pub fake: f64,
}

/// Mean of D over images of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Opinion {
    pub training: f64,
    pub held_out: f64,
    pub fake: f64,
}

/// How D's logits are spread, in [`BINS`] equal steps from `low` to `high`; what lies beyond is in the outermost.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Logits {
    pub low: f32,
    pub high: f32,
    /// Shares of the real images, seen and unseen together.
    pub real: Vec<f32>,
    /// Shares of the forged images.
    pub fake: Vec<f32>,
}

/// An even number, so that D = 1/2 is an edge.
const BINS: usize = 24;
/// D is 0.9997 at a logit of 8: beyond it nothing is left to tell apart.
const REACH: f32 = 8.0;

impl Judgement {
    pub fn accuracy(&self) -> Accuracy {
        let genuine = |logits: &[f32]| mean(logits, |a| f64::from(u8::from(a > 0.0)));
        let forged = |logits: &[f32]| mean(logits, |a| f64::from(u8::from(a <= 0.0)));
        Accuracy { training: genuine(&self.training), held_out: genuine(&self.held_out), fake: forged(&self.fake) }
    }

    pub fn opinion(&self) -> Opinion {
        let [training, held_out, fake] =
            [&self.training, &self.held_out, &self.fake].map(|logits| mean(logits, |a| sigmoid(a).into()));
        Opinion { training, held_out, fake }
    }

    /// -E log D(G(z)), what G minimises in the non-saturating game, whichever game is played: it falls as D is fooled.
    pub fn g_loss(&self) -> f64 {
        mean(&self.fake, |a| {
            let a = f64::from(a);
            (-a).max(0.0) + (-a.abs()).exp().ln_1p()
        })
    }

    pub fn logits(&self) -> Logits {
        let real = [&self.training[..], &self.held_out[..]].concat();
        Logits { low: -REACH, high: REACH, real: histogram(&real), fake: histogram(&self.fake) }
    }
}

fn mean(logits: &[f32], of: impl Fn(f32) -> f64) -> f64 {
    logits.iter().map(|&a| of(a)).sum::<f64>() / logits.len().max(1) as f64
}

fn histogram(logits: &[f32]) -> Vec<f32> {
    let mut bins = [0.0; BINS];
    for a in logits {
        let at = (a + REACH) / (2.0 * REACH) * BINS as f32;
        // Below the range the conversion gives 0.
        bins[(at as usize).min(BINS - 1)] += 1.0;
    }
    let all = logits.len().max(1) as f32;
    bins.iter().map(|b| b / all).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judgement() -> Judgement {
        Judgement { training: vec![1.0, -1.0, 3.0, 20.0], held_out: vec![0.5, -0.5], fake: vec![-2.0, -30.0, 0.0] }
    }

    #[test]
    fn d_is_right_where_the_sign_of_its_logit_is() {
        let found = judgement().accuracy();
        assert_eq!(found, Accuracy { training: 0.75, held_out: 0.5, fake: 1.0 });
    }

    #[test]
    fn opinion_and_loss_have_their_hand_values() {
        let Opinion { held_out, .. } = judgement().opinion();
        // sigmoid(a) + sigmoid(-a) = 1
        assert!((held_out - 0.5).abs() < 1e-7);
        // log(1 + e^2), 30 + log(1 + e^-30), log 2
        let expected = ((1.0 + 2f64.exp()).ln() + 30.0 + 2f64.ln()) / 3.0;
        assert!((judgement().g_loss() - expected).abs() < 1e-9);
    }

    #[test]
    fn a_histogram_holds_every_image_and_what_lies_beyond_at_its_ends() {
        let Logits { real, fake, .. } = judgement().logits();
        for bins in [&real, &fake] {
            assert!(bins.len() == BINS && (bins.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        }
        let sixth = 1.0 / 6.0;
        // The first bin right of D = 1/2 is [0, 2/3): 0.5. The last one holds the 20.
        assert!((real[BINS / 2] - sixth).abs() < 1e-6 && (real[BINS - 1] - sixth).abs() < 1e-6);
        assert!((fake[0] - 1.0 / 3.0).abs() < 1e-6 && (fake[BINS / 2] - 1.0 / 3.0).abs() < 1e-6);
        assert!(Judgement::default().logits().real.iter().all(|&b| b == 0.0));
    }
}
