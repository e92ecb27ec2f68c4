//! Helpers for tests on both devices: the GPU, reading tensors, and tolerances.

use std::cell::RefCell;

use burn::tensor::{Device, Transaction};
use counterfeit::device::{Kind, open};

/// The GPU, opened once per worker.
pub async fn gpu() -> Device {
    thread_local!(static OPEN: RefCell<Option<Device>> = const { RefCell::new(None) });
    if let Some(device) = OPEN.with_borrow(Clone::clone) {
        return device;
    }
    let device = open(Kind::Webgpu).await.expect("the flags of webdriver.json give an adapter");
    OPEN.set(Some(device.clone()));
    device
}

/// Relative tolerance of the first five steps. The devices sum in different orders, and Adam amplifies the differences:
/// its step depends on a gradient's sign rather than its size.
const TOLERANCE: f32 = 1e-3;

/// Relative difference allowed to what is rounded a few times.
pub const ROUNDING: f32 = 1e-5;

pub fn assert_close(name: &str, curve: &str, cpu: &[Option<f32>], gpu: &[Option<f32>]) {
    assert_eq!(cpu.len(), gpu.len(), "{name}, {curve}");
    for (step, (a, b)) in cpu.iter().zip(gpu).enumerate() {
        let (a, b) = (a.expect("both play"), b.expect("both play"));
        assert!((a - b).abs() <= TOLERANCE * a.abs(), "{name}, {curve}, step {}: CPU {a}, WebGPU {b}", step + 1);
    }
}

pub async fn read(transaction: Transaction) -> Vec<Vec<f32>> {
    let data = transaction.execute_async().await.expect("readable");
    data.into_iter().map(|d| d.try_to_vec().expect("f32")).collect()
}

/// The largest difference of two vectors; infinite if one of them has a NaN, which `f32::max` would ignore.
pub fn difference(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    let differences = a.iter().zip(b).map(|(a, b)| (a - b).abs());
    differences.fold(0.0, |most, d| if d.is_nan() { f32::INFINITY } else { most.max(d) })
}

/// Asserts that values agree up to rounding: within `tolerance` of the largest value of their vector.
pub fn close(what: &str, cpu: &[Vec<f32>], gpu: &[Vec<f32>], tolerance: f32) {
    assert_eq!(cpu.len(), gpu.len(), "{what}");
    for (i, (a, b)) in cpu.iter().zip(gpu).enumerate() {
        let scale = a.iter().fold(0f32, |m, v| m.max(v.abs()));
        let worst = difference(a, b);
        assert!(worst <= tolerance * scale, "{what}, part {i}: off by {worst} of {scale}");
    }
}
