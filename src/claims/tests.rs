use super::*;
use crate::config;
use crate::loss::Penalty;

fn checked(bound: Bound, when: When, series: &[(u32, f64)]) -> Finding {
    Inequality { quantity: Quantity::JensenShannon, bound, when }.check(series)
}

#[test]
fn an_inequality_holds_at_once_throughout_or_on_average() {
    let series = [(100, 0.5), (200, 0.2), (300, 0.4), (400, 0.1)];
    let most = Bound::AtMost(0.25);
    assert_eq!(checked(most, When::By(300), &series), Finding { holds: true, value: 0.2, step: 200 });
    assert_eq!(checked(most, When::By(100), &series), Finding { holds: false, value: 0.5, step: 100 });
    // The worst of the time counts.
    assert_eq!(checked(most, When::During(200, 400), &series), Finding { holds: false, value: 0.4, step: 400 });
    assert!(checked(most, When::During(400, 400), &series).holds);
    let average = checked(Bound::AtLeast(0.25), When::OnAverage(200, 300), &series);
    assert!(average.holds && (average.value - 0.3).abs() < 1e-12);
    // A run that was not made, that ended early, or that has no number shows nothing.
    assert!(!checked(most, When::During(500, 600), &series).holds);
    assert!(!checked(most, When::During(300, 600), &series[3..]).holds);
    assert!(!checked(most, When::During(100, 200), &[(100, f64::NAN), (200, 0.1)]).holds);
}

#[test]
fn claims_are_of_presets_that_are_there_and_can_be_decided() {
    for claim in on_points().iter().chain(&on_images()) {
        let runs = std::iter::once((claim.preset, &Value::Null))
            .chain(claim.cured.iter().map(|(preset, changes)| (*preset, changes)));
        for (preset, changes) in runs {
            let config = configuration(preset, changes, 1).unwrap_or_else(|| panic!("{preset} {changes}"));
            assert!(config.seed == 1 && config.validate().is_ok(), "{preset} {changes}");
        }
        assert!(claim.steps().is_multiple_of(claim.every) && claim.first() < claim.steps(), "{}", claim.preset);
    }
}

#[test]
fn every_preset_that_goes_wrong_claims_it() {
    let claimed = on_images();
    for preset in presets().iter().filter(|p| p.group == "Failure modes") {
        assert!(claimed.iter().any(|c| c.preset == preset.id), "{}", preset.id);
    }
}

#[test]
fn a_fingerprint_is_of_every_setting_that_applies_but_the_seed() {
    let config = RunConfig::default();
    let of = |config: RunConfig| fingerprint(&config);
    assert_eq!(of(config.clone()), of(config! { seed: 99, ..config.clone() }));
    assert_ne!(of(config.clone()), of(config! { generator.optimizer.lr: 1.9e-3, ..config.clone() }));
    assert_ne!(of(config.clone()), of(config! { tricks.unroll.steps: 1, ..config }));
    assert_eq!(of(RunConfig::default()).len(), 64);
}

/// Of a setting that is at its default nothing is left, so that a new one, which is at its default in every preset,
/// changes no row of `bench/claims.json`.
#[test]
fn a_fingerprint_leaves_out_what_is_at_its_default_or_does_not_apply() {
    let of_text = |text: &str| Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    assert_eq!(fingerprint(&RunConfig::default()), of_text("{}"));
    let changed = config! { penalty.weight: 5.0, generator.network.units: 99, batch: 16, seed: 3 };
    // The weight of no penalty and the units of no MLP.
    assert_eq!(fingerprint(&changed), of_text(r#"{"batch":16}"#));
    let penalised = config! { penalty.penalty: Penalty::R1, ..changed };
    assert_eq!(fingerprint(&penalised), of_text(r#"{"batch":16,"d_penalty":"r1","d_penalty_weight":5.0}"#));
    for preset in presets() {
        let run = preset.config.clone().validate().unwrap();
        assert_eq!(fingerprint(&run), fingerprint(&preset.config), "{}: what does not apply", preset.id);
    }
}

/// Otherwise every measured row of `bench/claims.json` would be of another configuration.
#[test]
fn the_fingerprints_of_presets_are_those_that_were_recorded() {
    let recorded: Value = serde_json::from_str(include_str!("../../tests/compatibility/catalog.json")).unwrap();
    for then in recorded["presets"].as_array().unwrap() {
        let now = presets().into_iter().find(|p| p.id == then["id"].as_str().unwrap()).unwrap();
        assert_eq!(fingerprint(&now.config), then["fingerprint"].as_str().unwrap(), "{}", now.id);
    }
}
