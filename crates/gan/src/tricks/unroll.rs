//! Unrolled steps (Metz et al. 2017): G trains against D after further D steps, which are then undone. Without the
//! gradient through D's updates, which needs second derivatives.

/// Number of further D steps; 0 for none. The trainer makes and undoes them: each trick says in
/// [`undo`](super::Trick::undo) what becomes of its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unroll {
    pub steps: usize,
}
