//! Metadata of the settings: label, unit, range, help and source, for the form, the URL, validation and documents.
//! Defaults are in [`crate::config::RunConfig::default`].

mod list;

use std::sync::OnceLock;

use serde::Serialize;
use serde_json::Value;

use crate::error::{Error, Result};

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

/// The section of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[cfg_attr(not(target_arch = "wasm32"), ts(rename = "FieldGroup"))]
pub enum Group {
    Data,
    Generator,
    Discriminator,
    Objective,
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
    /// The setting is used only if another one has one of these values: (key, values).
    pub only: Option<(&'static str, Vec<&'static str>)>,
}

impl Field {
    fn new(group: Group, key: &'static str, label: &'static str, values: Values) -> Self {
        Self { key, label, group, unit: "", help: "", source: "", values, live: false, only: None }
    }

    fn about(mut self, help: &'static str, source: &'static str) -> Self {
        (self.help, self.source) = (help, source);
        self
    }

    fn unit(mut self, unit: &'static str) -> Self {
        self.unit = unit;
        self
    }

    fn live(mut self) -> Self {
        self.live = true;
        self
    }

    fn only(mut self, key: &'static str, values: &[&'static str]) -> Self {
        self.only = Some((key, values.to_vec()));
        self
    }

    /// Checks a value of a configuration.
    pub fn check(&self, value: &Value) -> Result<()> {
        let reason = match &self.values {
            Values::Choice { options } => match value.as_str() {
                Some(v) if options.iter().any(|o| o.value == v) => return Ok(()),
                _ => format!("choose one of {}.", options.iter().map(|o| o.value).collect::<Vec<_>>().join(", ")),
            },
            Values::Integer { min, max } => match value.as_u64() {
                Some(v) if (*min..=*max).contains(&v) => return Ok(()),
                _ => format!("enter a whole number between {min} and {max}."),
            },
            Values::Real { min, max, open } => match value.as_f64() {
                Some(v) if v >= *min && (v < *max || !open && v == *max) => return Ok(()),
                _ if *open => format!("enter a number between {min} and {max}, {max} itself not included."),
                _ => format!("enter a number between {min} and {max}."),
            },
        };
        Err(Error::Setting { key: self.key.into(), label: self.label.into(), reason })
    }
}

/// Every setting, in the order of the form.
pub fn fields() -> &'static [Field] {
    static FIELDS: OnceLock<Vec<Field>> = OnceLock::new();
    FIELDS.get_or_init(list::all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RunConfig;

    #[test]
    fn the_schema_names_exactly_the_fields_of_the_configuration() {
        let values = serde_json::to_value(RunConfig::default()).unwrap();
        let mut in_config: Vec<_> = values.as_object().unwrap().keys().cloned().collect();
        let mut in_schema: Vec<_> = fields().iter().map(|f| f.key.to_string()).collect();
        in_config.sort();
        in_schema.sort();
        assert_eq!(in_config, in_schema);
    }

    #[test]
    fn every_field_is_explained_and_conditions_name_real_values() {
        for f in fields() {
            assert!(!f.label.is_empty() && !f.help.is_empty() && !f.source.is_empty(), "{}", f.key);
            if let Some((key, values)) = &f.only {
                let other = fields().iter().find(|o| o.key == *key).expect("names a setting");
                values.iter().for_each(|v| other.check(&Value::from(*v)).expect("names one of its values"));
            }
        }
    }

    #[test]
    fn every_choice_is_a_variant_that_the_configuration_reads() {
        for f in fields() {
            if let Values::Choice { options } = &f.values {
                for o in options {
                    let json = serde_json::json!({ f.key: o.value });
                    serde_json::from_value::<RunConfig>(json).unwrap_or_else(|e| panic!("{} {}: {e}", f.key, o.value));
                }
            }
        }
    }
}
