//! Writing in the calendar: registered, postponed, told as done, cancelled; by the people of the institution whose date it is.

use std::sync::Arc;

use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::domain::calendar::{Dates, Event, MAX_EVENTS, MAX_POSTPONEMENTS, MAX_REASON, check_dates};
use crate::domain::dataset::Dataset;
use crate::domain::ids::{Slug, hex};
use crate::domain::policy::{Action, Subject, check};
use crate::domain::problem::Problem;
use crate::domain::text::MultilingualText;
use crate::domain::time::Bound;
use crate::domain::vocabulary::{
    CalendarKind, CalendarState, MaskableField, MeetingVisibility, PublicationStatus, RefusalCode, Role, Visibility, Vocabulary,
};
use crate::service::catalogue::{day_of, read_id, records_within};
use crate::service::drafts::{Acting, clash};
use crate::service::registers::plans;
use crate::service::{Catalogue, Error, Record};
use crate::store::calendar::{self as table, EventRow, PostponementRow};
use crate::store::changes::{KnownTo, Ledger, NewChange};
use crate::store::{Conn, datasets, institutions, persons};

use super::{Entry, EventRecord, may_see_meeting, read_event, with_postponements};

/// How the change log names registered entries.
pub const ENTITY: &str = "CALENDAR_ENTRY";

/// An entry to register.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// What it is.
    pub kind: CalendarKind,
    /// In whose name.
    pub institution: Slug,
    /// What it is about.
    pub dataset: Option<Uuid>,
    /// Title.
    pub title: MultilingualText,
    /// When it is planned.
    pub planned: Dates,
    /// Who sees a meeting that is about no dataset; signed-in people where left out.
    pub visibility: Option<MeetingVisibility>,
}

/// The action that stands for writing an entry of a kind.
pub fn action_of(kind: CalendarKind) -> Action {
    if kind == CalendarKind::Meeting { Action::MeetingManage } else { Action::CalendarManage }
}

/// Registers an entry.
///
/// # Errors
/// Not found, forbidden, or invalid.
pub fn create(catalogue: &Catalogue, acting: Acting<'_>, new: NewEvent) -> Result<Entry, Error> {
    let action = action_of(new.kind);
    let subject = Subject { institution: Some(&new.institution), ..Subject::default() };
    check(acting.actor, action, &subject).map_err(|code| Error::forbidden_in(code, action, &new.institution))?;
    let is_meeting_alone = new.kind == CalendarKind::Meeting && new.dataset.is_none();
    let event = Event {
        kind: new.kind,
        institution: new.institution,
        dataset: new.dataset,
        title: new.title,
        planned: new.planned,
        actual: None,
        state: CalendarState::Planned,
        reason: MultilingualText::default(),
        visibility: new.visibility.or(is_meeting_alone.then_some(MeetingVisibility::Members)),
    };
    let problems = event.problems();
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let plan = event.dataset.filter(|_| event.kind == CalendarKind::Collection);
    let write = |conn: &mut Conn, ledger: &mut Ledger| {
        let record = event.dataset.map(|id| visible_record(conn, acting, id)).transpose()?;
        match &record {
            Some(record) => check_dataset(acting, action, &event, &record.dataset)?,
            None => check_institution(conn, &event.institution)?,
        }
        check_room(conn, &event)?;
        let row = EventRow {
            id: Uuid::now_v7().to_string(),
            number: ledger.next_seq(),
            kind: String::new(),
            institution: String::new(),
            dataset_id: None,
            state: String::new(),
            first_day: 0,
            last_day: 0,
            revision: 1,
            doc: String::new(),
            created_by: acting.person_id(),
            created_at: acting.now,
            updated_at: acting.now,
        };
        let row = filled(row, &event)?;
        log(conn, ledger, acting, "CREATED", (None, &row), &[])?;
        table::insert(conn, &row)?;
        answer(conn, acting, &row, record)
    };
    plans::telling(catalogue, plan, acting.now, || catalogue.db.write(write))
}

/// The row with the entry in it.
fn filled(row: EventRow, event: &Event) -> Result<EventRow, Error> {
    let (first_day, last_day) = event.dates().days().unwrap_or_default();
    Ok(EventRow {
        kind: event.kind.code().to_owned(),
        institution: event.institution.to_string(),
        dataset_id: event.dataset.map(|id| id.to_string()),
        state: event.state.code().to_owned(),
        first_day,
        last_day,
        doc: serde_json::to_string(event)?,
        ..row
    })
}

fn visible_record(conn: &mut Conn, acting: Acting<'_>, id: Uuid) -> Result<Arc<Record>, Error> {
    records_within(conn, acting.actor, &[id])?.remove(&id).ok_or_else(|| Error::NotFound(format!("dataset `{id}`")))
}

/// Whether the institution may register dates of the dataset: it produces or holds it. The coordinator may convene a meeting about any.
fn check_dataset(acting: Acting<'_>, action: Action, event: &Event, dataset: &Dataset) -> Result<(), Error> {
    let forbidden = |code| Err(Error::Forbidden { code, action });
    if dataset.copied_from.is_some() {
        return forbidden(RefusalCode::CopiedRecord);
    }
    match dataset.status {
        PublicationStatus::Published => {}
        PublicationStatus::Retired => return forbidden(RefusalCode::RetiredRecord),
        _ => return forbidden(RefusalCode::WrongState),
    }
    let mut own = dataset.producer.iter().chain(dataset.holdings.iter().map(|holding| &holding.institution));
    let is_convened = event.kind == CalendarKind::Meeting && acting.actor.has(Role::Coordinator, None);
    if is_convened || own.any(|slug| *slug == event.institution) { Ok(()) } else { forbidden(RefusalCode::RoleRequired) }
}

fn check_institution(conn: &mut Conn, slug: &Slug) -> Result<(), Error> {
    if !institutions::by_slugs(conn, &[slug.to_string()])?.is_empty() {
        return Ok(());
    }
    let remedy = "is no institution of the catalogue; `institutions` lists their short names";
    Err(Error::Invalid(vec![Problem::new("institution", slug, remedy)]))
}

/// Whether there is room for one more entry of the dataset, or meeting of the institution.
fn check_room(conn: &mut Conn, event: &Event) -> Result<(), Error> {
    let (count, field) = match event.dataset {
        Some(id) => (table::count_of_dataset(conn, &id.to_string())?, "dataset"),
        None => (table::count_meetings(conn, event.institution.as_str())?, "institution"),
    };
    if usize::try_from(count).is_ok_and(|count| count < MAX_EVENTS) {
        return Ok(());
    }
    let remedy = format!("has {MAX_EVENTS} entries, which is as many as it may have; postpone one of them instead");
    Err(Error::Invalid(vec![Problem::new(field, count, remedy)]))
}

/// An entry as the transaction sees it.
struct Loaded {
    row: EventRow,
    event: Event,
    record: Option<Arc<Record>>,
}

/// Loads an entry that the actor may know of, and checks that the actor may write it, that it is still to come, and that its last state
/// was seen.
fn load_for(conn: &mut Conn, acting: Acting<'_>, id: &str, expected: i64) -> Result<Loaded, Error> {
    let absent = || Error::NotFound(format!("calendar entry `{id}`"));
    let row = table::by_id(conn, id)?.ok_or_else(absent)?;
    let event = read_event(&row)?;
    // A token that was made for writing and not for reading may do it.
    let is_own = acting.actor.institutions().contains(&&event.institution);
    let record = match event.dataset {
        Some(id) => records_within(conn, acting.actor, &[id])?.remove(&id),
        None => None,
    };
    let is_known = if event.dataset.is_some() { record.is_some() } else { may_see_meeting(acting.actor, &event) };
    if !is_known && !is_own {
        return Err(absent());
    }
    let action = action_of(event.kind);
    let forbidden = |code| Error::Forbidden { code, action };
    check(acting.actor, action, &Subject { institution: Some(&event.institution), ..Subject::default() }).map_err(forbidden)?;
    // The coordinator moves the meetings that they convened, and not those of others.
    if !is_own && row.created_by != acting.person_id() {
        return Err(forbidden(RefusalCode::RoleRequired));
    }
    event.check_open().map_err(forbidden)?;
    if row.revision != expected {
        return Err(clash(conn, ENTITY, &row.id, expected, row.revision)?);
    }
    Ok(Loaded { row, event, record })
}

/// Changes the planned date of an entry, for a reason that everyone who sees the entry reads. The date before is kept. An entry is postponed where
/// the date is later than the one before or than the first one; one that is brought forward stays planned.
///
/// # Errors
/// Not found, forbidden, invalid, no reason, told as done or cancelled, or written by another since.
pub fn postpone(
    catalogue: &Catalogue,
    acting: Acting<'_>,
    (id, expected): (&str, i64),
    planned: Dates,
    reason: MultilingualText,
) -> Result<Entry, Error> {
    telling(catalogue, acting, id, |conn, ledger| {
        let Loaded { row, mut event, record } = load_for(conn, acting, id, expected)?;
        let mut problems = check_dates("planned", &planned);
        problems.extend(reason_problems(&reason));
        if planned == event.planned {
            problems.push(Problem::new("planned", planned.edtf(), "is the date that it has already; give another"));
        }
        let changes = table::postponements(conn, std::slice::from_ref(&row.id))?;
        let position = changes.len();
        if position >= MAX_POSTPONEMENTS {
            let remedy = "its date was changed as often as it may be; cancel it, and register another";
            problems.push(Problem::new("entry", position, remedy));
        }
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        let function = persons::by_id(conn, &acting.person_id())?.map(|person| person.function);
        let change = PostponementRow {
            event_id: row.id.clone(),
            position: i64::try_from(position).unwrap_or(i64::MAX),
            planned_before: serde_json::to_string(&event.planned)?,
            planned_after: serde_json::to_string(&planned)?,
            reason: serde_json::to_string(&reason)?,
            institution: event.institution.to_string(),
            function: function.unwrap_or_else(|| acting.actor.log_name()),
            at: acting.now,
        };
        table::postpone(conn, &change)?;
        let first = changes.first().map(|first| serde_json::from_str::<Dates>(&first.planned_before)).transpose()?;
        let is_later = planned.are_later_than(&event.planned) || first.is_some_and(|first| planned.are_later_than(&first));
        event.planned = planned;
        event.state = if is_later { CalendarState::Postponed } else { CalendarState::Planned };
        let kind = if is_later { "POSTPONED" } else { "UPDATED" };
        save(conn, ledger, acting, kind, (row, &event, record), &["planned", "state"])
    })
}

/// Tells that an entry was done, and when.
///
/// # Errors
/// Not found, forbidden, a day that is still to come, told as done or cancelled before, or written by another since.
pub fn complete(catalogue: &Catalogue, acting: Acting<'_>, (id, expected): (&str, i64), actual: Dates) -> Result<Entry, Error> {
    telling(catalogue, acting, id, |conn, ledger| {
        let Loaded { row, mut event, record } = load_for(conn, acting, id, expected)?;
        let mut problems = check_dates("actual", &actual);
        // Of a month or year that has begun, the rest may still be to come; of a day none is.
        let is_to_come = |bound: Bound| bound.date().is_some_and(|date| date.first_day() > day_of(acting.now));
        if is_to_come(actual.start) || is_to_come(actual.end) {
            let remedy = "is still to come; what is told as done has been done, another date is told by postponing";
            problems.push(Problem::new("actual", actual.edtf(), remedy));
        }
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        event.actual = Some(actual);
        event.state = CalendarState::Done;
        save(conn, ledger, acting, "DONE", (row, &event, record), &["actual", "state"])
    })
}

/// Gives an entry up, for a reason that everyone who sees the entry reads. It stays in the calendar.
///
/// # Errors
/// Not found, forbidden, no reason, told as done or cancelled before, or written by another since.
pub fn cancel(catalogue: &Catalogue, acting: Acting<'_>, (id, expected): (&str, i64), reason: MultilingualText) -> Result<Entry, Error> {
    telling(catalogue, acting, id, |conn, ledger| {
        let Loaded { row, mut event, record } = load_for(conn, acting, id, expected)?;
        let problems = reason_problems(&reason);
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        event.reason = reason;
        event.state = CalendarState::Cancelled;
        save(conn, ledger, acting, "CANCELLED", (row, &event, record), &["reason", "state"])
    })
}

/// Lets the collections and releases of a dataset that its former producer registered pass on with it: they stand in the place of what the record
/// documents as before, and are the new producer's to move. When one was told as done or given up stays known.
///
/// # Errors
/// A statement failed.
pub fn pass_on(conn: &mut Conn, ledger: &mut Ledger, acting: Acting<'_>, dataset: &str, (from, to): (&Slug, &Slug)) -> Result<(), Error> {
    let is_own = |row: &EventRow| row.institution == from.as_str() && row.kind != CalendarKind::Meeting.code();
    for row in table::of_datasets(conn, &[dataset.to_owned()])?.into_iter().filter(is_own) {
        let mut event = read_event(&row)?;
        let is_over = event.check_open().is_err();
        event.institution = to.clone();
        let updated_at = if is_over { row.updated_at } else { acting.now };
        let next = filled(EventRow { revision: row.revision + 1, updated_at, ..row.clone() }, &event)?;
        log(conn, ledger, acting, "TRANSFERRED", (Some(&row), &next), &["institution"])?;
        table::update(conn, &next)?;
    }
    Ok(())
}

/// Changes an entry. Where it is a collection, the institutions are told whose plans it meets since, or no more.
fn telling(
    catalogue: &Catalogue,
    acting: Acting<'_>,
    id: &str,
    change: impl FnOnce(&mut Conn, &mut Ledger) -> Result<Entry, Error>,
) -> Result<Entry, Error> {
    let row = catalogue.db.read(|conn| table::by_id(conn, id))?;
    let collection = row.filter(|row| row.kind == CalendarKind::Collection.code());
    let plan = collection.and_then(|row| row.dataset_id).as_deref().map(read_id).transpose()?;
    plans::telling(catalogue, plan, acting.now, || catalogue.db.write(change))
}

fn reason_problems(reason: &MultilingualText) -> Vec<Problem> {
    if reason.is_empty() {
        return vec![Problem::new("reason", "", "give a reason in at least one language; everyone who sees the entry reads it")];
    }
    let too_long = reason.iter().filter(|(_, wording)| wording.text.chars().count() > MAX_REASON);
    let remedy = format!("is longer than {MAX_REASON} characters; shorten it");
    too_long.map(|(tag, wording)| Problem::new(format!("reason.{}", tag.as_str()), wording.text.chars().count(), remedy.clone())).collect()
}

fn save(
    conn: &mut Conn,
    ledger: &mut Ledger,
    acting: Acting<'_>,
    kind: &str,
    (before, event, record): (EventRow, &Event, Option<Arc<Record>>),
    fields: &[&str],
) -> Result<Entry, Error> {
    let next = filled(EventRow { revision: before.revision + 1, updated_at: acting.now, ..before.clone() }, event)?;
    log(conn, ledger, acting, kind, (Some(&before), &next), fields)?;
    table::update(conn, &next)?;
    answer(conn, acting, &next, record)
}

/// The entry as it is now.
fn answer(conn: &mut Conn, acting: Acting<'_>, row: &EventRow, record: Option<Arc<Record>>) -> Result<Entry, Error> {
    let postponed = table::postponements(conn, std::slice::from_ref(&row.id))?;
    let found: Option<EventRecord> = with_postponements(&[row], postponed)?.pop();
    let event = found.ok_or_else(|| Error::Internal(anyhow::anyhow!("calendar entry `{}` cannot be read", row.id)))?;
    Ok(Entry::registered(Arc::new(event), record, day_of(acting.now)))
}

/// Who may know of an entry from the change log: anyone, where it is about a record whose dates anyone sees.
fn known_to(conn: &mut Conn, row: &EventRow) -> Result<KnownTo, Error> {
    let Some(id) = row.dataset_id.clone() else { return Ok(KnownTo::Auditors) };
    let Some(found) = datasets::by_ids(conn, &[id])?.pop() else { return Ok(KnownTo::Auditors) };
    let dataset: Dataset = serde_json::from_str(&found.doc)?;
    let is_open = dataset.status == PublicationStatus::Published && dataset.visibility == Visibility::Public;
    let is_masked = dataset.masks.iter().any(|mask| mask.field == MaskableField::Period);
    Ok(if is_open && !is_masked { KnownTo::Public } else { KnownTo::Auditors })
}

/// Writes a change into the log: where the entry stands and which fields changed, never their content; the calendar shows the rest.
fn log(
    conn: &mut Conn,
    ledger: &mut Ledger,
    acting: Acting<'_>,
    kind: &str,
    (before, after): (Option<&EventRow>, &EventRow),
    fields: &[&str],
) -> Result<(), Error> {
    let state = |row: &EventRow| {
        let sha256 = hex(&Sha256::digest(row.doc.as_bytes()));
        json!({ "kind": row.kind, "state": row.state, "revision": row.revision, "sha256": sha256 })
    };
    let mut now = state(after);
    now["fields"] = json!(fields);
    let before = before.map(|row| state(row).to_string());
    let change = NewChange {
        at: acting.now,
        actor: &acting.actor.log_name(),
        kind,
        entity: ENTITY,
        entity_id: &after.id,
        known_to: known_to(conn, after)?,
        before: before.as_deref(),
        after: Some(&now.to_string()),
    };
    ledger.append(conn, &change)?;
    Ok(())
}
