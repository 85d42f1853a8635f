//! Signing in with an identity provider: out with a state, back with a code. A state is used once, by the browser that began.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::service::catalogue::now_ms;
use crate::service::federation::{self, Entered, Pending};
use crate::service::oidc::OidcError;
use crate::service::{Error, secrets};

use super::account::{Form, enter, failed, go, show_sign_in, tell, work};
use super::auth::{cookie, is_own_form, safe_return, signed_in};
use super::pages::confirm::MessageKind;
use super::pages::sign_in::SignInError;
use super::server::State;

fn cookie_name(state: &State) -> &'static str {
    if state.settings.cookies_are_secure() { "__Host-rihla_provider" } else { "rihla_provider" }
}

fn problem(request: &HttpRequest, state: &State, error: &OidcError) -> HttpResponse {
    tracing::warn!(%error, "sign-in with an identity provider failed");
    match error {
        OidcError::UnknownProvider(_) => tell(request, state, StatusCode::NOT_FOUND, MessageKind::NotFound),
        OidcError::Unavailable(_) => {
            show_sign_in(request, state, StatusCode::SERVICE_UNAVAILABLE, Some(SignInError::ProviderUnavailable), "/account", "")
        }
        OidcError::Refused(_) | OidcError::Misconfigured(_) => {
            show_sign_in(request, state, StatusCode::UNAUTHORIZED, Some(SignInError::ProviderFailed), "/account", "")
        }
    }
}

/// POST /auth/{provider}/start
pub async fn start(request: HttpRequest, state: web::Data<State>, path: web::Path<String>, form: Form) -> HttpResponse {
    if !is_own_form(&request, &state, form.get("csrf").map_or("", String::as_str)) {
        return tell(&request, &state, StatusCode::FORBIDDEN, MessageKind::Refused);
    }
    let provider = path.into_inner();
    let return_to = safe_return(form.get("return_to").map_or("", String::as_str));
    // Who is signed in already links the account to the person that they are.
    let link_person = signed_in(&request, &state).await.map(|signed| signed.person.id);
    let browser = match secrets::new_secret() {
        Ok(secret) => secret,
        Err(error) => return failed(&error),
    };
    let kept = secrets::hash(&browser);
    let begun = work(&state, move |state| {
        let Some(providers) = &state.providers else { return Ok(Err(OidcError::UnknownProvider(provider))) };
        match providers.start(&provider) {
            Ok(started) => {
                let (nonce, verifier) = (started.nonce.clone(), started.verifier.clone());
                let pending = Pending { provider, nonce, verifier, return_to, browser: kept, link_person };
                federation::begin(&state.catalogue, &started, &pending, now_ms())?;
                Ok(Ok(started.url))
            }
            Err(error) => Ok(Err(error)),
        }
    });
    match begun.await {
        Ok(Ok(address)) => go(&address, &[cookie(&state, cookie_name(&state), browser, 600)]),
        Ok(Err(error)) => problem(&request, &state, &error),
        Err(error) => failed(&error),
    }
}

/// GET /auth/callback
pub async fn callback(request: HttpRequest, state: web::Data<State>, query: web::Query<HashMap<String, String>>) -> HttpResponse {
    let text = |name: &str| query.get(name).cloned().unwrap_or_default();
    let (state_secret, code, issuer) = (text("state"), text("code"), query.get("iss").cloned());
    // Such as `access_denied`: the person changed their mind there.
    let is_refused = query.contains_key("error");
    let browser = request.cookie(cookie_name(&state)).map(|cookie| secrets::hash(cookie.value())).unwrap_or_default();
    let settled = work(&state, move |state| {
        let Some(pending) = federation::take(&state.catalogue, &state_secret, now_ms())? else { return Ok(None) };
        // A state that another browser began is of no use in this one.
        if !secrets::equal(&pending.browser, &browser) || (code.is_empty() && !is_refused) {
            return Ok(None);
        }
        if is_refused {
            let told = format!("the identity provider `{}`, or the person there, refused", pending.provider);
            return Ok(Some(Err(Trouble::Provider(OidcError::Refused(told)))));
        }
        Ok(Some(exchange(state, &pending, &code, issuer.as_deref())))
    });
    let gone = cookie(&state, cookie_name(&state), String::new(), 0);
    let (pending, entered, id_token) = match settled.await {
        Ok(Some(Ok(found))) => found,
        Ok(None) => return show_sign_in(&request, &state, StatusCode::BAD_REQUEST, Some(SignInError::Expired), "/account", ""),
        Ok(Some(Err(Trouble::Provider(error)))) => return problem(&request, &state, &error),
        Ok(Some(Err(Trouble::Store(error)))) | Err(error) => return failed(&error),
    };
    let Entered::Person(person) = entered else {
        return show_sign_in(&request, &state, StatusCode::UNAUTHORIZED, Some(SignInError::ProviderFailed), "/account", "");
    };
    let back = if pending.return_to.starts_with("/invitation/") { "/account" } else { &pending.return_to };
    let mut response = enter(&request, &state, person.id, Some((pending.provider.clone(), id_token)), back).await;
    if let Err(error) = response.add_cookie(&gone) {
        tracing::debug!(%error, "the cookie cannot be taken back");
    }
    response
}

/// What went wrong on the way back.
enum Trouble {
    Provider(OidcError),
    Store(Error),
}

fn exchange(state: &State, pending: &Pending, code: &str, issuer: Option<&str>) -> Result<(Pending, Entered, String), Trouble> {
    let providers = state.providers.as_ref().ok_or_else(|| Trouble::Provider(OidcError::UnknownProvider(pending.provider.clone())))?;
    providers.check_response_issuer(&pending.provider, issuer).map_err(Trouble::Provider)?;
    let signed = providers.finish(&pending.provider, code, &pending.nonce, &pending.verifier).map_err(Trouble::Provider)?;
    let invitation = pending.return_to.strip_prefix("/invitation/");
    let entered = federation::settle(&state.catalogue, &signed, pending.link_person.as_deref(), invitation, now_ms());
    let entered = entered.map_err(Trouble::Store)?;
    Ok((pending.clone(), entered, signed.id_token))
}
