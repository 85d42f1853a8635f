//! The action API of CKAN: what its clients call, and what they are told of nothing.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::harness::{BACKENDS, Place, Server, dataset, institution, with_demo};

const SLUG: &str = "ma-hcp-rgph-2014";

fn call(server: &Server, action: &str) -> Value {
    let answer = server.get(&format!("/api/3/action/{action}"), &[]);
    let body = answer.json();
    assert!(answer.status == 200 && body["success"] == true, "{action} {} {body}", answer.status);
    body["result"].clone()
}

#[test]
fn packages_are_listed_shown_and_found() {
    with_demo(|server, _| {
        let names = call(server, "package_list");
        let names: Vec<&str> = names.as_array().expect("a list").iter().filter_map(Value::as_str).collect();
        assert!(names.len() == 58 && names.contains(&SLUG) && names.is_sorted());
        assert_eq!(call(server, "package_list?limit=2&offset=3"), json!(names[3..5]));
        let package = call(server, &format!("package_show?id={SLUG}"));
        assert_eq!((&package["name"], &package["type"], &package["private"]), (&json!(SLUG), &json!("dataset"), &json!(false)));
        assert_eq!(package["organization"]["name"], "hcp");
        assert_eq!(package["title_translated"]["en"], "General Population and Housing Census 2014 (Morocco)");
        let id = package["id"].as_str().expect("an identifier");
        assert_eq!(call(server, &format!("package_show?id={id}")), package);
        let posted =
            server.post("/api/action/package_show", &[("content-type", "application/json")], json!({ "id": SLUG }).to_string().as_bytes());
        assert_eq!(posted.json()["result"], package);
        let all = call(server, "package_search?q=*:*&rows=1000");
        assert_eq!((&all["count"], all["results"].as_array().map(Vec::len)), (&json!(58), Some(58)));
        let mut paged = Vec::new();
        for start in (0..58).step_by(7) {
            let page = call(server, &format!("package_search?rows=7&start={start}&sort=metadata_modified+asc"));
            paged.extend(page["results"].as_array().expect("packages").iter().map(|found| found["name"].to_string()));
        }
        paged.sort();
        paged.dedup();
        assert_eq!(paged.len(), 58);
        assert_eq!(call(server, "package_search?q=zzzznotfoundzzzz")["count"], 0);
        let of_hcp = call(server, "package_search?fq=organization:hcp&rows=0&facet.field=%5B%22organization%22%5D");
        assert!(of_hcp["count"].as_u64().is_some_and(|count| (2..58).contains(&count)) && of_hcp["results"] == json!([]), "{of_hcp}");
        let items = of_hcp["search_facets"]["organization"]["items"].as_array().expect("items");
        assert!(items.iter().any(|item| item["name"] == "hcp"), "{items:?}");
        assert_eq!(call(server, "organization_show?id=hcp")["package_count"], of_hcp["count"]);
        assert!(call(server, "organization_list").as_array().is_some_and(|list| list.len() == 50 && list.contains(&json!("hcp"))));
        assert_eq!(call(server, "organization_list?all_fields=true&limit=1")[0]["is_organization"], true);
        assert!(call(server, "status_show")["ckan_version"].is_string() && call(server, "site_read") == true);
    });
}

#[test]
fn tags_and_files_are_listed_and_counted() {
    let text = |words: &str| json!({ "en": { "text": words, "status": "OFFICIAL" } });
    let with = |visibility: &'static str, tags: &'static [&'static str]| {
        move |record: &mut Value| {
            record["producer"] = json!("holder");
            record["visibility"] = json!(visibility);
            record["keywords"] = tags.iter().map(|tag| text(tag)).collect();
            let terms = json!({ "aggregates": "OPEN", "aggregatesBasis": "QUOTED", "microdata": "UNKNOWN", "microdataBasis": "ASSUMED", "channel": "UNKNOWN" });
            let file = json!({ "title": text("Tables"), "format": "CSV", "url": format!("https://holder.example/{}.csv", tags.len()) });
            record["holdings"] = json!([{ "institution": "holder", "role": "PRODUCER", "accessTerms": terms, "distributions": [file] }]);
        }
    };
    for backend in BACKENDS {
        let place = Place::new(backend);
        let lines = [
            institution("holder"),
            dataset("labour-survey", with("PUBLIC", &["migration", "labour market"])),
            dataset("census", with("PUBLIC", &["migration"])),
            dataset("for-members", with("MEMBERS", &["secret word", "migration", "third"])),
            dataset("workers", with("PUBLIC", &["main-d'œuvre étrangère", "retour/réinsertion", "كلمة، أخرى", "élèves"])),
        ];
        place.run_ok(&["import", &place.write("lines.jsonl", lines.join("\n"))]);
        let server = place.serve(&[]);
        server.wait_for_index();
        let found = call(
            &server,
            "package_search?rows=1&sort=name+asc&facet.field=%5B%22tags%22,%22res_format%22,%22license_id%22,%22groups%22,%22organization%22%5D",
        );
        let wanted = json!({
            "tags": { "migration": 2, "labour market": 1, "élèves": 1, "main-d œuvre étrangère": 1, "retour réinsertion": 1, "كلمة أخرى": 1 },
            "res_format": { "CSV": 3 }, "license_id": { "notspecified": 3 }, "groups": {}, "organization": { "holder": 3 },
        });
        assert_eq!((&found["count"], &found["facets"]), (&json!(3), &wanted));
        // Each tag that is listed finds what has it.
        let tags = call(&server, "tag_list");
        for tag in tags.as_array().expect("tags").iter().filter_map(Value::as_str) {
            let query = url::form_urlencoded::byte_serialize(format!("tags:\"{tag}\"").as_bytes()).collect::<String>();
            let count = call(&server, &format!("package_search?fq={query}"))["count"].clone();
            assert_eq!(count, wanted["tags"][tag], "{tag}");
        }
        assert_eq!(found["search_facets"]["tags"]["items"][0], json!({ "name": "migration", "display_name": "migration", "count": 2 }));
        let file = &found["results"][0]["resources"][0];
        assert_eq!(call(&server, &format!("resource_show?id={}", file["id"].as_str().expect("an identifier"))), *file);
        assert_eq!(tags.as_array().map(Vec::len), Some(6));
        assert_eq!(call(&server, "tag_list?query=labour&all_fields=true")[0]["display_name"], "labour market");
        let typed = call(&server, "package_autocomplete?q=cens&limit=3");
        let wanted = json!([{ "name": "census", "title": "Title of census", "match_field": "name", "match_displayed": "census" }]);
        assert_eq!(typed, wanted);
        assert_eq!(call(&server, "package_autocomplete?q=labour+market")[0]["name"], "labour-survey");
        server.stop();
        place.assert_healthy();
    }
}

/// Names of what a search finds, in its order.
fn found(server: &Server, arguments: &str) -> Vec<String> {
    let result = call(server, &format!("package_search?rows=1000&{arguments}"));
    let packages = result["results"].as_array().expect("packages");
    assert_eq!(result["count"], packages.len(), "{arguments}");
    packages.iter().map(|package| package["name"].as_str().expect("a name").to_owned()).collect()
}

#[test]
fn fields_and_what_is_not_wanted_are_looked_at() {
    with_demo(|server, _| {
        assert_eq!(found(server, "q=title:zzzzzz"), Vec::<String>::new());
        let titled = call(server, "package_search?rows=1000&q=title:census");
        let titled = titled["results"].as_array().expect("packages");
        assert!(!titled.is_empty() && titled.len() < found(server, "q=census").len(), "{}", titled.len());
        for package in titled {
            assert!(package["title_translated"].to_string().to_lowercase().contains("census"), "{package}");
        }
        let (all, of_morocco) = (found(server, "q=census"), found(server, "q=morocco"));
        assert!(all.iter().any(|name| of_morocco.contains(name)));
        let rest: Vec<String> = all.into_iter().filter(|name| !of_morocco.contains(name)).collect();
        for negated in ["q=census+-morocco", "q=census+NOT+morocco"] {
            assert_eq!(found(server, negated), rest, "{negated}");
        }
        let (of_hcp, of_others) = (found(server, "fq=organization:hcp"), found(server, "fq=-organization:hcp"));
        assert_eq!(of_hcp.len() + of_others.len(), 58);
        assert!(of_hcp.iter().all(|name| !of_others.contains(name)));
        let named = found(server, "q=name:ma-*");
        assert!(!named.is_empty() && named.iter().all(|name| name.starts_with("ma-")), "{named:?}");
        assert_eq!(found(server, &format!("q=name:{SLUG}+title:census")), [SLUG]);
        assert_eq!(found(server, &format!("q=name:{SLUG}+-title:census")), Vec::<String>::new());
        assert_eq!(found(server, "q=groups:x"), Vec::<String>::new());
        for (limit, most) in [("1", 1), ("0", 0), ("-1", usize::MAX)] {
            let facets = call(server, &format!("package_search?rows=0&facet.field=%5B%22organization%22%5D&facet.limit={limit}"));
            let items = facets["search_facets"]["organization"]["items"].as_array().expect("items").len();
            assert!(items <= most && (most < 2 || items > 1), "{limit}: {items}");
        }
        // Solr's way to leave out what few packages have.
        for field in ["organization", "license_id"] {
            let of = |least: &str| {
                let facets = call(server, &format!("package_search?rows=0&facet.field=%5B%22{field}%22%5D&facet.limit=-1{least}"));
                let counts: BTreeMap<String, u64> = serde_json::from_value(facets["facets"][field].clone()).expect("numbers");
                counts
            };
            let all = of("");
            assert_eq!(of("&facet.mincount=0"), all, "{field}");
            let (fewest, most) = (*all.values().min().expect("a value"), *all.values().max().expect("a value"));
            assert!(fewest < most, "{field}: {all:?}");
            let frequent = all.into_iter().filter(|(_, count)| *count > fewest).collect();
            assert_eq!(of(&format!("&facet.mincount={}", fewest + 1)), frequent, "{field}");
        }
        let sifted = call(server, "package_search?rows=0&q=title:census&facet.field=%5B%22organization%22%5D&facet.limit=1");
        assert_eq!(sifted["search_facets"]["organization"]["items"].as_array().map(Vec::len), Some(1), "{sifted}");
    });
}

#[test]
fn packages_come_in_the_order_that_is_told() {
    let place = Place::new(BACKENDS[0]);
    let titled =
        |slug: &str, title: &str| dataset(slug, |record| record["titles"] = json!({ "en": { "text": title, "status": "OFFICIAL" } }));
    let lines =
        [titled("m-two", "Same title"), titled("z-one", "Same title"), titled("a-three", "Same title"), titled("k-four", "Another title")];
    let file = place.write("lines.jsonl", lines.join("\n"));
    place.run_ok(&["import", &file]);
    let server = place.serve(&[]);
    server.wait_for_index();
    for (sort, wanted) in [
        ("name+asc", ["a-three", "k-four", "m-two", "z-one"]),
        ("name+desc", ["z-one", "m-two", "k-four", "a-three"]),
        ("title+asc,name+asc", ["k-four", "a-three", "m-two", "z-one"]),
        ("title+asc,+name+desc", ["k-four", "z-one", "m-two", "a-three"]),
        ("title+desc,name+asc", ["a-three", "m-two", "z-one", "k-four"]),
        ("score+desc,name+asc", ["a-three", "k-four", "m-two", "z-one"]),
        ("metadata_created+asc", ["m-two", "z-one", "a-three", "k-four"]),
    ] {
        assert_eq!(found(&server, &format!("sort={sort}")), wanted, "{sort}");
        let told = call(&server, &format!("package_search?sort={sort}"))["sort"].clone();
        let asked: Vec<String> = sort.split(',').map(|part| part.replace('+', " ").trim().to_owned()).collect();
        assert_eq!(told, asked.join(", "));
    }
    assert_eq!(found(&server, "q=title&sort=name+desc"), ["z-one", "m-two", "k-four", "a-three"]);
    let page = call(&server, "package_search?sort=name+asc&start=1&rows=2");
    let names: Vec<&Value> = page["results"].as_array().expect("packages").iter().map(|package| &package["name"]).collect();
    assert_eq!((names, &page["count"]), (vec![&json!("k-four"), &json!("m-two")], &json!(4)));
    assert_eq!(call(&server, "package_search")["sort"], "metadata_modified desc");
    server.stop();
    place.assert_healthy();
}

#[test]
fn refusals_have_the_shape_that_clients_know() {
    with_demo(|server, _| {
        for (action, status, kind) in [
            ("package_show?id=no-such-package", 404, "Not Found Error"),
            ("organization_show?id=no-such-one", 404, "Not Found Error"),
            ("package_show", 409, "Validation Error"),
            ("package_search?rows=many", 409, "Validation Error"),
            ("package_search?fq=res_format:CSV", 409, "Validation Error"),
            ("package_search?q=colour:red", 409, "Validation Error"),
            ("package_search?q=title:a+OR+name:b", 409, "Validation Error"),
            ("package_search?q=title:census%5E2", 409, "Validation Error"),
            ("package_search?sort=popularity+desc", 409, "Validation Error"),
            ("package_search?sort=name+upwards", 409, "Validation Error"),
            ("package_search?facet.limit=many", 409, "Validation Error"),
            ("package_search?facet.mincount=few", 409, "Validation Error"),
            ("package_search?fl=name,title", 409, "Validation Error"),
            ("package_search?fl=%5B%22name%22%5D", 409, "Validation Error"),
            ("package_search?facet.field=%5B%22colour%22%5D", 409, "Validation Error"),
            ("resource_show?id=no-such-resource", 404, "Not Found Error"),
            ("resource_show", 409, "Validation Error"),
            ("package_autocomplete", 409, "Validation Error"),
        ] {
            let answer = server.get(&format!("/api/3/action/{action}"), &[]);
            let body = answer.json();
            assert_eq!((answer.status, &body["success"], &body["error"]["__type"]), (status, &json!(false), &json!(kind)), "{action}");
        }
        for whole in ["package_search?fl=", "package_search?fl=*"] {
            assert_eq!(server.get(&format!("/api/3/action/{whole}"), &[]).status, 200, "{whole}");
        }
        assert_eq!(server.get("/api/3/action/package_delete?id=x", &[]).status, 400);
        assert_eq!(server.post("/api/3/action/package_show", &[("content-type", "application/json")], b"[").status, 409);
    });
}

#[test]
fn packages_tell_nothing_that_is_hidden() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let with = |visibility: &'static str, masks: Value| {
            move |record: &mut Value| {
                record["producer"] = json!("holder");
                record["visibility"] = json!(visibility);
                record["abstract"] = json!({ "en": { "text": "Secretword", "status": "OFFICIAL" } });
                record["masks"] = masks;
            }
        };
        let lines = [
            institution("holder"),
            dataset("open", |record| record["producer"] = json!("holder")),
            dataset("masked", with("PUBLIC", json!([{ "field": "ABSTRACT", "visibleTo": "MEMBERS" }]))),
            dataset("stub", with("STUB", json!([]))),
            dataset("for-members", with("MEMBERS", json!([]))),
            dataset("for-coordinator", with("COORDINATOR", json!([]))),
        ];
        let file = place.write("lines.jsonl", lines.join("\n"));
        place.run_ok(&["import", &file]);
        let server = place.serve(&[]);
        server.wait_for_index();
        assert_eq!(call(&server, "package_list"), json!(["masked", "open", "stub"]));
        for action in [
            "package_search?rows=100",
            "package_search?q=secretword",
            "current_package_list_with_resources",
            "organization_show?id=holder&include_datasets=true",
        ] {
            let told = call(&server, action).to_string();
            assert!(!told.contains("Secretword") && !told.contains("for-members") && !told.contains("CENSUS"), "{action}\n{told}");
        }
        assert_eq!(call(&server, "package_search?rows=0")["count"], 3);
        assert_eq!(call(&server, "organization_show?id=holder")["package_count"], 3);
        let absent = server.get("/api/3/action/package_show?id=no-such-package", &[]).body;
        for slug in ["for-members", "for-coordinator"] {
            let hidden = server.get(&format!("/api/3/action/package_show?id={slug}"), &[]);
            assert_eq!((hidden.status, hidden.body), (404, absent.clone()));
            let found = call(&server, &format!("package_search?fq=name:{slug}"));
            assert_eq!(found["count"], 0);
        }
        server.stop();
        place.assert_healthy();
    }
}
