//! The form: which settings stand together, and in which order.

use std::sync::OnceLock;

use counterfeit_spec::{Field, Form, Group, Refusal, Spec};

use super::RunConfig;

/// Sections of the form, and the keys of their settings from top to bottom.
#[rustfmt::skip]
pub const FORM: &Form = &[
    (Group::Data, &[
        "data", "modes", "extent", "spread", "offset", "train_images", "family", "init", "batch", "seed",
    ]),
    (Group::Generator, &[
        "latent_dim", "prior", "g_channels", "g_dense", "stages", "blocks", "grow_stage_steps",
        "grow_fade_steps", "g_mapping", "g_mixing", "g_up", "attention", "g_units", "g_layers", "g_norm",
        "g_optimizer", "g_lr", "g_beta1", "g_beta2", "g_decay",
    ]),
    (Group::Discriminator, &[
        "d_channels", "d_dense", "d_units", "d_layers", "d_form", "d_hidden", "d_dropout", "d_norm",
        "d_penalty", "d_penalty_weight", "d_clip", "d_optimizer", "d_lr", "d_beta1", "d_beta2", "d_decay",
    ]),
    (Group::Objective, &[
        "objective", "balance", "balance_rate", "d_steps", "real_target",
    ]),
    (Group::Condition, &[
        "condition", "coupling", "code_continuous", "code_weight", "code_augment",
    ]),
    (Group::Tricks, &[
        "g_half_life", "g_noise", "pack", "d_batch", "g_goal", "augment", "d_noise", "d_noise_steps",
        "d_flip", "replay", "g_clip_norm", "d_clip_norm", "schedule", "schedule_steps", "history", "unroll",
    ]),
];

/// Every setting, in the order of the form.
pub fn fields() -> &'static [Field] {
    static FIELDS: OnceLock<Vec<Field>> = OnceLock::new();
    FIELDS.get_or_init(|| counterfeit_spec::fields(RunConfig::parts(), FORM))
}

/// A refusal of a setting because of others. The label is the field's, with its network if both have such a field.
pub fn refusal(key: &str, reason: impl Into<String>) -> Refusal {
    let field = fields().iter().find(|f| f.key == key);
    let label = field.map_or(key, |f| f.label);
    let shared = fields().iter().filter(|f| f.label == label).count() > 1;
    let label = match field.map(|f| f.group) {
        Some(Group::Generator) if shared => format!("{label} (generator)"),
        Some(Group::Discriminator) if shared => format!("{label} (discriminator)"),
        _ => label.to_string(),
    };
    Refusal { key: key.into(), label, reason: reason.into() }
}
