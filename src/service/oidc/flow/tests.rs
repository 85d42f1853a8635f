use std::collections::HashMap;

use serde_json::{Value, json};
use url::Url;

use super::super::testing::{Fake, ISSUER, Key, with, without};
use super::*;

const SETTINGS: &str = r#"
    client_id = "catalog-web"
    client_secret = "s3cret"
    scopes = ["email", "roles"]
    [[provider.grant]]
    claim = "realm.roles"
    value = "auditor"
    role = "AUDITOR"
"#;

/// A provider with one key, ready to answer.
fn scene() -> (Key, Fake, Providers) {
    let key = Key::new("k1");
    let fake = Fake::with_keys(&[&key]);
    let providers = fake.providers(SETTINGS);
    (key, fake, providers)
}

fn now_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs()
}

/// Claims of an ID token that needs nothing from the userinfo endpoint.
fn claims(nonce: &str) -> Value {
    json!({
        "iss": ISSUER, "aud": "catalog-web", "sub": "amal", "nonce": nonce, "exp": now_s() + 300, "iat": now_s(),
        "email": "amal@example.org", "email_verified": true, "name": "Amal", "realm": { "roles": ["auditor"] },
    })
}

fn answer_with(fake: &Fake, id_token: &str) {
    fake.answer("/token", 200, &json!({ "access_token": "the-access-token", "token_type": "Bearer", "id_token": id_token }));
}

fn header() -> Value {
    json!({ "alg": "EdDSA", "kid": "k1", "typ": "JWT" })
}

/// Signs in with an ID token of these claims; the nonce that is expected is `n`.
fn finish(header: &Value, claims: &Value) -> Result<SignedIn, OidcError> {
    let (key, fake, providers) = scene();
    answer_with(&fake, &key.sign(header, claims));
    providers.finish("national", "the-code", "n", "the-verifier")
}

fn is_refused(result: Result<SignedIn, OidcError>, text: &str) -> bool {
    matches!(result, Err(OidcError::Refused(why)) if why.contains(text))
}

fn query(url: &str) -> HashMap<String, String> {
    Url::parse(url).expect("a URL").query_pairs().into_owned().collect()
}

#[test]
fn it_starts_with_everything_that_protects_it() {
    let (_, _, providers) = scene();
    let (started, other) = (providers.start("national").expect("started"), providers.start("national").expect("started"));
    let query = query(&started.url);
    let value = |name: &str| query.get(name).map(String::as_str);
    assert!(started.url.starts_with("https://id.example.org/authorize?"));
    assert_eq!((value("response_type"), value("client_id")), (Some("code"), Some("catalog-web")));
    assert_eq!((value("scope"), value("redirect_uri")), (Some("openid email roles"), Some("https://rihla.example.org/sign-in/back")));
    assert_eq!((value("state"), value("nonce")), (Some(started.state.as_str()), Some(started.nonce.as_str())));
    assert_eq!(value("code_challenge_method"), Some("S256"));
    assert!(value("code_challenge").is_some_and(|challenge| challenge != started.verifier) && !started.url.contains(&started.verifier));
    assert!(started.state != other.state && started.nonce != other.nonce && started.verifier != other.verifier);
}

#[test]
fn a_good_answer_signs_in() {
    let (key, fake, providers) = scene();
    let started = providers.start("national").expect("started");
    let id_token = key.sign(&header(), &claims(&started.nonce));
    answer_with(&fake, &id_token);
    let person = providers.finish("national", "the-code", &started.nonce, &started.verifier).expect("signed in");
    assert_eq!((person.issuer.as_str(), person.subject.as_str(), person.id_token == id_token), (ISSUER, "amal", true));
    assert_eq!((person.email.as_deref(), person.email_verified), (Some("amal@example.org"), true));
    assert_eq!(person.display_name.as_deref(), Some("Amal"));
    assert_eq!(person.roles, [GrantedRole { role: "AUDITOR".to_owned(), institution: None }]);
    assert_eq!(fake.count("/userinfo"), 0);
    let sent = String::from_utf8(fake.asked("/token")[0].body().clone()).expect("text");
    assert!(sent.contains("code=the-code") && sent.contains(&format!("code_verifier={}", started.verifier)), "{sent}");
    assert!(!sent.contains("s3cret") && fake.asked("/token")[0].headers().contains_key("authorization"));
}

#[test]
fn what_the_token_lacks_comes_from_the_userinfo_endpoint() {
    let (key, fake, providers) = scene();
    let lean = ["email", "email_verified", "name", "realm"].iter().fold(claims("n"), |claims, name| without(&claims, name));
    answer_with(&fake, &key.sign(&header(), &lean));
    let more = json!({ "sub": "amal", "email": "amal@example.org", "preferred_username": "amal.b", "realm": { "roles": "auditor" } });
    fake.answer("/userinfo", 200, &more);
    let person = providers.finish("national", "c", "n", "v").expect("signed in");
    assert_eq!((person.email.as_deref(), person.email_verified), (Some("amal@example.org"), false));
    assert_eq!((person.display_name.as_deref(), person.roles.len()), (Some("amal.b"), 1));
    assert_eq!(fake.asked("/userinfo")[0].headers()["authorization"], "Bearer the-access-token");
    fake.answer("/userinfo", 200, &with(&more, "sub", json!("somebody")));
    assert!(is_refused(providers.finish("national", "c", "n", "v"), "somebody else"));
    fake.answer("/userinfo", 500, &more);
    assert!(matches!(providers.finish("national", "c", "n", "v"), Err(OidcError::Unavailable(_))));
}

#[test]
fn id_tokens_that_are_not_right_are_refused() {
    let good = claims("n");
    assert!(finish(&header(), &good).is_ok());
    for (claims, text) in [
        (claims("other"), "nonce"),
        (without(&good, "nonce"), "nonce"),
        (with(&good, "iss", json!("https://id.example.org/")), "issuer"),
        (with(&good, "aud", json!("another")), "audience"),
        (with(&good, "aud", json!(["catalog-web", "another"])), "audience"),
        (with(&good, "azp", json!("another")), "azp"),
        (with(&good, "exp", json!(now_s() - 40)), "Expired"),
        (with(&good, "iat", json!(now_s() + 100)), "in the future"),
        (with(&good, "sub", json!("")), "empty"),
        (without(&good, "sub"), "cannot be read"),
        (without(&good, "exp"), "cannot be read"),
    ] {
        assert!(is_refused(finish(&header(), &claims), text), "{text}");
    }
    for (claims, what) in [(with(&good, "exp", json!(now_s() - 10)), "exp"), (with(&good, "azp", json!("catalog-web")), "azp")] {
        assert!(finish(&header(), &claims).is_ok(), "{what}");
    }
}

#[test]
fn algorithms_that_are_not_accepted_are_refused() {
    for algorithm in ["none", "HS256", "ES256", "RS512"] {
        let result = finish(&with(&header(), "alg", json!(algorithm)), &claims("n"));
        assert!(matches!(result, Err(OidcError::Refused(_))), "{algorithm}");
    }
    let stranger = Key::new("k1");
    let (_, fake, providers) = scene();
    answer_with(&fake, &stranger.sign(&header(), &claims("n")));
    assert!(is_refused(providers.finish("national", "c", "n", "v"), "Signature"));
}

#[test]
fn a_new_key_is_fetched_once() {
    let (key, fake, providers) = scene();
    providers.start("national").expect("started");
    let next = Key::new("k2");
    fake.publish_keys(&[&key, &next]);
    answer_with(&fake, &next.sign(&with(&header(), "kid", json!("k2")), &claims("n")));
    assert!(providers.finish("national", "c", "n", "v").is_ok());
    assert_eq!(fake.count("/keys"), 2);
}

#[test]
fn refusals_of_the_provider_tell_whose_turn_it_is() {
    let (_, fake, providers) = scene();
    let finish = || providers.finish("national", "c", "n", "v").err().expect("refused");
    fake.answer("/token", 400, &json!({ "error": "invalid_grant", "error_description": "the-code s3cret" }));
    let error = finish();
    assert!(matches!(&error, OidcError::Refused(text) if text.contains("invalid_grant") && !text.contains("s3cret")), "{error:?}");
    fake.answer("/token", 401, &json!({ "error": "invalid_client" }));
    assert!(matches!(finish(), OidcError::Misconfigured(_)));
    fake.answer("/token", 502, &json!("Bad gateway"));
    assert!(matches!(finish(), OidcError::Unavailable(_)));
    fake.answer("/token", 200, &json!({ "access_token": "a", "token_type": "Bearer" }));
    assert!(matches!(finish(), OidcError::Refused(_)));
}

#[test]
fn the_answer_must_come_from_the_provider_that_was_asked() {
    let (_, fake, providers) = scene();
    assert_eq!(providers.check_response_issuer("national", Some(ISSUER)), Ok(()));
    for iss in [Some("https://evil.example.org"), Some(""), None] {
        assert!(matches!(providers.check_response_issuer("national", iss), Err(OidcError::Refused(_))), "{iss:?}");
    }
    fake.publish("authorization_response_iss_parameter_supported", json!(false));
    assert_eq!(fake.providers(SETTINGS).check_response_issuer("national", None), Ok(()), "nothing was promised");
}

#[test]
fn signing_out_goes_by_the_provider_too() {
    let (_, _, providers) = scene();
    let url = providers.logout_url("national", "a.b.c", "https://rihla.example.org/").expect("known").expect("offered");
    let query = query(&url);
    for (name, value) in [
        ("theme", "plain"),
        ("id_token_hint", "a.b.c"),
        ("client_id", "catalog-web"),
        ("post_logout_redirect_uri", "https://rihla.example.org/"),
    ] {
        assert_eq!(query.get(name).map(String::as_str), Some(value));
    }
}

#[test]
fn only_providers_for_people_are_offered() {
    let fake = Fake::with_keys(&[]);
    let providers = fake.providers("client_id = \"\"\naudience = \"catalog\"\n");
    assert_eq!((providers.sign_in_choices().count(), providers.accepts_tokens()), (0, true));
    for name in ["national", "other"] {
        assert_eq!(providers.start(name).err(), Some(OidcError::UnknownProvider(name.to_owned())));
    }
}
