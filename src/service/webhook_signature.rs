//! Signatures of what is sent to webhooks, as the specification Standard Webhooks (<https://www.standardwebhooks.com>) has them.
//!
//! The receiver gets the headers `webhook-id`, `webhook-timestamp` and `webhook-signature`, and computes the last one again from the
//! other two, the body as it came, and the secret that both sides know.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// What every secret begins with, so that people and scanners recognise it.
const SECRET_PREFIX: &str = "whsec_";

/// What every signature of this kind, HMAC with SHA-256, begins with.
const SIGNATURE_PREFIX: &str = "v1,";

/// A new secret: `whsec_` and 32 random bytes in base64.
///
/// # Errors
/// The system gives no random bytes.
pub fn new_secret() -> Result<String, getrandom::Error> {
    let mut key = [0; 32];
    getrandom::fill(&mut key)?;
    Ok(format!("{SECRET_PREFIX}{}", STANDARD.encode(key)))
}

/// The value of the header `webhook-signature`: `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`.
///
/// `timestamp_s` is in seconds from 1970-01-01 UTC, `body` is what is sent, byte by byte.
///
/// # Errors
/// The secret is not one of [`new_secret`]'s form, or the identifier is empty or contains a full stop, which would let two different
/// messages have the same signature. The text is for a person and does not repeat the secret.
pub fn sign(secret: &str, id: &str, timestamp_s: i64, body: &[u8]) -> Result<String, String> {
    let tag = authenticate(secret, id, timestamp_s, body)?.finalize().into_bytes();
    Ok(format!("{SIGNATURE_PREFIX}{}", STANDARD.encode(tag)))
}

/// Whether one of the signatures in `header`, which blanks separate, is right, and the timestamp within `tolerance_s` seconds of `now_s`,
/// before or after. Where something cannot be read, it is false.
///
/// The time it takes does not depend on how much of a signature is right.
pub fn verify(secret: &str, id: &str, timestamp_s: i64, body: &[u8], header: &str, now_s: i64, tolerance_s: u64) -> bool {
    if now_s.abs_diff(timestamp_s) > tolerance_s {
        return false;
    }
    let Ok(expected) = authenticate(secret, id, timestamp_s, body) else { return false };
    header
        .split_ascii_whitespace()
        .filter_map(|signature| STANDARD.decode(signature.strip_prefix(SIGNATURE_PREFIX)?).ok())
        .any(|given| expected.clone().verify_slice(&given).is_ok())
}

fn authenticate(secret: &str, id: &str, timestamp_s: i64, body: &[u8]) -> Result<Hmac<Sha256>, String> {
    if id.is_empty() || id.contains('.') {
        return Err(format!("`{id}` cannot identify a message; give an identifier without full stops"));
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(&key(secret)?).map_err(|error| format!("the webhook secret cannot be used: {error}"))?;
    mac.update(format!("{id}.{timestamp_s}.").as_bytes());
    mac.update(body);
    Ok(mac)
}

/// The bytes of a secret; the specification wants 24 to 64 of them.
fn key(secret: &str) -> Result<Vec<u8>, String> {
    let wrong = || format!("the webhook secret is not `{SECRET_PREFIX}` and 24 to 64 bytes in base64; make a new one");
    let key = STANDARD.decode(secret.strip_prefix(SECRET_PREFIX).ok_or_else(wrong)?).map_err(|_| wrong())?;
    if (24..=64).contains(&key.len()) { Ok(key) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bytes 0, 1, … 31.
    const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    /// Computed with Python 3.11:
    /// `base64.b64encode(hmac.new(bytes(range(32)), b'msg_1.1700000000.{"ok":true}', hashlib.sha256).digest())`
    const SIGNATURE: &str = "v1,VYDbSFf7CVym03xR1CJj4NTi8S2ERnw5g6wiqzsoPKk=";
    const BODY: &[u8] = br#"{"ok":true}"#;
    const SENT: i64 = 1_700_000_000;

    #[test]
    fn signatures_are_those_of_other_implementations() {
        assert_eq!(sign(SECRET, "msg_1", SENT, BODY).as_deref(), Ok(SIGNATURE));
        // The example that the reference libraries of Standard Webhooks test themselves with; Python's hmac gives the same.
        let (secret, id) = ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek");
        let signature = sign(secret, id, 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(signature.as_deref(), Ok("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
    }

    #[test]
    fn a_right_signature_is_enough_among_others() {
        let several = format!("v1a,AAAA v1,AAAA v1,? {SIGNATURE}");
        for header in [SIGNATURE, several.as_str()] {
            assert!(verify(SECRET, "msg_1", SENT, BODY, header, SENT, 300), "{header}");
        }
    }

    #[test]
    fn whatever_was_changed_is_noticed() {
        let other = new_secret().expect("random bytes");
        for (secret, id, time, body, header) in [
            (other.as_str(), "msg_1", SENT, BODY, SIGNATURE),
            ("whsec_", "msg_1", SENT, BODY, SIGNATURE),
            (SECRET, "msg_2", SENT, BODY, SIGNATURE),
            (SECRET, "msg_1", SENT + 1, BODY, SIGNATURE),
            (SECRET, "msg_1", SENT, &BODY[1..], SIGNATURE),
            (SECRET, "msg_1", SENT, BODY, ""),
            (SECRET, "msg_1", SENT, BODY, "v1,"),
            (SECRET, "msg_1", SENT, BODY, &SIGNATURE[3..]),
            (SECRET, "msg_1", SENT, BODY, "v1,VYDbSFf7CVym03xR1CJj4A=="),
        ] {
            assert!(!verify(secret, id, time, body, header, SENT, 300), "{id} {time} {header}");
        }
    }

    #[test]
    fn an_old_or_future_message_is_refused() {
        for (now, right) in [(SENT - 301, false), (SENT - 300, true), (SENT + 300, true), (SENT + 301, false), (i64::MIN, false)] {
            assert_eq!(verify(SECRET, "msg_1", SENT, BODY, SIGNATURE, now, 300), right, "{now}");
        }
    }

    #[test]
    fn new_secrets_differ_and_sign() {
        let (one, other) = (new_secret().expect("random bytes"), new_secret().expect("random bytes"));
        assert_ne!(one, other);
        for secret in [one, other] {
            assert_eq!(key(&secret).map(|key| key.len()), Ok(32));
            let signature = sign(&secret, "msg_1", SENT, BODY).expect("the secret is good");
            assert!(verify(&secret, "msg_1", SENT, BODY, &signature, SENT, 0));
        }
    }

    #[test]
    fn what_cannot_be_signed_says_why_without_the_secret() {
        for secret in ["", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYX", "whsec_AAECAw==", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRY*"] {
            let text = sign(secret, "msg_1", SENT, BODY).expect_err("no secret of the right form");
            assert!(text.contains("make a new one") && !text.contains("AAECAw"), "{text}");
        }
        for id in ["", "msg.1"] {
            assert!(sign(SECRET, id, SENT, BODY).is_err(), "`{id}`");
        }
    }
}
