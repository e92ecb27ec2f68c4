//! Settings that carry their own metadata. A struct that derives [`Spec`] has default, label, range, unit, help and
//! source beside each field; forms, addresses, files, validation and documents follow from there.
//!
//! ```
//! use counterfeit_spec::{Choice, Spec};
//!
//! #[derive(Clone, Copy, PartialEq, Choice)]
//! enum Method {
//!     #[choice("Adam")]
//!     Adam,
//!     #[choice("SGD with momentum")]
//!     Sgd,
//! }
//!
//! #[derive(Clone, Spec)]
//! struct Optimizer {
//!     /// How the step follows from the gradient.
//!     #[setting(key = "optimizer", label = "Optimizer", default = Method::Adam, source = "Kingma and Ba 2015")]
//!     method: Method,
//!     /// Decay rate of the running mean of the squared gradient.
//!     #[setting(
//!         label = "Adam β₂", default = 0.999, range = 0.0..1.0, live, only(method = ["adam"]),
//!         source = "Kingma and Ba 2015",
//!     )]
//!     beta2: f64,
//! }
//!
//! #[derive(Clone, Spec)]
//! struct Run {
//!     #[nested(prefix = "d_", change(beta2(help = "Of D.")))]
//!     discriminator: Optimizer,
//! }
//!
//! assert_eq!(Run::default().discriminator.beta2, 0.999);
//! let fields = counterfeit_spec::fields(Run::parts(), &[]);
//! assert_eq!((fields[1].key, fields[1].help), ("d_beta2", "Of D."));
//! ```

// The derives name this crate by its full path, in its own tests too.
extern crate self as counterfeit_spec;

mod field;
mod flat;
mod part;
mod scalar;

pub use counterfeit_spec_derive::{Choice, Spec};
pub use field::{Alternative, Field, Form, Group, Refusal, Values, fields};
pub use flat::{Configuration, applies, assign, deserialize, difference, serialize, values};
pub use part::{Change, Chosen, Only, Part, Range, Setting};
pub use scalar::{Choice, Scalar, Value, read_choice};
// For the derives.
#[doc(hidden)]
pub use serde;

/// A struct of settings, each a number or a choice, and of other such structs. Derive it.
pub trait Spec {
    /// Metadata, in the order of declaration.
    fn parts() -> &'static [Part]
    where
        Self: Sized;

    /// Calls `take` with each setting, in the order of declaration.
    fn each(&self, take: &mut dyn FnMut(&dyn Scalar));

    /// As [`Spec::each`], to change them.
    fn each_mut(&mut self, take: &mut dyn FnMut(&mut dyn Scalar));
}

#[cfg(test)]
mod tests;
