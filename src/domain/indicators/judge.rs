//! What one record says to one indicator.

use std::collections::BTreeSet;

use super::{Around, IndicatorKind, Source};
use crate::domain::concept::Concepts;
use crate::domain::dataset::Dataset;
use crate::domain::ids::Slug;
use crate::domain::methodology::MigrantDefinition;
use crate::domain::vocabulary::{
    AccessLevel, ConceptScheme, DefinitionCode, GeographicLevel, MaskableField, RecordKind, RefusalCode, RelationType, SourceType,
    StatementBasis,
};
use crate::domain::workdays::Day;

/// What a record says to an indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judged {
    /// It is not of what the indicator looks at.
    Outside,
    /// It documents that it is so.
    Yes,
    /// It documents that it is not so.
    No,
    /// What would decide is not documented, or not shown.
    NotDocumented,
}

/// Years for which a source counts as current after the end of its reference period.
pub const CURRENT_YEARS: i64 = 5;

/// Chapters of a migration profile that action (j) names, each with the topics that belong to it.
pub const SECTIONS: [(&str, &[&str]); 8] = [
    ("MT-0201", &["MT-0201"]),
    ("MT-0202", &["MT-0202"]),
    ("MT-0903", &["MT-0903"]),
    ("MT-0204", &["MT-0204"]),
    ("MT-0802", &["MT-0802"]),
    ("MT-0803", &["MT-0803"]),
    ("MT-0804", &["MT-0804", "MT-0205"]),
    // No topic is called so: what tells of needs of migrants and of those who receive them.
    ("needs", &["MT-0507", "MT-0801"]),
];

/// Topics on effects and benefits of migration and on contributions of migrants and diasporas.
const EFFECTS: [&str; 3] = ["MT-0204", "MT-0301", "MT-0903"];

const FRAMEWORK_2021: [DefinitionCode; 3] = [DefinitionCode::Un202112m, DefinitionCode::Un20216m1d, DefinitionCode::Un2021Temporary];

const INNOVATIVE: [SourceType; 4] =
    [SourceType::BigData, SourceType::MediaAndMultiSource, SourceType::FlowMonitoring, SourceType::Modelled];

const SURVEYS: [SourceType; 5] = [
    SourceType::HouseholdSurveySpecialised,
    SourceType::HouseholdSurveyModule,
    SourceType::LabourForceSurvey,
    SourceType::HardToReachSurvey,
    SourceType::OpinionSurvey,
];

const ADMINISTRATION: [SourceType; 10] = [
    SourceType::PopulationRegister,
    SourceType::AdminRegisterPermits,
    SourceType::AdminRegisterWork,
    SourceType::AdminRegisterEducation,
    SourceType::AdminRegisterHealth,
    SourceType::AdminRegisterJustice,
    SourceType::ConsularRegister,
    SourceType::RefugeeRegistration,
    SourceType::BorderStatistics,
    SourceType::OperationalCounts,
];

/// Levels at which microdata can be taken or asked for by people outside the administration.
const PATHS: [AccessLevel; 5] = [AccessLevel::Open, AccessLevel::Puf, AccessLevel::Registered, AccessLevel::Licensed, AccessLevel::Secure];

/// Whether the source of a record, as far as it is shown, is one of these types.
fn is_one_of(dataset: &Dataset, types: &[SourceType]) -> bool {
    !dataset.hides(MaskableField::Methodology) && types.contains(&dataset.methodology.source_type)
}

/// Whether the record is of a survey or of a file of microdata.
pub fn is_of_survey(dataset: &Dataset) -> bool {
    dataset.record_kind == RecordKind::MicrodataProduct || is_one_of(dataset, &SURVEYS)
}

/// Whether the record is of an administrative source.
pub fn is_of_administration(dataset: &Dataset) -> bool {
    dataset.record_kind == RecordKind::AdministrativeSource || is_one_of(dataset, &ADMINISTRATION)
}

/// Whether a record has one of these topics, or one below; not documented where it has none.
pub(super) fn on_topics(dataset: &Dataset, topics: &[&str], concepts: &Concepts) -> Judged {
    let themes = concepts.scheme(ConceptScheme::Themes);
    let is_on = |theme: &String| topics.iter().any(|topic| themes.is_within(theme, topic));
    match dataset.themes.is_empty() {
        true => Judged::NotDocumented,
        false if dataset.themes.iter().any(is_on) => Judged::Yes,
        false => Judged::Outside,
    }
}

/// Whether a record is on effects of migration.
pub(super) fn on_effects(dataset: &Dataset, concepts: &Concepts) -> Judged {
    on_topics(dataset, &EFFECTS, concepts)
}

/// What is documented or not, where nobody can document the contrary.
fn documents(holds: bool) -> Judged {
    if holds { Judged::Yes } else { Judged::NotDocumented }
}

fn within(scope: bool, judged: impl FnOnce() -> Judged) -> Judged {
    if scope { judged() } else { Judged::Outside }
}

/// What a record says to an indicator on records.
pub fn judge(kind: IndicatorKind, source: &Source, around: &Around, concepts: &Concepts) -> Judged {
    let dataset = &source.dataset;
    let (methodology, hides_method) = (&dataset.methodology, dataset.hides(MaskableField::Methodology));
    match kind {
        IndicatorKind::DefinitionWithFacets => {
            match defined(dataset, |definition| definition.basis.is_some() && definition.measure.is_some()) {
                // A facet that is not documented is not documented to be absent.
                Judged::No => Judged::NotDocumented,
                judged => judged,
            }
        }
        IndicatorKind::Framework2021 => defined(dataset, |definition| FRAMEWORK_2021.contains(&definition.code)),
        IndicatorKind::BreaksDocumented => documents(!methodology.breaks.is_empty()),
        IndicatorKind::InnovativeWithQuality => within(is_one_of(dataset, &INNOVATIVE), || documents(!methodology.quality.is_empty())),
        IndicatorKind::OnEffects => on_effects(dataset, concepts),
        IndicatorKind::EffectsBelowCountry => match (on_effects(dataset, concepts), dataset.coverage.released_level) {
            (Judged::Yes, Some(level)) if level > GeographicLevel::Country => Judged::Yes,
            (Judged::Yes, Some(_)) if !dataset.coverage.released_level_is_minimum => Judged::No,
            (Judged::Yes, _) => Judged::NotDocumented,
            _ => Judged::Outside,
        },
        IndicatorKind::Harvested => {
            if dataset.copied_from.is_some() {
                Judged::Yes
            } else {
                Judged::No
            }
        }
        IndicatorKind::OpenToHarvest => {
            if is_stub(dataset) {
                Judged::No
            } else {
                Judged::Yes
            }
        }
        IndicatorKind::ExternalIdentifier => documents(dataset.copied_from.is_some() || has_persistent_address(dataset)),
        IndicatorKind::ValidatedByObservatories => {
            let is_theirs = dataset.producer.as_ref().is_some_and(|producer| around.is_observatory(producer));
            // Who has not validated it may not have been asked.
            let end = Day(around.day).end();
            within(is_theirs, || documents(source.validated_at.is_some_and(|at| at < end)))
        }
        IndicatorKind::ClassificationNamed => documents(!dataset.classifications.is_empty()),
        IndicatorKind::SurveysWithModule => within(!hides_method, || match methodology.source_type {
            SourceType::HouseholdSurveySpecialised | SourceType::HouseholdSurveyModule | SourceType::HardToReachSurvey => Judged::Yes,
            SourceType::LabourForceSurvey => documents(has_breakdown(dataset, &["citizenship", "country_of_birth"])),
            _ => Judged::Outside,
        }),
        IndicatorKind::MicrodataPath => within(!hides_method && is_of_survey(dataset), || microdata(dataset)),
        IndicatorKind::VariablesDocumented => within(!hides_method && is_of_survey(dataset), || match dataset.variables.as_slice() {
            [] => Judged::NotDocumented,
            variables if variables.iter().all(|variable| !variable.label.is_empty()) => Judged::Yes,
            _ => Judged::No,
        }),
        IndicatorKind::AdministrativeAgreement => administrative(dataset, around.agreed.contains(&source.id)),
        IndicatorKind::AdministrativeLegalBasis => {
            let of_holding = dataset.holdings.iter().any(|holding| holding.access_terms.legal_basis.is_some());
            administrative(dataset, of_holding || !dataset.legal_mandate.is_empty())
        }
        IndicatorKind::AdministrativeProtection => {
            administrative(dataset, dataset.holdings.iter().any(|holding| holding.access_terms.data_protection_reference.is_some()))
        }
        IndicatorKind::AdministrativeUnit => {
            administrative(dataset, !methodology.statistical_units.is_empty() || !methodology.statistical_unit_text.is_empty())
        }
        IndicatorKind::AdministrativeLimits => administrative(dataset, !methodology.known_limits.is_empty()),
        IndicatorKind::CrossCountry => cross_country(dataset, around, concepts),
        IndicatorKind::MirrorNamed => documents(names(dataset, RelationType::MirrorOf)),
        IndicatorKind::OverlapNamed => documents(names(dataset, RelationType::Overlaps)),
        // Counted by institutions, points, agreements or registers.
        IndicatorKind::InstitutionsTakingPart
        | IndicatorKind::InstitutionsReviewedLately
        | IndicatorKind::EffectsByRegion
        | IndicatorKind::Observatories
        | IndicatorKind::CensusTopics
        | IndicatorKind::RequestDays
        | IndicatorKind::ProfileChapters
        | IndicatorKind::JointAgreements
        | IndicatorKind::Register => Judged::Outside,
    }
}

fn is_stub(dataset: &Dataset) -> bool {
    dataset.hidden.iter().any(|(_, reason)| *reason != RefusalCode::MaskedByProducer)
}

/// Whether one of the definitions is as asked; a record to which no definition applies is not looked at.
fn defined(dataset: &Dataset, is_so: impl Fn(&MigrantDefinition) -> bool) -> Judged {
    let definitions = &dataset.methodology.definitions;
    if !definitions.is_empty() && definitions.iter().all(|definition| definition.code == DefinitionCode::NotApplicable) {
        return Judged::Outside;
    }
    let silent = [DefinitionCode::NotApplicable, DefinitionCode::NotDocumented];
    let mut told = definitions.iter().filter(|definition| !silent.contains(&definition.code)).peekable();
    if told.peek().is_none() {
        return Judged::NotDocumented;
    }
    if told.any(is_so) { Judged::Yes } else { Judged::No }
}

fn administrative(dataset: &Dataset, holds: bool) -> Judged {
    within(is_of_administration(dataset), || documents(holds))
}

pub(super) fn has_breakdown(dataset: &Dataset, codes: &[&str]) -> bool {
    let coverage = &dataset.coverage;
    coverage.released_disaggregations.iter().chain(&coverage.collected_disaggregations).any(|code| codes.contains(&code.as_str()))
}

fn names(dataset: &Dataset, relation_type: RelationType) -> bool {
    dataset.relations.iter().any(|relation| relation.relation_type == relation_type)
}

/// The level of microdata, by what was seen in a source: a level that was only assumed documents nothing.
fn microdata(dataset: &Dataset) -> Judged {
    let seen = |terms: &&crate::domain::holding::AccessTerms| terms.microdata_basis == StatementBasis::Quoted;
    let levels: Vec<AccessLevel> =
        dataset.holdings.iter().map(|holding| &holding.access_terms).filter(seen).map(|terms| terms.microdata).collect();
    let any = |wanted: &[AccessLevel]| levels.iter().any(|level| wanted.contains(level));
    if any(&PATHS) {
        Judged::Yes
    } else if any(&[AccessLevel::NotShared, AccessLevel::Interagency]) {
        Judged::No
    } else if !levels.is_empty() && levels.iter().all(|level| *level == AccessLevel::NotApplicable) {
        Judged::Outside
    } else {
        Judged::NotDocumented
    }
}

fn has_persistent_address(dataset: &Dataset) -> bool {
    let links = dataset.links.iter().map(|link| link.url.as_str());
    let files = dataset.holdings.iter().flat_map(|holding| &holding.distributions).map(|file| file.url.as_str());
    let citations = dataset.citations.iter().filter_map(|citation| citation.url.as_deref());
    links.chain(files).chain(citations).any(|url| ["doi.org/", "hdl.handle.net/"].iter().any(|service| url.contains(service)))
}

fn cross_country(dataset: &Dataset, around: &Around, concepts: &Concepts) -> Judged {
    let places = concepts.scheme(ConceptScheme::Places);
    let level = |code: &str| places.get(code).and_then(|place| place.level);
    let areas = &dataset.coverage.reporting_areas;
    let is_wide = areas.iter().any(|area| matches!(level(area), Some(GeographicLevel::World | GeographicLevel::CountryGroup)));
    let own = countries(dataset, concepts);
    // Two series of one country may be of one programme too.
    let is_elsewhere = |slug: &Slug| around.programmes.get(slug).is_some_and(|others| !others.is_subset(&own));
    let of_programme = || dataset.relations.iter().filter(|relation| relation.relation_type == RelationType::SameProgramme);
    match () {
        () if is_wide || own.len() > 1 => Judged::Yes,
        () if areas.is_empty() => Judged::NotDocumented,
        () if of_programme().any(|relation| is_elsewhere(&relation.dataset)) => Judged::Yes,
        () => Judged::Outside,
    }
}

/// The countries that a record reports on, or in which the places lie that it reports on.
pub fn countries(dataset: &Dataset, concepts: &Concepts) -> BTreeSet<String> {
    let places = concepts.scheme(ConceptScheme::Places);
    dataset.coverage.reporting_areas.iter().filter_map(|area| places.country_of(area)).map(str::to_owned).collect()
}
