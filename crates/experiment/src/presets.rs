//! Presets: named configurations, each with its source and what to look for.

mod codes;
mod failure_modes;
mod family;
mod points;
mod start;

use serde::Serialize;

use crate::config::RunConfig;

/// A named configuration.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct Preset {
    /// Key in the URL.
    pub id: &'static str,
    /// Heading in the list of presets.
    pub group: &'static str,
    pub name: &'static str,
    /// What to look for, in two or three sentences.
    pub description: &'static str,
    pub source: &'static str,
    pub config: RunConfig,
}

/// The preset that a URL without settings opens. On the machine of the README the first points move 0.4 s after the
/// page has loaded; MNIST's first strokes take some hundred steps, half a minute.
pub const FIRST_VISIT: &str = "ring";

/// All presets, by group, in the order of the list. The first is the default configuration.
pub fn presets() -> Vec<Preset> {
    [start::presets(), failure_modes::presets(), family::presets(), codes::presets(), points::presets()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_are_valid_distinct_and_explained() {
        let all = presets();
        for (i, p) in all.iter().enumerate() {
            p.config.clone().validate().unwrap_or_else(|e| panic!("{}: {e}", p.id));
            assert!(p.description.len() > 40 && !p.source.is_empty());
            assert!(all[..i].iter().all(|q| q.id != p.id && q.config != p.config), "{}", p.id);
        }
        assert_eq!(all[0].config, RunConfig::default());
        // A group is one run of the list.
        let groups: Vec<&str> = all.iter().map(|p| p.group).collect();
        let starts = (0..groups.len()).filter(|&i| i == 0 || groups[i] != groups[i - 1]).count();
        let distinct = groups.iter().collect::<std::collections::HashSet<_>>().len();
        assert_eq!(starts, distinct, "{groups:?}");
    }
}
