//! The gradients of both losses, through whole networks, against central differences.
//!
//! The gradient under test is computed in f32, as in training. The differences are taken of the same loss in f64, so
//! that a step can be small: a convolution has thousands of rectifiers, and one whose kink lies within the step spoils
//! the difference.

use crate::common::PIXELS;
use burn::tensor::{DType, Tensor};
use counterfeit::condition::Condition;
use counterfeit::config;
use counterfeit::config::{Attention, Family, HiddenUnit, RunConfig};
use counterfeit::loss::{Objective, Penalty};
use counterfeit::nn::{Layer, Mode, Network, Operations, Plan};
use counterfeit::random::{Random, Stream};

use super::by_hand::ByHand;
use super::support::{normal, scalar, tensor, values};
use crate::common;

/// Rounds at 1e-16 / 1e-8 = 1e-8, against entries of 1e-3 and more, and meets no kink in any of these networks.
const H: f64 = 1e-8;
/// Of a tensor's largest entry. f32 rounds at 6e-8, over sums of some thousand terms: the worst entry of these networks
/// is off by 2e-5. A wrong factor, sign or mask, or a missing term, would be of order 1.
const TOLERANCE: f64 = 1e-4;

fn wide<const D: usize>(t: &Tensor<D>) -> Tensor<D> {
    t.clone().cast(DType::F64)
}

/// `network` in f64, its weights moved by `h` along `direction`.
fn moved(network: &Network, direction: &Tensor<1>, h: f64) -> Network {
    Network {
        plan: network.plan.clone(),
        weights: wide(&network.weights) + wide(direction).mul_scalar(h),
        statistics: network.statistics.as_ref().map(wide),
        // The kernels know f32 only, and plain operations are the better judge.
        operations: Operations::Reference,
        blend: network.blend.as_ref().map(wide),
        noise: network.noise.as_ref().map(wide),
    }
}

/// The slope of `loss` at `network` along `direction`.
fn slope(network: &Network, direction: &Tensor<1>, loss: &impl Fn(&Network) -> f64) -> f64 {
    (loss(&moved(network, direction, H)) - loss(&moved(network, direction, -H))) / (2.0 * H)
}

fn largest(values: &[f32]) -> f64 {
    values.iter().fold(0.0, |a, v| a.max(v.abs().into()))
}

/// Compares `gradient` with differences of `loss`: at random entries of each tensor one by one, and at all entries
/// together along random directions.
fn check(what: &str, network: &Network, gradient: &Tensor<1>, tolerance: f64, loss: impl Fn(&Network) -> f64) {
    let layout = &network.plan.weights;
    let g = values(gradient);
    assert!(g.iter().all(|v| v.is_finite()) && largest(&g) > 0.0, "{what}");
    let mut rng = Random::new(1, Stream::Noise);
    let basis = |i: usize| tensor((0..layout.size()).map(|j| f32::from(u8::from(i == j))).collect(), [layout.size()]);
    for slot in &layout.slots {
        let name = &slot.name;
        // A bias before batch normalisation has no effect: both its gradients are rounding errors of the network's
        // others.
        let allowed = tolerance * largest(&g[slot.range()]) + 1e-5 * largest(&g);
        for _ in 0..4.min(slot.len()) {
            let i = slot.offset + rng.below(slot.len());
            let expected = slope(network, &basis(i), &loss);
            assert!(
                (f64::from(g[i]) - expected).abs() < allowed,
                "{what}, {name} [{}]: {} {expected}",
                i - slot.offset,
                g[i]
            );
        }
        let signs: Vec<f32> = (0..layout.size())
            .map(|i| if slot.range().contains(&i) { [-1.0, 1.0][rng.below(2)] } else { 0.0 })
            .collect();
        let along: f64 = g.iter().zip(&signs).map(|(g, s)| f64::from(g * s)).sum();
        let expected = slope(network, &tensor(signs, [layout.size()]), &loss);
        // A sum of ten thousand entries: of its own size where that is larger.
        let allowed = allowed.max(tolerance * expected.abs());
        assert!((along - expected).abs() < allowed, "{what}, {name} as a whole: {along} {expected}");
    }
    let padding: f64 = g.iter().map(|v| f64::from(v.abs())).sum::<f64>()
        - layout.slots.iter().flat_map(|s| &g[s.range()]).map(|v| f64::from(v.abs())).sum::<f64>();
    assert!(padding.abs() < 1e-9, "{what}: padding has a gradient");
}

/// Every kind of layer but dropout, whose factors are f32 (`layers.rs` has its gradient), with both logistic losses, a
/// loss that compares images, and a smoothed label. The losses' own gradients are tested in
/// `crates/gan/src/loss/tests/definition.rs`; with logistic ones, which bend by at most a quarter, the f32 rounding of
/// D's outputs stays small here.
fn cases() -> Vec<(String, RunConfig)> {
    let maxout = config! { discriminator.hidden: HiddenUnit::Maxout, ..common::mlp() };
    let networks = common::varieties()
        .into_iter()
        .chain(common::guided())
        .chain(common::conditions())
        .chain([("MLP, maxout", maxout)]);
    let losses = |(name, c): (&str, RunConfig)| {
        let config = config! { discriminator.dropout: 0.0, loss.real_target: 0.9, ..c };
        let all = [Objective::RelativisticAverage, Objective::NonSaturating, Objective::Minimax];
        // Differences through attention in f64 are dear, and neither its rules nor those of conditions depend on the
        // loss.
        let plain =
            config.attention == Attention::None && config.condition.condition == Condition::None && config.pack == 1;
        // In a game that compares, what a bias does to both kinds cancels: of these small slopes f32 then leaves too
        // few digits.
        let scaled = matches!(config.family, Family::Growing | Family::Style);
        let tried = if scaled { 1..2 } else { 0..if plain { 3 } else { 1 } };
        let named = move |&o: &Objective| (format!("{name}, {o:?}"), config! { loss.objective: o, ..config.clone() });
        all[tried].iter().map(named).collect::<Vec<_>>()
    };
    networks.flat_map(losses).collect()
}

/// At weights of N(0, 0.3^2): far from the start values, where a DCGAN this narrow passes on next to nothing (0.02 a
/// weight), so that every layer has a gradient worth comparing.
fn anywhere(config: RunConfig) -> ByHand {
    let mut run = ByHand::new(config);
    let mut rng = Random::new(2, Stream::Noise);
    // Weights of which each has a scale of its own are moved from where they start.
    let scaled = matches!(run.config.family, Family::Growing | Family::Style);
    for network in [&mut run.g, &mut run.d] {
        let start = if scaled { network.weights.clone() } else { network.weights.zeros_like() };
        network.weights = start + normal(&mut rng, network.weights.dims()).mul_scalar(0.3);
    }
    settle(&mut run.g, run.config.latent_dim);
    settle(&mut run.d, PIXELS);
    run
}

/// Takes a spectral norm's power iterations to their end: the slope of the largest singular value is that of u^T W v
/// with u and v held only there.
fn settle(network: &mut Network, width: usize) {
    let x = tensor(vec![0.1; 2 * width], [2, width]);
    for _ in 0..if network.plan.statistics.slots.iter().any(|s| s.name.ends_with("direction")) { 400 } else { 0 } {
        let mut bound = network.frozen();
        bound.forward(x.clone(), Mode::Train);
        network.update_running_stats(std::mem::take(&mut bound.batch_statistics), 0.1);
    }
}

#[test]
fn the_discriminators_gradient_matches_differences_of_its_loss() {
    for (name, config) in cases() {
        let mut run = anywhere(config);
        let pair = run.pair();
        let (_, gradient, _) = run.d_gradient(pair.clone());
        let (objective, target) = (run.config.loss.objective, run.config.loss.real_target);
        check(&format!("D of {name}"), &run.d, &gradient, TOLERANCE, |d| {
            let (real, fake, named) = outputs(&run, d, pair.both.each_ref().map(wide), pair.codes.as_ref().map(wide));
            scalar(objective.d_loss(real, fake, target)) + named
        });
    }
}

#[test]
fn the_generators_gradient_matches_differences_of_its_loss() {
    for (name, config) in cases() {
        let mut run = anywhere(config);
        let (real, z) = run.beside();
        let codes = run.codes_of(&z).as_ref().map(wide);
        let (_, gradient, _) = run.g_gradient(real.clone(), z.clone());
        let d = moved(&run.d, &run.d.weights.zeros_like(), 0.0);
        // Pixel norm at every resolution multiplies what f32 rounded.
        let tolerance = if run.config.family == Family::Growing { 1e-3 } else { TOLERANCE };
        check(&format!("G of {name}"), &run.g, &gradient, tolerance, |g| {
            let fake = g.frozen().forward(wide(&z), Mode::Train);
            // The recognition of real images does not depend on G.
            let both = [real.as_ref().map_or(fake.clone(), wide), fake.clone()];
            let (real, fake_output, _) = outputs(&run, &d, both, codes.clone());
            scalar(run.config.loss.objective.g_loss(real, fake_output)) + named(&run, &d, fake, codes.clone())
        });
    }
}

/// D's logits on real and on generated images, two passes whatever the trainer does, and what it loses by naming them
/// wrongly.
fn outputs(
    run: &ByHand,
    d: &Network,
    [real, fake]: [Tensor<2>; 2],
    codes: Option<Tensor<2>>,
) -> (Tensor<2>, Tensor<2>, f64) {
    let d_call = run.d_call();
    let logits = |x: &Tensor<2>| {
        let outputs = d_call.outputs(&mut d.frozen(), x.clone(), codes.clone(), Mode::Train);
        d_call.logits(outputs, codes.clone())
    };
    let kinds = if run.config.condition.condition.labelled() { vec![&real, &fake] } else { vec![&fake] };
    let lost = kinds.into_iter().map(|x| named(run, d, x.clone(), codes.clone())).sum();
    (logits(&real), logits(&fake), lost)
}

/// The weighted loss of naming the codes of images.
fn named(run: &ByHand, d: &Network, images: Tensor<2>, codes: Option<Tensor<2>>) -> f64 {
    let Some(codes) = codes else { return 0.0 };
    let outputs = run.d_call().outputs(&mut d.frozen(), images, Some(codes.clone()), Mode::Train);
    run.config
        .code()
        .auxiliary_loss(outputs, codes, d.operations)
        .map_or(0.0, |r| run.config.condition.weight * scalar(r.loss))
}

/// Every penalty on every discriminator whose rows do not mix, the penalty's weight large enough that it matters.
#[test]
fn a_penalised_discriminators_gradient_matches_differences() {
    let maxout = config! { discriminator.hidden: HiddenUnit::Maxout, ..common::mlp() };
    let networks = common::varieties()
        .into_iter()
        .chain(common::guided())
        .chain(common::conditions())
        .chain([("MLP, maxout", maxout)])
        .filter(|(_, c)| !Plan::discriminator(&c.d_spec()).mixes_batch());
    let mut tried = 0;
    for (name, config) in networks {
        let plan = Plan::discriminator(&config.d_spec());
        let curved = plan.layers.iter().any(|l| matches!(l, Layer::GroupNorm(_) | Layer::Attention(_)));
        // A curved layer divides by roots of sums of squares, and multiplies what it rounded: the worst entry is off by
        // 5e-5.
        let tolerance = if curved { 1e-3 } else { TOLERANCE };
        // Differences through attention in f64 take a second a penalty; two of them hold the slope in both ways and at
        // all three places.
        let penalties = [
            Penalty::Wgan,
            Penalty::R1AndR2,
            Penalty::OneSided,
            Penalty::R1,
            Penalty::R2,
            Penalty::Dragan,
            Penalty::R1Differences,
        ];
        let conditioned = config.condition.condition != Condition::None || config.pack > 1;
        for &penalty in &penalties[..if curved || conditioned { 2 } else { 7 }] {
            // A difference of two outputs over 0.01 keeps five digits in f32, fewer where a unit bends between the two or
            // the samples' slopes cancel.
            let differences = penalty == Penalty::R1Differences;
            for operations in [Operations::Kernels, Operations::Reference] {
                let mut run = anywhere(config! {
                    discriminator.dropout: 0.0,
                    penalty.penalty: penalty,
                    penalty.weight: 3.0,
                    ..config.clone()
                });
                run.d.operations = operations;
                let pair = run.pair();
                let mut ahead = run.draws.penalty.clone();
                let (_, gradient, _) = run.d_gradient(pair.clone());
                std::mem::swap(&mut run.draws.penalty, &mut ahead);
                let places = run.places();
                let objective = run.config.loss.objective;
                let spec = run.config.penalty;
                let tolerance = if differences { rounded_away(&run, &pair.both[0]).max(1e-3) } else { tolerance };
                check(&format!("D of {name}, {penalty:?}, {operations:?}"), &run.d, &gradient, tolerance, |d| {
                    let ([real, fake], codes) = (pair.both.each_ref().map(wide), pair.codes.as_ref().map(wide));
                    let places = places.as_ref().map(wide);
                    let held = spec.value(d, run.d_call(), [&real, &fake], codes.clone(), places);
                    let (real, fake, named) = outputs(&run, d, [real, fake], codes);
                    scalar(objective.d_loss(real, fake, 1.0)) + named + scalar(held.expect("a penalty"))
                });
                tried += 1;
            }
        }
    }
    // Four of the old kinds and three curved ones, spectral norm and residual blocks.
    assert!(tried >= 6 * 12 + 3 * 4, "{tried}");
}

/// How far rounding in f32 may move the gradient of a penalty on differences of two outputs, 0.01 apart: the worst
/// error of an output, found beside f64, over the size of the differences. Where the slopes of the batch's samples
/// cancel in the gradient, their errors add up.
fn rounded_away(run: &ByHand, real: &Tensor<2>) -> f64 {
    let exact = moved(&run.d, &run.d.weights.zeros_like(), 0.0);
    let outputs = |d: &Network, x: &Tensor<2>| run.d_call().outputs(&mut d.frozen(), x.clone(), None, Mode::Train);
    let beside = wide(real) + wide(&normal(&mut Random::new(3, Stream::Noise), real.dims())).mul_scalar(0.01);
    let at = outputs(&exact, &wide(real));
    let error = wide(&outputs(&run.d, real)) - at.clone();
    let difference = outputs(&exact, &beside) - at;
    run.config.batch as f64 * scalar(error.max_abs()) / scalar(difference.square().mean().sqrt())
}

/// D(x) = w . x + b has the slope w everywhere, whatever x: each penalty and its gradient by hand.
#[test]
fn a_linear_discriminator_has_the_penalties_of_its_weights() {
    let config = config! { discriminator.network.layers: 1, discriminator.network.units: 1, ..common::mlp() };
    for (penalty, value, slope) in [
        // |w| = 3 everywhere, weight 2: P and dP/d|w|.
        (Penalty::Wgan, 8.0, 8.0),
        (Penalty::OneSided, 8.0, 8.0),
        (Penalty::Dragan, 8.0, 8.0),
        (Penalty::R1, 9.0, 6.0),
        (Penalty::R2, 9.0, 6.0),
        (Penalty::R1AndR2, 18.0, 12.0),
    ] {
        let mut run = ByHand::new(config! { penalty.penalty: penalty, penalty.weight: 2.0, ..config.clone() });
        let layout = run.d.plan.weights.clone();
        // One hidden unit with a large bias never bends: D(x) = u (w . x + b) + c, u = 1 and |w| = 3.
        let mut flat = vec![0.0f32; layout.size()];
        flat[layout.slots[0].range()].fill(3.0 / (layout.slots[0].len() as f32).sqrt());
        flat[layout.slots[1].range()].fill(1e4);
        flat[layout.slots[2].range()].fill(1.0);
        run.d.weights = tensor(flat.clone(), [layout.size()]);
        let [real, fake] = run.pair().both;
        let (places, d_call) = (run.places(), run.d_call());
        let mut d = run.d.tracked();
        let spec = run.config.penalty;
        assert_eq!(spec.dirac(3.0), slope, "{penalty:?} in the Dirac-GAN");
        let term = spec.term(&run.d, &mut d, d_call, [&real, &fake], None, places.clone()).expect("a penalty");
        let mut gradients = term.backward();
        let gradient = values(&counterfeit::optim::flat_gradient(&d, &mut gradients));
        let found = scalar(spec.value(&run.d, d_call, [&real, &fake], None, places).expect("a penalty"));
        assert!((found - value).abs() < 1e-3, "{penalty:?}: {found} {value}");
        let along: f64 = layout.slots[0].range().map(|i| f64::from(gradient[i] * flat[i]) / 3.0).sum();
        assert!((along - slope).abs() < 1e-3, "{penalty:?}: {along} {slope}");
        // A bias changes no slope: where R1 moved one, something else than the slope would be held.
        for bias in [&layout.slots[1], &layout.slots[3]] {
            assert!(gradient[bias.range()].iter().all(|g| *g == 0.0), "{penalty:?}: {}", bias.name);
        }
    }
}
