//! Lists of numbers in messages to the page as typed arrays, which the worker transfers without copying them: for
//! `#[serde(serialize_with = ...)]`.

use js_sys::{Float32Array, Uint8Array};
use serde::{Serialize, Serializer};
use serde_wasm_bindgen::preserve;

/// A `Float32Array`.
pub fn floats<S: Serializer>(values: &[f32], serializer: S) -> Result<S::Ok, S::Error> {
    preserve::serialize(&Float32Array::from(values), serializer)
}

/// A `Uint8Array`.
pub fn bytes<S: Serializer>(values: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    preserve::serialize(&Uint8Array::from(values), serializer)
}

/// A `Float32Array`, or null.
pub fn floats_or_null<S: Serializer>(values: &Option<Vec<f32>>, serializer: S) -> Result<S::Ok, S::Error> {
    match values {
        Some(values) => floats(values, serializer),
        None => Option::<()>::None.serialize(serializer),
    }
}
