//! Mails: their wording in three languages, and how they leave the house.
//!
//! Nothing from outside can add a header, a recipient or a line of its own: addresses are checked by [`address`],
//! subjects are cleaned by [`subject`], and what is put into a text is brought onto one line first.

mod clean;
pub mod texts;
pub mod transport;
mod words;

pub use clean::subject;
pub use texts::{Message, Told, render};
pub use transport::{MailError, Mailer, Transport};

/// A mail that waits to be sent.
#[derive(Clone)]
pub struct Letter {
    /// Opaque identifier of the mail, for its Message-ID: the same letter sent twice carries the same one.
    pub id: String,
    /// One e-mail address, as [`address`] gives it.
    pub to: String,
    /// Language of the text: `ar`, `fr` or `en`; another is announced as `en`.
    pub language: String,
    /// Subject; cleaned again when the letter is sent.
    pub subject: String,
    /// Body, plain text with line feeds.
    pub text: String,
}

/// Most octets of an address, by RFC 5321 with its erratum 1690.
const LONGEST_ADDRESS: usize = 254;

/// Checks an e-mail address strictly and gives it back with its domain in small letters.
///
/// Only one plain address is taken: no display name, list, comment, quoted name or address literal, and no letters
/// outside ASCII, since not every mail server carries them.
///
/// # Errors
/// A sentence that names the fault and the remedy.
pub fn address(text: &str) -> Result<String, String> {
    read_address(text).map_err(|fault| {
        let shown = clean::outside(text, 60);
        format!("`{shown}` is not an e-mail address: {fault}; write one plain address, such as name@institution.ma")
    })
}

fn read_address(text: &str) -> Result<String, &'static str> {
    if text.is_empty() {
        return Err("it is empty");
    }
    if text.len() > LONGEST_ADDRESS {
        return Err("it is longer than 254 characters");
    }
    if text.chars().any(char::is_control) {
        return Err("it contains a line break or another control character");
    }
    if text.chars().any(|c| c.is_whitespace() || ",;:<>()[]\"\\".contains(c)) {
        return Err("it contains a blank, a comma, a bracket or a quotation mark");
    }
    if !text.is_ascii() {
        return Err("it contains letters outside ASCII; the domain can be written in its `xn--` form");
    }
    let parsed: lettre::Address = text.parse().map_err(|_| "it has not the form name@domain")?;
    let domain = parsed.domain().to_ascii_lowercase();
    check_domain(&domain)?;
    Ok(format!("{}@{domain}", parsed.user()))
}

/// The parser of the library also takes addresses of machines and signs that no domain can hold.
fn check_domain(domain: &str) -> Result<(), &'static str> {
    if !domain.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.') {
        return Err("its domain contains a sign that no domain can hold");
    }
    let last = domain.rsplit('.').next().unwrap_or_default();
    if last.bytes().all(|b| b.is_ascii_digit()) {
        return Err("its domain is the number of a machine");
    }
    if !domain.contains('.') && domain != "localhost" {
        return Err("its domain has no dot");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_addresses_are_taken_and_their_domain_is_lowered() {
        assert_eq!(address("Desk.Stat+1@HCP.ma").as_deref(), Ok("Desk.Stat+1@hcp.ma"));
        assert_eq!(address("admin@localhost").as_deref(), Ok("admin@localhost"));
        assert_eq!(address("a@xn--mgbc0a9azcg.example").as_deref(), Ok("a@xn--mgbc0a9azcg.example"));
    }

    #[test]
    fn what_could_add_a_header_or_a_recipient_is_refused() {
        let long = format!("{}@{}.ma", "a".repeat(60), "b".repeat(200));
        for wrong in [
            "",
            "a@b.c\r\nBcc: x@y.z",
            "a@b.ma\n",
            "a\u{0}@b.ma",
            " a@b.ma",
            "a@b.ma, x@y.z",
            "a@b.ma;x@y.z",
            "Name <a@b.ma>",
            "<a@b.ma>",
            "\"a b\"@b.ma",
            "a@b@c.ma",
            "a@",
            "@b.ma",
            "a@b",
            "a@1.2.3.4",
            "a@[127.0.0.1]",
            "a@b_c.ma",
            "مكتب@hcp.ma",
            long.as_str(),
        ] {
            let error = address(wrong).expect_err(wrong);
            assert!(error.contains("write one plain address") && !error.chars().any(char::is_control), "{error:?}");
        }
    }
}
