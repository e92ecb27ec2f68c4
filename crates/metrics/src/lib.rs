//! Metrics of a generator's quality and coverage: of images on the features of a fixed classifier, and of points
//! against a known density. Each is compared with its real-data reference, the same metric of held-out real samples.
//!
//! Plain arithmetic over slices, one file per metric: no tensors, no device, no state, but in `classifier.rs`.

mod cells;
mod classes;
mod classifier;
mod density;
mod frechet;
mod kid;
mod memory;
mod modes;
mod neighbours;
mod points;
mod report;

pub use cells::{best_discriminator, counted, jensen_shannon, smoothed};
pub use classes::{ClassReport, accuracy, likeliest, report as class_report, shares};
pub use classifier::{Classifier, ClassifierError, Embedding};
pub use density::{DensityEvaluation, DensityMetrics, DensityReference, SAMPLES};
pub use frechet::Gaussian;
pub use kid::{Estimate, distance as kernel_distance};
pub use memory::{Nearest, nearest, ratio as memorisation_ratio};
pub use modes::{Modes, modes};
pub use neighbours::{Manifold, Neighbourhoods, expected_coverage, manifold};
pub use points::{MeasureError, Points};
pub use report::{ImageMetrics, ImageReference, Size};

#[cfg(test)]
mod tests;
