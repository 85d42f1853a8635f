//! What a provider publishes of itself: its addresses and keys, fetched when first needed and kept for an hour.

use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use jsonwebtoken::jwk::Jwk;
use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm, CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType,
};
use openidconnect::{AdditionalProviderMetadata, EndSessionUrl, HttpRequest, IssuerUrl, ProviderMetadata};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Exchange, ProviderSettings};

/// How long what a provider publishes is kept.
const KEPT: Duration = Duration::from_secs(60 * 60);

/// How often at most an unknown key makes us ask again. Anybody can invent keys, and must not make us send requests at will.
const REFETCH_PAUSE: Duration = Duration::from_secs(30);

/// How long a provider that did not answer is left in peace, so that not every request waits for it in turn.
const FAILURE_PAUSE: Duration = Duration::from_secs(5);

/// What providers may publish beyond the core of OpenID Connect.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct MoreMetadata {
    /// Where people sign out (OpenID Connect RP-Initiated Logout 1.0).
    pub(super) end_session_endpoint: Option<EndSessionUrl>,
    /// Whether the provider names itself when it sends people back (RFC 9207).
    pub(super) authorization_response_iss_parameter_supported: Option<bool>,
}

impl AdditionalProviderMetadata for MoreMetadata {}

/// The discovery document, with the keys.
pub(super) type Metadata = ProviderMetadata<
    MoreMetadata,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// What was fetched from a provider at one time.
pub(super) struct Discovered {
    /// The discovery document; its issuer is the one in the settings.
    pub(super) metadata: Metadata,
    /// The keys, as the library for access tokens has them. Keys that it cannot read are left out.
    pub(super) keys: Vec<Jwk>,
    fetched: Instant,
}

impl Discovered {
    fn fetch(settings: &ProviderSettings, exchange: &Exchange) -> Result<Self, String> {
        let wrong = |text: String| format!("the identity provider `{}` ({}) cannot be used now: {text}", settings.name, settings.issuer);
        let issuer = IssuerUrl::new(settings.issuer.clone()).map_err(|error| wrong(error.to_string()))?;
        let client = |request: HttpRequest| exchange(request);
        let metadata = Metadata::discover(&issuer, &client).map_err(|error| wrong(with_causes(&error)))?;
        check_endpoints(&metadata, issuer.url()).map_err(wrong)?;
        let as_jwk = |key: &CoreJsonWebKey| serde_json::to_value(key).and_then(serde_json::from_value::<Jwk>).ok();
        let keys = metadata.jwks().keys().iter().filter_map(as_jwk).collect();
        Ok(Self { metadata, keys, fetched: Instant::now() })
    }
}

/// A provider with TLS must not send people, codes or tokens to addresses without.
fn check_endpoints(metadata: &Metadata, issuer: &Url) -> Result<(), String> {
    let more = metadata.additional_metadata();
    let endpoints = [
        ("authorization_endpoint", Some(metadata.authorization_endpoint().url())),
        ("jwks_uri", Some(metadata.jwks_uri().url())),
        ("token_endpoint", metadata.token_endpoint().map(|endpoint| endpoint.url())),
        ("userinfo_endpoint", metadata.userinfo_endpoint().map(|endpoint| endpoint.url())),
        ("end_session_endpoint", more.end_session_endpoint.as_ref().map(|endpoint| endpoint.url())),
    ];
    for (name, endpoint) in endpoints {
        let is_safe = endpoint.is_none_or(|url| url.scheme() == "https" || (url.scheme() == "http" && issuer.scheme() == "http"));
        if !is_safe {
            return Err(format!("its `{name}` is not https; correct it at the provider"));
        }
    }
    Ok(())
}

/// The library's errors tell what happened only by their causes.
pub(super) fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// When the network was last tried, beyond the times that went well.
#[derive(Default)]
struct Attempts {
    failed: Option<(Instant, String)>,
    refetched: Option<Instant>,
}

/// What is known of a provider. Threads that need it while it is being fetched wait for that one fetch.
#[derive(Default)]
pub(super) struct Discovery {
    kept: RwLock<Option<Arc<Discovered>>>,
    attempts: Mutex<Attempts>,
}

impl Discovery {
    /// What the provider publishes, at most an hour old.
    ///
    /// # Errors
    /// The provider cannot be reached or publishes something that cannot be used; a sentence for the log and the operator.
    pub(super) fn get(&self, settings: &ProviderSettings, exchange: &Exchange) -> Result<Arc<Discovered>, String> {
        if let Some(known) = self.fresh() {
            return Ok(known);
        }
        let mut attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have fetched it while this one waited.
        if let Some(known) = self.fresh() {
            return Ok(known);
        }
        if let Some((at, text)) = &attempts.failed
            && at.elapsed() < FAILURE_PAUSE
        {
            return Err(text.clone());
        }
        self.fetch(&mut attempts, settings, exchange)
    }

    /// Something newer than `seen`, in which a key was not found. `None` where asking again did not help or is not due.
    pub(super) fn newer_than(&self, seen: &Arc<Discovered>, settings: &ProviderSettings, exchange: &Exchange) -> Option<Arc<Discovered>> {
        let mut attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = self.fresh().filter(|known| !Arc::ptr_eq(known, seen)) {
            return Some(known);
        }
        if attempts.refetched.is_some_and(|at| at.elapsed() < REFETCH_PAUSE) {
            return None;
        }
        attempts.refetched = Some(Instant::now());
        self.fetch(&mut attempts, settings, exchange).ok()
    }

    fn fresh(&self) -> Option<Arc<Discovered>> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|known| known.fetched.elapsed() < KEPT).cloned()
    }

    fn fetch(&self, attempts: &mut Attempts, settings: &ProviderSettings, exchange: &Exchange) -> Result<Arc<Discovered>, String> {
        match Discovered::fetch(settings, exchange) {
            Ok(found) => {
                let found = Arc::new(found);
                *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&found));
                attempts.failed = None;
                Ok(found)
            }
            Err(text) => {
                tracing::warn!(provider = %settings.name, reason = %text, "an identity provider does not answer as it should");
                attempts.failed = Some((Instant::now(), text.clone()));
                Err(text)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Fake, ISSUER, Key, provider};
    use super::*;

    #[test]
    fn it_is_fetched_once_and_again_at_most_once_for_unknown_keys() {
        let fake = Fake::with_keys(&[&Key::new("k1")]);
        let (settings, exchange, discovery) = (provider(""), fake.exchange(), Discovery::default());
        let first = discovery.get(&settings, &exchange).expect("discovered");
        assert_eq!((first.keys.len(), fake.count("/keys")), (1, 1));
        discovery.get(&settings, &exchange).expect("kept");
        let second = discovery.newer_than(&first, &settings, &exchange).expect("newer");
        assert_eq!(fake.count("/keys"), 2);
        assert!(discovery.newer_than(&second, &settings, &exchange).is_none(), "not again so soon");
        assert!(discovery.newer_than(&first, &settings, &exchange).is_some(), "what another thread fetched counts");
        assert_eq!(fake.count("/keys"), 2);
    }

    #[test]
    fn a_provider_that_is_down_is_left_in_peace_for_a_while() {
        let fake = Fake::with_keys(&[]);
        fake.answer("/.well-known/openid-configuration", 503, &serde_json::json!({}));
        let (settings, exchange, discovery) = (provider(""), fake.exchange(), Discovery::default());
        for _ in 0..3 {
            let text = discovery.get(&settings, &exchange).err().expect("down");
            assert!(text.contains("national") && text.contains("503"), "{text}");
        }
        assert_eq!(fake.count("/.well-known/openid-configuration"), 1);
    }

    #[test]
    fn another_issuer_and_addresses_without_tls_are_refused() {
        for (name, value) in [
            ("issuer", format!("{ISSUER}/")),
            ("issuer", "https://evil.example.org".to_owned()),
            ("token_endpoint", "http://id.example.org/token".to_owned()),
            ("authorization_endpoint", "javascript:alert(1)".to_owned()),
        ] {
            let fake = Fake::with_keys(&[&Key::new("k1")]);
            fake.publish(name, serde_json::json!(value));
            let text = Discovery::default().get(&provider(""), &fake.exchange()).err().expect("refused");
            assert!(text.contains(if name == "issuer" { "unexpected issuer" } else { name }), "{text}");
        }
    }

    #[test]
    fn keys_of_other_kinds_do_not_spoil_the_set() {
        let fake = Fake::with_keys(&[&Key::new("k1")]);
        let mut keys = vec![serde_json::json!({ "kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA" })];
        keys.push(serde_json::json!({ "kty": "quantum" }));
        keys.push(Key::new("k1").public());
        fake.answer("/keys", 200, &serde_json::json!({ "keys": keys }));
        let discovered = Discovery::default().get(&provider(""), &fake.exchange()).expect("discovered");
        // Kinds that are known but not accepted may stay: a key is used only with the algorithm that it is for.
        let known = |key: &&Jwk| key.common.key_id.as_deref() == Some("k1");
        assert_eq!(discovered.keys.iter().filter(known).count(), 1);
    }
}
