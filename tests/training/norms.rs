//! What keeps signals and weights at their size, against definitions and against singular values found another way.

use counterfeit::config;
use counterfeit::config::Norm;
use counterfeit::nn::layers::{Conv, ConvDown, ConvUp, GroupNorm, Linear, PixelNorm, Tanh, ToFlat, ToImage};
use counterfeit::nn::{Init, Initialiser, Layer, Layout, Mode, Network, Plan, Scale};
use counterfeit::random::{Random, Stream};
use counterfeit::trainer::StepKind;
use nalgebra::DMatrix;

use super::support::{bare, bits, images, layout, network, normal, steps, tensor, trainer, values};
use crate::common;

const PLACES: usize = 16;

fn rng() -> Random {
    Random::new(31, Stream::Noise)
}

fn mean_and_variance(v: impl Iterator<Item = f32> + Clone) -> (f64, f64) {
    let n = v.clone().count() as f64;
    let mean = v.clone().map(f64::from).sum::<f64>() / n;
    (mean, v.map(|x| (f64::from(x) - mean).powi(2)).sum::<f64>() / n)
}

#[test]
fn every_group_of_every_image_has_mean_0_and_variance_1_before_scale_and_shift() {
    let (n, channels) = (3, 6);
    // Layer, group and instance normalisation.
    for groups in [1, 2, 6] {
        let constants = layout(&[&[channels], &[channels]], &[Init::Constant(1.0), Init::Constant(0.0)]);
        let layers =
            vec![ToImage([channels, 4, 4]).into(), GroupNorm { scale: 0, shift: 1, groups }.into(), ToFlat.into()];
        let mut net = network(layers, constants, Layout::default());
        // Each image at another size and level.
        let sizes = tensor(vec![0.5, 2.0, 10.0], [n, 1]);
        let x = (normal(&mut rng(), [n, channels * PLACES]) + 3.0) * sizes;
        let run = |net: &Network| values(&net.frozen().forward(x.clone(), Mode::Train));
        let plain = run(&net);
        for group in plain.chunks(channels / groups * PLACES) {
            let (mean, variance) = mean_and_variance(group.iter().copied());
            assert!(mean.abs() < 1e-5 && (variance - 1.0).abs() < 1e-3, "{groups}: {mean} {variance}");
        }
        let numbers = |from: f32| tensor((0..channels).map(|c| from + c as f32).collect(), [channels]);
        net.weights =
            net.weights.slice_assign([0..channels], numbers(2.0)).slice_assign([64..64 + channels], numbers(-1.0));
        for (i, (y, x)) in run(&net).iter().zip(&plain).enumerate() {
            let c = (i / PLACES % channels) as f32;
            assert!((y - ((2.0 + c) * x + c - 1.0)).abs() < 1e-5, "{groups} [{i}]");
        }
    }
}

#[test]
fn pixel_norm_gives_each_place_a_mean_square_of_1() {
    let channels = 5;
    let x = normal(&mut rng(), [2, channels * PLACES]).mul_scalar(7.0);
    let net = bare(vec![ToImage([channels, 4, 4]).into(), PixelNorm.into(), ToFlat.into()]);
    let (x, y) = (values(&x), values(&net.frozen().forward(x, Mode::Sample)));
    for (image, p) in (0..2 * PLACES).map(|i| (i / PLACES, i % PLACES)) {
        let at = |c: usize| (image * channels + c) * PLACES + p;
        let root = ((0..channels).map(|c| f64::from(x[at(c)]).powi(2)).sum::<f64>() / channels as f64).sqrt();
        for c in 0..channels {
            assert!((f64::from(y[at(c)]) - f64::from(x[at(c)]) / root).abs() < 1e-5);
        }
    }
}

/// The largest singular value of a weight as a matrix of its first dimension by the rest.
fn largest_singular_value(weight: &[f32], rows: usize) -> f64 {
    let wide: Vec<f64> = weight.iter().map(|&w| w.into()).collect();
    DMatrix::from_row_slice(rows, weight.len() / rows, &wide).singular_values().max()
}

/// The weight's shape, the layers that use it, and how many values they take.
type Case = (&'static [usize], fn() -> Vec<Layer>, usize);

#[test]
fn a_spectral_norm_divides_by_the_largest_singular_value() {
    let cases: [Case; 4] = [
        (&[7, 5], || vec![Linear { weight: 0, bias: None }.into()], 7),
        (
            &[3, 2, 4, 4],
            || vec![ToImage([2, 4, 4]).into(), ConvDown { weight: 0, bias: None }.into(), ToFlat.into()],
            32,
        ),
        (&[2, 3, 4, 4], || vec![ToImage([2, 4, 4]).into(), ConvUp { weight: 0, bias: None }.into(), ToFlat.into()], 32),
        (&[3, 2, 3, 3], || vec![ToImage([2, 4, 4]).into(), Conv { weight: 0, bias: None }.into(), ToFlat.into()], 32),
    ];
    for (shape, layers, inputs) in cases {
        let one = |shape: &[usize]| layout(&[shape], &[Init::Normal { mean: 0.0, std: 1.0 }]);
        let as_stored = network(layers(), one(shape), Layout::default());
        let mut weights = one(shape);
        weights.slots[0].scale = Scale::Spectral { state: 0 };
        let mut net = network(layers(), weights, one(&shape[..1]));
        net.weights = as_stored.weights.clone();
        let x = normal(&mut rng(), [4, inputs]);
        for _ in 0..500 {
            let mut bound = net.frozen();
            bound.forward(x.clone(), Mode::Train);
            net.update_running_stats(std::mem::take(&mut bound.batch_statistics), 0.1);
        }
        let sigma = largest_singular_value(&values(&net.weights)[..shape.iter().product()], shape[0]);
        let [divided, stored] = [&net, &as_stored].map(|n| values(&n.frozen().forward(x.clone(), Mode::Sample)));
        for (d, s) in divided.iter().zip(&stored) {
            assert!(
                (f64::from(*d) - f64::from(*s) / sigma).abs() < 1e-5 * f64::from(s.abs()).max(1.0),
                "{shape:?}: {d} {s} {sigma}"
            );
        }
    }
}

#[test]
fn power_iterations_go_on_in_training_only_and_keep_up_with_the_weights() {
    let config = config! {
        generator.network.norm: Norm::Spectral,
        discriminator.network.norm: Norm::Spectral,
        ..common::dcgan()
    };
    let mut run = trainer(config);
    let directions = |n: &Network| bits(n.statistics.as_ref().expect("a spectral norm has a direction"));
    for (kind, moves) in [(StepKind::Discriminator, [false, true]), (StepKind::Generator, [true, false])] {
        let before = [directions(run.generator()), directions(run.discriminator())];
        run.generator().frozen().forward(normal(&mut rng(), [2, 5]), Mode::Sample);
        run.step(images(), kind).expect("all images are there");
        let after = [directions(run.generator()), directions(run.discriminator())];
        for id in 0..2 {
            assert_eq!(before[id] != after[id], moves[id], "{kind:?}, network {id}");
        }
    }
    steps(&mut run, 60);
    for net in [run.generator(), run.discriminator()] {
        let (all, state) = (values(&net.weights), values(net.statistics.as_ref().unwrap()));
        let mut bounded = 0;
        for slot in &net.plan.weights.slots {
            let Scale::Spectral { state: at } = slot.scale else { continue };
            let rows = slot.shape[0];
            let w = DMatrix::from_row_slice(rows, slot.len() / rows, &all[slot.range()]);
            let u = DMatrix::from_row_slice(1, rows, &state[net.plan.statistics.slots[at].range()]);
            let (along, largest) = ((u * &w).norm(), w.singular_values().max());
            // The first three of G's first weight lie 2 % apart, between which one iteration an update cannot choose
            // yet.
            assert!((0.95..1.00001).contains(&(along / largest)), "{}: {along} {largest}", slot.name);
            bounded += 1;
        }
        // All of D's three weights; G's last is free.
        assert_eq!(bounded, if net.plan.layers.contains(&Tanh.into()) { 2 } else { 3 });
    }
}

#[test]
fn an_equalised_weight_is_stored_at_size_1_and_used_at_hes() {
    let config = config! { init: Initialiser::Equalised, ..common::dcgan() };
    for plan in [Plan::generator(&config.g_spec()), Plan::discriminator(&config.d_spec())] {
        let free = |i: usize| match plan.weights.slots[i].scale {
            Scale::Times(factor) => factor,
            _ => 1.0,
        };
        let mut stored = plan.clone();
        stored.weights.slots.iter_mut().for_each(|s| s.scale = Scale::Stored);
        let net = Network::new(plan.clone(), &mut rng(), &super::support::cpu());
        let mut scaled = Network::new(stored, &mut rng(), &super::support::cpu());
        for (i, slot) in plan.weights.slots.iter().enumerate() {
            let part = scaled.weights.clone().slice([slot.range()]).mul_scalar(free(i));
            scaled.weights = scaled.weights.slice_assign([slot.range()], part);
        }
        let width = if plan.layers.contains(&Tanh.into()) { 5 } else { 784 };
        let x = normal(&mut rng(), [3, width]);
        let [a, b] = [&net, &scaled].map(|n| values(&n.frozen().forward(x.clone(), Mode::Train)));
        assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() <= 1e-6 * b.abs().max(1.0)));
    }
    // From z of 5 numbers: sqrt(2 / 5); from 3 channels by the four taps that meet, and no rectifier after it: sqrt(1 /
    // 12).
    let slots = Plan::generator(&config.g_spec()).weights.slots;
    let of = |name: &str| slots.iter().find(|s| s.name == name).map(|s| s.scale);
    assert_eq!(of("0.weight"), Some(Scale::Times(2f32.sqrt() / 5f32.sqrt())));
    assert_eq!(slots[slots.len() - 2].scale, Scale::Times(1.0 / 12f32.sqrt()));
}

#[test]
fn weights_start_as_the_initialiser_says() {
    let default = config! { generator.network.dense: 64 };
    let weights = |init: Initialiser| {
        let t = trainer(config! { init: init, ..default.clone() });
        let all = values(&t.generator().weights);
        // z of 64 to 64 units, and 32 to 16 maps by 4x4, of which four taps meet in a place.
        ["0.weight", "7.weight"].map(|name| {
            let slot = t.generator().plan.weights.slots.iter().find(|s| s.name == name).unwrap();
            all[slot.range()].to_vec()
        })
    };
    let deviations = |init| weights(init).map(|w| mean_and_variance(w.iter().copied()).1.sqrt());
    for (init, expected) in [
        (Initialiser::Recipe, [0.02, 0.02]),
        (Initialiser::Dcgan, [0.02, 0.02]),
        (Initialiser::He, [(2.0f64 / 64.0).sqrt(), (2.0f64 / 128.0).sqrt()]),
        (Initialiser::Xavier, [(2.0f64 / 128.0).sqrt(), (2.0f64 / (128.0 + 256.0)).sqrt()]),
        (Initialiser::Orthogonal, [(1.0f64 / 64.0).sqrt(), (1.0f64 / 256.0).sqrt()]),
        (Initialiser::Equalised, [1.0, 1.0]),
    ] {
        for (found, expected) in deviations(init).into_iter().zip(expected) {
            // Five standard errors of 4,096 numbers.
            assert!((found / expected - 1.0).abs() < 5.0 / (2.0 * 4096.0f64).sqrt(), "{init:?}: {found} {expected}");
        }
    }
    for (w, rows) in weights(Initialiser::Orthogonal).iter().zip([64, 32]) {
        let m = DMatrix::from_row_slice(rows, w.len() / rows, w);
        let difference = (&m * m.transpose() - DMatrix::identity(rows, rows)).abs().max();
        assert!(difference < 1e-5, "{rows}: {difference}");
    }
}
