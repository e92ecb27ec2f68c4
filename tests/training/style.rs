//! A style generator: modulated convolutions against their definition, noise, mixing and truncation.

use crate::common::PIXELS;
use burn::tensor::Tensor;
use counterfeit::nn::layers::{LearntConstant, ModulatedConv, ToFlat, Way};
use counterfeit::nn::style::Styling;
use counterfeit::nn::{Init, Mode, Network, Operations};
use counterfeit::random::{Random, Stream};
use counterfeit::snapshot::{self, View};

use super::support::{layout, network, normal, state, steps, tensor, trainer, values, wait};
use crate::common;

const WIDTH: usize = 3;
const STYLES: usize = 6;

fn rng() -> Random {
    Random::new(17, Stream::Noise)
}

/// w -> a constant of `from` channels -> one modulated convolution, everything drawn.
fn single(way: Way, [from, to]: [usize; 2], side: usize) -> Network {
    let spread = |std| Init::Normal { mean: 0.0, std };
    let shape = match way {
        Way::Same => [to, from, 3, 3],
        Way::Double => [from, to, 4, 4],
        Way::Image => [to, from, 1, 1],
    };
    let places = if way == Way::Double { 4 * side * side } else { side * side };
    let shapes: [&[usize]; 6] = [&[from * side * side], &[WIDTH, from], &[from], &shape, &[to], &[1]];
    let weights = layout(
        &shapes,
        &[spread(1.0), spread(0.5), Init::Constant(1.0), spread(0.7), spread(1.0), Init::Constant(0.3)],
    );
    let noise = if way == Way::Image { 0..0 } else { 0..places };
    let modulated = ModulatedConv { first: 1, way, style: 0, noise };
    let layers =
        vec![LearntConstant { slot: 0, mean: 0, shape: [from, side, side] }.into(), modulated.into(), ToFlat.into()];
    network(layers, weights, layout(&[&[WIDTH]], &[Init::Constant(0.0)]))
}

/// Each row's own weights, W s / |W s| of each output channel, on a constant `[from, side, side]`; then noise and bias.
fn by_definition(net: &Network, way: Way, [from, to]: [usize; 2], side: usize, w: &[f32], noise: &[f32]) -> Vec<f64> {
    let all = values(&net.weights);
    let slot = |i: usize| all[net.plan.weights.slots[i].range()].iter().map(|&v| f64::from(v)).collect::<Vec<f64>>();
    let [x, a, b, weight, bias, strength] = [0, 1, 2, 3, 4, 5].map(slot);
    let (k, large) = match way {
        Way::Same => (3, side),
        Way::Double => (4, 2 * side),
        Way::Image => (1, side),
    };
    let at = |o: usize, i: usize, tap: usize| {
        if way == Way::Double { (i * to + o) * k * k + tap } else { (o * from + i) * k * k + tap }
    };
    let mut out = Vec::new();
    for (row, w) in w.chunks(WIDTH).enumerate() {
        let s: Vec<f64> =
            (0..from).map(|i| b[i] + (0..WIDTH).map(|j| f64::from(w[j]) * a[j * from + i]).sum::<f64>()).collect();
        for o in 0..to {
            let own: Vec<Vec<f64>> =
                (0..from).map(|i| (0..k * k).map(|t| weight[at(o, i, t)] * s[i]).collect()).collect();
            // Of the 16 taps of a transposed kernel of stride 2 four meet in a place.
            let met = if way == Way::Double { 0.25 } else { 1.0 };
            let sum = met * own.iter().flatten().map(|v| v * v).sum::<f64>();
            let divisor = if way == Way::Image { 1.0 } else { (sum + 1e-8).sqrt() };
            for place in 0..large * large {
                let (y, z) = (place / large, place % large);
                let mut value = 0.0;
                for (i, tap) in (0..from * k * k).map(|j| (j / (k * k), j % (k * k))) {
                    let (ky, kx) = (tap / k, tap % k);
                    let source = |v: usize, t: usize| match way {
                        // v = 2 source - 1 + tap
                        Way::Double => (v + 1).checked_sub(t).filter(|d| d % 2 == 0).map(|d| d / 2),
                        _ => (v + t).checked_sub(k / 2),
                    };
                    if let (Some(sy), Some(sx)) =
                        (source(y, ky).filter(|v| *v < side), source(z, kx).filter(|v| *v < side))
                    {
                        value += own[i][tap] / divisor * x[(i * side + sy) * side + sx];
                    }
                }
                let noise =
                    if way == Way::Image { 0.0 } else { strength[0] * f64::from(noise[row * large * large + place]) };
                out.push(value + noise + bias[o]);
            }
        }
    }
    out
}

#[test]
fn a_modulated_convolution_is_one_with_weights_of_each_rows_own() {
    let (n, channels, side) = (3, [2, 3], 4);
    for way in [Way::Same, Way::Double, Way::Image] {
        let net = single(way, channels, side);
        let w = normal(&mut rng(), [n, WIDTH]);
        let noise = normal::<2>(&mut rng(), [n, 4 * side * side]);
        let places = if way == Way::Double { 4 * side * side } else { side * side };
        let noise = noise.slice([0..n, 0..places]);
        let expected = by_definition(&net, way, channels, side, &values(&w), &values(&noise));
        for operations in [Operations::Kernels, Operations::Reference] {
            let net = Network { operations, ..net.clone() };
            let styling = Styling { noise: Some(noise.clone()), ..Styling::default() };
            let found = values(&net.frozen().styled(styling).forward(w.clone(), Mode::Train));
            assert_eq!(found.len(), expected.len());
            for (i, (f, e)) in found.iter().zip(&expected).enumerate() {
                assert!((f64::from(*f) - e).abs() < 1e-5, "{way:?}, {operations:?} [{i}]: {f} {e}");
            }
        }
    }
}

/// Karras et al. 2020, StyleGAN2: of inputs of variance 1, independent, outputs have variance 1, whatever the style.
#[test]
fn demodulation_restores_the_variance() {
    let (from, to, side) = (8, 16, 24);
    for way in [Way::Same, Way::Double] {
        let net = single(way, [from, to], side);
        let large = if way == Way::Double { 2 * side } else { side };
        let none =
            Styling { noise: Some(Tensor::zeros([1, large * large], &super::support::cpu())), ..Styling::default() };
        let w = normal::<2>(&mut rng(), [1, WIDTH]).mul_scalar(3.0);
        let out = values(&net.frozen().styled(none).forward(w, Mode::Train));
        let variances: Vec<f64> = out
            .chunks(large * large)
            .map(|channel| {
                // Borders have fewer taps.
                let inner: Vec<f64> = (0..large * large)
                    .filter(|i| [i / large, i % large].iter().all(|v| (2..large - 2).contains(v)))
                    .map(|i| f64::from(channel[i]))
                    .collect();
                let mean = inner.iter().sum::<f64>() / inner.len() as f64;
                inner.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / inner.len() as f64
            })
            .collect();
        let mean = variances.iter().sum::<f64>() / to as f64;
        // 400 places and more, that neighbours share: a tenth for the mean over sixteen channels, a third for each.
        assert!((mean - 1.0).abs() < 0.1 && variances.iter().all(|v| (v - 1.0).abs() < 0.34), "{way:?}: {variances:?}");
    }
}

/// A generator after some steps, so that its noise counts and w has a mean.
fn trained() -> counterfeit::trainer::Trainer {
    let mut run = trainer(common::style());
    steps(&mut run, 5);
    run
}

fn images(net: &Network, z: &Tensor<2>, styling: Styling) -> Vec<f32> {
    values(&net.frozen().styled(styling).forward(z.clone(), Mode::Sample))
}

fn close(a: &[f32], b: &[f32]) -> bool {
    a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-5)
}

#[test]
fn truncation_ends_at_the_mean_and_begins_at_the_style_as_it_is() {
    let run = trained();
    let g = run.generator();
    let z = normal(&mut rng(), [4, 5]);
    let same = normal::<2>(&mut rng(), [1, g.plan.noise()]).repeat_dim(0, 4);
    let at = |psi: Option<f32>| {
        let truncation = psi.map(|psi| tensor(vec![psi], [1]));
        images(g, &z, Styling { noise: Some(same.clone()), truncation, mixed: None })
    };
    let mean = at(Some(0.0));
    assert!(mean.chunks(PIXELS).all(|image| close(image, &mean[..PIXELS])), "psi 0 is one image");
    assert!(close(&at(Some(1.0)), &at(None)) && !close(&at(Some(0.5)), &at(None)));
    assert!(!close(&at(None)[..PIXELS], &at(None)[PIXELS..2 * PIXELS]));
}

#[test]
fn mixing_takes_each_layers_style_from_one_of_two() {
    let run = trained();
    let g = run.generator();
    assert_eq!(g.plan.styles(), STYLES);
    let (first, second) = (normal(&mut rng(), [2, 5]), normal(&mut Random::new(18, Stream::Noise), [2, 5]));
    let from = |layer: usize| {
        let mask = (0..2 * STYLES).map(|i| f32::from(u8::from(i % STYLES >= layer))).collect();
        images(g, &first, Styling { mixed: Some([second.clone(), tensor(mask, [2, STYLES])]), ..Styling::default() })
    };
    let pure = |z| images(g, z, Styling::default());
    assert!(close(&from(STYLES), &pure(&first)) && close(&from(0), &pure(&second)));
    let all: Vec<Vec<f32>> = (0..=STYLES).map(from).collect();
    assert!((0..STYLES).all(|layer| !close(&all[layer], &all[layer + 1])), "every layer's style counts");
}

#[test]
fn noise_begins_without_effect_and_learns_one() {
    let z = normal(&mut rng(), [2, 5]);
    let differ = |g: &Network| {
        let noise = |seed| normal::<2>(&mut Random::new(seed, Stream::Style), [2, g.plan.noise()]);
        let [a, b] = [1, 2].map(|seed| images(g, &z, Styling { noise: Some(noise(seed)), ..Styling::default() }));
        a != b
    };
    assert!(!differ(trainer(common::style()).generator()) && differ(trained().generator()));
}

#[test]
fn the_mean_of_w_follows_the_batches() {
    let config = common::style();
    let mut run = trainer(config);
    let mean = |run: &counterfeit::trainer::Trainer| {
        values(&run.generator().statistics.clone().expect("it has a mean"))[..5].to_vec()
    };
    assert_eq!(mean(&run), [0.0; 5]);
    steps(&mut run, 1);
    let first = mean(&run);
    // A two-hundredth of the mean of eight w, which are of size 1.
    assert!(first.iter().all(|v| v.abs() < 0.02) && first.iter().any(|v| v.abs() > 1e-6), "{first:?}");
    steps(&mut run, 1);
    assert_ne!(mean(&run), first);
}

#[test]
fn the_views_of_a_style_generator_change_no_training() {
    let (mut plain, mut watched) = (trainer(common::style()), trainer(common::style()));
    for step in 0..3 {
        let look = |view, psi| wait(snapshot::truncated(&watched, true, view, psi)).unwrap().pixels;
        let [coarse, fine] = [2, 4].map(|from| look(View::Mixing(from), None));
        // What is mixed with itself does not depend on where.
        let diagonal = |pixels: &[u8]| {
            (0..8).flat_map(|i| pixels[9 * i * PIXELS..(9 * i + 1) * PIXELS].to_vec()).collect::<Vec<u8>>()
        };
        assert_eq!(diagonal(&coarse), diagonal(&fine));
        if step == 0 {
            // Without noise a row, or a column, of nothing else is one image; and so is the mean.
            let [columns, rows] = [0, STYLES].map(|from| look(View::Mixing(from), None));
            assert!(
                (8..64).all(|i| columns[i * PIXELS..(i + 1) * PIXELS] == columns[(i - 8) * PIXELS..(i - 7) * PIXELS])
            );
            assert!(
                (0..64)
                    .all(|i| rows[i * PIXELS..(i + 1) * PIXELS] == rows[i / 8 * 8 * PIXELS..(i / 8 * 8 + 1) * PIXELS])
            );
            let mean = look(View::Fixed, Some(0.0));
            assert!(mean.chunks(PIXELS).all(|image| *image == mean[..PIXELS]));
        }
        steps(&mut plain, 1);
        steps(&mut watched, 1);
        assert!(state(&plain) == state(&watched));
    }
}
