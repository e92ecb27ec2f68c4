//! Changes of D's input: instance noise, differentiable augmentation, label flipping. They apply to real and fake
//! images, in D steps and in G steps, where gradients flow through.

use std::ops::Range;

use burn::tensor::{Tensor, TensorData};
use counterfeit_data::SampleShape;
use counterfeit_kernels::{self as kernels, Operations};
use counterfeit_nn::constant_for;
use counterfeit_random::Random;
use serde::{Deserialize, Serialize};

use crate::upload::{Drawn, Upload};

/// Differentiable augmentation (Zhao et al. 2020, DiffAugment).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Augment {
    None,
    /// Translation by up to an eighth of the side.
    Translation,
    /// Translation, shear and scaling within the variation of handwriting, which preserve the digit.
    Pose,
    /// Brightness, contrast, translation and a cut-out square.
    All,
}

/// The largest shear, in pixels to the right per row. The slant of digits varies by about as much.
const LEAN: f32 = 0.5;
/// The largest scaling factor, and the inverse of the smallest; width and height are scaled independently.
const STRETCH: f32 = 1.3;

/// The largest translation: an eighth of the side, in whole pixels.
fn farthest(side: usize) -> usize {
    side / 8
}

/// The largest horizontal displacement of a pixel: by translation, plus by shear in the first or last row.
fn reach(side: usize) -> usize {
    farthest(side) + side / 4 + 1
}

/// Side of the cutout square: half of the image's, as in the authors' code.
fn cut(side: usize) -> usize {
    side / 2
}

/// The changes of a batch of images before D.
#[derive(Debug, Clone, Copy)]
pub struct Augmentation {
    /// Standard deviation of the noise on every value.
    pub noise: f64,
    pub shape: SampleShape,
    pub augment: Augment,
}

/// Ranges of a batch's random numbers within the upload.
#[derive(Debug, Clone)]
pub struct Draw {
    noise: Range<usize>,
    /// Brightness of each image, then contrast of each.
    brightness_contrast: Range<usize>,
    /// Translation of each image, right and down, and shear.
    translation: Range<usize>,
    /// Interpolation matrices of the rows and then of the columns of each image: see [`stretch`].
    stretch: Range<usize>,
    /// Cutout mask: 0 within the square, 1 elsewhere.
    cutout_mask: Range<usize>,
}

impl Augmentation {
    /// Draws the random numbers for a batch of `n`.
    pub fn draw(&self, n: usize, rng: &mut Random, upload: &mut Upload) -> Draw {
        let count = |wanted: bool, each: usize| if wanted { n * each } else { 0 };
        let (moves, all) = (self.augment != Augment::None, self.augment == Augment::All);
        let side = self.shape.height;
        let most = farthest(side);
        let shift = |rng: &mut Random| rng.below(2 * most + 1) as f32 - most as f32;
        let poses = self.augment == Augment::Pose;
        let lean = |rng: &mut Random| if poses { LEAN * (2.0 * rng.uniform() - 1.0) } else { 0.0 };
        let factor = |rng: &mut Random| libm::powf(STRETCH, 2.0 * rng.uniform() - 1.0);
        Draw {
            noise: upload
                .add((0..count(self.noise > 0.0, self.shape.values())).map(|_| self.noise as f32 * rng.normal())),
            // Brightness -0.5 to 0.5 and contrast 0.5 to 1.5, as in the authors' code.
            brightness_contrast: upload.add((0..count(all, 2)).map(|i| rng.uniform() + if i < n { -0.5 } else { 0.5 })),
            translation: upload.add((0..count(moves, 1)).flat_map(|_| [shift(rng), shift(rng), lean(rng)])),
            stretch: upload.add((0..count(poses, 2)).flat_map(|_| stretch(factor(rng), side))),
            cutout_mask: upload.add((0..count(all, 1)).flat_map(|_| cutout([rng.below(side), rng.below(side)], side))),
        }
    }

    /// Applies the changes to a batch `[n, values]`. `operations` as in [`counterfeit_nn::Network`].
    pub fn apply(&self, images: Tensor<2>, drawn: &Drawn, draw: &Draw, operations: Operations) -> Tensor<2> {
        let [n, values] = images.dims();
        let device = images.device();
        let mut x = images;
        if let Some(noise) = drawn.vector(&draw.noise) {
            x = x + constant_for(noise.reshape([n, values]), &device);
        }
        if let Some(brightness_contrast) = drawn.vector(&draw.brightness_contrast) {
            let column = |from: usize| {
                constant_for(brightness_contrast.clone().slice([from..from + n]).reshape([n, 1]), &device)
            };
            x = x + column(0);
            let mean = kernels::mean_rows(x.clone()); // [n, 1]
            x = (x - mean.clone()) * column(n) + mean;
        }
        if let Some(translation) = drawn.vector(&draw.translation) {
            let SampleShape { channels, height: side, .. } = self.shape;
            // The channels of an image move together, each as an image of its own, [n channels, places].
            let of_channels = |each: Tensor<2>| constant_for(repeat_for_channels(each, channels), &device);
            let translation = of_channels(translation.reshape([n, 3]));
            // Pixels from outside the image and within the cutout are black: -1.
            let mut lit = channel_rows(x + 1.0, channels);
            if let Some(stretch) = drawn.vector(&draw.stretch) {
                let shares = repeat_for_channels(stretch.reshape([2 * n, side * side]), channels);
                let shares = constant_for(shares.reshape([2 * n * channels, side, side]), &device);
                lit = stretched(lit, shares, operations);
            }
            let moved = if operations.kernels() {
                kernels::shift(lit, translation, side)
            } else {
                shifted(lit, translation, side)
            };
            let moved = match drawn.vector(&draw.cutout_mask) {
                Some(cutout_mask) => moved * of_channels(cutout_mask.reshape([n, side * side])),
                None => moved,
            };
            x = if channels == 1 { moved } else { moved.reshape([n, values]) } - 1.0;
        }
        x
    }
}

/// The channels of images `[n, values]` as rows, `[n channels, places]`.
fn channel_rows(images: Tensor<2>, channels: usize) -> Tensor<2> {
    let [n, values] = images.dims();
    if channels == 1 { images } else { images.reshape([n * channels, values / channels]) }
}

/// Rows, each repeated for every channel of its image: `[n, k]` -> `[n channels, k]`.
fn repeat_for_channels(rows: Tensor<2>, channels: usize) -> Tensor<2> {
    let [n, k] = rows.dims();
    if channels == 1 { rows } else { rows.reshape([n, 1, k]).repeat_dim(1, channels).reshape([n * channels, k]) }
}

/// The cutout mask of a square around a centre, which may exceed the image: 0 within, 1 elsewhere.
fn cutout([cx, cy]: [usize; 2], side: usize) -> impl Iterator<Item = f32> {
    let half = cut(side) / 2;
    let inside = move |v: usize, c: usize| v + half >= c && v < c + half;
    (0..side * side).map(move |i| if inside(i % side, cx) && inside(i / side, cy) { 0.0 } else { 1.0 })
}

/// The linear interpolation matrix `[new, old]` of rows or columns, for scaling by a factor about the centre of the
/// image.
fn stretch(factor: f32, side: usize) -> impl Iterator<Item = f32> {
    let middle = (side as f32 - 1.0) / 2.0;
    let from = move |to: usize| middle + (to as f32 - middle) / factor;
    (0..side * side).map(move |i| (1.0 - (from(i / side) - (i % side) as f32).abs()).max(0.0))
}

/// Scales images `[n, pixels]` by the interpolation matrices `shares` `[2 n, side, side]`: those of the rows, then of
/// the columns.
fn stretched(x: Tensor<2>, shares: Tensor<3>, operations: Operations) -> Tensor<2> {
    let ([n, pixels], [_, side, _]) = (x.dims(), shares.dims());
    let [rows, columns] = [shares.clone().slice([0..n]), shares.slice([n..2 * n])];
    let x = x.reshape([n, side, side]);
    let x = if operations.kernels() {
        kernels::product(kernels::product(rows, x, [false, false]), columns, [false, true])
    } else {
        rows.matmul(x).matmul(columns.swap_dims(1, 2))
    };
    x.reshape([n, pixels])
}

/// The plain version of [`kernels::shift`], for displacements of at most [`reach`]: reads each image from a padded
/// copy.
fn shifted(x: Tensor<2>, translation: Tensor<2>, side: usize) -> Tensor<2> {
    let ([n, pixels], reach) = (x.dims(), reach(side));
    let wide = side + 2 * reach;
    let around = x.reshape([n, side, side]).pad([(reach, reach), (reach, reach)], 0.0).reshape([n, wide * wide]);
    let device = around.device();
    let grid = |of: &dyn Fn(usize) -> usize| {
        let values: Vec<f32> = (0..pixels).map(|i| (of(i) + reach) as f32).collect();
        constant_for(Tensor::<2>::from_data(TensorData::new(values, [1, pixels]), &device.clone().inner()), &device)
    };
    let (row, column_of) = (|i: usize| i / side, |i: usize| i % side);
    let column = |axis: usize| translation.clone().slice([0..n, axis..axis + 1]);
    let middle = reach as f64 + (side as f64 - 1.0) / 2.0;
    let lean = (grid(&row).sub_scalar(middle) - column(1).mul_scalar(0.5)) * column(2); // [n, pixels]
    let from = (grid(&row) - column(1)).mul_scalar(wide as f64) + (grid(&column_of) - column(0)) - lean.round();
    around.gather(1, from.int())
}

/// Label flipping: swaps the real and the fake image of a row with probability `share`, so that D gets the wrong label
/// for both.
pub fn flipped([real, fake]: [Tensor<2>; 2], uniform: Option<Tensor<1>>, share: f64) -> [Tensor<2>; 2] {
    let Some(uniform) = uniform else { return [real, fake] };
    let n = uniform.dims()[0];
    let swapped = uniform.lower_elem(share).float().cast(real.dtype()).reshape([n, 1]);
    let difference = (fake.clone() - real.clone()) * swapped;
    [real + difference.clone(), fake - difference]
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;
    use counterfeit_random::Stream;

    const SIDE: usize = 28;
    const SHAPE: SampleShape = SampleShape::image(1, SIDE);
    const PIXELS: usize = SHAPE.values();

    const N: usize = 6;

    fn batch(values: Vec<f32>) -> Tensor<2> {
        Tensor::from_data(TensorData::new(values, [N, PIXELS]), &Device::flex())
    }

    fn values(t: Tensor<2>) -> Vec<f32> {
        t.into_data().try_to_vec().unwrap()
    }

    /// The random numbers on the device, and their ranges.
    fn drawn(augmentation: Augmentation) -> (Drawn, Draw) {
        let mut upload = Upload::default();
        let draw = augmentation.draw(N, &mut Random::new(3, Stream::Augmentation), &mut upload);
        (upload.send(&Device::flex()), draw)
    }

    /// Bright dots on black, each image its own.
    fn dots() -> Vec<f32> {
        let mut rng = Random::new(4, Stream::Noise);
        (0..N * PIXELS).map(|_| if rng.below(5) == 0 { rng.uniform() } else { -1.0 }).collect()
    }

    #[test]
    fn a_translation_moves_every_image_whole_and_by_at_most_an_eighth() {
        let augmentation = Augmentation { noise: 0.0, shape: SHAPE, augment: Augment::Translation };
        let (drawn, draw) = drawn(augmentation);
        let (before, after) = (dots(), values(augmentation.apply(batch(dots()), &drawn, &draw, Operations::Kernels)));
        assert_eq!(
            after,
            values(augmentation.apply(batch(dots()), &drawn, &draw, Operations::Reference)),
            "the plain version differs"
        );
        let mut moved = 0;
        for (a, b) in before.chunks(PIXELS).zip(after.chunks(PIXELS)) {
            let shift = |dx: i32, dy: i32| {
                let at = |i: usize| {
                    let (x, y) = ((i % SIDE) as i32 - dx, (i / SIDE) as i32 - dy);
                    let inside = (0..SIDE as i32).contains(&x) && (0..SIDE as i32).contains(&y);
                    if inside { a[(y * SIDE as i32 + x) as usize] } else { -1.0 }
                };
                (0..PIXELS).all(|i| (at(i) - b[i]).abs() < 1e-6)
            };
            let most = farthest(SIDE) as i32;
            let found =
                (-most..=most).flat_map(|dx| (-most..=most).map(move |dy| (dx, dy))).find(|&(dx, dy)| shift(dx, dy));
            moved += usize::from(found.expect("a shift of the image") != (0, 0));
        }
        assert!(moved >= N - 1, "{moved}");
    }

    #[test]
    fn a_slant_moves_each_row_whole_and_by_its_distance_from_the_middle() {
        let translation: [[f32; 3]; N] =
            [[2.0, -3.0, 0.5], [-3.0, 2.0, -0.5], [0.0, 1.0, 0.31], [0.0; 3], [1.0, 1.0, -0.07], [3.0, 3.0, 0.2]];
        let moves = || Tensor::<2>::from_data(TensorData::new(translation.concat(), [N, 3]), &Device::flex());
        let (before, after) = (dots(), values(kernels::shift(batch(dots()), moves(), SIDE)));
        assert_eq!(after, values(shifted(batch(dots()), moves(), SIDE)), "the plain version differs");
        for ((a, b), [dx, dy, lean]) in before.chunks(PIXELS).zip(after.chunks(PIXELS)).zip(translation) {
            for (i, &found) in b.iter().enumerate() {
                let (x, y) = ((i % SIDE) as f32, (i / SIDE) as f32);
                // A row goes from y - dy to y; the middle is between rows 13 and 14.
                let from_middle = f32::midpoint(y, y - dy) - 13.5;
                let from = [x - dx - (lean * from_middle).round_ties_even(), y - dy];
                let inside = from.iter().all(|v| (0.0..SIDE as f32).contains(v));
                let expected = if inside { a[from[1] as usize * SIDE + from[0] as usize] } else { 0.0 };
                assert_eq!(found, expected, "{x} {y}, moved by {dx} {dy}, slanted by {lean}");
            }
        }
    }

    /// Interpolation is linear, so that a linear brightness gradient stays linear.
    #[test]
    fn a_stretched_slope_is_a_slope_about_the_middle() {
        let slope =
            |a: f32, b: f32| (0..PIXELS).map(move |i| a * ((i / SIDE) as f32 - 13.5) + b * ((i % SIDE) as f32 - 13.5));
        let (wide, high) = (1.25, 1.1);
        let shares: Vec<f32> = (0..2 * N).flat_map(|i| stretch(if i < N { high } else { wide }, SIDE)).collect();
        let shares = || Tensor::<3>::from_data(TensorData::new(shares.clone(), [2 * N, SIDE, SIDE]), &Device::flex());
        let x = || batch((0..N).flat_map(|_| slope(0.03, -0.05)).collect());
        for operations in [Operations::Kernels, Operations::Reference] {
            let found = values(stretched(x(), shares(), operations));
            let expected: Vec<f32> = slope(0.03 / high, -0.05 / wide).collect();
            assert!(found.chunks(PIXELS).all(|i| i.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-5)));
        }
        let drawn = drawn(Augmentation { noise: 0.0, shape: SHAPE, augment: Augment::Pose });
        assert_eq!(drawn.1.stretch.len(), 2 * N * PIXELS);
    }

    #[test]
    fn the_channels_of_an_image_move_together() {
        let (colour, grey) = (SampleShape::image(3, 16), SampleShape::image(1, 16));
        let mut rng = Random::new(4, Stream::Noise);
        let x: Vec<f32> = (0..N * colour.values()).map(|_| 2.0 * rng.uniform() - 1.0).collect();
        let rows = |x: Vec<f32>| Tensor::<2>::from_data(TensorData::new(x.clone(), [N, x.len() / N]), &Device::flex());
        for (augment, operations) in [
            (Augment::Translation, Operations::Kernels),
            (Augment::Pose, Operations::Kernels),
            (Augment::Pose, Operations::Reference),
        ] {
            let augmentation = Augmentation { noise: 0.0, shape: colour, augment };
            let (drawn, draw) = drawn(augmentation);
            let found = values(augmentation.apply(rows(x.clone()), &drawn, &draw, operations));
            for c in 0..3 {
                let channel = |x: &[f32]| -> Vec<f32> {
                    x.chunks(colour.values()).flat_map(|i| i[c * grey.values()..][..grey.values()].to_vec()).collect()
                };
                let alone = Augmentation { shape: grey, ..augmentation };
                let expected = values(alone.apply(rows(channel(&x)), &drawn, &draw, operations));
                assert_eq!(channel(&found), expected, "{augment:?}, channel {c}");
            }
        }
    }

    #[test]
    fn light_cut_out_and_noise_do_what_they_say() {
        let augmentation = Augmentation { noise: 0.0, shape: SHAPE, augment: Augment::All };
        let (drawn_all, draw) = drawn(augmentation);
        for image in values(augmentation.apply(batch(vec![0.2; N * PIXELS]), &drawn_all, &draw, Operations::Kernels))
            .chunks(PIXELS)
        {
            // Contrast does not change a uniform image: only its brightness and black pixels remain.
            let level = image.iter().copied().fold(-1.0, f32::max);
            assert!(
                image.iter().all(|&v| (v - level).abs() < 1e-5 || v == -1.0) && (level - 0.2).abs() <= 0.5,
                "{level}"
            );
            // At most a square of 14 and a border of 3 on two sides are black, at least a quarter of the square.
            let cut = cut(SIDE);
            let black = image.iter().filter(|v| **v == -1.0).count();
            assert!((cut * cut / 4..=cut * cut + 2 * farthest(SIDE) * SIDE).contains(&black), "{black}");
        }
        let augmentation = Augmentation { noise: 0.3, shape: SHAPE, augment: Augment::None };
        let (noise, draw) = drawn(augmentation);
        let v = values(augmentation.apply(batch(vec![0.0; N * PIXELS]), &noise, &draw, Operations::Kernels));
        let deviation = (v.iter().map(|v| f64::from(v * v)).sum::<f64>() / v.len() as f64).sqrt();
        // Four standard errors: 0.3 / sqrt(2 n).
        assert!((deviation - 0.3).abs() < 4.0 * 0.3 / (2.0 * v.len() as f64).sqrt(), "{deviation}");
    }

    #[test]
    fn gradients_flow_back_to_where_pixels_came_from() {
        gradients_flow_back(Augment::All);
        gradients_flow_back(Augment::Pose);
    }

    /// The changes are affine in the image x: the gradient of w . show(x) is constant, and w . (show(x) - show(0)) =
    /// gradient . x.
    fn gradients_flow_back(augment: Augment) {
        let augmentation = Augmentation { noise: 0.1, shape: SHAPE, augment };
        let (drawn, draw) = drawn(augmentation);
        let mut rng = Random::new(5, Stream::Noise);
        let w: Vec<f32> = (0..N * PIXELS).map(|_| rng.normal()).collect();
        let x = Tensor::from_inner(batch(dots())).require_grad();
        let shown = augmentation.apply(x.clone(), &drawn, &draw, Operations::Kernels);
        let gradients = (shown.clone() * Tensor::from_inner(batch(w.clone()))).sum().backward();
        let gradient = values(x.grad(&gradients).unwrap());
        let zero = values(augmentation.apply(batch(vec![0.0; N * PIXELS]), &drawn, &draw, Operations::Kernels));
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum::<f64>();
        let change: Vec<f32> = values(shown.inner()).iter().zip(&zero).map(|(a, b)| a - b).collect();
        let (expected, found) = (dot(&w, &change), dot(&gradient, &dots()));
        assert!((expected - found).abs() < 1e-3 * dot(&gradient, &gradient).sqrt(), "{expected} {found}");
    }
}
