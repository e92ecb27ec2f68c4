//! Counterfeit without a browser: what the command line `counterfeit` does, a module for each of its commands, and
//! what the tests on real data share with it.

mod args;
pub mod claims;
pub mod classifier;
pub mod evaluate;
mod inputs;
pub mod modes;
mod progress;
mod stamp;
mod table;
pub mod train;
mod wait;

pub use inputs::{configuration, load};
pub use wait::wait;

/// Why a command failed, as a sentence for its user.
pub type Failure = Box<dyn std::error::Error>;
