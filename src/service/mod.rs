//! What people do with the registry: one function a use case. Transactions and permissions begin here.

pub mod catalogue;
pub mod changes;
pub mod datasets;
pub mod demo;
pub mod doctor;
pub mod export;
pub mod follow;
pub mod import;
pub mod institutions;
pub mod register;
pub mod suggest;

pub use catalogue::{Catalogue, InstitutionRecord, Record};

pub use crate::store::changes::Change;
pub use crate::store::db::statements_sent;

use crate::domain::problem::Problem;
use crate::search::IndexError;
use crate::store::StoreError;

/// What a search gives, as the faces show it.
pub mod finding {
    pub use crate::search::analysis::Language;
    pub use crate::search::cursor::Position;
    pub use crate::search::facets::DatasetFacet;
    pub use crate::search::highlight::{Fragment, highlight};
    pub use crate::search::order::SortOrder;
    pub use crate::search::{Hit, Results, Window};
}

/// Why a use case was not carried out.
#[derive(Debug)]
pub enum Error {
    /// There is no such thing, or the actor may not know of it.
    NotFound(String),
    /// The input is wrong; every problem is listed.
    Invalid(Vec<Problem>),
    /// Another write came first.
    Conflict(String),
    /// Database or index cannot be reached; trying again later may help.
    Unavailable(String),
    /// A fault of the program; its text is for the log only.
    Internal(anyhow::Error),
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(text) => Self::Unavailable(text),
            StoreError::Failed(error) => Self::Internal(error.into()),
        }
    }
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        StoreError::from(error).into()
    }
}

impl From<IndexError> for Error {
    fn from(error: IndexError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotFound(what) => write!(f, "{what} is not known"),
            Self::Invalid(problems) => {
                let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
                f.write_str(&lines.join("; "))
            }
            Self::Conflict(text) => f.write_str(text),
            Self::Unavailable(text) => {
                write!(f, "the catalogue is unavailable at the moment: {text}")
            }
            Self::Internal(error) => write!(f, "an internal fault: {error:#}"),
        }
    }
}

impl std::error::Error for Error {}
