//! Reading what a token or a provider says of somebody. Whether it is true is for others to check.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// What is said of somebody, by name of the claim.
pub type Claims = Map<String, Value>;

/// The longest name that is shown, in characters.
const MAX_NAME: usize = 200;

/// The longest address that mail can be sent to, in bytes (RFC 5321).
const MAX_EMAIL: usize = 254;

/// The JSON object that a part of a token holds in base64url.
pub(super) fn object(part: &str) -> Option<Claims> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

/// The value at a path such as `realm_access.roles`. A claim whose own name has full stops, such as a URL, is found too.
pub(super) fn at<'a>(claims: &'a Claims, path: &str) -> Option<&'a Value> {
    let whole = claims.get(path).filter(|value| !value.is_null());
    whole.or_else(|| {
        path.match_indices('.').find_map(|(dot, _)| {
            let inner = claims.get(&path[..dot])?.as_object()?;
            at(inner, &path[dot + 1..])
        })
    })
}

/// The texts at a path: one, several where there is a list, or none.
pub(super) fn texts<'a>(claims: &'a Claims, path: &str) -> Vec<&'a str> {
    match at(claims, path) {
        Some(Value::String(text)) => vec![text.as_str()],
        Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The claim of this name, where it is a text and not empty.
pub(super) fn text<'a>(claims: &'a Claims, name: &str) -> Option<&'a str> {
    claims.get(name)?.as_str().filter(|text| !text.is_empty())
}

/// The name to show for somebody: `name`, else given and family name, else the user name.
pub(super) fn display_name(claims: &Claims) -> Option<String> {
    let given_and_family = || {
        let parts: Vec<&str> = ["given_name", "family_name"].into_iter().filter_map(|name| text(claims, name)).collect();
        parts.join(" ")
    };
    let shown = |text: &str| {
        let clean: String = text.chars().filter(|c| !is_invisible(*c)).take(MAX_NAME).collect();
        Some(clean.trim().to_owned()).filter(|clean| !clean.is_empty())
    };
    text(claims, "name")
        .and_then(shown)
        .or_else(|| shown(&given_and_family()))
        .or_else(|| text(claims, "preferred_username").and_then(shown))
}

/// Control characters, and those that turn the direction of writing: they would let one name look like another.
fn is_invisible(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The e-mail address, where it can be one, and whether the provider has confirmed it.
pub(super) fn email(claims: &Claims) -> (Option<String>, bool) {
    let can_be_one = |text: &&str| {
        let parts = text.rsplit_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
        parts && text.len() <= MAX_EMAIL && !text.chars().any(|c| c.is_whitespace() || c.is_control())
    };
    let email = text(claims, "email").filter(can_be_one).map(str::to_owned);
    let is_verified = email.is_some() && claims.get("email_verified") == Some(&Value::Bool(true));
    (email, is_verified)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claims(value: Value) -> Claims {
        value.as_object().cloned().expect("an object")
    }

    #[test]
    fn paths_lead_into_objects_and_through_names_with_full_stops() {
        let claims = claims(json!({
            "realm_access": { "roles": ["a", 1, "b"] },
            "https://example.org/roles": "c",
            "resource_access": { "catalog.web": { "roles": ["d"] } },
            "nothing": null,
        }));
        assert_eq!(texts(&claims, "realm_access.roles"), ["a", "b"]);
        assert_eq!(texts(&claims, "https://example.org/roles"), ["c"]);
        assert_eq!(texts(&claims, "resource_access.catalog.web.roles"), ["d"]);
        for absent in ["realm_access.roles.a", "realm_access.", "", ".", "nothing", "other"] {
            assert!(texts(&claims, absent).is_empty(), "{absent}");
        }
    }

    #[test]
    fn names_are_shown_without_what_cannot_be_seen() {
        assert_eq!(display_name(&claims(json!({ "name": " A\u{202e}mal\n " }))).as_deref(), Some("Amal"));
        assert_eq!(display_name(&claims(json!({ "name": "\t", "given_name": "Amal", "family_name": "B" }))).as_deref(), Some("Amal B"));
        assert_eq!(display_name(&claims(json!({ "name": 7, "preferred_username": "amal" }))).as_deref(), Some("amal"));
        assert_eq!(display_name(&claims(json!({}))), None);
    }

    #[test]
    fn only_true_confirms_an_address() {
        let read = |value| email(&claims(value));
        assert_eq!(read(json!({ "email": "a@b.org", "email_verified": true })), (Some("a@b.org".to_owned()), true));
        assert_eq!(read(json!({ "email": "a@b.org", "email_verified": "true" })), (Some("a@b.org".to_owned()), false));
        assert_eq!(read(json!({ "email": "a@b.org\nBcc: c@d.org", "email_verified": true })), (None, false));
        assert_eq!(read(json!({ "email_verified": true })), (None, false));
    }
}
