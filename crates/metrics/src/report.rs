//! All metrics of a set of images against real images, and the real-data reference.

use counterfeit_nn::lenet::CLASSES;
use counterfeit_nn::lenet::FEATURES;
use counterfeit_random::{Random, Stream};
use serde::Serialize;

use super::{
    Estimate, Gaussian, Manifold, MeasureError, Neighbourhoods, Points, class_report, kernel_distance, manifold, shares,
};
use crate::Embedding;

/// Sample sizes of an evaluation. Only evaluations of equal size are comparable: all metrics but KID depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Number of fake samples, and number of real samples.
    pub samples: usize,
    /// Number of samples used for nearest neighbours, whose cost is quadratic.
    pub neighbours: usize,
    /// Size and number of KID's subsets.
    pub subset: usize,
    pub subsets: usize,
    /// Number of images whose nearest training image is searched; each search is a pass over the training set.
    pub copies: usize,
}

impl Size {
    /// Size of evaluations during training: 16 grids of 64.
    pub const LIVE: Size = Size { samples: 1024, neighbours: 1024, subset: 500, subsets: 4, copies: 16 };
    /// Size of a report: 10,000 samples and subsets of 1,000, as in Binkowski et al. 2018, section 4. There are fewer
    /// subsets and neighbours than in the paper, so that the metrics take about a second in a tab.
    pub const REPORT: Size = Size { samples: 10_000, neighbours: 2_000, subset: 1_000, subsets: 20, copies: 64 };

    /// The size on a data set with `images` held-out images: as many are generated.
    pub fn at_most(self, images: usize) -> Size {
        let Size { samples, neighbours, subset, copies, .. } = self;
        let [samples, neighbours, subset, copies] = [samples, neighbours, subset, copies].map(|n| n.min(images));
        Size { samples, neighbours, subset, copies, ..self }
    }
}

/// Metrics of a set of images, on the features of a classifier or of a network with random weights. Those of predicted
/// classes (score, shares, entropy, divergence) are None for random features, which name no class.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct ImageMetrics {
    /// MNIST score, exp E KL(p(y|x) || p(y)), from 1 to 10.
    pub score: Option<f64>,
    /// Fréchet distance of the features.
    pub frechet: f64,
    /// KID of the features, the mean over subsets; `kid_deviation` is the standard deviation.
    pub kid: f64,
    pub kid_deviation: f64,
    pub precision: f64,
    pub recall: f64,
    pub density: f64,
    pub coverage: f64,
    /// Share of the samples in each class.
    pub shares: Option<[f64; CLASSES]>,
    /// Entropy of the shares, in nats; ln 10 = 2.303 at most.
    pub entropy: Option<f64>,
    /// KL(shares || shares of the training set), in nats.
    pub divergence: Option<f64>,
    /// Mean distance between the features of two samples, divided by that of two real samples: 1 for the real
    /// distribution, 0 if all images are equal.
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
    /// The metrics of held-out real images, which a perfect generator would reach.
    pub real_reference: ImageMetrics,
}

impl ImageReference {
    /// Creates a reference from training images, equally many held-out images, and the labels of the training set.
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

    /// Realism of each image, see [`Neighbourhoods::realism`].
    pub fn realism(&self, embeddings: &Embedding) -> Result<Vec<f32>, MeasureError> {
        let real = Points::new(&self.embeddings.features, FEATURES)?.first(self.size.neighbours);
        Ok(Points::new(&embeddings.features, FEATURES)?.rows().map(|f| self.around.realism(real, f) as f32).collect())
    }

    /// Computes the metrics of a set of images. KID's subsets come from a fixed seed.
    pub fn measure(&self, sample: &Embedding) -> Result<ImageMetrics, MeasureError> {
        let real = Points::new(&self.embeddings.features, FEATURES)?;
        let fake = Points::new(&sample.features, FEATURES)?;
        let classes = match sample.logits.as_slice() {
            [] => None,
            logits => Some(class_report(Points::new(logits, CLASSES)?, &self.shares)?),
        };
        let mut rng = Random::new(0, Stream::Measure);
        let Estimate { mean, deviation } = kernel_distance(real, fake, self.size.subset, self.size.subsets, &mut rng)?;
        let (near_real, near_fake) = (real.first(self.size.neighbours), fake.first(self.size.neighbours));
        let Manifold { precision, recall, density, coverage } =
            manifold(near_real, &self.around, near_fake, &Neighbourhoods::of(near_fake)?);
        Ok(ImageMetrics {
            score: classes.map(|c| c.score),
            frechet: self.gaussian.distance(&Gaussian::fit(fake)?),
            kid: mean,
            kid_deviation: deviation,
            precision,
            recall,
            density,
            coverage,
            shares: classes.map(|c| c.shares),
            entropy: classes.map(|c| c.entropy),
            divergence: classes.map(|c| c.divergence),
            diversity: near_fake.mean_distance()? / self.distance.max(f64::MIN_POSITIVE),
        })
    }
}
