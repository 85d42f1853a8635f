//! Datasets as the contract shows them.

use std::sync::Arc;

use juniper::{FieldResult, ID};

use crate::domain::dataset::Dataset as Model;
use crate::domain::view;
use crate::domain::vocabulary::{
    Certainty, CollectionStatus, ConceptScheme, ExportFormat, MaskableField, PublicationStatus, RecordKind, RefusalCode, RelationType,
    RiskClass,
};
use crate::service::{Record, drafts, holdings, versions};

use super::agreement::{self, AgreementConnection};
use super::calendar::CalendarPage;
use super::citation::{Citation, Discrepancy};
use super::comment::{self, CommentConnection};
use super::concept::Concept;
use super::connection::PageArgs;
use super::context::Context;
use super::copied::CopiedFrom;
use super::coverage::Coverage;
use super::dataset_parts::{DatasetRelation, DatasetVersion, DatasetVersionConnection, MaskedField, Stamp};
use super::declaration::HoldingDeclaration;
use super::draft::DatasetDraft;
use super::error::from_service;
use super::export_loss::ExportLoss;
use super::field_change::FieldChange;
use super::holding::Holding;
use super::institution::Institution;
use super::methodology::{Link, Methodology};
use super::node::{NodeId, NodeValue};
use super::overlap::{self, OverlapPage};
use super::prefetch;
use super::punctuality::Punctuality;
use super::register::RegisterEntryConnection;
use super::register_lists;
use super::scalars::{Date, DateTime, LanguageTag, Uri};
use super::text::{Lang, LocalizedString, all, each, words};
use super::variable::{Variable, VariableConnection};
use crate::service::registers::comments::Topic;

/// A dataset.
#[derive(Clone)]
pub struct Dataset {
    /// The record.
    pub record: Arc<Record>,
    /// Language of the answer.
    pub lang: Lang,
}

impl Dataset {
    fn model(&self) -> &Model {
        &self.record.dataset
    }

    fn main(&self) -> Option<&str> {
        self.model().main_language()
    }

    fn is_stub(&self) -> bool {
        self.model().hidden.iter().any(|(_, reason)| *reason != RefusalCode::MaskedByProducer)
    }

    fn stamp(&self, context: &Context, kind: &str) -> FieldResult<Option<Stamp>> {
        let rows = prefetch::stamps_of(context, &self.record)?;
        let stamps = rows.into_iter().filter(|row| row.kind == kind && row.version == self.record.version);
        Ok(stamps.max_by_key(|row| row.at).map(|row| Stamp { row, lang: self.lang.clone() }))
    }

    fn concepts(&self, context: &Context, scheme: ConceptScheme, codes: &[String]) -> Vec<Concept> {
        Concept::list(context, scheme, codes, &self.lang)
    }

    fn refusal(&self, context: &Context) -> Option<RefusalCode> {
        drafts::may_begin(&context.actor, self.model()).err()
    }
}

/// A dataset: a statistical operation, an administrative source, a microdata product or a planned collection.
/// The record describes it; the data stay with the holders.
#[juniper::graphql_object(impl = NodeValue, context = Context)]
impl Dataset {
    /// Opaque identifier.
    fn id(&self) -> ID {
        NodeId::Dataset(self.record.id).encode()
    }

    /// Short name in addresses.
    fn slug(&self) -> &str {
        self.model().slug.as_str()
    }

    /// Persistent identifier, never used for another dataset.
    fn identifier(&self) -> Uri {
        Uri(self.record.id.urn())
    }

    /// Address of the record.
    fn url(&self, context: &Context) -> Uri {
        Uri(format!("{}/dataset/{}", context.base_url, self.model().slug))
    }

    /// The registry that keeps the record, where this is a copy of it; null for records that are kept here.
    fn copied_from(&self) -> Option<CopiedFrom> {
        self.model().copied_from.clone().map(CopiedFrom)
    }

    /// What a format cannot carry of this record, or carries poorer. Null where the record is not shown whole, as it is then
    /// written in no format.
    fn export_loss(&self, context: &Context, format: ExportFormat) -> FieldResult<Option<Vec<ExportLoss>>> {
        ExportLoss::of(context, &self.record, format, &self.lang)
    }

    /// Title in the wanted language, else in the main language of the record.
    fn title(&self, language: Option<LanguageTag>) -> String {
        words(&self.model().titles, language, &self.lang, self.main()).unwrap_or_else(|| self.model().slug.to_string())
    }

    /// All titles with the status of their wording.
    fn titles(&self) -> Vec<LocalizedString> {
        all(&self.model().titles)
    }

    /// What the dataset is, in a few sentences.
    fn abstract_(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model().abstract_text, language, &self.lang, self.main())
    }

    /// All abstracts with the status of their wording.
    fn abstracts(&self) -> Vec<LocalizedString> {
        all(&self.model().abstract_text)
    }

    /// What the record describes.
    fn record_kind(&self) -> RecordKind {
        self.model().record_kind
    }

    /// Programme or series, such as MED-HIMS.
    fn programme(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model().programme, language, &self.lang, self.main())
    }

    /// Where the record stands.
    fn status(&self) -> PublicationStatus {
        self.model().status
    }

    /// Whether the collection is planned, goes on, or is finished.
    fn collection_status(&self) -> Option<CollectionStatus> {
        self.model().collection_status
    }

    /// Risk to persons that lies behind the data described; null in a stub.
    fn risk_class(&self) -> Option<RiskClass> {
        (!self.is_stub()).then_some(self.model().risk_class)
    }

    /// Grows with every write; needed to edit without overwriting another's change.
    fn revision(&self) -> i32 {
        i32::try_from(self.record.revision).unwrap_or(i32::MAX)
    }

    /// Number of the version shown.
    fn version(&self) -> i32 {
        i32::try_from(self.record.version).unwrap_or(i32::MAX)
    }

    /// When the record was made.
    fn created_at(&self) -> DateTime {
        DateTime(self.record.created_at)
    }

    /// When the record was last written.
    fn updated_at(&self) -> DateTime {
        DateTime(self.record.updated_at)
    }

    /// How well the record is documented.
    fn certainty(&self) -> Certainty {
        self.model().certainty
    }

    /// Which parts are not confirmed.
    fn certainty_note(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model().certainty_note, language, &self.lang, self.main())
    }

    /// Topics.
    fn themes(&self, context: &Context) -> Vec<Concept> {
        self.concepts(context, ConceptScheme::Themes, &self.model().themes)
    }

    /// Keywords.
    fn keywords(&self) -> Vec<LocalizedString> {
        each(&self.model().keywords, &self.lang, self.main())
    }

    /// Languages of the data or publication.
    fn languages(&self) -> Vec<LanguageTag> {
        self.model().languages.iter().cloned().map(LanguageTag).collect()
    }

    /// Producer: the institution responsible; null where not documented.
    fn producer(&self, context: &Context) -> FieldResult<Option<Institution>> {
        self.model().producer.as_ref().map_or(Ok(None), |slug| prefetch::institution(context, slug.as_str(), &self.lang))
    }

    /// Institutions that took part.
    fn partners(&self, context: &Context) -> FieldResult<Vec<Institution>> {
        let found = self.model().partners.iter().map(|slug| prefetch::institution(context, slug.as_str(), &self.lang));
        Ok(found.collect::<FieldResult<Vec<_>>>()?.into_iter().flatten().collect())
    }

    /// Legal basis of the collection.
    fn legal_mandate(&self, language: Option<LanguageTag>) -> Option<String> {
        words(&self.model().legal_mandate, language, &self.lang, self.main())
    }

    /// Who holds the data, each on its own terms.
    fn holdings(&self) -> Vec<Holding> {
        Holding::of(&self.record, &self.lang)
    }

    /// How the data came into being; null where the producer does not show it.
    fn methodology(&self) -> Option<Methodology> {
        let is_shown = !self.model().hides(MaskableField::Methodology);
        is_shown.then(|| Methodology { record: self.record.clone(), lang: self.lang.clone() })
    }

    /// What the data cover.
    fn coverage(&self) -> Coverage {
        Coverage { record: self.record.clone(), lang: self.lang.clone() }
    }

    /// Classifications used, with their version.
    fn classifications(&self) -> Vec<LocalizedString> {
        each(&self.model().classifications, &self.lang, self.main())
    }

    /// Variables with their codes; never data.
    fn variables(
        &self,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> FieldResult<VariableConnection> {
        let args = PageArgs::check(first, after, last, before, 20)?;
        VariableConnection::cut(Variable::of(&self.record, &self.lang), &args)
    }

    /// Relations to other datasets, those that the other record gives included, read from this dataset.
    fn relations(&self, context: &Context, of_type: Option<Vec<RelationType>>) -> FieldResult<Vec<DatasetRelation>> {
        if self.model().hides(MaskableField::Relations) {
            return Ok(Vec::new());
        }
        let relations = prefetch::relations(context, &self.record)?;
        let mut found = Vec::new();
        for relation in relations.into_iter().filter(|r| of_type.as_ref().is_none_or(|types| types.contains(&r.relation_type))) {
            // A relation to a record that the viewer may not see is left out, as if it did not exist.
            // So is one that only the other record gives, where it hides its relations.
            let other = prefetch::dataset(context, &relation.slug, &self.lang)?;
            if let Some(other) = other.filter(|other| !relation.is_inverse || !other.model().hides(MaskableField::Relations)) {
                found.push(DatasetRelation { relation, other, record: self.record.clone(), lang: self.lang.clone() });
            }
        }
        Ok(found)
    }

    /// Other datasets that may be of the same thing, or of a part of it: computed from what the records document, named by
    /// one of them, or decided by people. What people confirmed and records say comes first, what was rejected last; each the nearest first.
    fn overlaps(
        &self,
        context: &Context,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> FieldResult<OverlapPage> {
        let args = PageArgs::check(first, after, last, before, 20)?;
        let decisions = register_lists::decisions(context)?;
        overlap::of_dataset(context, self, &args, &decisions)
    }

    /// GCM objectives and SDG indicators that the data feed.
    fn indicators(&self, context: &Context) -> Vec<Concept> {
        self.concepts(context, ConceptScheme::Indicators, &self.model().indicators)
    }

    /// Published figures that do not agree, side by side, each with its source. None is called wrong.
    fn discrepancies(&self) -> Vec<Discrepancy> {
        self.model()
            .discrepancies
            .iter()
            .map(|model| Discrepancy { model: model.clone(), record: self.record.clone(), lang: self.lang.clone() })
            .collect()
    }

    /// Pages about the dataset.
    fn links(&self) -> Vec<Link> {
        self.model().links.iter().map(|model| Link { model: model.clone(), lang: self.lang.clone() }).collect()
    }

    /// Sources of the record.
    fn citations(&self) -> Vec<Citation> {
        self.model().citations.iter().cloned().map(Citation).collect()
    }

    /// Validation of the version shown by the producer; null where there was none. It is not the coordinator's review.
    fn producer_validation(&self, context: &Context) -> FieldResult<Option<Stamp>> {
        self.stamp(context, "VALIDATION")
    }

    /// Review of the version shown by the coordinator; null where there was none. It is not the producer's validation.
    fn coordinator_review(&self, context: &Context) -> FieldResult<Option<Stamp>> {
        self.stamp(context, "REVIEW")
    }

    /// Day on which the record should be reviewed.
    fn review_due_on(&self) -> Option<Date> {
        self.model().review_due_on.map(|date| Date(date.to_string()))
    }

    /// Whether the record is past its review date.
    fn is_stale(&self, context: &Context) -> bool {
        self.model().is_stale(context.today())
    }

    /// Versions of the record that were public, newest first.
    fn versions(
        &self,
        context: &Context,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> FieldResult<DatasetVersionConnection> {
        let args = PageArgs::check(first, after, last, before, 20)?;
        DatasetVersionConnection::cut(DatasetVersion::of(context, &self.record)?, &args)
    }

    /// What changed from one version to another, field by field, as the viewer may see them. `to` left out means the version
    /// shown; 0 stands for the working copy. Null, with an error, where one of the two is not there for the viewer.
    fn diff(&self, context: &Context, from: i32, to: Option<i32>) -> FieldResult<Option<Vec<FieldChange>>> {
        let to = to.map_or(self.record.version, i64::from);
        let found = versions::compare(&context.catalogue, context.acting(), &self.record, from.into(), to).map_err(from_service)?;
        Ok(Some(found.into_iter().map(FieldChange).collect()))
    }

    /// The working copy beside the published version; null where there is none or the viewer may not read it.
    fn working_copy(&self, context: &Context) -> FieldResult<Option<DatasetDraft>> {
        let draft = drafts::of_dataset(&context.catalogue, context.acting(), self.record.id).map_err(from_service)?;
        draft.map(|draft| DatasetDraft::new(draft, &self.lang)).transpose()
    }

    /// Entries of the registers about the dataset that the viewer may read.
    fn register_entries(
        &self,
        context: &Context,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> FieldResult<RegisterEntryConnection> {
        let args = PageArgs::check(first, after, last, before, 20)?;
        register_lists::of_dataset(context, &self.record, &self.lang, &args)
    }

    /// The discussion on the dataset, for signed-in persons; empty for visitors.
    fn comments(
        &self,
        context: &Context,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> FieldResult<CommentConnection> {
        let args = PageArgs::check(first, after, last, before, 20)?;
        comment::on(context, &Topic::Dataset(self.record.id.0), &self.lang, &args)
    }

    /// Agreements on these data that the viewer may know of.
    fn agreements(
        &self,
        context: &Context,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> FieldResult<AgreementConnection> {
        let args = PageArgs::check(first, after, last, before, 20)?;
        agreement::of_dataset(context, &self.record, &self.lang, &args)
    }

    /// Dates that the record documents, and those that its producer and holders registered, by first day.
    fn calendar(
        &self,
        context: &Context,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> FieldResult<CalendarPage> {
        let args = PageArgs::check(first, after, last, before, 20)?;
        CalendarPage::of_dataset(context, &self.record, &args, &self.lang)
    }

    /// From planned to actual days, release by release, where releases were registered; null where the dates are hidden from the viewer.
    fn punctuality(&self, context: &Context) -> FieldResult<Option<Punctuality>> {
        Punctuality::of(context, &self.record)
    }

    /// Holdings that others declared and that are not, or no longer, part of the record: for the two institutions and the coordinator.
    fn holding_declarations(&self, context: &Context) -> FieldResult<Vec<HoldingDeclaration>> {
        if context.actor.person().is_none() {
            return Ok(Vec::new());
        }
        let found = holdings::on_dataset(&context.catalogue, &context.actor, self.record.id, self.model()).map_err(from_service)?;
        Ok(found.into_iter().map(|claim| HoldingDeclaration { claim, lang: self.lang.clone() }).collect())
    }

    /// Fields that are hidden from the viewer, each with its reason. A hidden field is null.
    fn masked_fields(&self) -> Vec<MaskedField> {
        let hidden = self.model().hidden.iter();
        hidden.map(|(field, reason)| MaskedField { path: view::path(*field).to_owned(), reason: *reason }).collect()
    }

    /// Whether the viewer may edit the record: make a working copy of it, or write in the one there is.
    fn viewer_can_update(&self, context: &Context) -> bool {
        self.refusal(context).is_none()
    }

    /// Why the viewer may not edit the record.
    fn viewer_cannot_update_reasons(&self, context: &Context) -> Vec<RefusalCode> {
        self.refusal(context).into_iter().collect()
    }

    /// Whether the viewer may request access here, to one of the holdings at least.
    fn viewer_can_request_access(&self, context: &Context) -> FieldResult<bool> {
        Ok(prefetch::access_refusals(context, &self.record)?.is_empty())
    }

    /// Why the viewer cannot request access here; the reasons for the holding that comes nearest to it.
    fn viewer_cannot_request_access_reasons(&self, context: &Context) -> FieldResult<Vec<RefusalCode>> {
        prefetch::access_refusals(context, &self.record)
    }
}
