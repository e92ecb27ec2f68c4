//! What a run trains.

use counterfeit_data::SampleShape;
use counterfeit_nn::{DiscriminatorSpec, GeneratorSpec};
use counterfeit_random::Prior;

use crate::condition::{CodeSpec, Condition, ConditionSpec};
use crate::growth::{Growth, GrowthSpec};
use crate::loss::{LossSpec, PenaltySpec};
use crate::optim::{OptimizerSpec, Rates};
use crate::tricks::augmentation::Augment;
use crate::tricks::{Augmentation, CodeAugmentation, Tricks};

/// Everything that training reads, each part in its own specification.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainingSpec {
    pub seed: u32,
    /// Shape of a sample.
    pub shape: SampleShape,
    /// Classes of the data set.
    pub classes: usize,
    /// Largest number of samples of the data set to train on.
    pub samples: usize,
    /// Minibatch size.
    pub batch: usize,
    /// k: D steps in a step.
    pub d_steps: usize,
    /// Distribution of z.
    pub prior: Prior,
    pub generator: GeneratorSpec,
    pub discriminator: DiscriminatorSpec,
    pub condition: ConditionSpec,
    /// Samples in a row of D's input (PacGAN).
    pub pack: usize,
    pub loss: LossSpec,
    pub penalty: PenaltySpec,
    pub g_optimizer: OptimizerSpec,
    pub d_optimizer: OptimizerSpec,
    /// Bound on the size of D's weights (WGAN); 0 for none.
    pub weight_clip: f64,
    /// For networks that grow.
    pub growth: Option<GrowthSpec>,
    pub tricks: Tricks,
}

impl TrainingSpec {
    /// The code in G's input.
    pub fn code(&self) -> CodeSpec {
        self.condition.code(self.classes)
    }

    /// Augmentation of the images whose code D predicts: none without codes.
    pub fn code_augmentation(&self) -> Augmentation {
        let CodeAugmentation { augment } = self.tricks.code_augmentation;
        let augment = if self.condition.condition == Condition::Codes { augment } else { Augment::None };
        Augmentation { augment }
    }

    /// Hyperparameters of the updates of G and of D in a step, from 1.
    pub fn rates(&self, step: u32) -> [Rates; 2] {
        let factor = self.tricks.rate(step);
        [self.g_optimizer.rates(step, factor, 0.0), self.d_optimizer.rates(step, factor, self.weight_clip)]
    }

    /// Resolution and fade-in at a step, from 1; None for networks that do not grow.
    pub fn growth(&self, step: u32) -> Option<Growth> {
        self.growth.map(|growth| growth.at(step))
    }
}
