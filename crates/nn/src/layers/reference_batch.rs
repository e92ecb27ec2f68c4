//! The reference batch of virtual batch normalisation, which runs through the network with every batch.

use burn::tensor::Tensor;

use super::{Module, Pass};
use crate::graph::constant_for;
use crate::{BoundNetwork, Builder, Init, Signal, Slot};

/// `[n, width]` -> `[reference + n, width]`: prepends the reference batch, which is stored in this slot of the
/// statistics.
#[derive(Debug, Clone, PartialEq)]
pub struct PrependReferenceBatch {
    pub slot: usize,
}

/// Drops the first rows, those that [`PrependReferenceBatch`] prepended.
#[derive(Debug, Clone, PartialEq)]
pub struct DropReferenceBatch {
    pub rows: usize,
}

impl Builder {
    /// Prepends a reference batch `[rows, width]` of normal numbers, drawn once, to every batch, until
    /// [`Builder::drop_reference`].
    pub fn reference(mut self, rows: usize, width: usize) -> Self {
        let slot = self.statistic("reference", &[rows, width], Init::Normal { mean: 0.0, std: 1.0 });
        self.reference_rows = rows;
        self.layer(PrependReferenceBatch { slot })
    }

    /// Drops the reference batch from the activations.
    pub fn drop_reference(self) -> Self {
        let rows = self.reference_rows;
        self.layer(DropReferenceBatch { rows })
    }
}

impl Module for PrependReferenceBatch {
    fn label(&self, _: &[Slot]) -> String {
        "prepend reference batch".into()
    }

    fn forward(&self, net: &mut BoundNetwork, x: Signal, _: Pass) -> Signal {
        let values = net.plan.statistics.slots[self.slot].len();
        match net.running(self.slot, values) {
            Some(reference) => x.map(|x| {
                let width = x.dims()[1];
                let reference = constant_for(reference.reshape([values / width, width]), &x.device());
                Tensor::cat(vec![reference, x], 0)
            }),
            // A plan that has the slot keeps statistics.
            None => x,
        }
    }
}

impl Module for DropReferenceBatch {
    fn label(&self, _: &[Slot]) -> String {
        "drop reference batch".into()
    }

    fn forward(&self, _: &mut BoundNetwork, x: Signal, _: Pass) -> Signal {
        x.map(|x| {
            let n = x.dims()[0];
            x.slice([self.rows..n])
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{network, rows, values};
    use super::*;
    use crate::{Mode, Plan};

    #[test]
    fn the_stored_rows_come_first_and_go_again() {
        let plan = Builder::default().reference(2, 3).drop_reference().build();
        let net = network(Plan { layers: plan.layers[..1].to_vec(), ..plan.clone() }, &[]);
        let stored: Vec<f32> = values(net.statistics.clone().unwrap().reshape([1, 64]))[..6].to_vec();
        let both = net.frozen().forward(rows(&[[1.0, 2.0, 3.0]]), Mode::Sample);
        assert_eq!(values(both), [&stored[..], &[1.0, 2.0, 3.0]].concat());
        let same = network(plan, &[]).frozen().forward(rows(&[[1.0, 2.0, 3.0]]), Mode::Sample);
        assert_eq!(values(same), [1.0, 2.0, 3.0]);
    }
}
