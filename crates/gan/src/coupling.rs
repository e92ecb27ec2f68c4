//! Two domains of images (CoGAN, Liu and Tuzel 2016): digits, and their edges or negatives. Training images are
//! unpaired: every second one is converted to the second domain. G generates both domains from each z; only its last
//! layer differs between them. The agreement of such a pair is a metric, because the conversion is known.

use counterfeit_data::{Images, SampleShape};
use counterfeit_nn::{DOMAINS, DomainHead};
use counterfeit_spec::Choice;
use serde::Serialize;

/// The second domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Coupling {
    /// The image dilated by one pixel, minus the image.
    #[choice("edges of the digit")]
    Edges,
    /// White minus the image.
    #[choice("negative")]
    Negatives,
}

/// The domain of the `i`-th training image: the domains have disjoint halves of the data.
pub fn domain(i: u32) -> u8 {
    (i % DOMAINS as u32) as u8
}

impl Coupling {
    /// The last layers of a generator for this pair. An edge is a matter of a position's neighbours, a negative is not.
    /// Leaky for edges, whose features do not come back once all are 0; not for negatives, whose pairs then no longer
    /// agree (docs/decisions/cogan.md).
    pub fn head(self) -> DomainHead {
        match self {
            Coupling::Edges => DomainHead { kernel: 3, leaky: true },
            Coupling::Negatives => DomainHead { kernel: 1, leaky: false },
        }
    }

    /// The `i`-th training image in its domain.
    pub fn image(self, images: &Images, i: u32) -> Vec<u8> {
        let image = images.pixels(i as usize);
        if domain(i) == 0 { image.to_vec() } else { self.second(image, images.shape()) }
    }

    /// Converts an image to the second domain, one byte a value.
    pub fn second(self, first: &[u8], shape: SampleShape) -> Vec<u8> {
        match self {
            Coupling::Edges => dilated(first, shape).into_iter().zip(first).map(|(grown, v)| grown - v).collect(),
            Coupling::Negatives => first.iter().map(|v| u8::MAX - v).collect(),
        }
    }
}

/// Dilation: the maximum over each 3x3 neighbourhood, in each channel.
fn dilated(image: &[u8], shape: SampleShape) -> Vec<u8> {
    let SampleShape { height, width, .. } = shape;
    let around = |v: usize, end: usize| v.saturating_sub(1)..(v + 2).min(end);
    let of_channel = |channel: &[u8]| -> Vec<u8> {
        let largest = |y: usize, x: usize| {
            around(y, height).flat_map(|y| around(x, width).map(move |x| channel[y * width + x])).max()
        };
        (0..shape.places()).map(|i| largest(i / width, i % width).unwrap_or(0)).collect()
    };
    image.chunks_exact(shape.places()).flat_map(of_channel).collect()
}

/// Agreement of the two images of a pair: the share of pixels in which the second image equals the converted first one,
/// both rounded to black or white.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct Agreement {
    /// For images of one z.
    pub pairs: f64,
    /// Unpaired baseline: for the first image of one z and the second image of another.
    pub shuffled: f64,
}

/// Agreement, counted batch by batch.
#[derive(Debug, Default)]
pub struct Pairs {
    /// Pixels that agree, in pairs and in shuffled pairs.
    agreeing: [usize; 2],
    pixels: usize,
}

impl Pairs {
    /// Adds first and second images of the same z, one byte a value.
    pub fn add(&mut self, coupling: Coupling, shape: SampleShape, first: &[u8], second: &[u8]) {
        let values = shape.values();
        let wanted: Vec<Vec<u8>> = first.chunks(values).map(|image| coupling.second(image, shape)).collect();
        let light = |v: u8| v > u8::MAX / 2;
        let alike = |a: &[u8], b: &[u8]| a.iter().zip(b).filter(|(a, b)| light(**a) == light(**b)).count();
        for (i, image) in second.chunks(values).enumerate() {
            self.agreeing[0] += alike(&wanted[i], image);
            self.agreeing[1] += alike(&wanted[(i + 1) % wanted.len()], image);
            self.pixels += values;
        }
    }

    /// None where there were no pairs.
    pub fn agreement(&self) -> Option<Agreement> {
        let [pairs, shuffled] = self.agreeing.map(|n| n as f64 / self.pixels as f64);
        (self.pixels > 0).then_some(Agreement { pairs, shuffled })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDE: usize = 28;
    const SHAPE: SampleShape = SampleShape::image(1, SIDE);
    const PIXELS: usize = SHAPE.values();

    /// Black but for white pixels at these places.
    fn image(white: &[(usize, usize)]) -> Vec<u8> {
        let mut image = vec![0; PIXELS];
        white.iter().for_each(|(y, x)| image[y * SIDE + x] = 255);
        image
    }

    #[test]
    fn an_edge_is_the_ring_around_what_is_white() {
        let edges = Coupling::Edges.second(&image(&[(5, 5)]), SHAPE);
        let ring = (0..PIXELS).filter(|i| {
            i / SIDE >= 4 && i / SIDE <= 6 && i % SIDE >= 4 && i % SIDE <= 6 && (i / SIDE, i % SIDE) != (5, 5)
        });
        let ring: Vec<_> = ring.collect();
        assert_eq!((0..PIXELS).filter(|&i| edges[i] == 255).collect::<Vec<_>>(), ring);
        // In a corner only a quarter of the ring is in the image.
        let corner = Coupling::Edges.second(&image(&[(0, 0)]), SHAPE);
        assert_eq!(corner.iter().filter(|v| **v == 255).count(), 3);
        assert_eq!(Coupling::Negatives.second(&[0, 255, 10], SHAPE), [255, 0, 245]);
    }

    #[test]
    fn each_channel_is_dilated_by_itself() {
        let shape = SampleShape::image(3, 2);
        let image = [9, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0];
        assert_eq!(dilated(&image, shape), [9, 9, 9, 9, 0, 0, 0, 0, 5, 5, 5, 5]);
    }

    #[test]
    fn agreement_counts_pixels_of_pairs_and_of_strangers() {
        let mut pairs = Pairs::default();
        assert_eq!(pairs.agreement(), None);
        // Two noises: one pair that belongs together, one whose second image has one pixel wrong; 3 pixels of the first
        // are white, and 1 of the second.
        let first = [image(&[(1, 1), (2, 1), (3, 1)]), image(&[(9, 9)])];
        let mut second = first.each_ref().map(|i| Coupling::Negatives.second(i, SHAPE));
        second[1][0] = 0;
        pairs.add(Coupling::Negatives, SHAPE, &first.concat(), &second.concat());
        let all = 2.0 * PIXELS as f64;
        // Strangers differ in the 4 pixels that are white in one of the two, twice, and in the wrong one.
        let expected = Agreement { pairs: (all - 1.0) / all, shuffled: (all - 9.0) / all };
        assert_eq!(pairs.agreement(), Some(expected));
    }
}
