//! What stands behind an indicator: the points of a checklist, and what each of them counts.

use std::sync::Arc;

use juniper::FieldResult;

use crate::domain::indicators::{Named, NamedKind, Point};
use crate::domain::vocabulary::{CellState, vocabulary};

use super::connection::{PageArgs, page};
use super::context::Context;
use super::dataset::Dataset;
use super::institution::Institution;
use super::prefetch;
use super::text::Lang;

vocabulary! {
    /// What a piece of evidence is.
    EvidenceKind "evidence-kind" {
        Dataset = "DATASET" ["Dataset", "Jeu de données", "مجموعة بيانات"],
        Institution = "INSTITUTION" ["Institution", "Institution", "مؤسسة"],
        Agreement = "AGREEMENT" ["Agreement", "Accord", "اتفاق"],
        RegisterEntry = "REGISTER_ENTRY" ["Entry of a register", "Entrée d'un registre", "قيد في سجل"],
    }
}

/// A number of records as GraphQL has numbers.
pub(super) fn short(count: u64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// What is counted, page by page.
pub(super) fn evidence(
    context: &Context,
    named: &[Arc<Named>],
    first: Option<i32>,
    after: Option<String>,
    lang: &Lang,
) -> FieldResult<IndicatorEvidencePage> {
    let args = PageArgs::check(first, after, None, None, 20)?;
    let nodes: Vec<IndicatorEvidence> = named.iter().map(|named| IndicatorEvidence { named: named.clone(), lang: lang.clone() }).collect();
    // What is shown is read together, with the first that is asked for.
    let shown = &named[args.range(named.len())?];
    let slugs = shown.iter().filter(|named| named.kind == NamedKind::Institution).map(|named| named.key.clone());
    prefetch::expect(context, slugs, shown.iter().filter_map(|named| named.dataset));
    IndicatorEvidencePage::cut(nodes, &args)
}

/// A point of a checklist.
pub struct IndicatorPoint {
    pub(super) label: String,
    pub(super) point: Point,
    pub(super) lang: Lang,
}

/// A point of a checklist: a region, a chapter, a topic of a census, a level of release, a year, or a verdict on pairs of sources.
#[juniper::graphql_object(context = Context)]
impl IndicatorPoint {
    /// Its code.
    fn code(&self) -> &str {
        &self.point.code
    }

    /// Its name in the reader's language.
    fn label(&self) -> &str {
        &self.label
    }

    /// Number of records that document it.
    fn documented(&self) -> i32 {
        short(self.point.documented)
    }

    /// Of these, the number of records that release figures on it; null where that is not counted.
    fn released(&self) -> Option<i32> {
        self.point.released.map(short)
    }

    /// Number of records that document that it is not so; of a chapter, of those that ended more than five years before the day.
    fn not_so(&self) -> i32 {
        short(self.point.not_so)
    }

    /// Number of records that do not document it.
    fn not_documented(&self) -> i32 {
        short(self.point.not_documented)
    }

    /// The records that document it.
    fn evidence(
        &self,
        context: &Context,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
    ) -> FieldResult<IndicatorEvidencePage> {
        evidence(context, &self.point.evidence, first, after, &self.lang)
    }

    /// Of a topic of a census: each census by itself, with what its record says of the topic. Empty for other points.
    fn censuses(
        &self,
        context: &Context,
        #[graphql(default = 20)] first: Option<i32>,
        after: Option<String>,
    ) -> FieldResult<CensusTopicPage> {
        let args = PageArgs::check(first, after, None, None, 20)?;
        let by_record = &self.point.by_record;
        let nodes: Vec<CensusTopic> =
            by_record.iter().map(|(named, state)| CensusTopic { named: named.clone(), state: *state, lang: self.lang.clone() }).collect();
        prefetch::expect(
            context,
            std::iter::empty(),
            by_record[args.range(by_record.len())?].iter().filter_map(|(named, _)| named.dataset),
        );
        CensusTopicPage::cut(nodes, &args)
    }
}

/// What a census documents of a topic of migration.
#[derive(Clone)]
pub struct CensusTopic {
    named: Arc<Named>,
    state: CellState,
    lang: Lang,
}

/// What the record of one census documents of one topic of migration.
#[juniper::graphql_object(context = Context)]
impl CensusTopic {
    /// The census.
    fn census(&self) -> IndicatorEvidence {
        IndicatorEvidence { named: self.named.clone(), lang: self.lang.clone() }
    }

    /// Whether figures by the topic are released, whether it was asked with no release documented, whether the record states that it was not
    /// asked, or whether the record says nothing of it. The last says nothing of whether the question was asked.
    fn state(&self) -> CellState {
        self.state
    }
}

/// What an indicator counts.
#[derive(Clone)]
pub struct IndicatorEvidence {
    named: Arc<Named>,
    lang: Lang,
}

/// What an indicator counts: a dataset, an institution, an agreement or an entry of a register, as it was named at the day.
#[juniper::graphql_object(context = Context)]
impl IndicatorEvidence {
    /// What it is.
    fn kind(&self) -> EvidenceKind {
        match self.named.kind {
            NamedKind::Dataset => EvidenceKind::Dataset,
            NamedKind::Institution => EvidenceKind::Institution,
            NamedKind::Agreement => EvidenceKind::Agreement,
            NamedKind::Entry => EvidenceKind::RegisterEntry,
        }
    }

    /// Short name of a dataset or institution; identifier of anything else.
    fn key(&self) -> &str {
        &self.named.key
    }

    /// Title or name in the reader's language.
    fn title(&self) -> &str {
        self.named.title.words(self.lang.as_deref(), None).unwrap_or(&self.named.key)
    }

    /// Version of the dataset that counts.
    fn version(&self) -> Option<i32> {
        self.named.version.map(|version| i32::try_from(version).unwrap_or(i32::MAX))
    }

    /// The dataset as it is today, where it is one that the viewer may see.
    fn dataset(&self, context: &Context) -> FieldResult<Option<Dataset>> {
        self.named.dataset.map_or(Ok(None), |id| prefetch::dataset_by_id(context, id, &self.lang))
    }

    /// The institution as it is today, where it is one.
    fn institution(&self, context: &Context) -> FieldResult<Option<Institution>> {
        if self.named.kind != NamedKind::Institution {
            return Ok(None);
        }
        prefetch::institution(context, &self.named.key, &self.lang)
    }
}

page!(CensusTopicPage, CensusTopic, "What censuses document of a topic, page by page.");
page!(IndicatorEvidencePage, IndicatorEvidence, "What an indicator counts, page by page.");
