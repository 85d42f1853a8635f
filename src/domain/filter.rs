//! What a person asks for: the filter on datasets, with its codes checked.

use super::concept::Concepts;
use super::holding::AccessStatement;
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
    /// Basis of what is said of these levels; of both, where no level is asked for.
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

/// The conditions on access. They hold for one holding together, for another holder's terms say nothing of this one's; and the basis is that of the
/// levels that are asked for.
#[derive(Clone, Copy, Debug)]
pub struct AccessConditions<'f> {
    aggregates: &'f [AccessLevel],
    microdata: &'f [AccessLevel],
    basis: &'f [StatementBasis],
}

/// Which of the conditions on access a record meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessMet {
    /// A holding has one of the levels for aggregates.
    pub aggregates: bool,
    /// A holding has one of the levels for microdata: the same one, where it is there.
    pub microdata: bool,
    /// The statement of such a holding rests on one of the bases.
    pub basis: bool,
}

impl AccessConditions<'_> {
    /// The conditions that are set.
    pub fn fields(&self) -> impl Iterator<Item = FilterField> {
        let set = [
            (FilterField::AggregatesAccess, self.aggregates.is_empty()),
            (FilterField::MicrodataAccess, self.microdata.is_empty()),
            (FilterField::AccessBasis, self.basis.is_empty()),
        ];
        set.into_iter().filter(|(_, is_empty)| !is_empty).map(|(field, _)| field)
    }

    /// Whether a statement has a level for aggregates that is asked for.
    pub fn has_aggregates(&self, statement: AccessStatement) -> bool {
        self.aggregates.is_empty() || self.aggregates.contains(&statement.aggregates)
    }

    /// Whether a statement has a level for microdata that is asked for.
    pub fn has_microdata(&self, statement: AccessStatement) -> bool {
        self.microdata.is_empty() || self.microdata.contains(&statement.microdata)
    }

    /// Whether a statement has the levels that are asked for.
    pub fn has_levels(&self, statement: AccessStatement) -> bool {
        self.has_aggregates(statement) && self.has_microdata(statement)
    }

    /// Whether what a statement says of the levels that are asked for rests on a basis that is asked for; where no level is asked for, the weaker of
    /// its two.
    pub fn has_basis(&self, statement: AccessStatement) -> bool {
        let is_wanted = |basis: StatementBasis| self.basis.contains(&basis);
        match (self.basis.is_empty(), self.aggregates.is_empty(), self.microdata.is_empty()) {
            (true, ..) => true,
            (_, true, true) => is_wanted(statement.basis()),
            (_, no_aggregates, no_microdata) => {
                (no_aggregates || is_wanted(statement.aggregates_basis)) && (no_microdata || is_wanted(statement.microdata_basis))
            }
        }
    }

    /// Which of the conditions a record with these holdings meets. All of them are met where one holding meets them all.
    pub fn met(&self, statements: &[AccessStatement]) -> AccessMet {
        let any = |meets: &dyn Fn(AccessStatement) -> bool| statements.iter().any(|statement| meets(*statement));
        let (has_levels, aggregates) = (any(&|s| self.has_levels(s)), self.aggregates.is_empty() || any(&|s| self.has_aggregates(s)));
        AccessMet {
            aggregates,
            microdata: self.microdata.is_empty() || has_levels || (!aggregates && any(&|s| self.has_microdata(s))),
            basis: self.basis.is_empty() || any(&|s| (!has_levels || self.has_levels(s)) && self.has_basis(s)),
        }
    }
}

/// Longest list accepted in one condition.
pub const MAX_VALUES: usize = 100;

impl DatasetFilter {
    /// The conditions on access.
    pub fn access(&self) -> AccessConditions<'_> {
        AccessConditions { aggregates: &self.aggregates_access, microdata: &self.microdata_access, basis: &self.access_basis }
    }

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
