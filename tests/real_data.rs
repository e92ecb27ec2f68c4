//! What is shipped and what is said about runs, on MNIST and Fashion-MNIST themselves. Needs `make data`. One binary,
//! because each links Burn.
#![cfg(not(target_arch = "wasm32"))]

mod real {
    mod classifier;
    mod diagnosis;
    mod support;
}
