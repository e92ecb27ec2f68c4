//! Scaling of stored weights before use: by a constant, or by spectral normalisation.

use std::ops::Range;

use burn::tensor::Tensor;

use super::plan::{Plan, Scale};

/// Added to a norm before division, so that a zero weight stays zero.
const TINY: f64 = 1e-12;

/// The parameters as a network's layers use them.
pub struct Scaled {
    /// One tensor per range, in the graph of the leaves.
    pub params: Vec<Tensor<1>>,
    /// Slot of each spectral normalisation in the statistics, and the start vector of its next power iteration, outside
    /// any graph.
    pub directions: Vec<(usize, Tensor<1>)>,
}

/// Computes the parameters that layers use from the learnt ones: `leaves` are the ranges `pieces` of the flat vector.
pub fn scaled(plan: &Plan, pieces: &[Range<usize>], leaves: &[Tensor<1>], statistics: Option<&Tensor<1>>) -> Scaled {
    let slots = &plan.weights.slots;
    let mut directions = Vec::new();
    let mut of = |(piece, leaf): (&Range<usize>, &Tensor<1>)| {
        let inside: Vec<_> = slots.iter().filter(|s| piece.contains(&s.offset)).collect();
        if inside.iter().all(|s| s.scale == Scale::Stored) {
            return leaf.clone();
        }
        let ends = inside.iter().skip(1).map(|s| s.offset).chain([piece.end]);
        let parts = inside.iter().zip(ends).map(|(slot, end)| {
            let part = leaf.clone().slice([slot.offset - piece.start..end - piece.start]);
            match (slot.scale, statistics) {
                (Scale::Times(factor), _) => part * factor,
                (Scale::Spectral { state }, Some(statistics)) => {
                    let [rows, columns] = [slot.shape[0], slot.len() / slot.shape[0]];
                    let weight = part.clone().slice([0..slot.len()]).reshape([rows, columns]);
                    let start = statistics.clone().slice([plan.statistics.slots[state].range()]);
                    let (largest, direction) = largest_singular_value(weight, start);
                    directions.push((state, direction));
                    part / largest
                }
                _ => part,
            }
        });
        let mut parts: Vec<_> = parts.collect();
        if parts.len() == 1 { parts.remove(0) } else { Tensor::cat(parts, 0) }
    };
    let params = pieces.iter().zip(leaves).map(&mut of).collect();
    Scaled { params, directions }
}

/// The spectral norm u^T W v of a weight `[rows, columns]` after one power iteration from `start` `[rows]`, and u
/// `[rows]`: v = W^T start and u = W v, each normalised. u and v are constants, so that the gradient is u v^T (Miyato
/// et al. 2018).
fn largest_singular_value(weight: Tensor<2>, start: Tensor<1>) -> (Tensor<1>, Tensor<1>) {
    let [rows, _] = weight.dims();
    let in_graph = weight.device().is_autodiff();
    let constant = if in_graph { weight.clone().inner() } else { weight.clone() };
    let unit = |t: Tensor<2>| t.clone() / t.square().sum().sqrt().add_scalar(TINY).reshape([1, 1]);
    let v = unit((constant.clone() * start.reshape([rows, 1])).sum_dim(0)); // [1, columns]
    let u = unit((constant * v.clone()).sum_dim(1)); // [rows, 1]
    let along = u.clone() * v; // [rows, columns]
    let along = if in_graph { Tensor::from_inner(along) } else { along };
    ((weight * along).sum().add_scalar(TINY), u.reshape([rows]))
}
