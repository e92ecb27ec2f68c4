//! Unrolled steps (Metz et al. 2017): G trains against D after further D steps, which are then undone. Without the
//! gradient through D's updates, which needs second derivatives.

use counterfeit_spec::Spec;

/// Number of further D steps; 0 for none. The trainer makes and undoes them: each trick says in
/// [`undo`](super::Trick::undo) what becomes of its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Spec)]
pub struct Unroll {
    /// G trains against D after this many further D steps, which are then undone. Each costs as much as a D step. The
    /// gradient through D's updates is left out.
    #[setting(key = "unroll", label = "Unrolled steps", default = 0, range = 0..=10, source = "Metz et al. 2017")]
    pub steps: usize,
}
