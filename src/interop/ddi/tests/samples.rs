//! Documents that nobody here wrote, where the variable RIHLA_SHARED_INPUTS names their folder; and records of the demo written to a folder
//! for validators, where RIHLA_WRITE_SAMPLES names it.

use std::path::PathBuf;

use super::{concepts, sent};
use crate::domain::draft::DatasetDraft;
use crate::domain::record::{RecordDraft, read_line};
use crate::domain::vocabulary::*;
use crate::interop::ddi::{Version, read, residue, write};
use crate::interop::exchange::{Found, Reading};
use crate::interop::{datacite, nada, oai};

pub(super) fn folder(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).map(PathBuf::from)
}

fn sample(name: &str) -> Option<Reading> {
    let bytes = std::fs::read(folder("RIHLA_SHARED_INPUTS")?.join(name)).expect("the sample can be read");
    Some(read(&bytes, &concepts()))
}

fn only(name: &str) -> Option<Found> {
    let mut reading = sample(name)?;
    assert_eq!((reading.found.len(), reading.problems.len()), (1, 0), "{name}: {:?}", reading.problems);
    Some(reading.found.remove(0))
}

fn title<'d>(draft: &'d DatasetDraft, language: &str) -> &'d str {
    draft.titles.iter().find(|(tag, _)| tag.as_str() == language).map_or("", |(_, wording)| wording.text.as_str())
}

#[test]
fn world_bank_synthetic_survey() {
    let Some(found) = only("ddi/WLD_2023_SYNTH-SVY-EN_v01_M.xml") else { return };
    let draft = &found.draft;
    assert_eq!(title(draft, "en"), "Synthetic Data for an Imaginary Country, Sample, 2023");
    assert_eq!(found.origin.identifier.as_deref(), Some("WLD_2023_SYNTH-SVY-EN_v01_M"));
    assert_eq!((draft.keywords.len(), draft.coverage.reporting_areas.as_slice()), (14, ["WORLD".to_owned()].as_slice()));
    assert_eq!(draft.coverage.period.as_ref().map(|p| p.edtf()).as_deref(), Some("2023/2023"));
    let methodology = draft.methodology.as_ref().expect("methodology");
    assert_eq!(methodology.statistical_units, [StatisticalUnit::Household, StatisticalUnit::Person]);
    assert!(methodology.sampling_frame.words(None, None).is_some_and(|frame| frame.contains("Full Population")));
    assert!(draft.variables.len() > 70 && draft.variables.iter().any(|v| v.name == "hid" && v.file.is_some()), "{}", draft.variables.len());
    let relation = draft.variables.iter().find(|v| v.name == "relation").expect("relation");
    assert_eq!(relation.categories[0].label.words(None, None), Some("Head"));
    assert!(found.unfit.iter().any(|p| p.field.ends_with("sumStat") && p.value.contains("more")));
    assert_eq!(draft.holdings[0].access_terms.channel, RequestChannel::Url);
}

#[test]
fn german_and_english_side_by_side() {
    let Some(found) = only("ddi/gesis-5100.xml") else { return };
    assert_eq!(title(&found.draft, "en"), "Politbarometer - Overall Cumulation");
    assert_eq!(title(&found.draft, "de"), "Politbarometer - Gesamtkumulation");
    assert_eq!(found.draft.coverage.collection_period.as_ref().map(|p| p.edtf()).as_deref(), Some("1977/2017"));
    assert_eq!(found.draft.coverage.reporting_areas, ["DE"]);
    assert_eq!(found.origin.identifier.as_deref(), Some("10.4232/1.13299"));
    assert_eq!(found.origin.producers.len(), 4, "{:?}", found.origin.producers);
    assert_eq!(found.draft.abstract_text.0.len(), 2);
    let Some(other) = only("ddi/gesis-5300.xml") else { return };
    assert!(!title(&other.draft, "en").is_empty() && !title(&other.draft, "de").is_empty());
}

#[test]
fn british_archive() {
    let Some(found) = only("ddi/ukds-7481.xml") else { return };
    assert_eq!(title(&found.draft, "en"), "Integrated Census Microdata (I-CeM), 1851-1911");
    assert_eq!(found.origin.identifier.as_deref(), Some("10.5255/UKDA-SN-7481-1"));
    assert_eq!(found.origin.address.as_deref(), Some("http://doi.org/10.5255/UKDA-SN-7481-1"));
    assert_eq!(found.draft.methodology.as_ref().map(|m| m.source_type), Some(SourceType::Census));
    let conditions = found.draft.holdings[0].access_terms.conditions.words(Some("en"), None).expect("conditions");
    assert!(conditions.contains("Safeguarded") && conditions.contains("(http://icem.data-archive.ac.uk/)"), "{conditions}");
    let Some(other) = only("ddi/ukds-2000.xml") else { return };
    assert!(other.draft.keywords.len() > 50, "{}", other.draft.keywords.len());
}

#[test]
fn finnish_archive_with_two_languages_and_questions() {
    let Some(found) = only("ddi/fsd-3307.xml") else { return };
    assert_eq!((title(&found.draft, "fi"), title(&found.draft, "en")), ("Lapsibarometri 2018", "Child Barometer 2018"));
    assert_eq!(found.draft.variables.len(), 78);
    assert_eq!(found.draft.variables[0].label.0.len(), 2);
    assert!(found.unfit.iter().any(|p| p.field.contains("qstnLit")));
    let Some(other) = sample("oai/oai-fsd_uta_fi-FSD3187.xml") else { return };
    let draft = &other.found[0].draft;
    assert_eq!(title(draft, "en"), "Development Cooperation Survey 2017");
    assert_eq!(draft.programme.words(Some("en"), None), Some("Development Cooperation Surveys"));
    assert_eq!(other.found[0].origin.modified.as_deref(), Some("2024-05-30T23:19:02Z"));
    assert_eq!(other.found[0].origin.identifier.as_deref(), Some("10.60686/t-fsd3187"));
}

#[test]
fn dataverse_exports_of_three_ages() {
    let Some(found) = only("ddi/ddi_dataset.xml") else { return };
    assert_eq!((title(&found.draft, "und"), found.draft.main_language.clone()), ("Replication Data for: Title", None));
    assert_eq!(found.draft.coverage.period.as_ref().map(|p| p.edtf()).as_deref(), Some("1005-01-01/1005-02-02"));
    assert_eq!(found.draft.coverage.reporting_areas, ["AF", "AL"]);
    assert_eq!(found.draft.links.len(), 2);
    let Some(finch) = only("ddi/dataset-finch-terms-of-use.xml") else { return };
    assert_eq!(finch.draft.coverage.reporting_areas, ["US"]);
    assert_eq!(finch.draft.coverage.period.as_ref().map(|p| p.edtf()).as_deref(), Some("2002-08-16/2016-06-30"));
    assert!(finch.draft.holdings[0].access_terms.conditions.words(None, None).is_some_and(|words| words.contains("without information")));
    let Some(old) = only("ddi/dataverse-907-version1.xml") else { return };
    assert_eq!(title(&old.draft, "und"), "Black Professional Women, 1969");
    assert_eq!(old.draft.coverage.reporting_areas, ["US"]);
    let summary = old.draft.abstract_text.words(None, None).expect("abstract");
    assert!(summary.contains("audiotaped") && summary.contains("35 African American women"), "four paragraphs are one text");
    assert_eq!(old.draft.links.len(), 6);
}

#[test]
fn extracts_with_variables() {
    for (name, count, country) in [("ddi/cps_00157.xml", 8, "US"), ("ddi/usa_00468.xml", 10, "US")] {
        let Some(found) = only(name) else { return };
        assert!(found.draft.variables.len() >= count, "{name}: {}", found.draft.variables.len());
        assert_eq!(found.draft.coverage.reporting_areas, [country], "{name}");
        assert!(found.draft.variables.iter().any(|v| v.name == "YEAR" && !v.label.is_empty()), "{name}");
    }
}

#[test]
fn answers_of_providers() {
    let Some(many) = sample("oai/list-records-response.xml") else { return };
    assert!(many.problems.is_empty(), "{:?}", many.problems);
    assert_eq!(many.found.iter().filter(|found| found.origin.is_deleted).count(), 3);
    let alive: Vec<_> = many.found.iter().filter(|found| !found.origin.is_deleted).collect();
    assert_eq!(title(&alive[0].draft, "en"), "Global Risks and Uncertainty. Interviews with Young People in the City of Milan (2022-2023)");
    assert_eq!(alive[0].draft.methodology.as_ref().map(|m| m.collection_modes.clone()), Some(vec![CollectionMode::FaceToFace]));
    assert_eq!(alive[0].draft.coverage.collection_period.as_ref().map(|p| p.edtf()).as_deref(), Some("2022-09-30/2023-05-26"));
    let Some(british) = sample("oai/ddi_record_ukds_example.xml") else { return };
    assert_eq!(british.found.len(), 1);
    let Some(gone) = sample("oai/ddi_record_1031_deleted.xml") else { return };
    assert!(gone.found[0].origin.is_deleted && gone.problems.is_empty());
}

#[test]
fn answers_in_dublin_core_and_errors() {
    let Some(folder) = folder("RIHLA_SHARED_INPUTS") else { return };
    let answer = |name: &str| oai::parse(&std::fs::read(folder.join(name)).expect("sample")).expect(name);
    let first = answer("oai/sickle-ListRecords.xml");
    assert!(first.resumption_token.is_some() && first.records[0].is_deleted, "{first:?}");
    assert_eq!(answer("oai/sickle-ListRecords4.xml").resumption_token, None);
    assert!(answer("oai/sickle-ListSets.xml").sets.len() > 50);
    assert_eq!(answer("oai/sickle-Identify.xml").identity.expect("identity").name, "A Test Repository");
    assert_eq!(answer("oai/sickle-badResumptionToken.xml").faults[0].code, "badResumptionToken");
    let metadata = first.records.iter().find_map(|record| record.metadata.clone()).expect("metadata");
    let found = oai::dublin_core::read(metadata.as_bytes(), &concepts()).found.remove(0);
    assert_eq!(title(&found.draft, "und"), "Sample Title");
    assert_eq!(found.draft.abstract_text.0.keys().map(|tag| tag.as_str()).collect::<Vec<_>>(), ["en"]);
}

#[test]
fn hostile_documents_are_refused() {
    for name in ["hostile/billion-laughs.xml", "hostile/xxe.xml"] {
        let Some(reading) = sample(name) else { return };
        assert!(reading.found.is_empty() && reading.problems[0].remedy.contains("document type"), "{name}: {:?}", reading.problems);
    }
}

#[test]
fn records_of_the_demo_come_back_and_are_written_for_validators() {
    let concepts = concepts();
    let (mut institutions, mut datasets) = (Vec::new(), Vec::new());
    for line in include_str!("../../../service/demo/catalogue.jsonl").lines() {
        match read_line(line).expect("a line of the demo") {
            RecordDraft::Institution(institution) => institutions.push(*institution),
            RecordDraft::Dataset(draft) => datasets.push(draft.validate(&concepts).expect("a record of the demo")),
        }
    }
    let target = folder("RIHLA_WRITE_SAMPLES");
    for dataset in &datasets {
        for (version, name) in [(Version::V25, "ddi"), (Version::V26, "ddi26")] {
            let bytes = sent(dataset, &institutions, &concepts, |outgoing| write(outgoing, version));
            let reading = read(&bytes, &concepts);
            assert!(reading.found[0].unfit.is_empty() && reading.problems.is_empty(), "{}: {:?}", dataset.slug, reading);
            assert_eq!(residue::value_of(&reading.found[0].draft), serde_json::to_value(dataset).expect("JSON"));
            keep(target.as_ref(), &format!("{}.{name}.xml", dataset.slug), &bytes);
        }
        sent(dataset, &institutions, &concepts, |outgoing| {
            keep(target.as_ref(), &format!("{}.oai_dc.xml", dataset.slug), &oai::dublin_core::write(outgoing));
            keep(target.as_ref(), &format!("{}.datacite.xml", dataset.slug), &datacite::write_xml(outgoing));
            keep(target.as_ref(), &format!("{}.datacite.json", dataset.slug), &datacite::write_json(outgoing));
        });
    }
    assert!(datasets.len() > 50);
}

pub(super) fn keep(target: Option<&PathBuf>, name: &str, bytes: &[u8]) {
    if let Some(target) = target {
        std::fs::write(target.join(name), bytes).expect("the file can be written");
    }
}

#[test]
fn resources_of_datacite() {
    let Some(folder) = folder("RIHLA_SHARED_INPUTS") else { return };
    let resource = |name: &str| {
        let mut reading = datacite::read(&std::fs::read(folder.join(name)).expect("sample"), &concepts());
        assert_eq!((reading.found.len(), reading.problems.len()), (1, 0), "{name}: {:?}", reading.problems);
        reading.found.remove(0)
    };
    let gallery = resource("datacite/datacite-example-dataset-v4.xml");
    assert_eq!(title(&gallery.draft, "en"), "External Environmental Data, 2010-2020, National Gallery");
    assert_eq!(gallery.draft.coverage.collection_period.as_ref().map(|p| p.edtf()).as_deref(), Some("2010/2020"));
    assert_eq!(gallery.draft.coverage.period.as_ref().map(|p| p.edtf()).as_deref(), Some("2010/2020"));
    assert_eq!(gallery.origin.identifier.as_deref(), Some("10.82433/9184-DY35"));
    assert!(resource("datacite/datacite-example-full-v4.xml").draft.titles.0.len() > 1);
    let rights = resource("datacite/datacite-multiple-rights.xml");
    assert_eq!(rights.origin.producers.len(), 9);
    assert!(rights.draft.holdings[0].access_terms.conditions.words(None, None).is_some_and(|words| words.contains("Open Access")));
    let gtex = resource("datacite/gtex.xml");
    assert_eq!((title(&gtex.draft, "und"), gtex.draft.links.len(), gtex.draft.keywords.len()), ("DroNc-seq data", 4, 5));
    assert_eq!(gtex.draft.programme.words(None, None), Some("GTEx"));
}

#[test]
fn the_same_study_in_nada_and_in_ddi() {
    let Some(folder) = folder("RIHLA_SHARED_INPUTS") else { return };
    let bytes = std::fs::read(folder.join("nada-json/WLD_2023_SYNTH-SVY-EN_v01_M.json")).expect("sample");
    let mut reading = nada::read(&bytes, &concepts());
    assert_eq!((reading.found.len(), reading.problems.len()), (1, 0), "{:?}", reading.problems);
    let found = reading.found.remove(0);
    let other = only("ddi/WLD_2023_SYNTH-SVY-EN_v01_M.xml").expect("the same study");
    assert_eq!(found.origin.identifier, other.origin.identifier);
    assert_eq!((found.draft.keywords.len(), found.draft.variables.len()), (other.draft.keywords.len(), other.draft.variables.len()));
    assert_eq!(found.draft.coverage.reporting_areas, other.draft.coverage.reporting_areas);
    let names = |draft: &DatasetDraft| {
        draft
            .variables
            .iter()
            .map(|v| (v.name.clone(), v.file.clone(), v.label.iter().next().map(|(_, label)| label.text.clone())))
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&found.draft), names(&other.draft));
    assert_eq!(title(&found.draft, "und"), title(&other.draft, "en"));
}
