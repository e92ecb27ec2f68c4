//! Networks that are one list of layers: a body, MLP, DCGAN or residual, between the layers of options that go together
//! with each of them, such as coupled domains.

use super::autoencoder::{self, Decoder};
use super::body::{DiscriminatorBody, GeneratorBody};
use super::builder::Builder;
use super::layers::{ScatterDomain, SelectDomain, SplitDomain};
use super::{DiscriminatorInput, DomainHead, Initialiser, Norm, Plan, Samples};

/// A generator that is one list of layers, with options that go together with each of its bodies.
#[derive(Debug, Clone, PartialEq)]
pub struct GeneratorChain {
    pub body: GeneratorBody,
    /// Whether samples are in [-1, 1]: images, not points.
    pub bounded: bool,
    /// Two images per row, one per domain, of which one is selected (CoGAN).
    pub domains: Option<DomainHead>,
    /// Rows of the reference batch of virtual batch normalisation.
    pub reference: usize,
}

impl GeneratorChain {
    /// z and code `[n, inputs]`, z of length `latent` -> samples `[n, values]`, in [-1, 1] where they are bounded.
    pub(super) fn plan(&self, init: Initialiser, [latent, inputs]: [usize; 2], shape: [usize; 3]) -> Plan {
        let coupled = self.domains.is_some();
        let norm = self.body.norm();
        let refers = norm == Norm::Virtual;
        // The shared layers of coupled networks do not depend on the domain, which is the code.
        let inputs = if coupled { latent } else { inputs };
        let to = Samples { shape, domains: self.domains };
        let net = Builder::new(init, norm)
            .when(coupled, |b| b.layer(SplitDomain))
            .when(refers, |b| b.reference(self.reference, inputs));
        let net = self.body.append(net, inputs, to, self.bounded).when(refers, Builder::drop_reference);
        net.when(coupled, |b| b.layer(SelectDomain)).build()
    }
}

/// A discriminator that is one list of layers, with options that go together with each of its bodies.
#[derive(Debug, Clone, PartialEq)]
pub struct DiscriminatorChain {
    pub body: DiscriminatorBody,
    /// Whether the row's domain selects the plane of its sample (CoGAN).
    pub coupled: bool,
    /// Makes the discriminator an autoencoder.
    pub decoder: Option<Decoder>,
}

impl DiscriminatorChain {
    /// Rows of samples, `[n, planes * values]` -> logit and auxiliary outputs, `[n, outputs]`.
    pub(super) fn plan(&self, init: Initialiser, of: DiscriminatorInput, outputs: usize) -> Plan {
        let net = Builder::new(init, self.body.norm());
        let net = match &self.decoder {
            Some(decoder) => autoencoder::discriminator(net, &self.body, of, decoder),
            None => {
                let net = net.when(self.coupled, |b| b.layer(ScatterDomain));
                self.body.append(net, of, outputs)
            }
        };
        net.build()
    }
}
