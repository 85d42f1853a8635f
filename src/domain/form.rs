//! The form of an access request: typed questions, who reads each answer and for how long.
//!
//! A form is written by the access officer of a holder and is never changed once it is published: answers are kept
//! with the version that they answer. One request may go to several holders; what two forms ask under the same key is
//! answered once ([`merge`]).
//!
//! # Answers
//! [`Answers`] maps keys of questions to JSON values, by the kind of the question:
//!
//! | kind | JSON |
//! |---|---|
//! | `TEXT`, `LONG_TEXT` | `"words"` |
//! | `CHOICE` | `"CODE"` of an option |
//! | `CHOICES` | `["CODE", …]`, each once |
//! | `DATE` | `"YYYY-MM-DD"` |
//! | `PERIOD` | `{"start": "2014", "end": "2018-08"}`; each end `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; one may be left out |
//! | `NUMBER` | `12.5` |
//! | `PERSON` | `{"name": "…", "function": "…", "institution": "…", "email": "…"}`; the name is required |
//! | `PERSONS` | a list of such persons |
//! | `COUNTRY` | `"MA"`, the code of a country in the scheme PLACES |
//! | `COUNTRIES` | `["MA", "TN"]` |
//! | `INSTITUTION` | `{"slug": "ma-hcp"}` or `{"name": "…"}` |
//! | `YES_NO` | `true` or `false` |
//! | `LEGAL_BASIS` | `{"kind": "LAW", "reference": "…", "note": "…"}`; `OTHER` needs a note, all others a reference or a note |
//! | `VARIABLES` | `["name", …]`, each once |
//! | `AGREEMENT` | `true`; `false` only while the request is being written |
//!
//! `null`, blank text and an empty list are the same as no answer. The request itself gives the answer to
//! [`REQUESTED_DATA`]: `"AGGREGATES"`, `"MICRODATA"` or a list of both; no form asks it, conditions may refer to it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::text::MultilingualText;
use super::vocabulary::{QuestionKind, RequestRole};

mod answers;
mod asked;
mod keys;
mod standard;
#[cfg(test)]
mod tests;
mod wellformed;

pub use answers::Completeness;
pub use keys::{MergedQuestion, merge};
pub use standard::{DEFAULT_FORM_ID, DEFAULT_FORM_VERSION, default_form, default_form_version};

/// The languages in which every text of a published form stands.
pub const LANGUAGES: [&str; 3] = ["ar", "fr", "en"];
/// Key of the question that the request itself answers: what is asked of the holding, codes of `RequestedData`.
pub const REQUESTED_DATA: &str = "requested-data";
/// Most questions of a form.
pub const MAX_QUESTIONS: usize = 200;
/// Most options of a question.
pub const MAX_OPTIONS: usize = 100;
/// Longest time for which an answer is kept after the request has ended, in months.
pub const MAX_MONTHS: u32 = 600;
/// Who may read answers at all.
pub const READERS: [RequestRole; 5] =
    [RequestRole::Applicant, RequestRole::AccessOfficer, RequestRole::DataProtection, RequestRole::Reviewer, RequestRole::Decider];

/// Answers by the key of their question; see the module's text for the shapes.
pub type Answers = BTreeMap<String, Value>;

/// A form of one holder.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Form {
    /// Title.
    pub title: MultilingualText,
    /// What applicants should know before they begin.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub intro: MultilingualText,
    /// The questions in their order.
    pub questions: Vec<Question>,
    /// How long the request is kept after it has ended, in months; no answer is kept longer.
    pub retention_months: u32,
}

/// A question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Question {
    /// Stable key; the same key in two forms means the same question.
    pub key: String,
    /// What kind of answer is asked for.
    pub kind: QuestionKind,
    /// The question; for an agreement, the statement.
    pub label: MultilingualText,
    /// What to think of when answering.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub help: MultilingualText,
    /// An example of an answer.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub example: MultilingualText,
    /// Whether it must be answered where it is asked.
    pub is_required: bool,
    /// It is asked only if this holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    /// Options of a choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<FormOption>,
    /// Limits of the answer.
    #[serde(default, skip_serializing_if = "Limits::is_none")]
    pub limits: Limits,
    /// Who reads the answer.
    pub readers: Vec<RequestRole>,
    /// How long the answer is kept after the request has ended, in months.
    pub keep_months: u32,
    /// Whether the answer is personal data.
    pub is_personal: bool,
}

/// When a question is asked: if an earlier one was asked and answered so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Condition {
    /// Key of an earlier question, or [`REQUESTED_DATA`].
    pub question: String,
    /// What its answer must be.
    pub test: Test,
}

/// What an answer must be for a condition to hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Test {
    /// The one code chosen is this.
    Equals(String),
    /// Yes (or agreed to), or no.
    IsYes(bool),
    /// Among the codes chosen is this.
    Includes(String),
}

/// An option of a choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormOption {
    /// Stable code.
    pub code: String,
    /// Label.
    pub label: MultilingualText,
}

/// Limits of an answer; those that do not fit the kind of the question are refused.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Limits {
    /// Most characters of a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_chars: Option<u32>,
    /// Most members of a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_items: Option<u32>,
    /// Least number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Greatest number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// First day, `YYYY-MM-DD`, or `TODAY` for the day on which the answers are checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Last day, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

impl Limits {
    /// Whether nothing is limited but by the usual limits of the kind.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

impl Form {
    /// The question with this key.
    pub fn question(&self, key: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.key == key)
    }
}

impl Question {
    /// Longest text of an answer, in characters.
    pub fn max_chars(&self) -> usize {
        let usual = if self.kind == QuestionKind::LongText { 5_000 } else { 300 };
        self.limits.max_chars.map_or(usual, |given| given as usize)
    }

    /// Most members of an answer that is a list.
    pub fn max_items(&self) -> usize {
        let usual = if self.kind == QuestionKind::Variables { 1_000 } else { 50 };
        self.limits.max_items.map_or(usual, |given| given as usize)
    }
}

/// Whether a value is no answer.
pub fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(fields) => fields.values().all(is_blank),
        Value::Bool(_) | Value::Number(_) => false,
    }
}
