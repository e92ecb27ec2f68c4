//! An experiment: the configuration of a run with the metadata of its settings, presets, validation, and the drawing of
//! its networks. What a step computes is no part of it.

pub mod config;
pub mod error;
pub mod outline;
pub mod presets;
