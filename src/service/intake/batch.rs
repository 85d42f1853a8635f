//! Some records at once, in one transaction: each becomes a draft of the institution, or changes the one that it became before.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::domain::dataset::Dataset;
use crate::domain::draft::parse_urn;
use crate::domain::ids::{DatasetId, Slug};
use crate::domain::merge::{Merged, fill, merge};
use crate::domain::policy::Actor;
use crate::domain::problem::Problem;
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::{ImportFormat, PublicationStatus, RecordFate, RiskClass, Vocabulary};
use crate::interop::exchange::Found;
use crate::interop::holder::NOT_YET_KNOWN;
use crate::store::changes::Ledger;
use crate::store::copies::{self, CopyRow};
use crate::store::datasets::{self, DatasetRow};
use crate::store::sources::{self, OriginRow, OriginalRow};
use crate::store::{Conn, StoreError};

use super::super::drafts::{self, Acting, Draft};
use super::super::register::{Entry, put_dataset};
use super::super::{Catalogue, Error};
use super::FILES;
use super::names::{Institutions, propose_slug};
use super::origin::{Origin, OriginDoc, Unfit, key_of};

/// Longest draft that is taken, in bytes of JSON.
const LARGEST: usize = 4 << 20;

/// How records are taken in.
pub struct Taking<'a> {
    /// The source, or the files of an institution.
    pub place: &'a str,
    /// The institution that gets the drafts.
    pub institution: &'a Slug,
    /// The run.
    pub run: &'a str,
    /// What marks records as seen: the run, or the one that it goes on with.
    pub sweep: &'a str,
    /// The format that was read.
    pub format: ImportFormat,
    /// Name of the file, or address of the source.
    pub name: &'a str,
    /// Who takes them in, and when.
    pub acting: Acting<'a>,
    /// What a draft gets where the record does not say it, in the record format.
    pub defaults: &'a Map<String, Value>,
    /// Whether complete records are published at once, as the owner of the source has said.
    pub publishes: bool,
    /// Whether a record that the institution has thrown away may be begun again: where a person gives a file, not at each harvest.
    pub begins_again: bool,
    /// Whether nothing is to be written in the end.
    pub is_dry: bool,
    /// Institutions of the catalogue by name.
    pub institutions: &'a Institutions,
    /// Keys that the run has met, so that two records of one identifier do not write over each other.
    pub met: &'a Mutex<HashSet<String>>,
}

/// A record with what it was read from.
pub struct Came {
    /// The record.
    pub found: Found,
    /// What it was read from; shared by records that came in one.
    pub original: Option<Arc<OriginalRow>>,
}

/// What became of a record.
#[derive(Clone, Debug)]
pub struct Taken {
    /// By what it is known in its place.
    pub key: String,
    /// What became of it.
    pub fate: RecordFate,
    /// Why it was not taken, or not whole.
    pub problems: Vec<Problem>,
    /// Number of parts that did not fit.
    pub unfit: u64,
    /// The record here.
    pub dataset: Option<DatasetId>,
    /// Whether it was published at once.
    pub is_published: bool,
}

/// A record made ready.
struct Ready {
    key: String,
    content: Map<String, Value>,
    identifier: Option<Uuid>,
    titles: MultilingualText,
    unfit: Vec<Unfit>,
    problem: Option<Problem>,
    origin: crate::interop::exchange::Origin,
    original: Option<Arc<OriginalRow>>,
}

impl Ready {
    fn hash(&self) -> Option<&str> {
        self.original.as_deref().map(|original| original.hash.as_str())
    }
}

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

/// Takes records in, in one transaction.
///
/// # Errors
/// The database is unavailable; then none of them was taken.
pub fn take(catalogue: &Catalogue, taking: &Taking<'_>, came: Vec<Came>) -> Result<Vec<Taken>, Error> {
    let ready = came.into_iter().map(|came| prepare(taking, came)).collect::<Result<Vec<_>, Error>>()?;
    let done = catalogue.db.write(|conn, ledger| {
        let mut batch = Batch::load(conn, catalogue, taking, &ready)?;
        let taken = ready.iter().map(|one| batch.take(conn, ledger, one)).collect::<Result<Vec<_>, Error>>()?;
        batch.keep_originals(conn, &ready).map_err(Error::from)?;
        sources::mark_seen(conn, taking.place, &batch.seen, taking.sweep).map_err(Error::from)?;
        if taking.is_dry { Err(Stop::Dry(taken)) } else { Ok(taken) }
    });
    match done {
        Ok(taken) | Err(Stop::Dry(taken)) => Ok(taken),
        Err(Stop::Failed(error)) => Err(error),
    }
}

/// Makes the draft of a record: the holders settled, the defaults put in, what does not fit named.
fn prepare(taking: &Taking<'_>, came: Came) -> Result<Ready, Error> {
    let Came { mut found, original } = came;
    let (key, is_repeated) = told_apart(taking, &found);
    let identifier = found.draft.identifier.take().as_deref().and_then(parse_urn);
    let mut unfit: Vec<Unfit> = found.unfit.iter().map(Unfit::from).collect();
    name_holders(taking, &mut found, &mut unfit);
    let mut content = found.draft.to_doc()?;
    for fixed in ["status", "producer", "copiedFrom"] {
        content.shift_remove(fixed);
    }
    let mut problem = None;
    if !found.origin.is_deleted {
        fill(&mut content, taking.defaults);
        let size = serde_json::to_string(&content)?.len();
        if is_repeated {
            problem = Some(Problem::new(
                "identifier",
                &key,
                "another record of the source has this identifier and this title; the first one was taken",
            ));
        } else if key.is_empty() {
            problem = Some(Problem::new("titles", "", "the record has neither identifier nor title, so nothing says which one it is"));
        } else if found.draft.titles.is_empty() {
            problem = Some(Problem::new("titles", "", "the record has no title in any language; give it one in the source"));
        } else if size > LARGEST {
            problem = Some(Problem::new("", size, "the record is longer than 4 MiB; shorten its texts or its list of variables"));
        }
    }
    Ok(Ready { key, content, identifier, titles: found.draft.titles, unfit, problem, origin: found.origin, original })
}

/// The key of a record, with its title where another record of the run has the same identifier; and whether there is such a record already.
fn told_apart(taking: &Taking<'_>, found: &Found) -> (String, bool) {
    let key = key_of(found, taking.place.starts_with(FILES), taking.format);
    // A provider may give a record again, when it has changed while its list was read.
    if taking.format == ImportFormat::OaiPmh || key.is_empty() {
        return (key, false);
    }
    let mut met = taking.met.lock().unwrap_or_else(PoisonError::into_inner);
    if met.insert(key.clone()) {
        return (key, false);
    }
    let titles: Vec<&str> = found.draft.titles.iter().map(|(_, wording)| wording.text.as_str()).collect();
    let key = format!("{key}#{}", super::short_hash(&titles.join(" / ")));
    let is_repeated = !met.insert(key.clone());
    (key, is_repeated)
}

/// Puts an institution of the catalogue where the reader could only say that somebody holds the data.
fn name_holders(taking: &Taking<'_>, found: &mut Found, unfit: &mut Vec<Unfit>) {
    let producers = &found.origin.producers;
    let known = producers.iter().find_map(|names| taking.institutions.find(names));
    if let Some(names) = producers.first().filter(|_| known != Some(taking.institution)) {
        let shown = names.iter().next().map(|(_, wording)| wording.text.as_str()).unwrap_or_default();
        let remedy = format!(
            "the record names this producer; the draft is of `{}`, which takes it in: settle between you who describes it",
            taking.institution
        );
        unfit.push(Unfit::from(&Problem::new("producer", shown, remedy)));
    }
    let holder = known.unwrap_or(taking.institution);
    for holding in found.draft.holdings.iter_mut().filter(|holding| holding.institution.as_str() == NOT_YET_KNOWN) {
        holding.institution = holder.clone();
        if known.is_none() {
            let remedy = "the record does not say in terms of the registry who holds the data; the institution that takes it in stands here until it is confirmed";
            unfit.push(Unfit::from(&Problem::new("holdings.institution", holder, remedy)));
        }
    }
}

/// What the store knows of the records of a batch.
struct Batch<'a> {
    catalogue: &'a Catalogue,
    taking: &'a Taking<'a>,
    origins: HashMap<String, OriginRow>,
    copies: HashMap<String, CopyRow>,
    records: HashMap<String, DatasetRow>,
    /// Short names and identifiers of records and copies of the institution.
    own: HashMap<String, String>,
    /// Short names that are taken.
    taken: HashSet<String>,
    /// Keys of records that are just as they were.
    seen: Vec<String>,
}

impl<'a> Batch<'a> {
    fn load(conn: &mut Conn, catalogue: &'a Catalogue, taking: &'a Taking<'a>, ready: &[Ready]) -> Result<Self, Error> {
        let keys: Vec<String> = ready.iter().map(|one| one.key.clone()).collect();
        let origins: HashMap<String, OriginRow> =
            sources::origins(conn, taking.place, &keys)?.into_iter().map(|row| (row.record_key.clone(), row)).collect();
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
            if row.producer.as_deref() == Some(institution) {
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
        Ok(batch)
    }

    fn take(&mut self, conn: &mut Conn, ledger: &mut Ledger, one: &Ready) -> Result<Taken, Error> {
        let unfit = one.unfit.len() as u64;
        let mut taken =
            Taken { key: one.key.clone(), fate: RecordFate::Failed, problems: Vec::new(), unfit, dataset: None, is_published: false };
        if let Some(problem) = &one.problem {
            taken.problems.push(problem.clone());
            return Ok(taken);
        }
        let known = self.origins.get(&one.key).cloned().map(Origin::of).transpose()?;
        if one.origin.is_deleted {
            return self.take_away(conn, known, taken);
        }
        match known {
            Some(origin) => self.take_again(conn, ledger, one, origin, taken),
            None => self.take_first(conn, ledger, one, taken),
        }
    }

    /// The other system says that the record is gone: flagged, not deleted.
    fn take_away(&mut self, conn: &mut Conn, known: Option<Origin>, mut taken: Taken) -> Result<Taken, Error> {
        taken.unfit = 0;
        let Some(origin) = known else {
            // Never seen here, so nothing is missed.
            taken.fate = RecordFate::Unchanged;
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
        let slug = one.content.get("slug").and_then(Value::as_str).map(str::to_owned);
        let by_identifier = one.identifier.and_then(|id| self.own.get(&id.to_string()));
        let own = by_identifier.or_else(|| slug.as_ref().and_then(|slug| self.own.get(slug))).cloned();
        let content = one.content.clone();
        let Some(dataset_id) = own else {
            return self.begin(conn, ledger, one, content, DatasetId(Uuid::now_v7()), taken);
        };
        // What the file does not say stays as it is: nothing tells whether it was left out on purpose.
        let Some(ours) = self.present(&dataset_id)? else {
            return self.begin(conn, ledger, one, content, DatasetId(Uuid::now_v7()), taken);
        };
        let patch: Map<String, Value> = content
            .iter()
            .filter(|(key, value)| *key != "slug" && ours.get(*key) != Some(value))
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect();
        taken = self.write(conn, ledger, &dataset_id, Merged { patch, kept: Vec::new() }, taken)?;
        if matches!(taken.fate, RecordFate::Changed | RecordFate::Unchanged) {
            let row = self.new_origin(one, content, &dataset_id)?;
            self.keep_origin(conn, row)?;
        }
        Ok(taken)
    }

    /// A record that this place gave before.
    fn take_again(&mut self, conn: &mut Conn, ledger: &mut Ledger, one: &Ready, origin: Origin, mut taken: Taken) -> Result<Taken, Error> {
        let dataset_id = origin.row.dataset_id.clone();
        taken.dataset = read_id(&dataset_id)?;
        let mut content = one.content.clone();
        // The short name is this registry's affair once the draft is begun.
        match origin.doc.content.get("slug") {
            Some(slug) => content.insert("slug".to_owned(), slug.clone()),
            None => content.shift_remove("slug"),
        };
        let was_gone = origin.row.gone_at.is_some();
        if content == origin.doc.content && !self.is_forgotten(&dataset_id) {
            taken.fate = if was_gone { RecordFate::Changed } else { RecordFate::Unchanged };
            let same_words = origin.doc.unfit == one.unfit && origin.doc.modified == one.origin.modified;
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
            taken.fate = RecordFate::SetAside;
            let row = OriginRow { last_run: self.taking.sweep.to_owned(), gone_at: None, ..origin.row };
            self.keep_origin(conn, row)?;
            return Ok(taken);
        };
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
    fn keep_originals(&self, conn: &mut Conn, ready: &[Ready]) -> diesel::QueryResult<()> {
        let mut kept = HashSet::new();
        for original in ready.iter().filter(|one| self.origins.contains_key(&one.key)).filter_map(|one| one.original.as_deref()) {
            if kept.insert(&original.hash) {
                sources::keep_original(conn, original)?;
            }
        }
        Ok(())
    }

    /// Whether the institution has neither a record nor a working copy of it any more.
    fn is_forgotten(&self, dataset_id: &str) -> bool {
        !self.copies.contains_key(dataset_id) && !self.records.contains_key(dataset_id)
    }

    /// What the institution has now: its working copy, else the published record. None where it has thrown it away.
    fn present(&self, dataset_id: &str) -> Result<Option<Map<String, Value>>, Error> {
        if let Some(copy) = self.copies.get(dataset_id) {
            return Ok(Some(serde_json::from_str(&copy.doc)?));
        }
        match self.records.get(dataset_id) {
            Some(row) if row.status == PublicationStatus::Retired.code() => Ok(None),
            Some(row) => Ok(Some(drafts::editable(row)?)),
            None => Ok(None),
        }
    }

    /// Begins a draft.
    fn begin(
        &mut self,
        conn: &mut Conn,
        ledger: &mut Ledger,
        one: &Ready,
        mut content: Map<String, Value>,
        id: DatasetId,
        mut taken: Taken,
    ) -> Result<Taken, Error> {
        let free = slugs_of(self.taking, one).into_iter().find(|slug| !self.taken.contains(slug));
        match &free {
            Some(slug) => content.insert("slug".to_owned(), json!(slug)),
            None => content.shift_remove("slug"),
        };
        self.taken.extend(free);
        let mut doc = content.clone();
        doc.insert("producer".to_owned(), json!(self.taking.institution));
        let row = self.new_copy(id, 0, doc)?;
        drafts::log_draft(conn, ledger, self.taking.acting, "CREATED", None, Some(&row), self.mention(&row)?)?;
        copies::insert(conn, &row)?;
        taken.fate = RecordFate::Created;
        taken.dataset = Some(id);
        self.copies.insert(row.dataset_id.clone(), row.clone());
        self.own.insert(row.dataset_id.clone(), row.dataset_id.clone());
        let origin = self.new_origin(one, content, &id.to_string())?;
        self.keep_origin(conn, origin)?;
        self.publish(conn, ledger, row, &mut taken)?;
        Ok(taken)
    }

    /// Writes what has changed into the working copy; where there is none, into a new one of the published record.
    fn write(&mut self, conn: &mut Conn, ledger: &mut Ledger, dataset_id: &str, merged: Merged, mut taken: Taken) -> Result<Taken, Error> {
        taken.dataset = read_id(dataset_id)?;
        for field in &merged.kept {
            let remedy =
                "the source has changed this field, and so has the institution: what the institution wrote stands; compare the two";
            taken.problems.push(Problem::new(field, "", remedy));
        }
        if merged.patch.is_empty() {
            taken.fate = if merged.kept.is_empty() { RecordFate::Unchanged } else { RecordFate::Changed };
            return Ok(taken);
        }
        let copy = self.copies.get(dataset_id).cloned();
        let now = self.taking.acting.now;
        let next = match copy {
            Some(copy) if copy.status != PublicationStatus::Draft.code() => {
                taken.fate = RecordFate::Waiting;
                return Ok(taken);
            }
            Some(copy) => {
                let mut doc: Map<String, Value> = serde_json::from_str(&copy.doc)?;
                drafts::apply_patch(&mut doc, merged.patch);
                let next = CopyRow {
                    doc: Value::Object(doc).to_string(),
                    revision: copy.revision + 1,
                    updated_at: now,
                    edited_by: self.editors(&copy.edited_by),
                    ..copy.clone()
                };
                drafts::log_draft(conn, ledger, self.taking.acting, "UPDATED", Some(&copy), Some(&next), self.mention(&next)?)?;
                copies::update(conn, &next)?;
                next
            }
            None => {
                let Some(record) = self.records.get(dataset_id) else { return Ok(taken) };
                let (id, version, mut doc) = (super::super::catalogue::read_id(&record.id)?, record.version, drafts::editable(record)?);
                drafts::apply_patch(&mut doc, merged.patch);
                let row = self.new_copy(DatasetId(id), version, doc)?;
                drafts::log_draft(conn, ledger, self.taking.acting, "CREATED", None, Some(&row), self.mention(&row)?)?;
                copies::insert(conn, &row)?;
                row
            }
        };
        taken.fate = RecordFate::Changed;
        self.copies.insert(dataset_id.to_owned(), next.clone());
        self.publish(conn, ledger, next, &mut taken)?;
        Ok(taken)
    }

    /// Publishes a working copy where the owner of the source has said so and nobody has to look at it first.
    fn publish(&mut self, conn: &mut Conn, ledger: &mut Ledger, row: CopyRow, taken: &mut Taken) -> Result<(), Error> {
        if !self.taking.publishes {
            return Ok(());
        }
        let draft = Draft::of(row)?;
        if !draft.authors().is_empty() {
            let remedy = "somebody of the institution writes in the working copy; it is published by whoever validates it";
            taken.problems.push(Problem::new("status", "", remedy));
            return Ok(());
        }
        let existing = self.records.get(&draft.row.dataset_id).cloned();
        let before = existing.as_ref().map(|row| serde_json::from_str::<Dataset>(&row.doc)).transpose()?;
        // Whoever reads the source is nobody here: relations to what is not public are not taken for granted.
        let (dataset, held_by) = match drafts::settle(conn, self.catalogue, &Actor::Visitor, &draft, before.as_ref()) {
            Ok(settled) => settled,
            Err(Error::Invalid(problems)) => {
                let not_yet = |p: Problem| Problem { remedy: format!("stays a draft: {}", p.remedy), ..p };
                taken.problems.extend(problems.into_iter().map(not_yet));
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let risk = before.as_ref().map_or(dataset.risk_class, |before| before.risk_class.max(dataset.risk_class));
        if risk >= RiskClass::High {
            let remedy = "stays a draft: what lies behind is of high risk to persons, so a person looks at it first";
            taken.problems.push(Problem::new("riskClass", risk.code(), remedy));
            return Ok(());
        }
        let actor = self.taking.acting.actor.log_name();
        let entry = Entry { now: self.taking.acting.now, actor: &actor, note: &draft.row.note };
        put_dataset(conn, ledger, dataset, &held_by, existing.as_ref(), entry)?;
        drafts::log_draft(conn, ledger, self.taking.acting, "PUBLISHED", Some(&draft.row), None, json!({ "run": self.taking.run }))?;
        copies::remove(conn, &draft.row.id)?;
        self.copies.remove(&draft.row.dataset_id);
        if let Some(row) = datasets::by_ids(conn, std::slice::from_ref(&draft.row.dataset_id))?.pop() {
            self.records.insert(row.id.clone(), row);
        }
        taken.is_published = true;
        Ok(())
    }

    fn editors(&self, before: &str) -> String {
        match self.taking.acting.actor.person().map(|person| person.id.to_string()) {
            Some(person) if !before.split_whitespace().any(|known| known == person) => format!("{before} {person}").trim().to_owned(),
            _ => before.to_owned(),
        }
    }

    fn new_copy(&self, id: DatasetId, base_version: i64, doc: Map<String, Value>) -> Result<CopyRow, Error> {
        let now = self.taking.acting.now;
        Ok(CopyRow {
            id: Uuid::now_v7().to_string(),
            dataset_id: id.to_string(),
            slug: doc.get("slug").and_then(Value::as_str).map(str::to_owned),
            institution: self.taking.institution.to_string(),
            status: PublicationStatus::Draft.code().to_owned(),
            revision: 1,
            base_version,
            doc: Value::Object(doc).to_string(),
            note: String::new(),
            reason: None,
            edited_by: self.editors(""),
            submitted_by: None,
            submitted_at: None,
            validated_by: None,
            validated_at: None,
            created_at: now,
            updated_at: now,
        })
    }

    /// What the log says of where a draft comes from.
    fn mention(&self, row: &CopyRow) -> Result<Value, Error> {
        let mut mention = json!({ "place": self.taking.place, "run": self.taking.run, "format": self.taking.format.code() });
        if row.revision == 1 {
            mention["content"] = serde_json::from_str(&row.doc)?;
        }
        Ok(mention)
    }

    fn new_origin(&self, one: &Ready, content: Map<String, Value>, dataset_id: &str) -> Result<OriginRow, Error> {
        let now = self.taking.acting.now;
        let doc = OriginDoc {
            format: self.taking.format.code().to_owned(),
            name: self.taking.name.to_owned(),
            identifier: one.origin.identifier.clone(),
            address: one.origin.address.clone(),
            modified: one.origin.modified.clone(),
            content,
            unfit: one.unfit.clone(),
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

    fn keep_origin(&mut self, conn: &mut Conn, row: OriginRow) -> Result<(), Error> {
        match self.origins.get(&row.record_key) {
            Some(_) => sources::update_origin(conn, &row)?,
            None => sources::insert_origin(conn, &row)?,
        }
        self.origins.insert(row.record_key.clone(), row);
        Ok(())
    }
}

fn with_first_at(doc: String, first_at: i64) -> Result<String, Error> {
    let mut doc: OriginDoc = serde_json::from_str(&doc)?;
    doc.first_at = first_at;
    Ok(serde_json::to_string(&doc)?)
}

fn read_id(text: &str) -> Result<Option<DatasetId>, Error> {
    Ok(Some(DatasetId(super::super::catalogue::read_id(text)?)))
}

/// Short names that a new draft may get, the best first.
fn slugs_of(taking: &Taking<'_>, one: &Ready) -> Vec<String> {
    let given = one.content.get("slug").and_then(Value::as_str).map(str::to_owned);
    let proposed = given.clone().or_else(|| propose_slug(taking.institution, &one.titles));
    let mut slugs: Vec<String> = given.into_iter().collect();
    if let Some(base) = proposed {
        // The hash of the key tells records of one title apart, and is the same at each try.
        let mark = super::short_hash(&one.key);
        let numbered = Slug::parse(&format!("{base}-{mark}")).ok().map(|slug| slug.to_string());
        slugs.push(base);
        slugs.extend(numbered);
    }
    slugs.dedup();
    slugs
}
