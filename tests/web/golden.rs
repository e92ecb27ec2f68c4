//! The golden states, in a browser: the same as natively.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::common::golden::{cases, expected, hash};

#[wasm_bindgen_test]
async fn states_are_golden() {
    crate::start();
    let expected = expected();
    let mut other = vec![];
    for (name, config) in cases() {
        if expected.get(&name) != Some(&hash(config).await) {
            other.push(name);
        }
    }
    assert!(other.is_empty(), "other states than natively: {other:?}");
}
