//! Refused combinations of settings, each of which is within its range, with the reason.

use super::{BatchFeature, DiscriminatorType, Family, HiddenUnit, Norm, RunConfig};
use crate::condition::Condition;
use crate::data::{DataSet, ShapeError, Space};
use crate::error::{Error, Result};
use crate::loss::{Objective, Penalty};
use crate::nn::Plan;
use crate::tricks::augmentation::Augment;

impl RunConfig {
    /// Refuses settings that cannot be combined.
    pub(super) fn check_combinations(&self) -> Result<()> {
        self.check_points()?;
        self.check_shape()?;
        self.check_classes()?;
        self.check_norms()?;
        self.check_penalty()?;
        self.check_packing()?;
        self.check_form()?;
        self.check_replay()
    }

    /// Toy data has no pixels to convolve or augment, and no classes.
    fn check_points(&self) -> Result<()> {
        if self.data.space() == Space::Images {
            return Ok(());
        }
        let (key, label, reason) = if self.family != Family::Mlp {
            ("family", "Architecture", "it is for images: choose MLP for points.")
        } else if self.condition != Condition::None {
            ("condition", "Conditioning", "points have no classes, and codes are shown as images: choose none.")
        } else if self.augment != Augment::None {
            ("augment", "Augmentation", "it transforms images: choose none for points.")
        } else if self.d_form != DiscriminatorType::Classifier {
            ("d_form", "Discriminator type", "a point has too few dimensions for an autoencoder: choose classifier.")
        } else if self.data == DataSet::Grid && (self.modes < 4 || self.modes.isqrt().pow(2) != self.modes) {
            ("modes", "Modes", "a grid is square: choose 4, 9, 16, 25 and so on.")
        } else {
            return Ok(());
        };
        Err(Error::Setting { key: key.into(), label: label.into(), reason: reason.into() })
    }

    /// Networks are built for images of some shapes only.
    fn check_shape(&self) -> Result<()> {
        if self.data.space() != Space::Images {
            return Ok(());
        }
        let refuse =
            |e: ShapeError| Error::Setting { key: "data".into(), label: "Data set".into(), reason: e.to_string() };
        self.shape().check_image().map_err(refuse)
    }

    /// A class needs a data set with classes.
    fn check_classes(&self) -> Result<()> {
        if !self.condition.labelled() || self.data.classes() > 0 {
            return Ok(());
        }
        let reason = "this data set has no classes: choose none, latent codes, or another data set.".into();
        Err(Error::Setting { key: "condition".into(), label: "Conditioning".into(), reason })
    }

    /// D has one output per pack, so the pack size must divide the batch size, and a pack cannot have several classes.
    fn check_packing(&self) -> Result<()> {
        let Self { pack, batch, condition, .. } = *self;
        let reason = if !batch.is_multiple_of(pack) {
            format!(
                "a batch of {batch} samples does not divide into packs of {pack}: choose a multiple of {pack} as the \
                 batch size."
            )
        } else if pack > 1 && condition != Condition::None {
            "D has one output for a pack, whose images differ in class or code: choose 1, or no conditioning.".into()
        } else {
            return Ok(());
        };
        Err(Error::Setting { key: "pack".into(), label: "PacGAN pack size".into(), reason })
    }

    /// A replayed image keeps the class or code it was generated for, which differs from that of the real image in the
    /// same row.
    fn check_replay(&self) -> Result<()> {
        if self.replay == 0.0 || self.condition == Condition::None {
            return Ok(());
        }
        let reason = "a replayed image has another class or code than D is given: choose 0, or no conditioning.".into();
        Err(Error::Setting { key: "replay".into(), label: "Experience replay".into(), reason })
    }

    /// An autoencoder returns the reconstruction error of one image and has no other head. BEGAN needs this error.
    fn check_form(&self) -> Result<()> {
        let Self { d_form, pack, condition, objective, .. } = *self;
        let refuse = |key: &str, label: &str, reason: &str| {
            Err(Error::Setting { key: key.into(), label: label.into(), reason: reason.into() })
        };
        let own = matches!(self.family, Family::Growing | Family::Style);
        match d_form {
            DiscriminatorType::Autoencoder if own => {
                refuse("d_form", "Discriminator type", "this architecture has no autoencoder: choose classifier.")
            }
            DiscriminatorType::Classifier if own && condition == Condition::Coupled => refuse(
                "condition",
                "Conditioning",
                "this architecture has one domain: choose another, or another architecture.",
            ),
            DiscriminatorType::Autoencoder if pack > 1 => {
                refuse("pack", "PacGAN pack size", "an autoencoder takes one image at a time: choose 1.")
            }
            DiscriminatorType::Autoencoder if self.code().aux_width() > 0 || condition == Condition::Coupled => refuse(
                "condition",
                "Conditioning",
                "an autoencoder has no output for it: choose none, or the class concatenated to D's features.",
            ),
            DiscriminatorType::Classifier if objective == Objective::Began => refuse(
                "objective",
                "Loss (objective)",
                "BEGAN needs an autoencoder as the discriminator type: choose that in a new run.",
            ),
            _ => Ok(()),
        }
    }

    /// Some normalisations are undefined in some layers: see each reason.
    fn check_norms(&self) -> Result<()> {
        let refuse = |key: &str, whose: &str, reason: &str| {
            Err(Error::Setting { key: key.into(), label: format!("Normalisation ({whose})"), reason: reason.into() })
        };
        const FLAT: &str = "a fully connected layer has one value per channel, which instance normalisation would \
            set to 0: choose layer or group normalisation.";
        if self.family == Family::Mlp && self.g_norm == Norm::Instance {
            return refuse("g_norm", "generator", FLAT);
        }
        if self.family == Family::Mlp && self.d_norm == Norm::Instance {
            return refuse("d_norm", "discriminator", FLAT);
        }
        if self.norms()[0] == Norm::Virtual && self.code().width() > 0 {
            return refuse(
                "g_norm",
                "generator",
                "the reference batch has no class or code: choose another, or no conditioning.",
            );
        }
        let maxout = self.family == Family::Mlp && self.d_hidden == HiddenUnit::Maxout;
        if maxout && matches!(self.d_norm, Norm::Layer | Norm::Group) {
            return refuse(
                "d_norm",
                "discriminator",
                "maxout leaves no place for it: choose none or spectral, or leaky ReLU.",
            );
        }
        Ok(())
    }

    /// The input gradient of one sample is undefined where D's output depends on the other samples of the batch
    /// (Gulrajani et al. 2017, section 4).
    fn check_penalty(&self) -> Result<()> {
        if self.d_penalty == Penalty::None || !Plan::discriminator(&self.d_spec()).mixes_batch() {
            return Ok(());
        }
        let (key, label, mixes) = match self.d_batch {
            BatchFeature::None => (
                "d_norm",
                "Normalisation (discriminator)",
                "batch normalisation mixes images: choose none, layer, group or spectral",
            ),
            _ => ("d_batch", "Minibatch feature", "this mixes images: choose none"),
        };
        let reason = format!("a gradient penalty needs D's output for each image on its own, and {mixes}.");
        Err(Error::Setting { key: key.into(), label: label.into(), reason })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_penalty_on_the_slope_of_a_d_that_mixes_its_batch_is_refused() {
        let penalised = RunConfig { d_penalty: Penalty::R1, ..Default::default() };
        let error = penalised.clone().validate().unwrap_err();
        assert_eq!(error.key(), Some("d_norm"));
        assert!(error.to_string().contains("batch normalisation"), "{error}");
        assert!(RunConfig { d_norm: Norm::None, ..penalised }.validate().is_ok());
    }

    #[test]
    fn packs_that_do_not_fit_are_refused_with_what_would() {
        let refused = |config: RunConfig| config.validate().unwrap_err();
        let uneven = refused(RunConfig { pack: 3, ..Default::default() });
        assert!(uneven.key() == Some("pack") && uneven.to_string().contains("does not divide"), "{uneven}");
        let mixed = refused(RunConfig { pack: 2, condition: Condition::Projection, ..Default::default() });
        assert!(mixed.key() == Some("pack") && mixed.to_string().contains("no conditioning"), "{mixed}");
        assert!(RunConfig { pack: 4, ..Default::default() }.validate().is_ok());
    }
}
