//! What changes while a run goes on, what does not, and how a run ends badly.

use counterfeit::config;
use counterfeit::config::{HiddenUnit, Norm, RunConfig};
use counterfeit::data::Sampler;
use counterfeit::message::{Divergence, Report};
use counterfeit::nn::{Mode, NetworkId};
use counterfeit::snapshot::{self, View};
use counterfeit::trainer::{StepKind, Trainer};

use super::support::{images, metrics, scalar, state, steps, tensor, trainer, values, wait};
use crate::common::{self, IMAGES, experiment, metric_bits};

/// Two equal runs, two steps old.
fn twins(config: &RunConfig) -> [Trainer; 2] {
    [(); 2].map(|()| {
        let mut t = trainer(config.clone());
        steps(&mut t, 2);
        t
    })
}

/// The cross-entropy with the label t exceeds that with 1 by (1 - t) E[a], a being D's logits on the real batch.
#[test]
fn smoothing_takes_effect_at_the_next_step() {
    let config = common::dcgan();
    let [mut plain, mut smoothed] = twins(&config);
    smoothed.update(experiment(config! { loss.real_target: 0.7, ..config.clone() })).unwrap();

    let mut sampler = Sampler::new(config.seed, IMAGES);
    sampler.draw(2 * config.batch);
    let third = sampler.draw(config.batch);
    let real = tensor(images().batch(&third), [config.batch, 784]);
    let mean_logit = scalar(plain.discriminator().frozen().forward(real, Mode::Train).mean());

    let [a, b] = [&mut plain, &mut smoothed].map(|t| metrics(steps(t, 1)));
    assert_eq!((&a.d_real, &a.d_fake), (&b.d_real, &b.d_fake), "both judged the same batches with the same weights");
    let difference = f64::from(b.d_loss[0].unwrap() - a.d_loss[0].unwrap());
    assert!((difference - 0.3 * mean_logit).abs() < 1e-6, "{difference} {}", 0.3 * mean_logit);
    assert!(mean_logit.abs() > 1e-3, "too small to tell");
    assert!(state(&plain).discriminator != state(&smoothed).discriminator);
}

/// Adam's step is proportional to its learning rate.
#[test]
fn a_learning_rate_takes_effect_at_the_next_step() {
    for (name, config) in common::varieties() {
        let [mut slow, mut fast] = twins(&config);
        let start = values(&slow.generator().weights);
        fast.update(experiment(config! {
            generator.optimizer.lr: 8.0 * config.generator.optimizer.lr,
            ..config.clone()
        }))
        .unwrap();
        let [a, b] = [&mut slow, &mut fast].map(|t| metrics(steps(t, 1)));
        assert_eq!(metric_bits(&a), metric_bits(&b), "{name}: the losses are those before the update");
        assert!(state(&slow).discriminator == state(&fast).discriminator, "{name}: the other rate did not change");
        let moved =
            |t: &Trainer| values(&t.generator().weights).iter().zip(&start).map(|(w, s)| w - s).collect::<Vec<_>>();
        for (a, b) in moved(&slow).iter().zip(moved(&fast)) {
            // Weights are up to 2, so that their differences are known to 2 ulp of 2 = 4.8e-7 and eight of them to
            // 4e-6.
            assert!((8.0 * a - b).abs() < 4e-6, "{name}: {a} {b}");
        }
    }
}

#[test]
fn a_structural_change_is_refused_and_changes_nothing() {
    let config = common::dcgan();
    let [mut plain, mut asked] = twins(&config);
    let changes = [
        ("g_channels", config! { generator.network.channels: 4, ..config.clone() }),
        ("batch", config! { batch: 9, ..config.clone() }),
        ("seed", config! { seed: 8, ..config.clone() }),
        ("d_norm", config! { discriminator.network.norm: Norm::Batch, ..config.clone() }),
        // One live change along with it: neither may happen.
        ("latent_dim", config! { latent_dim: 6, generator.optimizer.lr: 0.1, ..config.clone() }),
    ];
    for (key, change) in changes {
        let error = asked.update(experiment(change)).unwrap_err();
        assert_eq!((error.kind(), error.key()), ("needs-restart", Some(key)));
        assert_eq!(*asked.config().given(), config);
    }
    assert_eq!(asked.steps(), 2);
    let [a, b] = [&mut plain, &mut asked].map(|t| metric_bits(&metrics(steps(t, 2))));
    assert!(a == b && state(&plain) == state(&asked));
}

/// Within the schema: without a memory of squared gradients, Adam's step is momentum over the present gradient alone.
/// Where that vanishes (D is sure of every image, or G's rectifiers are dead) the step is m / 1e-8, and five layers of
/// such weights overflow.
fn reckless(config: &RunConfig, id: NetworkId) -> RunConfig {
    match id {
        NetworkId::Discriminator => config! {
            discriminator.optimizer.lr: 0.1,
            discriminator.optimizer.beta1: 0.9,
            discriminator.optimizer.beta2: 0.0,
            ..config.clone()
        },
        NetworkId::Generator => config! {
            generator.optimizer.lr: 1.0,
            generator.optimizer.beta1: 0.9,
            generator.optimizer.beta2: 0.0,
            ..config.clone()
        },
    }
}

/// Three healthy steps, then many with `id` reckless.
fn diverging(id: NetworkId, kind: StepKind) -> (Trainer, Report) {
    let config = config! {
        discriminator.network.layers: 5,
        generator.network.layers: 5,
        discriminator.hidden: HiddenUnit::Maxout,
        ..common::mlp()
    };
    let mut t = trainer(config.clone());
    let records = steps(&mut t, 3);
    assert_eq!(wait(snapshot::report(records, t.watch())).unwrap().divergence, None);
    t.update(experiment(reckless(&config, id))).unwrap();
    let records = (0..100).map(|_| t.step(images(), kind).unwrap()).collect();
    let report = wait(snapshot::report(records, t.watch())).unwrap();
    (t, report)
}

#[test]
fn a_divergence_is_reported_with_player_and_step() {
    for (id, kind) in [(NetworkId::Discriminator, StepKind::Discriminator), (NetworkId::Generator, StepKind::Generator)]
    {
        let (t, Report { metrics, divergence }) = diverging(id, kind);
        let Some(Divergence { network: shown, step, cause, .. }) = divergence else { panic!("this run diverges") };
        assert_eq!((shown, cause), (id, id));
        let losses = if id == NetworkId::Generator { metrics.g_loss } else { metrics.d_loss };
        assert_eq!(metrics.step.last(), Some(&step), "what follows is no training");
        assert!(losses.len() > 1, "the first losses are those before the first reckless update");
        assert!(losses[..losses.len() - 1].iter().all(|v| v.unwrap().is_finite()), "{losses:?}");
        // The pictures of a broken run can still be looked at.
        assert_eq!(wait(snapshot::generated_samples(&t, false, View::Fixed)).unwrap().pixels.len(), 64 * 784);
    }
}

/// The network whose weights broke is named, not the one whose loss showed it first: that is always the other.
#[test]
fn a_divergence_names_the_player_that_caused_it() {
    for id in [NetworkId::Discriminator, NetworkId::Generator] {
        let (_, report) = diverging(id, StepKind::Both);
        assert_eq!(report.divergence.map(|d| d.cause), Some(id));
    }
}
