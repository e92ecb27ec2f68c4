//! Counterfeit: small GANs, trained in a browser tab or natively.
//!
//! Read [`counterfeit_gan::trainer`] first: it is the training algorithm. [`mod@config`] has the settings, [`nn`] the
//! networks, [`loss`] the losses, [`data`] and [`random`] the inputs, [`snapshot`] the outputs for the page,
//! [`metrics`] the metrics. Only `web` depends on the browser.

pub mod breakdown;
pub mod catalog;
pub mod claims;
pub mod demand;
pub mod device;
pub mod diagnosis;
pub mod dirac;
pub mod domain;
pub mod error;
pub mod evaluator;
pub mod message;
mod read_back;
pub mod saved_run;
pub mod signals;
pub mod snapshot;
pub mod trainer;
#[cfg(target_arch = "wasm32")]
mod typed_array;

pub use counterfeit_data as data;
pub use counterfeit_experiment::{config, outline, presets};
pub use counterfeit_gan::{
    condition, coupling, discriminator_call, finite, growth, loss, optim, run_state, spec, state, tricks, upload,
};
pub use counterfeit_kernels as kernels;
pub use counterfeit_metrics as metrics;
pub use counterfeit_nn as nn;
pub use counterfeit_random as random;
pub use counterfeit_spec as settings;

#[cfg(target_arch = "wasm32")]
pub mod web;
