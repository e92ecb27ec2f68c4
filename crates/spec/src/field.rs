//! One setting as the page sees it, and the check of its values.

use serde::Serialize;
use thiserror::Error;

use crate::{Change, Chosen, Only, Part, Setting, Value};

/// One option of a setting that is chosen from a list.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[cfg_attr(not(target_arch = "wasm32"), ts(rename = "FieldOption"))]
pub struct Alternative {
    pub value: &'static str,
    pub label: &'static str,
}

/// The values that a setting accepts.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub enum Values {
    Choice {
        options: Vec<Alternative>,
    },
    /// Integers from `min` to `max`.
    Integer {
        min: u64,
        max: u64,
    },
    /// Real numbers from `min` to `max`; `open` excludes `max` itself.
    Real {
        min: f64,
        max: f64,
        open: bool,
    },
}

/// The section of the form: a part of the model, or what training does with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[cfg_attr(not(target_arch = "wasm32"), ts(rename = "FieldGroup"))]
pub enum Group {
    Data,
    Latent,
    Generator,
    Discriminator,
    Loss,
    Training,
    Condition,
    Tricks,
}

/// One setting.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct Field {
    /// Name in `RunConfig`, in the URL and in files.
    pub key: &'static str,
    pub label: &'static str,
    pub group: Group,
    pub unit: &'static str,
    pub help: &'static str,
    /// Source of the setting and of its default.
    pub source: &'static str,
    pub values: Values,
    /// Whether it may change during a run.
    pub live: bool,
    /// Whether a form shows it at once, not among the further settings of its section.
    pub basic: bool,
    /// The setting is used only if another one has one of these values: (key, values).
    pub only: Option<(&'static str, Vec<&'static str>)>,
    /// Its place in the order of declaration.
    #[serde(skip)]
    pub place: usize,
}

/// The form: sections, and the keys of their settings from top to bottom.
pub type Form = [(Group, &'static [&'static str])];

/// A value that a setting does not accept, or that does not go together with others.
#[derive(Debug, Clone, PartialEq, Error)]
#[error("{label}: {reason}")]
pub struct Refusal {
    pub key: String,
    pub label: String,
    /// What to do, as a sentence.
    pub reason: String,
}

impl Field {
    /// Checks a value of a configuration.
    pub fn check(&self, value: Value) -> Result<(), Refusal> {
        let accepted = match (&self.values, value) {
            (Values::Choice { options }, Value::Key(key)) => options.iter().any(|o| o.value == key),
            (Values::Integer { min, max }, Value::Integer(n)) => (*min..=*max).contains(&n),
            (Values::Real { min, max, open }, Value::Real(x)) => x >= *min && (x < *max || !open && x == *max),
            (Values::Real { .. }, Value::Integer(n)) => return self.check(Value::Real(n as f64)),
            _ => false,
        };
        if accepted { Ok(()) } else { Err(self.refuse(self.wanted())) }
    }

    /// A refusal of a value, for this reason.
    pub fn refuse(&self, reason: String) -> Refusal {
        Refusal { key: self.key.into(), label: self.label.into(), reason }
    }

    /// What to choose or enter.
    pub fn wanted(&self) -> String {
        match &self.values {
            Values::Choice { options } => {
                format!("choose one of {}.", options.iter().map(|o| o.value).collect::<Vec<_>>().join(", "))
            }
            Values::Integer { min, max } => format!("enter a whole number between {min} and {max}."),
            Values::Real { min, max, open: true } => {
                format!("enter a number between {min} and {max}, {max} itself not included.")
            }
            Values::Real { min, max, .. } => format!("enter a number between {min} and {max}."),
        }
    }
}

/// Every setting, in the order of the form. Keys that the form does not name come last.
///
/// Keys with a prefix are never freed: make the list once.
pub fn fields(parts: &[Part], form: &Form) -> Vec<Field> {
    let mut list = Vec::new();
    collect(parts, "", &[], &mut list);
    let mut order = 0;
    for (group, keys) in form {
        for key in *keys {
            let Some(found) = list[order..].iter().position(|field| field.key == *key) else { continue };
            // What is not yet placed keeps its order.
            list[order..=order + found].rotate_right(1);
            list[order].group = *group;
            order += 1;
        }
    }
    list
}

fn collect(parts: &[Part], prefix: &str, changes: &[Change], list: &mut Vec<Field>) {
    for part in parts {
        match part {
            Part::Setting(setting) => {
                let change = changes.iter().find(|c| c.key == setting.key).copied();
                list.push(field(setting, prefix, change.unwrap_or(Change::of(setting.key)), list.len()));
            }
            Part::Nested { prefix: further, parts, changes } => {
                collect(parts(), &format!("{prefix}{further}"), changes, list);
            }
        }
    }
}

fn field(setting: &Setting, prefix: &str, change: Change, place: usize) -> Field {
    let prefixed = |key: &'static str| if prefix.is_empty() { key } else { format!("{prefix}{key}").leak() };
    let or = |new: &'static str, old| if new.is_empty() { old } else { new };
    let only = change.only.or(setting.only).map(|Only { key, local, values }| {
        let values = match values {
            Chosen::These(keys) => keys.to_vec(),
            Chosen::Of(keys) => keys(),
        };
        (if local { prefixed(key) } else { key }, values)
    });
    let except = if change.except.is_empty() { setting.except } else { change.except };
    Field {
        key: prefixed(setting.key),
        label: or(change.label, setting.label),
        group: Group::Data,
        unit: setting.unit,
        help: or(change.help, setting.help),
        source: or(change.source, setting.source),
        values: (setting.accepts)(setting.range, except),
        live: setting.live,
        basic: setting.basic,
        only,
        place,
    }
}
