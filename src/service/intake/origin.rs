//! Where a record came from: which record of which system, what was read from it, and what of that did not fit.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::domain::ids::hex;
use crate::domain::problem::Problem;
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::{ImportFormat, Vocabulary};
use crate::interop::exchange::Found;
use crate::store::sources::OriginRow;

use super::super::Error;

/// Longest key of a record, in bytes; longer ones are replaced by their hash.
const LONGEST_KEY: usize = 500;

/// What is kept of a record of another system.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OriginDoc {
    /// Code of the format.
    pub format: String,
    /// Name of the file, or address of the source.
    pub name: String,
    /// Identifier in the other system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// Page of the record in the other system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// When it was last changed there, as the record says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modified: Option<String>,
    /// The draft as it was taken last; what has changed since is told from it.
    pub content: Map<String, Value>,
    /// What did not fit.
    pub unfit: Vec<Unfit>,
    /// When it was first taken, milliseconds from 1970-01-01 UTC.
    pub first_at: i64,
    /// The copy is another registry's: it is not edited here.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_copy: bool,
}

impl OriginDoc {
    /// The titles that were taken.
    pub fn titles(&self) -> MultilingualText {
        self.content.get("titles").and_then(|titles| MultilingualText::deserialize(titles).ok()).unwrap_or_default()
    }
}

/// A part of a record that the registry has no field for, or takes otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfit {
    /// Place in the original.
    pub field: String,
    /// Value found.
    pub value: String,
    /// What became of it.
    pub remedy: String,
}

impl From<&Problem> for Unfit {
    fn from(problem: &Problem) -> Self {
        Self { field: problem.field.clone(), value: problem.value.clone(), remedy: problem.remedy.clone() }
    }
}

/// An origin with its content.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The row.
    pub row: OriginRow,
    /// What was read.
    pub doc: OriginDoc,
}

impl Origin {
    /// Reads a row.
    ///
    /// # Errors
    /// The store was altered by another program.
    pub fn of(row: OriginRow) -> Result<Self, Error> {
        let doc = serde_json::from_str(&row.doc)?;
        Ok(Self { row, doc })
    }
}

/// By what a record is known in its place: its identifier there, else its address, its short name, or its titles. Among files of
/// anywhere (`is_mixed`) a number that only its own system knows is told apart by the format.
pub fn key_of(found: &Found, is_mixed: bool, format: ImportFormat) -> String {
    let known = |identifier: &String| {
        let is_global = identifier.contains(':')
            || identifier.starts_with("10.")
            || found.draft.slug.as_ref().is_some_and(|slug| slug.as_str() == identifier);
        if is_mixed && !is_global { format!("{}:{identifier}", format.code()) } else { identifier.clone() }
    };
    let own = found.origin.identifier.as_ref().map(known).or_else(|| found.origin.address.clone());
    let named = own.or_else(|| found.draft.slug.as_ref().map(ToString::to_string));
    let titled = || found.draft.titles.iter().map(|(_, wording)| wording.text.as_str()).collect::<Vec<_>>().join(" / ");
    let key: String = named.unwrap_or_else(titled).chars().filter(|c| *c != '\0').collect();
    if key.len() <= LONGEST_KEY { key } else { format!("sha256:{}", hex(&Sha256::digest(key.as_bytes()))) }
}
