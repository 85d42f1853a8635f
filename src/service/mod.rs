//! What people do with the registry: one function a use case. Transactions and permissions begin here.

pub mod access_requests;
pub mod accounts;
pub mod agreements;
pub mod alerts;
pub mod audit;
pub mod calendar;
pub mod catalogue;
pub mod changes;
pub mod comparison;
pub mod courier;
mod credentials;
pub mod datasets;
pub mod demo;
pub mod demo_accounts;
pub mod discrepancies;
pub mod doctor;
pub mod drafts;
pub mod duplicates;
pub mod entitlements;
pub mod export;
pub mod federation;
pub mod follow;
pub mod fonts;
pub mod forms;
pub mod grid;
pub mod harvest;
pub mod holder_webhooks;
pub mod holdings;
pub mod identity;
pub mod import;
pub mod indicators;
pub mod institutions;
pub mod intake;
pub mod life;
pub mod links;
pub mod mail;
pub mod notify;
pub mod oidc;
pub mod outbound;
pub mod overlaps;
pub mod past;
pub mod people;
pub mod previews;
pub mod publishing;
pub mod pulse;
pub mod register;
pub mod registers;
pub mod reminders;
pub mod report;
pub mod rows;
pub mod secrets;
pub mod self_registration;
pub mod sessions;
pub mod sign_in;
pub mod suggest;
pub mod ties;
pub mod versions;
pub mod webhook_signature;
pub mod webhooks;
pub mod workbook;

pub use catalogue::{Catalogue, InstitutionRecord, Record};

pub use crate::store::changes::Change;
pub use crate::store::db::statements_sent;

use crate::domain::ids::Slug;
use crate::domain::policy::{Action, needed_roles};
use crate::domain::problem::Problem;
use crate::domain::vocabulary::{RefusalCode, Vocabulary};
use crate::search::IndexError;
use crate::store::StoreError;

/// What a search gives, as the faces show it.
pub mod finding {
    pub use crate::search::analysis::Language;
    pub use crate::search::cursor::Position;
    pub use crate::search::facets::DatasetFacet;
    pub use crate::search::highlight::{Piece, pieces};
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
    /// The record was written by another since the revision that the editor has seen.
    Stale(Box<Clash>),
    /// The actor may not do it.
    Forbidden {
        /// Why.
        code: RefusalCode,
        /// What.
        action: Action,
    },
    /// The actor has no role that would do in an institution that the actor has named.
    NoRole {
        /// What was to be done.
        action: Action,
        /// The short name, as it was given; whether there is such an institution is not said.
        institution: Slug,
    },
    /// Database or index cannot be reached; trying again later may help.
    Unavailable(String),
    /// A fault of the program; its text is for the log only.
    Internal(anyhow::Error),
}

/// What another wrote since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// Revision that the editor has seen.
    pub expected: i64,
    /// Revision now.
    pub present: i64,
    /// Function of the person who wrote last.
    pub by: Option<String>,
    /// When, milliseconds from 1970-01-01 UTC.
    pub at: Option<i64>,
    /// Top-level fields that were written since.
    pub fields: Vec<String>,
}

impl std::fmt::Display for Clash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "revision {} is there, you have seen {}", self.present, self.expected)?;
        if let Some(by) = &self.by {
            write!(f, "; last written by {by}")?;
        }
        if !self.fields.is_empty() {
            write!(f, "; fields written since: {}", self.fields.join(", "))?;
        }
        f.write_str("; read it again and repeat your change on top")
    }
}

impl Error {
    /// A refusal in an institution whose short name the actor has given.
    pub fn forbidden_in(code: RefusalCode, action: Action, institution: &Slug) -> Self {
        match code {
            RefusalCode::RoleRequired => Self::NoRole { action, institution: institution.clone() },
            code => Self::Forbidden { code, action },
        }
    }

    /// Whether it may help to try again later; what it is not will fail at every try.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(text) => Self::Unavailable(text),
            StoreError::Newer(_) => Self::Internal(error.into()),
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
            Self::Stale(clash) => clash.fmt(f),
            Self::Forbidden { code: code @ RefusalCode::SignInRequired, .. } => f.write_str(code.labels()[0]),
            // These say of the data why nothing can be asked for, whoever asks.
            Self::Forbidden { code, .. } if code.is_of_data() => f.write_str(code.labels()[0]),
            Self::Forbidden { code, action } => {
                write!(f, "{}: {}", action.labels()[0], code.labels()[0])?;
                match needed_roles(*action, None).filter(|_| *code == RefusalCode::RoleRequired) {
                    Some(roles) => write!(f, ": {roles}"),
                    None => Ok(()),
                }
            }
            Self::NoRole { action, institution } => {
                let roles = needed_roles(*action, Some(institution)).unwrap_or_default();
                let code = RefusalCode::RoleRequired.labels()[0];
                write!(f, "{}: {code}: {roles}; look whether its short name is right, or ask for the role", action.labels()[0])
            }
            Self::Unavailable(text) => {
                write!(f, "the catalogue is unavailable at the moment: {text}")
            }
            Self::Internal(error) => write!(f, "an internal fault: {error:#}"),
        }
    }
}

impl std::error::Error for Error {}
