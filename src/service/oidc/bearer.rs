//! Access tokens of other services (JWT, RFC 9068), which machines and people bring along instead of signing in here.
//!
//! Nothing in a token counts before its signature is verified, but for two things: which provider it says it is from, and which key of
//! that provider it says it is signed with. Addresses and keys that a token brings along (`jku`, `x5u`, `jwk` …) are never looked at.

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::Value;

use super::claims::{Claims, display_name, object, text};
use super::mapping::{GrantedRole, granted_roles};
use super::settings::{ProviderSettings, SigningAlgorithm};
use super::{Provider, Providers, SKEW_S};

#[cfg(test)]
mod tests;

/// The longest token that is looked at, in bytes.
const MAX_TOKEN: usize = 16 * 1024;

/// What an access token says once it is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BearerClaims {
    /// The provider's issuer, as in its settings.
    pub issuer: String,
    /// Whom the token is about, unique with the issuer.
    pub subject: String,
    /// The program that the token was given to.
    pub client_id: Option<String>,
    /// Whether the token is about that program itself, and about no person.
    pub is_client: bool,
    /// What the settings make of the token's claims.
    pub roles: Vec<GrantedRole>,
    /// Name to show.
    pub display_name: Option<String>,
    /// End of the token's life, in seconds from 1970-01-01 UTC.
    pub expires_at_s: i64,
}

/// Why an access token is not accepted. No text repeats anything of the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BearerError {
    /// It is not a signed token at all.
    Malformed(String),
    /// It is from nobody whose tokens are accepted here.
    UnknownIssuer,
    /// It is not valid, or not here, or not now.
    Refused(String),
    /// The provider's keys cannot be fetched; trying again later may help.
    Unavailable(String),
}

impl std::fmt::Display for BearerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Malformed(text) => write!(f, "the access token cannot be read: {text}"),
            Self::UnknownIssuer => f.write_str("access tokens of this issuer are not accepted here; get one from another provider"),
            Self::Refused(text) => write!(f, "the access token is refused: {text}"),
            Self::Unavailable(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for BearerError {}

fn malformed(text: &str) -> BearerError {
    BearerError::Malformed(text.to_owned())
}

fn refused(text: &str) -> BearerError {
    BearerError::Refused(text.to_owned())
}

impl Providers {
    /// Verifies an access token; `now_s` is the time, in seconds from 1970-01-01 UTC. The provider's keys are fetched where they are not
    /// known yet.
    ///
    /// # Errors
    /// See [`BearerError`].
    pub fn verify_bearer(&self, token: &str, now_s: i64) -> Result<BearerClaims, BearerError> {
        let unverified = Unverified::read(token)?;
        let is_its = |settings: &ProviderSettings| !settings.audience.is_empty() && settings.issuer == unverified.issuer;
        let provider = self.providers.iter().find(|known| is_its(&known.settings)).ok_or(BearerError::UnknownIssuer)?;
        let algorithm = check_header(&unverified, &provider.settings)?;
        let key = self.key(provider, unverified.kid.as_deref(), algorithm)?;
        let claims = verified(token, &key, algorithm, &provider.settings)?;
        let subject = check_identity(&claims, &provider.settings)?;
        let expires_at_s = check_times(&claims, now_s)?;
        Ok(bearer_claims(&claims, subject, expires_at_s, &provider.settings))
    }

    fn key(&self, provider: &Provider, kid: Option<&str>, algorithm: SigningAlgorithm) -> Result<Jwk, BearerError> {
        let (settings, discovery) = (&provider.settings, &provider.discovery);
        let known = discovery.get(settings, &self.exchange).map_err(BearerError::Unavailable)?;
        if let Some(key) = choose(&known.keys, kid, algorithm) {
            return Ok(key.clone());
        }
        let is_new = kid.is_some_and(|kid| !known.keys.iter().any(|key| key.common.key_id.as_deref() == Some(kid)));
        let newer = if is_new { discovery.newer_than(&known, settings, &self.exchange) } else { None };
        let found = newer.as_ref().and_then(|newer| choose(&newer.keys, kid, algorithm));
        found.cloned().ok_or_else(|| refused("no key of the provider fits it; get a new token"))
    }
}

/// What is read of a token to find the key for it. None of it is to be believed.
struct Unverified {
    issuer: String,
    algorithm: String,
    kind: Option<String>,
    kid: Option<String>,
    is_critical: bool,
}

impl Unverified {
    fn read(token: &str) -> Result<Self, BearerError> {
        if token.len() > MAX_TOKEN {
            return Err(malformed("it is longer than 16 KiB; get one with fewer claims"));
        }
        let mut parts = token.split('.');
        let (Some(header), Some(claims), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            return Err(malformed("it does not have three parts; bring a signed JWT"));
        };
        let header = object(header).ok_or_else(|| malformed("its header is not JSON in base64url; bring a signed JWT"))?;
        let claims = object(claims).ok_or_else(|| malformed("its claims are not JSON in base64url; bring a signed JWT"))?;
        let member = |name: &str| match header.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(malformed("a member of its header is not a text; bring a signed JWT")),
        };
        Ok(Self {
            issuer: text(&claims, "iss").ok_or(BearerError::UnknownIssuer)?.to_owned(),
            algorithm: member("alg")?.ok_or_else(|| malformed("its header has no `alg`; bring a signed JWT"))?,
            kind: member("typ")?,
            kid: member("kid")?,
            is_critical: header.contains_key("crit"),
        })
    }
}

/// Refuses what the settings do not allow before anything is fetched or computed.
fn check_header(unverified: &Unverified, settings: &ProviderSettings) -> Result<SigningAlgorithm, BearerError> {
    if unverified.is_critical {
        return Err(refused("its header has `crit`, and nothing that could stand there is understood here"));
    }
    let kind = unverified.kind.as_ref().map(|kind| kind.to_ascii_lowercase());
    let kind = kind.as_deref().map(|kind| kind.strip_prefix("application/").unwrap_or(kind));
    match kind {
        Some("at+jwt") => {}
        _ if settings.require_at_jwt => return Err(refused("its `typ` is not at+jwt, so it may not be an access token")),
        None | Some("jwt") => {}
        // Such as logout+jwt or secevent+jwt: signed by the provider, and for something else.
        Some(_) => return Err(refused("its `typ` says that it is no access token")),
    }
    SigningAlgorithm::parse(&unverified.algorithm)
        .filter(|algorithm| settings.algorithms.contains(algorithm))
        .ok_or_else(|| refused("its signing algorithm is not accepted"))
}

/// The key to verify with; without `kid`, only where no other one fits.
fn choose<'a>(keys: &'a [Jwk], kid: Option<&str>, algorithm: SigningAlgorithm) -> Option<&'a Jwk> {
    let is_named = |key: &Jwk| kid.is_none_or(|kid| key.common.key_id.as_deref() == Some(kid));
    let mut fitting = keys.iter().filter(|key| is_named(key) && fits(key, algorithm));
    let first = fitting.next()?;
    fitting.next().is_none().then_some(first)
}

/// Whether a key is of the kind that the algorithm needs: a token must not choose how a key is used.
fn fits(key: &Jwk, algorithm: SigningAlgorithm) -> bool {
    let (is_of_kind, named) = match (&key.algorithm, algorithm) {
        (AlgorithmParameters::RSA(_), SigningAlgorithm::Rs256) => (true, KeyAlgorithm::RS256),
        (AlgorithmParameters::EllipticCurve(key), SigningAlgorithm::Es256) => (key.curve == EllipticCurve::P256, KeyAlgorithm::ES256),
        (AlgorithmParameters::OctetKeyPair(key), SigningAlgorithm::EdDsa) => (key.curve == EllipticCurve::Ed25519, KeyAlgorithm::EdDSA),
        _ => return false,
    };
    let is_for_signing = key.common.public_key_use.as_ref().is_none_or(|usage| *usage == PublicKeyUse::Signature);
    is_of_kind && is_for_signing && key.common.key_algorithm.is_none_or(|algorithm| algorithm == named)
}

/// The claims, once signature, issuer and audience are verified.
fn verified(token: &str, key: &Jwk, algorithm: SigningAlgorithm, settings: &ProviderSettings) -> Result<Claims, BearerError> {
    let key = DecodingKey::from_jwk(key).map_err(|_| refused("the provider's key for it cannot be read"))?;
    let mut validation = Validation::new(match algorithm {
        SigningAlgorithm::Rs256 => Algorithm::RS256,
        SigningAlgorithm::Es256 => Algorithm::ES256,
        SigningAlgorithm::EdDsa => Algorithm::EdDSA,
    });
    validation.set_issuer(&[settings.issuer.as_str()]);
    validation.set_audience(&[settings.audience.as_str()]);
    validation.set_required_spec_claims(&["exp", "iss", "sub", "aud"]);
    // The library would look at the clock of this machine; `check_times` goes by the time that is given.
    validation.validate_exp = false;
    let token = jsonwebtoken::decode::<Claims>(token, &key, &validation).map_err(|error| reason(error.kind()))?;
    Ok(token.claims)
}

fn reason(kind: &ErrorKind) -> BearerError {
    match kind {
        ErrorKind::InvalidSignature => refused("its signature is wrong"),
        ErrorKind::InvalidIssuer => refused("its issuer is another one"),
        ErrorKind::InvalidAudience => refused("it is not meant for this catalogue (`aud`)"),
        ErrorKind::MissingRequiredClaim(claim) => refused(&format!("its claim `{claim}` is missing or cannot be read")),
        ErrorKind::InvalidAlgorithm => refused("its signing algorithm is not accepted"),
        _ => malformed("it does not have the form of a signed JWT; get a new one"),
    }
}

/// The subject. The library is content where a list of issuers contains the right one, and the like; this is not.
fn check_identity(claims: &Claims, settings: &ProviderSettings) -> Result<String, BearerError> {
    if text(claims, "iss") != Some(settings.issuer.as_str()) {
        return Err(refused("its issuer is another one"));
    }
    let is_ours = |audience: &Value| audience.as_str() == Some(settings.audience.as_str());
    let is_for_us = match claims.get("aud") {
        Some(Value::Array(audiences)) => audiences.iter().any(is_ours),
        Some(audience) => is_ours(audience),
        None => false,
    };
    if !is_for_us {
        return Err(refused("it is not meant for this catalogue (`aud`)"));
    }
    // Whoever brings such a token has to prove that they hold a key, which is not asked for here; without the proof it may be stolen.
    if claims.contains_key("cnf") {
        return Err(refused("it is bound to a key (`cnf`); get one that is not"));
    }
    text(claims, "sub").map(str::to_owned).ok_or_else(|| refused("its claim `sub` is missing or cannot be read"))
}

/// The end of the token's life, once it is sure that it has begun and not ended.
fn check_times(claims: &Claims, now_s: i64) -> Result<i64, BearerError> {
    let needed = |name: &str| seconds(claims, name)?.ok_or_else(|| refused(&format!("its claim `{name}` is missing")));
    let (expires_at_s, issued_at_s) = (needed("exp")?, needed("iat")?);
    if expires_at_s.saturating_add(SKEW_S) <= now_s {
        return Err(refused("it has expired; get a new one"));
    }
    let latest_s = now_s.saturating_add(SKEW_S);
    if issued_at_s > latest_s || seconds(claims, "nbf")?.is_some_and(|from_s| from_s > latest_s) {
        return Err(refused("it is not valid yet; compare the clocks of the provider and of this catalogue"));
    }
    Ok(expires_at_s)
}

/// A time in seconds; providers may write fractions, which are cut off.
fn seconds(claims: &Claims, name: &str) -> Result<Option<i64>, BearerError> {
    // Up to here every whole number has its own place among the floating-point numbers.
    const MOST: f64 = 9_007_199_254_740_992.0;
    let Some(value) = claims.get(name) else { return Ok(None) };
    let fraction = || value.as_f64().filter(|number| number.abs() < MOST).map(|number| number.floor() as i64);
    let time_s = value.as_i64().or_else(fraction);
    time_s.map(Some).ok_or_else(|| refused(&format!("its claim `{name}` is not a time in seconds")))
}

fn bearer_claims(claims: &Claims, subject: String, expires_at_s: i64, settings: &ProviderSettings) -> BearerClaims {
    let client_id = text(claims, "client_id").or_else(|| text(claims, "azp")).map(str::to_owned);
    // RFC 9068 has the client as the subject where there is no person; the other two are how Auth0 and Entra ID say it.
    let is_client =
        client_id.as_ref() == Some(&subject) || text(claims, "gty") == Some("client-credentials") || text(claims, "idtyp") == Some("app");
    BearerClaims {
        issuer: settings.issuer.clone(),
        subject,
        client_id,
        is_client,
        roles: granted_roles(claims, settings),
        display_name: display_name(claims),
        expires_at_s,
    }
}
