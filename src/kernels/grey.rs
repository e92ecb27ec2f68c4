//! Grey levels: as bytes, and as the numbers that networks see. Here, because every image of every batch goes through
//! this.

/// 0..255 -> [-1, 1], the range of tanh.
pub fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.iter().map(|&byte| f32::from(byte) / 127.5 - 1.0).collect()
}

/// [-1, 1] -> 0..255; what lies outside, or is not a number, becomes the nearest end or black.
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
