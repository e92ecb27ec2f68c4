//! Experience replay: D also trains on old fakes, so that it does not forget them (ganhacks 8; Shrivastava et al.
//! 2017).

use std::collections::VecDeque;
use std::ops::Range;

use burn::tensor::{Device, Tensor};
use counterfeit_random::StepDraws;
use counterfeit_spec::Spec;

use super::{Start, StepContext, Trick};
use crate::state::Visitor;
use crate::upload::{Drawn, Upload};

/// Number of batches in the buffer.
const KEPT: usize = 32;

/// The share of old fakes among D's fakes; 0 for none.
#[derive(Debug, Clone, Copy, PartialEq, Spec)]
pub struct Replay {
    /// Share of D's generated samples that come from G's last 32 batches, so that D does not forget past fakes.
    #[setting(
        key = "replay", label = "Experience replay", default = 0.0, range = 0.0..=0.9, live,
        source = "ganhacks 8; Shrivastava et al. 2017",
    )]
    pub share: f64,
}

impl Replay {
    /// Number of old fakes in a batch.
    pub fn rows(&self, batch: usize) -> usize {
        (self.share * batch as f64).round() as usize
    }
}

/// Buffer of the fake batches of the last D steps.
#[derive(Debug, Clone)]
pub struct ReplayBuffer {
    /// `[n, values]` each, oldest first.
    batches: VecDeque<Tensor<2>>,
    /// Shape of a batch.
    shape: [usize; 2],
    device: Device,
}

/// The rows of a batch that are replaced by old ones.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplayDraw {
    batch: usize,
    rows: Range<usize>,
}

impl ReplayBuffer {
    /// Replaces rows of a new batch, and adds the unchanged batch to the buffer.
    fn mix(&mut self, new: Tensor<2>, again: Option<ReplayDraw>) -> Tensor<2> {
        let mixed = match again {
            Some(ReplayDraw { batch, rows }) => {
                let [n, values] = new.dims();
                let old = self.batches[batch].clone().slice([rows.clone(), 0..values]);
                Tensor::cat(vec![old, new.clone().slice([rows.end..n, 0..values])], 0)
            }
            None => new.clone(),
        };
        self.batches.push_back(new);
        if self.batches.len() > KEPT {
            self.batches.pop_front();
        }
        mixed
    }
}

impl Trick for Replay {
    type State = ReplayBuffer;
    type Draw = ReplayDraw;

    fn start(&self, start: &Start) -> ReplayBuffer {
        ReplayBuffer { batches: VecDeque::new(), shape: start.batch, device: start.device.clone() }
    }

    fn visit(state: &mut ReplayBuffer, visitor: &mut impl Visitor) {
        let mut batches = state.batches.len();
        visitor.number("replay", &mut batches);
        state.batches.resize_with(batches.min(KEPT), || Tensor::zeros(state.shape, &state.device));
        for (i, batch) in state.batches.iter_mut().enumerate() {
            visitor.tensor(&format!("replay.{i}"), batch);
        }
    }

    /// Keeps what G generated for D steps that are undone.
    fn undo(_: &mut ReplayBuffer, _: ReplayBuffer) {}

    fn draw_pair(
        &self,
        state: &ReplayBuffer,
        step: &StepContext,
        draws: &mut StepDraws,
        _: &mut Upload,
    ) -> Option<ReplayDraw> {
        let rows = self.rows(step.batch);
        (rows > 0 && !state.batches.is_empty())
            .then(|| ReplayDraw { batch: draws.replay.below(state.batches.len()), rows: 0..rows })
    }

    fn pair(
        &self,
        state: &mut ReplayBuffer,
        [real, fake]: [Tensor<2>; 2],
        draw: Option<ReplayDraw>,
        _: &Drawn,
    ) -> [Tensor<2>; 2] {
        [real, state.mix(fake, draw)]
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::TensorData;
    use counterfeit_data::SampleShape;
    use counterfeit_kernels::Operations;

    use super::*;

    #[test]
    fn old_rows_come_back_in_front_and_the_store_does_not_grow() {
        let batch = |v: f32| Tensor::<2>::from_data(TensorData::new(vec![v; 8], [4, 2]), &Device::flex());
        let values = |t: Tensor<2>| t.into_data().try_to_vec::<f32>().unwrap();
        let (weights, device) = (Tensor::zeros([1], &Device::flex()), Device::flex());
        let start = Start { weights: [&weights, &weights], batch: [4, 2], device: &device };
        let mut replay = Replay { share: 0.5 }.start(&start);
        let step = StepContext { step: 1, batch: 4, shape: SampleShape::image(1, 1), operations: Operations::Kernels };
        let draw = |share, replay: &ReplayBuffer| {
            Replay { share }.draw_pair(replay, &step, &mut StepDraws::at(1, 1), &mut Upload::default())
        };
        assert_eq!(draw(0.5, &replay), None);
        assert_eq!(values(replay.mix(batch(0.0), None)), [0.0; 8]);
        assert_eq!(draw(0.0, &replay), None);
        let again = draw(0.5, &replay);
        assert_eq!(values(replay.mix(batch(1.0), again)), [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0]);
        for v in 2..100 {
            replay.mix(batch(v as f32), None);
        }
        assert_eq!(replay.batches.len(), KEPT);
        // What was mixed in is not kept twice: the newest batch is whole.
        assert_eq!(values(replay.batches[KEPT - 1].clone()), [99.0; 8]);
    }
}
