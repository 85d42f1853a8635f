use jsonwebtoken::{EncodingKey, Header};
use serde_json::json;

use super::super::testing::{Fake, ISSUER, Key, unsigned, with, without};
use super::*;

const NOW_S: i64 = 1_800_000_000;

const SETTINGS: &str = r#"
    audience = "catalog"
    institution_claim = "institution"
    [provider.institutions]
    a = "ma-hcp"
    [[provider.grant]]
    claim = "roles"
    value = "editor"
    role = "EDITOR"
"#;

fn header() -> Value {
    json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": "k1" })
}

fn claims() -> Value {
    json!({
        "iss": ISSUER, "aud": "catalog", "sub": "amal", "client_id": "harvester", "name": "Amal", "exp": NOW_S + 300, "iat": NOW_S - 10,
        "roles": ["editor"], "institution": "a",
    })
}

/// A provider with one key.
fn scene() -> (Key, Fake, Providers) {
    let key = Key::new("k1");
    let fake = Fake::with_keys(&[&key]);
    let providers = fake.providers(SETTINGS);
    (key, fake, providers)
}

/// Why a token with this header and these claims, signed with the right key, is refused; none where it is accepted.
fn refusal(header: &Value, claims: &Value) -> Option<BearerError> {
    let (key, _, providers) = scene();
    providers.verify_bearer(&key.sign(header, claims), NOW_S).err()
}

fn says(error: Option<BearerError>, text: &str) -> bool {
    matches!(error, Some(BearerError::Refused(why)) if why.contains(text))
}

#[test]
fn a_good_token_is_accepted() {
    let (key, fake, providers) = scene();
    let found = providers.verify_bearer(&key.sign(&header(), &claims()), NOW_S).expect("accepted");
    assert_eq!((found.issuer.as_str(), found.subject.as_str(), found.client_id.as_deref()), (ISSUER, "amal", Some("harvester")));
    assert_eq!((found.is_client, found.display_name.as_deref(), found.expires_at_s), (false, Some("Amal"), NOW_S + 300));
    assert_eq!(found.roles, [GrantedRole { role: "EDITOR".to_owned(), institution: Some("ma-hcp".to_owned()) }]);
    providers.verify_bearer(&key.sign(&header(), &claims()), NOW_S).expect("accepted again");
    assert_eq!(fake.count("/keys"), 1);
}

#[test]
fn forms_that_the_rules_allow_are_accepted() {
    let good = [
        (with(&header(), "typ", json!("application/AT+JWT")), claims()),
        (without(&header(), "kid"), claims()),
        (with(&header(), "jku", json!("https://evil.example.org/keys")), claims()),
        (header(), with(&claims(), "aud", json!(["other", "catalog"]))),
        (header(), with(&claims(), "exp", json!(NOW_S - 29))),
        (header(), with(&claims(), "exp", json!(NOW_S as f64 + 0.5))),
        (header(), with(&claims(), "nbf", json!(NOW_S + 30))),
        (header(), with(&claims(), "iat", json!(NOW_S + 30))),
    ];
    for (header, claims) in good {
        assert_eq!(refusal(&header, &claims), None, "{header} {claims}");
    }
}

#[test]
fn a_program_is_told_from_a_person() {
    let (key, _, providers) = scene();
    for claims in [with(&claims(), "sub", json!("harvester")), with(&claims(), "gty", json!("client-credentials"))] {
        assert!(providers.verify_bearer(&key.sign(&header(), &claims), NOW_S).expect("accepted").is_client, "{claims}");
    }
}

#[test]
fn tokens_without_a_signature_are_refused() {
    let (_, fake, providers) = scene();
    for algorithm in ["none", "None", "NONE", ""] {
        let input = unsigned(&with(&header(), "alg", json!(algorithm)), &claims());
        let error = providers.verify_bearer(&format!("{input}."), NOW_S).err();
        assert!(says(error, "signing algorithm"), "{algorithm}");
    }
    let unsigned = providers.verify_bearer(&format!("{}.", unsigned(&header(), &claims())), NOW_S).err();
    assert!(says(unsigned, "signature is wrong"));
    assert_eq!(fake.count("/keys"), 1, "nothing is fetched for an algorithm that is not accepted");
}

#[test]
fn the_public_key_is_no_secret_to_sign_with() {
    let (key, _, providers) = scene();
    let public = key.public();
    let x = public["x"].as_str().expect("x");
    for secret in [x.to_owned(), public.to_string()] {
        let mut header = Header::new(Algorithm::HS256);
        (header.typ, header.kid) = (Some("at+jwt".to_owned()), Some("k1".to_owned()));
        let token = jsonwebtoken::encode(&header, &claims(), &EncodingKey::from_secret(secret.as_bytes())).expect("a token");
        assert!(says(providers.verify_bearer(&token, NOW_S).err(), "signing algorithm"));
    }
    // The kinds of key and algorithm must agree even where both are accepted.
    for algorithm in ["RS256", "ES256"] {
        assert!(says(refusal(&with(&header(), "alg", json!(algorithm)), &claims()), "no key of the provider fits"));
    }
}

#[test]
fn a_shared_secret_among_the_keys_is_never_used() {
    let (_, fake, _) = scene();
    fake.answer("/keys", 200, &json!({ "keys": [{ "kty": "oct", "kid": "k1", "k": "c2VjcmV0" }] }));
    let providers = fake.providers(SETTINGS);
    let mut header = Header::new(Algorithm::HS256);
    (header.typ, header.kid) = (Some("at+jwt".to_owned()), Some("k1".to_owned()));
    let token = jsonwebtoken::encode(&header, &claims(), &EncodingKey::from_secret(b"secret")).expect("a token");
    assert!(says(providers.verify_bearer(&token, NOW_S).err(), "signing algorithm"));
}

#[test]
fn headers_that_the_rules_forbid_are_refused() {
    for (header, text) in [
        (with(&header(), "typ", json!("JWT")), "at+jwt"),
        (without(&header(), "typ"), "at+jwt"),
        (with(&header(), "crit", json!(["exp"])), "crit"),
        (with(&header(), "crit", json!([])), "crit"),
        (with(&header(), "alg", json!("EdDSA ")), "signing algorithm"),
        (with(&header(), "kid", json!("k2")), "no key of the provider fits"),
    ] {
        assert!(says(refusal(&header, &claims()), text), "{header}");
    }
    for header in [with(&header(), "kid", json!(1)), without(&header(), "alg"), json!([])] {
        assert!(matches!(refusal(&header, &claims()), Some(BearerError::Malformed(_))), "{header}");
    }
}

#[test]
fn claims_that_are_wrong_or_missing_are_refused() {
    for (claims, text) in [
        (with(&claims(), "aud", json!("other")), "`aud`"),
        (with(&claims(), "aud", json!("catalog2")), "`aud`"),
        (with(&claims(), "aud", json!([])), "`aud`"),
        (without(&claims(), "aud"), "`aud`"),
        (without(&claims(), "sub"), "`sub`"),
        (with(&claims(), "sub", json!("")), "`sub`"),
        (with(&claims(), "sub", json!(7)), "`sub`"),
        (without(&claims(), "exp"), "`exp`"),
        (with(&claims(), "exp", json!("soon")), "`exp`"),
        (with(&claims(), "exp", json!(NOW_S - 30)), "expired"),
        (without(&claims(), "iat"), "`iat`"),
        (with(&claims(), "iat", json!(NOW_S + 31)), "not valid yet"),
        (with(&claims(), "nbf", json!(NOW_S + 31)), "not valid yet"),
        (with(&claims(), "nbf", json!("now")), "`nbf`"),
        (with(&claims(), "cnf", json!({ "jkt": "x" })), "`cnf`"),
    ] {
        let error = refusal(&header(), &claims);
        assert!(says(error.clone(), text), "{claims}: {error:?}");
    }
}

#[test]
fn only_the_exact_issuer_counts() {
    for issuer in [json!("https://id.example.org/"), json!("https://evil.example.org"), json!([ISSUER]), json!(null), json!("")] {
        assert_eq!(refusal(&header(), &with(&claims(), "iss", issuer)), Some(BearerError::UnknownIssuer));
    }
    let key = Key::new("k1");
    let providers = Fake::with_keys(&[&key]).providers("");
    let error = providers.verify_bearer(&key.sign(&header(), &claims()), NOW_S).err();
    assert_eq!(error, Some(BearerError::UnknownIssuer), "a provider for people only");
}

#[test]
fn what_is_no_token_is_malformed() {
    let (_, _, providers) = scene();
    let long = "a".repeat(MAX_TOKEN + 1);
    for token in ["", "a", "a.b", "a.b.c", "a.b.c.d", "..", "e30.e30", long.as_str()] {
        let error = providers.verify_bearer(token, NOW_S).expect_err("malformed");
        assert!(matches!(error, BearerError::Malformed(_)), "{error:?}");
    }
}

#[test]
fn a_changed_token_and_another_key_are_refused() {
    let (key, _, providers) = scene();
    let token = key.sign(&header(), &claims());
    let signature = token.rsplit('.').next().expect("a signature");
    let changed = format!("{}.{signature}", unsigned(&header(), &with(&claims(), "sub", json!("admin"))));
    let stranger = Key::new("k1").sign(&header(), &claims());
    for token in [changed, stranger] {
        assert!(says(providers.verify_bearer(&token, NOW_S).err(), "signature is wrong"));
    }
}

#[test]
fn new_keys_are_found_and_invented_ones_are_not_asked_for_again() {
    let (key, fake, providers) = scene();
    providers.verify_bearer(&key.sign(&header(), &claims()), NOW_S).expect("accepted");
    let next = Key::new("k2");
    fake.publish_keys(&[&key, &next]);
    let new_header = with(&header(), "kid", json!("k2"));
    providers.verify_bearer(&next.sign(&new_header, &claims()), NOW_S).expect("accepted with the new key");
    assert_eq!(fake.count("/keys"), 2);
    for invented in 0..5 {
        let header = with(&header(), "kid", json!(format!("invented-{invented}")));
        assert!(says(providers.verify_bearer(&key.sign(&header, &claims()), NOW_S).err(), "no key"));
    }
    assert_eq!(fake.count("/keys"), 2);
    let no_kid = key.sign(&without(&header(), "kid"), &claims());
    assert!(says(providers.verify_bearer(&no_kid, NOW_S).err(), "no key"), "two keys fit");
}

#[test]
fn a_provider_that_is_down_is_no_fault_of_the_token() {
    let (key, fake, _) = scene();
    fake.answer("/keys", 500, &json!({}));
    let error = fake.providers(SETTINGS).verify_bearer(&key.sign(&header(), &claims()), NOW_S).expect_err("down");
    assert!(matches!(error, BearerError::Unavailable(_)), "{error:?}");
}

#[test]
fn kinds_of_tokens_for_other_purposes_are_refused_even_where_the_type_is_free() {
    let (key, fake, _) = scene();
    let providers = fake.providers(&format!("require_at_jwt = false\n{SETTINGS}"));
    let verify = |kind: Value| providers.verify_bearer(&key.sign(&with(&header(), "typ", kind), &claims()), NOW_S).err();
    assert_eq!(verify(json!("JWT")), None);
    assert!(says(verify(json!("logout+jwt")), "no access token"));
}
