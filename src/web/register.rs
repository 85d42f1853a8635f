//! The page of people without an institution who want an account of their own; absent unless the operator allows it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::service::catalogue::now_ms;
use crate::service::people::Voice;
use crate::service::self_registration::{self, Registration};
use crate::service::{Error, secrets, sign_in};

use super::account::{Form, failed, language, page, tell, work};
use super::auth::{client_address, form_mark, form_secret, is_own_form};
use super::pages::Page;
use super::pages::confirm::MessageKind;
use super::pages::register::{Registering, register};
use super::server::State;

/// Links that one address gets in five minutes.
const PER_ACCOUNT: usize = 3;
/// Links that are asked for from one network address in five minutes.
const PER_ADDRESS: usize = 20;

fn show(request: &HttpRequest, state: &State, status: StatusCode, shown: Registering) -> HttpResponse {
    match form_secret(request, state) {
        Ok((secret, set)) => {
            let frame = Page { catalogue_name: &state.name, language: language(request), path: "/register", keep: &[] };
            page(status, register(&frame, &form_mark(&secret), shown), &set.into_iter().collect::<Vec<_>>(), "")
        }
        Err(error) => failed(&error),
    }
}

/// GET /register
pub async fn form(request: HttpRequest, state: web::Data<State>) -> HttpResponse {
    if !state.settings.self_registration {
        return tell(&request, &state, StatusCode::NOT_FOUND, MessageKind::NotFound);
    }
    show(&request, &state, StatusCode::OK, Registering::Form)
}

/// POST /register: the answer is the same whether the address is known.
pub async fn send(request: HttpRequest, state: web::Data<State>, form: Form) -> HttpResponse {
    if !state.settings.self_registration {
        return tell(&request, &state, StatusCode::NOT_FOUND, MessageKind::NotFound);
    }
    let field = |name: &str| form.get(name).map_or("", String::as_str).replace('\0', "\u{fffd}");
    if !is_own_form(&request, &state, &field("csrf")) {
        return tell(&request, &state, StatusCode::FORBIDDEN, MessageKind::Refused);
    }
    let (email, function, address) = (field("email"), field("function"), client_address(&request, &state));
    let given = Registration { email: email.clone(), function: function.clone(), language: language(&request).tag().to_owned() };
    let done = work(&state, move |state| {
        // Hashed, as where people sign in: what is typed has any length, and who asked is nobody's business.
        let account = format!("register:{}", secrets::hash(&given.email.trim().to_lowercase()));
        let address = format!("register-address:{}", secrets::hash(&address));
        let limits = [(account.as_str(), PER_ACCOUNT), (address.as_str(), PER_ADDRESS)];
        if sign_in::note_attempt(&state.catalogue, &limits, now_ms())?.is_some() {
            return Ok(());
        }
        let voice = Voice { name: &state.name, base_url: &state.base_url };
        self_registration::register(&state.catalogue, voice, given, now_ms())
    });
    match done.await {
        Ok(()) => show(&request, &state, StatusCode::OK, Registering::Sent),
        Err(Error::Invalid(_)) => {
            show(&request, &state, StatusCode::UNPROCESSABLE_ENTITY, Registering::Again { email: &email, function: &function })
        }
        Err(error) => failed(&error),
    }
}
