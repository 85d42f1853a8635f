//! GraphQL over HTTP by the specification; headers; compression; cross-origin requests.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::harness::{Backend, Place, with_demo_on_sqlite};

const MODERN: &str = "application/graphql-response+json";

#[test]
fn the_lines_of_a_header_that_is_a_list_are_one_list() {
    with_demo_on_sqlite(|server| {
        let media = |answer: &crate::harness::Answer| answer.header("content-type").split(';').next().unwrap_or_default().to_owned();
        for path in ["/catalog", "/institution/hcp", "/dataset/ma-hcp-rgph-2014"] {
            for lines in [["text/html;q=0.1", "text/turtle"], ["text/turtle", "text/html;q=0.1"]] {
                let answer = server.get(path, &lines.map(|line| ("accept", line)));
                assert_eq!((answer.status, media(&answer)), (200, "text/turtle".to_owned()), "{path} {lines:?}");
            }
        }
        let lines = ["image/png", "text/html"].map(|line| ("accept", line));
        assert_eq!(media(&server.get("/no-such-page", &lines)), "text/html");
        let mut lines = ["image/png", MODERN].map(|line| ("accept", line)).to_vec();
        lines.push(("content-type", "application/json"));
        let answer = server.post("/graphql", &lines, br#"{"query":"{__typename}"}"#);
        assert_eq!((answer.status, media(&answer)), (200, MODERN.to_owned()));
        let languages = [("accept-language", "en;q=0.2"), ("accept-language", "fr")];
        assert!(server.get("/", &languages).body.contains("<html lang=\"fr\""), "languages are a list too");
    });
}

#[test]
fn statuses_and_media_types_follow_the_specification() {
    with_demo_on_sqlite(|server| {
        let post = |accept: &str, body: &str| {
            let answer = server.post("/graphql", &[("content-type", "application/json"), ("accept", accept)], body.as_bytes());
            (answer.status, answer.header("content-type").split(';').next().unwrap_or_default().to_owned())
        };
        for (accept, body, status, media) in [
            (MODERN, r#"{"query":"{__typename}"}"#, 200, MODERN),
            ("application/json", r#"{"query":"{__typename}"}"#, 200, "application/json"),
            ("*/*", r#"{"query":"{__typename}"}"#, 200, "application/json"),
            (&format!("{MODERN}, application/json;q=0.9"), r#"{"query":"{__typename}"}"#, 200, MODERN),
            (&format!("{MODERN};q=0.5, application/json"), r#"{"query":"{__typename}"}"#, 200, "application/json"),
            ("text/html", r#"{"query":"{__typename}"}"#, 406, "application/json"),
            (MODERN, r#"{"query":"{"}"#, 400, MODERN),
            ("application/json", r#"{"query":"{"}"#, 200, "application/json"),
            (MODERN, r#"{"query":"{nope}"}"#, 400, MODERN),
            (MODERN, "{}", 400, MODERN),
            ("application/json", "{}", 400, "application/json"),
            (MODERN, "[", 400, MODERN),
            (MODERN, "[]", 400, MODERN),
            (MODERN, "null", 400, MODERN),
            (MODERN, r#"{"query":"{__typename}","variables":7}"#, 400, MODERN),
            (MODERN, r#"{"query":"{__typename}","operationName":7}"#, 400, MODERN),
            (MODERN, r#"{"query":"query A{__typename} query B{__typename}"}"#, 400, MODERN),
            (MODERN, r#"{"query":"query($a:Int!){datasets(first:$a){totalCount}}"}"#, 400, MODERN),
        ] {
            assert_eq!(post(accept, body), (status, media.to_owned()), "{accept} {body}");
        }
        for content_type in
            ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json; charset=utf-16"]
        {
            let answer = server.post("/graphql", &[("content-type", content_type)], br#"{"query":"{__typename}"}"#);
            assert_eq!(answer.status, 415, "{content_type}");
        }
    });
}

#[test]
fn get_takes_queries_and_refuses_mutations() {
    with_demo_on_sqlite(|server| {
        let answer = server.get("/graphql?query=%7B__typename%7D", &[("accept", MODERN)]);
        assert_eq!((answer.status, answer.json()["data"]["__typename"].as_str()), (200, Some("Query")));
        let variables = "/graphql?query=query($s:String!)%7Bdataset(slug:$s)%7Bslug%7D%7D&variables=%7B%22s%22:%22ma-hcp-rgph-2014%22%7D";
        assert_eq!(server.get(variables, &[]).json()["data"]["dataset"]["slug"], "ma-hcp-rgph-2014");
        let mutation = server.get("/graphql?query=mutation%7B__typename%7D", &[("accept", MODERN)]);
        assert!(mutation.status == 405 || mutation.status == 400, "{}", mutation.status);
        assert!(mutation.json().get("data").is_none());
        assert_eq!(server.get("/graphql", &[]).status, 400);
    });
}

#[test]
fn persisted_queries_are_kept_by_their_hash() {
    with_demo_on_sqlite(|server| {
        let query = "{ catalogue { datasetCount } }";
        let hash: String = Sha256::digest(query).iter().map(|byte| format!("{byte:02x}")).collect();
        let ask = |query: Option<&str>, hash: &str| {
            let body = json!({ "query": query, "extensions": { "persistedQuery": { "version": 1, "sha256Hash": hash } } }).to_string();
            server.post("/graphql", &[("content-type", "application/json")], body.as_bytes()).json()
        };
        assert_eq!(ask(None, &hash)["errors"][0]["extensions"]["code"], "PERSISTED_QUERY_NOT_FOUND");
        assert_eq!(ask(None, &hash)["errors"][0]["message"], "PersistedQueryNotFound");
        assert_eq!(ask(Some(query), "00")["errors"][0]["extensions"]["code"], "PERSISTED_QUERY_MISMATCH");
        assert_eq!(ask(Some(query), &hash)["data"]["catalogue"]["datasetCount"], 58);
        assert_eq!(ask(None, &hash)["data"]["catalogue"]["datasetCount"], 58);
        for (wrong, piece) in [(json!("x"), "not an object"), (json!({ "version": 1 }), "sha256Hash"), (json!({ "version": 2 }), "version")]
        {
            let body = json!({ "query": query, "extensions": { "persistedQuery": wrong } }).to_string();
            let answer = server.post("/graphql", &[("content-type", "application/json")], body.as_bytes());
            assert!(answer.status == 400 && answer.body.contains(piece), "{wrong}: {}", answer.body);
        }
        let extensions = format!("%7B%22persistedQuery%22:%7B%22version%22:1,%22sha256Hash%22:%22{hash}%22%7D%7D");
        assert_eq!(server.get(&format!("/graphql?extensions={extensions}"), &[]).json()["data"]["catalogue"]["datasetCount"], 58);
    });
}

#[test]
fn answers_are_compressed_marked_and_guarded() {
    with_demo_on_sqlite(|server| {
        let answer = server.get(
            "/graphql?query=%7Bdatasets(first:50)%7Bnodes%7Btitle%7D%7D%7D",
            &[("accept-encoding", "gzip"), ("x-request-id", "from-a-proxy-1")],
        );
        assert_eq!(answer.header("x-request-id"), "from-a-proxy-1");
        assert_eq!((answer.header("x-content-type-options"), answer.header("x-frame-options")), ("nosniff", "DENY"));
        assert!(answer.header("content-security-policy").contains("default-src 'none'"));
        let other = server.get("/healthz", &[("x-request-id", "bad id!")]);
        assert_eq!(other.header("x-request-id").len(), 36, "an id that is no plain token is replaced");
    });
}

#[test]
fn other_methods_are_refused_with_those_that_an_address_has() {
    with_demo_on_sqlite(|server| {
        for (path, allowed) in [
            ("/dataset/ma-hcp-rgph-2014", "GET, HEAD"),
            ("/dataset/ma-hcp-rgph-2014.ttl", "GET, HEAD"),
            ("/catalog", "GET, HEAD"),
            ("/", "GET, HEAD"),
            ("/robots.txt", "GET, HEAD"),
        ] {
            let answer = server.post(path, &[], b"x");
            assert_eq!((answer.status, answer.header("allow")), (405, allowed), "{path}: {}", answer.body);
        }
        let read = server.get("/sign-out", &[]);
        assert_eq!((read.status, read.header("allow")), (405, "POST"));
        for method in ["OPTIONS", "DELETE", "PUT"] {
            let arguments = ["-s", "-i", "-X", method, &format!("{}/sign-in", server.address)];
            let done = std::process::Command::new("curl").args(arguments).output().expect("curl");
            let told = String::from_utf8_lossy(&done.stdout).to_lowercase();
            assert!(told.starts_with("http/1.1 405") && told.contains("allow: get, head, post"), "{method}: {told}");
        }
        assert_eq!((server.post("/no-such-page", &[], b"x").status, server.get("/no-such-page", &[]).status), (404, 404));
        let robots = server.get("/robots.txt", &[]);
        assert_eq!((robots.status, robots.header("content-type")), (200, "text/plain; charset=utf-8"));
        let map = robots.body.lines().find_map(|line| line.strip_prefix("Sitemap: ")).expect("a sitemap");
        assert!(map.ends_with("/sitemap.xml") && robots.body.starts_with("User-agent: *\n"), "{}", robots.body);
    });
}

#[test]
fn only_named_origins_may_ask_from_a_browser() {
    let place = Place::new(Backend::Sqlite);
    let preflight = |server: &crate::harness::Server, origin: &str| {
        let done = std::process::Command::new("curl")
            .args([
                "-s",
                "-i",
                "-X",
                "OPTIONS",
                "-H",
                &format!("Origin: {origin}"),
                "-H",
                "Access-Control-Request-Method: POST",
                &format!("{}/graphql", server.address),
            ])
            .output()
            .expect("curl");
        String::from_utf8_lossy(&done.stdout).to_lowercase()
    };
    let closed = place.serve(&["--demo"]);
    assert!(!preflight(&closed, "https://portal.example").contains("access-control-allow-origin"));
    closed.stop();
    let open = place.serve(&["--set", "cors_origins=https://portal.example"]);
    assert!(preflight(&open, "https://portal.example").contains("access-control-allow-origin: https://portal.example"));
    let strange = preflight(&open, "https://evil.example");
    assert!(!strange.contains("access-control-allow-origin") && !strange.contains("allow-credentials"));
    // A cache that keeps the answer to one origin must not serve another.
    let answer = |origin: &str| open.get("/graphql?query=%7B__typename%7D", &[("origin", origin)]);
    let varies = |answer: &crate::harness::Answer| answer.headers.iter().any(|(name, value)| name == "vary" && value.contains("Origin"));
    assert!(varies(&answer("https://portal.example")) && varies(&answer("https://evil.example")));
    assert!(answer("https://portal.example").header("access-control-expose-headers").contains("x-request-id"));
    open.stop();
}

#[test]
fn headers_are_taken_up_to_a_limit() {
    let place = Place::new(Backend::Sqlite);
    let server = place.serve(&["--set", "max_header_bytes=2000"]);
    let padded = |length: usize| server.get("/healthz", &[("x-padding", &"x".repeat(length))]);
    assert_eq!(padded(1_000).status, 200);
    let refused = padded(2_000);
    assert!(refused.status == 431 && refused.body.contains("the limit is 2000"), "{} {}", refused.status, refused.body);
    let body = br#"{"query":"{__typename}"}"#;
    let long = [("content-type", "application/json"), ("x-padding", &"x".repeat(2_000))];
    assert_eq!((server.post("/graphql", &long, body).status, server.post("/graphql", &long[..1], body).status), (431, 200));
    server.stop();
}

#[test]
fn errors_say_nothing_of_the_inside() {
    with_demo_on_sqlite(|server| {
        for query in [
            "{ node(id: \"\\u0000\") { id } }",
            "{ dataset(slug: \"' OR 1=1 --\") { id } }",
            "{ concepts(scheme: THEMES, parent: \"x\") { code } }",
            "{ changes(since: -1) { totalCount } }",
        ] {
            let text = server.graphql(query, Value::Null, "en").body.to_lowercase();
            for inside in ["diesel", "sqlite", "panick", "src/", "tantivy", "select "] {
                assert!(!text.contains(inside), "{query}: {text}");
            }
        }
        assert_eq!(server.get("/nowhere", &[]).status, 404);
    });
}
