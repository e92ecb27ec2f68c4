use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{from_str, to_string};

use super::*;

#[derive(Debug, Clone, Copy, PartialEq, Choice)]
enum Method {
    #[choice("Adam")]
    Adam,
    #[choice("RMSProp")]
    RmsProp,
    #[choice(key = "plain", label = "SGD")]
    Sgd,
}

#[derive(Debug, Clone, PartialEq, Spec)]
struct Optimizer {
    /// First line,
    /// second line.
    #[setting(key = "optimizer", label = "Optimizer", default = Method::Adam, source = "a")]
    method: Method,
    /// β.
    #[setting(label = "Momentum", default = 0.5, range = 0.0..1.0, live, only(method = ["adam"]), source = "b")]
    beta: f64,
}

fn several() -> Vec<&'static str> {
    vec!["adam", "plain"]
}

#[derive(Debug, Clone, PartialEq, Spec)]
struct Run {
    /// Samples.
    #[setting(label = "Batch size", default = 32, range = 2..=512, unit = "samples", basic, source = "c")]
    batch: usize,
    #[nested(prefix = "g_", change(optimizer(except = ["plain"])))]
    g: Optimizer,
    #[nested(
        prefix = "d_", default = Optimizer { beta: 0.9, ..Optimizer::default() },
        change(beta(help = "D's.", only(g_optimizer = several)))
    )]
    d: Optimizer,
}

const FORM: &Form = &[(Group::Discriminator, &["d_optimizer", "d_beta"]), (Group::Tricks, &["batch"])];

fn all() -> &'static [Field] {
    static ALL: std::sync::OnceLock<Vec<Field>> = std::sync::OnceLock::new();
    ALL.get_or_init(|| fields(Run::parts(), FORM))
}

impl Serialize for Run {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(self, all(), serializer)
    }
}

impl<'de> Deserialize<'de> for Run {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut run = Self::default();
        deserialize(&mut run, all(), deserializer)?;
        Ok(run)
    }
}

fn field(key: &str) -> &'static Field {
    all().iter().find(|f| f.key == key).unwrap()
}

#[test]
fn metadata_stands_beside_the_field_and_changes_where_it_is_nested() {
    let order: Vec<_> = all().iter().map(|f| (f.key, f.place)).collect();
    assert_eq!(order, [("d_optimizer", 3), ("d_beta", 4), ("batch", 0), ("g_optimizer", 1), ("g_beta", 2)]);
    assert_eq!((field("batch").group, field("batch").unit), (Group::Tricks, "samples"));
    assert_eq!((field("batch").basic, field("d_beta").basic), (true, false));
    assert_eq!(field("batch").values, Values::Integer { min: 2, max: 512 });
    assert_eq!((field("g_optimizer").help, field("g_optimizer").live), ("First line, second line.", false));
    assert_eq!((field("g_beta").help, field("d_beta").help), ("β.", "D's."));
    assert_eq!(field("d_beta").values, Values::Real { min: 0.0, max: 1.0, open: true });
    assert_eq!(field("g_beta").only, Some(("g_optimizer", vec!["adam"])), "with the prefix");
    assert_eq!(field("d_beta").only, Some(("g_optimizer", vec!["adam", "plain"])), "as it is written");
    let keys = |key| match &field(key).values {
        Values::Choice { options } => options.iter().map(|o| (o.value, o.label)).collect::<Vec<_>>(),
        _ => vec![],
    };
    assert_eq!(keys("d_optimizer"), [("adam", "Adam"), ("rms-prop", "RMSProp"), ("plain", "SGD")]);
    assert_eq!(keys("g_optimizer"), [("adam", "Adam"), ("rms-prop", "RMSProp")]);
}

#[test]
fn defaults_stand_beside_the_field_too() {
    let g = Optimizer { method: Method::Adam, beta: 0.5 };
    assert_eq!(Run::default(), Run { batch: 32, d: Optimizer { beta: 0.9, ..g.clone() }, g });
}

#[test]
fn a_configuration_is_flat_in_files_and_comes_back() {
    let run = Run { batch: 16, d: Optimizer { method: Method::Sgd, beta: 0.25 }, ..Run::default() };
    let text = to_string(&run).unwrap();
    assert_eq!(text, r#"{"d_optimizer":"plain","d_beta":0.25,"batch":16,"g_optimizer":"adam","g_beta":0.5}"#);
    assert_eq!(from_str::<Run>(&text).unwrap(), run);
    assert_eq!(from_str::<Run>("{}").unwrap(), Run::default());
    assert_eq!(from_str::<Run>(r#"{"g_beta": 0}"#).unwrap().g.beta, 0.0, "a whole number is a real one");
    for (wrong, reason) in [
        (r#"{"beta": 0.5}"#, "there is no setting `beta`"),
        (r#"{"batch": -1}"#, "Batch size: enter a whole number between 2 and 512."),
        (r#"{"batch": 1.5}"#, "Batch size: enter a whole number"),
        (r#"{"batch": "many"}"#, "Batch size: enter a whole number"),
        (r#"{"batch": null}"#, "expected a number or the key of a choice"),
        (r#"{"d_optimizer": "lion"}"#, "Optimizer: choose one of adam, rms-prop, plain."),
    ] {
        let error = from_str::<Run>(wrong).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
}

#[test]
fn values_are_checked_by_their_own_field() {
    let ends = [(2, true), (512, true), (1, false), (513, false)];
    assert!(ends.iter().all(|&(n, fine)| field("batch").check(Value::Integer(n)).is_ok() == fine));
    assert!(field("g_beta").check(Value::Real(0.0)).is_ok());
    for beyond in [1.0, -0.1, f64::NAN] {
        let error = field("g_beta").check(Value::Real(beyond)).unwrap_err();
        assert_eq!(error.to_string(), "Momentum: enter a number between 0 and 1, 1 itself not included.");
    }
    assert!(field("g_optimizer").check(Value::Key("plain")).is_err(), "G does not offer it");
}

#[test]
fn settings_apply_by_another_and_differ_where_they_count() {
    let run = Run { g: Optimizer { method: Method::RmsProp, beta: 0.5 }, ..Run::default() };
    let now = values(&run);
    assert!(!applies(field("g_beta"), all(), &now) && !applies(field("d_beta"), all(), &now));
    assert!(applies(field("batch"), all(), &now));
    let other = Run { batch: 8, ..Run::default() };
    assert_eq!(difference(&run, &other, all(), |_| true).map(|f| f.key), Some("batch"));
    assert_eq!(difference(&run, &other, all(), |f| f.key != "batch").map(|f| f.key), Some("g_optimizer"));
    assert_eq!(difference(&run, &run, all(), |_| true), None);
}
