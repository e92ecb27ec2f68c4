//! Checks that `bench/claims.json` was measured with the current presets, and that its rows confirm their claims.

use std::fs;
use std::path::Path;

use counterfeit::claims::{self, NEEDED, SEEDS};
use counterfeit::data::{DataSet, Part};
use counterfeit::evaluator::Evaluator;
use counterfeit::metrics::Classifier;
use counterfeit::metrics::Size;
use serde_json::{Value, json};

use counterfeit_cli::claims::{on_images, shown};
use counterfeit_cli::load;

const AGAIN: &str = "run `cargo counterfeit claims`, and commit bench/claims.json";

fn rows() -> Vec<Value> {
    serde_json::from_str(&fs::read_to_string("bench/claims.json").unwrap()).unwrap()
}

#[test]
fn row_4_image_presets_are_as_measured_and_show_what_they_claim() {
    let rows = rows();
    for claim in claims::on_images() {
        let own = [(claim.preset, json!({}), false)];
        let twins = claim.cured.iter().map(|(preset, changes)| (*preset, changes.clone(), true));
        for (preset, changes, cured) in own.into_iter().chain(twins) {
            let hash = claims::fingerprint(&claims::configuration(preset, &changes, 1).unwrap());
            let of = |row: &&Value| row["preset"] == preset && row["changes"] == changes && row["claim"] == claim.name;
            let found: Vec<&Value> = rows.iter().filter(of).collect();
            let changed = found.iter().filter(|row| row["hash"] != hash).count();
            assert_eq!(changed, 0, "{preset} {changes} has changed since it was measured: {AGAIN}");
            let seeds: Vec<u64> = found.iter().filter_map(|row| row["seed"].as_u64()).collect();
            assert!(
                (1..=u64::from(SEEDS)).all(|seed| seeds.contains(&seed)),
                "{preset} {changes}, seeds {seeds:?}: {AGAIN}"
            );
            let good = found.iter().filter(|row| row["shown"] == !cured).count();
            assert!(
                good >= NEEDED,
                "{preset} {changes}, {}: {good} of {SEEDS} seeds are as promised. Change the preset",
                claim.name
            );
        }
    }
}

#[test]
fn row_4_one_seed_of_an_image_preset_shows_its_claim_again() {
    let all = claims::on_images();
    let claim = all.iter().find(|c| c.preset == "apart").unwrap();
    assert!(claim.steps() <= 300);
    let images = load(Path::new("www/public/data"), DataSet::Mnist, &Part::ALL).unwrap();
    let classifier = Classifier::read(&fs::read("www/classifiers/mnist.bin").unwrap()).unwrap();
    let mut evaluator = Evaluator::new(classifier, Size::LIVE);
    let config = claims::configuration(claim.preset, &json!({}), 1).unwrap();
    let findings = on_images(claim, config, &images, &mut evaluator, |_| {}).unwrap();
    assert!(shown(&findings), "{findings:?}");
    // Approximately equal, because processors round differently.
    let row = rows().into_iter().find(|row| row["preset"] == claim.preset && row["seed"] == 1).unwrap();
    let step = row["figures"][0]["step"].as_f64().unwrap();
    assert!((step - f64::from(findings[0].step)).abs() <= 2.0 * f64::from(claim.every), "{step}: {findings:?}");
}
