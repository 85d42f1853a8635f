//! Decisions on pairs of records, and notes that their producers agree on. There is one of a kind for each pair.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Map, json};
use uuid::Uuid;

use crate::domain::agreement::date_on;
use crate::domain::comparability::{compare, mark};
use crate::domain::dataset::Discrepancy;
use crate::domain::filter::DatasetFilter;
use crate::domain::ids::Slug;
use crate::domain::overlap::{Decision, Decisions, pair_key as pair_of};
use crate::domain::policy::{Action, Actor, Subject, check};
use crate::domain::problem::Problem;
use crate::domain::register::{Entry, pair_key};
use crate::domain::text::MultilingualText;
use crate::domain::time::PartialDate;
use crate::domain::vocabulary::{ComparabilityVerdict, OverlapState, RegisterCommand, RegisterKind, RegisterState, Vocabulary};
use crate::service::catalogue::{day_of, records_within};
use crate::service::comparison::{AgreedNote, AgreedNotes};
use crate::service::drafts::Acting;
use crate::service::life::remark;
use crate::service::{Catalogue, Error, discrepancies};
use crate::store::Conn;
use crate::store::registers as table;

use super::content::{no_such_figures, read_entry};
use super::marks::{Stands, is_same, mark_of, stands};
use super::write::{Given, give, give_within, insert, load, only_name};
use super::{EntryFilter, EntryRecord, has_its_records, list, may, refusal, shows_what_it_is_about};

/// Key of an entry that is about records; of a note on figures, from whichever of the records that state them it was written.
fn key_of(entry: &Entry, stating: &[Uuid]) -> Option<String> {
    match (entry.kind, entry.datasets.as_slice()) {
        (RegisterKind::Overlap | RegisterKind::ComparabilityNote, [one, other]) => Some(pair_key(*one, *other)),
        (RegisterKind::DiscrepancyNote, [one, ..]) => {
            let first = stating.iter().chain([one]).min()?;
            entry.figures.as_ref().map(|figures| format!("{first}|{figures}"))
        }
        _ => None,
    }
}

/// Most discrepancies of the catalogue that are looked through for the same figures.
const LOOKED_THROUGH: usize = 2_000;

/// Other published records that state the same figures: their producers have a say in what explains them.
fn stating_the_same(catalogue: &Catalogue, acting: Acting<'_>, entry: &Entry) -> Result<Vec<Uuid>, Error> {
    let Some(one) = entry.datasets.first().filter(|_| entry.kind == RegisterKind::DiscrepancyNote) else { return Ok(Vec::new()) };
    let Some(record) = catalogue.records(acting.actor, &[*one])?.remove(one) else { return Ok(Vec::new()) };
    let place = entry.discrepancy.and_then(|index| usize::try_from(index).ok());
    let Some(figures) = place.and_then(|place| record.dataset.discrepancies.get(place)) else { return Ok(Vec::new()) };
    let today = day_of(acting.now);
    let found = discrepancies::page(catalogue, &Actor::Visitor, &DatasetFilter::default(), None, LOOKED_THROUGH, today)?;
    let mut ids = Vec::new();
    for stated in found.stated.iter().filter(|stated| stated.record.id.0 != *one) {
        let is_stated = stated.record.dataset.discrepancies.get(stated.place).is_some_and(|other| is_same(figures, other));
        if is_stated && !ids.contains(&stated.record.id.0) {
            ids.push(stated.record.id.0);
        }
    }
    Ok(ids)
}

/// The records that an entry names; all of them must be there for the actor.
fn with_records(conn: &mut Conn, acting: Acting<'_>, entry: Entry) -> Result<EntryRecord, Error> {
    let records = records_within(conn, acting.actor, &entry.datasets)?;
    if let Some(id) = entry.datasets.iter().find(|id| !records.contains_key(id)) {
        return Err(Error::NotFound(format!("dataset `{id}`")));
    }
    let record = EntryRecord {
        id: Uuid::nil(),
        number: 0,
        revision: 0,
        created_by: String::new(),
        created_at: acting.now,
        updated_at: acting.now,
        entry,
        supports: Vec::new(),
        records,
    };
    // Who sees only a stub of a record, or not what the note is on, is told what one is told of whom nothing is shown.
    if !has_its_records(&record) {
        let hidden = record
            .entry
            .datasets
            .iter()
            .find(|id| !record.records.get(id).is_some_and(|found| shows_what_it_is_about(&record.entry, &found.dataset)));
        return Err(Error::NotFound(format!("dataset `{}`", hidden.copied().unwrap_or_default())));
    }
    Ok(record)
}

/// In whose name the actor may do it.
fn name_of(
    actor: &Actor,
    record: &EntryRecord,
    command: RegisterCommand,
    action: Action,
    wanted: Option<&Slug>,
) -> Result<Option<Slug>, Error> {
    let names = may(actor, record, command);
    let forbidden = || Error::Forbidden { code: refusal(actor, action), action };
    match wanted {
        Some(slug) => names.into_iter().find(|name| name.as_ref() == Some(slug)).ok_or_else(forbidden),
        None => only_name(&names).ok_or_else(forbidden)?,
    }
}

/// Confirms or rejects that two records measure the same thing, for a producer of either or for the coordination. The last decision
/// counts; those before it stay in the entry's history.
///
/// # Errors
/// Not found, forbidden, or no two records.
pub fn decide(
    catalogue: &Catalogue,
    acting: Acting<'_>,
    pair: (Uuid, Uuid),
    is_confirmed: bool,
    (institution, note): (Option<&Slug>, &str),
) -> Result<EntryRecord, Error> {
    let note = remark("note", note)?;
    let state = if is_confirmed { RegisterState::Confirmed } else { RegisterState::Rejected };
    let mut entry = Entry::blank(RegisterKind::Overlap, state, None);
    entry.datasets = vec![pair.0.min(pair.1), pair.0.max(pair.1)];
    if pair.0 == pair.1 {
        return Err(Error::Invalid(vec![Problem::new("datasets", "", "name two different records")]));
    }
    catalogue.db.write(|conn, ledger| {
        let record = with_records(conn, acting, entry)?;
        let name = name_of(acting.actor, &record, RegisterCommand::Decide, Action::RegisterWrite, institution)?;
        let key = pair_key(pair.0, pair.1);
        if let Some(row) = table::keyed(conn, RegisterKind::Overlap.code(), &key)? {
            let given = Given { id: &row.id, expected: row.revision, institution: name.as_ref(), note: Some(&note) };
            return give_within(catalogue, conn, ledger, acting, RegisterCommand::Decide, &given, |_, entry, _| {
                entry.state = state;
                Ok(())
            });
        }
        let made = insert(catalogue, conn, ledger, acting, record.entry, name, Some(note))?;
        table::take_key(conn, RegisterKind::Overlap.code(), &key, &made.id.to_string())?;
        Ok(made)
    })
}

/// Proposes a note on a pair of records or on figures that differ, in the name of a producer or of the coordination. With the consent of
/// every producer of the records named, and of those that state the same figures, it is agreed.
///
/// # Errors
/// Not found, forbidden, invalid, or there is one already.
pub fn propose(
    catalogue: &Catalogue,
    acting: Acting<'_>,
    kind: RegisterKind,
    doc: Map<String, serde_json::Value>,
    institution: Option<&Slug>,
) -> Result<EntryRecord, Error> {
    let mut entry = read_entry(Entry::blank(kind, RegisterState::Proposed, None), doc, true)?;
    let stating = stating_the_same(catalogue, acting, &entry)?;
    let more: Vec<Uuid> = stating.iter().filter(|id| !entry.datasets.contains(id)).copied().collect();
    entry.datasets.extend(more);
    let known = if kind == RegisterKind::DiscrepancyNote { explanations(catalogue, acting.actor)? } else { Explanations::new() };
    catalogue.db.write(|conn, ledger| {
        let record = with_records(conn, acting, entry)?;
        let name = name_of(acting.actor, &record, RegisterCommand::Update, Action::RegisterWrite, institution)?;
        let mut entry = record.entry;
        if let (RegisterKind::DiscrepancyNote, [one, ..]) = (kind, entry.datasets.as_slice()) {
            // The note is on these figures, wherever in its list the record says them later.
            let stated = record.records.get(one).map(|found| found.dataset.discrepancies.as_slice()).unwrap_or_default();
            let place = entry.discrepancy.and_then(|index| usize::try_from(index).ok());
            let figures = place.and_then(|place| stated.get(place));
            if let Some(index) = entry.discrepancy.filter(|_| figures.is_none()) {
                return Err(Error::Invalid(vec![no_such_figures(index, stated.len())]));
            }
            entry.figures = figures.map(|figures| mark_of(figures, stated));
            // Notes of before have keys of another mark.
            if figures.is_some_and(|figures| explanation_of(&known, *one, figures, stated).is_some()) {
                return Err(taken());
            }
        }
        agree_within(catalogue, conn, acting, &mut entry, name.as_ref())?;
        let Some(key) = key_of(&entry, &stating) else {
            let remedy = "name two different records, or the one record in which the figures stand, and their place in its list";
            return Err(Error::Invalid(vec![Problem::new("datasets", entry.datasets.len(), remedy)]));
        };
        let made = insert(catalogue, conn, ledger, acting, entry, name, None)?;
        let is_taken = !table::take_key(conn, kind.code(), &key, &made.id.to_string())?;
        // A note that the actor cannot read is not told of: there may be one for each circle of readers.
        let other = if is_taken { table::keyed(conn, kind.code(), &key)? } else { None };
        if other.is_some_and(|other| load(conn, acting, &other.id).is_ok()) {
            return Err(taken());
        }
        Ok(made)
    })
}

fn taken() -> Error {
    Error::Conflict("there is a note on this already; change that one".to_owned())
}

/// Adds the consent of a producer; with that of all it is agreed.
pub(super) fn agree_within(
    catalogue: &Catalogue,
    conn: &mut Conn,
    acting: Acting<'_>,
    entry: &mut Entry,
    name: Option<&Slug>,
) -> Result<(), Error> {
    let records = records_within(conn, acting.actor, &entry.datasets)?;
    let producers: Vec<Option<Slug>> =
        entry.datasets.iter().map(|id| records.get(id).and_then(|record| record.dataset.producer.clone())).collect();
    // An editor proposes; to agree in the name of an institution is for its validator.
    let may_agree = |slug: &Slug| {
        let subject = Subject { institution: Some(slug), ..Subject::default() };
        check(acting.actor, Action::RegisterValidate, &subject).is_ok()
    };
    let is_producer = |slug: &Slug| producers.iter().flatten().any(|known| known == slug);
    if let Some(slug) = name.filter(|slug| is_producer(slug) && may_agree(slug) && !entry.agreed_by.contains(slug)) {
        entry.agreed_by.push(slug.clone());
    }
    // A record of which nobody is known as producer has nobody who could agree for it.
    let has_agreed = |slug: &Option<Slug>| slug.as_ref().is_some_and(|slug| entry.agreed_by.contains(slug));
    let is_agreed = !producers.is_empty() && producers.iter().all(has_agreed);
    if is_agreed {
        entry.state = RegisterState::Agreed;
        if entry.kind == RegisterKind::ComparabilityNote {
            entry.figures = standing(catalogue, conn, entry)?;
        }
    }
    Ok(())
}

/// How the two records of a note stand to each other, as anyone sees it; none where not everyone sees both.
fn standing(catalogue: &Catalogue, conn: &mut Conn, entry: &Entry) -> Result<Option<String>, Error> {
    let [one, other] = entry.datasets.as_slice() else { return Ok(None) };
    let seen = records_within(conn, &Actor::Visitor, &entry.datasets)?;
    let both = seen.get(one).zip(seen.get(other));
    let both = both.map(|(one, other)| (&one.dataset, &other.dataset));
    Ok(both.map(|(one, other)| mark(&compare(one, other, None, &catalogue.concepts), one, other)))
}

/// Agrees with a note in the name of a producer.
///
/// # Errors
/// Not found, forbidden, or another text than was seen.
pub fn agree(catalogue: &Catalogue, acting: Acting<'_>, given: &Given<'_>) -> Result<EntryRecord, Error> {
    give(catalogue, acting, RegisterCommand::Agree, given, |conn, entry, name| {
        if let Some(slug) = name.filter(|slug| entry.agreed_by.contains(slug)) {
            return Err(Error::Conflict(format!("`{slug}` has agreed to this wording already; the note waits for the other producers")));
        }
        agree_within(catalogue, conn, acting, entry, name)
    })
}

/// What was decided on pairs of records, as far as the actor may know of it.
///
/// # Errors
/// The database is unavailable.
pub fn decisions(catalogue: &Catalogue, actor: &Actor) -> Result<Decisions, Error> {
    let decision = |record: Arc<EntryRecord>| {
        let entry = &record.entry;
        let [one, other] = entry.datasets.as_slice() else { return None };
        let last = entry.steps.last()?;
        let state = if entry.state == RegisterState::Confirmed { OverlapState::Confirmed } else { OverlapState::Rejected };
        let decision = Decision {
            state,
            note: in_words(last.note.as_deref()),
            decided_on: date_of(last.at)?,
            by: last.institution.iter().cloned().collect(),
        };
        Some((pair_of(*one, *other), decision))
    };
    let states = vec![RegisterState::Confirmed, RegisterState::Rejected];
    Ok(of_kind(catalogue, actor, RegisterKind::Overlap, states)?.into_iter().filter_map(decision).collect())
}

/// What the producers of pairs of records agree on, as far as the actor may know of it.
///
/// # Errors
/// The database is unavailable.
pub fn agreed_notes(catalogue: &Catalogue, actor: &Actor) -> Result<AgreedNotes, Error> {
    let note = |record: Arc<EntryRecord>| {
        // Who reads another wording that is proposed is told here what stands until all have agreed to it.
        let standing = record.entry.standing();
        let entry = standing.as_ref().unwrap_or(&record.entry);
        let [one, other] = entry.datasets.as_slice() else { return None };
        if entry.state != RegisterState::Agreed {
            return None;
        }
        let agreed_on = date_of(entry.steps.last()?.at)?;
        Some((
            pair_of(*one, *other),
            AgreedNote {
                verdict: entry.verdict?,
                text: entry.text.clone(),
                agreed_on,
                by: entry.agreed_by.clone(),
                stood: entry.figures.clone(),
                is_outdated: false,
            },
        ))
    };
    let states = vec![RegisterState::Agreed, RegisterState::Proposed];
    Ok(of_kind(catalogue, actor, RegisterKind::ComparabilityNote, states)?.into_iter().filter_map(note).collect())
}

/// Explanations of figures that differ, by record; which figures of the record they are on tell their marks, see [`stands`].
pub type Explanations = HashMap<Uuid, Vec<Arc<EntryRecord>>>;

/// Explanations that stand so to figures that a record states among others.
fn standing_so<'e>(
    known: &'e Explanations,
    record: Uuid,
    (figures, stated): (&Discrepancy, &[Discrepancy]),
    wanted: Stands,
) -> impl Iterator<Item = &'e Arc<EntryRecord>> {
    let of_record = known.get(&record).into_iter().flatten();
    of_record.filter(move |found| found.entry.figures.as_deref().is_some_and(|mark| stands(mark, figures, stated) == wanted))
}

/// The explanation of figures that a record states among others: one that is agreed, else one that is proposed.
pub fn explanation_of<'e>(
    known: &'e Explanations,
    record: Uuid,
    figures: &Discrepancy,
    stated: &[Discrepancy],
) -> Option<&'e Arc<EntryRecord>> {
    standing_so(known, record, (figures, stated), Stands::OnThese).max_by_key(|found| found.entry.state == RegisterState::Agreed)
}

/// Whether there is an explanation of figures with these values, of which nobody can tell any more whether it is of these, and none that is.
pub fn is_in_question(known: &Explanations, record: Uuid, figures: &Discrepancy, stated: &[Discrepancy]) -> bool {
    let mut asked = standing_so(known, record, (figures, stated), Stands::InQuestion);
    asked.next().is_some() && explanation_of(known, record, figures, stated).is_none()
}

/// Explanations of figures that differ, agreed ones and, for who may read them, proposed ones; by record.
///
/// # Errors
/// The database is unavailable.
pub fn explanations(catalogue: &Catalogue, actor: &Actor) -> Result<Explanations, Error> {
    let states = vec![RegisterState::Agreed, RegisterState::Proposed];
    let mut known = Explanations::new();
    for record in of_kind(catalogue, actor, RegisterKind::DiscrepancyNote, states)? {
        for id in record.entry.datasets.iter().filter(|_| record.entry.figures.is_some()) {
            known.entry(*id).or_default().push(record.clone());
        }
    }
    Ok(known)
}

fn of_kind(catalogue: &Catalogue, actor: &Actor, kind: RegisterKind, states: Vec<RegisterState>) -> Result<Vec<Arc<EntryRecord>>, Error> {
    list(catalogue, actor, &EntryFilter { kinds: vec![kind], states, ..EntryFilter::default() })
}

fn date_of(at: i64) -> Option<PartialDate> {
    date_on(day_of(at))
}

/// A remark as a text; in which language it was written nobody has said.
pub(super) fn in_words(note: Option<&str>) -> MultilingualText {
    note.map(MultilingualText::of_unknown_language).unwrap_or_default()
}

/// The content of a comparability note.
pub fn verdict_doc(pair: (Uuid, Uuid), verdict: ComparabilityVerdict, text: serde_json::Value) -> Map<String, serde_json::Value> {
    let mut doc = Map::new();
    doc.insert("datasets".to_owned(), json!([pair.0.min(pair.1), pair.0.max(pair.1)]));
    doc.insert("verdict".to_owned(), json!(verdict.code()));
    doc.insert("text".to_owned(), text);
    doc
}
