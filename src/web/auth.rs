//! Who asks: the cookie of a session, a personal API token, or an access token of an identity provider.
//! A credential that is not good is refused; it never makes a visitor.

use actix_web::cookie::{Cookie, SameSite, time::Duration as CookieAge};
use actix_web::http::header::{AUTHORIZATION, ORIGIN};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, web};

use crate::domain::policy::Actor;
use crate::service::catalogue::now_ms;
use crate::service::identity::{self, ExternalAccount, Known, SessionLife, SignedIn, TOKEN_PREFIX};
use crate::service::oidc::BearerError;
use crate::service::{Error, secrets};

use super::server::State;

/// What a request brings to make its sender known.
#[derive(Clone, Default)]
pub struct Credentials {
    bearer: Option<String>,
    session: Option<String>,
    is_malformed: bool,
}

/// Why nobody was made known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthRefusal {
    /// The credential is not good.
    BadCredential,
    /// The request came from a page of another site.
    CrossSite,
    /// The store or the identity provider cannot be reached.
    Unavailable,
}

impl AuthRefusal {
    /// HTTP status, code and sentence of the refusal.
    pub fn answer(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::BadCredential => (
                StatusCode::UNAUTHORIZED,
                "UNAUTHENTICATED",
                "the credential is not good: it is wrong, has ended or was revoked; sign in again or use another token",
            ),
            Self::CrossSite => {
                (StatusCode::FORBIDDEN, "CROSS_SITE", "a page of another site cannot use your session here; open the catalogue itself")
            }
            Self::Unavailable => {
                (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", "it cannot be checked at the moment who asks; try again in some seconds")
            }
        }
    }
}

/// Name of the session's cookie. The prefix binds it to this host and to HTTPS.
pub fn session_cookie_name(state: &State) -> &'static str {
    if state.settings.cookies_are_secure() { "__Host-rihla_session" } else { "rihla_session" }
}

/// A cookie that scripts cannot read and that other sites' forms do not send.
pub fn cookie(state: &State, name: &'static str, value: String, age_s: i64) -> Cookie<'static> {
    Cookie::build(name, value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(state.settings.cookies_are_secure())
        .max_age(CookieAge::seconds(age_s))
        .finish()
}

impl Credentials {
    /// What a request brings.
    pub fn of(request: &HttpRequest, state: &State) -> Self {
        let session = request.cookie(session_cookie_name(state)).map(|cookie| cookie.value().to_owned()).filter(|value| !value.is_empty());
        let mut headers = request.headers().get_all(AUTHORIZATION);
        let Some(header) = headers.next() else { return Self { session, ..Self::default() } };
        let bearer = header.to_str().ok().and_then(|text| {
            let (scheme, token) = text.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
        });
        let is_malformed = bearer.as_ref().is_none_or(String::is_empty) || headers.next().is_some();
        Self { bearer, session: None, is_malformed }
    }

    /// A token that came by another way than the header.
    pub fn bearer(token: String) -> Self {
        Self { bearer: Some(token), ..Self::default() }
    }

    /// Whether a browser's session is what makes the sender known.
    pub fn is_session(&self) -> bool {
        self.session.is_some()
    }

    /// Whether the database alone can tell whose they are: a session, or a token that was made here.
    pub fn are_kept_here(&self) -> bool {
        let is_own = |token: &String| token.starts_with(TOKEN_PREFIX);
        !self.is_malformed && self.bearer.as_ref().map_or(self.session.is_some(), is_own)
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.bearer.is_none() && self.session.is_none() && !self.is_malformed
    }
}

/// How long sessions last.
pub fn session_life(state: &State) -> SessionLife {
    SessionLife { idle_ms: state.settings.session_idle_minutes * 60_000, absolute_ms: state.settings.session_hours * 3_600_000 }
}

/// Finds out who asks.
///
/// # Errors
/// The credential is not good, or it cannot be checked.
pub async fn identify(state: &web::Data<State>, credentials: &Credentials) -> Result<Actor, AuthRefusal> {
    if credentials.is_malformed {
        return Err(AuthRefusal::BadCredential);
    }
    if credentials.is_empty() {
        return Ok(Actor::Visitor);
    }
    let (state, credentials) = (state.clone(), credentials.clone());
    match web::block(move || look_up(&state, &credentials)).await {
        Ok(found) => found,
        Err(_) => Err(AuthRefusal::Unavailable),
    }
}

/// The same by reading only; none where a last use is due, which is written by [`identify`].
///
/// # Errors
/// The credential is not good, or it cannot be checked.
pub fn look_up_only(state: &State, credentials: &Credentials) -> Result<Option<Actor>, AuthRefusal> {
    let now = now_ms();
    let found = match (&credentials.bearer, &credentials.session) {
        (Some(token), _) => identity::by_token(&state.catalogue, token, now).map_err(refusal)?.ok_or(AuthRefusal::BadCredential)?,
        (None, Some(session)) => {
            let found = identity::by_session(&state.catalogue, session, now, session_life(state)).map_err(refusal)?;
            found.unwrap_or(Known { who: Actor::Visitor, is_due: false })
        }
        (None, None) => Known { who: Actor::Visitor, is_due: false },
    };
    Ok((!found.is_due).then_some(found.who))
}

fn look_up(state: &State, credentials: &Credentials) -> Result<Actor, AuthRefusal> {
    let now = now_ms();
    let found = match (&credentials.bearer, &credentials.session) {
        (Some(token), _) if token.starts_with(TOKEN_PREFIX) => identity::of_token(&state.catalogue, token, now),
        (Some(token), _) => return of_bearer(state, token, now),
        // A session that has ended makes a visitor: browsers keep sending old cookies.
        (None, Some(session)) => {
            let found = identity::of_session(&state.catalogue, session, now, session_life(state)).map_err(refusal)?;
            return Ok(found.map_or(Actor::Visitor, |signed_in| signed_in.actor));
        }
        (None, None) => Ok(Some(Actor::Visitor)),
    };
    found.map_err(refusal)?.ok_or(AuthRefusal::BadCredential)
}

fn refusal(error: Error) -> AuthRefusal {
    tracing::warn!(%error, "who asks cannot be checked");
    AuthRefusal::Unavailable
}

fn of_bearer(state: &State, token: &str, now: i64) -> Result<Actor, AuthRefusal> {
    let Some(providers) = state.providers.as_ref().filter(|providers| providers.accepts_tokens()) else {
        return Err(AuthRefusal::BadCredential);
    };
    let claims = match providers.verify_bearer(token, now / 1000) {
        Ok(claims) => claims,
        Err(error @ BearerError::Unavailable(_)) => {
            tracing::warn!(%error, "an access token cannot be checked");
            return Err(AuthRefusal::Unavailable);
        }
        Err(error) => {
            tracing::info!(%error, "an access token was refused");
            return Err(AuthRefusal::BadCredential);
        }
    };
    let account = ExternalAccount {
        issuer: claims.issuer,
        subject: claims.subject,
        display_name: claims.display_name.or(claims.client_id),
        verified_email: None,
        is_program: claims.is_client,
        roles: claims.roles,
    };
    identity::of_external(&state.catalogue, &account, now).map_err(refusal)?.ok_or(AuthRefusal::BadCredential)
}

/// The person of the request's session; none for visitors and for tokens.
pub async fn signed_in(request: &HttpRequest, state: &web::Data<State>) -> Option<SignedIn> {
    let secret = request.cookie(session_cookie_name(state))?.value().to_owned();
    let state = state.clone();
    let found = web::block(move || identity::of_session(&state.catalogue, &secret, now_ms(), session_life(&state))).await;
    match found {
        Ok(Ok(found)) => found,
        Ok(Err(error)) => {
            tracing::warn!(%error, "a session cannot be checked");
            None
        }
        Err(_) => None,
    }
}

/// Whether a request that changes something, or that uses a session, may have been made by a page of another site.
/// Browsers name where a POST comes from; a request that does not is no browser's, or carries a form's own secret.
pub fn is_cross_site(request: &HttpRequest, state: &State) -> bool {
    let site = request.headers().get("sec-fetch-site").and_then(|value| value.to_str().ok());
    if site.is_some_and(|site| !matches!(site, "same-origin" | "none")) && *request.method() != Method::GET {
        return true;
    }
    let Some(origin) = request.headers().get(ORIGIN) else { return false };
    origin.to_str().map_or(true, |origin| !is_own_origin(request, state, origin))
}

/// Whether an origin is that of the catalogue: by its published address, or by the address it was called under.
pub fn is_own_origin(request: &HttpRequest, state: &State, origin: &str) -> bool {
    let of = |text: &str| url::Url::parse(text).ok().map(|url| url.origin().ascii_serialization());
    let host = request.headers().get("host").and_then(|host| host.to_str().ok());
    let here = host.and_then(|host| of(&format!("http://{host}")));
    let Some(origin) = of(origin) else { return false };
    Some(&origin) == of(&state.base_url).as_ref() || (state.settings.base_url.is_empty() && Some(&origin) == here.as_ref())
}

/// Name of the cookie that binds a form to the browser that asked for it.
pub fn form_cookie_name(state: &State) -> &'static str {
    if state.settings.cookies_are_secure() { "__Host-rihla_form" } else { "rihla_form" }
}

/// The secret of this browser's forms: the one of its cookie, or a new one to set.
pub fn form_secret(request: &HttpRequest, state: &State) -> Result<(String, Option<Cookie<'static>>), Error> {
    if let Some(known) = request.cookie(form_cookie_name(state)).filter(|cookie| cookie.value().len() == 43) {
        return Ok((known.value().to_owned(), None));
    }
    let secret = secrets::new_secret()?;
    let set = cookie(state, form_cookie_name(state), secret.clone(), 12 * 3600);
    Ok((secret, Some(set)))
}

/// The mark that a form carries: made from the browser's secret, so that a form of another site cannot have it.
pub fn form_mark(secret: &str) -> String {
    secrets::hash(&format!("form|{secret}"))
}

/// Whether a form that came back is one of this browser's.
pub fn is_own_form(request: &HttpRequest, state: &State, mark: &str) -> bool {
    let secret = request.cookie(form_cookie_name(state)).map(|cookie| cookie.value().to_owned());
    !is_cross_site(request, state) && secret.is_some_and(|secret| secrets::equal(&form_mark(&secret), mark))
}

/// Network address of the client: from the connection, or from the header that a trusted proxy sets.
pub fn client_address(request: &HttpRequest, state: &State) -> String {
    let header = state.settings.client_address_header.as_str();
    let named = (!header.is_empty()).then(|| request.headers().get(header).and_then(|value| value.to_str().ok())).flatten();
    // The last entry is the one that the nearest proxy wrote; those before may be invented.
    let by_proxy = named.and_then(|list| list.rsplit(',').next()).map(|address| address.trim().to_owned());
    by_proxy.or_else(|| request.peer_addr().map(|peer| peer.ip().to_string())).unwrap_or_else(|| "unknown".to_owned())
}

/// A path of this catalogue to go back to; anything else becomes the start page.
pub fn safe_return(text: &str) -> String {
    let is_plain = text.starts_with('/')
        && !text.starts_with("//")
        && !text.contains(['\\', '\r', '\n', '\t'])
        && !text.chars().any(char::is_control)
        && text.len() <= 500;
    let stays = || {
        url::Url::parse("http://catalogue.invalid")
            .and_then(|base| base.join(text))
            .is_ok_and(|url| url.host_str() == Some("catalogue.invalid"))
    };
    if is_plain && stays() { text.to_owned() } else { "/account".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::safe_return;

    #[test]
    fn only_paths_of_the_catalogue_are_gone_back_to() {
        for good in ["/", "/graphiql?query=%7Bx%7D", "/dataset/a#b"] {
            assert_eq!(safe_return(good), good);
        }
        for bad in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "",
            "/a\r\nLocation: x",
            "/\t/evil.example",
        ] {
            assert_eq!(safe_return(bad), "/account", "{bad:?}");
        }
    }
}
