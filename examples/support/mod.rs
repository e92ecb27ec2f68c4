//! Shared by the native programs: data, configuration, progress bar, and a blocking executor.

// Each program, and the tests on real data, compile this file and use their own part of it.
#![allow(dead_code)]

pub mod claims;
mod stamp;
mod wait;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use counterfeit::config::{Experiment, RunConfig};
use counterfeit::data::{DataSet, Images, Part};
use counterfeit::presets::presets;
use indicatif::{ProgressBar, ProgressStyle};
// Not every program uses them.
#[allow(unused_imports)]
pub use stamp::Stamp;
#[allow(unused_imports)]
pub use wait::wait;

pub type Failure = Box<dyn std::error::Error>;

/// Prints the error, if any, and exits with status 1.
pub fn end(result: Result<(), Failure>) {
    if let Err(error) = result {
        eprintln!("error: {error}");
        std::process::exit(1);
    }
}

/// The named parts of a data set, from the files that `make data` put into `folder`.
pub fn load(folder: &Path, set: DataSet, parts: &[Part]) -> Result<Images, Failure> {
    let mut images = Images::of(set)
        .ok_or_else(|| format!("{} is toy data without images: use cargo run --release --example modes", set.key()))?;
    for &part in parts {
        let path = folder.join(images.info().files[part as usize].path.trim_start_matches("data/"));
        let file = File::open(&path)
            .map_err(|e| format!("{}: {e}. Run `make data` first, or name the folder with --data", path.display()))?;
        let mut bytes = Vec::new();
        flate2::read::GzDecoder::new(file).read_to_end(&mut bytes).map_err(|e| format!("{}: {e}", path.display()))?;
        images.push(part, &bytes).and_then(|()| images.finish(part)).map_err(|e| format!("{}: {e}", path.display()))?;
    }
    Ok(images)
}

/// The configuration of a preset, by its name in the page's URL, with some settings changed, as NAME=VALUE.
pub fn configuration(preset: &str, settings: &[String]) -> Result<Experiment, Failure> {
    let names = || presets().iter().map(|p| p.id).collect::<Vec<_>>().join(", ");
    let found = presets().into_iter().find(|p| p.id == preset);
    let found = found.ok_or_else(|| format!("there is no preset {preset:?}; choose one of {}", names()))?;
    let mut values = serde_json::to_value(found.config)?;
    for setting in settings {
        let (name, value) =
            setting.split_once('=').ok_or_else(|| format!("--set takes NAME=VALUE, not {setting:?}"))?;
        // A value that is no JSON is the name of a choice.
        values[name] = serde_json::from_str(value).unwrap_or_else(|_| value.into());
    }
    let config: RunConfig = serde_json::from_value(values).map_err(|e| format!("--set: {e}"))?;
    Ok(config.validate()?)
}

/// Parses I/N: the i-th of n processes that share the work.
pub fn share(text: &str) -> Result<(usize, usize), String> {
    let parts = text.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
    parts.filter(|&(i, n)| i < n).ok_or_else(|| "two numbers, I/N, the first smaller".into())
}

pub fn bar(steps: usize) -> Result<ProgressBar, Failure> {
    let bar = ProgressBar::new(steps as u64);
    bar.set_style(ProgressStyle::with_template("{bar:40} {pos}/{len} steps, {per_sec}, {eta} left  {msg}")?);
    Ok(bar)
}
