//! Files about records that the institution has already: what they say is written in, what they do not say or cannot know stays.

use serde_json::{Value, json};

use crate::harness::{BACKENDS, Backend, dataset};
use crate::sources::{Desk, counts, list, remedies};

fn text(words: &str, status: &str) -> Value {
    json!({ "text": words, "status": status })
}

/// A desk whose institution has published two records.
fn desk(backend: Backend) -> Desk {
    let desk = Desk::open(backend);
    let returns = dataset("nso-returns", |record| {
        record["producer"] = json!("nso");
        record["mainLanguage"] = json!("fr");
        record["titles"] = json!({ "fr": text("Enquête sur les retours", "OFFICIAL"), "ar": text("بحث حول العودة", "WORKING_TRANSLATION"),
                                   "en": text("Survey of returns", "TRANSLATION") });
        record["abstract"] = json!({ "fr": text("Ceux qui sont revenus.", "EDITORIAL") });
        record["keywords"] = json!([{ "fr": text("retour", "OFFICIAL"), "en": text("return", "TRANSLATION") }]);
        record["methodology"] = json!({ "sourceType": "CENSUS", "universe": { "en": text("Everyone", "OFFICIAL") } });
        record["coverage"]["period"] = json!({ "start": "2003", "end": "2004", "note": { "fr": text("En deux fois", "OFFICIAL") } });
        record["coverage"]["areaNote"] = json!({ "en": text("Also abroad", "OFFICIAL") });
        let terms = json!({ "aggregates": "PUBLISHED_REPORTS", "aggregatesBasis": "QUOTED", "microdata": "UNKNOWN",
                            "microdataBasis": "ASSUMED", "channel": "UNKNOWN" });
        record["holdings"] = json!([{ "institution": "nso", "role": "PRODUCER", "accessTerms": terms }]);
    });
    let census = dataset("nso-census", |record| {
        record["producer"] = json!("nso");
        record["titles"] = json!({ "fr": text("Recensement", "OFFICIAL") });
    });
    desk.place.run_ok(&["import", &desk.place.write("records.jsonl", format!("{returns}\n{census}"))]);
    desk.server.wait_for_index();
    desk
}

/// What a record says now: in its working copy, else where it is published.
fn content(desk: &Desk, slug: &str) -> Value {
    let drafts = desk.drafts();
    let draft = drafts.iter().find(|draft| draft["slug"] == slug).map(|draft| draft["content"].clone());
    draft.unwrap_or_else(|| serde_json::from_str(&desk.server.get(&format!("/dataset/{slug}.json"), &[]).body).expect("JSON"))
}

fn identifier(desk: &Desk, slug: &str) -> String {
    content(desk, slug)["identifier"].as_str().expect("an identifier").to_owned()
}

#[test]
fn a_table_of_a_few_columns_takes_nothing_else_away() {
    for backend in BACKENDS {
        let desk = desk(backend);
        let table = "slug;coverage.period.end;coverage.areaNote.fr;methodology.sourceType;methodology.universe.fr\n\
                     nso-returns;2005;Aussi à l'étranger;CENSUS;Tous\n";
        let report = desk.take("name=part.csv", table);
        assert_eq!((counts(&report), &report["outcome"]), (json!({ "fetched": 1, "changed": 1 }), &json!("SUCCEEDED")), "{report}");
        let now = content(&desk, "nso-returns");
        let note = json!({ "fr": text("En deux fois", "OFFICIAL") });
        assert_eq!(now["coverage"]["period"], json!({ "start": "2003", "end": "2005", "note": note }));
        let both = |fr: &str, en: &str| json!({ "fr": text(fr, "OFFICIAL"), "en": text(en, "OFFICIAL") });
        assert_eq!(now["coverage"]["areaNote"], both("Aussi à l'étranger", "Also abroad"));
        assert_eq!(now["methodology"]["universe"], both("Tous", "Everyone"));

        // The same table once more, with another end: nobody has written in between, so that nothing contradicts it.
        let report = desk.take("name=part.csv", table.replace("2005", "2006"));
        assert_eq!((counts(&report), &report["outcome"]), (json!({ "fetched": 1, "changed": 1 }), &json!("SUCCEEDED")), "{report}");
        assert_eq!(content(&desk, "nso-returns")["coverage"]["period"], json!({ "start": "2003", "end": "2006", "note": note }));

        // An end before the beginning makes no period with it: what falls away is told.
        let report = desk.take("name=part.csv", "slug;coverage.period.end\nnso-returns;1999\n");
        assert_eq!(counts(&report), json!({ "fetched": 1, "changed": 1 }), "{report}");
        assert_eq!(content(&desk, "nso-returns")["coverage"]["period"]["end"], "1999");
        let told = desk.drafts()[0]["origins"].to_string();
        assert!(told.contains("coverage.period.start") && told.contains("2003") && told.contains("En deux fois"), "{told}");
        desk.close();
    }
}

#[test]
fn a_copied_row_is_a_record_of_its_own_and_the_one_it_was_copied_from_stands() {
    for backend in BACKENDS {
        let desk = desk(backend);
        let (returns, census) = (identifier(&desk, "nso-returns"), identifier(&desk, "nso-census"));
        let before = content(&desk, "nso-census");
        let table = format!("slug;titles.fr;identifier\nnso-census-2034;Recensement 2034;{census}\n");
        let report = desk.take("name=copied.csv", &table);
        assert_eq!((&report["counts"]["created"], &report["counts"]["changed"]), (&json!(1), &json!(0)), "{report}");
        assert!(remedies(&report).contains("Datasets!C2") && remedies(&report).contains("empty this cell"), "{report}");
        assert_eq!(content(&desk, "nso-census-2034")["titles"]["fr"]["text"], "Recensement 2034");
        assert_eq!(content(&desk, "nso-census"), before);

        // The short name of one and the identifier of another: the short name says which one is meant.
        let table = format!("slug;titles.fr;identifier\nnso-returns;Les retours;{census}\n");
        let report = desk.take("name=crossed.csv", &table);
        assert_eq!((&report["counts"]["changed"], content(&desk, "nso-census")), (&json!(1), before.clone()), "{report}");
        assert!(remedies(&report).contains("identifier of another record"), "{report}");
        assert_eq!(content(&desk, "nso-returns")["titles"]["fr"]["text"], "Les retours");

        // Two rows without a short name, and one identifier: the second is not written over the first.
        let table = format!("titles.fr;identifier\nRetours, un;{returns}\nRetours, deux;{returns}\n");
        let report = desk.take("name=twice.csv", &table);
        assert_eq!((&report["counts"]["changed"], &report["counts"]["failed"]), (&json!(1), &json!(1)), "{report}");
        assert_eq!(content(&desk, "nso-returns")["titles"]["fr"]["text"], "Retours, un");
        desk.close();
    }
}

#[test]
fn an_identifier_that_the_registry_does_not_give_is_told_with_its_cell() {
    let desk = Desk::open(Backend::Sqlite);
    let unknown = "urn:uuid:0190e7a0-0000-7000-8000-00000000ffff";
    for (index, (given, is_fault, link)) in
        [("x", true, None), ("10.1234/abc", false, Some("https://doi.org/10.1234/abc")), (unknown, false, None)].into_iter().enumerate()
    {
        let slug = format!("nso-x{index}");
        let table = format!("slug;titles.fr;recordKind;identifier\n{slug};Titre {index};STATISTICAL_OPERATION;{given}\n");
        let report = desk.take("name=x.csv", table);
        assert_eq!(report["counts"]["created"], 1, "{report}");
        assert_eq!(remedies(&report).contains("Datasets!D2"), is_fault, "{given}: {report}");
        let drafts = desk.drafts();
        let draft = drafts.iter().find(|draft| draft["slug"] == slug.as_str()).expect("a draft");
        let is_told = list(&draft["origins"][0]["unfit"]).iter().any(|part| part["value"] == given);
        assert_eq!((is_told, draft["content"]["links"][0]["url"].as_str()), (link.is_none(), link), "{draft}");
    }
    desk.close();
}

#[test]
fn a_poorer_format_takes_nothing_away_that_it_cannot_tell() {
    for backend in BACKENDS {
        let desk = desk(backend);
        let before = content(&desk, "nso-returns");
        let get = |path: &str| desk.server.get(path, &[]).body;
        let ddi: String = get("/dataset/nso-returns.ddi.xml")
            .split("<notes type=\"rihla\"")
            .enumerate()
            .map(|(index, part)| if index == 0 { part } else { part.split_once("</notes>").expect("an end").1 })
            .collect();
        let files = [
            ("name=own.json", get("/api/3/action/package_show?id=nso-returns")),
            ("name=own.xml", ddi),
            ("name=own.xml", get("/dataset/nso-returns.datacite.xml")),
            ("name=own.jsonld", get("/dataset/nso-returns.schemaorg.jsonld")),
        ];
        for (name, file) in files {
            let report = desk.take(name, file.as_bytes());
            assert_eq!((&report["counts"]["created"], &report["counts"]["failed"]), (&json!(0), &json!(0)), "{file}: {report}");
            let now = content(&desk, "nso-returns");
            for field in ["titles", "abstract", "keywords", "certainty", "methodology", "coverage", "holdings"] {
                assert_eq!(now[field], before[field], "{field} by {file}");
            }
        }
        desk.close();
    }
}

/// That one record succeeds another holds after the other is retired: it goes out with every form, and its own file takes it back as it is.
#[test]
fn a_relation_to_a_retired_record_goes_out_and_comes_back() {
    for backend in BACKENDS {
        let desk = Desk::open(backend);
        let of = |producer: &'static str, change: fn(&mut Value)| {
            move |record: &mut Value| {
                record["producer"] = json!(producer);
                change(record);
            }
        };
        let related = |kind: &str, to: &str| json!({ "type": kind, "dataset": to });
        let first = dataset("nso-first", of("nso", |_| {}));
        let masked = of("nso", |record| record["masks"] = json!([{ "field": "METHODOLOGY", "visibleTo": "MEMBERS" }]));
        let hidden = of("observatory", |record| record["visibility"] = json!("COORDINATOR"));
        let lines = [
            first.clone(),
            dataset("nso-masked", masked),
            dataset("obs-hidden", hidden),
            dataset("nso-second", |record| {
                record["producer"] = json!("nso");
                record["relations"] = json!([related("SUCCESSOR_OF", "nso-first"), related("OVERLAPS", "nso-masked")]);
            }),
            dataset("nso-third", |record| {
                record["producer"] = json!("nso");
                record["relations"] = json!([related("OVERLAPS", "obs-hidden")]);
            }),
        ];
        desk.place.run_ok(&["import", &desk.place.write("records.jsonl", lines.join("\n"))]);
        let retired = first.replace("PUBLISHED", "RETIRED");
        desk.place.run_ok(&["import", &desk.place.write("retired.jsonl", retired)]);
        desk.server.wait_for_index();

        let bearer = format!("Bearer {}", desk.editor.token);
        let visitor: &[(&str, &str)] = &[];
        let editor: &[(&str, &str)] = &[("authorization", bearer.as_str())];
        for headers in [visitor, editor] {
            for ending in ["json", "ttl", "rdf", "jsonld", "ddi.xml", "xlsx"] {
                let told = desk.server.get(&format!("/dataset/nso-second.{ending}"), headers).words();
                assert!(told.contains("nso-first") && told.contains("nso-masked"), "{ending}: {told}");
                let told = desk.server.get(&format!("/dataset/nso-third.{ending}"), headers).words();
                assert!(told.contains("Title of nso-third") && !told.contains("obs-hidden"), "{ending}: {told}");
            }
            let relations = desk.server.get("/institution/nso/records.csv?sheet=relations", headers).body;
            assert!(relations.contains("nso-first") && !relations.contains("obs-hidden"), "{relations}");
        }
        let own = desk.server.get("/dataset/nso-second.json", &[]).body;
        let report = desk.take("name=own.json&format=RIHLA", &own);
        assert_eq!((counts(&report), desk.drafts().len()), (json!({ "fetched": 1, "unchanged": 1 }), 0), "{report}");
        desk.close();
    }
}
