//! Closed lists that the code matches on, each written once.
//!
//! One `vocabulary!` gives the Rust enum, its text in the database and in files, the GraphQL enum
//! with its descriptions, the export URI and the labels in English, French and Arabic.
//! Codes follow the DDI, ESMS and UN terms named in `docs/attributes.md`; English labels are the
//! registry's, French and Arabic labels are working translations.

mod access;
mod access_request;
mod account;
mod agreement;
mod calendar;
mod comparability;
mod coverage;
mod document;
mod export;
mod form;
mod governance;
mod grid;
mod intake;
mod loss;
mod methodology;
mod notice;
mod overlap;
mod register;
mod report;

pub use access::*;
pub use access_request::*;
pub use account::*;
pub use agreement::*;
pub use calendar::*;
pub use comparability::*;
pub use coverage::*;
pub use document::*;
pub use export::*;
pub use form::*;
pub use governance::*;
pub use grid::*;
pub use intake::*;
pub use loss::*;
pub use methodology::*;
pub use notice::*;
pub use overlap::*;
pub use register::*;
pub use report::*;

use super::text::spoken;

/// What every closed list offers, whatever its members.
pub trait Vocabulary: Copy + Eq + 'static {
    /// Kebab-case name of the list, part of the export URI.
    const NAME: &'static str;
    /// Every member, in the order of the list.
    const ALL: &'static [Self];
    /// The stable code: database text, file format and GraphQL value.
    fn code(self) -> &'static str;
    /// Labels in English, French and Arabic, in that order.
    fn labels(self) -> [&'static str; 3];

    /// The member with this code.
    fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|member| member.code() == code)
    }

    /// Export URI of the member.
    fn uri(self) -> String {
        format!("urn:x-rihla:def:{}:{}", Self::NAME, self.code())
    }

    /// Label in the first of the wanted languages that is one of the three; English where none is.
    fn label(self, language: &str) -> &'static str {
        let [en, fr, ar] = self.labels();
        match spoken(language) {
            "fr" => fr,
            "ar" => ar,
            _ => en,
        }
    }

    /// All codes, for messages that name the remedy.
    fn codes() -> String {
        let codes: Vec<_> = Self::ALL.iter().map(|member| member.code()).collect();
        codes.join(", ")
    }
}

/// Writes a closed list once; see the module's text. A member with `(ignore)` behind its name is not in the contract.
macro_rules! vocabulary {
    ($(#[doc = $doc:literal])+ $name:ident $path:literal {
        $($(#[doc = $vdoc:literal])* $variant:ident $(($hidden:ident))? = $code:literal [$en:literal, $fr:literal, $ar:literal]),+ $(,)?
    }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, juniper::GraphQLEnum)]
        pub enum $name {
            $(
                #[doc = $en]
                $(#[doc = ""] #[doc = $vdoc])*
                #[graphql(name = $code)]
                $(#[graphql($hidden)])?
                $variant,
            )+
        }
        impl $crate::domain::vocabulary::Vocabulary for $name {
            const NAME: &'static str = $path;
            const ALL: &'static [Self] = &[$(Self::$variant),+];
            fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
            fn labels(self) -> [&'static str; 3] {
                match self { $(Self::$variant => [$en, $fr, $ar]),+ }
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str($crate::domain::vocabulary::Vocabulary::code(*self))
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                use $crate::domain::vocabulary::Vocabulary as _;
                let code = String::deserialize(deserializer)?;
                Self::parse(&code).ok_or_else(|| serde::de::Error::custom(format!(
                    "unknown code `{code}`; use one of {}", Self::codes())))
            }
        }
    };
}
pub(crate) use vocabulary;
