//! Techniques that can be combined with any loss, one file each: changes of D's input, gradients, learning rates.

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

use counterfeit_spec::Spec;

/// The tricks of a run.
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
