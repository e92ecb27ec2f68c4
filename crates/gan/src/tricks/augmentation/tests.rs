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
fn drawn(augmentation: Augmentation, side: usize) -> (Drawn, Draw) {
    let mut upload = Upload::default();
    let draw = augmentation.draw(N, side, &mut Random::new(3, Stream::Augmentation), &mut upload);
    (upload.send(&Device::flex()), draw)
}

/// Bright dots on black, each image its own.
fn dots() -> Vec<f32> {
    let mut rng = Random::new(4, Stream::Noise);
    (0..N * PIXELS).map(|_| if rng.below(5) == 0 { rng.uniform() } else { -1.0 }).collect()
}

#[test]
fn a_translation_moves_every_image_whole_and_by_at_most_an_eighth() {
    let augmentation = Augmentation { augment: Augment::Translation };
    let (drawn, draw) = drawn(augmentation, SIDE);
    let (before, after) =
        (dots(), values(augmentation.apply(batch(dots()), SHAPE, &drawn, &draw, Operations::Kernels)));
    assert_eq!(
        after,
        values(augmentation.apply(batch(dots()), SHAPE, &drawn, &draw, Operations::Reference)),
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
    let drawn = drawn(Augmentation { augment: Augment::Pose }, SIDE);
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
        let augmentation = Augmentation { augment };
        let (drawn, draw) = drawn(augmentation, grey.height);
        let found = values(augmentation.apply(rows(x.clone()), colour, &drawn, &draw, operations));
        for c in 0..3 {
            let channel = |x: &[f32]| -> Vec<f32> {
                x.chunks(colour.values()).flat_map(|i| i[c * grey.values()..][..grey.values()].to_vec()).collect()
            };
            let expected = values(augmentation.apply(rows(channel(&x)), grey, &drawn, &draw, operations));
            assert_eq!(channel(&found), expected, "{augment:?}, channel {c}");
        }
    }
}

#[test]
fn light_and_cut_out_do_what_they_say() {
    let augmentation = Augmentation { augment: Augment::All };
    let (drawn_all, draw) = drawn(augmentation, SIDE);
    for image in values(augmentation.apply(batch(vec![0.2; N * PIXELS]), SHAPE, &drawn_all, &draw, Operations::Kernels))
        .chunks(PIXELS)
    {
        // Contrast does not change a uniform image: only its brightness and black pixels remain.
        let level = image.iter().copied().fold(-1.0, f32::max);
        assert!(image.iter().all(|&v| (v - level).abs() < 1e-5 || v == -1.0) && (level - 0.2).abs() <= 0.5, "{level}");
        // At most a square of 14 and a border of 3 on two sides are black, at least a quarter of the square.
        let cut = cut(SIDE);
        let black = image.iter().filter(|v| **v == -1.0).count();
        assert!((cut * cut / 4..=cut * cut + 2 * farthest(SIDE) * SIDE).contains(&black), "{black}");
    }
}

#[test]
fn gradients_flow_back_to_where_pixels_came_from() {
    gradients_flow_back(Augment::All);
    gradients_flow_back(Augment::Pose);
}

/// The changes are affine in the image x: the gradient of w . show(x) is constant, and w . (show(x) - show(0)) =
/// gradient . x.
fn gradients_flow_back(augment: Augment) {
    let augmentation = Augmentation { augment };
    let (drawn, draw) = drawn(augmentation, SIDE);
    let mut rng = Random::new(5, Stream::Noise);
    let w: Vec<f32> = (0..N * PIXELS).map(|_| rng.normal()).collect();
    let x = Tensor::from_inner(batch(dots())).require_grad();
    let shown = augmentation.apply(x.clone(), SHAPE, &drawn, &draw, Operations::Kernels);
    let gradients = (shown.clone() * Tensor::from_inner(batch(w.clone()))).sum().backward();
    let gradient = values(x.grad(&gradients).unwrap());
    let zero = values(augmentation.apply(batch(vec![0.0; N * PIXELS]), SHAPE, &drawn, &draw, Operations::Kernels));
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum::<f64>();
    let change: Vec<f32> = values(shown.inner()).iter().zip(&zero).map(|(a, b)| a - b).collect();
    let (expected, found) = (dot(&w, &change), dot(&gradient, &dots()));
    assert!((expected - found).abs() < 1e-3 * dot(&gradient, &gradient).sqrt(), "{expected} {found}");
}
