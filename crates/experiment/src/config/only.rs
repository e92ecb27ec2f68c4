//! Conditions of settings (`only`) that follow from the lists of data sets, losses and penalties.

use counterfeit_data::{DataSet, TOYS};
use counterfeit_gan::loss::{Objective, Penalty};
use counterfeit_spec::Choice;

/// Keys of the image data sets.
pub fn images() -> Vec<&'static str> {
    DataSet::IMAGES.map(DataSet::key).to_vec()
}

/// Keys of all densities.
pub fn densities() -> Vec<&'static str> {
    densities_but(&[])
}

/// Keys of the densities with a scale.
pub fn sized() -> Vec<&'static str> {
    densities_but(&[DataSet::Normal, DataSet::HeavyTail, DataSet::Drawn, DataSet::Curve])
}

/// Keys of the densities with a standard deviation.
pub fn spread() -> Vec<&'static str> {
    densities_but(&[DataSet::Uniform, DataSet::Exponential, DataSet::Curve])
}

fn densities_but(but: &[DataSet]) -> Vec<&'static str> {
    TOYS.iter().filter(|toy| !but.contains(&toy.set)).map(|toy| toy.key).collect()
}

/// Keys of the losses whose real label can be smoothed.
pub fn labelled() -> Vec<&'static str> {
    Objective::ALL.iter().map(|o| o.loss()).filter(|loss| loss.labels).map(|loss| loss.key).collect()
}

/// Keys of the gradient penalties, without none.
pub fn penalties() -> Vec<&'static str> {
    Penalty::alternatives().iter().map(|option| option.value).filter(|&key| key != Penalty::None.key()).collect()
}
