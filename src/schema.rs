//! What each setting means: label, unit, range, help and source. The form, the URL, the checks and the README's table read it.
//! Defaults are not here but in [`crate::config::RunConfig::default`].

use std::sync::OnceLock;

use serde::Serialize;
use serde_json::Value;

use crate::data::DataSet;
use crate::error::{Error, Result};

/// One alternative of a setting that is chosen from a list.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Alternative {
    pub value: &'static str,
    pub label: &'static str,
}

/// What values a setting takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Values {
    Choice {
        options: Vec<Alternative>,
    },
    /// Whole numbers from `min` to `max`.
    Integer {
        min: u64,
        max: u64,
    },
    /// Real numbers from `min` to `max`; `open` excludes `max` itself.
    Real {
        min: f64,
        max: f64,
        open: bool,
    },
}

/// Which part of the form a setting stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    Data,
    Generator,
    Discriminator,
    Objective,
}

/// One setting.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Field {
    /// Its name in `RunConfig`, in the URL and in files.
    pub key: &'static str,
    pub label: &'static str,
    pub group: Group,
    pub unit: &'static str,
    pub help: &'static str,
    /// Where the setting and its default come from.
    pub source: &'static str,
    pub values: Values,
    /// Whether it may change while a run goes on.
    pub live: bool,
    /// The setting matters only where another has this value: (key, value).
    pub only: Option<(&'static str, &'static str)>,
}

impl Field {
    fn new(group: Group, key: &'static str, label: &'static str, values: Values) -> Self {
        Self { key, label, group, unit: "", help: "", source: "", values, live: false, only: None }
    }

    fn about(mut self, help: &'static str, source: &'static str) -> Self {
        (self.help, self.source) = (help, source);
        self
    }

    fn unit(mut self, unit: &'static str) -> Self {
        self.unit = unit;
        self
    }

    fn live(mut self) -> Self {
        self.live = true;
        self
    }

    fn only(mut self, key: &'static str, value: &'static str) -> Self {
        self.only = Some((key, value));
        self
    }

    /// Checks a value as it stands in a configuration.
    pub fn check(&self, value: &Value) -> Result<()> {
        let reason = match &self.values {
            Values::Choice { options } => match value.as_str() {
                Some(v) if options.iter().any(|o| o.value == v) => return Ok(()),
                _ => format!("choose one of {}.", options.iter().map(|o| o.value).collect::<Vec<_>>().join(", ")),
            },
            Values::Integer { min, max } => match value.as_u64() {
                Some(v) if (*min..=*max).contains(&v) => return Ok(()),
                _ => format!("enter a whole number between {min} and {max}."),
            },
            Values::Real { min, max, open } => match value.as_f64() {
                Some(v) if v >= *min && (v < *max || !open && v == *max) => return Ok(()),
                _ if *open => format!("enter a number between {min} and {max}, {max} itself not included."),
                _ => format!("enter a number between {min} and {max}."),
            },
        };
        Err(Error::Setting { key: self.key.into(), label: self.label.into(), reason })
    }
}

fn choice(options: &[(&'static str, &'static str)]) -> Values {
    Values::Choice { options: options.iter().map(|&(value, label)| Alternative { value, label }).collect() }
}

fn integer(min: u64, max: u64) -> Values {
    Values::Integer { min, max }
}

fn real(min: f64, max: f64) -> Values {
    Values::Real { min, max, open: false }
}

/// From 0 up to, but not including, 1.
fn fraction() -> Values {
    Values::Real { min: 0.0, max: 1.0, open: true }
}

/// The name under which a data set stands in configurations.
fn data_options() -> Values {
    let options = DataSet::ALL.iter().map(|set| {
        let value = match set {
            DataSet::Mnist => "mnist",
            DataSet::Fashion => "fashion",
        };
        Alternative { value, label: set.info().name }
    });
    Values::Choice { options: options.collect() }
}

const GOODFELLOW: &str = "Goodfellow et al. 2014";
const DCGAN: &str = "Radford et al. 2016 (DCGAN), section 4";
const NORMS: [(&str, &str); 2] = [("none", "none"), ("batch", "batch normalisation")];

/// Every setting, in the order of the form.
pub fn fields() -> &'static [Field] {
    static FIELDS: OnceLock<Vec<Field>> = OnceLock::new();
    FIELDS.get_or_init(|| [data(), generator(), discriminator(), objective()].concat())
}

fn data() -> Vec<Field> {
    let field = |key, label, values| Field::new(Group::Data, key, label, values);
    vec![
        field("data", "Data set", data_options()).about("The genuine images, p_data.", "see the picker"),
        field("family", "Networks", choice(&[("dcgan", "DCGAN: convolutions"), ("mlp", "MLP: fully connected")])).about(
            "Which pair of networks plays. Convolutions know that neighbouring pixels belong together.",
            "Radford et al. 2016; Goodfellow et al. 2014",
        ),
        field("batch", "Batch size", integer(2, 256)).unit("images").about(
            "Images in each minibatch, m in Algorithm 1. Larger is smoother and slower a step.",
            "DCGAN uses 128; 32 is faster on a CPU",
        ),
        field("seed", "Seed", integer(0, u32::MAX.into())).about(
            "The same seed and settings give the same run: weights, batches and noise come from it.",
            "ChaCha8, one stream each",
        ),
    ]
}

fn generator() -> Vec<Field> {
    let field = |key, label, values| Field::new(Group::Generator, key, label, values);
    vec![
        field("latent_dim", "Size of z", integer(1, 512))
            .unit("numbers")
            .about("How many random numbers the generator turns into one image.", "100 in both papers; 64 is enough for digits"),
        field("prior", "z is drawn from", choice(&[("normal", "a normal, N(0, 1)"), ("uniform", "a uniform, U(-1, 1)")]))
            .about("The prior p(z).", "uniform in Goodfellow et al. 2014 and DCGAN; normal: ganhacks 3"),
        field("g_channels", "Channels", integer(2, 128))
            .about("Feature maps before the last up-sampling; twice as many one stage earlier.", DCGAN)
            .only("family", "dcgan"),
        field("stages", "Stages", integer(1, 2))
            .about(
                "Doublings of the side in the generator and halvings in the discriminator: 2 goes 7, 14, 28; 1 goes 14, 28.",
                DCGAN,
            )
            .only("family", "dcgan"),
        field("g_units", "Hidden units", integer(1, 2048))
            .about("Width of each hidden layer. The paper has 1,200.", "Goodfellow et al. 2014, mnist.yaml")
            .only("family", "mlp"),
        field("g_layers", "Hidden layers", integer(1, 5))
            .about("The paper has 2.", "Goodfellow et al. 2014, mnist.yaml")
            .only("family", "mlp"),
        field("g_norm", "Normalisation", choice(&NORMS)).about(
            "Batch normalisation keeps each channel at mean 0 and variance 1; without it the DCGAN generator often stalls.",
            "Ioffe and Szegedy 2015; DCGAN section 3",
        ),
        field("g_lr", "Learning rate", real(1e-6, 0.1)).live().about(
            "Step size of the generator's Adam. DCGAN has 0.0002; small networks learn faster with more.",
            "Chen et al. 2016 (InfoGAN) for MNIST",
        ),
        field("g_beta1", "Adam \u{3b2}\u{2081}", fraction())
            .live()
            .about("Momentum. 0.9, usual elsewhere, makes GANs oscillate; 0.5 or 0 does not.", DCGAN),
        field("g_beta2", "Adam \u{3b2}\u{2082}", fraction())
            .live()
            .about("Memory of the squared gradient.", "Kingma and Ba 2015"),
    ]
}

fn discriminator() -> Vec<Field> {
    let field = |key, label, values| Field::new(Group::Discriminator, key, label, values);
    vec![
        field("d_channels", "Channels", integer(2, 128))
            .about("Feature maps of the first layer; the next has twice as many.", DCGAN)
            .only("family", "dcgan"),
        field("d_units", "Hidden units", integer(1, 2048))
            .about("Width of each hidden layer. The paper has 240 maxout units.", "Goodfellow et al. 2014, mnist.yaml")
            .only("family", "mlp"),
        field("d_layers", "Hidden layers", integer(1, 5))
            .about("The paper has 2.", "Goodfellow et al. 2014, mnist.yaml")
            .only("family", "mlp"),
        field("d_hidden", "Hidden unit", choice(&[("leaky-relu", "leaky ReLU, 0.2"), ("maxout", "maxout, 5 pieces")]))
            .about("A maxout unit is the largest of five linear ones: five times the work.", "Goodfellow et al. 2013")
            .only("family", "mlp"),
        field("d_dropout", "Dropout", real(0.0, 0.9))
            .about(
                "Share of hidden units dropped in training; 0.4 of it on the input. The paper drops 0.5.",
                "Srivastava et al. 2014; Goodfellow et al. 2014",
            )
            .only("family", "mlp"),
        field("d_norm", "Normalisation", choice(&NORMS)).about(
            "DCGAN has it in both networks. Real and generated batches are then normalised apart (ganhacks 4), which hides from a fully connected D any pattern that all generated pictures share: choose none there.",
            "DCGAN section 3",
        ),
        field("d_lr", "Learning rate", real(1e-6, 0.1)).live().about(
            "Step size of the discriminator's Adam. DCGAN has 0.0002.",
            "half of the generator's: measured, see RunConfig",
        ),
        field("d_beta1", "Adam \u{3b2}\u{2081}", fraction()).live().about("Momentum.", DCGAN),
        field("d_beta2", "Adam \u{3b2}\u{2082}", fraction())
            .live()
            .about("Memory of the squared gradient.", "Kingma and Ba 2015"),
    ]
}

fn objective() -> Vec<Field> {
    let field = |key, label, values| Field::new(Group::Objective, key, label, values);
    let losses = choice(&[
        ("non-saturating", "non-saturating: \u{2212}log D(G(z))"),
        ("minimax", "minimax (saturating): log(1 \u{2212} D(G(z)))"),
    ]);
    vec![
        field("objective", "Generator's loss", losses)
            .live()
            .about("Minimax is the game as defined; its slope vanishes when D is sure. Non-saturating has the same fixed point and keeps its slope.", "Goodfellow et al. 2014, equation 1 and section 3"),
        field("d_steps", "D steps per G step, k", integer(1, 20))
            .live()
            .about("How often the discriminator learns before the generator does, each time on fresh images.", GOODFELLOW),
        field("real_target", "Label of real images", real(0.5, 1.0))
            .live()
            .about("1, or a little less: one-sided label smoothing keeps D from being over-confident. Equilibrium moves to half of it.", "Salimans et al. 2016, section 3.4"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RunConfig;

    #[test]
    fn the_schema_names_exactly_the_fields_of_the_configuration() {
        let values = serde_json::to_value(RunConfig::default()).unwrap();
        let mut in_config: Vec<_> = values.as_object().unwrap().keys().cloned().collect();
        let mut in_schema: Vec<_> = fields().iter().map(|f| f.key.to_string()).collect();
        in_config.sort();
        in_schema.sort();
        assert_eq!(in_config, in_schema);
    }

    #[test]
    fn every_field_is_explained_and_conditions_name_real_values() {
        for f in fields() {
            assert!(!f.label.is_empty() && !f.help.is_empty() && !f.source.is_empty(), "{}", f.key);
            if let Some((key, value)) = f.only {
                let other = fields().iter().find(|o| o.key == key).expect("names a setting");
                other.check(&Value::from(value)).expect("names one of its values");
            }
        }
    }

    #[test]
    fn every_choice_is_a_variant_that_the_configuration_reads() {
        for f in fields() {
            if let Values::Choice { options } = &f.values {
                for o in options {
                    let json = serde_json::json!({ f.key: o.value });
                    serde_json::from_value::<RunConfig>(json).unwrap_or_else(|e| panic!("{} {}: {e}", f.key, o.value));
                }
            }
        }
    }
}
