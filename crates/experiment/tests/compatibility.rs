//! What addresses, saved runs and bench files rely on, against what an earlier version had: keys of the settings and what
//! they accept, defaults, presets. More may come, nothing may go. `tests/js/compatibility.test.js` has the addresses.

use counterfeit_data::TOYS;
use counterfeit_experiment::config::{RunConfig, fields};
use counterfeit_experiment::presets::{FIRST_VISIT, presets};
use serde_json::{Value, to_value};

fn recorded() -> Value {
    serde_json::from_str(include_str!("../../../tests/compatibility/catalog.json")).unwrap()
}

/// Words, which may change.
const WORDS: [&str; 4] = ["label", "unit", "help", "source"];

/// Whether `now` has everything that `then` has: lists may have more, in the same order; all but words is equal.
fn keeps(now: &Value, then: &Value) -> bool {
    match (now, then) {
        (Value::Object(now), Value::Object(then)) => then
            .iter()
            .filter(|(key, _)| !WORDS.contains(&key.as_str()))
            .all(|(key, old)| now.get(key).is_some_and(|new| keeps(new, old))),
        (Value::Array(now), Value::Array(then)) => {
            let mut now = now.iter();
            then.iter().all(|old| now.any(|new| keeps(new, old)))
        }
        // Whole numbers are read from JSON as such.
        _ => now == then || now.as_f64().is_some_and(|now| then.as_f64() == Some(now)),
    }
}

/// A recorded configuration: the default with some changes.
fn changed(entry: &Value) -> RunConfig {
    let mut values = recorded()["defaults"].clone();
    entry["changes"].as_object().unwrap().iter().for_each(|(key, value)| values[key] = value.clone());
    serde_json::from_value(values).unwrap()
}

#[test]
fn every_recorded_setting_is_there_and_accepts_what_it_did() {
    let (now, recorded) = (to_value(fields()).unwrap(), recorded());
    for then in recorded["fields"].as_array().unwrap() {
        let new = now.as_array().unwrap().iter().find(|f| f["key"] == then["key"]);
        assert!(new.is_some_and(|new| keeps(new, then)), "{then}\n{new:?}");
    }
    assert!(keeps(&now, &recorded["fields"]), "the order of the form");
    assert!(keeps(&to_value(RunConfig::default()).unwrap(), &recorded["defaults"]));
}

#[test]
fn every_recorded_preset_and_density_is_the_same_configuration() {
    let recorded = recorded();
    assert_eq!(recorded["first"], FIRST_VISIT);
    for then in recorded["presets"].as_array().unwrap() {
        let now = presets().into_iter().find(|p| p.id == then["id"].as_str().unwrap()).unwrap();
        assert_eq!(now.config, changed(then), "{}", now.id);
    }
    for then in recorded["toys"].as_array().unwrap() {
        let now = TOYS.iter().find(|toy| toy.key == then["id"].as_str().unwrap()).unwrap();
        assert_eq!(RunConfig::on_toy(now), changed(then), "{}", now.key);
    }
}

/// The configurations of an address: that of its run, and of the one that it is compared with.
fn of_link(link: &Value) -> Vec<RunConfig> {
    let first = changed(link);
    let other = link["of_b"].as_object().map(|changes| {
        let mut values = to_value(&first).unwrap();
        changes.iter().for_each(|(key, value)| values[key] = value.clone());
        serde_json::from_value(values).unwrap()
    });
    [Some(first), other].into_iter().flatten().collect()
}

#[test]
fn every_recorded_address_but_one_is_accepted() {
    let links: Vec<Value> = serde_json::from_str(include_str!("../../../tests/compatibility/links.json")).unwrap();
    for link in links {
        for config in of_link(&link) {
            let refused = config.validate().err().map(|error| error.to_string());
            // Points never had convolutions.
            assert_eq!(refused.is_some(), link["link"] == "data=ring&family=dcgan", "{link}: {refused:?}");
        }
    }
}
