//! What is given is what the record format reads.

use juniper::macros::reflect::Fields;
use juniper::{DefaultScalarValue, FromInputValue, InputValue, Nullable, graphql_input_value};
use serde_json::{Map, Value, json};

use crate::domain::draft::DatasetDraft;
use crate::domain::institution::Institution;
use crate::domain::problem::Problem;
use crate::domain::text::{LanguageTag as Tag, MAX_TEXT};
use crate::domain::time::{Bound, PartialDate as Partial};
use crate::domain::vocabulary::{
    AccessLevel, DefinitionCode, HoldingRole, InstitutionKind, MaskableField, RecordKind, RelationType, RequestChannel, RiskClass,
    SourceType, StatementBasis, TextStatus, Visibility,
};
use crate::graphql::scalars::{LanguageTag, PartialDate};

use super::*;

fn tag(text: &str) -> LanguageTag {
    LanguageTag(Tag::parse(text).expect("a language tag"))
}

fn date(text: &str) -> PartialDate {
    PartialDate(Partial::parse(text).expect("a date"))
}

fn wording(language: &str, text: &str) -> LocalizedStringInput {
    LocalizedStringInput { language: tag(language), text: text.to_owned(), status: None }
}

fn text(words: &str) -> Vec<LocalizedStringInput> {
    vec![wording("fr", words)]
}

fn holding() -> HoldingInput {
    HoldingInput {
        institution: Some("hcp".to_owned()),
        role: Some(HoldingRole::Producer),
        access_terms: Some(AccessTermsInput {
            aggregates: Some(AccessLevel::PublishedReports),
            aggregates_basis: Some(StatementBasis::Quoted),
            microdata: Some(AccessLevel::Unknown),
            microdata_basis: Some(StatementBasis::Assumed),
            channel: Some(RequestChannel::Unknown),
            fee: Some(text("gratuit")),
            expected_days: Some(30),
            embargo_until: Some(date("2027-01-01")),
            ..AccessTermsInput::default()
        }),
        distributions: Some(vec![DistributionInput {
            url: Some("https://hcp.ma/enmi.csv".to_owned()),
            byte_size: Some("5000000000".to_owned()),
            media_type: Some("text/csv".to_owned()),
            ..DistributionInput::default()
        }]),
    }
}

fn methodology() -> MethodologyInput {
    MethodologyInput {
        source_type: Some(SourceType::HouseholdSurveySpecialised),
        sample_size: Some(15_076),
        sample_unit: Some("households".to_owned()),
        definitions: Some(vec![DefinitionInput {
            code: Some(DefinitionCode::MedhimsHousehold),
            duration_threshold_months: Some(0),
            ..DefinitionInput::default()
        }]),
        breaks: Some(vec![SeriesBreakInput { date: Some(date("2014~")), ..SeriesBreakInput::default() }]),
        known_limits: Some(vec![text("ménages partis entiers"), text("provinces du Sud")]),
        census_topics: Some(CensusTopicsInput {
            parents_country_of_birth: Some(false),
            residence_five_years_before: Some(true),
            ..CensusTopicsInput::default()
        }),
        ..MethodologyInput::default()
    }
}

fn coverage() -> CoverageInput {
    CoverageInput {
        reporting_areas: Some(vec!["MA".to_owned()]),
        period: Some(PeriodInput { start: Some(date("2018-08")), is_ongoing: Some(true), ..PeriodInput::default() }),
        collection_period: Some(PeriodInput { has_no_beginning: Some(true), note: Some(text("en continu")), ..PeriodInput::default() }),
        next_collection: Some(date("2027")),
        open_to_coordination_until: Some(date("2026-12")),
        ..CoverageInput::default()
    }
}

fn full() -> DatasetDraftInput {
    DatasetDraftInput {
        slug: Nullable::Some("ma-hcp-enmi-2018-2019".to_owned()),
        record_kind: Nullable::Some(RecordKind::StatisticalOperation),
        risk_class: Nullable::Some(RiskClass::Low),
        main_language: Nullable::Some(tag("fr")),
        titles: Nullable::Some(vec![
            wording("fr", "Enquête nationale sur la migration internationale"),
            LocalizedStringInput { status: Some(TextStatus::Translation), ..wording("en", "National survey on international migration") },
        ]),
        r#abstract: Nullable::Some(text("Enquête auprès des ménages.")),
        keywords: Nullable::Some(vec![text("emploi"), text("transferts")]),
        languages: Nullable::Some(vec![tag("fr"), tag("ar")]),
        producer: Nullable::Some("hcp".to_owned()),
        holdings: Nullable::Some(vec![holding()]),
        methodology: Nullable::Some(methodology()),
        coverage: Nullable::Some(coverage()),
        variables: Nullable::Some(vec![VariableInput {
            name: Some("SEXE".to_owned()),
            categories: Some(vec![CategoryInput { code: Some("1".to_owned()), label: Some(text("masculin")) }]),
            ..VariableInput::default()
        }]),
        relations: Nullable::Some(vec![RelationInput {
            r#type: Some(RelationType::SameProgramme),
            dataset: Some("tn-ins-tunisia-hims".to_owned()),
            note: None,
        }]),
        discrepancies: Nullable::Some(vec![DiscrepancyInput {
            subject: Some(text("étrangers résidents")),
            values: Some(vec![PublishedValueInput {
                value: Some("84 001".to_owned()),
                source: Some("S03".to_owned()),
                context: None,
                cut_off: None,
            }]),
            ..DiscrepancyInput::default()
        }]),
        citations: Nullable::Some(vec![CitationInput { title: Some("HCP".to_owned()), ..CitationInput::default() }]),
        review_due_on: Nullable::Some(date("2027-06-30")),
        masks: Nullable::Some(vec![FieldMaskInput { field: MaskableField::Period, visible_to: Visibility::Members }]),
        ..DatasetDraftInput::default()
    }
}

fn draft(patch: Map<String, Value>) -> DatasetDraft {
    serde_json::from_value(Value::Object(patch)).expect("the record format")
}

fn fields(problems: &[Problem]) -> Vec<&str> {
    problems.iter().map(|problem| problem.field.as_str()).collect()
}

#[test]
fn a_full_input_is_read_as_a_draft() {
    let input = full();
    assert_eq!(input.problems(), Vec::<Problem>::new());
    let draft = draft(input.into_patch());
    assert_eq!(draft.slug.as_ref().map(|slug| slug.as_str()), Some("ma-hcp-enmi-2018-2019"));
    assert_eq!(draft.titles.words(Some("en"), None), Some("National survey on international migration"));
    assert!(draft.titles.iter().any(|(tag, wording)| tag.as_str() == "fr" && wording.status == TextStatus::Official));
    assert_eq!(draft.abstract_text.words(None, None), Some("Enquête auprès des ménages."));
    assert_eq!(draft.keywords.len(), 2);
    assert_eq!(draft.languages.len(), 2);
    assert_eq!(draft.holdings[0].access_terms.embargo_until.as_deref(), Some("2027-01-01"));
    assert_eq!(draft.holdings[0].distributions[0].byte_size, Some(5_000_000_000));
    assert_eq!(draft.variables[0].categories[0].code, "1");
    assert_eq!(draft.relations[0].relation_type, RelationType::SameProgramme);
    assert_eq!(draft.discrepancies[0].values[0].value, "84 001");
    assert_eq!(draft.review_due_on, Some(date("2027-06-30").0));
    assert_eq!((draft.masks[0].field, draft.masks[0].visible_to), (MaskableField::Period, Visibility::Members));
}

#[test]
fn nested_parts_are_read_as_they_were_given() {
    let draft = draft(full().into_patch());
    let methodology = draft.methodology.expect("a methodology");
    assert_eq!(methodology.sample_size, Some(15_076));
    assert_eq!(methodology.definitions[0].duration_threshold_months, Some(0));
    assert_eq!(methodology.breaks[0].date, date("2014~").0);
    assert_eq!(methodology.known_limits.len(), 2);
    let topics = methodology.census_topics.expect("the topics");
    assert_eq!((topics.parents_country_of_birth, topics.residence_five_years_before, topics.citizenship), (Some(false), Some(true), None));
    let period = draft.coverage.period.expect("a period");
    assert_eq!((period.start, period.end), (Bound::Date(date("2018-08").0), Bound::Open));
    let collected = draft.coverage.collection_period.expect("a period");
    assert_eq!((collected.start, collected.end), (Bound::Open, Bound::Unknown));
    assert_eq!(collected.note.words(None, None), Some("en continu"));
}

#[test]
fn null_clears_and_absent_leaves() {
    let given: InputValue = graphql_input_value!({ "titles": null, "slug": "ma-hcp", "coverage": { "period": null } });
    let input = DatasetDraftInput::from_input_value(&given).expect("a valid input");
    assert_eq!(Value::Object(input.into_patch()), json!({"slug": "ma-hcp", "titles": null, "coverage": null}));
    assert_eq!(DatasetDraftInput::default().into_patch(), Map::new());
}

#[test]
fn what_says_nothing_clears_the_field_and_stays_out_of_a_value() {
    let input = DatasetDraftInput {
        titles: Nullable::Some(Vec::new()),
        producer: Nullable::Some("  ".to_owned()),
        holdings: Nullable::Some(vec![HoldingInput {
            access_terms: Some(AccessTermsInput {
                licence: Some(String::new()),
                conditions: Some(Vec::new()),
                ..AccessTermsInput::default()
            }),
            role: Some(HoldingRole::Holder),
            ..HoldingInput::default()
        }]),
        ..DatasetDraftInput::default()
    };
    let wanted = json!({"titles": null, "producer": null, "holdings": [{"role": "HOLDER"}]});
    assert_eq!(Value::Object(input.into_patch()), wanted);
}

#[test]
fn masks_are_written_in_the_record_format() {
    let patch = full().into_patch();
    assert_eq!(patch["masks"], json!([{"field": "COVERAGE_PERIOD", "visibleTo": "MEMBERS"}]));
}

#[test]
fn identifier_and_status_cannot_be_given() {
    let names = <DatasetDraftInput as Fields<DefaultScalarValue>>::NAMES;
    assert!(names.contains(&"abstract"));
    for name in ["identifier", "status", "hidden", "abstractText"] {
        assert!(!names.contains(&name), "{name}");
    }
}

#[test]
fn a_language_given_twice_is_named_and_the_last_wording_kept() {
    let input = DatasetDraftInput {
        titles: Nullable::Some(vec![wording("fr", "premier"), wording("FR", "second")]),
        methodology: Nullable::Some(MethodologyInput {
            definitions: Some(vec![DefinitionInput {
                text: Some(vec![wording("ar", "أ"), wording("ar", "ب")]),
                ..DefinitionInput::default()
            }]),
            ..MethodologyInput::default()
        }),
        ..DatasetDraftInput::default()
    };
    assert_eq!(fields(&input.problems()), ["titles.fr", "methodology.definitions[0].text.ar"]);
    let draft = draft(DatasetDraftInput { methodology: Nullable::ImplicitNull, ..input }.into_patch());
    assert_eq!(draft.titles.words(None, None), Some("second"));
}

#[test]
fn empty_and_overlong_texts_are_named() {
    let input = DatasetDraftInput {
        keywords: Nullable::Some(vec![text("emploi"), text(" ")]),
        r#abstract: Nullable::Some(text(&"م".repeat(MAX_TEXT + 1))),
        programme: Nullable::Some(text(&"م".repeat(MAX_TEXT))),
        ..DatasetDraftInput::default()
    };
    assert_eq!(fields(&input.problems()), ["abstract.fr.text", "keywords[1].fr.text"]);
}

#[test]
fn an_end_that_is_both_given_and_open_is_named_and_a_size_that_is_no_number() {
    let mut distribution = DistributionInput { byte_size: Some("3 MB".to_owned()), ..DistributionInput::default() };
    let input = |distribution: DistributionInput| DatasetDraftInput {
        coverage: Nullable::Some(CoverageInput {
            period: Some(PeriodInput { end: Some(date("2021")), is_ongoing: Some(true), ..PeriodInput::default() }),
            ..CoverageInput::default()
        }),
        holdings: Nullable::Some(vec![HoldingInput { distributions: Some(vec![distribution]), ..HoldingInput::default() }]),
        ..DatasetDraftInput::default()
    };
    let problems = input(distribution.clone()).problems();
    assert_eq!(fields(&problems), ["holdings[0].distributions[0].byteSize", "coverage.period.end"]);
    distribution.byte_size = Some("3".to_owned());
    let patch = input(distribution).into_patch();
    assert_eq!(patch["coverage"], json!({"period": {"end": "2021"}}));
    assert_eq!(patch["holdings"], json!([{"distributions": [{"byteSize": 3}]}]));
}

#[test]
fn an_institution_is_patched_in_its_own_format() {
    let input = InstitutionInput {
        kind: Nullable::Some(InstitutionKind::Nso),
        names: Nullable::Some(text("Haut-Commissariat au Plan")),
        acronym: Nullable::ExplicitNull,
        former_names: Nullable::Some(vec![FormerNameInput {
            name: Some(text("Direction de la statistique")),
            to: Some(date("2003")),
            from: None,
        }]),
        desk: Nullable::Some(DeskInput { function: Some(text("Diffusion")), mailbox: Some("contact@hcp.example".to_owned()) }),
        ..InstitutionInput::default()
    };
    assert_eq!(input.problems(), Vec::<Problem>::new());
    let mut record = input.into_patch();
    assert_eq!(record.remove("acronym"), Some(Value::Null));
    assert!(!record.contains_key("website"));
    record.extend([("slug".to_owned(), json!("hcp")), ("certainty".to_owned(), json!("DOCUMENTED"))]);
    let institution: Institution = serde_json::from_value(Value::Object(record)).expect("the record format");
    assert_eq!(institution.names.words(None, None), Some("Haut-Commissariat au Plan"));
    assert_eq!(institution.former_names[0].to, Some(date("2003").0));
    assert_eq!(institution.desk.and_then(|desk| desk.mailbox).as_deref(), Some("contact@hcp.example"));
}

#[test]
fn kind_and_names_of_an_institution_cannot_be_cleared() {
    let input = InstitutionInput { kind: Nullable::ExplicitNull, names: Nullable::Some(Vec::new()), ..InstitutionInput::default() };
    assert_eq!(fields(&input.problems()), ["kind", "names"]);
}
