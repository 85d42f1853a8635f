//! Frozen copies of reports: made once, kept with their hash and the place of the change log that they know, never changed.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::domain::ids::hex;
use crate::domain::policy::{Action, Subject, check};
use crate::domain::problem::Problem;
use crate::domain::vocabulary::{Vocabulary, vocabulary};
use crate::domain::workdays::Day;
use crate::service::catalogue::day_of;
use crate::service::drafts::Acting;
use crate::service::life::function_of;
use crate::service::past;
use crate::service::{Catalogue, Error};
use crate::store::changes::{self, KnownTo, NewChange};
use crate::store::reports::{self as table, ReportFileRow, ReportRow};

use super::files::{ReportFormat, written};
use super::{Maker, ReportQuestion, objective_1};

vocabulary! {
    /// What a report is on.
    ReportKind "report-kind" {
        Objective1 = "OBJECTIVE_1" ["Objective 1 of the Global Compact for Migration", "Objectif 1 du Pacte mondial pour les migrations", "الهدف 1 من الاتفاق العالمي للهجرة"],
    }
}

/// How the change log names reports.
pub const ENTITY: &str = "REPORT";

/// A report that was kept, with its files.
#[derive(Clone, Debug)]
pub struct KeptReport {
    /// The report.
    pub row: ReportRow,
    /// Its files, without content.
    pub files: Vec<ReportFileRow>,
}

/// What a look at a kept file found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// Whether every file has the hash with which it was kept.
    pub files_are_intact: bool,
    /// Whether the change log has, at the place that the report knows, the hash that it had then, and says of the report itself that it was
    /// kept with these hashes.
    pub log_agrees: bool,
}

/// Makes a report, of what anyone may see, and keeps it.
///
/// # Errors
/// Forbidden, the question is wrong, or a writer refused.
pub fn generate(
    catalogue: &Catalogue,
    acting: Acting<'_>,
    question: &ReportQuestion<'_>,
    (edition, formats): (&str, &[ReportFormat]),
    maker: Maker<'_>,
) -> Result<KeptReport, Error> {
    let action = Action::ReportGenerate;
    check(acting.actor, action, &Subject::default()).map_err(|code| Error::Forbidden { code, action })?;
    if formats.is_empty() {
        return Err(Error::Invalid(vec![Problem::new("formats", "", format!("name at least one of {}", ReportFormat::codes()))]));
    }
    past::check_country(question.country, &catalogue.concepts)?;
    // East of here the day has begun already.
    if question.until > day_of(acting.now) + 1 {
        let remedy = "is a day to come, of which nothing can be kept yet; take today or a day before";
        return Err(Error::Invalid(vec![Problem::new("until", Day(question.until).to_string(), remedy)]));
    }
    // What is kept can be read by anyone: nothing enters that only some may read.
    let (report, moment) = objective_1(catalogue, question, false, maker)?;
    let mut files = Vec::new();
    for format in ReportFormat::ALL.iter().filter(|format| formats.contains(format)) {
        let content = written(&report, *format)?;
        files.push((format.code().to_owned(), hex(&Sha256::digest(&content)), content));
    }
    let id = Uuid::now_v7().to_string();
    catalogue.db.write(|conn, ledger| {
        let row = ReportRow {
            id: id.clone(),
            number: ledger.next_seq(),
            kind: ReportKind::Objective1.code().to_owned(),
            country: question.country.to_owned(),
            until_on: Day(question.until).to_string(),
            previous_on: question.previous.map(|day| Day(day).to_string()),
            edition: edition.to_owned(),
            records: question.scope.code().to_owned(),
            language: question.language.to_owned(),
            title: report.title.clone(),
            seq: moment.place.as_ref().map_or(0, |place| place.seq),
            chain_hash: moment.place.as_ref().map(|place| place.hash.clone()).unwrap_or_default(),
            made_by: function_of(conn, &acting.person_id())?,
            made_at: acting.now,
        };
        table::insert(conn, &row, &files)?;
        let files = table::files_of(conn, std::slice::from_ref(&row.id))?;
        let after = logged_of(&row, &files).to_string();
        let change = NewChange {
            at: acting.now,
            actor: &acting.actor.log_name(),
            kind: "CREATED",
            entity: ENTITY,
            entity_id: &row.id,
            known_to: KnownTo::Auditors,
            before: None,
            after: Some(&after),
        };
        ledger.append(conn, &change)?;
        Ok(KeptReport { row, files })
    })
}

/// What the change log says of a report.
fn logged_of(row: &ReportRow, files: &[ReportFileRow]) -> Value {
    let hashes: Vec<_> = files.iter().map(|file| json!({ "format": file.format, "sha256": file.sha256 })).collect();
    json!({ "country": row.country, "until": row.until_on, "seq": row.seq, "files": hashes })
}

/// The report with this identifier.
///
/// # Errors
/// The database is unavailable.
pub fn by_id(catalogue: &Catalogue, id: &str) -> Result<Option<KeptReport>, Error> {
    let found = catalogue.db.read(|conn| {
        let row = table::by_id(conn, id)?;
        let files = table::files_of(conn, &[id.to_owned()])?;
        Ok(row.map(|row| KeptReport { row, files }))
    })?;
    Ok(found)
}

/// All reports, the last made first.
///
/// # Errors
/// The database is unavailable.
pub fn list(catalogue: &Catalogue) -> Result<Vec<KeptReport>, Error> {
    let (rows, files) = catalogue.db.read(|conn| {
        let rows = table::all(conn)?;
        let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
        let files = table::files_of(conn, &ids)?;
        Ok((rows, files))
    })?;
    let with_files = |row: ReportRow| {
        let own = files.iter().filter(|file| file.report_id == row.id).cloned().collect();
        KeptReport { row, files: own }
    };
    Ok(rows.into_iter().map(with_files).collect())
}

/// Content of a file of a report.
///
/// # Errors
/// The database is unavailable.
pub fn content(catalogue: &Catalogue, id: &str, format: ReportFormat) -> Result<Option<Vec<u8>>, Error> {
    Ok(catalogue.db.read(|conn| table::content(conn, id, format.code()))?)
}

/// Looks whether a report is as it was kept, and whether the change log still says the same of where it stood.
///
/// # Errors
/// The database is unavailable.
pub fn verify(catalogue: &Catalogue, report: &KeptReport) -> Result<Verification, Error> {
    let found = catalogue.db.read(|conn| {
        let mut files_are_intact = !report.files.is_empty();
        for file in &report.files {
            let content = table::content(conn, &report.row.id, &file.format)?;
            files_are_intact &= content.is_some_and(|content| hex(&Sha256::digest(&content)) == file.sha256);
        }
        let stood_there = report.row.seq == 0 || table::log_agrees(conn, report.row.seq, &report.row.chain_hash)?;
        // Hashes beside the files can be changed with them; those of the log stand in its chain, which `rihla doctor` looks at.
        let logged = changes::of_entity(conn, ENTITY, &report.row.id)?.into_iter().find(|change| change.seq == report.row.number);
        let said: Option<Value> = logged.and_then(|change| change.after_doc).and_then(|after| serde_json::from_str(&after).ok());
        let log_agrees = stood_there && said.is_some_and(|said| said == logged_of(&report.row, &report.files));
        Ok(Verification { files_are_intact, log_agrees })
    })?;
    Ok(found)
}

/// The reports of which a file that somebody has is a frozen copy, byte for byte.
///
/// # Errors
/// The database is unavailable.
pub fn of_file(catalogue: &Catalogue, bytes: &[u8]) -> Result<Vec<KeptReport>, Error> {
    let sha256 = hex(&Sha256::digest(bytes));
    let files = catalogue.db.read(|conn| table::with_hash(conn, &sha256))?;
    let reports = files.iter().map(|file| by_id(catalogue, &file.report_id)).collect::<Result<Vec<_>, _>>()?;
    Ok(reports.into_iter().flatten().collect())
}
