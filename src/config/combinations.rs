//! Settings that are each within their range and make no sense together, and why.

use super::{BatchFeature, DiscriminatorType, Family, HiddenUnit, Norm, RunConfig};
use crate::condition::Condition;
use crate::data::{DataSet, Space};
use crate::error::{Error, Result};
use crate::loss::{Objective, Penalty};
use crate::nets::Plan;
use crate::tricks::augmentation::Augment;

impl RunConfig {
    /// Refuses settings that do not go together.
    pub(super) fn check_combinations(&self) -> Result<()> {
        self.check_points()?;
        self.check_norms()?;
        self.check_penalty()?;
        self.check_packing()?;
        self.check_form()?;
        self.check_replay()
    }

    /// Points have no neighbours to convolve, no classes and nothing that could be cut out.
    fn check_points(&self) -> Result<()> {
        if self.data.space() == Space::Images {
            return Ok(());
        }
        let (key, label, reason) = if self.family != Family::Mlp {
            ("family", "Networks", "these are for images: choose fully connected ones for points.")
        } else if self.condition != Condition::None {
            ("condition", "Class or code", "points have no classes, and codes are drawn as images: choose none.")
        } else if self.augment != Augment::None {
            ("augment", "Augmentation", "it moves, dims and cuts images: choose none for points.")
        } else if self.d_form != DiscriminatorType::Classifier {
            ("d_form", "The discriminator's output", "a point has too few numbers to be redrawn from fewer: choose a verdict.")
        } else if self.data == DataSet::Grid && (self.modes < 4 || self.modes.isqrt().pow(2) != self.modes) {
            ("modes", "Modes", "a grid has as many rows as columns: choose 4, 9, 16, 25 and so on.")
        } else {
            return Ok(());
        };
        Err(Error::Setting { key: key.into(), label: label.into(), reason: reason.into() })
    }

    /// Packed images are judged together, so a batch must divide into packs, and one verdict cannot be about several classes.
    fn check_packing(&self) -> Result<()> {
        let Self { pack, batch, condition, .. } = *self;
        let reason = if !batch.is_multiple_of(pack) {
            format!("a batch of {batch} images does not divide into packs of {pack}: choose a batch size that does.")
        } else if pack > 1 && condition != Condition::None {
            "a pack has one verdict, and its images have classes or codes of their own: choose 1, or no condition.".into()
        } else {
            return Ok(());
        };
        Err(Error::Setting { key: "pack".into(), label: "Images in a pack".into(), reason })
    }

    /// An old image belongs to the class or code that it was asked for, not to that of the real image in its place.
    fn check_replay(&self) -> Result<()> {
        if self.replay == 0.0 || self.condition == Condition::None {
            return Ok(());
        }
        let reason = "D would be told another class or code than an old image was drawn for: choose 0, or no condition.".into();
        Err(Error::Setting { key: "replay".into(), label: "Replayed fakes".into(), reason })
    }

    /// An autoencoder says how well it redraws one image, and nothing else; BEGAN balances such errors.
    fn check_form(&self) -> Result<()> {
        let Self { d_form, pack, condition, code_continuous, objective, .. } = *self;
        let refuse = |key: &str, label: &str, reason: &str| {
            Err(Error::Setting { key: key.into(), label: label.into(), reason: reason.into() })
        };
        let own = matches!(self.family, Family::Growing | Family::Style);
        match d_form {
            DiscriminatorType::Autoencoder if own => {
                refuse("d_form", "The discriminator's output", "these networks have no way back to an image: choose a verdict.")
            }
            DiscriminatorType::Classifier if own && condition == Condition::Coupled => {
                refuse("condition", "Class or code", "these networks draw one kind of image: choose another, or other networks.")
            }
            DiscriminatorType::Autoencoder if pack > 1 => {
                refuse("pack", "Images in a pack", "a D that redraws sees one at a time: choose 1.")
            }
            DiscriminatorType::Autoencoder if condition.aux_width(code_continuous) > 0 || condition == Condition::Coupled => {
                refuse(
                    "condition",
                    "Class or code",
                    "a D that redraws images has no place for it: choose none, or the class beside D's features.",
                )
            }
            DiscriminatorType::Classifier if objective == Objective::Began => refuse(
                "objective",
                "The game",
                "BEGAN balances the errors of a D that redraws images: choose that as the discriminator's output, in a new run.",
            ),
            _ => Ok(()),
        }
    }

    /// A normalisation has to have something to normalise.
    fn check_norms(&self) -> Result<()> {
        let refuse = |key: &str, whose: &str, reason: &str| {
            Err(Error::Setting { key: key.into(), label: format!("The {whose}'s normalisation"), reason: reason.into() })
        };
        const FLAT: &str = "a fully connected layer has one place a channel, which instance normalisation would set to 0: choose layer or group normalisation.";
        if self.family == Family::Mlp && self.g_norm == Norm::Instance {
            return refuse("g_norm", "generator", FLAT);
        }
        if self.family == Family::Mlp && self.d_norm == Norm::Instance {
            return refuse("d_norm", "discriminator", FLAT);
        }
        if self.norms()[0] == Norm::Virtual && self.condition.width(self.code_continuous) > 0 {
            return refuse(
                "g_norm",
                "generator",
                "a virtual batch's fixed inputs are noise and have no class or code: choose another, or no condition.",
            );
        }
        let maxout = self.family == Family::Mlp && self.d_hidden == HiddenUnit::Maxout;
        if maxout && matches!(self.d_norm, Norm::Layer | Norm::Group) {
            return refuse(
                "d_norm",
                "discriminator",
                "a maxout unit has no place for it between its pieces and their maximum: choose none or spectral, or leaky ReLU.",
            );
        }
        Ok(())
    }

    /// The slope of D on one image has no meaning where D's opinion of it depends on the others of its batch (Gulrajani et al. 2017,
    /// section 4).
    fn check_penalty(&self) -> Result<()> {
        if self.d_penalty == Penalty::None || !Plan::discriminator(self).mixes_batch() {
            return Ok(());
        }
        let (key, label, mixes) = match self.d_batch {
            BatchFeature::None => (
                "d_norm",
                "The discriminator's normalisation",
                "batch normalisation mixes them: choose none, layer, group or spectral",
            ),
            _ => ("d_batch", "What D sees of its batch", "this mixes them: choose nothing"),
        };
        let reason = format!("a penalty on D's slope needs an opinion of each image by itself, and {mixes}.");
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
        assert!(mixed.key() == Some("pack") && mixed.to_string().contains("no condition"), "{mixed}");
        assert!(RunConfig { pack: 4, ..Default::default() }.validate().is_ok());
    }
}
