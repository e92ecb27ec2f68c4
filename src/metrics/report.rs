//! All metrics of a set of images against real ones, and the real-data reference.

use serde::Serialize;

use super::{
    CLASSES, Estimate, Gaussian, Manifold, MeasureError, Neighbourhoods, Points, class_report, kernel_distance,
    manifold, shares,
};
use crate::classifier::Embedding;
use crate::latent::{Random, Stream};
use crate::nets::lenet::FEATURES;

/// Sample sizes of an evaluation. Only evaluations of equal size are comparable: all metrics but KID depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Number of fake samples, and of real ones.
    pub samples: usize,
    /// Number of these used for nearest neighbours, whose cost is quadratic.
    pub neighbours: usize,
    /// Size and number of KID's subsets.
    pub subset: usize,
    pub subsets: usize,
    /// Number of images for which the nearest training image is searched, a pass over the training set each.
    pub copies: usize,
}

impl Size {
    /// Size of evaluations during training: 16 grids of 64.
    pub const LIVE: Size = Size { samples: 1024, neighbours: 1024, subset: 500, subsets: 4, copies: 16 };
    /// For a report: 10,000 samples and subsets of 1,000 as Binkowski et al. 2018, section 4; fewer subsets and
    /// neighbours than there, so that a tab does the arithmetic in about a second.
    pub const REPORT: Size = Size { samples: 10_000, neighbours: 2_000, subset: 1_000, subsets: 20, copies: 64 };
}

/// Metrics of a set of images.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImageMetrics {
    /// exp E KL(p(y|x) || p(y)), 1 to 10.
    pub score: f64,
    /// Fréchet distance on the classifier's features.
    pub frechet: f64,
    /// KID on these features: mean and standard deviation over subsets.
    pub kid: f64,
    pub kid_deviation: f64,
    pub precision: f64,
    pub recall: f64,
    pub density: f64,
    pub coverage: f64,
    /// Share of the samples in each class.
    pub shares: [f64; CLASSES],
    /// Entropy of the shares, in nats; ln 10 = 2.303 at most.
    pub entropy: f64,
    /// KL(shares || the training set's), in nats.
    pub divergence: f64,
    /// Mean distance between two samples' features over that between two real ones': 1 for the real distribution, 0 for
    /// one image.
    pub diversity: f64,
}

/// Embeddings of real images, and the real-data reference.
pub struct ImageReference {
    pub size: Size,
    embeddings: Embedding,
    gaussian: Gaussian,
    around: Neighbourhoods,
    shares: [f64; CLASSES],
    distance: f64,
    /// Real-data reference: the metrics of held-out real images, as of a perfect generator.
    pub real_reference: ImageMetrics,
}

impl ImageReference {
    /// Creates a reference from training images, as many held-out images, and the labels of the training set.
    pub fn new(size: Size, training: Embedding, held_out: Embedding, labels: &[u8]) -> Result<Self, MeasureError> {
        let features = Points::new(&training.features, FEATURES)?;
        let mut reference = Self {
            size,
            gaussian: Gaussian::fit(features)?,
            around: Neighbourhoods::of(features.first(size.neighbours))?,
            distance: features.first(size.neighbours).mean_distance()?,
            shares: shares(labels),
            embeddings: training,
            real_reference: ImageMetrics::default(),
        };
        reference.real_reference = reference.measure(&held_out)?;
        Ok(reference)
    }

    /// Realism of each image.
    pub fn realism(&self, embeddings: &Embedding) -> Result<Vec<f32>, MeasureError> {
        let real = Points::new(&self.embeddings.features, FEATURES)?.first(self.size.neighbours);
        Ok(Points::new(&embeddings.features, FEATURES)?.rows().map(|f| self.around.realism(real, f) as f32).collect())
    }

    /// Computes the metrics of a set of images. Its random choices are the same each time.
    pub fn measure(&self, sample: &Embedding) -> Result<ImageMetrics, MeasureError> {
        let real = Points::new(&self.embeddings.features, FEATURES)?;
        let fake = Points::new(&sample.features, FEATURES)?;
        let classes = class_report(Points::new(&sample.logits, CLASSES)?, &self.shares)?;
        let mut rng = Random::new(0, Stream::Measure);
        let Estimate { mean, deviation } = kernel_distance(real, fake, self.size.subset, self.size.subsets, &mut rng)?;
        let (near_real, near_fake) = (real.first(self.size.neighbours), fake.first(self.size.neighbours));
        let Manifold { precision, recall, density, coverage } =
            manifold(near_real, &self.around, near_fake, &Neighbourhoods::of(near_fake)?);
        Ok(ImageMetrics {
            score: classes.score,
            frechet: self.gaussian.distance(&Gaussian::fit(fake)?),
            kid: mean,
            kid_deviation: deviation,
            precision,
            recall,
            density,
            coverage,
            shares: classes.shares,
            entropy: classes.entropy,
            divergence: classes.divergence,
            diversity: near_fake.mean_distance()? / self.distance.max(f64::MIN_POSITIVE),
        })
    }
}
