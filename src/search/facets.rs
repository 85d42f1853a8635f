//! Facets: how many records of the result have each value. A facet ignores its own selection.

use std::collections::HashMap;

use crate::domain::filter::FilterField;
use crate::domain::vocabulary::vocabulary;

use super::bits::Bits;
use super::columns::{Columns, Kind};

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

/// The values of a facet by document, so that counting them takes one look at each hit, however many values there are.
pub struct FacetColumn {
    codes: Vec<Box<str>>,
    /// Numbers of the values, those of a document side by side.
    values: Vec<u16>,
    /// Where the values of each document start, and the last ones end; none where each document has one value.
    starts: Option<Vec<u32>>,
}

impl FacetColumn {
    /// Turns the documents of each value into the values of each document; none where numbers of 16 bits are not enough for them.
    pub fn new(size: u32, kind: Option<&Kind>) -> Option<Self> {
        let tags: Vec<_> = kind.into_iter().flatten().collect();
        u16::try_from(tags.len()).ok()?;
        let mut starts = vec![0u32; size as usize + 1];
        // The place after a document's own, so that the sum of those before is where it starts.
        tags.iter().for_each(|(_, docs)| docs.for_each(|doc| starts[doc as usize + 1] += 1));
        let is_single = starts.iter().skip(1).all(|number| *number == 1);
        for doc in 1..starts.len() {
            starts[doc] += starts[doc - 1];
        }
        let mut values = vec![0; starts.last().map_or(0, |end| *end as usize)];
        let mut next = starts.clone();
        for (number, (_, docs)) in tags.iter().enumerate() {
            docs.for_each(|doc| {
                let place = &mut next[doc as usize];
                values[*place as usize] = number as u16;
                *place += 1;
            });
        }
        let codes = tags.into_iter().map(|(code, _)| code.clone()).collect();
        Some(Self { codes, values, starts: (!is_single).then_some(starts) })
    }

    fn count(&self, docs: &Bits) -> Vec<u32> {
        let mut counts = vec![0u32; self.codes.len()];
        match &self.starts {
            None => docs.for_each(|doc| counts[usize::from(self.values[doc as usize])] += 1),
            Some(starts) => docs.for_each(|doc| {
                let (start, end) = (starts[doc as usize] as usize, starts[doc as usize + 1] as usize);
                self.values[start..end].iter().for_each(|value| counts[usize::from(*value)] += 1);
            }),
        }
        counts
    }
}

/// Counts the values of a facet among documents of a segment.
pub fn count<'a>(columns: &'a Columns, facet: DatasetFacet, docs: &Bits, into: &mut HashMap<&'a str, u64>) {
    let mut add = |code: &'a str, number: u64| {
        if number > 0 {
            *into.entry(code).or_default() += number;
        }
    };
    match columns.facet(facet) {
        Some(column) => column.codes.iter().zip(column.count(docs)).for_each(|(code, number)| add(code, number.into())),
        None => columns.kind(facet.prefix()).into_iter().flatten().for_each(|(code, tagged)| add(code, tagged.len_within(docs))),
    }
}
