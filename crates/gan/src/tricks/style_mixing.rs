//! Style mixing (Karras et al. 2019, section 3.1): some fake samples take their coarse and their fine styles from
//! different z.

use counterfeit_spec::Spec;

/// Share of fake samples with mixed styles.
#[derive(Debug, Clone, Copy, PartialEq, Spec)]
pub struct StyleMixing {
    /// Share of generated training images whose coarse and fine styles come from different z, so that G does not rely
    /// on their correlation.
    #[setting(
        key = "g_mixing", label = "Style mixing", default = 0.9, range = 0.0..=1.0, live, only(family = ["style"]),
        source = "Karras et al. 2019 (StyleGAN): 0.9",
    )]
    pub share: f64,
}
