//! What a person asks for: the filter on datasets, with its codes checked.

use super::concept::Concepts;
use super::ids::Slug;
use super::problem::Problem;
use super::time::{FAR_PAST, PeriodWindow};
use super::vocabulary::{
    AccessLevel, Certainty, CollectionStatus, ConceptScheme, Frequency, PublicationStatus, RecordKind, SourceType, StatementBasis,
    vocabulary,
};

vocabulary! {
    /// A condition of the dataset filter, named in near misses and match notes.
    FilterField "filter-field" {
        Themes = "THEMES" ["Themes", "Thèmes", "المواضيع"],
        Institutions = "INSTITUTIONS" ["Institutions", "Institutions", "المؤسسات"],
        RecordKinds = "RECORD_KINDS" ["Kinds of record", "Types de fiche", "أنواع السجلات"],
        SourceTypes = "SOURCE_TYPES" ["Types of source", "Types de source", "أنواع المصادر"],
        Frequencies = "FREQUENCIES" ["Frequencies", "Périodicités", "الدوريات"],
        ReportingAreas = "REPORTING_AREAS" ["Reporting areas", "Zones de collecte", "مناطق الجمع"],
        Origins = "ORIGINS" ["Places of origin", "Lieux d'origine", "أماكن المنشأ"],
        Destinations = "DESTINATIONS" ["Places of destination", "Lieux de destination", "أماكن المقصد"],
        Period = "PERIOD" ["Reference period", "Période de référence", "الفترة المرجعية"],
        ReleasedDisaggregations = "RELEASED_DISAGGREGATIONS" ["Breakdowns released", "Ventilations diffusées", "التفصيلات المنشورة"],
        AggregatesAccess = "AGGREGATES_ACCESS" ["Access to aggregates", "Accès aux agrégats", "الوصول إلى البيانات المجمعة"],
        MicrodataAccess = "MICRODATA_ACCESS" ["Access to microdata", "Accès aux microdonnées", "الوصول إلى البيانات الدقيقة"],
        AccessBasis = "ACCESS_BASIS" ["Basis of the access statement", "Base de l'information sur l'accès", "أساس بيان الوصول"],
        Indicators = "INDICATORS" ["Indicators", "Indicateurs", "المؤشرات"],
        Certainty = "CERTAINTY" ["Certainty of the record", "Certitude de la fiche", "درجة توثيق السجل"],
        Statuses = "STATUSES" ["Publication status", "Statut de publication", "وضعية النشر"],
        CollectionStatuses = "COLLECTION_STATUSES" ["Status of the collection", "État de la collecte", "وضعية الجمع"],
        UpdatedSince = "UPDATED_SINCE" ["Updated since", "Mis à jour depuis", "محدث منذ"],
        Stale = "STALE" ["Past its review date", "Date de révision dépassée", "تجاوز تاريخ المراجعة"],
    }
}

/// A filter on datasets. An empty list sets no condition; within a list any member is enough, except for
/// breakdowns, where all are needed.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct DatasetFilter {
    /// Themes; a group includes its topics.
    pub themes: Vec<String>,
    /// Producers or holders.
    pub institutions: Vec<Slug>,
    /// Kinds of record.
    pub record_kinds: Vec<RecordKind>,
    /// Types of source.
    pub source_types: Vec<SourceType>,
    /// Frequencies.
    pub frequencies: Vec<Frequency>,
    /// Where the data are collected or reported.
    pub reporting_areas: Vec<String>,
    /// Where the movement starts.
    pub origins: Vec<String>,
    /// Where the movement leads.
    pub destinations: Vec<String>,
    /// Whether a wanted place includes the places inside it.
    pub exclude_subdivisions: bool,
    /// Window for the reference period.
    pub period: Option<PeriodWindow>,
    /// Breakdowns that must be released, all of them.
    pub released_disaggregations: Vec<String>,
    /// Levels of access to aggregates.
    pub aggregates_access: Vec<AccessLevel>,
    /// Levels of access to microdata.
    pub microdata_access: Vec<AccessLevel>,
    /// Basis of the access statement.
    pub access_basis: Vec<StatementBasis>,
    /// GCM objectives and SDG indicators.
    pub indicators: Vec<String>,
    /// Certainty of the record.
    pub certainty: Vec<Certainty>,
    /// Publication status.
    pub statuses: Vec<PublicationStatus>,
    /// Status of the collection.
    pub collection_statuses: Vec<CollectionStatus>,
    /// Updated at or after this instant, milliseconds from 1970-01-01 UTC.
    pub updated_since: Option<i64>,
    /// Past the review date, or not.
    pub stale: Option<bool>,
    /// Whether possible matches are wanted too, after the certain ones.
    pub include_possible: bool,
}

/// Longest list accepted in one condition.
pub const MAX_VALUES: usize = 100;

impl DatasetFilter {
    /// Checks codes and lengths.
    pub fn problems(&self, concepts: &Concepts) -> Vec<Problem> {
        let mut problems = Vec::new();
        let lists: [(&str, ConceptScheme, &[String]); 6] = [
            ("where.themes", ConceptScheme::Themes, &self.themes),
            ("where.reportingAreas", ConceptScheme::Places, &self.reporting_areas),
            ("where.origins", ConceptScheme::Places, &self.origins),
            ("where.destinations", ConceptScheme::Places, &self.destinations),
            ("where.releasedDisaggregations", ConceptScheme::Disaggregations, &self.released_disaggregations),
            ("where.indicators", ConceptScheme::Indicators, &self.indicators),
        ];
        for (field, scheme, codes) in lists {
            if codes.len() > MAX_VALUES {
                problems.push(Problem::new(field, codes.len(), format!("lists more than {MAX_VALUES} codes; ask for fewer")));
                continue;
            }
            for code in codes {
                if let Err(remedy) = concepts.require(scheme, code) {
                    problems.push(Problem::new(field, code, remedy));
                }
            }
        }
        if self.institutions.len() > MAX_VALUES {
            problems.push(Problem::new(
                "where.institutions",
                self.institutions.len(),
                format!("lists more than {MAX_VALUES} institutions; ask for fewer"),
            ));
        }
        if let Some(window) = &self.period {
            check_window(window, &mut problems);
        }
        problems
    }
}

fn check_window(window: &PeriodWindow, problems: &mut Vec<Problem>) {
    if window.from.is_none() && window.to.is_none() {
        problems.push(Problem::new("where.period", "", "has neither `from` nor `to`; give at least one, such as {from: \"2019\"}"));
    } else if window.first_day() > window.last_day() && window.first_day() > FAR_PAST {
        let shown = format!(
            "{}/{}",
            window.from.map_or_else(String::new, |d| d.to_string()),
            window.to.map_or_else(String::new, |d| d.to_string())
        );
        problems.push(Problem::new("where.period", shown, "the window ends before it starts; exchange `from` and `to`"));
    }
}
