//! Selection of the samples of a batch: seeded, and independent of the speed at which the data arrives.

use std::ops::Range;

use counterfeit_random::{Random, Stream};

/// Number of images that training needs to start; also the block size of the first epoch.
pub const BLOCK: usize = 5_000;

/// Draws without replacement, epoch after epoch.
///
/// The first epoch takes the data in the order in which it arrives, in blocks of [`BLOCK`], each shuffled; later epochs
/// shuffle everything. So the batches depend only on the seed and not on the speed of the download: index i of the
/// run's samples is place i of shuffle after shuffle, each a function of the seed and of its own number.
#[derive(Debug, Clone)]
pub struct Sampler {
    seed: u32,
    total: usize,
    /// Number of samples drawn so far, from which all else follows.
    drawn: u64,
    /// Number of shuffles so far: blocks of the first epoch, then epochs.
    shuffles: u32,
    /// Shuffled indices that have not been drawn yet.
    queue: std::collections::VecDeque<u32>,
    /// First image of the next block of the first epoch; `total` after the first epoch.
    next: usize,
}

impl Sampler {
    pub fn new(seed: u32, total: usize) -> Self {
        Self { seed, total, drawn: 0, shuffles: 0, queue: Default::default(), next: 0 }
    }

    /// The sampler of which `drawn` indices have been drawn.
    pub fn resume(seed: u32, total: usize, drawn: u64) -> Self {
        let mut sampler = Self::new(seed, total);
        // Shuffles that are used up are passed over.
        loop {
            let range = sampler.next_range();
            if range.is_empty() || range.len() as u64 > drawn - sampler.drawn {
                break;
            }
            sampler.pass(&range);
            sampler.drawn += range.len() as u64;
        }
        sampler.draw((drawn - sampler.drawn) as usize);
        sampler
    }

    /// Number of samples drawn so far.
    pub fn drawn(&self) -> u64 {
        self.drawn
    }

    /// Number of images.
    pub fn total(&self) -> usize {
        self.total
    }

    /// Number of images that must have arrived before `n` more can be drawn.
    pub fn needs(&self, n: usize) -> usize {
        let missing = n.saturating_sub(self.queue.len());
        (self.next + missing.div_ceil(BLOCK) * BLOCK).min(self.total)
    }

    /// Draws the next `n` indices. The caller must have checked [`Sampler::needs`].
    pub fn draw(&mut self, n: usize) -> Vec<u32> {
        while self.queue.len() < n {
            self.refill();
        }
        self.drawn += n as u64;
        self.queue.drain(..n).collect()
    }

    fn refill(&mut self) {
        let range = self.next_range();
        let mut indices: Vec<u32> = range.clone().map(|i| i as u32).collect();
        Random::at(self.seed, Stream::Batches, self.shuffles).shuffle(&mut indices);
        self.pass(&range);
        self.queue.extend(indices);
    }

    /// The images that the next shuffle is of.
    fn next_range(&self) -> Range<usize> {
        if self.next < self.total { self.next..(self.next + BLOCK).min(self.total) } else { 0..self.total }
    }

    fn pass(&mut self, range: &Range<usize>) {
        self.shuffles += 1;
        self.next = range.end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_epoch_draws_every_image_once() {
        let mut sampler = Sampler::new(1, 12_000);
        for _ in 0..3 {
            let mut epoch: Vec<u32> = (0..120).flat_map(|_| sampler.draw(100)).collect();
            epoch.sort_unstable();
            assert!(epoch.iter().copied().eq(0..12_000));
        }
    }

    #[test]
    fn the_first_epoch_needs_only_the_blocks_it_draws_from() {
        let mut sampler = Sampler::new(1, 12_000);
        for _ in 0..150 {
            let needs = sampler.needs(96);
            let drawn = sampler.draw(96);
            assert!(drawn.iter().all(|&i| (i as usize) < needs), "drew past {needs}");
        }
        assert_eq!(Sampler::new(1, 12_000).needs(100), BLOCK);
        assert_eq!(sampler.needs(96), 12_000);
    }

    #[test]
    fn a_sampler_that_resumes_draws_what_it_would_have_drawn() {
        for drawn in [0, 1, 4_999, 5_000, 5_001, 11_999, 12_000, 12_001, 40_000] {
            let mut whole = Sampler::new(1, 12_000);
            whole.draw(drawn);
            let mut resumed = Sampler::resume(1, 12_000, drawn as u64);
            assert_eq!(resumed.drawn(), drawn as u64);
            for n in [1, 100, 7_000] {
                assert_eq!(resumed.needs(n), whole.needs(n), "{drawn}");
                assert_eq!(resumed.draw(n), whole.draw(n), "{drawn}");
            }
        }
    }

    #[test]
    fn a_seed_is_an_order() {
        let draw = |seed| Sampler::new(seed, 10_000).draw(500);
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }
}
