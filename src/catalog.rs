//! What the page builds its form and menus from.

use serde::Serialize;

use crate::config::{self, RunConfig};
use crate::data::{BLOCK, DataSet, DataSetInfo, TOYS, Toy};
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
    pub data_sets: Vec<DataSetInfo>,
    pub toys: Vec<Offer>,
    /// The preset that an address without settings opens.
    pub first: &'static str,
    /// Images that must have arrived before training can start.
    pub needs: usize,
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
            data_sets: DataSet::IMAGES.into_iter().filter_map(DataSet::info).collect(),
            toys: TOYS.iter().map(|toy| Offer { toy, config: RunConfig::on_toy(toy) }).collect(),
            first: presets::FIRST_VISIT,
            needs: BLOCK,
        }
    }
}
