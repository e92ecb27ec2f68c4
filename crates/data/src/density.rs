//! Known densities p_data in 1-D and 2-D, so that metrics of samples have an exact reference.
//!
//! A 2-D density is a mixture of equal Gaussians; a curve is a mixture of many Gaussians along it, close enough to
//! overlap. In 1-D there are also uniform, exponential, Cauchy and hand-drawn densities. All computations are in f64,
//! in the coordinates of the networks.

mod plane;
mod spec;

use std::f64::consts::{PI, SQRT_2, TAU};

use counterfeit_random::Random;

use super::DataSet;
pub use plane::Clouds;
use plane::{clouds, in_plane};
pub use spec::{DensityError, DensityShape, DensitySpec};

/// Interval of a density that is drawn by hand.
pub const DRAWN: [f64; 2] = [-4.0, 4.0];
#[derive(Debug, Clone, PartialEq)]
enum Shape {
    Clouds(Clouds),
    Uniform {
        low: f64,
        high: f64,
    },
    Exponential {
        start: f64,
        mean: f64,
    },
    Cauchy {
        centre: f64,
        scale: f64,
    },
    /// Equal bins of width `step`, starting at `low`.
    Bins {
        low: f64,
        step: f64,
        shares: Vec<f64>,
    },
}

/// A density on the line or in the plane.
#[derive(Debug, Clone, PartialEq)]
pub struct Density {
    width: usize,
    shape: Shape,
}

impl Density {
    /// The density of a specification; `drawn` is the user's drawing: points `x, y, x, y, ...`, or heights of equal
    /// bins over [`DRAWN`].
    pub fn of(spec: DensitySpec, drawn: Option<&[f32]>) -> Result<Self, DensityError> {
        let DensitySpec { data, shape: DensityShape { modes, extent, spread, offset } } = spec;
        if data.toy().is_none() {
            return Err(DensityError::Images);
        }
        let nothing = DensityError::NothingDrawn;
        let (low, high) = (offset - extent, offset + extent);
        let shape = match data {
            DataSet::Normal => Shape::Clouds(clouds(vec![[0.0; 2]], spread)),
            DataSet::Mixture => {
                let place =
                    |i: usize| if modes == 1 { 0.0 } else { 2.0 * extent * i as f64 / (modes - 1) as f64 - extent };
                Shape::Clouds(clouds((0..modes).map(|i| [place(i), 0.0]).collect(), spread))
            }
            DataSet::Uniform => Shape::Uniform { low, high },
            DataSet::Exponential => Shape::Exponential { start: low, mean: extent },
            DataSet::HeavyTail => Shape::Cauchy { centre: offset, scale: spread },
            DataSet::Curve => {
                let heights = drawn.filter(|h| h.iter().any(|&v| v > 0.0 && v.is_finite())).ok_or(nothing)?;
                let heights: Vec<f64> =
                    heights.iter().map(|&h| if h.is_finite() { f64::from(h).max(0.0) } else { 0.0 }).collect();
                let (step, total) = ((DRAWN[1] - DRAWN[0]) / heights.len() as f64, heights.iter().sum::<f64>());
                Shape::Bins { low: DRAWN[0] + offset, step, shares: heights.into_iter().map(|h| h / total).collect() }
            }
            _ => Shape::Clouds(in_plane(spec, drawn.ok_or(nothing))?),
        };
        let shape = match shape {
            Shape::Clouds(mut clouds) => {
                clouds.centres.iter_mut().for_each(|c| c[0] += offset);
                Shape::Clouds(clouds)
            }
            other => other,
        };
        Ok(Self { width: data.values(), shape })
    }

    /// Dimensions of a sample: 1 or 2.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Its Gaussians, if it is a mixture.
    pub fn clouds(&self) -> Option<&Clouds> {
        if let Shape::Clouds(clouds) = &self.shape { Some(clouds) } else { None }
    }

    /// Whether it has a mean: the tails of a Cauchy distribution are too heavy for one.
    pub fn has_mean(&self) -> bool {
        !matches!(self.shape, Shape::Cauchy { .. })
    }

    /// `n` samples, `[n * width]`.
    pub fn sample(&self, n: usize, rng: &mut Random) -> Vec<f32> {
        if let Shape::Clouds(clouds) = &self.shape {
            let ends = running(&clouds.shares);
            return (0..n)
                .flat_map(|_| {
                    let centre = clouds.centres[pick(&ends, f64::from(rng.uniform()))];
                    let mut next = |at: f64| (at + clouds.deviation * f64::from(rng.normal())) as f32;
                    let point = [next(centre[0]), if self.width == 2 { next(centre[1]) } else { 0.0 }];
                    point.into_iter().take(self.width)
                })
                .collect();
        }
        // Shifted by half the resolution of `uniform`, so that neither 0 nor 1 occurs.
        (0..n).map(|_| self.quantile(f64::from(rng.uniform()) + 3e-8) as f32).collect()
    }

    /// The density at a point of `width` numbers.
    pub fn at(&self, x: &[f64]) -> f64 {
        match &self.shape {
            Shape::Clouds(Clouds { centres, shares, deviation: s, .. }) => {
                let peak = (s * TAU.sqrt()).powi(self.width as i32);
                let bell = |c: &[f64; 2]| {
                    let square: f64 = x.iter().zip(c).map(|(x, c)| ((x - c) / s).powi(2)).sum();
                    libm::exp(-square / 2.0) / peak
                };
                centres.iter().zip(shares).map(|(c, share)| share * bell(c)).sum()
            }
            Shape::Uniform { low, high } => f64::from(u8::from((*low..=*high).contains(&x[0]))) / (high - low),
            Shape::Exponential { start, mean } if x[0] >= *start => libm::exp((start - x[0]) / mean) / mean,
            Shape::Exponential { .. } => 0.0,
            Shape::Cauchy { centre, scale } => 1.0 / (PI * scale * (1.0 + ((x[0] - centre) / scale).powi(2))),
            Shape::Bins { low, step, shares } => {
                let bin = ((x[0] - low) / step).floor();
                if bin >= 0.0 { shares.get(bin as usize).map_or(0.0, |share| share / step) } else { 0.0 }
            }
        }
    }

    /// The cumulative distribution function at `x`, in 1-D.
    pub fn below(&self, x: f64) -> f64 {
        match &self.shape {
            Shape::Clouds(Clouds { centres, shares, deviation, .. }) => {
                centres.iter().zip(shares).map(|(c, share)| share * normal_below((x - c[0]) / deviation)).sum()
            }
            Shape::Uniform { low, high } => ((x - low) / (high - low)).clamp(0.0, 1.0),
            Shape::Exponential { start, mean } => 1.0 - libm::exp(((start - x) / mean).min(0.0)),
            Shape::Cauchy { centre, scale } => 0.5 + libm::atan((x - centre) / scale) / PI,
            Shape::Bins { low, step, shares } => {
                let place = ((x - low) / step).clamp(0.0, shares.len() as f64);
                let whole = place.floor() as usize;
                shares[..whole].iter().sum::<f64>()
                    + shares.get(whole).map_or(0.0, |share| share * (place - whole as f64))
            }
        }
    }

    /// The quantile of `u` in (0, 1), in 1-D.
    pub fn quantile(&self, u: f64) -> f64 {
        match &self.shape {
            Shape::Uniform { low, high } => low + u * (high - low),
            Shape::Exponential { start, mean } => start - mean * libm::log1p(-u),
            Shape::Cauchy { centre, scale } => centre + scale * libm::tan(PI * (u - 0.5)),
            Shape::Bins { low, step, shares } => {
                let ends = running(shares);
                let bin = pick(&ends, u);
                let before = if bin == 0 { 0.0 } else { ends[bin - 1] };
                low + step * (bin as f64 + ((u - before) / shares[bin]).clamp(0.0, 1.0))
            }
            Shape::Clouds(Clouds { centres, deviation, .. }) => {
                // The probability of a value beyond 40 standard deviations is 0 in f64.
                let far = |end: fn(f64, f64) -> f64, start: f64| centres.iter().map(|c| c[0]).fold(start, end);
                let mut low = far(f64::min, f64::INFINITY) - 40.0 * deviation;
                let mut high = far(f64::max, f64::NEG_INFINITY) + 40.0 * deviation;
                // Bisection: after 50 iterations the error is below the precision of f32.
                for _ in 0..50 {
                    let middle = (low + high) / 2.0;
                    if self.below(middle) < u { low = middle } else { high = middle }
                }
                (low + high) / 2.0
            }
        }
    }

    /// The window for charts and metrics: left, right, bottom, top; a square in 2-D. It contains the data, except far
    /// tails, and the samples of an untrained generator.
    pub fn window(&self) -> [f64; 4] {
        let (mut low, mut high) = ([-1.5f64; 2], [1.5f64; 2]);
        let mut hold = |x: [f64; 2], margin: f64| {
            for axis in 0..self.width {
                (low[axis], high[axis]) = (low[axis].min(x[axis] - margin), high[axis].max(x[axis] + margin));
            }
        };
        match &self.shape {
            Shape::Clouds(clouds) => clouds.centres.iter().for_each(|c| hold(*c, 4.0 * clouds.deviation)),
            // The quantiles used below would be 64 scales from the centre, and the peak too narrow to see.
            Shape::Cauchy { centre, scale } => hold([*centre, 0.0], 8.0 * scale),
            _ => [0.005, 0.995].into_iter().for_each(|u| hold([self.quantile(u), 0.0], 0.0)),
        }
        let side = (0..self.width).map(|axis| high[axis] - low[axis]).fold(0.0, f64::max) * 1.2;
        let middle = |axis: usize| (low[axis] + high[axis]) / 2.0;
        if self.width == 1 {
            return [middle(0) - side / 2.0, middle(0) + side / 2.0, 0.0, 1.0];
        }
        [middle(0) - side / 2.0, middle(0) + side / 2.0, middle(1) - side / 2.0, middle(1) + side / 2.0]
    }

    /// The probability of each cell of a grid over a window, `[side]` in 1-D, `[side, side]` in 2-D, in rows from the
    /// bottom. The sum is below 1 if the density extends beyond the window.
    pub fn shares(&self, [left, right, bottom, top]: [f64; 4], side: usize) -> Vec<f64> {
        let edge = |low: f64, high: f64, i: usize| low + (high - low) * i as f64 / side as f64;
        if self.width == 1 {
            let below: Vec<f64> = (0..=side).map(|i| self.below(edge(left, right, i))).collect();
            return below.windows(2).map(|pair| pair[1] - pair[0]).collect();
        }
        let mut cells = vec![0.0; side * side];
        let Some(Clouds { centres, shares, deviation, .. }) = self.clouds() else {
            unreachable!("in the plane all are clouds")
        };
        for (centre, share) in centres.iter().zip(shares) {
            let along = |low: f64, high: f64, at: f64| -> Vec<f64> {
                let below: Vec<f64> = (0..=side).map(|i| normal_below((edge(low, high, i) - at) / deviation)).collect();
                below.windows(2).map(|pair| pair[1] - pair[0]).collect()
            };
            let columns = along(left, right, centre[0]);
            for (row, height) in
                along(bottom, top, centre[1]).into_iter().enumerate().filter(|(_, height)| *height > 0.0)
            {
                let cells = &mut cells[row * side..(row + 1) * side];
                cells.iter_mut().zip(&columns).for_each(|(cell, column)| *cell += share * height * column);
            }
        }
        cells
    }
}

/// The cumulative distribution function of the standard normal.
fn normal_below(x: f64) -> f64 {
    0.5 * libm::erfc(-x / SQRT_2)
}

/// Cumulative sums.
fn running(shares: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    shares
        .iter()
        .map(|share| {
            sum += share;
            sum
        })
        .collect()
}

/// Index of the interval of cumulative sums that contains `u`; the last non-empty one if rounding leaves all sums below
/// `u`.
fn pick(ends: &[f64], u: f64) -> usize {
    ends.partition_point(|&end| end <= u).min(ends.len() - 1)
}

#[cfg(test)]
mod tests;
