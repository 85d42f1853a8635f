//! What the mutations on the calendar take and answer.

use juniper::{FieldResult, GraphQLInputObject, ID};

use crate::domain::calendar::Dates;
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::{CalendarKind, MeetingVisibility};
use crate::service::Error;
use crate::service::calendar::Entry;
use crate::service::calendar::write::{self, NewEvent};

use super::actions_access::texts;
use super::calendar::CalendarEntry;
use super::context::Context;
use super::input::LocalizedStringInput;
use super::intent::{dataset_id, own_id, signed_in, slug};
use super::node::OwnKind;
use super::payload::payload;
use super::scalars::PartialDate;

/// Dates: one day, month or year, or from one to another. Give them as exactly as they are known, and no more.
#[derive(Clone, Copy, GraphQLInputObject)]
pub struct CalendarDatesInput {
    /// Beginning, or the only date.
    pub start: PartialDate,
    /// End; the same as the beginning where left out.
    pub end: Option<PartialDate>,
}

impl From<CalendarDatesInput> for Dates {
    fn from(given: CalendarDatesInput) -> Self {
        Self::between(given.start.0, given.end.unwrap_or(given.start).0)
    }
}

/// Registers an entry of the calendar.
#[derive(GraphQLInputObject)]
pub struct CalendarEntryCreateInput {
    /// What it is.
    pub kind: CalendarKind,
    /// Short name of the institution in whose name it is registered: the producer or a holder of the dataset, or who convenes the meeting.
    pub institution: String,
    /// What it is about, by identifier or short name; only a MEETING may be about no dataset.
    pub dataset: Option<ID>,
    /// Title, at most 300 characters; that of the dataset where left out. A meeting that is about no dataset needs one.
    pub title: Option<Vec<LocalizedStringInput>>,
    /// When it is planned.
    pub planned: CalendarDatesInput,
    /// Who sees a meeting that is about no dataset, MEMBERS where left out. Anything else is seen by whoever sees the dataset.
    pub visibility: Option<MeetingVisibility>,
}

/// Changes the planned date of an entry.
#[derive(GraphQLInputObject)]
pub struct CalendarEntryPostponeInput {
    /// The entry.
    pub entry: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// When it is planned from now on.
    pub planned: CalendarDatesInput,
    /// Why, at most 2,000 characters; everyone who sees the entry reads it.
    pub reason: Vec<LocalizedStringInput>,
}

/// Tells that an entry was done.
#[derive(GraphQLInputObject)]
pub struct CalendarEntryCompleteInput {
    /// The entry.
    pub entry: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// When it was done; no day that is still to come.
    pub actual: CalendarDatesInput,
}

/// Gives an entry up.
#[derive(GraphQLInputObject)]
pub struct CalendarEntryCancelInput {
    /// The entry.
    pub entry: ID,
    /// Revision that you have seen.
    pub expected_revision: i32,
    /// Why, at most 2,000 characters; everyone who sees the entry reads it.
    pub reason: Vec<LocalizedStringInput>,
}

payload! {
    /// What became of an entry of the calendar.
    CalendarEntryPayload {
        /// The entry as it is now; null where nothing was done.
        calendar_entry: CalendarEntry,
    }
}

/// A text in several languages.
fn text(given: Vec<LocalizedStringInput>, path: &str) -> Result<MultilingualText, Error> {
    let mut problems = Vec::new();
    let text = texts(given, path, &mut problems);
    if problems.is_empty() { Ok(text) } else { Err(Error::Invalid(problems)) }
}

fn answer(context: &Context, done: Result<Entry, Error>) -> FieldResult<CalendarEntryPayload> {
    match done {
        Ok(entry) => {
            // What was read before is no longer as it was.
            context.loaded().events.clear();
            let calendar_entry = Some(CalendarEntry { entry, lang: context.language.clone() });
            Ok(CalendarEntryPayload { calendar_entry, ..CalendarEntryPayload::default() })
        }
        Err(error) => CalendarEntryPayload::refused(error),
    }
}

fn entry_id(context: &Context, id: &ID) -> Result<String, Error> {
    own_id(context, OwnKind::CalendarEntry, id)
}

/// Registers an entry.
///
/// # Errors
/// A fault of the server.
pub fn create(context: &Context, input: CalendarEntryCreateInput) -> FieldResult<CalendarEntryPayload> {
    let CalendarEntryCreateInput { kind, institution, dataset, title, planned, visibility } = input;
    let done = signed_in(context).and_then(|()| {
        let institution = slug("institution", &institution)?;
        let dataset = dataset.as_ref().map(|id| dataset_id(context, id)).transpose()?.map(|id| id.0);
        let title = text(title.unwrap_or_default(), "title")?;
        let new = NewEvent { kind, institution, dataset, title, planned: planned.into(), visibility };
        write::create(&context.catalogue, context.acting(), new)
    });
    answer(context, done)
}

/// Changes the planned date of an entry.
///
/// # Errors
/// A fault of the server.
pub fn postpone(context: &Context, input: CalendarEntryPostponeInput) -> FieldResult<CalendarEntryPayload> {
    let CalendarEntryPostponeInput { entry, expected_revision, planned, reason } = input;
    let done = entry_id(context, &entry).and_then(|id| {
        let reason = text(reason, "reason")?;
        write::postpone(&context.catalogue, context.acting(), (&id, expected_revision.into()), planned.into(), reason)
    });
    answer(context, done)
}

/// Tells that an entry was done.
///
/// # Errors
/// A fault of the server.
pub fn complete(context: &Context, input: &CalendarEntryCompleteInput) -> FieldResult<CalendarEntryPayload> {
    let done = entry_id(context, &input.entry)
        .and_then(|id| write::complete(&context.catalogue, context.acting(), (&id, input.expected_revision.into()), input.actual.into()));
    answer(context, done)
}

/// Gives an entry up.
///
/// # Errors
/// A fault of the server.
pub fn cancel(context: &Context, input: CalendarEntryCancelInput) -> FieldResult<CalendarEntryPayload> {
    let CalendarEntryCancelInput { entry, expected_revision, reason } = input;
    let done = entry_id(context, &entry).and_then(|id| {
        let reason = text(reason, "reason")?;
        write::cancel(&context.catalogue, context.acting(), (&id, expected_revision.into()), reason)
    });
    answer(context, done)
}
