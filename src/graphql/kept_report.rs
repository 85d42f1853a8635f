//! Reports that were made and kept, as the contract shows them.

use juniper::{FieldResult, GraphQLInputObject, ID};

use crate::domain::vocabulary::{RecordScope, Vocabulary};
use crate::service::catalogue::day_of;
use crate::service::past;
use crate::service::report::files::ReportFormat;
use crate::service::report::kept::{self, KeptReport, ReportKind};
use crate::service::report::{Maker, ReportQuestion, read_language};
use crate::service::rows::ReportFileRow;

use super::concept::Concept;
use super::connection::connection;
use super::context::Context;
use super::error::from_service;
use super::intent::signed_in;
use super::node::{NodeId, NodeValue, OwnKind};
use super::payload::payload;
use super::scalars::{Date, DateTime, LanguageTag, Uri};

/// A report that was kept.
#[derive(Clone)]
pub struct Report {
    /// The report with its files.
    pub kept: KeptReport,
}

connection!(
    ReportConnection,
    ReportEdge,
    Report,
    "Reports that were made and kept, the last first, page by page.",
    "A report with its place in the list."
);

/// What a report is to be on.
#[derive(GraphQLInputObject)]
pub struct ReportGenerateInput {
    /// What it is on.
    pub kind: ReportKind,
    /// Code of the country, such as MA.
    pub country: String,
    /// Cut-off date: sources count that had begun by then, as the catalogue knew them at the end of that day.
    pub until: Date,
    /// Whose knowledge instead: `latest` for a look back, as it is made in any case where the change log begins after the cut-off date; another
    /// day, or `change:` with a place in the change log.
    pub edition: Option<String>,
    /// Day of the previous review, to show what changed since.
    pub previous: Option<Date>,
    /// Records that enter the body: those that their producers validated, where left out; or all published ones, as a draft.
    pub records: Option<RecordScope>,
    /// Language of the report: en, fr or ar.
    pub language: LanguageTag,
    /// Formats to keep; all where left out.
    pub formats: Option<Vec<ReportFormat>>,
}

payload! {
    /// What became of a report.
    ReportPayload {
        /// The report; null where none was made.
        report: Report,
    }
}

/// Makes a report and keeps it.
///
/// # Errors
/// A fault of the server.
pub fn generate(context: &Context, input: &ReportGenerateInput) -> FieldResult<ReportPayload> {
    let done = signed_in(context).and_then(|()| {
        let until = past::day("until", &input.until.0)?;
        let previous = input.previous.as_ref().map(|date| past::day("previous", &date.0)).transpose()?;
        let today = day_of(context.now());
        let (edition, named) = past::edition(&context.catalogue, input.edition.as_deref(), until, today)?;
        let scope = input.records.unwrap_or(RecordScope::Validated);
        let language = read_language("language", input.language.0.as_str())?;
        let question = ReportQuestion { country: &input.country, until, previous, edition, scope, language };
        let maker = Maker { name: &context.name, base_url: &context.base_url, now: context.now() };
        let formats = input.formats.clone().unwrap_or_else(|| ReportFormat::ALL.to_vec());
        kept::generate(&context.catalogue, context.acting(), &question, (named, &formats), maker)
    });
    match done {
        Ok(kept) => Ok(ReportPayload { report: Some(Report { kept }), ..ReportPayload::default() }),
        Err(error) => ReportPayload::refused(error),
    }
}

/// A report that was made from the catalogue and kept as it was. It is of what anyone may see, and is never changed.
#[juniper::graphql_object(impl = NodeValue, context = Context)]
impl Report {
    /// Opaque identifier.
    fn id(&self) -> ID {
        NodeId::Own(OwnKind::Report, uuid::Uuid::try_parse(&self.kept.row.id).unwrap_or_default()).encode()
    }

    /// What it is on.
    fn kind(&self) -> ReportKind {
        ReportKind::parse(&self.kept.row.kind).unwrap_or(ReportKind::Objective1)
    }

    /// Title, in the language of the report.
    fn title(&self) -> &str {
        &self.kept.row.title
    }

    /// The country.
    fn country(&self, context: &Context) -> Option<Concept> {
        use crate::domain::vocabulary::ConceptScheme::Places;
        Concept::of(&context.catalogue.concepts, Places, &self.kept.row.country, &context.language)
    }

    /// Cut-off date.
    fn until(&self) -> Date {
        Date(self.kept.row.until_on.clone())
    }

    /// Day of the previous review.
    fn previous(&self) -> Option<Date> {
        self.kept.row.previous_on.clone().map(Date)
    }

    /// The edition as it was asked for, `latest` where a look back was made because the change log begins later; null for the knowledge of the
    /// cut-off date.
    fn edition(&self) -> Option<&str> {
        Some(self.kept.row.edition.as_str()).filter(|edition| !edition.is_empty())
    }

    /// Records that enter its body.
    fn records(&self) -> RecordScope {
        RecordScope::parse(&self.kept.row.records).unwrap_or(RecordScope::Validated)
    }

    /// Language: en, fr or ar.
    fn language(&self) -> &str {
        &self.kept.row.language
    }

    /// Place in the change log of the last change that it knows; null where the log begins later.
    fn seq(&self) -> Option<i32> {
        Some(self.kept.row.seq).filter(|seq| *seq > 0).and_then(|seq| i32::try_from(seq).ok())
    }

    /// Hash of that place, which stands for everything before it.
    fn chain_hash(&self) -> Option<&str> {
        Some(self.kept.row.chain_hash.as_str()).filter(|hash| !hash.is_empty())
    }

    /// When it was made.
    fn made_at(&self) -> DateTime {
        DateTime(self.kept.row.made_at)
    }

    /// Function of who had it made.
    fn made_by(&self) -> &str {
        &self.kept.row.made_by
    }

    /// Its files.
    fn files(&self, context: &Context) -> Vec<ReportFile> {
        self.kept.files.iter().map(|row| ReportFile { row: row.clone(), base_url: context.base_url.clone() }).collect()
    }

    /// Whether its files are as they were kept, and the change log still has the same hash where it stood; both are computed anew.
    fn verification(&self, context: &Context) -> FieldResult<ReportVerification> {
        kept::verify(&context.catalogue, &self.kept).map(ReportVerification).map_err(from_service)
    }
}

/// A file of a report.
pub struct ReportFile {
    row: ReportFileRow,
    base_url: std::sync::Arc<str>,
}

/// A file of a report, as it was kept.
#[juniper::graphql_object(context = Context)]
impl ReportFile {
    /// Format.
    fn format(&self) -> ReportFormat {
        ReportFormat::parse(&self.row.format).unwrap_or(ReportFormat::Html)
    }

    /// Where it can be fetched.
    fn url(&self) -> Uri {
        Uri(format!("{}/report/{}.{}", self.base_url, self.row.report_id, self.row.format.to_lowercase()))
    }

    /// SHA-256 of the file, in hexadecimal digits.
    fn sha256(&self) -> &str {
        &self.row.sha256
    }

    /// Bytes.
    fn size(&self) -> i32 {
        i32::try_from(self.row.size).unwrap_or(i32::MAX)
    }
}

/// What a look at a report found.
pub struct ReportVerification(kept::Verification);

/// What a look at a kept report found.
#[juniper::graphql_object(context = Context)]
impl ReportVerification {
    /// Whether every file has the hash with which it was kept.
    fn files_are_intact(&self) -> bool {
        self.0.files_are_intact
    }

    /// Whether the change log has, at the place that the report knows, the hash that it had then.
    fn log_agrees(&self) -> bool {
        self.0.log_agrees
    }
}
