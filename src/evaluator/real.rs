//! Selection of real images for the evaluation.

use std::collections::HashMap;

use crate::data::{Images, PIXELS, Part};
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
    /// The `i`-th grid of the first `of` images of a part, 784 bytes each; the last may be short.
    pub fn grid(&mut self, images: &Images, part: Part, of: usize, i: usize) -> Vec<u8> {
        self.indices(part, of, i).iter().flat_map(|&k| pixels(images.body(part), k as usize)).copied().collect()
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

/// Image `i` of a file.
pub fn pixels(body: &[u8], i: usize) -> &[u8] {
    &body[i * PIXELS..(i + 1) * PIXELS]
}

/// The nearest of the run's `used` training images.
pub fn nearest_train(images: &Images, used: usize, image: &[u8]) -> Vec<Nearest> {
    nearest(image, &images.body(Part::TrainImages)[..used * PIXELS], PIXELS)
}

/// Number of images in a part.
pub fn count(images: &Images, part: Part) -> usize {
    images.body(part).len() / PIXELS
}
