//! What a record becomes here: a working copy begun or written in, and published where its owner has said so.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::domain::dataset::Dataset;
use crate::domain::ids::DatasetId;
use crate::domain::merge::Merged;
use crate::domain::policy::Actor;
use crate::domain::problem::Problem;
use crate::domain::vocabulary::{PublicationStatus, RecordFate, RiskClass, Vocabulary};
use crate::store::changes::Ledger;
use crate::store::copies::{self, CopyRow};
use crate::store::{Conn, datasets};

use super::super::drafts::{self, Draft};
use super::super::register::{Entry, put_dataset};
use super::super::{Error, catalogue};
use super::batch::{Batch, read_id, renamed};
use super::ready::{Ready, slugs_of};
use super::taking::Taken;

impl Batch<'_> {
    /// Begins a draft.
    pub(super) fn begin(
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
        // A trial of many names at once is no way to learn which of them others have taken.
        let renamed = renamed(one, &content).filter(|_| !self.taking.is_dry);
        self.taken.extend(free);
        let mut doc = content.clone();
        doc.insert("producer".to_owned(), json!(self.taking.institution));
        if let Some(url) = &one.link {
            let links = doc.entry("links").or_insert_with(|| json!([]));
            let is_new = |links: &&mut Vec<Value>| links.iter().all(|link| link.get("url") != Some(&json!(url)));
            links.as_array_mut().filter(is_new).into_iter().for_each(|links| links.push(json!({ "url": url })));
        }
        let row = self.new_copy(id, 0, doc)?;
        drafts::log_draft(conn, ledger, self.taking.acting, "CREATED", None, Some(&row), self.mention(&row)?)?;
        copies::insert(conn, &row)?;
        taken.fate = RecordFate::Created;
        taken.dataset = Some(id);
        self.copies.insert(row.dataset_id.clone(), row.clone());
        self.own.insert(row.dataset_id.clone(), row.dataset_id.clone());
        let origin = self.new_origin(one, content, &id.to_string())?;
        taken.problems.extend(renamed.clone());
        taken.add(renamed);
        self.keep_origin(conn, origin)?;
        self.publish(conn, ledger, row, &mut taken)?;
        Ok(taken)
    }

    /// Writes what has changed into the working copy; where there is none, into a new one of the published record.
    pub(super) fn write(
        &mut self,
        conn: &mut Conn,
        ledger: &mut Ledger,
        dataset_id: &str,
        merged: Merged,
        mut taken: Taken,
    ) -> Result<Taken, Error> {
        taken.dataset = read_id(dataset_id)?;
        for field in &merged.kept {
            let remedy =
                "the source has changed this field, and so has the institution: what the institution wrote stands; compare the two";
            taken.problems.push(Problem::new(field, "", remedy));
        }
        if merged.patch.is_empty() {
            taken.fate = if merged.kept.is_empty() { RecordFate::Unchanged } else { RecordFate::Changed };
            self.publish_waiting(conn, ledger, dataset_id, &mut taken)?;
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
                let (id, version, mut doc) = (catalogue::read_id(&record.id)?, record.version, drafts::editable(record)?);
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

    /// Publishes a working copy of an earlier run that wants nothing any more, or says again what it wants: as long as a record is not
    /// published as the owner of the source has said, that it has not changed is no success. What somebody writes in, or decides on, is left
    /// to them.
    pub(super) fn publish_waiting(
        &mut self,
        conn: &mut Conn,
        ledger: &mut Ledger,
        dataset_id: &str,
        taken: &mut Taken,
    ) -> Result<(), Error> {
        let is_nobodys =
            |row: &&CopyRow| row.status == PublicationStatus::Draft.code() && row.edited_by.trim().is_empty() && row.submitted_by.is_none();
        let Some(row) = self.copies.get(dataset_id).filter(|_| self.taking.publishes).filter(is_nobodys).cloned() else {
            return Ok(());
        };
        self.publish(conn, ledger, row, taken)?;
        if taken.is_published {
            taken.fate = RecordFate::Changed;
        }
        Ok(())
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
        if existing.as_ref().is_some_and(|row| row.version != draft.row.base_version) {
            let remedy =
                "stays a draft: the record was published anew since this working copy began; compare the two, and publish it by hand";
            taken.problems.push(Problem::new("status", "", remedy));
            return Ok(());
        }
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
}
