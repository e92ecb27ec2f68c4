//! Gradient clipping (Pascanu et al. 2013).

use burn::tensor::Tensor;
use counterfeit_nn::NetworkId;
use counterfeit_spec::Spec;

use super::{Start, Trick};

/// The largest L2 norm of each network's gradient; 0 for no bound.
#[derive(Debug, Clone, Copy, PartialEq, Spec)]
pub struct GradientClip {
    /// Scales a longer gradient down to this L2 norm; 0 turns it off.
    #[setting(
        key = "g_clip_norm", label = "Gradient clipping (max norm), G", default = 0.0, range = 0.0..=1000.0, live,
        source = "Pascanu et al. 2013",
    )]
    pub generator: f64,
    /// Scales a longer gradient down to this L2 norm; 0 turns it off.
    #[setting(
        key = "d_clip_norm", label = "Gradient clipping (max norm), D", default = 0.0, range = 0.0..=1000.0, live,
        source = "Pascanu et al. 2013",
    )]
    pub discriminator: f64,
}

impl Trick for GradientClip {
    type State = ();
    type Draw = ();

    fn start(&self, _: &Start) {}

    fn gradient(&self, (): &mut (), id: NetworkId, gradient: Tensor<1>, _: &Tensor<1>) -> Tensor<1> {
        match id {
            NetworkId::Generator => clipped(gradient, self.generator),
            NetworkId::Discriminator => clipped(gradient, self.discriminator),
        }
    }
}

/// A gradient `[size]` of L2 norm `most` at most; 0 for no bound.
fn clipped(gradient: Tensor<1>, most: f64) -> Tensor<1> {
    if most == 0.0 {
        return gradient;
    }
    let norm = gradient.clone().square().sum().sqrt(); // [1]
    // At most 1; of a zero gradient 1, because c / 0 is infinite.
    gradient * norm.recip().mul_scalar(most).clamp_max(1.0)
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;

    fn vector(values: [f32; 2]) -> Tensor<1> {
        Tensor::from_data(values, &Device::flex())
    }

    fn values(t: Tensor<1>) -> Vec<f32> {
        t.into_data().try_to_vec().unwrap()
    }

    #[test]
    fn long_gradients_are_shortened_and_short_ones_are_not() {
        assert_eq!(values(clipped(vector([3.0, 4.0]), 1.0)), [0.6, 0.8]);
        for (kept, most) in [([3.0, 4.0], 5.5), ([3.0, 4.0], 0.0), ([0.0, 0.0], 1.0)] {
            assert_eq!(values(clipped(vector(kept), most)), kept);
        }
        assert!(values(clipped(vector([f32::NAN, 1.0]), 1.0)).iter().all(|v| v.is_nan()));
        let clip = GradientClip { generator: 1.0, discriminator: 0.0 };
        let of = |id| values(clip.gradient(&mut (), id, vector([3.0, 4.0]), &vector([0.0; 2])));
        assert_eq!([of(NetworkId::Generator), of(NetworkId::Discriminator)], [[0.6, 0.8], [3.0, 4.0]]);
    }
}
