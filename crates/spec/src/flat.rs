//! A nested configuration as a flat list of keys and values, which is what addresses and files have.

use serde::Serializer;
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, Visitor};

use crate::scalar::Read;
use crate::{Field, Refusal, Spec, Value};

/// The outermost struct of settings.
pub trait Configuration: Spec {
    /// Its settings in the order of the form: [`fields`](crate::fields), made once.
    fn fields() -> &'static [Field]
    where
        Self: Sized;
}

/// Values by [`Field::place`].
pub fn values(spec: &dyn Spec) -> Vec<Value<'static>> {
    let mut values = Vec::new();
    spec.each(&mut |scalar| values.push(scalar.value()));
    values
}

/// Sets the setting of a field; refuses what is of another type, but checks no range.
pub fn assign(spec: &mut dyn Spec, field: &Field, value: Value) -> Result<(), Refusal> {
    let (mut place, mut taken) = (0, false);
    spec.each_mut(&mut |scalar| {
        if place == field.place {
            taken = scalar.assign(value);
        }
        place += 1;
    });
    if taken { Ok(()) } else { Err(field.refuse(field.wanted())) }
}

/// Whether a setting applies: see [`Field::only`]. What does not apply must not have any effect.
pub fn applies(field: &Field, fields: &[Field], values: &[Value]) -> bool {
    let Some((key, wanted)) = &field.only else { return true };
    let other = fields.iter().find(|f| f.key == *key).map(|f| values[f.place]);
    matches!(other, Some(Value::Key(value)) if wanted.contains(&value))
}

/// The first field, in the order of `fields`, that is `counted` and has another value in `b` than in `a`.
pub fn difference<'f>(
    a: &dyn Spec,
    b: &dyn Spec,
    fields: &'f [Field],
    counted: impl Fn(&Field) -> bool,
) -> Option<&'f Field> {
    let [a, b] = [a, b].map(values);
    fields.iter().find(|f| counted(f) && a[f.place] != b[f.place])
}

/// Serialises a configuration as a map, in the order of the form.
pub fn serialize<S: Serializer>(spec: &dyn Spec, fields: &[Field], serializer: S) -> Result<S::Ok, S::Error> {
    let values = values(spec);
    serializer.collect_map(fields.iter().map(|field| (field.key, values[field.place])))
}

/// Reads a map into `spec`. Unknown keys are an error; what is missing stays as it is.
pub fn deserialize<'de, D: Deserializer<'de>>(
    spec: &mut dyn Spec,
    fields: &'static [Field],
    deserializer: D,
) -> Result<(), D::Error> {
    deserializer.deserialize_map(Flat { spec, fields })
}

struct Flat<'a> {
    spec: &'a mut dyn Spec,
    fields: &'static [Field],
}

impl<'de> Visitor<'de> for Flat<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("a map of settings")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(field) = map.next_key_seed(Key(self.fields))? {
            let read: Read = map.next_value()?;
            assign(self.spec, field, read.value()).map_err(de::Error::custom)?;
        }
        Ok(())
    }
}

/// The field of a key.
struct Key(&'static [Field]);

impl<'de> DeserializeSeed<'de> for Key {
    type Value = &'static Field;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<&'static Field, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Key {
    type Value = &'static Field;

    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("the key of a setting")
    }

    fn visit_str<E: de::Error>(self, key: &str) -> Result<&'static Field, E> {
        let unknown = || E::custom(format_args!("there is no setting `{key}`"));
        self.0.iter().find(|field| field.key == key).ok_or_else(unknown)
    }
}
