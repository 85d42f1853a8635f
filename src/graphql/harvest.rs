//! Sources that are harvested, what came of each run, and where a record came from, as the contract shows them.

use juniper::{FieldResult, ID};
use uuid::Uuid;

use crate::domain::ids::Slug;
use crate::domain::vocabulary::{ImportFormat, RunOutcome, Vocabulary};
use crate::service::drafts::Draft;
use crate::service::harvest::{self, HarvestSource as Model};
use crate::service::intake::{self, Counts, Origin, ReportLine, Run, Unfit};
use crate::service::{Error, drafts};

use super::connection::{PageArgs, connection, page};
use super::context::Context;
use super::dataset::Dataset;
use super::draft::DatasetDraft;
use super::error::from_service;
use super::intent;
use super::node::{NodeId, NodeValue, OwnKind};
use super::scalars::{DateTime, Uri};

/// Most runs of a list.
const MOST_RUNS: i64 = 1_000;
/// Most records of a source that are listed as gone.
const MOST_GONE: i64 = 1_000;

/// A source.
#[derive(Clone)]
pub struct HarvestSource(pub Model);

connection!(HarvestSourceConnection, HarvestSourceEdge, HarvestSource, "Sources, oldest first.", "A source with its place in the list.");
connection!(IntakeRunConnection, IntakeRunEdge, IntakeRun, "Runs, newest first.", "A run with its place in the list.");
page!(IntakeProblemPage, IntakeProblem, "A page of a report.");

fn count(number: u64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn opaque(kind: OwnKind, id: &str) -> ID {
    Uuid::try_parse(id).map_or_else(|_| ID::new(id), |id| NodeId::Own(kind, id).encode())
}

/// Sources that the viewer may see to.
///
/// # Errors
/// The store cannot be reached, or the cursor is none.
pub fn sources(context: &Context, institution: Option<&str>, args: &PageArgs) -> FieldResult<HarvestSourceConnection> {
    let Some(institution) = only(institution) else { return HarvestSourceConnection::cut(Vec::new(), args) };
    let found = harvest::list(&context.catalogue, context.acting(), institution.as_ref()).map_err(from_service)?;
    HarvestSourceConnection::cut(found.into_iter().map(HarvestSource).collect(), args)
}

/// Runs that the viewer may read.
///
/// # Errors
/// The store cannot be reached, or the cursor is none.
pub fn runs(context: &Context, institution: Option<&str>, args: &PageArgs) -> FieldResult<IntakeRunConnection> {
    let Some(institution) = only(institution) else { return IntakeRunConnection::cut(Vec::new(), args) };
    let found = intake::runs(&context.catalogue, context.acting(), institution.as_ref(), MOST_RUNS).map_err(from_service)?;
    IntakeRunConnection::cut(found.into_iter().map(IntakeRun::of).collect(), args)
}

/// The institution asked for; none at all where the text is no short name, for then there is nothing of it.
fn only(institution: Option<&str>) -> Option<Option<Slug>> {
    institution.map(|text| Slug::parse(text).ok()).map_or(Some(None), |slug| slug.map(Some))
}

impl HarvestSource {
    /// The source with this identifier, if the viewer may see to it.
    ///
    /// # Errors
    /// The store cannot be reached.
    pub fn by_id(context: &Context, id: &str) -> FieldResult<Option<Self>> {
        match harvest::of_actor(&context.catalogue, context.acting(), id) {
            Ok(source) => Ok(Some(Self(source))),
            Err(Error::NotFound(_) | Error::Forbidden { .. }) => Ok(None),
            Err(error) => Err(from_service(error)),
        }
    }
}

/// Another system whose records become drafts of an institution, again and again.
#[juniper::graphql_object(impl = NodeValue, context = Context)]
impl HarvestSource {
    /// Opaque identifier.
    pub fn id(&self) -> ID {
        opaque(OwnKind::HarvestSource, &self.0.row.id)
    }

    /// Name for people.
    fn name(&self) -> &str {
        &self.0.doc.name
    }

    /// Short name of the institution that gets the drafts.
    fn institution(&self) -> &str {
        &self.0.row.institution
    }

    /// What the source gives.
    fn kind(&self) -> ImportFormat {
        self.0.kind()
    }

    /// Address.
    fn url(&self) -> Uri {
        Uri(self.0.row.url.clone())
    }

    /// Language of texts that say none (BCP 47).
    fn language(&self) -> Option<String> {
        self.0.doc.language.as_ref().map(|tag| tag.as_str().to_owned())
    }

    /// Hours between harvests; 0: only when somebody asks.
    fn every_hours(&self) -> i32 {
        i32::try_from(self.0.doc.every_hours).unwrap_or(i32::MAX)
    }

    /// Whether it is harvested when it is due.
    fn is_active(&self) -> bool {
        self.0.is_active()
    }

    /// Whether complete records are published at once, without a person looking at them. Those of high risk to persons never are.
    fn publishes_at_once(&self) -> bool {
        self.0.doc.publishes
    }

    /// Set of an OAI-PMH provider; null for all records.
    fn set(&self) -> Option<&str> {
        self.0.doc.set.as_deref()
    }

    /// Metadata prefix of an OAI-PMH provider; null for the richest that is read.
    fn metadata_prefix(&self) -> Option<&str> {
        self.0.doc.prefix.as_deref()
    }

    /// What a draft gets where a record does not say it, as JSON in the record format.
    fn defaults(&self) -> String {
        serde_json::Value::Object(self.0.doc.defaults.clone()).to_string()
    }

    /// When it is harvested next; null: only when somebody asks.
    fn next_run_at(&self) -> Option<DateTime> {
        self.0.row.next_run_at.filter(|_| self.0.is_active()).map(DateTime)
    }

    /// Runs that failed since the last one that did not.
    fn failed_runs(&self) -> i32 {
        i32::try_from(self.0.progress.failed_runs).unwrap_or(i32::MAX)
    }

    /// Grows with every change of what people have set.
    fn revision(&self) -> i32 {
        i32::try_from(self.0.row.revision).unwrap_or(i32::MAX)
    }

    /// Its runs, newest first.
    fn runs(
        &self,
        context: &Context,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> FieldResult<IntakeRunConnection> {
        let args = PageArgs::check(first, after, last, before, 20)?;
        let found = harvest::runs(&context.catalogue, &self.0, MOST_RUNS).map_err(from_service)?;
        IntakeRunConnection::cut(found.into_iter().map(IntakeRun::of).collect(), &args)
    }

    /// Records that the source does not have any more, as it calls them. They are flagged, not deleted.
    fn gone_records(&self, context: &Context) -> FieldResult<Vec<RecordOrigin>> {
        let found = harvest::gone(&context.catalogue, &self.0, MOST_GONE).map_err(from_service)?;
        Ok(found.into_iter().map(RecordOrigin).collect())
    }
}

/// A run.
#[derive(Clone)]
pub struct IntakeRun {
    run: Run,
    /// Of a rehearsal, which is kept nowhere, the whole report.
    lines: Option<Vec<ReportLine>>,
}

impl IntakeRun {
    /// A run that is kept.
    pub fn of(run: Run) -> Self {
        Self { run, lines: None }
    }

    /// A run with its report.
    pub fn with_lines(run: Run, lines: Vec<ReportLine>) -> Self {
        Self { run, lines: Some(lines) }
    }

    /// The run with this identifier, if the viewer may read it.
    ///
    /// # Errors
    /// The store cannot be reached.
    pub fn by_id(context: &Context, id: &str) -> FieldResult<Option<Self>> {
        Ok(intake::run_by_id(&context.catalogue, context.acting(), id).map_err(from_service)?.map(Self::of))
    }

    fn counts(&self) -> &Counts {
        &self.run.doc.counts
    }
}

/// A harvest of a source, or the taking in of a file, with what became of its records.
#[juniper::graphql_object(impl = NodeValue, context = Context)]
impl IntakeRun {
    /// Opaque identifier.
    pub fn id(&self) -> ID {
        opaque(OwnKind::IntakeRun, &self.run.row.id)
    }

    /// How it ended. A run with failures is never called a success.
    fn outcome(&self) -> RunOutcome {
        self.run.outcome()
    }

    /// What was read.
    fn format(&self) -> Option<ImportFormat> {
        ImportFormat::parse(&self.run.doc.format)
    }

    /// Name of the file, or address of the source.
    fn name(&self) -> &str {
        &self.run.doc.name
    }

    /// Short name of the institution that gets the drafts.
    fn institution(&self) -> &str {
        &self.run.row.institution
    }

    /// Begin.
    fn started_at(&self) -> DateTime {
        DateTime(self.run.row.started_at)
    }

    /// End; null while it goes on.
    fn ended_at(&self) -> Option<DateTime> {
        self.run.row.ended_at.map(DateTime)
    }

    /// Whether only what has changed since an earlier run was asked for.
    fn is_partial(&self) -> bool {
        self.run.doc.is_partial
    }

    /// Records that the source gave.
    fn fetched(&self) -> i32 {
        count(self.counts().fetched)
    }

    /// Drafts begun.
    fn created(&self) -> i32 {
        count(self.counts().created)
    }

    /// Records whose changes were taken.
    fn changed(&self) -> i32 {
        count(self.counts().changed)
    }

    /// Records that are as they were.
    fn unchanged(&self) -> i32 {
        count(self.counts().unchanged)
    }

    /// Records whose working copy is being decided on; their changes are taken when that is over.
    fn waiting(&self) -> i32 {
        count(self.counts().waiting)
    }

    /// Records that the institution has thrown away or retired, and that are not begun again.
    fn set_aside(&self) -> i32 {
        count(self.counts().set_aside)
    }

    /// Records that the source does not have any more. They are flagged, not deleted.
    fn gone(&self) -> i32 {
        count(self.counts().gone)
    }

    /// Records that could not be taken.
    fn failed(&self) -> i32 {
        count(self.counts().failed)
    }

    /// Of those created or changed, how many were published at once.
    fn published(&self) -> i32 {
        count(self.counts().published)
    }

    /// Parts of records that the registry has no field for, or takes otherwise. Each is named with its record.
    fn unfit(&self) -> i32 {
        count(self.counts().unfit)
    }

    /// Everything that kept a record from being taken, or from being taken whole; and notes, such as on what is no dataset, which are no failures.
    fn problems(
        &self,
        context: &Context,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
    ) -> FieldResult<IntakeProblemPage> {
        let args = PageArgs::check(first, after, None, None, 20)?;
        let total = match &self.lines {
            Some(lines) => lines.len(),
            None => usize::try_from(self.run.doc.problems).unwrap_or(usize::MAX),
        };
        let range = args.range(total)?;
        let lines: Vec<ReportLine> = match &self.lines {
            Some(lines) => lines.iter().skip(range.start).take(range.len()).cloned().collect(),
            None => {
                let (after, limit) = (i64::try_from(range.start).unwrap_or(i64::MAX), i64::try_from(range.len()).unwrap_or(0));
                let found = intake::lines(&context.catalogue, &self.run.row.id, after, limit).map_err(from_service)?;
                found.into_iter().map(|(_, line)| line).collect()
            }
        };
        Ok(IntakeProblemPage::of(lines.into_iter().map(IntakeProblem).collect(), &range, total))
    }
}

/// A line of a report.
#[derive(Clone)]
pub struct IntakeProblem(ReportLine);

/// Something that kept a record from being taken, or from being taken whole.
#[juniper::graphql_object(context = Context)]
impl IntakeProblem {
    /// The record, as the other system calls it; empty for the source as a whole.
    fn record(&self) -> &str {
        &self.0.record
    }

    /// Place in the record.
    fn path(&self) -> &str {
        &self.0.problem.field
    }

    /// Value found.
    fn value(&self) -> &str {
        &self.0.problem.value
    }

    /// What is wrong and how to mend it.
    fn remedy(&self) -> &str {
        &self.0.problem.remedy
    }
}

/// Where a record came from.
#[derive(Clone)]
pub struct RecordOrigin(Origin);

impl RecordOrigin {
    /// Where the record of a working copy came from.
    ///
    /// # Errors
    /// The store cannot be reached.
    pub fn of_draft(context: &Context, draft: &Draft) -> FieldResult<Vec<Self>> {
        let id = draft.dataset_id().map_err(from_service)?;
        Ok(intake::origins_of(&context.catalogue, id).map_err(from_service)?.into_iter().map(Self).collect())
    }
}

/// Which record of which system a record here came from, and what of it did not fit.
#[juniper::graphql_object(context = Context)]
impl RecordOrigin {
    /// What was read.
    fn format(&self) -> Option<ImportFormat> {
        ImportFormat::parse(&self.0.doc.format)
    }

    /// Name of the file, or address of the source.
    fn name(&self) -> &str {
        &self.0.doc.name
    }

    /// Identifier in the other system.
    fn identifier(&self) -> Option<&str> {
        self.0.doc.identifier.as_deref()
    }

    /// Page of the record in the other system.
    fn address(&self) -> Option<&str> {
        self.0.doc.address.as_deref()
    }

    /// When it was last changed there, as the record says.
    fn modified(&self) -> Option<&str> {
        self.0.doc.modified.as_deref()
    }

    /// When it was first taken.
    fn first_taken_at(&self) -> DateTime {
        DateTime(self.0.doc.first_at)
    }

    /// Since when the source does not have it any more; null while it has.
    fn gone_since(&self) -> Option<DateTime> {
        self.0.row.gone_at.map(DateTime)
    }

    /// Address of what was read, as it came; for those who write drafts of the institution.
    fn original(&self, context: &Context) -> Option<Uri> {
        let hash = self.0.row.original.as_ref()?;
        Some(Uri(format!("{}/institution/{}/originals/{hash}", context.base_url, self.0.row.institution)))
    }

    /// Parts that the registry has no field for, or takes otherwise.
    fn unfit(&self) -> Vec<UnfitPart> {
        self.0.doc.unfit.iter().cloned().map(UnfitPart).collect()
    }

    /// The working copy that it became, if there is one that you may read.
    fn draft(&self, context: &Context) -> FieldResult<Option<DatasetDraft>> {
        let Ok(id) = Uuid::try_parse(&self.0.row.dataset_id) else { return Ok(None) };
        let found = drafts::of_dataset(&context.catalogue, context.acting(), crate::domain::ids::DatasetId(id)).map_err(from_service)?;
        found.map(|draft| DatasetDraft::new(draft, &context.language)).transpose()
    }

    /// The record that it became, if it is published and you may see it.
    fn dataset(&self, context: &Context) -> FieldResult<Option<Dataset>> {
        let Ok(id) = Uuid::try_parse(&self.0.row.dataset_id) else { return Ok(None) };
        let found = context.catalogue.records(&context.actor, &[id]).map_err(from_service)?.remove(&id);
        Ok(found.map(|record| Dataset { record, lang: context.language.clone() }))
    }
}

/// A part that did not fit.
#[derive(Clone)]
pub struct UnfitPart(Unfit);

/// A part of a record of another system that the registry has no field for, or takes otherwise.
#[juniper::graphql_object(context = Context)]
impl UnfitPart {
    /// Place in the original.
    fn path(&self) -> &str {
        &self.0.field
    }

    /// Value found.
    fn value(&self) -> &str {
        &self.0.value
    }

    /// What became of it.
    fn remedy(&self) -> &str {
        &self.0.remedy
    }
}

/// Identifier of a source.
///
/// # Errors
/// Nobody has signed in, or it names none.
pub fn source_id(context: &Context, id: &ID) -> Result<String, Error> {
    intent::own_id(context, OwnKind::HarvestSource, id)
}
