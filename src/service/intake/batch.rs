//! Some records at once, in one transaction: each becomes a draft of the institution, or changes the one that it became before.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::domain::dataset::Dataset;
use crate::domain::ids::DatasetId;
use crate::domain::merge::{Merged, merge};
use crate::domain::problem::Problem;
use crate::domain::vocabulary::{PublicationStatus, RecordFate, Vocabulary};
use crate::store::changes::Ledger;
use crate::store::copies::{self, CopyRow};
use crate::store::datasets::{self, DatasetRow};
use crate::store::sources::{self, OriginRow};
use crate::store::{Conn, StoreError};

use super::super::drafts;
use super::super::{Catalogue, Error};
use super::apart::{in_doubt, is_first_to_write, keep_apart, older_than_before, tell_repeated, tell_systems_apart};
use super::origin::{Origin, OriginDoc, Unfit};
use super::own::once_more;
use super::part::nothing_known;
use super::ready::{Came, Ready, prepare, slugs_of};
use super::taking::{Taken, Taking};

/// Why a transaction ends without being kept.
enum Stop {
    /// It was only to show what would come of it.
    Dry(Vec<Taken>),
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

/// Takes records in, in one transaction, in which `also` writes what belongs to it.
///
/// # Errors
/// The database is unavailable; then none of them was taken.
pub fn take(
    catalogue: &Catalogue,
    taking: &Taking<'_>,
    came: Vec<Came>,
    also: impl FnOnce(&mut Conn, &[Taken]) -> Result<(), Error>,
) -> Result<Vec<Taken>, Error> {
    let mut ready = came.into_iter().map(|came| prepare(taking, came)).collect::<Result<Vec<_>, Error>>()?;
    tell_repeated(taking, &mut ready);
    let done = catalogue.db.write(|conn, ledger| {
        let mut batch = Batch::load(conn, catalogue, taking, &mut ready)?;
        let taken = ready.iter().map(|one| batch.take(conn, ledger, one)).collect::<Result<Vec<_>, Error>>()?;
        batch.keep_originals(conn, &ready)?;
        sources::mark_seen(conn, taking.place, &batch.seen, taking.sweep).map_err(Error::from)?;
        also(conn, &taken)?;
        if taking.is_dry { Err(Stop::Dry(taken)) } else { Ok(taken) }
    });
    if let Ok(taken) = &done {
        // What was read before of those that are published now is no longer as it was.
        let published: Vec<Uuid> =
            taken.iter().filter(|taken| taken.is_published).filter_map(|taken| taken.dataset).map(|id| id.0).collect();
        if !published.is_empty() {
            catalogue.forget(&published, false);
        }
    }
    match done {
        Ok(taken) | Err(Stop::Dry(taken)) => Ok(taken),
        Err(Stop::Failed(error)) => Err(error),
    }
}

/// What the store knows of the records of a batch.
pub(super) struct Batch<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) taking: &'a Taking<'a>,
    origins: HashMap<String, OriginRow>,
    pub(super) copies: HashMap<String, CopyRow>,
    pub(super) records: HashMap<String, DatasetRow>,
    /// Short names and identifiers of records and copies of the institution.
    pub(super) own: HashMap<String, String>,
    /// Short names that are taken.
    pub(super) taken: HashSet<String>,
    /// Keys of records that are just as they were.
    seen: Vec<String>,
}

impl<'a> Batch<'a> {
    fn load(conn: &mut Conn, catalogue: &'a Catalogue, taking: &'a Taking<'a>, ready: &mut [Ready]) -> Result<Self, Error> {
        let keys: Vec<String> = ready.iter().flat_map(|one| [Some(one.key.clone()), one.other_key.clone()]).flatten().collect();
        let mut origins: HashMap<String, OriginRow> =
            sources::origins(conn, taking.place, &keys)?.into_iter().map(|row| (row.record_key.clone(), row)).collect();
        let places = in_doubt(ready, &origins)?;
        let more: Vec<String> =
            places.iter().filter_map(|place| ready.get(*place)).flat_map(|one| one.titled.iter().chain([&one.alone])).cloned().collect();
        if !more.is_empty() {
            origins.extend(sources::origins(conn, taking.place, &more)?.into_iter().map(|row| (row.record_key.clone(), row)));
            keep_apart(taking, ready, &places, &origins)?;
        }
        tell_systems_apart(ready, &origins, taking.name)?;
        let mut slugs: Vec<String> = ready.iter().flat_map(|one| slugs_of(taking, one)).collect();
        slugs.sort_unstable();
        slugs.dedup();
        let mut ids: Vec<String> = origins.values().map(|row| row.dataset_id.clone()).collect();
        ids.extend(ready.iter().filter_map(|one| one.identifier).map(|id| id.to_string()));
        let mut copies = copies::of_datasets(conn, &ids)?;
        copies.extend(copies::by_slugs(conn, &slugs)?);
        let mut records = datasets::by_ids(conn, &ids)?;
        if !slugs.is_empty() {
            records.extend(datasets::by_slugs(conn, &slugs)?);
        }
        let mut batch = Self {
            catalogue,
            taking,
            origins,
            copies: HashMap::new(),
            records: HashMap::new(),
            own: HashMap::new(),
            taken: HashSet::new(),
            seen: Vec::new(),
        };
        let institution = taking.institution.as_str();
        for row in records {
            // A copy is its registry's, whoever produced what it describes.
            if row.producer.as_deref() == Some(institution) && !is_copy(&row)? {
                batch.own.insert(row.slug.clone(), row.id.clone());
                batch.own.insert(row.id.clone(), row.id.clone());
            }
            batch.taken.insert(row.slug.clone());
            batch.records.insert(row.id.clone(), row);
        }
        for row in copies {
            if row.institution == institution {
                batch.own.extend(row.slug.iter().map(|slug| (slug.clone(), row.dataset_id.clone())));
                batch.own.insert(row.dataset_id.clone(), row.dataset_id.clone());
            }
            batch.taken.extend(row.slug.clone());
            batch.copies.insert(row.dataset_id.clone(), row);
        }
        // A record of the institution may have a copy, or a copy a record, that only its identifier leads to.
        let met: Vec<String> = batch.own.values().filter(|id| !batch.copies.contains_key(*id)).cloned().collect();
        batch.copies.extend(copies::of_datasets(conn, &met)?.into_iter().map(|row| (row.dataset_id.clone(), row)));
        let met: Vec<String> = batch.own.values().filter(|id| !batch.records.contains_key(*id)).cloned().collect();
        batch.records.extend(datasets::by_ids(conn, &met)?.into_iter().map(|row| (row.id.clone(), row)));
        for one in ready.iter_mut().filter(|one| !one.origin.is_deleted) {
            batch.tell_ways(one, batch.origins.get(&one.key).map(|row| row.dataset_id.as_str()));
        }
        Ok(batch)
    }

    fn take(&mut self, conn: &mut Conn, ledger: &mut Ledger, one: &Ready) -> Result<Taken, Error> {
        let mut taken = Taken {
            key: one.key.clone(),
            fate: RecordFate::Failed,
            problems: Vec::new(),
            unfit: one.unfit.len() as u64,
            parts: if self.taking.tells_parts { one.unfit.clone() } else { Vec::new() },
            dataset: None,
            is_published: false,
        };
        if one.is_once_more {
            // Its parts were told with the one before.
            return Ok(Taken { fate: RecordFate::Unchanged, unfit: 0, parts: Vec::new(), ..taken });
        }
        if let Some(problem) = &one.problem {
            taken.problems.push(problem.clone());
            taken.problems.extend(one.faults.iter().cloned());
            return Ok(taken);
        }
        let known = self.origins.get(&one.key).cloned().map(Origin::of).transpose()?;
        if one.origin.is_deleted {
            return self.take_away(conn, known, taken);
        }
        if let Some(origin) = &known {
            is_first_to_write(self.taking, &origin.row.dataset_id, &one.key);
        }
        let mut taken = match known {
            // What another format leaves out was not taken away by anybody.
            Some(origin) if one.origin.is_part || origin.doc.format != self.taking.format.code() => {
                self.take_part(conn, ledger, one, origin, taken)
            }
            Some(origin) => self.take_again(conn, ledger, one, origin, taken),
            None => self.take_first(conn, ledger, one, taken),
        }?;
        taken.problems.extend(one.faults.iter().cloned());
        Ok(taken)
    }

    /// The other system says that the record is gone: flagged, not deleted.
    fn take_away(&mut self, conn: &mut Conn, known: Option<Origin>, mut taken: Taken) -> Result<Taken, Error> {
        taken.unfit = 0;
        taken.parts.clear();
        let Some(origin) = known else {
            // Never seen here, so nothing is missed; whoever gives it in a file is told.
            taken.fate = if self.taking.begins_again { RecordFate::SetAside } else { RecordFate::Unchanged };
            if self.taking.begins_again {
                let remedy = "its source says that the record is deleted, and it was never taken in here; nothing was begun";
                taken.problems.push(Problem::new("state", "", remedy));
            }
            return Ok(taken);
        };
        taken.dataset = read_id(&origin.row.dataset_id)?;
        taken.fate = if origin.row.gone_at.is_some() { RecordFate::Unchanged } else { RecordFate::Gone };
        let mut row = origin.row;
        row.gone_at = row.gone_at.or(Some(self.taking.acting.now));
        row.last_run = self.taking.sweep.to_owned();
        self.keep_origin(conn, row)?;
        Ok(taken)
    }

    /// A record that this place has not given before. It may be one of the institution's own, by its short name or identifier.
    fn take_first(&mut self, conn: &mut Conn, ledger: &mut Ledger, one: &Ready, mut taken: Taken) -> Result<Taken, Error> {
        let content = one.content.clone();
        let Some(dataset_id) = self.own_of(one).own else {
            if one.titles.is_empty() {
                taken.problems.push(nothing_known(one));
                return Ok(taken);
            }
            return self.begin(conn, ledger, one, content, DatasetId(Uuid::now_v7()), taken);
        };
        if self.is_retired(&dataset_id) {
            let row = self.new_origin(one, content, &dataset_id)?;
            return self.set_aside(conn, row, taken);
        }
        // What the record does not say stays as it is: nothing tells whether it was left out on purpose.
        let Some(ours) = self.present(&dataset_id)? else {
            return self.begin(conn, ledger, one, content, DatasetId(Uuid::now_v7()), taken);
        };
        if !is_first_to_write(self.taking, &dataset_id, &one.key) {
            taken.problems.push(once_more(one));
            return Ok(taken);
        }
        let hearing = self.hearing(conn, one, &ours, &dataset_id)?;
        let (laid, replaced) = hearing.lay(&one.said, &ours);
        let lacking = content.iter().filter(|(key, _)| !one.said.contains_key(*key) && !ours.contains_key(*key));
        let patch: Map<String, Value> = laid
            .into_iter()
            .filter(|(key, value)| key != "slug" && ours.get(key) != Some(value))
            .chain(lacking.map(|(key, value)| (key.clone(), value.clone())))
            .collect();
        taken = self.write(conn, ledger, &dataset_id, Merged { patch, kept: Vec::new() }, taken.with(&replaced))?;
        if matches!(taken.fate, RecordFate::Changed | RecordFate::Unchanged) {
            let mut row = self.new_origin(one, content, &dataset_id)?;
            row.doc = with_more(row.doc, &replaced)?;
            self.keep_origin(conn, row)?;
        }
        Ok(taken)
    }

    /// A record that this place gave before.
    pub(super) fn take_again(
        &mut self,
        conn: &mut Conn,
        ledger: &mut Ledger,
        one: &Ready,
        origin: Origin,
        mut taken: Taken,
    ) -> Result<Taken, Error> {
        let dataset_id = origin.row.dataset_id.clone();
        taken.dataset = read_id(&dataset_id)?;
        let mut content = one.content.clone();
        // The short name is this registry's affair once the draft is begun.
        match origin.doc.content.get("slug") {
            Some(slug) => content.insert("slug".to_owned(), slug.clone()),
            None => content.shift_remove("slug"),
        };
        if self.is_retired(&dataset_id) || self.is_with_another(&dataset_id) {
            return self.set_aside(conn, origin.row, taken);
        }
        taken.add(renamed(one, &content));
        let was_gone = origin.row.gone_at.is_some();
        if content == origin.doc.content && !self.is_forgotten(&dataset_id) {
            taken.fate = if was_gone { RecordFate::Changed } else { RecordFate::Unchanged };
            self.publish_waiting(conn, ledger, &dataset_id, &mut taken)?;
            let same_words = origin.doc.unfit == unfit_of(one, &content) && origin.doc.modified == one.origin.modified;
            if !was_gone && same_words && origin.row.original.as_deref() == one.hash() {
                self.seen.push(one.key.clone());
                return Ok(taken);
            }
            let mut row = self.new_origin(one, content, &dataset_id)?;
            row.doc = with_first_at(row.doc, origin.doc.first_at)?;
            self.keep_origin(conn, row)?;
            return Ok(taken);
        }
        let Some(ours) = self.present(&dataset_id)? else {
            if self.taking.begins_again {
                return self.begin(conn, ledger, one, content, DatasetId(Uuid::now_v7()), taken);
            }
            return self.set_aside(conn, origin.row, taken);
        };
        if let Some(line) = older_than_before(self.taking, one, &origin.doc).filter(|_| !was_gone) {
            self.seen.push(one.key.clone());
            return Ok(Taken { fate: RecordFate::Unchanged, problems: vec![line], unfit: 0, parts: Vec::new(), ..taken });
        }
        let merged = merge(&origin.doc.content, &content, &ours);
        taken = self.write(conn, ledger, &dataset_id, merged, taken)?;
        // What waits, or was not taken, is compared again the next time.
        let settled = matches!(taken.fate, RecordFate::Changed | RecordFate::Unchanged);
        let mut row = self.new_origin(one, if settled { content } else { origin.doc.content }, &dataset_id)?;
        row.doc = with_first_at(row.doc, origin.doc.first_at)?;
        self.keep_origin(conn, row)?;
        Ok(taken)
    }

    /// Keeps what was read of the records that are here now.
    fn keep_originals(&self, conn: &mut Conn, ready: &[Ready]) -> Result<(), Error> {
        let mut kept = HashSet::new();
        // A rehearsal would write it with each batch anew, to throw it away.
        if self.taking.is_dry {
            return Ok(());
        }
        for original in ready.iter().filter(|one| self.origins.contains_key(&one.key)).filter_map(|one| one.original.as_deref()) {
            if kept.insert(original.hash()) {
                original.keep(conn)?;
            }
        }
        Ok(())
    }

    /// Whether the institution has neither a record nor a working copy of it any more.
    pub(super) fn is_forgotten(&self, dataset_id: &str) -> bool {
        !self.copies.contains_key(dataset_id) && !self.records.contains_key(dataset_id)
    }

    /// Whether the institution has retired the record, and does not write in it again.
    pub(super) fn is_retired(&self, dataset_id: &str) -> bool {
        let retired = |row: &DatasetRow| row.status == PublicationStatus::Retired.code();
        !self.copies.contains_key(dataset_id) && self.records.get(dataset_id).is_some_and(retired)
    }

    /// Whether another institution describes the record now.
    pub(super) fn is_with_another(&self, dataset_id: &str) -> bool {
        let institution = self.taking.institution.as_str();
        self.copies.get(dataset_id).is_some_and(|row| row.institution != institution)
            || self.records.get(dataset_id).is_some_and(|row| row.producer.as_deref() != Some(institution))
    }

    /// A record that is not begun again. A person who gives it in a file is told why.
    pub(super) fn set_aside(&mut self, conn: &mut Conn, row: OriginRow, mut taken: Taken) -> Result<Taken, Error> {
        if self.taking.begins_again {
            let remedy = if self.is_retired(&row.dataset_id) {
                "the institution has retired this record, which does not come back; describe what is new under another short name"
            } else {
                "another institution describes this record now; tell it what has changed"
            };
            taken.problems.push(Problem::new("", "", remedy));
        }
        taken.fate = RecordFate::SetAside;
        taken.dataset = read_id(&row.dataset_id)?;
        let row = OriginRow { last_run: self.taking.sweep.to_owned(), gone_at: None, ..row };
        self.keep_origin(conn, row)?;
        Ok(taken)
    }

    /// What the institution has now: its working copy, else the published record. None where it has thrown it away.
    pub(super) fn present(&self, dataset_id: &str) -> Result<Option<Map<String, Value>>, Error> {
        if let Some(copy) = self.copies.get(dataset_id) {
            return Ok(Some(serde_json::from_str(&copy.doc)?));
        }
        match self.records.get(dataset_id) {
            Some(row) => Ok(Some(drafts::editable(row)?)),
            None => Ok(None),
        }
    }

    pub(super) fn new_origin(&self, one: &Ready, content: Map<String, Value>, dataset_id: &str) -> Result<OriginRow, Error> {
        let now = self.taking.acting.now;
        let doc = OriginDoc {
            format: self.taking.format.code().to_owned(),
            name: self.taking.name.to_owned(),
            identifier: one.origin.identifier.clone(),
            address: one.origin.address.clone(),
            modified: one.origin.modified.clone(),
            unfit: unfit_of(one, &content),
            content,
            first_at: now,
            is_copy: false,
        };
        Ok(OriginRow {
            place: self.taking.place.to_owned(),
            record_key: one.key.clone(),
            dataset_id: dataset_id.to_owned(),
            institution: self.taking.institution.to_string(),
            last_run: self.taking.sweep.to_owned(),
            gone_at: None,
            original: one.hash().map(str::to_owned),
            doc: serde_json::to_string(&doc)?,
            updated_at: now,
        })
    }

    pub(super) fn keep_origin(&mut self, conn: &mut Conn, row: OriginRow) -> Result<(), Error> {
        match self.origins.get(&row.record_key) {
            Some(_) => sources::update_origin(conn, &row)?,
            None => sources::insert_origin(conn, &row)?,
        }
        self.origins.insert(row.record_key.clone(), row);
        Ok(())
    }
}

pub(super) fn with_first_at(doc: String, first_at: i64) -> Result<String, Error> {
    let mut doc: OriginDoc = serde_json::from_str(&doc)?;
    doc.first_at = first_at;
    Ok(serde_json::to_string(&doc)?)
}

/// What is kept of a record, with more lines on what became of its parts.
pub(super) fn with_more(doc: String, told: &[Problem]) -> Result<String, Error> {
    if told.is_empty() {
        return Ok(doc);
    }
    let mut doc: OriginDoc = serde_json::from_str(&doc)?;
    doc.unfit.extend(told.iter().map(Unfit::from));
    Ok(serde_json::to_string(&doc)?)
}

/// What is to be said of the short name that a record has of its own, where the draft has another one or none.
pub(super) fn renamed(one: &Ready, content: &Map<String, Value>) -> Option<Problem> {
    let given = one.content.get("slug").and_then(Value::as_str).filter(|given| !given.is_empty())?;
    let remedy = match content.get("slug").and_then(Value::as_str) {
        Some(slug) if slug == given => return None,
        Some(_) => "cannot be this record's short name here; the one in the draft stands in its place until it is published: choose it",
        None => "cannot be this record's short name here, and nothing like it is free; choose one before it is published",
    };
    Some(Problem::new("slug", given, remedy))
}

/// The parts of a record that did not fit, with its short name where that one is not to be had.
fn unfit_of(one: &Ready, content: &Map<String, Value>) -> Vec<Unfit> {
    one.unfit.iter().cloned().chain(renamed(one, content).as_ref().map(Unfit::from)).collect()
}

fn is_copy(row: &DatasetRow) -> Result<bool, Error> {
    let dataset: Dataset = serde_json::from_str(&row.doc)?;
    Ok(dataset.copied_from.is_some())
}

pub(super) fn read_id(text: &str) -> Result<Option<DatasetId>, Error> {
    Ok(Some(DatasetId(super::super::catalogue::read_id(text)?)))
}
