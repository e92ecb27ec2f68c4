//! The layers of one architecture between a network's input and its output, whatever stands around them.

use super::builder::Builder;
use super::dcgan::{self, DcganDiscriminator, DcganGenerator};
use super::layers::{Tanh, ToFlat};
use super::mlp::{self, MlpDiscriminator, MlpGenerator};
use super::resnet::{self, ResnetDiscriminator, ResnetGenerator};
use super::{DiscriminatorInput, Norm, Samples};

/// The layers of a generator up to its output activation, or of the second half of an autoencoder.
#[derive(Debug, Clone, PartialEq)]
pub enum GeneratorBody {
    Mlp(MlpGenerator),
    Dcgan(DcganGenerator),
    Resnet(ResnetGenerator),
}

impl GeneratorBody {
    pub(super) fn norm(&self) -> Norm {
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

/// The layers of a discriminator, or of the first half of an autoencoder.
#[derive(Debug, Clone, PartialEq)]
pub enum DiscriminatorBody {
    Mlp(MlpDiscriminator),
    Dcgan(DcganDiscriminator),
    Resnet(ResnetDiscriminator),
}

impl DiscriminatorBody {
    pub(super) fn norm(&self) -> Norm {
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
