//! Loop unrolling in the text of a kernel. A line that contains `{r}` is repeated for each value of r, and a line with
//! `{r}` and `{c}` for each pair. The accumulators of a tile become separate variables, which the GPU keeps in
//! registers; it would keep an array in memory.
//!
//! The placeholders `{r}`, `{2r}`, `{r+1}` and `{2r+1}` are replaced by their values.

use std::ops::Range;

/// A loop variable and its range.
pub type Letter = (char, Range<usize>);

/// Repeats the lines with placeholders, once per combination of values.
pub fn unroll(text: &str, letters: &[Letter]) -> String {
    let mut out = String::with_capacity(4 * text.len());
    text.lines().for_each(|line| repeat(line, letters, &mut out));
    out
}

fn repeat(line: &str, letters: &[Letter], out: &mut String) {
    match letters.iter().find(|(letter, _)| find(line, *letter).is_some()) {
        Some((letter, values)) => values.clone().for_each(|value| repeat(&fill(line, *letter, value), letters, out)),
        None => out.extend([line, "\n"]),
    }
}

/// A placeholder in a line: its range of bytes, and the factor and offset that are applied to the letter's value.
struct Placeholder {
    place: Range<usize>,
    factor: usize,
    offset: usize,
}

fn find(line: &str, letter: char) -> Option<Placeholder> {
    line.match_indices('{').find_map(|(start, _)| {
        let end = start + line[start..].find('}')?;
        let (factor, offset) = line[start + 1..end].split_once(letter)?;
        let factor = if factor.is_empty() { 1 } else { factor.parse().ok()? };
        let offset = if offset.is_empty() { 0 } else { offset.strip_prefix('+')?.parse().ok()? };
        Some(Placeholder { place: start..end + 1, factor, offset })
    })
}

fn fill(line: &str, letter: char, value: usize) -> String {
    let mut line = line.to_string();
    while let Some(Placeholder { place, factor, offset }) = find(&line, letter) {
        line.replace_range(place, &(factor * value + offset).to_string());
    }
    line
}

#[cfg(test)]
mod tests {
    use super::unroll;

    #[test]
    fn lines_are_repeated_for_every_combination() {
        let text = "let a{r} = {2c+1}u;\nif (x) { let y = 1; }";
        let expected = "let a0 = 3u;\nlet a0 = 5u;\nlet a1 = 3u;\nlet a1 = 5u;\nif (x) { let y = 1; }\n";
        assert_eq!(unroll(text, &[('r', 0..2), ('c', 1..3)]), expected);
    }
}
