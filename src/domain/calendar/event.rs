//! What an institution registers in the calendar.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::ids::Slug;
use crate::domain::problem::Problem;
use crate::domain::text::{MultilingualText, one_line};
use crate::domain::time::{Bound, check_year};
use crate::domain::vocabulary::{CalendarKind, CalendarState, MeetingVisibility, RefusalCode, Vocabulary};

use super::Dates;

/// Longest title, in characters.
pub const MAX_TITLE: usize = 300;
/// Longest reason, in characters.
pub const MAX_REASON: usize = 2_000;
/// Most changes of the date of one entry.
pub const MAX_POSTPONEMENTS: usize = 100;
/// Most entries that are registered for one dataset, and most meetings of one institution.
pub const MAX_EVENTS: usize = 500;

/// An entry that an institution registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Event {
    /// What it is.
    pub kind: CalendarKind,
    /// Who registered it.
    pub institution: Slug,
    /// What it is about; only a meeting may be about no dataset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataset: Option<Uuid>,
    /// Title; where there is none, that of the dataset.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub title: MultilingualText,
    /// When it is planned now.
    pub planned: Dates,
    /// When it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<Dates>,
    /// PLANNED, POSTPONED, DONE or CANCELLED.
    pub state: CalendarState,
    /// Why it was given up.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub reason: MultilingualText,
    /// Who sees a meeting that is about no dataset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visibility: Option<MeetingVisibility>,
}

/// A change of the date of an entry. None is ever taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Postponement {
    /// When it was planned before.
    pub from: Dates,
    /// When it is planned since.
    pub to: Dates,
    /// Why.
    pub reason: MultilingualText,
    /// In whose name.
    pub institution: Slug,
    /// Function of the person.
    pub function: String,
    /// When it was told, milliseconds from 1970-01-01 UTC.
    pub at: i64,
}

impl Event {
    /// The dates that count: when it was done, else when it is planned.
    pub fn dates(&self) -> &Dates {
        self.actual.as_ref().unwrap_or(&self.planned)
    }

    /// Whether it is still to come, so that it can be postponed, told as done or cancelled.
    ///
    /// # Errors
    /// It was told as done or cancelled before.
    pub fn check_open(&self) -> Result<(), RefusalCode> {
        match self.state {
            CalendarState::Planned | CalendarState::Postponed => Ok(()),
            _ => Err(RefusalCode::WrongState),
        }
    }

    /// What is wrong with it; each problem names field, value and remedy.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = check_dates("planned", &self.planned);
        let is_meeting = self.kind == CalendarKind::Meeting;
        if !matches!(self.kind, CalendarKind::Collection | CalendarKind::Release | CalendarKind::Meeting) {
            let remedy = "stands in the calendar where the record or the agreement says so; register a COLLECTION, RELEASE or MEETING";
            problems.push(Problem::new("kind", self.kind.code(), remedy));
        }
        if self.dataset.is_none() {
            if !is_meeting {
                problems.push(Problem::new("dataset", "", "name the dataset; only a meeting may be about none"));
            } else if self.title.is_empty() {
                problems.push(Problem::new("title", "", "give a title; a meeting that is about no dataset has no other name"));
            }
        }
        if self.visibility.is_some() && self.dataset.is_some() {
            let remedy = "leave it out; what is about a dataset is seen by whoever sees the dataset";
            problems.push(Problem::new("visibility", "", remedy));
        }
        for (tag, wording) in self.title.iter() {
            if let Err(remedy) = one_line(&wording.text, MAX_TITLE) {
                problems.push(Problem::new(format!("title.{}", tag.as_str()), "", remedy));
            }
        }
        problems
    }
}

/// What is wrong with given dates.
pub fn check_dates(field: &str, dates: &Dates) -> Vec<Problem> {
    let mut problems = Vec::new();
    let (Bound::Date(start), Bound::Date(end)) = (dates.start, dates.end) else {
        return vec![Problem::new(
            format!("{field}.start"),
            "",
            "give a date, such as 2027-05; leave the end out where it is one day or month",
        )];
    };
    for (name, date) in [("start", start), ("end", end)] {
        if let Err(remedy) = check_year(date) {
            problems.push(Problem::new(format!("{field}.{name}"), date, remedy));
        }
    }
    if end.last_day() < start.first_day() {
        problems.push(Problem::new(format!("{field}.end"), end, "lies before the beginning; exchange the two"));
    }
    problems
}
