//! The losses in the Dirac-GAN (Mescheder et al. 2018, section 2.1): p_data is a point mass at 0, p_g one at theta, and
//! D(x) = psi x.

use counterfeit_kernels::{Relation, Term};

use super::Loss;

impl Loss {
    /// dL_D/dpsi.
    ///
    /// D's output is psi theta on the fake point and 0 on the real one, whatever psi is. In a relativistic loss the
    /// difference of the outputs is +-psi theta.
    pub fn dirac_psi(&self, [theta, psi]: [f64; 2]) -> f64 {
        self.dirac((self.d_terms)(1.0), psi * theta) * theta
    }

    /// dL_G/dtheta.
    pub fn dirac_theta(&self, [theta, psi]: [f64; 2]) -> f64 {
        self.dirac(self.g_terms, psi * theta) * psi
    }

    /// The derivative of a loss with respect to D's output `a` on the fake point.
    fn dirac(&self, [on_real, on_fake]: [Term; 2], a: f64) -> f64 {
        match self.relation {
            Relation::Alone => on_fake.at(a).1,
            Relation::Pair => -on_real.at(-a).1,
            Relation::Average => on_fake.at(a).1 - on_real.at(-a).1,
        }
    }
}
