//! Signing in with a real OpenID provider: whose account it is, what its claims give, what is refused, and when it is down.

mod bearer;
mod provider;

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use url::Url;

use crate::harness::{BACKENDS, Backend, Place};
use crate::identity::accounts::{PHRASE, SESSION, enter, make, sign_in};
use crate::identity::browser::{Browser, Form, Page};

use provider::{HOME, Office, Provider};

const STATE: &str = "rihla_provider";

fn query(url: &Url) -> HashMap<String, String> {
    url.query_pairs().into_owned().collect()
}

/// A parameter of an address with its new value; none takes it out.
type Change<'a> = (&'a str, Option<&'a str>);

/// The address with parameters changed.
fn with(url: &Url, changes: &[Change<'_>]) -> Url {
    let mut pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    for (name, value) in changes {
        pairs.retain(|(known, _)| known != name);
        pairs.extend(value.map(|value| ((*name).to_owned(), value.to_owned())));
    }
    let mut changed = url.clone();
    changed.query_pairs_mut().clear().extend_pairs(pairs);
    changed
}

/// What somebody is called of whom the catalogue knows neither address nor role: never by the name that the provider tells.
const UNNAMED: &str = "Member";

/// The lines of `rihla user list` that hold a text.
fn listed(place: &Place, text: &str) -> Vec<String> {
    place.run_ok(&["user", "list"]).lines().filter(|line| line.contains(text)).map(str::to_owned).collect()
}

fn assert_not_signed_in(browser: &mut Browser, page: &Page, status: u16, told: &str, case: &str) {
    assert!(page.status == status && page.words().contains(told), "{case}: {} {}", page.status, page.words());
    assert_eq!((page.set_cookie(SESSION), browser.who()), ("", None), "{case}");
}

#[test]
fn a_person_signs_in_with_code_state_nonce_and_proof_key() {
    for backend in BACKENDS {
        let office = Office::open(backend);
        let mut browser = office.browser();
        let page = browser.open("/sign-in");
        assert!(page.words().contains("Continue with Office account"), "{}", page.words());
        let policy = page.header("content-security-policy");
        assert!(policy.ends_with(&format!("form-action 'self' {}", office.provider.issuer)), "{policy}");
        let begun = office.start(&mut browser);
        let cookie = begun.set_cookie(STATE);
        for attribute in ["; HttpOnly", "; SameSite=Lax", "; Path=/", "; Max-Age=600"] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
        let asked = query(&begun.target().expect("the provider"));
        for (name, value) in [
            ("response_type", "code"),
            ("client_id", "catalogue-web"),
            ("redirect_uri", "http://catalogue.test/auth/callback"),
            ("scope", "openid email profile catalogue"),
            ("code_challenge_method", "S256"),
        ] {
            assert_eq!(asked.get(name).map(String::as_str), Some(value), "{name}");
        }
        assert!(asked["state"].len() >= 22 && asked["nonce"].len() >= 22 && asked["code_challenge"].len() == 43, "{asked:?}");
        let back = office.at_provider(&mut browser, begun, "amina");
        let callback = back.target().expect("the way back");
        assert_eq!(query(&callback)["state"], asked["state"]);
        let done = browser.send(&callback, &[], None);
        assert_eq!((done.status, done.header("location")), (303, "/account"), "{}", done.words());
        for attribute in ["; HttpOnly", "; SameSite=Lax", "; Path=/", "; Max-Age=43200"] {
            assert!(done.set_cookie(SESSION).contains(attribute), "{}", done.set_cookie(SESSION));
        }
        assert_eq!(browser.cookie(STATE), None);
        assert_eq!((browser.who().as_deref(), browser.roles()), (Some("amina@office.test"), vec!["EDITOR@hcp".to_owned()]));
        assert!(listed(&office.place, "Amina").is_empty(), "people are known by function, never by a private name");
        let another = query(&office.start(&mut office.browser()).target().expect("the provider"));
        for name in ["state", "nonce", "code_challenge"] {
            assert_ne!(another[name], asked[name], "nothing is used twice: {name}");
        }
        office.close();
    }
}

#[test]
fn a_person_is_the_subject_of_an_issuer_and_not_a_name_or_an_address() {
    for backend in BACKENDS {
        let office = Office::open(backend);
        office.enter(&mut office.browser(), "amina");
        // She marries and moves; somebody else gets her address.
        office.provider.set_person("amina", json!({ "name": "Renamed", "email": "renamed@office.test", "email_verified": true }));
        office.provider.set_person("heir", json!({ "name": "Heir", "email": "amina@office.test", "email_verified": true }));
        let before = listed(&office.place, "@").len();
        for (name, who) in [("amina", "amina@office.test"), ("heir", UNNAMED), ("amina", "amina@office.test"), ("heir", UNNAMED)] {
            let mut browser = office.browser();
            office.enter(&mut browser, name);
            assert_eq!(browser.who().as_deref(), Some(who), "{name}");
        }
        assert_eq!(listed(&office.place, "@").len(), before, "hers is the only address");
        assert_eq!(listed(&office.place, "\t-\t").len(), 1, "and there is one account without");
        office.close();
    }
}

#[test]
fn roles_follow_the_claims_of_each_sign_in() {
    let office = Office::open(Backend::Sqlite);
    let say = |roles: Value, institution: Value| {
        let claims =
            json!({ "name": "Amina", "email": "amina@office.test", "email_verified": true, "roles": roles, "institution": institution });
        office.provider.set_person("amina", claims);
        let mut browser = office.browser();
        office.enter(&mut browser, "amina");
        assert_eq!(browser.who().as_deref(), Some("amina@office.test"));
        browser.roles()
    };
    assert_eq!(say(json!(["institution_editor", "other"]), json!("unit-7")), ["EDITOR@hcp"]);
    assert_eq!(say(json!(["catalogue_auditor"]), json!("unit-7")), ["AUDITOR"]);
    assert_eq!(say(json!("institution_editor"), json!(["unit-0", "unit-7"])), ["EDITOR@hcp"]);
    for (roles, institution) in [
        (json!([]), json!("unit-7")),
        (json!(["institution_editor"]), json!("unit-0")),
        (json!(["institution_editor"]), json!("hcp")),
        (json!(["institution_editor"]), Value::Null),
        (json!(["EDITOR", "ADMIN", "INSTITUTION_EDITOR"]), json!("unit-7")),
        (json!({ "institution_editor": true }), json!("unit-7")),
    ] {
        assert_eq!(say(roles.clone(), institution.clone()), Vec::<String>::new(), "{roles} {institution}");
    }
    let mut browser = office.browser();
    office.enter(&mut browser, "astray");
    assert_eq!((browser.who().as_deref(), browser.roles()), (Some("astray@office.test"), Vec::new()));
    office.close();
}

#[test]
fn a_way_back_is_gone_once_and_by_the_browser_that_began() {
    for backend in BACKENDS {
        let office = Office::open(backend);
        let arrive = |browser: &mut Browser| office.up_to_callback(browser, "karim").target().expect("the way back");
        let expired = "was open for too long";

        let mut browser = office.browser();
        let callback = arrive(&mut browser);
        let mut again = browser.clone();
        assert_eq!(browser.send(&callback, &[], None).status, 303);
        assert_eq!(browser.who().as_deref(), Some("karim@office.test"));
        let page = again.send(&callback, &[], None);
        assert_not_signed_in(&mut again, &page, 400, expired, "a second time, with the cookie of the first");

        let mut browser = office.browser();
        let callback = arrive(&mut browser);
        let mut thief = office.browser();
        thief.open("/sign-in");
        let page = thief.send(&callback, &[], None);
        assert_not_signed_in(&mut thief, &page, 400, expired, "in a browser that has begun nothing");
        let mut other = office.browser();
        office.start(&mut other);
        let callback = arrive(&mut browser);
        let page = other.send(&callback, &[], None);
        assert_not_signed_in(&mut other, &page, 400, expired, "in a browser that has begun something else");

        let mut browser = office.browser();
        let callback = arrive(&mut browser);
        office.place.alter("UPDATE links SET expires_at = expires_at - 600001");
        let page = browser.send(&callback, &[], None);
        assert_not_signed_in(&mut browser, &page, 400, expired, "after ten minutes");
        office.close();
    }
}

#[test]
fn a_way_back_that_was_tampered_with_leads_nowhere() {
    let office = Office::open(Backend::Sqlite);
    let (expired, failed) = ("was open for too long", "did not succeed");
    let other = Provider::start();
    let cases: [(&str, &[Change<'_>], u16, &str); 9] = [
        ("no code", &[("code", None)], 400, expired),
        ("an empty code", &[("code", Some(""))], 400, expired),
        ("an invented code", &[("code", Some("invented"))], 401, failed),
        ("no state", &[("state", None)], 400, expired),
        ("an invented state", &[("state", Some("AAAAAAAAAAAAAAAAAAAAAA"))], 400, expired),
        ("no issuer, though the provider promises one", &[("iss", None)], 401, failed),
        ("another issuer", &[("iss", Some(other.issuer.as_str()))], 401, failed),
        ("nothing at all", &[("code", None), ("state", None), ("iss", None)], 400, expired),
        ("a refusal", &[("code", None), ("error", Some("access_denied"))], 401, failed),
    ];
    for (case, changes, status, told) in cases {
        let mut browser = office.browser();
        let callback = office.up_to_callback(&mut browser, "karim").target().expect("the way back");
        let page = browser.send(&with(&callback, changes), &[], None);
        assert_not_signed_in(&mut browser, &page, status, told, case);
    }
    // A code of somebody else's sign-in, brought into one's own: the proof key is not its own.
    let (mut victim, mut thief) = (office.browser(), office.browser());
    let stolen = office.up_to_callback(&mut victim, "amina").target().expect("the way back");
    let own = office.up_to_callback(&mut thief, "karim").target().expect("the way back");
    let page = thief.send(&with(&own, &[("code", Some(query(&stolen)["code"].as_str()))]), &[], None);
    assert_not_signed_in(&mut thief, &page, 401, failed, "a stolen code");
    // Whoever changes their mind at the provider is told so.
    let mut browser = office.browser();
    let begun = office.start(&mut browser);
    let asked = browser.follow(begun);
    let (front, _) = asked.body.split_once("/abort\"").expect("a way to cancel");
    let (_, interaction) = front.rsplit_once('"').expect("a link");
    let abort = asked.url.join(&format!("{interaction}/abort")).expect("an address");
    let page = browser.send(&abort, &[], None);
    let page = browser.follow(page);
    assert_not_signed_in(&mut browser, &page, 401, failed, "a change of mind");
    assert!(listed(&office.place, "office.test").is_empty(), "nobody was registered on the way");
    office.close();
}

#[test]
fn an_address_is_no_proof_of_who_it_is() {
    for backend in BACKENDS {
        let office = Office::open(backend);
        make(&office.place, "local@office.test", &["EDITOR@hcp", "ADMIN"]);
        let before = listed(&office.place, "local@office.test");
        // One says so without proof, the other with the provider's word: neither becomes the account that is here.
        for (number, name) in ["claimant", "namesake"].into_iter().enumerate() {
            for _ in 0..2 {
                let mut browser = office.browser();
                let page = office.enter(&mut browser, name);
                assert_eq!((page.status, browser.who().as_deref()), (200, Some(UNNAMED)), "{}", page.words());
                assert_eq!(browser.roles(), Vec::<String>::new());
            }
            assert_eq!(listed(&office.place, "\t-\t").len(), number + 1, "one account without address for each");
        }
        assert_eq!(listed(&office.place, "local@office.test"), before);
        let mut local = enter(office.browser(), "local@office.test");
        assert_eq!(local.roles(), ["ADMIN", "EDITOR@hcp"]);
        office.close();
    }
}

#[test]
fn an_account_is_linked_by_whoever_is_signed_in_and_to_nobody_else() {
    for backend in BACKENDS {
        let office = Office::open(backend);
        make(&office.place, "local@office.test", &["EDITOR@hcp"]);
        make(&office.place, "second@office.test", &[]);
        let say = |roles: Value| office.provider.set_person("karim", json!({ "name": "Karim", "roles": roles }));
        say(json!(["catalogue_auditor"]));
        let everyone = listed(&office.place, "").len();
        let mut browser = enter(office.browser(), "local@office.test");
        assert_eq!(office.enter(&mut browser, "karim").status, 200);
        assert_eq!(
            (browser.who().as_deref(), browser.roles()),
            (Some("local@office.test"), vec!["AUDITOR".to_owned(), "EDITOR@hcp".to_owned()])
        );
        // From now on the provider alone is enough; roles of its claims go with them, those given here stay.
        say(json!([]));
        let mut later = office.browser();
        office.enter(&mut later, "karim");
        assert_eq!((later.who().as_deref(), later.roles()), (Some("local@office.test"), vec!["EDITOR@hcp".to_owned()]));
        assert_eq!(listed(&office.place, "").len(), everyone, "no second account");
        // It is not taken away from its person.
        let mut second = enter(office.browser(), "second@office.test");
        let page = office.enter(&mut second, "karim");
        assert!(page.status == 401 && page.words().contains("did not succeed"), "{} {}", page.status, page.words());
        assert_eq!(second.who().as_deref(), Some("second@office.test"));
        let mut later = office.browser();
        office.enter(&mut later, "karim");
        assert_eq!(later.who().as_deref(), Some("local@office.test"));
        // Who is shut here stays out, whichever way they come.
        office.place.run_ok(&["user", "disable", "local@office.test"]);
        let mut shut = office.browser();
        let page = office.enter(&mut shut, "karim");
        assert_not_signed_in(&mut shut, &page, 401, "did not succeed", "a shut account");
        office.close();
    }
}

#[test]
fn the_way_to_the_provider_begins_on_our_page_and_ends_in_our_catalogue() {
    let office = Office::open(Backend::Sqlite);
    for (asked, goes_to) in [
        ("//evil.example", "/account"),
        ("https://evil.example", "/account"),
        ("/\\evil.example", "/account"),
        ("/graphiql?query=x", "/graphiql?query=x"),
    ] {
        let mut browser = office.browser();
        let form = browser.open("/sign-in").form("/auth/office/start").fill("return_to", asked);
        let begun = browser.submit(&form);
        let callback = office.at_provider(&mut browser, begun, "karim").target().expect("the way back");
        assert_eq!(browser.send(&callback, &[], None).header("location"), goes_to, "{asked}");
    }
    let mut browser = office.browser();
    let form = browser.open("/sign-in").form("/auth/office/start");
    for page in [
        browser.submit(&form.clone().without("csrf")),
        browser.submit_with(&form, &[("origin", "https://evil.example")]),
        office.browser().submit(&form),
    ] {
        assert_eq!((page.status, page.set_cookie(STATE), page.header("location")), (403, "", ""));
    }
    let unknown = Form { action: browser.url("/auth/nobody/start"), ..form };
    assert_eq!(browser.submit(&unknown).status, 404);
    assert_eq!(browser.open("/auth/office/start").status, 405, "a link on another site starts nothing");

    // An invitation is accepted with the provider's account, once.
    let printed = office.place.run_ok(&[
        "institution",
        "invite",
        "hcp",
        "invited@office.test",
        "--function",
        "x",
        "--role",
        "VALIDATOR",
        "--set",
        "base_url=http://catalogue.test",
    ]);
    let path = printed.trim().strip_prefix(HOME).expect("the published address").to_owned();
    let mut browser = office.browser();
    let form = browser.open(&path).form("/auth/office/start");
    let begun = browser.submit(&form);
    let back = office.at_provider(&mut browser, begun, "amina");
    assert_eq!(browser.follow(back).status, 200);
    assert_eq!(browser.roles(), ["EDITOR@hcp", "VALIDATOR@hcp"]);
    assert_eq!(browser.open(&path).status, 404);
    office.close();
}

#[test]
fn signing_out_ends_the_session_here_and_at_the_provider() {
    for backend in BACKENDS {
        let office = Office::open(backend);
        let mut browser = office.browser();
        office.enter(&mut browser, "amina");
        // While the provider's session lasts, it asks for nothing more.
        let begun = office.start(&mut browser);
        let to_provider = begun.target().expect("the provider");
        let straight = browser.send(&to_provider, &[], None);
        assert!(straight.header("location").starts_with(HOME), "{}", straight.header("location"));
        browser.follow(straight);
        assert_eq!(browser.who().as_deref(), Some("amina@office.test"));

        let mut thief = browser.clone();
        let form = browser.open("/account").form("/sign-out");
        let done = browser.submit(&form);
        assert_eq!((done.status, browser.cookie(SESSION), thief.who()), (303, None, None), "before the provider is asked");
        let end = done.target().expect("the provider");
        assert_eq!(end.origin().ascii_serialization(), office.provider.issuer);
        let asked = query(&end);
        assert_eq!(asked["post_logout_redirect_uri"], "http://catalogue.test/signed-out");
        assert_eq!(asked["id_token_hint"].split('.').count(), 3);
        let back = office.at_provider(&mut browser, done, "");
        assert_eq!(back.header("location"), "http://catalogue.test/signed-out");
        let shown = browser.follow(back);
        assert!(shown.status == 200 && shown.words().contains("You are signed out"), "{} {}", shown.status, shown.words());

        let begun = office.start(&mut browser);
        let page = browser.follow(begun);
        let asks_name = page.forms().iter().any(|form| form.fields.iter().any(|(name, _)| name == "login"));
        assert!(asks_name, "the provider asks who it is again: {} {}", page.url, page.words());
        office.close();
    }
}

#[test]
fn the_provider_may_change_its_keys_at_any_time() {
    let office = Office::open(Backend::Sqlite);
    let ask = |token: &str| bearer::ask(&office.server, token).status;
    let old = office.provider.service_token("harvester", None);
    assert_eq!(ask(&old), 200);
    office.enter(&mut office.browser(), "amina");
    let rotated = office.provider.post("/test/rotate", json!({}));
    let mut browser = office.browser();
    office.enter(&mut browser, "karim");
    assert_eq!(browser.who().as_deref(), Some("karim@office.test"));
    let new = office.provider.service_token("harvester", None);
    assert_eq!(bearer::header_of(&new)["kid"], rotated["kid"], "signed with the new key");
    assert_eq!((ask(&new), ask(&old)), (200, 200), "the old key is still published");
    office.close();
}

#[test]
fn when_the_provider_is_down_it_is_said_and_passwords_still_work() {
    let office = Office::open(Backend::Sqlite);
    make(&office.place, "local@office.test", &[]);
    let token = office.provider.service_token("harvester", None);
    office.provider.post("/test/down", json!({}));
    let mut browser = office.browser();
    let page = office.start(&mut browser);
    assert_not_signed_in(&mut browser, &page, 503, "does not answer. Please try again later, or use your password", "down");
    let unknown = bearer::ask(&office.server, &token);
    assert_eq!((unknown.status, unknown.error_code()), (503, "UNAVAILABLE".to_owned()), "nobody knows yet, and nobody is a visitor");
    assert_eq!(sign_in(&mut browser, "local@office.test", PHRASE, "").status, 303);
    assert_eq!(browser.who().as_deref(), Some("local@office.test"));

    office.provider.post("/test/up", json!({}));
    let deadline = Instant::now() + Duration::from_secs(30);
    while bearer::ask(&office.server, &token).status != 200 {
        assert!(Instant::now() < deadline, "the provider is back, and nobody noticed within 30 s");
        std::thread::sleep(Duration::from_millis(200));
    }
    let (mut amina, mut karim) = (office.browser(), office.browser());
    office.enter(&mut amina, "amina");
    let callback = office.up_to_callback(&mut karim, "karim").target().expect("the way back");
    office.provider.post("/test/down", json!({}));
    assert_eq!(bearer::ask(&office.server, &token).status, 200, "its keys are known");
    let page = karim.send(&callback, &[], None);
    assert_not_signed_in(&mut karim, &page, 503, "does not answer", "down on the way back");

    let Office { provider, server, place } = office;
    provider.kill();
    assert_eq!(amina.who().as_deref(), Some("amina@office.test"), "sessions do not need it");
    let form = amina.open("/account").form("/sign-out");
    assert_eq!((amina.submit(&form).status, amina.who()), (303, None));
    server.stop();
    place.assert_healthy();
}
