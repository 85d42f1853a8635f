//! Saved searches: what begins to answer them is told once, to whom may see it.

use serde_json::{Value, json};

use crate::harness::{BACKENDS, Place, Server, dataset, institution};
use crate::outgoing::{Person, import, wait_until};
use crate::people::{Who, ask_as};

const SAVE: &str = "mutation($input: SavedSearchCreateInput!) { savedSearchCreate(input: $input) { savedSearch { id name search } errors { code path } } }";
const REMOVE: &str = "mutation($id: ID!) { savedSearchRemove(id: $id) { removed errors { code } } }";
const READ: &str = "mutation($ids: [ID!]) { notificationsMarkRead(ids: $ids) { viewer { unreadCount } errors { code } } }";
const SHOW: &str =
    "{ viewer { unreadCount notifications(first: 100) { totalCount nodes { id kind text title url readAt } } savedSearches { id name } } }";

/// Topic of return migrants.
const RETURNEES: &str = "MT-0701";

/// A dataset with one topic in one place.
fn about(slug: &str, theme: &str, place: &str, visibility: &str) -> String {
    dataset(slug, |r| {
        r["themes"] = json!([theme]);
        r["coverage"]["reportingAreas"] = json!([place]);
        r["visibility"] = json!(visibility);
    })
}

/// Code of the region Oriental.
fn oriental(server: &Server) -> String {
    let data = server.ask("{ concepts(scheme: PLACES, search: \"Oriental\") { code label level } }");
    let found = data["concepts"].as_array().expect("list").iter().find(|place| place["label"] == "Oriental" && place["level"] == "REGION");
    found.and_then(|place| place["code"].as_str()).unwrap_or_else(|| panic!("no region Oriental in {data}")).to_owned()
}

fn save(server: &Server, person: &Person, name: &str, filter: &Value) -> String {
    let made = person.ask(server, SAVE, json!({ "input": { "name": name, "where": filter } }))["savedSearchCreate"].clone();
    assert_eq!((&made["errors"], &made["savedSearch"]["name"]), (&json!([]), &json!(name)), "{made}");
    made["savedSearch"]["id"].as_str().expect("identifier").to_owned()
}

/// Titles of the notices on saved searches, oldest first.
fn told(server: &Server, person: &Person) -> Vec<String> {
    let data = person.ask(server, SHOW, Value::Null);
    let nodes = data["viewer"]["notifications"]["nodes"].as_array().expect("list").clone();
    let of_searches = nodes.iter().rev().filter(|node| node["kind"] == "SAVED_SEARCH_MATCHED");
    of_searches.map(|node| node["title"].as_str().expect("title").to_owned()).collect()
}

/// Imports records, and one more that answers every search of the test, whose notice comes after all others.
fn import_and_wait(place: &Place, server: &Server, watcher: &Person, lines: &[String], place_code: &str, mark: &str) {
    import(place, lines);
    server.wait_for_index();
    import(place, &[about(mark, RETURNEES, place_code, "PUBLIC")]);
    let title = format!("Oriental: Title of {mark}");
    wait_until("the last record is told of", 20, || told(server, watcher).contains(&title));
}

#[test]
fn a_saved_search_tells_once_of_what_begins_to_answer_it() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let server = place.serve(&[]);
        let region = oriental(&server);
        import(&place, &[institution("holder"), about("before", RETURNEES, &region, "PUBLIC")]);
        server.wait_for_index();
        let member = Person::join(&place, &server, "member", "en", &[]);
        let coordinator = Person::join(&place, &server, "coordinator", "en", &["COORDINATOR"]);
        let filter = json!({ "themes": [RETURNEES], "reportingAreas": [region] });
        for person in [&member, &coordinator] {
            save(&server, person, "Oriental", &filter);
        }

        let lines = [
            about("fitting", RETURNEES, &region, "PUBLIC"),
            about("other-theme", "MT-0506", &region, "PUBLIC"),
            about("other-place", RETURNEES, "MA-09", "PUBLIC"),
            about("for-members", RETURNEES, &region, "MEMBERS"),
            about("hidden", RETURNEES, &region, "COORDINATOR"),
            about("unpublished", RETURNEES, &region, "PUBLIC").replace("\"PUBLISHED\"", "\"DRAFT\""),
        ];
        import_and_wait(&place, &server, &coordinator, &lines, &region, "first-mark");
        wait_until("the member is told too", 20, || told(&server, &member).len() >= 3);
        let titles = |slugs: &[&str]| slugs.iter().map(|slug| format!("Oriental: Title of {slug}")).collect::<Vec<_>>();
        let sorted = |mut list: Vec<String>| {
            list.sort_unstable();
            list
        };
        assert_eq!(sorted(told(&server, &member)), titles(&["first-mark", "fitting", "for-members"]));
        assert_eq!(sorted(told(&server, &coordinator)), titles(&["first-mark", "fitting", "for-members", "hidden"]));

        // Edited: one still answers, one begins to, one that was there goes on, one is now shown to members.
        let retitled = |slug: &str| about(slug, RETURNEES, &region, "PUBLIC").replace("Title of", "New title of");
        let lines = [
            retitled("fitting"),
            about("other-theme", RETURNEES, &region, "PUBLIC"),
            retitled("before"),
            about("hidden", RETURNEES, &region, "MEMBERS"),
        ];
        import_and_wait(&place, &server, &coordinator, &lines, &region, "second-mark");
        wait_until("the member is told of three more", 20, || told(&server, &member).len() >= 6);
        assert_eq!(
            sorted(told(&server, &member)),
            titles(&["first-mark", "fitting", "for-members", "hidden", "other-theme", "second-mark"])
        );
        assert_eq!(sorted(told(&server, &coordinator)), sorted(told(&server, &member)), "each once");

        // Not lost over a restart, and not told again.
        server.stop();
        import(&place, &[about("meanwhile", RETURNEES, &region, "PUBLIC"), retitled("first-mark")]);
        let server = place.serve(&[]);
        wait_until("what came while the server was stopped is told", 20, || told(&server, &member).len() >= 7);
        assert_eq!(told(&server, &member).iter().filter(|title| title.contains("meanwhile")).count(), 1);
        assert_eq!(told(&server, &member).len(), 7);
        server.stop();
        place.assert_healthy();
    }
}

#[test]
fn notices_are_read_by_their_owner_only() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        import(&place, &[institution("holder")]);
        let server = place.serve(&[]);
        let [reader, other] = ["reader", "other"].map(|name| Person::join(&place, &server, name, "en", &[]));
        for person in [&reader, &other] {
            save(&server, person, "Oriental", &json!({ "themes": [RETURNEES] }));
        }
        import(&place, &["one", "two", "three"].map(|slug| about(&format!("record-{slug}"), RETURNEES, "MA", "PUBLIC")));
        let unread = |person: &Person| person.ask(&server, SHOW, Value::Null)["viewer"]["unreadCount"].as_i64();
        wait_until("three notices each", 20, || (unread(&reader), unread(&other)) == (Some(3), Some(3)));

        let shown = ask_as(&server, Who::Token(&reader.token), SHOW, Value::Null)["viewer"]["notifications"].clone();
        let first = &shown["nodes"][0];
        assert_eq!((&shown["totalCount"], &first["readAt"]), (&json!(3), &Value::Null));
        assert_eq!(first["text"], "A saved search has new results");
        let slug = first["title"].as_str().and_then(|title| title.rsplit(' ').next()).expect("title");
        assert!(first["url"].as_str().is_some_and(|url| url.ends_with(&format!("/dataset/{slug}"))), "{first}");

        let read = |person: &Person, ids: Value| person.ask(&server, READ, json!({ "ids": ids }))["notificationsMarkRead"].clone();
        let id = &first["id"];
        // Twice is as good as once, and another's notice is not touched.
        for _ in 0..2 {
            assert_eq!(read(&reader, json!([id])), json!({ "viewer": { "unreadCount": 2 }, "errors": [] }));
            assert_eq!(read(&other, json!([id])), json!({ "viewer": { "unreadCount": 3 }, "errors": [] }));
        }
        assert!(person_sees_read(&server, &reader, id));
        assert_eq!(read(&reader, json!(["nonsense"])), json!({ "viewer": null, "errors": [{ "code": "NOT_FOUND" }] }));
        assert_eq!((reader.notifications(&server).len(), other.notifications(&server).len()), (2, 3), "only the unread ones");
        assert_eq!(read(&reader, Value::Null), json!({ "viewer": { "unreadCount": 0 }, "errors": [] }));
        assert_eq!(unread(&other), Some(3));
        let visitor = ask_as(&server, Who::Visitor, READ, json!({ "ids": null }));
        assert_eq!(visitor["notificationsMarkRead"], json!({ "viewer": null, "errors": [{ "code": "SIGN_IN_REQUIRED" }] }));
        server.stop();
        place.assert_healthy();
    }
}

fn person_sees_read(server: &Server, person: &Person, id: &Value) -> bool {
    let data = person.ask(server, SHOW, Value::Null);
    let nodes = data["viewer"]["notifications"]["nodes"].as_array().expect("list").clone();
    nodes.iter().filter(|node| node["readAt"].is_string()).map(|node| &node["id"]).eq([id])
}

#[test]
fn searches_have_names_owners_and_an_end() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        import(&place, &[institution("holder")]);
        let server = place.serve(&[]);
        let [owner, other] = ["owner", "other"].map(|name| Person::join(&place, &server, name, "en", &[]));
        let id = save(&server, &owner, "Oriental", &json!({ "themes": [RETURNEES] }));
        let kept = save(&server, &owner, "Words", &json!({ "themes": ["MT-0506"] }));
        let nameless = owner.ask(&server, SAVE, json!({ "input": { "name": "  " } }));
        assert_eq!(nameless["savedSearchCreate"]["errors"], json!([{ "code": "INVALID", "path": ["name"] }]));
        let visitor = ask_as(&server, Who::Visitor, SAVE, json!({ "input": { "name": "mine" } }));
        assert_eq!(visitor["savedSearchCreate"]["errors"][0]["code"], "SIGN_IN_REQUIRED");

        let searches = |person: &Person| person.ask(&server, SHOW, Value::Null)["viewer"]["savedSearches"].clone();
        assert_eq!(
            (searches(&owner), searches(&other)),
            (json!([{ "id": id, "name": "Oriental" }, { "id": kept, "name": "Words" }]), json!([]))
        );
        let refused = other.ask(&server, REMOVE, json!({ "id": id }));
        assert_eq!(refused["savedSearchRemove"], json!({ "removed": null, "errors": [{ "code": "NOT_FOUND" }] }));
        let removed = owner.ask(&server, REMOVE, json!({ "id": id }));
        assert_eq!(removed["savedSearchRemove"], json!({ "removed": id, "errors": [] }));
        assert_eq!(searches(&owner), json!([{ "id": kept, "name": "Words" }]));
        // Removed, it tells no more; the other one does.
        import(&place, &[about("returnees", RETURNEES, "MA", "PUBLIC")]);
        server.wait_for_index();
        import(&place, &[about("detention", "MT-0506", "MA", "PUBLIC")]);
        wait_until("the search that was kept tells", 20, || !told(&server, &owner).is_empty());
        assert_eq!(told(&server, &owner), ["Words: Title of detention"]);
        server.stop();
        place.assert_healthy();
    }
}
