//! Selection of real images for the evaluation.

use std::collections::HashMap;

use crate::data::{Images, Part};
use crate::metrics::{Nearest, nearest};
use crate::random::{Random, Stream};
use crate::snapshot::GRID;

/// The order in which real images are taken, made once: files are not shuffled (the first half of MNIST's test set is
/// easier than the second).
#[derive(Default)]
pub struct Shuffled {
    orders: HashMap<(Part, usize), Vec<u32>>,
}

impl Shuffled {
    /// The `i`-th grid of the first `of` images of a part, one byte a value; the last may be short.
    pub fn grid(&mut self, images: &Images, part: Part, of: usize, i: usize) -> Vec<u8> {
        self.indices(part, of, i).iter().flat_map(|&k| images.image(part, k as usize)).copied().collect()
    }

    /// The classes of the same images.
    pub fn classes(&mut self, images: &Images, part: Part, of: usize, i: usize) -> Vec<u8> {
        let labels = images.body(part.partner());
        self.indices(part, of, i).iter().filter_map(|&k| labels.get(k as usize)).copied().collect()
    }

    fn indices(&mut self, part: Part, of: usize, i: usize) -> &[u32] {
        let order = self.orders.entry((part, of)).or_insert_with(|| {
            let mut order: Vec<u32> = (0..of as u32).collect();
            Random::new(0, Stream::Measure).shuffle(&mut order);
            order
        });
        &order[(i * GRID).min(of)..((i + 1) * GRID).min(of)]
    }
}

/// The nearest of the run's `used` training images.
pub fn nearest_train(images: &Images, used: usize, image: &[u8]) -> Vec<Nearest> {
    let values = images.shape().values();
    nearest(image, &images.body(Part::TrainImages)[..used * values], values)
}
