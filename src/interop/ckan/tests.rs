//! Tests of packages, in and out.

use serde_json::{Value, json};

use super::{MAPPING, package, read, read_each, read_file};
use crate::domain::concept::Concepts;
use crate::domain::text::MultilingualText;
use crate::domain::vocabulary::{AccessLevel, Frequency, SourceType, Visibility};
use crate::interop::dcat::Source;
use crate::interop::dcat::tests::demo::{demo, with_outgoing};
use crate::interop::ddi::residue;
use crate::interop::exchange::{Found, Reading, is_note};
use crate::interop::filed::{Filed, file_of};
use crate::interop::repeated::TWICE;
use crate::interop::xml_text::rows::{has, rows};

const PAGE: &str = include_str!("../../../docs/interop/ckan.md");
const ASKED: &str = "https://data.example.org/api/3/action/package_search?start=0";

fn reading(json: &[u8]) -> Reading {
    let concepts = Concepts::load(&[]).expect("lists");
    let source = Source { address: Some(ASKED), language: None, concepts: &concepts };
    let reading = read(json, &source);
    // In a file it is the same.
    let file = file_of(json);
    let filed = Filed::of(&file).expect("a length").in_pieces(40);
    if filed.is_plain().expect("read") {
        let mut found = Vec::new();
        let around = read_file(filed, &source, &mut |one| found.push(one));
        assert_eq!(format!("{found:?}"), format!("{:?}", reading.found));
        assert_eq!(around.problems, reading.problems);
    }
    reading
}

fn only(package: &Value) -> Found {
    let mut reading = reading(package.to_string().as_bytes());
    assert_eq!((reading.found.len(), reading.problems.len()), (1, 0), "{:?}", reading.problems);
    reading.found.remove(0)
}

fn text(text: &MultilingualText, tag: &str) -> String {
    text.0.iter().find(|(there, _)| there.as_str() == tag).map(|(_, wording)| wording.text.clone()).unwrap_or_default()
}

fn edtf(found: &Found) -> Option<String> {
    found.draft.coverage.period.as_ref().map(|period| period.edtf())
}

fn unfit<'f>(found: &'f Found, field: &str) -> Vec<&'f str> {
    found.unfit.iter().filter(|problem| problem.field == field).map(|problem| problem.value.as_str()).collect()
}

#[test]
fn characters_that_nobody_sees_are_taken_out_of_every_member_and_told() {
    let found = only(
        &json!({ "id": "a", "name": "a", "title": "Permits\u{202e}", "extras": [{ "key": "temporal_start", "value": "2019\u{7f}" }],
        "resources": [{ "name": "Table", "url": "https://x.org/a.csv", "mimetype": "text/\u{7f}csv", "format": "\u{feff}CSV", "hash": "\u{7f}" }] }),
    );
    assert_eq!(text(&found.draft.titles, "und"), "Permits");
    let file = &found.draft.holdings[0].distributions[0];
    assert_eq!((file.media_type.as_deref(), file.format.as_deref(), file.checksum.as_deref()), (Some("text/csv"), Some("CSV"), None));
    for place in ["title", "extras[0]/value", "resources[0]/mimetype", "resources[0]/format", "resources[0]/hash"] {
        let line = found.unfit.iter().find(|line| line.field == place);
        assert!(line.is_some_and(|line| line.remedy.contains("invisible characters")), "{place} is not in {:?}", found.unfit);
    }
}

#[test]
fn a_package_of_the_humanitarian_exchange() {
    let found = only(&json!({
        "id": "f1b3", "name": "msna-2022", "title": "Needs 2022", "notes": "About", "state": "active", "type": "dataset", "private": false, "url": null,
        "dataset_date": "[2022-05-30T00:00:00 TO *]", "data_update_frequency": "-2", "dataset_source": "REACH Initiative", "methodology": "Sample Survey",
        "methodology_other": "Two stages", "caveats": "[See](https://example.org) it", "groups": [{ "name": "pse", "title": "State of P." }, { "name": "mar", "title": "Morocco" }],
        "license_id": "hdx-other", "license_title": "Other", "license_other": "Cite us", "maintainer": "7ea5", "maintainer_email": "ann@example.org", "is_requestdata_type": true,
        "organization": { "name": "reach", "title": "REACH", "description": "write to ann@example.org", "id": "8" }, "metadata_modified": "2024-06-07T11:05:25.379308",
        "tags": [{ "name": "needs", "display_name": "needs" }, { "name": "needs" }], "subnational": "1", "pageviews_last_14_days": 2, "updated_by": "ann@example.org",
        "resources": [{ "name": "a.xlsx", "url": "https://example.org/a", "download_url": "https://example.org/a.xlsx", "format": "XLSX", "size": 12, "hash": "", "description": "Table", "pii": "false" }],
    }));
    let draft = &found.draft;
    assert_eq!((text(&draft.titles, "und"), edtf(&found)), ("Needs 2022".to_owned(), Some("2022-05-30/..".to_owned())));
    assert_eq!(
        (draft.coverage.frequency, draft.coverage.reporting_areas.as_slice()),
        (Some(Frequency::Irregular), ["PS".to_owned(), "MA".to_owned()].as_slice())
    );
    let method = draft.methodology.as_ref().expect("a method");
    assert_eq!((method.source_type, text(&method.sampling_text, "und")), (SourceType::HouseholdSurveyModule, "Two stages".to_owned()));
    assert_eq!(text(&method.known_limits[0], "und"), "[See](https://example.org) it");
    assert_eq!(unfit(&found, "methodology.sourceType"), ["HOUSEHOLD_SURVEY_MODULE"]);
    let holding = &draft.holdings[0];
    assert_eq!((text(&holding.access_terms.conditions, "und"), &holding.access_terms.licence), ("Cite us".to_owned(), &None));
    assert_eq!((holding.distributions[0].url.as_str(), holding.distributions[0].byte_size), ("https://example.org/a.xlsx", Some(12)));
    assert_eq!(draft.keywords.len(), 1);
    let origin = &found.origin;
    assert_eq!((origin.identifier.as_deref(), origin.modified.as_deref()), (Some("f1b3"), Some("2024-06-07T11:05:25.379308")));
    assert_eq!(origin.address.as_deref(), Some("https://data.example.org/dataset/msna-2022"));
    assert_eq!(origin.producers.iter().map(|name| text(name, "und")).collect::<Vec<_>>(), ["REACH Initiative", "REACH"]);
    assert_eq!(unfit(&found, "maintainer_email"), [""]);
    assert_eq!((unfit(&found, "subnational"), unfit(&found, "resources/description")), (vec!["1"], vec!["Table"]));
    assert_eq!((unfit(&found, "resources"), unfit(&found, "is_requestdata_type")), (vec!["https://example.org/a"], vec!["true"]));
    let told: String = found.unfit.iter().map(|problem| problem.to_string()).collect();
    assert!(told.contains("pageviews_last_14_days") && told.contains("organization/description") && !told.contains("ann@"), "{told}");
    assert_eq!(draft.main_language, None);
}

#[test]
fn texts_in_several_languages_and_extras() {
    let found = only(&json!({
        "name": "s", "title": "Enquête", "title_translated": { "fr": "Enquête", "de": "Erhebung", "it": "" }, "notes": "{\"fr\": \"Mots\", \"en\": \"Words\"}",
        "keywords": { "de": ["alter", "x"], "fr": [] }, "private": true, "author": "Ann Other", "creator": [{ "name": "Bob Other" }, { "name": "Office", "type": "public_body" }],
        "publisher": { "name": { "fr": "HCP", "en": "HCP" }, "email": "x@example.org" }, "groups": [{ "title": { "de": "Finanzen" }, "name": "fin" }],
        "extras": [{ "key": "language", "value": "[\"fr\", \"xx-unknown-language\"]" }, { "key": "theme", "value": "[\"http://eurovoc.europa.eu/100142\"]" },
            { "key": "temporal_coverage-from", "value": "[\"1982\"]" }, { "key": "temporal_coverage-to", "value": "[\"1986\"]" }, { "key": "frequency", "value": "monthly" },
            { "key": "title", "value": "Other" }, { "key": "access_rights", "value": "public" }, { "key": "spatial", "value": "{\"type\":\"Point\",\"coordinates\":[1,2]}" },
            { "key": "contact_name", "value": "Ann Other" }, { "key": "uri", "value": "https://example.org/set" }, { "value": 1 }],
        "resources": [{ "url": "https://example.org/a", "format": "text/csv", "name": "", "description": "File", "license": "https://example.org/l", "hash": "ab", "hash_algorithm": "http://spdx.org/rdf/terms#checksumAlgorithm_sha1" },
            { "name": "b", "state": "deleted", "url": "https://example.org/b" }, { "name": "c" }, 5],
    }));
    let draft = &found.draft;
    assert_eq!(draft.titles.0.keys().map(|tag| tag.as_str()).collect::<Vec<_>>(), ["de", "fr"]);
    assert_eq!((text(&draft.abstract_text, "en"), text(&draft.abstract_text, "fr")), ("Words".to_owned(), "Mots".to_owned()));
    assert_eq!(draft.keywords.iter().map(|word| text(word, "de")).collect::<Vec<_>>(), ["alter", "x"]);
    assert_eq!((edtf(&found).as_deref(), draft.coverage.frequency), (Some("1982/1986"), Some(Frequency::Monthly)));
    assert_eq!(draft.visibility, Some(Visibility::Coordinator));
    let holding = &draft.holdings[0];
    assert_eq!(
        (holding.access_terms.aggregates, holding.access_terms.licence.as_deref()),
        (AccessLevel::Open, Some("https://example.org/l"))
    );
    let [file] = holding.distributions.as_slice() else { panic!("{:?}", holding.distributions) };
    assert_eq!(
        // Beside French another language is declared that is not known: which of the two it is in is not said.
        (text(&file.title, "und"), file.media_type.as_deref(), file.checksum.as_deref()),
        ("File".to_owned(), Some("text/csv"), Some("sha1:ab"))
    );
    let names = found.origin.producers.iter().map(|name| [text(name, "fr"), text(name, "und")].concat());
    assert_eq!(names.collect::<Vec<_>>(), ["HCP", "Office"]);
    for field in [
        "language",
        "extras/theme",
        "extras/title",
        "extras/spatial",
        "extras/contact_name",
        "groups",
        "private",
        "author",
        "creator",
        "extras/uri",
        "extras/extras",
        "resources",
    ] {
        let field = if field == "language" { "extras/language" } else { field };
        assert!(!unfit(&found, field).is_empty(), "{field} in {:?}", found.unfit);
    }
    let told: String = found.unfit.iter().map(|problem| problem.to_string()).collect();
    assert!(!told.contains("Other\"") && !told.contains("Ann") && !told.contains("Bob") && !told.contains('@'), "{told}");
}

#[test]
fn answers_lists_and_dumps() {
    let package = json!({ "name": "a", "title": "A" });
    let mut found = Vec::new();
    let around = {
        let concepts = Concepts::load(&[]).expect("lists");
        let answer = json!({ "help": "h", "success": true, "result": { "count": 58, "results": [package, { "name": "b", "state": "deleted" }, { "x": 1 }], "facets": {} } });
        let source = Source { address: None, language: None, concepts: &concepts };
        read_each(answer.to_string().as_bytes(), &source, &mut |one| found.push(one))
    };
    assert_eq!((found.len(), around.problems.len(), around.count, around.results), (2, 1, Some(58), 3));
    assert!(found[1].origin.is_deleted && around.problems[0].field == "result[2]");
    for (document, found) in [
        (package.to_string(), 1),
        (json!([package, package]).to_string(), 2),
        (json!({ "success": true, "result": package }).to_string(), 1),
        (json!({ "success": true, "result": [package, package] }).to_string(), 2),
        (format!("{package}\n\n{package}\r\n{package}"), 3),
        (format!("\u{FEFF}{package}\n"), 1),
        (json!({ "count": 0, "results": [] }).to_string(), 0),
    ] {
        let reading = reading(document.as_bytes());
        assert_eq!((reading.found.len(), reading.problems.len()), (found, 0), "{document}: {:?}", reading.problems);
    }
    let dump = reading(format!("{package}\n{{\"broken\n{package}").as_bytes());
    assert_eq!((dump.found.len(), dump.problems[0].field.as_str()), (2, "line 2"));
}

#[test]
fn words_beside_the_kind_of_method_are_told() {
    for (kind, source, is_told) in [
        ("Census", SourceType::Census, false),
        ("Census, then interviews with key informants", SourceType::Census, true),
        ("Sample Survey", SourceType::HouseholdSurveyModule, true),
    ] {
        let found = only(&json!({ "name": "a", "title": "A", "methodology": kind, "caveats": "Read with care" }));
        assert_eq!(found.draft.methodology.as_ref().map(|method| method.source_type), Some(source), "{kind}");
        assert_eq!(unfit(&found, "methodology") == [kind], is_told, "{kind}: {:?}", found.unfit);
    }
}

#[test]
fn what_is_no_package_is_refused_with_the_reason() {
    for (document, reason) in [
        (json!({ "success": true, "result": ["a", "b"] }).to_string(), "only the names"),
        (json!({ "success": false, "error": { "message": "Not found", "__type": "Not Found Error" } }).to_string(), "could not do"),
        (json!({ "success": true, "result": { "name": "x", "title": "X", "is_organization": true } }).to_string(), "is an organization"),
        (json!({ "name": "x", "title": "X", "type": "harvest" }).to_string(), "page of the portal"),
        (json!({ "a": 1 }).to_string(), "no package"),
        ("[]".to_owned(), "empty"),
        ("[5]".to_owned(), "not a package"),
        ("null".to_owned(), "not a package"),
        ("<html>".to_owned(), "not JSON"),
        ("[".repeat(100_000), "deeper"),
    ] {
        let reading = reading(document.as_bytes());
        assert!(reading.found.is_empty() && reading.problems[0].remedy.contains(reason), "{reason}: {:?}", reading.problems);
    }
    let refused = reading(br#"{"success":false,"error":{"message":"Not found"}}"#);
    assert_eq!(refused.problems[0].value, "Not found");
}

#[test]
fn a_hundred_thousand_tags_and_deep_texts_are_read_in_time() {
    let tags: Vec<Value> = (0..100_000).map(|n| json!({ "name": format!("k{n}") })).collect();
    let deep = format!("{}1{}", "[".repeat(5000), "]".repeat(5000));
    let found = only(&json!({ "name": "a", "title": "A", "tags": tags, "extras": [{ "key": "x", "value": deep }] }));
    assert_eq!((found.draft.keywords.len(), unfit(&found, "tags")), (1000, vec!["99000"]));
    assert_eq!(unfit(&found, "extras/x").len(), 1);
}

#[test]
fn the_demonstration_catalogue_goes_out_and_comes_back_as_far_as_packages_carry_it() {
    let demo = demo();
    with_outgoing(&demo, "https://data.example.ma", |records, _| {
        for record in records {
            let found = only(&json!({ "success": true, "result": package(record) }));
            let (draft, own) = (&found.draft, record.dataset);
            assert_eq!(
                (draft.slug.as_ref(), &draft.identifier, draft.record_kind),
                (Some(&own.slug), &own.identifier, Some(own.record_kind))
            );
            assert_eq!((&found.origin.identifier, &found.origin.address), (&own.identifier, &Some(record.page())));
            let said = |text: &MultilingualText| text.iter().map(|(tag, words)| (tag.clone(), words.text.clone())).collect::<Vec<_>>();
            assert_eq!((said(&draft.titles), said(&draft.abstract_text)), (said(&own.titles), said(&own.abstract_text)));
            assert_eq!((&draft.languages, &draft.themes), (&own.languages, &own.themes), "{:?}", found.unfit);
            let (theirs, ours) = (&draft.coverage, &own.coverage);
            assert_eq!((&theirs.reporting_areas, theirs.frequency), (&ours.reporting_areas, ours.frequency), "{:?}", found.unfit);
            let dates = |coverage: &crate::domain::coverage::Coverage| {
                coverage.period.as_ref().map(|period| (period.start.date(), period.end.date())).filter(|ends| *ends != (None, None))
            };
            assert_eq!(dates(theirs), dates(ours));
            let urls = |holdings: &[crate::domain::holding::Holding]| {
                holdings.iter().flat_map(|holding| &holding.distributions).map(|file| file.url.clone()).collect::<Vec<_>>()
            };
            assert_eq!(urls(&draft.holdings), urls(&own.holdings));
            let levels = |holdings: &[crate::domain::holding::Holding]| {
                holdings
                    .first()
                    .map_or((AccessLevel::Unknown, AccessLevel::Unknown), |h| (h.access_terms.aggregates, h.access_terms.microdata))
            };
            assert_eq!(levels(&draft.holdings), levels(&own.holdings));
        }
    });
}

#[test]
fn the_tables_are_in_the_guide_and_say_what_happens() {
    for (field, member) in MAPPING {
        let row = format!("| `{field}` | {} |", if member.is_empty() { "–" } else { member });
        assert!(PAGE.contains(&row), "docs/interop/ckan.md lacks the row\n{row}");
        assert!(crate::interop::dcat::MAPPING.iter().any(|(other, ..)| other == field), "{field}");
    }
    assert_eq!(MAPPING.len(), crate::interop::dcat::MAPPING.len());
    for row in rows(PAGE, "member") {
        let value: Value = serde_json::from_str(row[1]).expect("JSON");
        let mut package = json!({ "name": "x", "owner_org": "1" });
        match row[0].strip_prefix("extras/") {
            Some(key) => package["extras"] = json!([{ "key": key, "value": value }]),
            None => package[row[0]] = value,
        }
        let concepts = Concepts::load(&[]).expect("lists");
        let source = Source { address: None, language: None, concepts: &concepts };
        let found = read(package.to_string().as_bytes(), &source).found.remove(0);
        let origin = &found.origin;
        let is_there = match row[2] {
            "origin.identifier" => origin.identifier.as_deref() == package["id"].as_str(),
            "origin.address" => origin.address.is_some(),
            "origin.modified" => origin.modified.is_some(),
            "origin.isDeleted" => origin.is_deleted,
            "origin.producers" => !origin.producers.is_empty(),
            field => has(&residue::value_of(&found.draft), field),
        };
        assert!(is_there, "{row:?}: {found:?}");
    }
}

#[test]
fn packages_that_nobody_here_wrote() {
    let Some(folder) = crate::interop::dcat::tests::samples::folder() else { return };
    let sample = |name: &str| {
        let reading = reading(&std::fs::read(folder.join("ckan").join(name)).expect("the file is there"));
        println!("== {name}: {:?}", reading.problems);
        for found in &reading.found {
            println!("  {:?}\n  {:?}", found.origin, found.draft);
            found.unfit.iter().for_each(|problem| println!("    - {problem}"));
        }
        assert_eq!((reading.found.len(), reading.problems.len()), (1, 0), "{name}");
        reading.found.into_iter().next().expect("one")
    };
    for (name, title, areas, period, producer) in [
        (
            "hdx-2022-multi-sectoral-needs-assessment-occupied-palestinian-te.json",
            "occupied Palestinian territory (oPt) - 2022 Multi-Sectoral Needs Assessment",
            1,
            "2022-05-30/2022-07-06",
            "REACH Initiative",
        ),
        (
            "hdx-global-iom-dtm-from-api.json",
            "Global IOM Displacement Tracking Matrix (DTM) from API",
            40,
            "2010-06-30/2025-01-29",
            "International Organization for Migration (IOM)",
        ),
        (
            "hdx-gifmm-joint-multi-sector-needs-assessment-covid-19.json",
            "GIFMM Joint Multi-Sector Needs Assessment COVID 19 | June 2020",
            1,
            "2020-06-01/2020-06-15",
            "Grupo Interagencial sobre Flujos Migratorios Mixtos",
        ),
    ] {
        let found = sample(name);
        assert_eq!((text(&found.draft.titles, "und").as_str(), edtf(&found).as_deref()), (title, Some(period)), "{name}");
        assert!(found.draft.coverage.reporting_areas.len() >= areas, "{name}: {:?}", found.draft.coverage.reporting_areas);
        assert_eq!(text(&found.origin.producers[0], "und"), producer);
        assert!(!found.draft.holdings[0].distributions.is_empty());
    }
    for name in [
        "hdx-bangladeshi-host-community-perspectives-on-the-rohingya-cris.json",
        "hdx-conteo-lideres-sociales-asesinados-en-2021.json",
        "hdx-data-on-displaced-persons-in-unrwa-shelters.json",
        "hdx-mpc-for-syrian-refugee-health-in-lebanon.json",
        "hdx-reach-colombia-msna-analisis-descriptivo-octubre-2022.json",
        "hdx-south-sudan-inter-sector-needs-assessment-isna-data.json",
    ] {
        let found = sample(name);
        assert!(found.draft.coverage.period.is_some() && !found.draft.coverage.reporting_areas.is_empty(), "{name}");
    }
    let swiss = sample("swiss-dataset.json");
    assert_eq!(
        (text(&swiss.draft.titles, "en"), text(&swiss.draft.abstract_text, "de")),
        ("Test DCAT dataset".to_owned(), "Deutsche Beschreibung".to_owned())
    );
    assert!(swiss.draft.keywords.iter().any(|word| text(word, "de") == "sozialhilfe"));
    assert!(swiss.draft.links.iter().any(|link| link.url == "https://example.com/documentation-dataset-2"));
    let scheming = sample("ckan_full_dataset_dcat_ap.json");
    assert_eq!((edtf(&scheming).as_deref(), unfit(&scheming, "temporal_coverage").len()), (Some("1905-03-01/2013-01-05"), 1));
    assert_eq!(scheming.origin.identifier.as_deref(), Some("xx-some-dataset-id-yy"));
    let names: Vec<_> = scheming.origin.producers.iter().map(|name| text(name, "und")).collect();
    assert_eq!(names, ["Test Publisher", "Test Creator"]);
    assert_eq!(scheming.draft.coverage.reporting_areas, ["ES-T"]);
    let file = &scheming.draft.holdings[0].distributions[0];
    assert_eq!(file.checksum.as_deref(), Some("sha1:4304cf2e751e6053c90b1804c89c0ebb758f395a"));
    let legacy = sample("full_ckan_dataset_legacy.json");
    assert_eq!((edtf(&legacy).as_deref(), legacy.draft.coverage.frequency), (Some("1982/1986"), Some(Frequency::Once)));
    assert_eq!(legacy.draft.languages.iter().map(|tag| tag.as_str()).collect::<Vec<_>>(), ["en", "es", "ca"]);
    assert!(legacy.unfit.iter().all(|problem| !problem.value.contains("John") && !problem.value.contains('@')), "{:?}", legacy.unfit);
}

#[test]
fn relationships_are_told_with_what_they_lead_to_and_pages_are_kept() {
    let found = only(&json!({
        "name": "permits-2020", "title": "Permits",
        "relationships_as_subject": [
            { "subject": "permits-2020", "object": "permits", "type": "child_of", "comment": "One year" },
            { "__extras": { "object_package_id": "4b6f-9c" }, "type": "derives_from" },
        ],
        "relationships_as_object": [{ "subject": "flows-2020", "object": "permits-2020", "type": "depends_on" }, { "type": "links_to" }],
    }));
    let links: Vec<_> = found.draft.links.iter().map(|link| link.url.as_str()).collect();
    let page = |name: &str| format!("https://data.example.org/dataset/{name}");
    assert_eq!(links, [page("permits"), page("4b6f-9c"), page("flows-2020")]);
    for (field, value, code) in [
        ("relationships_as_subject[0]", "child_of permits (One year)", "COMPONENT_OF"),
        ("relationships_as_subject[1]", "derives_from 4b6f-9c", "DERIVED_FROM"),
        ("relationships_as_object[0]", "dependency_of flows-2020", "INPUT_TO"),
    ] {
        let line = found.unfit.iter().find(|line| line.field == field).unwrap_or_else(|| panic!("{field} is not in {:?}", found.unfit));
        assert!(line.value == value && line.remedy.contains(code), "{line:?}");
    }
    assert_eq!(unfit(&found, "relationships_as_object[1]").len(), 1);
    assert!(!found.unfit.iter().any(|line| line.remedy.contains("serve the portal")), "{:?}", found.unfit);
}

#[test]
fn a_language_that_goes_on_takes_no_other_with_it() {
    let found = only(&json!({
        "id": "a", "name": "a", "title_translated": { "fr-t-en": "Enquête", "en": "Survey" },
        "notes_translated": { "fr_t_en": "D'une machine", "fr": "D'une personne", "de-1996": "" },
        "keywords": { "en": ["returns"], "fr-t-en": ["retours"] },
    }));
    assert_eq!((text(&found.draft.titles, "fr").as_str(), text(&found.draft.titles, "en").as_str()), ("Enquête", "Survey"));
    assert_eq!(text(&found.draft.abstract_text, "fr"), "D'une personne");
    assert_eq!(found.draft.keywords.iter().map(|word| text(word, "fr")).collect::<String>(), "retours");
    assert_eq!(unfit(&found, "title_translated"), ["fr-t-en"]);
    assert!(unfit(&found, "notes_translated")[0].contains("D'une machine"), "{:?}", found.unfit);
    assert_eq!(unfit(&found, "keywords"), ["fr-t-en"]);
}

#[test]
fn a_series_is_no_dataset_and_other_kinds_of_packages_are_told() {
    let series = json!({ "id": "a", "name": "a", "title": "Series", "type": "dataset_series" });
    let reading = reading(series.to_string().as_bytes());
    assert!(reading.found.is_empty() && reading.problems.iter().all(is_note), "{:?}", reading.problems);
    assert!(reading.problems[0].remedy.starts_with("is a series"), "{:?}", reading.problems);
    let map = only(&json!({ "id": "b", "name": "b", "title": "Map", "type": "geodata", "notes": "N" }));
    assert_eq!(unfit(&map, "type"), ["geodata"]);
    let plain = only(&json!({ "id": "c", "name": "c", "title": "Plain", "type": "dataset", "notes": "N" }));
    assert!(unfit(&plain, "type").is_empty());
}

#[test]
fn an_organization_is_one_whatever_it_is_called_and_a_publisher_unless_it_is_written_like_a_person() {
    let names = |package: &Value| {
        let organisations = only(package).origin.organisations;
        organisations.iter().map(|name| text(name, "und")).collect::<Vec<_>>()
    };
    let package = |publisher: Value| json!({ "id": "a", "name": "a", "title": "T", "organization": { "title": "Wirtz Kofler" }, "publisher": publisher });
    assert_eq!(names(&package(json!({ "name": "Maison Rouille" }))), ["Maison Rouille", "Wirtz Kofler"]);
    assert_eq!(names(&package(json!({ "name": "Jean Dupont" }))), ["Wirtz Kofler"]);
}

#[test]
fn a_place_is_what_its_address_and_its_name_say_together() {
    let country = "http://publications.europa.eu/resource/authority/country/MAR";
    for (name, code, note) in [("Casablanca", "MA-CAS", ""), ("Maroc", "MA", ""), ("Quartier des Roses", "MA", "Quartier des Roses")] {
        let found = only(&json!({ "name": "s", "title": "T", "language": "fr", "spatial_coverage": [{ "uri": country, "text": name }] }));
        let coverage = &found.draft.coverage;
        assert_eq!(
            (coverage.reporting_areas.as_slice(), text(&coverage.area_note, "fr").as_str()),
            ([code.to_owned()].as_slice(), note),
            "{name}"
        );
    }
}

#[test]
fn of_a_member_that_stands_twice_the_last_is_taken_and_it_is_told_with_its_place() {
    let package = |name: &str| {
        let file = r#"{"url":"https://x.org/a","format":"CSV","format":"XLS"}"#;
        format!(r#"{{"id":"{name}","name":"{name}","title":"Premier","title":"Second","resources":[{file}]}}"#)
    };
    let (one, two) = (package("one"), package("two"));
    let page = |results: &str| format!(r#"{{"success":true,"result":{{"count":2,"results":[{results}]}}}}"#);
    for (document, count) in
        [(one.clone(), 1), (format!("[{one},{two}]"), 2), (page(&format!("{one},{two}")), 2), (format!("{one}\n{two}\n"), 2)]
    {
        let reading = reading(document.as_bytes());
        assert_eq!((reading.found.len(), reading.problems), (count, Vec::new()), "{document}");
        for found in &reading.found {
            assert_eq!(text(&found.draft.titles, "und"), "Second");
            let told: Vec<&str> = found.unfit.iter().filter(|line| line.remedy == TWICE).map(|line| line.field.as_str()).collect();
            assert_eq!(told, ["title", "resources[0].format"], "{document}");
        }
    }
    let list = |name: &str| json!([{ "id": name, "name": name, "title": "T" }]);
    let lost = format!(r#"{{"success":true,"result":{},"result":{}}}"#, list("one"), list("two"));
    let reading = reading(lost.as_bytes());
    assert_eq!(reading.problems.iter().map(|line| (line.field.as_str(), line.remedy.as_str())).collect::<Vec<_>>(), [("result", TWICE)]);
}

#[test]
fn of_a_period_the_end_that_is_a_date_is_taken_and_the_other_is_told() {
    let extra = |key: &str, value: &str| json!({ "key": key, "value": value });
    let extras = json!([extra("temporal_start", "31/12/2019"), extra("temporal_end", "2020-06")]);
    let found = only(&json!({ "name": "s", "title": "T", "extras": extras }));
    assert_eq!((edtf(&found).as_deref(), unfit(&found, "extras/temporal_start")), (Some("/2020-06"), vec!["31/12/2019"]));
    let covers = json!([{ "start": "2018", "end": "today" }]);
    let found = only(&json!({ "name": "s", "title": "T", "temporal_coverage": covers }));
    assert_eq!((edtf(&found).as_deref(), unfit(&found, "temporal_coverage")), (Some("2018/"), vec!["today"]));
}
