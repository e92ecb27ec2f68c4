//! Density runs, as JavaScript sees them.

use js_sys::{Array, Float32Array, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::{Device, Session, give, object, take, to_js};
use crate::data::PointSet;
use crate::diagnosis::{Look, diagnose_points};
use crate::dirac;
use crate::error::Error;
use crate::measure::Yardstick;
use crate::message::Player;
use crate::snapshot::{self, Maps, Scene, Scored, Walk, Wish};
use crate::trainer::{Players, Trainer};

/// Data and evaluations of a density run.
pub struct Ground {
    set: PointSet,
    yardstick: Yardstick,
    /// Evaluations so far, oldest first.
    looks: Vec<Look>,
}

/// Number of evaluations that are kept for the diagnosis.
const KEPT: usize = 50;

/// Values that an evaluation read from the device.
#[wasm_bindgen]
pub struct PointSample(snapshot::Sampled);

fn floats(values: &[f32]) -> JsValue {
    Float32Array::from(values).into()
}

#[wasm_bindgen]
impl Session {
    /// Creates a run on the density of `config`; `drawn` is what a visitor drew, see `Density::of`.
    #[wasm_bindgen(js_name = onPoints)]
    pub fn on_points(config: JsValue, drawn: Option<Vec<f32>>, device: &Device) -> Result<Session, JsValue> {
        let config = device.accept(config).map_err(to_js)?;
        let set = PointSet::new(&config, drawn.as_deref()).map_err(to_js)?;
        let yardstick = Yardstick::new(set.density(), config.seed);
        let trainer = Trainer::new(config, set.len(), &device.device);
        Ok(Session { trainer, unread: Vec::new(), ground: Some(Ground { set, yardstick, looks: Vec::new() }) })
    }

    fn ground(&self) -> Result<&Ground, JsValue> {
        let reason = || to_js(Error::Unreadable("this is no density run".into()));
        self.ground.as_ref().ok_or_else(reason)
    }

    /// Queues one step of a density run and returns at once.
    #[wasm_bindgen(js_name = stepOnPoints)]
    pub fn step_on_points(&mut self, players: JsValue) -> Result<(), JsValue> {
        let players: Players = take(players).map_err(to_js)?;
        self.ground()?;
        let Self { trainer, unread, ground: Some(ground) } = self else { return Ok(()) };
        unread.push(trainer.step(&ground.set, players).map_err(to_js)?);
        Ok(())
    }

    /// A frame: a promise of a scene.
    pub fn scene(&self, wish: JsValue) -> Result<Promise, JsValue> {
        let wish: Wish = take(wish).map_err(to_js)?;
        let scene = snapshot::scene(&self.trainer, &self.ground()?.set, wish);
        Ok(future_to_promise(async move { give_scene(&scene.await.map_err(to_js)?) }))
    }

    /// Maps z through G: a promise of `{points, scores, arrows}`.
    pub fn map(&self, z: Vec<f32>, averaged: bool) -> Result<Promise, JsValue> {
        let width = self.trainer.config().latent_dim;
        if z.is_empty() || !z.len().is_multiple_of(width) {
            return Err(to_js(Error::Unreadable(format!("{} numbers are not rows of z, which has {width}", z.len()))));
        }
        let mapped = snapshot::mapped(&self.trainer, &self.ground()?.set, z, averaged);
        Ok(future_to_promise(async move {
            let (Scored { points, scores }, arrows) = mapped.await.map_err(to_js)?;
            object([("points", floats(&points)), ("scores", floats(&scores)), ("arrows", floats(&arrows))])
        }))
    }

    /// The minibatch, outputs and gradients of a network's next update: a promise of a walk.
    pub fn walk(&self, player: JsValue) -> Result<Promise, JsValue> {
        let player: Player = take(player).map_err(to_js)?;
        let walk = snapshot::walk(&self.trainer, &self.ground()?.set, player).map_err(to_js)?;
        Ok(future_to_promise(async move { give_walk(&walk.await.map_err(to_js)?) }))
    }

    /// Reads the samples for an evaluation: a promise of a sample.
    #[wasm_bindgen(js_name = samplePoints)]
    pub fn sample_points(&self, averaged: bool) -> Result<Promise, JsValue> {
        let sampled = snapshot::sampled(&self.trainer, &self.ground()?.set, averaged);
        Ok(future_to_promise(async move { sampled.await.map(|s| PointSample(s).into()).map_err(to_js) }))
    }

    /// Evaluates a sample: `{low, diagnosis}`.
    #[wasm_bindgen(js_name = measurePoints)]
    pub fn measure_points(&mut self, sample: PointSample) -> Result<JsValue, JsValue> {
        let Some(ground) = &mut self.ground else { return Ok(JsValue::NULL) };
        let look = Look::new(&sample.0, &ground.yardstick).map_err(|e| to_js(e.into()))?;
        let low = look.low.clone();
        ground.looks.push(look);
        let surplus = ground.looks.len().saturating_sub(KEPT);
        ground.looks.drain(..surplus);
        let diagnosis = diagnose_points(&ground.looks, self.trainer.config());
        object([("low", give(&low)?), ("diagnosis", give(&diagnosis)?)])
    }
}

/// The phase portrait of a Dirac-GAN.
#[wasm_bindgen(js_name = diracPortrait)]
pub fn dirac_portrait(wish: JsValue) -> Result<JsValue, JsValue> {
    let found = dirac::portrait(&take(wish).map_err(to_js)?).map_err(to_js)?;
    let circle = found.circle.map_or(JsValue::NULL, JsValue::from);
    object([
        ("path", floats(&found.path)),
        ("field", floats(&found.field)),
        ("eigenvalues", found.eigenvalues.as_ref().map_or(Ok(JsValue::NULL), give)?),
        ("circle", circle),
    ])
}

fn give_scene(scene: &Scene) -> Result<JsValue, JsValue> {
    let Scene { step, width, z_width, window, real, z, forged, arrows, maps, field_side, field, sheet_z, sheet } = scene;
    let Maps { side, says, best, data, made, exact, bandwidth, gap, value, best_value, divergence } = maps;
    object([
        ("step", (*step).into()),
        ("width", (*width as u32).into()),
        ("zWidth", (*z_width as u32).into()),
        ("window", window.iter().map(|&v| JsValue::from(v)).collect::<Array>().into()),
        ("real", floats(&real.points)),
        ("realScores", floats(&real.scores)),
        ("z", floats(z)),
        ("forged", floats(&forged.points)),
        ("scores", floats(&forged.scores)),
        ("arrows", floats(arrows)),
        ("side", (*side as u32).into()),
        ("says", floats(says)),
        ("best", floats(best)),
        ("data", floats(data)),
        ("made", floats(made)),
        ("exact", floats(exact)),
        ("bandwidth", (*bandwidth).into()),
        ("fieldSide", (*field_side as u32).into()),
        ("field", floats(field)),
        ("sheetSide", (sheet_z.len() as u32).into()),
        ("sheetZ", floats(sheet_z)),
        ("sheet", floats(sheet)),
        ("gap", (*gap).into()),
        ("value", (*value).into()),
        ("bestValue", (*best_value).into()),
        ("divergence", (*divergence).into()),
    ])
}

fn give_walk(walk: &Walk) -> Result<JsValue, JsValue> {
    let Walk { player, width, z_width, real, z, forged, arrows, loss } = walk;
    object([
        ("player", give(player)?),
        ("width", (*width as u32).into()),
        ("zWidth", (*z_width as u32).into()),
        ("real", floats(&real.points)),
        ("realScores", floats(&real.scores)),
        ("z", floats(z)),
        ("forged", floats(&forged.points)),
        ("scores", floats(&forged.scores)),
        ("arrows", floats(arrows)),
        ("loss", (*loss).into()),
    ])
}
