//! The updates of a step in the browser's timeline.

use std::cell::Cell;

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{Performance, WorkerGlobalScope};

use crate::nn::NetworkId;
use crate::trainer::Moment;

#[wasm_bindgen]
extern "C" {
    /// `web_sys` has the method with options only among what is unstable.
    #[wasm_bindgen(js_namespace = performance, catch)]
    fn measure(name: &str, options: &Object) -> Result<JsValue, JsValue>;
}

thread_local! {
    static TIMELINE: Option<Performance> = js_sys::global().unchecked_into::<WorkerGlobalScope>().performance();
    /// When the present update began, in milliseconds.
    static BEGUN: Cell<f64> = const { Cell::new(0.0) };
}

/// Marks the time of an update, which costs 5 microseconds. The entry is taken out of the timeline's buffer at once, so
/// that nothing accumulates; observers have received it by then.
pub fn mark(network: NetworkId, moment: Moment) {
    TIMELINE.with(|timeline| {
        let Some(timeline) = timeline else { return };
        match moment {
            Moment::Begins => BEGUN.set(timeline.now()),
            Moment::Ends => end(timeline, network),
        }
    });
}

fn end(timeline: &Performance, network: NetworkId) {
    let name = match network {
        NetworkId::Discriminator => "D step",
        NetworkId::Generator => "G step",
    };
    let span = Object::new();
    // A browser that refuses any of this loses the mark only.
    let _ = Reflect::set(&span, &"start".into(), &BEGUN.get().into());
    let _ = measure(name, &span);
    timeline.clear_measures_with_measure_name(name);
}
