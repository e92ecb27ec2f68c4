//! The JavaScript interface of the network outlines, from which the page draws the architecture.

use wasm_bindgen::prelude::*;

use super::{give, take, to_js};
use crate::config::RunConfig;
use crate::outline::Outline;

/// Returns the outline of both networks of a configuration, valid or not. See [`Outline`].
#[wasm_bindgen]
pub fn outline(config: JsValue) -> std::result::Result<JsValue, JsValue> {
    let config = take::<RunConfig>(config).map_err(to_js)?;
    give(&Outline::of(&config).map_err(|e| to_js(e.into()))?)
}
