//! The filter on datasets as the contract takes it.

use juniper::{FieldResult, GraphQLInputObject};

use crate::domain::filter::DatasetFilter as Filter;
use crate::domain::ids::Slug;
use crate::domain::time::PeriodWindow;
use crate::domain::vocabulary::{
    AccessLevel, Certainty, CollectionStatus, Frequency, InstitutionKind, PeriodMatch, PublicationStatus, RecordKind, SourceType,
    StatementBasis, vocabulary,
};
use crate::service::finding::SortOrder;

use super::error::bad_input;
use super::scalars::{DateTime, PartialDate};

vocabulary! {
    /// Order of datasets.
    DatasetOrder "dataset-order" {
        /// Without words, the same as UPDATED_AT.
        Relevance = "RELEVANCE" ["Best match of the words first", "Meilleure correspondance d'abord", "الأنسب أولا"],
        UpdatedAt = "UPDATED_AT" ["Last written first", "Dernière mise à jour d'abord", "الأحدث تحديثا أولا"],
        Title = "TITLE" ["By main title, A to Z", "Par titre, de A à Z", "حسب العنوان"],
        PeriodStart = "PERIOD_START" ["Latest beginning of the reference period first", "Début de période le plus récent d'abord", "أحدث بداية للفترة أولا"],
        PeriodEnd = "PERIOD_END" ["Latest end of the reference period first, ongoing before all", "Fin de période la plus récente d'abord", "أحدث نهاية للفترة أولا"],
    }
}

impl DatasetOrder {
    /// The order of the index; none for relevance.
    pub fn sort(self) -> Option<SortOrder> {
        match self {
            Self::Relevance => None,
            Self::UpdatedAt => Some(SortOrder::UpdatedAt),
            Self::Title => Some(SortOrder::Title),
            Self::PeriodStart => Some(SortOrder::PeriodStart),
            Self::PeriodEnd => Some(SortOrder::PeriodEnd),
        }
    }
}

/// Conditions on datasets. Conditions are joined by "and"; the members of a list by "or", except breakdowns.
#[derive(Clone, Debug, Default, GraphQLInputObject)]
pub struct DatasetFilter {
    /// Topics or groups of topics, by code; a group includes its topics.
    pub themes: Option<Vec<String>>,
    /// Producers or holders, by slug.
    pub institutions: Option<Vec<String>>,
    /// Kinds of record.
    pub record_kinds: Option<Vec<RecordKind>>,
    /// Types of source.
    pub source_types: Option<Vec<SourceType>>,
    /// Frequencies.
    pub frequencies: Option<Vec<Frequency>>,
    /// Where the data are collected or reported, codes of PLACES. A record that covers a wider area matches for
    /// certain only if figures are released at the level of the wanted area or finer.
    pub reporting_areas: Option<Vec<String>>,
    /// Where the movement starts, codes of PLACES.
    pub origins: Option<Vec<String>>,
    /// Where the movement leads, codes of PLACES.
    pub destinations: Option<Vec<String>>,
    /// Whether a wanted place includes the places inside it.
    #[graphql(default = true)]
    pub include_subdivisions: Option<bool>,
    /// Whether records are wanted too that may match, because what would decide is not documented. They come after
    /// the certain ones, each with a note.
    #[graphql(default = false)]
    pub include_possible: Option<bool>,
    /// Window for the reference period. "After 2018" is `{from: "2019"}`.
    pub period: Option<PeriodFilter>,
    /// Breakdowns that must be released, all of them, codes of DISAGGREGATIONS.
    pub released_disaggregations: Option<Vec<String>>,
    /// Levels of access to aggregates, of any holding. The three conditions on access hold for one holding together.
    pub aggregates_access: Option<Vec<AccessLevel>>,
    /// Levels of access to microdata, of any holding; see `aggregatesAccess`.
    pub microdata_access: Option<Vec<AccessLevel>>,
    /// Basis of what a holding says of the levels that are asked for; where none is, of both its levels.
    pub access_basis: Option<Vec<StatementBasis>>,
    /// GCM objectives and SDG indicators, codes of INDICATORS.
    pub indicators: Option<Vec<String>>,
    /// Certainty of the record.
    pub certainty: Option<Vec<Certainty>>,
    /// Publication status. Lists hold published records: what an institution still works on is among its `workingCopies`, and a retired
    /// record is read by its short name or identifier.
    pub statuses: Option<Vec<PublicationStatus>>,
    /// Status of the collection.
    pub collection_statuses: Option<Vec<CollectionStatus>>,
    /// Written at or after this instant.
    pub updated_since: Option<DateTime>,
    /// Past its review date, or not.
    pub stale: Option<bool>,
}

/// A window for the reference period.
#[derive(Clone, Debug, GraphQLInputObject)]
pub struct PeriodFilter {
    /// Beginning of the window, its first day counted; none for no limit.
    pub from: Option<PartialDate>,
    /// End of the window, its last day counted; none for no limit.
    pub to: Option<PartialDate>,
    /// Whether part of the reference period is enough; OVERLAPS where left out.
    #[graphql(name = "match")]
    pub matching: Option<PeriodMatch>,
}

impl DatasetFilter {
    /// The filter with its slugs read; codes are checked by the service.
    pub fn read(self) -> FieldResult<Filter> {
        let mut institutions = Vec::new();
        for slug in self.institutions.unwrap_or_default() {
            institutions.push(Slug::parse(&slug).map_err(|e| bad_input(format!("where.institutions: {e}")))?);
        }
        Ok(Filter {
            institutions,
            themes: self.themes.unwrap_or_default(),
            record_kinds: self.record_kinds.unwrap_or_default(),
            source_types: self.source_types.unwrap_or_default(),
            frequencies: self.frequencies.unwrap_or_default(),
            reporting_areas: self.reporting_areas.unwrap_or_default(),
            origins: self.origins.unwrap_or_default(),
            destinations: self.destinations.unwrap_or_default(),
            exclude_subdivisions: !self.include_subdivisions.unwrap_or(true),
            include_possible: self.include_possible.unwrap_or(false),
            period: self.period.map(|p| PeriodWindow {
                from: p.from.map(|d| d.0),
                to: p.to.map(|d| d.0),
                matching: p.matching.unwrap_or(PeriodMatch::Overlaps),
            }),
            released_disaggregations: self.released_disaggregations.unwrap_or_default(),
            aggregates_access: self.aggregates_access.unwrap_or_default(),
            microdata_access: self.microdata_access.unwrap_or_default(),
            access_basis: self.access_basis.unwrap_or_default(),
            indicators: self.indicators.unwrap_or_default(),
            certainty: self.certainty.unwrap_or_default(),
            statuses: self.statuses.unwrap_or_default(),
            collection_statuses: self.collection_statuses.unwrap_or_default(),
            updated_since: self.updated_since.map(|instant| instant.0),
            stale: self.stale,
        })
    }
}

/// Conditions on institutions.
#[derive(Clone, Debug, Default, GraphQLInputObject)]
pub struct InstitutionFilter {
    /// Kinds of institution.
    pub kinds: Option<Vec<InstitutionKind>>,
    /// Countries, codes of PLACES.
    pub countries: Option<Vec<String>>,
}
