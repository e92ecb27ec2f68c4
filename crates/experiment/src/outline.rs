//! The architecture of both networks for drawing: layers with output shapes and parameter counts, and the settings that
//! control widths and depths. No tensors are allocated.
//!
//! The controlling settings are found automatically: each integer setting is changed by one, and the layers whose shape
//! changes are those that it controls.

use counterfeit_spec::{self as spec, Field, Value, Values};
use serde::Serialize;

use crate::config::{RunConfig, fields};
use crate::error::Result;
use counterfeit_data::Space;
use counterfeit_nn::Plan;

/// One layer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct Block {
    pub label: String,
    /// Shape of its output for one sample.
    pub shape: Vec<usize>,
    pub parameters: usize,
}

/// A setting and the index of the block whose width it controls; 0 is the input. None if it changes the number of
/// layers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct Control {
    pub key: &'static str,
    pub block: Option<usize>,
}

/// One network.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct Sketch {
    /// The input and the layers.
    pub blocks: Vec<Block>,
    pub parameters: usize,
    pub controls: Vec<Control>,
}

/// Both networks of a configuration.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct Outline {
    pub generator: Sketch,
    pub discriminator: Sketch,
    /// The reason why this combination of settings is invalid, although each setting is within its range.
    pub problem: Option<String>,
}

impl Outline {
    /// Returns an error if a setting is outside its range, because there is no network then.
    pub fn of(config: &RunConfig) -> Result<Self> {
        config.check_ranges()?;
        Ok(Self {
            generator: sketch(config, |c| (Plan::generator(&c.g_spec()), "z", c.g_inputs())),
            discriminator: sketch(config, |c| (Plan::discriminator(&c.d_spec()), sample(c), c.pack * c.values())),
            problem: config.clone().validate().err().map(|e| e.to_string()),
        })
    }
}

/// Label of D's input.
fn sample(config: &RunConfig) -> &'static str {
    match config.data.space() {
        Space::Images => "image",
        Space::Plane => "point",
        Space::Line => "number",
    }
}

fn blocks((plan, input, width): &(Plan, &str, usize)) -> Vec<Block> {
    let shape = &[*width];
    let first = Block { label: (*input).into(), shape: shape.to_vec(), parameters: 0 };
    let layers = plan.layers.iter().zip(plan.shapes(shape)).map(|(layer, shape)| Block {
        label: layer.label(&plan.weights.slots),
        shape,
        parameters: layer.parameters(&plan.weights.slots),
    });
    std::iter::once(first).chain(layers).collect()
}

fn sketch(config: &RunConfig, plan: impl Fn(&RunConfig) -> (Plan, &'static str, usize)) -> Sketch {
    let drawn = plan(config);
    let blocks = blocks(&drawn);
    let control = |field: &Field| {
        let (value, changed) = neighbour(field, config)?;
        Some(Control { key: field.key, block: affected(&blocks, &self::blocks(&plan(&changed)), value)? })
    };
    let controls = fields().iter().filter(|f| !f.live).filter_map(control).collect();
    // Growing networks also have parameters that are not used at the last resolution.
    Sketch { parameters: drawn.0.weights.count(), blocks, controls }
}

/// The value of an integer setting, and the configuration with a neighbouring value.
fn neighbour(field: &Field, config: &RunConfig) -> Option<(usize, RunConfig)> {
    let Values::Integer { max, .. } = field.values else { return None };
    let Value::Integer(value) = spec::values(config)[field.place] else { return None };
    let mut other = config.clone();
    let beside = if value < max { value + 1 } else { value - 1 };
    spec::assign(&mut other, field, Value::Integer(beside)).ok()?;
    Some((value as usize, other))
}

/// The effect of a changed setting: none, a different number of layers (`Some(None)`), or a different shape of a
/// block. If several blocks change, returns the first whose width equals the setting's value, or else the first.
fn affected(before: &[Block], after: &[Block], value: usize) -> Option<Option<usize>> {
    if before.len() != after.len() {
        return Some(None);
    }
    let changed = || (0..before.len()).filter(|&i| before[i].shape != after[i].shape);
    changed().find(|&i| before[i].shape[0] == value).or_else(|| changed().next()).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;
    use crate::config::{HiddenUnit, Norm};
    use crate::presets::presets;
    use counterfeit_gan::loss::Penalty;

    fn at<'a>(sketch: &'a Sketch, key: &str) -> Option<&'a Block> {
        let control = sketch.controls.iter().find(|c| c.key == key)?;
        control.block.map(|i| &sketch.blocks[i])
    }

    fn heads(sketch: &Sketch) -> Vec<&str> {
        sketch.controls.iter().filter(|c| c.block.is_none()).map(|c| c.key).collect()
    }

    #[test]
    fn each_width_stands_at_the_block_that_has_it() {
        let Outline { generator, discriminator, .. } = Outline::of(&RunConfig::default()).unwrap();
        assert_eq!(at(&generator, "latent_dim").unwrap().shape, [64]);
        assert_eq!(at(&generator, "g_dense").unwrap().shape, [256]);
        assert_eq!(at(&generator, "g_channels").unwrap().shape, [16, 14, 14]);
        assert_eq!(at(&discriminator, "d_channels").unwrap().shape, [16, 14, 14]);
        assert_eq!(at(&discriminator, "d_dense").unwrap().label, "fully connected");
        assert_eq!((heads(&generator), heads(&discriminator)), (vec!["stages"], vec!["stages"]));
        for sketch in [&generator, &discriminator] {
            assert!(sketch.controls.iter().all(|c| !["seed", "batch", "train_images", "g_units"].contains(&c.key)));
        }
    }

    #[test]
    fn depth_and_what_is_left_out_stand_above() {
        let mlp = presets().into_iter().find(|p| p.id == "goodfellow").unwrap().config;
        let Outline { generator, discriminator, .. } = Outline::of(&config! {
            generator.network.layers: 5,
            ..mlp
        })
        .unwrap();
        assert_eq!(heads(&generator), ["g_layers"], "at its largest value too");
        assert_eq!(at(&generator, "g_units").unwrap().shape, [256]);
        assert_eq!(heads(&discriminator), ["d_layers"]);
        assert_eq!(at(&discriminator, "d_units").unwrap().label, "maxout, 5 pieces");
        let bare = Outline::of(&config! { generator.network.dense: 0 }).unwrap();
        assert_eq!(heads(&bare.generator), ["g_dense", "stages"]);
    }

    #[test]
    fn a_refusal_of_several_settings_together_is_said_and_drawn_one_of_a_setting_is_an_error() {
        let penalised = config! { penalty.penalty: Penalty::R1 };
        assert!(Outline::of(&penalised).unwrap().problem.unwrap().contains("batch normalisation"));
        assert_eq!(
            Outline::of(&config! {
                discriminator.network.norm: Norm::None,
                ..penalised
            })
            .unwrap()
            .problem,
            None
        );
        let huge = config! { discriminator.hidden: HiddenUnit::Maxout, generator.network.units: usize::MAX };
        assert_eq!(Outline::of(&huge).unwrap_err().key(), Some("g_units"));
    }
}
