//! The golden pictures, in a browser: equal on every machine and in every engine.

use crate::common::golden::{PRESETS, expected, hash, picture};
use crate::one_test_each;

async fn is_golden(preset: &str) {
    let pixels = picture(preset).await;
    let golden = expected().remove(preset).unwrap_or_default();
    // `make golden` reads these lines.
    wasm_bindgen_test::console_log!("golden {preset} {}", hash(&pixels));
    assert_eq!(hash(&pixels), golden.browser, "another picture than before");
}

one_test_each! { is_golden, PRESETS.to_vec();
    dcgan: "dcgan",
    goodfellow: "goodfellow",
    vanishing: "vanishing",
    lsgan: "lsgan",
    wgan_gp: "wgan-gp",
    sngan: "sngan",
    r3gan: "r3gan",
    began: "began",
    acgan: "acgan",
    infogan: "infogan",
    cogan_edges: "cogan-edges",
    style: "style",
}
