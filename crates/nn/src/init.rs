//! Initialisation of parameters.

use counterfeit_random::Random;
use counterfeit_spec::Choice;

use super::plan::Slot;

/// The initialisation of a parameter tensor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Init {
    /// Constant.
    Constant(f32),
    /// N(mean, std^2).
    Normal { mean: f32, std: f32 },
    /// U(-range, range).
    Uniform { range: f32 },
    /// A random matrix, of the first dimension by the rest, whose rows are orthonormal, or its columns if it has more
    /// rows (Saxe et al. 2014).
    Orthogonal,
}

impl Init {
    /// N(0, 2 / fan_in): keeps the variance of a ReLU layer's output at that of its input (He et al. 2015).
    /// Goodfellow's fixed +-0.05 does the same for 1,200 units (0.05 / sqrt 3 = 0.029 against sqrt(2 / 1200) = 0.041)
    /// and starves narrower networks.
    pub fn he(fan_in: usize) -> Self {
        Self::Normal { mean: 0.0, std: (2.0 / fan_in as f32).sqrt() }
    }

    /// U(-r, r), r^2 = 6 / (fan_in + fan_out): between what keeps the variance forwards and what keeps it backwards
    /// (Glorot and Bengio 2010).
    pub fn xavier([fan_in, fan_out]: [usize; 2]) -> Self {
        Self::Uniform { range: (6.0 / (fan_in + fan_out) as f32).sqrt() }
    }

    /// The same times a factor; what is orthogonal stays as it is.
    pub(super) fn times(self, factor: f32) -> Self {
        match self {
            Init::Constant(c) => Init::Constant(factor * c),
            Init::Normal { mean, std } => Init::Normal { mean: factor * mean, std: factor * std },
            Init::Uniform { range } => Init::Uniform { range: factor * range },
            Init::Orthogonal => Init::Orthogonal,
        }
    }

    /// Draws the initial values of a slot.
    pub(super) fn fill(slot: &Slot, values: &mut [f32], rng: &mut Random) {
        match slot.init {
            Init::Constant(c) => values.fill(c),
            Init::Normal { mean, std } => values.iter_mut().for_each(|v| *v = mean + std * rng.normal()),
            Init::Uniform { range } => values.iter_mut().for_each(|v| *v = range * (2.0 * rng.uniform() - 1.0)),
            Init::Orthogonal => orthogonal(slot.shape[0], values, rng),
        }
    }
}

/// The initialisation of a network's weights. Biases always start at 0, as do weights that the architecture's paper
/// sets to 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Choice)]
pub enum Initialiser {
    /// As in the architecture's paper.
    #[default]
    #[choice("as in the architecture's paper")]
    Recipe,
    /// N(0, 0.02^2) (Radford et al. 2016, section 4).
    #[choice("normal, σ = 0.02")]
    Dcgan,
    /// [`Init::he`].
    #[choice("He (Kaiming)")]
    He,
    /// [`Init::xavier`].
    #[choice("Xavier (Glorot)")]
    Xavier,
    /// [`Init::Orthogonal`].
    #[choice("orthogonal")]
    Orthogonal,
    /// Equalised learning rate (Karras et al. 2018): N(0, 1), multiplied by He's constant at run time, so that Adam's
    /// relative step is equal in all layers.
    #[choice("equalised learning rate")]
    Equalised,
}

impl Initialiser {
    /// The initialisation of a weight, from that of the architecture's paper.
    pub(super) fn start(self, recipe: Init, fans: [usize; 2]) -> Init {
        match self {
            _ if matches!(recipe, Init::Constant(_)) => recipe,
            Initialiser::Recipe => recipe,
            Initialiser::Dcgan => Init::Normal { mean: 0.0, std: 0.02 },
            Initialiser::He => Init::he(fans[0]),
            Initialiser::Xavier => Init::xavier(fans),
            Initialiser::Orthogonal => Init::Orthogonal,
            Initialiser::Equalised => Init::Normal { mean: 0.0, std: 1.0 },
        }
    }
}

/// Gram-Schmidt on normal numbers in f64. Orthogonalises the rows or the columns, whichever are fewer.
fn orthogonal(rows: usize, values: &mut [f32], rng: &mut Random) {
    let columns = values.len() / rows;
    let (count, length) = (rows.min(columns), rows.max(columns));
    let mut basis: Vec<Vec<f64>> = Vec::with_capacity(count);
    while basis.len() < count {
        let mut next: Vec<f64> = (0..length).map(|_| rng.normal().into()).collect();
        for one in &basis {
            let along: f64 = one.iter().zip(&next).map(|(a, b)| a * b).sum();
            next.iter_mut().zip(one).for_each(|(n, o)| *n -= along * o);
        }
        let norm = next.iter().map(|v| v * v).sum::<f64>().sqrt();
        // A vector almost in the span of the others would leave rounding errors only, so another is drawn.
        if norm > 1e-6 {
            next.iter_mut().for_each(|v| *v /= norm);
            basis.push(next);
        }
    }
    for (i, value) in values.iter_mut().enumerate() {
        let (r, c) = (i / columns, i % columns);
        *value = if rows <= columns { basis[r][c] } else { basis[c][r] } as f32;
    }
}
