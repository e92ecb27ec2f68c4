//! The reason why the module stopped: a panic or a failed allocation. After either the module is unusable, except for
//! the function that returns the reason.

use std::cell::RefCell;
use std::panic;
use std::sync::Once;

use wasm_bindgen::prelude::*;

thread_local! {
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Installs a panic hook that writes panics to the console and stores the last message.
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

/// The message of the panic that stopped the module, or undefined. If the module has stopped without a panic, an
/// allocation has failed: nothing else does that in a WebAssembly build of Rust.
#[wasm_bindgen(js_name = lastPanic)]
pub fn last_panic() -> Option<String> {
    PANIC.with_borrow(Clone::clone)
}
