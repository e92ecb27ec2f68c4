//! Techniques that can be combined with any loss, one file each: changes of D's input, gradients, learning rates.

pub mod augmentation;
pub mod gradient;
pub mod replay;
pub mod schedule;
