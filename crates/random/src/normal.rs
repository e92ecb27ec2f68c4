//! The standard normal's quantile function by piecewise linear interpolation.
//!
//! A table of 32 octaves of the tail probability with 256 cells each; within a cell 11 more bits interpolate. The
//! slopes have 13 significant bits, so that slope times offset is exact in f32 and only the sum is rounded: the same
//! bits whether or not a compiler fuses the two.

use std::sync::LazyLock;

/// log2 of the cells of an octave.
const CELL_BITS: u32 = 8;
/// Bits that interpolate within a cell. With the 13 bits of a slope they fill f32's 24.
const OFFSET_BITS: u32 = 11;
const OCTAVES: usize = 32;

/// A cell: the value at its first offset, and the slope an offset.
#[derive(Clone, Copy)]
struct Cell {
    base: f32,
    slope: f32,
}

static TABLE: LazyLock<Vec<Cell>> = LazyLock::new(table);

/// The standard normal number of 32 uniform bits: the sign, then 31 bits of the probability p of a larger size.
pub fn of_bits(bits: u32) -> f32 {
    // p = word / 2^32, in the middle of what 31 bits tell apart, and so never 0.
    let word = bits << 1 | 1;
    let octave = word.leading_zeros();
    let leading = word << octave;
    let cell = leading << 1 >> (32 - CELL_BITS);
    let offset = leading << (1 + CELL_BITS) >> (32 - OFFSET_BITS);
    let Cell { base, slope } = TABLE[((octave << CELL_BITS) + cell) as usize];
    let size = base + slope * offset as f32;
    if bits >> 31 == 0 { size } else { -size }
}

/// All cells, octave by octave, from p = 1 down.
fn table() -> Vec<Cell> {
    let cells = 1u32 << CELL_BITS;
    let mut cells_of_all = Vec::with_capacity(OCTAVES << CELL_BITS);
    for octave in 0..OCTAVES {
        let scale = libm::ldexp(1.0, -1 - octave as i32) / f64::from(cells);
        let mut right = size_at(f64::from(cells) * scale);
        for cell in 0..cells {
            let left = right;
            right = size_at(f64::from(cells + cell + 1) * scale);
            let slope = with_13_bits(((right - left) / f64::from(1u32 << OFFSET_BITS)) as f32);
            // An offset stands for the middle of what it leaves open.
            cells_of_all.push(Cell { base: (left + f64::from(slope) / 2.0) as f32, slope });
        }
    }
    cells_of_all
}

/// The nearest f32 with 13 significant bits.
fn with_13_bits(x: f32) -> f32 {
    f32::from_bits((x.to_bits() + (1 << 10)) & !((1 << 11) - 1))
}

/// The size that a standard normal number exceeds with probability p: sqrt(2) y with erfc(y) = p, by Newton's method on
/// log erfc, which is concave, so that it converges from below.
fn size_at(p: f64) -> f64 {
    let mut y = 0.0;
    for _ in 0..100 {
        let tail = libm::erfc(y);
        let slope = -std::f64::consts::FRAC_2_SQRT_PI * libm::exp(-y * y) / tail;
        let next = y - (libm::log(tail) - libm::log(p)) / slope;
        let moved = next - y;
        y = next;
        if moved.abs() < 1e-14 {
            break;
        }
    }
    std::f64::consts::SQRT_2 * y
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Random, Stream};

    /// Bits whose tail probability is near p.
    fn bits(p: f64) -> u32 {
        (p * f64::from(1u32 << 31)) as u32
    }

    #[test]
    fn quantiles_are_those_of_the_normal_distribution() {
        // Two-sided quantiles to ten digits, as in tables of the normal distribution.
        for (p, size) in [
            (0.5, 0.6744897502),
            (0.3173105079, 1.0),
            (0.05, 1.9599639845),
            (0.01, 2.5758293035),
            (0.001, 3.2905267315),
            (1e-5, 4.4171734135),
        ] {
            let x = f64::from(of_bits(bits(p)));
            // A cell is cut off from a curve by 4e-6 at most, and 31 bits hold 1e-5 to four digits.
            assert!((x - size).abs() < 1e-5, "{p}: {x} {size}");
            assert_eq!(of_bits(bits(p) | 1 << 31), -of_bits(bits(p)));
        }
    }

    #[test]
    fn sizes_fall_with_the_probability_and_end() {
        let sizes: Vec<f32> = (0..1u64 << 20).map(|i| of_bits((i << 11) as u32)).collect();
        assert!(sizes.is_sorted_by(|a, b| a >= b));
        let (largest, smallest) = (of_bits(0), of_bits((1 << 31) - 1));
        assert!((6.3..6.4).contains(&largest) && (0.0..1e-6).contains(&smallest), "{largest} {smallest}");
    }

    #[test]
    fn a_fused_multiplication_gives_the_same_bits() {
        for cell in TABLE.iter() {
            for offset in 0..1 << OFFSET_BITS {
                let offset = offset as f32;
                let plain = cell.base + cell.slope * offset;
                assert_eq!(plain.to_bits(), cell.slope.mul_add(offset, cell.base).to_bits());
            }
        }
    }

    #[test]
    fn moments_and_tails_are_the_normal_distributions() {
        let n = 4_000_000;
        let mut rng = Random::new(1, Stream::Noise);
        let (mut moments, mut tails) = ([0f64; 4], [0f64; 4]);
        for _ in 0..n {
            let x = f64::from(rng.normal());
            (0..4).for_each(|i| moments[i] += x.powi(i as i32 + 1) / f64::from(n));
            (0..4).for_each(|i| tails[i] += f64::from(u8::from(x.abs() > i as f64 + 1.0)));
        }
        // Four standard errors: the variances of x, x^2, x^3 and x^4 are 1, 2, 15 and 96.
        for (moment, (expected, variance)) in moments.iter().zip([(0.0, 1.0), (1.0, 2.0), (0.0, 15.0), (3.0, 96.0f64)])
        {
            assert!((moment - expected).abs() < 4.0 * (variance / f64::from(n)).sqrt(), "{moment} of {expected}");
        }
        for (size, count) in tails.iter().enumerate() {
            let p = libm::erfc((size as f64 + 1.0) / std::f64::consts::SQRT_2);
            let expected = p * f64::from(n);
            assert!((count - expected).abs() < 4.0 * expected.sqrt(), "beyond {}: {count} of {expected}", size + 1);
        }
    }

    #[test]
    fn the_distribution_function_is_met_everywhere() {
        let n = 1_000_000;
        let mut rng = Random::new(2, Stream::Noise);
        let mut sorted: Vec<f64> = (0..n).map(|_| f64::from(rng.normal())).collect();
        sorted.sort_by(f64::total_cmp);
        let distribution = |x: f64| libm::erfc(-x / std::f64::consts::SQRT_2) / 2.0;
        let apart = sorted.iter().enumerate().map(|(i, &x)| (distribution(x) - (i as f64 + 0.5) / f64::from(n)).abs());
        let worst = apart.fold(0.0, f64::max);
        // Kolmogorov and Smirnov's 99.9 % point.
        assert!(worst < 1.95 / f64::from(n).sqrt(), "{worst}");
    }
}
