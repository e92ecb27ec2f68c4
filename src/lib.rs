//! Counterfeit: small GANs, trained in a browser tab or natively.
//!
//! Read [`trainer`] first: it is the training algorithm. [`config`] has the settings, [`nets`] the networks,
//! [`loss`] the losses, [`data`] and [`latent`] the inputs, [`snapshot`] the outputs for the page, [`metrics`] the
//! metrics. Only `web` depends on the browser.

pub mod breakdown;
pub mod classifier;
pub mod condition;
pub mod config;
pub mod coupling;
pub mod data;
pub mod demand;
pub mod device;
pub mod diagnosis;
pub mod dirac;
pub mod discriminator_call;
pub mod error;
pub mod evaluator;
pub mod finite;
pub mod growth;
pub mod latent;
pub mod loss;
pub mod message;
pub mod metrics;
pub mod nets;
pub mod optim;
pub mod outline;
pub mod presets;
pub mod schema;
pub mod signals;
pub mod snapshot;
pub mod trainer;
pub mod tricks;
mod upload;

pub use counterfeit_kernels as kernels;

#[cfg(target_arch = "wasm32")]
pub mod web;
