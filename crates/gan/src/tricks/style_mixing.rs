//! Style mixing (Karras et al. 2019, section 3.1): some fake samples take their coarse and their fine styles from
//! different z.

/// Share of fake samples with mixed styles.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StyleMixing {
    pub share: f64,
}
