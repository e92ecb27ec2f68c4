//! Single layers, against their definition written out.

use crate::common::{PIXELS, SIDE};
use burn::tensor::{Device, Tensor};
use counterfeit::nn::layers::{
    BatchNorm, ConvDown, ConvUp, Dropout, LeakyRelu, Linear, Maxout, Relu, Tanh, ToFlat, ToImage,
};
use counterfeit::nn::{Init, Layer, Layout, Mode, Network, Operations};
use counterfeit::random::{Random, Stream};

use super::support::{bare, cpu, layout, network, normal, steps, tensor, trainer, values};
use crate::common;

fn rng() -> Random {
    Random::new(11, Stream::Noise)
}

fn mean_and_variance(v: &[f32]) -> (f64, f64) {
    let n = v.len() as f64;
    let mean = v.iter().map(|&x| f64::from(x)).sum::<f64>() / n;
    (mean, v.iter().map(|&x| (f64::from(x) - mean).powi(2)).sum::<f64>() / n)
}

/// The values of one channel: `places` of them a row.
fn channel(v: &[f32], c: usize, channels: usize, places: usize) -> Vec<f32> {
    v.chunks(channels * places).flat_map(|row| &row[c * places..(c + 1) * places]).copied().collect()
}

/// Batch normalisation of 3 channels, over `[n, 3]` or over `[n, 3, 4, 4]`, with scale 1 + c and shift c.
fn batch_norm(places: usize) -> Network {
    let layer: Layer = BatchNorm { scale: 0, shift: 1, statistics: Some(0) }.into();
    let layers = match places {
        1 => vec![layer],
        _ => vec![ToImage([3, 4, 4]).into(), layer, ToFlat.into()],
    };
    let constants = |a, b| layout(&[&[3], &[3]], &[Init::Constant(a), Init::Constant(b)]);
    let mut net = network(layers, constants(1.0, 0.0), constants(0.0, 1.0));
    for c in 0..3 {
        net.weights = net.weights.slice_assign([c..c + 1], tensor(vec![1.0 + c as f32], [1]));
        net.weights = net.weights.slice_assign([64 + c..65 + c], tensor(vec![c as f32], [1]));
    }
    net
}

/// Channels of mean 3 and deviation 2, so that the epsilon of 1e-5 does not show.
fn signal(rows: usize, places: usize) -> Tensor<2> {
    normal(&mut rng(), [rows, 3 * places]).mul_scalar(2.0).add_scalar(3.0)
}

#[test]
fn batch_normalisation_gives_each_channel_the_asked_mean_and_deviation() {
    for places in [1, 16] {
        let net = batch_norm(places);
        let out = values(&net.frozen().forward(signal(40, places), Mode::Train));
        for c in 0..3 {
            let (mean, variance) = mean_and_variance(&channel(&out, c, 3, places));
            // Channel 0 has scale 1 and shift 0: mean 0, variance 1.
            assert!((mean - c as f64).abs() < 1e-5, "{places} {c}: {mean}");
            assert!((variance.sqrt() - (1.0 + c as f64)).abs() < 1e-4, "{places} {c}: {variance}");
        }
    }
}

#[test]
fn running_statistics_converge_to_those_of_the_batch() {
    for places in [1, 16] {
        let mut net = batch_norm(places);
        let x = signal(40, places);
        let input = values(&x);
        let expected = |c| {
            let (mean, variance) = mean_and_variance(&channel(&input, c, 3, places));
            let n = (40 * places) as f64;
            (mean, variance * n / (n - 1.0))
        };
        for update in 1..=200 {
            let mut bound = net.frozen();
            bound.forward(x.clone(), Mode::Train);
            net.update_running_stats(std::mem::take(&mut bound.batch_statistics), 0.1);
            let running = values(net.statistics.as_ref().unwrap());
            // From mean 0 and variance 1, of which 0.9^updates is left.
            let left = 0.9f64.powi(update);
            for c in 0..3 {
                let (mean, variance) = expected(c);
                assert!((f64::from(running[c]) - (1.0 - left) * mean).abs() < 1e-4, "mean, {update}");
                assert!(
                    (f64::from(running[64 + c]) - left - (1.0 - left) * variance).abs() < 1e-4,
                    "variance, {update}"
                );
            }
        }
        // Sampling now does with the running statistics what training does with the batch's, but for n / (n - 1).
        let [train, sample] = [Mode::Train, Mode::Sample].map(|m| values(&net.frozen().forward(x.clone(), m)));
        let largest = train.iter().zip(&sample).fold(0f32, |a, (t, s)| a.max((t - s).abs()));
        assert!(largest < 0.2 && largest > 0.0, "{largest}");
    }
}

#[test]
fn a_sampled_image_does_not_depend_on_the_others() {
    for (name, config) in common::varieties() {
        let mut t = trainer(config);
        steps(&mut t, 3);
        let (a, b) = (normal(&mut rng(), [8, 5]), normal(&mut Random::new(12, Stream::Noise), [8, 5]));
        let mixed = Tensor::cat(vec![a.clone().slice([0..1]), b.slice([1..8])], 0);
        let forge = |z: Tensor<2>| t.generator().frozen().forward(z, Mode::Sample);
        let (with_a, with_b) = (forge(a.clone()), forge(mixed.clone()));
        assert_eq!(values(&with_a)[..PIXELS], values(&with_b)[..PIXELS], "{name}");
        // Alone, the matrix product may sum in another order: a few ulp.
        let alone = values(&forge(a.clone().slice([0..1])));
        let difference = alone.iter().zip(&values(&with_a)[..PIXELS]).fold(0f32, |m, (x, y)| m.max((x - y).abs()));
        assert!(difference < 1e-5, "{name}: {difference}");
        if t.generator().plan.mixes_batch() {
            let train = |z| values(&t.generator().frozen().forward(z, Mode::Train))[..PIXELS].to_vec();
            assert_ne!(train(a), train(mixed), "{name}: in training it does depend on them");
        }
    }
}

#[test]
fn dropout_drops_its_share_and_keeps_the_expectation() {
    let (rows, units) = (500, 40);
    let n = rows * units;
    for rate in [0.2, 0.5, 0.9] {
        let net = bare(vec![Dropout { rate, units }.into(), Dropout { rate, units }.into()]);
        assert_eq!(net.plan.random_counts(rows), 2 * n);
        let mut rng = rng();
        let uniform: Vec<f32> = (0..2 * n).map(|_| rng.uniform()).collect();
        let single = bare(vec![Dropout { rate, units }.into()]);
        let ones = || Tensor::ones([rows, units], &cpu());
        let out =
            values(&single.frozen().with_random(Some(tensor(uniform.clone(), [2 * n]))).forward(ones(), Mode::Train));
        let keep = 1.0 - rate;
        let dropped = out.iter().filter(|&&v| v == 0.0).count() as f64 / n as f64;
        // Four standard errors of a share.
        assert!((dropped - rate).abs() < 4.0 * (rate * keep / n as f64).sqrt(), "{rate}: {dropped}");
        assert!(out.iter().all(|&v| v == 0.0 || (f64::from(v) - 1.0 / keep).abs() < 1e-5), "{rate}");
        let (mean, _) = mean_and_variance(&out);
        assert!((mean - 1.0).abs() < 4.0 * (rate / keep / n as f64).sqrt(), "{rate}: {mean}");
        // The second layer has numbers of its own: it keeps its share of what the first kept.
        let both = values(&net.frozen().with_random(Some(tensor(uniform, [2 * n]))).forward(ones(), Mode::Train));
        let kept = both.iter().filter(|&&v| v != 0.0).count() as f64 / n as f64;
        assert!(
            (kept - keep * keep).abs() < 4.0 * (keep * keep * (1.0 - keep * keep) / n as f64).sqrt(),
            "{rate}: {kept}"
        );
        // Nothing is dropped from a sample.
        let x = normal(&mut rng, [rows, units]);
        assert_eq!(values(&net.frozen().forward(x.clone(), Mode::Sample)), values(&x));
    }
}

/// d (sum w y) / dx for y = f(x), and y.
fn gradient(net: &Network, uniform: Option<Tensor<1>>, x: &Tensor<2>, w: &Tensor<2>) -> (Vec<f32>, Vec<f32>) {
    let x = Tensor::from_inner(x.clone()).require_grad();
    let y = net.constant().with_random(uniform).forward(x.clone(), Mode::Train);
    let grads = (y.clone() * Tensor::from_inner(w.clone())).sum().backward();
    (values(&x.grad(&grads).expect("x is a leaf")), values(&y.inner()))
}

#[test]
fn dropouts_gradient_is_its_mask() {
    let mut rng = rng();
    let uniform = tensor((0..60).map(|_| rng.uniform()).collect(), [60]);
    let (x, w) = (normal(&mut rng, [6, 10]), normal(&mut rng, [6, 10]));
    let net = bare(vec![Dropout { rate: 0.4, units: 10 }.into()]);
    let (slope, y) = gradient(&net, Some(uniform), &x, &w);
    for ((s, y), (x, w)) in slope.iter().zip(&y).zip(values(&x).iter().zip(values(&w))) {
        assert!((s - w * y / x).abs() <= 1e-5 * s.abs(), "{s} {w} {y} {x}");
    }
}

#[test]
fn maxout_is_the_largest_piece_and_its_gradient_goes_there() {
    let (rows, units, pieces) = (20, 7, 5);
    let mut rng = rng();
    let (x, w) = (normal(&mut rng, [rows, pieces * units]), normal(&mut rng, [rows, units]));
    // In the first row every piece of every unit is the same: the last of them has the gradient.
    let x = x.slice_assign([0..1, 0..pieces * units], Tensor::ones([1, pieces * units], &cpu()));
    for operations in [Operations::Kernels, Operations::Reference] {
        let net = Network { operations, ..bare(vec![Maxout { pieces }.into()]) };
        let (slope, y) = gradient(&net, None, &x, &w);
        let (x, w) = (values(&x), values(&w));
        for row in 0..rows {
            for unit in 0..units {
                // Piece k of a unit stands k * units behind its first.
                let at = |k: usize| row * pieces * units + k * units + unit;
                let winner = (0..pieces).max_by(|&a, &b| x[at(a)].total_cmp(&x[at(b)])).unwrap();
                // b + (a - b) differs from a by the rounding of two sums of numbers up to 4.
                assert!(
                    (y[row * units + unit] - x[at(winner)]).abs()
                        < if operations == Operations::Kernels { f32::MIN_POSITIVE } else { 1e-6 }
                );
                for k in 0..pieces {
                    let expected = if k == winner { w[row * units + unit] } else { 0.0 };
                    assert_eq!(slope[at(k)], expected, "row {row}, unit {unit}, piece {k}, {operations:?}");
                }
            }
        }
    }
}

#[test]
fn linear_and_pointwise_layers_follow_their_definition() {
    let init = Init::Normal { mean: 0.0, std: 1.0 };
    let net = network(
        vec![Linear { weight: 0, bias: Some(1) }.into()],
        layout(&[&[2, 3], &[3]], &[init; 2]),
        Layout::default(),
    );
    let w = values(&net.weights);
    let out = values(&net.frozen().forward(tensor(vec![2.0, -5.0], [1, 2]), Mode::Train));
    for (j, out) in out.iter().enumerate() {
        // x W + b with W as [in, out], row after row; the bias stands in the next segment.
        assert!((out - (2.0 * w[j] - 5.0 * w[3 + j] + w[64 + j])).abs() < 1e-6);
    }
    let x = [-2.0f32, -0.5, 0.0, 0.5, 2.0];
    let check = |layer: Layer, f: fn(f32) -> f32| {
        let out = values(&bare(vec![layer.clone()]).frozen().forward(tensor(x.to_vec(), [1, 5]), Mode::Train));
        assert!(out.iter().zip(x).all(|(y, x)| (y - f(x)).abs() < 1e-6), "{layer:?}: {out:?}");
    };
    check(Relu.into(), |v| v.max(0.0));
    check(LeakyRelu(0.2).into(), |v| if v < 0.0 { 0.2 * v } else { v });
    check(Tanh.into(), f32::tanh);
}

const KERNEL: usize = 4;

/// A 4x4 convolution with stride 2 and padding 1 over one row of `[from, 28, 28]`, by its definition.
fn convolution(x: &[f32], w: &[f32], bias: &[f32], from: usize) -> Vec<f32> {
    let half = SIDE / 2;
    let mut out = Vec::new();
    for (o, &bias) in bias.iter().enumerate() {
        for (y, z) in (0..half * half).map(|p| (p / half, p % half)) {
            let mut sum = f64::from(bias);
            for (i, k, l) in (0..from * KERNEL * KERNEL).map(|q| (q / 16, q / 4 % 4, q % 4)) {
                // Row and column of the input, which the padding shifts by one.
                let (Some(r), Some(c)) = ((2 * y + k).checked_sub(1), (2 * z + l).checked_sub(1)) else { continue };
                if r < SIDE && c < SIDE {
                    let weight = w[(o * from + i) * 16 + k * KERNEL + l];
                    sum += f64::from(weight) * f64::from(x[(i * SIDE + r) * SIDE + c]);
                }
            }
            out.push(sum as f32);
        }
    }
    out
}

#[test]
fn a_convolution_halves_the_side_and_follows_its_definition() {
    let (from, to) = (2, 3);
    let init = Init::Normal { mean: 0.0, std: 0.5 };
    let down = vec![ToImage([from, SIDE, SIDE]).into(), ConvDown { weight: 0, bias: Some(1) }.into(), ToFlat.into()];
    let net = network(down, layout(&[&[to, from, KERNEL, KERNEL], &[to]], &[init, init]), Layout::default());
    let x = normal(&mut rng(), [3, from * PIXELS]);
    let out = net.frozen().forward(x.clone(), Mode::Train);
    assert_eq!(out.dims(), [3, to * PIXELS / 4]);
    let weights = values(&net.weights);
    let [w, bias] = [0, 1].map(|i| &weights[net.plan.weights.slots[i].range()]);
    for (x, y) in values(&x).chunks(from * PIXELS).zip(values(&out).chunks(to * PIXELS / 4)) {
        for (expected, got) in convolution(x, w, bias, from).iter().zip(y) {
            assert!((expected - got).abs() < 1e-4, "{expected} {got}");
        }
    }
}

/// A transposed convolution is the transpose of the convolution with the same kernel: <y, A x> = <A' y, x>.
#[test]
fn a_transposed_convolution_doubles_the_side_and_is_the_transpose() {
    let (wide, narrow) = (2, 3);
    let weights = || layout(&[&[narrow, wide, KERNEL, KERNEL]], &[Init::Normal { mean: 0.0, std: 0.5 }]);
    let half = SIDE / 2;
    let up = vec![ToImage([narrow, half, half]).into(), ConvUp { weight: 0, bias: None }.into(), ToFlat.into()];
    let net = network(up, weights(), Layout::default());
    let (x, y) = (normal(&mut rng(), [1, wide * PIXELS]), normal(&mut rng(), [1, narrow * PIXELS / 4]));
    let up = net.frozen().forward(y.clone(), Mode::Train);
    assert_eq!(up.dims(), [1, wide * PIXELS]);
    let kernel = &values(&net.weights)[net.plan.weights.slots[0].range()];
    let down = convolution(&values(&x), kernel, &[0.0; 3], wide);
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    let (left, right) = (dot(&values(&y), &down), dot(&values(&up), &values(&x)));
    assert!((left - right).abs() < 1e-3 && left.abs() > 1.0, "{left} {right}");
}

/// Outside autodiff nothing is recorded, and with it the values are the same.
#[test]
fn the_three_bindings_of_a_network_agree() {
    for (name, config) in common::varieties() {
        let t = trainer(config);
        let z = normal(&mut rng(), [8, 5]);
        let frozen = values(&t.generator().frozen().forward(z.clone(), Mode::Train));
        let tracked = t.generator().tracked().forward(Tensor::from_inner(z.clone()), Mode::Train);
        let constant = t.generator().constant().forward(Tensor::from_inner(z), Mode::Train);
        assert!(frozen == values(&tracked.inner()) && frozen == values(&constant.inner()), "{name}");
    }
    assert!(!Device::flex().is_autodiff());
}
