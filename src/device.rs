//! The choice of the device of a run, with a sentence for the user that says why. It depends only on what the browser
//! reported, so that it can be tested without a browser; the last function opens the device.

use burn::tensor::Device;
use serde::{Deserialize, Serialize};

use crate::demand::Demand;
use crate::error::{Error, Result};

/// Where tensors live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[cfg_attr(not(target_arch = "wasm32"), ts(rename = "DeviceKind"))]
pub enum Kind {
    Cpu,
    Webgpu,
}

/// What the user asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub enum DevicePreference {
    Auto,
    Cpu,
    Webgpu,
}

/// Properties of the browser's WebGPU adapter.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
pub struct AdapterReport {
    /// Whether the page is a secure context (https or localhost), without which browsers do not offer WebGPU.
    pub secure: bool,
    /// Whether the browser supports WebGPU.
    pub api: bool,
    /// Whether the browser returned an adapter.
    pub adapter: bool,
    /// Whether the browser has not answered within the time limit.
    pub late: bool,
    /// Vendor, architecture or description; may be empty.
    pub name: String,
    /// A software adapter, many times slower than the CPU device.
    pub software: bool,
    pub features: Vec<String>,
    pub storage_buffers: u32,
    pub invocations: u32,
    /// Bytes that one storage binding takes at most: the largest tensor.
    pub largest_binding: usize,
}

/// The device of a run, and why it is that one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(ts_rs::TS))]
#[cfg_attr(not(target_arch = "wasm32"), ts(rename = "DeviceChoice"))]
pub struct Choice {
    pub kind: Kind,
    pub name: String,
    pub why: String,
    /// Whether the device that the user asked for is unavailable.
    pub refused: bool,
}

/// CubeCL times its streams with this feature and panics where it is missing.
const TIMESTAMPS: &str = "timestamp-query";
/// WebGPU's guaranteed minimum, which Burn's kernels are written for.
const STORAGE_BUFFERS: u32 = 8;
const INVOCATIONS: u32 = 256;
/// Parameters of both networks below which a step is faster on the CPU than its round trip to a GPU, and starts without
/// compiling: see `docs/decisions/device-choice.md`.
const SMALL: usize = 20_000;

/// The reason why WebGPU cannot be used, if there is one.
fn obstacle(report: &AdapterReport) -> Option<String> {
    if !report.api && !report.secure {
        Some(
            "this page came over plain http, and browsers offer WebGPU only over https or at http://localhost: open \
             it at one of these"
                .into(),
        )
    } else if !report.api {
        Some("this browser does not offer WebGPU to this page".into())
    } else if report.late {
        Some(
            "the browser had not given a graphics adapter after some seconds: try again, or restart the browser".into(),
        )
    } else if !report.adapter {
        Some("the browser knows WebGPU but found no graphics adapter for it".into())
    } else if !report.features.iter().any(|f| f == TIMESTAMPS) {
        Some(format!("the graphics adapter lacks \u{201c}{TIMESTAMPS}\u{201d}, which the GPU code needs"))
    } else if report.storage_buffers < STORAGE_BUFFERS || report.invocations < INVOCATIONS {
        Some("the graphics adapter's limits are below WebGPU's minimum".into())
    } else {
        None
    }
}

/// Chooses the device of a run. Returns None if the choice depends on the adapter and `report` is missing: the browser
/// is only asked for an adapter when it matters, because a slow or broken GPU may hang. `avoid` is the reason not to
/// try the GPU again.
pub fn choose(
    preference: DevicePreference,
    demand: &Demand,
    report: Option<&AdapterReport>,
    avoid: Option<&str>,
) -> Option<Choice> {
    let cpu = |why: String, refused| Some(Choice { kind: Kind::Cpu, name: "CPU".into(), why, refused });
    match (preference, avoid) {
        (DevicePreference::Cpu, _) => return cpu("You chose the CPU.".into(), false),
        (DevicePreference::Auto, _) if demand.density => {
            return cpu("On the CPU because density runs are faster there.".into(), false);
        }
        (DevicePreference::Auto, _) if demand.weights < SMALL => {
            return cpu(
                format!("On the CPU because networks of fewer than {SMALL} parameters are faster there."),
                false,
            );
        }
        (_, Some(why)) => return cpu(format!("On the CPU because {why}."), preference == DevicePreference::Webgpu),
        (DevicePreference::Auto | DevicePreference::Webgpu, None) => {}
    }
    let report = report?;
    let gpu = |why: &str| {
        let name = if report.name.is_empty() { "WebGPU".into() } else { format!("WebGPU, {}", report.name) };
        Some(Choice { kind: Kind::Webgpu, name, why: why.into(), refused: false })
    };
    match (preference, obstacle(report)) {
        (DevicePreference::Webgpu, Some(why)) => cpu(format!("You chose WebGPU, but {why}."), true),
        (DevicePreference::Webgpu, None) => gpu("You chose WebGPU."),
        (_, Some(why)) => cpu(format!("On the CPU because {why}."), false),
        (_, None) if report.software => cpu(
            format!(
                "On the CPU because the only WebGPU adapter ({}) is software and slower than the CPU.",
                report.name
            ),
            false,
        ),
        (_, None) => gpu("On the GPU because this browser offers WebGPU with all that training needs."),
    }
}

/// Opens a device. WebGPU must be opened once per worker, before its first tensor.
pub async fn open(kind: Kind) -> Result<Device> {
    match kind {
        Kind::Cpu => Ok(Device::flex()),
        Kind::Webgpu => open_gpu().await,
    }
}

#[cfg(feature = "webgpu")]
async fn open_gpu() -> Result<Device> {
    let opened = Device::wgpu_options().init_async().await;
    opened.map_err(|e| Error::Device(format!("The GPU could not be opened: {e}.")))
}

#[cfg(not(feature = "webgpu"))]
async fn open_gpu() -> Result<Device> {
    Err(Error::Device("This build has no GPU code.".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> AdapterReport {
        AdapterReport {
            secure: true,
            api: true,
            adapter: true,
            late: false,
            name: "acme".into(),
            software: false,
            features: vec![TIMESTAMPS.into()],
            storage_buffers: 8,
            invocations: 256,
            largest_binding: 128 << 20,
        }
    }

    const LARGE: Demand = Demand { density: false, weights: 300_000, largest: 0, total: 0 };

    fn chosen(preference: DevicePreference, report: &AdapterReport) -> Choice {
        choose(preference, &LARGE, Some(report), None).expect("the adapter is known")
    }

    #[test]
    fn webgpu_is_taken_when_it_has_what_burn_needs() {
        let choice = chosen(DevicePreference::Auto, &good());
        assert_eq!((choice.kind, choice.name.as_str()), (Kind::Webgpu, "WebGPU, acme"));
    }

    #[test]
    fn every_obstacle_leads_to_the_cpu_and_is_named() {
        let cases = [
            (AdapterReport { api: false, ..good() }, "does not offer WebGPU"),
            (AdapterReport::default(), "https"),
            (AdapterReport { api: false, secure: false, ..good() }, "http://localhost"),
            (AdapterReport { adapter: false, ..good() }, "no graphics adapter"),
            (AdapterReport { adapter: false, late: true, ..good() }, "after some seconds"),
            (AdapterReport { features: vec![], ..good() }, TIMESTAMPS),
            (AdapterReport { storage_buffers: 4, ..good() }, "limits"),
            (AdapterReport { software: true, ..good() }, "software"),
        ];
        for (report, word) in cases {
            let choice = chosen(DevicePreference::Auto, &report);
            assert!(choice.kind == Kind::Cpu && choice.why.contains(word), "{choice:?}");
            assert!(!choice.refused);
        }
    }

    #[test]
    fn row_14_plain_http_is_the_reason_only_where_webgpu_is_missing() {
        let why = |preference, report: AdapterReport| chosen(preference, &report).why;
        assert!(!why(DevicePreference::Auto, AdapterReport { api: false, ..good() }).contains("https"));
        assert!(!why(DevicePreference::Auto, AdapterReport { secure: false, ..good() }).contains("https"));
        assert!(why(DevicePreference::Webgpu, AdapterReport { api: false, secure: false, ..good() }).contains("https"));
    }

    #[test]
    fn the_user_decides_where_there_is_a_choice() {
        assert_eq!(chosen(DevicePreference::Cpu, &good()).kind, Kind::Cpu);
        assert_eq!(chosen(DevicePreference::Webgpu, &AdapterReport { software: true, ..good() }).kind, Kind::Webgpu);
        let refused = chosen(DevicePreference::Webgpu, &AdapterReport::default());
        assert!(refused.kind == Kind::Cpu && refused.refused);
    }

    #[test]
    fn densities_and_small_networks_start_on_the_cpu_without_asking_for_an_adapter() {
        for (demand, word) in
            [(Demand { density: true, ..LARGE }, "density runs"), (Demand { weights: 19_999, ..LARGE }, "20000")]
        {
            let choice = choose(DevicePreference::Auto, &demand, None, None).expect("nothing to ask");
            assert!(choice.kind == Kind::Cpu && choice.why.contains(word), "{choice:?}");
            assert_eq!(choose(DevicePreference::Webgpu, &demand, Some(&good()), None).unwrap().kind, Kind::Webgpu);
        }
        assert_eq!(choose(DevicePreference::Auto, &LARGE, None, None), None);
        assert_eq!(choose(DevicePreference::Cpu, &LARGE, None, None).unwrap().kind, Kind::Cpu);
    }

    #[test]
    fn a_gpu_that_failed_is_not_tried_again_and_the_reason_stays() {
        for (preference, refused) in [(DevicePreference::Auto, false), (DevicePreference::Webgpu, true)] {
            let choice =
                choose(preference, &LARGE, None, Some("the GPU could not be opened: no")).expect("nothing to ask");
            assert_eq!((choice.kind, choice.refused), (Kind::Cpu, refused));
            assert_eq!(choice.why, "On the CPU because the GPU could not be opened: no.");
        }
    }
}
