//! Memory demand of a run, estimated from the plans of its networks before anything is allocated.

use crate::config;
use crate::config::{RunConfig, refusal};
use crate::data::Space;
use crate::error::Result;
use crate::nn::Plan;

const FLOAT: usize = size_of::<f32>();
/// Number of vectors of the length of a network's weights: weights, gradient, two moments, and the EMA or a temporary.
const VECTORS: usize = 5;

/// Memory demand of a run, in bytes where no other unit is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Demand {
    /// Whether the samples are points or numbers, not images.
    pub density: bool,
    /// Parameters of both networks.
    pub weights: usize,
    /// The largest tensor of a step: an activation of one layer for the whole batch, or the weights of a network.
    pub largest: usize,
    /// All tensors of a step together: activations and their gradients, weights and moments.
    pub total: usize,
}

/// What a device can hold, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capacity {
    /// The largest tensor.
    pub largest: usize,
    /// All tensors together.
    pub total: usize,
}

impl Capacity {
    /// Capacity of the CPU: part of WebAssembly's 4 GiB of linear memory. The data set, the evaluator and fragmentation
    /// take the rest.
    pub const CPU: Self = Self { largest: 1 << 30, total: 3 << 29 };

    /// Capacity of a GPU with storage bindings of up to `largest_binding` bytes. WebGPU does not report the size of its
    /// memory; the total is a safe amount for the GPU of a small laptop.
    pub fn of_gpu(largest_binding: usize) -> Self {
        Self { largest: largest_binding, total: 2 << 30 }
    }
}

impl Demand {
    /// Demand of a valid configuration. Progressively growing networks count at their last resolution.
    pub fn of(config: &RunConfig) -> Self {
        let networks = [
            (Plan::generator(&config.g_spec()), config.g_inputs(), config.batch),
            // D processes real and generated samples in one batch, packed.
            (Plan::discriminator(&config.d_spec()), config.pack * config.values(), 2 * config.batch / config.pack),
        ];
        let mut demand = Self { density: config.data.space() != Space::Images, weights: 0, largest: 0, total: 0 };
        for (plan, inputs, rows) in &networks {
            demand.weights += plan.weights.count();
            let vector = FLOAT * plan.weights.size();
            demand.largest = demand.largest.max(vector);
            demand.total += VECTORS * vector;
            let shapes = plan.shapes(&[*inputs]);
            for shape in std::iter::once(vec![*inputs]).chain(shapes) {
                let activation = shape.iter().product::<usize>().saturating_mul(rows * FLOAT);
                demand.largest = demand.largest.max(activation);
                // The activation, and its gradient in the backward pass.
                demand.total = demand.total.saturating_add(2 * activation);
            }
        }
        demand
    }

    /// Refuses a run that does not fit, and names a batch size that does.
    pub fn check(config: &RunConfig, capacity: Capacity) -> Result<()> {
        let demand = Self::of(config);
        if demand.largest <= capacity.largest && demand.total <= capacity.total {
            return Ok(());
        }
        let fits = |batch: usize| {
            let Demand { largest, total, .. } = Self::of(&config! { batch: batch, ..config.clone() });
            largest <= capacity.largest && total <= capacity.total
        };
        // Batch sizes stay multiples of the pack size.
        let smaller =
            (1..).map(|halvings| (config.batch >> halvings) / config.pack * config.pack).take_while(|&b| b >= 2);
        let advice = match smaller.into_iter().find(|&batch| fits(batch)) {
            Some(batch) => format!("a batch of {batch} would fit; so would fewer channels or hidden units"),
            None => "no batch size would fit: use fewer channels or hidden units".into(),
        };
        let reason = format!(
            "a step needs about {} of memory, the largest tensor {}; this device offers {} and {}. Lower it: {advice}",
            size(demand.total),
            size(demand.largest),
            size(capacity.total),
            size(capacity.largest)
        );
        Err(refusal("batch", reason).into())
    }
}

/// A number of bytes as text.
fn size(bytes: usize) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1000)),
        1_000_000..1_000_000_000 => format!("{} MB", bytes.div_ceil(1_000_000)),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Family, Norm};
    use crate::data::DataSet;
    use crate::presets::presets;

    #[test]
    fn a_small_network_by_hand() {
        // G: 2 -> 3 -> 2, D: 2 -> 3 -> 1, on points; a fully connected layer and its activation are two tensors.
        let ring = RunConfig::on(DataSet::Ring);
        let config = config! {
            data: DataSet::Ring,
            latent_dim: 2,
            generator.network.units: 3,
            discriminator.network.units: 3,
            generator.network.layers: 1,
            discriminator.network.layers: 1,
            batch: 10,
            generator.network.norm: Norm::None,
            discriminator.network.norm: Norm::None,
            ..ring
        };
        let demand = Demand::of(&config);
        assert!(demand.density);
        assert_eq!(demand.weights, (2 * 3 + 3 + 3 * 2 + 2) + (2 * 3 + 3 + 3 + 1));
        // Four segments of weights and biases, each padded to 64 floats.
        let vectors = VECTORS * FLOAT * 2 * 4 * 64;
        let (g, d) = (2 + 3 + 3 + 2, 2 + 3 + 3 + 1);
        assert_eq!(demand.total, vectors + 2 * FLOAT * (10 * g + 20 * d));
        assert_eq!(demand.largest, FLOAT * 4 * 64);
    }

    #[test]
    fn every_preset_fits_every_device() {
        // WebGPU guarantees storage bindings of 128 MiB.
        for preset in presets() {
            for capacity in [Capacity::CPU, Capacity::of_gpu(128 << 20)] {
                Demand::check(&preset.config, capacity).unwrap_or_else(|e| panic!("{}: {e}", preset.id));
            }
        }
    }

    #[test]
    fn row_10_what_does_not_fit_is_refused_with_the_setting_to_lower() {
        let huge = config! { generator.network.channels: 128, discriminator.network.channels: 128, batch: 1024 };
        let refused = Demand::check(&huge, Capacity::of_gpu(128 << 20)).unwrap_err();
        assert_eq!(refused.key(), Some("batch"));
        let text = refused.to_string();
        assert!(text.starts_with("Batch size: ") && text.contains("a batch of "), "{text}");
        let advised: usize = text.split("a batch of ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
        Demand::check(&config! { batch: advised, ..huge }, Capacity::of_gpu(128 << 20)).unwrap();
    }

    #[test]
    fn row_10_networks_that_fit_with_no_batch_are_said_so() {
        let wide = config! {
            family: Family::Mlp,
            generator.network.norm: Norm::None,
            discriminator.network.norm: Norm::None,
        };
        let refused = Demand::check(&wide, Capacity { largest: 1000, total: 1 << 30 }).unwrap_err();
        assert!(refused.to_string().contains("no batch size would fit"), "{refused}");
    }
}
