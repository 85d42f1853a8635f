//! What the records of a file refer to is looked up, in the file and in the catalogue; a record that refers to nothing falls, and with it what
//! refers to that record.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use crate::domain::draft::parse_urn;
use crate::domain::ids::InstitutionId;
use crate::domain::lineage::Lineage;
use crate::domain::problem::Problem;
use crate::store::{datasets, institutions};

use super::super::Error;
use super::super::catalogue::read_id;
use super::Importer;
use super::names::{identity_problem, neighbours};
use super::seen::Waiting;

/// Slugs or identifiers looked up in one statement.
const LOOK_UP: usize = 1_000;

impl Importer<'_> {
    /// Takes out the institutions that refer to none, whose identifier is another's, or that contradict what others say, until nothing more falls.
    pub(super) fn settle_institutions(&mut self, waiting: &mut Vec<Waiting>) -> Result<(), Error> {
        let all = || waiting.iter().map(|one| &one.institution);
        let named: Vec<String> = all().flat_map(|i| neighbours(i).map(|(_, slug)| slug.to_string()).chain([i.slug.to_string()])).collect();
        let known = self.institution_rows(named)?;
        let owners = self.owners(all().filter_map(|i| i.identifier.as_deref().and_then(parse_urn)))?;
        loop {
            let valid: HashSet<String> = waiting.iter().map(|one| one.institution.slug.to_string()).collect();
            let mut fallen: Vec<(usize, Vec<Problem>)> = Vec::new();
            waiting.retain(|Waiting { line, institution, problems }| {
                let mut problems = problems.clone();
                let absent =
                    neighbours(institution).filter(|(_, slug)| !valid.contains(slug.as_str()) && !known.contains_key(slug.as_str()));
                problems.extend(absent.map(|(field, slug)| {
                    Problem::new(field, slug, "is no institution of the file or the catalogue; add it or correct the slug")
                }));
                let identifier = institution.identifier.as_deref().and_then(parse_urn);
                let existing = known.get(institution.slug.as_str()).map(|id| id.0);
                problems.extend(identity_problem(institution.slug.as_str(), identifier, existing, &owners));
                if !problems.is_empty() {
                    fallen.push((*line, problems.clone()));
                }
                problems.is_empty()
            });
            if fallen.is_empty() {
                // Only of what is sound by itself: what falls may have closed a circle.
                fallen = self.contradictions(waiting)?;
                waiting.retain(|one| !fallen.iter().any(|(line, _)| *line == one.line));
            }
            if fallen.is_empty() {
                return Ok(());
            }
            fallen.into_iter().for_each(|(line, problems)| self.refuse(line, problems));
        }
    }

    /// The lines that say what cannot be true together with what other lines, or institutions of the catalogue, say.
    fn contradictions(&self, waiting: &[Waiting]) -> Result<Vec<(usize, Vec<Problem>)>, Error> {
        if !waiting.iter().any(|one| neighbours(&one.institution).next().is_some()) {
            return Ok(Vec::new());
        }
        let replaced: HashSet<&str> = waiting.iter().map(|one| one.institution.slug.as_str()).collect();
        let known = self.catalogue.all_institutions()?;
        let staying = known.iter().map(|record| &record.institution).filter(|institution| !replaced.contains(institution.slug.as_str()));
        let lineage = Lineage::of(waiting.iter().map(|one| &one.institution).chain(staying));
        let told = waiting.iter().map(|one| (one.line, lineage.contradictions(&one.institution)));
        Ok(told.filter(|(_, problems)| !problems.is_empty()).collect())
    }

    /// Takes out the datasets that refer to nothing, or whose identifier is another's, until nothing more falls.
    pub(super) fn settle_datasets(&mut self) -> Result<(), Error> {
        let mut named: HashSet<String> = HashSet::new();
        let mut targets: HashSet<String> = HashSet::new();
        for pending in self.seen.datasets.values() {
            named.extend(
                pending.institutions.iter().map(|(_, slug)| slug).filter(|slug| !self.known_institutions.contains_key(*slug)).cloned(),
            );
            let relations = pending.relations.iter().map(|(_, slug)| slug);
            targets.extend(relations.filter(|slug| !self.seen.datasets.contains_key(*slug)).cloned());
        }
        let rows = self.institution_rows(named.into_iter().collect())?;
        self.known_institutions.extend(rows);
        let own: Vec<String> = self.seen.datasets.keys().cloned().collect();
        let existing: HashMap<String, Uuid> = self.dataset_ids(own)?;
        let elsewhere: HashMap<String, Uuid> = self.dataset_ids(targets.into_iter().collect())?;
        let owners = self.owners(self.seen.datasets.values().filter_map(|pending| pending.identifier))?;
        loop {
            let mut fallen: Vec<(String, Vec<Problem>)> = Vec::new();
            for (slug, pending) in &self.seen.datasets {
                let mut problems = pending.problems.clone();
                for (field, institution) in pending.institutions.iter().filter(|(_, slug)| !self.known_institutions.contains_key(slug)) {
                    problems.push(Problem::new(
                        field,
                        institution,
                        "is no institution of the file or the catalogue; add it or correct the slug",
                    ));
                }
                for (field, target) in &pending.relations {
                    if !self.seen.datasets.contains_key(target) && !elsewhere.contains_key(target) {
                        let remedy = "is no dataset of the catalogue or no sound record of the file; add it or remove the relation";
                        problems.push(Problem::new(field, target, remedy));
                    }
                }
                problems.extend(identity_problem(slug, pending.identifier, existing.get(slug).copied(), &owners));
                if !problems.is_empty() {
                    fallen.push((slug.clone(), problems));
                }
            }
            if fallen.is_empty() {
                return Ok(());
            }
            for (slug, problems) in fallen {
                if let Some(pending) = self.seen.datasets.remove(&slug) {
                    self.refuse(pending.line, problems);
                }
            }
        }
    }

    /// Identifiers of the institutions of the catalogue with these short names.
    fn institution_rows(&self, slugs: Vec<String>) -> Result<HashMap<String, InstitutionId>, Error> {
        let mut found = HashMap::new();
        for part in slugs.chunks(LOOK_UP) {
            for row in self.catalogue.db.read(|conn| institutions::by_slugs(conn, part))? {
                found.insert(row.slug, InstitutionId(read_id(&row.id)?));
            }
        }
        Ok(found)
    }

    /// Identifiers of the datasets of the catalogue with these short names.
    fn dataset_ids(&self, slugs: Vec<String>) -> Result<HashMap<String, Uuid>, Error> {
        let mut found = HashMap::new();
        for part in slugs.chunks(LOOK_UP) {
            for (slug, id) in self.catalogue.db.read(|conn| datasets::ids_of_slugs(conn, part))? {
                found.insert(slug, read_id(&id)?);
            }
        }
        Ok(found)
    }

    /// Who has these identifiers already, of either kind.
    fn owners(&self, identifiers: impl Iterator<Item = Uuid>) -> Result<HashMap<Uuid, String>, Error> {
        let ids: Vec<String> = identifiers.map(|id| id.to_string()).collect();
        let mut found = HashMap::new();
        for part in ids.chunks(LOOK_UP) {
            let owners = self.catalogue.db.read(|conn| {
                let mut owners = datasets::slugs_of_ids(conn, part)?;
                owners.extend(institutions::by_ids(conn, part)?.into_iter().map(|row| (row.id, row.slug)));
                Ok(owners)
            })?;
            for (id, slug) in owners {
                found.insert(read_id(&id)?, slug);
            }
        }
        Ok(found)
    }
}
