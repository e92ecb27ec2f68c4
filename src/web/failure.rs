//! Why the module stopped: a panic's message, or that memory ran out. After either the module cannot be used any more,
//! but it can still be asked for this.

use std::cell::RefCell;
use std::panic;
use std::sync::Once;

use wasm_bindgen::prelude::*;

thread_local! {
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Writes panics to the console, and remembers the last one's message.
pub fn watch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        panic::set_hook(Box::new(|info| {
            console_error_panic_hook::hook(info);
            let message = info.payload_as_str().unwrap_or("a panic without a message").to_owned();
            PANIC.with_borrow_mut(|last| *last = Some(message));
        }));
    });
}

/// The message of the panic that stopped this module, or undefined. Where it has stopped without one, an allocation
/// failed: nothing else ends a WebAssembly build of Rust without a panic.
#[wasm_bindgen(js_name = lastPanic)]
pub fn last_panic() -> Option<String> {
    PANIC.with_borrow(Clone::clone)
}
