//! Differentiable augmentation (Zhao et al. 2020, DiffAugment): changes of all images that D sees, real and fake, in D
//! steps and in G steps, where gradients flow through.

use std::ops::Range;

use burn::tensor::{Tensor, TensorData};
use counterfeit_data::SampleShape;
use counterfeit_kernels::{self as kernels, Operations};
use counterfeit_nn::constant_for;
use counterfeit_random::{Random, StepDraws};
use counterfeit_spec::{Choice, Spec};

use super::{Start, StepContext, Trick};
use crate::upload::{Drawn, Upload};

/// The kind of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Augment {
    #[choice("none")]
    None,
    /// Translation by up to an eighth of the side.
    #[choice("translation")]
    Translation,
    /// Translation, shear and scaling within the variation of handwriting, which preserve the digit.
    #[choice("translation, shear, scaling")]
    Pose,
    /// Brightness, contrast, translation and a cut-out square.
    #[choice("brightness, contrast, translation, cutout")]
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

/// The changes of the images that D sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Spec)]
pub struct Augmentation {
    /// Differentiable transforms of all images that D sees, real or generated: translation by up to an eighth, or also
    /// brightness, contrast and cutout. For small training sets.
    #[setting(label = "Augmentation", default = Augment::None, basic, source = "Zhao et al. 2020 (DiffAugment)")]
    pub augment: Augment,
}

/// Ranges of a batch's random numbers within the upload.
#[derive(Debug, Clone)]
pub struct Draw {
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
    /// Draws the random numbers for a batch of `n`, whose images have sides of `side`.
    pub fn draw(&self, n: usize, side: usize, rng: &mut Random, upload: &mut Upload) -> Draw {
        let count = |wanted: bool, each: usize| if wanted { n * each } else { 0 };
        let (moves, all) = (self.augment != Augment::None, self.augment == Augment::All);
        let most = farthest(side);
        let shift = |rng: &mut Random| rng.below(2 * most + 1) as f32 - most as f32;
        let poses = self.augment == Augment::Pose;
        let lean = |rng: &mut Random| if poses { LEAN * (2.0 * rng.uniform() - 1.0) } else { 0.0 };
        let factor = |rng: &mut Random| libm::powf(STRETCH, 2.0 * rng.uniform() - 1.0);
        Draw {
            // Brightness -0.5 to 0.5 and contrast 0.5 to 1.5, as in the authors' code.
            brightness_contrast: upload.add((0..count(all, 2)).map(|i| rng.uniform() + if i < n { -0.5 } else { 0.5 })),
            translation: upload.add((0..count(moves, 1)).flat_map(|_| [shift(rng), shift(rng), lean(rng)])),
            stretch: upload.add((0..count(poses, 2)).flat_map(|_| stretch(factor(rng), side))),
            cutout_mask: upload.add((0..count(all, 1)).flat_map(|_| cutout([rng.below(side), rng.below(side)], side))),
        }
    }

    /// Applies the changes to images `[n, values]` of a shape. `operations` as in [`counterfeit_nn::Network`].
    pub fn apply(
        &self,
        images: Tensor<2>,
        shape: SampleShape,
        drawn: &Drawn,
        draw: &Draw,
        operations: Operations,
    ) -> Tensor<2> {
        let [n, values] = images.dims();
        let device = images.device();
        let mut x = images;
        if let Some(brightness_contrast) = drawn.vector(&draw.brightness_contrast) {
            let column = |from: usize| {
                constant_for(brightness_contrast.clone().slice([from..from + n]).reshape([n, 1]), &device)
            };
            x = x + column(0);
            let mean = kernels::mean_rows(x.clone()); // [n, 1]
            x = (x - mean.clone()) * column(n) + mean;
        }
        if let Some(translation) = drawn.vector(&draw.translation) {
            let SampleShape { channels, height: side, .. } = shape;
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

impl Trick for Augmentation {
    type State = ();
    type Draw = Draw;

    fn start(&self, _: &Start) {}

    fn draw_input(&self, step: &StepContext, draws: &mut StepDraws, upload: &mut Upload) -> Option<Draw> {
        let wanted = self.augment != Augment::None;
        wanted.then(|| self.draw(step.batch, step.shape.height, &mut draws.augmentation, upload))
    }

    fn input(&self, batch: Tensor<2>, draw: Option<Draw>, drawn: &Drawn, step: &StepContext) -> Tensor<2> {
        match draw {
            Some(draw) => self.apply(batch, step.shape, drawn, &draw, step.operations),
            None => batch,
        }
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

#[cfg(test)]
mod tests;
