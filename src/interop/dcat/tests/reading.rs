//! Small records, written for these tests.

use crate::domain::concept::Concepts;
use crate::domain::text::{LanguageTag, MultilingualText};
use crate::domain::vocabulary::{AccessLevel, Frequency, HoldingRole, StatementBasis};
use crate::interop::dcat::{Page, Source, read_page};
use crate::interop::exchange::Found;
use crate::interop::holder::NOT_YET_KNOWN;

const PREFIXES: &str = "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> . @prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix language: <http://publications.europa.eu/resource/authority/language/> .
@prefix frequency: <http://publications.europa.eu/resource/authority/frequency/> .
@prefix country: <http://publications.europa.eu/resource/authority/country/> .
@prefix data-theme: <http://publications.europa.eu/resource/authority/data-theme/> .
@prefix access-right: <http://publications.europa.eu/resource/authority/access-right/> .
@prefix file-type: <http://publications.europa.eu/resource/authority/file-type/> .
@prefix e: <https://example.org/> . ";

fn page(turtle: &str) -> Page {
    let concepts = Concepts::load(&[]).expect("lists");
    read_page(format!("{PREFIXES}{turtle}").as_bytes(), &Source { address: None, language: None, concepts: &concepts })
}

fn one(turtle: &str) -> Found {
    let mut page = page(turtle);
    assert_eq!((page.reading.found.len(), page.reading.problems), (1, Vec::new()));
    page.reading.found.remove(0)
}

fn said(text: &MultilingualText) -> Vec<(&str, &str)> {
    text.iter().map(|(tag, wording)| (tag.as_str(), wording.text.as_str())).collect()
}

fn unfit(found: &Found) -> Vec<(&str, &str)> {
    found.unfit.iter().map(|problem| (problem.field.as_str(), problem.value.as_str())).collect()
}

#[test]
fn texts_keep_their_languages_and_get_none_that_nobody_stated() {
    let found = one("e:d a dcat:Dataset ; dct:title \"Recensement\"@fr, \"الإحصاء\"@ar, \"ⵙ\"@zgh-tfng, \"Autre\"@fr, \"Census\" .");
    assert_eq!(said(&found.draft.titles), [("ar", "الإحصاء"), ("fr", "Recensement"), ("und", "Census"), ("zgh-Tfng", "ⵙ")]);
    assert_eq!(unfit(&found), [("dct:title@fr", "Autre"), ("dct:language", "")]);
    assert_eq!(found.draft.main_language, None);
    let found = one("e:c a dcat:Catalog ; dct:language language:FRA ; dcat:dataset e:d . e:d a dcat:Dataset ; dct:title \"Titre\" .");
    assert_eq!((said(&found.draft.titles), found.draft.languages.len()), (vec![("fr", "Titre")], 0));
    assert_eq!(found.draft.main_language.as_ref().map(LanguageTag::as_str), Some("fr"));
    // A language that is stated comes before one that is assumed, whichever stands first.
    for titles in ["\"Flows\", \"Flux\"@fr", "\"Flux\"@fr, \"Flows\""] {
        let found =
            one(&format!("e:c a dcat:Catalog ; dct:language language:FRA ; dcat:dataset e:d . e:d a dcat:Dataset ; dct:title {titles} ."));
        assert_eq!(said(&found.draft.titles), [("fr", "Flux")], "{titles}");
        assert!(unfit(&found).contains(&("dct:title", "Flows")), "no tag that the document never had: {:?}", unfit(&found));
    }
    let found = one("e:d a dcat:Dataset ; dct:language language:FRA, language:ARA ; dct:title \"Titre\" .");
    assert_eq!(said(&found.draft.titles), [("und", "Titre")]);
    assert_eq!(found.draft.languages.len(), 2);
}

#[test]
fn codes_of_the_eu_tables_become_codes_of_the_registry() {
    let found = one("e:d a dcat:Dataset ; dct:title \"T\"@fr ; dct:accrualPeriodicity frequency:ANNUAL_2 ;
        dct:spatial country:MAR, \"DZA\"@en, [ skos:prefLabel \"Tunisie\"@fr ], [ skos:prefLabel \"Atlantide\"@fr ] ;
        dcat:theme <urn:x-rihla:concept:themes:MT-0101>, data-theme:SOCI, \"Diaspora\"@fr ; dct:accessRights access-right:RESTRICTED .");
    assert_eq!(found.draft.coverage.frequency, Some(Frequency::Semiannual));
    assert_eq!(found.draft.coverage.reporting_areas, ["MA", "DZ", "TN"]);
    assert_eq!(said(&found.draft.coverage.area_note), [("fr", "Atlantide")]);
    assert_eq!(found.draft.themes, ["MT-0101", "MT-03"]);
    let terms = &found.draft.holdings[0].access_terms;
    assert_eq!((terms.aggregates, terms.aggregates_basis), (AccessLevel::Licensed, StatementBasis::Assumed));
    assert_eq!(terms.microdata, AccessLevel::Unknown);
    let places: Vec<_> = unfit(&found).into_iter().map(|(place, _)| place).collect();
    assert_eq!(places, ["dcat:theme", "dct:spatial", "dct:accessRights"]);
}

#[test]
fn a_language_that_no_list_knows_is_named_and_left_out() {
    let table = "http://publications.europa.eu/resource/authority/language/";
    let found = one(&format!("e:d a dcat:Dataset ; dct:title \"T\"@fr ; dct:language <{table}FRA>, <{table}XXX> ."));
    assert_eq!(found.draft.languages.iter().map(|tag| tag.as_str()).collect::<Vec<_>>(), ["fr"]);
    assert_eq!(unfit(&found), [("dct:language", format!("{table}XXX").as_str())]);
}

#[test]
fn nobody_is_invented_and_no_private_person_is_named() {
    let found = one("e:d a dcat:Dataset ; dct:title \"T\"@fr ; dct:creator [ a foaf:Person ; foaf:name \"A. Person\" ], [ a foaf:Organization ;
        foaf:name \"Institut\"@fr, \"Institute\"@en ] ; dct:publisher e:unnamed, \"Portail\"@fr ; dcat:contactPoint [ a vcard:Individual ; vcard:fn \"B. Person\" ] ,
        [ a vcard:Kind ; vcard:fn \"C. Person\" ; vcard:given-name \"C. Person\" ; vcard:hasTelephone <tel:+0> ] .");
    let producers: Vec<_> = found.origin.producers.iter().map(said).collect();
    assert_eq!(producers, [vec![("en", "Institute"), ("fr", "Institut")], vec![("fr", "Portail")]]);
    assert_eq!(found.draft.producer, None);
    let told = format!("{:?}", found.unfit);
    assert!(!told.contains("Person\"") && !told.contains("tel:"), "{told}");
    assert!(unfit(&found).contains(&("dct:publisher", "https://example.org/unnamed")));
}

#[test]
fn files_and_terms_become_a_holding_of_whoever_will_be_matched() {
    let found = one("e:d a dcat:Dataset ; dct:title \"T\"@fr ; dct:rights [ dct:title \"Citer la source\"@fr ] ; dcat:distribution e:f, e:g, e:h .
        e:f a dcat:Distribution ; dct:title \"Tableaux\"@fr ; dcat:accessURL <https://example.org/page> ; dcat:downloadURL <https://example.org/a.csv> ;
        dct:format file-type:CSV ; dcat:mediaType <http://www.iana.org/assignments/media-types/text/csv> ; dcat:byteSize 12.0 ;
        dct:license <https://creativecommons.org/licenses/by/4.0/> .
        e:g dcat:downloadURL \"javascript:alert(1)\" . e:h dcat:accessURL <https://example.org/h> ; dct:license <https://example.org/other> .");
    let [holding] = found.draft.holdings.as_slice() else { panic!("one holding") };
    assert_eq!((holding.institution.as_str(), holding.role), (NOT_YET_KNOWN, HoldingRole::Disseminator));
    assert_eq!(holding.access_terms.licence, None, "one file has this licence, another that");
    assert_eq!(said(&holding.access_terms.conditions), [("fr", "Citer la source")]);
    let file = &holding.distributions[0];
    assert_eq!((file.url.as_str(), file.byte_size), ("https://example.org/a.csv", Some(12)));
    assert_eq!((file.format.as_deref(), file.media_type.as_deref()), (Some("CSV"), Some("text/csv")));
    assert_eq!(holding.distributions.len(), 2);
    let told = unfit(&found);
    for wanted in [
        ("dcat:distribution", "https://example.org/page"),
        ("dcat:distribution", "javascript:alert(1)"),
        ("dcat:distribution/dct:license", "https://creativecommons.org/licenses/by/4.0/"),
        ("dcat:distribution/dct:license", "https://example.org/other"),
    ] {
        assert!(told.contains(&wanted), "{wanted:?} in {told:?}");
    }
}

#[test]
fn the_licence_and_the_rights_of_one_file_are_not_those_of_all() {
    let files = |micro: &str, tab: &str| {
        one(&format!("e:d a dcat:Dataset ; dct:title \"T\"@fr ; dcat:distribution e:f, e:g, e:h . e:f dcat:accessURL <https://example.org/micro.sav> {micro} .
            e:g dct:title \"Tableaux\"@fr ; dcat:accessURL <https://example.org/tab.csv> {tab} . e:h dcat:accessURL <ftp://example.org/x> {tab} ."))
    };
    let found = files("; dct:rights \"Tous droits réservés\"@fr", "; dct:license <https://creativecommons.org/publicdomain/zero/1.0/>");
    let terms = &found.draft.holdings[0].access_terms;
    assert_eq!((&terms.licence, said(&terms.conditions)), (&None, Vec::new()));
    let told: Vec<_> = found.unfit.iter().map(|line| (line.field.as_str(), line.value.as_str(), line.remedy.as_str())).collect();
    for (field, value, file) in [
        ("dcat:distribution/dct:license", "https://creativecommons.org/publicdomain/zero/1.0/", "`Tableaux` and another file"),
        ("dcat:distribution/dct:rights@fr", "Tous droits réservés", "`https://example.org/micro.sav`"),
    ] {
        assert!(
            told.iter().any(|(place, shown, remedy)| *place == field && *shown == value && remedy.contains(file)),
            "{file} in {told:?}"
        );
    }
    let found = one("e:d a dcat:Dataset ; dct:title \"T\"@fr ; dcat:distribution e:nowhere .");
    assert_eq!(unfit(&found), [("dcat:distribution", "https://example.org/nowhere")]);
    let same = "; dct:license <https://example.org/l> ; dct:rights \"Citer\"@fr";
    let terms = files(same, same).draft.holdings[0].access_terms.clone();
    assert_eq!((terms.licence.as_deref(), said(&terms.conditions)), (Some("https://example.org/l"), vec![("fr", "Citer")]));
}

#[test]
fn a_relative_address_of_a_document_without_one_leads_nowhere_and_is_told() {
    let turtle = "<#enmi> a dcat:Dataset ; dct:title \"T\"@fr ; dct:license <licence.html> ; foaf:page <doc.pdf> ; dcat:landingPage <page.html> ;
        <http://data.europa.eu/r5r/applicableLegislation> <loi.pdf> ; dcat:distribution <#d1> , <#d2> . <#d1> dcat:downloadURL <fichiers/enmi.csv> .
        <#d2> dcat:accessURL <https://example.org/a.csv> ; dct:license <autre.html> .";
    let found = one(turtle);
    let [holding] = found.draft.holdings.as_slice() else { panic!("one holding") };
    let urls: Vec<_> = holding.distributions.iter().map(|file| file.url.as_str()).collect();
    assert_eq!((urls, &holding.access_terms.licence, &found.origin.address), (vec!["https://example.org/a.csv"], &None, &None));
    assert!(found.draft.links.is_empty() && found.draft.legal_mandate.is_empty(), "{:?}", found.draft);
    let told = unfit(&found);
    for wanted in [
        ("dct:license", "licence.html"),
        ("foaf:page", "doc.pdf"),
        ("dcat:landingPage", "page.html"),
        ("dcatap:applicableLegislation", "loi.pdf"),
        ("dcat:distribution", "fichiers/enmi.csv"),
        ("dcat:distribution/dct:license", "autre.html"),
    ] {
        assert!(told.contains(&wanted), "{wanted:?} in {told:?}");
    }
    let concepts = Concepts::load(&[]).expect("lists");
    let xml = r##"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#" xmlns:dct="http://purl.org/dc/terms/">
        <dcat:Dataset rdf:about="#d"><dct:title xml:lang="fr">T</dct:title><dct:license rdf:resource="www.x.ma"/>
        <dcat:distribution><dcat:Distribution><dcat:accessURL rdf:resource="www.x.ma/a"/></dcat:Distribution></dcat:distribution>
        <dcat:distribution><dcat:Distribution><dcat:accessURL rdf:resource=""/></dcat:Distribution></dcat:distribution></dcat:Dataset></rdf:RDF>"##;
    let json = r##"{"@context":{"dcat":"http://www.w3.org/ns/dcat#","dct":"http://purl.org/dc/terms/"},"@id":"#d","@type":"dcat:Dataset",
        "dct:title":{"@value":"T","@language":"fr"},"dct:license":{"@id":"www.x.ma"},
        "dcat:distribution":[{"dcat:accessURL":{"@id":"www.x.ma/a"}},{"dcat:accessURL":{"@id":""}}]}"##;
    for text in [xml, json] {
        let found = read_page(text.as_bytes(), &Source { address: None, language: None, concepts: &concepts }).reading.found.remove(0);
        assert!(found.draft.holdings.is_empty() || found.draft.holdings[0].distributions.is_empty(), "{:?}", found.draft.holdings);
        let told = unfit(&found);
        assert!(told.contains(&("dct:license", "www.x.ma")) && told.contains(&("dcat:distribution", "www.x.ma/a")), "{told:?}");
    }
    // Where the document was found, they are full addresses.
    let source = Source { address: Some("https://example.org/cat/c.ttl"), language: None, concepts: &concepts };
    let found = read_page(format!("{PREFIXES}{turtle}").as_bytes(), &source).reading.found.remove(0);
    assert_eq!(found.draft.holdings[0].distributions[0].url, "https://example.org/cat/fichiers/enmi.csv");
}

#[test]
fn every_statement_that_no_field_takes_is_named() {
    let found = one(
        "e:d a dcat:Dataset ; dct:title \"T\"@fr ; dct:issued \"2020\" ; e:own [ dct:title \"inside\"@fr ] ; dct:modified \"2021\", \"2022\" .",
    );
    assert_eq!(unfit(&found), [("dct:issued", "2020"), ("https://example.org/own", "inside")]);
    assert_eq!(found.origin.modified.as_deref(), Some("2022"));
    let many: String = (0..500).map(|n| format!("e:d e:p{n} {n} . ")).collect();
    let found = one(&format!("e:d a dcat:Dataset ; dct:title \"T\"@fr . {many}"));
    assert_eq!((found.unfit.len(), found.unfit[200].value.as_str()), (201, "300"));
}

#[test]
fn a_thing_without_an_address_is_told_with_what_is_said_of_it() {
    let found = one("@prefix odrl: <http://www.w3.org/ns/odrl/2/> . @prefix dqv: <http://www.w3.org/ns/dqv#> .
        e:d a dcat:Dataset ; dct:title \"T\"@fr ; dcat:qualifiedRelation [ dct:relation e:d8 ; dcat:hadRole e:role ] ;
        odrl:hasPolicy [ odrl:permission [ odrl:action odrl:use ] ] ; dqv:hasQualityAnnotation [ dqv:inDimension e:dim ; skos:note \"ok\" ] ;
        e:person [ a foaf:Person ; foaf:name \"Ann\" ] ; e:desk [ foaf:mbox <mailto:ann@x.ma> ; e:room \"7\" ] ;
        dct:spatial [ dcat:bbox \"POLYGON\" ] ; dcat:distribution [ dcat:accessURL e:f ; dct:temporal [ dcat:startDate \"2018\" ] ] ;
        e:long [ e:a \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\" ; e:b \"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\" ] .");
    let told = unfit(&found);
    for wanted in [
        ("dcat:qualifiedRelation", "dct:relation https://example.org/d8; dcat:hadRole https://example.org/role"),
        (
            "http://www.w3.org/ns/odrl/2/hasPolicy/http://www.w3.org/ns/odrl/2/permission",
            "http://www.w3.org/ns/odrl/2/action http://www.w3.org/ns/odrl/2/use",
        ),
        ("http://www.w3.org/ns/dqv#hasQualityAnnotation", "http://www.w3.org/ns/dqv#inDimension https://example.org/dim; skos:note ok"),
        ("https://example.org/person", ""),
        ("https://example.org/desk", "https://example.org/room 7"),
        ("dct:spatial", "dcat:bbox POLYGON"),
        ("dcat:distribution/dct:temporal", "dcat:startDate 2018"),
        ("https://example.org/long/https://example.org/b", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"),
    ] {
        assert!(told.contains(&wanted), "{wanted:?} in {told:#?}");
    }
    assert!(!told.iter().any(|(_, value)| value.contains("Ann") || value.contains("ann@")), "{told:?}");
}

#[test]
fn characters_that_nobody_sees_are_taken_out_and_named() {
    let found = one("e:d a dcat:Dataset ; dct:title \"Mig\u{202E}ration\\u0007\"@fr, \"\u{200B}\"@en .");
    assert_eq!(said(&found.draft.titles), [("fr", "Migration")]);
    assert!(found.unfit.iter().any(|problem| problem.remedy.contains("nobody sees")));
}

#[test]
fn an_address_with_characters_that_nobody_sees_is_none() {
    let found = one("e:d a dcat:Dataset ; dcat:landingPage <https://x.org/a\u{2}> .");
    // The record's own address is what remains.
    assert!(found.draft.links.is_empty(), "{:?}", found.draft.links);
    assert_eq!(found.origin.address.as_deref(), Some("https://example.org/d"));
    assert!(unfit(&found).iter().any(|(_, value)| value.starts_with("https://x.org/a")), "{:?}", unfit(&found));
}

#[test]
fn the_next_page_is_named_and_what_is_no_dataset_too() {
    let page = page(
        "e:c a hydra:PagedCollection ; hydra:next <https://example.org/catalog?page=2> . e:s a dcat:DataService . e:d a dcat:Dataset .",
    );
    assert_eq!(page.onward.next.as_deref(), Some("https://example.org/catalog?page=2"));
    assert_eq!(page.reading.problems[0].field, "dcat:DataService");
    assert!(page.reading.problems.iter().all(crate::interop::exchange::is_note), "{:?}", page.reading.problems);
    let concepts = Concepts::load(&[]).expect("lists");
    let json = br#"{"@context":"https://schema.org/","@type":"Dataset","name":"x"}"#;
    let page = read_page(json, &Source { address: None, language: None, concepts: &concepts });
    assert!(page.reading.problems[0].remedy.contains("SCHEMA_ORG"));
}

#[test]
fn a_record_in_the_registrys_terms_that_is_none_is_named_and_read_by_the_standard() {
    let found =
        one("@prefix r: <urn:x-rihla:ns#> . e:d a dcat:Dataset ; dct:title \"T\"@fr ; r:record [ r:slug \"Not A Slug\" ; r:zzz 1 ] .");
    assert_eq!(said(&found.draft.titles), [("fr", "T")]);
    let told = unfit(&found);
    assert!(
        told.iter().any(|(field, _)| *field == "rihla:record.slug") && told.iter().any(|(field, _)| field.starts_with("rihla:record.zzz")),
        "{told:?}"
    );
    let found = one("@prefix r: <urn:x-rihla:ns#> . e:d a dcat:Dataset ; dct:title \"T\"@fr ; r:record e:r . e:r r:coverage e:r .");
    assert!(found.unfit.iter().any(|problem| problem.remedy.contains("refers to itself")));
    let found = one("@prefix r: <urn:x-rihla:ns#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
        e:d a dcat:Dataset ; dct:title \"T\"@fr ; r:record [ r:themes e:l ] . e:l rdf:first \"MT-01\" ; rdf:rest e:l .");
    assert!(found.unfit.iter().any(|problem| problem.remedy.contains("does not end")));
}

#[test]
fn a_record_in_the_registrys_terms_that_is_not_in_the_document_is_named_and_read_by_the_standard() {
    let standard = "@prefix r: <urn:x-rihla:ns#> . e:d a dcat:Dataset ; dct:title \"T\"@fr, \"ع\"@ar ; r:record";
    // As SPARQL's DESCRIBE or a page of an aggregator cuts it: without the thing, or without what belongs to it.
    for (cut, field) in [("<https://example.org/d#part-7> .", "rihla:record"), ("[ r:slug \"survey\" ] .", "rihla:record.titles")] {
        let found = one(&format!("{standard} {cut}"));
        assert_eq!(said(&found.draft.titles), [("ar", "ع"), ("fr", "T")], "{cut}");
        assert!(unfit(&found).iter().any(|(told, _)| *told == field), "{field} in {:?}", unfit(&found));
    }
}

#[test]
fn a_record_with_a_hundred_thousand_keywords_is_read_in_time() {
    let many: String = (0..100_000).map(|n| format!("\"k{n}\"@fr,")).collect();
    let found = one(&format!("e:d a dcat:Dataset ; dct:title \"T\"@fr ; dcat:keyword {} .", many.trim_end_matches(',')));
    assert_eq!((found.draft.keywords.len(), unfit(&found)), (1000, vec![("dcat:keyword", "99000")]));
}

#[test]
fn a_catalogue_of_many_records_is_asked_for_its_language_once() {
    let many: String = (0..20_000).map(|n| format!("e:c dcat:dataset e:d{n} . e:d{n} a dcat:Dataset ; dct:title \"T{n}\" .\n")).collect();
    let page = page(&format!("e:c a dcat:Catalog ; dct:language language:FRA .\n{many}"));
    assert_eq!((page.reading.found.len(), page.reading.problems), (20_000, Vec::new()));
    let last = page.reading.found.last().expect("a record");
    assert_eq!(said(&last.draft.titles), [("fr", "T19999")]);
}

#[test]
fn organisations_are_known_by_their_class_and_a_page_is_told_by_its_address() {
    let found = one(
        "e:d a dcat:Dataset ; dct:title \"T\"@fr ; dct:creator [ a foaf:Organization ; foaf:name \"Maison Rouille\"@fr ], [ a foaf:Agent ;
        foaf:name \"Wirtz Kofler\" ] ; dct:publisher e:house ; dct:contributor [ a foaf:Organization ; foaf:name \"Barid Bleu\" ] .
        e:house a vcard:Organization ; foaf:name \"Grande Maison\"@fr ; foaf:homepage <https://house.example/> .
        <https://house.example/> foaf:name \"Grande Maison\"@fr .",
    );
    let organisations: Vec<_> = found.origin.organisations.iter().filter_map(|name| name.words(None, None)).collect();
    assert_eq!(organisations, ["Maison Rouille", "Grande Maison", "Barid Bleu"]);
    let told = unfit(&found);
    assert!(told.contains(&("dct:publisher/foaf:homepage", "https://house.example/")), "{told:?}");
    assert!(told.contains(&("dct:contributor", "Barid Bleu")), "{told:?}");
}

#[test]
fn what_a_catalogue_lists_is_read_or_named() {
    let listed = "e:cat a dcat:Catalog ; dcat:dataset e:one , e:two , e:three , e:many . e:one a dcat:Dataset ; dct:title \"Un\"@fr .
        e:three dct:title \"Trois\"@fr ; dct:description \"x\"@fr . e:many a dcat:DatasetSeries ; dct:title \"Série\"@fr .";
    let found = page(listed).reading;
    let mut titles: Vec<_> = found.found.iter().map(|one| said(&one.draft.titles)).collect();
    titles.sort();
    assert_eq!(titles, [[("fr", "Trois")], [("fr", "Un")]], "what is not typed is a dataset all the same");
    let told: Vec<_> = found.problems.iter().map(|problem| (problem.field.as_str(), problem.value.as_str())).collect();
    assert_eq!(told, [("dcat:dataset", "https://example.org/two"), ("dcat:DatasetSeries", "https://example.org/many")]);
    // Of a catalogue in pages it stands on another one.
    let paged = page(&format!("{listed} e:cat hydra:next <https://example.org/page/2> .")).reading;
    assert!(paged.problems.iter().all(|problem| problem.field != "dcat:dataset"), "{:?}", paged.problems);
}

#[test]
fn a_language_that_is_not_known_beside_another_leaves_the_language_open() {
    for (declared, wanted) in
        [("language:ARA", "ar"), ("language:ARA , \"Français standard\"", "und"), ("language:ARA , language:FRA", "und")]
    {
        let found = one(&format!("e:one a dcat:Dataset ; dct:title \"Enquête\" ; dct:language {declared} ."));
        assert_eq!(said(&found.draft.titles), [(wanted, "Enquête")], "{declared}");
    }
}
