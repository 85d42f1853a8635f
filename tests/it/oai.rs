//! The catalogue for harvesters (OAI-PMH 2.0): verbs, faults, lists that survive changes, what is gone, and what nobody is told.

use std::collections::BTreeMap;

use serde_json::json;

use crate::harness::{BACKENDS, Backend, Place, Server, dataset, institution, with_demo};

fn ask(server: &Server, arguments: &str) -> String {
    let answer = server.get(&format!("/oai?{arguments}"), &[]);
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/xml; charset=utf-8"), "{arguments}");
    answer.body
}

fn texts<'a>(body: &'a str, name: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    body.split(&open).skip(1).filter_map(|rest| rest.split(&close).next()).collect()
}

fn token(body: &str) -> Option<String> {
    let rest = body.split("<resumptionToken").nth(1)?;
    let text = rest.split('>').nth(1)?.split('<').next()?;
    (!text.is_empty()).then(|| text.to_owned())
}

fn fault(body: &str) -> &str {
    body.split("<error code=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default()
}

fn started(backend: Backend, lines: &[String]) -> (Server, Place) {
    let place = Place::new(backend);
    import(&place, lines);
    let server = place.serve(&[]);
    server.wait_for_index();
    (server, place)
}

fn import(place: &Place, lines: &[String]) {
    let file = place.write("lines.jsonl", lines.join("\n"));
    place.run_ok(&["import", &file]);
}

#[test]
fn every_verb_is_answered_by_get_and_by_post() {
    with_demo(|server, place| {
        let who = ask(server, "verb=Identify");
        assert_eq!(texts(&who, "protocolVersion"), ["2.0"]);
        assert_eq!((texts(&who, "deletedRecord"), texts(&who, "granularity")), (vec!["persistent"], vec!["YYYY-MM-DDThh:mm:ssZ"]));
        let posted = server.post("/oai", &[("content-type", "application/x-www-form-urlencoded")], b"verb=Identify");
        assert!(posted.status == 200 && texts(&posted.body, "repositoryName") == ["Rihla"], "{}", posted.body);
        assert_eq!(texts(&ask(server, "verb=ListMetadataFormats"), "metadataPrefix"), ["oai_dc", "oai_ddi25", "dcat"]);
        let sets = ask(server, "verb=ListSets");
        assert!(texts(&sets, "setSpec").contains(&"institution:hcp") && texts(&sets, "setSpec").contains(&"theme:MT-0701"), "{sets}");
        let id = &place.rows("SELECT id FROM datasets WHERE slug = 'ma-hcp-rgph-2014'")[0];
        for (prefix, mark) in [("oai_dc", "<oai_dc:dc "), ("oai_ddi25", "<codeBook "), ("dcat", "<rdf:RDF ")] {
            let record = ask(server, &format!("verb=GetRecord&metadataPrefix={prefix}&identifier=oai:localhost:{id}"));
            assert!(record.contains(mark) && record.contains("ma-hcp-rgph-2014"), "{prefix}\n{record}");
            assert_eq!(record.matches("<?xml").count(), 1);
            roxmltree::Document::parse(&record).expect("well-formed");
        }
        for (arguments, code) in [
            ("", "badVerb"),
            ("verb=ListRecords", "badArgument"),
            ("verb=ListRecords&metadataPrefix=nope", "cannotDisseminateFormat"),
            ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:nope:nope", "idDoesNotExist"),
            ("verb=ListRecords&resumptionToken=tampered", "badResumptionToken"),
            ("verb=ListRecords&metadataPrefix=oai_dc&from=2999-01-01", "noRecordsMatch"),
            ("verb=ListRecords&metadataPrefix=oai_dc&set=institution:nobody", "noRecordsMatch"),
        ] {
            assert_eq!(fault(&ask(server, arguments)), code, "{arguments}");
        }
        assert!(ask(server, "").contains("<request>http"), "arguments that cannot be read are not repeated");
    });
}

/// Identifiers with their state, over all parts of a list; `between` is called after each part.
fn walk(server: &Server, arguments: &str, between: impl Fn(usize)) -> (BTreeMap<String, bool>, usize) {
    let mut seen = BTreeMap::new();
    let mut arguments = arguments.to_owned();
    for parts in 1.. {
        let body = ask(server, &arguments);
        assert_eq!(fault(&body), "", "{body}");
        for header in body.split("<header").skip(1) {
            let id = texts(header, "identifier")[0].to_owned();
            seen.insert(id, header.starts_with(" status=\"deleted\""));
        }
        between(parts);
        match token(&body) {
            Some(token) => arguments = format!("{}&resumptionToken={token}", arguments.split('&').next().unwrap_or_default()),
            None => return (seen, parts),
        }
    }
    unreachable!("the loop ends with the list")
}

#[test]
fn a_list_survives_changes_and_tells_what_is_gone() {
    for backend in BACKENDS {
        let slug = |number: usize| format!("record-{number:03}");
        let mut lines = vec![institution("holder"), institution("other")];
        lines.extend((0..120).map(|number| dataset(&slug(number), |record| record["producer"] = json!("holder"))));
        let (server, place) = started(backend, &lines);
        let id = |number: usize| place.rows(&format!("SELECT id FROM datasets WHERE slug = '{}'", slug(number)))[0].clone();
        let named = |number: usize| format!("oai:localhost:{}", id(number));
        let (all, parts) = walk(&server, "verb=ListIdentifiers&metadataPrefix=oai_dc", |_| {});
        assert_eq!((all.len(), parts, all.values().any(|gone| *gone)), (120, 3, false));
        let first = ask(&server, "verb=ListIdentifiers&metadataPrefix=oai_dc");
        assert!(first.contains("completeListSize=\"120\" cursor=\"0\""), "{first}");
        // While the list is read, one is changed, one is hidden, one is retired and one is new.
        let change = |parts: usize| {
            if parts == 1 {
                import(
                    &place,
                    &[
                        dataset(&slug(3), |record| {
                            record["producer"] = json!("holder");
                            record["titles"]["en"]["text"] = json!("Another title");
                        }),
                        dataset(&slug(110), |record| {
                            record["producer"] = json!("other");
                            record["visibility"] = json!("COORDINATOR");
                        }),
                        dataset(&slug(111), |record| {
                            record["producer"] = json!("holder");
                            record["status"] = json!("RETIRED");
                        }),
                        dataset("record-new", |record| record["producer"] = json!("holder")),
                    ],
                );
                server.wait_for_index();
            }
        };
        let (seen, _) = walk(&server, "verb=ListRecords&metadataPrefix=oai_dc", change);
        assert_eq!(seen.len(), 121);
        let gone: Vec<_> = seen.iter().filter(|(_, gone)| **gone).map(|(id, _)| id.clone()).collect();
        let mut wanted = vec![named(110), named(111)];
        wanted.sort();
        assert_eq!(gone, wanted);
        // What is hidden is told as gone by what was known of it: its new producer is nobody's business.
        let record = ask(&server, &format!("verb=GetRecord&metadataPrefix=oai_dc&identifier={}", named(110)));
        assert!(record.contains("status=\"deleted\"") && !record.contains("<metadata>"), "{record}");
        assert_eq!(texts(&record, "setSpec"), ["institution:holder"]);
        let (of_holder, _) = walk(&server, "verb=ListIdentifiers&metadataPrefix=dcat&set=institution:holder", |_| {});
        assert_eq!(of_holder.len(), 121);
        assert_eq!(fault(&ask(&server, "verb=ListIdentifiers&metadataPrefix=dcat&set=institution:other")), "noRecordsMatch");
        // Whoever reads only a theme is told that its record is gone.
        let theme = texts(&ask(&server, &format!("verb=GetRecord&metadataPrefix=oai_dc&identifier={}", named(3))), "setSpec")
            .into_iter()
            .find(|set| set.starts_with("theme:"))
            .map(str::to_owned);
        if let Some(theme) = theme {
            let (of_theme, _) = walk(&server, &format!("verb=ListIdentifiers&metadataPrefix=oai_dc&set={theme}"), |_| {});
            assert_eq!(of_theme.get(&named(111)), Some(&true), "a retired record stays in the sets that it was last known in");
        }
        server.stop();
        place.assert_healthy();
    }
}

/// Whoever reads only a theme is told that its record was retired, or is no longer shown whole.
#[test]
fn what_is_gone_stays_in_the_sets_of_its_themes() {
    for backend in BACKENDS {
        let themed = |slug: &str, change: fn(&mut serde_json::Value)| {
            dataset(slug, |record| {
                record["themes"] = json!(["MT-0701"]);
                change(record);
            })
        };
        let slugs = ["retired", "narrowed", "hidden", "masked"];
        let (server, place) = started(backend, &slugs.map(|slug| themed(slug, |_| {})));
        let list = "verb=ListIdentifiers&metadataPrefix=oai_dc&set=theme:MT-07";
        assert!(walk(&server, list, |_| {}).0.values().all(|gone| !gone));
        let changes: [fn(&mut serde_json::Value); 4] = [
            |record| record["status"] = json!("RETIRED"),
            |record| record["visibility"] = json!("STUB"),
            |record| record["visibility"] = json!("COORDINATOR"),
            |record| record["masks"] = json!([{ "field": "METHODOLOGY", "visibleTo": "MEMBERS" }]),
        ];
        import(&place, &std::array::from_fn::<_, 4, _>(|at| themed(slugs[at], changes[at])));
        server.wait_for_index();
        let (seen, _) = walk(&server, list, |_| {});
        assert_eq!((seen.len(), seen.values().all(|gone| *gone)), (4, true), "{seen:?}");
        let id = &place.rows("SELECT id FROM datasets WHERE slug = 'retired'")[0];
        let header = ask(&server, &format!("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:localhost:{id}"));
        let sets = texts(&header, "setSpec");
        assert!(sets.contains(&"theme:MT-07") && sets.contains(&"theme:MT-0701"), "{header}");
        // What is masked by now is told of no record any more.
        import(
            &place,
            &[themed("narrowed", |record| {
                record["visibility"] = json!("STUB");
                record["masks"] = json!([{ "field": "THEMES", "visibleTo": "MEMBERS" }]);
            })],
        );
        server.wait_for_index();
        assert_eq!(walk(&server, list, |_| {}).0.len(), 3);
        server.stop();
        place.assert_healthy();
    }
}

#[test]
fn spans_of_time_are_cut_to_the_second() {
    for backend in BACKENDS {
        let (server, place) = started(backend, &[dataset("first", |_| {})]);
        std::thread::sleep(std::time::Duration::from_millis(1_100));
        import(&place, &[dataset("second", |_| {})]);
        server.wait_for_index();
        let body = ask(&server, "verb=ListIdentifiers&metadataPrefix=oai_dc");
        let stamps = texts(&body, "datestamp");
        assert!(stamps.len() == 2 && stamps[0] < stamps[1], "{stamps:?}");
        for (arguments, wanted) in [
            (format!("from={}", stamps[0]), vec![stamps[0], stamps[1]]),
            (format!("from={}", stamps[1]), vec![stamps[1]]),
            (format!("until={}", stamps[0]), vec![stamps[0]]),
            (
                format!("from={0}&until={0}", &stamps[0][..10]),
                stamps.iter().copied().filter(|stamp| stamp[..10] == stamps[0][..10]).collect(),
            ),
        ] {
            let body = ask(&server, &format!("verb=ListIdentifiers&metadataPrefix=oai_dc&{arguments}"));
            assert_eq!(texts(&body, "datestamp"), wanted, "{arguments}");
        }
        server.stop();
        place.assert_healthy();
    }
}

#[test]
fn harvesters_are_told_of_nothing_that_was_never_public() {
    for backend in BACKENDS {
        let secret = |visibility: &'static str| {
            move |record: &mut serde_json::Value| {
                record["visibility"] = json!(visibility);
                record["abstract"] = json!({ "en": { "text": "Secretword", "status": "OFFICIAL" } });
                record["themes"] = json!(["MT-0701"]);
            }
        };
        let lines = [
            dataset("open", |_| {}),
            dataset("for-members", secret("MEMBERS")),
            dataset("for-coordinator", secret("COORDINATOR")),
            dataset("stub", secret("STUB")),
            dataset("masked", |record| {
                secret("PUBLIC")(record);
                record["masks"] = json!([{ "field": "ABSTRACT", "visibleTo": "MEMBERS" }, { "field": "THEMES", "visibleTo": "MEMBERS" }]);
            }),
        ];
        let (server, place) = started(backend, &lines);
        for prefix in ["oai_dc", "oai_ddi25", "dcat"] {
            let body = ask(&server, &format!("verb=ListRecords&metadataPrefix={prefix}"));
            assert_eq!(body.matches("<record>").count(), 3, "{body}");
            assert_eq!(body.matches("status=\"deleted\"").count(), 1, "a stub is no record of any format");
            assert!(!body.contains("Secretword") && !body.contains("theme:") && !body.contains("for-"), "{body}");
        }
        assert_eq!(fault(&ask(&server, "verb=ListIdentifiers&metadataPrefix=oai_dc&set=theme:MT-0701")), "noRecordsMatch");
        for slug in ["for-members", "for-coordinator"] {
            let id = &place.rows(&format!("SELECT id FROM datasets WHERE slug = '{slug}'"))[0];
            let body = ask(&server, &format!("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:localhost:{id}"));
            assert_eq!(fault(&body), "idDoesNotExist");
        }
        server.stop();
        place.assert_healthy();
    }
}
