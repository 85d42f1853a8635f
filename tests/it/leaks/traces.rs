//! What is hidden answers as what never was: byte for byte, and statement for statement, whoever has read it before.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::actors::{Caller, node_id, statements};
use crate::harness::{BACKENDS, Backend, Place, Server, dataset, institution};

use super::model::text;

const HIDDEN: &str = "0193a2b4-0000-7000-8000-000000000001";
const ABSENT: &str = "0193a2b4-0000-7000-8000-000000000002";

fn import(place: &Place, lines: &[String]) {
    let file = place.write("lines.jsonl", lines.join("\n"));
    place.run_ok(&["import", &file]);
}

fn terms() -> Value {
    json!({ "aggregates": "OPEN", "aggregatesBasis": "QUOTED", "microdata": "SECURE", "microdataBasis": "QUOTED", "channel": "DESK" })
}

/// Two institutions, a record that only the first and the coordinator know, and open ones.
fn catalogue(backend: Backend) -> (Place, Server) {
    let place = Place::new(backend);
    let hidden = |record: &mut Value| {
        record["identifier"] = json!(format!("urn:uuid:{HIDDEN}"));
        record["producer"] = json!("alpha");
        record["visibility"] = json!("COORDINATOR");
        record["holdings"] = json!([{ "institution": "alpha", "role": "PRODUCER", "accessTerms": terms() }]);
        record["variables"] = json!([{ "name": "v1" }]);
        record["links"] = json!([{ "title": text("Page"), "url": "https://example.org/hidden-page" }]);
    };
    let masked = |record: &mut Value| {
        record["producer"] = json!("alpha");
        record["links"] = json!([{ "title": text("Page"), "url": "https://example.org/masked-page" }]);
        record["masks"] = json!([{ "field": "LINKS", "visibleTo": "COORDINATOR" }]);
    };
    let related = |record: &mut Value| record["relations"] = json!([{ "type": "OVERLAPS", "dataset": "the-hidden" }]);
    let draft = |record: &mut Value| {
        record["producer"] = json!("alpha");
        record["status"] = json!("DRAFT");
    };
    let lines = [
        institution("alpha"),
        institution("beta"),
        dataset("the-hidden", hidden),
        dataset("the-masked", masked),
        dataset("the-related", related),
        dataset("the-draft", draft),
        dataset("the-open", |_| {}),
    ];
    import(&place, &lines);
    let server = place.serve(&[]);
    server.wait_for_index();
    (place, server)
}

#[test]
fn a_hidden_record_is_not_even_read_for_those_who_may_not_see_it() {
    for backend in BACKENDS {
        let (place, server) = catalogue(backend);
        let editor = Caller::signed_in(&server, &place, "beta", &["EDITOR@beta", "VALIDATOR@beta"]);
        // Whoever read this would fail.
        place.alter("UPDATE datasets SET doc = '{' WHERE slug = 'the-hidden'");
        let query = "query($s: String!, $id: ID!) { dataset(slug: $s) { slug } node(id: $id) { id } }";
        let variables = json!({ "s": "the-hidden", "id": node_id(&format!("dataset:{HIDDEN}")) });
        for caller in [&Caller::visitor(), &editor] {
            assert_eq!(caller.data(&server, query, variables.clone()), json!({ "dataset": null, "node": null }));
        }
        let retire =
            "mutation { datasetRetire(input: { dataset: \"the-hidden\", expectedRevision: 1, reason: \"x\" }) { errors { code } } }";
        assert_eq!(editor.data(&server, retire, Value::Null)["datasetRetire"]["errors"], json!([{ "code": "NOT_FOUND" }]));
        server.stop();
    }
}

#[test]
fn a_relation_to_a_hidden_record_is_refused_like_one_to_nothing() {
    for backend in BACKENDS {
        let (place, server) = catalogue(backend);
        let editor = Caller::signed_in(&server, &place, "beta", &["EDITOR@beta"]);
        let mut told = Vec::new();
        for (number, target) in ["the-hidden", "the-absent", "the-open"].into_iter().enumerate() {
            let content = crate::drafting::content("beta", &format!("draft-{number}"), |c| {
                c["relations"] = json!([{ "type": "OVERLAPS", "dataset": target }]);
            });
            let create = "mutation($input: DatasetDraftCreateInput!) { datasetDraftCreate(input: $input) { draft { id revision } } }";
            let input = json!({ "institution": "beta", "content": content });
            let draft = editor.data(&server, create, json!({ "input": input }))["datasetDraftCreate"]["draft"].clone();
            let submit = "mutation($input: DraftInput!) { datasetSubmit(input: $input) { errors { code path message } } }";
            let input = json!({ "draft": draft["id"], "expectedRevision": draft["revision"] });
            let errors = editor.data(&server, submit, json!({ "input": input }))["datasetSubmit"]["errors"].clone();
            told.push(errors.to_string().replace(target, "…"));
        }
        assert_eq!(told[0], told[1]);
        assert!(told[0].contains("is not a dataset of this catalogue") && told[2] == "[]", "{told:?}");
        server.stop();
        place.assert_healthy();
    }
}

/// Those who may not know of the hidden record.
fn outsiders(server: &Server, place: &Place, editor: &Caller) -> Vec<(&'static str, Caller)> {
    let other = Caller::signed_in(server, place, "beta", &["EDITOR@beta", "VALIDATOR@beta"]);
    vec![
        ("visitor", Caller::visitor()),
        ("member", Caller::signed_in(server, place, "member", &[])),
        ("auditor", Caller::signed_in(server, place, "auditor", &["AUDITOR"])),
        ("admin", Caller::signed_in(server, place, "admin", &["ADMIN"])),
        ("people of another institution", other),
        ("a token that may not read", editor.token(server, &["REGISTER", "DECIDE", "AUDIT", "SUBSCRIBE"])),
    ]
}

/// The body of an answer, asked twice so that what can be remembered is; what was asked for is made the same.
fn body(server: &Server, caller: &Caller, query: &str, id: &str) -> String {
    caller.post(server, query, &json!({ "id": id }));
    let answer = caller.post(server, query, &json!({ "id": id }));
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body.replace(id, "…").replace(HIDDEN, "…").replace(ABSENT, "…")
}

#[test]
fn hidden_and_absent_are_the_same_byte_for_byte() {
    let by_slug = "query($id: String!) { dataset(slug: $id) { id slug title abstract producer { name } relations { note }
      holdings { id } versions { totalCount } diff(from: 1) { path } } }";
    let by_id = "query($id: ID!) { node(id: $id) { id __typename ... on Dataset { slug relations { note } } ... on Holding { role } } }";
    let in_list = "query($id: ID!) { nodes(ids: [$id, $id]) { id } }";
    for backend in BACKENDS {
        let (place, server) = catalogue(backend);
        let editor = Caller::signed_in(&server, &place, "alpha", &["EDITOR@alpha"]);
        let coordinator = Caller::signed_in(&server, &place, "coordinator", &["COORDINATOR"]);
        let outsiders = outsiders(&server, &place, &editor);
        let holding = coordinator.data(&server, "{ dataset(slug: \"the-hidden\") { holdings { id } } }", Value::Null);
        let holding = holding["dataset"]["holdings"][0]["id"].as_str().expect("a holding").to_owned();
        // The change that brought the hidden record comes after those of the two institutions.
        let pairs = [
            (node_id(&format!("dataset:{HIDDEN}")), node_id(&format!("dataset:{ABSENT}"))),
            (node_id(&format!("version:{HIDDEN}/1")), node_id(&format!("version:{ABSENT}/1"))),
            (node_id(&format!("variable:{HIDDEN}/0")), node_id(&format!("variable:{ABSENT}/0"))),
            (node_id("change:3"), node_id("change:999")),
            (holding, node_id(&format!("holding:{ABSENT}"))),
        ];
        let mut wrong = Vec::new();
        for round in ["before anyone read it", "after those who may have read it"] {
            for (name, caller) in &outsiders {
                for slug in ["the-hidden", "the-draft"] {
                    let (hidden, absent) = (body(&server, caller, by_slug, slug), body(&server, caller, by_slug, "the-absent"));
                    if hidden != absent {
                        wrong.push(format!("dataset({slug}) for {name} {round}: {hidden} and {absent}"));
                    }
                }
                for (hidden, absent) in &pairs {
                    for query in [by_id, in_list] {
                        let (found, nothing) = (body(&server, caller, query, hidden), body(&server, caller, query, absent));
                        if found != nothing {
                            wrong.push(format!("node({hidden}) for {name} {round}: {found} and {nothing}"));
                        }
                    }
                }
            }
            for reader in [&editor, &coordinator] {
                let seen = reader.data(&server, by_slug, json!({ "id": "the-hidden" }));
                assert_eq!(seen["dataset"]["slug"], "the-hidden");
            }
        }
        assert!(wrong.is_empty(), "{backend:?}:\n{}", wrong.join("\n"));
        server.stop();
        place.assert_healthy();
    }
}

#[test]
fn who_acts_on_a_hidden_record_is_told_what_they_are_told_of_an_absent_one() {
    let (place, server) = catalogue(Backend::Sqlite);
    let editor = Caller::signed_in(&server, &place, "alpha", &["EDITOR@alpha"]);
    let holding = "{ role: HOLDER, accessTerms: { aggregates: OPEN, aggregatesBasis: QUOTED, microdata: SECURE, microdataBasis: QUOTED, \
                   channel: DESK } }";
    let deeds = [
        "datasetDraftCreate(input: { dataset: $id })".to_owned(),
        "datasetRetire(input: { dataset: $id, expectedRevision: 1, reason: \"why\" })".to_owned(),
        "datasetReview(input: { dataset: $id, version: 1 })".to_owned(),
        "datasetTransfer(input: { dataset: $id, expectedRevision: 1, to: \"beta\" })".to_owned(),
        format!("holdingDeclare(input: {{ dataset: $id, institution: \"beta\", holding: {holding} }})"),
    ];
    for (name, caller) in outsiders(&server, &place, &editor) {
        for deed in &deeds {
            let query = format!("mutation($id: ID!) {{ it: {deed} {{ errors {{ code message path }} }} }}");
            for (hidden, absent) in [
                ("the-hidden".to_owned(), "the-absent".to_owned()),
                ("the-draft".to_owned(), "the-absent".to_owned()),
                (node_id(&format!("dataset:{HIDDEN}")), node_id(&format!("dataset:{ABSENT}"))),
            ] {
                let (found, nothing) = (body(&server, &caller, &query, &hidden), body(&server, &caller, &query, &absent));
                assert_eq!(found, nothing, "{deed} by {name} on {hidden}");
                let is_refused = found.contains("NOT_FOUND") || found.contains("SIGN_IN_REQUIRED");
                assert!(is_refused, "{deed} by {name}: {found}");
            }
        }
    }
    server.stop();
    place.assert_healthy();
}

#[test]
fn looking_for_duplicates_does_not_tell_what_is_hidden() {
    let (place, server) = catalogue(Backend::Sqlite);
    let editor = Caller::signed_in(&server, &place, "beta", &["EDITOR@beta"]);
    let create = "mutation($input: DatasetDraftCreateInput!) { datasetDraftCreate(input: $input) { draft { id } errors { message } } }";
    let ask = "query($id: ID!) { datasetDraft(id: $id) { duplicates { dataset { slug } reasons } } }";
    let work = |page: &str, title: &str| {
        let words = |words: &str| json!([{ "language": "en", "text": words }]);
        let content =
            json!({ "titles": words(title), "links": [{ "title": words("Page"), "url": format!("https://example.org/{page}") }] });
        let made = editor.data(&server, create, json!({ "input": { "institution": "beta", "content": content } }));
        let id = made["datasetDraftCreate"]["draft"]["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
        editor.ask(&server, ask, json!({ "id": id }));
        let answer = editor.ask(&server, ask, json!({ "id": id }));
        assert_eq!(answer["data"]["datasetDraft"]["duplicates"], json!([]), "{answer}");
        statements(&answer)
    };
    let nothing = work("no-page", "Quokkas");
    for (page, title) in [("hidden-page", "Quokkas"), ("masked-page", "Quokkas"), ("no-page", "the hidden")] {
        assert_eq!(work(page, title), nothing, "a draft with the page {page} and the title {title}");
    }
    server.stop();
    place.assert_healthy();
}

#[test]
fn hidden_and_absent_take_about_the_same_time() {
    let (place, server) = catalogue(Backend::Sqlite);
    let visitor = Caller::visitor();
    let query = "query($id: String!) { dataset(slug: $id) { slug } }";
    let mut spent = [Duration::ZERO; 2];
    let rounds: u32 = 100;
    for _ in 0..rounds {
        for (at, slug) in ["the-hidden", "the-absent"].iter().enumerate() {
            let begun = Instant::now();
            assert!(visitor.data(&server, query, json!({ "id": slug }))["dataset"].is_null());
            spent[at] += begun.elapsed();
        }
    }
    // A machine under load makes times unsteady: they are shown, and the statements are what is held to.
    eprintln!("hidden {:?}, absent {:?} a question", spent[0] / rounds, spent[1] / rounds);
    let took = |slug: &str| statements(&visitor.ask(&server, query, json!({ "id": slug })));
    assert_eq!(took("the-hidden"), took("the-absent"));
    server.stop();
    place.assert_healthy();
}

#[test]
fn a_cursor_of_one_who_sees_more_opens_nothing() {
    let place = Place::new(Backend::Sqlite);
    let lines: Vec<String> = ["PUBLIC", "COORDINATOR", "PUBLIC", "MEMBERS", "PUBLIC", "COORDINATOR"]
        .iter()
        .zip("abcdef".chars())
        .map(|(visibility, letter)| {
            dataset(&format!("{letter}-record"), |record| {
                record["visibility"] = json!(visibility);
                record["titles"] = text(&format!("{letter} survey"));
            })
        })
        .collect();
    import(&place, &lines);
    let server = place.serve(&[]);
    let coordinator = Caller::signed_in(&server, &place, "coordinator", &["COORDINATOR"]);
    server.wait_for_index();
    let visitor = Caller::visitor();
    for order in ["TITLE", "UPDATED_AT", "PERIOD_END", "RELEVANCE"] {
        let query = format!(
            "query($after: String, $before: String) {{ datasets(search: \"survey\", orderBy: {order}, first: 100, after: $after, before: $before) {{
               totalCount edges {{ cursor }} nodes {{ slug }} }} }}"
        );
        let slugs = |caller: &Caller, variables: Value| -> Vec<String> {
            let data = caller.data(&server, &query, variables);
            let nodes = data["datasets"]["nodes"].as_array().expect("nodes").iter();
            nodes.map(|node| node["slug"].as_str().expect("slug").to_owned()).collect()
        };
        let all = coordinator.data(&server, &query, json!({}));
        let all = all["datasets"]["edges"].as_array().expect("edges");
        assert_eq!(all.len(), 6);
        let own = slugs(&visitor, json!({}));
        assert_eq!(own.len(), 3, "{own:?}");
        for edge in all {
            let after = slugs(&visitor, json!({ "after": edge["cursor"] }));
            let before = slugs(&visitor, json!({ "before": edge["cursor"] }));
            assert!(own.ends_with(&after), "{order}: {own:?} does not end with {after:?}");
            assert!(own.starts_with(&before), "{order}: {own:?} does not begin with {before:?}");
            let cut = visitor.data(&server, &query, json!({ "after": edge["cursor"] }));
            assert_eq!(cut["datasets"]["totalCount"], 3, "{cut}");
        }
    }
    server.stop();
    place.assert_healthy();
}
