//! Inputs of a run: images and classifiers from files, and the configuration from a preset and settings.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use counterfeit::config::{Experiment, RunConfig};
use counterfeit::data::{DataSet, Images, Part};
use counterfeit::metrics::Classifier;
use counterfeit::presets::presets;

use crate::Failure;

/// The named parts of a data set, from the files that `make data` put into `folder`.
pub fn load(folder: &Path, set: DataSet, parts: &[Part]) -> Result<Images, Failure> {
    let mut images =
        Images::of(set).ok_or_else(|| format!("{} is toy data without images: use `counterfeit modes`", set.key()))?;
    for file in images.info().files.iter().filter(|file| parts.contains(&file.part)) {
        let (part, path) = (file.part, folder.join(file.path.trim_start_matches("data/")));
        let file = File::open(&path)
            .map_err(|e| format!("{}: {e}. Run `make data` first, or name its folder with --data", path.display()))?;
        let mut bytes = Vec::new();
        flate2::read::GzDecoder::new(file).read_to_end(&mut bytes).map_err(|e| format!("{}: {e}", path.display()))?;
        images.push(part, &bytes).and_then(|()| images.finish(part)).map_err(|e| format!("{}: {e}", path.display()))?;
    }
    Ok(images)
}

/// The configuration of a preset, by its name in the page's URL, with some settings changed, as NAME=VALUE.
pub fn configuration(preset: &str, settings: &[String]) -> Result<Experiment, Failure> {
    let found =
        presets().into_iter().find(|p| p.id == preset).ok_or_else(|| format!("there is no preset {preset:?}"))?;
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

/// The shipped classifier of a data set; features of a network with random weights for a set that has none.
pub fn load_classifier(folder: &Path, set: DataSet) -> Result<Classifier, Failure> {
    if set.spec().is_none_or(|spec| !spec.classifier) {
        return Ok(Classifier::random(set.shape().dims()));
    }
    let path = folder.join(format!("{}.bin", set.key()));
    let file = std::fs::read(&path)
        .map_err(|e| format!("{}: {e}. Name the folder of the classifiers with --classifiers", path.display()))?;
    Ok(Classifier::read(&file)?)
}
