//! Tests of schema.org, in and out.

use serde_json::Value;

use super::{MAPPING, read, write};
use crate::domain::concept::Concepts;
use crate::domain::problem::Problem;
use crate::domain::text::MultilingualText;
use crate::interop::dcat::Source;
use crate::interop::dcat::tests::demo::{demo, with_outgoing, words};
use crate::interop::dcat::tests::samples::folder;
use crate::interop::exchange::Reading;
use crate::interop::repeated::TWICE;

fn reading(json: &[u8]) -> Reading {
    let concepts = Concepts::load(&[]).expect("lists");
    read(json, &Source { address: None, language: None, concepts: &concepts })
}

fn first(text: &MultilingualText) -> &str {
    text.words(None, None).unwrap_or_default()
}

#[test]
fn characters_that_nobody_sees_are_taken_out_of_every_member_and_told() {
    let page = "{\"@type\":\"Dataset\",\"name\":\"T\",\"distribution\":{\"contentUrl\":\"https://x.org/a\",\"encodingFormat\":\"te\u{7f}xt/csv\"}}";
    let reading = reading(page.as_bytes());
    let found = &reading.found[0];
    assert_eq!(found.draft.holdings[0].distributions[0].media_type.as_deref(), Some("text/csv"));
    assert!(found.unfit.iter().any(|line| line.field == "distribution/encodingFormat"), "{:?}", found.unfit);
}

#[test]
fn the_language_of_the_context_is_that_of_texts_without_one() {
    let page = |context: &str, own: &str| {
        format!(
            "{{\"@context\":{context},\"@graph\":[{{\"@type\":\"Dataset\",{own}\"name\":[\"Enquête\",{{\"@value\":\"مسح\",\"@language\":\"ar\"}}]}}]}}"
        )
    };
    for (context, own, wanted) in [
        (r#"{"@vocab":"https://schema.org/","@language":"fr"}"#, "", "fr"),
        (r#"["https://schema.org/",{"@language":"es"},{"@language":"fr"}]"#, "\"inLanguage\":[\"en\",\"ar\"],", "fr"),
        (r#"{"@vocab":"https://schema.org/","@language":"en"}"#, "\"@context\":{\"@language\":\"fr\"},", "fr"),
        (r#""https://schema.org/""#, "", "und"),
    ] {
        let reading = reading(page(context, own).as_bytes());
        let found = &reading.found[0];
        let titles: Vec<_> = found.draft.titles.iter().map(|(tag, wording)| (tag.as_str(), wording.text.as_str())).collect();
        assert_eq!(titles, [("ar", "مسح"), (wanted, "Enquête")], "{context}");
        assert_eq!(found.unfit.iter().any(|line| line.field == "language"), wanted == "und", "{:?}", found.unfit);
    }
}

#[test]
fn persons_are_not_named_where_no_field_takes_them() {
    let long = "x".repeat(200);
    let page = format!(
        r#"{{"@context":"https://schema.org","@type":"Dataset","name":"T","editor":{{"name":"Jane Roe","description":"{long}","@type":["schema:Person"]}},
        "hasPart":[{{"@type":"CreativeWork","editor":{{"@type":"Person","name":"Jane Roe"}}}}],"funder":{{"@type":"Organization","name":"Office"}}}}"#
    );
    let told = format!("{:?}", reading(page.as_bytes()).found[0].unfit);
    assert!(!told.contains("Jane") && told.contains("editor") && told.contains("hasPart") && told.contains("Office"), "{told}");
}

#[test]
fn a_file_without_an_address_is_told_with_its_name() {
    let page = r#"{"@context":"https://schema.org","@type":"Dataset","name":"T","distribution":[{"@type":"DataDownload","name":"Tableaux"},{"encodingFormat":"PDF"}]}"#;
    let found = reading(page.as_bytes()).found.remove(0);
    let told: Vec<_> = found.unfit.iter().filter(|line| line.remedy.contains("has no address")).map(|line| line.value.as_str()).collect();
    assert_eq!(told, ["Tableaux", "PDF"]);
}

#[test]
fn a_record_becomes_a_draft_and_the_rest_is_named() {
    let reading = reading(
        br#"{"@context":"https://schema.org","@graph":[{"@type":"WebSite"},{"@type":["schema:Dataset"],"@id":"https://example.org/d",
        "schema:name":[{"@value":"Recensement","@language":"fr"},{"@value":"Census","@language":"en"}],"description":"About \u202eit",
        "keywords":"a, b","inLanguage":"en","creator":[{"@type":"Person","name":"A. Person"},{"@type":"Organization","name":"Office","url":"x"}],
        "identifier":{"@type":"PropertyValue","propertyID":"md5","value":"00"},"temporalCoverage":"2018/..","spatialCoverage":["Maroc",{"@type":"Place","identifier":"TN"},"Atlantis"],
        "license":"https://creativecommons.org/licenses/by/4.0/","conditionsOfAccess":"Ask","variableMeasured":["age",{"name":"sex","description":"Sex"}],
        "distribution":{"@type":"DataDownload","contentUrl":"https://example.org/a.csv","encodingFormat":"text/csv","contentSize":"12 B","sha256":"00"},
        "contentUrl":["ftp://example.org/a"],"funder":{"name":"F"},"isAccessibleForFree":true}]}"#,
    );
    assert_eq!((reading.found.len(), reading.problems.len()), (1, 0));
    let found = &reading.found[0];
    let draft = &found.draft;
    let titles: Vec<_> = draft.titles.iter().map(|(tag, wording)| (tag.as_str(), wording.text.as_str())).collect();
    assert_eq!(titles, [("en", "Census"), ("fr", "Recensement")]);
    assert_eq!((first(&draft.abstract_text), draft.keywords.len(), draft.variables.len()), ("About it", 2, 2));
    assert_eq!(draft.coverage.reporting_areas, ["MA", "TN"]);
    assert_eq!(first(&draft.coverage.area_note), "Atlantis");
    assert_eq!(draft.coverage.period.as_ref().map(|p| p.edtf()).as_deref(), Some("2018/.."));
    assert_eq!(found.origin.producers.iter().map(first).collect::<Vec<_>>(), ["Office"]);
    assert_eq!(found.origin.identifier.as_deref(), Some("https://example.org/d"));
    let holding = &draft.holdings[0];
    let file = &holding.distributions[0];
    assert_eq!((file.byte_size, file.checksum.as_deref(), file.media_type.as_deref()), (Some(12), Some("sha256:00"), Some("text/csv")));
    assert_eq!(first(&holding.access_terms.conditions), "Ask");
    let told: Vec<_> = found.unfit.iter().map(|p| p.field.as_str()).collect();
    for wanted in ["description", "creator", "creator/url", "identifier", "spatialCoverage", "contentUrl", "funder", "isAccessibleForFree"]
    {
        assert!(told.contains(&wanted), "{wanted} in {told:?}");
    }
    assert!(!format!("{:?}", found.unfit).contains("A. Person"));
}

#[test]
fn of_what_a_file_has_once_a_second_is_named() {
    let reading = reading(
        br#"{"@context":"https://schema.org","@type":"Dataset","name":"T","inLanguage":"en","dateModified":"last spring","distribution":[
        {"@type":"DataDownload","contentUrl":"https://x.org/a","encodingFormat":["text/csv","CSV","application/json"],"fileFormat":"text/csv",
        "contentSize":[7,"7","8"],"md5":"11","sha256":["00",{"a":1}]},
        {"@type":"DataDownload","contentUrl":"https://x.org/b","encodingFormat":{"@id":"https://x.org/f"},"contentSize":"3 MB"}]}"#,
    );
    let found = &reading.found[0];
    let [first, second] = &found.draft.holdings[0].distributions[..] else { panic!("two files: {found:?}") };
    assert_eq!((first.media_type.as_deref(), first.format.as_deref(), first.byte_size), (Some("text/csv"), Some("CSV"), Some(7)));
    assert_eq!(first.checksum.as_deref(), Some("sha256:00"));
    assert_eq!((second.media_type.as_deref(), second.format.as_deref(), second.byte_size), (None, None, None));
    let told: Vec<_> = found.unfit.iter().map(|line| (line.field.as_str(), line.value.as_str())).collect();
    for wanted in [
        ("distribution/encodingFormat", "application/json"),
        ("distribution/contentSize", "8"),
        ("distribution/contentSize", "3 MB"),
        ("distribution/md5", "11"),
        ("dateModified", "last spring"),
    ] {
        assert!(told.contains(&wanted), "{wanted:?} in {told:?}");
    }
    assert_eq!(told.iter().filter(|(field, _)| field.starts_with("distribution/")).count(), 6, "{told:?}");
}

#[test]
fn parts_that_are_described_elsewhere_in_the_document_are_read_from_there() {
    let reading = reading(
        br##"{"@context":"https://schema.org","@graph":[{"@type":"DataCatalog","dataset":[{"@type":"Dataset","@id":"https://x.org/d"}]},
        {"@type":"Dataset","@id":"https://x.org/d","name":"T","creator":{"@id":"https://x.org/#org"},"publisher":{"@id":"https://x.org/#org"},
        "author":[{"@id":"#person"}],"distribution":[{"@id":"_:f1"},{"@id":"_:f2"}],"spatialCoverage":{"@id":"#place"}},
        {"@type":"Organization","@id":"https://x.org/#org","name":"Office"},{"@type":"Person","@id":"#person","name":"Nom, Anonyme"},
        {"@type":"DataDownload","@id":"_:f1","contentUrl":"https://x.org/a.csv","encodingFormat":"text/csv"},
        {"@type":"Place","@id":"#place","name":"Maroc"}]}"##,
    );
    assert_eq!((reading.found.len(), reading.problems.len()), (1, 0), "{reading:?}");
    let found = &reading.found[0];
    assert_eq!(found.origin.producers.iter().map(first).collect::<Vec<_>>(), ["Office"]);
    assert_eq!(found.origin.holders.iter().map(first).collect::<Vec<_>>(), ["Office"]);
    assert_eq!(found.draft.coverage.reporting_areas, ["MA"]);
    let files: Vec<_> = found.draft.holdings[0].distributions.iter().map(|file| file.url.as_str()).collect();
    assert_eq!(files, ["https://x.org/a.csv"]);
    let told: Vec<_> = found.unfit.iter().map(|line| line.field.as_str()).collect();
    assert!(told.contains(&"author") && told.contains(&"distribution"), "{:?}", found.unfit);
    assert!(!format!("{found:?}").contains("Anonyme"), "{found:?}");
}

#[test]
fn what_is_no_dataset_is_refused() {
    for (document, reason) in [
        (r#"{"@context":"https://schema.org","@type":"BlogPosting"}"#.to_owned(), "no Dataset"),
        ("[]".to_owned(), "no Dataset"),
        ("\"Dataset\"".to_owned(), "no Dataset"),
        ("{".repeat(3), "not JSON"),
        ("{\"a\":".repeat(100_000), "deeper"),
    ] {
        assert!(reading(document.as_bytes()).problems[0].remedy.contains(reason), "{reason}");
    }
}

#[test]
fn the_demonstration_catalogue_goes_out_and_comes_back_as_far_as_it_can() {
    let demo = demo();
    let name = words(&[("fr", "Registre"), ("en", "Register")]);
    with_outgoing(&demo, "http://127.0.0.1:8080", |records, _| {
        for record in records {
            let bytes = write(record, &name).expect("written");
            let document: Value = serde_json::from_slice(&bytes).expect("JSON");
            for description in document["description"].as_array().expect("descriptions") {
                let length = description["@value"].as_str().map_or(0, |text| text.chars().count());
                assert!((50..=5000).contains(&length), "{description}");
            }
            let back = reading(&bytes);
            let draft = &back.found[0].draft;
            assert_eq!(back.found[0].origin.identifier, record.dataset.identifier);
            let texts = |text: &MultilingualText| text.iter().map(|(tag, w)| (tag.clone(), w.text.clone())).collect::<Vec<_>>();
            assert_eq!(texts(&draft.titles), texts(&record.dataset.titles));
            assert_eq!(draft.coverage.reporting_areas, record.dataset.coverage.reporting_areas);
            if let Ok(folder) = std::env::var("RIHLA_EXPORT_DIR") {
                let file = std::path::Path::new(&folder).join(format!("{}.schema.jsonld", record.dataset.slug));
                std::fs::write(file, &bytes).expect("written");
            }
        }
    });
}

#[test]
fn a_text_cannot_leave_the_script_that_it_stands_in() {
    let mut demo = demo();
    demo.datasets.truncate(1);
    demo.datasets[0].titles = words(&[("en", "</script><script>alert(1)</script> & \u{2028}")]);
    with_outgoing(&demo, "http://127.0.0.1:8080", |records, _| {
        let text = String::from_utf8(write(&records[0], &words(&[("en", "R")])).expect("written")).expect("UTF-8");
        assert!(!text.contains('<') && !text.contains('>') && !text.contains('&') && !text.contains('\u{2028}'));
        let back = reading(text.as_bytes());
        assert_eq!(first(&back.found[0].draft.titles), "</script><script>alert(1)</script> &");
    });
}

#[test]
fn the_table_is_in_the_guide_and_names_every_field() {
    let guide = include_str!("../../../docs/interop/schema-org.md");
    for (field, property) in MAPPING {
        let row = format!("| `{field}` | {} |", if property.is_empty() { "–" } else { property });
        assert!(guide.contains(&row), "docs/interop/schema-org.md lacks the row\n{row}");
        assert!(crate::interop::dcat::MAPPING.iter().any(|(other, ..)| other == field), "{field}");
    }
    assert_eq!(MAPPING.len(), crate::interop::dcat::MAPPING.len());
}

#[test]
fn records_that_nobody_here_wrote() {
    let Some(folder) = folder() else { return };
    let sample = |name: &str| reading(&std::fs::read(folder.join(name)).expect("the file is there"));
    let max = &sample("schemaorg/dataverse-max.json").found[0];
    assert_eq!(first(&max.draft.titles), "Max Schema.org");
    assert_eq!(max.origin.identifier.as_deref(), Some("https://doi.org/10.5072/FK2/VQTYHD"));
    assert_eq!(max.draft.coverage.period.as_ref().map(|p| p.edtf()).as_deref(), Some("2023-01-01/2023-12-31"));
    assert_eq!(max.draft.holdings[0].distributions[0].byte_size, Some(27));
    assert_eq!((first(&max.draft.coverage.area_note), max.draft.keywords.len()), ("Cambridge, MA, United States, Harvard Square", 4));
    assert_eq!(max.origin.producers.iter().map(first).collect::<Vec<_>>(), ["Root"]);
    let minimal = &sample("schemaorg/dataverse-minimal.json").found[0];
    assert_eq!((first(&minimal.draft.titles), minimal.draft.holdings[0].distributions.len()), ("Minimal", 0));
    let gtex = &sample("schemaorg/schema_org_gtex.json").found[0];
    assert_eq!(gtex.origin.identifier.as_deref(), Some("https://doi.org/10.25491/d50j-3083"));
    assert_eq!(gtex.draft.keywords.len(), 5);
    assert_eq!(gtex.draft.holdings[0].distributions.len(), 1);
    assert_eq!(gtex.unfit.iter().filter(|p| p.field == "funder").count(), 1);
    let post = sample("schemaorg/schema_org_type_as_array.json");
    assert!(post.found.is_empty() && post.problems[0].value == "BlogPosting");
    let croissant = sample("croissant/max-croissant.json");
    assert_eq!(croissant.found.len(), 1);
    assert!(!croissant.found[0].draft.titles.is_empty() && !croissant.found[0].draft.holdings[0].distributions.is_empty());
}

#[test]
fn what_stands_around_a_keyword_and_an_identifier_is_told_and_affiliations_of_persons_are_taken() {
    let reading = reading(
        br#"{"@type":"Dataset","name":"T","keywords":{"@type":"DefinedTerm","name":"Asylum","termCode":"A-1","inDefinedTermSet":"https://x.org/terms"},
        "identifier":{"@type":"PropertyValue","propertyID":"registry-1","value":"N-1","sameAs":"https://x.org/n1"},
        "creator":{"@list":[{"@type":"Person","name":"Anne Nom","affiliation":{"@type":"Organization","name":"Maison Rouille","url":"https://m.org/"}},
        {"@type":"Person","name":"Jean Autre"}]},"publisher":{"@type":"GovernmentOrganization","name":"Barid Bleu"}}"#,
    );
    let found = &reading.found[0];
    let told: Vec<_> = found.unfit.iter().map(|line| (line.field.as_str(), line.value.as_str())).collect();
    for line in [
        ("keywords/termCode", "A-1"),
        ("keywords/inDefinedTermSet", "https://x.org/terms"),
        ("identifier/propertyID", "registry-1"),
        ("identifier/sameAs", "https://x.org/n1"),
        ("creator/affiliation/url", "https://m.org/"),
    ] {
        assert!(told.contains(&line), "{line:?} is not in {told:?}");
    }
    let persons: Vec<_> = found.unfit.iter().filter(|line| line.field == "creator").map(|line| line.remedy.as_str()).collect();
    assert!(persons.len() == 2 && persons.iter().all(|remedy| remedy.starts_with("is a person")), "{persons:?}");
    assert_eq!((found.draft.keywords.len(), found.origin.identifier.as_deref()), (1, Some("N-1")));
    assert_eq!(found.origin.producers.iter().map(first).collect::<Vec<_>>(), ["Maison Rouille", "Barid Bleu"]);
    assert_eq!(found.origin.organisations, found.origin.producers);
    assert!(!format!("{:?}", found.unfit).contains("Nom"), "{:?}", found.unfit);
}

#[test]
fn a_place_is_what_its_code_and_its_name_say_together() {
    for (given, code, note) in [
        (r#"{"name":"Casablanca","identifier":"MA"}"#, "MA-CAS", ""),
        (r#"{"name":"Maroc","identifier":"urn:x-rihla:concept:places:MA-09"}"#, "MA-09", ""),
        (r#"{"name":"Maroc","identifier":"MA"}"#, "MA", ""),
        (r#"{"name":"Tunisie","identifier":"MA"}"#, "MA", "Tunisie"),
        (r#"{"name":"Quartier des Roses","identifier":"MA"}"#, "MA", "Quartier des Roses"),
    ] {
        let page = format!(r#"{{"@type":"Dataset","name":"T","spatialCoverage":{given}}}"#);
        let found = reading(page.as_bytes()).found.remove(0);
        assert_eq!(
            (found.draft.coverage.reporting_areas.as_slice(), first(&found.draft.coverage.area_note)),
            ([code.to_owned()].as_slice(), note),
            "{given}"
        );
        assert_eq!(found.unfit.iter().any(|line| line.field == "spatialCoverage" && line.value == note), !note.is_empty(), "{given}");
    }
    let page =
        r#"{"@type":"Dataset","name":"T","spatialCoverage":{"name":"Maroc","geo":{"@type":"GeoShape","box":"1 2 3 4"},"address":"x"}}"#;
    let found = reading(page.as_bytes()).found.remove(0);
    for field in ["spatialCoverage/geo", "spatialCoverage/address"] {
        assert!(found.unfit.iter().any(|line| line.field == field), "{field}: {:?}", found.unfit);
    }
}

#[test]
fn a_member_that_stands_twice_is_told() {
    let page = r#"{"@type":"Dataset","name":"Premier","name":"Second"}"#;
    let told = |lines: &[Problem]| lines.iter().filter(|line| line.remedy == TWICE).map(|line| line.field.clone()).collect::<Vec<_>>();
    let alone = reading(page.as_bytes());
    assert_eq!((first(&alone.found[0].draft.titles), told(&alone.found[0].unfit)), ("Second", vec!["name".to_owned()]));
    let several = reading(format!("[{page},{page}]").as_bytes());
    assert_eq!(told(&several.problems), ["[0].name", "[1].name"]);
}
