//! Errors of the core. Each message says what to do next.

use counterfeit_experiment::error::Error as ConfigurationError;
use counterfeit_gan::trainer::NotEnoughData;
use thiserror::Error;

use crate::config::refusal;
use crate::settings::Refusal;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error of the core. The page shows its text to the user unchanged and branches on [`Error::kind`].
#[derive(Debug, Clone, PartialEq, Error)]
pub enum Error {
    /// A configuration was refused.
    #[error(transparent)]
    Configuration(#[from] ConfigurationError),

    /// The configuration as a whole could not be read.
    #[error("This configuration cannot be read: {0}. Reset the settings, or open the page without the part after '#'.")]
    Unreadable(String),

    /// A data file is damaged, or not the expected one.
    #[error(transparent)]
    Data(#[from] crate::data::DataError),

    /// Training was asked for before enough images had arrived.
    #[error(
        "The next training images have not arrived yet ({available} of {needed} are here). Training continues when \
         they do."
    )]
    NotEnoughData { needed: usize, available: usize },

    /// A file that is not a classifier.
    #[error(transparent)]
    Classifier(#[from] crate::metrics::ClassifierError),

    /// A file that is not a run that can be continued.
    #[error(transparent)]
    State(#[from] crate::saved_run::StateError),

    /// Samples on which a metric cannot be computed.
    #[error(transparent)]
    Measure(#[from] crate::metrics::MeasureError),

    /// The GPU or CPU device could not be opened, or was lost.
    #[error("{0} Reload the page, or choose the CPU as the device.")]
    Device(String),
}

impl From<NotEnoughData> for Error {
    fn from(NotEnoughData { needed, available }: NotEnoughData) -> Self {
        Error::NotEnoughData { needed, available }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        ConfigurationError::from(refusal).into()
    }
}

impl From<crate::data::DensityError> for Error {
    fn from(error: crate::data::DensityError) -> Self {
        refusal("data", error.to_string()).into()
    }
}

impl Error {
    /// A stable identifier for the page, tests and logs.
    pub fn kind(&self) -> &'static str {
        match self {
            Error::Configuration(error) => error.kind(),
            Error::Unreadable(_) => "unreadable",
            Error::Data(_) => "data",
            Error::NotEnoughData { .. } => "not-enough-data",
            Error::Classifier(_) => "classifier",
            Error::State(_) => "state",
            Error::Measure(_) => "measure",
            Error::Device(_) => "device",
        }
    }

    /// The key of the setting to change, if there is one.
    pub fn key(&self) -> Option<&str> {
        match self {
            Error::Configuration(error) => error.key(),
            _ => None,
        }
    }
}
