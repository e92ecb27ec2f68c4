//! When, where and of which commit a row of `bench/` was measured: what docs/results.md says above its tables.

use std::fs;
use std::process::Command;

use serde::{Deserialize, Serialize};

/// Goes into a row beside its numbers. Rows that are older than this have none.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Stamp {
    /// Day of the measurement (UTC), as 2026-01-31.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    machine: Option<String>,
    /// Short hash of the commit, with a `+` where files of it had been changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    commit: Option<String>,
}

impl Stamp {
    /// Of now and here. What cannot be found out is left out.
    pub fn now() -> Self {
        let dirty = said("git", &["status", "--porcelain", "--", "src", "crates", "Cargo.lock"]);
        let commit = said("git", &["rev-parse", "--short=10", "HEAD"]).filter(|commit| !commit.is_empty());
        Self {
            date: said("date", &["-u", "+%Y-%m-%d"]),
            machine: machine(),
            commit: commit.map(|commit| commit + if dirty.is_some_and(|files| files.is_empty()) { "" } else { "+" }),
        }
    }
}

/// The first line that a program prints, if it runs.
fn said(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok().filter(|o| o.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).lines().next().unwrap_or_default().trim().into())
}

/// "2 cores of AMD EPYC", as far as the system tells.
fn machine() -> Option<String> {
    let cores = std::thread::available_parallelism().ok()?;
    let file = fs::read_to_string("/proc/cpuinfo").ok();
    let linux = file.and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_string())
    });
    let name = linux.or_else(|| said("sysctl", &["-n", "machdep.cpu.brand_string"]))?;
    Some(format!("{cores} cores of {name}"))
}
