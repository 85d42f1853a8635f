//! A provider that exists in memory only, with keys made for the test. Compiled for tests alone.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use openidconnect::core::{CoreEdDsaPrivateSigningKey, CoreJwsSigningAlgorithm};
use openidconnect::{HttpRequest, JsonWebKeyId, PrivateSigningKey, http};
use serde_json::{Value, json};

use super::{Exchange, ProviderSettings, Providers, read_providers};
use crate::service::outbound::OutboundError;

/// Issuer of [`Fake`].
pub(super) const ISSUER: &str = "https://id.example.org";

/// The one provider `national`, with further settings in TOML.
pub(super) fn provider(settings: &str) -> ProviderSettings {
    let head = format!("[[provider]]\nname = \"national\"\ntitle = {{ en = \"A\" }}\nissuer = \"{ISSUER}\"\n");
    let client = if settings.contains("client_id") { "" } else { "client_id = \"web\"\n" };
    let mut providers = read_providers(&format!("{head}{client}{settings}")).expect("settings without faults");
    providers.pop().expect("a provider")
}

/// An Ed25519 key pair.
pub(super) struct Key(CoreEdDsaPrivateSigningKey);

impl Key {
    /// A new key with this identifier.
    pub(super) fn new(kid: &str) -> Self {
        // PKCS#8 (RFC 8410): a constant head, then the 32 bytes that are the key.
        let mut der = vec![0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).expect("random bytes");
        der.extend_from_slice(&seed);
        let label = "PRIVATE KEY";
        let pem = format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der));
        Self(CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, Some(JsonWebKeyId::new(kid.to_owned()))).expect("a key"))
    }

    /// The public half, as a JSON Web Key.
    pub(super) fn public(&self) -> Value {
        serde_json::to_value(self.0.as_verification_key()).expect("JSON")
    }

    /// A signed token with exactly this header.
    pub(super) fn sign(&self, header: &Value, claims: &Value) -> String {
        let input = unsigned(header, claims);
        let signature = self.0.sign(&CoreJwsSigningAlgorithm::EdDsa, input.as_bytes()).expect("a signature");
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// Header and claims of a token, without the signature.
pub(super) fn unsigned(header: &Value, claims: &Value) -> String {
    format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()))
}

/// The object without one of its members.
pub(super) fn without(value: &Value, name: &str) -> Value {
    let mut object = value.as_object().cloned().expect("an object");
    object.remove(name);
    Value::Object(object)
}

/// The object with a member set.
pub(super) fn with(value: &Value, name: &str, member: Value) -> Value {
    let mut object = value.as_object().cloned().expect("an object");
    object.insert(name.to_owned(), member);
    Value::Object(object)
}

/// Status and body by address.
type Answers = HashMap<String, (u16, Vec<u8>)>;

/// A provider that answers from memory and remembers what it was asked.
#[derive(Clone)]
pub(super) struct Fake {
    answers: Arc<Mutex<Answers>>,
    asked: Arc<Mutex<Vec<HttpRequest>>>,
}

impl Fake {
    /// A provider that publishes these keys.
    pub(super) fn with_keys(keys: &[&Key]) -> Self {
        let fake = Self { answers: Arc::default(), asked: Arc::default() };
        fake.answer("/.well-known/openid-configuration", 200, &document());
        fake.publish_keys(keys);
        fake
    }

    /// Publishes these keys instead of those before.
    pub(super) fn publish_keys(&self, keys: &[&Key]) {
        let keys: Vec<Value> = keys.iter().map(|key| key.public()).collect();
        self.answer("/keys", 200, &json!({ "keys": keys }));
    }

    /// Publishes another value in the discovery document.
    pub(super) fn publish(&self, name: &str, value: Value) {
        self.answer("/.well-known/openid-configuration", 200, &with(&document(), name, value));
    }

    /// What is answered at a path from now on.
    pub(super) fn answer(&self, path: &str, status: u16, body: &Value) {
        self.answers.lock().expect("answers").insert(path.to_owned(), (status, body.to_string().into_bytes()));
    }

    /// The requests to a path so far.
    pub(super) fn asked(&self, path: &str) -> Vec<HttpRequest> {
        let asked = self.asked.lock().expect("requests");
        asked.iter().filter(|request| request.uri().path() == path).cloned().collect()
    }

    /// How many requests to a path there were so far.
    pub(super) fn count(&self, path: &str) -> usize {
        self.asked(path).len()
    }

    /// The way to this provider.
    pub(super) fn exchange(&self) -> Exchange {
        let fake = self.clone();
        Arc::new(move |request: HttpRequest| {
            let known = fake.answers.lock().expect("answers").get(request.uri().path()).cloned();
            fake.asked.lock().expect("requests").push(request);
            let (status, body) = known.unwrap_or((404, b"{}".to_vec()));
            let answer = http::Response::builder().status(status).header("content-type", "application/json").body(body);
            Ok::<_, OutboundError>(answer.expect("an answer"))
        })
    }

    /// The catalogue's view of this provider.
    pub(super) fn providers(&self, settings: &str) -> Providers {
        Providers::new(vec![provider(settings)], "https://rihla.example.org/sign-in/back".to_owned(), self.exchange())
    }
}

fn document() -> Value {
    json!({
        "issuer": ISSUER,
        "authorization_endpoint": format!("{ISSUER}/authorize"),
        "token_endpoint": format!("{ISSUER}/token"),
        "userinfo_endpoint": format!("{ISSUER}/userinfo"),
        "jwks_uri": format!("{ISSUER}/keys"),
        "end_session_endpoint": format!("{ISSUER}/sign-out?theme=plain"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
        "authorization_response_iss_parameter_supported": true,
    })
}
