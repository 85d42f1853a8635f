//! The start page, the query page, health and figures.

use crate::harness::{Answer, Server, with_demo, with_demo_on_sqlite};

/// A page as a browser of this language asks for it.
fn browse(server: &Server, path: &str, language: &str) -> Answer {
    let accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    server.get(path, &[("accept", accept), ("accept-language", language)])
}

#[test]
fn the_start_page_speaks_the_readers_language() {
    with_demo(|server, _| {
        for (accept, path, tag, direction, piece) in [
            ("ar-MA, fr;q=0.5", "/", "ar", "rtl", "لدى من توجد"),
            ("fr-FR", "/", "fr", "ltr", "Qui détient"),
            ("de", "/", "en", "ltr", "Who holds"),
            ("en", "/?lang=ar", "ar", "rtl", "سوس ماسة"),
            ("en", "/?lang=%22%3E%3Cscript%3E", "en", "ltr", "Souss-Massa"),
        ] {
            let page = server.get(path, &[("accept-language", accept)]);
            assert!(page.status == 200 && page.header("content-type").starts_with("text/html"));
            assert!(
                page.body.contains(&format!("<html lang=\"{tag}\" dir=\"{direction}\">")) && page.body.contains(piece),
                "{accept} {path}"
            );
            assert!(page.body.contains("<dd>58</dd>") && page.body.contains("<dd>50</dd>"), "the counts are those of the catalogue");
            assert!(page.body.contains("/graphiql?query=") && !page.body.contains("<script"));
            // The query behind the link begins with the question in the same language.
            assert_eq!(page.body.contains("graphiql?query=%23+Who+holds+data"), tag == "en", "{accept} {path}");
            assert!(!page.body.contains("http://") && !page.body.contains("https://"), "nothing comes from elsewhere");
        }
    });
}

#[test]
fn the_query_page_needs_nothing_from_elsewhere() {
    with_demo_on_sqlite(|server| {
        let page = server.get("/graphiql", &[]);
        assert_eq!(page.status, 200);
        let assets: Vec<&str> = page.body.split('"').filter(|part| part.starts_with("/assets/")).collect();
        assert!(assets.len() >= 2 && !page.body.contains("http://") && !page.body.contains("https://"));
        for asset in assets {
            let answer = server.get(asset, &[]);
            assert!(answer.status == 200 && !answer.body.is_empty(), "{asset}");
        }
        assert!(page.header("content-security-policy").contains("connect-src 'self'"));
        // Where no script runs, the way to ask stands first, in three languages, and nothing seems to be loading.
        let body = page.body.split_once("<body").map_or("", |(_, body)| body);
        let (notice, rest) = body.split_once("</noscript>").expect("a notice");
        assert!(notice.len() < 2_000 && ["<form", "id=\"graphiql\""].iter().any(|part| rest.contains(part)), "the notice stands first");
        for piece in ["lang=\"ar\" dir=\"rtl\"", "lang=\"fr\"", "lang=\"en\"", "POST", "/graphql"] {
            assert!(notice.contains(piece), "{piece} in {notice}");
        }
        assert!(page.body.contains("<noscript><style>#") && !page.body.contains("<!-- notice"), "{}", page.body);
        assert_eq!(server.get("/assets/../Cargo.toml", &[]).status, 404);
    });
}

#[test]
fn health_and_figures_are_there_for_those_who_run_the_node() {
    with_demo(|server, _| {
        assert_eq!((server.get("/healthz", &[]).status, server.get("/readyz", &[]).status), (200, 200));
        for path in ["/healthz", "/"] {
            let refused = server.post(path, &[], b"");
            assert_eq!((refused.status, refused.header("allow")), (405, "GET, HEAD"), "{path}");
        }
        server.ask("{ __typename }");
        server.wait_for_index();
        let figures = server.get("/metrics", &[]).body;
        for piece in [
            "rihla_http_requests_total{route=\"graphql\",status=\"200\"}",
            "rihla_index_lag_changes 0",
            "rihla_public_datasets 58",
            "rihla_http_request_seconds_bucket",
        ] {
            assert!(figures.contains(piece), "{piece}");
        }
    });
}

#[test]
fn no_long_address_widens_a_page() {
    with_demo_on_sqlite(|server| {
        let style = server.get("/assets/start.css", &[]).body;
        let rule = style.lines().find(|line| line.contains("overflow-wrap: anywhere")).expect("words are broken");
        assert!(rule.starts_with("main,"), "in everything that a page says, not in some parts of it: {rule}");
    });
}

#[test]
fn what_is_not_there_is_told_to_people_in_a_page_and_to_programs_in_a_line() {
    with_demo(|server, _| {
        for path in [
            "/dataset/nope",
            "/dataset/nope.ttl",
            "/dataset/ma-hcp-rgph-2014.docx",
            "/institution/nope",
            "/institution/hcp.docx",
            "/id/nonsense",
            "/catalog.docx",
            "/institution/nope/records.xlsx",
            "/assets/nope.css",
            "/nowhere",
        ] {
            for (language, direction, title) in [
                ("ar", "rtl", "هذه الصفحة غير موجودة"),
                ("fr", "ltr", "Cette page n&#39;existe pas"),
                ("en", "ltr", "There is no such page"),
            ] {
                let page = browse(server, path, language);
                assert_eq!((page.status, page.header("content-type")), (404, "text/html; charset=utf-8"), "{path}");
                assert!(page.body.contains(&format!("<html lang=\"{language}\" dir=\"{direction}\">")), "{path} {}", page.body);
                assert!(page.body.contains(&format!("<title>{title}")) && page.body.contains("href=\"?lang=fr\""), "{path} {}", page.body);
                assert!(page.header("vary").contains("Accept-Language"), "{path} {}", page.header("vary"));
                assert!(page.header("content-security-policy").contains("style-src 'self'"), "{path}");
            }
            for accept in ["*/*", "text/turtle", "application/json"] {
                let line = server.get(path, &[("accept", accept), ("accept-language", "ar")]);
                assert_eq!((line.status, line.header("content-type")), (404, "text/plain; charset=utf-8"), "{path}");
                assert_eq!(line.body, "There is no page at this address; start at /\n", "{path}");
            }
        }
    });
}
