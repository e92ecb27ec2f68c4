//! Normalisations in plain tensor operations. Batch normalisation also has kernels; the others work within one image.

use burn::tensor::{Device, Tensor};
use counterfeit_kernels::{self as kernels, ALIGN, EPSILON};

use super::{BatchStatistics, BoundNetwork, Mode, Signal};

/// Added to a mean square before its root (Karras et al. 2018).
const PIXEL_EPSILON: f64 = 1e-8;

/// Moves a constant into an autodiff graph if `device` is an autodiff device.
pub fn constant_for<const D: usize>(constant: Tensor<D>, device: &Device) -> Tensor<D> {
    if device.is_autodiff() { Tensor::from_inner(constant) } else { constant }
}

pub(super) fn batch_norm(
    net: &mut BoundNetwork,
    scale: usize,
    shift: usize,
    statistics: Option<usize>,
    x: Signal,
    mode: Mode,
) -> Signal {
    match x {
        Signal::Flat(x) => {
            let [n, c] = x.dims();
            let x = x.reshape([n, c, 1, 1]);
            Signal::Flat(normalise(net, scale, shift, statistics, x, mode).reshape([n, c]))
        }
        Signal::Image(x) => Signal::Image(normalise(net, scale, shift, statistics, x, mode)),
    }
}

fn normalise(
    net: &mut BoundNetwork,
    scale: usize,
    shift: usize,
    statistics: Option<usize>,
    x: Tensor<4>,
    mode: Mode,
) -> Tensor<4> {
    let [n, c, h, w] = x.dims();
    let per_channel = |t: Tensor<1>| t.reshape([1, c, 1, 1]);
    let running = statistics.and_then(|s| Some((net.running(s, c)?, net.running(s + 1, c)?)));
    let (centred, variance) = match (mode, running) {
        (Mode::Sample, Some((mean, variance))) => {
            let device = x.device();
            (x - per_channel(constant_for(mean, &device)), per_channel(constant_for(variance, &device)))
        }
        _ => {
            let count = (n * h * w) as f64;
            let mean = channel_sum(x.clone()).div_scalar(count); // [1, c, 1, 1]
            let centred = x - mean.clone(); // [n, c, h, w]
            let variance = channel_sum(centred.clone().square()).div_scalar(count); // [1, c, 1, 1]
            if let Some(slot) = statistics {
                let parts = [mean.inner().reshape([c]), variance.clone().inner().reshape([c])];
                let values = Tensor::cat(parts.map(padded).to_vec(), 0);
                net.batch_statistics.push(BatchStatistics::Moments { slot, values, count: n * h * w });
            }
            (centred, variance)
        }
    };
    let inverse = (variance + EPSILON).sqrt().recip();
    centred * (inverse * per_channel(net.vector(scale))) + per_channel(net.vector(shift))
}

/// Zeros up to the next aligned length.
fn padded(t: Tensor<1>) -> Tensor<1> {
    let n = t.dims()[0];
    t.pad([(0, n.next_multiple_of(ALIGN) - n)], 0.0)
}

/// Sums over batch and positions: `[n, c, h, w]` -> `[1, c, 1, 1]`.
fn channel_sum(x: Tensor<4>) -> Tensor<4> {
    x.sum_dim(0).sum_dim(2).sum_dim(3)
}

/// Group normalisation: normalises `[n, channels, positions]` over each image's groups of channels, then scales and
/// shifts channels. One group is layer normalisation (Ba et al. 2016), as many groups as channels instance
/// normalisation (Ulyanov et al. 2016), in between is group normalisation (Wu and He 2018).
pub(super) struct Groups {
    pub groups: usize,
    /// `[channels]`
    pub scale: Tensor<1>,
    /// `[channels]`
    pub shift: Tensor<1>,
}

impl Groups {
    pub fn forward(self, x: Tensor<3>) -> Tensor<3> {
        let [n, channels, places] = x.dims();
        let (normal, _) = self.normal(x);
        let per_channel = |t: Tensor<1>| t.reshape([1, channels, 1]);
        normal.reshape([n, channels, places]) * per_channel(self.scale) + per_channel(self.shift)
    }

    /// The tangent of the result for a tangent t of x, both `[n, channels, positions]`. Not linear in x, so x must be
    /// in the graph.
    pub fn tangent(self, x: Tensor<3>, t: Tensor<3>) -> Tensor<3> {
        let [n, channels, places] = x.dims();
        let t = t.reshape(self.grouped(&x));
        let (normal, inverse) = self.normal(x);
        // x_hat' = inverse (t - mean t - x_hat mean(x_hat t))
        let along = mean(normal.clone() * t.clone());
        let change = (t.clone() - mean(t) - normal * along) * inverse;
        change.reshape([n, channels, places]) * self.scale.reshape([1, channels, 1])
    }

    fn grouped(&self, x: &Tensor<3>) -> [usize; 3] {
        let [n, channels, places] = x.dims();
        [n, self.groups, channels / self.groups * places]
    }

    /// Normalises x to mean 0 and variance 1 in each group, `[n, groups, values]`, and 1 / sqrt(variance + epsilon),
    /// `[n, groups, 1]`.
    fn normal(&self, x: Tensor<3>) -> (Tensor<3>, Tensor<3>) {
        let shape = self.grouped(&x);
        let x = x.reshape(shape);
        let centred = x.clone() - mean(x);
        let inverse = kernels::sqrt(mean(centred.clone().square()) + EPSILON).recip();
        (centred * inverse.clone(), inverse)
    }
}

/// Virtual batch normalisation (Salimans et al. 2016): normalises each channel of each row of `[reference + n,
/// channels, positions]` by the mean and standard deviation over the reference rows, which come first, and the row
/// itself; `[scale, shift]` are `[channels]`.
pub(super) fn by_reference(x: Tensor<3>, reference: usize, [scale, shift]: [Tensor<1>; 2]) -> Tensor<3> {
    let [rows, channels, places] = x.dims();
    let of_row = |x: Tensor<3>| x.sum_dim(2).div_scalar(places as f64); // [rows, channels, 1]
    // Weight of a row among itself and the reference; 0 for reference rows, which are already counted.
    let share = 1.0 / (reference as f64 + 1.0);
    let joined = |each: Tensor<3>| {
        let fixed = each.clone().slice([0..reference]);
        let level = fixed.sum_dim(0).div_scalar(reference as f64); // [1, channels, 1]
        let own = each.slice([reference..rows]).mul_scalar(share) + level.clone().mul_scalar(1.0 - share);
        Tensor::cat(vec![level.repeat_dim(0, reference), own], 0)
    };
    let mean = joined(of_row(x.clone()));
    let variance = joined(of_row(x.clone().square())) - mean.clone().square();
    let inverse = kernels::sqrt(variance.clamp_min(0.0) + EPSILON).recip();
    let per_channel = |t: Tensor<1>| t.reshape([1, channels, 1]);
    (x - mean) * inverse * per_channel(scale) + per_channel(shift)
}

/// Over the last dimension.
fn mean(x: Tensor<3>) -> Tensor<3> {
    let values = x.dims()[2] as f64;
    x.sum_dim(2).div_scalar(values)
}

/// Pixel norm: divides the channels at each position by their root mean square, `[n, channels, positions]` (Karras et
/// al. 2018).
pub(super) fn pixel(x: Tensor<3>) -> Tensor<3> {
    let channels = x.dims()[1] as f64;
    let square = x.clone().square().sum_dim(1).div_scalar(channels); // [n, 1, places]
    x / kernels::sqrt(square + PIXEL_EPSILON)
}

#[cfg(test)]
mod tests {
    use burn::tensor::TensorData;

    use super::*;

    /// A row is normalised by itself and the reference as one batch of as many images and one; the reference by itself.
    #[test]
    fn a_virtual_batch_is_the_reference_and_the_row() {
        // Three reference rows and two others, one channel at two places.
        let rows = [[1.0f32, 3.0], [2.0, 0.0], [-1.0, 1.0], [5.0, 7.0], [0.5, 0.5]];
        let device = Device::flex();
        let x = Tensor::<3>::from_data(TensorData::new(rows.concat(), [5, 1, 2]), &device);
        let of = |v: f32| Tensor::<1>::from_data([v], &device);
        let found: Vec<f32> = by_reference(x, 3, [of(2.0), of(0.5)]).into_data().try_to_vec().unwrap();
        for (i, row) in rows.iter().enumerate() {
            let batch: Vec<f32> = rows[..3].iter().chain((i >= 3).then_some(row)).flatten().copied().collect();
            let mean = batch.iter().sum::<f32>() / batch.len() as f32;
            let variance = batch.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / batch.len() as f32;
            for (place, v) in row.iter().enumerate() {
                let expected = 2.0 * (v - mean) / (variance + EPSILON as f32).sqrt() + 0.5;
                assert!((found[2 * i + place] - expected).abs() < 1e-5, "{i}: {found:?}");
            }
        }
    }
}
