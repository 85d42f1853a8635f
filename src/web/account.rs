//! The pages of signing in and out: forms with a mark of their own, answered with redirects that stay in the catalogue.

use std::collections::HashMap;

use actix_web::cookie::Cookie;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, LOCATION, REFERRER_POLICY, VARY};
use actix_web::{HttpRequest, HttpResponse, web};

use crate::domain::vocabulary::Vocabulary;
use crate::service::catalogue::now_ms;
use crate::service::links::{self, LinkKind};
use crate::service::people::{self, AcceptError, Invitation, Voice};
use crate::service::sign_in::{self, Attempt, Credentials as Given, MIN_PASSWORD, Throttle, WeakPassword};
use crate::service::{Error, identity, secrets};

use super::auth::{
    self, client_address, cookie, form_mark, form_secret, is_own_form, safe_return, session_cookie_name, session_life, signed_in,
};
use super::negotiation::{accepted_languages, languages};
use super::pages::confirm::{MessageKind, SignedIn as SignedInPage, confirm_link, message, signed_in as signed_in_page};
use super::pages::invitation::{Invitation as InvitationPage, invitation as invitation_page};
use super::pages::password::PasswordError;
use super::pages::reset::{reset as reset_page, reset_request};
use super::pages::sign_in::{SignIn, SignInError, sign_in as sign_in_page};
use super::pages::{Page, PageLanguage};
use super::server::State;

/// Fields of a form.
pub type Form = web::Form<HashMap<String, String>>;

/// Language of a page: the reader's choice, else the browser's.
pub fn language(request: &HttpRequest) -> PageLanguage {
    let asked =
        url::form_urlencoded::parse(request.query_string().as_bytes()).find(|(name, _)| name == "lang").map(|(_, v)| v.into_owned());
    let header = accepted_languages(request).unwrap_or_default();
    let wanted = asked.into_iter().chain(languages(&header));
    wanted.filter_map(|tag| PageLanguage::from_tag(&tag)).next().unwrap_or(PageLanguage::En)
}

fn field<'a>(form: &'a Form, name: &str) -> &'a str {
    form.get(name).map_or("", String::as_str)
}

/// What was typed. PostgreSQL takes no text with a NUL in it; nothing that is looked up has one.
fn typed(form: &Form, name: &str) -> String {
    field(form, name).replace('\0', "\u{fffd}")
}

/// A page of the account: kept by no cache, framed by nobody, with forms that go to the catalogue itself only.
pub fn page(status: StatusCode, body: String, cookies: &[Cookie<'static>], form_targets: &str) -> HttpResponse {
    let policy = format!("default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'{form_targets}");
    let mut response = HttpResponse::build(status);
    response
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, policy))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((REFERRER_POLICY, "same-origin"))
        .insert_header((VARY, "Accept-Language, Cookie"));
    for cookie in cookies {
        response.cookie(cookie.clone());
    }
    response.body(body)
}

/// Sends the browser on, after a form.
pub fn go(to: &str, cookies: &[Cookie<'static>]) -> HttpResponse {
    let mut response = HttpResponse::SeeOther();
    response.insert_header((LOCATION, to)).insert_header((CACHE_CONTROL, "no-store")).insert_header((REFERRER_POLICY, "same-origin"));
    for cookie in cookies {
        response.cookie(cookie.clone());
    }
    response.finish()
}

/// A page with one message.
pub fn tell(request: &HttpRequest, state: &State, status: StatusCode, kind: MessageKind) -> HttpResponse {
    // Where there is nothing, the other languages say so of the same address.
    let path = if kind == MessageKind::NotFound { "" } else { "/sign-in" };
    let shown = Page { catalogue_name: &state.name, language: language(request), path, keep: &[] };
    page(status, message(&shown, kind), &[], "")
}

/// The answer where the store cannot be reached or a fault was met.
pub fn failed(error: &Error) -> HttpResponse {
    tracing::warn!(%error, "an account page failed");
    let status = if matches!(error, Error::Unavailable(_)) { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::INTERNAL_SERVER_ERROR };
    HttpResponse::build(status)
        .content_type("text/plain; charset=utf-8")
        .body("The catalogue cannot do this at the moment; try again in some seconds.\n")
}

/// Runs work on the store off the threads that answer.
pub async fn work<T: Send + 'static>(
    state: &web::Data<State>,
    job: impl FnOnce(&State) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let state = state.clone();
    web::block(move || job(&state)).await.unwrap_or_else(|_| Err(Error::Unavailable("no thread".to_owned())))
}

fn voice(state: &State) -> Voice<'_> {
    Voice { name: &state.name, base_url: &state.base_url }
}

fn providers(state: &State, language: PageLanguage) -> Vec<(String, String)> {
    let choices = state.providers.iter().flat_map(|providers| providers.sign_in_choices());
    choices.map(|settings| (settings.name.clone(), settings.title_in(language.tag()).to_owned())).collect()
}

/// Origins of identity providers, to which the answer of a form may redirect.
pub fn provider_origins(state: &State) -> String {
    let choices = state.providers.iter().flat_map(|providers| providers.sign_in_choices());
    let origins =
        choices.filter_map(|settings| url::Url::parse(&settings.issuer).ok()).map(|url| format!(" {}", url.origin().ascii_serialization()));
    origins.collect()
}

/// The page for signing in.
pub fn show_sign_in(
    request: &HttpRequest,
    state: &State,
    status: StatusCode,
    error: Option<SignInError>,
    return_to: &str,
    email: &str,
) -> HttpResponse {
    let (secret, set) = match form_secret(request, state) {
        Ok(found) => found,
        Err(error) => return failed(&error),
    };
    let language = language(request);
    let (mark, choices) = (form_mark(&secret), providers(state, language));
    let shown = Page { catalogue_name: &state.name, language, path: "/sign-in", keep: &[("return_to", return_to)] };
    let body = sign_in_page(
        &shown,
        &SignIn { csrf: &mark, return_to, error, providers: &choices, email, registers: state.settings.self_registration },
    );
    page(status, body, &set.into_iter().collect::<Vec<_>>(), &provider_origins(state))
}

/// GET /sign-in
pub async fn sign_in_form(request: HttpRequest, state: web::Data<State>, query: web::Query<HashMap<String, String>>) -> HttpResponse {
    let return_to = safe_return(query.get("return_to").map_or("", String::as_str));
    show_sign_in(&request, &state, StatusCode::OK, None, &return_to, "")
}

/// POST /sign-in
pub async fn sign_in(request: HttpRequest, state: web::Data<State>, form: Form) -> HttpResponse {
    let return_to = safe_return(field(&form, "return_to"));
    if !is_own_form(&request, &state, field(&form, "csrf")) {
        let (status, error) = if auth::is_cross_site(&request, &state) {
            (StatusCode::FORBIDDEN, None)
        } else {
            (StatusCode::BAD_REQUEST, Some(SignInError::Expired))
        };
        return match error {
            None => tell(&request, &state, status, MessageKind::Refused),
            error => show_sign_in(&request, &state, status, error, &return_to, ""),
        };
    }
    let address = client_address(&request, &state);
    let (email, password, code) = (typed(&form, "email"), field(&form, "password").to_owned(), field(&form, "code").to_owned());
    let shown_email = email.clone();
    let attempt = work(&state, move |state| {
        let throttle = Throttle { per_account: state.settings.sign_in_per_account, per_address: state.settings.sign_in_per_address };
        let given = Given { email: &email, password: &password, code: &code, address: &address };
        sign_in::attempt(&state.catalogue, given, now_ms(), throttle)
    });
    match attempt.await {
        Ok(Attempt::Welcome(person)) => enter(&request, &state, person.id, None, &return_to).await,
        Ok(Attempt::Refused) => {
            show_sign_in(&request, &state, StatusCode::UNAUTHORIZED, Some(SignInError::WrongCredentials), &return_to, &shown_email)
        }
        Ok(Attempt::TooMany(wait)) => {
            let retry_after_minutes = u64::try_from(wait.div_euclid(60_000) + 1).unwrap_or(5);
            let error = Some(SignInError::TooMany { retry_after_minutes });
            let mut response = show_sign_in(&request, &state, StatusCode::TOO_MANY_REQUESTS, error, &return_to, &shown_email);
            if let Ok(value) = (wait / 1000 + 1).to_string().parse() {
                response.headers_mut().insert(actix_web::http::header::RETRY_AFTER, value);
            }
            response
        }
        Err(error) => failed(&error),
    }
}

/// Opens a new session; one that the browser had before ends, so that nobody can have planted it.
pub async fn enter(
    request: &HttpRequest,
    state: &web::Data<State>,
    person: String,
    provider: Option<(String, String)>,
    return_to: &str,
) -> HttpResponse {
    let old = request.cookie(session_cookie_name(state)).map(|cookie| cookie.value().to_owned());
    let opened = work(state, move |state| {
        state.catalogue.db.write(|conn, _| {
            if let Some(old) = &old {
                crate::service::sessions::end(conn, old)?;
            }
            let provider = provider.as_ref().map(|(name, token)| (name.as_str(), token.as_str()));
            identity::open_session(conn, &person, provider, now_ms(), session_life(state))
        })
    });
    match opened.await {
        Ok(secret) => {
            let session = cookie(state, session_cookie_name(state), secret, state.settings.session_hours * 3600);
            // The forms of before belong to nobody now.
            let forms = cookie(state, auth::form_cookie_name(state), String::new(), 0);
            go(return_to, &[session, forms])
        }
        Err(Error::NotFound(_)) => tell(request, state, StatusCode::NOT_FOUND, MessageKind::LinkExpired),
        Err(error) => failed(&error),
    }
}

/// POST /sign-out
pub async fn sign_out(request: HttpRequest, state: web::Data<State>, form: Form) -> HttpResponse {
    if !is_own_form(&request, &state, field(&form, "csrf")) {
        return tell(&request, &state, StatusCode::FORBIDDEN, MessageKind::Refused);
    }
    let signed = signed_in(&request, &state).await;
    let gone = cookie(&state, session_cookie_name(&state), String::new(), 0);
    let Some(signed) = signed else { return go("/signed-out", &[gone]) };
    let (hash, provider, id_token) = (signed.session.hash, signed.session.provider, signed.session.id_token);
    let ended = work(&state, move |state| {
        state.catalogue.db.write::<_, Error>(|conn, _| crate::service::sessions::end_by_hash(conn, &hash))?;
        let (Some(providers), Some(provider), Some(token)) = (&state.providers, provider, id_token) else { return Ok(None) };
        let back = format!("{}/signed-out", state.base_url);
        // The provider's own session ends too, where it offers that; where it cannot be reached, ours has ended all the same.
        Ok(providers.logout_url(&provider, &token, &back).unwrap_or_default())
    });
    match ended.await {
        Ok(Some(address)) => go(&address, &[gone]),
        Ok(None) => go("/signed-out", &[gone]),
        Err(error) => failed(&error),
    }
}

/// GET /signed-out
pub async fn signed_out(request: HttpRequest, state: web::Data<State>) -> HttpResponse {
    tell(&request, &state, StatusCode::OK, MessageKind::SignedOut)
}

/// GET /account
pub async fn account(request: HttpRequest, state: web::Data<State>) -> HttpResponse {
    let Some(signed) = signed_in(&request, &state).await else { return go("/sign-in?return_to=/account", &[]) };
    let (secret, set) = match form_secret(&request, &state) {
        Ok(found) => found,
        Err(error) => return failed(&error),
    };
    let language = language(&request);
    let known = signed.actor.person().map(|person| person.grants.clone()).unwrap_or_default();
    let roles: Vec<String> = known
        .iter()
        .map(|grant| match &grant.institution {
            Some(institution) => format!("{} ({institution})", grant.role.label(language.tag())),
            None => grant.role.label(language.tag()).to_owned(),
        })
        .collect();
    let shown = Page { catalogue_name: &state.name, language, path: "/account", keep: &[] };
    let (mark, email) = (form_mark(&secret), signed.person.email.unwrap_or_default());
    let body = signed_in_page(&shown, &SignedInPage { function: &signed.person.function, email: &email, roles: &roles, csrf: &mark });
    page(StatusCode::OK, body, &set.into_iter().collect::<Vec<_>>(), &provider_origins(&state))
}

fn weakness(weak: WeakPassword) -> PasswordError {
    match weak {
        WeakPassword::TooShort => PasswordError::TooShort { minimum: MIN_PASSWORD },
        WeakPassword::TooLong => PasswordError::TooLong,
        WeakPassword::Common => PasswordError::Common,
        WeakPassword::SameAsEmail => PasswordError::SameAsEmail,
    }
}

async fn show_invitation(
    request: &HttpRequest,
    state: &web::Data<State>,
    secret: String,
    status: StatusCode,
    error: Option<PasswordError>,
) -> HttpResponse {
    let language = language(request);
    let action = format!("/invitation/{secret}");
    let found = work(state, move |state| {
        let Some(link) = links::peek::<Invitation>(&state.catalogue, LinkKind::Invitation, &secret, now_ms())? else { return Ok(None) };
        let institution = link.doc.roles.iter().find_map(|wish| wish.institution.clone());
        let name = institution.map(|slug| crate::service::institutions::name(&state.catalogue, &slug, language.tag())).transpose()?;
        Ok(Some((link.doc, name)))
    });
    let (invitation, institution) = match found.await {
        Ok(Some(found)) => found,
        Ok(None) => return tell(request, state, StatusCode::NOT_FOUND, MessageKind::LinkExpired),
        Err(error) => return failed(&error),
    };
    let (form, set) = match form_secret(request, state) {
        Ok(found) => found,
        Err(error) => return failed(&error),
    };
    let roles: Vec<String> = invitation.roles.iter().map(|wish| wish.role.label(language.tag()).to_owned()).collect();
    let (mark, choices) = (form_mark(&form), providers(state, language));
    let shown = Page { catalogue_name: &state.name, language, path: &action, keep: &[] };
    let view = InvitationPage {
        csrf: &mark,
        action: &action,
        institution: institution.as_deref(),
        roles: &roles,
        email: &invitation.email,
        error,
        providers: &choices,
    };
    page(status, invitation_page(&shown, &view), &set.into_iter().collect::<Vec<_>>(), &provider_origins(state))
}

/// GET /invitation/{secret}: to be accepted with a password or, by whoever has come back from a provider, at once.
pub async fn invitation(request: HttpRequest, state: web::Data<State>, path: web::Path<String>) -> HttpResponse {
    show_invitation(&request, &state, path.into_inner(), StatusCode::OK, None).await
}

/// POST /invitation/{secret}
pub async fn accept_invitation(request: HttpRequest, state: web::Data<State>, path: web::Path<String>, form: Form) -> HttpResponse {
    let secret = path.into_inner();
    if !is_own_form(&request, &state, field(&form, "csrf")) {
        return tell(&request, &state, StatusCode::FORBIDDEN, MessageKind::Refused);
    }
    if field(&form, "password") != field(&form, "password_again") {
        return show_invitation(&request, &state, secret, StatusCode::UNPROCESSABLE_ENTITY, Some(PasswordError::Mismatch)).await;
    }
    let (password, key) = (field(&form, "password").to_owned(), secret.clone());
    let accepted = work(&state, move |state| Ok(people::accept(&state.catalogue, &key, &password, now_ms()))).await;
    match accepted {
        // The link stands for the password only, as in a password reset: an authenticator app is asked for its code.
        Ok(Ok(person)) if person.totp_secret.is_some() => go("/sign-in", &[]),
        Ok(Ok(person)) => enter(&request, &state, person.id, None, "/account").await,
        Ok(Err(AcceptError::LinkExpired)) => tell(&request, &state, StatusCode::NOT_FOUND, MessageKind::LinkExpired),
        Ok(Err(AcceptError::Weak(weak))) => {
            show_invitation(&request, &state, secret, StatusCode::UNPROCESSABLE_ENTITY, Some(weakness(weak))).await
        }
        Ok(Err(AcceptError::Failed(error))) | Err(error) => failed(&error),
    }
}

/// GET /password-reset
pub async fn reset_form(request: HttpRequest, state: web::Data<State>) -> HttpResponse {
    show_reset_request(&request, &state, false)
}

fn show_reset_request(request: &HttpRequest, state: &State, sent: bool) -> HttpResponse {
    match form_secret(request, state) {
        Ok((secret, set)) => {
            let shown = Page { catalogue_name: &state.name, language: language(request), path: "/password-reset", keep: &[] };
            page(StatusCode::OK, reset_request(&shown, &form_mark(&secret), sent), &set.into_iter().collect::<Vec<_>>(), "")
        }
        Err(error) => failed(&error),
    }
}

/// POST /password-reset: the answer is the same whether the address is known.
pub async fn request_reset(request: HttpRequest, state: web::Data<State>, form: Form) -> HttpResponse {
    if !is_own_form(&request, &state, field(&form, "csrf")) {
        return tell(&request, &state, StatusCode::FORBIDDEN, MessageKind::Refused);
    }
    let (email, address) = (typed(&form, "email"), client_address(&request, &state));
    let done = work(&state, move |state| {
        // Hashed, as where people sign in: what is typed has any length, and who asked is nobody's business.
        let account = format!("reset:{}", secrets::hash(&email.trim().to_lowercase()));
        let address = format!("reset-address:{}", secrets::hash(&address));
        let limits = [(account.as_str(), 3), (address.as_str(), 20)];
        if sign_in::note_attempt(&state.catalogue, &limits, now_ms())?.is_none() {
            people::request_reset(&state.catalogue, voice(state), &email, now_ms())?;
        }
        Ok(())
    });
    match done.await {
        Ok(()) => show_reset_request(&request, &state, true),
        Err(error) => failed(&error),
    }
}

async fn show_reset(
    request: &HttpRequest,
    state: &web::Data<State>,
    secret: String,
    status: StatusCode,
    error: Option<PasswordError>,
) -> HttpResponse {
    let action = format!("/password-reset/{secret}");
    let known = work(state, move |state| Ok(links::peek::<()>(&state.catalogue, LinkKind::Reset, &secret, now_ms())?.is_some())).await;
    match (known, form_secret(request, state)) {
        (Ok(true), Ok((form, set))) => {
            let shown = Page { catalogue_name: &state.name, language: language(request), path: &action, keep: &[] };
            page(status, reset_page(&shown, &form_mark(&form), &action, error), &set.into_iter().collect::<Vec<_>>(), "")
        }
        (Ok(false), _) => tell(request, state, StatusCode::NOT_FOUND, MessageKind::LinkExpired),
        (Err(error), _) | (_, Err(error)) => failed(&error),
    }
}

/// GET /password-reset/{secret}
pub async fn reset(request: HttpRequest, state: web::Data<State>, path: web::Path<String>) -> HttpResponse {
    show_reset(&request, &state, path.into_inner(), StatusCode::OK, None).await
}

/// POST /password-reset/{secret}
pub async fn set_password(request: HttpRequest, state: web::Data<State>, path: web::Path<String>, form: Form) -> HttpResponse {
    let secret = path.into_inner();
    if !is_own_form(&request, &state, field(&form, "csrf")) {
        return tell(&request, &state, StatusCode::FORBIDDEN, MessageKind::Refused);
    }
    if field(&form, "password") != field(&form, "password_again") {
        return show_reset(&request, &state, secret, StatusCode::UNPROCESSABLE_ENTITY, Some(PasswordError::Mismatch)).await;
    }
    let (password, key) = (field(&form, "password").to_owned(), secret.clone());
    match work(&state, move |state| Ok(people::reset(&state.catalogue, voice(state), &key, &password, now_ms()))).await {
        Ok(Ok(())) => tell(&request, &state, StatusCode::OK, MessageKind::PasswordChanged),
        Ok(Err(AcceptError::LinkExpired)) => tell(&request, &state, StatusCode::NOT_FOUND, MessageKind::LinkExpired),
        Ok(Err(AcceptError::Weak(weak))) => {
            show_reset(&request, &state, secret, StatusCode::UNPROCESSABLE_ENTITY, Some(weakness(weak))).await
        }
        Ok(Err(AcceptError::Failed(error))) | Err(error) => failed(&error),
    }
}

/// GET /sign-in/{secret}: a page with one button, so that a program that only looks at links does not use this one up.
pub async fn one_time(request: HttpRequest, state: web::Data<State>, path: web::Path<String>) -> HttpResponse {
    let secret = path.into_inner();
    let action = format!("/sign-in/{secret}");
    let known = work(&state, move |state| Ok(links::peek::<()>(&state.catalogue, LinkKind::SignIn, &secret, now_ms())?.is_some())).await;
    match (known, form_secret(&request, &state)) {
        (Ok(true), Ok((form, set))) => {
            let shown = Page { catalogue_name: &state.name, language: language(&request), path: &action, keep: &[] };
            page(StatusCode::OK, confirm_link(&shown, &form_mark(&form), &action), &set.into_iter().collect::<Vec<_>>(), "")
        }
        (Ok(false), _) => tell(&request, &state, StatusCode::NOT_FOUND, MessageKind::LinkExpired),
        (Err(error), _) | (_, Err(error)) => failed(&error),
    }
}

/// POST /sign-in/{secret}
pub async fn use_one_time(request: HttpRequest, state: web::Data<State>, path: web::Path<String>, form: Form) -> HttpResponse {
    if !is_own_form(&request, &state, field(&form, "csrf")) {
        return tell(&request, &state, StatusCode::FORBIDDEN, MessageKind::Refused);
    }
    let secret = path.into_inner();
    let taken = work(&state, move |state| state.catalogue.db.write(|conn, _| links::take::<()>(conn, LinkKind::SignIn, &secret, now_ms())));
    match taken.await {
        Ok(Some(link)) => match link.person_id {
            Some(person) => enter(&request, &state, person, None, "/account").await,
            None => tell(&request, &state, StatusCode::NOT_FOUND, MessageKind::LinkExpired),
        },
        Ok(None) => tell(&request, &state, StatusCode::NOT_FOUND, MessageKind::LinkExpired),
        Err(error) => failed(&error),
    }
}
