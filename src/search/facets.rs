//! Facets: how many records of the result have each value. A facet ignores its own selection.

use roaring::RoaringBitmap;

use crate::domain::filter::FilterField;
use crate::domain::vocabulary::vocabulary;

vocabulary! {
    /// What the records of a result can be counted by. Each facet ignores the filter on its own field.
    DatasetFacet "dataset-facet" {
        Themes = "THEMES" ["Topics", "Sujets", "المواضيع"],
        Institutions = "INSTITUTIONS" ["Producers and holders", "Producteurs et détenteurs", "المنتجون والحائزون"],
        RecordKinds = "RECORD_KINDS" ["Kinds of record", "Types de fiche", "أنواع السجلات"],
        SourceTypes = "SOURCE_TYPES" ["Types of source", "Types de source", "أنواع المصادر"],
        Frequencies = "FREQUENCIES" ["Frequencies", "Périodicités", "الدوريات"],
        ReportingAreas = "REPORTING_AREAS" ["Reporting areas", "Zones de collecte", "مناطق الجمع"],
        Origins = "ORIGINS" ["Places of origin", "Lieux d'origine", "أماكن المنشأ"],
        Destinations = "DESTINATIONS" ["Places of destination", "Lieux de destination", "أماكن المقصد"],
        ReleasedDisaggregations = "RELEASED_DISAGGREGATIONS" ["Breakdowns released", "Ventilations diffusées", "التفصيلات المنشورة"],
        ReleasedLevels = "RELEASED_LEVELS" ["Geographic level released", "Niveau géographique diffusé", "المستوى الجغرافي المنشور"],
        AggregatesAccess = "AGGREGATES_ACCESS" ["Access to aggregates", "Accès aux agrégats", "الوصول إلى البيانات المجمعة"],
        MicrodataAccess = "MICRODATA_ACCESS" ["Access to microdata", "Accès aux microdonnées", "الوصول إلى البيانات الدقيقة"],
        AccessBasis = "ACCESS_BASIS" ["Basis of the access statement", "Base de l'information sur l'accès", "أساس بيان الوصول"],
        Indicators = "INDICATORS" ["Indicators", "Indicateurs", "المؤشرات"],
        Certainty = "CERTAINTY" ["Certainty of the record", "Certitude de la fiche", "درجة توثيق السجل"],
        CollectionStatuses = "COLLECTION_STATUSES" ["Status of the collection", "État de la collecte", "وضعية الجمع"],
    }
}

impl DatasetFacet {
    /// Kind of tag that holds the values.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Themes => "t",
            Self::Institutions => "i",
            Self::RecordKinds => "k",
            Self::SourceTypes => "s",
            Self::Frequencies => "f",
            Self::ReportingAreas => "a",
            Self::Origins => "o",
            Self::Destinations => "d",
            Self::ReleasedDisaggregations => "b",
            Self::ReleasedLevels => "l",
            Self::AggregatesAccess => "ag",
            Self::MicrodataAccess => "mi",
            Self::AccessBasis => "ab",
            Self::Indicators => "n",
            Self::Certainty => "c",
            Self::CollectionStatuses => "cs",
        }
    }

    /// The condition whose selection the facet ignores.
    pub fn filter_field(self) -> Option<FilterField> {
        Some(match self {
            Self::Themes => FilterField::Themes,
            Self::Institutions => FilterField::Institutions,
            Self::RecordKinds => FilterField::RecordKinds,
            Self::SourceTypes => FilterField::SourceTypes,
            Self::Frequencies => FilterField::Frequencies,
            Self::ReportingAreas => FilterField::ReportingAreas,
            Self::Origins => FilterField::Origins,
            Self::Destinations => FilterField::Destinations,
            Self::ReleasedDisaggregations => FilterField::ReleasedDisaggregations,
            Self::ReleasedLevels => return None,
            Self::AggregatesAccess => FilterField::AggregatesAccess,
            Self::MicrodataAccess => FilterField::MicrodataAccess,
            Self::AccessBasis => FilterField::AccessBasis,
            Self::Indicators => FilterField::Indicators,
            Self::Certainty => FilterField::Certainty,
            Self::CollectionStatuses => FilterField::CollectionStatuses,
        })
    }
}

/// One value of a facet with its number of records. The code `-` counts the records where nothing is documented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetCount {
    /// Code of the value.
    pub code: String,
    /// Number of records.
    pub count: u64,
}

/// Counts the values of one kind of tag among documents.
pub fn count(columns: &super::columns::Columns, prefix: &str, docs: &RoaringBitmap, into: &mut std::collections::HashMap<String, u64>) {
    for (code, tagged) in columns.tags_of(prefix) {
        let number = docs.intersection_len(tagged);
        if number > 0 {
            *into.entry(code.to_owned()).or_default() += number;
        }
    }
}
