//! The layers of maps that are no strided convolution, against their definition written out.

use burn::tensor::Tensor;
use counterfeit::nn::layers::{
    Add, Attention, AvgPool, Conv, Fork, PixelShuffle, Relu, ToFlat, ToImage, UpsampleNearest,
};
use counterfeit::nn::{Init, Layer, Layout, Mode, Network, Operations};
use counterfeit::random::{Random, Stream};

use super::support::{bare, layout, network, normal, values};

const SIDE: usize = 4;
const PLACES: usize = SIDE * SIDE;
const SPREAD: Init = Init::Normal { mean: 0.0, std: 0.5 };

fn rng() -> Random {
    Random::new(21, Stream::Noise)
}

/// What a network makes of `x`, by the kernels and by plain operations, which have to agree.
fn through(net: &Network, x: &Tensor<2>) -> Vec<f32> {
    let plain = Network { operations: Operations::Reference, ..net.clone() };
    let [kernels, plain] = [net, &plain].map(|n| values(&n.frozen().forward(x.clone(), Mode::Train)));
    assert_eq!(kernels.len(), plain.len());
    assert!(kernels.iter().zip(&plain).all(|(k, p)| (k - p).abs() < 1e-5), "{:?}", net.plan.layers);
    kernels
}

fn close(found: &[f32], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (i, (f, e)) in found.iter().zip(expected).enumerate() {
        assert!((f64::from(*f) - e).abs() < 1e-5, "[{i}]: {f} {e}");
    }
}

/// A layer between images of `channels`.
fn on_maps(layer: Layer, channels: usize, weights: Layout) -> Network {
    network(vec![ToImage([channels, SIDE, SIDE]).into(), layer, ToFlat.into()], weights, Layout::default())
}

#[test]
fn a_convolution_that_keeps_the_size_follows_its_definition() {
    let (from, to) = (2, 3);
    for side in [1usize, 3] {
        let shapes: [&[usize]; 2] = [&[to, from, side, side], &[to]];
        let net = on_maps(Conv { weight: 0, bias: Some(1) }.into(), from, layout(&shapes, &[SPREAD; 2]));
        let x = normal(&mut rng(), [2, from * PLACES]);
        let all = values(&net.weights);
        let [w, bias] = [0, 1].map(|i| &all[net.plan.weights.slots[i].range()]);
        let mut expected = Vec::new();
        for row in values(&x).chunks(from * PLACES) {
            for (o, p) in (0..to * PLACES).map(|i| (i / PLACES, i % PLACES)) {
                let mut sum = f64::from(bias[o]);
                for (i, ky, kx) in (0..from * side * side).map(|t| (t / (side * side), t / side % side, t % side)) {
                    let at = |place: usize, tap: usize| (place + tap).checked_sub(side / 2).filter(|v| *v < SIDE);
                    if let (Some(y), Some(z)) = (at(p / SIDE, ky), at(p % SIDE, kx)) {
                        let weight = w[((o * from + i) * side + ky) * side + kx];
                        sum += f64::from(weight) * f64::from(row[i * PLACES + y * SIDE + z]);
                    }
                }
                expected.push(sum);
            }
        }
        close(&through(&net, &x), &expected);
    }
}

#[test]
fn values_are_repeated_shuffled_and_averaged_as_they_should() {
    let channels = 4;
    let x = normal(&mut rng(), [1, channels * PLACES]);
    let input = values(&x);
    let net = |layer: Layer| bare(vec![ToImage([channels, SIDE, SIDE]).into(), layer, ToFlat.into()]);
    let wide = 2 * SIDE;
    let repeated = through(&net(UpsampleNearest.into()), &x);
    let shuffled = through(&net(PixelShuffle.into()), &x);
    assert_eq!((repeated.len(), shuffled.len()), (channels * 4 * PLACES, channels * PLACES));
    for (i, v) in repeated.iter().enumerate() {
        let (c, y, z) = (i / (4 * PLACES), i / wide % wide, i % wide);
        assert_eq!(*v, input[c * PLACES + y / 2 * SIDE + z / 2]);
    }
    for (i, v) in shuffled.iter().enumerate() {
        // One channel comes out: which of the four goes in depends on the place in the block.
        let (y, z) = (i / wide, i % wide);
        assert_eq!(*v, input[(2 * (y % 2) + z % 2) * PLACES + y / 2 * SIDE + z / 2]);
    }
    let expected = (0..channels * PLACES / 4).map(|i| {
        let (c, y, z) = (i / (PLACES / 4), i / (SIDE / 2) % (SIDE / 2), i % (SIDE / 2));
        let at = |dy: usize, dz: usize| f64::from(input[c * PLACES + (2 * y + dy) * SIDE + 2 * z + dz]);
        (at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1)) / 4.0
    });
    close(&through(&net(AvgPool.into()), &x), &expected.collect::<Vec<_>>());
}

#[test]
fn a_join_adds_what_its_fork_remembered() {
    // Two blocks, one inside the other: x + f(x) + f(x + f(x)) for f the rectifier, of which the outer adds x again.
    let inner: [Layer; 3] = [Fork.into(), Relu.into(), Add.into()];
    let layers = [&[Fork.into()][..], &inner, &inner, &[Add.into()]].concat();
    let x = normal(&mut rng(), [2, 6]);
    let expected: Vec<f64> =
        values(&x).iter().map(|&v| f64::from(v) + f64::from(if v > 0.0 { 4.0 * v } else { v })).collect();
    close(&through(&bare(layers), &x), &expected);
}

/// Each place's share of every other, and what it takes, by loops over places.
#[test]
fn attention_follows_its_definition() {
    let (channels, compared, carried) = (3, 2, 2);
    let shapes: [&[usize]; 5] = [
        &[compared, channels, 1, 1],
        &[compared, channels, 1, 1],
        &[carried, channels, 1, 1],
        &[channels, carried, 1, 1],
        &[1],
    ];
    let net = on_maps(Attention { query: 0 }.into(), channels, layout(&shapes, &[SPREAD; 5]));
    let all: Vec<f64> = values(&net.weights).into_iter().map(f64::from).collect();
    let slot = |i: usize| &all[net.plan.weights.slots[i].range()];
    let x = normal(&mut rng(), [2, channels * PLACES]);
    let mut expected = Vec::new();
    for row in values(&x).chunks(channels * PLACES) {
        let x = |c: usize, p: usize| f64::from(row[c * PLACES + p]);
        let project = |w: &[f64], o: usize, p: usize| (0..channels).map(|c| w[o * channels + c] * x(c, p)).sum::<f64>();
        let taken: Vec<Vec<f64>> = (0..PLACES)
            .map(|i| {
                let alike =
                    |j| (0..compared).map(|c| project(slot(0), c, i) * project(slot(1), c, j)).sum::<f64>().exp();
                let total: f64 = (0..PLACES).map(alike).sum();
                let take = |c| (0..PLACES).map(|j| alike(j) / total * project(slot(2), c, j)).sum();
                (0..carried).map(take).collect()
            })
            .collect();
        for (c, p) in (0..channels * PLACES).map(|i| (i / PLACES, i % PLACES)) {
            let out: f64 = (0..carried).map(|k| slot(3)[c * carried + k] * taken[p][k]).sum();
            expected.push(x(c, p) + slot(4)[0] * out);
        }
    }
    close(&through(&net, &x), &expected);
}
