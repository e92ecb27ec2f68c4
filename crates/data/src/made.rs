//! Data sets of images that are drawn by code: at hand without a download, small, and with shapes and classes that the
//! downloaded ones do not have. Image `i` of a part is a function of the part and `i` alone.

use counterfeit_random::{Random, Stream};

use super::{DataSet, Part, SampleShape};

/// The files of a data set, without headers: images, one byte a value, channel by channel; labels, one byte an image.
pub(super) struct Made([Vec<u8>; 4]);

impl Made {
    /// Draws a data set; None if it is not drawn.
    pub fn of(set: DataSet) -> Option<Self> {
        let info = set.spec()?;
        let mut files: [Vec<u8>; 4] = Default::default();
        for (part, count) in [(Part::TrainImages, info.train), (Part::TestImages, info.test)] {
            let (pixels, labels) = images(set, part, count)?;
            files[part as usize] = pixels;
            if !info.classes.is_empty() {
                files[part.partner() as usize] = labels;
            }
        }
        Some(Self(files))
    }

    pub fn body(&self, part: Part) -> &[u8] {
        &self.0[part as usize]
    }
}

/// The first images of a part and their classes; None if the set is not drawn by code.
pub fn images(set: DataSet, part: Part, count: usize) -> Option<(Vec<u8>, Vec<u8>)> {
    let draw: Draw = match set {
        DataSet::Shapes => shape,
        DataSet::Marbles => marble,
        _ => return None,
    };
    let mut pixels = vec![0; count * set.shape().values()];
    let one = |(i, image): (usize, &mut [u8])| {
        draw(&mut Random::at(part as u32, Stream::Pictures, i as u32), set.shape(), image)
    };
    let labels = pixels.chunks_exact_mut(set.shape().values()).enumerate().map(one).collect();
    Some((pixels, labels))
}

/// Draws an image and returns its class.
type Draw = fn(&mut Random, SampleShape, &mut [u8]) -> u8;

/// A uniform number from a range.
fn between(rng: &mut Random, low: f32, high: f32) -> f32 {
    low + (high - low) * rng.uniform()
}

/// The share of a pixel that is inside a figure, from the distance of its middle to the edge, positive inside.
fn covered(distance: f32) -> f32 {
    (distance + 0.5).clamp(0.0, 1.0)
}

/// A place for a figure of this radius, in pixels: its middle.
fn place(rng: &mut Random, shape: SampleShape, radius: f32) -> [f32; 2] {
    [shape.width, shape.height].map(|side| between(rng, radius, side as f32 - radius))
}

/// Pixels with their middles from the middle of a figure, in its radii.
fn pixels(shape: SampleShape, [cx, cy]: [f32; 2], radius: f32) -> impl Iterator<Item = (usize, f32, f32)> {
    let from = move |pixel: usize, middle: f32| (pixel as f32 + 0.5 - middle) / radius;
    (0..shape.places()).map(move |i| (i, from(i % shape.width, cx), from(i / shape.width, cy)))
}

/// A bright disc, square or triangle of some size on black, grey: three classes.
fn shape(rng: &mut Random, shape: SampleShape, image: &mut [u8]) -> u8 {
    let class = rng.below(3) as u8;
    let radius = between(rng, 0.2, 0.36) * shape.width as f32;
    let middle = place(rng, shape, radius);
    let light = between(rng, 140.0, 255.0);
    for (i, u, v) in pixels(shape, middle, radius) {
        let inside = match class {
            0 => 1.0 - (u * u + v * v).sqrt(),
            1 => 0.85 - u.abs().max(v.abs()),
            // Upright and isosceles, its tip at the top; its sides have a slope of two.
            _ => (0.95 - v).min((v + 0.95 - 2.0 * u.abs()) / 5f32.sqrt()),
        };
        image[i] = (light * covered(inside * radius)) as u8;
    }
    class
}

/// A ball of one colour, lit from the upper left, before a paler ground: no classes.
fn marble(rng: &mut Random, shape: SampleShape, image: &mut [u8]) -> u8 {
    let (ball, ground) = (hue(rng.uniform()), hue(rng.uniform()).map(|c| 0.75 + 0.25 * c));
    let radius = between(rng, 0.22, 0.42) * shape.width as f32;
    let middle = place(rng, shape, radius);
    for (i, u, v) in pixels(shape, middle, radius) {
        let square = u * u + v * v;
        let share = covered((1.0 - square.sqrt()) * radius);
        // Lambert's law; the normal of a sphere is its radius.
        let light = (-0.5 * u - 0.6 * v + 0.62 * (1.0 - square).max(0.0).sqrt()).max(0.0);
        for (c, (ball, ground)) in ball.iter().zip(ground).enumerate() {
            let lit = ball * (0.25 + 0.75 * light);
            image[c * shape.places() + i] = (255.0 * (share * lit + (1.0 - share) * ground)) as u8;
        }
    }
    0
}

/// A saturated colour, red, green and blue in [0, 1], by its place on the colour circle, in [0, 1).
fn hue(h: f32) -> [f32; 3] {
    [(6.0 * h - 3.0).abs() - 1.0, 2.0 - (6.0 * h - 2.0).abs(), 2.0 - (6.0 * h - 4.0).abs()].map(|c| c.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Images;

    #[test]
    fn hues_go_round_the_circle() {
        assert_eq!(
            [0.0, 1.0 / 3.0, 2.0 / 3.0].map(hue).map(|c| c.map(f32::round)),
            [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
        );
    }

    #[test]
    fn drawn_sets_are_whole_and_of_their_shape() {
        for (set, classes) in [(DataSet::Shapes, 3), (DataSet::Marbles, 0)] {
            let (info, images) = (set.spec().unwrap(), Images::new(set));
            assert_eq!(info.classes.len(), classes);
            assert_eq!([Part::TrainImages, Part::TestImages].map(|p| images.count(p)), [info.train, info.test]);
            assert!(Part::ALL.iter().all(|&part| images.is_complete(part)));
            let labels = images.body(Part::TrainLabels);
            assert_eq!(labels.len(), if classes == 0 { 0 } else { info.train });
            for class in 0..classes as u8 {
                let share = labels.iter().filter(|l| **l == class).count() as f64 / info.train as f64;
                assert!((share - 1.0 / classes as f64).abs() < 0.02, "{set:?}, class {class}: {share}");
            }
            // No two of the first images are alike, and training and test images differ.
            let first: Vec<&[u8]> = (0..20).map(|i| images.image(Part::TrainImages, i)).collect();
            assert!((1..20).all(|i| first[i] != first[i - 1]));
            assert_ne!(first[0], images.image(Part::TestImages, 0));
        }
    }

    #[test]
    fn a_disc_covers_its_area() {
        let grey = SampleShape::image(1, 16);
        for i in 0..200 {
            let mut image = vec![0; grey.values()];
            let class = shape(&mut Random::at(0, Stream::Pictures, i), grey, &mut image);
            let light = f64::from(*image.iter().max().unwrap());
            let covered = image.iter().map(|&v| f64::from(v)).sum::<f64>() / light;
            // Radii from 3.2 to 5.8 pixels; areas of a disc pi r^2, a square 2.89 r^2, a triangle 1.8 r^2.
            let factor = [std::f64::consts::PI, 2.89, 1.805][usize::from(class)];
            assert!((factor * 10.0 - 4.0..factor * 33.3 + 4.0).contains(&covered), "class {class}: {covered}");
        }
    }
}
