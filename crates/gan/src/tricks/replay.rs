//! Experience replay: D also trains on old fakes, so that it does not forget them (ganhacks 8; Shrivastava et al.
//! 2017).

use std::collections::VecDeque;
use std::ops::Range;

use burn::tensor::{Device, Tensor};
use counterfeit_random::Random;
use counterfeit_spec::Spec;

use crate::state::Visitor;

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

/// Buffer of the fake batches of the last D steps.
#[derive(Debug, Clone, Default)]
pub struct ReplayBuffer {
    /// `[n, pixels]` each, oldest first.
    batches: VecDeque<Tensor<2>>,
}

/// The rows of a batch that are replaced by old ones.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplayDraw {
    batch: usize,
    rows: Range<usize>,
}

impl ReplayBuffer {
    /// A buffer of so many blank batches `shape`, to be filled by [`ReplayBuffer::visit`].
    pub fn blank(batches: usize, shape: [usize; 2], device: &Device) -> Self {
        Self { batches: std::iter::repeat_with(|| Tensor::zeros(shape, device)).take(batches.min(KEPT)).collect() }
    }

    /// Number of batches in the buffer.
    pub fn len(&self) -> usize {
        self.batches.len()
    }

    pub fn is_empty(&self) -> bool {
        self.batches.is_empty()
    }

    pub fn visit(&mut self, visitor: &mut impl Visitor) {
        for (i, batch) in self.batches.iter_mut().enumerate() {
            visitor.tensor(&format!("replay.{i}"), batch);
        }
    }

    /// Draws the replaced rows of a batch of `n`, with this share of old images; None while the buffer is empty.
    pub fn draw(&self, n: usize, share: f64, rng: &mut Random) -> Option<ReplayDraw> {
        let rows = (share * n as f64).round() as usize;
        (rows > 0 && !self.batches.is_empty())
            .then(|| ReplayDraw { batch: rng.below(self.batches.len()), rows: 0..rows })
    }

    /// Replaces rows of a new batch, and adds the unchanged batch to the buffer.
    pub fn mix(&mut self, new: Tensor<2>, again: Option<ReplayDraw>) -> Tensor<2> {
        let mixed = match again {
            Some(ReplayDraw { batch, rows }) => {
                let [n, pixels] = new.dims();
                let old = self.batches[batch].clone().slice([rows.clone(), 0..pixels]);
                Tensor::cat(vec![old, new.clone().slice([rows.end..n, 0..pixels])], 0)
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

#[cfg(test)]
mod tests {
    use burn::tensor::TensorData;

    use super::*;
    use counterfeit_random::Stream;

    #[test]
    fn old_rows_come_back_in_front_and_the_store_does_not_grow() {
        let batch = |v: f32| Tensor::<2>::from_data(TensorData::new(vec![v; 8], [4, 2]), &Device::flex());
        let values = |t: Tensor<2>| t.into_data().try_to_vec::<f32>().unwrap();
        let mut rng = Random::new(1, Stream::Replay);
        let mut replay = ReplayBuffer::default();
        assert_eq!(replay.draw(4, 0.5, &mut rng), None);
        assert_eq!(values(replay.mix(batch(0.0), None)), [0.0; 8]);
        assert_eq!(replay.draw(4, 0.0, &mut rng), None);
        let again = replay.draw(4, 0.5, &mut rng);
        assert_eq!(values(replay.mix(batch(1.0), again)), [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0]);
        for v in 2..100 {
            replay.mix(batch(v as f32), None);
        }
        assert_eq!(replay.batches.len(), KEPT);
        // What was mixed in is not kept twice: the newest batch is whole.
        assert_eq!(values(replay.batches[KEPT - 1].clone()), [99.0; 8]);
    }
}
