//! Why a record does not answer a condition for certain, in English, French and Arabic.
//! What is not documented is never said not to exist.

use crate::domain::concept::Concepts;
use crate::domain::dataset::Dataset;
use crate::domain::filter::FilterField;
use crate::domain::text::spoken;
use crate::domain::time::{Bound, Period, PeriodWindow};
use crate::domain::vocabulary::{
    AccessLevel, Certainty, CollectionStatus, ConceptScheme, Frequency, GeographicLevel, PeriodMatch, PublicationStatus, RecordKind,
    SourceType, StatementBasis, Vocabulary,
};

/// A reason.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// The record has another value for this condition.
    OtherValue {
        /// The condition.
        field: FilterField,
        /// Values of the record, as codes.
        values: Vec<String>,
    },
    /// The producer does not show the field to this reader.
    NotShown,
    /// No reporting area is documented.
    AreaNotDocumented,
    /// The level of release is not documented.
    LevelNotDocumented {
        /// The area asked for.
        wanted: String,
    },
    /// Figures are released at a coarser level.
    CoarserLevel {
        /// Level of release.
        released: GeographicLevel,
        /// The area asked for.
        wanted: String,
        /// Finer figures exist at a level that is not documented.
        finer_exists: bool,
    },
    /// The record follows another division than the one asked for.
    OlderDivision {
        /// The area asked for.
        wanted: String,
    },
    /// It is not documented whether the period is of the time of this division.
    DivisionNotDocumented {
        /// The area asked for.
        wanted: String,
    },
    /// No holding meets the conditions on access together; different ones meet them.
    DividedHoldings,
    /// The record reports a former area whose territory was passed on in part.
    FormerDivision {
        /// The former area.
        former: String,
        /// The area asked for.
        wanted: String,
    },
    /// The record reports other areas.
    OtherAreas {
        /// Areas of the record.
        areas: Vec<String>,
    },
    /// Origin or destination is not documented.
    MovementNotDocumented,
    /// The record covers a group of countries without a documented breakdown by country.
    NotByCountry {
        /// Group covered.
        container: String,
        /// Country asked for.
        wanted: String,
    },
    /// The reference period.
    Period {
        /// Period of the record.
        period: Period,
        /// Window asked for.
        window: PeriodWindow,
    },
    /// Breakdowns.
    Breakdowns {
        /// Those that are not listed.
        missing: Vec<String>,
        /// Whether the record lists any.
        documented: bool,
    },
    /// No more to say.
    Other,
}

fn say<'a>(language: &str, en: &'a str, fr: &'a str, ar: &'a str) -> &'a str {
    match spoken(language) {
        "fr" => fr,
        "ar" => ar,
        _ => en,
    }
}

impl Reason {
    /// The reason for a condition on plain values of the record.
    pub fn of_field(field: FilterField, dataset: &Dataset) -> Self {
        let terms = || dataset.holdings.iter().map(|h| &h.access_terms);
        let values = match field {
            FilterField::Themes => dataset.themes.clone(),
            FilterField::Indicators => dataset.indicators.clone(),
            FilterField::Institutions => {
                dataset.producer.iter().chain(dataset.holdings.iter().map(|h| &h.institution)).map(ToString::to_string).collect()
            }
            FilterField::RecordKinds => vec![dataset.record_kind.code().to_owned()],
            FilterField::SourceTypes => vec![dataset.methodology.source_type.code().to_owned()],
            FilterField::Frequencies => dataset.coverage.frequency.iter().map(|f| f.code().to_owned()).collect(),
            FilterField::AggregatesAccess => terms().map(|t| t.aggregates.code().to_owned()).collect(),
            FilterField::MicrodataAccess => terms().map(|t| t.microdata.code().to_owned()).collect(),
            FilterField::AccessBasis => terms().map(|t| t.basis().code().to_owned()).collect(),
            FilterField::Certainty => vec![dataset.certainty.code().to_owned()],
            FilterField::Statuses => vec![dataset.status.code().to_owned()],
            FilterField::CollectionStatuses => dataset.collection_status.iter().map(|s| s.code().to_owned()).collect(),
            _ => Vec::new(),
        };
        let mut unique: Vec<String> = Vec::new();
        for value in values {
            if !unique.contains(&value) {
                unique.push(value);
            }
        }
        Self::OtherValue { field, values: unique }
    }

    /// The reason in words.
    pub fn text(&self, language: &str, concepts: &Concepts) -> String {
        let place = |code: &String| label(concepts, ConceptScheme::Places, code, language);
        match self {
            Self::OtherValue { field, values } => other_value(*field, values, language, concepts),
            Self::NotShown => say(
                language,
                "the producer does not show this field here; ask its desk",
                "le producteur ne montre pas ce champ ici ; s'adresser à son guichet",
                "لا يعرض المنتج هذا الحقل هنا؛ يرجى الاتصال بالجهة المكلفة لديه",
            )
            .to_owned(),
            Self::AreaNotDocumented => {
                say(language, "the reporting area is not documented", "la zone de collecte n'est pas documentée", "منطقة الجمع غير موثقة")
                    .to_owned()
            }
            Self::LevelNotDocumented { wanted } => format!(
                "{} {}",
                say(
                    language,
                    "the level at which figures are released is not documented, so it is not known whether they exist for",
                    "le niveau de diffusion n'est pas documenté : on ne sait pas s'il existe des chiffres pour",
                    "مستوى النشر غير موثق، فلا يُعرف هل توجد أرقام تخص"
                ),
                place(wanted)
            ),
            Self::CoarserLevel { released, wanted, finer_exists } => {
                let level = released.label(language);
                let wanted = place(wanted);
                if *finer_exists {
                    match say(language, "en", "fr", "ar") {
                        "fr" => format!(
                            "des chiffres sont diffusés au niveau « {level} » et au-dessous, à un niveau non documenté : {wanted} est possible"
                        ),
                        "ar" => format!("تُنشر أرقام على مستوى «{level}» وما دونه في مستوى غير موثق: {wanted} ممكن"),
                        _ => format!(
                            "figures are released at the level “{level}” and below, at a level that is not documented: {wanted} is possible"
                        ),
                    }
                } else {
                    match say(language, "en", "fr", "ar") {
                        "fr" => format!("des chiffres diffusés sont documentés jusqu'au niveau « {level} », pas pour {wanted}"),
                        "ar" => format!("الأرقام المنشورة موثقة حتى مستوى «{level}» لا بالنسبة إلى {wanted}"),
                        _ => format!("released figures are documented down to the level “{level}”, not for {wanted}"),
                    }
                }
            }
            Self::OlderDivision { wanted } => format!(
                "{} {}",
                say(
                    language,
                    "the period lies outside the validity of this division, so the regions may be those of another division and not",
                    "la période est hors de la validité de ce découpage : les régions peuvent être celles d'un autre découpage et non",
                    "تقع الفترة خارج مدة سريان هذا التقسيم، فقد تكون الجهات من تقسيم آخر لا"
                ),
                place(wanted)
            ),
            Self::DivisionNotDocumented { wanted } => format!(
                "{} {}",
                say(
                    language,
                    "the period is not documented in full, so the regions may be those of another division and not",
                    "la période n'est pas entièrement documentée : les régions peuvent être celles d'un autre découpage et non",
                    "الفترة غير موثقة بالكامل، فقد تكون الجهات من تقسيم آخر لا"
                ),
                place(wanted)
            ),
            Self::DividedHoldings => say(
                language,
                "different holders have these levels of access, and no one of them has both",
                "ces niveaux d'accès sont ceux de détenteurs différents, et aucun n'a les deux",
                "مستويات الوصول هذه موزعة بين حائزين مختلفين، ولا يجمعها حائز واحد",
            )
            .to_owned(),
            Self::FormerDivision { former, wanted } => match say(language, "en", "fr", "ar") {
                "fr" => format!("porte sur l'ancienne région {}, qui n'est pas {}", place(former), place(wanted)),
                "ar" => format!("يخص الجهة السابقة {}، وهي ليست {}", place(former), place(wanted)),
                _ => format!("reports the former region {}, which is not {}", place(former), place(wanted)),
            },
            Self::OtherAreas { areas } => {
                format!("{} {}", say(language, "covers", "couvre", "يغطي"), list(areas.iter().map(place), language))
            }
            Self::MovementNotDocumented => say(
                language,
                "the origin or destination of the movement is not documented",
                "l'origine ou la destination du mouvement n'est pas documentée",
                "منشأ الحركة أو مقصدها غير موثق",
            )
            .to_owned(),
            Self::NotByCountry { container, wanted } => match say(language, "en", "fr", "ar") {
                "fr" => format!("couvre {} ; une ventilation qui isole {} n'est pas documentée", place(container), place(wanted)),
                "ar" => format!("يغطي {}؛ ولا توثيق لتفصيل يفرز {}", place(container), place(wanted)),
                _ => format!("covers {}; a breakdown that tells {} apart is not documented", place(container), place(wanted)),
            },
            Self::Period { period, window } => period_text(period, window, language),
            Self::Breakdowns { missing, documented } => {
                let names = list(
                    missing.iter().map(|code| lower_first(&label(concepts, ConceptScheme::Disaggregations, code, language))),
                    language,
                );
                if *documented {
                    format!(
                        "{} {names}",
                        say(
                            language,
                            "the documented breakdowns do not include",
                            "les ventilations documentées ne comprennent pas",
                            "التفصيلات الموثقة لا تشمل"
                        )
                    )
                } else {
                    format!(
                        "{} {names}",
                        say(
                            language,
                            "no breakdown is documented, so it is not known whether figures are released by",
                            "aucune ventilation n'est documentée : on ne sait pas si des chiffres sont diffusés par",
                            "لا تفصيل موثق، فلا يُعرف هل تُنشر أرقام حسب"
                        )
                    )
                }
            }
            Self::Other => say(language, "does not meet the condition", "ne remplit pas la condition", "لا يستوفي الشرط").to_owned(),
        }
    }
}

fn label(concepts: &Concepts, scheme: ConceptScheme, code: &str, language: &str) -> String {
    concepts.get(scheme, code).map_or_else(|| code.to_owned(), |concept| concept.label(Some(language)).to_owned())
}

/// Labels begin with a capital letter; within a sentence they do not.
fn lower_first(label: &str) -> String {
    let mut letters = label.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

fn list(names: impl Iterator<Item = String>, language: &str) -> String {
    let names: Vec<String> = names.take(12).collect();
    names.join(say(language, ", ", ", ", "، "))
}

fn other_value(field: FilterField, values: &[String], language: &str, concepts: &Concepts) -> String {
    let scheme = match field {
        FilterField::Themes => Some(ConceptScheme::Themes),
        FilterField::Indicators => Some(ConceptScheme::Indicators),
        _ => None,
    };
    let shown = |code: &String| match scheme {
        Some(scheme) => label(concepts, scheme, code, language),
        None => listed(field, code, language).unwrap_or_else(|| code.clone()),
    };
    let name = field.label(language);
    if values.is_empty() {
        return match say(language, "en", "fr", "ar") {
            "fr" => format!("{name} : autre valeur ou non documenté"),
            "ar" => format!("{name}: قيمة أخرى أو غير موثق"),
            _ => format!("{name}: another value, or not documented"),
        };
    }
    format!("{name}{} {}", say(language, ":", " :", ":"), list(values.iter().map(shown), language))
}

/// Label of a member of the closed list that a condition is about.
fn listed(field: FilterField, code: &str, language: &str) -> Option<String> {
    fn of<V: Vocabulary>(code: &str, language: &str) -> Option<String> {
        V::parse(code).map(|member| member.label(language).to_owned())
    }
    match field {
        FilterField::RecordKinds => of::<RecordKind>(code, language),
        FilterField::SourceTypes => of::<SourceType>(code, language),
        FilterField::Frequencies => of::<Frequency>(code, language),
        FilterField::AggregatesAccess | FilterField::MicrodataAccess => of::<AccessLevel>(code, language),
        FilterField::AccessBasis => of::<StatementBasis>(code, language),
        FilterField::Certainty => of::<Certainty>(code, language),
        FilterField::Statuses => of::<PublicationStatus>(code, language),
        FilterField::CollectionStatuses => of::<CollectionStatus>(code, language),
        _ => None,
    }
}

fn period_text(period: &Period, window: &PeriodWindow, language: &str) -> String {
    let bound = |bound: &Bound, open: &str| match bound {
        Bound::Unknown => say(language, "not documented", "non documenté", "غير موثق").to_owned(),
        Bound::Open => open.to_owned(),
        Bound::Date(date) => date.to_string(),
    };
    if period.start.is_unknown() && period.end.is_unknown() {
        return say(
            language,
            "the reference period is not documented",
            "la période de référence n'est pas documentée",
            "الفترة المرجعية غير موثقة",
        )
        .to_owned();
    }
    let first = bound(&period.start, say(language, "no beginning", "sans début", "دون بداية"));
    let last = bound(&period.end, say(language, "ongoing", "en cours", "مستمر"));
    let shown = if first == last { first } else { format!("{first} – {last}") };
    let (start, end) = (period.first_day(), period.last_day());
    if let Some(from) = window.from.filter(|_| end.is_some_and(|end| end < window.first_day())) {
        return format!("{shown}{} {from}", say(language, ": ends before", " : se termine avant", ": تنتهي قبل"));
    }
    if let Some(to) = window.to.filter(|_| start.is_some_and(|start| start > window.last_day())) {
        return format!("{shown}{} {to}", say(language, ": begins after", " : commence après", ": تبدأ بعد"));
    }
    // Of what goes on it is certain that it does not end within the window, whatever its beginning.
    let reaches_out = end.is_some_and(|end| end > window.last_day()) || start.is_some_and(|start| start < window.first_day());
    if window.matching == PeriodMatch::Within && (reaches_out || (start.is_some() && end.is_some())) {
        return format!(
            "{shown}{}",
            say(language, ": is not entirely within the window", " : n'est pas entièrement dans la fenêtre", ": ليست كلها داخل النافذة")
        );
    }
    format!("{shown}{}", say(language, ": one end is not documented", " : une borne n'est pas documentée", ": أحد الحدين غير موثق"))
}
