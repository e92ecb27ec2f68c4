//! The evidence for each state, in numbers, and advice.

use serde_json::{Value, json};

use super::{AGREE, Advice, LOOKS, Run, State, lower_rates};
use crate::config::{Family, Norm};
use crate::evaluator::Evaluation;
use crate::loss::{Objective, Output, Penalty};
use crate::signals::{largest, total};

impl Run<'_> {
    #[expect(clippy::too_many_lines, reason = "a table of sentences")]
    pub(super) fn evidence(&self, state: State) -> String {
        let Some(m) = self.history.last() else { return "No evaluation yet.".into() };
        let percent = |v: f64| format!("{:.0} %", 100.0 * v);
        let Evaluation { raw, averaged, real_reference, accuracy, mean_d_output, signals, .. } = m;
        let gradient = total(&signals.generator);
        match state {
            State::Starting => format!("{} of {AGREE} evaluations.", self.history.len()),
            State::Approaching | State::Learning | State::Plateau | State::Settled | State::Failed => format!(
                "Coverage {:.2} (real data {:.2}), KID {:.3} (real data {:.3}); D's accuracy is {} on real and {} on \
                 generated images.",
                averaged.coverage,
                real_reference.coverage,
                averaged.kid,
                real_reference.kid,
                percent(accuracy.held_out),
                percent(accuracy.fake)
            ),
            State::Exploded => format!(
                "Mean size of D's outputs {:.1e}; largest root mean square of a layer's weights {:.1e} in D and \
                 {:.1e} in G.",
                m.magnitude,
                largest(&signals.discriminator),
                largest(&signals.generator)
            ),
            State::Vanishing => format!(
                "Mean D(G(z)) is {:.4}, which scales the saturating loss's gradient. The gradient norm of G is \
                 {gradient:.1e}.",
                mean_d_output.fake
            ),
            State::DiscriminatorWins => format!(
                "D's accuracy is {} on real and {} on generated images; mean D(G(z)) is {:.4}. The gradient norm of \
                 G is {gradient:.1e}.",
                percent(accuracy.held_out),
                percent(accuracy.fake),
                mean_d_output.fake
            ),
            State::DiscriminatorWeak => format!(
                "D's accuracy is {} on training and {} on generated images; coverage {:.2} (real data {:.2}).",
                percent(accuracy.training),
                percent(accuracy.fake),
                averaged.coverage,
                real_reference.coverage
            ),
            State::Collapse => {
                let entropies = raw.entropy.zip(real_reference.entropy);
                let classes = entropies.map(|(a, b)| format!("class entropy {a:.2} (real data {b:.2}); "));
                format!(
                    "Diversity is {} of the real-data reference; {}coverage {:.2}.",
                    percent(raw.diversity),
                    classes.unwrap_or_default(),
                    raw.coverage
                )
            }
            State::Oscillation => format!(
                "The classes of generated images change between evaluations; Fréchet distance {:.1}, of the EMA {:.1}.",
                raw.frechet, averaged.frechet
            ),
            State::Overfitting => format!(
                "D's accuracy is {} on training images and {} on held-out real images.",
                percent(accuracy.training),
                percent(accuracy.held_out)
            ),
            State::Memorisation => {
                format!(
                    "Distance to the nearest training image: {:.2} times that of held-out real images.",
                    m.memorisation_ratio
                )
            }
            State::Divergence if self.unbounded(m) => {
                format!(
                    "D's mean output on generated images is {:.0}; with a gradient penalty it stays below 100.",
                    mean_d_output.fake
                )
            }
            State::Divergence => {
                let best = self.best().unwrap_or(m);
                format!("KID is {:.2}; it was {:.2} at step {}.", raw.kid, best.raw.kid, best.step)
            }
            State::Misleading => {
                let first = &self.history[self.history.len().saturating_sub(LOOKS)];
                format!(
                    "Since step {} G's loss went from {:.2} to {:.2}, KID from {:.3} to {:.3}.",
                    first.step, first.g_loss, m.g_loss, first.raw.kid, raw.kid
                )
            }
        }
    }

    #[expect(clippy::too_many_lines, reason = "a table of advice")]
    pub(super) fn advice(&self, state: State) -> Vec<Advice> {
        let c = self.config;
        let all = c.data.spec().map_or(0, |spec| spec.train);
        let live = |label: String, changes: Value| Advice { label, changes, restart: false };
        let rate = |key: &str, name: &str, value: f64| {
            live(format!("{name} learning rate {value:.1e}"), json!({ key: value }))
        };
        let anew =
            |label: String, changes: Value| Advice { label: format!("New run, {label}"), changes, restart: true };
        match state {
            State::Starting | State::Approaching | State::Learning | State::Plateau | State::Settled => vec![],
            State::Exploded
                if self.config.loss.objective.loss().output == Output::Critic && c.penalty.penalty == Penalty::None =>
            {
                let held = json!({ "d_penalty": Penalty::Wgan, "d_penalty_weight": 10.0, "d_norm": Norm::None });
                vec![anew("with a gradient penalty".into(), held), lower_rates(c)]
            }
            State::Failed | State::Exploded => vec![lower_rates(c)],
            State::Vanishing => {
                vec![live("Non-saturating loss for G".into(), json!({ "objective": Objective::NonSaturating }))]
            }
            State::DiscriminatorWins if c.d_steps > 1 => {
                vec![live("One D step per G step".into(), json!({ "d_steps": 1 }))]
            }
            State::DiscriminatorWins => {
                vec![
                    rate("d_lr", "D's", c.discriminator.optimizer.lr / 4.0),
                    live("Real label 0.9".into(), json!({ "real_target": 0.9 })),
                ]
            }
            State::DiscriminatorWeak => {
                vec![
                    rate("d_lr", "D's", (2.0 * c.discriminator.optimizer.lr).min(0.1)),
                    live("Two D steps".into(), json!({ "d_steps": 2 })),
                ]
            }
            State::Collapse if c.discriminator.optimizer.lr < c.generator.optimizer.lr => {
                vec![anew(
                    format!("D's learning rate {:.1e}", c.generator.optimizer.lr),
                    json!({ "d_lr": c.generator.optimizer.lr }),
                )]
            }
            State::Collapse => {
                vec![anew(
                    format!("G's learning rate {:.1e}", c.generator.optimizer.lr / 4.0),
                    json!({ "g_lr": c.generator.optimizer.lr / 4.0 }),
                )]
            }
            State::Oscillation => {
                let (g, d) = (c.generator.optimizer.lr / 2.0, c.discriminator.optimizer.lr / 2.0);
                vec![live("Half of both learning rates".into(), json!({ "g_lr": g, "d_lr": d }))]
            }
            State::Overfitting | State::Memorisation if c.train_images < all => {
                vec![anew("all training images".into(), json!({ "train_images": all }))]
            }
            State::Overfitting if c.family == Family::Mlp && c.discriminator.dropout == 0.0 => {
                vec![anew("dropout in D".into(), json!({ "d_dropout": 0.5 }))]
            }
            State::Overfitting => vec![rate("d_lr", "D's", c.discriminator.optimizer.lr / 2.0)],
            State::Memorisation => vec![],
            State::Divergence if self.history.last().is_some_and(|m| self.unbounded(m)) => {
                let held = json!({ "d_penalty": Penalty::Wgan, "d_penalty_weight": 10.0, "d_norm": Norm::None });
                vec![anew("with a gradient penalty".into(), held)]
            }
            State::Divergence => {
                let (g, d) = (c.generator.optimizer.lr / 4.0, c.discriminator.optimizer.lr / 4.0);
                vec![anew("a quarter of both learning rates".into(), json!({ "g_lr": g, "d_lr": d }))]
            }
            // What is wrong is not a setting, unless D stands still.
            State::Misleading if c.discriminator.optimizer.lr < c.generator.optimizer.lr / 10.0 => {
                vec![rate("d_lr", "D's", c.generator.optimizer.lr)]
            }
            State::Misleading => vec![],
        }
    }
}
