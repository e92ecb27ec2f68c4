//! The shape of a sample, which comes with its data set.

use serde::Serialize;

/// Channels, height and width of a sample. A point has its coordinates as channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct SampleShape {
    pub channels: usize,
    pub height: usize,
    pub width: usize,
}

impl SampleShape {
    /// A square image: 1 channel if grey, 3 if in colour.
    pub const fn image(channels: usize, side: usize) -> Self {
        Self { channels, height: side, width: side }
    }

    /// A point with this number of coordinates.
    pub const fn point(coordinates: usize) -> Self {
        Self { channels: coordinates, height: 1, width: 1 }
    }

    /// Number of positions.
    pub const fn places(self) -> usize {
        self.height * self.width
    }

    /// Number of values.
    pub const fn values(self) -> usize {
        self.channels * self.places()
    }

    /// The `i`-th of samples that stand after one another.
    pub fn nth<T>(self, samples: &[T], i: usize) -> &[T] {
        &samples[i * self.values()..(i + 1) * self.values()]
    }

    /// As the layers of a network have it: channels, height, width.
    pub const fn dims(self) -> [usize; 3] {
        [self.channels, self.height, self.width]
    }
}
