//! Training as a whole, natively and on the CPU: what a run must be, whoever wrote the code. One binary, because each
//! links Burn.
#![cfg(not(target_arch = "wasm32"))]

mod common;

mod training {
    mod breakdown;
    mod by_hand;
    mod conditions;
    mod configurations;
    mod data;
    mod drawn_sets;
    mod evaluator;
    mod finite;
    mod gradients;
    mod growing;
    mod kernels;
    mod layers;
    mod live;
    mod maps;
    mod norms;
    mod points;
    mod run_state;
    mod seeds;
    mod shapes;
    mod signals;
    mod step_kinds;
    mod style;
    mod support;
    mod tricks;
}
