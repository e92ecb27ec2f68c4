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

/// The tricks of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tricks {
    pub replay: Replay,
    pub flip: LabelFlip,
    pub noise: InstanceNoise,
    pub augmentation: Augmentation,
    pub clip: GradientClip,
    pub history: HistoricalAveraging,
    pub schedule: RateSchedule,
    pub ema: Ema,
    pub unroll: Unroll,
    pub style_mixing: StyleMixing,
    pub code_augmentation: CodeAugmentation,
}
