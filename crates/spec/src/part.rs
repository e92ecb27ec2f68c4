//! What the derive writes down: metadata as static data.

use crate::Values;

/// A field of a struct of settings.
pub enum Part {
    Setting(Setting),
    /// Another struct of settings, whose keys begin with `prefix` here.
    Nested {
        prefix: &'static str,
        parts: fn() -> &'static [Part],
        changes: &'static [Change],
    },
}

/// Metadata of one setting.
pub struct Setting {
    pub key: &'static str,
    pub label: &'static str,
    pub unit: &'static str,
    pub help: &'static str,
    pub source: &'static str,
    pub live: bool,
    pub basic: bool,
    pub only: Option<Only>,
    pub range: Range,
    /// Keys of a choice that are not offered.
    pub except: &'static [&'static str],
    /// [`Scalar::accepts`](crate::Scalar::accepts) of its type.
    pub accepts: fn(Range, &[&str]) -> Values,
}

/// What is different of a setting where its struct is nested; empty texts and lists change nothing.
#[derive(Clone, Copy)]
pub struct Change {
    /// Key within the nested struct.
    pub key: &'static str,
    pub label: &'static str,
    pub help: &'static str,
    pub source: &'static str,
    pub only: Option<Only>,
    pub except: &'static [&'static str],
}

impl Change {
    /// No change of a setting.
    pub const fn of(key: &'static str) -> Self {
        Self { key, label: "", help: "", source: "", only: None, except: &[] }
    }
}

/// The numbers of a setting, from `min` to `max`; `open` excludes `max` itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    pub min: f64,
    pub max: f64,
    pub open: bool,
}

impl Range {
    /// Of choices.
    pub const NONE: Self = Self { min: 0.0, max: 0.0, open: false };
}

/// A setting applies only if another has one of these values.
#[derive(Clone, Copy)]
pub struct Only {
    pub key: &'static str,
    /// Whether the other setting is in the same struct, so that its key has the same prefix.
    pub local: bool,
    pub values: Chosen,
}

/// Keys of a choice.
#[derive(Clone, Copy)]
pub enum Chosen {
    These(&'static [&'static str]),
    Of(fn() -> Vec<&'static str>),
}
