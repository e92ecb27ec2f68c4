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
        self.check_layer_noise()?;
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
    /// same row. A share of less than half a sample is none.
    fn check_replay(&self) -> Result<()> {
        let (replay, batch) = (self.tricks.replay, self.batch);
        if replay.share == 0.0 {
            return Ok(());
        }
        if self.condition.condition != Condition::None {
            let reason = "a replayed image has another class or code than D is given: choose 0, or no conditioning.";
            return refuse("replay", reason);
        }
        if replay.rows(batch) == 0 {
            let (share, least) = (replay.share, 1.0 / batch as f64);
            return refuse(
                "replay",
                format!("{share} of a batch of {batch} is no sample: choose {least:.3} or more, or 0."),
            );
        }
        Ok(())
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

    /// Noise after G's activations, where the architecture adds none.
    fn check_layer_noise(&self) -> Result<()> {
        if self.generator.noise == 0.0 || !matches!(self.family, Family::Growing | Family::Style) {
            return Ok(());
        }
        refuse("g_noise", "this architecture has no place for it: choose 0, or another architecture.")
    }

    /// Some normalisations are undefined in some layers, and some networks have no layer for one: see each reason.
    fn check_norms(&self) -> Result<()> {
        const FLAT: &str = "a fully connected layer has one value per channel, which instance normalisation would \
            set to 0: choose layer or group normalisation.";
        let [g_norm, d_norm] = self.norms();
        if self.family == Family::Mlp && g_norm == Norm::Instance {
            return refuse("g_norm", FLAT);
        }
        if self.family == Family::Mlp && d_norm == Norm::Instance {
            return refuse("d_norm", FLAT);
        }
        if g_norm == Norm::Virtual && self.code().width() > 0 {
            return refuse("g_norm", "the reference batch has no class or code: choose another, or no conditioning.");
        }
        let maxout = self.family == Family::Mlp && self.discriminator.hidden == HiddenUnit::Maxout;
        if maxout && d_norm.shifts() {
            return refuse("d_norm", "maxout leaves no place for it: choose none or spectral, or leaky ReLU.");
        }
        // Batch normalisation, the default, still stands for the small initial weights of DCGAN there.
        let within_an_image = matches!(d_norm, Norm::Layer | Norm::Instance | Norm::Group);
        if within_an_image && self.family == Family::Dcgan && !Plan::discriminator(&self.d_spec()).normalises() {
            return refuse(
                "d_norm",
                "D's first convolution has none, and no other layer can: choose none or spectral.",
            );
        }
        Ok(())
    }

    /// A gradient penalty on a discriminator whose layers do not allow it: see [`check_penalty_on`].
    fn check_penalty(&self) -> Result<()> {
        let mixing = match self.discriminator.batch_feature {
            BatchFeature::None => ("d_norm", "batch normalisation mixes images: choose none, layer, group or spectral"),
            _ => ("d_batch", "this mixes images: choose none"),
        };
        check_penalty_on(&Plan::discriminator(&self.d_spec()), self.penalty.penalty, mixing)
    }
}

/// Refuses a penalty on a discriminator of these layers. The input gradient of one sample is undefined where D's output
/// depends on the other samples of the batch (Gulrajani et al. 2017, section 4); `mixing` is the setting that makes it
/// depend on them, and what to choose. An exact penalty differentiates D twice, for which each layer needs a tangent.
fn check_penalty_on(plan: &Plan, penalty: Penalty, (key, mixes): (&str, &str)) -> Result<()> {
    if penalty == Penalty::None {
        return Ok(());
    }
    if plan.mixes_batch() {
        return refuse(key, format!("a gradient penalty needs D's output for each image on its own, and {mixes}."));
    }
    match plan.without_tangent() {
        Some(layer) if penalty.is_exact() => {
            let name = layer.label(&plan.weights.slots);
            refuse(
                "d_penalty",
                format!("D's layer \u{201c}{name}\u{201d} cannot be differentiated twice: choose none."),
            )
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use counterfeit_nn::{Builder, Init};

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
    fn an_exact_penalty_on_a_layer_without_a_tangent_is_refused() {
        let plan = |norm| Builder::default().linear(4, 4, Init::Constant(0.0), true).after(norm).build();
        let checked = |penalty, norm| check_penalty_on(&plan(norm), penalty, ("", ""));
        // Pixel norm is for generators, and has none.
        for penalty in [Penalty::Wgan, Penalty::OneSided, Penalty::R1, Penalty::R2, Penalty::R1AndR2, Penalty::Dragan] {
            let error = checked(penalty, Norm::Pixel).unwrap_err();
            assert_eq!(error.key(), Some("d_penalty"));
            assert!(error.to_string().contains("pixel normalisation") && error.to_string().contains("choose none"));
            assert!(checked(penalty, Norm::None).is_ok());
        }
        for penalty in [Penalty::None, Penalty::R1Differences] {
            assert!(checked(penalty, Norm::Pixel).is_ok(), "{penalty:?} needs no tangent");
        }
    }

    #[test]
    fn a_normalisation_without_a_layer_is_refused() {
        let refused = |config: RunConfig| config.validate().unwrap_err();
        for norm in [Norm::Batch, Norm::Layer, Norm::Group] {
            let maxout = config! { family: Family::Mlp, discriminator.hidden: HiddenUnit::Maxout };
            let error = refused(config! { discriminator.network.norm: norm, ..maxout });
            assert!(error.key() == Some("d_norm") && error.to_string().contains("maxout"), "{norm:?}: {error}");
        }
        let one_stage = |norm, dense| {
            config! { stages: 1, discriminator.network.norm: norm, discriminator.network.dense: dense }
        };
        for (norm, dense) in [(Norm::Layer, 0), (Norm::Group, 0), (Norm::Instance, 0), (Norm::Instance, 8)] {
            let error = refused(one_stage(norm, dense));
            assert!(error.key() == Some("d_norm") && error.to_string().contains("first convolution"), "{error}");
        }
        for (norm, dense) in [(Norm::Layer, 8), (Norm::Batch, 0), (Norm::Spectral, 0), (Norm::None, 0)] {
            assert!(one_stage(norm, dense).validate().is_ok(), "{norm:?} {dense}");
        }
    }

    #[test]
    fn noise_in_a_generator_that_has_no_place_for_it_is_refused() {
        for family in [Family::Growing, Family::Style] {
            let error = config! { family: family, generator.noise: 0.1 }.validate().unwrap_err();
            assert!(error.key() == Some("g_noise") && error.to_string().contains("choose 0"), "{family:?}: {error}");
        }
        for family in [Family::Dcgan, Family::Mlp, Family::Resnet] {
            assert!(config! { family: family, generator.noise: 0.1 }.validate().is_ok(), "{family:?}");
        }
    }

    #[test]
    fn a_replayed_share_of_less_than_a_sample_is_refused() {
        let error = config! { batch: 32, tricks.replay.share: 0.01 }.validate().unwrap_err();
        assert!(error.key() == Some("replay") && error.to_string().contains("choose 0.031 or more"), "{error}");
        assert!(config! { batch: 32, tricks.replay.share: 0.031 }.validate().is_ok());
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
