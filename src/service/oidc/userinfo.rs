//! What a provider tells of somebody beyond the ID token, at its userinfo endpoint.

use openidconnect::http::header::{ACCEPT, AUTHORIZATION};
use openidconnect::http::{Method, Request, StatusCode};
use openidconnect::{AccessToken, UserInfoUrl};
use serde_json::Value;

use super::claims::{Claims, at, text};
use super::settings::ProviderSettings;
use super::{Exchange, OidcError};
use crate::domain::policy::is_of_institution;

/// Whether the settings need a claim that is not there.
pub(super) fn is_needed(claims: &Claims, settings: &ProviderSettings) -> bool {
    let asks_institution = settings.grants.iter().any(|grant| is_of_institution(grant.role) && grant.institution.is_none());
    let institution = settings.institution_claim.as_deref().filter(|_| asks_institution);
    let asked = |scope: &str| settings.scopes.iter().any(|known| known == scope);
    let standard = [("email", "email"), ("profile", "name")].into_iter().filter(|(scope, _)| asked(scope)).map(|(_, claim)| claim);
    let granting = settings.grants.iter().map(|grant| grant.claim.as_str());
    granting.chain(institution).chain(standard).any(|claim| at(claims, claim).is_none())
}

/// Asks the userinfo endpoint. The library's own request would stop the program where an access token does not fit into a header.
///
/// # Errors
/// The provider does not answer as it should, or answers about somebody else.
pub(super) fn fetch(
    settings: &ProviderSettings,
    exchange: &Exchange,
    endpoint: &UserInfoUrl,
    access_token: &AccessToken,
    subject: &str,
) -> Result<Claims, OidcError> {
    let name = &settings.name;
    let request = Request::builder()
        .method(Method::GET)
        .uri(endpoint.as_str())
        .header(ACCEPT, "application/json")
        .header(AUTHORIZATION, format!("Bearer {}", access_token.secret()))
        .body(Vec::new())
        .map_err(|_| OidcError::Refused(format!("the identity provider `{name}` gave an access token that cannot be sent")))?;
    let unavailable = |text: String| OidcError::Unavailable(format!("the identity provider `{name}` does not tell who signed in: {text}"));
    let answer = exchange(request).map_err(|error| unavailable(error.to_string()))?;
    if answer.status() != StatusCode::OK {
        return Err(unavailable(format!("its userinfo endpoint answered with status {}", answer.status().as_u16())));
    }
    let claims: Claims = serde_json::from_slice(answer.body())
        .map_err(|_| unavailable("its userinfo endpoint did not answer with a JSON object; set it to plain JSON there".to_owned()))?;
    if text(&claims, "sub") != Some(subject) {
        return Err(OidcError::Refused(format!("the identity provider `{name}` answered about somebody else")));
    }
    Ok(claims)
}

/// The claims of the ID token, with those of the userinfo endpoint where the token has none.
///
/// An address and the word that it is confirmed belong together: both are taken from the same place.
pub(super) fn merge(mut token: Claims, mut userinfo: Claims) -> Claims {
    match text(&token, "email") {
        None => drop(token.remove("email_verified")),
        Some(email) if text(&userinfo, "email") != Some(email) => drop(userinfo.remove("email_verified")),
        Some(_) => {}
    }
    for (name, value) in userinfo {
        if token.get(&name).is_none_or(Value::is_null) {
            token.insert(name, value);
        }
    }
    token
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::testing::provider;
    use super::*;

    fn object(value: Value) -> Claims {
        value.as_object().cloned().expect("an object")
    }

    #[test]
    fn it_is_needed_where_a_claim_of_the_settings_is_missing() {
        let settings = provider(
            "scopes = [\"email\"]\ninstitution_claim = \"org\"\ninstitutions = { a = \"ma-hcp\" }\n[[provider.grant]]\nclaim = \"r.s\"\n\
             value = \"x\"\nrole = \"EDITOR\"\n",
        );
        assert!(!is_needed(&object(json!({ "email": "a@b.org", "org": "z", "r": { "s": [] } })), &settings));
        assert!(is_needed(&object(json!({ "email": "a@b.org", "org": "z", "r": {} })), &settings));
        assert!(is_needed(&object(json!({ "email": "a@b.org", "r": { "s": [] } })), &settings));
        assert!(is_needed(&object(json!({ "org": "z", "r": { "s": [] } })), &settings));
        assert!(!is_needed(&object(json!({})), &provider("scopes = []\n")));
    }

    #[test]
    fn the_token_comes_first() {
        let merged =
            merge(object(json!({ "sub": "a", "roles": [], "name": null })), object(json!({ "sub": "b", "roles": ["x"], "name": "N" })));
        assert_eq!(Value::Object(merged), json!({ "sub": "a", "roles": [], "name": "N" }));
    }

    #[test]
    fn a_confirmation_stays_with_its_address() {
        for (token, userinfo, merged) in [
            (json!({ "email": "a" }), json!({ "email": "b", "email_verified": true }), json!({ "email": "a" })),
            (json!({ "email": "a" }), json!({ "email_verified": true }), json!({ "email": "a" })),
            (json!({ "email_verified": true }), json!({ "email": "b" }), json!({ "email": "b" })),
            (json!({ "email": "a" }), json!({ "email": "a", "email_verified": true }), json!({ "email": "a", "email_verified": true })),
            (json!({}), json!({ "email": "b", "email_verified": true }), json!({ "email": "b", "email_verified": true })),
        ] {
            assert_eq!(Value::Object(merge(object(token), object(userinfo))), merged);
        }
    }
}
