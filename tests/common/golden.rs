//! Golden states: SHA-256 hashes of the tensors and numbers of the saved run of every preset, and of the small
//! configurations that have what no preset has, after twenty steps on the CPU. They are meant to be the same on every processor and in every browser
//! (docs/decisions/same-bits.md); a change to the numbers of a run changes them, a refactoring must not. They are stored
//! in `tests/golden/states.json`; after a change that is meant to change runs: `make golden`.

use std::collections::BTreeMap;

use burn::tensor::Device;
use counterfeit::config::{Experiment, RunConfig};
use counterfeit::data::DataSet;
use counterfeit::presets::presets;
use counterfeit::trainer::{Source, StepKind, Trainer};
use safetensors::SafeTensors;
use sha2::{Digest, Sha256};

use super::{IMAGES, experiment, images};

const STEPS: usize = 20;

/// The configurations by name. Points that somebody drew are in no preset.
pub fn cases() -> BTreeMap<String, RunConfig> {
    let presets = presets().into_iter().filter(|p| p.config.data != DataSet::Drawn);
    let small = super::varieties().into_iter().chain(super::guided()).chain(super::conditions()).chain(super::tricks());
    let small = small.map(|(name, config)| (format!("small: {name}"), config));
    presets.map(|p| (p.id.to_string(), p.config)).chain(small).collect()
}

/// The stored hashes by name.
pub fn expected() -> BTreeMap<String, String> {
    serde_json::from_str(include_str!("../golden/states.json")).expect("a well formed file")
}

/// The hash of a run after [`STEPS`] steps, on the synthetic images or its density.
pub async fn hash(config: RunConfig) -> String {
    let config = experiment(config);
    let file = if config.data.spec().is_some() {
        saved(config, Source::Images(&images()), IMAGES).await
    } else {
        let points = config.points(None).expect("not drawn by hand");
        saved(config, Source::Points(&points), points.len()).await
    };
    digest(&file).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The hash of a file without the configuration, so that a new setting changes none.
fn digest(file: &[u8]) -> Vec<u8> {
    let (_, metadata) = SafeTensors::read_metadata(file).expect("a safetensors file");
    let text = metadata.metadata().as_ref().and_then(|all| all.get("counterfeit")).expect("numbers");
    let mut numbers: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).expect("JSON");
    numbers.remove("config").expect("a configuration");
    let mut hash = Sha256::new_with_prefix(serde_json::to_string(&numbers).expect("JSON"));
    let mut tensors = SafeTensors::deserialize(file).expect("a safetensors file").tensors();
    tensors.sort_by(|(a, _), (b, _)| a.cmp(b));
    for (name, tensor) in &tensors {
        hash.update(format!("{name} {:?}", tensor.shape()));
        hash.update(tensor.data());
    }
    hash.finalize().to_vec()
}

async fn saved(config: Experiment, source: Source<'_>, samples: usize) -> Vec<u8> {
    let mut trainer = Trainer::new(config, samples, &Device::flex());
    (0..STEPS).for_each(|_| drop(trainer.step(source, StepKind::Both).expect("all samples are there")));
    trainer.save().await.expect("the CPU device reads back")
}
