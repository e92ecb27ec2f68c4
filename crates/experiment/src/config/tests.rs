use counterfeit_spec::{Value, Values};
use serde_json::json;

use super::*;

#[test]
fn the_default_is_valid() {
    assert!(RunConfig::default().validate().is_ok());
}

#[test]
fn an_out_of_range_value_is_refused_with_its_label_and_range() {
    let error = config! { discriminator.optimizer.lr: 5.0 }.validate().unwrap_err();
    assert_eq!(error.key(), Some("d_lr"));
    assert!(error.to_string().contains("between"), "{error}");
    let nan = config! { generator.optimizer.lr: f64::NAN }.validate().unwrap_err();
    assert_eq!(nan.key(), Some("g_lr"));
}

#[test]
fn learning_rates_change_live_and_widths_do_not() {
    let run = RunConfig::default().validate().unwrap();
    let faster = config! { generator.optimizer.lr: 1e-3, d_steps: 3 }.validate().unwrap();
    assert_eq!(run.change_to(faster.clone()), Ok(faster));
    let wider = config! { generator.network.channels: 32 }.validate().unwrap();
    assert_eq!(run.change_to(wider).unwrap_err().key(), Some("g_channels"));
}

#[test]
fn unknown_keys_are_an_error_and_missing_ones_take_the_default() {
    assert!(serde_json::from_str::<RunConfig>(r#"{"learning_rate": 1}"#).is_err());
    assert_eq!(serde_json::from_str::<RunConfig>("{}").unwrap(), RunConfig::default());
}

#[test]
fn every_setting_has_its_place_in_the_form_and_is_explained() {
    let mut keys: Vec<_> = form::FORM.iter().flat_map(|(_, keys)| *keys).collect();
    assert_eq!(keys.len(), fields().len(), "the form names every setting");
    for field in fields() {
        assert_eq!(keys.remove(0), &field.key, "once");
        assert!(!field.label.is_empty() && !field.help.is_empty() && !field.source.is_empty(), "{}", field.key);
    }
}

#[test]
fn conditions_name_choices_and_a_live_one_has_only_live_settings() {
    for field in fields() {
        let Some((key, values)) = &field.only else { continue };
        let other = fields().iter().find(|f| f.key == *key).unwrap_or_else(|| panic!("{key} is a setting"));
        values.iter().for_each(|v| other.check(Value::Key(v)).unwrap());
        // Otherwise a live change would change what does not apply, and need a restart.
        assert!(field.live || !other.live, "{}", field.key);
    }
}

#[test]
fn every_choice_is_a_variant_that_the_configuration_reads() {
    for field in fields() {
        let Values::Choice { options } = &field.values else { continue };
        for option in options {
            let config: RunConfig = serde_json::from_value(json!({ field.key: option.value })).unwrap();
            assert_eq!(spec::values(&config)[field.place], Value::Key(option.value));
        }
    }
}

#[test]
fn what_does_not_apply_makes_no_difference() {
    for preset in crate::presets::presets() {
        let values = spec::values(&preset.config);
        let experiment = preset.config.clone().validate().unwrap();
        assert_eq!(experiment.0.clone().validate().as_ref(), Ok(&experiment), "{}: twice is once", preset.id);
        for field in fields().iter().filter(|f| !spec::applies(f, fields(), &values)) {
            let others = match &field.values {
                // Points have one architecture, and say so when another is asked for.
                Values::Choice { .. } if field.key == "family" => vec![],
                Values::Choice { options } => options.iter().map(|o| Value::Key(o.value)).collect(),
                Values::Integer { min, max } => vec![Value::Integer(*min), Value::Integer(*max)],
                Values::Real { min, .. } => vec![Value::Real(*min)],
            };
            for other in others {
                let mut config = preset.config.clone();
                spec::assign(&mut config, field, other).unwrap();
                match config.validate() {
                    Ok(same) => assert_eq!(same, experiment, "{}: {}", preset.id, field.key),
                    Err(error) => panic!("{}: {error}", preset.id),
                }
            }
        }
    }
}
