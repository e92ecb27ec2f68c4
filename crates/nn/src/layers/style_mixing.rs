//! The input of a style generator that mixes styles.

use burn::tensor::Tensor;

use super::{Module, Pass};
use crate::graph::constant_for;
use crate::{BoundNetwork, Signal, Slot};

/// `[n, z]` -> `[2 n, z]`: appends the second z of each row, if styles are mixed.
#[derive(Debug, Clone, PartialEq)]
pub struct StyleMixing;

impl Module for StyleMixing {
    fn label(&self, _: &[Slot]) -> String {
        "second z for style mixing".into()
    }

    fn forward(&self, net: &mut BoundNetwork, z: Signal, _: Pass) -> Signal {
        match &net.styling.mixed {
            Some([second, _]) => z.map(|z| {
                let second = constant_for(second.clone(), &z.device());
                Tensor::cat(vec![z, second], 0)
            }),
            None => z,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{network, rows, values};
    use super::*;
    use crate::style::Styling;
    use crate::{Builder, Mode};

    #[test]
    fn the_second_z_follows_the_first() {
        let net = network(Builder::default().layer(StyleMixing).build(), &[]);
        let mixed = Some([rows(&[[3.0, 4.0]]), rows(&[[1.0]])]);
        let styling = Styling { mixed, ..Styling::default() };
        let both = net.frozen().styled(styling).forward(rows(&[[1.0, 2.0]]), Mode::Train);
        assert_eq!(values(both), [1.0, 2.0, 3.0, 4.0]);
        assert_eq!(values(net.frozen().forward(rows(&[[1.0, 2.0]]), Mode::Train)), [1.0, 2.0]);
    }
}
