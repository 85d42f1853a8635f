//! What was open and is hidden now: it goes everywhere at once, and older versions tell no more than the present one.

use serde_json::{Value, json};

use crate::actors::{Caller, node_id};
use crate::harness::{BACKENDS, Backend, Place, Server, dataset, institution};

use super::model::text;

const ID: &str = "0193a2b4-0000-7000-8000-00000000000a";

fn import(place: &Place, lines: &[String]) {
    let file = place.write("lines.jsonl", lines.join("\n"));
    place.run_ok(&["import", &file]);
}

/// A record of alpha.
fn of_alpha(slug: &str, change: impl FnOnce(&mut Value)) -> String {
    dataset(slug, |record| {
        record["producer"] = json!("alpha");
        change(record);
    })
}

/// What differs between two versions, as one text; the code of the error where there is nothing to compare.
fn difference(server: &Server, caller: &Caller, slug: &str, from: i64, to: i64) -> String {
    let query =
        "query($slug: String!, $from: Int!, $to: Int) { dataset(slug: $slug) { diff(from: $from, to: $to) { path before after } } }";
    let answer = caller.ask(server, query, json!({ "slug": slug, "from": from, "to": to }));
    match answer["errors"].get(0) {
        Some(error) => error["extensions"]["code"].as_str().unwrap_or_default().to_owned(),
        None => answer["data"]["dataset"]["diff"].to_string(),
    }
}

#[test]
fn a_record_that_is_withdrawn_goes_everywhere_at_once() {
    let everywhere = "query($slug: String!, $id: ID!, $word: String!, $new: String!) {
      dataset(slug: $slug) { slug } node(id: $id) { id } catalogue { datasetCount } institution(slug: \"alpha\") { datasetCount }
      found: datasets(search: $word) { totalCount nodes { slug title } } renamed: datasets(search: $new) { totalCount }
      all: datasets(first: 50) { totalCount nodes { slug title abstract } facets(of: [THEMES, INSTITUTIONS]) { values { code count } } }
      near: datasets(where: { themes: [\"MT-0101\"], institutions: [\"alpha\"] }) { totalCount nearMisses { dataset { slug } } }
      suggest(prefix: $word) { text value } other: dataset(slug: \"the-other\") { relations { note dataset { slug title } } }
      changes(since: 0) { nodes { kind nodeId dataset { slug title abstract } } } }";
    for backend in BACKENDS {
        let place = Place::new(backend);
        let open = |record: &mut Value| {
            record["identifier"] = json!(format!("urn:uuid:{ID}"));
            record["titles"] = text("Kamelopard register");
            record["abstract"] = text("Quaggamire");
            record["themes"] = json!(["MT-0101"]);
        };
        let other = of_alpha("the-other", |record| record["relations"] = json!([{ "type": "OVERLAPS", "dataset": "the-one" }]));
        import(&place, &[institution("alpha"), of_alpha("the-one", open), other]);
        let server = place.serve(&[]);
        let (visitor, coordinator) = (Caller::visitor(), Caller::signed_in(&server, &place, "coordinator", &["COORDINATOR"]));
        server.wait_for_index();
        let asked = json!({ "slug": "the-one", "id": node_id(&format!("dataset:{ID}")), "word": "kamelopard", "new": "zebroid" });
        let before = visitor.data(&server, everywhere, asked.clone());
        assert_eq!((&before["all"]["totalCount"], &before["found"]["totalCount"]), (&json!(2), &json!(1)), "{before}");
        assert!(before["node"].is_object() && before["near"]["totalCount"] == 1, "{before}");
        // First it is hidden and rewritten in one go, then rewritten once more.
        for title in ["Zebroid register", "Zebroid register again"] {
            let hidden = |record: &mut Value| {
                open(record);
                record["visibility"] = json!("COORDINATOR");
                record["titles"] = text(title);
                record["abstract"] = text("Mulesome");
            };
            import(&place, &[of_alpha("the-one", hidden)]);
        }
        server.wait_for_index();
        let seen = coordinator.data(&server, everywhere, asked.clone());
        assert_eq!((&seen["dataset"]["slug"], &seen["renamed"]["totalCount"]), (&json!("the-one"), &json!(1)), "{seen}");
        let after = visitor.data(&server, everywhere, asked);
        let told = after.to_string().to_lowercase();
        for word in ["the-one", "kamelopard", "quaggamire", "zebroid", "mulesome"] {
            assert!(!told.contains(word), "{backend:?}: {word} in {after}");
        }
        let numbers =
            ["/catalogue/datasetCount", "/institution/datasetCount", "/all/totalCount", "/found/totalCount", "/renamed/totalCount"]
                .map(|path| after.pointer(path).cloned().unwrap_or_default());
        assert_eq!(numbers, [json!(1), json!(1), json!(1), json!(0), json!(0)], "{after}");
        assert!(after["dataset"].is_null() && after["node"].is_null() && after["other"]["relations"] == json!([]), "{after}");
        let feed = |data: &Value| -> Vec<String> {
            let of_it =
                data["changes"]["nodes"].as_array().expect("changes").iter().filter(|change| change["nodeId"] == before["node"]["id"]);
            of_it.map(|change| format!("{} {}", change["kind"].as_str().unwrap_or_default(), change["dataset"].is_object())).collect()
        };
        assert_eq!(feed(&after), ["CREATED false", "WITHDRAWN false"], "{after}");
        // Who may still read it keeps a copy.
        assert_eq!(feed(&seen), ["CREATED true", "UPDATED true", "UPDATED true"], "{seen}");
        assert!(!place.run_ok(&["export", "--public"]).contains("the-one"));
        server.stop();
        place.assert_healthy();
    }
}

/// Asks a question before a record is there, and again when it has come and was withdrawn.
fn around_a_withdrawal(question: &str) -> (Value, Value) {
    let place = Place::new(Backend::Sqlite);
    let mut lines: Vec<String> = (0..6).map(|n| of_alpha(&format!("survey-{n}"), |r| r["titles"] = text(&format!("Survey {n}")))).collect();
    lines.push(of_alpha("near", |record| record["titles"] = text("Xylophonique survey")));
    lines.push(institution("alpha"));
    import(&place, &lines);
    let server = place.serve(&[]);
    server.wait_for_index();
    let before = server.ask(question);
    for visibility in ["PUBLIC", "COORDINATOR"] {
        let change = |record: &mut Value| {
            record["visibility"] = json!(visibility);
            record["titles"] = text("Xylophonika survey survey");
        };
        import(&place, &[of_alpha("gone", change)]);
        server.wait_for_index();
    }
    let after = server.ask(question);
    server.stop();
    place.assert_healthy();
    (before, after)
}

#[test]
fn the_words_of_a_withdrawn_record_correct_nothing() {
    let question = "{ datasets(search: \"xylophonika\") { totalCount isRelaxed nodes { slug } } suggest(prefix: \"xylo\") { text } }";
    let (before, after) = around_a_withdrawal(question);
    assert_eq!(before["datasets"]["totalCount"], 1, "{before}");
    assert_eq!(after, before, "a word that nobody may know of is taken for a known one");
}

#[test]
fn the_words_of_a_withdrawn_record_weigh_nothing() {
    let (before, after) = around_a_withdrawal("{ datasets(search: \"survey\") { edges { score node { slug } } } }");
    assert_eq!(after, before, "a record that nobody may know of changes scores");
}

/// Versions of a record: what each holds, and a mask in the last.
fn versions(place: &Place) {
    const SOURCES: [&str; 2] = ["BIG_DATA", "LABOUR_FORCE_SURVEY"];
    let version = |number: usize, mask: bool| {
        of_alpha("masked-later", |record| {
            record["abstract"] = text(&format!("abstract{number}"));
            record["methodology"] = json!({ "sourceType": SOURCES[number % 2], "universe": text(&format!("universe{number}")) });
            if number > 1 {
                record["relations"] = json!([{ "type": "OVERLAPS", "dataset": "secret-one", "note": text(&format!("note{number}")) }]);
            }
            if mask {
                let hidden = |field: &str, visible_to: &str| json!({ "field": field, "visibleTo": visible_to });
                record["masks"] = json!([hidden("ABSTRACT", "COORDINATOR"), hidden("METHODOLOGY", "MEMBERS")]);
            }
        })
    };
    import(place, &[institution("alpha"), of_alpha("secret-one", |r| r["visibility"] = json!("COORDINATOR")), version(1, false)]);
    import(place, &[version(2, false)]);
    import(place, &[version(3, true)]);
}

#[test]
fn masks_added_later_hide_older_versions_too() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        versions(&place);
        let server = place.serve(&[]);
        let enter = |name: &str, roles: &[&str]| Caller::signed_in(&server, &place, name, roles);
        let editor = enter("alpha", &["EDITOR@alpha"]);
        let (abstracts, methods) = (["abstract1", "abstract2", "abstract3"], ["universe1", "universe2", "BIG_DATA", "LABOUR_FORCE_SURVEY"]);
        let relations = ["secret-one", "note2", "note3"];
        // Name, reader, whether they see the abstract, the methodology, the relation.
        let readers = [
            ("visitor", Caller::visitor(), [false, false, false]),
            ("member", enter("member", &[]), [false, true, false]),
            ("auditor", enter("auditor", &["AUDITOR"]), [false, true, false]),
            ("a token that may not read", editor.token(&server, &["REGISTER", "DECIDE", "AUDIT", "SUBSCRIBE"]), [false, false, false]),
            ("coordinator", enter("coordinator", &["COORDINATOR"]), [true, true, true]),
            ("editor", editor, [true, true, true]),
        ];
        server.wait_for_index();
        for (name, caller, sees) in &readers {
            let told: String =
                [(1, 2), (2, 3), (1, 3), (3, 1)].map(|(from, to)| difference(&server, caller, "masked-later", from, to)).concat();
            for (words, is_seen) in [(&abstracts[..], sees[0]), (&methods[..], sees[1]), (&relations[..], sees[2])] {
                for word in words {
                    assert_eq!(told.contains(word), is_seen, "{backend:?}: {word} for {name}: {told}");
                }
            }
        }
        server.stop();
        place.assert_healthy();
    }
}

#[test]
fn older_versions_tell_no_more_than_they_told_then() {
    let place = Place::new(Backend::Sqlite);
    let step = |number: usize, status: &str, visibility: &str, risk: &str| {
        of_alpha(&format!("{}-record", if status == "RETIRED" || number > 10 { "retired" } else { "stub" }), |record| {
            record["status"] = json!(status);
            record["visibility"] = json!(visibility);
            record["riskClass"] = json!(risk);
            record["abstract"] = text(&format!("wording{number}"));
        })
    };
    // A stub that was opened, and a record that was a stub meanwhile, with other words.
    import(&place, &[institution("alpha"), step(1, "PUBLISHED", "STUB", "VERY_HIGH"), step(11, "PUBLISHED", "PUBLIC", "LOW")]);
    import(&place, &[step(2, "PUBLISHED", "PUBLIC", "LOW"), step(12, "PUBLISHED", "STUB", "VERY_HIGH")]);
    import(&place, &[step(13, "PUBLISHED", "PUBLIC", "LOW")]);
    let server = place.serve(&[]);
    let visitor = Caller::visitor();
    server.wait_for_index();
    let stub = difference(&server, &visitor, "stub-record", 1, 2);
    assert!(stub.contains("wording2") && !stub.contains("wording1") && !stub.contains("VERY_HIGH"), "{stub}");
    let retired = [(1, 2), (2, 3), (1, 3)].map(|(from, to)| difference(&server, &visitor, "retired-record", from, to)).concat();
    assert!(retired.contains("wording11") && retired.contains("wording13"), "{retired}");
    assert!(!retired.contains("wording12") && !retired.contains("VERY_HIGH"), "{retired}");
    // A version that one may not know of is like one that never was.
    import(&place, &[of_alpha("opened-record", |record| record["visibility"] = json!("MEMBERS"))]);
    import(&place, &[of_alpha("opened-record", |_| {})]);
    server.wait_for_index();
    assert_eq!(difference(&server, &visitor, "opened-record", 1, 2), "NOT_FOUND");
    assert_eq!(difference(&server, &visitor, "opened-record", 77, 2), "NOT_FOUND");
    assert_eq!(difference(&server, &visitor, "opened-record", 0, 2), "NOT_FOUND");
    // Of a tombstone nobody but its producer knows any version.
    import(&place, &[step(14, "RETIRED", "PUBLIC", "LOW")]);
    server.wait_for_index();
    assert_eq!(difference(&server, &visitor, "retired-record", 1, 2), "NOT_FOUND");
    server.stop();
    place.assert_healthy();
}

#[test]
fn the_public_export_says_no_more_than_the_contract() {
    let place = Place::new(Backend::Sqlite);
    let stub = |record: &mut Value| {
        record["visibility"] = json!("STUB");
        record["riskClass"] = json!("VERY_HIGH");
        record["methodology"] = json!({ "sourceType": "BIG_DATA" });
    };
    let masked = |record: &mut Value| {
        record["methodology"] = json!({ "sourceType": "LABOUR_FORCE_SURVEY" });
        record["masks"] = json!([{ "field": "METHODOLOGY", "visibleTo": "MEMBERS" }]);
    };
    import(&place, &[institution("alpha"), of_alpha("the-stub", stub), of_alpha("the-masked", masked)]);
    let export = place.run_ok(&["export", "--public"]);
    for word in ["VERY_HIGH", "BIG_DATA", "LABOUR_FORCE_SURVEY"] {
        assert!(!export.contains(word), "{word} in {export}");
    }
}

#[test]
fn a_token_that_may_not_read_sees_no_declared_holdings() {
    let place = Place::new(Backend::Sqlite);
    import(&place, &[institution("alpha"), institution("beta"), of_alpha("the-open", |_| {})]);
    let server = place.serve(&[]);
    server.wait_for_index();
    let holder = Caller::signed_in(&server, &place, "beta", &["EDITOR@beta"]);
    let declare = "mutation { holdingDeclare(input: { dataset: \"the-open\", institution: \"beta\", holding: { role: HOLDER, accessTerms: {
      aggregates: OPEN, aggregatesBasis: QUOTED, microdata: SECURE, microdataBasis: QUOTED, channel: DESK,
      conditions: [{ language: \"en\", text: \"quaggamire\" }] } } }) { declaration { id } errors { message } } }";
    let made = holder.data(&server, declare, Value::Null);
    let id = made["holdingDeclare"]["declaration"]["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
    let query = "query($id: ID!) { node(id: $id) { ... on HoldingDeclaration { conditions } }
      viewer { holdingDeclarations { nodes { conditions } } } dataset(slug: \"the-open\") { holdingDeclarations { conditions } } }";
    let ask = |caller: &Caller| caller.data(&server, query, json!({ "id": id })).to_string().matches("quaggamire").count();
    assert_eq!(ask(&holder), 3);
    assert_eq!(ask(&holder.token(&server, &["READ"])), 3);
    assert_eq!(ask(&holder.token(&server, &["REGISTER", "DECIDE", "AUDIT", "SUBSCRIBE"])), 0, "declared holdings are read without READ");
    server.stop();
    place.assert_healthy();
}
