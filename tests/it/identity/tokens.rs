//! API tokens, the authenticator app, and what nobody can give themselves.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use totp_rs::Totp;

use crate::harness::{Backend, Server};

use super::accounts::{PHRASE, make, on, on_both, sign_in, signed_in, tell};
use super::browser::{Browser, Page};

/// An authenticator app that knows a secret.
pub struct App {
    totp: Totp,
    /// The code that it showed when it was given the secret.
    first: String,
}

impl App {
    fn reading(begun: &Value) -> Self {
        let totp = Totp::from_url(begun["url"].as_str().expect("an address")).expect("an address that apps read");
        Self { first: code_of(&totp, 0), totp }
    }

    /// The code that the app shows so many half minutes from now.
    pub fn code(&self, half_minutes: i64) -> String {
        code_of(&self.totp, half_minutes)
    }
}

fn code_of(totp: &Totp, half_minutes: i64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a time after 1970").as_secs();
    totp.generate(now.saturating_add_signed(30 * half_minutes)).to_string()
}

/// Turns an authenticator app on, as its owner does, with the code that it shows first.
pub fn turn_on(browser: &mut Browser) -> App {
    let begun = browser.ask("mutation { authenticatorBegin { secret url errors { code } } }", Value::Null);
    let begun = &begun["authenticatorBegin"];
    let app = App::reading(begun);
    let errors = enable(browser, begun["secret"].as_str().expect("a secret"), &app.first);
    assert!(errors.is_empty(), "{errors:?}");
    app
}

fn codes(payload: &Value) -> Vec<String> {
    let code = |error: &Value| error["code"].as_str().expect("a code").to_owned();
    payload["errors"].as_array().unwrap_or_else(|| panic!("{payload}")).iter().map(code).collect()
}

fn enable(browser: &mut Browser, secret: &str, code: &str) -> Vec<String> {
    let enable = "mutation($secret: String!, $code: String!) {
        authenticatorEnable(input: { secret: $secret, code: $code }) { viewer { hasAuthenticatorApp } errors { code } }
    }";
    codes(&browser.ask(enable, json!({ "secret": secret, "code": code }))["authenticatorEnable"])
}

fn disable(browser: &mut Browser, code: &str) -> Vec<String> {
    let disable = "mutation($code: String!) { authenticatorDisable(code: $code) { viewer { hasAuthenticatorApp } errors { code } } }";
    codes(&browser.ask(disable, json!({ "code": code }))["authenticatorDisable"])
}

/// Six digits that are not those of any near half minute.
fn wrong_code(app: &App) -> String {
    let near: Vec<String> = (-3..=3).map(|half_minutes| app.code(half_minutes)).collect();
    let mut tried = (0..10).map(|digit| digit.to_string().repeat(6));
    tried.find(|code| !near.contains(code)).expect("ten codes are more than seven")
}

#[test]
fn with_an_authenticator_app_signing_in_asks_for_a_code_that_is_taken_once() {
    on_both(&[], |server, place| {
        make(place, "amal@office.test", &[]);
        let mut browser = signed_in(server, "amal@office.test");
        let app = turn_on(&mut browser);
        assert!(app.totp.to_string().contains("SHA1"), "the only algorithm that every app knows: {}", app.totp);
        let shown = browser.ask("{ viewer { hasAuthenticatorApp } }", Value::Null);
        assert_eq!(shown["viewer"]["hasAuthenticatorApp"], true);
        let attempt = |password: &str, code: &str| sign_in(&mut Browser::at(server), "amal@office.test", password, code);
        let without = attempt(PHRASE, "");
        assert!(without.words().contains("one-time code is not right"), "{}", without.words());
        assert_eq!(without.status, 401);
        assert_eq!(attempt(PHRASE, &wrong_code(&app)).status, 401);
        assert_eq!(attempt(PHRASE, &app.first).status, 401, "the code that turned the app on is used up");
        let next = app.code(1);
        assert_eq!(attempt("pas la bonne phrase", &next).status, 401);
        let written = format!(" {} {} ", &next[..3], &next[3..]);
        assert_eq!(attempt(PHRASE, &written).status, 303, "a wrong password uses no code up");
        assert_eq!(attempt(PHRASE, &next).status, 401, "once only");

        assert_eq!(disable(&mut browser, &wrong_code(&app)), ["INVALID"]);
        assert_eq!(disable(&mut browser, &next), ["INVALID"], "used");
        let secret = app.totp.secret().to_base32();
        assert_eq!(enable(&mut browser, &secret, &app.code(1)), ["CONFLICT"], "it is on already");
        place.alter("UPDATE persons SET totp_step = 0");
        assert!(disable(&mut browser, &app.code(0)).is_empty());
        assert_eq!(attempt(PHRASE, "").status, 303);

        // Who has lost the app asks the console.
        turn_on(&mut browser);
        assert_eq!(attempt(PHRASE, "").status, 401);
        let kept = tell(place, &["user", "password", "amal@office.test"], PHRASE);
        assert!(kept.status.success() && attempt(PHRASE, "").status == 401, "a new password alone forgets nothing");
        let forgotten = tell(place, &["user", "password", "amal@office.test", "--forget-app"], PHRASE);
        assert!(forgotten.status.success() && attempt(PHRASE, "").status == 303, "{forgotten:?}");
    });
}

#[test]
fn codes_cannot_be_tried_through() {
    on(Backend::Sqlite, &[], |server, place| {
        make(place, "amal@office.test", &[]);
        let mut browser = signed_in(server, "amal@office.test");
        let app = turn_on(&mut browser);
        let wrong = wrong_code(&app);
        let told: Vec<_> = (0..10).map(|_| disable(&mut browser, &wrong)).collect();
        assert!(told[..9].iter().all(|codes| *codes == ["INVALID"]), "{told:?}");
        assert_eq!(told[9], ["CONFLICT"], "with the one that turned it on there were ten");
        place.alter("UPDATE persons SET totp_step = 0");
        assert_eq!(disable(&mut browser, &app.code(0)), ["CONFLICT"], "the right one has to wait too");
        // Passwords and codes share their ten attempts.
        let statuses: Vec<u16> = (0..11).map(|_| sign_in(&mut Browser::at(server), "amal@office.test", PHRASE, &wrong).status).collect();
        assert_eq!((&statuses[..10], statuses[10]), (&[401; 10][..], 429));
    });
}

fn create(browser: &mut Browser, scopes: &[&str], days: i32) -> Value {
    let create = "mutation($scopes: [TokenScope!]!, $days: Int!) {
        apiTokenCreate(input: { name: \"portal\", scopes: $scopes, expiresInDays: $days }) { token { id name scopes } secret errors { code path } }
    }";
    browser.ask(create, json!({ "scopes": scopes, "days": days }))["apiTokenCreate"].clone()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

fn with_token(server: &Server, token: &str, query: &str, variables: Value) -> Page {
    let bearer = format!("Bearer {token}");
    Browser::at(server).graphql(query, variables, &[("authorization", &bearer)])
}

const DRAFT: &str = "mutation($slug: String!) {
    datasetDraftCreate(input: { institution: \"hcp\", content: { slug: $slug } }) { draft { id revision } errors { code } }
}";
const SUBMIT: &str = "mutation($draft: ID!, $revision: Int!) {
    datasetSubmit(input: { draft: $draft, expectedRevision: $revision }) { draft { status } errors { code } }
}";

#[test]
fn a_token_is_shown_once_and_does_what_its_scopes_say() {
    on_both(&[], |server, place| {
        make(place, "amal@office.test", &["EDITOR@hcp"]);
        let mut browser = signed_in(server, "amal@office.test");
        let made = create(&mut browser, &["READ"], 1);
        let (reader, id) = (text(&made["secret"]), text(&made["token"]["id"]));
        assert!(reader.starts_with("rihla_") && reader.len() == 49, "256 bits behind a front that scanners know: {reader}");
        let writer = text(&create(&mut browser, &["READ", "REGISTER"], 1)["secret"]);
        let listed = browser.ask("{ viewer { apiTokens { id name scopes lastUsedAt revokedAt } } }", Value::Null).to_string();
        assert!(listed.contains(&id) && !listed.contains(&reader) && !listed.contains(&writer), "{listed}");

        let drafted = with_token(server, &reader, DRAFT, json!({ "slug": "by-reader" })).json();
        assert_eq!(codes(&drafted["data"]["datasetDraftCreate"]), ["SCOPE_REQUIRED"]);
        let drafted = with_token(server, &writer, DRAFT, json!({ "slug": "by-writer" })).json();
        let draft = &drafted["data"]["datasetDraftCreate"]["draft"];
        let variables = json!({ "draft": draft["id"], "revision": draft["revision"] });
        let submitted = |token: &str| codes(&with_token(server, token, SUBMIT, variables.clone()).json()["data"]["datasetSubmit"]);
        assert_eq!(submitted(&reader), ["SCOPE_REQUIRED"]);
        // The draft has gaps, which is asked only of those who may submit.
        let refusals = submitted(&writer);
        assert!(!refusals.is_empty() && refusals.iter().all(|code| code == "INVALID"), "{refusals:?}");
        let drafts = browser.ask("{ viewer { drafts { totalCount } } }", Value::Null);
        assert_eq!(drafts["viewer"]["drafts"]["totalCount"], 1);
        let seen = with_token(server, &reader, "{ viewer { email roles { role } } }", Value::Null).json();
        assert_eq!(seen["data"]["viewer"], json!({ "email": "amal@office.test", "roles": [{ "role": "EDITOR" }] }));

        let revoke = format!("apiTokenRevoke(id: \"{id}\")");
        for (field, code) in [
            ("apiTokenCreate(input: { name: \"x\", scopes: [READ] })", "SESSION_REQUIRED"),
            (revoke.as_str(), "SESSION_REQUIRED"),
            ("authenticatorBegin", "SESSION_REQUIRED"),
            ("authenticatorDisable(code: \"123456\")", "SESSION_REQUIRED"),
            ("sessionsEnd", "SESSION_REQUIRED"),
            ("preferencesUpdate(input: { language: \"ar\" })", "SCOPE_REQUIRED"),
        ] {
            let answer = with_token(server, &writer, &format!("mutation {{ done: {field} {{ errors {{ code }} }} }}"), Value::Null).json();
            assert_eq!(codes(&answer["data"]["done"]), [code], "{field}");
        }
        assert_eq!(browser.who().as_deref(), Some("amal@office.test"));
        assert_eq!(with_token(server, &reader, "{ viewer { email } }", Value::Null).status, 200, "refused, and nothing has changed");
    });
}

#[test]
fn a_token_reads_no_more_of_its_owner_than_its_scopes_say() {
    on_both(&[], |server, place| {
        make(place, "amal@office.test", &["EDITOR@hcp", "AUDITOR"]);
        let mut browser = signed_in(server, "amal@office.test");
        let fields = ["notifications { totalCount }", "unreadCount", "savedSearches { id }", "webhooks { id }", "apiTokens { id }"];
        let status = |token: &str, field: &str| {
            let page = with_token(server, token, &format!("{{ viewer {{ function {field} }} }}"), Value::Null);
            if page.json().get("errors").is_some() { page.error_code() } else { "read".to_owned() }
        };
        for (scopes, expected) in [
            (vec!["READ"], ["read"; 5]),
            (vec!["SUBSCRIBE"], ["read", "read", "read", "read", "SCOPE_REQUIRED"]),
            (vec!["AUDIT"], ["SCOPE_REQUIRED"; 5]),
            (vec!["REGISTER", "DECIDE"], ["SCOPE_REQUIRED"; 5]),
        ] {
            let token = text(&create(&mut browser, &scopes, 1)["secret"]);
            assert_eq!(fields.map(|field| status(&token, field)), expected, "{scopes:?}");
        }
        let listed = browser.ask("{ viewer { apiTokens { id } } }", Value::Null);
        let query = "query($id: ID!) { node(id: $id) { id } viewer { function email } }";
        let writer = text(&create(&mut browser, &["REGISTER"], 1)["secret"]);
        let seen = with_token(server, &writer, query, json!({ "id": listed["viewer"]["apiTokens"][0]["id"] })).json();
        assert_eq!(seen["data"], json!({ "node": null, "viewer": { "function": "Officer of the tests", "email": null } }));
        // What a writer writes it is not shown.
        let drafted = with_token(server, &writer, DRAFT, json!({ "slug": "by-writer" })).json();
        let draft = drafted["data"]["datasetDraftCreate"]["draft"].clone();
        assert_eq!(draft["revision"], 1);
        let update = "mutation($d: ID!, $r: Int!) { datasetDraftUpdate(input: { draft: $d, expectedRevision: $r, content: {} }) { draft { status revision slug titles { text } FIELD } } }";
        let step = |revision: i32, field: &str| {
            with_token(server, &writer, &update.replace("FIELD", field), json!({ "d": draft["id"], "r": revision }))
        };
        let shown = step(1, "").json()["data"]["datasetDraftUpdate"]["draft"].clone();
        assert_eq!(shown, json!({ "status": "DRAFT", "revision": 2, "slug": null, "titles": [] }));
        for (revision, field) in [(2, "content"), (3, "readiness { isReady }"), (4, "changes { path }"), (5, "duplicates { reasons }")] {
            assert_eq!(step(revision, field).error_code(), "SCOPE_REQUIRED", "{field}");
        }
    });
}

#[test]
fn only_the_authenticator_secret_that_was_given_is_taken() {
    on_both(&[], |server, place| {
        make(place, "amal@office.test", &[]);
        make(place, "other@office.test", &[]);
        let mut browser = signed_in(server, "amal@office.test");
        assert_eq!(enable(&mut browser, "AA", "123456"), ["INVALID"]);
        let begin = |browser: &mut Browser| {
            let begun = browser.ask("mutation { authenticatorBegin { secret url } }", Value::Null)["authenticatorBegin"].clone();
            (text(&begun["secret"]), App::reading(&begun))
        };
        let (of_other, app) = begin(&mut signed_in(server, "other@office.test"));
        assert_eq!(enable(&mut browser, &of_other, &app.code(0)), ["INVALID"], "given to another person");
        let (older, app) = begin(&mut browser);
        let (newer, _) = begin(&mut browser);
        assert!(older != newer && enable(&mut browser, &older, &app.code(0)) == ["INVALID"], "begun anew since");
        let (secret, app) = begin(&mut browser);
        place.alter("UPDATE links SET expires_at = expires_at - 900000 WHERE kind = 'AUTHENTICATOR'");
        assert_eq!(enable(&mut browser, &secret, &app.code(0)), ["INVALID"], "a quarter of an hour later");
        let (secret, app) = begin(&mut browser);
        assert!(enable(&mut browser, &secret, &app.code(0)).is_empty());
    });
}

#[test]
fn a_session_in_use_does_not_end_where_sessions_end_soon() {
    on_both(&["session_idle_minutes=1"], |server, place| {
        make(place, "amal@office.test", &[]);
        let mut browser = signed_in(server, "amal@office.test");
        for _ in 0..3 {
            place.alter("UPDATE sessions SET seen_at = seen_at - 40000");
            assert_eq!(browser.who().as_deref(), Some("amal@office.test"), "used 40 seconds ago");
        }
        place.alter("UPDATE sessions SET seen_at = seen_at - 60001");
        assert_eq!(browser.who(), None);
    });
}

#[test]
fn a_token_ends_when_it_is_revoked_and_when_its_days_are_over() {
    on_both(&[], |server, place| {
        make(place, "amal@office.test", &[]);
        make(place, "other@office.test", &["ADMIN"]);
        let mut browser = signed_in(server, "amal@office.test");
        for days in [0, -1, 366] {
            let made = create(&mut browser, &["READ"], days);
            assert_eq!((codes(&made), &made["secret"]), (vec!["INVALID".to_owned()], &Value::Null), "{days}");
        }
        assert_eq!(codes(&create(&mut browser, &[], 1)), ["INVALID"]);
        let made = create(&mut browser, &["READ"], 1);
        let (first, second) = (text(&made["secret"]), text(&create(&mut browser, &["READ"], 2)["secret"]));
        let status = |token: &str| with_token(server, token, "{ catalogue { name } }", Value::Null).status;
        let revoke = |browser: &mut Browser| {
            let revoke = "mutation($id: ID!) { apiTokenRevoke(id: $id) { errors { code } } }";
            codes(&browser.ask(revoke, json!({ "id": made["token"]["id"] }))["apiTokenRevoke"])
        };
        assert_eq!(revoke(&mut signed_in(server, "other@office.test")), ["NOT_FOUND"], "not even an administrator's to revoke");
        assert_eq!((status(&first), status(&second)), (200, 200));
        assert!(revoke(&mut browser).is_empty());
        assert_eq!((status(&first), status(&second)), (401, 200));
        place.alter("UPDATE api_tokens SET expires_at = expires_at - 86400000");
        assert_eq!(status(&second), 200, "two days");
        place.alter("UPDATE api_tokens SET expires_at = expires_at - 86400001");
        assert_eq!(status(&second), 401);
    });
}

#[test]
fn a_credential_that_is_not_good_never_makes_a_visitor() {
    on(Backend::Sqlite, &[], |server, place| {
        make(place, "amal@office.test", &[]);
        let mut browser = signed_in(server, "amal@office.test");
        let token = text(&create(&mut browser, &["READ"], 1)["secret"]);
        let good = format!("bearer {token}");
        let ask = |browser: &mut Browser, headers: &[(&str, &str)]| browser.graphql("{ catalogue { name } }", Value::Null, headers);
        assert_eq!(ask(&mut Browser::at(server), &[]).status, 200, "a visitor may ask this");
        assert_eq!(ask(&mut Browser::at(server), &[("authorization", &good)]).status, 200);
        let (shorter, longer, other) = (&token[..token.len() - 1], format!("{token}A"), token.replace("rihla_", "rihla-"));
        let bad = [
            "Bearer rihla_x",
            "Bearer rihla_",
            &format!("Bearer {shorter}"),
            &format!("Bearer {longer}"),
            &format!("Bearer {other}"),
            &format!("Bearer {token} {token}"),
            &format!("Bearer{token}"),
            &format!("Token {token}"),
            &token,
            "Bearer",
            "Bearer ",
            "Bearer null",
            "Basic YW1hbEBvZmZpY2UudGVzdDpwaHJhc2U=",
            "",
        ];
        for header in bad {
            for browser in [&mut Browser::at(server), &mut browser.clone()] {
                let page = ask(browser, &[("authorization", header)]);
                assert_eq!((page.status, page.error_code()), (401, "UNAUTHENTICATED".to_owned()), "{header:?}");
                assert!(!page.header("www-authenticate").is_empty() && page.json()["data"].is_null(), "{}", page.body);
            }
        }
        let twice = [("authorization", good.as_str()), ("authorization", good.as_str())];
        assert_eq!(ask(&mut Browser::at(server), &twice).status, 401, "which of the two would it be?");
        let url = browser.url("/graphql?query=%7Bcatalogue%7Bname%7D%7D");
        assert_eq!(Browser::at(server).send(&url, &[("authorization", "Bearer rihla_x")], None).status, 401);
        assert_eq!(Browser::at(server).send(&url, &[], None).status, 200);
    });
}

#[test]
fn nobody_gives_themselves_more_by_naming_it() {
    on(Backend::Sqlite, &[], |server, place| {
        make(place, "amal@office.test", &["EDITOR@hcp"]);
        let mut browser = signed_in(server, "amal@office.test");
        let origin = browser.origin();
        let draft = "mutation($input: DatasetDraftCreateInput!) { datasetDraftCreate(input: $input) { draft { status } errors { code } } }";
        let preferences = "mutation($input: PreferencesUpdateInput!) { preferencesUpdate(input: $input) { errors { code } } }";
        let token = "mutation($input: ApiTokenCreateInput!) { apiTokenCreate(input: $input) { secret errors { code } } }";
        let content = |name: &str, value: &str| json!({ "institution": "hcp", "content": { "slug": "made-by-amal", name: value } });
        for (mutation, name, input) in [
            (draft, "status", content("status", "PUBLISHED")),
            (draft, "identifier", content("identifier", "MA-HCP-1")),
            (draft, "validatedBy", content("validatedBy", "amal")),
            (draft, "author", json!({ "institution": "hcp", "author": "somebody else" })),
            (draft, "baseVersion", json!({ "institution": "hcp", "baseVersion": 7 })),
            (preferences, "role", json!({ "language": "ar", "role": "ADMIN" })),
            (preferences, "email", json!({ "language": "ar", "email": "admin@office.test" })),
            (token, "person", json!({ "name": "x", "scopes": ["READ"], "expiresInDays": 1, "person": "another" })),
        ] {
            let page = browser.graphql(mutation, json!({ "input": input }), &[("origin", &origin)]);
            assert_eq!((page.status, page.error_code()), (400, "BAD_DOCUMENT".to_owned()), "{name}: {}", page.body);
            assert!(page.body.contains(&format!("\\\"{name}\\\": Unknown field")), "{}", page.body);
        }
        let literal = "mutation { preferencesUpdate(input: { language: \"ar\", role: ADMIN }) { errors { code } } }";
        let page = browser.graphql(literal, Value::Null, &[("origin", &origin)]);
        assert!(page.status == 400 && page.body.contains("\\\"role\\\" does not exist"), "{}", page.body);
        let after = browser.ask("{ viewer { language roles { role } drafts { totalCount } apiTokens { id } } }", Value::Null);
        let untouched = json!({ "language": "en", "roles": [{ "role": "EDITOR" }], "drafts": { "totalCount": 0 }, "apiTokens": [] });
        assert_eq!(after["viewer"], untouched, "refused, and nothing has changed");
        // Without the field, each is taken; the status is the registry's to say.
        let made = browser.ask(draft, json!({ "input": { "institution": "hcp", "content": { "slug": "made-by-amal" } } }));
        assert_eq!(made["datasetDraftCreate"], json!({ "draft": { "status": "DRAFT" }, "errors": [] }));
        // Fields of a form that it does not have are nobody's business either.
        let mut newcomer = Browser::at(server);
        let form = newcomer.open("/sign-in").form("/sign-in").fill("email", "amal@office.test").fill("password", PHRASE);
        assert_eq!(newcomer.submit(&form.fill("role", "ADMIN").fill("person_id", "1")).status, 303);
        assert_eq!(newcomer.roles(), ["EDITOR@hcp"]);
    });
}
