//! The shape of a sample, which comes with its data set.

use serde::Serialize;
use thiserror::Error;

/// Sides of images that the networks build: halved twice they are whole, and kernels and tests know them.
pub const SIDES: [usize; 4] = [16, 28, 32, 64];
/// Numbers of channels: grey, or red, green and blue.
pub const CHANNELS: [usize; 2] = [1, 3];

/// Why images of a shape cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ShapeError {
    #[error("Images of {height}x{width} pixels are not square. Crop them, or add a border.")]
    NotSquare { height: usize, width: usize },
    #[error(
        "Images with a side of {0} pixels do not fit the networks, which halve it. Scale them to 16, 28, 32 or 64."
    )]
    Side(usize),
    #[error(
        "Images with {0} channels cannot be shown. Convert them to one channel (grey) or three (red, green, blue)."
    )]
    Channels(usize),
}

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

    /// Checks that networks, kernels and page can use images of this shape; the error has the reason.
    pub fn check_image(self) -> Result<(), ShapeError> {
        let Self { channels, height, width } = self;
        if height != width {
            return Err(ShapeError::NotSquare { height, width });
        }
        if !SIDES.contains(&width) {
            return Err(ShapeError::Side(width));
        }
        if !CHANNELS.contains(&channels) {
            return Err(ShapeError::Channels(channels));
        }
        Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_sides_and_two_numbers_of_channels_are_possible_and_others_have_a_reason() {
        for side in 0..130 {
            for channels in 0..5 {
                let expected = match (side, channels) {
                    (16 | 28 | 32 | 64, 1 | 3) => Ok(()),
                    (16 | 28 | 32 | 64, _) => Err(ShapeError::Channels(channels)),
                    _ => Err(ShapeError::Side(side)),
                };
                assert_eq!(SampleShape::image(channels, side).check_image(), expected);
            }
        }
        let wide = SampleShape { channels: 1, height: 28, width: 32 };
        assert_eq!(wide.check_image(), Err(ShapeError::NotSquare { height: 28, width: 32 }));
        assert!(ShapeError::Side(24).to_string().contains("a side of 24 pixels"));
    }
}
