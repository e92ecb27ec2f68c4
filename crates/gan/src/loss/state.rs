//! What losses keep.

use burn::tensor::{Device, Tensor};

use super::{Balance, LossAndGradients, LossSpec};
use crate::state::Visitor;

/// What losses keep from one step to the next. The objective may change during a run, so every run has the states of
/// all losses that have one.
#[derive(Debug, Clone)]
pub struct LossState {
    pub(super) balance: Balance,
}

impl LossState {
    pub fn new(device: &Device) -> Self {
        Self { balance: Balance::new(device) }
    }

    pub fn visit(&mut self, visitor: &mut impl Visitor) {
        self.balance.visit(visitor);
    }
}

/// D's loss beyond its terms: from D's outputs, as for [`LossSpec::evaluate_d`].
pub type EvaluateD = fn(&LossSpec, &mut LossState, Tensor<2>, Option<Tensor<1>>) -> LossAndGradients;
