//! Errors of a configuration. Each message says what to do next.

use counterfeit_spec::Refusal;
use thiserror::Error;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error of a configuration.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum Error {
    /// A setting is outside what its metadata allows, or does not go together with others.
    #[error(transparent)]
    Setting(#[from] Refusal),

    /// A setting that is fixed during a run was changed.
    #[error("{label} can only change with a new run: use \u{201c}Restart with these settings\u{201d}.")]
    NeedsRestart { key: &'static str, label: &'static str },
}

impl Error {
    /// A stable identifier for the page, tests and logs.
    pub fn kind(&self) -> &'static str {
        match self {
            Error::Setting(_) => "setting",
            Error::NeedsRestart { .. } => "needs-restart",
        }
    }

    /// The key of the setting to change.
    pub fn key(&self) -> Option<&str> {
        match self {
            Error::Setting(refusal) => Some(&refusal.key),
            Error::NeedsRestart { key, .. } => Some(key),
        }
    }
}
