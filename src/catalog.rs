//! What the page builds its form and menus from.

use serde::Serialize;

use crate::config::{self, RunConfig};
use crate::data::{BLOCK, DatasetSpec, IMAGE_SETS, Part, TOYS, Toy, drawn_images};
use crate::presets;
use crate::settings::Field;

/// Schema, defaults, presets and data sets.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct Catalog {
    pub fields: &'static [Field],
    pub defaults: RunConfig,
    pub presets: Vec<presets::Preset>,
    pub data_sets: Vec<ImageSet>,
    pub toys: Vec<Offer>,
    /// The preset that an address without settings opens.
    pub first: &'static str,
    /// Images that must have arrived before training on a large set can start; `bench/engines/` starts with as many.
    pub needs: usize,
}

/// Images that the picker shows beside each other.
const PREVIEWS: usize = 12;

/// A set of images, and what the picker shows of it.
#[derive(Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[cfg_attr(not(target_arch = "wasm32"), ts(rename = "DataSetInfo"))]
pub struct ImageSet {
    #[serde(flatten)]
    pub spec: &'static DatasetSpec,
    /// Number of values of InfoGAN's categorical code.
    pub categories: usize,
    /// The first images, one byte a value, if they are drawn by code; the build puts those of others into a file.
    pub preview: Vec<u8>,
}

impl ImageSet {
    fn of(spec: &'static DatasetSpec) -> Self {
        let preview = drawn_images(spec.set, Part::TrainImages, PREVIEWS).map(|(pixels, _)| pixels);
        Self { spec, categories: spec.set.categories(), preview: preview.unwrap_or_default() }
    }
}

/// A density and its default configuration.
#[derive(Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[cfg_attr(not(target_arch = "wasm32"), ts(rename = "ToyInfo"))]
pub struct Offer {
    #[serde(flatten)]
    pub toy: &'static Toy,
    pub config: RunConfig,
}

impl Default for Catalog {
    fn default() -> Self {
        Self {
            fields: config::fields(),
            defaults: RunConfig::default(),
            presets: presets::presets(),
            data_sets: IMAGE_SETS.iter().map(ImageSet::of).collect(),
            toys: TOYS.iter().map(|toy| Offer { toy, config: RunConfig::on_toy(toy) }).collect(),
            first: presets::FIRST_VISIT,
            needs: BLOCK,
        }
    }
}
