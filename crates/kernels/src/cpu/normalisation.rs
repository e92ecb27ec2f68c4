//! Batch normalisation (Ioffe and Szegedy 2015), with two loop orders so that the compiler vectorises both. For images
//! `[n, channels, h, w]` a channel's values are contiguous, so the inner loop runs over positions. For `[n, channels]`
//! the inner loop runs over channels.

use super::super::{EPSILON, Layer};
use crate::lanes;

/// Mean and biased variance of each channel, in the layout of `Kernels::statistics`.
pub fn statistics(x: &[f32], layer: Layer) -> Vec<f32> {
    let (count, to) = ((layer.n * layer.places()) as f32, layer.to);
    let mut out = vec![0.0; layer.statistics()];
    let (mean, variance) = out.split_at_mut(layer.statistics() / 2);
    let (mean, variance) = (&mut mean[..to], &mut variance[..to]);
    if layer.places() == 1 {
        for row in x.chunks_exact(to) {
            mean.iter_mut().zip(row).for_each(|(mean, x)| *mean += x);
        }
        mean.iter_mut().for_each(|mean| *mean /= count);
        for row in x.chunks_exact(to) {
            variance
                .iter_mut()
                .zip(row)
                .zip(&*mean)
                .for_each(|((variance, x), mean)| *variance += (x - mean) * (x - mean));
        }
        variance.iter_mut().for_each(|variance| *variance /= count);
    } else {
        for c in 0..to {
            let channel = || x.chunks_exact(layer.places()).skip(c).step_by(to);
            let m = channel().map(|v| lanes::sum(v, |x| x)).sum::<f32>() / count;
            mean[c] = m;
            variance[c] = channel().map(|v| lanes::sum(v, |x| (x - m) * (x - m))).sum::<f32>() / count;
        }
    }
    out
}

/// y = scale (x - mean) / sqrt(variance + epsilon) + shift, without the activation.
pub fn normalise(x: &[f32], statistics: &[f32], params: &[f32], layer: Layer) -> Vec<f32> {
    let (mean, inverse) = moments(statistics, layer);
    let (scale, shift) = (params, &params[layer.bias_at()..]);
    let slope: Vec<f32> = inverse.iter().zip(scale).map(|(inverse, scale)| scale * inverse).collect();
    let offset: Vec<f32> =
        mean.iter().zip(&slope).zip(shift).map(|((mean, slope), shift)| shift - mean * slope).collect();
    let mut y = vec![0.0; x.len()];
    if layer.places() == 1 {
        for (y, x) in y.chunks_exact_mut(layer.to).zip(x.chunks_exact(layer.to)) {
            let channels = slope.iter().zip(&offset);
            y.iter_mut().zip(x).zip(channels).for_each(|((y, x), (slope, offset))| *y = slope * x + offset);
        }
    } else {
        let channels = slope.iter().zip(&offset).cycle();
        for ((y, x), (slope, offset)) in
            y.chunks_exact_mut(layer.places()).zip(x.chunks_exact(layer.places())).zip(channels)
        {
            y.iter_mut().zip(x).for_each(|(y, x)| *y = slope * x + offset);
        }
    }
    y
}

/// dL/dscale = sum d x_hat and dL/dshift = sum d for each channel, as a segment; d = dL/dy before the activation.
pub fn weight_gradient(x: &[f32], d: &[f32], statistics: &[f32], layer: Layer) -> Vec<f32> {
    let (mean, inverse) = moments(statistics, layer);
    let mut segment = vec![0.0; layer.segment()];
    let (scale, shift) = segment.split_at_mut(layer.bias_at());
    if layer.places() == 1 {
        for (d, x) in d.chunks_exact(layer.to).zip(x.chunks_exact(layer.to)) {
            scale.iter_mut().zip(d).zip(x).zip(mean).for_each(|(((scale, d), x), mean)| *scale += d * (x - mean));
            shift.iter_mut().zip(d).for_each(|(shift, d)| *shift += d);
        }
        scale.iter_mut().zip(&inverse).for_each(|(scale, inverse)| *scale *= inverse);
    } else {
        for (i, (d, x)) in d.chunks_exact(layer.places()).zip(x.chunks_exact(layer.places())).enumerate() {
            let c = i % layer.to;
            let (along, sum) = lanes::dot_and_sum(d, x);
            scale[c] += (along - mean[c] * sum) * inverse[c];
            shift[c] += sum;
        }
    }
    segment
}

/// dL/dx = scale inverse (d - mean(d) - x_hat mean(d x_hat)) (section 3 of the paper), where inverse = 1 /
/// sqrt(variance + epsilon). `sums` is the result of [`weight_gradient`].
pub fn input_gradient(
    x: &[f32],
    d: &[f32],
    statistics: &[f32],
    params: &[f32],
    sums: &[f32],
    layer: Layer,
) -> Vec<f32> {
    let (mean, inverse) = moments(statistics, layer);
    let count = (layer.n * layer.places()) as f32;
    let mut coefficients = vec![[0.0; 3]; layer.to];
    for (c, coefficients) in coefficients.iter_mut().enumerate() {
        let along = sums[c] / count * inverse[c];
        *coefficients = [params[c] * inverse[c], along, sums[layer.bias_at() + c] / count - along * mean[c]];
    }
    let mut dx = vec![0.0; x.len()];
    if layer.places() == 1 {
        let [factor, along, level] = std::array::from_fn(|i| coefficients.iter().map(|c| c[i]).collect::<Vec<f32>>());
        for ((dx, d), x) in dx.chunks_exact_mut(layer.to).zip(d.chunks_exact(layer.to)).zip(x.chunks_exact(layer.to)) {
            let channels = factor.iter().zip(&along).zip(&level);
            for (((dx, d), x), ((factor, along), level)) in dx.iter_mut().zip(d).zip(x).zip(channels) {
                *dx = factor * (d - level - along * x);
            }
        }
    } else {
        let images =
            dx.chunks_exact_mut(layer.places()).zip(d.chunks_exact(layer.places())).zip(x.chunks_exact(layer.places()));
        for (((dx, d), x), [factor, along, level]) in images.zip(coefficients.iter().cycle()) {
            dx.iter_mut().zip(d).zip(x).for_each(|((dx, d), x)| *dx = factor * (d - level - along * x));
        }
    }
    dx
}

/// Mean and 1 / sqrt(variance + epsilon) of each channel.
fn moments(statistics: &[f32], layer: Layer) -> (&[f32], Vec<f32>) {
    let (mean, variance) = statistics.split_at(layer.statistics() / 2);
    (&mean[..layer.to], variance[..layer.to].iter().map(|variance| 1.0 / (variance + EPSILON as f32).sqrt()).collect())
}
