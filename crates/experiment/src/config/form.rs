//! The form: which settings stand together, and in which order.

use std::sync::OnceLock;

use counterfeit_spec::{Field, Form, Group, Refusal, Spec};

use super::RunConfig;

/// Sections of the form, and the keys of their settings from top to bottom.
#[rustfmt::skip]
pub const FORM: &Form = &[
    (Group::Data, &["data", "modes", "extent", "spread", "offset", "train_images"]),
    (Group::Latent, &["latent_dim", "prior"]),
    (Group::Generator, &[
        "family", "g_channels", "g_dense", "g_units", "g_layers", "g_norm", "stages", "blocks", "grow_stage_steps",
        "grow_fade_steps", "g_mapping", "g_mixing", "g_up", "attention", "init",
    ]),
    (Group::Discriminator, &[
        "d_channels", "d_dense", "d_units", "d_layers", "d_norm", "d_form", "d_hidden", "d_dropout", "d_batch", "pack",
    ]),
    (Group::Loss, &[
        "objective", "real_target", "balance", "balance_rate", "g_goal", "d_penalty", "d_penalty_weight", "d_clip",
    ]),
    (Group::Training, &[
        "g_lr", "d_lr", "d_steps", "batch", "seed", "g_optimizer", "g_beta1", "g_beta2", "g_decay", "d_optimizer",
        "d_beta1", "d_beta2", "d_decay", "schedule", "schedule_steps", "g_clip_norm", "d_clip_norm", "g_half_life",
    ]),
    (Group::Condition, &[
        "condition", "coupling", "code_continuous", "code_weight", "code_augment",
    ]),
    (Group::Tricks, &[
        "augment", "d_noise", "d_noise_steps", "replay", "g_noise", "d_flip", "history", "unroll",
    ]),
];

/// Every setting, in the order of the form.
pub fn fields() -> &'static [Field] {
    static FIELDS: OnceLock<Vec<Field>> = OnceLock::new();
    FIELDS.get_or_init(|| counterfeit_spec::fields(RunConfig::parts(), FORM))
}

/// A refusal of a setting because of others. The label is the field's, with its network if both have such a field.
pub fn refusal(key: &str, reason: impl Into<String>) -> Refusal {
    let label = fields().iter().find(|f| f.key == key).map_or(key, |f| f.label);
    let shared = fields().iter().filter(|f| f.label == label).count() > 1;
    let label = match key.get(..2) {
        Some("g_") if shared => format!("{label} (generator)"),
        Some("d_") if shared => format!("{label} (discriminator)"),
        _ => label.to_string(),
    };
    Refusal { key: key.into(), label, reason: reason.into() }
}
