//! Addresses of records in many forms: what programs are given, what they need not fetch twice, and what nobody is given.

use serde_json::{Value, json};

use crate::actors::Caller;
use crate::harness::{Answer, BACKENDS, Place, Server, dataset, institution, with_demo};

const TURTLE: &str = "text/turtle";
const RDF_XML: &str = "application/rdf+xml";
const JSON_LD: &str = "application/ld+json";
const SLUG: &str = "ma-hcp-rgph-2014";
const FORMS: [(&str, &str); 10] = [
    ("ttl", TURTLE),
    ("rdf", RDF_XML),
    ("jsonld", JSON_LD),
    ("schemaorg.jsonld", JSON_LD),
    ("ddi.xml", "application/xml"),
    ("ddi26.xml", "application/xml"),
    ("datacite.xml", "application/vnd.datacite.datacite+xml"),
    ("datacite.json", "application/vnd.datacite.datacite+json"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("json", "application/json"),
];

fn media(answer: &Answer) -> &str {
    answer.header("content-type").split(';').next().unwrap_or_default()
}

/// A catalogue with something of every visibility, and a word in each record that nobody else may read.
struct Mixed {
    server: Server,
    place: Place,
}

fn mixed(backend: crate::harness::Backend) -> Mixed {
    let place = Place::new(backend);
    let secret = |record: &mut Value| {
        record["producer"] = json!("holder");
        record["abstract"] = json!({ "en": { "text": "Secretword of the record", "status": "OFFICIAL" } });
    };
    let lines = [
        institution("holder"),
        dataset("open-one", |record| {
            secret(record);
            record["abstract"]["en"]["text"] = json!("Open words");
            record["relations"] = json!([
                { "type": "OVERLAPS", "dataset": "for-members" }, { "type": "OVERLAPS", "dataset": "open-two" }
            ]);
        }),
        dataset("open-two", |record| record["producer"] = json!("holder")),
        dataset("masked", |record| {
            secret(record);
            record["masks"] = json!([{ "field": "ABSTRACT", "visibleTo": "MEMBERS" }]);
        }),
        dataset("without-method", |record| {
            secret(record);
            record["masks"] = json!([{ "field": "METHODOLOGY", "visibleTo": "MEMBERS" }, { "field": "ABSTRACT", "visibleTo": "MEMBERS" }]);
        }),
        dataset("stub", |record| {
            secret(record);
            record["visibility"] = json!("STUB");
        }),
        dataset("for-members", |record| {
            secret(record);
            record["visibility"] = json!("MEMBERS");
        }),
        dataset("for-coordinator", |record| {
            secret(record);
            record["visibility"] = json!("COORDINATOR");
        }),
        dataset("retired", |record| {
            secret(record);
            record["status"] = json!("RETIRED");
        }),
    ];
    let file = place.write("mixed.jsonl", lines.join("\n"));
    place.run_ok(&["import", &file]);
    let server = place.serve(&[]);
    server.wait_for_index();
    Mixed { server, place }
}

#[test]
fn one_address_answers_in_the_form_that_is_liked_best() {
    with_demo(|server, _| {
        for path in ["/catalog".to_owned(), format!("/dataset/{SLUG}"), "/institution/hcp".to_owned()] {
            for (accept, wanted) in [
                (TURTLE, TURTLE),
                (RDF_XML, RDF_XML),
                (JSON_LD, JSON_LD),
                ("text/turtle;q=0.5, application/ld+json;q=0.9", JSON_LD),
                ("application/n-quads, text/turtle;q=0.2", TURTLE),
            ] {
                let answer = server.get(&path, &[("accept", accept)]);
                assert_eq!((answer.status, media(&answer)), (200, wanted), "{path} {accept}");
                assert!(answer.header("vary").contains("Accept"), "{path} {}", answer.header("vary"));
            }
            let refused = server.get(&path, &[("accept", "image/png")]);
            assert!(refused.status == 406 && refused.body.contains("text/turtle  http"), "{}", refused.body);
            assert!(refused.header("vary").contains("Accept"));
        }
        assert_eq!(server.get("/catalog", &[("accept", "text/html")]).status, 303);
        for (ending, wanted) in FORMS {
            let path = format!("/dataset/{SLUG}.{ending}");
            let answer = server.get(&path, &[("accept", "image/png")]);
            assert_eq!((answer.status, media(&answer)), (200, wanted), "an ending needs no Accept: {path}");
            assert!(answer.header("link").contains(&format!("/dataset/{SLUG}>; rel=\"describes\"")), "{}", answer.header("link"));
        }
        assert_eq!(server.get(&format!("/dataset/{SLUG}.docx"), &[]).status, 404);
    });
}

#[test]
fn the_forms_say_what_the_record_says() {
    with_demo(|server, _| {
        let own = server.get(&format!("/dataset/{SLUG}.json"), &[]).json();
        assert_eq!((&own["type"], &own["slug"], &own["recordKind"]), (&json!("dataset"), &json!(SLUG), &json!("STATISTICAL_OPERATION")));
        let title = own["titles"]["ar"]["text"].as_str().expect("a title").to_owned();
        for (ending, mark) in [
            ("ttl", "dcat:Dataset"),
            ("rdf", "<dcat:Dataset"),
            ("jsonld", "http://www.w3.org/ns/dcat#"),
            ("schemaorg.jsonld", "https://schema.org/"),
            ("ddi.xml", "ddi:codebook:2_5"),
            ("datacite.xml", "http://datacite.org/schema/kernel-4"),
            ("datacite.json", "http://datacite.org/schema/kernel-4"),
        ] {
            let body = server.get(&format!("/dataset/{SLUG}.{ending}"), &[]).body;
            assert!(body.contains(mark) && body.contains(&title), "{ending}: {title}\n{}", &body[..body.len().min(600)]);
        }
        let both = server.get(&format!("/dataset/{SLUG}"), &[("accept", JSON_LD)]).json();
        assert_eq!(both[1]["@type"], "Dataset");
        assert_eq!(both[1]["@context"]["@vocab"], "http://schema.org/");
        assert!(both[0].to_string().contains("http://www.w3.org/ns/dcat#"));
    });
}

#[test]
fn the_page_is_for_people_and_shows_programs_the_way() {
    with_demo(|server, _| {
        for (tag, direction, piece, certainty) in [
            ("fr", "ltr", "Autres formats", "Faits principaux lus dans une source citée"),
            ("ar", "rtl", "صيغ أخرى", "الوقائع الأساسية مقروءة في مصدر مذكور"),
            ("en", "ltr", "Other formats", "Key facts read in a cited source"),
        ] {
            let page = server.get(&format!("/dataset/{SLUG}"), &[("accept", "text/html"), ("accept-language", tag)]);
            assert_eq!((page.status, media(&page)), (200, "text/html"));
            assert!(page.body.contains(&format!("<html lang=\"{tag}\" dir=\"{direction}\">")) && page.body.contains(piece), "{tag}");
            assert!(page.body.contains(certainty), "how sure the record is, in words and not as a code");
            assert!(page.body.contains("/graphiql?query=") && !page.body.contains("noindex"));
            let embedded = page.body.split("<script type=\"application/ld+json\">").nth(1).and_then(|rest| rest.split("</script>").next());
            let embedded: Value = serde_json::from_str(embedded.expect("JSON-LD in the page")).expect("JSON");
            assert_eq!((&embedded["@context"], &embedded["@type"]), (&json!("https://schema.org/"), &json!("Dataset")));
            let links = page.header("link");
            for wanted in [
                format!("/dataset/{SLUG}.ttl>; rel=\"describedby\"; type=\"text/turtle\""),
                format!("/dataset/{SLUG}.ddi.xml>; rel=\"alternate\"; type=\"application/xml\""),
                "rel=\"cite-as\"".to_owned(),
            ] {
                assert!(links.contains(&wanted), "{wanted} in {links}");
            }
        }
    });
}

#[test]
fn words_of_a_record_cannot_leave_their_place_in_the_page() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let evil = "</script><script>alert(1)</script><b onmouseover=\"x\">&amp;";
        let line = dataset("evil", |record| record["titles"]["en"]["text"] = json!(evil));
        let file = place.write("evil.jsonl", line);
        place.run_ok(&["import", &file]);
        let server = place.serve(&[]);
        let page = server.get("/dataset/evil", &[("accept", "text/html")]).body;
        assert!(!page.contains("<script>") && !page.contains("<b "), "{page}");
        assert_eq!(page.matches("</script>").count(), 1, "only our own block ends");
        let feed = server.get("/feed.atom", &[]).body;
        assert!(!feed.contains("<script") && feed.contains("&lt;script&gt;"), "{feed}");
        server.stop();
        place.assert_healthy();
    }
}

#[test]
fn nobody_fetches_twice_what_did_not_change() {
    with_demo(|server, _| {
        for path in ["/catalog.ttl", "/catalog.rdf", "/catalog.jsonld", "/data.json", "/sitemap.xml", "/feed.atom", "/institution/hcp.ttl"]
            .into_iter()
            .map(str::to_owned)
            .chain(FORMS.iter().map(|(ending, _)| format!("/dataset/{SLUG}.{ending}")))
            .chain([format!("/dataset/{SLUG}")])
        {
            let plain = server.get(&path, &[("accept-encoding", "identity")]);
            let tag = plain.header("etag").to_owned();
            assert!(plain.status == 200 && !plain.body.is_empty() && tag.ends_with('"'), "{path} {} {tag}", plain.status);
            assert_eq!(tag.starts_with("W/"), path == "/data.json", "{path} {tag}");
            let again = server.get(&path, &[("if-none-match", &tag), ("accept-encoding", "identity")]);
            assert_eq!((again.status, again.body.as_str(), again.header("etag")), (304, "", tag.as_str()), "{path}");
            let other = server.get(&path, &[("if-none-match", "\"0\""), ("accept-encoding", "identity")]);
            assert_eq!((other.status, other.header("etag")), (200, tag.as_str()), "{path}");
            let packed = server.get(&path, &[("accept-encoding", "gzip")]);
            assert!(packed.body == plain.body, "{path}");
            if !tag.starts_with("W/") {
                assert_ne!(packed.header("etag"), tag, "{path}: other bytes have another mark");
                let again = server.get(&path, &[("if-none-match", packed.header("etag")), ("accept-encoding", "gzip")]);
                assert_eq!(again.status, 304, "{path}");
            }
        }
    });
}

#[test]
fn head_tells_the_same_without_content() {
    with_demo(|server, _| {
        for path in
            ["/catalog.ttl", "/data.json", "/sitemap.xml", "/feed.atom", "/dataset/ma-hcp-rgph-2014", "/dataset/ma-hcp-rgph-2014.ttl"]
        {
            let whole = server.get(path, &[("accept-encoding", "identity")]);
            let request = ureq::head(format!("{}{path}", server.address)).header("accept-encoding", "identity");
            let mut head = request.call().expect("the server answers");
            let header = |name: &str| head.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
            assert_eq!(
                (head.status().as_u16(), header("etag"), header("content-type")),
                (200, whole.header("etag").to_owned(), whole.header("content-type").to_owned()),
                "{path}"
            );
            assert_eq!(head.body_mut().read_to_string().expect("no body"), "");
        }
    });
}

#[test]
fn what_is_hidden_is_answered_like_what_is_absent() {
    for backend in BACKENDS {
        let Mixed { server, place } = mixed(backend);
        for path in ["/dataset/{}", "/dataset/{}.ttl", "/dataset/{}.json", "/dataset/{}.ddi.xml", "/dataset/{}.schemaorg.jsonld"] {
            for accept in ["text/html", TURTLE, "image/png"] {
                let of = |slug: &str| {
                    let answer = server.get(&path.replace("{}", slug), &[("accept", accept)]);
                    let mut headers = answer.headers.clone();
                    headers.retain(|(name, _)| !["x-request-id", "date"].contains(&name.as_str()));
                    headers.sort();
                    (answer.status, answer.body, headers)
                };
                let absent = of("no-such-record");
                assert!(absent.0 == 404 && absent.2.iter().any(|(name, value)| name == "vary" && value.contains("Authorization")));
                assert_eq!(of("for-members"), absent, "{path} {accept}");
                assert_eq!(of("for-coordinator"), absent, "{path} {accept}");
            }
        }
        let ids = place.rows("SELECT id FROM datasets WHERE slug IN ('for-members', 'for-coordinator')");
        assert_eq!(ids.len(), 2);
        for id in &ids {
            for accept in ["*/*", "text/html"] {
                let hidden = server.get(&format!("/id/{id}"), &[("accept", accept)]);
                let absent = server.get("/id/0193a2b4-0000-7000-8000-000000000009", &[("accept", accept)]);
                assert_eq!((hidden.status, hidden.body), (404, absent.body));
            }
        }
        server.stop();
        place.assert_healthy();
    }
}

#[test]
fn lists_hold_what_anyone_may_see_and_no_more() {
    for backend in BACKENDS {
        let Mixed { server, place } = mixed(backend);
        let hidden: Vec<String> = place.rows("SELECT id FROM datasets WHERE slug IN ('for-members', 'for-coordinator')");
        for path in ["/catalog.ttl", "/catalog.rdf", "/catalog.jsonld", "/data.json", "/sitemap.xml", "/feed.atom", "/institution/holder"] {
            let body = server.get(path, &[]).body;
            for word in ["Secretword", "for-members", "for-coordinator"].into_iter().chain(hidden.iter().map(String::as_str)) {
                assert!(!body.contains(word), "{path} tells {word}:\n{body}");
            }
            let has = |slug: &str| body.contains(&format!("/dataset/{slug}")) || body.contains(&format!("Title of {slug}"));
            assert!(has("open-one") && has("masked"), "{path}\n{body}");
            let lists_pages = ["/sitemap.xml", "/feed.atom", "/institution/holder"].contains(&path);
            assert_eq!(has("stub"), lists_pages, "a stub has a page, and is no record of a format: {path}");
            assert_eq!(has("without-method"), lists_pages, "{path}");
            assert_eq!(has("retired"), path == "/feed.atom", "{path}");
        }
        let whole = server.get("/catalog.jsonld", &[]).body;
        assert!(whole.contains("/dataset/open-two") && whole.contains("Open words"));
        for (ending, _) in FORMS {
            let body = server.get(&format!("/dataset/masked.{ending}"), &[]).words();
            assert!(body.contains("Title of masked") && !body.contains("Secretword"), "{ending}\n{body}");
        }
        server.stop();
        place.assert_healthy();
    }
}

#[test]
fn stubs_have_a_page_and_tombstones_say_that_they_are_gone() {
    for backend in BACKENDS {
        let Mixed { server, place } = mixed(backend);
        let stub = server.get("/dataset/stub", &[("accept", "text/html"), ("accept-language", "en")]);
        assert_eq!(stub.status, 200);
        assert!(stub.body.contains("Title of stub") && stub.body.contains("Name of holder"), "{}", stub.body);
        assert!(!stub.body.contains("Secretword") && !stub.body.contains("ld+json") && !stub.body.contains("Census"), "{}", stub.body);
        for slug in ["stub", "without-method"] {
            let other = server.get(&format!("/dataset/{slug}.ttl"), &[]);
            assert!(other.status == 404 && other.body.contains("in outline only"), "{}", other.body);
            let page = server.get(&format!("/dataset/{slug}.ttl"), &[("accept", "text/html"), ("accept-language", "fr")]);
            assert!(page.status == 404 && page.body.contains("pas d&#39;autre format"), "{}", page.body);
        }
        let gone = server.get("/dataset/retired", &[("accept", "text/html"), ("accept-language", "en")]);
        assert_eq!((gone.status, gone.header("etag")), (410, ""));
        assert!(
            gone.body.contains("Title of retired") && gone.body.contains("noindex") && !gone.body.contains("Secretword"),
            "{}",
            gone.body
        );
        for (ending, _) in FORMS {
            let form = server.get(&format!("/dataset/retired.{ending}"), &[]);
            assert!(form.status == 410 && form.body.contains("The record `retired` was retired"), "{ending} {}", form.status);
            let page = server.get(&format!("/dataset/retired.{ending}"), &[("accept", "text/html"), ("accept-language", "ar")]);
            assert!(page.status == 410 && page.body.contains("سُحب هذا السجل"), "{ending} {}", page.body);
            assert!(
                page.body.contains("href=\"/dataset/retired?lang=ar\"") && page.header("vary").contains("Authorization"),
                "{}",
                page.body
            );
        }
        server.stop();
        place.assert_healthy();
    }
}

#[test]
fn who_is_signed_in_reads_at_the_same_address_what_they_may_see() {
    for backend in BACKENDS {
        let Mixed { server, place } = mixed(backend);
        let member = Caller::signed_in(&server, &place, "member", &["EDITOR@holder"]).token(&server, &["READ"]);
        let bearer = member.header().expect("a token");
        let mine = server.get("/dataset/for-members.ttl", &[bearer]);
        assert!(mine.status == 200 && mine.body.contains("Secretword"), "{} {}", mine.status, mine.body);
        assert!(mine.header("cache-control").contains("private") && mine.header("vary").contains("Authorization"));
        assert_eq!(server.get("/dataset/for-members.ttl", &[("authorization", "Bearer wrong")]).status, 401);
        let list = server.get("/catalog.ttl", &[bearer]).body;
        assert!(!list.contains("for-members"), "lists are the same for all");
        server.stop();
        place.assert_healthy();
    }
}

#[test]
fn persistent_identifiers_lead_to_the_page() {
    with_demo(|server, place| {
        let id = &place.rows(&format!("SELECT id FROM datasets WHERE slug = '{SLUG}'"))[0];
        let holding = &place.rows(&format!("SELECT id FROM holdings WHERE dataset_id = '{id}' ORDER BY position"))[0];
        let institution = &place.rows("SELECT id FROM institutions WHERE slug = 'hcp'")[0];
        for (identifier, wanted) in [
            (id.clone(), format!("/dataset/{SLUG}")),
            (format!("urn:uuid:{id}"), format!("/dataset/{SLUG}")),
            (holding.clone(), format!("/dataset/{SLUG}#{holding}")),
            (institution.clone(), "/institution/hcp".to_owned()),
        ] {
            let answer = server.get(&format!("/id/{identifier}"), &[]);
            assert!(answer.status == 303 && answer.header("location").ends_with(&wanted), "{identifier} {}", answer.header("location"));
            let path = wanted.split('#').next().unwrap_or_default();
            let page = server.get(path, &[("accept", "text/html")]).body;
            assert!(identifier != *holding || page.contains(&format!("id=\"{holding}\"")), "the page has the place that the address names");
        }
        assert_eq!(server.get("/id/nonsense", &[]).status, 404);
        assert_eq!(server.get("/institution/no-such-one", &[]).status, 404);
    });
}

#[test]
fn the_catalogue_is_read_page_by_page_and_each_record_once() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let mut lines = vec![institution("holder")];
        lines.extend((0..230).map(|number| dataset(&format!("record-{number:03}"), |record| record["producer"] = json!("holder"))));
        let file = place.write("many.jsonl", lines.join("\n"));
        place.run_ok(&["import", &file]);
        let server = place.serve(&[]);
        let mut path = "/catalog".to_owned();
        let (mut seen, mut pages) = (Vec::new(), 0);
        loop {
            let page = server.get(&path, &[("accept", TURTLE)]);
            assert_eq!(page.status, 200);
            pages += 1;
            let found: std::collections::BTreeSet<_> =
                page.body.split("/dataset/record-").skip(1).filter_map(|rest| rest.get(..3)).map(str::to_owned).collect();
            assert!(found.len() <= 100);
            seen.extend(found);
            let Some(next) = page.header("link").split("rel=\"next\"").next().and_then(|link| link.split("/catalog?").nth(1)) else {
                break;
            };
            assert!(page.body.contains("hydra:next"), "{}", page.body);
            path = format!("/catalog?{}", next.split('>').next().unwrap_or_default());
        }
        assert_eq!(pages, 3);
        assert_eq!(seen, (0..230).map(|number| format!("{number:03}")).collect::<Vec<_>>());
        // Whoever does not negotiate gets the same form on every page.
        for ending in ["ttl", "rdf", "jsonld"] {
            let page = server.get(&format!("/catalog.{ending}"), &[]);
            let next = page.header("link").split("rel=\"next\"").next().unwrap_or_default().to_owned();
            assert!(next.contains(&format!("/catalog.{ending}?after=")), "{next}");
            let path = next.split("/catalog").nth(1).and_then(|rest| rest.split('>').next()).unwrap_or_default();
            assert_eq!(server.get(&format!("/catalog{path}"), &[]).header("content-type"), page.header("content-type"));
        }
        let data = server.get("/data.json", &[]).json();
        assert_eq!(data["dataset"].as_array().map(Vec::len), Some(230));
        assert_eq!(server.get("/catalog.ttl?after=x", &[]).status, 400);
        server.stop();
        place.assert_healthy();
    }
}

#[test]
fn the_feed_tells_of_the_latest_first_and_of_the_withdrawn_only_that_it_is_gone() {
    for backend in BACKENDS {
        let Mixed { server, place } = mixed(backend);
        let hide = dataset("open-two", |record| record["visibility"] = json!("MEMBERS"));
        let file = place.write("hide.jsonl", hide);
        place.run_ok(&["import", &file]);
        server.wait_for_index();
        let id = &place.rows("SELECT id FROM datasets WHERE slug = 'open-two'")[0];
        let feed = server.get("/feed.atom", &[("accept-language", "en")]);
        assert_eq!(media(&feed), "application/atom+xml");
        let first = feed.body.split("<entry>").nth(1).expect("an entry");
        assert!(first.contains(&format!("urn:uuid:{id}")) && first.contains("no longer public"), "{first}");
        assert!(!feed.body.contains("Title of open-two"), "{}", feed.body);
        // Each title stands in its own language, whatever the reader's.
        let arabic = server.get("/feed.atom", &[("accept-language", "ar")]).body;
        assert!(arabic.contains("<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"ar\">"), "{arabic}");
        assert!(arabic.contains("<title xml:lang=\"en\">Title of open"), "{arabic}");
        assert!(arabic.contains(&format!("<title xml:lang=\"und\">urn:uuid:{id}")), "{arabic}");
        server.stop();
        place.assert_healthy();
    }
}

#[test]
fn harvesters_are_told_who_runs_the_catalogue_where_the_operator_says_so() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let file = place.write("lines.jsonl", [institution("holder"), dataset("one", |_| {})].join("\n"));
        place.run_ok(&["import", &file]);
        let licence = "https://creativecommons.org/licenses/by/4.0/";
        for (settings, wanted, unwanted) in [
            (vec![], vec!["#operator", "admin-email-not-set@rihla.invalid"], vec!["Name of holder", "dct:license"]),
            (
                vec!["publisher=holder".to_owned(), format!("metadata_licence={licence}"), "admin_email=desk@office.example".to_owned()],
                vec!["/institution/holder", "Name of holder", licence, "desk@office.example"],
                vec!["#operator"],
            ),
        ] {
            let arguments: Vec<&str> = settings.iter().flat_map(|setting| ["--set", setting.as_str()]).collect();
            let server = place.serve(&arguments);
            let told = server.get("/catalog.ttl", &[]).body + &server.get("/oai?verb=Identify", &[]).body;
            assert!(wanted.iter().all(|piece| told.contains(piece)), "{wanted:?}\n{told}");
            assert!(unwanted.iter().all(|piece| !told.contains(piece)), "{unwanted:?}\n{told}");
            server.stop();
        }
        place.assert_healthy();
    }
}
