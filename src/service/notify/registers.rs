//! Who is told of what happens in the registers and in discussions.

use serde_json::Value;

use crate::domain::concept::Concepts;
use crate::domain::dataset::Dataset;
use crate::domain::ids::Slug;
use crate::domain::register::Entry;
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::{MaskableField, NoticeKind, RegisterCommand, RegisterKind, RegisterState, Role, Vocabulary};
use crate::service::Error;
use crate::service::registers::comments::Topic;
use crate::store::changes::Change;
use crate::store::{Conn, datasets, registers as table};

use super::{Least, Said, Telling, Who, naming, people_with, requests, tell, title_of, who_sees, who_sees_of};

/// Editors and validators of an institution.
pub(super) fn writers(conn: &mut Conn, slug: &str) -> Result<Vec<String>, Error> {
    people_with(conn, slug, &[Role::Editor, Role::Validator])
}

/// Editors and validators of several institutions.
fn writers_of_all<'s>(conn: &mut Conn, slugs: impl Iterator<Item = &'s Slug>) -> Result<Vec<String>, Error> {
    let mut people = Vec::new();
    for slug in slugs {
        people.extend(writers(conn, slug.as_str())?);
    }
    Ok(people)
}

/// The people of the institution that an entry speaks for; of none, those of the coordination.
fn owners(conn: &mut Conn, own: Option<&str>) -> Result<Vec<String>, Error> {
    match own {
        Some(slug) => writers(conn, slug),
        None => people_with(conn, "", &[Role::Coordinator]),
    }
}

/// Editors and validators of the producers of the records that an entry is about, as far as they see all of these.
fn producers(conn: &mut Conn, entry: &Entry) -> Result<Vec<String>, Error> {
    let ids: Vec<String> = entry.datasets.iter().map(ToString::to_string).collect();
    let rows = datasets::by_ids(conn, &ids)?;
    let records = rows.iter().map(|row| serde_json::from_str::<Dataset>(&row.doc)).collect::<Result<Vec<_>, _>>()?;
    let mut people = Vec::new();
    for slug in records.iter().filter_map(|dataset| dataset.producer.as_ref()) {
        people.extend(writers(conn, slug.as_str())?);
    }
    // Who sees a stub of one is not shown that there is an entry.
    for dataset in &records {
        people = who_sees_of(conn, people, dataset, Least::Record)?.0;
    }
    // Of a note on figures that are masked the producers' people know, whose own they are; others are told nothing.
    let masked = |dataset: &Dataset| dataset.masks.iter().any(|mask| mask.field == MaskableField::Discrepancies);
    if entry.kind == RegisterKind::DiscrepancyNote && records.iter().any(masked) {
        let mut own = Vec::new();
        for slug in records.iter().filter_map(|dataset| dataset.producer.as_ref()) {
            own.extend(writers(conn, slug.as_str())?);
        }
        people.retain(|person| own.contains(person));
    }
    Ok(people)
}

/// Who is told what of a change of an entry.
pub fn tellings(conn: &mut Conn, concepts: &Concepts, change: &Change, after: &Value) -> Result<Vec<Telling>, Error> {
    let Some(row) = table::by_id(conn, &change.entity_id)? else { return Ok(Vec::new()) };
    let entry: Entry = serde_json::from_str(&row.doc)?;
    let command = after.get("command").and_then(Value::as_str).unwrap_or_default();
    let state = after.get("state").and_then(Value::as_str).and_then(RegisterState::parse).unwrap_or(entry.state);
    let own = entry.institution.as_ref().map(ToString::to_string);
    use NoticeKind as N;
    use RegisterCommand as C;
    let (kind, people) = match (entry.kind, RegisterCommand::parse(command)) {
        (RegisterKind::DataRequest, command) => match requests::told(conn, change, &row, &entry, command)? {
            Some(told) => told,
            None => return Ok(Vec::new()),
        },
        (RegisterKind::Overlap, _) => (N::OverlapDecided, producers(conn, &entry)?),
        (RegisterKind::ComparabilityNote | RegisterKind::DiscrepancyNote, command) => {
            let kind = match (state, command) {
                (RegisterState::Proposed, Some(C::Agree)) => N::NoteConsented,
                (RegisterState::Proposed, _) => N::NoteProposed,
                (RegisterState::Agreed, _) => N::NoteAgreed,
                _ => N::RegisterChanged,
            };
            (kind, producers(conn, &entry)?)
        }
        (RegisterKind::CapacityNeed, Some(C::Offer)) => (N::OfferMade, owners(conn, own.as_deref())?),
        (RegisterKind::CapacityNeed, Some(C::AcceptOffer)) => {
            // The one that this change accepted; others may have been since.
            let accepted = entry.offers.iter().filter(|offer| offer.accepted_at == Some(change.at)).map(|offer| &offer.institution);
            (N::OfferAccepted, writers_of_all(conn, accepted)?)
        }
        // Who invites, and who wrote it down for them.
        (RegisterKind::Invitation, Some(C::TakePart | C::StepBack)) => {
            let mut people = owners(conn, own.as_deref())?;
            people.push(row.created_by.clone());
            (N::ParticipationChanged, people)
        }
        (_, None | Some(C::Update)) if state == RegisterState::Draft => match &own {
            Some(slug) => (N::RegisterToValidate, people_with(conn, slug, &[Role::Validator])?),
            None => (N::RegisterToValidate, people_with(conn, "", &[Role::Coordinator])?),
        },
        (_, Some(given @ (C::Validate | C::Close | C::Withdraw))) => {
            let mut people = vec![row.created_by.clone()];
            if let Some(slug) = &own {
                people.extend(writers(conn, slug)?);
            }
            // Who has offered something for it, takes part or was asked to plans with it. What was never validated they have not seen.
            if given != C::Validate && entry.steps.iter().any(|step| step.command == Some(C::Validate)) {
                let offering = entry.offers.iter().map(|offer| &offer.institution);
                let invited = entry.institutions.iter().filter(|_| entry.kind == RegisterKind::Invitation);
                people.extend(writers_of_all(conn, offering.chain(invited))?);
            }
            (N::RegisterChanged, people)
        }
        _ => return Ok(Vec::new()),
    };
    // The step that the change tells of; others may have come meanwhile.
    let given = RegisterCommand::parse(command);
    let own_step = entry.steps.iter().rev().find(|step| step.at == change.at && step.command == given);
    let who = own_step.and_then(|step| step.institution.as_ref()).map(|slug| Who::Institution(slug.to_string()));
    // While a correction waits for its validation, others are told of what stands; who is to agree, of what is proposed.
    let standing = entry.standing().filter(|_| !matches!(kind, N::RegisterToValidate | N::NoteProposed | N::NoteConsented));
    let (titles, path) = naming::named(conn, concepts, standing.as_ref().unwrap_or(&entry), kind)?;
    let (promised, day) = requests::promised(&entry, kind, own_step.map_or(entry.state, |step| step.state), change.at);
    let title = titles.words(None, None).map_or_else(|| entry.kind.label("en").to_owned(), str::to_owned);
    let telling = |kind, people| Telling {
        kind,
        people,
        title: title.clone(),
        reason: own_step.and_then(|step| step.note.clone()),
        path: path.clone(),
        entity_id: change.entity_id.clone(),
        said: Said { who: who.clone(), day, promised: promised.clone(), ..Said::default() },
        titles: titles.clone(),
    };
    let mut all = vec![telling(kind, people)];
    // An invitation reaches those invited when it is validated; who takes part already is not invited again.
    if (entry.kind, RegisterCommand::parse(command)) == (RegisterKind::Invitation, Some(C::Validate)) {
        let taking_part = entry.taking_part(i64::MAX);
        let mut invited = Vec::new();
        for slug in entry.institutions.iter().filter(|slug| !taking_part.contains(slug)) {
            invited.extend(writers(conn, slug.as_str())?);
        }
        all.push(telling(N::Invited, invited));
    }
    Ok(all)
}

/// Tells the producers of the records that an agreed note is on that these say otherwise since.
///
/// # Errors
/// The database is unavailable.
pub fn note_outdated(conn: &mut Conn, concepts: &Concepts, row: &table::EntryRow, now: i64) -> Result<(), Error> {
    let entry: Entry = serde_json::from_str(&row.doc)?;
    let people = producers(conn, &entry)?;
    let kind = NoticeKind::NoteOutdated;
    let (titles, path) = naming::named(conn, concepts, &entry, kind)?;
    let title = titles.words(None, None).map_or_else(|| entry.kind.label("en").to_owned(), str::to_owned);
    let telling = Telling { kind, people, title, reason: None, path, entity_id: row.id.clone(), said: Said::default(), titles };
    tell(conn, (0, ""), &telling, now)
}

/// Who is spoken to in a comment, as far as they may read what it is on.
pub fn of_comment(conn: &mut Conn, concepts: &Concepts, change: &Change) -> Result<Vec<Telling>, Error> {
    let Some(row) = table::comment(conn, &change.entity_id)?.filter(|row| row.withdrawn_at.is_none()) else { return Ok(Vec::new()) };
    let mut people = Vec::new();
    for slug in row.mentions.split(' ').filter(|slug| !slug.is_empty()) {
        people.extend(writers(conn, slug)?);
    }
    let shown: MultilingualText;
    let (title, path) = match Topic::of(&row) {
        Some(Topic::Dataset(id)) => {
            let Some(found) = datasets::by_ids(conn, &[id.to_string()])?.pop() else { return Ok(Vec::new()) };
            let dataset: Dataset = serde_json::from_str(&found.doc)?;
            people = who_sees(conn, people, &dataset)?.0;
            shown = dataset.titles.clone();
            title_of(&found, &dataset)
        }
        Some(Topic::Entry(id)) => {
            let Some(found) = table::by_id(conn, &id.to_string())? else { return Ok(Vec::new()) };
            let entry: Entry = serde_json::from_str(&found.doc)?;
            // While a correction waits for its validation others go on reading what stands; its new words are for its institution.
            let standing = entry.standing();
            if entry.is_of_records() {
                let allowed = producers(conn, &entry)?;
                people.retain(|person| allowed.contains(person));
            } else if (entry.is_unsettled() && standing.is_none()) || entry.state == RegisterState::Withdrawn {
                let own = entry.institution.as_ref().map(ToString::to_string).unwrap_or_default();
                let allowed = writers(conn, &own)?;
                people.retain(|person| allowed.contains(person));
            }
            shown = naming::titles(conn, concepts, standing.as_ref().unwrap_or(&entry))?;
            (shown.words(None, None).map_or_else(|| entry.kind.label("en").to_owned(), str::to_owned), String::new())
        }
        None => return Ok(Vec::new()),
    };
    Ok(vec![Telling {
        kind: NoticeKind::Mentioned,
        people,
        title,
        reason: None,
        path,
        entity_id: row.subject_id.clone(),
        said: Said { who: row.institution.clone().map(Who::Institution), ..Said::default() },
        titles: shown,
    }])
}
