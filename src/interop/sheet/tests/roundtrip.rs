//! What a registry wrote into a workbook or a table comes back whole.

use proptest::prelude::*;

use super::{concepts, reading};
use crate::domain::concept::Concepts;
use crate::domain::dataset::Dataset;
use crate::domain::draft::DatasetDraft;
use crate::domain::methodology::CensusTopics;
use crate::domain::time::Period;
use crate::domain::vocabulary::ConceptScheme;
use crate::interop::dcat::Source;
use crate::interop::dcat::tests::demo::{Demo, demo, with_outgoing};
use crate::interop::dcat::tests::generate;
use crate::interop::sheet::layout::SHEETS;
use crate::interop::sheet::{DATASET, LANGUAGES, read_files, write, write_csv};

fn as_draft(dataset: &Dataset) -> DatasetDraft {
    serde_json::from_value(serde_json::to_value(dataset).expect("JSON")).expect("a draft")
}

#[test]
fn the_demonstration_catalogue_comes_back_whole_in_every_language() {
    let demo = demo();
    with_outgoing(&demo, "https://data.example.ma", |records, _| {
        for language in LANGUAGES {
            let bytes = write(records, language, &demo.concepts).expect("written");
            assert_eq!(bytes, write(records, language, &demo.concepts).expect("written"), "the same bytes");
            let reading = reading(&bytes, &demo.concepts);
            assert_eq!(reading.problems, Vec::new());
            assert_eq!(reading.found.len(), records.len());
            for (found, record) in reading.found.iter().zip(records) {
                assert_eq!(found.unfit, Vec::new(), "{}", record.dataset.slug);
                assert_eq!(found.draft, as_draft(record.dataset));
                assert_eq!(found.origin.identifier.as_deref(), Some(record.dataset.slug.as_str()));
            }
        }
    });
}

#[test]
fn the_sheets_as_plain_text_come_back_whole() {
    let demo = demo();
    with_outgoing(&demo, "https://data.example.ma", |records, _| {
        let lists = SHEETS.iter().map(|sheet| if sheet.list.is_empty() { DATASET } else { sheet.list });
        let files: Vec<Vec<u8>> = lists.map(|list| write_csv(records, list, "fr", &demo.concepts).expect("written")).collect();
        let files: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
        let reading = read_files(&files, &Source { address: None, language: None, concepts: &demo.concepts });
        assert_eq!(reading.problems, Vec::new());
        for (found, record) in reading.found.iter().zip(records) {
            assert_eq!((&found.draft, found.unfit.len()), (&as_draft(record.dataset), 0));
        }
        assert!(write_csv(records, "nothing", "fr", &demo.concepts).is_err());
    });
}

/// What no table can say, or no list knows: an object with nothing in it, a code that does not exist.
fn sayable(mut dataset: Dataset, concepts: &Concepts) -> Dataset {
    let known = |scheme: ConceptScheme, codes: &mut Vec<String>| codes.retain(|code| concepts.get(scheme, code).is_some());
    known(ConceptScheme::Themes, &mut dataset.themes);
    known(ConceptScheme::Indicators, &mut dataset.indicators);
    let coverage = &mut dataset.coverage;
    for places in [&mut coverage.reporting_areas, &mut coverage.origins, &mut coverage.destinations] {
        known(ConceptScheme::Places, places);
    }
    known(ConceptScheme::Disaggregations, &mut coverage.released_disaggregations);
    known(ConceptScheme::Disaggregations, &mut coverage.collected_disaggregations);
    known(ConceptScheme::Populations, &mut coverage.populations);
    for period in [&mut coverage.period, &mut coverage.collection_period] {
        period.take_if(|period| *period == Period::default());
    }
    let nothing: CensusTopics = serde_json::from_str("{}").expect("topics");
    dataset.methodology.census_topics.take_if(|topics| *topics == nothing);
    dataset
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_record_comes_back_whole(dataset in generate::dataset(), language in proptest::sample::select(LANGUAGES.to_vec())) {
        let concepts = concepts();
        let dataset = sayable(dataset, &concepts);
        let demo = Demo { concepts, institutions: Default::default(), datasets: vec![dataset] };
        with_outgoing(&demo, "https://data.example.ma", |records, _| {
            let record = records.first().expect("a record");
            let bytes = write(records, language, &demo.concepts).expect("written");
            let reading = reading(&bytes, &demo.concepts);
            prop_assert_eq!(&reading.problems, &Vec::new());
            let found = reading.found.first().expect("a record");
            prop_assert_eq!(&found.draft, &as_draft(record.dataset), "{:?}", &found.unfit);
            let files: Vec<Vec<u8>> = SHEETS
                .iter()
                .map(|sheet| write_csv(records, if sheet.list.is_empty() { DATASET } else { sheet.list }, language, &demo.concepts).expect("written"))
                .collect();
            let files: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
            let reading = read_files(&files, &Source { address: None, language: None, concepts: &demo.concepts });
            prop_assert_eq!(&reading.problems, &Vec::new());
            prop_assert_eq!(&reading.found.first().expect("a record").draft, &as_draft(record.dataset));
            Ok(())
        })?;
    }

    #[test]
    fn any_bytes_are_read_or_refused_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), text in "(slug|titles.fr|dataset|holdings.role|[;,\t\n\"'=]|[a-z0-9é]{1,3}){0,40}") {
        let concepts = concepts();
        reading(&bytes, &concepts);
        reading(text.as_bytes(), &concepts);
        reading(&[b"PK\x03\x04", bytes.as_slice()].concat(), &concepts);
    }
}
