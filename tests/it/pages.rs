//! The start page, the query page, what the pages of records and institutions say, health and figures.

use serde_json::{Value, json};

use crate::harness::{Answer, BACKENDS, Place, Server, dataset, institution, with_demo, with_demo_on_sqlite};

/// A text in the record format.
fn text(words: &str) -> Value {
    json!({ "en": { "text": words, "status": "OFFICIAL" } })
}

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
fn answers_are_in_the_first_language_of_the_reader_that_the_program_speaks() {
    with_demo_on_sqlite(|server| {
        let query = "{ dataset(slug: \"ma-hcp-rgph-2014\") { title themes { label } methodology { sourceType } } \
            datasets(first: 1) { facets(of: [RECORD_KINDS, THEMES, REPORTING_AREAS]) { values { code label } } } }";
        let answered = |language: &str| server.graphql(query, Value::Null, language).json()["data"].clone();
        assert_ne!(answered("ar"), answered("en"));
        assert_eq!(answered("zgh, ar;q=0.8, en;q=0.1"), answered("ar"));
        assert_eq!(answered("zgh, fr-MA;q=0.8"), answered("fr"));
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
fn terms_of_access_are_told_with_what_they_rest_on_and_where_they_lead() {
    with_demo(|server, _| {
        for (tag, assumed) in [
            ("en", "<bdi>Between public bodies under an agreement</bdi> (<bdi>Assumed, to be confirmed with the holder</bdi>)"),
            ("fr", "<bdi>Entre organismes publics sous convention</bdi> (<bdi>Supposé, à confirmer auprès du détenteur</bdi>)"),
            ("ar", "<bdi>بين المؤسسات بموجب اتفاقية</bdi> (<bdi>مفترض، يؤكَّد لدى الجهة الحائزة</bdi>)"),
        ] {
            let page = browse(server, &format!("/dataset/ma-mi-regularisation-2014?lang={tag}"), "en").body;
            assert!(page.contains(assumed), "{page}");
        }
        let page = browse(server, "/dataset/oecd-dioc?lang=fr", "en").body;
        assert!(page.contains("Adresse sur le web") && page.contains("(<bdi>Vu dans une source</bdi>)"), "{page}");
        let address = "https://oecd.org/en/data/datasets/database-on-immigrants-in-oecd-and-non-oecd-countries.html";
        assert!(
            page.contains(&format!("données\u{a0}: <a href=\"{address}\" rel=\"nofollow noopener\"><bdi>{address}</bdi></a>")),
            "{page}"
        );
    });
}

#[test]
fn every_documented_term_is_on_the_page_and_no_address_but_of_the_web_is_led_to() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let terms = json!({
            "aggregates": "UNKNOWN", "aggregatesBasis": "ASSUMED", "microdata": "LICENSED", "microdataBasis": "QUOTED",
            "licence": "https://licence.example/by", "legalBasis": "Law 1 of 2001", "channel": "DESK", "expectedDays": 45,
            "conditions": { "en": { "text": "Tables are checked", "status": "OFFICIAL" } },
            "decidedBy": { "en": { "text": "Committee of access", "status": "OFFICIAL" } },
            "fee": { "en": { "text": "No fee is taken", "status": "OFFICIAL" } },
            "embargoUntil": "2031-05-01",
        });
        let citations = json!([
            { "source": "S01", "title": "A page that was read", "url": "https://source.example/a", "supports": "The sample size" },
            { "title": "A book that was read" },
        ]);
        let mut holder: serde_json::Value = serde_json::from_str(&institution("holder")).expect("JSON");
        holder["citations"] = citations.clone();
        holder["desk"] = json!({ "function": { "en": { "text": "Data desk", "status": "OFFICIAL" } }, "mailbox": "desk@holder.example" });
        let lines = [
            holder.to_string(),
            dataset("one", |record| {
                record["holdings"] = json!([{ "institution": "holder", "role": "HOLDER", "accessTerms": terms }]);
                record["citations"] = citations;
            }),
            dataset("without-sources", |_| {}),
            dataset("masked", |record| {
                record["producer"] = json!("holder");
                record["masks"] = json!([{ "field": "CITATIONS", "visibleTo": "MEMBERS" }]);
            }),
        ];
        let file = place.write("lines.jsonl", lines.join("\n"));
        place.run_ok(&["import", &file]);
        let server = place.serve(&[]);
        let page = browse(&server, "/dataset/one", "en").body;
        for piece in [
            "Access to tables: <bdi>Unknown</bdi></li>",
            "(<bdi>Seen in a source</bdi>)",
            "<a href=\"https://licence.example/by\" rel=\"nofollow noopener\">",
            "Law 1 of 2001",
            "Usual days to a decision: <bdi>45</bdi>",
            "Tables are checked",
            "Committee of access",
            "No fee is taken",
            "2031-05-01",
        ] {
            assert!(page.contains(piece), "{piece} in {page}");
        }
        let institution = browse(&server, "/institution/holder", "en").body;
        assert!(institution.contains("Data desk") && institution.contains("desk@holder.example"), "{institution}");
        for (page, tag, heading) in [
            (page, "en", "<h2>Sources of the record</h2>"),
            (institution, "en", "<h2>Sources of the record</h2>"),
            (browse(&server, "/dataset/one", "fr").body, "fr", "<h2>Sources de la fiche</h2>"),
            (browse(&server, "/institution/holder", "ar").body, "ar", "<h2>مصادر السجل</h2>"),
        ] {
            let led = "<a href=\"https://source.example/a\"><bdi>A page that was read</bdi></a>";
            assert!(page.contains(heading) && page.contains(led) && page.contains("<bdi>The sample size</bdi>"), "{tag}: {page}");
            assert!(page.contains("<li><bdi>A book that was read</bdi></li>"), "{tag}: {page}");
        }
        let without = browse(&server, "/dataset/without-sources", "en").body;
        assert!(without.contains("<dt>Sources of the record</dt><dd><span class=\"undocumented\">"), "{without}");
        let masked = browse(&server, "/dataset/masked", "en").body;
        assert!(!masked.contains("<dt>Sources of the record</dt>"), "what is hidden is not called undocumented: {masked}");
        server.stop();
        place.assert_healthy();
    }
}

#[test]
fn files_of_a_holding_are_led_to_from_the_page_as_far_as_its_reader_may_see_them() {
    for backend in BACKENDS {
        let place = Place::new(backend);
        let holdings = json!([{
            "institution": "holder", "role": "HOLDER",
            "accessTerms": { "aggregates": "OPEN", "aggregatesBasis": "QUOTED", "microdata": "UNKNOWN", "microdataBasis": "ASSUMED", "channel": "UNKNOWN" },
            "distributions": [
                { "title": text("Tables <b>1</b> & 2"), "url": "https://files.example/a?x=1&y=2", "format": "CSV" },
                { "url": "https://files.example/untitled", "mediaType": "application/pdf" },
            ],
        }]);
        let full = |record: &mut Value| {
            record["producer"] = json!("holder");
            record["holdings"] = holdings.clone();
            record["keywords"] = json!([text("Keyword given")]);
            record["classifications"] = json!([text("Classification given")]);
            record["methodology"]["instruments"] = json!([{ "title": text("Questionnaire given"), "url": "https://files.example/form" }]);
        };
        let hide = |fields: &[&str]| fields.iter().map(|field| json!({ "field": field, "visibleTo": "MEMBERS" })).collect::<Value>();
        let lines = [
            institution("holder"),
            dataset("whole", full),
            dataset("masked", |record| {
                full(record);
                record["masks"] = hide(&["HOLDINGS_DISTRIBUTIONS", "KEYWORDS", "METHODOLOGY_INSTRUMENTS"]);
            }),
            dataset("stub", |record| {
                full(record);
                record["visibility"] = json!("STUB");
            }),
        ];
        let file = place.write("lines.jsonl", lines.join("\n"));
        place.run_ok(&["import", &file]);
        let server = place.serve(&[]);
        for (tag, label) in [("en", "Files and services: "), ("fr", "Fichiers et services\u{a0}: "), ("ar", "الملفات والخدمات: ")]
        {
            let page = browse(&server, "/dataset/whole", tag).body;
            let titled = "<a href=\"https://files.example/a?x=1&amp;y=2\" rel=\"nofollow noopener\"><bdi>Tables &lt;b&gt;1&lt;/b&gt; &amp; 2</bdi></a> (<bdi>CSV</bdi>)";
            let untitled = "<a href=\"https://files.example/untitled\" rel=\"nofollow noopener\"><bdi>https://files.example/untitled</bdi></a> (<bdi>application/pdf</bdi>)";
            for piece in [format!("{label}{titled}"), format!("{label}{untitled}")] {
                assert!(page.contains(&piece), "{piece} in {page}");
            }
            let led = "<li><a href=\"https://files.example/form\"><bdi>Questionnaire given</bdi></a></li>";
            for piece in ["<dd><bdi>Keyword given</bdi></dd>", "<dd><bdi>Classification given</bdi></dd>", led] {
                assert!(page.contains(piece), "{piece} in {page}");
            }
        }
        for slug in ["masked", "stub"] {
            let page = browse(&server, &format!("/dataset/{slug}"), "en").body;
            assert!(page.contains("Name of holder"), "{page}");
            for piece in ["files.example", "Tables", "Files and services: ", "Keyword given", "Questionnaire given"] {
                assert!(!page.contains(piece), "{piece} in {page}");
            }
        }
        server.stop();
        place.assert_healthy();
    }
}

#[test]
fn a_chosen_language_is_kept_from_page_to_page() {
    with_demo(|server, place| {
        let holding =
            &place.rows("SELECT h.id FROM holdings h JOIN datasets d ON d.id = h.dataset_id WHERE d.slug = 'ma-hcp-rgph-2014'")[0];
        let chosen = browse(server, "/dataset/ma-hcp-rgph-2014?lang=ar", "fr").body;
        assert!(chosen.contains("href=\"/institution/hcp?lang=ar\""), "{chosen}");
        assert!(chosen.contains("&amp;lang=ar\"><bdi>كيف أحصل على هذه البيانات"), "the question is answered in the language too: {chosen}");
        let chosen = browse(server, "/institution/hcp?lang=ar", "fr").body;
        assert!(chosen.contains("href=\"/dataset/ma-hcp-rgph-2014?lang=ar\""), "{chosen}");
        let sent = browse(server, &format!("/id/{holding}?lang=ar"), "fr");
        assert!(sent.header("location").ends_with(&format!("/dataset/ma-hcp-rgph-2014?lang=ar#{holding}")), "{}", sent.header("location"));
        assert!(browse(server, "/catalog?lang=ar", "fr").header("location").ends_with("/?lang=ar"));
        // Nothing was chosen where the browser said it, or where there is no such language.
        for path in ["/dataset/ma-hcp-rgph-2014", "/dataset/ma-hcp-rgph-2014?lang=de"] {
            let page = browse(server, path, "fr").body;
            assert!(page.contains("lang=\"fr\" dir") && page.contains("href=\"/institution/hcp\""), "{page}");
        }
        assert!(browse(server, "/institution/hcp", "fr").body.contains("href=\"/dataset/ma-hcp-rgph-2014\""));
        assert!(browse(server, "/catalog", "fr").header("location").ends_with('/'));
    });
}

#[test]
fn the_question_of_a_record_speaks_of_that_record() {
    with_demo(|server, _| {
        for (tag, question) in
            [("en", "How do I get these data"), ("fr", "Comment obtenir ces données"), ("ar", "كيف أحصل على هذه البيانات")]
        {
            let page = browse(server, "/dataset/ma-hcp-rgph-2014", tag).body;
            let link = page.split("href=\"/graphiql?").nth(1).and_then(|rest| rest.split('"').next()).expect("a question");
            let query = link.replace("&amp;", "&");
            let pairs: std::collections::HashMap<String, String> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
            let remarks: Vec<&str> = pairs["query"].lines().filter(|line| line.starts_with('#')).collect();
            assert!(remarks.len() == 1 && remarks[0].contains(question) && remarks[0].ends_with(" ma-hcp-rgph-2014"), "{remarks:?}");
            assert_eq!((pairs["variables"].as_str(), pairs["lang"].as_str()), ("{\"slug\":\"ma-hcp-rgph-2014\"}", tag));
            let data = server.ask_with(&pairs["query"], json!({ "slug": "ma-hcp-rgph-2014" }));
            assert_eq!(data["dataset"]["slug"], "ma-hcp-rgph-2014");
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
