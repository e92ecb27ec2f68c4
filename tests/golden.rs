//! The golden states, natively. `GOLDEN=write` makes them anew, see `make golden`.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use std::collections::BTreeMap;
use std::{fs, thread};

use common::golden::{cases, expected, hash};
use counterfeit_cli::wait;

#[test]
fn states_are_golden() {
    let found = hashes();
    if std::env::var_os("GOLDEN").is_some_and(|v| v == "write") {
        fs::write("tests/golden/states.json", serde_json::to_string_pretty(&found).unwrap() + "\n").unwrap();
        return;
    }
    let expected = expected();
    let other: Vec<_> = found.iter().filter(|(name, hash)| expected.get(*name) != Some(hash)).collect();
    assert!(other.is_empty(), "other states than before: {other:?}");
    assert_eq!(found.len(), expected.len(), "tests/golden/states.json has cases that are no more");
}

/// The hashes of all cases, on all processors.
fn hashes() -> BTreeMap<String, String> {
    let (cases, workers) = (cases(), thread::available_parallelism().map_or(1, usize::from));
    let share =
        |first| cases.iter().skip(first).step_by(workers).map(|(name, c)| (name.clone(), wait(hash(c.clone()))));
    thread::scope(|scope| {
        let shares: Vec<_> = (0..workers).map(|i| scope.spawn(move || share(i).collect::<Vec<_>>())).collect();
        shares.into_iter().flat_map(|share| share.join().unwrap()).collect()
    })
}
