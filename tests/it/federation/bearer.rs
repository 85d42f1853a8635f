//! Access tokens of the provider: which are accepted, and that every other is refused and makes nobody a visitor.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::harness::{BACKENDS, Backend, Server};
use crate::identity::browser::{Browser, Page};

use super::provider::{Office, Provider};

/// A question that any visitor may ask, with a token.
pub fn ask(server: &Server, token: &str) -> Page {
    with_token(server, token, "{ catalogue { name } viewer { function email roles { role institution { slug } } } }")
}

fn with_token(server: &Server, token: &str, query: &str) -> Page {
    let bearer = format!("Bearer {token}");
    Browser::at(server).graphql(query, Value::Null, &[("authorization", &bearer)])
}

/// Header of a token.
pub fn header_of(token: &str) -> Value {
    part(token, 0)
}

fn part(token: &str, number: usize) -> Value {
    let encoded = token.split('.').nth(number).expect("three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(encoded).expect("base64url")).expect("JSON")
}

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn now_s() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a time after 1970");
    i64::try_from(since.as_secs()).expect("a time before the end")
}

/// Claims of a good token, with some changed; null takes one out.
fn claims(provider: &Provider, changes: Value) -> Value {
    let mut claims = json!({
        "iss": provider.issuer, "sub": "harvester", "client_id": "harvester", "aud": "catalogue", "iat": now_s(), "exp": now_s() + 300,
    });
    for (name, value) in changes.as_object().expect("an object") {
        claims[name] = value.clone();
    }
    claims
}

fn assert_refused(server: &Server, token: &str, case: &str) {
    let page = ask(server, token);
    assert_eq!((page.status, page.error_code()), (401, "UNAUTHENTICATED".to_owned()), "{case}: {}", page.body);
    assert!(page.json()["data"].is_null() && page.header("www-authenticate").starts_with("Bearer"), "{case}: {}", page.body);
}

#[test]
fn a_service_with_a_token_of_its_own_is_a_program() {
    for backend in BACKENDS {
        let office = Office::open(backend);
        let token = office.provider.service_token("harvester", None);
        assert_eq!((header_of(&token)["typ"].as_str(), part(&token, 1)["aud"].as_str()), (Some("at+jwt"), Some("catalogue")));
        for token in [&token, &office.provider.service_token("harvester", None)] {
            let page = ask(&office.server, token);
            let viewer = json!({ "function": "harvester", "email": null, "roles": [] });
            assert_eq!((page.status, &page.json()["data"]["viewer"]), (200, &viewer), "{}", page.body);
        }
        let list = office.place.run_ok(&["user", "list"]);
        assert_eq!(list.lines().filter(|line| line.contains("harvester")).count(), 1, "{list}");
        // What changes the own sign-in needs a session.
        let create = "mutation { apiTokenCreate(input: { name: \"x\", scopes: [READ] }) { secret errors { code } } }";
        let refused = with_token(&office.server, &token, create).json();
        assert_eq!(refused["data"]["apiTokenCreate"], json!({ "secret": null, "errors": [{ "code": "SESSION_REQUIRED" }] }));
        office.close();
    }
}

#[test]
fn the_bearer_is_the_person_who_signs_in_with_the_roles_of_the_token() {
    let office = Office::open(Backend::Sqlite);
    let mut browser = office.browser();
    office.enter(&mut browser, "amina");
    let about_amina = |changes: Value| {
        let mut all = json!({ "sub": "amina", "client_id": "portal" });
        for (name, value) in changes.as_object().expect("an object") {
            all[name] = value.clone();
        }
        office.provider.signed(json!({}), claims(&office.provider, all))
    };
    let viewer = |token: &str| ask(&office.server, token).json()["data"]["viewer"].clone();
    let seen = viewer(&about_amina(json!({ "roles": ["institution_editor"], "institution": "unit-7" })));
    assert_eq!((seen["email"].as_str(), seen["roles"][0]["role"].as_str()), (Some("amina@office.test"), Some("EDITOR")), "{seen}");
    let seen = viewer(&about_amina(json!({ "roles": [] })));
    assert_eq!((seen["email"].as_str(), &seen["roles"]), (Some("amina@office.test"), &json!([])), "the token in hand says it");
    assert_eq!(browser.roles(), ["EDITOR@hcp"], "her session is another matter");
    // The ID token of her session is for this catalogue to read, and for nobody to act with.
    let form = browser.open("/account").form("/sign-out");
    let end = browser.submit(&form).target().expect("the provider");
    let id_token = end.query_pairs().find(|(name, _)| name == "id_token_hint").expect("a hint").1.into_owned();
    assert_refused(&office.server, &id_token, "an ID token");
    office.place.run_ok(&["user", "disable", "amina@office.test"]);
    assert_refused(&office.server, &about_amina(json!({})), "of a shut account");
    office.close();
}

#[test]
fn what_the_provider_signed_for_others_or_for_another_time_is_refused() {
    let office = Office::open(Backend::Sqlite);
    let provider = &office.provider;
    let refused = |token: &str, case: &str| assert_refused(&office.server, token, case);
    refused(&provider.service_token("other-app", Some("urn:test:elsewhere")), "for another audience");
    let signed = |changes: Value| provider.signed(json!({}), claims(provider, changes));
    assert_eq!(ask(&office.server, &signed(json!({}))).status, 200, "as made here, it is good");
    assert_eq!(ask(&office.server, &signed(json!({ "aud": ["elsewhere", "catalogue"] }))).status, 200);
    let now = now_s();
    for (case, changes) in [
        ("expired", json!({ "iat": now - 900, "exp": now - 60 })),
        ("without end", json!({ "exp": null })),
        ("with an end that is no time", json!({ "exp": "tomorrow" })),
        ("without beginning", json!({ "iat": null })),
        ("issued in the future", json!({ "iat": now + 600, "exp": now + 900 })),
        ("not valid yet", json!({ "nbf": now + 600 })),
        ("without subject", json!({ "sub": null })),
        ("with an empty subject", json!({ "sub": "" })),
        ("without audience", json!({ "aud": null })),
        ("for the client that people sign in with", json!({ "aud": "catalogue-web" })),
        ("for an audience that only begins alike", json!({ "aud": "catalogue2" })),
        ("without issuer", json!({ "iss": null })),
        ("of an issuer that is not known", json!({ "iss": "https://id.example.org" })),
        ("of an issuer with a slash more", json!({ "iss": format!("{}/", provider.issuer) })),
        ("of a list of issuers", json!({ "iss": [provider.issuer] })),
        ("bound to a key", json!({ "cnf": { "jkt": "x" } })),
    ] {
        refused(&signed(changes), case);
    }
    for (case, header) in [
        ("of no type", json!({ "typ": null })),
        ("of the type of ID tokens", json!({ "typ": "JWT" })),
        ("of the type of logout tokens", json!({ "typ": "logout+jwt" })),
        ("with something critical", json!({ "crit": ["exp"] })),
        ("that names another algorithm", json!({ "alg": "ES256" })),
        ("that names an algorithm that is not allowed", json!({ "alg": "PS256" })),
        ("with a key of its own", json!({ "kid": "mine", "jwk": { "kty": "oct", "k": "AAAA" } })),
        ("with keys elsewhere", json!({ "kid": "mine", "jku": format!("{}/test/keys", provider.issuer) })),
        ("with a key that nobody knows", json!({ "kid": "nobody" })),
    ] {
        refused(&provider.signed(header, claims(provider, json!({}))), case);
    }
    assert_eq!(ask(&office.server, &signed(json!({}))).status, 200, "and it still is");
    office.close();
}

#[test]
fn what_the_provider_did_not_sign_is_refused() {
    let office = Office::open(Backend::Sqlite);
    let provider = &office.provider;
    let refused = |token: &str, case: &str| assert_refused(&office.server, token, case);
    let token = provider.service_token("harvester", None);
    assert_eq!(ask(&office.server, &token).status, 200);
    let parts: Vec<&str> = token.split('.').collect();
    let (header, body, signature) = (parts[0], parts[1], parts[2]);
    let kid = header_of(&token)["kid"].clone();
    let more = claims(provider, json!({ "roles": ["catalogue_auditor"] }));
    let forged = encoded(&more);

    for algorithm in ["none", "None", "NONE", ""] {
        let unsigned = encoded(&json!({ "alg": algorithm, "typ": "at+jwt", "kid": kid }));
        refused(&format!("{unsigned}.{forged}."), "without signature");
        refused(&format!("{unsigned}.{body}.{signature}"), "with a signature that is not to be looked at");
    }
    refused(&format!("{header}.{forged}.{signature}"), "with other claims");
    refused(&format!("{header}.{body}."), "with the signature cut off");
    let first = if signature.starts_with('A') { 'B' } else { 'A' };
    refused(&format!("{header}.{body}.{first}{}", &signature[1..]), "with one letter of the signature changed");
    for nonsense in [format!("{header}.{body}"), format!("{token}.x"), "...".to_owned(), "e30.e30.e30".to_owned(), "x".repeat(7_000)] {
        refused(&nonsense, "without the form of a token");
    }
    // The public key is no secret, in whatever form it is taken for one.
    let public = provider.get("/test/public");
    let forms = public["forms"].as_array().expect("forms");
    assert!(forms.len() >= 6, "{public}");
    for (number, form) in forms.iter().enumerate() {
        let secret = STANDARD.decode(form.as_str().expect("base64")).expect("base64");
        for kid in [&public["kid"], &Value::Null] {
            let mut header = json!({ "alg": "HS256", "typ": "at+jwt" });
            if !kid.is_null() {
                header["kid"] = kid.clone();
            }
            let text = format!("{}.{forged}", encoded(&header));
            let mut mac = Hmac::<Sha256>::new_from_slice(&secret).expect("a key of any length");
            mac.update(text.as_bytes());
            let token = format!("{text}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()));
            refused(&token, &format!("signed with the public key, form {number}"));
        }
    }
    // Another provider, as itself and in the name of the known one.
    let other = Provider::start();
    refused(&other.service_token("harvester", None), "of another provider");
    refused(&other.signed(json!({}), more.clone()), "of another provider in the name of this one");
    refused(&other.signed(json!({ "kid": kid }), more.clone()), "of another provider in the name of this one and of its key");
    assert_eq!(ask(&office.server, &provider.signed(json!({}), more)).status, 200, "what it signs itself is good");
    office.close();
}
