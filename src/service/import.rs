//! Import of records in the registry's own format, JSON Lines: institutions first, then datasets, in batches.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use crate::domain::dataset::Dataset;
use crate::domain::draft::{parse_urn, validate_institution};
use crate::domain::ids::InstitutionId;
use crate::domain::institution::Institution;
use crate::domain::problem::Problem;
use crate::domain::record::{RecordDraft, read_line};
use crate::store::changes::Ledger;
use crate::store::{Conn, datasets, institutions};

use super::register::{Entry, Outcome, put_dataset, put_institution};
use super::{Catalogue, Error};

/// Records written in one transaction.
const BATCH: usize = 500;
/// Longest line accepted, in bytes.
pub const MAX_LINE: usize = 4 * 1024 * 1024;

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
type Lines<'a> = dyn FnMut(&mut dyn FnMut(usize, Result<&str, Problem>)) -> std::io::Result<()> + 'a;

/// Imports one file. `progress` is called with the number of lines done.
///
/// # Errors
/// The file cannot be read, or the database fails; batches already written stay.
pub fn import_file(catalogue: &Catalogue, path: &Path, options: ImportOptions<'_>, progress: &dyn Fn(usize)) -> Result<ImportReport, Error> {
    let name = path.display().to_string();
    let mut pass = |visit: &mut dyn FnMut(usize, Result<&str, Problem>)| read_lines(std::fs::File::open(path)?, visit);
    import_lines(catalogue, &name, &mut pass, options, progress)
}

/// Imports records held in memory, such as the demo catalogue.
///
/// # Errors
/// The database fails; batches already written stay.
pub fn import_text(catalogue: &Catalogue, name: &str, text: &str, options: ImportOptions<'_>) -> Result<ImportReport, Error> {
    let mut pass = |visit: &mut dyn FnMut(usize, Result<&str, Problem>)| read_lines(text.as_bytes(), visit);
    import_lines(catalogue, name, &mut pass, options, &|_| {})
}

fn read_lines(input: impl Read, visit: &mut dyn FnMut(usize, Result<&str, Problem>)) -> std::io::Result<()> {
    let mut reader = BufReader::with_capacity(1 << 16, input);
    let mut buffer = Vec::new();
    for number in 1.. {
        buffer.clear();
        let read = (&mut reader).take(MAX_LINE as u64 + 1).read_until(b'\n', &mut buffer)?;
        if read == 0 {
            break;
        }
        if buffer.len() > MAX_LINE {
            visit(number, Err(Problem::new("", "", format!("the line is longer than {MAX_LINE} bytes; split the record or shorten its texts"))));
            // The rest of the line is passed over.
            while buffer.last() != Some(&b'\n') {
                buffer.clear();
                if (&mut reader).take(MAX_LINE as u64).read_until(b'\n', &mut buffer)? == 0 {
                    break;
                }
            }
            continue;
        }
        let bytes = buffer.strip_prefix(b"\xef\xbb\xbf").filter(|_| number == 1).unwrap_or(&buffer);
        match std::str::from_utf8(bytes) {
            Ok(line) if line.trim().is_empty() => {}
            Ok(line) => visit(number, Ok(line.trim())),
            Err(_) => visit(number, Err(Problem::new("", "", "the line is not UTF-8; save the file as UTF-8"))),
        }
    }
    Ok(())
}

/// Slugs of a file with the line of each.
#[derive(Default)]
struct Seen {
    institutions: HashMap<String, usize>,
    datasets: HashMap<String, usize>,
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

fn import_lines(catalogue: &Catalogue, file: &str, pass: &mut Lines<'_>, options: ImportOptions<'_>, progress: &dyn Fn(usize)) -> Result<ImportReport, Error> {
    let mut importer =
        Importer { catalogue, file, options, report: ImportReport::default(), seen: Seen::default(), known_institutions: HashMap::new(), failure: None };
    let unreadable = |e: std::io::Error| Error::Invalid(vec![Problem::new("", file, format!("cannot be read: {e}"))]);
    let mut waiting: Vec<(usize, Institution)> = Vec::new();
    pass(&mut |number, line| importer.first_pass(number, line, &mut waiting)).map_err(unreadable)?;
    for batch in waiting.chunks(BATCH) {
        importer.write_institutions(batch)?;
    }
    drop(waiting);
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
    fn problem(&mut self, line: usize, problem: Problem) {
        self.report.problems.push(LineProblem { file: self.file.to_owned(), line, problem });
    }

    fn refuse(&mut self, line: usize, problems: Vec<Problem>) {
        self.report.refused += 1;
        problems.into_iter().for_each(|problem| self.problem(line, problem));
    }

    /// Notes the slugs of the file and gathers its institutions; faulty lines are told here, once.
    fn first_pass(&mut self, number: usize, line: Result<&str, Problem>, waiting: &mut Vec<(usize, Institution)>) {
        self.report.lines += 1;
        let draft = match line.map_err(|problem| vec![problem]).and_then(read_line) {
            Ok(draft) => draft,
            Err(problems) => return self.refuse(number, problems),
        };
        let (slug, seen) = match &draft {
            RecordDraft::Institution(institution) => (institution.slug.to_string(), &mut self.seen.institutions),
            RecordDraft::Dataset(dataset) => match &dataset.slug {
                Some(slug) => (slug.to_string(), &mut self.seen.datasets),
                None => return self.refuse(number, vec![Problem::new("slug", "", "the slug is missing; give a short name such as `ma-hcp-rgph-2014`")]),
            },
        };
        if let Some(first) = seen.get(&slug) {
            let remedy = format!("the slug is used on line {first} already; keep one of the two records");
            return self.refuse(number, vec![Problem::new("slug", slug, remedy)]);
        }
        seen.insert(slug, number);
        if let RecordDraft::Institution(institution) = draft {
            let problems = validate_institution(&institution, &self.catalogue.concepts);
            if problems.is_empty() {
                waiting.push((number, *institution));
            } else {
                self.refuse(number, problems);
            }
        }
    }

    fn write_institutions(&mut self, batch: &[(usize, Institution)]) -> Result<(), Error> {
        let entry = Entry { now: self.options.now, actor: self.options.actor, note: "import" };
        let slugs: Vec<String> = batch.iter().map(|(_, institution)| institution.slug.to_string()).collect();
        let mut wanted: HashSet<String> = HashSet::new();
        for (_, institution) in batch {
            wanted.extend(institution.parent.iter().chain(&institution.predecessors).chain(&institution.successors).map(ToString::to_string));
        }
        let referred: Vec<String> = wanted.into_iter().filter(|slug| !self.seen.institutions.contains_key(slug)).collect();
        let dry_run = self.options.dry_run;
        let written = self.in_transaction(|importer, conn, ledger| {
            let known: HashMap<String, _> = institutions::by_slugs(conn, &slugs)?.into_iter().map(|row| (row.slug.clone(), row)).collect();
            let others: HashSet<String> = institutions::by_slugs(conn, &referred)?.into_iter().map(|row| row.slug).collect();
            for (line, institution) in batch {
                let existing = known.get(institution.slug.as_str());
                let mut problems: Vec<Problem> = Vec::new();
                for slug in institution.parent.iter().chain(&institution.predecessors).chain(&institution.successors) {
                    if !importer.seen.institutions.contains_key(slug.as_str()) && !others.contains(slug.as_str()) {
                        problems.push(Problem::new("parent", slug, "is no institution of the file or the catalogue; add it or correct the slug"));
                    }
                }
                problems.extend(identity_problem(institution.identifier.as_deref(), existing.map(|row| row.id.as_str())));
                if !problems.is_empty() {
                    importer.refuse(*line, problems);
                    continue;
                }
                let (outcome, id) = put_institution(conn, ledger, institution.clone(), existing, entry)?;
                importer.known_institutions.insert(institution.slug.to_string(), id);
                importer.count(outcome);
            }
            Ok(dry_run)
        });
        written.map(|_| ())
    }

    fn second_pass(&mut self, number: usize, line: Result<&str, Problem>, batch: &mut Vec<(usize, Dataset)>) {
        if self.failure.is_some() {
            return;
        }
        // Lines that the first pass refused are passed over.
        let Ok(Ok(RecordDraft::Dataset(draft))) = line.map(read_line) else { return };
        let first = draft.slug.as_ref().and_then(|slug| self.seen.datasets.get(slug.as_str()));
        if first != Some(&number) {
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

    fn write_datasets(&mut self, batch: &[(usize, Dataset)]) -> Result<(), Error> {
        let entry = Entry { now: self.options.now, actor: self.options.actor, note: "import" };
        let slugs: Vec<String> = batch.iter().map(|(_, dataset)| dataset.slug.to_string()).collect();
        let mut unknown_institutions: HashSet<String> = HashSet::new();
        let mut unknown_datasets: HashSet<String> = HashSet::new();
        for (_, dataset) in batch {
            unknown_institutions.extend(institutions_of(dataset).map(|(_, slug)| slug).filter(|slug| !self.known_institutions.contains_key(slug)));
            unknown_datasets.extend(dataset.relations.iter().map(|r| r.dataset.to_string()).filter(|slug| !self.seen.datasets.contains_key(slug)));
        }
        let unknown_institutions: Vec<String> = unknown_institutions.into_iter().collect();
        let unknown_datasets: Vec<String> = unknown_datasets.into_iter().collect();
        self.in_transaction(|importer, conn, ledger| {
            for row in institutions::by_slugs(conn, &unknown_institutions)? {
                importer.known_institutions.insert(row.slug, InstitutionId(super::catalogue::read_id(&row.id)?));
            }
            let related: HashSet<String> = datasets::by_slugs(conn, &unknown_datasets)?.into_iter().map(|row| row.slug).collect();
            let known: HashMap<String, _> = datasets::by_slugs(conn, &slugs)?.into_iter().map(|row| (row.slug.clone(), row)).collect();
            let given: Vec<String> = batch.iter().filter_map(|(_, d)| d.identifier.as_deref().and_then(parse_urn)).map(|id| id.to_string()).collect();
            let taken: HashMap<String, String> = datasets::by_ids(conn, &given)?.into_iter().map(|row| (row.id, row.slug)).collect();
            for (line, dataset) in batch {
                let existing = known.get(dataset.slug.as_str());
                let mut problems = importer.unknown_references(dataset, &related);
                problems.extend(identity_problem(dataset.identifier.as_deref(), existing.map(|row| row.id.as_str())));
                let id = dataset.identifier.as_deref().and_then(parse_urn).map(|id| id.to_string());
                if let Some(other) = id.and_then(|id| taken.get(&id)).filter(|slug| slug.as_str() != dataset.slug.as_str()) {
                    problems.push(Problem::new("identifier", other, "is the identifier of this other dataset; identifiers are never used again"));
                }
                if !problems.is_empty() {
                    importer.refuse(*line, problems);
                    continue;
                }
                let held_by: Vec<InstitutionId> =
                    dataset.holdings.iter().filter_map(|h| importer.known_institutions.get(h.institution.as_str()).copied()).collect();
                let outcome = put_dataset(conn, ledger, dataset.clone(), &held_by, existing, entry)?;
                importer.count(outcome);
            }
            Ok(())
        })
    }

    fn unknown_references(&self, dataset: &Dataset, related: &HashSet<String>) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (field, slug) in institutions_of(dataset) {
            if !self.known_institutions.contains_key(&slug) {
                problems.push(Problem::new(field, slug, "is no institution of the file or the catalogue; add it or correct the slug"));
            }
        }
        for (index, relation) in dataset.relations.iter().enumerate() {
            let slug = relation.dataset.as_str();
            if !self.seen.datasets.contains_key(slug) && !related.contains(slug) {
                problems.push(Problem::new(format!("relations[{index}].dataset"), slug, "is no dataset of the file or the catalogue; add it or remove the relation"));
            }
        }
        problems
    }

    fn count(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Created => self.report.created += 1,
            Outcome::Updated => self.report.updated += 1,
            Outcome::Unchanged => self.report.unchanged += 1,
        }
    }

    /// Runs a batch; a dry run does all of it and takes it back.
    fn in_transaction<T>(&mut self, work: impl FnOnce(&mut Self, &mut Conn, &mut Ledger) -> Result<T, Error>) -> Result<T, Error> {
        let dry_run = self.options.dry_run;
        let db = &self.catalogue.db;
        let mut value = None;
        let done = db.write(|conn, ledger| {
            let done = work(self, conn, ledger).map_err(Batch::Failed)?;
            if dry_run {
                value = Some(done);
                return Err(Batch::TakenBack);
            }
            Ok(done)
        });
        match done {
            Ok(done) => Ok(done),
            Err(Batch::Failed(error)) => Err(error),
            Err(Batch::TakenBack) => value.ok_or_else(|| Error::Internal(anyhow::anyhow!("a dry run gave no value"))),
        }
    }
}

enum Batch {
    Failed(Error),
    TakenBack,
}

impl From<crate::store::StoreError> for Batch {
    fn from(error: crate::store::StoreError) -> Self {
        Self::Failed(error.into())
    }
}

fn institutions_of(dataset: &Dataset) -> impl Iterator<Item = (String, String)> {
    let producer = dataset.producer.iter().map(|slug| ("producer".to_owned(), slug.to_string()));
    let partners = dataset.partners.iter().enumerate().map(|(i, slug)| (format!("partners[{i}]"), slug.to_string()));
    let holders = dataset.holdings.iter().enumerate().map(|(i, h)| (format!("holdings[{i}].institution"), h.institution.to_string()));
    producer.chain(partners).chain(holders)
}

fn identity_problem(given: Option<&str>, existing: Option<&str>) -> Option<Problem> {
    let (given, existing) = (given.and_then(parse_urn)?, existing?);
    (given.to_string() != existing).then(|| {
        let remedy = format!("the catalogue knows this slug under urn:uuid:{existing}; leave the identifier out to update that record, or choose another slug");
        Problem::new("identifier", format!("urn:uuid:{given}"), remedy)
    })
}
