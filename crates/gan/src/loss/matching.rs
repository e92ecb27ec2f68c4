//! Feature matching (Salimans et al. 2016): instead of an adversarial loss, G minimises the distance between the mean
//! of D's features on its images and that on real images.

use burn::tensor::Tensor;
use counterfeit_spec::Choice;

use super::terms::mean_output;
use super::{LossAndGradients, Output};

/// The loss of G.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum GeneratorLoss {
    /// The generator's term of the adversarial loss.
    #[choice(key = "game", label = "adversarial")]
    Adversarial,
    /// Feature matching: the squared distance between the mean features of real and fake images (Salimans et al. 2016,
    /// section 3.1).
    #[choice(key = "features", label = "feature matching")]
    FeatureMatching,
}

/// G's line of Algorithm 1.
pub const ALGORITHM: &str = "descend the squared distance between the means of D's features on G(z) and on real x";

/// Computes |E f(x) - E f(G(z))|^2 from D's features of real and of fake images, `[n, features]`, and the gradients of
/// its sum with `also`, `[1]`. `logits` are D's logits on the fake images.
pub fn feature_matching(
    real: Tensor<2>,
    fake: Tensor<2>,
    logits: Tensor<2>,
    output: Output,
    also: Option<Tensor<1>>,
) -> LossAndGradients {
    let loss = (real.mean_dim(0) - fake.mean_dim(0)).square().sum();
    let gradients = match also {
        Some(also) => (loss.clone() + also).backward(),
        None => loss.backward(),
    };
    let loss = loss.inner();
    let numbers = vec![loss.clone(), loss.zeros_like(), mean_output(logits, output == Output::Probability)];
    LossAndGradients { numbers: Tensor::cat(numbers, 0), gradients }
}
