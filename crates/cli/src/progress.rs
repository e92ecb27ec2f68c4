//! The progress bar of a run.

use indicatif::{ProgressBar, ProgressStyle};

use crate::Failure;

/// A bar over training steps.
pub fn bar(steps: usize) -> Result<ProgressBar, Failure> {
    let bar = ProgressBar::new(steps as u64);
    bar.set_style(ProgressStyle::with_template("{bar:40} {pos}/{len} steps, {per_sec}, {eta} left  {msg}")?);
    Ok(bar)
}
