//! Identifiers: one type for each kind of thing, so that one cannot be taken for another.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::text::check_characters;

/// Whether a text is an address on the web that a record may carry. Parsers of addresses pass over characters that nobody sees;
/// the registry takes no text with them.
pub fn is_web_address(text: &str) -> bool {
    let is_clean = check_characters(text).is_ok() && !text.contains(char::is_control);
    is_clean && url::Url::parse(text).is_ok_and(|u| matches!(u.scheme(), "http" | "https") && u.has_host() && u.password().is_none())
}

macro_rules! id_type {
    ($(#[doc = $doc:literal])+ $name:ident) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The persistent identifier as a URN (RFC 9562).
            pub fn urn(self) -> String {
                format!("urn:uuid:{}", self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id_type! {
    /// A dataset record; survives renaming of the dataset and of its producer.
    DatasetId
}
id_type! {
    /// An institution; survives its renaming.
    InstitutionId
}
id_type! {
    /// A holding: one institution's hold on one dataset.
    HoldingId
}

/// The short name in addresses: lower-case letters, digits and single hyphens, 2 to 96 characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Slug(String);

impl Slug {
    /// Reads a slug.
    ///
    /// # Errors
    /// A sentence that names the fault and the remedy.
    pub fn parse(text: &str) -> Result<Self, String> {
        let shape = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let hyphens = text.starts_with('-') || text.ends_with('-') || text.contains("--");
        if (2..=96).contains(&text.len()) && shape && !hyphens {
            return Ok(Self(text.to_owned()));
        }
        let shown: String = text.chars().take(100).collect();
        Err(format!("`{shown}` is not a slug; use 2 to 96 lower-case letters a-z, digits and single hyphens, such as `ma-hcp-rgph-2014`"))
    }

    /// The slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Slug {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// Lower-case hexadecimal digits, as hashes are written.
pub fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing into a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
