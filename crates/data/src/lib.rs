//! Data sets: their properties, loaded images, and densities from which samples are drawn.
//!
//! To add a set of square images: a variant in `catalogue.rs`, its specification in `image_sets.rs`, and the step in
//! `scripts/data.mjs` that makes its files. To add a density: a variant, its entry in `toy.rs` and its shape in
//! `density.rs`.

mod catalogue;
mod density;
mod idx;
mod image_sets;
mod images;
mod incoming;
mod made;
mod points;
mod sampler;
mod shape;
mod toy;

pub use catalogue::{DataSet, DatasetSpec, Fallback, FileInfo, Part, Space};
pub use density::{Clouds, Density, DensityError, DensityShape, DensitySpec};
pub use idx::{DataError, IdxReader, Kind};
pub use image_sets::IMAGE_SETS;
pub use images::Images;
pub use made::images as drawn_images;
pub use points::PointSet;
pub use sampler::{BLOCK, Sampler};
pub use shape::{CHANNELS, SIDES, SampleShape, ShapeError};
pub use toy::{TOYS, Toy};
