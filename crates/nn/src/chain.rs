//! Networks that are one list of layers: a body, MLP, DCGAN or residual, between the layers of options that go together
//! with each of them, such as coupled domains.

use super::builder::Builder;
use super::layers::{ScatterDomain, SelectDomain, SplitDomain, Tanh, ToFlat};
use super::{
    DiscriminatorBody, DiscriminatorChain, DiscriminatorInput, DiscriminatorSpec, GeneratorBody, GeneratorChain,
    GeneratorSpec, Norm, Plan, Samples, autoencoder, dcgan, mlp, resnet,
};

impl GeneratorChain {
    /// z and code `[n, inputs]` -> samples `[n, values]`, in [-1, 1] where they are bounded.
    pub(super) fn plan(&self, spec: &GeneratorSpec) -> Plan {
        let coupled = self.domains.is_some();
        let norm = self.body.norm();
        let refers = norm == Norm::Virtual;
        // The shared layers of coupled networks do not depend on the domain, which is the code.
        let inputs = if coupled { spec.latent } else { spec.inputs };
        let to = Samples { shape: spec.shape, domains: self.domains };
        let net = Builder::new(spec.init, norm)
            .when(coupled, |b| b.layer(SplitDomain))
            .when(refers, |b| b.reference(self.reference, inputs));
        let net = self.body.append(net, inputs, to, self.bounded).when(refers, Builder::drop_reference);
        net.when(coupled, |b| b.layer(SelectDomain)).build()
    }
}

impl GeneratorBody {
    fn norm(&self) -> Norm {
        match self {
            Self::Mlp(mlp) => mlp.norm,
            Self::Dcgan(dcgan) => dcgan.norm,
            Self::Resnet(_) => Norm::None,
        }
    }

    /// Appends `inputs` numbers -> samples, `[n, values]`, with a tanh if they are bounded.
    pub(super) fn append(&self, net: Builder, inputs: usize, to: Samples, bounded: bool) -> Builder {
        let net = match self {
            Self::Mlp(mlp) => mlp::build_generator(net, mlp, inputs, to),
            Self::Dcgan(dcgan) => dcgan::build_generator(net, dcgan, inputs, to),
            Self::Resnet(resnet) => resnet::build_generator(net, resnet, inputs, to),
        };
        let net = net.when(bounded, |b| b.layer(Tanh));
        net.when(!matches!(self, Self::Mlp(_)), |b| b.layer(ToFlat))
    }
}

impl DiscriminatorChain {
    /// Rows of samples, `[n, planes * values]` -> logit and auxiliary outputs, `[n, outputs]`.
    pub(super) fn plan(&self, spec: &DiscriminatorSpec) -> Plan {
        let net = Builder::new(spec.init, self.body.norm());
        let net = match &self.decoder {
            Some(decoder) => autoencoder::discriminator(net, &self.body, spec.input, decoder),
            None => {
                let net = net.when(self.coupled, |b| b.layer(ScatterDomain));
                self.body.append(net, spec.input, spec.outputs)
            }
        };
        net.build()
    }
}

impl DiscriminatorBody {
    fn norm(&self) -> Norm {
        match self {
            Self::Mlp(mlp) => mlp.norm,
            Self::Dcgan(dcgan) => dcgan.norm,
            Self::Resnet(_) => Norm::None,
        }
    }

    /// Appends samples -> `outputs` numbers.
    pub(super) fn append(&self, net: Builder, of: DiscriminatorInput, outputs: usize) -> Builder {
        match self {
            Self::Mlp(mlp) => mlp::build_discriminator(net, mlp, of, outputs),
            Self::Dcgan(dcgan) => dcgan::build_discriminator(net, dcgan, of, outputs),
            Self::Resnet(resnet) => resnet::build_discriminator(net, resnet, of, outputs),
        }
    }
}
