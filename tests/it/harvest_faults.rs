//! Sources that misbehave: each is read no further than is safe, its run says what is wrong, and nothing of it is taken for gone.

use std::io::Write;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::harness::Backend;
use crate::outgoing::wait_until;
use crate::people::codes;
use crate::sources::fixtures::{Item, ckan, oai_identity, oai_page, package, turtle};
use crate::sources::house::{Asked, Reply};
use crate::sources::{Desk, counts, remedies};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).expect("packed");
    packed.finish().expect("packed")
}

/// A catalogue of one dataset.
fn small() -> String {
    turtle("https://data.example.org", &[(1, "Un", "")], None)
}

type Play = fn(&Asked) -> Reply;

#[test]
fn a_source_in_trouble_fails_with_the_reason_and_takes_nothing_away() {
    let desk = Desk::open(Backend::Sqlite);
    desk.house.behave(|_| Reply::of("text/turtle", small()));
    let source = desk.declare("DCAT", &desk.house.url("/catalog"), Value::Null);
    assert_eq!(counts(&desk.harvest(&source, Value::Null)), json!({ "fetched": 1, "created": 1 }));
    let cases: [(&str, Play); 13] = [
        ("HTTP 500", |_| Reply::status(500)),
        ("HTTP 404", |_| Reply::status(404)),
        ("wants a sign-in", |_| Reply::status(403)),
        ("a web page for people", |_| Reply::page("Please sign in")),
        ("asks to be left alone", |_| Reply::status(503).with("retry-after", "3600")),
        ("leads on", |_| Reply::status(302).with("location", "/catalog")),
        ("169.254.169.254", |_| Reply::status(302).with("location", "http://169.254.169.254/latest/meta-data/")),
        ("localhost", |_| Reply::status(301).with("location", "http://localhost:9/x")),
        ("4 MiB", |_| Reply::of("text/turtle", vec![b' '; 5 << 20])),
        ("asked again", |_| Reply::of("text/turtle", &gzip(small().as_bytes())[..30]).with("content-encoding", "gzip")),
        ("holds no dcat:Dataset", |_| Reply::of("text/turtle", "# nothing\n")),
        ("though it was not asked", |_| Reply::status(304)),
        ("a part of the document", |_| Reply::of("text/turtle", small()).in_part()),
    ];
    for (told, play) in cases {
        desk.house.behave(play);
        let run = desk.harvest(&source, json!({ "whole": true }));
        assert_eq!((&run["outcome"], &run["gone"]), (&json!("FAILED"), &json!(0)), "{told}: {run}");
        assert!(remedies(&run).contains(told), "{told}: {}", remedies(&run));
    }
    // A bomb: a hundredth of what it becomes.
    let bomb = gzip(&vec![b' '; 20 << 20]);
    desk.house.behave(move |_| Reply::of("text/turtle", bomb.clone()).with("content-encoding", "gzip"));
    let run = desk.harvest(&source, json!({ "whole": true }));
    assert!(run["outcome"] == "FAILED" && remedies(&run).contains("4 MiB"), "{run}");
    desk.house.behave(|_| Reply::of("text/turtle", small()).cut());
    let run = desk.harvest(&source, json!({ "whole": true }));
    assert_eq!(run["outcome"], "FAILED", "what ends before its end is not taken: {run}");
    let asked = Instant::now();
    desk.house.behave(|_| Reply::of("text/turtle", small()).after(Duration::from_secs(20)));
    let run = desk.harvest(&source, json!({ "whole": true }));
    assert!(run["outcome"] == "FAILED" && asked.elapsed() < Duration::from_secs(15), "{run}");
    assert_eq!((desk.source(&source)["failedRuns"].as_i64(), desk.gone(&source).len(), desk.drafts().len()), (Some(16), 0, 1));

    // Gzip that is what it says, from a server that was busy for a moment.
    let mut tries = 0;
    desk.house.behave(move |_| {
        tries += 1;
        if tries < 3 {
            Reply::status(503).with("retry-after", "1")
        } else {
            Reply::of("text/turtle", gzip(small().as_bytes())).with("content-encoding", "gzip")
        }
    });
    let run = desk.harvest(&source, json!({ "whole": true }));
    assert_eq!((&run["outcome"], &run["fetched"]), (&json!("SUCCEEDED"), &json!(1)), "{run}");
    assert_eq!(desk.source(&source)["failedRuns"], 0);
    desk.close();
}

#[test]
fn a_harvest_that_fails_is_told_in_the_log_with_its_reason() {
    let desk = Desk::open(Backend::Sqlite);
    desk.house.behave(|_| Reply::status(500));
    desk.declare("DCAT", &desk.house.url("/catalog"), Value::Null);
    let Desk { server, place, house, .. } = desk;
    server.stop();
    let id = place.rows("SELECT id FROM sources").remove(0);
    place.alter("UPDATE sources SET next_run_at = 1");
    let log = place.folder.join("harvest.log");
    let allowed = format!("harvest_allowed_hosts=127.0.0.1:{}", house.port);
    let settings = ["--set", &allowed, "--set", "harvest_interval_ms=100", "--set", "harvest_pause_ms=0"];
    let server = place.serve_with_log(&settings, std::fs::File::create(&log).expect("a log").into());
    wait_until("the log tells of it", 30, || {
        let told = std::fs::read_to_string(&log).expect("the log");
        let line = told.lines().find(|line| line.contains("could not be harvested"));
        line.is_some_and(|line| line.contains("WARN") && line.contains(&id) && line.contains("HTTP 500"))
    });
    server.stop();
    place.assert_healthy();
}

/// A server may declare an encoding that the document itself does not.
#[test]
fn the_encoding_that_a_server_declares_is_the_one_that_is_read() {
    let desk = Desk::open(Backend::Sqlite);
    desk.house.behave(|_| {
        let text = small().replace("Un", "C\u{9}ur").into_bytes();
        // Of ISO 8859-15 this is `œ`, and of windows-1252 `½`.
        let text: Vec<u8> = text.into_iter().map(|byte| if byte == 9 { 0xBD } else { byte }).collect();
        Reply::of("text/turtle; charset=iso-8859-15", text)
    });
    let source = desk.declare("DCAT", &desk.house.url("/catalog"), Value::Null);
    let run = desk.harvest(&source, Value::Null);
    assert_eq!((&run["outcome"], &run["created"]), (&json!("SUCCEEDED"), &json!(1)), "{run}");
    desk.draft("fr", "Cœur");
    desk.house.behave(|_| Reply::of("text/turtle; charset=iso-8859-1", small().replace("Un", "Été")));
    let run = desk.harvest(&source, json!({ "whole": true }));
    assert!(remedies(&run).contains("was read as UTF-8"), "{}", remedies(&run));
    desk.draft("fr", "Été");
    desk.close();
}

#[test]
fn a_robots_txt_is_obeyed() {
    let desk = Desk::open(Backend::Sqlite);
    desk.house.behave_wholly(|asked| match asked.path() {
        "/robots.txt" => Reply::of("text/plain", "User-agent: *\nDisallow: /\n\nUser-agent: rihla\nDisallow: /private\n"),
        _ => Reply::of("text/turtle", small()),
    });
    let closed = desk.declare("DCAT", &desk.house.url("/private/catalog"), Value::Null);
    let run = desk.harvest(&closed, Value::Null);
    assert_eq!(run["outcome"], "FAILED", "{run}");
    assert!(remedies(&run).contains("robots.txt"), "{run}");
    assert!(desk.house.asked().is_empty(), "it was not even asked");
    let open = desk.declare("DCAT", &desk.house.url("/catalog"), Value::Null);
    assert_eq!(desk.harvest(&open, Value::Null)["outcome"], "SUCCEEDED");
    desk.close();
}

/// A `robots.txt` may stand elsewhere. (RFC 9309, 2.3.1.2)
#[test]
fn a_robots_txt_is_followed_where_it_leads() {
    let moved = |to: &str| Reply::status(301).with("location", to);
    let desk = Desk::open(Backend::Sqlite);
    desk.house.behave_wholly(move |asked| match asked.path() {
        "/robots.txt" => moved("/1"),
        "/1" => moved("/2"),
        "/2" => moved("/3"),
        "/3" => moved("/4"),
        "/4" => moved("/real-robots.txt"),
        "/real-robots.txt" => Reply::of("text/plain", "User-agent: *\nDisallow: /forbidden\n"),
        _ => Reply::of("text/turtle", small()),
    });
    let closed = desk.declare("DCAT", &desk.house.url("/forbidden/catalog"), Value::Null);
    let run = desk.harvest(&closed, Value::Null);
    assert!(run["outcome"] == "FAILED" && remedies(&run).contains("robots.txt"), "{run}");
    assert!(!desk.house.asked().iter().any(|asked| asked.path().starts_with("/forbidden")), "it was not even asked");
    let open = desk.declare("DCAT", &desk.house.url("/catalog"), Value::Null);
    assert_eq!(desk.harvest(&open, Value::Null)["outcome"], "SUCCEEDED");
    desk.close();

    // One that leads in a circle is none.
    let desk = Desk::open(Backend::Sqlite);
    desk.house.behave_wholly(move |asked| match asked.path() {
        "/robots.txt" | "/round" => moved("/round"),
        _ => Reply::of("text/turtle", small()),
    });
    let source = desk.declare("DCAT", &desk.house.url("/catalog"), Value::Null);
    assert_eq!(desk.harvest(&source, Value::Null)["outcome"], "SUCCEEDED");
    assert_eq!(desk.house.asked().iter().filter(|asked| asked.path() == "/round").count(), 5);
    desk.close();

    // It leads nobody into a network that may not be reached.
    let desk = Desk::open(Backend::Sqlite);
    desk.house.behave_wholly(move |asked| match asked.path() {
        "/robots.txt" => moved("http://10.0.0.1/robots.txt"),
        _ => Reply::of("text/turtle", small()),
    });
    let source = desk.declare("DCAT", &desk.house.url("/catalog"), Value::Null);
    let run = desk.harvest(&source, Value::Null);
    assert!(run["outcome"] == "FAILED" && remedies(&run).contains("leads on to another"), "{run}");
    assert!(desk.house.asked().is_empty());
    desk.close();
}

#[test]
fn a_list_without_an_end_is_left() {
    let desk = Desk::open(Backend::Sqlite);
    let items = || [Item::new(1, "Un", "2025-06-01T00:00:00Z")];
    desk.house.behave(move |asked| {
        oai_identity(asked, "no").unwrap_or_else(|| Reply::of("text/xml", oai_page(&items(), "<resumptionToken>same</resumptionToken>")))
    });
    let source = desk.declare("OAI_PMH", &desk.house.url("/oai"), Value::Null);
    let run = desk.harvest(&source, Value::Null);
    assert_eq!((&run["outcome"], &run["created"]), (&json!("FAILED"), &json!(1)), "{run}");
    assert!(remedies(&run).contains("never ends"), "{run}");
    // A new token each time is no end either.
    let mut number = 0;
    desk.house.behave(move |asked| {
        oai_identity(asked, "no").unwrap_or_else(|| {
            number += 1;
            Reply::of("text/xml", oai_page(&items(), &format!("<resumptionToken>token-{number}</resumptionToken>")))
        })
    });
    desk.house.forget();
    let run = desk.harvest(&source, json!({ "whole": true }));
    assert_eq!(run["outcome"], "FAILED", "{run}");
    assert!(desk.house.asked().len() < 20 && remedies(&run).contains("never ends"), "{run}");
    // Pages of a catalogue in a circle.
    let base = desk.house.url("");
    desk.house.behave(move |asked| {
        let next = if asked.target.contains("page=2") { format!("{base}/catalog") } else { format!("{base}/catalog?page=2") };
        Reply::of("text/turtle", turtle(&base, &[(1, "Un", "")], Some(&next)))
    });
    let source = desk.declare("DCAT", &desk.house.url("/catalog"), Value::Null);
    let run = desk.harvest(&source, Value::Null);
    assert_eq!(run["outcome"], "FAILED", "{run}");
    assert!(remedies(&run).contains("leads back"), "{run}");
    desk.close();
}

#[test]
fn a_catalogue_that_leads_to_itself_is_taken_and_what_is_no_dataset_fails_no_run() {
    let desk = Desk::open(Backend::Sqlite);
    let base = desk.house.url("");
    let all = [(1, "Un", ""), (2, "Deux", "")];
    let own = base.clone();
    desk.house.behave(move |_| Reply::of("text/turtle", turtle(&own, &all, Some(&format!("{own}/catalog")))));
    let source = desk.declare("DCAT", &desk.house.url("/catalog"), Value::Null);
    desk.house.forget();
    let run = desk.harvest(&source, Value::Null);
    assert_eq!((&run["outcome"], counts(&run)), (&json!("FAILED"), json!({ "fetched": 2, "created": 2 })), "{run}");
    assert!(remedies(&run).contains("leads back"), "{run}");
    let others = format!("<{base}/service> a dcat:DataService . <{base}/series> a dcat:DatasetSeries .\n");
    desk.house.behave(move |_| Reply::of("text/turtle", format!("{}{others}", turtle(&base, &all[..1], None))));
    let run = desk.harvest(&source, json!({ "whole": true, "acceptGone": true }));
    assert_eq!((&run["outcome"], counts(&run)), (&json!("SUCCEEDED"), json!({ "fetched": 1, "unchanged": 1, "gone": 1 })), "{run}");
    assert!(remedies(&run).contains("the registry holds datasets"), "{run}");
    desk.close();
}

#[test]
fn a_portal_that_gives_less_than_it_has_takes_nothing_away() {
    let desk = Desk::open(Backend::Sqlite);
    let all: Vec<Value> = (0..4).map(|number| package(&format!("set-{number}"), &format!("Tableau {number}"))).collect();
    let whole = all.clone();
    desk.house.behave(move |asked| ckan(&whole, 10, asked));
    let source = desk.declare("CKAN", &desk.house.url("/"), Value::Null);
    assert_eq!(desk.harvest(&source, Value::Null)["created"], 4);
    desk.house.behave(move |asked| {
        let shown = if asked.parameter("start").as_deref() == Some("0") { &all[1..] } else { &[][..] };
        Reply::of("application/json", json!({ "success": true, "result": { "count": 4, "results": shown } }).to_string())
    });
    let run = desk.harvest(&source, Value::Null);
    assert_eq!((counts(&run), &run["outcome"]), (json!({ "fetched": 3, "unchanged": 3 }), &json!("WITH_FAILURES")), "{run}");
    assert!(remedies(&run).contains("4 packages and gave 3") && desk.gone(&source).is_empty(), "{run}");
    for (answer, told) in [
        (Reply::of("application/json", "{\"success\": false, \"error\": {\"message\": \"Access denied\"}}"), "Access denied"),
        (Reply::of("application/json", "{\"results\": ["), "url"),
    ] {
        desk.house.behave(move |_| answer.clone());
        let run = desk.harvest(&source, Value::Null);
        assert!(run["outcome"] == "FAILED" && remedies(&run).contains(told), "{run}");
    }
    assert!(desk.gone(&source).is_empty());
    desk.close();
}

#[test]
fn addresses_inside_the_house_are_refused_when_declared_and_when_harvested() {
    let desk = Desk::open(Backend::Sqlite);
    for url in [
        "http://127.0.0.1:1/catalog",
        "http://localhost/catalog",
        "http://[::1]/catalog",
        "http://10.0.0.8/catalog",
        "http://169.254.169.254/latest",
        "http://2130706433/catalog",
        "file:///etc/passwd",
        "ftp://data.example.org/catalog",
        "https://user:word@data.example.org/catalog",
        "not an address",
    ] {
        let refused = desk.declaring(&desk.editor, "DCAT", url, Value::Null);
        assert_eq!((codes(&refused), &refused["errors"][0]["path"]), (vec!["INVALID"], &json!(["url"])), "{url}: {refused}");
    }
    // A name is looked up when it is harvested; that of this machine leads to it, or to its network.
    let name = std::process::Command::new("hostname").output().expect("the name of the machine").stdout;
    let url = format!("http://{}:{}/catalog", String::from_utf8_lossy(&name).trim(), desk.house.port);
    let source = desk.declare("DCAT", &url, Value::Null);
    let run = desk.harvest(&source, Value::Null);
    assert_eq!(run["outcome"], "FAILED", "{run}");
    assert!(remedies(&run).contains("harvest_allowed_hosts"), "{run}");
    assert!(desk.house.asked().is_empty(), "nobody was asked");
    // A next page may not lead there either.
    desk.house
        .behave(|_| Reply::of("text/turtle", turtle("https://data.example.org", &[(1, "Un", "")], Some("http://169.254.169.254/catalog"))));
    let source = desk.declare("DCAT", &desk.house.url("/catalog"), Value::Null);
    let run = desk.harvest(&source, Value::Null);
    assert_eq!((&run["outcome"], &run["created"]), (&json!("FAILED"), &json!(1)), "{run}");
    assert!(remedies(&run).contains("169.254.169.254"), "{run}");
    desk.close();
}

/// A catalogue that says how many datasets it has is not read to its end before it has given them: what did not come is not gone.
#[test]
fn a_catalogue_that_gives_less_than_it_says_is_no_success() {
    let desk = Desk::open(Backend::Sqlite);
    let own = desk.house.url("");
    let give = |titles: &'static [(u32, &'static str, &'static str)], total: u32| {
        let own = own.clone();
        desk.house.behave(move |_| {
            let said = format!("<{own}/catalog> <http://www.w3.org/ns/hydra/core#totalItems> {total} .\n");
            Reply::of("text/turtle", turtle(&own, titles, None) + &said).with("etag", &format!("\"{}-{total}\"", titles.len()))
        });
    };
    let all: &[(u32, &str, &str)] = &[(1, "Un", ""), (2, "Deux", ""), (3, "Trois", ""), (4, "Quatre", ""), (5, "Cinq", ""), (6, "Six", "")];
    give(all, 6);
    let source = desk.declare("DCAT", &desk.house.url("/catalog"), Value::Null);
    let run = desk.harvest(&source, Value::Null);
    assert_eq!((&run["outcome"], &run["created"]), (&json!("SUCCEEDED"), &json!(6)), "{run}");
    give(&all[..5], 6);
    for _ in 0..2 {
        let run = desk.harvest(&source, Value::Null);
        assert!(run["outcome"] != "SUCCEEDED" && run["gone"] == 0, "{run}");
        let problems = run["problems"]["nodes"].as_array().expect("problems").clone();
        assert!(problems.iter().any(|problem| problem["path"] == "hydra:totalItems" && problem["value"] == "6"), "{run}");
    }
    give(&all[..5], 5);
    let run = desk.harvest(&source, Value::Null);
    assert_eq!((&run["outcome"], &run["gone"]), (&json!("SUCCEEDED"), &json!(1)), "it has fewer since: {run}");
    desk.close();
}

/// The next page may be named by the server alone (RFC 8288).
#[test]
fn a_catalogue_goes_on_where_the_header_leads() {
    let desk = Desk::open(Backend::Sqlite);
    let own = desk.house.url("");
    desk.house.behave(move |asked| match asked.target.as_str() {
        "/catalog" => Reply::of("text/turtle", turtle(&own, &[(1, "Un", ""), (2, "Deux", "")], None))
            .with("link", "</about>; rel=\"describedby\", <?page=2>; title=\"a, b\"; rel=\"last next\""),
        "/catalog?page=2" => Reply::of("text/turtle", turtle(&own, &[(3, "Trois", "")], None)).with("link", "</catalog>; rel=prev"),
        _ => Reply::status(404),
    });
    let source = desk.declare("DCAT", &desk.house.url("/catalog"), Value::Null);
    for expected in [json!({ "fetched": 3, "created": 3 }), json!({ "fetched": 3, "unchanged": 3 })] {
        let run = desk.harvest(&source, json!({ "whole": true }));
        assert_eq!((counts(&run), &run["outcome"]), (expected, &json!("SUCCEEDED")), "{run}");
    }
    desk.close();
}
