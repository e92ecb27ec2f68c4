//! Arguments that several commands share.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::{PossibleValue, PossibleValuesParser};
use counterfeit::presets::presets;

/// Names of presets, which `--help` lists with their titles.
pub fn preset_names() -> PossibleValuesParser {
    PossibleValuesParser::new(presets().into_iter().map(|p| PossibleValue::new(p.id).help(p.name)))
}

/// Where `make data` put the data sets.
#[derive(clap::Args)]
pub struct DataFolder {
    /// Folder of the data sets, as `make data` leaves them.
    #[arg(long, value_name = "FOLDER", default_value = "www/public/data")]
    pub data: PathBuf,
}

/// Where the shipped classifiers are.
#[derive(clap::Args)]
pub struct ClassifierFolder {
    /// Folder of the classifiers whose features the metrics use.
    #[arg(long, value_name = "FOLDER", default_value = "www/classifiers")]
    pub classifiers: PathBuf,
}

/// Seeds of runs: numbers and ranges, as `1-5` or `1,2,10-12`.
#[derive(Debug, Clone, PartialEq)]
pub struct Seeds(pub Vec<u32>);

impl fmt::Display for Seeds {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let numbers: Vec<String> = self.0.iter().map(u32::to_string).collect();
        write!(f, "{}", numbers.join(","))
    }
}

impl FromStr for Seeds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |text: &str| text.trim().parse::<u32>().map_err(|_| format!("{text:?} is not a seed"));
        let mut seeds = Vec::new();
        for part in text.split(',') {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (first, last) = (number(first)?, number(last)?);
            if first > last {
                return Err(format!("the range {part:?} is empty"));
            }
            if last - first >= 1000 {
                return Err(format!("the range {part:?} has more than 1,000 seeds"));
            }
            seeds.extend(first..=last);
        }
        Ok(Self(seeds))
    }
}

/// The part of a table that one of several processes makes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    index: usize,
    of: usize,
}

impl Share {
    /// Every `of`-th item, beginning with item `index`.
    pub fn of<T>(self, items: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
        items.skip(self.index).step_by(self.of)
    }
}

impl FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
        let (index, of) = parts.filter(|(i, n)| i < n).ok_or("two numbers as I/N, of which the first is smaller")?;
        Ok(Self { index, of })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_numbers_and_ranges() {
        assert_eq!("7".parse(), Ok(Seeds(vec![7])));
        assert_eq!("1-3, 9".parse(), Ok(Seeds(vec![1, 2, 3, 9])));
        for wrong in ["", "1,", "a", "3-1", "-1", "0-4294967295"] {
            assert!(wrong.parse::<Seeds>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn shares_part_the_items() {
        let share = |text: &str| text.parse::<Share>().unwrap().of(0..5).collect::<Vec<_>>();
        assert_eq!([share("0/2"), share("1/2")], [vec![0, 2, 4], vec![1, 3]]);
        assert!("2/2".parse::<Share>().is_err());
    }
}
