//! What the core takes from the browser: typed arrays for its messages, and marks in the timeline. Natively there is
//! neither.

#[cfg(target_arch = "wasm32")]
mod marks;
#[cfg(target_arch = "wasm32")]
pub mod typed_array;

#[cfg(target_arch = "wasm32")]
pub use marks::measured;

/// Does the work.
#[cfg(not(target_arch = "wasm32"))]
pub fn measured<T>(_name: &str, work: impl FnOnce() -> T) -> T {
    work()
}
