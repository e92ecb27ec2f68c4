//! Golden pictures: SHA-256 hashes of the sample grids of twelve presets after twenty steps on the CPU. Any change to
//! the numbers of a run changes them; a refactoring must not. They are stored in `tests/golden/pictures.json`;
//! `tests/golden.rs` describes how to update it.

use std::collections::BTreeMap;

use burn::tensor::Device;
use counterfeit::config::RunConfig;
use counterfeit::message::Samples;
use counterfeit::presets::presets;
use counterfeit::snapshot::{self, View};
use counterfeit::trainer::{StepKind, Trainer};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{IMAGES, experiment, images};

/// One preset of each family of networks, losses, penalties and conditions.
pub const PRESETS: [&str; 12] = [
    "dcgan",
    "goodfellow",
    "vanishing",
    "lsgan",
    "wgan-gp",
    "sngan",
    "r3gan",
    "began",
    "acgan",
    "infogan",
    "cogan-edges",
    "style",
];

const STEPS: usize = 20;

/// The expected sample grid of a preset.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Golden {
    /// SHA-256 of the 64 images in a browser, where the arithmetic is the same on every machine.
    pub browser: String,
    /// SHA-256 of the images natively, by [`machine`]: the order of summation depends on the processor.
    pub native: BTreeMap<String, String>,
    /// Mean grey level of each image as two hexadecimal digits. Rounding changes it by at most one.
    pub means: String,
}

pub fn expected() -> BTreeMap<String, Golden> {
    serde_json::from_str(include_str!("../golden/pictures.json")).expect("a well formed file")
}

/// The sample grid of a preset, 64 images of 784 bytes, after [`STEPS`] steps on the synthetic images.
pub async fn picture(preset: &str) -> Vec<u8> {
    let config: RunConfig = presets().into_iter().find(|p| p.id == preset).expect("a preset of that name").config;
    let images = images();
    let mut trainer = Trainer::new(experiment(config), IMAGES, &Device::flex());
    (0..STEPS).for_each(|_| drop(trainer.step(&images, StepKind::Both).expect("all images are there")));
    let Samples { pixels, .. } = snapshot::generated_samples(&trainer, false, View::Fixed).await.expect("readable");
    pixels
}

pub fn hash(pixels: &[u8]) -> String {
    Sha256::digest(pixels).iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn means(pixels: &[u8]) -> String {
    let mean = |image: &[u8]| image.iter().map(|&v| u32::from(v)).sum::<u32>() / 784;
    pixels.chunks(784).map(|image| format!("{:02x}", mean(image))).collect()
}

/// Whether the mean of each image differs from the expected one by at most one grey level.
pub fn near(golden: &Golden, pixels: &[u8]) -> bool {
    let levels = |means: &str| -> Vec<u8> {
        means.as_bytes().chunks(2).filter_map(|d| u8::from_str_radix(std::str::from_utf8(d).ok()?, 16).ok()).collect()
    };
    let (expected, found) = (levels(&golden.means), levels(&means(pixels)));
    expected.len() == found.len() && expected.iter().zip(&found).all(|(a, b)| a.abs_diff(*b) <= 1)
}

/// Key of the processor's features that determine the order of summation.
#[cfg(target_arch = "x86_64")]
pub fn machine() -> String {
    let features = [("avx2", is_x86_feature_detected!("avx2")), ("fma", is_x86_feature_detected!("fma"))];
    let wide = [("avx512f", is_x86_feature_detected!("avx512f"))];
    let there = features.into_iter().chain(wide).filter(|f| f.1).map(|f| f.0);
    std::iter::once("x86_64").chain(there).collect::<Vec<_>>().join(" ")
}

#[cfg(not(target_arch = "x86_64"))]
pub fn machine() -> String {
    std::env::consts::ARCH.into()
}
