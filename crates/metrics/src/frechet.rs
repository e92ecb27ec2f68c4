//! The Fréchet distance of two normal distributions fitted to features (Heusel et al. 2017, equation 6), here on the
//! features of our own classifier. Comparable between runs of this program, but not with published FIDs.

use nalgebra::{DMatrix, DVector, SymmetricEigen};

use super::points::{MeasureError, Points};

/// A normal distribution fitted to samples.
#[derive(Debug, Clone)]
pub struct Gaussian {
    mean: DVector<f64>,
    covariance: DMatrix<f64>,
}

impl Gaussian {
    /// Mean and unbiased covariance of at least two samples. With fewer samples than dimensions the covariance is
    /// singular, which is allowed.
    pub fn fit(points: Points) -> Result<Self, MeasureError> {
        let n = points.at_least(2)?.len();
        let d = points.width();
        let mut mean = DVector::zeros(d);
        points.rows().for_each(|row| mean.iter_mut().zip(row).for_each(|(m, &v)| *m += f64::from(v)));
        mean /= n as f64;
        // Centred and transposed, one sample per column, so that the product reads memory in order.
        let mut centred = DMatrix::zeros(d, n);
        for (mut column, row) in centred.column_iter_mut().zip(points.rows()) {
            column.iter_mut().zip(row).zip(mean.iter()).for_each(|((c, &v), m)| *c = f64::from(v) - m);
        }
        let covariance = &centred * centred.transpose() / (n - 1) as f64;
        Ok(Self { mean, covariance })
    }

    #[cfg(test)]
    pub fn of(mean: DVector<f64>, covariance: DMatrix<f64>) -> Self {
        Self { mean, covariance }
    }

    /// |m1 - m2|^2 + tr(S1 + S2 - 2 (S1^1/2 S2 S1^1/2)^1/2), never negative.
    ///
    /// The argument of the root is symmetric and positive semidefinite, so its eigenvalues are real; negative ones from
    /// rounding are set to 0. (The common root of S1 S2 is not symmetric and can become complex.)
    pub fn distance(&self, other: &Gaussian) -> f64 {
        let root = square_root(&self.covariance);
        let product = &root * &other.covariance * &root;
        let symmetric = (&product + product.transpose()) / 2.0;
        let trace: f64 = symmetric.symmetric_eigenvalues().iter().map(|l| l.max(0.0).sqrt()).sum();
        let means = (&self.mean - &other.mean).norm_squared();
        (means + self.covariance.trace() + other.covariance.trace() - 2.0 * trace).max(0.0)
    }

    /// |m1 - m2|^2: the contribution of the means to the distance.
    #[cfg(test)]
    pub fn mean_term(&self, other: &Gaussian) -> f64 {
        (&self.mean - &other.mean).norm_squared()
    }
}

/// The symmetric root of a positive semidefinite matrix.
fn square_root(matrix: &DMatrix<f64>) -> DMatrix<f64> {
    let SymmetricEigen { eigenvectors: v, eigenvalues } = SymmetricEigen::new(matrix.clone());
    let roots = DMatrix::from_diagonal(&eigenvalues.map(|l| l.max(0.0).sqrt()));
    &v * roots * v.transpose()
}
