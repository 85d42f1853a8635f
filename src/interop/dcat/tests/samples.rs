//! Records that nobody here wrote: read where RIHLA_SHARED_INPUTS names the folder that holds them.

use std::path::PathBuf;

use crate::domain::concept::Concepts;
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::{AccessLevel, Frequency};
use crate::interop::dcat::{Page, Source, read_page};
use crate::interop::exchange::Found;

pub fn folder() -> Option<PathBuf> {
    std::env::var("RIHLA_SHARED_INPUTS").ok().map(PathBuf::from)
}

/// Reads one file; all of it is printed where a test fails.
fn sample(name: &str) -> Option<Page> {
    let bytes = std::fs::read(folder()?.join(name)).expect("the file is there");
    let concepts = Concepts::load(&[]).expect("shipped lists");
    let page = read_page(&bytes, &Source { address: None, language: None, concepts: &concepts });
    println!("== {name}: {} records, next {:?}", page.reading.found.len(), page.onward.next);
    for problem in &page.reading.problems {
        println!("  ! {problem}");
    }
    for found in &page.reading.found {
        println!("  {:?}\n  {:?}", found.origin, found.draft);
        found.unfit.iter().for_each(|problem| println!("    - {problem}"));
    }
    Some(page)
}

fn text(text: &MultilingualText, tag: &str) -> String {
    text.0.iter().find(|(there, _)| there.as_str() == tag).map(|(_, wording)| wording.text.clone()).unwrap_or_default()
}

fn unfit(found: &Found, field: &str) -> Vec<String> {
    found.unfit.iter().filter(|problem| problem.field == field).map(|problem| problem.value.clone()).collect()
}

fn edtf(found: &Found) -> Option<String> {
    found.draft.coverage.period.as_ref().map(crate::domain::time::Period::edtf)
}

fn urls(found: &Found) -> Vec<&str> {
    found.draft.holdings.iter().flat_map(|holding| &holding.distributions).map(|file| file.url.as_str()).collect()
}

#[test]
fn catalogue_of_some_org_in_rdf_xml() {
    let Some(page) = sample("dcat/catalog.rdf") else { return };
    let [one, two] = page.reading.found.as_slice() else { panic!("two records") };
    assert_eq!(text(&one.draft.titles, "en"), "Example dataset 1");
    assert!(text(&one.draft.abstract_text, "en").ends_with("Θεσσαλονίκη."));
    assert_eq!(one.origin.identifier.as_deref(), Some("https://data.some.org/catalog/datasets/1"));
    assert_eq!(text(&one.origin.producers[0], "en"), "Publishing Organization for dataset 1");
    assert_eq!(urls(one)[2], "https://data.some.org/the/actual/catalog/link/to/an/api");
    let holding = &one.draft.holdings[0];
    assert_eq!(holding.access_terms.licence.as_deref(), Some("https://data.some.org/link/to/license"));
    assert_eq!(holding.access_terms.aggregates, AccessLevel::Unknown);
    assert_eq!(holding.distributions[1].media_type.as_deref(), Some("application/pdf"));
    assert_eq!(two.draft.keywords.iter().map(|k| text(k, "en")).collect::<Vec<_>>(), ["stats", "education", "sloths"]);
    assert_eq!(unfit(two, "dct:issued"), ["2012-06-21"]);
}

#[test]
fn every_language_of_a_multilingual_record() {
    let Some(page) = sample("dcat/dataset_multilingual.ttl") else { return };
    let found = &page.reading.found[0];
    for (tag, title, keyword) in [
        ("ca", "Conjunt de dades de prova DCAT", "Pins"),
        ("en", "Test DCAT dataset", "Oaks"),
        ("es", "Conjunto de datos de prueba DCAT", "Pinos"),
    ] {
        assert_eq!(text(&found.draft.titles, tag), title);
        assert!(found.draft.keywords.iter().any(|k| text(k, tag) == keyword), "{keyword}");
    }
    assert_eq!(found.draft.main_language, None);
    assert_eq!(text(&found.draft.holdings[0].access_terms.conditions, "en"), "Some stament about rights");
    assert_eq!(unfit(found, "dcat:contactPoint").len(), 2);
    assert_eq!(urls(found), ["https://example.com/data.csv"]);
}

#[test]
fn a_data_json_dressed_as_json_ld() {
    let Some(page) = sample("dcat/catalog_pod.jsonld") else { return };
    let found = &page.reading.found[0];
    assert_eq!(text(&found.draft.titles, "en-US"), "U.S. Widget Manufacturing Statistics");
    assert_eq!(edtf(found).as_deref(), Some("2009-09-01/2010-05-31"));
    assert_eq!(found.draft.coverage.frequency, Some(Frequency::Annual));
    assert_eq!(found.draft.coverage.reporting_areas, ["US"]);
    assert_eq!((urls(found).len(), unfit(found, "dcat:theme")), (4, vec!["manufacturing".to_owned()]));
}

#[test]
fn a_record_of_the_spanish_portal() {
    let Some(page) = sample("dcat/dataset_gob_es.ttl") else { return };
    let found = &page.reading.found[0];
    assert!(text(&found.draft.titles, "es").starts_with("Estudio de Satisfacción"));
    assert_eq!(text(&found.origin.producers[0], "es"), "Ayuntamiento de Madrid");
    assert_eq!(found.draft.coverage.frequency, Some(Frequency::Annual));
    let file = &found.draft.holdings[0].distributions[0];
    assert_eq!((file.byte_size, file.format.as_deref()), (Some(43008), Some("XLS")));
    let Some(page) = sample("dcat/E_DCAT-AP-ES_minimal.ttl") else { return };
    let found = &page.reading.found[0];
    assert_eq!(text(&found.draft.titles, "es"), "Dataset de ejemplo");
    assert_eq!(unfit(found, "dct:publisher"), ["http://datos.gob.es/recurso/sector-publico/org/Organismo/E0DAT0001"]);
}

#[test]
fn french_catalogues() {
    let Some(page) = sample("dcat/catalog.xml") else { return };
    assert_eq!((page.reading.found.len(), page.reading.problems.len()), (4, 1));
    let one = page.reading.found.iter().find(|found| text(&found.draft.titles, "en") == "Dataset 1").expect("dataset 1");
    assert!(text(&one.draft.abstract_text, "en").starts_with("<h1>h1 title</h1>"));
    assert_eq!(edtf(one).as_deref(), Some("2016-01-01/2016-12-05"));
    assert_eq!(unfit(one, "dct:accrualPeriodicity"), ["http://purl.org/cld/freq/ThisTermDoesNotExist"]);
    let three = page.reading.found.iter().find(|found| text(&found.draft.titles, "en") == "Dataset 3").expect("dataset 3");
    assert_eq!(three.draft.coverage.frequency, Some(Frequency::Daily));
    assert_eq!(text(&three.draft.holdings[0].access_terms.conditions, "en"), "Licence Ouverte Version 2.0");
    assert_eq!(unfit(three, "dct:accessRights").len(), 1);
    let Some(page) = sample("dcat/udata.xml") else { return };
    assert_eq!(text(&page.reading.found[0].draft.titles, "und"), "Bureaux de vote - Vanves");
    let Some(page) = sample("dcat/datara--f40c3860-7236-4b30-a141-23b8ae33f7b2.rdf.xml") else { return };
    let found = &page.reading.found[0];
    assert_eq!(text(&found.draft.titles, "fr"), "Couche relevés de végétations patrimoniales. PRFB. 2020");
    assert_eq!(found.origin.modified.as_deref(), Some("2021-01-27"));
    assert_eq!(found.draft.languages.iter().map(|tag| tag.as_str()).collect::<Vec<_>>(), ["fr"]);
    assert_eq!(text(&found.origin.producers[0], "fr"), "Conservatoire Botanique National Massif Central");
    assert!(unfit(found, "dct:provenance")[0].starts_with("agrégation des 3 couches"));
}

#[test]
fn flat_and_nested_json_ld() {
    let Some(page) = sample("dcat/flat.jsonld") else { return };
    assert_eq!(page.reading.found.iter().map(|f| text(&f.draft.titles, "en")).collect::<Vec<_>>(), ["Dataset 1", "Dataset 2", "Dataset 3"]);
    let Some(page) = sample("dcat/nested.jsonld") else { return };
    let found = &page.reading.found[0];
    assert_eq!(text(&found.origin.producers[0], "en"), "An Organization");
    let sum = found.draft.holdings[0].distributions[0].checksum.as_deref();
    assert_eq!(sum, Some("sha1:fb4106aa286a53be44ec99515f0f0421d4d7ad7d"));
    assert_eq!(edtf(found).as_deref(), Some("2016-01-01/2016-12-05"));
}

#[test]
fn the_examples_of_the_standards() {
    let Some(page) = sample("dcat/example-ms_catalogue_hvd.ttl") else { return };
    let found = &page.reading.found[0];
    assert_eq!(found.draft.coverage.frequency, Some(Frequency::Biennial));
    assert!(text(&found.draft.legal_mandate, "und").contains("http://data.europa.eu/eli/reg_impl/2023/138/oj"));
    assert_eq!(found.draft.holdings[0].distributions[0].format.as_deref(), Some("SHP"));
    let Some(page) = sample("dcat/basic-example.ttl") else { return };
    let found = &page.reading.found[0];
    assert_eq!((edtf(found).as_deref(), found.draft.coverage.frequency), (Some("2011-07-01/2011-09-30"), Some(Frequency::Weekly)));
    assert_eq!(found.draft.holdings[0].distributions[0].byte_size, Some(5120));
    let Some(page) = sample("dcat/csiro-dap-examples.rdf") else { return };
    assert_eq!(page.reading.found.len(), 9);
    let first = &page.reading.found[0];
    assert_eq!(first.origin.identifier.as_deref(), Some("https://doi.org/10.25919/5b42a082052fa"));
    assert!(["en", "fi", "cs", "nl", "pl"].iter().all(|tag| first.draft.languages.iter().any(|there| there.as_str() == *tag)));
    assert_eq!(first.draft.holdings[0].distributions[0].media_type.as_deref(), Some("application/rdf+xml"));
}

#[test]
fn periods_in_all_their_forms() {
    let Some(page) = sample("dcat/temporal-properties.ttl") else { return };
    let of = |name: &str| {
        let iri = format!("https://dcat.example.org/{name}");
        page.reading.found.iter().find(|found| found.origin.identifier.as_ref() == Some(&iri)).expect("the record")
    };
    for (name, wanted) in [
        ("ds127", Some("2016-03-04/")),
        ("ds257", Some("2016-03-04/2018-08-05")),
        ("ds348", Some("2016-03-04/2018-08-05")),
        ("ds429", Some("1914/1939")),
        ("ds586", Some("/2018-08-05")),
        ("ds782", None),
        ("ds850", None),
    ] {
        assert_eq!(edtf(of(name)).as_deref(), wanted, "{name}");
    }
    assert_eq!(of("ds782").draft.coverage.frequency, Some(Frequency::Continuous));
    assert_eq!(of("ds913").draft.coverage.frequency, Some(Frequency::Daily));
    assert_eq!(unfit(of("ds850"), "dct:temporal").len(), 1);
}

#[test]
fn the_swiss_catalogue_in_its_languages() {
    let Some(page) = sample("dcat/swiss-catalog.xml") else { return };
    let found = &page.reading.found[0];
    assert_eq!(text(&found.draft.titles, "de"), "Statistisches Jahrbuch der Schweiz 1894");
    assert_eq!(text(&found.draft.titles, "fr"), "Annuaire statistique de la Suisse 1894");
    assert!(found.draft.keywords.iter().any(|k| text(k, "rm") == "Basas statisticas e survistas"));
    assert_eq!(edtf(found).as_deref(), Some("1894-01-01/1894-12-31"));
    assert_eq!(text(&found.draft.coverage.area_note, "und"), "Schweiz");
    let licence = found.draft.holdings[0].access_terms.licence.as_deref();
    assert_eq!(licence, Some("https://creativecommons.org/publicdomain/zero/1.0/"));
}

#[test]
fn hostile_files_are_refused_with_the_reason() {
    for (name, reason) in [
        ("hostile/billion-laughs.xml", "document type"),
        ("hostile/xxe.xml", "document type"),
        ("hostile/deep.jsonld", "nested deeper"),
        ("nada-json/WLD_2023_SYNTH-SVY-EN_v01_M.rdf", "no dcat:Dataset"),
    ] {
        let Some(page) = sample(name) else { return };
        assert!(page.reading.found.is_empty());
        assert!(page.reading.problems[0].remedy.contains(reason), "{name}");
    }
}
