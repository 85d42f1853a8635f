//! The sheets and their columns. Everything else follows from this table: template, export, reading, and the page for people.

use super::lists::{List, members, yes_or_no};
use crate::domain::vocabulary::*;

/// What a cell of a column holds.
#[derive(Clone, Copy)]
pub enum Kind {
    /// A text by language: one column for each.
    Text,
    /// Words without a language.
    Line,
    /// Short name of a record or an institution.
    Slug,
    /// Short names of institutions.
    Slugs,
    /// A web address.
    Address,
    /// A code of a list.
    Code(List),
    /// Codes of a list.
    Codes(List),
    /// A language tag.
    Language,
    /// Language tags.
    Languages,
    /// A whole number from 0.
    Number,
    /// Yes or no.
    Truth,
    /// A date that may be a year or a month.
    Date,
    /// A day, and neither a year nor a month.
    Day,
    /// A date, or open.
    Bound,
}

impl Kind {
    /// The list that the cells take their values from.
    pub fn list(self) -> Option<List> {
        match self {
            Self::Code(list) | Self::Codes(list) => Some(list),
            Self::Language | Self::Languages => Some(List::Scheme(ConceptScheme::Languages)),
            Self::Truth => Some(List::Closed("YES_NO", yes_or_no)),
            _ => None,
        }
    }

    /// Whether a cell takes several values.
    pub fn is_several(self) -> bool {
        matches!(self, Self::Slugs | Self::Codes(_) | Self::Languages)
    }
}

/// What a column is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A field of the row's own thing.
    Own,
    /// A field without which the row says nothing.
    Needed,
    /// Says which row of the sheet above is meant.
    Above,
}

/// A column, or the columns of a text by language.
pub struct Column {
    /// Path of the field in the record; the machine's name of the column.
    pub key: &'static str,
    /// What the cells hold.
    pub kind: Kind,
    /// What the column is for.
    pub part: Part,
}

/// A sheet: one row for each member of a list of the record.
pub struct Sheet {
    /// Names in English, French and Arabic.
    pub titles: [&'static str; 3],
    /// Path of the list in the record; empty for the records themselves.
    pub list: &'static str,
    /// Path of the list that this list is within, where it is not the record itself.
    pub above: Option<&'static str>,
    /// The columns.
    pub columns: &'static [Column],
}

impl Sheet {
    /// Path of a column's field within the row's own thing; empty where the row is a text.
    pub fn within(&self, key: &'static str) -> &'static str {
        key.strip_prefix(self.list).map_or(key, |rest| rest.strip_prefix('.').unwrap_or(rest))
    }

    /// Whether rows of other sheets may belong to a row of this one.
    pub fn has_below(&self) -> bool {
        SHEETS.iter().any(|sheet| sheet.above == Some(self.list))
    }
}

/// Key of the column that says to which dataset a row belongs.
pub const DATASET: &str = "dataset";
/// The list, and the column, of keywords.
pub const KEYWORDS: &str = "keywords";
/// Last part of the key of the column that numbers rows that others belong to.
pub const NUMBER: &str = "number";

const fn own(key: &'static str, kind: Kind) -> Column {
    Column { key, kind, part: Part::Own }
}

const fn needed(key: &'static str, kind: Kind) -> Column {
    Column { key, kind, part: Part::Needed }
}

const fn above(key: &'static str, kind: Kind) -> Column {
    Column { key, kind, part: Part::Above }
}

macro_rules! code {
    ($list:ident) => {
        Kind::Code(List::Closed($list::NAME, members::<$list>))
    };
}
macro_rules! codes {
    ($list:ident) => {
        Kind::Codes(List::Closed($list::NAME, members::<$list>))
    };
}
macro_rules! scheme {
    ($scheme:ident) => {
        Kind::Codes(List::Scheme(ConceptScheme::$scheme))
    };
}

use Kind::{Address, Bound, Date, Day, Language, Languages, Line, Number, Slug, Slugs, Text, Truth};

/// All sheets. A sheet stands behind the one that its rows belong to.
pub const SHEETS: &[Sheet] = &[
    Sheet {
        titles: ["Datasets", "Jeux de données", "مجموعات البيانات"],
        list: "",
        above: None,
        columns: &[
            needed("slug", Slug),
            needed("titles", Text),
            needed("recordKind", code!(RecordKind)),
            needed("riskClass", code!(RiskClass)),
            needed("methodology.sourceType", code!(SourceType)),
            own("mainLanguage", Language),
            own("producer", Slug),
            own("partners", Slugs),
            own("abstract", Text),
            own("themes", scheme!(Themes)),
            own("coverage.reportingAreas", scheme!(Places)),
            own("coverage.period.start", Bound),
            own("coverage.period.end", Bound),
            own("coverage.period.note", Text),
            own("coverage.frequency", code!(Frequency)),
            own("coverage.releasedLevel", code!(GeographicLevel)),
            own("coverage.releasedLevelIsMinimum", Truth),
            own("coverage.collectedLevel", code!(GeographicLevel)),
            own("coverage.levelNote", Text),
            own("coverage.releasedDisaggregations", scheme!(Disaggregations)),
            own("coverage.collectedDisaggregations", scheme!(Disaggregations)),
            own("coverage.origins", scheme!(Places)),
            own("coverage.destinations", scheme!(Places)),
            own("coverage.areaNote", Text),
            own("coverage.populations", scheme!(Populations)),
            own("coverage.collectionPeriod.start", Bound),
            own("coverage.collectionPeriod.end", Bound),
            own("coverage.collectionPeriod.note", Text),
            own("coverage.nextCollection", Date),
            own("coverage.openToCoordinationUntil", Date),
            own("collectionStatus", code!(CollectionStatus)),
            own("programme", Text),
            own("legalMandate", Text),
            own("languages", Languages),
            own("indicators", scheme!(Indicators)),
            own("methodology.universe", Text),
            own("methodology.statisticalUnits", codes!(StatisticalUnit)),
            own("methodology.statisticalUnitText", Text),
            own("methodology.collectionModes", codes!(CollectionMode)),
            own("methodology.samplingDesigns", codes!(SamplingDesign)),
            own("methodology.samplingText", Text),
            own("methodology.sampleSize", Number),
            own("methodology.sampleUnit", Line),
            own("methodology.samplingFrame", Text),
            own("methodology.weights", Text),
            own("methodology.response", Text),
            own("methodology.censusTopics.countryOfBirth", Truth),
            own("methodology.censusTopics.parentsCountryOfBirth", Truth),
            own("methodology.censusTopics.citizenship", Truth),
            own("methodology.censusTopics.residenceFiveYearsBefore", Truth),
            own("methodology.censusTopics.latestArrival", Truth),
            own("methodology.censusTopics.reason", Truth),
            own("methodology.censusTopics.note", Text),
            own("certainty", code!(Certainty)),
            own("certaintyNote", Text),
            own("visibility", code!(Visibility)),
            own("status", code!(PublicationStatus)),
            own("reviewDueOn", Day),
            own("identifier", Line),
        ],
    },
    Sheet {
        titles: ["Holdings", "Détentions", "الحيازات"],
        list: "holdings",
        above: None,
        columns: &[
            own("holdings.institution", Slug),
            needed("holdings.role", code!(HoldingRole)),
            own("holdings.accessTerms.aggregates", code!(AccessLevel)),
            own("holdings.accessTerms.aggregatesBasis", code!(StatementBasis)),
            own("holdings.accessTerms.microdata", code!(AccessLevel)),
            own("holdings.accessTerms.microdataBasis", code!(StatementBasis)),
            own("holdings.accessTerms.channel", code!(RequestChannel)),
            own("holdings.accessTerms.channelUrl", Address),
            own("holdings.accessTerms.licence", Address),
            own("holdings.accessTerms.conditions", Text),
            own("holdings.accessTerms.fee", Text),
            own("holdings.accessTerms.decidedBy", Text),
            own("holdings.accessTerms.expectedDays", Number),
            own("holdings.accessTerms.embargoUntil", Day),
            own("holdings.accessTerms.legalBasis", Line),
            own("holdings.accessTerms.dataProtectionReference", Line),
            own("holdings.accessTerms.disclosureControl", Text),
            own("holdings.number", Line),
        ],
    },
    Sheet {
        titles: ["Files", "Fichiers", "الملفات"],
        list: "holdings.distributions",
        above: Some("holdings"),
        columns: &[
            above("holdings.institution", Slug),
            above("holdings.role", code!(HoldingRole)),
            needed("holdings.distributions.url", Address),
            own("holdings.distributions.title", Text),
            own("holdings.distributions.format", Line),
            own("holdings.distributions.mediaType", Line),
            own("holdings.distributions.byteSize", Number),
            own("holdings.distributions.checksum", Line),
            above("holdings.number", Line),
        ],
    },
    Sheet {
        titles: ["Definitions", "Définitions", "التعاريف"],
        list: "methodology.definitions",
        above: None,
        columns: &[
            needed("methodology.definitions.code", code!(DefinitionCode)),
            own("methodology.definitions.text", Text),
            own("methodology.definitions.basis", code!(DefinitionBasis)),
            own("methodology.definitions.direction", code!(MovementDirection)),
            own("methodology.definitions.measure", code!(Measure)),
            own("methodology.definitions.durationThresholdMonths", Number),
            own("methodology.definitions.durationBasis", code!(DurationBasis)),
            own("methodology.definitions.referencePoint", code!(ReferencePoint)),
            own("methodology.definitions.ageMinimum", Number),
            own("methodology.definitions.ageMaximum", Number),
            own("methodology.definitions.excludedGroups", codes!(ExcludedGroup)),
        ],
    },
    Sheet {
        titles: ["Breaks", "Ruptures de série", "انقطاعات السلسلة"],
        list: "methodology.breaks",
        above: None,
        columns: &[needed("methodology.breaks.date", Date), own("methodology.breaks.cause", Text), own("methodology.breaks.effect", Text)],
    },
    Sheet {
        titles: ["Quality", "Qualité", "الجودة"],
        list: "methodology.quality",
        above: None,
        columns: &[
            needed("methodology.quality.dimension", code!(QualityDimension)),
            needed("methodology.quality.text", Text),
            own("methodology.quality.author", Line),
            own("methodology.quality.date", Date),
        ],
    },
    Sheet {
        titles: ["Limits", "Limites", "الحدود"],
        list: "methodology.knownLimits",
        above: None,
        columns: &[needed("methodology.knownLimits", Text)],
    },
    Sheet {
        titles: ["Instruments", "Questionnaires", "الاستمارات"],
        list: "methodology.instruments",
        above: None,
        columns: &[needed("methodology.instruments.url", Address), own("methodology.instruments.title", Text)],
    },
    Sheet {
        titles: ["Variables", "Variables", "المتغيرات"],
        list: "variables",
        above: None,
        columns: &[
            own("variables.file", Line),
            needed("variables.name", Line),
            own("variables.label", Text),
            own("variables.number", Line),
        ],
    },
    Sheet {
        titles: ["Categories", "Modalités", "الفئات"],
        list: "variables.categories",
        above: Some("variables"),
        columns: &[
            above("variables.file", Line),
            above("variables.name", Line),
            needed("variables.categories.code", Line),
            own("variables.categories.label", Text),
            above("variables.number", Line),
        ],
    },
    Sheet {
        titles: ["Keywords", "Mots-clés", "الكلمات المفتاحية"], list: "keywords", above: None, columns: &[needed("keywords", Text)]
    },
    Sheet {
        titles: ["Classifications", "Nomenclatures", "التصنيفات"],
        list: "classifications",
        above: None,
        columns: &[needed("classifications", Text)],
    },
    Sheet {
        titles: ["Relations", "Relations", "العلاقات"],
        list: "relations",
        above: None,
        columns: &[needed("relations.type", code!(RelationType)), needed("relations.dataset", Slug), own("relations.note", Text)],
    },
    Sheet {
        titles: ["Discrepancies", "Écarts", "الفروق"],
        list: "discrepancies",
        above: None,
        columns: &[
            own("discrepancies.number", Line),
            needed("discrepancies.subject", Text),
            own("discrepancies.effect", Text),
            own("discrepancies.explanation", Text),
        ],
    },
    Sheet {
        titles: ["Figures", "Chiffres", "الأرقام"],
        list: "discrepancies.values",
        above: Some("discrepancies"),
        columns: &[
            above("discrepancies.number", Line),
            needed("discrepancies.values.value", Line),
            own("discrepancies.values.context", Text),
            own("discrepancies.values.cutOff", Date),
            own("discrepancies.values.source", Line),
        ],
    },
    Sheet {
        titles: ["Links", "Liens", "الروابط"],
        list: "links",
        above: None,
        columns: &[needed("links.url", Address), own("links.title", Text)],
    },
    Sheet {
        titles: ["Citations", "Sources citées", "المراجع"],
        list: "citations",
        above: None,
        columns: &[
            needed("citations.title", Line),
            own("citations.url", Address),
            own("citations.source", Line),
            own("citations.supports", Line),
        ],
    },
    Sheet {
        titles: ["Masks", "Champs masqués", "الحقول المحجوبة"],
        list: "masks",
        above: None,
        columns: &[needed("masks.field", code!(MaskableField)), needed("masks.visibleTo", code!(Visibility))],
    },
];
