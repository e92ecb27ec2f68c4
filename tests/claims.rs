//! What presets promise, tried: on densities five seeds of each run are made here; on images `bench/claims.json` holds
//! five, made by `cargo counterfeit claims`, and one is made again to see that the command still does what
//! it did. Needs `make data`.
#![cfg(not(target_arch = "wasm32"))]

mod claims {
    mod diagnosis;
    mod images;
    mod points;
}
