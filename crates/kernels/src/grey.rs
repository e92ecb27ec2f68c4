//! Conversion of pixels between bytes and the floats that the networks process. It belongs to the kernels because every
//! image of every batch is converted.

/// Bytes 0..=255 to floats in [-1, 1], the range of tanh.
pub fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.iter().map(|&byte| f32::from(byte) / 127.5 - 1.0).collect()
}

/// Floats in [-1, 1] to bytes 0..=255. Values outside are clamped; NaN becomes 0, black.
pub fn bytes(values: &[f32]) -> Vec<u8> {
    values.iter().map(|value| ((value + 1.0) * 127.5).round() as u8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_survive_the_way_to_floats_and_back() {
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(bytes(&floats(&all)), all);
        assert_eq!((floats(&all)[0], floats(&all)[255]), (-1.0, 1.0));
        assert_eq!(bytes(&[-3.0, 3.0, f32::NAN]), [0, 255, 0]);
    }
}
