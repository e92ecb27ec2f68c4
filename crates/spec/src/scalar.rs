//! The values of settings: whole numbers, real numbers and choices.

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};

use crate::{Alternative, Range, Values};

/// A value of a setting.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// The key of a choice.
    Key(&'a str),
    Integer(u64),
    Real(f64),
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Value::Key(key) => serializer.serialize_str(key),
            Value::Integer(n) => serializer.serialize_u64(n),
            Value::Real(x) => serializer.serialize_f64(x),
        }
    }
}

/// A [`Value`] that was read, and owns its text.
pub(crate) enum Read {
    Key(String),
    Number(Value<'static>),
}

impl Read {
    pub(crate) fn value(&self) -> Value<'_> {
        match self {
            Read::Key(key) => Value::Key(key),
            Read::Number(number) => *number,
        }
    }
}

impl<'de> Deserialize<'de> for Read {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl Visitor<'_> for Any {
            type Value = Read;

            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("a number or the key of a choice")
            }

            fn visit_u64<E: de::Error>(self, n: u64) -> Result<Read, E> {
                Ok(Read::Number(Value::Integer(n)))
            }

            fn visit_i64<E: de::Error>(self, n: i64) -> Result<Read, E> {
                Ok(Read::Number(u64::try_from(n).map_or(Value::Real(n as f64), Value::Integer)))
            }

            fn visit_f64<E: de::Error>(self, x: f64) -> Result<Read, E> {
                Ok(Read::Number(Value::Real(x)))
            }

            fn visit_str<E: de::Error>(self, key: &str) -> Result<Read, E> {
                Ok(Read::Key(key.to_owned()))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// The type of a setting.
pub trait Scalar {
    /// What the setting accepts. `range` is for numbers; of a choice, `except` leaves out these keys.
    fn accepts(range: Range, except: &[&str]) -> Values
    where
        Self: Sized;

    fn value(&self) -> Value<'static>;

    /// Takes a value; false, and no change, if it is of another type or no key of the choice.
    fn assign(&mut self, value: Value) -> bool;
}

/// A setting that is chosen from a list. Derive it for an enum: `#[choice("label")]` at each variant, with
/// `key = "..."` where the key is not the variant's name in kebab-case. It is serialised as its key.
pub trait Choice: Copy + 'static {
    /// All options, in the order of the form.
    fn alternatives() -> Vec<Alternative>;

    /// Its key in configurations, addresses and files.
    fn key(self) -> &'static str;

    fn from_key(key: &str) -> Option<Self>;
}

/// Reads a choice by its key.
pub fn read_choice<'de, T: Choice, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let read = Read::deserialize(deserializer)?;
    match read.value() {
        Value::Key(key) => T::from_key(key),
        _ => None,
    }
    .ok_or_else(|| de::Error::custom("it is none of the choices"))
}

impl<T: Choice> Scalar for T {
    fn accepts(_: Range, except: &[&str]) -> Values {
        let mut options = T::alternatives();
        options.retain(|o| !except.contains(&o.value));
        Values::Choice { options }
    }

    fn value(&self) -> Value<'static> {
        Value::Key(self.key())
    }

    fn assign(&mut self, value: Value) -> bool {
        let Value::Key(key) = value else { return false };
        T::from_key(key).map(|choice| *self = choice).is_some()
    }
}

impl Scalar for f64 {
    fn accepts(range: Range, _: &[&str]) -> Values {
        Values::Real { min: range.min, max: range.max, open: range.open }
    }

    fn value(&self) -> Value<'static> {
        Value::Real(*self)
    }

    fn assign(&mut self, value: Value) -> bool {
        *self = match value {
            Value::Real(x) => x,
            Value::Integer(n) => n as f64,
            Value::Key(_) => return false,
        };
        true
    }
}

macro_rules! integer {
    ($($type:ty),*) => { $(
        impl Scalar for $type {
            fn accepts(range: Range, _: &[&str]) -> Values {
                Values::Integer { min: range.min as u64, max: range.max as u64 }
            }

            fn value(&self) -> Value<'static> {
                Value::Integer(u64::try_from(*self).unwrap_or(u64::MAX))
            }

            fn assign(&mut self, value: Value) -> bool {
                let Value::Integer(n) = value else { return false };
                Self::try_from(n).map(|n| *self = n).is_ok()
            }
        }
    )* };
}

integer!(u32, usize);
