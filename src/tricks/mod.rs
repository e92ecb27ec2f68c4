//! What can be switched on beside any game, a file each: what D gets to see, what happens to a gradient, how fast rates fall.

pub mod augmentation;
pub mod gradient;
pub mod replay;
pub mod schedule;
