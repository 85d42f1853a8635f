//! Local accounts: signing in and out, sessions, requests of other sites, the console.

pub mod accounts;
pub mod browser;
mod letters;
mod tokens;

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::Backend;

use accounts::{PHRASE, SESSION, make, on, on_both, sign_in, signed_in, tell};
use browser::{Browser, Form, Page};

const WRONG: &str = "pas la bonne phrase";

fn cookie_attributes(line: &str) -> Vec<&str> {
    let mut attributes: Vec<&str> = line.split("; ").skip(1).collect();
    attributes.sort_unstable();
    attributes
}

#[test]
fn a_form_signs_in_with_a_cookie_that_only_the_catalogue_gets() {
    on_both(&[], |server, place| {
        make(place, "amal@office.test", &["EDITOR@hcp"]);
        let mut browser = Browser::at(server);
        assert_eq!(browser.open("/account").header("location"), "/sign-in?return_to=/account");
        let page = browser.open("/sign-in");
        assert_eq!((page.status, page.header("cache-control"), page.header("x-frame-options")), (200, "no-store", "DENY"));
        assert!(page.header("content-security-policy").ends_with("frame-ancestors 'none'; base-uri 'none'; form-action 'self'"));
        let done = sign_in(&mut browser, " Amal@Office.test ", PHRASE, "");
        assert_eq!((done.status, done.header("location"), done.header("cache-control")), (303, "/account", "no-store"), "{}", done.words());
        let cookie = done.set_cookie(SESSION);
        assert_eq!(cookie_attributes(cookie), ["HttpOnly", "Max-Age=43200", "Path=/", "SameSite=Lax"], "{cookie}");
        assert_eq!(browser.cookie(SESSION).map(str::len), Some(43), "256 bits in base64url");
        let shown = browser.follow(done);
        assert!(shown.words().contains("amal@office.test") && shown.words().contains("(hcp)"), "{}", shown.words());
        assert_eq!((browser.who().as_deref(), browser.roles()), (Some("amal@office.test"), vec!["EDITOR@hcp".to_owned()]));
        assert_eq!(Browser::at(server).who(), None);
    });
}

#[test]
fn behind_https_cookies_are_bound_to_the_host_and_to_https() {
    on(Backend::Sqlite, &["base_url=https://catalogue.test"], |server, place| {
        make(place, "amal@office.test", &[]);
        let mut browser = Browser::named("https://catalogue.test", server);
        let form_cookie = browser.open("/sign-in");
        let done = sign_in(&mut browser, "amal@office.test", PHRASE, "");
        for cookie in [form_cookie.set_cookie("__Host-rihla_form"), done.set_cookie("__Host-rihla_session")] {
            let attributes = ["HttpOnly", "Max-Age=43200", "Path=/", "SameSite=Lax", "Secure"];
            assert_eq!(cookie_attributes(cookie), attributes, "without Domain, as __Host- asks: {cookie}");
        }
        assert_eq!(browser.who().as_deref(), Some("amal@office.test"));
        // A cookie without the prefix may have been set by another host of the domain.
        let mut other = Browser::named("https://catalogue.test", server);
        other.plant(SESSION, browser.cookie("__Host-rihla_session").expect("a session"));
        assert_eq!(other.who(), None);
    });
}

/// The page without what is another at each request.
fn lasting(page: &Page, email: &str) -> String {
    page.body.replace(page.form("/sign-in").field("csrf"), "").replace(email, "")
}

#[test]
fn the_answer_and_its_time_are_the_same_whatever_is_wrong() {
    on_both(&[], |server, place| {
        make(place, "known@office.test", &[]);
        make(place, "shut@office.test", &[]);
        place.run_ok(&["user", "disable", "shut@office.test"]);
        // What an unknown address is compared with is made at its first use.
        sign_in(&mut Browser::at(server), "first@office.test", PHRASE, "");
        let attempts = [("known@office.test", WRONG), ("nobody@office.test", PHRASE), ("shut@office.test", PHRASE)];
        let tried = attempts.map(|(email, password)| {
            let (mut least, mut shown) = (Duration::MAX, String::new());
            for _ in 0..6 {
                let mut browser = Browser::at(server);
                let form = browser.open("/sign-in").form("/sign-in").fill("email", email).fill("password", password);
                let begun = Instant::now();
                let page = browser.submit(&form);
                least = least.min(begun.elapsed());
                assert_eq!((page.status, browser.cookie(SESSION)), (401, None), "{email}");
                assert!(page.words().contains("is not right"), "{}", page.words());
                shown = lasting(&page, email);
            }
            (least, shown)
        });
        for (_, shown) in &tried {
            assert_eq!(*shown, tried[0].1);
        }
        let times = tried.map(|(least, _)| least);
        let (least, most) = (times.iter().min().expect("a time"), times.iter().max().expect("a time"));
        // Without hashing, an answer comes in a tenth of the time.
        assert!(*least * 5 > *most, "{times:?}");
        assert_eq!(sign_in(&mut Browser::at(server), "known@office.test", PHRASE, "").status, 303);
    });
}

#[test]
fn after_ten_attempts_in_five_minutes_the_account_has_to_wait() {
    on_both(&[], |server, place| {
        make(place, "known@office.test", &[]);
        make(place, "other@office.test", &[]);
        let attempt = |email: &str, password: &str| sign_in(&mut Browser::at(server), email, password, "");
        for email in ["known@office.test", "nobody@office.test"] {
            for number in 1..=10 {
                let written = if number % 2 == 0 { format!(" {}", email.to_uppercase()) } else { email.to_owned() };
                assert_eq!(attempt(&written, WRONG).status, 401, "{email}, attempt {number}");
            }
            let page = attempt(email, PHRASE);
            let wait: u64 = page.header("retry-after").parse().expect("seconds");
            assert_eq!((page.status, (200..=301).contains(&wait)), (429, true), "{wait} s");
            assert!(page.words().contains("too many attempts. Please try again in"), "{}", page.words());
        }
        assert_eq!(attempt("other@office.test", PHRASE).status, 303);
        place.alter("UPDATE attempts SET at = at - 300001");
        assert_eq!(attempt("known@office.test", PHRASE).status, 303);
        // A success forgets the attempts before it.
        for number in 1..=10 {
            assert_eq!(attempt("known@office.test", WRONG).status, 401, "attempt {number}");
        }
    });
}

#[test]
fn attempts_from_one_network_address_are_counted_whatever_the_client_says_of_itself() {
    let statuses = |settings: &[&str], told: &[&str]| {
        let seen = std::cell::RefCell::new(Vec::new());
        on(Backend::Sqlite, settings, |server, _| {
            for (number, address) in told.iter().enumerate() {
                let mut browser = Browser::at(server);
                let form = browser.open("/sign-in").form("/sign-in");
                let form = form.fill("email", &format!("n{number}@office.test")).fill("password", WRONG);
                let headers = [("origin", form.origin.as_str()), ("x-forwarded-for", *address)];
                seen.borrow_mut().push(browser.submit_with(&form, &headers).status);
            }
        });
        seen.into_inner()
    };
    let told = ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5"];
    assert_eq!(statuses(&["sign_in_per_address=4"], &told), [401, 401, 401, 401, 429]);
    // Behind a proxy the last entry counts; those before are the client's own.
    let told = ["10.0.0.1, 9.9.9.9", "10.0.0.2, 9.9.9.9", "10.0.0.3, 9.9.9.9", "10.0.0.4, 8.8.8.8", "9.9.9.9, 7.7.7.7"];
    let behind_proxy = statuses(&["sign_in_per_address=2", "client_address_header=x-forwarded-for"], &told);
    assert_eq!(behind_proxy, [401, 401, 429, 401, 401]);
}

#[test]
fn text_that_no_database_takes_is_a_wrong_address_and_no_fault() {
    on_both(&[], |server, place| {
        // Written anew at each place, so that no index can compress it.
        let long: String = (0..1_500u64).map(|n| format!("{:08x}", n.wrapping_mul(2_654_435_761) & 0xffff_ffff)).collect();
        for email in ["a\0b@office.test", "\0", &format!("{long}@office.test")] {
            assert_eq!(sign_in(&mut Browser::at(server), email, PHRASE, "").status, 401, "{}", email.len());
            let mut browser = Browser::at(server);
            let form = browser.open("/password-reset").form("/password-reset").fill("email", email);
            assert_eq!(browser.submit(&form).status, 200, "{}", email.len());
        }
        assert!(accounts::mails(place, "a\0b@office.test").is_empty());
        for path in ["/sign-in/%00", "/invitation/%00", "/password-reset/%00", "/preview/%00", "/sign-in/%FF"] {
            assert_eq!(Browser::at(server).open(path).status, 404, "{path}");
        }
    });
}

#[test]
fn signing_in_changes_the_session_and_ends_the_one_before() {
    on_both(&[], |server, place| {
        make(place, "amal@office.test", &[]);
        let planted = "A".repeat(43);
        let mut browser = Browser::at(server);
        browser.plant(SESSION, &planted);
        let mut planter = browser.clone();
        assert_eq!(sign_in(&mut browser, "amal@office.test", PHRASE, "").status, 303);
        assert_ne!(browser.cookie(SESSION), Some(planted.as_str()));
        assert_eq!((planter.who(), browser.who().as_deref()), (None, Some("amal@office.test")));
        let mut before = browser.clone();
        assert_eq!(sign_in(&mut browser, "amal@office.test", PHRASE, "").status, 303);
        assert_eq!((before.who(), browser.who().as_deref()), (None, Some("amal@office.test")));
        // A session of another browser is not touched.
        let mut elsewhere = signed_in(server, "amal@office.test");
        assert_eq!((browser.who(), elsewhere.who()), (Some("amal@office.test".to_owned()), Some("amal@office.test".to_owned())));
    });
}

#[test]
fn signing_out_ends_the_session_on_the_server() {
    on_both(&[], |server, place| {
        make(place, "amal@office.test", &[]);
        let mut browser = signed_in(server, "amal@office.test");
        let form = browser.open("/account").form("/sign-out");
        assert_eq!(browser.submit(&form.clone().without("csrf")).status, 403);
        assert_eq!(browser.submit_with(&form, &[("origin", "https://evil.example")]).status, 403);
        assert_eq!(browser.who().as_deref(), Some("amal@office.test"), "refused, and nothing has changed");
        let mut thief = browser.clone();
        let done = browser.submit(&form);
        assert_eq!((done.status, done.header("location"), browser.cookie(SESSION)), (303, "/signed-out", None));
        assert_eq!(thief.who(), None);
        assert_eq!(browser.follow(done).status, 200);
        // All of a person's sessions at once.
        let (mut one, mut other) = (signed_in(server, "amal@office.test"), signed_in(server, "amal@office.test"));
        one.ask("mutation { sessionsEnd { errors { code } } }", Value::Null);
        assert_eq!((one.who(), other.who()), (None, None));
    });
}

#[test]
fn a_session_ends_when_it_is_not_used_and_after_its_hours() {
    on_both(&["session_idle_minutes=10", "session_hours=2"], |server, place| {
        make(place, "amal@office.test", &[]);
        let mut browser = Browser::at(server);
        let done = sign_in(&mut browser, "amal@office.test", PHRASE, "");
        assert!(done.set_cookie(SESSION).contains("Max-Age=7200"), "{}", done.set_cookie(SESSION));
        place.alter("UPDATE sessions SET seen_at = seen_at - 9 * 60000");
        assert_eq!(browser.who().as_deref(), Some("amal@office.test"), "used within ten minutes");
        place.alter("UPDATE sessions SET seen_at = seen_at - 9 * 60000");
        assert_eq!(browser.who().as_deref(), Some("amal@office.test"), "the use was noted");
        place.alter("UPDATE sessions SET seen_at = seen_at - 601000");
        assert_eq!(browser.who(), None, "ten minutes and a second without use");
        let mut browser = signed_in(server, "amal@office.test");
        place.alter("UPDATE sessions SET expires_at = expires_at - 119 * 60000");
        assert_eq!(browser.who().as_deref(), Some("amal@office.test"));
        place.alter("UPDATE sessions SET expires_at = expires_at - 61000");
        assert_eq!((browser.who(), browser.open("/account").status), (None, 303), "two hours, whatever its use");
    });
}

#[test]
fn forms_are_taken_only_from_the_page_that_this_browser_was_shown() {
    on(Backend::Sqlite, &[], |server, place| {
        make(place, "amal@office.test", &[]);
        let mut browser = Browser::at(server);
        let form = browser.open("/sign-in").form("/sign-in").fill("email", "amal@office.test").fill("password", PHRASE);
        let mut stranger = Browser::at(server);
        let foreign = form.clone().fill("csrf", stranger.open("/sign-in").form("/sign-in").field("csrf"));
        let (own, other_port) = (form.origin.as_str(), "http://127.0.0.1:1");
        let cases = [
            (form.clone().without("csrf"), ("origin", own), 400),
            (form.clone().fill("csrf", ""), ("origin", own), 400),
            (foreign, ("origin", own), 400),
            (form.clone(), ("origin", "https://evil.example"), 403),
            (form.clone(), ("origin", other_port), 403),
            (form.clone(), ("origin", "null"), 403),
            (form.clone(), ("origin", "nonsense"), 403),
            (form.clone(), ("sec-fetch-site", "cross-site"), 403),
            (form.clone(), ("sec-fetch-site", "same-site"), 403),
        ];
        for (sent, header, status) in cases {
            let page = browser.submit_with(&sent, &[header]);
            assert_eq!((page.status, page.set_cookie(SESSION)), (status, ""), "{header:?}");
            assert_eq!(browser.who(), None, "{header:?}");
        }
        assert_eq!((stranger.submit(&form).status, stranger.who()), (400, None), "the right mark in another browser");
        for path in ["/sign-out", "/password-reset", "/password-reset/x", "/invitation/x", "/sign-in/x", "/auth/x/start"] {
            let bare = Form { action: browser.url(path), origin: form.origin.clone(), fields: Vec::new() };
            assert_eq!(browser.submit(&bare).status, 403, "{path}");
        }
        assert_eq!((browser.submit(&form).status, browser.who().as_deref()), (303, Some("amal@office.test")));
    });
}

#[test]
fn a_session_is_of_no_use_to_pages_of_other_sites() {
    on(Backend::Sqlite, &[], |server, place| {
        make(place, "amal@office.test", &[]);
        let mut browser = signed_in(server, "amal@office.test");
        let change = "mutation { preferencesUpdate(input: { language: \"ar\" }) { viewer { language } errors { code } } }";
        let language = |browser: &mut Browser| browser.ask("{ viewer { language } }", Value::Null)["viewer"]["language"].clone();
        let cross_site = [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("origin", "http://127.0.0.1:1"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ];
        for header in cross_site {
            let page = browser.graphql(change, Value::Null, &[header]);
            assert_eq!((page.status, page.error_code()), (403, "CROSS_SITE".to_owned()), "{header:?}");
            let open_to_all = page.headers.iter().any(|(name, _)| name.starts_with("access-control-allow"));
            assert!(!open_to_all, "{:?}", page.headers);
        }
        let url = browser.url("/graphql?query=%7Bviewer%7Bemail%7D%7D");
        let read = browser.send(&url, &[("origin", "https://evil.example")], None);
        assert!(read.status == 403 && !read.body.contains("office.test"), "{} {}", read.status, read.body);
        // What forms of other sites can send without asking first.
        let (url, origin) = (browser.url("/graphql"), browser.origin());
        for content_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
            let body = json!({ "query": change }).to_string();
            let page = browser.send(&url, &[("content-type", content_type), ("origin", &origin)], Some(&body));
            assert_eq!(page.status, 415, "{content_type}");
        }
        assert_eq!(language(&mut browser), "en", "refused, and nothing has changed");
        // A WebSocket is opened by any page, with the cookies; 400 stands for: let in, if it were a handshake.
        let url = browser.url("/graphql/ws");
        for (origin, status) in [("https://evil.example", 403), ("null", 403)] {
            let headers = [("origin", origin), ("sec-websocket-protocol", "graphql-transport-ws")];
            assert_eq!(browser.send(&url, &headers, None).status, status, "{origin}");
        }
        assert_eq!(browser.send(&url, &[("sec-websocket-protocol", "graphql-transport-ws")], None).status, 400);
        browser.ask(change, Value::Null);
        assert_eq!(language(&mut browser), "ar");
    });
}

#[test]
fn the_way_back_stays_in_the_catalogue() {
    on(Backend::Sqlite, &[], |server, place| {
        make(place, "amal@office.test", &[]);
        let bad = [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\r\nlocation: https://evil.example",
            "javascript:alert(1)",
            "evil.example",
        ];
        for (asked, goes_to) in bad.into_iter().map(|bad| (bad, "/account")).chain([("/graphiql?query=x", "/graphiql?query=x")]) {
            let mut browser = Browser::at(server);
            let encoded: String = url::form_urlencoded::byte_serialize(asked.as_bytes()).collect();
            let page = browser.open(&format!("/sign-in?return_to={encoded}"));
            assert_eq!(page.form("/sign-in").field("return_to"), goes_to, "{asked:?}");
            let form = page.form("/sign-in").fill("email", "amal@office.test").fill("password", PHRASE).fill("return_to", asked);
            let done = browser.submit(&form);
            assert_eq!((done.status, done.header("location")), (303, goes_to), "{asked:?}");
        }
    });
}

#[test]
fn the_console_lists_shuts_and_reopens_accounts() {
    on_both(&[], |server, place| {
        make(place, "amal@office.test", &["EDITOR@hcp", "AUDITOR"]);
        let line = || place.run_ok(&["user", "list"]).lines().find(|line| line.contains("amal@office.test")).map(str::to_owned);
        let fields = |line: &str| line.split('\t').skip(1).map(str::to_owned).collect::<Vec<_>>();
        let listed = line().expect("listed");
        assert_eq!(fields(&listed)[..3], ["amal@office.test", "Officer of the tests", "active"]);
        assert!(listed.contains("EDITOR@hcp") && listed.contains("AUDITOR"), "{listed}");
        let mut browser = signed_in(server, "amal@office.test");
        let made = browser.ask("mutation { apiTokenCreate(input: { name: \"x\", scopes: [READ] }) { secret } }", Value::Null);
        let bearer = format!("Bearer {}", made["apiTokenCreate"]["secret"].as_str().expect("a secret"));
        let with_token = || Browser::at(server).graphql("{ viewer { email } }", Value::Null, &[("authorization", &bearer)]).status;
        assert_eq!(with_token(), 200);

        place.run_ok(&["user", "disable", "amal@office.test"]);
        assert_eq!(fields(&line().expect("listed"))[2], "disabled");
        assert_eq!((browser.who(), with_token()), (None, 401));
        assert_eq!(sign_in(&mut Browser::at(server), "amal@office.test", PHRASE, "").status, 401);
        place.run_ok(&["user", "disable", "amal@office.test", "--undo"]);
        assert_eq!((browser.who(), with_token()), (None, 401), "what has ended stays so");
        let mut browser = signed_in(server, "amal@office.test");

        let weak = tell(place, &["user", "password", "amal@office.test"], "short");
        assert!(!weak.status.success() && String::from_utf8_lossy(&weak.stderr).contains("at least 12 characters"), "{weak:?}");
        assert_eq!(browser.who().as_deref(), Some("amal@office.test"));
        assert!(tell(place, &["user", "password", "amal@office.test"], "une tout autre phrase").status.success());
        assert_eq!(browser.who(), None, "a new password ends the sessions");
        assert_eq!(sign_in(&mut browser, "amal@office.test", PHRASE, "").status, 401);
        assert_eq!(sign_in(&mut browser, "amal@office.test", "une tout autre phrase", "").status, 303);

        let before = place.run_ok(&["user", "list"]);
        let refused: [(&[&str], &str); 7] = [
            (&["user", "disable", "nobody@office.test"], "nobody@office.test"),
            (&["user", "add", "amal@office.test", "--function", "x"], "already"),
            (&["user", "add", "no address", "--function", "x"], "not an e-mail address"),
            (&["user", "add", "new@office.test", "--function", "x", "--role", "KING"], "use one of"),
            (&["user", "add", "new@office.test", "--function", "x", "--role", "EDITOR"], "name it"),
            (&["user", "add", "new@office.test", "--function", "x", "--role", "ADMIN@hcp"], "leave the institution out"),
            (&["user", "add", "new@office.test", "--function", "x", "--role", "EDITOR@nowhere"], "nowhere"),
        ];
        for (arguments, told) in refused {
            let done = place.run(arguments);
            let words = String::from_utf8_lossy(&done.stderr).into_owned();
            assert!(!done.status.success() && words.contains(told), "{arguments:?}: {words}");
        }
        assert!(!tell(place, &["user", "password", "nobody@office.test"], PHRASE).status.success());
        assert_eq!(place.run_ok(&["user", "list"]), before, "refused, and nothing has changed");
    });
}
