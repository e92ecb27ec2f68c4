//! Refused combinations of settings, each of which is within its range, with the reason.

use super::form::refusal;
use super::{BatchFeature, DiscriminatorType, Family, HiddenUnit, Norm, RunConfig};
use crate::error::{Error, Result};
use counterfeit_data::{DataSet, Space};
use counterfeit_gan::condition::Condition;
use counterfeit_gan::loss::{Objective, Penalty};
use counterfeit_gan::tricks::augmentation::Augment;
use counterfeit_nn::Plan;

/// Refuses a setting because of others.
fn refuse(key: &str, reason: impl Into<String>) -> Result<()> {
    Err(Error::Setting(refusal(key, reason)))
}

impl RunConfig {
    /// Refuses settings that cannot be combined.
    pub(super) fn check_combinations(&self) -> Result<()> {
        self.check_shape()?;
        self.check_classes()?;
        self.check_norms()?;
        self.check_penalty()?;
        self.check_packing()?;
        self.check_form()?;
        self.check_replay()
    }

    /// Toy data has no pixels to convolve or augment, and no classes.
    pub(super) fn check_points(&self) -> Result<()> {
        if self.data.space() == Space::Images {
            return Ok(());
        }
        let (key, reason) = if self.family != Family::Mlp {
            ("family", "it is for images: choose MLP for points.")
        } else if self.condition.condition != Condition::None {
            ("condition", "points have no classes, and codes are shown as images: choose none.")
        } else if self.tricks.augmentation.augment != Augment::None {
            ("augment", "it transforms images: choose none for points.")
        } else if self.discriminator.form != DiscriminatorType::Classifier {
            ("d_form", "a point has too few dimensions for an autoencoder: choose classifier.")
        } else if self.data == DataSet::Grid
            && (self.density.modes < 4 || self.density.modes.isqrt().pow(2) != self.density.modes)
        {
            ("modes", "a grid is square: choose 4, 9, 16, 25 and so on.")
        } else {
            return Ok(());
        };
        refuse(key, reason)
    }

    /// Networks are built for images of some shapes only.
    fn check_shape(&self) -> Result<()> {
        if self.data.space() != Space::Images {
            return Ok(());
        }
        self.shape().check_image().or_else(|error| refuse("data", error.to_string()))
    }

    /// A class needs a data set with classes.
    fn check_classes(&self) -> Result<()> {
        if !self.condition.condition.labelled() || self.data.classes() > 0 {
            return Ok(());
        }
        refuse("condition", "this data set has no classes: choose none, latent codes, or another data set.")
    }

    /// D has one output per pack, so the pack size must divide the batch size, and a pack cannot have several classes.
    fn check_packing(&self) -> Result<()> {
        let Self { pack, batch, .. } = *self;
        let condition = self.condition.condition;
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
        refuse("pack", reason)
    }

    /// A replayed image keeps the class or code it was generated for, which differs from that of the real image in the
    /// same row.
    fn check_replay(&self) -> Result<()> {
        if self.tricks.replay.share == 0.0 || self.condition.condition == Condition::None {
            return Ok(());
        }
        refuse("replay", "a replayed image has another class or code than D is given: choose 0, or no conditioning.")
    }

    /// An autoencoder returns the reconstruction error of one image and has no other head. BEGAN needs this error.
    fn check_form(&self) -> Result<()> {
        let (pack, condition) = (self.pack, self.condition.condition);
        let own = matches!(self.family, Family::Growing | Family::Style);
        match self.discriminator.form {
            DiscriminatorType::Autoencoder if own => {
                refuse("d_form", "this architecture has no autoencoder: choose classifier.")
            }
            DiscriminatorType::Classifier if own && condition == Condition::Coupled => {
                refuse("condition", "this architecture has one domain: choose another, or another architecture.")
            }
            DiscriminatorType::Autoencoder if pack > 1 => {
                refuse("pack", "an autoencoder takes one image at a time: choose 1.")
            }
            DiscriminatorType::Autoencoder if self.code().aux_width() > 0 || condition == Condition::Coupled => refuse(
                "condition",
                "an autoencoder has no output for it: choose none, or the class concatenated to D's features.",
            ),
            DiscriminatorType::Classifier if self.loss.objective == Objective::Began => {
                refuse("objective", "BEGAN needs an autoencoder as the discriminator type: choose that in a new run.")
            }
            _ => Ok(()),
        }
    }

    /// Some normalisations are undefined in some layers: see each reason.
    fn check_norms(&self) -> Result<()> {
        const FLAT: &str = "a fully connected layer has one value per channel, which instance normalisation would \
            set to 0: choose layer or group normalisation.";
        if self.family == Family::Mlp && self.generator.network.norm == Norm::Instance {
            return refuse("g_norm", FLAT);
        }
        if self.family == Family::Mlp && self.discriminator.network.norm == Norm::Instance {
            return refuse("d_norm", FLAT);
        }
        if self.norms()[0] == Norm::Virtual && self.code().width() > 0 {
            return refuse("g_norm", "the reference batch has no class or code: choose another, or no conditioning.");
        }
        let maxout = self.family == Family::Mlp && self.discriminator.hidden == HiddenUnit::Maxout;
        if maxout && matches!(self.discriminator.network.norm, Norm::Layer | Norm::Group) {
            return refuse("d_norm", "maxout leaves no place for it: choose none or spectral, or leaky ReLU.");
        }
        Ok(())
    }

    /// The input gradient of one sample is undefined where D's output depends on the other samples of the batch
    /// (Gulrajani et al. 2017, section 4).
    fn check_penalty(&self) -> Result<()> {
        if self.penalty.penalty == Penalty::None || !Plan::discriminator(&self.d_spec()).mixes_batch() {
            return Ok(());
        }
        let (key, mixes) = match self.discriminator.batch_feature {
            BatchFeature::None => ("d_norm", "batch normalisation mixes images: choose none, layer, group or spectral"),
            _ => ("d_batch", "this mixes images: choose none"),
        };
        let reason = format!("a gradient penalty needs D's output for each image on its own, and {mixes}.");
        refuse(key, reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;

    #[test]
    fn a_penalty_on_the_slope_of_a_d_that_mixes_its_batch_is_refused() {
        let penalised = config! { penalty.penalty: Penalty::R1 };
        let error = penalised.clone().validate().unwrap_err();
        assert_eq!(error.key(), Some("d_norm"));
        assert!(error.to_string().contains("batch normalisation"), "{error}");
        assert!(config! { discriminator.network.norm: Norm::None, ..penalised }.validate().is_ok());
    }

    #[test]
    fn packs_that_do_not_fit_are_refused_with_what_would() {
        let refused = |config: RunConfig| config.validate().unwrap_err();
        let uneven = refused(config! { pack: 3 });
        assert!(uneven.key() == Some("pack") && uneven.to_string().contains("does not divide"), "{uneven}");
        let mixed = refused(config! { pack: 2, condition.condition: Condition::Projection });
        assert!(mixed.key() == Some("pack") && mixed.to_string().contains("no conditioning"), "{mixed}");
        assert!(config! { pack: 4 }.validate().is_ok());
    }
}
