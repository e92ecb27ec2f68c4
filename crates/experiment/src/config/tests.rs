use counterfeit_gan::condition::Condition;
use counterfeit_nn::{Plan, Stage};
use counterfeit_spec::{Field, Value, Values};
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

/// Other values of a setting.
fn others(field: &Field) -> Vec<Value<'_>> {
    match &field.values {
        // Points have one architecture, and say so when another is asked for.
        Values::Choice { .. } if field.key == "family" => vec![],
        Values::Choice { options } => options.iter().map(|o| Value::Key(o.value)).collect(),
        Values::Integer { min, max } => vec![Value::Integer(*min), Value::Integer(max / 4 + 1)],
        Values::Real { min, max, .. } => vec![Value::Real(*min), Value::Real(min + (max - min) / 2.0)],
    }
}

/// A configuration with each other value of each setting that does not apply.
fn varied(config: &RunConfig) -> Vec<(&'static str, RunConfig)> {
    let values = spec::values(config);
    let unused = fields().iter().filter(|f| !spec::applies(f, fields(), &values));
    let with = |field: &Field, value| {
        let mut config = config.clone();
        spec::assign(&mut config, field, value).unwrap();
        config
    };
    unused.flat_map(|f| others(f).into_iter().map(move |v| (f.key, with(f, v)))).collect()
}

#[test]
fn what_does_not_apply_makes_no_difference() {
    for preset in crate::presets::presets() {
        let experiment = preset.config.clone().validate().unwrap();
        assert_eq!(*experiment.applicable.clone().validate().unwrap(), *experiment, "{}: twice is once", preset.id);
        for (key, config) in varied(&preset.config) {
            let same = config.clone().validate().unwrap_or_else(|error| panic!("{}: {error}", preset.id));
            assert_eq!(*same, *experiment, "{}: {key}", preset.id);
            assert_eq!(*same.given(), config, "and it is kept");
            assert!(experiment.change_to(same).is_ok(), "no restart");
        }
    }
}

/// Otherwise a form that hides it would be wrong.
#[test]
fn what_does_not_apply_is_read_by_no_network() {
    let networks = |config: &RunConfig| {
        [Plan::generator(&config.g_spec()), Plan::discriminator(&config.d_spec())].map(|plan| format!("{plan:?}"))
    };
    for family in [Family::Mlp, Family::Dcgan, Family::Resnet, Family::Growing, Family::Style] {
        let config = config! { family: family };
        for (key, other) in varied(&config) {
            assert_eq!(networks(&other), networks(&config), "{family:?}: {key}");
        }
    }
}

/// Otherwise a form that shows it would promise what it does not do: each value of a network's setting gives other
/// networks, or is refused.
#[test]
fn what_applies_to_a_network_is_read_by_it() {
    let networks = |config: &RunConfig| {
        [Plan::generator(&config.g_spec()), Plan::discriminator(&config.d_spec())].map(|plan| format!("{plan:?}"))
    };
    // Settings of networks; of two initialisers one is the recipe.
    let of_networks = |f: &&Field| {
        let keys = ["latent_dim", "stages", "blocks", "attention", "condition", "pack", "d_form", "d_batch"];
        let both = ["channels", "dense", "units", "layers", "norm", "mapping", "up", "noise", "hidden", "dropout"];
        keys.contains(&f.key) || f.key != "d_noise" && both.iter().any(|key| f.key.get(2..) == Some(key))
    };
    let families = [Family::Mlp, Family::Dcgan, Family::Resnet, Family::Growing, Family::Style];
    for base in families.into_iter().flat_map(variants) {
        let Ok(base) = base.validate() else { continue };
        let values = spec::values(&*base);
        for field in fields().iter().filter(|f| spec::applies(f, fields(), &values)).filter(of_networks) {
            for value in others(field).into_iter().filter(|value| *value != values[field.place]) {
                let mut other = base.given().clone();
                spec::assign(&mut other, field, value).unwrap();
                let Ok(other) = other.validate() else { continue };
                assert!(
                    networks(&other) != networks(&base),
                    "{:?}: {} {value:?} does nothing",
                    base.given(),
                    field.key
                );
            }
        }
    }
}

/// Every discriminator that a penalty may have has a tangent, in every stage.
#[test]
fn a_discriminator_whose_rows_do_not_mix_has_a_tangent() {
    for family in [Family::Mlp, Family::Dcgan, Family::Resnet, Family::Growing, Family::Style] {
        for config in variants(family).into_iter().filter(|config| config.clone().validate().is_ok()) {
            let stages = (0..=Stage::LAST.level).flat_map(|level| [false, true].map(|fading| Stage { level, fading }));
            for stage in stages.filter(|stage| !stage.fading || stage.level > 0) {
                let plan = Plan::discriminator_in(&config.d_spec(), stage);
                assert!(plan.mixes_batch() || plan.without_tangent().is_none(), "{config:?} {stage:?}");
            }
        }
    }
}

/// A family's default, and what changes which layers it has.
fn variants(family: Family) -> Vec<RunConfig> {
    let plain = config! { family: family };
    let normed = |norm| config! { generator.network.norm: norm, discriminator.network.norm: norm, ..plain.clone() };
    let short = |base| config! { stages: 1, generator.network.dense: 0, discriminator.network.dense: 0, ..base };
    let autoencoder = |base| config! { discriminator.form: DiscriminatorType::Autoencoder, ..base };
    vec![
        plain.clone(),
        normed(Norm::None),
        normed(Norm::Group),
        normed(Norm::Spectral),
        short(plain.clone()),
        short(normed(Norm::None)),
        autoencoder(plain.clone()),
        autoencoder(normed(Norm::Layer)),
        config! { discriminator.hidden: HiddenUnit::Maxout, ..normed(Norm::None) },
        config! { attention: Attention::Both, discriminator.dropout: 0.3, ..plain.clone() },
        config! { condition.condition: Condition::Coupled, ..normed(Norm::None) },
        config! { condition.condition: Condition::Concatenation, ..normed(Norm::Instance) },
    ]
}
