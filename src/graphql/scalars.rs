//! Scalars of the contract.

use juniper::GraphQLScalar;

use crate::domain::text::LanguageTag as Tag;
use crate::domain::time::PartialDate as Partial;

/// A day, `YYYY-MM-DD`.
#[derive(Clone, Debug, PartialEq, Eq, GraphQLScalar)]
#[graphql(transparent, specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6")]
pub struct Date(pub String);

/// An instant in UTC, such as `2026-11-23T10:15:00.000Z` (RFC 3339).
#[derive(Clone, Debug, PartialEq, Eq, GraphQLScalar)]
#[graphql(with = date_time, parse_token(String), specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6")]
pub struct DateTime(pub i64);

mod date_time {
    use time::OffsetDateTime;
    use time::format_description::well_known::Rfc3339;

    use super::DateTime;

    pub(super) fn to_output(value: &DateTime) -> String {
        let instant = OffsetDateTime::from_unix_timestamp_nanos(i128::from(value.0) * 1_000_000).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let format = time::macros::format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
        // Every instant of the years 0 to 9999 can be written.
        instant.format(format).unwrap_or_default()
    }

    pub(super) fn from_input(text: &str) -> Result<DateTime, Box<str>> {
        OffsetDateTime::parse(text, &Rfc3339).map(|instant| DateTime((instant.unix_timestamp_nanos() / 1_000_000) as i64)).map_err(|_| {
            format!("`{}` is not an instant; use RFC 3339, such as 2026-11-23T00:00:00Z", text.chars().take(40).collect::<String>()).into()
        })
    }
}

/// A date known to the year, the month or the day: `2018`, `2018-08`, `2018-08-01`, with an optional EDTF
/// qualifier (`?` uncertain, `~` approximate, `%` both).
#[derive(Clone, Copy, Debug, PartialEq, Eq, GraphQLScalar)]
#[graphql(with = partial_date, parse_token(String), specified_by_url = "https://www.loc.gov/standards/datetime/")]
pub struct PartialDate(pub Partial);

mod partial_date {
    use super::{Partial, PartialDate};

    pub(super) fn to_output(value: &PartialDate) -> String {
        value.0.to_string()
    }

    pub(super) fn from_input(text: &str) -> Result<PartialDate, Box<str>> {
        Partial::parse(text).map(PartialDate).map_err(Into::into)
    }
}

/// A URI (RFC 3986), such as a web address or a URN.
#[derive(Clone, Debug, PartialEq, Eq, GraphQLScalar)]
#[graphql(name = "URI", transparent, specified_by_url = "https://www.rfc-editor.org/rfc/rfc3986")]
pub struct Uri(pub String);

/// A language tag of BCP 47, such as `ar`, `fr` or `zgh-Tfng`.
#[derive(Clone, Debug, PartialEq, Eq, GraphQLScalar)]
#[graphql(with = language_tag, parse_token(String), specified_by_url = "https://www.rfc-editor.org/rfc/rfc5646")]
pub struct LanguageTag(pub Tag);

mod language_tag {
    use super::{LanguageTag, Tag};

    pub(super) fn to_output(value: &LanguageTag) -> String {
        value.0.as_str().to_owned()
    }

    pub(super) fn from_input(text: &str) -> Result<LanguageTag, Box<str>> {
        Tag::parse(text).map(LanguageTag).map_err(Into::into)
    }
}
