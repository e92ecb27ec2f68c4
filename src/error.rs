//! Every way in which the core can refuse, in words that say what to do next.

use thiserror::Error;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A refusal. The page shows [`ToString`] to the user as it stands and decides by [`Error::kind`].
#[derive(Debug, Clone, PartialEq, Error)]
pub enum Error {
    /// A setting is outside what its schema allows.
    #[error("{label}: {reason}")]
    Setting { key: String, label: String, reason: String },

    /// The configuration as a whole could not be read.
    #[error("This configuration cannot be read: {0}. Reset the settings, or open the page without the part after '#'.")]
    Unreadable(String),

    /// A setting that shapes the networks was changed while a run was going on.
    #[error("{label} can only change with a new run: use \u{201c}Restart with these\u{201d}.")]
    NeedsRestart { key: String, label: String },

    /// The data file is not what it should be.
    #[error(transparent)]
    Data(#[from] crate::data::DataError),

    /// Training was asked for before enough images had arrived.
    #[error("The next training images have not arrived yet ({available} of {needed} are here). Training goes on when they do.")]
    NotEnoughData { needed: usize, available: usize },

    /// A file that is no classifier.
    #[error(transparent)]
    Classifier(#[from] crate::classifier::ClassifierError),

    /// Samples that cannot be measured.
    #[error(transparent)]
    Measure(#[from] crate::metrics::MeasureError),

    /// The GPU or the CPU device refused or disappeared.
    #[error("{0} Reload the page, or choose the CPU as the device.")]
    Device(String),
}

impl Error {
    /// A stable name for programs: the page, tests and logs.
    pub fn kind(&self) -> &'static str {
        match self {
            Error::Setting { .. } => "setting",
            Error::Unreadable(_) => "unreadable",
            Error::NeedsRestart { .. } => "needs-restart",
            Error::Data(_) => "data",
            Error::NotEnoughData { .. } => "not-enough-data",
            Error::Classifier(_) => "classifier",
            Error::Measure(_) => "measure",
            Error::Device(_) => "device",
        }
    }

    /// The setting that the user has to change, where there is one.
    pub fn key(&self) -> Option<&str> {
        match self {
            Error::Setting { key, .. } | Error::NeedsRestart { key, .. } => Some(key),
            _ => None,
        }
    }
}
