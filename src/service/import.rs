//! Import of records in the registry's own format, JSON Lines: institutions first, then datasets, in batches.

mod batches;
mod lines;
mod names;
mod references;
mod seen;

use std::collections::HashMap;
use std::path::Path;

use crate::domain::dataset::Dataset;
use crate::domain::ids::InstitutionId;
use crate::domain::problem::Problem;

use super::{Catalogue, Error};

use lines::{Spool, Visit, read_lines};
use seen::{Seen, Waiting};

/// Records written in one transaction.
const BATCH: usize = 500;

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

/// An import under way.
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
        importer.write_institutions(batch).map_err(|error| importer.broken_off(error))?;
    }
    drop(waiting);
    importer.settle_datasets().map_err(|error| importer.broken_off(error))?;
    let mut batch: Vec<(usize, Dataset)> = Vec::new();
    pass(&mut |number, line| {
        progress(number);
        importer.second_pass(number, line, &mut batch);
    })
    .map_err(unreadable)?;
    importer.flush(&mut batch);
    match importer.failure.take() {
        Some(error) => Err(importer.broken_off(error)),
        None => Ok(importer.report),
    }
}

impl Importer<'_> {
    /// Says of an import that the database breaks off how much of it is done, and how to go on.
    fn broken_off(&self, error: Error) -> Error {
        let ImportReport { created, updated, unchanged, .. } = &self.report;
        match error {
            Error::Unavailable(text) if !self.options.dry_run => Error::Unavailable(format!(
                "{text}. {created} records are created and {updated} updated, {unchanged} were there already: they stay. When the cause is \
                 mended, the same command goes on from there"
            )),
            error => error,
        }
    }

    fn refuse(&mut self, line: usize, problems: Vec<Problem>) {
        self.report.refused += 1;
        let file = self.file.to_owned();
        self.report.problems.extend(problems.into_iter().map(|problem| LineProblem { file: file.clone(), line, problem }));
    }
}
