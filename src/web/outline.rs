//! The networks of a configuration for the page, as they can be drawn.

use wasm_bindgen::prelude::*;

use super::{give, take, to_js};
use crate::config::RunConfig;
use crate::outline::Outline;

/// Both networks of a configuration, valid or not: see [`Outline`].
#[wasm_bindgen]
pub fn outline(config: JsValue) -> std::result::Result<JsValue, JsValue> {
    let config = take::<RunConfig>(config).map_err(to_js)?;
    give(&Outline::of(&config).map_err(to_js)?)
}
