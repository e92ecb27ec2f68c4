//! BEGAN (Berthelot et al. 2017): D is an autoencoder, and its output a = -L(image) is minus the reconstruction error.
//! D minimises the error on real images and maximises it on fake ones, with a weight k that keeps L(G(z)) at gamma
//! times L(x).

use burn::tensor::{Device, Tensor};
use counterfeit_kernels::Term;
use counterfeit_spec::Spec;

use super::{Loss, LossAndGradients, Output};
use crate::state::Visitor;

/// D: L(x) - k L(G(z)), here for k = 1; G: L(G(z)).
pub const LOSS: Loss = Loss {
    key: "began",
    label: "BEGAN",
    source: "Berthelot et al. 2017 (BEGAN)",
    algorithm: [
        "descend the mean of L(x) \u{2212} k L(G(z)), where L = \u{2212}D is the reconstruction error",
        "descend the mean of L(G(z))",
    ],
    output: Output::Critic,
    d_terms: |_| [Term::linear(-1.0), Term::linear(1.0)],
    g_terms: [Term::NOTHING, Term::linear(-1.0)],
    equilibrium: |_| {
        "D's output is minus its mean reconstruction error per pixel. The error on generated images is held at \
         \u{3b3} times that on real ones; both should approach 0 as D and G improve."
            .into()
    },
    // D is an autoencoder, not linear.
    dirac: false,
    evaluate_d: Some(|spec, state, outputs, also| state.balance.evaluate(outputs, also, spec.balance)),
    ..Loss::BASE
};

/// BEGAN's balance of D's errors on real and on fake images.
#[derive(Debug, Clone, Copy, PartialEq, Spec)]
pub struct BalanceSpec {
    /// Target ratio of D's reconstruction error on generated images to that on real ones. Lower values give sharper,
    /// less diverse images.
    #[setting(
        key = "balance", label = "BEGAN γ (diversity ratio)", default = 0.5, range = 0.0..=1.0, live,
        only(objective = ["began"]),
        source = "Berthelot et al. 2017 (BEGAN): 0.5 in the authors' code, 0.75 for MNIST in collections",
    )]
    pub gamma: f64,
    /// Learning rate of k, the weight of generated images in D's loss, which keeps the ratio at γ.
    #[setting(
        key = "balance_rate", label = "BEGAN λ_k", default = 0.001, range = 0.0..=1.0, live,
        only(objective = ["began"]), source = "Berthelot et al. 2017 (BEGAN): 0.001",
    )]
    pub rate: f64,
}

/// State of BEGAN: the weight k of fake images in D's loss.
#[derive(Debug, Clone)]
pub struct Balance {
    /// `[1]`, initially 0, on the device, because it depends on losses.
    k: Tensor<1>,
}

impl Balance {
    pub fn new(device: &Device) -> Self {
        Self { k: Tensor::zeros([1], device) }
    }

    pub fn visit(&mut self, visitor: &mut impl Visitor) {
        visitor.tensor("balance", &mut self.k);
    }

    /// Computes D's loss L(x) - k L(G(z)) from its outputs on n real and n fake images, `[2 n, 1]`, and the gradients
    /// of its sum with `also`, `[1]`. Then updates k to k + rate (gamma L(x) - L(G(z))), clamped to [0, 1].
    pub fn evaluate(&mut self, outputs: Tensor<2>, also: Option<Tensor<1>>, spec: BalanceSpec) -> LossAndGradients {
        let BalanceSpec { gamma, rate } = spec;
        let n = outputs.dims()[0] / 2;
        let real = outputs.clone().slice([0..n]).mean();
        let fake = outputs.slice([n..2 * n]).mean();
        let loss = fake.clone() * Tensor::from_inner(self.k.clone()) - real.clone();
        let gradients = match also {
            Some(also) => (loss.clone() + also).backward(),
            None => loss.backward(),
        };
        let [loss, real, fake] = [loss, real, fake].map(Tensor::inner);
        let step = (fake.clone() - real.clone().mul_scalar(gamma)).mul_scalar(rate);
        self.k = (self.k.clone() + step).clamp(0.0, 1.0);
        LossAndGradients { numbers: Tensor::cat(vec![loss, real, fake], 0), gradients }
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::TensorData;

    use super::*;

    /// Two real and two generated images with errors 0.2, 0.4 and 0.1, 0.3.
    fn outputs() -> Tensor<2> {
        let device = Device::flex().autodiff();
        Tensor::<2>::from_data(TensorData::new(vec![-0.2f32, -0.4, -0.1, -0.3], [4, 1]), &device).require_grad()
    }

    fn values(t: Tensor<1>) -> Vec<f32> {
        t.into_data().try_to_vec().unwrap()
    }

    fn assert_near(found: &[f32], expected: &[f32]) {
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{found:?} {expected:?}");
    }

    #[test]
    fn k_follows_the_balance_and_weighs_generated_images() {
        let mut balance = Balance::new(&Device::flex());
        let (gamma, rate) = (0.8, 10.0);
        let mut k = 0.0f32;
        // gamma 0.3 - 0.2 = 0.04 a step times 10, up to 1.
        for expected in [0.4, 0.8, 1.0, 1.0] {
            let x = outputs();
            let scored = balance.evaluate(x.clone(), None, BalanceSpec { gamma, rate });
            assert_near(&values(scored.numbers), &[0.3 - k * 0.2, -0.3, -0.2]);
            let gradient = x.grad(&scored.gradients).unwrap().into_data().try_to_vec::<f32>().unwrap();
            assert_near(&gradient, &[-0.5, -0.5, k / 2.0, k / 2.0]);
            k = expected;
            assert_near(&values(balance.k.clone()), &[k]);
        }
        // Where generated images are redrawn too badly, k falls, and not below 0.
        for _ in 0..20 {
            balance.evaluate(outputs(), None, BalanceSpec { gamma: 0.0, rate: 1.0 });
        }
        assert_near(&values(balance.k), &[0.0]);
    }

    #[test]
    fn a_term_beside_the_loss_has_its_own_gradient_and_halves_are_of_any_number_of_images() {
        let device = Device::flex().autodiff();
        let errors = vec![-0.1f32, -0.2, -0.6, -0.3, -0.4, -0.8];
        let x = Tensor::<2>::from_data(TensorData::new(errors, [6, 1]), &device).require_grad();
        let weight = Tensor::<1>::from_data([3.0f32], &device).require_grad();
        let spec = BalanceSpec { gamma: 0.5, rate: 0.0 };
        let scored = Balance::new(&Device::flex()).evaluate(x.clone(), Some(weight.clone() * weight.clone()), spec);
        // k is 0: the mean error of the three real images alone.
        assert_near(&values(scored.numbers), &[0.3, -0.3, -0.5]);
        assert_near(&values(weight.grad(&scored.gradients).unwrap()), &[6.0]);
        let gradient = x.grad(&scored.gradients).unwrap().into_data().try_to_vec::<f32>().unwrap();
        assert_near(&gradient, &[-1.0 / 3.0, -1.0 / 3.0, -1.0 / 3.0, 0.0, 0.0, 0.0]);
    }
}
