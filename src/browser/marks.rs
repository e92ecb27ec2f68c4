//! Spans of time in the browser's timeline.

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{Performance, WorkerGlobalScope};

#[wasm_bindgen]
extern "C" {
    /// `web_sys` has the method with options only among what is unstable.
    #[wasm_bindgen(js_namespace = performance, catch)]
    fn measure(name: &str, options: &Object) -> Result<JsValue, JsValue>;
}

thread_local! {
    static TIMELINE: Option<Performance> = js_sys::global().unchecked_into::<WorkerGlobalScope>().performance();
}

/// Does the work and marks its time under a name, which costs 5 microseconds. The entry is taken out of the timeline's
/// buffer at once, so that nothing accumulates; observers have received it by then.
pub fn measured<T>(name: &str, work: impl FnOnce() -> T) -> T {
    let begun = TIMELINE.with(|timeline| timeline.as_ref().map(Performance::now));
    let result = work();
    TIMELINE.with(|timeline| {
        if let (Some(timeline), Some(begun)) = (timeline, begun) {
            let span = Object::new();
            // A browser that refuses any of this loses the mark only.
            let _ = Reflect::set(&span, &"start".into(), &begun.into());
            let _ = measure(name, &span);
            timeline.clear_measures_with_measure_name(name);
        }
    });
    result
}
