//! The golden pictures, natively. After a change that is meant to change runs:
//! `GOLDEN=write cargo test --release --test golden`, then the same in a browser: `make golden`.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;

use common::golden::{Golden, PRESETS, expected, hash, machine, means, near, picture};
use counterfeit_cli::wait;

#[test]
fn pictures_are_golden() {
    let mut all = if write() { BTreeMap::new() } else { expected() };
    let mut wrong = Vec::new();
    for preset in PRESETS {
        let pixels = wait(picture(preset));
        if write() {
            let browser = expected().remove(preset).map(|g| g.browser).unwrap_or_default();
            let native = BTreeMap::from([(machine(), hash(&pixels))]);
            all.insert(preset.into(), Golden { browser, native, means: means(&pixels) });
            continue;
        }
        let golden = all.remove(preset).unwrap_or_default();
        match golden.native.get(&machine()) {
            Some(known) if *known != hash(&pixels) => wrong.push(preset),
            Some(_) => {}
            // Not `println!`, which the test runner hides.
            None => {
                writeln!(std::io::stderr(), "{preset}: no hash for {}, only means are compared", machine()).unwrap()
            }
        }
        assert!(near(&golden, &pixels), "{preset}: another picture");
    }
    assert!(wrong.is_empty(), "other pictures than before of {wrong:?}");
    if write() {
        fs::write("tests/golden/pictures.json", serde_json::to_string_pretty(&all).unwrap() + "\n").unwrap();
    } else {
        assert!(all.is_empty(), "no such presets any more: {:?}", all.keys());
    }
}

fn write() -> bool {
    std::env::var_os("GOLDEN").is_some_and(|v| v == "write")
}
