//! Import of records in the registry's own format, JSON Lines: institutions first, then datasets, in batches.

mod lines;
mod names;

use std::collections::{HashMap, HashSet};
use std::path::Path;

use uuid::Uuid;

use crate::domain::dataset::Dataset;
use crate::domain::draft::{parse_urn, validate_institution};
use crate::domain::ids::InstitutionId;
use crate::domain::institution::Institution;
use crate::domain::lineage::Lineage;
use crate::domain::problem::Problem;
use crate::domain::record::{Partly, RecordDraft, read_again, read_as_far_as_possible};
use crate::store::institutions::InstitutionQuery;
use crate::store::{datasets, institutions};

use super::institutions::mailbox_problem;
use super::register::{Entry, Outcome, foresee_dataset, foresee_institution, put_dataset, put_institution};
use super::{Catalogue, Error};

pub use lines::MAX_LINE;
use lines::{Spool, Visit, read_lines};
use names::{identity_problem, institutions_of, neighbours};

/// Records written in one transaction.
const BATCH: usize = 500;
/// Slugs or identifiers looked up in one statement.
const LOOK_UP: usize = 1_000;
/// How an import is done.
#[derive(Clone, Copy, Debug)]
pub struct ImportOptions<'a> {
    /// Check everything, write nothing.
    pub dry_run: bool,
    /// Who imports.
    pub actor: &'a str,
    /// Milliseconds from 1970-01-01 UTC.
    pub now: i64,
}

/// A problem with its place.
#[derive(Clone, Debug)]
pub struct LineProblem {
    /// File.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: Problem,
}

impl std::fmt::Display for LineProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.problem)
    }
}

/// What came of an import.
#[derive(Clone, Debug, Default)]
pub struct ImportReport {
    /// Lines with a record.
    pub lines: usize,
    /// New records.
    pub created: usize,
    /// Records that replaced an older one.
    pub updated: usize,
    /// Records that the store had already.
    pub unchanged: usize,
    /// Records left out for a problem.
    pub refused: usize,
    /// Every problem.
    pub problems: Vec<LineProblem>,
}

/// One pass over the lines of an input.
type Lines<'a> = dyn FnMut(&mut Visit<'_>) -> std::io::Result<()> + 'a;

/// Imports one file. `progress` is called with the number of lines done.
///
/// # Errors
/// The file cannot be read, or the database fails; batches already written stay.
pub fn import_file(
    catalogue: &Catalogue,
    path: &Path,
    options: ImportOptions<'_>,
    progress: &dyn Fn(usize),
) -> Result<ImportReport, Error> {
    let name = path.display().to_string();
    let unreadable = |e: std::io::Error| Error::Invalid(vec![Problem::new("", &name, format!("cannot be read: {e}"))]);
    let refuse_packed = |path: &Path| match lines::packed(path).map_err(unreadable)? {
        Some(remedy) => Err(Error::Invalid(vec![Problem::new("", &name, remedy)])),
        None => Ok(()),
    };
    let mut file = std::fs::File::open(path).map_err(unreadable)?;
    if !file.metadata().map_err(unreadable)?.is_file() {
        // A pipe can be read only once, and the import reads twice: it is kept in a file first.
        let mut kept = Spool::new().map_err(unreadable)?;
        std::io::copy(&mut file, &mut kept.file).map_err(unreadable)?;
        refuse_packed(&kept.path)?;
        let mut pass = |visit: &mut Visit<'_>| read_lines(std::fs::File::open(&kept.path)?, visit);
        return import_lines(catalogue, &name, &mut pass, options, progress);
    }
    refuse_packed(path)?;
    let mut pass = |visit: &mut Visit<'_>| read_lines(std::fs::File::open(path)?, visit);
    import_lines(catalogue, &name, &mut pass, options, progress)
}

/// Imports records held in memory, such as the demo catalogue.
///
/// # Errors
/// The database fails; batches already written stay.
pub fn import_text(catalogue: &Catalogue, name: &str, text: &str, options: ImportOptions<'_>) -> Result<ImportReport, Error> {
    let mut pass = |visit: &mut Visit<'_>| read_lines(text.as_bytes(), visit);
    import_lines(catalogue, name, &mut pass, options, &|_| {})
}

/// What the first pass keeps of a dataset line.
struct Pending {
    line: usize,
    institutions: Vec<(String, String)>,
    relations: Vec<(String, String)>,
    identifier: Option<Uuid>,
    /// What the line alone tells to be wrong; what it refers to is looked up all the same, so that everything is told at once.
    problems: Vec<Problem>,
}

/// An institution that the first pass read.
struct Waiting {
    line: usize,
    institution: Institution,
    problems: Vec<Problem>,
}

/// What a file holds, by slug.
#[derive(Default)]
struct Seen {
    lines: HashMap<(bool, String), usize>,
    identifiers: HashMap<Uuid, usize>,
    datasets: HashMap<String, Pending>,
}

impl Seen {
    /// Keeps where a slug and an identifier are used. A faulty line uses up neither: a corrected one may follow.
    fn note(&mut self, is_dataset: bool, slug: &str, identifier: Option<Uuid>, line: usize, problems: &[Problem]) {
        if problems.is_empty() {
            self.lines.insert((is_dataset, slug.to_owned()), line);
            self.identifiers.extend(identifier.map(|id| (id, line)));
        }
    }
}

struct Importer<'a> {
    catalogue: &'a Catalogue,
    file: &'a str,
    options: ImportOptions<'a>,
    report: ImportReport,
    seen: Seen,
    known_institutions: HashMap<String, InstitutionId>,
    failure: Option<Error>,
}

fn import_lines(
    catalogue: &Catalogue,
    file: &str,
    pass: &mut Lines<'_>,
    options: ImportOptions<'_>,
    progress: &dyn Fn(usize),
) -> Result<ImportReport, Error> {
    let mut importer = Importer {
        catalogue,
        file,
        options,
        report: ImportReport::default(),
        seen: Seen::default(),
        known_institutions: HashMap::new(),
        failure: None,
    };
    let unreadable = |e: std::io::Error| Error::Invalid(vec![Problem::new("", file, format!("cannot be read: {e}"))]);
    let mut waiting: Vec<Waiting> = Vec::new();
    pass(&mut |number, line| importer.first_pass(number, line, &mut waiting)).map_err(unreadable)?;
    importer.settle_institutions(&mut waiting)?;
    for batch in waiting.chunks(BATCH) {
        importer.write_institutions(batch)?;
    }
    drop(waiting);
    importer.settle_datasets()?;
    let mut batch: Vec<(usize, Dataset)> = Vec::new();
    pass(&mut |number, line| {
        progress(number);
        importer.second_pass(number, line, &mut batch);
    })
    .map_err(unreadable)?;
    importer.flush(&mut batch);
    match importer.failure {
        Some(error) => Err(error),
        None => Ok(importer.report),
    }
}

impl Importer<'_> {
    fn refuse(&mut self, line: usize, problems: Vec<Problem>) {
        self.report.refused += 1;
        let file = self.file.to_owned();
        self.report.problems.extend(problems.into_iter().map(|problem| LineProblem { file: file.clone(), line, problem }));
    }

    /// Reads and checks every line; faulty lines are told here, once, and play no part afterwards.
    fn first_pass(&mut self, number: usize, line: Result<&str, Problem>, waiting: &mut Vec<Waiting>) {
        self.report.lines += 1;
        let concepts = &self.catalogue.concepts;
        let Partly { draft, mut problems, taken_out } = match line {
            Ok(line) => read_as_far_as_possible(line),
            Err(problem) => return self.refuse(number, vec![problem]),
        };
        let (is_dataset, slug, identifier) = match &draft {
            Some(RecordDraft::Institution(institution)) => (false, Some(&institution.slug), institution.identifier.as_deref()),
            Some(RecordDraft::Dataset(dataset)) => (true, dataset.slug.as_ref(), dataset.identifier.as_deref()),
            None => return self.refuse(number, problems),
        };
        let (slug, identifier) = (slug.map(ToString::to_string), identifier.and_then(parse_urn));
        let (draft, slug) = match (draft, slug) {
            (Some(draft), Some(slug)) => (draft, slug),
            (Some(RecordDraft::Dataset(draft)), None) => {
                let faults = draft.further_problems(concepts, &problems, &taken_out);
                problems.extend(faults);
                return self.refuse(number, problems);
            }
            _ => return self.refuse(number, problems),
        };
        if let Some(first) = self.seen.lines.get(&(is_dataset, slug.clone())) {
            let remedy = format!("the slug is used on line {first} already; keep one of the two records");
            problems.push(Problem::new("slug", slug, remedy));
            return self.refuse(number, problems);
        }
        if let Some((id, first)) = identifier.and_then(|id| self.seen.identifiers.get(&id).map(|first| (id, first))) {
            let remedy = format!("the identifier is used on line {first} already; identifiers are never used again");
            problems.push(Problem::new("identifier", format!("urn:uuid:{id}"), remedy));
            return self.refuse(number, problems);
        }
        match draft {
            RecordDraft::Institution(institution) => {
                let faults = validate_institution(&institution, concepts).into_iter().chain(mailbox_problem(&institution));
                let faults: Vec<Problem> = faults.filter(|fault| !problems.iter().any(|told| told.field == fault.field)).collect();
                problems.extend(faults);
                self.seen.note(is_dataset, &slug, identifier, number, &problems);
                waiting.push(Waiting { line: number, institution: *institution, problems });
            }
            RecordDraft::Dataset(draft) => {
                let relations = draft
                    .relations
                    .iter()
                    .enumerate()
                    .map(|(index, relation)| (taken_out.place(&format!("relations[{index}].dataset")), relation.dataset.to_string()));
                let relations = relations.collect();
                let institutions = institutions_of(&draft).map(|(field, slug)| (taken_out.place(&field), slug)).collect();
                let faults = draft.further_problems(concepts, &problems, &taken_out);
                problems.extend(faults);
                self.seen.note(is_dataset, &slug, identifier, number, &problems);
                let earlier = self.seen.datasets.insert(slug, Pending { line: number, institutions, relations, identifier, problems });
                // Only a faulty line gives up its slug to a later one.
                if let Some(Pending { line, problems, .. }) = earlier {
                    self.refuse(line, problems);
                }
            }
        }
    }

    /// Takes out the institutions that refer to none, whose identifier is another's, or that contradict what others say, until nothing more falls.
    fn settle_institutions(&mut self, waiting: &mut Vec<Waiting>) -> Result<(), Error> {
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
        let rows = self.catalogue.db.read(|conn| institutions::list(conn, &InstitutionQuery::default(), "", i64::MAX))?;
        let staying = rows.iter().filter(|row| !replaced.contains(row.slug.as_str()));
        let staying = staying.map(|row| Ok(serde_json::from_str(&row.doc)?)).collect::<Result<Vec<Institution>, Error>>()?;
        let lineage = Lineage::of(waiting.iter().map(|one| &one.institution).chain(&staying));
        let told = waiting.iter().map(|one| (one.line, lineage.contradictions(&one.institution)));
        Ok(told.filter(|(_, problems)| !problems.is_empty()).collect())
    }

    /// Takes out the datasets that refer to nothing, or whose identifier is another's, until nothing more falls.
    fn settle_datasets(&mut self) -> Result<(), Error> {
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

    fn institution_rows(&self, slugs: Vec<String>) -> Result<HashMap<String, InstitutionId>, Error> {
        let mut found = HashMap::new();
        for part in slugs.chunks(LOOK_UP) {
            for row in self.catalogue.db.read(|conn| institutions::by_slugs(conn, part))? {
                found.insert(row.slug, InstitutionId(super::catalogue::read_id(&row.id)?));
            }
        }
        Ok(found)
    }

    fn dataset_ids(&self, slugs: Vec<String>) -> Result<HashMap<String, Uuid>, Error> {
        let mut found = HashMap::new();
        for part in slugs.chunks(LOOK_UP) {
            for (slug, id) in self.catalogue.db.read(|conn| datasets::ids_of_slugs(conn, part))? {
                found.insert(slug, super::catalogue::read_id(&id)?);
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
                found.insert(super::catalogue::read_id(&id)?, slug);
            }
        }
        Ok(found)
    }

    fn write_institutions(&mut self, batch: &[Waiting]) -> Result<(), Error> {
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

    fn second_pass(&mut self, number: usize, line: Result<&str, Problem>, batch: &mut Vec<(usize, Dataset)>) {
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

    fn flush(&mut self, batch: &mut Vec<(usize, Dataset)>) {
        if self.failure.is_none()
            && !batch.is_empty()
            && let Err(error) = self.write_datasets(batch)
        {
            self.failure = Some(error);
        }
        batch.clear();
    }

    /// Refuses the lines that would change a copy of another registry's record, as everybody else is refused.
    fn refuse_copies(&mut self, batch: &mut Vec<(usize, Dataset)>) -> Result<(), Error> {
        let slugs: Vec<String> = batch.iter().map(|(_, dataset)| dataset.slug.to_string()).collect();
        let known = by_slug(self.catalogue.db.read(|conn| datasets::by_slugs(conn, &slugs))?, |row| &row.slug);
        let mut refused = Vec::new();
        for (line, dataset) in batch.iter() {
            let Some(row) = known.get(dataset.slug.as_str()).filter(|row| row.doc.contains("\"copiedFrom\"")) else { continue };
            let there: Dataset = serde_json::from_str(&row.doc)?;
            let Some(from) = there.copied_from else { continue };
            if foresee_dataset(dataset.clone(), Some(row))? == Outcome::Updated {
                let remedy = format!("is a copy of a record of {}, which keeps it; have it changed there: {}", from.registry, from.address);
                refused.push((*line, Problem::new("slug", &dataset.slug, remedy)));
            }
        }
        batch.retain(|(line, _)| !refused.iter().any(|(refused, _)| refused == line));
        refused.into_iter().for_each(|(line, problem)| self.refuse(line, vec![problem]));
        Ok(())
    }

    fn write_datasets(&mut self, batch: &mut Vec<(usize, Dataset)>) -> Result<(), Error> {
        self.refuse_copies(batch)?;
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
