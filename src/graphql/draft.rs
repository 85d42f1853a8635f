//! Working copies as the contract shows them.

use std::sync::Arc;

use juniper::{FieldResult, ID};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::domain::dataset::Dataset as Model;
use crate::domain::policy::Action;
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::{PublicationStatus, RecordKind, RefusalCode, RiskClass, Visibility, Vocabulary};
use crate::service::drafts::{self, Draft};
use crate::service::duplicates::{self, DuplicateReason, Likeness};
use crate::service::rows::CopyRow;
use crate::service::{Error, Record, accounts, overlaps, previews, versions};

use super::connection::{PageArgs, connection};
use super::context::Context;
use super::coverage::Coverage;
use super::dataset::Dataset;
use super::error::from_service;
use super::field_change::FieldChange;
use super::harvest::RecordOrigin;
use super::institution::Institution;
use super::methodology::Methodology;
use super::node::{NodeId, NodeValue};
use super::overlap::{PlannedClashPage, clash_page};
use super::prefetch;
use super::preview_link::PreviewLink;
use super::readiness::Readiness;
use super::scalars::{DateTime, LanguageTag, Uri};
use super::text::{Lang, LocalizedString, all, words};

/// A working copy.
#[derive(Clone)]
pub struct DatasetDraft {
    /// The copy.
    pub draft: Arc<Draft>,
    /// The record as far as it can be read already.
    record: Arc<Record>,
    /// Language of the answer.
    pub lang: Lang,
    /// Whether who did what is left out.
    without_names: bool,
    /// Whether the content is left out.
    is_withheld: bool,
}

connection!(
    DatasetDraftConnection,
    DatasetDraftEdge,
    DatasetDraft,
    "Working copies, last written first.",
    "A working copy with its place in the list."
);

impl DatasetDraft {
    /// Wraps a working copy.
    pub fn new(draft: Draft, lang: &Lang) -> FieldResult<Self> {
        let record = Arc::new(readable_part(&draft).map_err(from_service)?);
        Ok(Self { draft: Arc::new(draft), record, lang: lang.clone(), without_names: false, is_withheld: false })
    }

    /// The same without its content, for a token that writes and was not made for reading: where it stands, and no more.
    pub fn withheld(draft: Draft, lang: &Lang) -> FieldResult<Self> {
        let row = CopyRow { slug: None, note: String::new(), reason: None, ..draft.row };
        Ok(Self { is_withheld: true, without_names: true, ..Self::new(Draft { row, doc: json!({}) }, lang)? })
    }

    fn readable(&self) -> FieldResult<()> {
        if self.is_withheld {
            return Err(from_service(Error::Forbidden { code: RefusalCode::ScopeRequired, action: Action::DraftRead }));
        }
        Ok(())
    }

    /// The same without the functions of the people who wrote and validated it.
    pub fn without_names(self) -> Self {
        Self { without_names: true, ..self }
    }

    fn text<T: Vocabulary>(&self, key: &str) -> Option<T> {
        self.draft.doc.get(key).and_then(Value::as_str).and_then(T::parse)
    }

    fn titles(&self) -> &MultilingualText {
        &self.record.dataset.titles
    }

    fn refusal(&self, context: &Context, action: Action) -> FieldResult<Option<RefusalCode>> {
        let id = self.draft.dataset_id().map_err(from_service)?;
        let published = context.catalogue.records(&context.actor, &[id.0]).map_err(from_service)?.remove(&id.0);
        match drafts::check_draft(context.acting(), action, &self.draft, published.as_ref().map(|record| &record.dataset)) {
            Ok(()) => Ok(None),
            Err(Error::Forbidden { code, .. }) => Ok(Some(code)),
            Err(Error::NotFound(_)) => Ok(Some(RefusalCode::RoleRequired)),
            Err(error) => Err(from_service(error)),
        }
    }

    fn may(&self, context: &Context, action: Action) -> FieldResult<bool> {
        Ok(self.refusal(context, action)?.is_none())
    }

    fn why_not(&self, context: &Context, action: Action) -> FieldResult<Vec<RefusalCode>> {
        Ok(self.refusal(context, action)?.into_iter().collect())
    }

    fn function(&self, context: &Context, person: Option<&String>) -> FieldResult<Option<String>> {
        let Some(id) = person.filter(|_| !self.without_names).and_then(|id| Uuid::try_parse(id).ok()) else { return Ok(None) };
        Ok(accounts::row(&context.catalogue, id).map_err(from_service)?.map(|person| person.function))
    }
}

/// What of a draft can be read as a record: each part that is whole, over a record that says nothing.
fn readable_part(draft: &Draft) -> Result<Record, Error> {
    let id = draft.dataset_id()?;
    let mut base = json!({
        "slug": draft.row.slug.as_deref().unwrap_or("draft"), "recordKind": "STATISTICAL_OPERATION", "status": draft.row.status,
        "visibility": "COORDINATOR", "riskClass": "VERY_HIGH", "certainty": "UNVERIFIED", "titles": {},
        "methodology": { "sourceType": "CENSUS" }, "coverage": {},
    });
    for (key, value) in draft.doc.as_object().into_iter().flatten() {
        if key == "holdings" || key == "slug" {
            continue;
        }
        let before = base.get(key).cloned();
        base[key.as_str()] = value.clone();
        if serde_json::from_value::<Model>(base.clone()).is_err() {
            base[key.as_str()] = before.unwrap_or(Value::Null);
            if base[key.as_str()].is_null()
                && let Some(object) = base.as_object_mut()
            {
                object.shift_remove(key);
            }
        }
    }
    Ok(Record {
        id,
        number: 0,
        revision: draft.row.revision,
        version: draft.row.base_version,
        created_at: draft.row.created_at,
        updated_at: draft.row.updated_at,
        dataset: serde_json::from_value(base)?,
        holding_ids: Vec::new(),
    })
}

/// A working copy of a record: being written, submitted or validated. It may be incomplete, and only the producer's people
/// see it (and, once validated, the coordinator). A token that writes in it and lacks the scope READ is shown where it
/// stands (identifier, status, revision), not what it says.
#[juniper::graphql_object(impl = NodeValue, context = Context)]
impl DatasetDraft {
    /// Opaque identifier.
    fn id(&self) -> FieldResult<ID> {
        Ok(NodeId::Draft(crate::service::catalogue::read_id(&self.draft.row.id).map_err(from_service)?).encode())
    }

    /// The record as published; null before the first publication.
    fn dataset(&self, context: &Context) -> FieldResult<Option<Dataset>> {
        let id = self.draft.dataset_id().map_err(from_service)?;
        let record = context.catalogue.records(&context.actor, &[id.0]).map_err(from_service)?.remove(&id.0);
        Ok(record.map(|record| Dataset { record, lang: self.lang.clone() }))
    }

    /// Persistent identifier that the record has, or will have.
    fn identifier(&self) -> Uri {
        Uri(self.record.id.urn())
    }

    /// Short name, once given.
    fn slug(&self) -> Option<&str> {
        self.draft.row.slug.as_deref()
    }

    /// Institution whose record it is.
    fn institution(&self, context: &Context) -> FieldResult<Option<Institution>> {
        prefetch::institution(context, &self.draft.row.institution, &self.lang)
    }

    /// Title in the wanted language; null before one is given.
    fn title(&self, language: Option<LanguageTag>) -> Option<String> {
        words(self.titles(), language, &self.lang, self.record.dataset.main_language())
    }

    /// All titles with the status of their wording.
    #[graphql(name = "titles")]
    fn all_titles(&self) -> Vec<LocalizedString> {
        all(self.titles())
    }

    /// What the record describes; null before it is given.
    fn record_kind(&self) -> Option<RecordKind> {
        self.text("recordKind")
    }

    /// Risk class; null before it is given.
    fn risk_class(&self) -> Option<RiskClass> {
        self.text("riskClass")
    }

    /// Who will see the record; null before it is given.
    fn visibility(&self) -> Option<Visibility> {
        self.text("visibility")
    }

    /// What the data cover, as far as it is given.
    fn coverage(&self) -> Coverage {
        Coverage { record: self.record.clone(), lang: self.lang.clone() }
    }

    /// How the data came into being; null before the type of source is given.
    fn methodology(&self) -> Option<Methodology> {
        let is_given = self.draft.doc.pointer("/methodology/sourceType").is_some_and(Value::is_string);
        is_given.then(|| Methodology { record: self.record.clone(), lang: self.lang.clone() })
    }

    /// The whole draft as JSON text in the record format, unfinished parts included.
    fn content(&self) -> FieldResult<String> {
        self.readable()?;
        Ok(self.draft.doc.to_string())
    }

    /// Where it stands: DRAFT, SUBMITTED or VALIDATED.
    fn status(&self) -> PublicationStatus {
        self.draft.status()
    }

    /// Grows with every write; give it back as `expectedRevision`.
    fn revision(&self) -> i32 {
        i32::try_from(self.draft.row.revision).unwrap_or(i32::MAX)
    }

    /// Published version that it was made from; 0 for a new record.
    fn base_version(&self) -> i32 {
        i32::try_from(self.draft.row.base_version).unwrap_or(i32::MAX)
    }

    /// What will be said of the change when it is published.
    fn change_note(&self) -> &str {
        &self.draft.row.note
    }

    /// Why it was returned to its editors; null where it was not.
    fn return_reason(&self) -> Option<&str> {
        self.draft.row.reason.as_deref()
    }

    /// What is missing or wrong before it can be submitted, and what is recommended, field by field with guidance.
    fn readiness(&self, context: &Context) -> FieldResult<Readiness> {
        self.readable()?;
        Ok(Readiness { model: self.draft.readiness(&context.catalogue), lang: self.lang.clone() })
    }

    /// What differs from the published version, field by field; everything for a new record.
    fn changes(&self, context: &Context) -> FieldResult<Vec<FieldChange>> {
        self.readable()?;
        let mut found = match self.dataset(context)? {
            // Who was shown the draft by a private link may not look it up.
            Some(dataset) => {
                versions::compare_draft(&context.catalogue, context.acting(), &dataset.record, &self.draft.doc).map_err(from_service)?
            }
            None => crate::domain::diff::diff(&json!({}), &self.draft.doc),
        };
        found.retain(|change| {
            !matches!(change.path.as_str(), "identifier" | "status" | "coverage.period.start" | "coverage.period.end")
                || change.after.as_deref().is_some_and(|after| after != "null")
        });
        Ok(found.into_iter().map(FieldChange).collect())
    }

    /// Records that may describe the same thing already. They are pointed out, never merged.
    fn duplicates(&self, context: &Context) -> FieldResult<Vec<DuplicateWarning>> {
        self.readable()?;
        let found = duplicates::of_draft(&context.catalogue, &context.actor, &self.draft, context.today()).map_err(from_service)?;
        Ok(found.into_iter().map(|likeness| DuplicateWarning { likeness, lang: self.lang.clone() }).collect())
    }

    /// Other working copies of the institution that may describe the same thing: with titles alike, or with the same address on the web.
    fn similar_drafts(&self, context: &Context) -> FieldResult<Vec<SimilarDraft>> {
        self.readable()?;
        // Whoever was shown this one by a link is shown no other, and nobody is shown one that they may not read.
        if self.without_names {
            return Ok(Vec::new());
        }
        let mut found = duplicates::among_drafts(&context.catalogue, &self.draft).map_err(from_service)?;
        found.retain(|other| drafts::check_draft(context.acting(), Action::DraftRead, other, None).is_ok());
        let similar = |draft: Draft| DatasetDraft::new(draft, &self.lang).map(|draft| SimilarDraft { draft });
        found.into_iter().map(similar).collect()
    }

    /// Planned collections of the same field and area that would meet in some month with the one that is described here; none where no planned
    /// collection is described. They are pointed out, and keep nobody from publishing.
    fn clashes(
        &self,
        context: &Context,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> FieldResult<PlannedClashPage> {
        self.readable()?;
        let args = PageArgs::check(first, after, last, before, 20)?;
        let (catalogue, dataset) = (&context.catalogue, &self.record.dataset);
        let found =
            overlaps::clashes_of_draft(catalogue, &context.actor, dataset, self.record.id.0, context.today()).map_err(from_service)?;
        clash_page(found, &args, &self.lang)
    }

    /// Where the record came from, where another system gave it; the last one first.
    fn origins(&self, context: &Context) -> FieldResult<Vec<RecordOrigin>> {
        self.readable()?;
        RecordOrigin::of_draft(context, &self.draft)
    }

    /// Private preview links that are or were in force, newest first.
    fn preview_links(&self, context: &Context) -> FieldResult<Vec<PreviewLink>> {
        if !self.may(context, Action::PreviewShare)? {
            return Ok(Vec::new());
        }
        Ok(previews::of_draft(&context.catalogue, &self.draft).map_err(from_service)?.into_iter().map(PreviewLink).collect())
    }

    /// When it was begun.
    fn created_at(&self) -> DateTime {
        DateTime(self.draft.row.created_at)
    }

    /// When it was last written.
    fn updated_at(&self) -> DateTime {
        DateTime(self.draft.row.updated_at)
    }

    /// When it was submitted; null where it was not.
    fn submitted_at(&self) -> Option<DateTime> {
        self.draft.row.submitted_at.map(DateTime)
    }

    /// Function of the person who submitted it.
    fn submitted_by(&self, context: &Context) -> FieldResult<Option<String>> {
        self.function(context, self.draft.row.submitted_by.as_ref())
    }

    /// When it was validated; null where it was not.
    fn validated_at(&self) -> Option<DateTime> {
        self.draft.row.validated_at.map(DateTime)
    }

    /// Function of the person who validated it.
    fn validated_by(&self, context: &Context) -> FieldResult<Option<String>> {
        self.function(context, self.draft.row.validated_by.as_ref())
    }

    /// Whether the viewer may write in it.
    fn viewer_can_update(&self, context: &Context) -> FieldResult<bool> {
        self.may(context, Action::DraftUpdate)
    }

    /// Why the viewer may not write in it.
    fn viewer_cannot_update_reasons(&self, context: &Context) -> FieldResult<Vec<RefusalCode>> {
        self.why_not(context, Action::DraftUpdate)
    }

    /// Whether the viewer may submit it; it must be ready too.
    fn viewer_can_submit(&self, context: &Context) -> FieldResult<bool> {
        self.may(context, Action::Submit)
    }

    /// Why the viewer may not submit it.
    fn viewer_cannot_submit_reasons(&self, context: &Context) -> FieldResult<Vec<RefusalCode>> {
        self.why_not(context, Action::Submit)
    }

    /// Whether the viewer may return it to its editors.
    fn viewer_can_return(&self, context: &Context) -> FieldResult<bool> {
        self.may(context, Action::Return)
    }

    /// Whether the viewer may validate it.
    fn viewer_can_validate(&self, context: &Context) -> FieldResult<bool> {
        self.may(context, Action::Validate)
    }

    /// Why the viewer may not validate it.
    fn viewer_cannot_validate_reasons(&self, context: &Context) -> FieldResult<Vec<RefusalCode>> {
        self.why_not(context, Action::Validate)
    }

    /// Whether the viewer may publish it.
    fn viewer_can_publish(&self, context: &Context) -> FieldResult<bool> {
        self.may(context, Action::Publish)
    }

    /// Why the viewer may not publish it.
    fn viewer_cannot_publish_reasons(&self, context: &Context) -> FieldResult<Vec<RefusalCode>> {
        self.why_not(context, Action::Publish)
    }
}

/// A record that may describe the same thing.
pub struct DuplicateWarning {
    likeness: Likeness,
    lang: Lang,
}

/// A record that may describe the same thing as a draft.
#[juniper::graphql_object(context = Context)]
impl DuplicateWarning {
    /// The record.
    fn dataset(&self) -> Dataset {
        Dataset { record: self.likeness.record.clone(), lang: self.lang.clone() }
    }

    /// Why it may be the same.
    fn reasons(&self) -> &[DuplicateReason] {
        &self.likeness.reasons
    }
}

/// Another working copy of the institution that may describe the same thing.
pub struct SimilarDraft {
    draft: DatasetDraft,
}

/// Another working copy of the institution that may describe the same thing as a draft.
#[juniper::graphql_object(context = Context)]
impl SimilarDraft {
    /// Identifier of the working copy, for `node`.
    fn id(&self) -> FieldResult<ID> {
        self.draft.id()
    }

    /// Its short name, where it has one.
    fn slug(&self) -> Option<&str> {
        self.draft.slug()
    }

    /// Its title in the language of the answer, else in its own.
    fn title(&self) -> Option<String> {
        self.draft.title(None)
    }

    /// Where it stands.
    fn status(&self) -> PublicationStatus {
        self.draft.draft.status()
    }
}
