//! Signing in and out with a provider: OpenID Connect, authorization code with PKCE.

use std::cell::Cell;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use oauth2::{CsrfToken, PkceCodeChallenge, PkceCodeVerifier};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreErrorResponseType, CoreIdToken, CoreIdTokenVerifier, CoreTokenResponse,
};
use openidconnect::{
    AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, Nonce,
    OAuth2TokenResponse, RedirectUrl, RequestTokenError, Scope, SignatureVerificationError, StandardErrorResponse, TokenResponse,
};

use super::claims::{Claims, display_name, email, object};
use super::discovery::{Discovered, Metadata, with_causes};
use super::mapping::{GrantedRole, granted_roles};
use super::settings::{ProviderSettings, SigningAlgorithm};
use super::{OidcError, Provider, Providers, SKEW_S, userinfo};
use crate::service::outbound::OutboundError;

#[cfg(test)]
mod tests;

/// A sign-in that has begun. State, nonce and verifier are to be kept for this person's browser alone, until the provider sends it back.
#[derive(Clone)]
pub struct Started {
    /// Where to send the browser.
    pub url: String,
    /// What the provider must hand back with the code, unchanged.
    pub state: String,
    /// What the ID token must contain.
    pub nonce: String,
    /// The PKCE verifier, which the provider gets only with the code.
    pub verifier: String,
}

/// Who signed in, as the provider has it. Nothing of it says yet which account that is.
#[derive(Clone)]
pub struct SignedIn {
    /// The provider's issuer, as in its settings.
    pub issuer: String,
    /// Whom the provider means, unique with the issuer. Addresses and names may change hands; this does not.
    pub subject: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Whether the provider has confirmed that the address is this person's.
    pub email_verified: bool,
    /// Name to show.
    pub display_name: Option<String>,
    /// What the settings make of the person's claims.
    pub roles: Vec<GrantedRole>,
    /// The ID token, to sign out with later; not to be shown.
    pub id_token: String,
}

/// The library's client for a provider of which everything was discovered.
type Client = CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

impl Providers {
    /// Begins to sign in with a provider.
    ///
    /// # Errors
    /// The provider is not known, not for people, or cannot be reached.
    pub fn start(&self, provider: &str) -> Result<Started, OidcError> {
        let (provider, client_id) = self.for_sign_in(provider)?;
        let client = self.client(&provider.settings, client_id, &self.discovered(provider)?.metadata)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let scopes = provider.settings.scopes.iter().cloned().map(Scope::new);
        let request = client.authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random);
        let (url, state, nonce) = request.add_scopes(scopes).set_pkce_challenge(challenge).url();
        Ok(Started { url: url.into(), state: state.into_secret(), nonce: nonce.secret().clone(), verifier: verifier.into_secret() })
    }

    /// Completes a sign-in with the code that the browser brought back; `nonce` and `verifier` are those of [`Started`].
    ///
    /// That the state is the right one has to be checked before, as has the issuer: see [`Providers::check_response_issuer`].
    ///
    /// # Errors
    /// See [`OidcError`].
    pub fn finish(&self, provider: &str, code: &str, nonce: &str, verifier: &str) -> Result<SignedIn, OidcError> {
        let (provider, client_id) = self.for_sign_in(provider)?;
        let (settings, discovered) = (&provider.settings, self.discovered(provider)?);
        let answer = self.exchange_code(settings, client_id, &discovered.metadata, code, verifier)?;
        let refused = |text: &str| OidcError::Refused(format!("the answer of the identity provider `{}` {text}", settings.name));
        let id_token = answer.id_token().ok_or_else(|| refused("has no ID token"))?;
        let subject = self.check_id_token(provider, client_id, &discovered, id_token, nonce)?;
        let id_token = id_token.to_string();
        let mut claims = id_token.split('.').nth(1).and_then(object).ok_or_else(|| refused("has an ID token that cannot be read"))?;
        if let Some(endpoint) = discovered.metadata.userinfo_endpoint()
            && userinfo::is_needed(&claims, settings)
        {
            let more = userinfo::fetch(settings, &self.exchange, endpoint, answer.access_token(), &subject)?;
            claims = userinfo::merge(claims, more);
        }
        Ok(signed_in(settings, subject, &claims, id_token))
    }

    /// Checks the parameter `iss` of the address to which the provider sent the browser back (RFC 9207): a code of one provider must not
    /// be brought to another. Without it, only a provider that promised it is refused.
    ///
    /// # Errors
    /// It is the issuer of another provider, or missing; or see [`Providers::start`].
    pub fn check_response_issuer(&self, provider: &str, iss: Option<&str>) -> Result<(), OidcError> {
        let (provider, _) = self.for_sign_in(provider)?;
        let (name, issuer) = (&provider.settings.name, provider.settings.issuer.as_str());
        let is_right = match iss {
            Some(iss) => iss == issuer,
            None => {
                let discovered = self.discovered(provider)?;
                discovered.metadata.additional_metadata().authorization_response_iss_parameter_supported != Some(true)
            }
        };
        if is_right { Ok(()) } else { Err(OidcError::Refused(format!("the answer is not from the identity provider `{name}`"))) }
    }

    /// Where to send the browser to sign out at the provider too, which sends it on to `back_to`, an address registered there. None where
    /// the provider offers no such thing.
    ///
    /// # Errors
    /// See [`Providers::start`].
    pub fn logout_url(&self, provider: &str, id_token: &str, back_to: &str) -> Result<Option<String>, OidcError> {
        let (provider, client_id) = self.for_sign_in(provider)?;
        let discovered = self.discovered(provider)?;
        let Some(endpoint) = &discovered.metadata.additional_metadata().end_session_endpoint else { return Ok(None) };
        let mut url = endpoint.url().clone();
        url.query_pairs_mut()
            .append_pair("id_token_hint", id_token)
            .append_pair("post_logout_redirect_uri", back_to)
            .append_pair("client_id", client_id);
        Ok(Some(url.into()))
    }

    fn for_sign_in(&self, name: &str) -> Result<(&Provider, &str), OidcError> {
        let provider = self.providers.iter().find(|known| known.settings.name == name);
        let found = provider.and_then(|provider| Some((provider, provider.settings.client_id.as_deref()?)));
        // The name comes from an address, so it may be anything.
        found.ok_or_else(|| OidcError::UnknownProvider(name.chars().take(40).collect()))
    }

    fn discovered(&self, provider: &Provider) -> Result<Arc<Discovered>, OidcError> {
        provider.discovery.get(&provider.settings, &self.exchange).map_err(OidcError::Unavailable)
    }

    fn client(&self, settings: &ProviderSettings, client_id: &str, metadata: &Metadata) -> Result<Client, OidcError> {
        let redirect = RedirectUrl::new(self.redirect_uri.clone()).map_err(|error| {
            OidcError::Misconfigured(format!("the address of this catalogue cannot be used to sign in ({error}); correct `base_url`"))
        })?;
        let methods = metadata.token_endpoint_auth_methods_supported();
        let takes = |method: CoreClientAuthMethod| methods.is_some_and(|methods| methods.contains(&method));
        // In a header is the default of the standard; in the body only where the provider takes it nowhere else.
        let in_body = takes(CoreClientAuthMethod::ClientSecretPost) && !takes(CoreClientAuthMethod::ClientSecretBasic);
        let client: Client =
            CoreClient::from_provider_metadata(metadata.clone(), ClientId::new(client_id.to_owned()), settings.client_secret.clone());
        Ok(client.set_redirect_uri(redirect).set_auth_type(if in_body { AuthType::RequestBody } else { AuthType::BasicAuth }))
    }

    fn exchange_code(
        &self,
        settings: &ProviderSettings,
        client_id: &str,
        metadata: &Metadata,
        code: &str,
        verifier: &str,
    ) -> Result<CoreTokenResponse, OidcError> {
        let client = self.client(settings, client_id, metadata)?;
        let request = client.exchange_code(AuthorizationCode::new(code.to_owned())).map_err(|_| {
            OidcError::Misconfigured(format!("the identity provider `{}` publishes no `token_endpoint`; correct it there", settings.name))
        })?;
        let status = Cell::new(0);
        let send = |request: HttpRequest| (self.exchange)(request).inspect(|answer| status.set(answer.status().as_u16()));
        let answer = request.set_pkce_verifier(PkceCodeVerifier::new(verifier.to_owned())).request(&send);
        answer.map_err(|error| exchange_error(&settings.name, status.get(), error))
    }

    /// The subject of an ID token that stands every test.
    fn check_id_token(
        &self,
        provider: &Provider,
        client_id: &str,
        discovered: &Arc<Discovered>,
        id_token: &CoreIdToken,
        nonce: &str,
    ) -> Result<String, OidcError> {
        let settings = &provider.settings;
        let unknown_key = ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey);
        let mut checked = subject_of(settings, client_id, &discovered.metadata, id_token, nonce);
        if checked.as_ref() == Err(&unknown_key)
            && let Some(newer) = provider.discovery.newer_than(discovered, settings, &self.exchange)
        {
            checked = subject_of(settings, client_id, &newer.metadata, id_token, nonce);
        }
        checked.map_err(|error| {
            OidcError::Refused(format!("the ID token of the identity provider `{}` is not valid: {}", settings.name, with_causes(&error)))
        })
    }
}

fn subject_of(
    settings: &ProviderSettings,
    client_id: &str,
    metadata: &Metadata,
    id_token: &CoreIdToken,
    nonce: &str,
) -> Result<String, ClaimsVerificationError> {
    let skew = Duration::from_secs(SKEW_S.unsigned_abs());
    let now = SystemTime::now();
    let earlier = now.checked_sub(skew).unwrap_or(UNIX_EPOCH);
    let now_s = now.duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX));
    let latest_s = now_s.saturating_add(SKEW_S);
    let client_id = ClientId::new(client_id.to_owned());
    // As for a client without a secret, even where there is one: a shared secret is no proof of who signed.
    let verifier =
        CoreIdTokenVerifier::new_public_client(client_id.clone(), metadata.issuer().clone(), metadata.jwks().clone())
            .set_allowed_algs(settings.algorithms.iter().copied().map(SigningAlgorithm::for_id_tokens))
            .set_time_fn(move || earlier.into())
            .set_issue_time_verifier_fn(move |issued| {
                if issued.timestamp() <= latest_s { Ok(()) } else { Err("it was issued in the future".to_owned()) }
            });
    let claims = id_token.claims(&verifier, &Nonce::new(nonce.to_owned()))?;
    // The library leaves this one to its users.
    if claims.authorized_party().is_some_and(|party| *party != client_id) {
        return Err(ClaimsVerificationError::InvalidAudience("`azp` names another client".to_owned()));
    }
    let subject = claims.subject().as_str().to_owned();
    if subject.is_empty() { Err(ClaimsVerificationError::InvalidSubject("it is empty".to_owned())) } else { Ok(subject) }
}

/// The library keeps the answer in the error; it may hold tokens, so only what the standard lists is repeated.
fn exchange_error(
    name: &str,
    status: u16,
    error: RequestTokenError<OutboundError, StandardErrorResponse<CoreErrorResponseType>>,
) -> OidcError {
    match error {
        RequestTokenError::ServerResponse(answer) => match answer.error() {
            error @ (CoreErrorResponseType::InvalidClient | CoreErrorResponseType::UnauthorizedClient) => {
                OidcError::Misconfigured(format!(
                    "the identity provider `{name}` does not accept this catalogue ({error}); compare `client_id` and the client secret"
                ))
            }
            CoreErrorResponseType::Extension(_) => OidcError::Refused(format!("the identity provider `{name}` refused the code")),
            error => OidcError::Refused(format!("the identity provider `{name}` refused the code ({error})")),
        },
        RequestTokenError::Request(error) => {
            OidcError::Unavailable(format!("the identity provider `{name}` did not take the code: {error}"))
        }
        RequestTokenError::Parse(..) if status == 200 => {
            OidcError::Refused(format!("the identity provider `{name}` answered the code with something that cannot be read"))
        }
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            OidcError::Unavailable(format!("the identity provider `{name}` answered the code with status {status} and no reason"))
        }
    }
}

fn signed_in(settings: &ProviderSettings, subject: String, claims: &Claims, id_token: String) -> SignedIn {
    let (email, email_verified) = email(claims);
    SignedIn {
        issuer: settings.issuer.clone(),
        subject,
        email,
        email_verified,
        display_name: display_name(claims),
        roles: granted_roles(claims, settings),
        id_token,
    }
}
