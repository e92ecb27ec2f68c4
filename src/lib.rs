//! Counterfeit: small GANs, trained in a browser tab or natively.
//!
//! Read [`trainer`] first: it is the training algorithm. [`config`] has the settings, [`nets`] the networks,
//! [`objective`] the losses, [`data`] and [`latent`] the inputs, [`snapshot`] the outputs for the page, [`measure`] the
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
pub mod error;
pub mod finite;
pub mod gauge;
pub mod growth;
pub mod judging;
pub mod latent;
pub mod measure;
pub mod message;
pub mod nets;
pub mod objective;
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
