//! Unrolled steps (Metz et al. 2017): G trains against D after further D steps, which are then undone. Without the
//! gradient through D's updates, which needs second derivatives.

/// Number of further D steps; 0 for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unroll {
    pub steps: usize,
}
