//! Style mixing (Karras et al. 2019, section 3.1): some fake samples take their coarse and their fine styles from
//! different z, so that G does not rely on their correlation.

use std::ops::Range;

use counterfeit_nn::Plan;
use counterfeit_nn::style::Styling;
use counterfeit_random::{Prior, Random};

use crate::upload::{Drawn, Upload};

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

/// The rows of G's input in a batch: z, then the code.
pub struct Rows<'a> {
    pub values: &'a [f32],
    pub n: usize,
    /// Length of z, and its distribution.
    pub latent: usize,
    pub prior: Prior,
}

/// Ranges of a style generator's noise and style mixing within the upload; empty for other generators.
pub struct Styles {
    /// Number of rows.
    n: usize,
    second: Range<usize>,
    mask: Range<usize>,
    noise: Range<usize>,
}

impl Styles {
    /// Returns these ranges as tensors.
    pub fn of(&self, drawn: &Drawn) -> Styling {
        let rows = |range: &Range<usize>| drawn.rows(range, range.len() / self.n);
        let mixed = (!self.second.is_empty()).then(|| [&self.second, &self.mask].map(rows));
        let noise = (!self.noise.is_empty()).then(|| rows(&self.noise));
        Styling { mixed, noise, truncation: None }
    }
}

impl StyleMixing {
    /// Draws, for each row, a second z with the same code and the layer from which its styles are used, and then the
    /// noise of the generator's layers.
    pub fn draw(&self, generator: &Plan, rows: Rows, rng: &mut Random, upload: &mut Upload) -> Styles {
        let Rows { values, n, latent, prior } = rows;
        let (styles, noise) = (generator.styles(), generator.noise());
        let mixed = if styles > 1 && self.share > 0.0 { n } else { 0 };
        let second: Vec<f32> = values
            .chunks(values.len() / n)
            .take(mixed)
            .flat_map(|row| [rng.latent(prior, 1, latent), row[latent..].to_vec()].concat())
            .collect();
        let mask: Vec<f32> = (0..mixed)
            .flat_map(|_| {
                let (mixes, from) = (f64::from(rng.uniform()) < self.share, 1 + rng.below(styles - 1));
                (0..styles).map(move |style| f32::from(u8::from(mixes && style >= from)))
            })
            .collect();
        Styles {
            n,
            second: upload.add(second),
            mask: upload.add(mask),
            noise: upload.add((0..n * noise).map(|_| rng.normal())),
        }
    }
}
