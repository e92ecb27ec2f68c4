//! Techniques that can be combined with any loss, one file each.
//!
//! What changes D's input, a gradient or a learning rate is a [`Trick`] and stands in the list at the end of this file;
//! the trainer knows the list only. The trainer calls the others by name: see [`ema`], [`unroll`], [`style_mixing`] and
//! [`code_augmentation`].

pub mod augmentation;
pub mod clip;
pub mod code_augmentation;
pub mod ema;
pub mod flip;
pub mod history;
pub mod noise;
pub mod replay;
pub mod schedule;
pub mod style_mixing;
pub mod unroll;

use burn::tensor::{Device, Tensor};
use counterfeit_data::SampleShape;
use counterfeit_kernels::Operations;
use counterfeit_nn::NetworkId;
use counterfeit_random::StepDraws;
use counterfeit_spec::Spec;

use crate::state::Visitor;
use crate::upload::{Drawn, Upload};
pub use augmentation::Augmentation;
pub use clip::GradientClip;
pub use code_augmentation::CodeAugmentation;
pub use ema::Ema;
pub use flip::LabelFlip;
pub use history::HistoricalAveraging;
pub use noise::InstanceNoise;
pub use replay::Replay;
pub use schedule::RateSchedule;
pub use style_mixing::StyleMixing;
pub use unroll::Unroll;

/// The tricks of a run and their settings.
#[derive(Debug, Clone, Copy, PartialEq, Spec)]
pub struct Tricks {
    #[nested]
    pub replay: Replay,
    #[nested]
    pub flip: LabelFlip,
    #[nested]
    pub noise: InstanceNoise,
    #[nested]
    pub augmentation: Augmentation,
    #[nested]
    pub clip: GradientClip,
    #[nested]
    pub history: HistoricalAveraging,
    #[nested]
    pub schedule: RateSchedule,
    #[nested]
    pub ema: Ema,
    #[nested]
    pub unroll: Unroll,
    #[nested]
    pub style_mixing: StyleMixing,
    #[nested]
    pub code_augmentation: CodeAugmentation,
}

/// What a trick may know of a run before its first step.
pub struct Start<'a> {
    /// Weights of generator and discriminator, `[size]` each.
    pub weights: [&'a Tensor<1>; 2],
    /// Shape of a batch, `[n, values]`.
    pub batch: [usize; 2],
    pub device: &'a Device,
}

/// What a trick may know of a step.
#[derive(Debug, Clone, Copy)]
pub struct StepContext {
    /// From 1.
    pub step: u32,
    /// n.
    pub batch: usize,
    /// Shape of a sample.
    pub shape: SampleShape,
    /// As in [`counterfeit_nn::Network`].
    pub operations: Operations,
}

/// A change of D's input, of a gradient or of a learning rate. The type that implements it has the trick's settings.
///
/// Every hook but `start` has a default, which draws nothing and changes nothing. Switched off, a trick draws nothing
/// and adds no operation.
pub trait Trick {
    /// What it keeps from one step to the next.
    type State: Clone + std::fmt::Debug;
    /// What it drew for a batch: ranges of the upload.
    type Draw;

    /// The state before the first step.
    fn start(&self, start: &Start) -> Self::State;

    /// Visits the state, for saving, loading and copying.
    fn visit(_state: &mut Self::State, _visitor: &mut impl Visitor) {}

    /// The state after D steps that are undone, from that before them: see [`unroll`].
    fn undo(state: &mut Self::State, before: Self::State) {
        *state = before;
    }

    /// Draws for the batches of a D step.
    fn draw_pair(
        &self,
        _state: &Self::State,
        _step: &StepContext,
        _: &mut StepDraws,
        _: &mut Upload,
    ) -> Option<Self::Draw> {
        None
    }

    /// Changes the real and the fake batch of a D step, both `[n, values]`, outside any graph.
    fn pair(&self, _: &mut Self::State, pair: [Tensor<2>; 2], _: Option<Self::Draw>, _: &Drawn) -> [Tensor<2>; 2] {
        pair
    }

    /// Draws for one batch that D sees, real or fake, in a D step or in a G step.
    fn draw_input(&self, _step: &StepContext, _draws: &mut StepDraws, _upload: &mut Upload) -> Option<Self::Draw> {
        None
    }

    /// Changes that batch, `[n, values]`. Gradients flow through it in a G step.
    fn input(&self, batch: Tensor<2>, _draw: Option<Self::Draw>, _drawn: &Drawn, _step: &StepContext) -> Tensor<2> {
        batch
    }

    /// Changes the gradient of a network, `[size]`, by whose weights before the update.
    fn gradient(&self, _: &mut Self::State, _: NetworkId, gradient: Tensor<1>, _weights: &Tensor<1>) -> Tensor<1> {
        gradient
    }

    /// The factor of both learning rates in a step, from 1.
    fn rate(&self, _step: u32) -> f64 {
        1.0
    }
}

/// Writes the hooks of a list of tricks, each of which calls that of every trick, in the order of the list.
macro_rules! tricks {
    ($($name:ident: $Trick:ty),+ $(,)?) => {
        /// The states of all tricks.
        #[derive(Debug, Clone)]
        pub struct States {
            $($name: <$Trick as Trick>::State,)+
        }

        /// What all tricks drew for a batch.
        pub struct Draws {
            $($name: Option<<$Trick as Trick>::Draw>,)+
        }

        impl States {
            pub fn visit(&mut self, visitor: &mut impl Visitor) {
                $(<$Trick>::visit(&mut self.$name, visitor);)+
            }

            /// Goes back to the states before D steps that are undone.
            pub fn undo(&mut self, before: Self) {
                $(<$Trick>::undo(&mut self.$name, before.$name);)+
            }
        }

        impl Tricks {
            pub fn start(&self, start: &Start) -> States {
                States { $($name: self.$name.start(start),)+ }
            }

            pub fn draw_pair(
                &self,
                states: &States,
                step: &StepContext,
                draws: &mut StepDraws,
                upload: &mut Upload,
            ) -> Draws {
                Draws { $($name: self.$name.draw_pair(&states.$name, step, draws, upload),)+ }
            }

            pub fn pair(
                &self,
                states: &mut States,
                pair: [Tensor<2>; 2],
                draw: Draws,
                drawn: &Drawn,
            ) -> [Tensor<2>; 2] {
                $(let pair = self.$name.pair(&mut states.$name, pair, draw.$name, drawn);)+
                pair
            }

            pub fn draw_input(&self, step: &StepContext, draws: &mut StepDraws, upload: &mut Upload) -> Draws {
                Draws { $($name: self.$name.draw_input(step, draws, upload),)+ }
            }

            pub fn input(&self, batch: Tensor<2>, draw: Draws, drawn: &Drawn, step: &StepContext) -> Tensor<2> {
                $(let batch = self.$name.input(batch, draw.$name, drawn, step);)+
                batch
            }

            pub fn gradient(
                &self,
                states: &mut States,
                id: NetworkId,
                gradient: Tensor<1>,
                weights: &Tensor<1>,
            ) -> Tensor<1> {
                $(let gradient = self.$name.gradient(&mut states.$name, id, gradient, weights);)+
                gradient
            }

            pub fn rate(&self, step: u32) -> f64 {
                1.0 $(* self.$name.rate(step))+
            }
        }
    };
}

// The order in which they draw and apply.
tricks! {
    replay: Replay,
    flip: LabelFlip,
    noise: InstanceNoise,
    augmentation: Augmentation,
    clip: GradientClip,
    history: HistoricalAveraging,
    schedule: RateSchedule,
}
