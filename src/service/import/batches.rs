//! The second pass over a file: sound records are written, in batches.

use std::collections::HashMap;

use uuid::Uuid;

use crate::domain::dataset::Dataset;
use crate::domain::ids::InstitutionId;
use crate::domain::problem::Problem;
use crate::domain::record::{RecordDraft, read_again};
use crate::domain::vocabulary::{PublicationStatus, Vocabulary};
use crate::store::{datasets, institutions};

use super::super::Error;
use super::super::register::{Entry, Outcome, foresee_dataset, foresee_institution, put_dataset, put_institution};
use super::seen::Waiting;
use super::{BATCH, Importer};

impl Importer<'_> {
    /// Writes institutions in one transaction, or foresees what would become of them.
    ///
    /// # Errors
    /// The database fails.
    pub(super) fn write_institutions(&mut self, batch: &[Waiting]) -> Result<(), Error> {
        let entry = Entry { now: self.options.now, actor: self.options.actor, note: "import" };
        let slugs: Vec<String> = batch.iter().map(|one| one.institution.slug.to_string()).collect();
        let catalogue = self.catalogue;
        if self.options.dry_run {
            let known = by_slug(catalogue.db.read(|conn| institutions::by_slugs(conn, &slugs))?, |row| &row.slug);
            for Waiting { institution, .. } in batch {
                let outcome = foresee_institution(institution.clone(), known.get(institution.slug.as_str()))?;
                // Stands for the identifier that would be minted.
                self.known_institutions.insert(institution.slug.to_string(), InstitutionId(Uuid::nil()));
                self.count(outcome);
            }
            return Ok(());
        }
        let written = catalogue.db.write::<_, Error>(|conn, ledger| {
            let known = by_slug(institutions::by_slugs(conn, &slugs)?, |row| &row.slug);
            let put = |Waiting { institution, .. }: &Waiting| {
                let existing = known.get(institution.slug.as_str());
                put_institution(conn, ledger, institution.clone(), existing, entry)
                    .map(|(outcome, id)| (institution.slug.to_string(), outcome, id))
            };
            batch.iter().map(put).collect::<Result<Vec<_>, Error>>()
        })?;
        for (slug, outcome, id) in written {
            self.known_institutions.insert(slug, id);
            self.count(outcome);
        }
        Ok(())
    }

    /// Reads a dataset again that the first pass has let through, and puts it into the batch; a full batch is written.
    pub(super) fn second_pass(&mut self, number: usize, line: Result<&str, Problem>, batch: &mut Vec<(usize, Dataset)>) {
        if self.failure.is_some() {
            return;
        }
        // Lines that were refused are passed over.
        let Ok(Some(RecordDraft::Dataset(draft))) = line.map(read_again) else { return };
        let pending = draft.slug.as_ref().and_then(|slug| self.seen.datasets.get(slug.as_str()));
        if pending.is_none_or(|pending| pending.line != number) {
            return;
        }
        match draft.validate(&self.catalogue.concepts) {
            Ok(dataset) => batch.push((number, dataset)),
            Err(problems) => self.refuse(number, problems),
        }
        if batch.len() >= BATCH {
            self.flush(batch);
        }
    }

    /// Writes what is in the batch and empties it. What fails is kept for the end of the pass, which cannot be broken off.
    pub(super) fn flush(&mut self, batch: &mut Vec<(usize, Dataset)>) {
        if self.failure.is_none()
            && !batch.is_empty()
            && let Err(error) = self.write_datasets(batch)
        {
            self.failure = Some(error);
        }
        batch.clear();
    }

    /// Refuses the lines that would change a copy of another registry's record or bring a retired one back, as everybody else is refused.
    fn refuse_what_stays(&mut self, batch: &mut Vec<(usize, Dataset)>) -> Result<(), Error> {
        let slugs: Vec<String> = batch.iter().map(|(_, dataset)| dataset.slug.to_string()).collect();
        let known = by_slug(self.catalogue.db.read(|conn| datasets::by_slugs(conn, &slugs))?, |row| &row.slug);
        let mut refused = Vec::new();
        for (line, dataset) in batch.iter() {
            let Some(row) = known.get(dataset.slug.as_str()) else { continue };
            if row.status == PublicationStatus::Retired.code() && dataset.status != PublicationStatus::Retired {
                let remedy =
                    "was retired, and its identifier and short name are never used again; register the data under another short name";
                refused.push((*line, Problem::new("slug", &dataset.slug, remedy)));
            } else if row.doc.contains("\"copiedFrom\"") {
                let there: Dataset = serde_json::from_str(&row.doc)?;
                let Some(from) = there.copied_from else { continue };
                if foresee_dataset(dataset.clone(), Some(row))? == Outcome::Updated {
                    let remedy =
                        format!("is a copy of a record of {}, which keeps it; have it changed there: {}", from.registry, from.address);
                    refused.push((*line, Problem::new("slug", &dataset.slug, remedy)));
                }
            }
        }
        batch.retain(|(line, _)| !refused.iter().any(|(refused, _)| refused == line));
        refused.into_iter().for_each(|(line, problem)| self.refuse(line, vec![problem]));
        Ok(())
    }

    /// Writes datasets in one transaction, or foresees what would become of them.
    ///
    /// # Errors
    /// The database fails.
    fn write_datasets(&mut self, batch: &mut Vec<(usize, Dataset)>) -> Result<(), Error> {
        self.refuse_what_stays(batch)?;
        let entry = Entry { now: self.options.now, actor: self.options.actor, note: "import" };
        let slugs: Vec<String> = batch.iter().map(|(_, dataset)| dataset.slug.to_string()).collect();
        let catalogue = self.catalogue;
        if self.options.dry_run {
            let known = by_slug(catalogue.db.read(|conn| datasets::by_slugs(conn, &slugs))?, |row| &row.slug);
            for (_, dataset) in batch.iter() {
                let outcome = foresee_dataset(dataset.clone(), known.get(dataset.slug.as_str()))?;
                self.count(outcome);
            }
            return Ok(());
        }
        let known_institutions = &self.known_institutions;
        let written = catalogue.db.write::<_, Error>(|conn, ledger| {
            let known = by_slug(datasets::by_slugs(conn, &slugs)?, |row| &row.slug);
            let put = |(_, dataset): &(usize, Dataset)| {
                let held_by: Vec<InstitutionId> =
                    dataset.holdings.iter().filter_map(|h| known_institutions.get(h.institution.as_str()).copied()).collect();
                put_dataset(conn, ledger, dataset.clone(), &held_by, known.get(dataset.slug.as_str()), entry)
            };
            batch.iter().map(put).collect::<Result<Vec<_>, Error>>()
        })?;
        written.into_iter().for_each(|outcome| self.count(outcome));
        Ok(())
    }

    fn count(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Created => self.report.created += 1,
            Outcome::Updated => self.report.updated += 1,
            Outcome::Unchanged => self.report.unchanged += 1,
        }
    }
}

fn by_slug<T>(rows: Vec<T>, slug: impl Fn(&T) -> &String) -> HashMap<String, T> {
    rows.into_iter().map(|row| (slug(&row).clone(), row)).collect()
}
