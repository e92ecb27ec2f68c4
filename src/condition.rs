//! What G is told beside noise, and what D has to say of it: a class (conditional GAN, ACGAN), or codes of no given meaning (InfoGAN).
//!
//! A code is a row of ten numbers of which one is 1, and for InfoGAN some more in [-1, 1]. It follows the noise in G's input, so that a
//! linear layer's weights for it are the embedding of a class. D's further outputs follow its verdict.

use burn::tensor::Tensor;
use burn::tensor::activation::log_softmax;
use serde::{Deserialize, Serialize};

use crate::coupling::DOMAINS;
use crate::kernels;
use crate::latent::Random;
use crate::metrics::CLASSES;

/// How class or code come into the game.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    None,
    /// D's features get the class beside them (Mirza and Osindero 2014).
    Concatenation,
    /// D's verdict gets the inner product of its features with the class's embedding added (Miyato and Koyama 2018).
    Projection,
    /// D also names the class of every image, and both players gain by it (Odena et al. 2017, ACGAN).
    Auxiliary,
    /// No class is given: D guesses the code of each generated image, and both gain by it (Chen et al. 2016, InfoGAN).
    Codes,
    /// Each image is of one of two kinds, which share all layers but G's last and D's first (Liu and Tuzel 2016, CoGAN).
    Coupled,
}

/// A second loss and what it says of the code.
pub struct AuxiliaryLoss {
    /// What both players minimise, `[1]`.
    pub loss: Tensor<1>,
    /// The mean of -log Q(class | image), `[1]`: H(c) = ln 10 less this bounds the mutual information of code and image from below.
    pub entropy: Tensor<1>,
}

impl Condition {
    /// Whether real images come with their class, and generated ones are asked for by class.
    pub fn labelled(self) -> bool {
        matches!(self, Self::Concatenation | Self::Projection | Self::Auxiliary)
    }

    /// Whether D has to name the class or the code.
    pub fn has_aux_head(self) -> bool {
        matches!(self, Self::Auxiliary | Self::Codes)
    }

    /// Whether real images are of a kind that D is told, or asked for.
    pub fn has_domains(self) -> bool {
        self.labelled() || self == Self::Coupled
    }

    /// Kinds of images, one number of a code each.
    pub fn classes(self) -> usize {
        match self {
            Self::None => 0,
            Self::Coupled => DOMAINS,
            _ => CLASSES,
        }
    }

    /// Numbers in a code, with InfoGAN's `continuous` ones.
    pub fn width(self, continuous: usize) -> usize {
        self.classes() + if self == Self::Codes { continuous } else { 0 }
    }

    /// Whether D is told the code of what it sees.
    pub fn conditions_d(self) -> bool {
        matches!(self, Self::Concatenation | Self::Coupled)
    }

    /// Numbers that D is told of an image beside its features.
    pub fn d_condition_width(self) -> usize {
        if self == Self::Concatenation { CLASSES } else { 0 }
    }

    /// D's outputs beside its verdict.
    pub fn aux_width(self, continuous: usize) -> usize {
        if self.conditions_d() { 0 } else { self.width(continuous) }
    }

    /// The code of a class, its continuous part 0.
    pub fn code(self, class: u8, continuous: usize) -> Vec<f32> {
        let mut code = vec![0.0; self.width(continuous)];
        if let Some(one) = code.get_mut(usize::from(class)) {
            *one = 1.0;
        }
        code
    }

    /// A code of a class or kind drawn evenly, continuous part U(-1, 1).
    pub fn draw(self, continuous: usize, rng: &mut Random) -> Vec<f32> {
        if self == Self::None {
            return Vec::new();
        }
        let mut code = self.code(rng.below(self.classes()) as u8, continuous);
        code[self.classes()..].iter_mut().for_each(|c| *c = 2.0 * rng.uniform() - 1.0);
        code
    }

    /// D's verdict `[n, 1]` among its outputs `[n, 1 + heads]`, with the codes that it is about `[n, width]`. Linear in the outputs.
    pub fn logits(self, outputs: Tensor<2>, codes: Option<Tensor<2>>) -> Tensor<2> {
        let [n, all] = outputs.dims();
        if all == 1 {
            return outputs;
        }
        let logit = outputs.clone().slice([0..n, 0..1]);
        match (self, codes) {
            (Self::Projection, Some(codes)) => logit + (outputs.slice([0..n, 1..all]) * codes).sum_dim(1),
            _ => logit,
        }
    }

    /// How well D's outputs `[n, 1 + heads]` name the codes `[n, width]` that belong to them: cross-entropy of the class, and for
    /// continuous numbers the Gaussian of standard deviation 1 that InfoGAN's code takes. `fused` as in [`crate::nets::Network`].
    pub fn auxiliary_loss(self, outputs: Tensor<2>, codes: Tensor<2>, fused: bool) -> Option<AuxiliaryLoss> {
        if !self.has_aux_head() {
            return None;
        }
        let [n, all] = outputs.dims();
        let classes = outputs.clone().slice([0..n, 1..1 + CLASSES]);
        let asked = codes.clone().slice([0..n, 0..CLASSES]);
        let cross_entropy = match kernels::chosen(fused) {
            true => kernels::cross_entropy(classes, asked).sum(),
            false => (log_softmax(classes, 1) * asked).sum().neg(),
        };
        let entropy = cross_entropy.div_scalar(n as f64);
        let mut loss = entropy.clone();
        if all > 1 + CLASSES {
            let off = outputs.slice([0..n, 1 + CLASSES..all]) - codes.slice([0..n, CLASSES..all - 1]);
            loss = loss + off.square().sum().div_scalar(2.0 * n as f64);
        }
        Some(AuxiliaryLoss { loss, entropy })
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, TensorData};

    use super::*;
    use crate::latent::Stream;

    fn rows<const W: usize>(values: [[f32; W]; 2]) -> Tensor<2> {
        Tensor::from_data(TensorData::from(values), &Device::flex())
    }

    fn values<const D: usize>(t: Tensor<D>) -> Vec<f32> {
        t.into_data().try_to_vec().unwrap()
    }

    fn one<const W: usize>(at: usize) -> [f32; W] {
        std::array::from_fn(|i| f32::from(u8::from(i == at)))
    }

    #[test]
    fn codes_hold_one_class_drawn_evenly_and_numbers_between_minus_1_and_1() {
        let mut rng = Random::new(1, Stream::Codes);
        assert!(Condition::None.draw(2, &mut rng).is_empty() && Condition::None.code(3, 2).is_empty());
        let mut counts = [0f64; CLASSES];
        for _ in 0..10_000 {
            let code = Condition::Codes.draw(2, &mut rng);
            assert!(code.len() == 12 && code[10..].iter().all(|c| (-1.0..1.0).contains(c)));
            let class = code[..10].iter().position(|&c| c == 1.0).unwrap();
            assert_eq!(code[..10].iter().sum::<f32>(), 1.0);
            counts[class] += 1.0;
        }
        let chi2: f64 = counts.iter().map(|c| (c - 1000.0).powi(2) / 1000.0).sum();
        assert!(chi2 < 27.9, "chi-squared {chi2} exceeds its 99.9 % point at 9 degrees of freedom");
    }

    #[test]
    fn a_projected_verdict_is_the_plain_one_and_the_classs_own() {
        // Verdicts 1 and 2; each class's number is its index.
        let outputs = [1.0, 2.0].map(|v| std::array::from_fn::<f32, 11, _>(|i| if i == 0 { v } else { (i - 1) as f32 }));
        let codes = rows::<10>([one(3), one(9)]);
        assert_eq!(values(Condition::Projection.logits(rows(outputs), Some(codes.clone()))), [4.0, 11.0]);
        for plain in [Condition::Auxiliary, Condition::Codes] {
            assert_eq!(values(plain.logits(rows(outputs), Some(codes.clone()))), [1.0, 2.0]);
        }
    }

    #[test]
    fn recognition_is_cross_entropy_and_half_the_squared_distance() {
        // The first row knows nothing, the second gives its class e^1 against nine e^0.
        let mut outputs = [[0.0f32; 13]; 2];
        (outputs[0][11], outputs[1][12]) = (2.0, -1.0);
        outputs[1][1 + 4] = 1.0;
        let codes = rows::<12>([one(7), one(4)]);
        let e = std::f64::consts::E;
        let entropy = f64::midpoint(10f64.ln(), ((e + 9.0) / e).ln());
        for fused in [true, false] {
            let found = Condition::Codes.auxiliary_loss(rows(outputs), codes.clone(), fused).unwrap();
            let [loss, shown] = [found.loss, found.entropy].map(|t| f64::from(values(t)[0]));
            assert!((shown - entropy).abs() < 1e-6, "{shown} {entropy}");
            assert!((loss - entropy - (4.0 + 1.0) / 4.0).abs() < 1e-6, "{loss}");
        }
        assert!(Condition::Projection.auxiliary_loss(rows([[0.0; 11]; 2]), rows::<10>([one(0), one(0)]), true).is_none());
    }
}
