//! Institutions: who produces, holds or publishes, under which names at which time.

use serde::{Deserialize, Serialize};

use super::dataset::Citation;
use super::ids::Slug;
use super::text::MultilingualText;
use super::time::PartialDate;
use super::vocabulary::{Certainty, InstitutionKind, MaskableField};

/// An institution as the registry describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Institution {
    /// Short name in addresses.
    pub slug: Slug,
    /// Persistent identifier, `urn:uuid:…`; minted when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// Kind of institution.
    pub kind: InstitutionKind,
    /// Country, a code of the scheme PLACES; absent for international bodies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Present names.
    pub names: MultilingualText,
    /// Acronym.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acronym: Option<String>,
    /// Names it had before, with dates where known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_names: Vec<FormerName>,
    /// The institution that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Slug>,
    /// Institutions whose portfolio it took over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub predecessors: Vec<Slug>,
    /// Institutions that took over its portfolio.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub successors: Vec<Slug>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub mandate: MultilingualText,
    /// Law or decree that created it.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub legal_basis: MultilingualText,
    /// Website; http or https.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    /// How well the website is documented.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website_certainty: Option<Certainty>,
    /// What it is said to hold, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holds: Vec<String>,
    /// Desk to write to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desk: Option<Desk>,
    /// What other registries may copy of its records; everything public where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sharing: Option<Sharing>,
    /// How well the record is documented.
    pub certainty: Certainty,
    /// Which parts are not confirmed.
    #[serde(default, skip_serializing_if = "MultilingualText::is_empty")]
    pub certainty_note: MultilingualText,
    /// Sources of the record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub citations: Vec<Citation>,
}

/// A name that an institution had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct FormerName {
    /// The name.
    pub name: MultilingualText,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<PartialDate>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<PartialDate>,
}

/// What other registries may copy of an institution's records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Sharing {
    /// Whether no record of the institution is copied.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub shares_nothing: bool,
    /// Fields that are left out of copies; of METHODOLOGY the type of source stays, which every record has.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub withheld: Vec<MaskableField>,
}

/// A desk: a function and a shared mailbox, never a private person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Desk {
    /// Function, such as "Statistics officer".
    pub function: MultilingualText,
    /// Mailbox of the function.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mailbox: Option<String>,
}
