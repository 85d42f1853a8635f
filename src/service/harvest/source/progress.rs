//! What the runs of a source leave behind for the next one.

use serde::{Deserialize, Serialize};

use super::super::client::Marks;
use super::super::pages::Cursor;
use super::super::run::Asked;

/// What the last runs left behind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Progress {
    /// Marks of the document that was read whole last.
    pub marks: Marks,
    /// Pages of a catalogue that has several, as it was read whole last.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<KnownPage>,
    /// From when on an OAI-PMH provider is asked: its own time at the begin of the last whole run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Identifiers of records of an OAI-PMH provider that the last runs could not take, or that wait: they are asked for again beside what has
    /// changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub again: Vec<String>,
    /// When the source was last read whole, milliseconds from 1970-01-01 UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub whole_at: Option<i64>,
    /// Where a run that was broken off goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resume: Option<Resume>,
    /// Runs that failed since the last one that did not.
    pub failed_runs: u32,
    /// When the last run ended, milliseconds from 1970-01-01 UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_run_at: Option<i64>,
    /// What a person has asked of the next run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<Asked>,
}

/// A page of a catalogue as it was read last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KnownPage {
    /// Its address.
    pub url: String,
    /// Its marks.
    pub marks: Marks,
    /// Address of the next one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Hash of what was read, from which its records came.
    pub original: String,
    /// How many records came from it; of pages that were noted before this was counted, none.
    #[serde(default)]
    pub records: u64,
}

/// A run that was broken off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Resume {
    /// Where it goes on.
    pub cursor: Cursor,
    /// What marks the records that it has seen.
    pub sweep: String,
    /// When it was broken off, milliseconds from 1970-01-01 UTC.
    pub at: i64,
    /// Whether everything was asked for, also what has not changed.
    #[serde(default)]
    pub is_whole: bool,
    /// Whether the source has given less than it has, so that nothing is taken for gone.
    #[serde(default)]
    pub is_incomplete: bool,
    /// Whether there were lines in its report, so that it was no success.
    #[serde(default)]
    pub had_lines: bool,
}
