//! Statistics of D's outputs: accuracy, means and histograms.

use serde::Serialize;

use crate::loss::Output;

/// D's outputs on training, held-out and fake images.
#[derive(Debug, Default)]
pub struct DiscriminatorOutputs {
    /// On its training images.
    pub training: Vec<f32>,
    /// On held-out real images.
    pub held_out: Vec<f32>,
    /// On images of G.
    pub fake: Vec<f32>,
}

/// D's accuracy on each group of images, by its decision threshold, or for a critic by pairs of real and fake images. A
/// much higher accuracy on training than on held-out images means overfitting.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct Accuracy {
    pub training: f64,
    pub held_out: f64,
    pub fake: f64,
}

/// Mean output of D on each group of images.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct MeanOutput {
    pub training: f64,
    pub held_out: f64,
    pub fake: f64,
}

/// Histograms of D's outputs in [`BINS`] equal bins from `low` to `high`; values beyond are in the outermost bins.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct OutputHistogram {
    pub low: f32,
    pub high: f32,
    /// Of real images, training and held-out together.
    pub real: Vec<f32>,
    /// Of fake images.
    pub fake: Vec<f32>,
    /// Meaning of the outputs.
    pub output: Output,
}

/// An even number, so that a decision threshold in the middle is the edge of a bin.
const BINS: usize = 24;
/// Range of logits: D is 0.9997 at 8, beyond which differences do not matter.
const REACH: f32 = 8.0;

impl DiscriminatorOutputs {
    pub fn accuracy(&self, output: Output) -> Accuracy {
        let Some(threshold) = output.decision_threshold() else { return self.pairwise_accuracy() };
        let share_above = |outputs: &[f32]| mean(outputs, |a| f64::from(u8::from(a > threshold)));
        let share_at_most = |outputs: &[f32]| mean(outputs, |a| f64::from(u8::from(a <= threshold)));
        Accuracy {
            training: share_above(&self.training),
            held_out: share_above(&self.held_out),
            fake: share_at_most(&self.fake),
        }
    }

    /// Share of pairs of a real and a fake image in which the real one has the larger output: the area under D's ROC
    /// curve. Fake images are paired with held-out real ones.
    fn pairwise_accuracy(&self) -> Accuracy {
        let mut fake = self.fake.clone();
        fake.sort_by(f32::total_cmp);
        let wins = |real: &[f32]| mean(real, |a| fake.partition_point(|&f| f < a) as f64 / fake.len().max(1) as f64);
        let held_out = wins(&self.held_out);
        Accuracy { training: wins(&self.training), held_out, fake: held_out }
    }

    pub fn mean_d_output(&self, output: Output) -> MeanOutput {
        let [training, held_out, fake] = [&self.training, &self.held_out, &self.fake]
            .map(|outputs| mean(outputs, |a| output.to_probability(a).into()));
        MeanOutput { training, held_out, fake }
    }

    /// Mean absolute output before the sigmoid, of the order of the losses.
    pub fn magnitude(&self) -> f64 {
        let all = [&self.training[..], &self.held_out[..], &self.fake[..]].concat();
        mean(&all, |a| f64::from(a).abs())
    }

    /// The non-saturating loss of G, -E log D(G(z)), from logits, whatever the loss of the run: it falls as D is
    /// fooled.
    pub fn g_loss(&self) -> f64 {
        mean(&self.fake, |a| {
            let a = f64::from(a);
            (-a).max(0.0) + (-a.abs()).exp().ln_1p()
        })
    }

    /// Range of the histograms: fixed for logits, all values for other outputs.
    pub fn output_histogram(&self, output: Output) -> OutputHistogram {
        let real = [&self.training[..], &self.held_out[..]].concat();
        let all = || real.iter().chain(&self.fake).copied();
        let (low, high) = match output {
            Output::Probability => (-REACH, REACH),
            _ => (all().fold(f32::INFINITY, f32::min), all().fold(f32::NEG_INFINITY, f32::max)),
        };
        // Equal outputs still need a range.
        let (low, high) = if low < high { (low, high) } else { (-1.0, 1.0) };
        let histogram = |outputs: &[f32]| histogram(outputs, low, high);
        OutputHistogram { low, high, real: histogram(&real), fake: histogram(&self.fake), output }
    }
}

fn mean(outputs: &[f32], of: impl Fn(f32) -> f64) -> f64 {
    outputs.iter().map(|&a| of(a)).sum::<f64>() / outputs.len().max(1) as f64
}

fn histogram(outputs: &[f32], low: f32, high: f32) -> Vec<f32> {
    let mut bins = [0.0; BINS];
    for a in outputs {
        let at = (a - low) / (high - low) * BINS as f32;
        // Below the range the conversion gives 0.
        bins[(at as usize).min(BINS - 1)] += 1.0;
    }
    let all = outputs.len().max(1) as f32;
    bins.iter().map(|b| b / all).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outputs() -> DiscriminatorOutputs {
        DiscriminatorOutputs {
            training: vec![1.0, -1.0, 3.0, 20.0],
            held_out: vec![0.5, -0.5],
            fake: vec![-2.0, -30.0, 0.0],
        }
    }

    #[test]
    fn d_is_right_where_the_sign_of_its_logit_is() {
        let found = outputs().accuracy(Output::Probability);
        assert_eq!(found, Accuracy { training: 0.75, held_out: 0.5, fake: 1.0 });
    }

    #[test]
    fn opinion_and_loss_have_their_hand_values() {
        let MeanOutput { held_out, .. } = outputs().mean_d_output(Output::Probability);
        // sigmoid(a) + sigmoid(-a) = 1
        assert!((held_out - 0.5).abs() < 1e-7);
        // log(1 + e^2), 30 + log(1 + e^-30), log 2
        let expected = ((1.0 + 2f64.exp()).ln() + 30.0 + 2f64.ln()) / 3.0;
        assert!((outputs().g_loss() - expected).abs() < 1e-9);
        // 25, 1 and 32 of nine images.
        assert!((outputs().magnitude() - 58.0 / 9.0).abs() < 1e-12);
    }

    #[test]
    fn a_histogram_holds_every_image_and_what_lies_beyond_at_its_ends() {
        let OutputHistogram { real, fake, .. } = outputs().output_histogram(Output::Probability);
        for bins in [&real, &fake] {
            assert!(bins.len() == BINS && (bins.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        }
        let sixth = 1.0 / 6.0;
        // The first bin right of D = 1/2 is [0, 2/3): 0.5. The last one holds the 20.
        assert!((real[BINS / 2] - sixth).abs() < 1e-6 && (real[BINS - 1] - sixth).abs() < 1e-6);
        assert!((fake[0] - 1.0 / 3.0).abs() < 1e-6 && (fake[BINS / 2] - 1.0 / 3.0).abs() < 1e-6);
        assert!(DiscriminatorOutputs::default().output_histogram(Output::Probability).real.iter().all(|&b| b == 0.0));
    }

    #[test]
    fn an_output_with_a_border_of_its_own_is_judged_there() {
        let found = outputs().accuracy(Output::Score { threshold: 0.6 });
        assert_eq!(found, Accuracy { training: 0.75, held_out: 0.0, fake: 1.0 });
        assert_eq!(outputs().mean_d_output(Output::Score { threshold: 0.6 }).held_out, 0.0);
    }

    #[test]
    fn a_critic_is_right_about_pairs() {
        // Fakes -2, -30, 0. Of held out 0.5 beats three and -0.5 two; of training 1, 3 and 20 beat three and -1 two.
        let Accuracy { training, held_out, fake } = outputs().accuracy(Output::Critic);
        assert!((held_out - 5.0 / 6.0).abs() < 1e-12 && fake == held_out && (training - 11.0 / 12.0).abs() < 1e-12);
        let OutputHistogram { low, high, real, fake, .. } = outputs().output_histogram(Output::Critic);
        assert!((low, high) == (-30.0, 20.0) && real[BINS - 1] > 0.0 && fake[0] > 0.0);
        let same = DiscriminatorOutputs { training: vec![3.0; 4], held_out: vec![3.0], fake: vec![3.0] };
        assert!(same.output_histogram(Output::Critic).low < same.output_histogram(Output::Critic).high);
    }
}
