//! Conditioning: G's input besides noise, and D's use of it. A class (conditional GAN, ACGAN), latent codes (InfoGAN)
//! or a domain (CoGAN).
//!
//! A code is a one-hot row, of as many numbers as there are classes, and for InfoGAN some more in [-1, 1]. It follows the noise in G's input, so
//! that a linear layer's weights for it are the class embedding. D's auxiliary outputs follow its logit.

use burn::tensor::Tensor;
use burn::tensor::activation::log_softmax;
use counterfeit_data::Images;
use counterfeit_kernels::{self as kernels, Operations};
use counterfeit_nn::DOMAINS;
use counterfeit_random::Random;
use counterfeit_spec::{Choice, Spec};

use crate::coupling::{Coupling, domain};

/// The kind of conditioning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Condition {
    #[choice("none")]
    None,
    /// The class is concatenated to D's features (Mirza and Osindero 2014).
    #[choice("class, concatenated to D's features")]
    Concatenation,
    /// Projection discriminator: D's logit plus the inner product of its features with the class embedding (Miyato and
    /// Koyama 2018).
    #[choice("class, projection discriminator")]
    Projection,
    /// D also classifies every image; both networks minimise this loss (Odena et al. 2017, ACGAN).
    #[choice("class, auxiliary classifier (ACGAN)")]
    Auxiliary,
    /// Without classes: D predicts the code of each fake image, and both networks minimise this loss (Chen et al. 2016,
    /// InfoGAN).
    #[choice("latent codes (InfoGAN)")]
    Codes,
    /// Two domains of images, which share all layers but G's last and D's first (Liu and Tuzel 2016, CoGAN).
    #[choice("two domains from one z (CoGAN)")]
    Coupled,
}

/// The auxiliary loss.
pub struct AuxiliaryLoss {
    /// The loss that both networks minimise, `[1]`.
    pub loss: Tensor<1>,
    /// Mean cross-entropy -log Q(class | image), `[1]`. H(c), the logarithm of the number of classes, minus this is a lower bound of the mutual
    /// information of categorical code and image.
    pub entropy: Tensor<1>,
}

impl Condition {
    /// Whether the condition is a class, known for real images and given to G.
    pub fn labelled(self) -> bool {
        matches!(self, Self::Concatenation | Self::Projection | Self::Auxiliary)
    }

    /// Whether D has an auxiliary head, which predicts the class or code.
    pub fn has_aux_head(self) -> bool {
        matches!(self, Self::Auxiliary | Self::Codes)
    }

    /// Whether real images have a class or a domain that D uses.
    pub fn has_domains(self) -> bool {
        self.labelled() || self == Self::Coupled
    }

    /// Classes of training images, or domains in a coupled run; None if the condition uses neither. The classes of all
    /// `indices` must have arrived: see [`Images::labelled`].
    pub fn kinds(self, images: &Images, indices: &[u32]) -> Option<Vec<u8>> {
        match self {
            Self::Coupled => Some(indices.iter().map(|&i| domain(i)).collect()),
            _ => self.labelled().then(|| images.classes(indices)),
        }
    }

    /// Whether the code is an input of D.
    pub fn conditions_d(self) -> bool {
        matches!(self, Self::Concatenation | Self::Coupled)
    }

    /// D's logit `[n, 1]` from its outputs `[n, 1 + aux]` and the codes `[n, width]` of its images. Linear in the
    /// outputs.
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
}

/// The conditioning of a run.
#[derive(Debug, Clone, Copy, PartialEq, Spec)]
pub struct ConditionSpec {
    /// G's input besides z. Given a class, G generates it. InfoGAN's codes have no given meaning: maximising their
    /// mutual information with the image makes them encode its main variations.
    #[setting(
        label = "Conditioning", default = Condition::None, basic,
        source = "Mirza and Osindero 2014; Miyato and Koyama 2018; Odena et al. 2017; Chen et al. 2016; Liu and \
            Tuzel 2016",
    )]
    pub condition: Condition,
    /// Every second training image is converted to this domain; none is shown in both. G generates both domains from
    /// each z and shares all layers but the last between them.
    #[setting(
        label = "Second domain", default = Coupling::Edges, only(condition = ["coupled"]),
        source = "Liu and Tuzel 2016 (CoGAN)",
    )]
    pub coupling: Coupling,
    /// Number of codes in [-1, 1], besides the categorical code of ten; the paper uses 2 on MNIST.
    #[setting(
        key = "code_continuous", label = "Continuous codes", default = 2, range = 0..=4, only(condition = ["codes"]),
        source = "Chen et al. 2016 (InfoGAN), appendix C.1",
    )]
    pub continuous: usize,
    /// Weight, in both networks' losses, of the loss with which D predicts the class or code.
    #[setting(
        key = "code_weight", label = "Auxiliary loss weight λ", default = 1.0, range = 0.0..=10.0, live,
        only(condition = ["auxiliary", "codes"]), source = "1 in both papers",
    )]
    pub weight: f64,
}

impl ConditionSpec {
    /// The code of a run on a data set of so many classes.
    pub fn code(&self, classes: usize) -> CodeSpec {
        CodeSpec { condition: self.condition, classes, continuous: self.continuous }
    }
}

/// The code of a run: what it stands for, and its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeSpec {
    pub condition: Condition,
    /// Classes of the data set, or values of InfoGAN's categorical code.
    pub classes: usize,
    /// InfoGAN's continuous codes.
    pub continuous: usize,
}

impl CodeSpec {
    /// Length of the one-hot part: the number of classes or domains.
    pub fn one_hot(self) -> usize {
        match self.condition {
            Condition::None => 0,
            Condition::Coupled => DOMAINS,
            _ => self.classes,
        }
    }

    /// Length of a code.
    pub fn width(self) -> usize {
        self.one_hot() + if self.condition == Condition::Codes { self.continuous } else { 0 }
    }

    /// Length of the condition that is concatenated to D's features.
    pub fn d_condition_width(self) -> usize {
        if self.condition == Condition::Concatenation { self.classes } else { 0 }
    }

    /// Number of D's outputs besides its logit.
    pub fn aux_width(self) -> usize {
        if self.condition.conditions_d() { 0 } else { self.width() }
    }

    /// The code of a class, with continuous codes 0.
    pub fn code(self, class: u8) -> Vec<f32> {
        let mut code = vec![0.0; self.width()];
        if let Some(one) = code.get_mut(usize::from(class)) {
            *one = 1.0;
        }
        code
    }

    /// Draws a code: a uniform class or domain, continuous codes from U(-1, 1).
    pub fn draw(self, rng: &mut Random) -> Vec<f32> {
        let classes = self.one_hot();
        if classes == 0 {
            return Vec::new();
        }
        let mut code = self.code(rng.below(classes) as u8);
        code[classes..].iter_mut().for_each(|c| *c = 2.0 * rng.uniform() - 1.0);
        code
    }

    /// The auxiliary loss of D's outputs `[n, 1 + aux]` for the codes `[n, width]`: cross-entropy of the class, plus
    /// the negative log-likelihood of continuous codes under a Gaussian of standard deviation 1, as in InfoGAN's code.
    /// `operations` as in [`counterfeit_nn::Network`].
    pub fn auxiliary_loss(self, outputs: Tensor<2>, codes: Tensor<2>, operations: Operations) -> Option<AuxiliaryLoss> {
        if !self.condition.has_aux_head() {
            return None;
        }
        let ([n, all], one_hot) = (outputs.dims(), self.one_hot());
        let classes = outputs.clone().slice([0..n, 1..1 + one_hot]);
        let asked = codes.clone().slice([0..n, 0..one_hot]);
        let cross_entropy = match operations.kernels() {
            true => kernels::cross_entropy(classes, asked).sum(),
            false => (log_softmax(classes, 1) * asked).sum().neg(),
        };
        let entropy = cross_entropy.div_scalar(n as f64);
        let mut loss = entropy.clone();
        if all > 1 + one_hot {
            let off = outputs.slice([0..n, 1 + one_hot..all]) - codes.slice([0..n, one_hot..all - 1]);
            loss = loss + off.square().sum().div_scalar(2.0 * n as f64);
        }
        Some(AuxiliaryLoss { loss, entropy })
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, TensorData};

    use super::*;
    use counterfeit_random::Stream;

    const CODES: CodeSpec = CodeSpec { condition: Condition::Codes, classes: 10, continuous: 2 };

    fn spec(condition: Condition) -> CodeSpec {
        CodeSpec { condition, ..CODES }
    }

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
        let none = spec(Condition::None);
        assert!(none.draw(&mut rng).is_empty() && none.code(3).is_empty());
        let mut counts = [0f64; 10];
        for _ in 0..10_000 {
            let code = CODES.draw(&mut rng);
            assert!(code.len() == 12 && code[10..].iter().all(|c| (-1.0..1.0).contains(c)));
            let class = code[..10].iter().position(|&c| c == 1.0).unwrap();
            assert_eq!(code[..10].iter().sum::<f32>(), 1.0);
            counts[class] += 1.0;
        }
        let chi2: f64 = counts.iter().map(|c| (c - 1000.0).powi(2) / 1000.0).sum();
        assert!(chi2 < 27.9, "chi-squared {chi2} exceeds its 99.9 % point at 9 degrees of freedom");
    }

    #[test]
    fn a_projected_logit_is_the_plain_one_plus_the_class_term() {
        // Verdicts 1 and 2; each class's number is its index.
        let outputs =
            [1.0, 2.0].map(|v| std::array::from_fn::<f32, 11, _>(|i| if i == 0 { v } else { (i - 1) as f32 }));
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
        for operations in [Operations::Kernels, Operations::Reference] {
            let found = CODES.auxiliary_loss(rows(outputs), codes.clone(), operations).unwrap();
            let [loss, shown] = [found.loss, found.entropy].map(|t| f64::from(values(t)[0]));
            assert!((shown - entropy).abs() < 1e-6, "{shown} {entropy}");
            assert!((loss - entropy - (4.0 + 1.0) / 4.0).abs() < 1e-6, "{loss}");
        }
        assert!(
            spec(Condition::Projection)
                .auxiliary_loss(rows([[0.0; 11]; 2]), rows::<10>([one(0), one(0)]), Operations::Kernels)
                .is_none()
        );
    }
}
