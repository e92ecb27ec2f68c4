//! Who plays is who changes.

use counterfeit::config;
use counterfeit::config::Norm;
use counterfeit::snapshot;
use counterfeit::trainer::StepKind;

use super::support::{images, metrics, state, steps, trainer, wait};
use crate::common;

#[test]
fn a_discriminator_step_leaves_the_generator_alone() {
    for (name, config) in common::varieties() {
        let mut t = trainer(config! { d_steps: 2, ..config });
        steps(&mut t, 2);
        let before = state(&t);
        let record = t.step(images(), StepKind::Discriminator).unwrap();
        let after = state(&t);
        assert!(before.generator == after.generator, "{name}: the generator's weights moved");
        assert!(before.statistics == after.statistics, "{name}: the generator's statistics moved");
        assert!(before.discriminator != after.discriminator, "{name}: the discriminator did not move");
        let m = metrics(vec![record]);
        assert!(
            m.d_loss[0].is_some() && m.d_real[0].is_some() && m.d_fake[0].is_some() && m.g_loss[0].is_none(),
            "{name}"
        );
    }
}

#[test]
fn a_generator_step_leaves_the_discriminator_alone() {
    for (name, config) in common::varieties() {
        let virtual_batch = config.generator.network.norm == Norm::Virtual;
        let mut t = trainer(config);
        steps(&mut t, 2);
        let before = state(&t);
        let record = t.step(images(), StepKind::Generator).unwrap();
        let after = state(&t);
        assert!(before.discriminator == after.discriminator, "{name}: the discriminator moved");
        assert!(before.generator != after.generator, "{name}: the generator did not move");
        // A virtual batch is drawn once and stays.
        let stays = virtual_batch || before.statistics.is_none();
        assert!(stays == (before.statistics == after.statistics), "{name}: the statistics");
        let m = metrics(vec![record]);
        assert!(
            m.g_loss[0].is_some() && m.d_loss[0].is_none() && m.d_real[0].is_none() && m.d_fake[0].is_none(),
            "{name}"
        );
    }
}

/// First D learns alone, then G against the D that resulted: the sign of both updates.
#[test]
fn each_player_lowers_its_own_loss_while_the_other_stands_still() {
    for (name, config) in common::varieties() {
        let mut t = trainer(config! {
            discriminator.dropout: 0.0,
            batch: 32,
            discriminator.optimizer.lr: 5e-3,
            generator.optimizer.lr: 5e-3,
            ..config
        });
        for kind in [StepKind::Discriminator, StepKind::Generator] {
            let m = metrics((0..120).map(|_| t.step(images(), kind).unwrap()).collect());
            let loss = if kind == StepKind::Generator { m.g_loss } else { m.d_loss };
            let mean = |part: &[Option<f32>]| part.iter().map(|v| v.unwrap()).sum::<f32>() / part.len() as f32;
            let (first, last) = (mean(&loss[..5]), mean(&loss[115..]));
            assert!(last < 0.9 * first, "{name}, {kind:?}: {first} -> {last}");
        }
    }
}

#[test]
fn steps_are_counted_and_curves_have_gaps() {
    let mut t = trainer(common::mlp());
    let played = [StepKind::Both, StepKind::Generator, StepKind::Discriminator];
    let records = played.map(|p| t.step(images(), p).unwrap()).to_vec();
    let m = wait(snapshot::metrics(records)).unwrap();
    assert_eq!((t.steps(), m.step), (3, vec![1, 2, 3]));
    assert_eq!(m.d_loss.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(m.g_loss.iter().map(Option::is_some).collect::<Vec<_>>(), [true, true, false]);
}
