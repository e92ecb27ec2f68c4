//! What tests on both devices share: the GPU, reading tensors, and how close two devices have to be.

use std::cell::RefCell;

use burn::tensor::{Device, Transaction};
use counterfeit::device::{Kind, open};

/// The GPU of this worker, which opens it once.
pub async fn gpu() -> Device {
    thread_local!(static OPEN: RefCell<Option<Device>> = const { RefCell::new(None) });
    if let Some(device) = OPEN.with_borrow(Clone::clone) {
        return device;
    }
    let device = open(Kind::Webgpu).await.expect("the flags of webdriver.json give an adapter");
    OPEN.set(Some(device.clone()));
    device
}

/// Relative difference allowed over the first five steps. Sums are taken in another order on each device; Adam turns a
/// gradient's sign, not its size, into a step, so that differences grow from there.
const TOLERANCE: f32 = 1e-3;

pub fn assert_close(name: &str, curve: &str, cpu: &[Option<f32>], gpu: &[Option<f32>]) {
    for (step, (a, b)) in cpu.iter().zip(gpu).enumerate() {
        let (a, b) = (a.expect("both play"), b.expect("both play"));
        assert!((a - b).abs() <= TOLERANCE * a.abs(), "{name}, {curve}, step {}: CPU {a}, WebGPU {b}", step + 1);
    }
}

pub async fn read(transaction: Transaction) -> Vec<Vec<f32>> {
    let data = transaction.execute_async().await.expect("readable");
    data.into_iter().map(|d| d.try_to_vec().expect("f32")).collect()
}

/// Within rounding of the largest value.
pub fn close(what: &str, cpu: &[Vec<f32>], gpu: &[Vec<f32>]) {
    for (a, b) in cpu.iter().zip(gpu) {
        let scale = a.iter().fold(0f32, |m, v| m.max(v.abs()));
        let worst = a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(a.len() == b.len() && worst <= 1e-5 * scale, "{what}: off by {worst} of {scale}");
    }
}
